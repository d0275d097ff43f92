//! Noise of a channel that one can compute by hand, and what must hold of any.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Document, Made, Noise, NoiseError};
use crate::channel::{Channel, ChannelOptions, Dispersion, DocumentNoise, Layout, Looks, estimate};
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
fn noise(misreadings: &[(&str, &str, u32, u32)], falls: Dispersion) -> Result<Noise, NoiseError> {
    let mut counts = ConfusionCounts::default();
    for &(observed, intended, count, occurrences) in misreadings {
        counts.confusions.insert((segment(observed), segment(intended)), count);
        counts.occurrences.insert(segment(intended), occurrences);
    }
    let bytes = estimate(&counts, &alphabet(), &ChannelOptions::default());
    Noise::new(alphabet(), &Channel::parse(&bytes).expect("a channel"), falls)
}

/// Documents all alike, of even noise.
fn even() -> Dispersion {
    Dispersion { documents: vec![DocumentNoise::default()], ..Dispersion::default() }
}

/// Some of everything.
fn uneven() -> Dispersion {
    let document = |letters, strays| DocumentNoise {
        rows: 3,
        symbols: 300,
        slips: [letters, 0, 1, 0, 2, 0, 1, strays],
        damaged: strays,
        looks: Looks::default(),
    };
    let damage = crate::channel::Damage { stretches: 1, intended: 9, observed: 9 };
    Dispersion {
        symbols: 3000,
        documents: vec![document(9, 0), document(1, 4)],
        lines: 0.2,
        segments: 0.3,
        bursts: 1.5,
        memory: 0.8,
        company: 0.4,
        wrecks: crate::channel::Wrecks { share: 0.05, times: 6.0 },
        damage: [damage; 3],
        ..Dispersion::default()
    }
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

#[test]
fn a_symbol_is_misread_as_often_as_the_channel_says() {
    // Nine of a hundred: (9 − 0.4) / (100 + 5), and 0.4 for what was not seen, of which there is but this.
    let noise = noise(&[("b", "h", 9, 100)], even()).expect("a misreading");
    let documents = [Document { id: "h".to_owned(), lines: vec!["h".repeat(1000); 200] }];
    let made = noise.make_amount(&documents, 1.0, 1);
    let found: usize = made[0].iter().map(|row| row.observed.matches('b').count()).sum();
    // What happens with a rate of r a symbol happens with 1 − exp(−r); the symbol after it is right.
    let p = 1.0 - crate::cost::exp(-9.0 / 105.0);
    let expected = 200_000.0 * p / (1.0 + p);
    assert!((found as f64 / expected - 1.0).abs() < 0.03, "{found} for {expected}");
    assert!(made[0].iter().all(|row| row.observed.chars().count() == 1000));
    assert_eq!(found, made[0].iter().map(|row| row.misread.len()).sum::<usize>());
}

#[test]
fn the_error_rate_is_the_one_asked_for() {
    let noise = noise(&MISREADINGS, uneven()).expect("misreadings");
    let long = documents(4000);
    for asked in [0.002, 0.03, 0.12] {
        let found = cer(&long, &noise.make(&long, asked, 7).expect("it can be made"));
        assert!((found / asked - 1.0).abs() < 0.01, "{found} for {asked}");
    }
    // A few rows have what chance gives them, but on average that rate.
    let short = documents(40);
    let mean =
        (0..60).map(|seed| cer(&short, &noise.make(&short, 0.03, seed).expect("it can"))).sum::<f64>() / 60.0;
    assert!((mean / 0.03 - 1.0).abs() < 0.1, "{mean}");
}

#[test]
fn what_the_channel_cannot_do_is_said() {
    assert!(matches!(noise(&[], even()), Err(NoiseError::Nothing)));
    let noise = noise(&[("b", "h", 9, 100)], even()).expect("a misreading");
    let error = noise.make(&documents(20), 0.9, 1).expect_err("too much").to_string();
    assert!(error.starts_with("a CER of 0.900 cannot be made of this text"), "{error}");
    let strange = [Document { id: String::new(), lines: vec!["日本語".to_owned()] }];
    assert!(matches!(noise.make(&strange, 0.01, 1), Err(NoiseError::TooMuch { .. })));
}

#[test]
fn threads_do_not_matter_and_seeds_do() {
    let noise = noise(&MISREADINGS, uneven()).expect("misreadings");
    let documents = documents(400);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| noise.make(&documents, 0.05, 3).expect("it can be made"))
    };
    let one = on(1);
    assert_eq!(one, on(3));
    assert_ne!(one, noise.make(&documents, 0.05, 4).expect("it can be made"));
    // The rest of a text does not change what is made of a document.
    let alone = noise.make_amount(&documents[..2], 1.0, 3);
    assert_eq!(alone, noise.make_amount(&documents, 1.0, 3)[..2]);
}

#[test]
fn nothing_asked_nothing_changed() {
    let noise = noise(&MISREADINGS, uneven()).expect("misreadings");
    let documents = documents(40);
    for (document, made) in documents.iter().zip(noise.make(&documents, 0.0, 1).expect("it can be made")) {
        let rows: Vec<&str> = made.iter().map(|row| row.observed.as_str()).collect();
        assert_eq!(rows, document.lines);
        assert!(made.iter().all(|row| row.misread.is_empty()));
    }
    assert_eq!(noise.make(&[], 0.1, 1).expect("there is nothing to do"), Vec::<Vec<Made>>::new());
}

#[test]
fn digits_are_misread_too() {
    let noise = noise(&[("l", "1", 9, 20)], even()).expect("a misreading");
    let documents = [Document { id: String::new(), lines: vec!["1892, 1911".to_owned(); 50] }];
    let made = noise.make(&documents, 0.05, 1).expect("it can be made");
    assert!(made[0].iter().any(|row| row.observed.contains('l')));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn what_is_misread_put_right_gives_the_text(
        lines in prop::collection::vec("[hmeé1HB日 ,]{0,40}", 1..4), amount in 0.0f64..40.0, seed: u64,
    ) {
        let noise = noise(&MISREADINGS, uneven()).expect("misreadings");
        let documents = [Document { id: "d".to_owned(), lines }];
        let made = noise.make_amount(&documents, amount, seed);
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

/// A layout with rows of about twenty symbols, in documents of two.
fn short_rows(sentences: f32) -> Dispersion {
    let marks = vec![(segment("'").symbols()[0], 100), (segment("-").symbols()[0], 100)];
    let document = DocumentNoise { rows: 2, ..DocumentNoise::default() };
    let layout = Layout { lengths: vec![20; 11], sentences, marks };
    Dispersion { documents: vec![document], layout, ..Dispersion::default() }
}

#[test]
fn a_text_is_cut_as_the_pairs_are() {
    let text =
        "He came. “It’s he,” said Mr. Hal to A. H. Bell. Then he went home again—late. Why?\n\nShort one.";
    let cut = |sentences| {
        let noise = noise(&[("b", "h", 9, 100)], short_rows(sentences)).expect("a misreading");
        noise.documents("a", text, 1)
    };
    let document = |id: &str, lines: &[&str]| Document {
        id: id.to_owned(),
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
    };
    // Single quotes and dashes are plain in the pairs; of double ones they have none.
    let sentences = [
        document("a/1", &["He came.", "“It's he,” said Mr. Hal to A. H. Bell."]),
        document("a/2", &["Then he went home again-late. Why?", "Short one."]),
    ];
    assert_eq!(cut(1.0), sentences);
    let pieces: Vec<Document> = cut(0.0);
    let lengths: Vec<usize> = pieces.iter().flat_map(|d| &d.lines).map(|line| line.chars().count()).collect();
    assert!(lengths.iter().all(|n| (10..=30).contains(n)), "{pieces:?}");
    // A model that does not say how its texts are laid out leaves lines as long as they are.
    let noise = noise(&[("b", "h", 9, 100)], Dispersion::default()).expect("a misreading");
    assert_eq!(noise.documents("a", text, 1)[0].lines.len(), 2);
}

#[test]
fn text_is_chosen_that_looks_like_the_pairs() {
    let like =
        |rows: &[&str]| DocumentNoise { looks: Looks::of(rows.iter().copied()), ..DocumentNoise::default() };
    let falls = Dispersion {
        documents: vec![like(&["1892, 1911 in all"]), like(&["Hal Bell, A. Home"])],
        ..Dispersion::default()
    };
    let noise = noise(&[("b", "h", 9, 100)], falls).expect("a misreading");
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
        let chosen = noise.choose(documents.clone(), rows, 1).into_iter();
        chosen.map(|document| document.id).collect::<Vec<_>>()
    };
    assert_eq!(chosen(2), [texts[1], texts[3]]);
    assert_eq!(chosen(5), texts);
    assert_eq!(chosen(0).len(), 0);
}
