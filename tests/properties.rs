//! What holds of every correction, whatever the text.

mod support;

use amend::text::Span;
use amend::{By, Correction, Corrector, Edit, Line};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::sync::OnceLock;

fn config(cases: u32) -> ProptestConfig {
    let failure_persistence = None;
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(11), failure_persistence, ..ProptestConfig::default() }
}

fn corrector() -> &'static Corrector {
    static CORRECTOR: OnceLock<Corrector> = OnceLock::new();
    CORRECTOR.get_or_init(|| support::corrector().harm_limit(Some(1.0)))
}

/// The slow judge of `Correction::apply`: every edit is held against all that are kept.
fn kept_slowly(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.span.cmp(&b.span)));
    let mut kept: Vec<Edit> = Vec::new();
    for edit in edits {
        let (start, end) = (edit.span.start(), edit.span.end());
        let apart = |k: &Edit| k.span != edit.span && (k.span.end() <= start || end <= k.span.start());
        if kept.iter().all(apart) {
            kept.push(edit);
        }
    }
    kept.sort_by_key(|edit| edit.span);
    kept
}

/// Text of the kind that the small model knows, with much that it does not.
fn texts() -> impl Strategy<Value = String> {
    static PIECES: [&str; 16] = [
        "Imovation",
        "Tumer",
        " ",
        " ",
        "the",
        "nn",
        "m",
        "1O",
        "0tter",
        "é",
        "東京",
        "-",
        "@",
        "\u{301}",
        "\0",
        "rn",
    ];
    proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn of_edits_that_overlap_the_surer_stays(
        edits in proptest::collection::vec((0usize..10, 0usize..4, 0u8..4), 0..8)
    ) {
        let observed = "0123456789";
        let edit = |&(at, length, confidence): &(usize, usize, u8)| Edit {
            span: Span::new(observed, at, (at + length).min(10)).expect("it lies in the text"),
            intended: format!("<{at}>"),
            confidence: f32::from(confidence) / 4.0,
            by: By::Beam,
            alternatives: Vec::new(),
        };
        let edits: Vec<Edit> = edits.iter().map(edit).collect();
        let correction = Correction::apply(observed, edits.clone());
        prop_assert_eq!(correction.edits(), &kept_slowly(edits)[..]);
    }
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn edits_lie_apart_and_make_the_text(texts in proptest::collection::vec(texts(), 1..5)) {
        let lines: Vec<Line<'_>> = texts.iter().map(|text| Line::new(text)).collect();
        let corrections = corrector().worker().correct_document(&lines);
        prop_assert_eq!(corrections.len(), lines.len());
        for (correction, text) in corrections.iter().zip(&texts) {
            prop_assert!(correction.edits().windows(2).all(|w| w[0].span.end() <= w[1].span.start()));
            prop_assert!(correction.edits().iter().all(|e| e.intended != e.span.of(text)));
            let again = Correction::apply(text, correction.edits().to_vec());
            prop_assert_eq!(again.text(), correction.text());
            if correction.edits().is_empty() {
                prop_assert_eq!(correction.text(), text);
            }
        }
    }

    #[test]
    fn digits_stay_digits(text in "[0-9]{1,4}[ ./-][0-9]{1,4} [Tt]umer") {
        let found = corrector().worker().correct(&text);
        let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
        prop_assert_eq!(digits(&text), digits(found.text()));
    }
}
