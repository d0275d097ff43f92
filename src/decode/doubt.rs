//! Where to look: how much each token of a line surprises the language model as it stands.

use serde::{Deserialize, Serialize};

use super::hypothesis::Context;
use super::{Knowledge, Observed};

/// How the beam's threshold follows the doubt about a token.
///
/// The threshold of a token, in nats, is `floor + slope × (cost of leaving it alone − calm)`, at most `most`;
/// a token that costs less than `calm` is not searched at all.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Doubt {
    /// Threshold of the calmest token that is searched, nats.
    pub floor: f32,
    /// Nats of threshold for each nat of surprise above `calm`.
    pub slope: f32,
    /// Cost below which a token is not searched, nats.
    pub calm: f32,
    /// Greatest threshold, nats.
    pub most: f32,
}

impl Default for Doubt {
    fn default() -> Self {
        Self { floor: 3.0, slope: 0.5, calm: 0.0, most: 16.0 }
    }
}

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
