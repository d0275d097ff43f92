//! Confusion counts: how often an intended segment was read as an observed segment.
//!
//! Inside each stretch where the sides differ, the segmentation into pairs of at most three symbols a side is
//! found by Viterbi training (the best segmentation under the current estimate is counted, then the estimate
//! made anew), as in the segment models of Brill & Moore, "An improved error model for noisy channel spelling
//! correction", ACL 2000.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use super::align::{Difference, differences};
use super::{Alphabet, Symbol};
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

/// Stretches longer than this (symbols, either side) are damage, not misreading, and give no counts.
const LONGEST_STRETCH: usize = 8;
/// Rows with more than this share of symbols in differences give no counts.
const MOST_DIFFERENT: f64 = 0.4;
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
        let space = alphabet.symbol(" ");
        let mut counts = Self::default();
        let mut stretches: BTreeMap<(&[Symbol], &[Symbol]), u32> = BTreeMap::new();
        for pair in pairs {
            let found = differences(&pair.observed, &pair.intended, |&s| s == space);
            if is_too_different(&found, pair) {
                counts.left_out += 1;
                continue;
            }
            counts.occurrences(&pair.intended);
            counts.kept(pair, &found);
            for d in found {
                if d.observed.len().max(d.intended.len()) <= LONGEST_STRETCH {
                    *stretches
                        .entry((&pair.observed[d.observed], &pair.intended[d.intended]))
                        .or_default() += 1;
                }
            }
        }
        for round in 0..ROUNDS {
            let price = Prices::new(&counts, round);
            let mut confusions = BTreeMap::new();
            for (&(observed, intended), &times) in &stretches {
                for (_, observed, intended) in price.segment(observed, intended) {
                    *confusions.entry((observed, intended)).or_default() += times;
                }
            }
            counts.confusions = confusions;
        }
        counts
    }

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

/// One misreading, in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misreading {
    /// Where it begins, in symbols of the intended side.
    pub at: usize,
    /// What was read.
    pub observed: Segment,
    /// What stood there.
    pub intended: Segment,
}

/// What happened to a pair.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Misread {
    /// Left to right.
    pub segments: Vec<Misreading>,
    /// Stretches that are damage rather than misreading.
    pub damage: Vec<Difference>,
    /// Whether too much differs to learn from it what is misread as what.
    pub hopeless: bool,
}

/// Cuts pairs into misreadings, as the counts that it comes from have them.
#[derive(Debug)]
pub struct Segmenter {
    prices: Prices,
    space: Symbol,
}

impl Segmenter {
    /// The segmenter of these counts.
    pub fn new(alphabet: &Alphabet, counts: &ConfusionCounts) -> Self {
        Self { prices: Prices::new(counts, ROUNDS), space: alphabet.symbol(" ") }
    }

    /// The misreadings of a pair. O(n·m).
    pub fn misread(&self, pair: &SymbolPair) -> Misread {
        let found = differences(&pair.observed, &pair.intended, |&s| s == self.space);
        let mut misread = Misread { hopeless: is_too_different(&found, pair), ..Misread::default() };
        for d in found {
            if d.observed.len().max(d.intended.len()) > LONGEST_STRETCH {
                misread.damage.push(d);
                continue;
            }
            let (observed, intended) = (&pair.observed[d.observed], &pair.intended[d.intended.clone()]);
            let own = self.prices.segment(observed, intended).into_iter();
            misread.segments.extend(own.map(|(at, observed, intended)| Misreading {
                at: d.intended.start + at,
                observed,
                intended,
            }));
        }
        misread
    }
}

fn is_too_different(found: &[Difference], pair: &SymbolPair) -> bool {
    let different: usize = found.iter().map(|d| d.observed.len().max(d.intended.len())).sum();
    different as f64 > MOST_DIFFERENT * pair.intended.len().max(1) as f64
}

/// Segment prices of one round of training.
#[derive(Debug)]
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

    /// The cheapest segmentation of a stretch, what differs of it, each with its place in the intended side; ties go to
    /// the longer first segment.
    fn segment(&self, observed: &[Symbol], intended: &[Symbol]) -> Vec<(usize, Segment, Segment)> {
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
                found.push((j - dj, pair.0, pair.1));
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
