//! What was asked of the vocabulary and the word n-grams before: hypotheses ask the same again and again.
//!
//! Three tables in which a new answer takes the place of an old one; what is not there is asked. The answers are those
//! of the model, so that nothing depends on what happens to be remembered.

use super::{Knowledge, Weights};
use crate::counts::Symbol;
use crate::language::{Prefix, WordId};

/// Places of each table.
const PLACES: usize = 1 << 12;

/// Answers of one model. One that was never [fitted](WordMemory::fit) remembers nothing.
#[derive(Debug, Default)]
pub(super) struct WordMemory {
    /// The model whose answers these are, and the weights.
    of: Option<(u64, Weights)>,
    advances: Table<(Prefix, Symbol), Option<Prefix>>,
    alone: Table<WordId, f32>,
    after: Table<(Option<WordId>, WordId), f32>,
}

/// A table of so many places, each with the last question that fell there.
#[derive(Debug)]
struct Table<Q, A>(Vec<Option<(Q, A)>>);

impl<Q, A> Default for Table<Q, A> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<Q: Copy + PartialEq, A: Copy> Table<Q, A> {
    fn clear(&mut self) {
        self.0.clear();
        self.0.resize(PLACES, None);
    }

    #[inline]
    fn get(&mut self, key: u64, question: Q, ask: impl FnOnce() -> A) -> A {
        // Fibonacci hashing: the upper bits are the mixed ones.
        let place = usize::try_from(key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 52).unwrap_or(0);
        match self.0.get_mut(place) {
            Some(Some((known, answer))) if *known == question => *answer,
            Some(place) => {
                let answer = ask();
                *place = Some((question, answer));
                answer
            }
            None => ask(),
        }
    }
}

const _: () = assert!(PLACES == 1 << (64 - 52), "a key has a place");

impl WordMemory {
    /// Makes it one of this model and these weights; whether it was another's before, and is empty now.
    pub(super) fn fit(&mut self, knowledge: &Knowledge<'_>) -> bool {
        let of = Some((knowledge.model, knowledge.weights));
        let other = self.of != of;
        if other {
            self.of = of;
            self.advances.clear();
            self.alone.clear();
            self.after.clear();
        }
        other
    }

    /// The place in the vocabulary behind a symbol with this folded form.
    #[inline]
    pub(super) fn advance(
        &mut self,
        knowledge: &Knowledge<'_>,
        from: Prefix,
        symbol: Symbol,
        folded: &str,
    ) -> Option<Prefix> {
        let key = from.key() ^ (u64::from(symbol) << 20);
        self.advances.get(key, (from, symbol), || knowledge.vocabulary.advance(from, folded))
    }

    /// What a word costs by its own occurrences, nats.
    #[inline]
    pub(super) fn alone(&mut self, knowledge: &Knowledge<'_>, word: WordId) -> f32 {
        self.alone.get(u64::from(word), word, || knowledge.words.unigram_cost(word))
    }

    /// What a word costs after another, nats.
    #[inline]
    pub(super) fn after(&mut self, knowledge: &Knowledge<'_>, before: Option<WordId>, word: WordId) -> f32 {
        let key = before.map_or(0, |b| u64::from(b) + 1) << 32 | u64::from(word);
        self.after.get(key, (before, word), || knowledge.words.cost(before, word))
    }
}
