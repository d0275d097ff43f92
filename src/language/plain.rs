//! The slow judge: interpolated modified Kneser–Ney word for word from its definition, on maps of strings of
//! symbols, without pruning or packing; rounded as it is written where asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::grapheme::{squared, written};
use super::levels::Discounts;
use crate::counts::{Alphabet, Symbol};

/// What has a probability after a context: the judge and the judged.
pub(super) trait BackOff {
    /// The cost in nats of `symbol` after `context` (a line's start is one boundary).
    fn cost(&self, context: &[Symbol], symbol: Symbol) -> f64;
}

pub(super) struct Plain {
    /// Whether a cost is what would be written: probabilities and shares of the mass that is left, each rounded.
    rounded: bool,
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
        Self { rounded: false, order, symbols: alphabet.len(), counts, discounts }
    }

    /// The same judge, of what is written.
    pub(super) fn rounded(self) -> Self {
        Self { rounded: true, ..self }
    }

    fn probability(&self, context: &[Symbol], symbol: Symbol) -> f64 {
        let context = self.known(context);
        let lower = match context {
            [] => 1.0 / self.symbols as f64,
            [_, shorter @ ..] => self.probability(shorter, symbol),
        };
        let Some((mass, left)) = self.mass(context) else { return lower };
        self.discounts[context.len()].rest(self.count(context, symbol)) / mass + left * lower
    }

    /// As much of a context as the model looks at.
    fn known<'c>(&self, context: &'c [Symbol]) -> &'c [Symbol] {
        &context[context.len().saturating_sub(self.order - 1)..]
    }

    fn count(&self, context: &[Symbol], symbol: Symbol) -> u32 {
        let gram: Vec<Symbol> = context.iter().copied().chain([symbol]).collect();
        self.counts.get(&gram).copied().unwrap_or(0)
    }

    /// How much was counted in a context, and the share of it that backing off gets; `None` where nothing was.
    fn mass(&self, context: &[Symbol]) -> Option<(f64, f64)> {
        let all = || (0..self.symbols).map(|s| self.count(context, Symbol::try_from(s).unwrap()));
        let mass: f64 = all().map(f64::from).sum();
        let rest = |count: u32| self.discounts[context.len()].rest(count);
        (mass > 0.0).then(|| (mass, 1.0 - all().map(|count| rest(count) / mass).sum::<f64>()))
    }

    fn written_cost(&self, context: &[Symbol], symbol: Symbol) -> u32 {
        let context = self.known(context);
        let Some((_, shorter)) = context.split_first().filter(|_| self.count(context, symbol) == 0) else {
            return squared(written(self.probability(context, symbol)));
        };
        let back_off = self.mass(context).map_or(0, |(_, left)| squared(written(left)));
        back_off + self.written_cost(shorter, symbol)
    }
}

impl BackOff for Plain {
    fn cost(&self, context: &[Symbol], symbol: Symbol) -> f64 {
        if self.rounded {
            return f64::from(self.written_cost(context, symbol)) / 3000.0;
        }
        -crate::cost::ln(self.probability(context, symbol))
    }
}
