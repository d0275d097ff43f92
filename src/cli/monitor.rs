//! `amend monitor`.

use std::fmt::Write as _;

use serde::Serialize;

use super::args::Monitor;
use super::engine::{Engine, Watching};
use super::error::{CliError, Status};
use super::input::{Input, Source};
use super::plan::watched;
use super::print::Printer;
use crate::corpus::Line;
#[cfg(feature = "feedback")]
use crate::monitor::Acceptance;
use crate::monitor::{Attention, Drift, Report, Unjudged};

/// What is told of all that was asked for.
#[derive(Serialize)]
struct Told {
    alarm: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Report>,
    #[cfg(feature = "feedback")]
    #[serde(skip_serializing_if = "Option::is_none")]
    feedback: Option<Feedback>,
}

/// A window of events.
#[cfg(feature = "feedback")]
#[derive(Serialize)]
struct Feedback {
    acceptance: Acceptance,
    #[serde(flatten)]
    observed: Report,
}

/// Rows of a list that are printed; JSON has more.
const SHOWN: usize = 8;

pub(super) fn run(args: &Monitor, engine: &dyn Engine, printer: &mut Printer) -> Result<Status, CliError> {
    let sources = watched(args)?;
    #[cfg(feature = "feedback")]
    let both = args.feedback.is_some() && !sources.is_empty();
    #[cfg(not(feature = "feedback"))]
    let both = false;
    // Whoever asks for two answers wants no more false alarms for it.
    let level = (f64::from(args.false_alarms) * 1e6).round() / 1e6 / if both { 2.0 } else { 1.0 };
    let (mut inputs, mut failed) = (Vec::new(), 0);
    for source in &sources {
        match Input::read(source, args.format, printer) {
            Ok(input) => inputs.push((source, input)),
            Err(e) => {
                printer.error(e);
                failed += 1;
            }
        }
    }
    let text = if inputs.is_empty() { None } else { Some(text(args, &inputs, level, engine, printer)?) };
    #[cfg(feature = "feedback")]
    let feedback =
        args.feedback.as_deref().map(|store| feedback(args, store, level, engine, printer)).transpose()?;
    let reports = text.iter();
    #[cfg(feature = "feedback")]
    let reports = reports.chain(feedback.iter().map(|feedback| &feedback.observed));
    let reports: Vec<&Report> = reports.collect();
    let alarm = reports.iter().any(|report| report.drift.as_ref().is_some_and(|drift| drift.alarm));
    #[cfg(feature = "feedback")]
    let alarm = alarm || feedback.as_ref().is_some_and(|feedback| feedback.acceptance.alarm);
    let unjudged = reports.iter().find_map(|report| report.unjudged);
    let told = Told {
        alarm,
        text,
        #[cfg(feature = "feedback")]
        feedback,
    };
    if args.json {
        printer.out(&(serde_json::to_string(&told).map_err(CliError::library)? + "\n"))?;
    } else {
        printer.out(&table(&told))?;
    }
    printer.flush()?;
    let model =
        args.model.as_ref().map_or("the built-in model".to_owned(), |path| path.display().to_string());
    match unjudged {
        Some(Unjudged::NoReference) => {
            printer.error(format_args!("no figures to compare with, in {model}: learn it again from pairs"));
            failed += 1;
        }
        Some(Unjudged::FewDocuments) => {
            let todo = "learn from eight documents or more (third column of the pairs)";
            printer.error(format_args!("too few documents to compare with, in {model}: {todo}"));
            failed += 1;
        }
        Some(Unjudged::NoText) | None => {}
    }
    Ok(match (failed > 0, alarm) {
        (true, _) => Status::Failed,
        (false, true) => Status::No,
        (false, false) => Status::Done,
    })
}

fn text(
    args: &Monitor,
    inputs: &[(&Source, Input)],
    level: f64,
    engine: &dyn Engine,
    printer: &Printer,
) -> Result<Report, CliError> {
    let (mut documents, mut names) = (Vec::new(), Vec::new());
    for (source, input) in inputs {
        let texts = input.texts(args.field.as_deref());
        for rows in input.documents() {
            names.push(match input {
                Input::Text(_) => source.name(),
                Input::Records(records) => {
                    let first = rows.first().copied().unwrap_or(0);
                    let own = records.get(first).map_or("", |record| record.pair.document.as_str());
                    if own.is_empty() {
                        format!("{}, row {}", source.name(), first + 1)
                    } else {
                        own.to_owned()
                    }
                }
            });
            documents.push(rows.iter().filter_map(|row| texts.get(*row)).map(|text| text.0).collect());
        }
    }
    look(args, &documents, &names, level, engine, printer)
}

fn look(
    args: &Monitor,
    documents: &[Vec<Line<'_>>],
    names: &[String],
    level: f64,
    engine: &dyn Engine,
    printer: &Printer,
) -> Result<Report, CliError> {
    let progress = printer.progress("looking", 0);
    let report = engine.monitor(&Watching { model: args.model.as_deref(), documents, names, level });
    drop(progress);
    report
}

#[cfg(feature = "feedback")]
fn feedback(
    args: &Monitor,
    store: &std::path::Path,
    level: f64,
    engine: &dyn Engine,
    printer: &Printer,
) -> Result<Feedback, CliError> {
    use crate::feedback::told_by;
    use crate::monitor::{judge_online, observed_documents};

    let events = super::lessons::events(store, args.since)?;
    // What a model in shadow made of a text that another event tells of did not happen a second time.
    let told = told_by(&events);
    let events = events.into_iter().zip(told).enumerate().filter(|(at, (_, teller))| at == teller);
    let events: Vec<crate::feedback::Event> = events.map(|(_, (event, _))| event).collect();
    let documents = observed_documents(&events);
    let name = |(at, group): (usize, &Vec<usize>)| {
        let own =
            group.first().and_then(|first| events.get(*first)).map_or("", |event| event.document.as_str());
        if own.is_empty() { format!("event {}", at + 1) } else { own.to_owned() }
    };
    let groups = crate::corpus::documents(events.iter().map(|event| event.document.as_str()));
    let names: Vec<String> = groups.iter().enumerate().map(name).collect();
    let observed = look(args, &documents, &names, level, engine, printer)?;
    Ok(Feedback { acceptance: judge_online(&events), observed })
}

fn table(told: &Told) -> String {
    let mut parts = Vec::new();
    parts.extend(told.text.as_ref().map(|report| of_report("text", report)));
    #[cfg(feature = "feedback")]
    if let Some(feedback) = &told.feedback {
        parts.push(of_acceptance(&feedback.acceptance));
        parts.push(of_report("observed texts of the events", &feedback.observed));
    }
    parts.join("\n")
}

fn of_report(what: &str, report: &Report) -> String {
    let mut text = String::new();
    match &report.drift {
        Some(drift) => of_drift(&mut text, what, drift),
        None => {
            let why = match report.unjudged {
                Some(Unjudged::NoText) => "no text",
                _ => "not compared",
            };
            let _ = writeln!(text, "{what}: {why}");
        }
    }
    if report.unjudged != Some(Unjudged::NoText) {
        of_attention(&mut text, &report.attention);
    }
    text
}

fn of_drift(text: &mut String, what: &str, drift: &Drift) {
    let head = if drift.alarm { "ALARM" } else { "no alarm" };
    let _ = writeln!(text, "{what}: {head}: {}", drift.sentence);
    let (here, there) = (drift.here, drift.reference);
    let like = drift.source.map_or(String::new(), |source| format!(" (source {source})"));
    let _ = writeln!(
        text,
        "{} documents, {} words, beside {} documents, {} words learned from{like}; chance {:.4}",
        here.documents, here.words, there.documents, there.words, drift.chance
    );
    let _ = writeln!(text, "\n{:44}{:>12}{:>12}{:>12}", "", "learned", "here", "deviations");
    for measure in &drift.measures {
        let changed = if measure.changed { " *" } else { "" };
        let name = format!("{}, {}", measure.name, measure.unit);
        let _ = writeln!(
            text,
            "{name:44}{:12.3}{:12.3}{:+12.1}{changed}",
            measure.reference, measure.here, measure.deviations
        );
    }
}

fn of_attention(text: &mut String, attention: &Attention) {
    let middle = attention.noise_median;
    let _ = writeln!(
        text,
        "\nlook at first: letters likely misread in {:.1} of 1,000 words ({middle:.1} in the document in the middle)",
        attention.noise
    );
    if !attention.confusions.is_empty() {
        let _ = writeln!(text, "\n{:20}{:>8}{:>12}  such as", "likely confusions", "count", "evidence");
    }
    for found in attention.confusions.iter().take(SHOWN) {
        let name =
            crate::learn::Confusion { observed: found.observed.clone(), intended: found.intended.clone() };
        let [from, to] = &found.example;
        let _ =
            writeln!(text, "{:20}{:8}{:12.1}  {from} → {to}", name.to_string(), found.count, found.evidence);
    }
    if !attention.unknown_words.is_empty() {
        let _ = writeln!(text, "\n{:20}{:>8}{:>12}", "unknown words", "count", "documents");
    }
    for found in attention.unknown_words.iter().take(SHOWN) {
        let _ = writeln!(text, "{:20}{:8}{:12}", found.word, found.count, found.documents);
    }
    if attention.documents.len() > 1 {
        let _ = writeln!(text, "\n{:20}{:>8}{:>12}", "noisiest documents", "words", "per 1,000");
        for found in attention.documents.iter().take(SHOWN) {
            let _ = writeln!(text, "{:20}{:8}{:12.1}", found.document, found.words, found.noise);
        }
    }
}

#[cfg(feature = "feedback")]
fn of_acceptance(found: &Acceptance) -> String {
    let mut text = String::new();
    let head = if found.alarm { "ALARM" } else { "no alarm" };
    let _ = writeln!(text, "feedback: {head}: {}", found.sentence);
    let _ = writeln!(
        text,
        "{} events, {} with a proposal shown; of {} that change something {} stand",
        found.events, found.shown, found.proposals.all, found.proposals.kept
    );
    for (what, list) in [("missed", &found.missed), ("missed words", &found.missed_words)] {
        if !list.is_empty() {
            let next = format!("{what}: the next to learn");
            let _ = writeln!(text, "\n{next:34}{:>8}{:>8}{:>8}{:>12}", "times", "users", "of", "always, %");
        }
        for one in list.iter().take(SHOWN) {
            let name =
                crate::learn::Confusion { observed: one.observed.clone(), intended: one.intended.clone() };
            let (name, always) = (name.to_string(), 100.0 * one.always);
            let _ = writeln!(
                text,
                "{name:34}{:8}{:8}{:8}{:>12}",
                one.support,
                one.users,
                one.stood,
                format!("≥ {always:.0}")
            );
        }
    }
    for (what, list) in [("turned down", &found.rejected), ("rules and paths", &found.paths)] {
        if !list.is_empty() {
            let _ = writeln!(text, "\n{what:34}{:>8}{:>8}{:>14}{:>12}", "kept", "of", "95 %", "expected, %");
        }
        for path in list.iter().take(SHOWN) {
            let [low, high] = path.share.bounds.map(|b| 100.0 * b);
            let _ = writeln!(
                text,
                "{:34}{:8}{:8}{:>14}{:12.1}",
                path.by,
                path.share.kept,
                path.share.all,
                format!("{low:.1}–{high:.1}"),
                100.0 * path.expected
            );
        }
    }
    text
}
