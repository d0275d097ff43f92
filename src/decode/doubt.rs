//! Where to look: how much each token of a line surprises the language model as it stands.

use super::hypothesis::Context;
use super::{Doubt, Knowledge, Observed};

/// Symbols behind a token that are weighed with it: a wrong end shows itself in what follows.
const BEHIND: usize = 3;

/// Puts the threshold at every position of `observed` (one more than it has symbols) into `into`; 0 where
/// nothing is searched. `costs` is scratch memory. O(n), one language-model look-up a symbol.
pub(super) fn thresholds(
    doubt: &Doubt,
    knowledge: &Knowledge<'_>,
    observed: &Observed,
    costs: &mut Vec<f32>,
    into: &mut Vec<f32>,
) {
    let n = observed.symbols.len();
    costs.clear();
    into.clear();
    let mut context = Context::start(knowledge);
    for &symbol in &observed.symbols {
        let (cost, next) = knowledge.write(&context, symbol);
        costs.push(cost);
        context = next;
    }
    let space = |at: usize| knowledge.symbols.is_space(observed.symbols[at]);
    let mut start = 0;
    for at in 0..n {
        if space(at) || at + 1 == n {
            let surprise = costs[start..n.min(at + 1 + BEHIND)].iter().sum();
            into.resize(at + 1, threshold(doubt, surprise));
            start = at + 1;
        }
    }
    // The gap after a token is as doubtful as the more doubtful of its two sides.
    into.push(into.last().copied().unwrap_or(0.0));
    for at in 1..n {
        if space(at - 1) {
            into[at - 1] = into[at - 1].max(into[at]);
        }
    }
}

fn threshold(doubt: &Doubt, surprise: f32) -> f32 {
    if surprise < doubt.calm {
        0.0
    } else {
        (doubt.floor + doubt.slope * (surprise - doubt.calm)).min(doubt.most)
    }
}
