//! `amend eval`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::args::{By, Eval};
use super::correct::by_document;
use super::engine::{Correcting, Corrects, Engine};
use super::error::{CliError, Status};
use super::print::Printer;
use crate::corpus::{Line, Lines, Pair, Rows, documents, read_text};
use crate::correct::{Explained, Standing};
use crate::evaluate::{
    Comparison, Explanation, Findings, Options, Row, Summary, compare, findings, summarise,
};

/// The figures of one file.
#[derive(Serialize)]
struct Report {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(flatten)]
    figures: Figures,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    by: BTreeMap<String, Figures>,
    /// Of the documents, to the model.
    standings: Standings,
    /// Of the model.
    #[serde(flatten)]
    findings: Findings,
    /// Of the second model.
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<Findings>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Figures {
    One(Box<Summary>),
    Two(Box<Comparison>),
}

/// How many documents stand where to those that the model learned from, of those in which the search would change something.
#[derive(Default, Serialize)]
struct Standings {
    home: usize,
    short: usize,
    abroad: usize,
    foreign: usize,
}

pub(super) fn run(args: &Eval, engine: &dyn Engine, printer: &mut Printer) -> Result<Status, CliError> {
    if args.against_output.is_some() && args.pairs.len() > 1 {
        let message = "--against-output has the lines of one file: give one file of PAIRS";
        return Err(CliError::Usage(message.to_owned()));
    }
    let open = |model: &Option<_>| {
        let (harm_limit, thorough) = (args.harm_limit, args.thorough);
        let how = Correcting { model: model.clone(), harm_limit, thorough, ..Correcting::default() };
        engine.corrector(how)
    };
    let corrector = open(&args.model)?;
    let against = if args.against.is_some() { Some(open(&args.against)?) } else { None };
    let mut status = Status::Done;
    for file in &args.pairs {
        match one(args, file, corrector.as_ref(), against.as_deref(), printer) {
            Ok(report) => show(args, &report, printer)?,
            Err(e) => {
                printer.error(e);
                status = Status::Failed;
            }
        }
    }
    if status == Status::Failed && args.pairs.len() > 1 {
        printer.remark("some files of pairs failed, the rest is done");
    }
    Ok(status)
}

fn one(
    args: &Eval,
    file: &Path,
    corrector: &dyn Corrects,
    against: Option<&dyn Corrects>,
    printer: &mut Printer,
) -> Result<Report, CliError> {
    let pairs = Rows::open(file)?.map(|row| row.map(|row| row.pair)).collect::<Result<Vec<Pair>, _>>()?;
    let own = explain(corrector, &pairs, printer);
    let against = against.map(|against| (against, explain(against, &pairs, printer)));
    let others = match (&args.against_output, &against) {
        (Some(path), _) => Some(lines_for(&pairs, path)?),
        (None, Some((_, explained))) => {
            Some(explained.iter().map(|line| line.correction.text().to_owned()).collect())
        }
        (None, None) => None,
    };
    let outputs = own.iter().map(|explained| explained.correction.text());
    let rows: Vec<Row<'_>> = pairs.iter().zip(outputs).map(|(pair, output)| Row::new(pair, output)).collect();
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    if let Some(by) = args.by {
        for (at, pair) in pairs.iter().enumerate() {
            groups.entry(group(pair, at, by)).or_default().push(at);
        }
    }
    let by = groups.into_iter().map(|(name, at)| {
        let rows: Vec<Row<'_>> = at.iter().filter_map(|at| rows.get(*at)).copied().collect();
        let pick =
            |others: &Vec<String>| at.iter().filter_map(|at| others.get(*at)).cloned().collect::<Vec<_>>();
        (name, figures(&rows, others.as_ref().map(pick).as_deref()))
    });
    let by = by.collect();
    let name = (args.pairs.len() > 1).then(|| file.display().to_string());
    Ok(Report {
        file: name,
        figures: figures(&rows, others.as_deref()),
        by,
        standings: standings(&pairs, &own),
        findings: found(corrector, &pairs, &own),
        against: against.map(|(against, explained)| found(against, &pairs, &explained)),
    })
}

fn group(pair: &Pair, at: usize, by: By) -> String {
    match by {
        By::Kind => pair.kind.clone().unwrap_or_else(|| "no kind".to_owned()),
        By::Document if pair.document.is_empty() => format!("row {}", at + 1),
        By::Document => pair.document.clone(),
    }
}

fn figures(rows: &[Row<'_>], others: Option<&[String]>) -> Figures {
    let options = Options::default();
    match others {
        Some(others) => Figures::Two(Box::new(compare(rows, others, &options))),
        None => Figures::One(Box::new(summarise(rows, &options))),
    }
}

fn explain(corrector: &dyn Corrects, pairs: &[Pair], printer: &Printer) -> Vec<Explained> {
    let lines: Vec<Line<'_>> = pairs.iter().map(Line::from).collect();
    let documents = documents(pairs.iter().map(|p| p.document.as_str()));
    let progress = printer.progress("correcting", documents.len());
    by_document(&lines, &documents, &progress, |documents| corrector.explain_all(documents))
}

fn standings(pairs: &[Pair], explained: &[Explained]) -> Standings {
    let mut all = Standings::default();
    for rows in documents(pairs.iter().map(|p| p.document.as_str())) {
        match rows.iter().find_map(|&row| explained.get(row)?.correction.standing()) {
            Some(Standing::Home) => all.home += 1,
            Some(Standing::Short) => all.short += 1,
            Some(Standing::Abroad) => all.abroad += 1,
            Some(Standing::Foreign) => all.foreign += 1,
            None => {}
        }
    }
    all
}

fn found(corrector: &dyn Corrects, pairs: &[Pair], explained: &[Explained]) -> Findings {
    let rows = pairs.iter().zip(explained).map(|(pair, explained)| Explanation {
        line: Line::from(pair),
        intended: &pair.intended,
        explained,
    });
    findings(&rows.collect::<Vec<_>>(), &*corrector.vocabulary())
}

/// Another tool's lines, one for each of the pairs.
fn lines_for(pairs: &[Pair], path: &Path) -> Result<Vec<String>, CliError> {
    let text = read_text(path)?;
    let lines: Vec<String> = Lines::new(&text).map(|line| line.text.to_owned()).collect();
    if lines.len() != pairs.len() {
        return Err(CliError::Library(format!(
            "{} lines for {} rows of pairs, in {}: give one line for each row",
            lines.len(),
            pairs.len(),
            path.display()
        )));
    }
    Ok(lines)
}

fn show(args: &Eval, report: &Report, printer: &mut Printer) -> Result<(), CliError> {
    if args.json {
        printer.out(&serde_json::to_string(report).map_err(CliError::library)?)?;
        printer.out("\n")?;
        return printer.flush();
    }
    if let Some(file) = &report.file {
        printer.out(&format!("{file}\n"))?;
    }
    printer.out(&text(&report.figures))?;
    let Standings { home, short, abroad, foreign } = report.standings;
    printer.out(&format!(
        "documents        {home} at home, {short} too short to tell, {abroad} abroad, {foreign} in another language\n"
    ))?;
    match &report.against {
        None => printer.out(&details(args, &report.findings))?,
        Some(against) => {
            printer.out(&format!("\nfirst\n{}", details(args, &report.findings)))?;
            printer.out(&format!("\nsecond\n{}", details(args, against)))?;
        }
    }
    for (name, figures) in &report.by {
        printer.out(&format!("\n{name}\n{}", text(figures)))?;
    }
    if report.file.is_some() {
        printer.out("\n")?;
    }
    printer.flush()
}

fn text(figures: &Figures) -> String {
    let text = match figures {
        Figures::One(summary) => summary.to_string(),
        Figures::Two(comparison) => comparison.to_string(),
    };
    format!("{}\n", text.trim_end())
}

fn details(args: &Eval, findings: &Findings) -> String {
    if args.errors { format!("{findings}\n\n{}\n", findings.errors) } else { format!("{findings}\n") }
}
