//! A hypothesis, and what it costs to go one symbol further.

use super::Knowledge;
use super::memory::WordMemory;
use crate::counts::Symbol;
use crate::language::{Prefix, State, WordId};

/// Words as a hypothesis sees them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Word {
    /// Between words.
    Outside,
    /// Inside a word that the vocabulary may hold; the cost promised by its likeliest completion.
    Inside(Prefix, f32),
    /// Inside a word that it does not hold; the cost charged so far.
    Unknown(f32),
}

/// What matters for the future of a hypothesis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    pub(super) state: State,
    pub(super) word: Word,
    /// Whether white space, or the line's start, stands before.
    pub(super) gap: bool,
    /// The word before; `None` at a line's start and after an unknown word.
    pub(super) before: Option<WordId>,
}

impl Context {
    /// At the start of a line.
    pub(super) fn start(knowledge: &Knowledge<'_>) -> Self {
        Self {
            state: knowledge.graphemes.start(),
            word: Word::Outside,
            gap: true,
            before: Some(WordId::START),
        }
    }

    /// Equal keys have equal futures.
    pub(super) fn key(&self) -> u64 {
        let word = match self.word {
            Word::Outside => 0,
            Word::Inside(prefix, _) => prefix.key() | 1,
            Word::Unknown(_) => 2,
        };
        let before = self.before.map_or(0, |w| u64::from(w.index()) + 1);
        mix(mix(mix(u64::from(self.state.index())) ^ word) ^ before)
    }
}

fn mix(x: u64) -> u64 {
    // Finaliser of SplitMix64 (Steele, Lea & Flood 2014).
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

impl Knowledge<'_> {
    /// The weighted grapheme cost of one intended symbol, and the state after it; `None` once it passes `limit`.
    #[inline]
    pub(super) fn spell(&self, context: &Context, symbol: Symbol, limit: f32) -> Option<(f32, State)> {
        let habit = self.symbols.quote(symbol).map_or(0.0, |style| self.habits.quotes[style.index()]);
        if self.weights.grapheme == 0.0 {
            return Some((habit, context.state));
        }
        let counted = self.symbols.counted(symbol, context.gap);
        let apart = self.symbols.told_apart(symbol);
        let room = (limit - habit) / self.weights.grapheme - apart;
        let (nats, next) = self.graphemes.step_within(context.state, counted, room)?;
        Some((self.weights.grapheme * (nats + apart) + habit, next))
    }

    /// The context after a symbol that [`Knowledge::spell`] priced, and the weighted word cost.
    #[inline]
    pub(super) fn read(
        &self,
        memory: &mut WordMemory,
        context: &Context,
        symbol: Symbol,
        state: State,
    ) -> (f32, Context) {
        let mut next = Context { state, gap: self.symbols.is_space(symbol), ..*context };
        let word = self.weights.word;
        let cost = if word == 0.0 { 0.0 } else { word * self.write_word(memory, &mut next, symbol) };
        (cost, next)
    }

    /// Writes one intended symbol: its weighted language cost, and the context after it.
    #[inline]
    pub(super) fn write(&self, memory: &mut WordMemory, context: &Context, symbol: Symbol) -> (f32, Context) {
        let (cost, state) = self.spell(context, symbol, f32::INFINITY).unwrap_or((0.0, context.state));
        let (more, next) = self.read(memory, context, symbol, state);
        (cost + more, next)
    }

    /// Charges a word's cost while it is written: at each letter the rise of its likeliest completion's
    /// unigram cost, at its end what is missing to its cost after the word before.
    fn write_word(&self, memory: &mut WordMemory, context: &mut Context, symbol: Symbol) -> f32 {
        let Some(letter) = self.symbols.folded(symbol) else {
            return self.end_word(memory, context);
        };
        let (from, charged) = match context.word {
            Word::Outside => (Some(self.vocabulary.root()), 0.0),
            Word::Inside(prefix, charged) => (Some(prefix), charged),
            Word::Unknown(charged) => (None, charged),
        };
        let Some(prefix) = from.and_then(|p| memory.advance(self, p, symbol, letter)) else {
            let first = if matches!(context.word, Word::Unknown(_)) {
                charged
            } else {
                charged.max(self.weights.unknown_word)
            };
            let now = first + self.weights.unknown_letter;
            context.word = Word::Unknown(now);
            return now - charged;
        };
        // The likeliest completion is mostly the same as a letter ago.
        let same = matches!(context.word, Word::Inside(before, _) if self.vocabulary.best(before) == self.vocabulary.best(prefix));
        let now = if same { charged } else { memory.alone(self, self.vocabulary.best(prefix)).max(charged) };
        context.word = Word::Inside(prefix, now);
        now - charged
    }

    /// Ends the word of a context, if it is inside one: what is still to be charged.
    pub(super) fn end_word(&self, memory: &mut WordMemory, context: &mut Context) -> f32 {
        let word = std::mem::replace(&mut context.word, Word::Outside);
        match word {
            Word::Outside => 0.0,
            Word::Unknown(_) => {
                context.before = None;
                0.0
            }
            Word::Inside(prefix, charged) => match self.vocabulary.id_at(prefix) {
                Some(id) => {
                    let cost = memory.after(self, context.before, id);
                    context.before = Some(id);
                    cost - charged
                }
                None => {
                    context.before = None;
                    (self.weights.unknown_word + self.weights.unknown_letter - charged).max(0.0)
                }
            },
        }
    }
}
