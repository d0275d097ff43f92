//! Corrections made by hand, so that every figure can be told by hand.

use proptest::prelude::*;

use super::classes::Class;
use super::place::places;
use super::*;
use crate::corpus::Line;
use crate::correct::{By, Correction, Decision, Edit, Explained, Verdict};
use crate::guard::{Proposal, proposal};
use crate::text::Span;

/// A proposal for the first place where `observed` stands, and what else it might be.
fn decision(line: &str, observed: &str, intended: &str, near: &[&str], verdict: Verdict) -> Decision {
    let near = near.iter().map(|text| ((*text).to_owned(), 0.1)).collect();
    let proposal = Proposal { near, ..proposal(0, line, observed, intended, 0) };
    Decision { proposal, verdict }
}

fn explained(line: &str, decisions: Vec<Decision>) -> Explained {
    let edit = |d: &Decision| match d.verdict {
        Verdict::Made(confidence) => Some(Edit {
            span: d.proposal.span,
            intended: d.proposal.intended.clone(),
            confidence,
            by: By::Beam,
            alternatives: Vec::new(),
        }),
        _ => None,
    };
    let edits = decisions.iter().filter_map(edit).collect();
    Explained { correction: Correction::apply(line, edits), decisions }
}

fn known(word: &str) -> bool {
    ["the", "cat", "hut", "but", "sat", "old"].contains(&word.to_lowercase().as_str())
}

fn found(rows: &[(&str, &str, &Explained)]) -> Findings {
    let row = |&(line, intended, explained)| Explanation { line: Line::new(line), intended, explained };
    findings(&rows.iter().map(row).collect::<Vec<_>>(), &known)
}

/// Of five errors one is mended; one more could be by a perfect guard, and another by the best readings.
fn five_errors() -> Findings {
    let line = "tbe cot hut eat on tbe";
    let decisions = vec![
        decision(line, "tbe", "the", &[], Verdict::Made(0.9)),
        decision(line, "cot", "cut", &["cot", "cat"], Verdict::Refused(0.4)),
        decision(line, "hut", "but", &["but", "cut"], Verdict::Refused(0.3)),
        decision(line, "eat", "oat", &[], Verdict::Made(0.75)),
    ];
    found(&[(line, "the cat but sat on the", &explained(line, decisions))])
}

#[test]
fn ceilings_of_the_hand() {
    let ceiling = five_errors().ceiling;
    assert_eq!((ceiling.perfect_guard_errors, ceiling.perfect_guard), (3, Some(-0.4)));
    assert_eq!((ceiling.best_reading_errors, ceiling.best_reading), (2, Some(-0.6)));
    assert_eq!(found(&[]).ceiling.perfect_guard, None);
}

#[test]
fn a_ceiling_is_never_above_the_result() {
    // The whole line was replaced by what no proposal could give.
    let line = "tbe cot";
    let whole = Edit {
        span: Span::new(line, 0, line.len()).expect("all of it"),
        intended: "the cat".to_owned(),
        confidence: 0.9,
        by: By::Entry,
        alternatives: Vec::new(),
    };
    let decisions = vec![decision(line, "tbe", "the", &[], Verdict::PassedOver)];
    let explained = Explained { correction: Correction::apply(line, vec![whole]), decisions };
    let findings = found(&[(line, "the cat", &explained)]);
    assert_eq!((findings.ceiling.perfect_guard_errors, findings.ceiling.best_reading_errors), (0, 0));
    assert_eq!((findings.reliability.judged.total.number, findings.reliability.made.total.right), (0, 1));
}

#[test]
fn what_is_forbidden_no_guard_may_choose() {
    // A policy forbids both digits; the near reading without one is free.
    let line = "in 1867 the cat";
    let decisions = vec![decision(line, "1867", "1861", &["1867", "1861"], Verdict::Forbidden)];
    let findings = found(&[(line, "in 1861 the cat", &explained(line, decisions))]);
    assert_eq!((findings.ceiling.perfect_guard_errors, findings.ceiling.best_reading_errors), (1, 1));
    let number = &findings.errors.classes[Class::Number as usize];
    assert_eq!((number.errors, number.forbidden), (1, 1));
}

#[test]
fn reliability_of_the_hand() {
    let Reliability { judged, made } = five_errors().reliability;
    // (.7 + .4 + .75 + .1) / 4 and (.75 + .1) / 2
    assert!((judged.error_points.expect("four") - 48.75).abs() < 1e-4, "{judged:?}");
    assert!((made.error_points.expect("two") - 42.5).abs() < 1e-4, "{made:?}");
    // √(2/π) (√(.75 · .25) + √(.9 · .1)) / 2
    assert!((made.chance_points.expect("two") - 29.2430).abs() < 1e-3, "{made:?}");
    let numbers = |curve: &Curve| curve.bins.clone().map(|bin| (bin.number, bin.right));
    let none = (0, 0);
    assert_eq!(numbers(&judged), [none, none, none, (1, 1), (1, 0), none, none, (1, 0), none, (1, 1)]);
    assert_eq!((made.total.number, made.total.share_right), (2, Some(0.5)));
    assert!((made.total.mean_confidence.expect("two") - 0.825).abs() < 1e-6);
}

#[test]
fn ends_of_bins() {
    let line = "tbe tbe";
    for (confidence, bin) in [(0.0, 0), (0.1, 1), (0.3, 3), (0.699_999, 6), (0.7, 7), (1.0, 9)] {
        let decisions = vec![decision(line, "tbe", "the", &[], Verdict::Refused(confidence))];
        let found = found(&[(line, "the the", &explained(line, decisions))]);
        assert_eq!(found.reliability.judged.bins[bin].number, 1, "{confidence}");
    }
}

#[test]
fn kinds_of_the_hand() {
    let Kinds([letters, ..]) = five_errors().kinds;
    let want = KindFigures { kind: "letters", made: 2, right: 1, wrong: 1, ..KindFigures::default() };
    assert_eq!(letters, KindFigures { mended_letters: 1, missed: 1, missed_letters: 1, ..want });
    // A right word is broken: one letter and one word.
    let line = "the cat";
    let decisions = vec![decision(line, "cat", "cut", &[], Verdict::Made(0.9))];
    let Kinds([letters, ..]) = found(&[(line, line, &explained(line, decisions))]).kinds;
    assert_eq!((letters.wrong, letters.mended_letters, letters.broken_words), (1, -1, 1));
}

#[test]
fn a_change_and_its_remainder_are_missed_once_if_both_are_refused() {
    let line = "tbe, cat";
    for (verdict, want) in [(Verdict::Refused(0.6), (1, 2)), (Verdict::Made(0.6), (0, 0))] {
        let mut decisions = vec![
            decision(line, "tbe,", "the.", &[], Verdict::Refused(0.2)),
            decision(line, "tbe,", "the,", &[], verdict),
        ];
        decisions[1].proposal.rank = 1;
        let Kinds([letters, _, mixed, ..]) = found(&[(line, "the. cat", &explained(line, decisions))]).kinds;
        assert_eq!((mixed.missed, mixed.missed_letters), want);
        assert_eq!(letters.missed, 0);
    }
}

#[test]
fn errors_of_the_hand() {
    let Errors { total, classes } = five_errors().errors;
    assert_eq!((total.places, total.errors, total.wrong_edit, total.share), (4, 4, 1, Some(1.0)));
    let class = |class: Class| &classes[class as usize];
    let real = class(Class::RealWord);
    assert_eq!((real.places, real.errors, real.guard_refused, real.share), (1, 1, 1, Some(0.25)));
    // "cot" was never proposed right, the last "tbe" not at all.
    let left = class(Class::NonWordLeft);
    assert_eq!((left.places, left.errors, left.never_proposed), (2, 2, 2));
    let made = class(Class::NonWordMade);
    assert_eq!((made.places, made.errors, made.wrong_edit), (1, 1, 1));
}

#[test]
fn places_are_found_behind_edits_that_change_the_length() {
    let line = "ofthe tbc hut";
    let decisions = vec![
        decision(line, "ofthe", "of the", &[], Verdict::Made(0.9)),
        decision(line, "tbc", "thc", &[], Verdict::Made(0.9)),
        decision(line, "hut", "but", &[], Verdict::Refused(0.3)),
    ];
    let errors = found(&[(line, "of the the but", &explained(line, decisions))]).errors;
    let (real, made) =
        (&errors.classes[Class::RealWord as usize], &errors.classes[Class::NonWordMade as usize]);
    assert_eq!((real.errors, real.guard_refused), (1, 1));
    assert_eq!((made.errors, made.half_mended), (1, 1));
}

#[test]
fn each_error_has_its_class() {
    let cases = [
        ("the cat-sat", "the catsat", "hyphen"),
        ("the old cat- sat", "the old catsat", "hyphen"),
        ("the The cat", "the the cat", "case only"),
        ("thecat sat", "the cat sat", "space only"),
        ("the  cat", "the cat", "space only"),
        ("tb e cat", "the cat", "split or merge"),
        ("the cat sat , the", "the cat sat the", "split or merge"),
        ("the cat, sat", "the cat. sat", "punctuation"),
        ("the Cat, sat", "the cat. sat", "punctuation"),
        ("the 1ld cat", "the old cat", "number"),
        ("the Brovn cat", "the Brown cat", "name"),
        ("Brovn cat", "Brown cat", "name"),
        ("the But cat", "the Cat cat", "name"),
        ("Tbe cat", "The cat", "non-word left"),
        ("the cat. Tbe cat", "the cat. The cat", "non-word left"),
        ("the hut", "the but", "other real word"),
        ("the oat", "the cat", "non-word left"),
        ("xxx xxx cat", "the old cat", "unrecoverable"),
        ("the cat sat the cat sat qqqqqqqqq", "the cat sat the cat sat abcdefghi", "unrecoverable"),
        ("the cat sat the cat sat qqqqqqqq", "the cat sat the cat sat abcdefgh", "non-word left"),
        ("日木語", "日本語", "non-word left"),
    ];
    for (line, intended, want) in cases {
        let errors = found(&[(line, intended, &explained(line, Vec::new()))]).errors;
        let classes = errors.classes.iter().filter(|class| class.places > 0);
        assert_eq!(classes.map(|class| class.class).collect::<Vec<_>>(), [want], "{line}");
    }
}

#[test]
fn findings_read_well() {
    let findings = five_errors();
    let report = format!("{findings}\n{}", findings.errors);
    for line in [
        "perfect guard    -40.00 %   (the same proposals, right ones only: errors 3)",
        "best reading     -60.00 %   (the best of all readings near: errors 2)",
        "reliability      48.75 points off in what was judged   (by chance alone: 33.53)",
        "reliability      42.50 points off in what was made   (by chance alone: 29.24)",
        "70–80 %               1     75.0 %      0.0 %        1     75.0 %      0.0 %",
        "letters               2        1        1        1        0        1        1",
        "other real word           1        1   25.0 %        0        1        0        0        0",
    ] {
        assert!(report.lines().any(|l| l == line), "no line {line:?} in\n{report}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn the_errors_of_all_places_are_those_of_the_output(output in "[ab日 ]{0,30}", intended in "[ab日 ]{0,30}") {
        let errors = found(&[(&output, &intended, &explained(&output, Vec::new()))]).errors;
        let counts = Counts::of(&output, &intended, &output);
        prop_assert_eq!(errors.total.errors, counts.errors_after);
        let by = |of: fn(&ClassFigures) -> u64| errors.classes.iter().map(of).sum::<u64>();
        prop_assert_eq!(by(|class| class.errors), errors.total.errors);
        prop_assert_eq!(by(|class| class.never_proposed), errors.total.errors);
        let points = |text: &str| text.chars().map(u32::from).collect::<Vec<_>>();
        let equal = levenshtein::align(&points(&output), &points(&intended)).equal;
        let found = places(&output, &intended, &equal);
        prop_assert!(found.iter().all(|place| output.get(place.output.clone()) != intended.get(place.intended.clone())));
        prop_assert!(found.windows(2).all(|w| w[0].output.end < w[1].output.start && w[0].points.end < w[1].points.start));
    }
}
