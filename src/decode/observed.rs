//! A line in symbols.

use crate::counts::{Alphabet, Symbol};
use crate::text::graphemes;

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
