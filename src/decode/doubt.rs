//! Where to look: how much each token of a line surprises the language model as it stands.

use super::{Doubt, Knowledge, Observed};
use crate::language::State;

/// Symbols behind a token that are weighed with it: a wrong end shows itself in what follows.
const BEHIND: usize = 3;
/// Symbols before and behind that are weighed with a symbol that is a token by itself: about a word's worth.
const LONE: (usize, usize) = (2, 4);
/// Symbols, from a misread or missing one on, that it makes dear, and what they cost at least, nats: where they are cheaper
/// (and a token of so much would be calm) nothing is searched, whatever the rest of the token is like.
const BETRAYED: (usize, f32) = (5, 5.0);

/// What listening to lines tells, before anything is searched.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Listened {
    /// Tokens.
    pub tokens: usize,
    /// Those that surprise the language model.
    pub surprising: usize,
    /// What the symbols of the others cost it, nats.
    pub calm_nats: f32,
    /// How many those symbols are.
    pub calm_symbols: usize,
    /// What all symbols cost it, nats.
    pub nats: f32,
    /// How many all symbols are.
    pub symbols: usize,
}

impl Listened {
    /// What both tell together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            tokens: self.tokens + other.tokens,
            surprising: self.surprising + other.surprising,
            calm_nats: self.calm_nats + other.calm_nats,
            calm_symbols: self.calm_symbols + other.calm_symbols,
            nats: self.nats + other.nats,
            symbols: self.symbols + other.symbols,
        }
    }
}

/// Costs of a line's symbols as they stand, and where its tokens end.
#[derive(Debug, Default)]
pub(super) struct Surprise {
    /// Grapheme cost of each symbol, nats; not weighted, so that doubt means the same whatever the weights.
    pub(super) costs: Vec<f32>,
    /// State of the language model before each symbol, and behind the last.
    states: Vec<State>,
    /// For each token the position behind it (its space is its own) and its surprise, nats.
    tokens: Vec<(usize, f32)>,
    /// What a symbol and those behind it cost at least if it is [suspect](Surprise::is_suspect), nats.
    calm: f32,
}

impl Surprise {
    /// Forgets the line.
    pub(super) fn clear(&mut self) {
        self.costs.clear();
        self.states.clear();
        self.tokens.clear();
    }

    /// What the symbol at a place costs after `state`, and the state after it, if the line read as it stands comes
    /// there in this state.
    #[inline]
    pub(super) fn step(&self, at: usize, state: State) -> Option<(f32, State)> {
        (*self.states.get(at)? == state).then_some((*self.costs.get(at)?, *self.states.get(at + 1)?))
    }

    /// Whether the symbol at a place may be misread, or one missing before it, for what the text costs from there on; always
    /// where no line was read.
    #[inline]
    pub(super) fn is_suspect(&self, at: usize) -> bool {
        let behind = self.costs.get(at..).unwrap_or_default().iter().take(BETRAYED.0);
        self.costs.is_empty() || behind.sum::<f32>() >= self.calm
    }

    /// Reads a line. O(n), one language-model look-up a symbol.
    pub(super) fn read(&mut self, knowledge: &Knowledge<'_>, observed: &Observed) {
        self.clear();
        let n = observed.symbols.len();
        let (mut state, mut gap) = (knowledge.graphemes.start(), true);
        self.states.push(state);
        for &symbol in &observed.symbols {
            let (cost, next) = knowledge.graphemes.step(state, knowledge.symbols.counted(symbol, gap));
            self.costs.push(cost + knowledge.symbols.told_apart(symbol));
            self.states.push(next);
            (state, gap) = (next, knowledge.symbols.is_space(symbol));
        }
        // A symbol of a script without spaces is a token by itself.
        let lone = |at: usize| observed.symbols.get(at).is_none_or(|&s| knowledge.symbols.is_unspaced(s));
        let mut start: usize = 0;
        for (at, &symbol) in observed.symbols.iter().enumerate() {
            if knowledge.symbols.is_space(symbol) || lone(at) || lone(at + 1) {
                let (before, behind) = if lone(at) { LONE } else { (0, BEHIND) };
                let around = start.saturating_sub(before)..n.min(at + 1 + behind);
                let surprise = self.costs[around].iter().sum();
                self.tokens.push((at + 1, surprise));
                start = at + 1;
            }
        }
    }

    /// A token in which an edit is cheaper, because the recogniser was unsure of it, is so much the more surprising.
    pub(super) fn ease(&mut self, observed: &Observed) {
        let mut start = 0;
        for (end, surprise) in &mut self.tokens {
            *surprise += observed.ease(start);
            start = *end;
        }
    }

    /// What the line tells of its document.
    pub(super) fn listened(&self) -> Listened {
        let (nats, symbols) = (self.costs.iter().sum(), self.costs.len());
        let mut heard = Listened { tokens: self.tokens.len(), nats, symbols, ..Listened::default() };
        let mut start = 0;
        for &(end, surprise) in &self.tokens {
            if surprise > Doubt::SURPRISING {
                heard.surprising += 1;
            } else {
                heard.calm_nats += self.costs[start..end].iter().sum::<f32>();
                heard.calm_symbols += end - start;
            }
            start = end;
        }
        heard
    }

    /// Puts the threshold at every position of the line (one more than it has symbols) into `into`; 0 where
    /// nothing is searched. From then on symbols are suspect by the same doubt.
    pub(super) fn thresholds(&mut self, doubt: &Doubt, into: &mut Vec<f32>) {
        self.calm = doubt.calm.min(BETRAYED.1);
        into.clear();
        for &(end, surprise) in &self.tokens {
            let own = threshold(doubt, surprise);
            // The gap after a token is as doubtful as the more doubtful of its two sides.
            if let Some(gap) = into.last_mut() {
                *gap = gap.max(own);
            }
            into.resize(end, own);
        }
        into.push(into.last().copied().unwrap_or(0.0));
    }
}

fn threshold(doubt: &Doubt, surprise: f32) -> f32 {
    if surprise < doubt.calm {
        0.0
    } else {
        (doubt.floor + doubt.slope * (surprise - doubt.calm)).min(doubt.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_is_suspect_for_what_stands_from_it_on() {
        let mut surprise = Surprise { costs: vec![1.0; 12], ..Surprise::default() };
        surprise.costs[7] = 2.5;
        surprise.tokens = vec![(12, 13.5)];
        let mut suspects = |calm: f32| {
            surprise.thresholds(&Doubt { calm, ..Doubt::default() }, &mut Vec::new());
            (0..12).filter(|&at| surprise.is_suspect(at)).collect::<Vec<_>>()
        };
        // Five symbols of a nat each are just enough; behind the seventh there are not so many left.
        assert_eq!(suspects(6.0), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(suspects(0.0), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "of a calmer doubt there are more");
        surprise.costs.fill(0.9);
        surprise.costs[7] = 2.5;
        let suspects: Vec<usize> = (0..12).filter(|&at| surprise.is_suspect(at)).collect();
        assert_eq!(suspects, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "the doubt is still the calm one");
        surprise.thresholds(&Doubt::default(), &mut Vec::new());
        let suspects: Vec<usize> = (0..12).filter(|&at| surprise.is_suspect(at)).collect();
        assert_eq!(suspects, [3, 4, 5, 6, 7], "those that stand before the dear one, and it");
        surprise.clear();
        assert!(surprise.is_suspect(0), "where nothing was read anything may be");
    }
}
