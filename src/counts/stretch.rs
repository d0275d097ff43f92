//! Aligned pairs counted: where their sides differ, before anybody says what was misread as what.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::align::{Difference, differences};
use super::confusion::{Segment, SymbolPair};
use super::{Alphabet, Symbol};

/// Stretches longer than this (symbols, either side) are damage, not misreading, and give no counts.
const LONGEST_STRETCH: usize = 8;
/// Rows with more than this share of symbols in differences give no counts.
const MOST_DIFFERENT: f64 = 0.4;
/// Pairs that are counted at a time.
const PIECE: usize = 8_192;

/// The two sides of a stretch, a boundary between them: no text holds one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Stretch(Box<[Symbol]>);

impl Stretch {
    /// Observed and intended symbols.
    pub(super) fn sides(&self) -> (&[Symbol], &[Symbol]) {
        let at = self.0.iter().position(|&s| s == Alphabet::BOUNDARY).unwrap_or(self.0.len());
        (self.0.get(..at).unwrap_or(&[]), self.0.get(at + 1..).unwrap_or(&[]))
    }
}

/// What aligned pairs show, as mergeable counts: merging in any grouping and order gives the same, and what was merged can
/// be taken out again. Exact below 2³².
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StretchCounts {
    /// Stretch where the sides differ → how often.
    pub(super) stretches: BTreeMap<Stretch, u32>,
    /// Intended segment of 1 to 3 symbols → how often it stood in intended text; nothing → number of gaps.
    pub(super) occurrences: BTreeMap<Segment, u32>,
    /// Symbol → how often it was read as itself.
    pub(super) kept: BTreeMap<Symbol, u32>,
    /// Aligned pairs whose differences were too many to learn from.
    pub(super) left_out: u32,
}

/// Counts being made.
#[derive(Default)]
struct Found {
    stretches: HashMap<Box<[Symbol]>, u32>,
    occurrences: HashMap<Segment, u32>,
    kept: BTreeMap<Symbol, u32>,
    left_out: u32,
}

impl StretchCounts {
    /// Aligns the pairs and counts what they show, on all threads of the current rayon pool.
    pub fn count(alphabet: &Alphabet, pairs: &[SymbolPair]) -> Self {
        let space = alphabet.symbol(" ");
        pairs.par_chunks(PIECE).map(|piece| Self::of_piece(space, piece)).reduce(Self::default, Self::merge)
    }

    fn of_piece(space: Symbol, pairs: &[SymbolPair]) -> Self {
        let mut counts = Found::default();
        let mut stretch = Vec::new();
        for pair in pairs {
            let found = differences(&pair.observed, &pair.intended, |&s| s == space);
            let different: usize = found.iter().map(|d| d.observed.len().max(d.intended.len())).sum();
            if different as f64 > MOST_DIFFERENT * pair.intended.len().max(1) as f64 {
                counts.left_out += 1;
                continue;
            }
            counts.occurrences(&pair.intended);
            counts.kept(pair, &found);
            for d in found {
                if d.observed.len().max(d.intended.len()) <= LONGEST_STRETCH {
                    stretch.clear();
                    stretch.extend_from_slice(&pair.observed[d.observed]);
                    stretch.push(Alphabet::BOUNDARY);
                    stretch.extend_from_slice(&pair.intended[d.intended]);
                    match counts.stretches.get_mut(stretch.as_slice()) {
                        Some(n) => *n += 1,
                        None => _ = counts.stretches.insert(stretch.as_slice().into(), 1),
                    }
                }
            }
        }
        Self {
            stretches: counts.stretches.into_iter().map(|(symbols, n)| (Stretch(symbols), n)).collect(),
            occurrences: counts.occurrences.into_iter().collect(),
            kept: counts.kept,
            left_out: counts.left_out,
        }
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.occurrences.is_empty() && self.left_out == 0
    }

    /// The counts of both.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        if other.stretches.len() > self.stretches.len() {
            return other.merge(self);
        }
        add(&mut self.stretches, other.stretches);
        add(&mut self.occurrences, other.occurrences);
        add(&mut self.kept, other.kept);
        self.left_out = self.left_out.saturating_add(other.left_out);
        self
    }

    /// The counts of what was merged into these beside `other`.
    #[must_use]
    pub fn without(mut self, other: &Self) -> Self {
        take(&mut self.stretches, &other.stretches);
        take(&mut self.occurrences, &other.occurrences);
        take(&mut self.kept, &other.kept);
        self.left_out = self.left_out.saturating_sub(other.left_out);
        self
    }

    /// The same counts under other numbers: `to` gives each symbol's.
    #[must_use]
    pub fn renumbered(&self, to: impl Fn(Symbol) -> Symbol) -> Self {
        let mut counts = Self { left_out: self.left_out, ..Self::default() };
        let stretch = |s: &Stretch| Stretch(s.0.iter().map(|&s| to(s)).collect());
        let segment = |s: &Segment| {
            let symbols: Vec<Symbol> = s.symbols().iter().map(|&s| to(s)).collect();
            Segment::new(&symbols).unwrap_or_default()
        };
        add(&mut counts.stretches, self.stretches.iter().map(|(s, &n)| (stretch(s), n)));
        add(&mut counts.occurrences, self.occurrences.iter().map(|(s, &n)| (segment(s), n)));
        add(&mut counts.kept, self.kept.iter().map(|(&s, &n)| (to(s), n)));
        counts
    }
}

fn add<K: Ord>(all: &mut BTreeMap<K, u32>, more: impl IntoIterator<Item = (K, u32)>) {
    for (key, n) in more {
        let count = all.entry(key).or_default();
        *count = count.saturating_add(n);
    }
}

fn take<K: Ord>(all: &mut BTreeMap<K, u32>, less: &BTreeMap<K, u32>) {
    for (key, &n) in less {
        if let Some(count) = all.get_mut(key) {
            *count = count.saturating_sub(n);
        }
    }
    all.retain(|_, n| *n > 0);
}

impl Found {
    fn occurrences(&mut self, intended: &[Symbol]) {
        for len in 1..=Segment::MOST {
            for symbols in intended.windows(len) {
                if let Some(segment) = Segment::new(symbols) {
                    *self.occurrences.entry(segment).or_default() += 1;
                }
            }
        }
        let gaps = u32::try_from(intended.len() + 1).unwrap_or(u32::MAX);
        *self.occurrences.entry(Segment::default()).or_default() += gaps;
    }

    fn kept(&mut self, pair: &SymbolPair, found: &[Difference]) {
        let mut at = 0;
        let end = pair.intended.len();
        for (start, next) in found.iter().map(|d| (d.intended.start, d.intended.end)).chain([(end, end)]) {
            for &symbol in &pair.intended[at..start] {
                *self.kept.entry(symbol).or_default() += 1;
            }
            at = next;
        }
    }
}
