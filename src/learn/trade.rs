//! The trade between gain and harm, and the thresholds that make the best of it.
//!
//! Each kind of change has a threshold of its own; where changes are few, one holds for all. At a price of λ
//! letters a broken word, each threshold is the one of the greatest gain less harm; a sweep of λ from cheap to dear
//! gives points of the trade (Everett 1963, "Generalized Lagrange multiplier method": each is the most gain for
//! its harm, but there are others that no λ finds). Between them lie those with no threshold below a floor.

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
/// Least confidences that are tried at each price: prices alone do not find what lies between two bargains.
const FLOORS: [f32; 10] = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];
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

/// What is promised of documents, as far as they are unlike those measured.
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

/// Like those measured.
pub(super) const AT_HOME: Care = Care { factor: 1.0, letters: 0.0, words: 0.0, mixed: 0.0, digits: 0.0 };
/// As far away as other sources were that were left out to see.
pub(super) const LEFT_OUT: Care = Care { factor: 2.0, letters: 0.6, words: 0.8, mixed: 0.65, digits: 0.8 };
/// Next door, where there was only one source: nothing was measured but pages that were misread as its own.
pub(super) const NEXT_DOOR: Care = Care { factor: 2.0, letters: 0.6, words: 0.7, mixed: 0.65, digits: 0.6 };
/// Twice as far.
pub(super) const ELSEWHERE: Care = Care { factor: 3.0, letters: 0.7, words: 0.8, mixed: 0.9, digits: 0.7 };
/// Farther.
pub(super) const BEYOND: Care = Care { factor: 4.0, letters: 0.8, words: 0.9, mixed: 0.95, digits: 0.8 };
/// Farther than whatever was measured, or farther still.
pub(super) const FAR: Care = Care { factor: 4.0, letters: 0.8, words: 0.9, mixed: 0.85, digits: 0.8 };
/// Where nobody knows what is home.
pub(super) const HOMELESS: Care = Care { factor: 1.0, letters: 0.55, words: 0.55, mixed: 0.55, digits: 0.55 };

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

/// What thresholds are worth, at one price after the other.
pub(super) struct Trade {
    places: Vec<Place>,
    totals: Totals,
    is_shut: fn(Kind) -> bool,
    /// Kinds that are judged with others.
    together: Vec<(Kind, Kind)>,
    /// The dearest first: of what is equally good they are kept.
    chosen: Vec<Chosen>,
}

impl Trade {
    /// The trade without some kinds of change.
    pub(super) fn of(outcomes: &[Outcome], totals: &Totals, is_shut: fn(Kind) -> bool) -> Self {
        let mut places = places(outcomes);
        for place in &mut places {
            place.retain(|o| !is_shut(o.kind));
        }
        let few = places.iter().map(Vec::len).sum::<usize>() < FEW_CHANGES;
        let together = if few { Vec::new() } else { together(&places) };
        for &(few, many) in &together {
            places.iter_mut().flatten().filter(|o| o.kind == few).for_each(|o| o.kind = many);
        }
        let choose = if few { choose_one } else { choose_each };
        let price = |k: i32| exp(f64::from(k) / 4.0 * std::f64::consts::LN_2);
        let prices: Vec<f64> = PRICES.rev().map(price).collect();
        let at_price = |&price: &f64| Chosen::at(&places, totals, price, choose);
        let chosen = prices.par_iter().map(at_price).collect();
        Self { places, totals: *totals, is_shut, together, chosen }
    }

    /// The points of most gain, by rising harm, for documents that ask for some care.
    pub(super) fn points(&self, care: Care) -> Vec<Operating> {
        let above = |floor: f32| Kind::ALL.map(|kind| care.least(kind).max(floor));
        let tried = |chosen: &Chosen| FLOORS.map(|floor| self.point(chosen, &above(floor), care.factor));
        let mut points: Vec<Operating> = self.chosen.par_iter().flat_map_iter(tried).collect();
        points.sort_by(|a, b| a.harm.total_cmp(&b.harm).then(b.gain.total_cmp(&a.gain)));
        let mut best = 0.0;
        points.retain(|p| {
            let better = p.gain > best;
            best = p.gain.max(best);
            better
        });
        points
    }

    /// What comes of thresholds, none lower than its floor. Harm and gain are honest: those chosen without a fold are
    /// applied to it, fold by fold, since those chosen on all look better on all than anywhere else.
    fn point(&self, chosen: &Chosen, floors: &PerKind, factor: f32) -> Operating {
        let above = |thresholds: &PerKind| -> PerKind {
            Kind::ALL.map(|kind| thresholds[kind.index()].max(floors[kind.index()]))
        };
        let without: Vec<PerKind> = chosen.without.iter().map(above).collect();
        let mut sum = Sum::default();
        for place in &self.places {
            let made = without.get(fold(place)).and_then(|thresholds| made(place, thresholds));
            made.into_iter().for_each(|outcome| sum.add(outcome));
        }
        let harm = sum.feared(&self.totals) / self.totals.right.max(1) as f64;
        let gain = sum.gain as f64 / self.totals.errors.max(1) as f64;
        let mut thresholds = above(&chosen.by_all);
        for (few, many) in &self.together {
            thresholds[few.index()] = thresholds[many.index()].max(floors[few.index()]);
        }
        Kind::ALL
            .into_iter()
            .filter(|&kind| (self.is_shut)(kind))
            .for_each(|kind| thresholds[kind.index()] = SHUT);
        Operating { thresholds, harm: factor * narrow(harm), gain: narrow(gain) }
    }
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

/// The best thresholds at a price of a broken word.
type Choose = fn(&[&Place], &Totals, f64) -> PerKind;

/// One confidence for each kind.
type PerKind = [f32; Kind::COUNT];

/// Thresholds that were chosen.
struct Chosen {
    /// On all.
    by_all: PerKind,
    /// For each fold on the others.
    without: Vec<PerKind>,
}

impl Chosen {
    fn at(places: &[Place], totals: &Totals, price: f64, choose: Choose) -> Self {
        let folds = places.iter().map(|place| fold(place) + 1).max().unwrap_or(0);
        let without = |held| {
            let others: Vec<&Place> = places.iter().filter(|place| fold(place) != held).collect();
            choose(&others, totals, price)
        };
        Self {
            by_all: choose(&places.iter().collect::<Vec<_>>(), totals, price),
            without: (0..folds).map(without).collect(),
        }
    }
}

fn fold(place: &Place) -> usize {
    place.first().map_or(0, |outcome| outcome.fold)
}

/// What is made at a place: the best of those that are sure enough for their kind.
fn made<'o>(place: &'o Place, thresholds: &PerKind) -> Option<&'o Outcome> {
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
fn choose_one(places: &[&Place], totals: &Totals, price: f64) -> PerKind {
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
fn choose_each(places: &[&Place], totals: &Totals, price: f64) -> PerKind {
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
        let harm = sum.feared(totals) + 1.0;
        let value = sum.gain as f64 - DOUBTED * witnesses.deviation() - price * harm;
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

    /// The greatest harm as so many right words of the noisy rows, and one deviation more, as Poisson has it: of few broken
    /// words that were seen one cannot be sure, and of many thresholds the luckiest are chosen.
    fn feared(&self, totals: &Totals) -> f64 {
        let words = totals.right as f64 * self.harm(totals).into_iter().fold(0.0, f64::max);
        words + words.sqrt()
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
#[path = "trade_tests.rs"]
mod tests;
