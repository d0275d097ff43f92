//! New text against what the model was learned from.

use rayon::prelude::*;
use serde::Serialize;

use super::sums::{Sums, Test};
use super::telling::{Cause, sentence};
use crate::learn::{Confusion, Portrait, Reference, Sampled};

/// How to compare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Share of windows without a change that may give an alarm, 0–1.
    pub level: f64,
    /// How often as much text is drawn as there is new.
    pub draws: usize,
    /// Seed of the draws.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { level: 0.05, draws: 1_999, seed: 1 }
    }
}

/// Whether new text is still what the model was learned from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drift {
    /// Whether it is not.
    pub alarm: bool,
    /// The chance of so great a change without a cause, 0–1.
    pub chance: f64,
    /// The chance below which there is an alarm.
    pub level: f64,
    /// What changed, in a sentence; or that nothing did.
    pub sentence: String,
    /// What it seems to come of, where there is an alarm.
    pub cause: Option<Cause>,
    /// The source that the text is most like; none: all together.
    pub source: Option<u32>,
    /// Documents and words learned from that it is compared with.
    pub reference: Extent,
    /// The new ones.
    pub here: Extent,
    /// The figures.
    pub measures: Vec<Measure>,
    /// The confusions whose frequency differs most, the farthest first.
    pub moved: Vec<Moved>,
}

/// How much text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Extent {
    /// Documents.
    pub documents: u64,
    /// Words; in scripts without spaces, graphemes.
    pub words: u64,
}

/// A figure of the text learned from and of the new one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measure {
    /// Its name.
    pub name: String,
    /// Its unit: "%", "nats", "per 1,000 words", "index".
    pub unit: &'static str,
    /// In what was learned from.
    pub reference: f64,
    /// In the new text.
    pub here: f64,
    /// How far apart they are, in deviations of as much text drawn from what was learned from.
    pub deviations: f64,
    /// Whether that is farther than chance goes.
    pub changed: bool,
    #[serde(skip)]
    pub(super) test: Test,
}

/// A confusion that is proposed more or less often.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moved {
    /// What stands there.
    pub observed: String,
    /// What would.
    pub intended: String,
    /// Of 1,000 words learned from; 0 where it was too rare to be counted by name.
    pub reference: f64,
    /// Of 1,000 new words.
    pub here: f64,
}

/// Documents that are too few to say how much documents differ.
const FEW: usize = 8;
/// Counts of which less is expected are not compared by themselves.
const EXPECTED: f64 = 5.0;
/// Confusions that are shown.
const SHOWN: usize = 10;

/// What new text is compared with: all documents in sums, and those that are kept one by one.
struct Home<'r> {
    source: Option<u32>,
    all: Sums,
    sample: Vec<&'r Sampled>,
}

/// How new text lies beside one of them.
struct Judged<'h, 'r> {
    home: &'h Home<'r>,
    chance: f64,
    /// The farthest, in deviations.
    farthest: f64,
    tests: Vec<(Test, f64, bool)>,
}

/// Compares documents with what the model was learned from; `None` where it keeps too few documents to say what is news, or
/// there is nothing new.
///
/// O(draws × documents).
pub fn compare(reference: &Reference, new: &[Portrait], options: &Options) -> Option<Drift> {
    let here = Sums::of(&new.iter().map(|portrait| reference.sampled(portrait)).collect::<Vec<_>>());
    if here.words == 0.0 {
        return None;
    }
    let homes = homes(reference);
    let judged = homes.iter().filter_map(|home| judge(home, &here, reference.confusions.len(), options));
    // The nearest; of equals the first.
    let nearest = judged
        .reduce(|a, b| if (b.chance, -b.farthest) > (a.chance, -a.farthest) { nearer(a, b) } else { a })?;
    let Judged { home, chance, tests, .. } = nearest;
    let measure = |(test, deviations, changed): (Test, f64, bool)| {
        let (name, unit, scale) = named(test, &reference.confusions);
        let plain = |sums| scale * test.plain(sums, &home.all);
        Measure { name, unit, reference: plain(&home.all), here: plain(&here), deviations, changed, test }
    };
    let measures: Vec<Measure> = tests.into_iter().map(measure).collect();
    let moved = moved(reference, home, new, here.words);
    let alarm = chance <= options.level;
    let (cause, sentence) = sentence(&measures, &moved, alarm);
    let extent = |sums: &Sums| Extent { documents: whole(sums.documents), words: whole(sums.words) };
    let (reference, source) = (extent(&home.all), home.source);
    let (level, here) = (options.level, extent(&here));
    Some(Drift { alarm, chance, level, sentence, cause, source, reference, here, measures, moved })
}

fn nearer<T>(_: T, b: T) -> T {
    b
}

/// All sources together, and each.
fn homes(reference: &Reference) -> Vec<Home<'_>> {
    let each = reference.sources.iter().map(|source| Home {
        source: Some(source.source),
        all: Sums::of_source(source),
        sample: reference.sample.iter().filter(|s| s.source == source.source).collect(),
    });
    let mut homes: Vec<Home<'_>> = each.collect();
    if let [only] = homes.as_mut_slice() {
        only.source = None;
    } else {
        let all = homes.iter().fold(Sums::default(), |sum, home| sum.and(&home.all));
        homes.insert(0, Home { source: None, all, sample: reference.sample.iter().collect() });
    }
    homes
}

fn judge<'h, 'r>(
    home: &'h Home<'r>,
    new: &Sums,
    confusions: usize,
    options: &Options,
) -> Option<Judged<'h, 'r>> {
    if home.sample.len() < FEW {
        return None;
    }
    let mother = Sums::of(home.sample.iter().copied());
    let drawn: Vec<Sums> = (0..options.draws.max(1))
        .into_par_iter()
        .map(|k| draw(&home.sample, new, options.seed, k as u64))
        .collect();
    let draws = drawn.len() as f64;
    let mean = |of: &dyn Fn(&Sums) -> f64| drawn.iter().map(of).sum::<f64>() / draws;
    // The figures learned from are of a sample too; few documents differ less from their mean than new ones do; and a shorter
    // text than the drawn ones strays more.
    let documents = home.sample.len() as f64;
    let wider = (1.0 + mean(&|sums| sums.documents) / home.all.documents.max(1.0)).sqrt();
    let shorter = (mean(&|sums| sums.words) / new.words).max(1.0).sqrt();
    let scale = wider * shorter * (documents / (documents - 1.0)).sqrt();
    let mut farthest = vec![0.0_f64; drawn.len()];
    let mut tests = Vec::new();
    for test in Test::all(confusions) {
        if !matches!(test, Test::Unknown | Test::Perplexity | Test::Proposals)
            && test.expected(&home.all, new) < EXPECTED
        {
            continue;
        }
        let values: Vec<f64> = drawn.iter().map(|sums| test.value(sums, &mother)).collect();
        let middle = values.iter().sum::<f64>() / draws;
        let own = test.value(&home.all, &home.all);
        let variance = values.iter().map(|v| (v - middle) * (v - middle)).sum::<f64>() / draws;
        let deviation = variance.sqrt().max(test.least_deviation(own, new));
        // A distance can only be too great.
        let reach = |away: f64| if test == Test::Mix { away.max(0.0) } else { away.abs() };
        for (farthest, value) in farthest.iter_mut().zip(&values) {
            *farthest = farthest.max(reach(value - middle) / deviation);
        }
        let expected = if test == Test::Mix { middle * scale } else { own };
        let away = test.value(new, &home.all) - expected;
        let beyond = (reach(away) - test.same(own)).max(0.0) / (deviation * scale);
        tests.push((test, if away < 0.0 { -beyond } else { beyond }, false));
    }
    let own = tests.iter().map(|(_, away, _)| away.abs()).fold(0.0, f64::max);
    let as_far = farthest.iter().filter(|&&far| far >= own).count() as f64;
    farthest.sort_by(|a, b| b.total_cmp(a));
    let within =
        farthest.iter().enumerate().find(|(at, _)| (*at as f64 + 2.0) / (draws + 1.0) > options.level);
    let limit = within.map_or(0.0, |(_, far)| *far);
    for (_, away, changed) in &mut tests {
        *changed = away.abs() > limit;
    }
    Some(Judged { home, chance: (as_far + 1.0) / (draws + 1.0), farthest: own, tests })
}

/// Documents drawn with replacement: as many as are new, or as hold as many words, whichever is less.
fn draw(sample: &[&Sampled], new: &Sums, seed: u64, number: u64) -> Sums {
    let mut state = mixed(seed ^ mixed(number.wrapping_add(1)));
    let mut sums = Sums::default();
    while sums.documents < new.documents && (sums.documents < 1.0 || sums.words < new.words) {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let at = (u128::from(mixed(state)) * sample.len() as u128) >> 64;
        if let Some(document) = usize::try_from(at).ok().and_then(|at| sample.get(at)) {
            sums.add(document);
        }
    }
    sums
}

/// SplitMix64 (Steele, Lea & Flood 2014).
fn mixed(mut bits: u64) -> u64 {
    bits = (bits ^ bits >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ bits >> 31
}

fn named(test: Test, confusions: &[Confusion]) -> (String, &'static str, f64) {
    const PER_WORDS: &str = "per 1,000 words";
    match test {
        Test::Unknown => ("unknown words".to_owned(), "%", 100.0),
        Test::Perplexity => ("perplexity of graphemes".to_owned(), "nats", 1.0),
        Test::Proposals => ("changes proposed".to_owned(), PER_WORDS, 1000.0),
        Test::Kind(kind) => {
            let kind = crate::guard::Kind::ALL.get(kind).map_or("", |kind| kind.name());
            (format!("changes of {kind}"), PER_WORDS, 1000.0)
        }
        Test::Confusion(at) => {
            (confusions.get(at).map_or_else(String::new, Confusion::to_string), PER_WORDS, 1000.0)
        }
        Test::Mix => ("mix of confusions".to_owned(), "index", 1.0),
    }
}

/// The confusions whose frequency differs most: roots of rates, which stray alike (Freeman & Tukey 1950).
fn moved(reference: &Reference, home: &Home<'_>, new: &[Portrait], words: f64) -> Vec<Moved> {
    let mut here: std::collections::BTreeMap<&Confusion, [f64; 2]> =
        reference.confusions.iter().map(|confusion| (confusion, [0.0, 0.0])).collect();
    for (confusion, n) in new.iter().flat_map(|portrait| &portrait.confusions) {
        here.entry(confusion).or_default()[1] += *n as f64;
    }
    let own = reference.sources.iter().filter(|s| home.source.is_none_or(|own| own == s.source));
    for (confusion, n) in own.flat_map(|source| reference.confusions.iter().zip(&source.confusions)) {
        here.entry(confusion).or_default()[0] += *n as f64;
    }
    let mut all: Vec<(f64, Moved)> = here
        .into_iter()
        .map(|(confusion, [before, now])| {
            let (before, now) = (before / home.all.words.max(1.0), now / words);
            let Confusion { observed, intended } = confusion.clone();
            let far = (now.sqrt() - before.sqrt()).abs();
            (far, Moved { observed, intended, reference: 1000.0 * before, here: 1000.0 * now })
        })
        // Two occurrences are an accident.
        .filter(|(_, moved)| moved.reference.max(moved.here) * words > 2_500.0)
        .collect();
    // Equally far: by text.
    all.sort_by(|a, b| {
        b.0.total_cmp(&a.0).then_with(|| (&a.1.observed, &a.1.intended).cmp(&(&b.1.observed, &b.1.intended)))
    });
    all.into_iter().take(SHOWN).map(|(_, moved)| moved).collect()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a sum of counts")]
fn whole(count: f64) -> u64 {
    count as u64
}
