//! What the search reads: views of a model's parts and the weights.

use crate::channel::Channel;
use crate::counts::{Alphabet, Symbol};
use crate::language::{GraphemeIndex, Vocabulary, WordIndex};
use crate::text::{fold_word, is_word_grapheme};

use super::Weights;

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
