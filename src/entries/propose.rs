//! From a line to the entry that it stands for.

use super::candidate::{gather, is_settled};
use super::store::Store;
use super::{EntriesJudge, Scratch};

/// A line to look up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Query<'a> {
    /// The observed line.
    pub text: &'a str,
    /// What the character search made of it, if it was asked.
    pub reading: Option<&'a str>,
    /// The field's kind, if known.
    pub kind: Option<&'a str>,
}

/// What a proposal rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The same line was corrected to this before.
    Memory,
    /// It is the nearest known entry.
    Entry,
}

/// A whole line to stand for the observed one.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The line.
    pub intended: String,
    /// Calibrated probability that it is meant, 0–1.
    pub confidence: f32,
    /// What it rests on.
    pub by: Source,
    /// Other entries with their probabilities, the likeliest first.
    pub alternatives: Vec<(String, f32)>,
}

/// Known entries and pair memory, ready to be asked.
///
/// ```
/// use amend::corpus::Pair;
/// use amend::entries::{Entries, EntriesLearner, Query, Scratch};
/// let names = ["Northgate Mills", "Alder & Sons", "Wharf Supply Co.", "Quay Timber Ltd"];
/// let mut pairs = Vec::new();
/// for n in 0..400 {
///     let intended = names[n % 4].to_string();
///     let cut = intended.len() - if n % 5 == 0 { n % 4 + 1 } else { 0 };
///     let observed = intended[..cut].to_string();
///     pairs.push(Pair { observed, intended, document: n.to_string(), ..Pair::default() });
/// }
/// let parts = EntriesLearner::default().learn(&pairs, &[], None).expect("short lines that repeat");
/// let entries = Entries::parse(&parts.memory, &parts.entries, &parts.judge, 0.005);
/// let mut scratch = Scratch::default();
/// let ask = |text, scratch: &mut Scratch| entries.propose(&Query { text, ..Query::default() }, scratch);
/// assert_eq!(ask("Quay Timber L", &mut scratch).expect("a proposal").intended, "Quay Timber Ltd");
/// assert_eq!(ask("Quay Timber Ltd", &mut scratch), None);
/// ```
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    pub(super) store: Store<'a>,
    pub(super) judge: &'a EntriesJudge,
    pub(super) threshold: f32,
}

impl<'a> Entries<'a> {
    /// Reads the room's two sections; damaged bytes give a room that knows less. `harm_limit` is the share of
    /// right lines that may be broken, 0–1.
    pub fn parse(memory: &'a [u8], entries: &'a [u8], judge: &'a EntriesJudge, harm_limit: f32) -> Self {
        Self { store: Store::parse(memory, entries), judge, threshold: judge.threshold(harm_limit) }
    }

    /// Whether a line is a known entry.
    pub fn contains(&self, line: &str) -> bool {
        self.store.entries.id(line).is_some()
    }

    /// Number of known entries.
    pub fn len(&self) -> usize {
        self.store.entries.len()
    }

    /// Whether no entry is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry that a line stands for, if it is likelier meant than the line itself; `None` leaves the line to
    /// others. Never the line itself, and never another digit for a digit unless users made that very change.
    pub fn propose(&self, query: &Query<'_>, scratch: &mut Scratch) -> Option<Proposal> {
        let kind = self.judge.kind(query.kind)?;
        if is_settled(&self.store, query.text) {
            return None;
        }
        gather(&self.store, query, Some(kind), scratch);
        let Scratch { candidates, features, judged, .. } = scratch;
        judged.clear();
        for (at, (candidate, features)) in candidates.iter().zip(features.iter()).enumerate() {
            if self.store.may_stand_for(query.text, candidate.entry, candidate.remembered) {
                judged.push((self.judge.forest.probability(features), at));
            }
        }
        // Equally likely: the better score, which came first.
        judged.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let &(confidence, first) = judged.first().filter(|j| j.0 >= self.threshold)?;
        let text = |at: usize| Some(self.store.entries.text(candidates.get(at)?.entry)?.to_string());
        let is_remembered = candidates.get(first).is_some_and(|c| c.remembered > 0);
        Some(Proposal {
            intended: text(first)?,
            confidence,
            by: if is_remembered { Source::Memory } else { Source::Entry },
            alternatives: judged.iter().skip(1).filter_map(|j| Some((text(j.1)?, j.0))).collect(),
        })
    }
}
