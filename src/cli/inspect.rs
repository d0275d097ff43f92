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
        for (what, priced) in [("word", model.price_words(text)?), ("grapheme", model.price_graphemes(text)?)]
        {
            let total: f32 = priced.iter().map(|p| p.cost).sum();
            parts.push(format!("{}{:44}{total:8.3}\n", rows(what, priced.iter()), "sum"));
        }
    }
    if let Some(observed) = &question.observed {
        parts.push(table(&format!("{observed} stands for"), &model.readings(observed)?));
    }
    Ok(if parts.is_empty() { about(model) } else { parts.join("\n") })
}

fn table(head: &str, found: &[Priced]) -> String {
    let mut table = rows(head, found.iter().take(MOST));
    if found.len() > MOST {
        let _ = writeln!(table, "and {} more", found.len() - MOST);
    }
    table
}

/// Text, count, probability, cost in nats.
fn rows<'a>(head: &str, found: impl Iterator<Item = &'a Priced>) -> String {
    let mut table = format!("{head:24}{:>8}{:>12}{:>8}\n", "count", "probability", "cost");
    for priced in found {
        // A space or an empty reading would not be seen.
        let text =
            if priced.text.trim().is_empty() { format!("{:?}", priced.text) } else { priced.text.clone() };
        let _ = writeln!(table, "{text:24}{:8}{:12.6}{:8.3}", priced.count, priced.probability, priced.cost);
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
