//! Where to look: how much each token of a line surprises the language model as it stands.

use super::hypothesis::Context;
use super::{Doubt, Knowledge, Observed};

impl Doubt {
    /// The threshold at every position of `observed` (one more than it has symbols), put into `into`;
    /// 0 where nothing is searched. O(n), one language-model look-up a symbol.
    pub(super) fn thresholds(&self, knowledge: &Knowledge<'_>, observed: &Observed, into: &mut Vec<f32>) {
        into.clear();
        let n = observed.symbols.len();
        let mut context = Context::start(knowledge);
        let (mut start, mut sum) = (0, 0.0);
        for (at, &symbol) in observed.symbols.iter().enumerate() {
            let (cost, next) = knowledge.write(&context, symbol);
            context = next;
            sum += cost;
            if knowledge.symbols.is_space(symbol) || at + 1 == n {
                into.resize(at + 1, self.threshold(sum));
                (start, sum) = (at + 1, 0.0);
            }
        }
        debug_assert_eq!(start, n, "every symbol belongs to a token");
        // The gap after a token is as doubtful as the more doubtful of its two sides.
        into.push(into.last().copied().unwrap_or(0.0));
        for at in 1..n {
            if knowledge.symbols.is_space(observed.symbols[at - 1]) {
                let side = into[at - 1].max(into[at]);
                into[at - 1] = side;
            }
        }
    }

    fn threshold(&self, cost: f32) -> f32 {
        if cost < self.calm { 0.0 } else { (self.floor + self.slope * (cost - self.calm)).min(self.most) }
    }
}
