//! The screen: which pairs are too strange to learn from, and why.
//!
//! In: pairs as read, and plain text that is right. Out: the rows that pass, the rows that do not with a [`Reason`]
//! each, and a [`Tally`]. The first reason that applies, in the order of [`Reason`], is the one named. The screen is
//! conservative: a pair that is only hard (a truncated reading, a garbled short field) passes, because such lines come
//! in real work; what it refuses are
//!
//! - pairs whose sides are not one text (rewrites, shifted rows, text of another place), each seen by itself;
//! - repeats, and changes that one voice insists on, which would outvote everything else;
//! - pairs that teach an error, which only shows beside all the others and the text: `taught_error.rs` says how one
//!   is told from a genuine misreading.
//!
//! A pair is refused whole, not the one change in it: who writes one word wrong on purpose is no witness for the rest.
//! Knows nothing of how pairs are aligned later.

mod changes;
mod empty;
mod length_ratio;
mod one_voice;
mod repeats;
mod script_change;
mod slipped;
mod taught_error;
mod too_many_edits;
mod unreadable;
mod witness;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::pair::Pair;
use changes::Changes;

/// Why a pair is not learned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// A side holds nothing but white space.
    Empty,
    /// The intended side holds replacement or control characters: nobody meant those.
    Unreadable,
    /// One side is several times as long as the other.
    LengthRatio,
    /// The sides are written in different scripts.
    ScriptChange,
    /// More of the text is changed than kept.
    TooManyEdits,
    /// The intended side is that of a row beside it.
    Slipped,
    /// The very same pair was seen too often already.
    Repeat,
    /// It teaches an error that many pairs teach: others leave the word, and right text has no such word there.
    TaughtError,
    /// One document or two insist on one change of a word, and this is one time too many.
    OneVoice,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty side",
            Self::Unreadable => "unreadable intended side",
            Self::LengthRatio => "length ratio",
            Self::ScriptChange => "script change",
            Self::TooManyEdits => "too many edits",
            Self::Slipped => "slipped row",
            Self::Repeat => "repeat",
            Self::TaughtError => "taught error",
            Self::OneVoice => "one voice",
        })
    }
}

/// Where the screen draws its lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Most times that the longer side may hold the characters of the shorter (two added to both).
    pub length_ratio: f64,
    /// Most of the longer side that may be edited, 0–1 (Levenshtein distance over characters, case aside).
    pub edited: f64,
    /// Most of the longer side that may be edited, 0–1, where the intended side fits a row beside it twice as well.
    pub slipped: f64,
    /// How often the very same pair counts, whatever the size of the corpus …
    pub repeats: usize,
    /// … and as a share of all its pairs, 0–1; the larger of the two holds.
    pub repeats_share: f64,
    /// Fewest pairs that teach one change of a word before it is asked whether they teach an error.
    pub lessons: usize,
    /// How much less likely than the observed word right text finds what an error teaches, nats, on average.
    pub against: f64,
    /// How often the observed word is left where it is an error to change it, 0–1.
    pub contradicted: f64,
    /// Documents that are too few to speak for all: what no more than these change counts at most …
    pub voices: usize,
    /// … so many pairs, whatever the size of the corpus, …
    pub voice: usize,
    /// … or this share of all its pairs, 0–1; the larger of the two holds.
    pub voice_share: f64,
}

impl Limits {
    /// A share of a count.
    #[allow(clippy::cast_possible_truncation, reason = "never more than the count, never negative")]
    fn share(&self, count: usize, share: f64) -> usize {
        (count as f64 * share.clamp(0.0, 1.0)) as usize
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            length_ratio: 3.0,
            edited: 0.6,
            slipped: 0.3,
            repeats: 20,
            repeats_share: 0.02,
            lessons: 10,
            against: 2.5,
            contradicted: 0.1,
            voices: 2,
            voice: 20,
            voice_share: 0.002,
        }
    }
}

impl fmt::Display for Substitution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reason, observed, intended, rows, documents, left } = self;
        write!(
            f,
            "{reason}: {observed} → {intended}, in {rows} pairs of {documents} documents; left {left} times"
        )
    }
}

/// What was refused, counted by reason. Prints as `refused 3 of 120: empty side 1, repeat 2`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All pairs looked at.
    pub pairs: usize,
    /// Pairs refused, by reason.
    pub refused: BTreeMap<Reason, usize>,
    /// Changes of words for whose sake pairs were refused, in the order of the reasons, then of the words.
    pub substitutions: Vec<Substitution>,
}

/// A change of a word that pairs were refused for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Substitution {
    /// Why.
    pub reason: Reason,
    /// The word that was observed, folded.
    pub observed: String,
    /// The word that the pairs make of it, folded.
    pub intended: String,
    /// Pairs that do so.
    pub rows: usize,
    /// Documents that these are of.
    pub documents: usize,
    /// How often the observed word was left as it was.
    pub left: usize,
}

impl Tally {
    /// Pairs refused for any reason.
    pub fn total(&self) -> usize {
        self.refused.values().sum()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused {} of {}", self.total(), self.pairs)?;
        for (n, (reason, count)) in self.refused.iter().enumerate() {
            write!(f, "{} {reason} {count}", if n == 0 { ":" } else { "," })?;
        }
        Ok(())
    }
}

/// What the screen found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Screened {
    /// The rows that pass, in order.
    pub kept: Vec<usize>,
    /// The rows that do not, in order.
    pub refused: Vec<(usize, Reason)>,
    /// The same, counted.
    pub tally: Tally,
}

/// Looks at every pair.
///
/// ```
/// use amend::corpus::{Limits, Pair, Reason, screen};
/// let pair = |o: &str, i: &str| Pair { observed: o.into(), intended: i.into(), ..Pair::default() };
/// let found = screen(&[pair("tbe cat", "the cat"), pair("the cat", "")], &[], &Limits::default());
/// assert_eq!(found.kept, [0]);
/// assert_eq!(found.refused, [(1, Reason::Empty)]);
/// assert_eq!(found.tally.to_string(), "refused 1 of 2: empty side 1");
/// ```
pub fn screen(pairs: &[Pair], texts: &[String], limits: &Limits) -> Screened {
    let mut repeats = repeats::Repeats::new(pairs.len(), limits);
    let mut reasons: Vec<Option<Reason>> = (0..)
        .zip(pairs)
        .map(|(row, pair)| {
            let slipped = || slipped::applies(pairs, row, limits).then_some(Reason::Slipped);
            alone(pair, limits).or_else(slipped).or_else(|| repeats.reason(pair))
        })
        .collect();
    let mut found = Screened::default();
    let sound: Vec<usize> = (0..).zip(&reasons).filter(|(_, r)| r.is_none()).map(|(row, _)| row).collect();
    let changes = Changes::of(pairs, &sound);
    let mut refuse = |reasons: &mut [Option<Reason>], lessons: Vec<(Substitution, Vec<usize>)>| {
        for (substitution, rows) in lessons {
            for row in rows {
                if let Some(reason) = reasons.get_mut(row) {
                    reason.get_or_insert(substitution.reason);
                }
            }
            found.tally.substitutions.push(substitution);
        }
    };
    let errors = taught_error::find(&changes, pairs, texts, limits);
    refuse(&mut reasons, errors);
    let refused = |row: usize| reasons.get(row).is_some_and(Option::is_some);
    let voices = one_voice::find(&changes, pairs, refused, limits);
    refuse(&mut reasons, voices);
    found.tally.pairs = pairs.len();
    for (row, reason) in reasons.into_iter().enumerate() {
        match reason {
            None => found.kept.push(row),
            Some(reason) => {
                found.refused.push((row, reason));
                *found.tally.refused.entry(reason).or_default() += 1;
            }
        }
    }
    found
}

/// Of how many documents the rows are; a row without one is its own.
fn documents_of(pairs: &[Pair], rows: &[usize]) -> usize {
    let named = |row: &usize| pairs.get(*row).map(|pair| pair.document.as_str()).filter(|d| !d.is_empty());
    let documents: BTreeSet<&str> = rows.iter().filter_map(named).collect();
    documents.len() + rows.iter().filter(|row| named(row).is_none()).count()
}

/// The reasons that need no other pair.
fn alone(pair: &Pair, limits: &Limits) -> Option<Reason> {
    if empty::applies(pair) {
        Some(Reason::Empty)
    } else if unreadable::applies(pair) {
        Some(Reason::Unreadable)
    } else if length_ratio::applies(pair, limits) {
        Some(Reason::LengthRatio)
    } else if script_change::applies(pair) {
        Some(Reason::ScriptChange)
    } else if too_many_edits::applies(pair, limits) {
        Some(Reason::TooManyEdits)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
