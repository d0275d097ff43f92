//! Noise in what users teach: rows that slipped, and errors taught by one user or by many, beside a genuine misreading that
//! is as frequent. A small set of made documents; `examples/poison.rs` does the same to real ones.

#[path = "../examples/spoiling/mod.rs"]
mod spoiling;

use amend::corpus::{Limits, Reason, documents, screen};
use amend::evaluate::{Options, Row, summarise};
use amend::learn::LearnReport;
use amend::{Corrector, Learner, Line, Model, Pair};
use spoiling::{Spoiled, hash, poisoned, swapped};

const ADJECTIVES: [&str; 8] = ["old", "narrow", "quiet", "golden", "heavy", "distant", "broken", "early"];
const NOUNS: [&str; 12] = [
    "harbour", "garden", "captain", "window", "market", "letter", "winter", "bridge", "brother", "evening",
    "kitchen", "stranger",
];
const VERBS: [&str; 6] = ["reached", "followed", "watched", "entered", "described", "remembered"];
const PLACES: [&str; 4] = ["behind", "near", "under", "beyond"];

/// Eight lines of a document; in every other word or so that has it an e is read as c, and an h as li.
fn document(number: u64) -> Vec<Pair> {
    let line = |k: u64| {
        let draw = |at: u64, of: &[&'static str]| {
            let drawn = hash(number * 1_000 + k * 10 + at, 1) % of.len() as u64;
            of[usize::try_from(drawn).expect("a small number")]
        };
        let words = [
            "the",
            draw(0, &ADJECTIVES),
            draw(1, &NOUNS),
            draw(2, &VERBS),
            "it",
            draw(3, &PLACES),
            "the",
            draw(4, &NOUNS),
        ];
        let read = |(at, word): (u64, &&str)| match hash(number * 1_000 + k * 10 + at, 2) % 12 {
            0..2 => word.replacen('e', "c", 1),
            2 => word.replacen('h', "li", 1),
            _ => (*word).to_owned(),
        };
        let observed: Vec<String> = (0..).zip(&words).map(read).collect();
        let document = format!("d{number}");
        Pair { observed: observed.join(" "), intended: words.join(" "), document, ..Pair::default() }
    };
    (0..8).map(line).collect()
}

fn pairs() -> Vec<Pair> {
    (0..50).flat_map(document).collect()
}

fn held() -> Vec<Pair> {
    (100..115).flat_map(document).collect()
}

fn learned(spoiled: &Spoiled) -> Corrector {
    learned_with_report(&spoiled.pairs).0
}

fn learned_with_report(pairs: &[Pair]) -> (Corrector, LearnReport) {
    let text: Vec<String> = (1_000..1_100).flat_map(document).map(|pair| pair.intended).collect();
    let learner = Learner {
        pairs: pairs.to_vec(),
        texts: vec![text.join("\n")],
        harm_limit: Some(0.02),
        ..Learner::default()
    };
    let (bytes, report) = learner.learn().expect("enough to learn from");
    let model = Model::from_bytes(bytes).expect("it opens");
    (Corrector::new(model).expect("its guard is sound"), report)
}

fn corrected(corrector: &Corrector, pairs: &[Pair]) -> Vec<String> {
    let groups = documents(pairs.iter().map(|p| p.document.as_str()));
    let lines: Vec<Vec<Line<'_>>> =
        groups.iter().map(|group| group.iter().map(|&k| Line::from(&pairs[k])).collect()).collect();
    corrector.correct_all(&lines).into_iter().flatten().map(|c| c.text().to_owned()).collect()
}

/// The relative change of CER on documents held back.
fn change(corrector: &Corrector) -> f64 {
    let held = held();
    let output = corrected(corrector, &held);
    let rows: Vec<Row<'_>> = held.iter().zip(&output).map(|(pair, output)| Row::new(pair, output)).collect();
    summarise(&rows, &Options::default()).relative_change.expect("there are errors")
}

/// Of the spoiled pairs and of the others: how many are refused.
fn refused(spoiled: &Spoiled) -> (usize, usize) {
    let found = screen(&spoiled.pairs, &[], &Limits::default());
    let bad = found.refused.iter().filter(|(row, _)| spoiled.rows[*row]).count();
    (bad, found.refused.len() - bad)
}

#[test]
fn rows_that_slipped_leave_the_gain() {
    let pairs = pairs();
    let clean = change(&learned(&Spoiled::none(&pairs)));
    assert!(clean < -0.3, "a clean set teaches something: {clean}");
    let spoiled = swapped(&pairs, 0.3, 7);
    let (bad, others) = refused(&spoiled);
    assert!(
        bad * 10 >= spoiled.number() * 5 && others == 0,
        "{bad} of {}, {others} others",
        spoiled.number()
    );
    let noisy = change(&learned(&spoiled));
    assert!(noisy <= 0.8 * clean, "{noisy} of {clean}");
}

#[test]
fn an_error_is_not_learned_and_a_misreading_is() {
    for (seed, loud) in [(1, true), (2, false)] {
        let (spoiled, lesson) = poisoned(&pairs(), 0.1, loud, seed).expect("frequent words");
        assert_eq!(refused(&spoiled), (spoiled.number(), 0), "{lesson:?}");
        let reasons = screen(&spoiled.pairs, &[], &Limits::default()).tally.refused;
        assert_eq!(reasons.keys().copied().collect::<Vec<_>>(), [Reason::TaughtError]);
        let corrector = learned(&spoiled);
        let held = held();
        assert_eq!(lesson.taught(&held, &corrected(&corrector, &held)), 0, "{lesson:?}");
        let misread = lesson.misread_all(&held);
        let (places, mended) = lesson.mended(&misread, &corrected(&corrector, &misread));
        assert!(places > 5 && 2 * mended > places, "{mended} of {places}: {lesson:?}");
    }
}

#[test]
fn a_page_that_nobody_corrected_is_named_and_is_no_right_text() {
    let hasty = (200..203).flat_map(document);
    let hasty = hasty.map(|p| Pair { intended: p.observed.clone(), document: "hasty".into(), ..p });
    let with_it: Vec<Pair> = pairs().into_iter().chain(hasty).collect();
    let (_, report) = learned_with_report(&with_it);
    assert_eq!(report.unfinished, ["hasty"]);
    assert!(report.to_string().contains("count as right: hasty"), "{report}");
    let (_, without_it) = learned_with_report(&pairs());
    assert!(without_it.unfinished.is_empty() && !without_it.to_string().contains("unfinished"));
}
