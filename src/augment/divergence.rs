//! How near two sets of pairs are in what is misread as what.

use std::collections::BTreeMap;

use crate::corpus::Pair;
use crate::cost::ln;
use crate::counts::{Alphabet, ConfusionCounts, SymbolPair, grapheme_counts};

/// What is read as what in a set of pairs: (observed, intended) segments, nothing among them, with how often; only
/// what differs. Segments are those that the channel would be estimated from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confusions {
    counts: BTreeMap<(String, String), u32>,
}

/// Added to each count.
const SMOOTH: f64 = 0.5;

impl Confusions {
    /// The confusions of pairs.
    pub fn of(pairs: &[Pair]) -> Self {
        let sides: Vec<&str> = pairs.iter().flat_map(|p| [p.observed.as_str(), &p.intended]).collect();
        let alphabet = Alphabet::from_counts(&grapheme_counts(&sides), 1);
        let symbols: Vec<SymbolPair> =
            pairs.iter().map(|p| SymbolPair::new(&alphabet, &p.observed, &p.intended)).collect();
        let counts = ConfusionCounts::count(&alphabet, &symbols).confusions;
        let text = |(observed, intended): (crate::counts::Segment, crate::counts::Segment)| {
            (alphabet.decode(observed.symbols()), alphabet.decode(intended.symbols()))
        };
        Self { counts: counts.into_iter().map(|(pair, n)| (text(pair), n)).collect() }
    }

    /// The Jensen–Shannon divergence of two distributions of confusions, bits (0: the same, 1: nothing in common), each
    /// count raised by a half (Lin 1991, "Divergence measures based on the Shannon entropy").
    pub fn divergence(&self, other: &Self) -> f64 {
        let keys: BTreeMap<&(String, String), [u32; 2]> = self
            .counts
            .iter()
            .map(|(key, &n)| (key, [n, 0]))
            .chain(other.counts.iter().map(|(key, &n)| (key, [0, n])))
            .fold(BTreeMap::new(), |mut all, (key, n)| {
                let sum = all.entry(key).or_insert([0, 0]);
                *sum = [sum[0] + n[0], sum[1] + n[1]];
                all
            });
        let smooth = SMOOTH * keys.len() as f64;
        let total = |side: usize| keys.values().map(|n| f64::from(n[side])).sum::<f64>() + smooth;
        let totals = [total(0), total(1)];
        let nats: f64 = keys
            .values()
            .map(|n| {
                let [p, q] = [0, 1].map(|side| (f64::from(n[side]) + SMOOTH) / totals[side]);
                let middle = (p + q) / 2.0;
                (p * ln(p / middle) + q * ln(q / middle)) / 2.0
            })
            .sum();
        nats / std::f64::consts::LN_2
    }

    /// Confusions with how often they were seen, the most frequent first.
    pub fn ranked(&self) -> Vec<(&str, &str, u32)> {
        let mut all: Vec<_> = self.counts.iter().map(|((o, i), &n)| (o.as_str(), i.as_str(), n)).collect();
        all.sort_by_key(|&(_, _, n)| std::cmp::Reverse(n));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(observed: &[&str]) -> Vec<Pair> {
        let intended = "he has the hat".to_owned();
        let pair = |observed: &&str| Pair {
            observed: (*observed).to_owned(),
            intended: intended.clone(),
            ..Pair::default()
        };
        observed.iter().map(pair).collect()
    }

    #[test]
    fn divergence_is_what_the_formula_says() {
        let one = Confusions::of(&pairs(&["be has the hat", "he bas the hat", "hc has the hat"]));
        let other = Confusions::of(&pairs(&["he has the hat", "hc has thc hat"]));
        assert_eq!(one.ranked(), [("b", "h", 2), ("c", "e", 1)]);
        assert_eq!(other.ranked(), [("c", "e", 2)]);
        // With a half added: 2.5 and 1.5 of 4, 0.5 and 2.5 of 3.
        let (p, q) = ([2.5 / 4.0, 1.5 / 4.0], [0.5 / 3.0, 2.5 / 3.0]);
        let bits: f64 = (0..2)
            .map(|k| {
                let middle = (p[k] + q[k]) / 2.0;
                (p[k] * ln(p[k] / middle) + q[k] * ln(q[k] / middle)) / 2.0 / std::f64::consts::LN_2
            })
            .sum();
        assert!((one.divergence(&other) - bits).abs() < 1e-12);
        assert!((other.divergence(&one) - bits).abs() < 1e-12);
        assert!(one.divergence(&one).abs() < 1e-12);
    }
}
