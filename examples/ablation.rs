//! What does each part of a model bring? Learns without it, or with another size of it, and judges each model on the
//! same pairs and on their right sides; prints a Markdown table.
//!
//! ```text
//! cargo run --release --example ablation -- --pairs TRAIN.tsv --text TEXT.txt DEV.tsv
//! ```
//!
//! Each row is learned anew, its guard and thresholds with it, so that it shows what one would get without the part,
//! not how much the other parts counted on it. The last rows are parts of the whole model that can be left out
//! afterwards.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example shows what it finds")]

mod judging;

use std::time::Instant;

use amend::guard::Surveyor;
use amend::model::{Beam, ModelWriter, SectionKind, Settings, Weights};
use amend::{Corrector, Learner, Line, Model, Pair};
use judging::{Failure, HEADS, Input, RULE, by_document, corrected, figures, judged, right_text};

/// What is learned from and what is judged, to be changed.
type Change = fn(&mut Learner, &mut Vec<Pair>);

/// The rows of the table. One that changes nothing of the input at hand is left out.
const VARIANTS: [(&str, Change); 15] = [
    ("grapheme order 5", |learner, _| learner.order = Some(5)),
    ("grapheme order 6", |learner, _| learner.order = Some(6)),
    ("grapheme order 8", |learner, _| learner.order = Some(8)),
    ("no words in the search", |learner, _| weigh(learner, |w| w.word = 0.0)),
    ("no graphemes in the search", |learner, _| {
        weigh(learner, |w| (w.grapheme, w.word) = (0.0, 1.0));
    }),
    ("beam width 16", |learner, _| search(learner, |b| b.width = 16)),
    ("beam width 64", |learner, _| search(learner, |b| b.width = 64)),
    ("clean documents doubted as rough ones", |learner, _| search(learner, |b| b.doubt.quiet = b.doubt.calm)),
    ("every token searched", |learner, _| search(learner, |b| (b.doubt.calm, b.doubt.quiet) = (0.0, 0.0))),
    ("as wide for every token searched", |learner, _| search(learner, |b| b.doubt.floor = b.doubt.most)),
    ("no text", |learner, _| learner.texts.clear()),
    ("documents not known", |learner, dev| {
        learner.pairs.iter_mut().chain(dev).for_each(|pair| pair.document.clear());
    }),
    ("kinds of fields not known", |learner, dev| {
        learner.pairs.iter_mut().chain(dev).for_each(|pair| pair.kind = None);
    }),
    ("no confidences of the recogniser", |learner, dev| {
        learner.pairs.iter_mut().chain(dev).for_each(|pair| pair.evidence = None);
    }),
    ("sources not told apart", |learner, _| learner.pairs.iter_mut().for_each(|pair| pair.source = 0)),
];

fn weigh(learner: &mut Learner, change: impl Fn(&mut Weights)) {
    change(&mut learner.settings.get_or_insert_with(Settings::default).weights);
}

fn search(learner: &mut Learner, change: impl Fn(&mut Beam)) {
    change(&mut learner.settings.get_or_insert_with(Settings::default).beam);
}

/// Parts of a learned model that can be left out.
const PARTS: [(&str, &[SectionKind]); 3] = [
    ("without known entries", &[SectionKind::KnownEntries]),
    ("without memory of pairs", &[SectionKind::PairMemory]),
    ("without either", &[SectionKind::KnownEntries, SectionKind::PairMemory, SectionKind::EntriesJudge]),
];

fn main() -> Result<(), Failure> {
    let Input { learner, dev, .. } = Input::of_arguments("ablation")?;
    println!("| variant | {HEADS} learned in |\n|---|{RULE}--:|");
    let (whole, time) = learned(&learner)?;
    row("all of it", &dev, &time, |pairs| guarded(&whole, pairs))?;
    for (name, change) in VARIANTS {
        let (mut other, mut judged) = (learner.clone(), dev.clone());
        change(&mut other, &mut judged);
        if (&other.pairs, &other.texts, &judged) == (&learner.pairs, &learner.texts, &dev)
            && (other.order, other.settings) == (learner.order, learner.settings)
        {
            eprintln!("{name}: nothing to leave out");
            continue;
        }
        let (model, time) = learned(&other)?;
        row(name, &judged, &time, |pairs| guarded(&model, pairs))?;
    }
    row("without the guard", &dev, "", |pairs| unguarded(&whole, pairs))?;
    for (name, kinds) in PARTS {
        let model = without(&whole, kinds)?;
        row(name, &dev, "", |pairs| guarded(&model, pairs))?;
    }
    Ok(())
}

/// The model, and how long it took to learn.
fn learned(learner: &Learner) -> Result<(Model, String), Failure> {
    let start = Instant::now();
    let model = Model::from_bytes(learner.learn()?.0)?;
    Ok((model, format!("{:.0} s", start.elapsed().as_secs_f64())))
}

fn row(
    name: &str,
    dev: &[Pair],
    time: &str,
    correct: impl Fn(&[Pair]) -> Result<Vec<String>, Failure>,
) -> Result<(), Failure> {
    let right = right_text(dev);
    let (dev, right) = (judged(dev, &correct(dev)?), judged(&right, &correct(&right)?));
    println!("| {name} | {} {time} |", figures(&dev, &right));
    Ok(())
}

fn guarded(model: &Model, pairs: &[Pair]) -> Result<Vec<String>, Failure> {
    Ok(corrected(&Corrector::new(model.clone())?, pairs))
}

/// The search's own readings: no guard, no policy, no entries.
fn unguarded(model: &Model, pairs: &[Pair]) -> Result<Vec<String>, Failure> {
    let knowledge = model.knowledge()?;
    let beam = model.metadata().settings.beam;
    let mut surveyor = Surveyor::default();
    let mut read = |lines: &Vec<Line<'_>>| {
        let survey = surveyor.survey(&knowledge, &beam, lines);
        (0..lines.len()).map(|at| survey.reading(lines, at)).collect()
    };
    Ok(by_document(pairs, |documents| documents.iter().map(&mut read).collect()))
}

/// The same model without some sections.
fn without(model: &Model, kinds: &[SectionKind]) -> Result<Model, Failure> {
    let mut writer = ModelWriter::new();
    for kept in SectionKind::all().filter(|kind| !kinds.contains(kind)) {
        if let Some(bytes) = model.file().section(kept) {
            writer = writer.section(kept, bytes);
        }
    }
    Ok(Model::from_bytes(writer.to_bytes())?)
}
