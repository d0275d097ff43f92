//! The trade between gain and harm, and the thresholds that make the best of it.
//!
//! Each kind of change has a threshold of its own; where changes are few, one holds for all. At a price of λ
//! letters a broken word, each threshold is the one of the greatest gain less harm; a sweep of λ from cheap to dear
//! gives the points of the trade (Everett 1963, "Generalized Lagrange multiplier method": each is the most gain for
//! its harm).

use std::cmp::Ordering;

use hashbrown::HashMap;
use rayon::prelude::*;

use crate::cost::{exp, narrow};
use crate::guard::{Kind, Operating, SHUT, by_place};

/// What came, or would have come, of one proposed change.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome {
    /// Out-of-fold confidence.
    pub(super) confidence: f32,
    /// How good it is beside the others of its place, log-odds out of fold.
    pub(super) preference: f32,
    pub(super) kind: Kind,
    /// Edit distance mended, net.
    pub(super) gain: i64,
    /// Right words broken.
    pub(super) broken: u64,
    /// Whether the row was right as it stood, by design.
    pub(super) clean: bool,
    /// 0 for the first of a place, more for those of the same place that follow it: one of a place at most is made.
    pub(super) rank: u8,
    /// Number of its document, and the document's fold.
    pub(super) document: u32,
    pub(super) fold: usize,
    /// Its document is of a source that the model did not know, and was taken for one of those that it knew.
    pub(super) imposter: bool,
}

impl Outcome {
    /// The best of a place first; equally good, the first proposed.
    fn by_preference(&self, other: &Self) -> Ordering {
        other.preference.total_cmp(&self.preference).then(self.rank.cmp(&other.rank))
    }

    /// How much the trees should mind it: a right change by the letters that it mends, a wrong one by the words that it
    /// breaks. Whoever minds all alike learns what is often decided, not what is at stake (cost-sensitive learning by example
    /// weights: Elkan 2001).
    pub(super) fn weight(&self) -> f32 {
        if self.gain > 0 {
            self.gain.clamp(1, MOST_LETTERS) as f32
        } else if self.broken > 0 {
            BROKEN_WEIGHT * self.broken.min(MOST_WORDS) as f32
        } else {
            1.0
        }
    }
}

/// What the rows held before anything was changed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    /// Edit distance of the noisy rows.
    pub(super) errors: u64,
    /// Right words of the noisy rows.
    pub(super) right: u64,
    /// Words of the clean rows.
    pub(super) clean_right: u64,
    /// Right words of the noisy rows of imposters.
    pub(super) imposters_right: u64,
    /// Words of their clean rows.
    pub(super) imposters_clean_right: u64,
}

/// Weight of a broken word beside a letter, for the trees.
const BROKEN_WEIGHT: f32 = 4.0;
/// Most letters and words of one change that count there.
const MOST_LETTERS: i64 = 4;
const MOST_WORDS: u64 = 2;
/// Prices of a broken word that are tried, letters: 2^(k/4) of these k.
const PRICES: std::ops::RangeInclusive<i32> = -8..=36;
/// A kind whose changes out of fold were fewer than this is not made at all: nobody knows what would come of it.
const LEAST: usize = 30;
/// Letters of known words and of unknown ones have thresholds apart if there are so many changes of either.
const ENOUGH: usize = 300;
/// Of fewer changes than this, of all kinds, each kind's own threshold would be set by chance, and most would stay shut: one
/// holds for all.
const FEW_CHANGES: usize = 5_000;
/// A change that is more likely wrong may pay where it hardly ever breaks anything. It is not made: where nothing was measured it
/// breaks more, and nobody trusts who guesses.
const LIKELY: f32 = 0.5;
/// Documents are the witnesses to a habit, and not their lines: its gain is taken for so many deviations less, as the documents
/// differ (a cluster-robust standard error: Liang & Zeger 1986). Of fewer than five none is believed.
const DOUBTED: f64 = 2.0;
/// A word broken in a text that was right weighs as much as this many in a text that was not: who has right text
/// expects it to be left alone.
const CLEAN_WEIGHT: f64 = 10.0;
/// Clean words without harm that are taken as seen beforehand: one broken word of a few hundred says little.
const CLEAN_PRIOR: u64 = 4_000;

/// What is promised of documents unlike those measured.
#[derive(Clone, Copy, Debug)]
pub(super) struct Care {
    /// So many words are broken there for each that was seen broken,
    factor: f32,
    /// and no change of less confidence is made: of words that nobody knows, of known ones (they are hardly ever misread, and
    /// right text is full of them), of letters with spaces or marks (half of such a change follows a habit), and of digits.
    letters: f32,
    words: f32,
    mixed: f32,
    digits: f32,
}

impl Care {
    /// Kinds that follow habits are shut anyway.
    fn least(&self, kind: Kind) -> f32 {
        match kind {
            Kind::Words => self.words,
            Kind::Mixed => self.mixed,
            Kind::Digits => self.digits,
            _ => self.letters,
        }
    }
}

/// As far away as other sources were that were left out to see.
pub(super) const LEFT_OUT: Care = Care { factor: 2.0, letters: 0.6, words: 0.8, mixed: 0.65, digits: 0.8 };
/// Next door, where there was only one source: nothing was measured.
pub(super) const NEXT_DOOR: Care = Care { factor: 2.0, letters: 0.6, words: 0.7, mixed: 0.65, digits: 0.6 };
/// Twice as far.
pub(super) const ELSEWHERE: Care = Care { factor: 3.0, letters: 0.7, words: 0.8, mixed: 0.8, digits: 0.7 };
/// Farther than whatever was measured, or farther still.
pub(super) const FAR: Care = Care { factor: 4.0, letters: 0.8, words: 0.9, mixed: 0.85, digits: 0.8 };
/// Where nobody knows what is home.
pub(super) const HOMELESS: Care = Care { factor: 1.0, letters: 0.55, words: 0.55, mixed: 0.55, digits: 0.55 };

/// The trade over all outcomes. Harm and gain of a point are honest: thresholds chosen without a fold are applied to
/// it, fold by fold, since those chosen on all look better on all than anywhere else.
pub(super) fn trade(outcomes: &[Outcome], totals: &Totals) -> Vec<Operating> {
    sweep(&mut places(outcomes), totals)
}

/// Kinds that are too few to judge by, each with the one that it is judged with.
fn together(places: &[Place]) -> Vec<(Kind, Kind)> {
    let number = |kind| places.iter().flatten().filter(|o| o.kind == kind).count();
    let mut together = Vec::new();
    if number(Kind::Letters).min(number(Kind::Words)) < ENOUGH {
        together.push((Kind::Words, Kind::Letters));
    }
    let few = [Kind::Hyphen, Kind::Break].into_iter().filter(|&kind| number(kind) < LEAST);
    together.extend(few.map(|kind| (kind, Kind::Space)));
    together
}

fn sweep(places: &mut [Place], totals: &Totals) -> Vec<Operating> {
    let few = places.iter().map(Vec::len).sum::<usize>() < FEW_CHANGES;
    let together = if few { Vec::new() } else { together(places) };
    let choose = if few { choose_one } else { choose_each };
    for &(few, many) in &together {
        places.iter_mut().flatten().filter(|o| o.kind == few).for_each(|o| o.kind = many);
    }
    let places = &*places;
    let prices: Vec<f64> = PRICES.map(|k| exp(f64::from(k) / 4.0 * std::f64::consts::LN_2)).collect();
    let mut points: Vec<Operating> =
        prices.par_iter().map(|&price| at_price(places, totals, price, choose)).collect();
    for Operating { thresholds, .. } in &mut points {
        for (few, many) in &together {
            thresholds[few.index()] = thresholds[many.index()];
        }
    }
    points.sort_by(|a, b| a.harm.total_cmp(&b.harm).then(b.gain.total_cmp(&a.gain)));
    let mut best = 0.0;
    points.retain(|p| {
        let better = p.gain > best;
        best = p.gain.max(best);
        better
    });
    points
}

/// The outcomes of one place, the best first (equally good: in the order of proposals).
type Place = Vec<Outcome>;

fn places(outcomes: &[Outcome]) -> Vec<Place> {
    let place = |place: std::ops::Range<usize>| {
        let mut place = outcomes[place].to_vec();
        place.sort_by(Outcome::by_preference);
        place
    };
    by_place(outcomes.iter().map(|outcome| outcome.rank)).into_iter().map(place).collect()
}

/// The trade without some kinds of change.
pub(super) fn without(is_shut: fn(Kind) -> bool, outcomes: &[Outcome], totals: &Totals) -> Vec<Operating> {
    let mut places = places(outcomes);
    for place in &mut places {
        place.retain(|o| !is_shut(o.kind));
    }
    let mut points = sweep(&mut places, totals);
    for Operating { thresholds, .. } in &mut points {
        Kind::ALL.into_iter().filter(|&kind| is_shut(kind)).for_each(|kind| thresholds[kind.index()] = SHUT);
    }
    points
}

/// What is promised abroad from what was measured there, or at home, [without](without) habits: each broken word
/// counted as several, and nothing done that is not rather sure; the next source is stranger still.
pub(super) fn careful(measured: &[Operating], care: Care) -> Vec<Operating> {
    let one = |point: &Operating| Operating {
        harm: point.harm * care.factor,
        thresholds: Kind::ALL.map(|kind| point.thresholds[kind.index()].max(care.least(kind))),
        ..*point
    };
    measured.iter().map(one).collect()
}

/// The best thresholds at a price of a broken word.
type Choose = fn(&[&Place], &Totals, f64) -> [f32; Kind::COUNT];

fn at_price(places: &[Place], totals: &Totals, price: f64, choose: Choose) -> Operating {
    let fold = |place: &&Place| place.first().map_or(0, |o| o.fold);
    let folds = places.iter().map(|p| fold(&p) + 1).max().unwrap_or(0);
    let mut sum = Sum::default();
    for held in 0..folds {
        let (own, others): (Vec<&Place>, Vec<&Place>) = places.iter().partition(|p| fold(p) == held);
        let thresholds = choose(&others, totals, price);
        own.iter().filter_map(|place| made(place, &thresholds)).for_each(|o| sum.add(o));
    }
    let harm = sum.harm(totals).into_iter().fold(0.0, f64::max);
    let gain = sum.gain as f64 / totals.errors.max(1) as f64;
    let thresholds = choose(&places.iter().collect::<Vec<_>>(), totals, price);
    Operating { thresholds, harm: narrow(harm), gain: narrow(gain) }
}

/// What is made at a place: the best of those that are sure enough for their kind.
fn made<'o>(place: &'o Place, thresholds: &[f32; Kind::COUNT]) -> Option<&'o Outcome> {
    place.iter().find(|o| o.confidence >= thresholds[o.kind.index()])
}

/// What is made at a place, and instead of what, as a threshold for some of its changes falls from where none is sure enough;
/// `made` is what is made then.
fn turns<'o>(
    place: &'o Place,
    is_own: impl Fn(&Outcome) -> bool,
    made: Option<&'o Outcome>,
) -> Vec<Turn<'o>> {
    let better = |own: &&Outcome| made.is_none_or(|made| own.by_preference(made) == Ordering::Less);
    // The best first; a change that is not surer than a better one never has its turn.
    let mut surer: Vec<&Outcome> = Vec::new();
    for own in place.iter().filter(|own| is_own(own)).take_while(better) {
        if surer.last().is_none_or(|last| own.confidence > last.confidence) {
            surer.push(own);
        }
    }
    let instead = surer.iter().skip(1).copied().map(Some).chain([made]);
    surer.iter().copied().zip(instead).collect()
}

/// A change, and what is no longer made once it is.
type Turn<'o> = (&'o Outcome, Option<&'o Outcome>);

/// Rounds in which each kind's threshold is chosen anew beside the others'.
const ROUNDS: usize = 2;

/// One threshold for all kinds; shut is a habit that documents do not agree to pay.
fn choose_one(places: &[&Place], totals: &Totals, price: f64) -> [f32; Kind::COUNT] {
    let turns = places.iter().flat_map(|place| turns(place, |_| true, None));
    let mut thresholds = [best(turns.collect(), totals, price, false); Kind::COUNT];
    for kind in Kind::ALL.into_iter().filter(|kind| kind.is_habit()) {
        let mut witnesses = Witnesses::default();
        let made = places.iter().filter_map(|place| made(place, &thresholds)).filter(|o| o.kind == kind);
        made.for_each(|outcome| witnesses.hear(outcome, 0));
        if witnesses.gain() <= DOUBTED * witnesses.deviation() {
            thresholds[kind.index()] = SHUT;
        }
    }
    thresholds
}

/// A threshold for each kind.
fn choose_each(places: &[&Place], totals: &Totals, price: f64) -> [f32; Kind::COUNT] {
    let mut thresholds = [SHUT; Kind::COUNT];
    for _ in 0..ROUNDS {
        for kind in Kind::ALL.into_iter().rev() {
            thresholds[kind.index()] = SHUT;
            let turns =
                places.iter().flat_map(|place| turns(place, |o| o.kind == kind, made(place, &thresholds)));
            thresholds[kind.index()] = best(turns.collect(), totals, price, kind.is_habit());
        }
    }
    thresholds
}

/// The threshold of the greatest gain less harm, where each change takes the place of another or of none; with few
/// broken words seen, harm is taken for one deviation more; where a habit is followed, gain for less.
fn best(mut turns: Vec<Turn<'_>>, totals: &Totals, price: f64, habit: bool) -> f32 {
    turns.sort_by(|a, b| b.0.confidence.total_cmp(&a.0.confidence));
    let (mut sum, mut best) = (Sum::default(), (0.0, SHUT));
    let mut witnesses = Witnesses::default();
    for (rank, (outcome, other)) in turns.iter().enumerate() {
        sum.add(outcome);
        if habit {
            witnesses.hear(outcome, other.map_or(0, |other| other.gain));
        }
        if let Some(other) = other {
            sum.take(other);
        }
        let next = turns.get(rank + 1).map_or(0.0, |next| next.0.confidence);
        let last_of_equals = next < outcome.confidence;
        let careful = |harm: f64| harm * totals.right as f64 + (harm.max(0.0) * totals.right as f64).sqrt();
        let harm = sum.harm(totals).map(careful).into_iter().fold(0.0, f64::max);
        let value = sum.gain as f64 - DOUBTED * witnesses.deviation() - price * (harm + 1.0);
        if last_of_equals && rank + 1 >= LEAST && value > best.0 {
            // Halfway to what was not seen right: where right and wrong lie far apart, what is between is nearer to none.
            let halfway = (outcome.confidence + next) / 2.0;
            best = (value, halfway.max(LIKELY));
        }
    }
    best.1
}

/// What each document gains.
#[derive(Debug, Default)]
struct Witnesses {
    gains: HashMap<u32, i64>,
    squares: i64,
}

impl Witnesses {
    /// A change more, that takes the place of one that gains `instead`.
    fn hear(&mut self, outcome: &Outcome, instead: i64) {
        if !outcome.clean && !outcome.imposter {
            let gain = self.gains.entry(outcome.document).or_default();
            self.squares -= *gain * *gain;
            *gain += outcome.gain - instead;
            self.squares += *gain * *gain;
        }
    }

    /// The sum of all gains.
    fn gain(&self) -> f64 {
        self.gains.values().sum::<i64>() as f64
    }

    /// One deviation of the sum of all gains.
    fn deviation(&self) -> f64 {
        (self.squares as f64).sqrt()
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    gain: i64,
    /// Right words broken: in noisy rows, in clean rows, and in both of imposters.
    broken: [i64; 4],
}

impl Sum {
    fn add(&mut self, outcome: &Outcome) {
        self.count(outcome, 1);
    }

    fn take(&mut self, outcome: &Outcome) {
        self.count(outcome, -1);
    }

    fn count(&mut self, outcome: &Outcome, sign: i64) {
        let at = usize::from(outcome.clean) + 2 * usize::from(outcome.imposter);
        self.broken[at] += sign * i64::try_from(outcome.broken).unwrap_or(i64::MAX);
        if at == 0 {
            self.gain += sign * outcome.gain;
        }
    }

    /// Share of right words broken on noisy rows, and on clean rows as much as that weighs; the same of imposters.
    fn harm(&self, totals: &Totals) -> [f64; 4] {
        let share = |part: i64, of: u64| part as f64 / of.max(1) as f64;
        let clean = |part: i64, of: u64| CLEAN_WEIGHT * share(part, of + CLEAN_PRIOR);
        [
            share(self.broken[0], totals.right),
            clean(self.broken[1], totals.clean_right),
            share(self.broken[2], totals.imposters_right),
            clean(self.broken[3], totals.imposters_clean_right),
        ]
    }
}

#[cfg(test)]
mod tests {
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
                outcomes
                    .push(Outcome { rank: 1, ..of(preferences[1], outcome(second, Kind::Letters, 1, 0)) });
            }
            let outcomes = in_folds(outcomes);
            [outcomes.clone(), among_many(&outcomes)].map(|all| trade(&all, &totals).last().unwrap().gain)
        };
        let all_of = |letters: f32| [letters * 100.0 / 2000.0; 2];
        assert_eq!(gain([1.0, 0.0], 0.8), all_of(3.0));
        assert_eq!(gain([1.0, 0.0], 0.95), all_of(3.0), "the better, though it is less sure");
        assert_eq!(
            gain([0.0, 1.0], 0.95),
            [all_of(1.0)[0], all_of(3.0)[0]],
            "by themselves letters stay shut"
        );
        assert_eq!(gain([0.0, 0.0], 0.95), all_of(3.0), "the first of equals");
        // Marks are worth more than letters that are never made: the threshold of the letters stays above theirs.
        assert_eq!(gain([0.0, 1.0], 0.8), all_of(3.0));
    }

    #[test]
    fn as_a_threshold_falls_the_better_take_the_place_of_the_surer() {
        let of = |rank, preference, confidence, kind| Outcome {
            rank,
            preference,
            ..outcome(confidence, kind, 1, 0)
        };
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

        // 2 · 10 broken words of 4,000.
        outcomes.extend(vec![stranger(false); 10]);
        let totals = Totals { imposters_right: 4_000, ..right };
        let found = *trade(&in_folds(outcomes.clone()), &totals).last().unwrap();
        assert!((found.gain - 0.1).abs() < 1e-6, "{found:?}");
        assert!((found.harm - 0.005).abs() < 1e-6, "{found:?}");

        // In right text they weigh more, and some words are taken as seen beforehand.
        outcomes.truncate(100);
        outcomes.extend(vec![stranger(true); 10]);
        let totals = Totals { imposters_clean_right: 4_000, ..right };
        let found = *trade(&in_folds(outcomes), &totals).last().unwrap();
        let harm = narrow(CLEAN_WEIGHT * 20.0 / (4_000 + CLEAN_PRIOR) as f64);
        assert!((found.harm - harm).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn without_a_kind_the_others_are_as_they_would_be() {
        let of = |kind| (0..100).map(move |document| Outcome { document, ..outcome(0.9, kind, 1, 0) });
        let totals = Totals { errors: 1000, right: 9000, ..Totals::default() };
        let letters = trade(&in_folds(of(Kind::Letters).collect()), &totals);
        let outcomes = in_folds(of(Kind::Letters).chain(of(Kind::Hyphen)).collect());
        let found = without(Kind::is_layout, &outcomes, &totals);
        assert_eq!(found.last().unwrap().gain, letters.last().unwrap().gain);
        assert_eq!(found.last().unwrap().thresholds[Kind::Hyphen.index()], SHUT);
        assert_eq!(
            found.last().unwrap().thresholds[Kind::Letters.index()],
            letters.last().unwrap().thresholds[0]
        );
        assert_eq!(trade(&outcomes, &totals).last().unwrap().gain, 2.0 * letters.last().unwrap().gain);
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
            let found = *careful(&without(Kind::is_habit, &outcomes, &totals), care).last().unwrap();
            assert!(found.thresholds.iter().all(|&threshold| threshold >= least), "{found:?}");
            assert_eq!(found.thresholds[Kind::Letters.index()], least, "0.6 would have been enough at home");
            for kind in Kind::ALL.into_iter().filter(|kind| kind.is_habit()) {
                assert_eq!(found.thresholds[kind.index()], SHUT, "{kind:?}");
            }
            // 8 broken words of 2,000, each counted as several; 208 letters of 2,000.
            assert!((found.harm - 0.004 * factor).abs() < 1e-6, "{found:?}");
            assert!((found.gain - 0.104).abs() < 1e-6, "{found:?}");
        }
    }
}
