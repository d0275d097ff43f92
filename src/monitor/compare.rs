//! New text against what the model was learned from.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::sums::{Sums, Test};
use super::telling::{Changed, sentence};
use crate::learn::{Confusion, Portrait, Reference, Sampled};

/// How to compare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Share of windows without a change that may give an alarm, 0–1.
    pub level: f64,
    /// How often the documents are dealt out anew.
    pub draws: usize,
    /// Seed of that.
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
    /// What changed, where there is an alarm.
    pub changed: Option<Changed>,
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
    /// How far apart they are beyond what is the same, in deviations of what is so when the documents are dealt out anew.
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
/// Documents in which a confusion that rose has to be found.
const SPREAD: usize = 3;
/// The least part by which a frequency has to fall, or the new one to be more, for a confusion to be told.
const LEAST_MOVE: f64 = 0.25;
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
    let sampled: Vec<Sampled> = new.iter().map(|portrait| reference.sampled(portrait)).collect();
    let here = Sums::of(&sampled);
    if here.words == 0.0 {
        return None;
    }
    let homes = homes(reference);
    let judged = homes.iter().filter_map(|home| judge(home, &sampled, reference.confusions.len(), options));
    // The nearest; of equals the first.
    let is_nearer = |a: &Judged<'_, '_>, b: &Judged<'_, '_>| (b.chance, a.farthest) < (a.chance, b.farthest);
    let nearest = judged.reduce(|a, b| if is_nearer(&b, &a) { b } else { a })?;
    let Judged { home, chance, tests, .. } = nearest;
    let measure = |(test, deviations, changed): (Test, f64, bool)| {
        let (name, unit, scale) = named(test, &reference.confusions);
        let plain = |sums| scale * test.plain(sums, &home.all);
        Measure { name, unit, reference: plain(&home.all), here: plain(&here), deviations, changed, test }
    };
    let measures: Vec<Measure> = tests.into_iter().map(measure).collect();
    let moved = moved(reference, home, new, here.words);
    let alarm = chance <= options.level;
    let (changed, sentence) = sentence(&measures, &moved, alarm);
    let extent = |sums: &Sums| Extent { documents: whole(sums.documents), words: whole(sums.words) };
    let (reference, source) = (extent(&home.all), home.source);
    let (level, here) = (options.level, extent(&here));
    Some(Drift { alarm, chance, level, sentence, changed, source, reference, here, measures, moved })
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
    new: &[Sampled],
    confusions: usize,
    options: &Options,
) -> Option<Judged<'h, 'r>> {
    if home.sample.len() < FEW {
        return None;
    }
    let all: Vec<&Sampled> = home.sample.iter().copied().chain(new).collect();
    let (old, new) = (Sums::of(home.sample.iter().copied()), Sums::of(new));
    let both = Sums::default().and(&old).and(&new);
    let dealt: Vec<[Sums; 2]> = (0..options.draws.max(1))
        .into_par_iter()
        .map(|k| deal(&all, home.sample.len(), options.seed, k as u64))
        .collect();
    let draws = dealt.len() as f64;
    // A text shorter than those dealt strays more.
    let words = dealt.iter().map(|[_, new]| new.words).sum::<f64>() / draws;
    let shorter = (words / new.words).max(1.0).sqrt();
    let mut farthest = vec![0.0_f64; dealt.len()];
    let mut tests = Vec::new();
    for test in Test::all(confusions) {
        if test.is_part() && test.expected(&both, &new) < EXPECTED {
            continue;
        }
        let away = |[old, new]: &[Sums; 2]| test.value(new, old) - test.value(old, old);
        let values: Vec<f64> = dealt.iter().map(away).collect();
        let middle = values.iter().sum::<f64>() / draws;
        let deviation = (values.iter().map(|v| (v - middle) * (v - middle)).sum::<f64>() / draws).sqrt();
        if deviation <= f64::EPSILON {
            continue;
        }
        // A distance can only be too great.
        let beyond = |value: f64| match test {
            Test::Mix => ((value - middle) / deviation).max(0.0),
            _ => (value - middle) / deviation,
        };
        for (farthest, value) in farthest.iter_mut().zip(&values) {
            *farthest = farthest.max(beyond(*value).abs());
        }
        let (own, there) = (away(&[old.clone(), new.clone()]), test.same(test.value(&old, &old)));
        // What is nearer than `there` is the same; what is farther, by the rest.
        let own = if own.abs() <= there { middle } else { own - there.copysign(own) };
        tests.push((test, beyond(own) / shorter, false));
    }
    let own = tests.iter().map(|(_, away, _)| away.abs()).fold(0.0, f64::max);
    let chance = |far: f64| {
        let as_far = farthest.iter().filter(|&&other| other >= far).count() as f64;
        (as_far + 1.0) / (draws + 1.0)
    };
    for (_, away, changed) in &mut tests {
        *changed = chance(away.abs()) <= options.level;
    }
    Some(Judged { home, chance: chance(own), farthest: own, tests })
}

/// Deals the documents out anew: as many as are old, and as many as are new.
fn deal(all: &[&Sampled], old: usize, seed: u64, number: u64) -> [Sums; 2] {
    let mut state = mixed(seed ^ mixed(number.wrapping_add(1)));
    let mut order: Vec<&Sampled> = all.to_vec();
    // Fisher & Yates; only which side a document comes to matters.
    for at in 0..old.min(all.len()) {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let other = (u128::from(mixed(state)) * (all.len() - at) as u128) >> 64;
        order.swap(at, at + usize::try_from(other).unwrap_or(0));
    }
    let (old, new) = order.split_at(old.min(all.len()));
    [Sums::of(old.iter().copied()), Sums::of(new.iter().copied())]
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
    // Before, here, and in how many documents here.
    let mut here: BTreeMap<&Confusion, ([f64; 2], usize)> =
        reference.confusions.iter().map(|confusion| (confusion, Default::default())).collect();
    for (confusion, n) in new.iter().flat_map(|portrait| &portrait.confusions) {
        let counted = here.entry(confusion).or_default();
        *counted = ([0.0, counted.0[1] + *n as f64], counted.1 + 1);
    }
    let own = reference.sources.iter().filter(|s| home.source.is_none_or(|own| own == s.source));
    for (confusion, n) in own.flat_map(|source| reference.confusions.iter().zip(&source.confusions)) {
        here.entry(confusion).or_default().0[0] += *n as f64;
    }
    let mut all: Vec<(f64, Moved)> = here
        .into_iter()
        // What rose in one or two documents only may be theirs alone.
        .filter(|(_, ([before, now], documents))| {
            now / words < before / home.all.words || *documents >= SPREAD.min(new.len())
        })
        .map(|(confusion, ([before, now], _))| {
            let (before, now) = (before / home.all.words.max(1.0), now / words);
            let Confusion { observed, intended } = confusion.clone();
            let far = (now.sqrt() - before.sqrt()).abs();
            (far, Moved { observed, intended, reference: 1000.0 * before, here: 1000.0 * now })
        })
        // Two occurrences are an accident, and a little more or less is no move.
        .filter(|(_, moved)| {
            let most = moved.reference.max(moved.here);
            most * words > 2_500.0 && (moved.here - moved.reference).abs() > LEAST_MOVE * most
        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::{Figures, SourceFigures};

    fn rn() -> Confusion {
        Confusion { observed: "rn".to_owned(), intended: "m".to_owned() }
    }

    /// A document of a hundred words with so many unknown words and so many times `rn → m` among ten changes.
    fn portrait(unknown: u64, rn_to_m: u64) -> Portrait {
        let figures = Figures {
            words: 100,
            spelled: 100,
            unknown,
            symbols: 500,
            nats: 1_000.0,
            proposals: [10, 0, 0, 0, 0, 0, 0, 0, 0],
            stretches: 10,
        };
        let confusions = if rn_to_m > 0 { [(rn(), rn_to_m)].into() } else { BTreeMap::new() };
        Portrait { source: 0, figures, confusions }
    }

    /// Of forty documents that differ a little: 4–6 unknown words, 3–5 of the confusion; of 1,000 words 49.75 and 39.5.
    fn home() -> Reference {
        let portraits: Vec<Portrait> = (0..40).map(|k| portrait(4 + k % 3, 3 + k / 2 % 3)).collect();
        let figures = portraits.iter().fold(Figures::default(), |sum, p| sum.and(&p.figures));
        let all = portraits.iter().flat_map(|p| p.confusions.values()).sum();
        let mut reference = Reference {
            confusions: vec![rn()],
            sources: vec![SourceFigures { source: 0, documents: 40, figures, confusions: vec![all] }],
            sample: Vec::new(),
        };
        reference.sample = portraits.iter().map(|portrait| reference.sampled(portrait)).collect();
        reference
    }

    fn drift(new: &[Portrait]) -> Drift {
        compare(&home(), new, &Options::default()).expect("documents enough")
    }

    #[test]
    fn the_same_again_is_no_news() {
        let found = drift(&(0..10).map(|k| portrait(4 + k % 3, 3 + k % 3)).collect::<Vec<_>>());
        assert!(!found.alarm && found.chance > 0.2 && found.changed.is_none(), "{found:?}");
        assert!(found.measures.iter().all(|m| !m.changed));
        assert_eq!((found.reference.documents, found.here.documents, found.here.words), (40, 10, 1_000));
        assert_eq!(found, drift(&(0..10).map(|k| portrait(4 + k % 3, 3 + k % 3)).collect::<Vec<_>>()));
    }

    #[test]
    fn what_changed_is_told() {
        let other_recogniser = drift(&vec![portrait(5, 0); 10]);
        assert!(
            other_recogniser.alarm && other_recogniser.changed == Some(Changed::Misreadings),
            "{other_recogniser:?}"
        );
        let told = &other_recogniser.sentence;
        assert!(
            told.starts_with("likely a new recogniser: `rn`→`m` fell from 39.5 to 0.0 per 1,000 words"),
            "{told}"
        );
        let other_text = drift(&vec![portrait(30, 4); 10]);
        assert!(other_text.alarm && other_text.changed == Some(Changed::Language), "{other_text:?}");
        let told = &other_text.sentence;
        assert!(
            told.starts_with(
                "likely a new kind of text, or a new recogniser: unknown words rose from 5.0 to 30.0 %"
            ),
            "{told}"
        );
    }

    #[test]
    fn without_documents_nothing_is_said() {
        assert_eq!(compare(&home(), &[], &Options::default()), None);
        let mut few = home();
        few.sample.truncate(FEW - 1);
        assert_eq!(compare(&few, &[portrait(5, 4)], &Options::default()), None);
        assert_eq!(compare(&Reference::default(), &[portrait(5, 4)], &Options::default()), None);
    }

    #[test]
    fn the_text_of_one_source_is_no_news_to_a_model_of_two() {
        let mut two = home();
        let mut other: Vec<Portrait> = (0..40).map(|k| portrait(40 + k % 3, 3 + k % 3)).collect();
        other.iter_mut().for_each(|p| p.source = 1);
        let figures = other.iter().fold(Figures::default(), |sum, p| sum.and(&p.figures));
        let all = other.iter().flat_map(|p| p.confusions.values()).sum();
        two.sources.push(SourceFigures { source: 1, documents: 40, figures, confusions: vec![all] });
        let kept: Vec<Sampled> = other.iter().map(|p| two.sampled(p)).collect();
        two.sample.extend(kept);
        let found = compare(&two, &other[..10], &Options::default()).expect("documents enough");
        assert!(!found.alarm && found.source == Some(1), "{found:?}");
        let found = compare(&two, &vec![portrait(80, 4); 10], &Options::default()).expect("documents enough");
        assert!(found.alarm, "{found:?}");
    }
}
