//! Confusion counts: how often an intended segment was read as an observed segment.
//!
//! Inside each stretch where the sides differ, the segmentation into pairs of at most three symbols a side is
//! found by Viterbi training (the best segmentation under the current estimate is counted, then the estimate
//! made anew), as in the segment models of Brill & Moore, "An improved error model for noisy channel spelling
//! correction", ACL 2000.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use super::{Alphabet, StretchCounts, Symbol};
use crate::cost::ln;

/// A short sequence of symbols: nothing, or up to [`Segment::MOST`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Segment {
    len: u8,
    symbols: [Symbol; Segment::MOST],
}

impl Segment {
    /// The longest segment, in symbols.
    pub const MOST: usize = 3;

    /// The segment of `symbols`, or `None` if they are too many.
    pub fn new(symbols: &[Symbol]) -> Option<Self> {
        let mut segment = Self { len: u8::try_from(symbols.len()).ok()?, symbols: [0; Self::MOST] };
        segment.symbols.get_mut(..symbols.len())?.copy_from_slice(symbols);
        Some(segment)
    }

    /// Its symbols.
    pub fn symbols(&self) -> &[Symbol] {
        self.symbols.get(..usize::from(self.len)).unwrap_or(&[])
    }

    /// Number of symbols.
    pub fn len(&self) -> usize {
        usize::from(self.len)
    }

    /// Whether it is nothing.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

/// Counts of misreadings, mergeable.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ConfusionCounts {
    /// (observed, intended) → how often, unequal pairs only.
    pub confusions: BTreeMap<(Segment, Segment), u32>,
    /// Intended segment of 1 to 3 symbols → how often it stood in intended text; nothing → number of gaps.
    pub occurrences: BTreeMap<Segment, u32>,
    /// Symbol → how often it was read as itself.
    pub kept: BTreeMap<Symbol, u32>,
    /// Aligned pairs whose differences were too many to learn from.
    pub left_out: u32,
}

const ROUNDS: usize = 3;

/// One pair in symbols.
#[derive(Clone, Debug)]
pub struct SymbolPair {
    /// Observed side.
    pub observed: Vec<Symbol>,
    /// Intended side.
    pub intended: Vec<Symbol>,
}

impl SymbolPair {
    /// The pair as an alphabet numbers it.
    pub fn new(alphabet: &Alphabet, observed: &str, intended: &str) -> Self {
        let mut pair = Self { observed: Vec::new(), intended: Vec::new() };
        alphabet.encode(observed, &mut pair.observed);
        alphabet.encode(intended, &mut pair.intended);
        pair
    }
}

impl ConfusionCounts {
    /// Counts the misreadings of aligned pairs.
    pub fn count(alphabet: &Alphabet, pairs: &[SymbolPair]) -> Self {
        Self::segmented(StretchCounts::count(alphabet, pairs))
    }

    /// Counts the misreadings in stretches where sides differ.
    pub fn segmented(stretches: StretchCounts) -> Self {
        let StretchCounts { stretches, occurrences, kept, left_out } = stretches;
        let mut counts = Self { confusions: BTreeMap::new(), occurrences, kept, left_out };
        for round in 0..ROUNDS {
            let price = Prices::new(&counts, round);
            let mut confusions = BTreeMap::new();
            for (stretch, &times) in &stretches {
                let (observed, intended) = stretch.sides();
                for found in price.segment(observed, intended) {
                    *confusions.entry(found).or_default() += times;
                }
            }
            counts.confusions = confusions;
        }
        counts
    }
}

/// Segment prices of one round of training.
struct Prices {
    costs: HashMap<(Segment, Segment), f64>,
}

impl Prices {
    fn new(counts: &ConfusionCounts, round: usize) -> Self {
        let mut costs = HashMap::new();
        if round > 0 {
            for (&(observed, intended), &count) in &counts.confusions {
                let occurrences = counts.occurrences.get(&intended).copied().unwrap_or(0);
                costs.insert((observed, intended), -ln(f64::from(count) / (f64::from(occurrences) + 5.0)));
            }
        }
        Self { costs }
    }

    fn price(&self, observed: Segment, intended: Segment) -> f64 {
        let size = observed.len().max(intended.len()) as f64;
        // A segment not counted yet: dearer the longer, and dearer still where symbols vanish or appear.
        let unseen = 9.0 + 3.0 * (size - 1.0) + 0.5 * observed.len().abs_diff(intended.len()) as f64;
        self.costs.get(&(observed, intended)).copied().unwrap_or(unseen)
    }

    /// The cheapest segmentation of a stretch; ties go to the longer first segment.
    fn segment(&self, observed: &[Symbol], intended: &[Symbol]) -> Vec<(Segment, Segment)> {
        let (n, m) = (observed.len(), intended.len());
        let mut best = vec![(f64::INFINITY, 0, 0); (n + 1) * (m + 1)];
        best[0].0 = 0.0;
        for i in 0..=n {
            for j in 0..=m {
                for di in 0..=Segment::MOST.min(i) {
                    for dj in 0..=Segment::MOST.min(j) {
                        let (o, s) = (&observed[i - di..i], &intended[j - dj..j]);
                        if (di, dj) == (0, 0) || !Self::allowed(o, s) {
                            continue;
                        }
                        let Some(pair) = Segment::new(o).zip(Segment::new(s)) else { continue };
                        let cost = best[(i - di) * (m + 1) + j - dj].0
                            + if o == s { 0.0 } else { self.price(pair.0, pair.1) };
                        if cost <= best[i * (m + 1) + j].0 {
                            best[i * (m + 1) + j] = (cost, di, dj);
                        }
                    }
                }
            }
        }
        let (mut i, mut j) = (n, m);
        let mut found = Vec::new();
        while i > 0 || j > 0 {
            let (_, di, dj) = best[i * (m + 1) + j];
            let (o, s) = (&observed[i - di..i], &intended[j - dj..j]);
            if let (true, Some(pair)) = (o != s, Segment::new(o).zip(Segment::new(s))) {
                found.push(pair);
            }
            (i, j) = (i - di, j - dj);
        }
        found.reverse();
        found
    }

    /// One equal symbol, or two sides that begin and end differently.
    fn allowed(o: &[Symbol], s: &[Symbol]) -> bool {
        o == s && o.len() == 1
            || o.is_empty()
            || s.is_empty()
            || o.first() != s.first() && o.last() != s.last()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_found_by_their_company() {
        let mut seen = BTreeMap::new();
        for c in "abcdefghijklmnopqrstuvwxyz ".chars() {
            seen.insert(c.to_string().into_boxed_str(), 1);
        }
        let alphabet = Alphabet::from_counts(&seen, 1);
        let rows = [
            ("a brovvn covv ran", "a brown cow ran"),
            ("tlie end of it", "the end of it"),
            ("tlie covv ran", "the cow ran"),
            ("tbe end of it", "the end of it"),
        ];
        let pairs: Vec<_> = rows.iter().map(|(o, i)| SymbolPair::new(&alphabet, o, i)).collect();
        let counts = ConfusionCounts::count(&alphabet, &pairs);
        let shown: Vec<_> = counts
            .confusions
            .iter()
            .map(|((o, s), n)| (alphabet.decode(o.symbols()), alphabet.decode(s.symbols()), *n))
            .collect();
        let has = |o: &str, s: &str, n| shown.contains(&(o.to_owned(), s.to_owned(), n));
        assert!(has("vv", "w", 3) && has("li", "h", 2) && has("b", "h", 1) && shown.len() == 3, "{shown:?}");
        assert_eq!(counts.kept[&alphabet.symbol("e")], 5);
        assert_eq!(counts.occurrences[&Segment::new(&[alphabet.symbol("h")]).unwrap()], 3);
    }
}
