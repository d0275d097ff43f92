//! Noise of a channel that one can compute by hand, and what must hold of any.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Document, Made, Noise, NoiseError, Sample};
use crate::channel::{Channel, ChannelOptions, estimate};
use crate::corpus::Pair;
use crate::counts::{Alphabet, ConfusionCounts, Segment};
use crate::evaluate::errors;

fn alphabet() -> Alphabet {
    let seen: BTreeMap<Box<str>, u64> = "abcdefghijklmnopqrstuvwxyz ABHI1,.'\"-é"
        .chars()
        .map(|c| (c.to_string().into_boxed_str(), 1))
        .collect();
    Alphabet::from_counts(&seen, 1)
}

fn segment(text: &str) -> Segment {
    let mut symbols = Vec::new();
    alphabet().encode(text, &mut symbols);
    Segment::new(&symbols).expect("three at most")
}

/// The noise of so many misreadings: observed, intended, how often, of how many.
fn noise(misreadings: &[(&str, &str, u32, u32)]) -> Result<Noise, NoiseError> {
    let mut counts = ConfusionCounts::default();
    for &(observed, intended, count, occurrences) in misreadings {
        counts.confusions.insert((segment(observed), segment(intended)), count);
        counts.occurrences.insert(segment(intended), occurrences);
    }
    let bytes = estimate(&counts, &alphabet(), &ChannelOptions::default());
    Noise::new(alphabet(), &Channel::parse(&bytes).expect("a channel"))
}

const MISREADINGS: [(&str, &str, u32, u32); 9] = [
    ("b", "h", 9, 100),
    ("rn", "m", 4, 60),
    ("li", "h", 1, 100),
    (" ", "", 5, 900),
    (" a", "", 2, 900),
    ("", " ", 3, 200),
    ("l", "1", 2, 20),
    ("B", "H", 1, 10),
    ("c", "e", 8, 200),
];

fn documents(rows: usize) -> Vec<Document> {
    let line = |n: usize| format!("the man at {n} 1 home has come to the end of his time here, Hal");
    let document =
        |n: usize| Document { id: n.to_string(), lines: (n * 20..n * 20 + 20).map(line).collect() };
    (0..rows / 20).map(document).collect()
}

fn cer(documents: &[Document], made: &[Vec<Made>]) -> f64 {
    let rows = documents.iter().flat_map(|d| &d.lines).zip(made.iter().flatten());
    let (found, of) = rows.fold((0, 0), |(found, of), (line, made)| {
        (found + errors(&made.observed, line), of + line.chars().count())
    });
    found as f64 / of as f64
}

fn made(noise: &Noise, documents: &[Document], cer: f64, seed: u64) -> Vec<Vec<Made>> {
    noise.make(documents, 0, noise.amount(documents, cer, seed).expect("it can be made"), seed)
}

#[test]
fn two_misreadings_are_as_frequent_beside_each_other_as_the_channel_says() {
    // (9 − 0.4) / (100 + 5) of one, (8 − 0.4) / (200 + 5) of the other, where both can happen.
    let noise = noise(&[("b", "h", 9, 100), ("c", "e", 8, 200)]).expect("misreadings");
    let lines = vec!["h e ".repeat(250); 20];
    let documents: Vec<Document> =
        (0..300).map(|_| Document { id: String::new(), lines: lines.clone() }).collect();
    let made = noise.make(&documents, 0, 0.05, 1);
    let count =
        |c: char| made.iter().flatten().map(|row| row.observed.matches(c).count()).sum::<usize>() as f64;
    let (found, expected) = (count('b') / count('c'), (8.6 / 105.0) / (7.6 / 205.0));
    assert!((found / expected - 1.0).abs() < 0.2, "{found} for {expected}");
}

#[test]
fn the_error_rate_is_the_one_asked_for() {
    let noise = noise(&MISREADINGS).expect("misreadings");
    let long = documents(4000);
    for asked in [0.002, 0.03, 0.12] {
        let found = cer(&long, &made(&noise, &long, asked, 7));
        assert!((found / asked - 1.0).abs() < 0.01, "{found} for {asked}");
    }
    // A few rows have what chance gives them, but on average that rate.
    let short = documents(40);
    let mean = (0..60).map(|seed| cer(&short, &made(&noise, &short, 0.03, seed))).sum::<f64>() / 60.0;
    assert!((mean / 0.03 - 1.0).abs() < 0.25, "{mean}");
}

#[test]
fn what_the_channel_cannot_do_is_said() {
    assert!(matches!(noise(&[]), Err(NoiseError::Nothing)));
    let noise = noise(&[("b", "h", 9, 100)]).expect("a misreading");
    let error = noise.amount(&documents(20), 0.99, 1).expect_err("too much").to_string();
    assert!(error.starts_with("a CER of 0.990 cannot be made of this text"), "{error}");
}

#[test]
fn threads_and_pieces_do_not_matter_and_seeds_do() {
    let noise = noise(&MISREADINGS).expect("misreadings");
    let documents = documents(400);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| made(&noise, &documents, 0.05, 3))
    };
    let one = on(1);
    assert_eq!(one, on(3));
    assert_ne!(one, made(&noise, &documents, 0.05, 4));
    let whole = noise.make(&documents, 0, 1.0, 3);
    let pieces = [noise.make(&documents[..2], 0, 1.0, 3), noise.make(&documents[2..], 2, 1.0, 3)].concat();
    assert_eq!(pieces, whole);
}

#[test]
fn nothing_asked_nothing_changed() {
    let noise = noise(&MISREADINGS).expect("misreadings");
    let documents = documents(40);
    for (document, made) in documents.iter().zip(made(&noise, &documents, 0.0, 1)) {
        let rows: Vec<&str> = made.iter().map(|row| row.observed.as_str()).collect();
        assert_eq!(rows, document.lines);
        assert!(made.iter().all(|row| row.misread.is_empty()));
    }
    assert_eq!(made(&noise, &[], 0.1, 1), Vec::<Vec<Made>>::new());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn what_is_misread_put_right_gives_the_text(
        lines in prop::collection::vec("[hmeé1HB日 ,]{0,40}", 1..4), amount in 0.0f64..40.0, seed: u64,
    ) {
        let noise = noise(&MISREADINGS).expect("misreadings");
        let documents = [Document { id: "d".to_owned(), lines }];
        let made = noise.make(&documents, 0, amount, seed);
        for (line, made) in documents[0].lines.iter().zip(&made[0]) {
            let mut right = made.observed.clone();
            let mut end = made.observed.len() + 1;
            for misread in made.misread.iter().rev() {
                prop_assert!(misread.span.end() < end, "apart and in order");
                end = misread.span.start();
                prop_assert_ne!(misread.span.of(&made.observed), misread.intended.as_str());
                right.replace_range(misread.span.range(), &misread.intended);
            }
            prop_assert_eq!(&right, line);
            prop_assert!(!made.observed.contains(['\t', '\n', '\r']));
        }
    }
}

fn sample(documents: &[&[&str]]) -> Sample {
    let pair = |(number, row): (usize, &str)| Pair {
        intended: row.to_owned(),
        document: number.to_string(),
        ..Pair::default()
    };
    let rows = documents.iter().enumerate().flat_map(|(n, rows)| rows.iter().map(move |row| (n, *row)));
    Sample::of(&rows.map(pair).collect::<Vec<_>>())
}

#[test]
fn a_text_is_cut_like_the_sample() {
    let text =
        "He came. “It’s he,” said Mr. Hal to A. H. Bell. Then he went home again—late. Why?\nShort one.";
    let document = |id: &str, lines: &[&str]| Document {
        id: id.to_owned(),
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
    };
    // Rows of twenty, two a document. Single quotes and dashes are plain; of double ones there are none.
    let like = sample(&[&["it's half-past ten, .", "it's half-past one, ."]]);
    let want = [
        document("a/1", &["He came.", "“It's he,” said Mr. Hal to A. H. Bell."]),
        document("a/2", &["Then he went home again-late. Why?", "Short one."]),
    ];
    assert_eq!(like.cut("a", text, 1), want);
    let like = sample(&[&["it's half-past ten to", "it's half-past one to"]]);
    let rows: Vec<usize> =
        like.cut("a", text, 1).iter().flat_map(|d| &d.lines).map(|line| line.chars().count()).collect();
    assert!(rows.iter().all(|n| (10..=30).contains(n)), "{rows:?}");
}

#[test]
fn text_is_chosen_that_looks_like_the_sample() {
    let like = sample(&[&["1892, 1911 in all"], &["Hal Bell, A. Home"]]);
    let texts = [
        "“No,” he said.",
        "paid 1701, 1811 for it",
        "it is a long way home",
        "Tom Bell, B. Hall",
        "“So,” she said.",
    ];
    let documents: Vec<Document> =
        texts.iter().map(|text| Document { id: text.to_string(), lines: vec![text.to_string()] }).collect();
    let chosen = |rows| {
        let chosen = like.choose(documents.clone(), rows, 1).into_iter();
        chosen.map(|document| document.id).collect::<Vec<_>>()
    };
    assert_eq!(chosen(2), [texts[1], texts[3]]);
    assert_eq!(chosen(5), texts);
    assert_eq!(chosen(0).len(), 0);
}
