//! `amend inspect`.

use std::fmt::Write as _;

use super::args::Inspect;
use super::engine::{Engine, Question};
use super::error::{CliError, Status};
use super::print::Printer;
use crate::model::{Model, ModelError, Priced};

/// So many rows of a list are shown.
const MOST: usize = 30;

pub(super) fn run(args: &Inspect, engine: &dyn Engine, printer: &mut Printer) -> Result<Status, CliError> {
    let question =
        Question { after: args.after.clone(), ngram: args.ngram.clone(), observed: args.observed.clone() };
    printer.out(&engine.inspect(&args.model, &question)?)?;
    Ok(Status::Done)
}

/// The answers in the order of the flags; what the model is where nothing was asked.
pub(super) fn answer(model: &Model, question: &Question) -> Result<String, ModelError> {
    let mut parts = Vec::new();
    if let Some(word) = &question.after {
        parts.push(match model.successors(word)? {
            None => format!("{word}: the model does not know this word\n"),
            Some(found) => table(&format!("after {word}"), &found),
        });
    }
    if let Some(text) = &question.ngram {
        let (words, graphemes) = (model.price_words(text)?, model.price_graphemes(text)?);
        for (what, priced, counts) in [("word", words, true), ("grapheme", graphemes, false)] {
            let total = priced.iter().fold(0.0, |sum, p| sum + p.cost);
            let width = if counts { 44 } else { 36 };
            parts.push(format!("{}{:width$}{total:8.3}\n", rows(what, priced.iter(), counts), "sum"));
        }
    }
    if let Some(observed) = &question.observed {
        parts.push(table(&format!("{observed} stands for"), &model.readings(observed)?));
    }
    Ok(if parts.is_empty() { about(model) } else { parts.join("\n") })
}

fn table(head: &str, found: &[Priced]) -> String {
    let mut table = rows(head, found.iter().take(MOST), true);
    if found.len() > MOST {
        let _ = writeln!(table, "and {} more", found.len() - MOST);
    }
    table
}

/// Text, count where there are `counts`, probability, cost in nats.
fn rows<'a>(head: &str, found: impl Iterator<Item = &'a Priced>, counts: bool) -> String {
    let count = |count: &dyn std::fmt::Display| if counts { format!("{count:>8}") } else { String::new() };
    let mut table = format!("{head:24}{}{:>12}{:>8}\n", count(&"count"), "probability", "cost");
    for priced in found {
        // A space or an empty reading would not be seen.
        let text =
            if priced.text.trim().is_empty() { format!("{:?}", priced.text) } else { priced.text.clone() };
        let Priced { count: seen, probability, cost, .. } = priced;
        let _ = writeln!(table, "{text:24}{}{probability:12.6}{cost:8.3}", count(seen));
    }
    table
}

fn about(model: &Model) -> String {
    let metadata = model.metadata();
    let mut text = String::new();
    for (what, value) in [("name", &metadata.name), ("attribution", &metadata.attribution)] {
        if !value.is_empty() {
            let _ = writeln!(text, "{what:16}{value}");
        }
    }
    let _ = writeln!(text, "{:16}{}", "pairs", metadata.pairs);
    let _ = writeln!(text, "{:16}{}", "characters", metadata.characters);
    let _ = writeln!(text, "{:16}{}", "graphemes", model.alphabet().len());
    let _ = writeln!(text, "{:16}{}", "rules by hand", model.hand_rules().len());
    let _ = writeln!(text, "{:16}{}", "rules mined", model.rules().len());
    let _ = writeln!(text, "{:16}{}", "id", model.id());
    let _ = writeln!(text, "\n{:24}{:>8}{:>12}", "section", "version", "bytes");
    for section in model.file().sections() {
        let _ = writeln!(text, "{:24}{:8}{:12}", section.to_string(), section.version, section.length);
    }
    text
}
