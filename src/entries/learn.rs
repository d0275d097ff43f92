//! Learning the room: does it pay, what does it know, whom does the judge believe.

use std::collections::{BTreeMap, BTreeSet};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::candidate::{gather, is_settled};
use super::features::FEATURES;
use super::judge::Notch;
use super::misread::LONGEST;
use super::store::{Fact, NO_KIND, Store};
use super::{EntriesJudge, EntriesReport, KindCoverage, Query, Scratch};
use crate::classify::{Calibration, CrossFit, Options, Rows, cross_fit, train};
use crate::corpus::Pair;

/// A kind of field is looked at if this share of its lines, and this many of them, are known from elsewhere.
const LEAST_KNOWN: f32 = 0.1;
const LEAST_LINES: usize = 20;
/// Pairs judged in the cross-fit at most; all are learned from.
const MOST_JUDGED: usize = 40_000;
const FOLDS: u64 = 10;
/// Right lines with an unknown entry may be broken this many times as often as right lines in general.
const UNKNOWN_HARM: f32 = 6.0;
/// Harm limits that thresholds are kept for.
const LIMITS: [f32; 9] = [0.000_5, 0.001, 0.002, 0.003, 0.005, 0.007_5, 0.01, 0.02, 0.05];
const DEFAULT_LIMIT: f32 = 0.005;

/// Learns the room from pairs.
#[derive(Clone, Copy, Debug, Default)]
pub struct EntriesLearner {
    /// Decides the folds.
    pub seed: u64,
}

/// What [`EntriesLearner::learn`] gives: two sections' bytes and the judge.
#[derive(Clone, Debug, PartialEq)]
pub struct EntriesParts {
    /// Pair memory: lines that were corrected, and to what.
    pub memory: Vec<u8>,
    /// Known entries with their index, and the costs of misreadings.
    pub entries: Vec<u8>,
    /// Which candidates are believed.
    pub judge: EntriesJudge,
}

impl EntriesLearner {
    /// Learns from pairs, entries known beside them, and, if there, what the character search makes of each pair's
    /// observed line when learned without its document. Where only the first pairs have such a reading, the judge learns
    /// from these, and the others are known to it. `None` if lines do not repeat, or if cross-fitting shows
    /// that proposals would not pay.
    pub fn learn(
        &self,
        pairs: &[Pair],
        known: &[String],
        readings: Option<&[String]>,
    ) -> Option<EntriesParts> {
        let mut kinds = coverage(pairs, known);
        if kinds.iter().all(|k| !k.is_open) {
            return None;
        }
        let facts = facts(pairs, &kinds);
        let readings = readings.filter(|r| r.len() <= pairs.len());
        let trial = self.trial(pairs, &facts, known, readings, &kinds);
        let options = Options { depth: 5, min_child_weight: 2.0, ..Options::default() };
        let ones = vec![1.0; trial.rows.len()];
        let CrossFit { margins, trees } =
            cross_fit(&trial.rows, &trial.labels, &ones, &trial.folds, &options);
        let options = Options { trees, ..options };
        let calibration = Calibration::fit(&margins, &trial.labels, &ones);
        let verdicts =
            trial.verdicts(|row| calibration.probability(margins.get(row).copied().unwrap_or(-60.0)));

        // A kind at which the proposals do not pay is shut. Few lines keep no strict promise: then the loosest.
        let base = [DEFAULT_LIMIT, LIMITS[LIMITS.len() - 1]]
            .into_iter()
            .find_map(|limit| choose(&verdicts, &trial.lines, limit))?;
        for kind in kinds.iter_mut().filter(|k| k.is_open) {
            let of_kind = |v: &&Verdict| trial.lines.get(v.line).is_some_and(|l| l.kind == kind.number);
            let own: Vec<Verdict> = verdicts.iter().filter(of_kind).copied().collect();
            kind.is_open = tally(&own, &trial.lines, base).pays();
        }
        let is_open = |number: u32| kinds.iter().any(|k| k.is_open && k.number == number);
        let verdicts: Vec<Verdict> = verdicts
            .into_iter()
            .filter(|v| trial.lines.get(v.line).is_some_and(|l| is_open(l.kind)))
            .collect();
        let dial: Vec<Notch> = LIMITS
            .iter()
            .filter_map(|&harm_limit| {
                choose(&verdicts, &trial.lines, harm_limit).map(|threshold| Notch { harm_limit, threshold })
            })
            .collect();
        if dial.is_empty() {
            return None;
        }
        let mut judge = EntriesJudge {
            forest: train(&trial.rows, &trial.labels, &ones, &options).calibrated(calibration),
            kinds,
            dial,
            report: EntriesReport::default(),
        };
        judge.report = tally(&verdicts, &trial.lines, judge.threshold(DEFAULT_LIMIT));
        let all: Vec<Fact<'_>> = facts.into_iter().flatten().collect();
        let bytes = Store::to_bytes(&all, known);
        Some(EntriesParts { memory: bytes.memory, entries: bytes.entries, judge })
    }

    /// Gives each pair the candidates that a room learned without its document would have found.
    fn trial(
        &self,
        pairs: &[Pair],
        facts: &[Option<Fact<'_>>],
        known: &[String],
        readings: Option<&[String]>,
        kinds: &[KindCoverage],
    ) -> Trial {
        let hash = |text: &str| xxh3_64_with_seed(text.as_bytes(), self.seed);
        let fold = |at: usize, pair: &Pair| {
            let own = at.to_le_bytes();
            let key = if pair.document.is_empty() {
                xxh3_64_with_seed(&own, self.seed)
            } else {
                hash(&pair.document)
            };
            key % FOLDS
        };
        let folds: Vec<u64> = pairs.iter().enumerate().map(|(at, p)| fold(at, p)).collect();
        let judged = readings.map_or(pairs.len(), <[String]>::len);
        let told: Vec<usize> = (0..judged).filter(|&at| facts[at].is_some()).collect();
        let stride = told.len().div_ceil(MOST_JUDGED).max(1);
        let mut trial = Trial { rows: Rows::new(FEATURES), ..Trial::default() };
        let mut scratch = Scratch::default();
        for held in 0..FOLDS {
            let others: Vec<Fact<'_>> =
                facts.iter().zip(&folds).filter(|(_, f)| **f != held).filter_map(|(fact, _)| *fact).collect();
            let bytes = Store::to_bytes(&others, known);
            let store = Store::parse(&bytes.memory, &bytes.entries);
            for &at in told.iter().step_by(stride) {
                let (Some(fact), true) = (facts[at], folds[at] == held) else { continue };
                let pair = &pairs[at];
                let line = trial.lines.len();
                trial.lines.push(Judged {
                    is_right: fact.observed == fact.intended,
                    is_known: store.entries.id(fact.intended).is_some(),
                    kind: fact.kind,
                });
                if is_settled(&store, fact.observed) {
                    continue;
                }
                let reading = readings.and_then(|r| r.get(at)).map(String::as_str);
                let query = Query { text: fact.observed, reading, kind: pair.kind.as_deref() };
                let kind = kinds.iter().find(|k| k.number == fact.kind);
                gather(&store, &query, kind, &mut scratch);
                for (candidate, features) in scratch.candidates.iter().zip(&scratch.features) {
                    let text = store.entries.text(candidate.entry).unwrap_or("");
                    if store.may_stand_for(fact.observed, candidate.entry, candidate.remembered) {
                        trial.rows.push(features);
                        trial.labels.push(text == fact.intended);
                        trial.folds.push(usize::try_from(held / 2).unwrap_or(0));
                        trial.of_line.push(line);
                    }
                }
            }
        }
        trial
    }
}

/// The kinds of field, numbered in the order of their names; open are those whose lines repeat from document to
/// document.
fn coverage(pairs: &[Pair], known: &[String]) -> Vec<KindCoverage> {
    let known: BTreeSet<&str> = known.iter().map(String::as_str).collect();
    let mut seen: BTreeMap<&str, BTreeMap<&str, (u32, &str, bool)>> = BTreeMap::new();
    for pair in pairs {
        let lines = seen.entry(pair.kind.as_deref().unwrap_or("")).or_default();
        let (count, first, elsewhere) = lines.entry(&pair.intended).or_insert((0, &pair.document, false));
        *elsewhere |= *count > 0 && (pair.document.is_empty() || pair.document != *first);
        *count += 1;
    }
    let mut kinds = Vec::new();
    for (number, (name, lines)) in (0..).zip(&seen) {
        let (mut all, mut met) = (0, 0);
        for (line, &(count, _, elsewhere)) in lines {
            let count = count as usize;
            all += count;
            let is_short = line.chars().take(LONGEST + 1).count() <= LONGEST;
            met += if is_short && (elsewhere || known.contains(line)) { count } else { 0 };
        }
        let share = met as f32 / all.max(1) as f32;
        let is_open = share >= LEAST_KNOWN && met >= LEAST_LINES;
        kinds.push(KindCoverage { name: (*name).to_string(), known: share, is_open, number });
    }
    kinds
}

/// The pairs that are looked at: short ones of open kinds.
fn facts<'a>(pairs: &'a [Pair], kinds: &[KindCoverage]) -> Vec<Option<Fact<'a>>> {
    let of = |pair: &'a Pair| {
        let name = pair.kind.as_deref().unwrap_or("");
        let kind = kinds.iter().find(|k| k.is_open && k.name == name)?;
        let is_short = |line: &str| line.chars().take(LONGEST + 1).count() <= LONGEST;
        if !is_short(&pair.observed) || !is_short(&pair.intended) {
            return None;
        }
        Some(Fact { observed: &pair.observed, intended: &pair.intended, kind: kind.number })
    };
    debug_assert!(kinds.iter().all(|k| k.number != NO_KIND));
    pairs.iter().map(of).collect()
}

/// Candidates of held-out lines.
#[derive(Debug, Default)]
struct Trial {
    rows: Rows,
    labels: Vec<bool>,
    folds: Vec<usize>,
    /// The line of each row; the rows of a line stand together.
    of_line: Vec<usize>,
    lines: Vec<Judged>,
}

#[derive(Clone, Copy, Debug)]
struct Judged {
    is_right: bool,
    is_known: bool,
    kind: u32,
}

/// The best candidate of a line.
#[derive(Clone, Copy, Debug)]
struct Verdict {
    line: usize,
    confidence: f32,
    is_right: bool,
}

impl Trial {
    /// The likeliest candidate of each line; a line without one has confidence −1.
    fn verdicts(&self, confidence: impl Fn(usize) -> f32) -> Vec<Verdict> {
        let mut verdicts: Vec<Verdict> =
            (0..self.lines.len()).map(|line| Verdict { line, confidence: -1.0, is_right: false }).collect();
        for (row, (&line, &label)) in self.of_line.iter().zip(&self.labels).enumerate() {
            let confidence = confidence(row);
            if let Some(best) = verdicts.get_mut(line).filter(|best| confidence > best.confidence) {
                *best = Verdict { line, confidence, is_right: label };
            }
        }
        verdicts
    }
}

impl EntriesReport {
    /// Whether proposals are worth their price: a broken line weighs two repaired ones, chance (one standard
    /// deviation of the difference) is taken off.
    fn pays(&self) -> bool {
        let (repaired, broken) = (f64::from(self.repaired), f64::from(self.broken));
        repaired - 2.0 * broken > (repaired + 4.0 * broken).sqrt()
    }

    fn keeps(&self, limit: f32) -> bool {
        // One standard deviation of the count, and one line, stand between what was seen and what is promised.
        let (broken, unknown) = (self.broken as f32, self.unknown_broken as f32);
        broken + broken.sqrt() + 1.0 <= limit * self.right as f32
            && unknown + unknown.sqrt() <= limit * UNKNOWN_HARM * self.unknown as f32
    }
}

fn tally(verdicts: &[Verdict], lines: &[Judged], threshold: f32) -> EntriesReport {
    let mut report = EntriesReport::default();
    for verdict in verdicts {
        let Some(line) = lines.get(verdict.line) else { continue };
        let changed = u32::from(verdict.confidence >= threshold);
        if line.is_right {
            report.right += 1;
            report.broken += changed;
            if !line.is_known {
                report.unknown += 1;
                report.unknown_broken += changed;
            }
        } else {
            report.wrong += 1;
            if verdict.is_right {
                report.repaired += changed;
            } else {
                report.missed += changed;
            }
        }
    }
    report
}

/// The threshold of the greatest gain within the harm limit; `None` if there is no gain.
fn choose(verdicts: &[Verdict], lines: &[Judged], limit: f32) -> Option<f32> {
    let gain = |r: &EntriesReport| i64::from(r.repaired) * 4 - i64::from(r.broken) * 16 - i64::from(r.missed);
    (50..100)
        .map(|percent| percent as f32 / 100.0)
        .filter_map(|threshold| {
            let report = tally(verdicts, lines, threshold);
            (report.keeps(limit) && report.pays()).then(|| (gain(&report), threshold))
        })
        .max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))
        .map(|(_, threshold)| threshold)
}
