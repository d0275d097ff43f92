//! What the search reads: views of a model's parts, the weights, and a line in symbols.

use serde::{Deserialize, Serialize};

use crate::channel::Channel;
use crate::counts::{Alphabet, Symbol};
use crate::language::{GraphemeIndex, Vocabulary, WordIndex};
use crate::text::{fold_word, graphemes, is_word_grapheme};

/// Weights of the decoding equation; dimensionless, except for costs in nats where said.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// λc, of the channel.
    pub channel: f32,
    /// λg, of the grapheme n-grams.
    pub grapheme: f32,
    /// λw, of the word n-grams.
    pub word: f32,
    /// λe: price of each edit, nats.
    pub edit: f32,
    /// −ln p of a word that the vocabulary does not hold, nats, before its letters.
    pub unknown_word: f32,
    /// Added for each letter of such a word, nats.
    pub unknown_letter: f32,
}

impl Default for Weights {
    fn default() -> Self {
        Self { channel: 1.0, grapheme: 1.0, word: 0.2, edit: 0.5, unknown_word: 10.5, unknown_letter: 1.2 }
    }
}

/// What the search asks of a symbol, looked up once a model.
#[derive(Clone, Debug, Default)]
pub struct SymbolTable {
    folded: Vec<Option<Box<str>>>,
    space: Vec<bool>,
}

impl SymbolTable {
    /// The table of an alphabet.
    pub fn new(alphabet: &Alphabet) -> Self {
        let all = (0..alphabet.len()).map(|s| alphabet.grapheme(Symbol::try_from(s).unwrap_or(0)));
        let folded = |g: &str| is_word_grapheme(g).then(|| fold_word(g).into_owned().into_boxed_str());
        Self {
            folded: all.clone().map(folded).collect(),
            space: all.map(|g| !g.is_empty() && g.chars().all(char::is_whitespace)).collect(),
        }
    }

    /// The folded form of a symbol that belongs to words; `None` for one that ends them.
    pub fn folded(&self, symbol: Symbol) -> Option<&str> {
        self.folded.get(usize::from(symbol)).and_then(Option::as_deref)
    }

    /// Whether the symbol is white space.
    pub fn is_space(&self, symbol: Symbol) -> bool {
        self.space.get(usize::from(symbol)).copied().unwrap_or(false)
    }
}

/// The views that the search reads, all of one model.
#[derive(Clone, Copy, Debug)]
pub struct Knowledge<'m> {
    /// Graphemes as numbers.
    pub alphabet: &'m Alphabet,
    /// Facts about symbols.
    pub symbols: &'m SymbolTable,
    /// p_grapheme.
    pub graphemes: GraphemeIndex<'m>,
    /// Word → number, by prefixes.
    pub vocabulary: Vocabulary<'m>,
    /// p_word.
    pub words: WordIndex<'m>,
    /// p(observed | intended).
    pub channel: Channel<'m>,
    /// λ.
    pub weights: Weights,
}

/// A line in symbols, with the byte offset of each.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// One symbol a grapheme.
    pub symbols: Vec<Symbol>,
    /// Byte offset of each symbol, and the length of the text at the end.
    pub at_byte: Vec<usize>,
}

impl Observed {
    /// Reads `text` anew into the buffers of `self`.
    pub fn read(&mut self, text: &str, alphabet: &Alphabet) {
        self.symbols.clear();
        self.at_byte.clear();
        for (at, grapheme) in graphemes(text) {
            self.symbols.push(alphabet.symbol(grapheme));
            self.at_byte.push(at);
        }
        self.at_byte.push(text.len());
    }
}
