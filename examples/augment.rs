//! Are made pairs like real ones? Learns the noise from one half of the pairs (whole documents, by seeded hash), and judges
//! it twice.
//!
//! ```text
//! cargo run --release --example augment -- --pairs TRAIN.tsv --text TEXT.txt [--seed N] DEV.tsv
//! ```
//!
//! (a) What is misread as what: the Jensen–Shannon divergence, in bits, of pairs made of the other half's intended sides
//! from that half's real pairs and from DEV, beside noise that puts in, takes out and exchanges any letter at the same
//! error rate, and beside the first half's real pairs: two real sets are apart as well.
//!
//! (b) What can be learned: pairs made of TEXT, twice as many as the other half has, at the error rate of the first, teach
//! one model; the other half's real pairs teach another. Both have the same to learn the language from: TEXT, and the
//! other half's intended sides, counted as often as the learner of the real pairs found best. Passages that pairs were made
//! of are left out of the text, since they are among the pairs.

#![allow(clippy::print_stdout, reason = "an example shows what it finds")]

mod judging;

use std::collections::BTreeSet;

use amend::augment::{Confusions, Document, Noise, Sample};
use amend::corpus::{documents, folds};
use amend::evaluate::Summary;
use amend::{Corrector, LearnReport, Learner, Model, Pair};
use judging::{Failure, Input, corrected, judged, percent};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Right text costs nothing: so many times as many pairs are made as there are real ones.
const TIMES: usize = 2;

fn main() -> Result<(), Failure> {
    let Input { learner, dev, .. } = Input::of_arguments("augment")?;
    let seed = learner.seed;
    let halves = folds(&learner.pairs, 2, seed);
    let half = |which| -> Vec<Pair> {
        let own = learner.pairs.iter().zip(&halves).filter(|(_, half)| **half == which);
        own.map(|(pair, _)| pair.clone()).collect()
    };
    let (first, other) = (half(0), half(1));
    let (model, _) = taught(&learner, first.clone(), learner.texts.clone())?;
    let noise = Noise::of(&model)?;

    let intended = as_documents(&other);
    let cer = judged(&other, &observed(&other)).cer_before.unwrap_or(0.0);
    let real = [Confusions::of(&other), Confusions::of(&dev)];
    println!("(a) what is misread as what, at a CER of {:.2} %\n", 100.0 * cer);
    println!("| | from the other half's | from the held-out pairs' |\n|---|--:|--:|");
    let sets = [
        ("made", made(&intended, &noise, cer, seed)?),
        ("uniform noise", uniform(&other, cer, seed)),
        ("the first half's real pairs", first.clone()),
    ];
    for (name, pairs) in sets {
        let own = Confusions::of(&pairs);
        let [half, dev] = [0, 1].map(|set| own.divergence(&real[set]));
        println!("| {name} | {half:.4} | {dev:.4} |");
    }

    let cer = judged(&first, &observed(&first)).cer_before.unwrap_or(0.0);
    let sample = Sample::of(&first);
    let all: Vec<Document> = (learner.texts.iter().enumerate())
        .flat_map(|(number, text)| sample.cut(&number.to_string(), text, seed))
        .collect();
    let chosen = sample.choose(all.clone(), TIMES * other.len(), seed);
    let pairs = made(&chosen, &noise, cer, seed)?;
    let (real, report) = taught(&learner, other.clone(), learner.texts.clone())?;
    let taken: BTreeSet<&str> = chosen.iter().map(|document| document.id.as_str()).collect();
    let rest = all.iter().filter(|document| !taken.contains(document.id.as_str()));
    let mut texts = vec![lines(rest.flat_map(|document| document.lines.iter().map(String::as_str)))];
    let users = lines(other.iter().map(|pair| pair.intended.as_str()));
    texts.extend((0..report.weight).map(|_| users.clone()));
    let (own, _) = taught(&learner, pairs.clone(), texts)?;

    println!("\n(b) what can be learned, made at a CER of {:.2} %\n", 100.0 * cer);
    println!("| pairs | number | CER | change | harm | repair |\n|---|--:|--:|--:|--:|--:|");
    let of = |model| -> Result<Summary, Failure> {
        let corrector = Corrector::new(model)?;
        Ok(judged(&dev, &corrected(&corrector, &dev)))
    };
    let found = [("real", other.len(), of(real)?), ("made", pairs.len(), of(own)?)];
    for (name, number, summary) in &found {
        println!(
            "| {name} | {number} | {:.3} % | {:+.1} % | {:.2} % | {:.1} % |",
            percent(summary.cer_after),
            percent(summary.relative_change),
            percent(summary.harm),
            percent(summary.repair),
        );
    }
    let [real, made] = [0, 1].map(|set: usize| found[set].2.relative_change.unwrap_or(0.0));
    println!("\nmade pairs bring {:.0} % of what real ones bring", 100.0 * made / real);
    Ok(())
}

fn taught(learner: &Learner, pairs: Vec<Pair>, texts: Vec<String>) -> Result<(Model, LearnReport), Failure> {
    let (bytes, report) = Learner { pairs, texts, ..learner.clone() }.learn()?;
    Ok((Model::from_bytes(bytes)?, report))
}

fn observed(pairs: &[Pair]) -> Vec<String> {
    pairs.iter().map(|pair| pair.observed.clone()).collect()
}

fn lines<'l>(lines: impl Iterator<Item = &'l str>) -> String {
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The intended sides of pairs, document by document.
fn as_documents(pairs: &[Pair]) -> Vec<Document> {
    let document = |rows: Vec<usize>| Document {
        id: rows.first().map_or_else(String::new, |&row| pairs[row].document.clone()),
        lines: rows.iter().map(|&row| pairs[row].intended.clone()).collect(),
    };
    documents(pairs.iter().map(|pair| pair.document.as_str())).into_iter().map(document).collect()
}

fn made(documents: &[Document], noise: &Noise, cer: f64, seed: u64) -> Result<Vec<Pair>, Failure> {
    let made = noise.make(documents, 0, noise.amount(documents, cer, seed)?, seed);
    let of = documents.iter().zip(made).flat_map(|(document, made)| {
        document.lines.iter().zip(made).map(|(line, made)| Pair {
            observed: made.observed,
            intended: line.clone(),
            document: document.id.clone(),
            ..Pair::default()
        })
    });
    Ok(of.collect())
}

/// Noise that knows nothing: letters of the text put in, taken out, exchanged, each as often.
fn uniform(pairs: &[Pair], cer: f64, seed: u64) -> Vec<Pair> {
    let letters: BTreeSet<char> = pairs.iter().flat_map(|pair| pair.intended.chars()).collect();
    let letters: Vec<char> = letters.into_iter().collect();
    let mut drawn = 0_u64;
    let mut chance = |below: u64| {
        drawn += 1;
        xxh3_64_with_seed(&drawn.to_le_bytes(), seed) % below
    };
    let noisy = |pair: &Pair| {
        let mut observed = String::new();
        for c in pair.intended.chars() {
            let letter = letters[usize::try_from(chance(letters.len() as u64)).unwrap_or(0)];
            let happens = (chance(1_000_000) as f64) < cer * 1_000_000.0;
            match chance(3) {
                _ if !happens => observed.push(c),
                0 => observed.extend([c, letter]),
                1 => observed.push(letter),
                _ => {}
            }
        }
        Pair { observed, ..pair.clone() }
    };
    pairs.iter().map(noisy).collect()
}
