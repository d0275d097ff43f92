//! The slow judge: interpolated modified Kneser–Ney word for word from its definition, on maps of strings of
//! symbols, without pruning, packing or quantisation.

use std::collections::{BTreeMap, BTreeSet};

use super::levels::Discounts;
use crate::counts::{Alphabet, Symbol};

/// What has a probability after a context: the judge and the judged.
pub(super) trait BackOff {
    /// The cost in nats of `symbol` after `context` (a line's start is one boundary).
    fn cost(&self, context: &[Symbol], symbol: Symbol) -> f64;
}

pub(super) struct Plain {
    order: usize,
    symbols: usize,
    /// The smoothed count of each n-gram of 1..=order symbols.
    counts: BTreeMap<Vec<Symbol>, u32>,
    discounts: Vec<Discounts>,
}

impl Plain {
    pub(super) fn new(order: usize, alphabet: &Alphabet, lines: &[&str]) -> Self {
        let mut occurrences: BTreeMap<Vec<Symbol>, u32> = BTreeMap::new();
        for line in lines.iter().filter(|line| !line.is_empty()) {
            let mut symbols = vec![Alphabet::BOUNDARY];
            alphabet.encode(line, &mut symbols);
            symbols.push(Alphabet::BOUNDARY);
            for end in 1..symbols.len() {
                for start in (end + 1).saturating_sub(order)..=end {
                    *occurrences.entry(symbols[start..=end].to_vec()).or_insert(0) += 1;
                }
            }
        }
        let mut before: BTreeMap<Vec<Symbol>, BTreeSet<Symbol>> = BTreeMap::new();
        for gram in occurrences.keys().filter(|gram| gram.len() > 1) {
            before.entry(gram[1..].to_vec()).or_default().insert(gram[0]);
        }
        let mut counts = occurrences.clone();
        let mut counts_of_counts = vec![[0; 4]; order];
        for (gram, count) in &mut counts {
            let at_start = gram.len() > 1 && gram[0] == Alphabet::BOUNDARY;
            if gram.len() < order && !at_start {
                *count = u32::try_from(before[gram].len()).unwrap();
            }
            if gram.len() == order || !at_start {
                for (n, slot) in [1, 2, 3, 4].iter().zip(&mut counts_of_counts[gram.len() - 1]) {
                    *slot += u64::from(n == count);
                }
            }
        }
        let discounts = counts_of_counts.into_iter().map(Discounts::of_counts_of_counts).collect();
        Self { order, symbols: alphabet.len(), counts, discounts }
    }

    fn probability(&self, context: &[Symbol], symbol: Symbol) -> f64 {
        let context = &context[context.len().saturating_sub(self.order - 1)..];
        let lower = match context {
            [] => 1.0 / self.symbols as f64,
            [_, shorter @ ..] => self.probability(shorter, symbol),
        };
        let of = |s: usize| {
            let gram: Vec<Symbol> = context.iter().copied().chain(Symbol::try_from(s)).collect();
            self.counts.get(&gram).copied().unwrap_or(0)
        };
        let mass: f64 = (0..self.symbols).map(|s| f64::from(of(s))).sum();
        if mass == 0.0 {
            return lower;
        }
        let rest = |count: u32| self.discounts[context.len()].rest(count);
        let left = 1.0 - (0..self.symbols).map(|s| rest(of(s)) / mass).sum::<f64>();
        rest(of(usize::from(symbol))) / mass + left * lower
    }
}

impl BackOff for Plain {
    fn cost(&self, context: &[Symbol], symbol: Symbol) -> f64 {
        -crate::cost::ln(self.probability(context, symbol))
    }
}
