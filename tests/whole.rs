//! The whole path on the samples of this repository: pairs, a model, corrections with their reasons, rules.

mod support;

use amend::correct::Verdict;
use amend::evaluate::{Explanation, findings};
use amend::rules::{RuleError, RuleSet};
use amend::{By, Correction, Corrector, Learner, Model};
use support::{corrected, corrector, held, lines, small};

/// A harm limit under which the small model, learned from a few hundred rows, corrects.
const LIMIT: Option<f32> = Some(0.02);
/// One under which it does in a line by itself: of so few rows one broken word is .1 %, and more is promised abroad.
const ALONE: Option<f32> = Some(0.05);

fn rules(text: &str) -> RuleSet {
    RuleSet::parse(text, "test.toml").expect("the rules are sound")
}

/// The small model with these rules by hand.
fn with_rules(text: &str) -> Corrector {
    corrector().harm_limit(ALONE).rules(rules(text)).expect("the rules go together")
}

/// How many held-back rows were right before and are right after, of how many, and how many right ones broke.
fn judged(corrections: &[Vec<Correction>]) -> (usize, usize, usize, usize) {
    let held = held();
    let rows: Vec<_> = held.iter().flatten().zip(corrections.iter().flatten()).collect();
    let right = |k: &&(&amend::Pair, &Correction)| k.1.text() == k.0.intended;
    let before = rows.iter().filter(|(p, _)| p.observed == p.intended).count();
    let broken = rows.iter().filter(|k| k.0.observed == k.0.intended && !right(k)).count();
    (before, rows.iter().filter(right).count(), rows.len(), broken)
}

#[test]
fn m_for_nn_is_mined() {
    let model = Model::from_bytes(small()).expect("it opens");
    let mined = model.rules();
    let rule =
        mined.of("m", "nn").find(|rule| rule.to_string() == "m → nn").expect("users corrected it most");
    assert!(rule.support >= 100 && rule.occurrences > rule.support, "{rule:?}");
    assert!(
        (0.3..0.8).contains(&rule.precision()),
        "bare, it is wrong as often as right: {}",
        rule.precision()
    );
    let surest = mined.of("m", "nn").map(|rule| rule.precision()).fold(0.0, f64::max);
    assert!(surest > 0.9, "in some context it is nearly always right: {surest}");
}

#[test]
fn held_back_rows_come_out_better() {
    let held = held();
    let corrections = corrector().harm_limit(LIMIT).correct_all(&lines(&held));
    let (before, after, rows, broken) = judged(&corrections);
    assert!(after >= before + 20, "{before} of {rows} rows right, then {after}, {broken} broken");
    // Rows that count as right and come out otherwise: what the user overlooked, and nothing else.
    let made = held.iter().flatten().zip(corrections.iter().flatten());
    let wrong = made.filter(|(p, c)| p.observed == p.intended && c.text() != p.intended);
    let wrong: Vec<&str> = wrong.map(|(p, _)| p.intended.as_str()).collect();
    let overlooked = [
        "ruth.pem@olivethyme.example",
        "grace.darke@westfieldprinters.example",
        "Begimer group is now called the imer circle.",
    ];
    assert!(wrong.iter().all(|row| overlooked.contains(row)), "{wrong:?} of {before}");
}

#[test]
fn every_edit_says_what_made_it_and_how_sure_that_is() {
    let held = held();
    let corrections = corrector().harm_limit(LIMIT).correct_all(&lines(&held));
    let mut named = 0;
    for (pair, correction) in held.iter().flatten().zip(corrections.iter().flatten()) {
        let mut at = 0;
        let mut text = String::new();
        for edit in correction.edits() {
            assert!(edit.span.start() >= at, "edits of {:?} overlap", pair.observed);
            assert!((0.0..=1.0).contains(&edit.confidence), "{edit:?}");
            assert_ne!(edit.intended, edit.span.of(&pair.observed), "an edit that changes nothing");
            assert!(!edit.by.to_string().is_empty());
            assert!(edit.alternatives.iter().all(|a| a.intended != edit.intended), "{edit:?}");
            named += usize::from(matches!(&edit.by, By::Rule(name) if name.starts_with("m → nn")));
            text += &pair.observed[at..edit.span.start()];
            text += &edit.intended;
            at = edit.span.end();
        }
        text += &pair.observed[at..];
        assert_eq!(text, correction.text(), "the edits are the correction");
    }
    assert!(named >= 10, "{named} edits are by m → nn");
}

#[test]
fn explaining_changes_nothing_and_shows_every_decision() {
    let held = held();
    let corrector = corrector().harm_limit(LIMIT);
    let corrections = corrector.correct_all(&lines(&held));
    let explained = corrector.explain_all(&lines(&held));
    let lines = held.iter().flatten().zip(corrections.iter().flatten()).zip(explained.iter().flatten());
    let (mut made, mut outdone, mut refused) = (0, 0, 0);
    for ((pair, correction), explained) in lines.clone() {
        assert_eq!(&explained.correction, correction);
        for decision in &explained.decisions {
            let proposal = &decision.proposal;
            assert_ne!(proposal.intended, proposal.span.of(&pair.observed));
            let is_edit =
                |edit: &amend::Edit| edit.span == proposal.span && edit.intended == proposal.intended;
            match decision.verdict {
                Verdict::Made(confidence) => {
                    let edit = correction.edits().iter().find(|edit| is_edit(edit)).expect("it was made");
                    assert_eq!(edit.confidence, confidence);
                    made += 1;
                }
                Verdict::Outdone(_) => {
                    let instead = |edit: &amend::Edit| edit.span == proposal.span && !is_edit(edit);
                    assert!(correction.edits().iter().any(instead), "{decision:?}");
                    outdone += 1;
                }
                Verdict::Refused(_) => refused += 1,
                Verdict::Forbidden | Verdict::PassedOver => {}
            }
        }
    }
    assert!(made >= 20 && refused > 0, "{made} made, {refused} refused");

    let rows: Vec<Explanation<'_>> = lines
        .map(|((pair, _), explained)| Explanation { line: pair.into(), intended: &pair.intended, explained })
        .collect();
    let all = |_: &str| true;
    let found = findings(&rows, &all);
    let errors = &found.errors.total;
    assert!(found.ceiling.perfect_guard_errors <= errors.errors, "{found:?}");
    assert!(found.ceiling.best_reading_errors <= found.ceiling.perfect_guard_errors, "{found:?}");
    assert_eq!(found.reliability.judged.total.number, made + outdone + refused);
    let lost = errors.never_proposed + errors.guard_refused + errors.forbidden;
    assert_eq!(lost + errors.wrong_edit + errors.half_mended, errors.errors);
}

#[test]
fn rules_by_hand_beat_everything() {
    let plain = corrector().harm_limit(ALONE);
    let line = "The temis court is closed on Sunday.";
    assert_eq!(corrected(&plain, &[line]), ["The tennis court is closed on Sunday."], "the model mends this");

    let never = with_rules("[[never]]\nobserved = \"temis\"\nintended = \"*\"\n");
    assert_eq!(corrected(&never, &[line]), [line]);
    let narrower = with_rules("[[never]]\nobserved = \"m\"\nintended = \"nn\"\n");
    assert_eq!(corrected(&narrower, &[line]), [line]);
    let protect = with_rules("[[protect]]\nword = \"temis\"\n");
    assert_eq!(corrected(&protect, &[line]), [line]);
    let pattern = with_rules("[[protect]]\npattern = \"tem*\"\n");
    assert_eq!(corrected(&pattern, &[line]), [line]);

    let always = with_rules("[[always]]\nobserved = \"temis\"\nintended = \"tower\"\n");
    let correction = always.worker().correct(line);
    assert_eq!(
        correction.text(),
        "The tower court is closed on Sunday.",
        "against what the model knows better"
    );
    let [edit] = correction.edits() else { panic!("one edit: {correction:?}") };
    assert_eq!((&edit.by, edit.confidence), (&By::Rule("always temis → tower".to_owned()), 1.0));
    // Against a policy, too: digits are never changed, unless somebody says so.
    let digits = with_rules("[[always]]\nobserved = \"1999\"\nintended = \"2001\"\n");
    assert_eq!(corrected(&digits, &["since 1999"]), ["since 2001"]);
    // And in lines that nothing else would touch.
    assert_eq!(
        corrected(&with_rules("[[always]]\nobserved = \"ok\"\nintended = \"OK\"\n"), &["ok, ok"]),
        ["OK, OK"]
    );
}

#[test]
fn rules_that_undo_or_feed_each_other_are_refused() {
    let two = |a: (&str, &str), b: (&str, &str)| {
        let rule = |r: (&str, &str)| format!("[[always]]\nobserved = {:?}\nintended = {:?}\n", r.0, r.1);
        rule(a) + &rule(b)
    };
    let parse = |text: String| RuleSet::parse(&text, "r.toml").expect_err("they fight");
    assert!(matches!(parse(two(("cat", "dog"), ("dog", "cat"))), RuleError::Undo { .. }));
    assert!(matches!(parse(two(("cat", "dog"), ("dog", "cow"))), RuleError::Feed { .. }));

    // Learned into a model, they meet those that are given later.
    let one = |a, b| rules(&format!("[[always]]\nobserved = {a:?}\nintended = {b:?}\n"));
    let learner = amend::Learner { rules: one("cat", "dog"), ..support::learner() };
    let model = Model::from_bytes(learner.learn().expect("enough to learn from").0).expect("it opens");
    let corrector = Corrector::new(model).expect("its guard is sound");
    assert_eq!(corrected(&corrector, &["a cat"]), ["a dog"], "the model keeps its rules");
    let error = corrector.clone().rules(one("dog", "cat")).expect_err("it undoes the model's");
    assert!(error.to_string().contains("in the model"), "{error}");
    assert!(corrector.rules(one("cow", "pig")).is_ok());
}

#[test]
fn what_a_limit_of_size_costs_is_said() {
    let report = |size| Learner { size, ..support::learner() }.learn().expect("enough to learn from").1;
    let (whole, small) = (report(None), report(Some(24_000)));
    assert_eq!(whole.pruned, None);
    let lost = small.pruned.expect("it was asked for");
    // Of a few hundred rows the smaller model may even be the better one.
    let is_share = |share: f64| 0.1 < share && share < 1.0;
    assert!(is_share(lost.mended) && is_share(lost.whole) && lost.mended != lost.whole, "{lost:?}");
    let said = format!("right proposals mend {:.1} % of the errors", 100.0 * lost.mended);
    assert!(small.to_string().contains(&said) && !whole.to_string().contains("held-out"), "{small}");
}

#[test]
fn the_same_bytes_on_any_number_of_threads() {
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| {
            let bytes = support::learner().learn().expect("enough to learn from").0;
            let held = held();
            let corrections = corrector().harm_limit(LIMIT).correct_all(&lines(&held));
            (bytes, corrections)
        })
    };
    let first = run(1);
    assert!(first.0 == small(), "one run is like another");
    for threads in [2, 4] {
        let again = run(threads);
        assert!(again.0 == first.0, "{threads} threads learn another model");
        assert_eq!(again.1, first.1, "{threads} threads correct in another way");
    }
}

#[test]
fn a_worker_keeps_nothing_from_text_to_text() {
    let corrector = corrector().harm_limit(LIMIT);
    let mut worker = corrector.worker();
    for document in lines(&held()).iter().rev() {
        let fresh = corrector.worker().correct_document(document);
        assert_eq!(worker.correct_document(document), fresh);
        assert_eq!(worker.correct_document(document), fresh, "asked twice");
    }
}

#[test]
fn a_model_on_disk_corrects_as_the_one_in_memory() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let path = folder.path().join("small.amend");
    std::fs::write(&path, small()).expect("it is written");
    let model = Model::open(&path).expect("it opens");
    model.verify().expect("it is whole");
    assert_eq!(model.metadata().name, "small");
    let mapped = Corrector::new(model).expect("its guard is sound").harm_limit(LIMIT);
    let held = held();
    let corrections = mapped.correct_all(&lines(&held));
    assert_eq!(corrections, corrector().harm_limit(LIMIT).correct_all(&lines(&held)));
    assert!(corrections.iter().flatten().any(|c| !c.edits().is_empty()));
}
