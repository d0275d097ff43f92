//! What does each part of a model bring? Learns it without the part, or with another size of it, and judges each
//! on the same pairs; prints a Markdown table.
//!
//! ```text
//! cargo run --release --example ablation -- --pairs TRAIN.tsv --text TEXT.txt DEV.tsv
//! ```
//!
//! Learning is run anew for each row of another size, its guard and thresholds with it, so that a row shows what one would get
//! without the part, not how much the other parts counted on it.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example shows what it finds")]

use std::error::Error;
use std::time::Instant;

use amend::corpus::{Rows, documents, read_paragraphs};
use amend::evaluate::{Options, Row, Summary, summarise};
use amend::guard::Surveyor;
use amend::model::{Beam, ModelWriter, SectionKind, Settings, Weights};
use amend::{Corrector, Learner, Line, Model, Pair};

type Failure = Box<dyn Error>;

/// A row of the table: its name, and what is other than by default.
struct Variant {
    name: &'static str,
    order: Option<usize>,
    settings: Settings,
}

fn variants() -> Vec<Variant> {
    let weights = |grapheme, word| Settings {
        weights: Weights { grapheme, word, ..Weights::default() },
        ..Settings::default()
    };
    let width = |width| Settings { beam: Beam { width, ..Beam::default() }, weights: Weights::default() };
    let row = |name, order, settings| Variant { name, order, settings };
    vec![
        row("all of it", None, Settings::default()),
        row("word bigrams alone", None, weights(0.0, 1.0)),
        row("graphemes alone", None, weights(1.0, 0.0)),
        row("grapheme order 5", Some(5), Settings::default()),
        row("grapheme order 6", Some(6), Settings::default()),
        row("beam width 16", None, width(16)),
        row("beam width 64", None, width(64)),
    ]
}

fn main() -> Result<(), Failure> {
    let Input { pairs, texts, dev } = Input::named(std::env::args().skip(1))?;
    println!("| variant | CER | change | harm | repair | exact rows |");
    println!("|---|--:|--:|--:|--:|--:|");
    for variant in variants() {
        let learner = Learner {
            pairs: pairs.clone(),
            texts: texts.clone(),
            order: variant.order,
            settings: Some(variant.settings),
            seed: 1,
            ..Learner::default()
        };
        let start = Instant::now();
        let model = Model::from_bytes(learner.learn()?.0)?;
        eprintln!("{}: learned in {:.0} s", variant.name, start.elapsed().as_secs_f64());
        print(variant.name, &dev, &guarded(&model, &dev)?);
        if variant.name == "all of it" {
            print("without the guard", &dev, &unguarded(&model, &dev)?);
            let without = without(&model, SectionKind::EntriesJudge)?;
            print("without known entries", &dev, &guarded(&without, &dev)?);
        }
    }
    Ok(())
}

fn guarded(model: &Model, dev: &[Pair]) -> Result<Vec<String>, Failure> {
    let corrector = Corrector::new(model.clone())?;
    let mut worker = corrector.worker();
    Ok(by_document(dev, |lines| {
        worker.correct_document(lines).into_iter().map(|c| c.text().to_owned()).collect()
    }))
}

/// The search's own readings: no guard, no policy, no entries.
fn unguarded(model: &Model, dev: &[Pair]) -> Result<Vec<String>, Failure> {
    let knowledge = model.knowledge()?;
    let beam = model.metadata().settings.beam;
    let mut surveyor = Surveyor::default();
    Ok(by_document(dev, |lines| {
        let survey = surveyor.survey(&knowledge, &beam, lines);
        (0..lines.len()).map(|at| survey.reading(lines, at)).collect()
    }))
}

fn by_document(dev: &[Pair], mut correct: impl FnMut(&[Line<'_>]) -> Vec<String>) -> Vec<String> {
    let mut output = vec![String::new(); dev.len()];
    for document in documents(dev.iter().map(|p| p.document.as_str())) {
        let lines: Vec<Line<'_>> = document.iter().map(|&k| Line::from(&dev[k])).collect();
        for (&k, text) in document.iter().zip(correct(&lines)) {
            output[k] = text;
        }
    }
    output
}

/// The same model without a section.
fn without(model: &Model, kind: SectionKind) -> Result<Model, Failure> {
    let mut writer = ModelWriter::new();
    for kept in SectionKind::all().filter(|&k| k != kind) {
        if let Some(bytes) = model.file().section(kept) {
            writer = writer.section(kept, bytes);
        }
    }
    Ok(Model::from_bytes(writer.to_bytes())?)
}

fn print(name: &str, dev: &[Pair], output: &[String]) {
    let rows: Vec<Row<'_>> = dev
        .iter()
        .zip(output)
        .map(|(pair, output)| Row {
            observed: &pair.observed,
            intended: &pair.intended,
            output,
            document: &pair.document,
        })
        .collect();
    let s: Summary = summarise(&rows, &Options { resamples: 1, ..Options::default() });
    let percent = |share: Option<f64>| 100.0 * share.unwrap_or(0.0);
    println!(
        "| {name} | {:.3} % | {:+.1} % | {:.2} % | {:.1} % | {} → {} |",
        percent(s.cer_after),
        percent(s.relative_change),
        percent(s.harm),
        percent(s.repair),
        s.exact_rows_before,
        s.exact_rows_after
    );
}

/// What to learn from, and the pairs to judge on.
#[derive(Default)]
struct Input {
    pairs: Vec<Pair>,
    texts: Vec<String>,
    dev: Vec<Pair>,
}

impl Input {
    fn named(mut arguments: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut input = Self::default();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} wants a file"));
            match argument.as_str() {
                "--pairs" => input.pairs.extend(read(&value()?)?),
                "--text" => input.texts.push(read_paragraphs(value()?.as_ref())?),
                _ => input.dev.extend(read(&argument)?),
            }
        }
        if input.pairs.is_empty() || input.dev.is_empty() {
            return Err("usage: ablation --pairs TRAIN.tsv [--text TEXT.txt] DEV.tsv".into());
        }
        Ok(input)
    }
}

fn read(path: &str) -> Result<Vec<Pair>, Failure> {
    Rows::open(path.as_ref())?.map(|row| Ok(row?.pair)).collect()
}
