//! How much do few pairs bring, and how much more do many? Learns from ever more of the pairs, whole documents in the
//! order of their seeded hashes, so that each row holds all that the rows above it hold; prints a Markdown table.
//!
//! ```text
//! cargo run --release --example curve -- --pairs TRAIN.tsv --text TEXT.txt [--seed N] DEV.tsv
//! ```
//!
//! A number of pairs is reached with the first document that brings it there, so the rows hold a few more.

#![allow(clippy::print_stdout, reason = "an example shows what it finds")]

mod judging;

use amend::corpus::{documents, folds};
use amend::{Corrector, Learner, Model, Pair};
use judging::{Failure, HEADS, Input, RULE, corrected, figures, judged, right_text};

/// Numbers of pairs that are learned from, and all.
const SIZES: [usize; 7] = [0, 30, 100, 300, 1_000, 3_000, usize::MAX];

fn main() -> Result<(), Failure> {
    let Input { learner, dev } = Input::of_arguments("curve")?;
    let right = right_text(&dev);
    println!("| pairs | documents | {HEADS}\n|--:|--:|{RULE}");
    let mut last = None;
    for size in SIZES {
        let pairs = first(&learner.pairs, size, learner.seed);
        // Where there are no more pairs, or the last document brought as many, nothing is new.
        if last.replace(pairs.len()) == Some(pairs.len()) || (pairs.is_empty() && learner.texts.is_empty()) {
            continue;
        }
        let (rows, groups) = (pairs.len(), number_of_documents(&pairs));
        let (bytes, _) = Learner { pairs, ..learner.clone() }.learn()?;
        let corrector = Corrector::new(Model::from_bytes(bytes)?)?;
        let of = |pairs: &[Pair]| judged(pairs, &corrected(&corrector, pairs));
        println!("| {rows} | {groups} | {}", figures(&of(&dev), &of(&right)));
    }
    Ok(())
}

/// The pairs of the first documents, so many that they are at least `size`, in the order in which they were given.
fn first(pairs: &[Pair], size: usize, seed: u64) -> Vec<Pair> {
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
    pairs.iter().zip(ranks).filter(|(_, rank)| taken[*rank]).map(|(pair, _)| pair.clone()).collect()
}

fn number_of_documents(pairs: &[Pair]) -> usize {
    documents(pairs.iter().map(|p| p.document.as_str())).len()
}
