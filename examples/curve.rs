//! How much do few pairs bring, how much more do many, and what does text that nobody corrected add? Learns from ever more of
//! the pairs, whole documents in the order of their seeded hashes, so that each row holds all that the rows above it hold;
//! and once more with the observed sides of all documents left as unlabelled text. Prints a Markdown table, and draws the curves.
//!
//! ```text
//! cargo run --release --example curve -- --pairs TRAIN.tsv --text TEXT.txt [--seed N] [--svg CURVE.svg] DEV.tsv
//! ```
//!
//! A number of pairs is reached with the first document that brings it there, so the rows hold a few more. With no pairs there
//! is the text alone: a model that knows a language and no misreading, and changes nothing.

#![allow(clippy::print_stdout, reason = "an example shows what it finds")]

mod drawing;
mod judging;

use amend::corpus::{documents, folds};
use amend::{Corrector, Learner, Model, Pair};
use drawing::{Point, Series};
use judging::{Failure, HEADS, Input, RULE, corrected, figures, judged, right_text};

/// Numbers of pairs that are learned from, and all.
const SIZES: [usize; 7] = [0, 30, 100, 300, 1_000, 3_000, usize::MAX];

fn main() -> Result<(), Failure> {
    let Input { learner, dev, svg } = Input::of_arguments("curve")?;
    let right = right_text(&dev);
    println!("| pairs | documents | unlabelled lines | {HEADS}\n|--:|--:|--:|{RULE}");
    let mut alone = Series { name: "pairs and right text", points: Vec::new() };
    let mut helped = Series { name: "and the other rows as unlabelled text", points: Vec::new() };
    let mut last = None;
    for size in SIZES {
        let (pairs, rest) = first(&learner.pairs, size, learner.seed);
        // Where there are no more pairs, or the last document brought as many, nothing is new.
        if last.replace(pairs.len()) == Some(pairs.len()) || (pairs.is_empty() && learner.texts.is_empty()) {
            continue;
        }
        let (rows, groups) = (pairs.len(), by_document(&pairs).len());
        let learned = |unlabelled: Vec<Vec<String>>| -> Result<Point, Failure> {
            let lines: usize = unlabelled.iter().map(Vec::len).sum();
            let (bytes, _) = Learner { pairs: pairs.clone(), unlabelled, ..learner.clone() }.learn()?;
            let corrector = Corrector::new(Model::from_bytes(bytes)?)?;
            let of = |pairs: &[Pair]| judged(pairs, &corrected(&corrector, pairs));
            let found = of(&dev);
            println!("| {rows} | {groups} | {lines} | {}", figures(&found, &of(&right)));
            let interval = found.relative_change_interval.unwrap_or_default();
            Ok(Point { pairs: rows, change: found.relative_change.unwrap_or(0.0), interval })
        };
        let point = learned(Vec::new())?;
        // Unlabelled text says nothing where there are no pairs, and is none where all are taken.
        let own = !pairs.is_empty() && !rest.is_empty();
        helped.points.push(if own { learned(by_document(&rest))? } else { point.clone() });
        alone.points.push(point);
        // All of it takes many minutes: who looks early sees what there is.
        if let Some(file) = &svg {
            drawing::curve(file.as_ref(), &[&alone, &helped])?;
        }
    }
    println!();
    for series in [&alone, &helped] {
        let falls = series.points.windows(2).filter(|w| w[1].change > w[0].interval[1]).count();
        println!("{}: falls by more than its interval {falls} times", series.name);
    }
    Ok(())
}

/// The pairs of the first documents, so many that they are at least `size`, in the order in which they were given, and the
/// other pairs.
fn first(pairs: &[Pair], size: usize, seed: u64) -> (Vec<Pair>, Vec<Pair>) {
    // With as many folds as there are documents, a document's fold is its rank.
    let ranks = folds(pairs, pairs.len(), seed);
    let mut sizes = vec![0; pairs.len()];
    for &rank in &ranks {
        sizes[rank] += 1;
    }
    let mut sum = 0;
    let taken: Vec<bool> = sizes
        .iter()
        .map(|n| {
            let more = sum < size;
            sum += n;
            more
        })
        .collect();
    let (own, rest): (Vec<_>, Vec<_>) = pairs.iter().cloned().zip(ranks).partition(|(_, rank)| taken[*rank]);
    let pairs = |part: Vec<(Pair, usize)>| part.into_iter().map(|(pair, _)| pair).collect();
    (pairs(own), pairs(rest))
}

/// The observed sides, document by document.
fn by_document(pairs: &[Pair]) -> Vec<Vec<String>> {
    let groups = documents(pairs.iter().map(|p| p.document.as_str()));
    groups.iter().map(|group| group.iter().map(|&k| pairs[k].observed.clone()).collect()).collect()
}
