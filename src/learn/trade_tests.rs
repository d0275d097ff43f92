use super::*;

fn outcome(confidence: f32, kind: Kind, gain: i64, broken: u64) -> Outcome {
    Outcome {
        confidence,
        preference: 0.0,
        kind,
        gain,
        broken,
        clean: false,
        rank: 0,
        document: 0,
        fold: 0,
        imposter: false,
    }
}

/// The trade at home.
fn trade(outcomes: &[Outcome], totals: &Totals) -> Vec<Operating> {
    Trade::of(outcomes, totals, |_| false).points(AT_HOME)
}

/// So many broken words of so many right ones, and one deviation more.
fn feared(words: f64, right: f64) -> f32 {
    narrow((words + words.sqrt()) / right)
}

/// Twice the outcomes, one half a fold.
fn in_folds(outcomes: Vec<Outcome>) -> Vec<Outcome> {
    let second: Vec<Outcome> = outcomes.iter().map(|o| Outcome { fold: 1, ..*o }).collect();
    [outcomes, second].concat()
}

/// The same, and so many more that are never made that each kind is judged by itself.
fn among_many(outcomes: &[Outcome]) -> Vec<Outcome> {
    [outcomes, &vec![outcome(0.1, Kind::Letters, 0, 0); FEW_CHANGES]].concat()
}

#[test]
fn what_is_at_stake_weighs() {
    let weight = |gain, broken| outcome(0.5, Kind::Letters, gain, broken).weight();
    assert_eq!([(1, 0), (3, 0), (9, 0), (2, 1)].map(|(g, b)| weight(g, b)), [1.0, 3.0, 4.0, 2.0]);
    assert_eq!(
        [(0, 0), (-5, 0), (0, 1), (-1, 2), (-9, 7)].map(|(g, b)| weight(g, b)),
        [1.0, 1.0, 4.0, 8.0, 8.0]
    );
}

#[test]
fn a_kind_that_hurts_stays_shut_and_one_that_pays_opens() {
    let mut outcomes = vec![outcome(0.9, Kind::Letters, 1, 0); ENOUGH];
    outcomes.extend(vec![outcome(0.9, Kind::Hyphen, -1, 1); 100]);
    outcomes.extend(vec![outcome(0.9, Kind::Space, 1, 0); LEAST / 2 - 1]);
    let totals = Totals { errors: 6000, right: 20_000, ..Totals::default() };
    for outcomes in [in_folds(outcomes.clone()), among_many(&in_folds(outcomes))] {
        let found = *trade(&outcomes, &totals).last().unwrap();
        assert_eq!(found.thresholds[Kind::Letters.index()], LIKELY, "halfway to nothing would be less");
        assert_eq!(found.thresholds[Kind::Hyphen.index()], SHUT);
        assert_eq!(found.thresholds[Kind::Space.index()], SHUT, "too few to know");
        assert!((found.gain - 0.1).abs() < 1e-6 && found.harm == 0.0);
    }
}

#[test]
fn where_all_are_few_one_threshold_holds_for_all_kinds() {
    let mut outcomes = vec![outcome(0.875, Kind::Letters, 1, 0); 40];
    outcomes.extend(vec![outcome(0.75, Kind::Digits, 1, 0); 10]);
    outcomes.extend(vec![outcome(0.5, Kind::Letters, -1, 1); 20]);
    let outcomes = in_folds(outcomes);
    let totals = Totals { errors: 2000, right: 20_000, ..Totals::default() };
    let thresholds = |outcomes: &[Outcome]| {
        let found = *trade(outcomes, &totals).last().unwrap();
        [Kind::Letters, Kind::Digits, Kind::Mixed, Kind::Case].map(|kind| found.thresholds[kind.index()])
    };
    // Halfway from .75 to .5; no document tells of case.
    assert_eq!(thresholds(&outcomes), [0.625, 0.625, 0.625, SHUT]);
    // Halfway from .875 to .5; digits are too few to know, and of what is mixed nothing is known.
    assert_eq!(thresholds(&among_many(&outcomes)), [0.6875, SHUT, SHUT, SHUT]);
}

#[test]
fn a_habit_is_followed_when_enough_documents_tell_of_it() {
    let totals = Totals { errors: 2000, right: 20_000, ..Totals::default() };
    let threshold = |documents: u32, kind: Kind| {
        let one = |at| Outcome { document: at % documents, ..outcome(0.9, kind, 1, 0) };
        let outcomes = in_folds((0..100).map(one).collect());
        let [few, many] = [outcomes.clone(), among_many(&outcomes)].map(|outcomes| {
            let found = trade(&outcomes, &totals);
            found.last().map_or(SHUT, |point| point.thresholds[kind.index()])
        });
        assert_eq!(few, many, "{documents} documents");
        few
    };
    // Of k documents that gain alike the sum is √k deviations: of four it is two of them, and nothing is left.
    assert_eq!([1, 2, 4, 5, 50].map(|n| threshold(n, Kind::Marks)), [SHUT, SHUT, SHUT, LIKELY, LIKELY]);
    assert_eq!([1, 2, 4].map(|n| threshold(n, Kind::Letters)), [LIKELY; 3], "letters are no habit");
}

#[test]
fn one_change_of_a_place_is_made_the_best_of_those_that_are_sure_enough() {
    let totals = Totals { errors: 2000, right: 20_000, ..Totals::default() };
    let gain = |preferences: [f32; 2], second: f32| {
        let mut outcomes = Vec::new();
        for document in 0..50 {
            let of = |preference, outcome| Outcome { document, preference, ..outcome };
            outcomes.push(of(preferences[0], outcome(0.9, Kind::Marks, 3, 0)));
            outcomes.push(Outcome { rank: 1, ..of(preferences[1], outcome(second, Kind::Letters, 1, 0)) });
        }
        let outcomes = in_folds(outcomes);
        [outcomes.clone(), among_many(&outcomes)].map(|all| trade(&all, &totals).last().unwrap().gain)
    };
    let all_of = |letters: f32| [letters * 100.0 / 2000.0; 2];
    assert_eq!(gain([1.0, 0.0], 0.8), all_of(3.0));
    assert_eq!(gain([1.0, 0.0], 0.95), all_of(3.0), "the better, though it is less sure");
    assert_eq!(gain([0.0, 1.0], 0.95), [all_of(1.0)[0], all_of(3.0)[0]], "by themselves letters stay shut");
    assert_eq!(gain([0.0, 0.0], 0.95), all_of(3.0), "the first of equals");
    // Marks are worth more than letters that are never made: the threshold of the letters stays above theirs.
    assert_eq!(gain([0.0, 1.0], 0.8), all_of(3.0));
}

#[test]
fn as_a_threshold_falls_the_better_take_the_place_of_the_surer() {
    let of =
        |rank, preference, confidence, kind| Outcome { rank, preference, ..outcome(confidence, kind, 1, 0) };
    let place = vec![
        of(0, 3.0, 0.6, Kind::Letters),
        of(2, 2.0, 0.5, Kind::Letters),
        of(1, 1.0, 0.9, Kind::Marks),
        of(3, 0.0, 0.8, Kind::Letters),
    ];
    let told = |kinds: &[Kind], made: Option<usize>| -> Vec<(u8, Option<u8>)> {
        let turns = turns(&place, |o| kinds.contains(&o.kind), made.map(|at| &place[at]));
        turns.iter().map(|(own, instead)| (own.rank, instead.map(|other| other.rank))).collect()
    };
    assert_eq!(told(&[Kind::Letters, Kind::Marks], None), [(0, Some(1)), (1, None)]);
    assert_eq!(told(&[Kind::Letters], None), [(0, Some(3)), (3, None)]);
    assert_eq!(told(&[Kind::Letters], Some(2)), [(0, Some(1))]);
    assert_eq!(told(&[Kind::Marks], Some(0)), []);
}

#[test]
fn words_that_imposters_lose_are_harm_and_what_they_win_is_nothing() {
    let mut outcomes = vec![outcome(0.9, Kind::Letters, 1, 0); 100];
    let home = in_folds(outcomes.clone());
    let stranger = |clean| Outcome { imposter: true, clean, ..outcome(0.9, Kind::Letters, 5, 1) };
    let right = Totals { errors: 2000, right: 20_000, clean_right: 20_000, ..Totals::default() };
    let plain = *trade(&home, &right).last().unwrap();
    assert!((plain.gain - 0.1).abs() < 1e-6 && plain.harm == 0.0);

    // 2 · 10 broken words of 4,000, as many as 100 of 20,000.
    outcomes.extend(vec![stranger(false); 10]);
    let totals = Totals { imposters_right: 4_000, ..right };
    let found = *trade(&in_folds(outcomes.clone()), &totals).last().unwrap();
    assert!((found.gain - 0.1).abs() < 1e-6, "{found:?}");
    assert!((found.harm - feared(100.0, 20_000.0)).abs() < 1e-6, "{found:?}");

    // In right text they weigh more, and some words are taken as seen beforehand.
    outcomes.truncate(100);
    outcomes.extend(vec![stranger(true); 10]);
    let totals = Totals { imposters_clean_right: 4_000, ..right };
    let found = *trade(&in_folds(outcomes), &totals).last().unwrap();
    let harm = CLEAN_WEIGHT * 20.0 / (4_000 + CLEAN_PRIOR) as f64;
    assert!((found.harm - feared(harm * 20_000.0, 20_000.0)).abs() < 1e-6, "{found:?}");
}

#[test]
fn without_a_kind_the_others_are_as_they_would_be() {
    let of = |kind| (0..100).map(move |document| Outcome { document, ..outcome(0.9, kind, 1, 0) });
    let totals = Totals { errors: 1000, right: 9000, ..Totals::default() };
    let letters = trade(&in_folds(of(Kind::Letters).collect()), &totals);
    let outcomes = in_folds(of(Kind::Letters).chain(of(Kind::Hyphen)).collect());
    let found = Trade::of(&outcomes, &totals, Kind::is_layout).points(AT_HOME);
    assert_eq!(found.last().unwrap().gain, letters.last().unwrap().gain);
    assert_eq!(found.last().unwrap().thresholds[Kind::Hyphen.index()], SHUT);
    assert_eq!(
        found.last().unwrap().thresholds[Kind::Letters.index()],
        letters.last().unwrap().thresholds[0]
    );
    assert_eq!(trade(&outcomes, &totals).last().unwrap().gain, 2.0 * letters.last().unwrap().gain);
}

#[test]
fn between_two_bargains_there_is_a_third_that_no_price_finds() {
    // Words that break are worth three letters each in the last hundred, and one letter in those before.
    let mut outcomes = vec![outcome(0.98, Kind::Letters, 1, 0); 400];
    outcomes.extend(vec![outcome(0.72, Kind::Letters, 1, 1); 100]);
    outcomes.extend(vec![outcome(0.52, Kind::Letters, 3, 1); 100]);
    let totals = Totals { errors: 4000, right: 40_000, ..Totals::default() };
    let found: Vec<(f32, f32, f32)> = trade(&in_folds(outcomes), &totals)
        .iter()
        .map(|point| (point.thresholds[Kind::Letters.index()], point.gain, point.harm))
        .collect();
    let want = [
        // Halfway from .98 to .72; of what is equally good the dearest.
        (0.85, 0.2, 0.0),
        // The lowest floor between .52 and .72.
        (0.55, 0.25, feared(200.0, 40_000.0)),
        (LIKELY, 0.4, feared(400.0, 40_000.0)),
    ];
    assert_eq!(found, want);
}

#[test]
fn abroad_nothing_follows_habits_and_what_is_done_is_rather_sure() {
    let mut outcomes = vec![outcome(0.6, Kind::Letters, 1, 0); 100];
    outcomes.extend(vec![outcome(0.8, Kind::Letters, 1, 1); 4]);
    for kind in Kind::ALL.into_iter().filter(|kind| kind.is_habit()) {
        outcomes.extend(vec![outcome(0.99, kind, 9, 0); 100]);
    }
    let outcomes = in_folds(outcomes);
    let totals = Totals { errors: 2000, right: 2000, ..Totals::default() };
    for care in [LEFT_OUT, NEXT_DOOR, ELSEWHERE, FAR, HOMELESS] {
        let Care { factor, letters: least, .. } = care;
        let found = *Trade::of(&outcomes, &totals, Kind::is_habit).points(care).last().unwrap();
        assert!(found.thresholds.iter().all(|&threshold| threshold >= least), "{found:?}");
        assert_eq!(found.thresholds[Kind::Letters.index()], least, "0.6 would have been enough at home");
        for kind in Kind::ALL.into_iter().filter(|kind| kind.is_habit()) {
            assert_eq!(found.thresholds[kind.index()], SHUT, "{kind:?}");
        }
        // 8 broken words of 2,000, each counted as several; 208 letters of 2,000, or 8 where .6 is not enough.
        assert!((found.harm - feared(8.0, 2000.0) * factor).abs() < 1e-6, "{found:?}");
        let gain = if least <= 0.6 { 0.104 } else { 0.004 };
        assert!((found.gain - gain).abs() < 1e-6, "{found:?}");
    }
}
