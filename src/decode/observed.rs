//! A line in symbols.

use super::Trust;
use crate::counts::{Alphabet, Symbol};
use crate::text::graphemes;

/// A line in symbols, with the byte offset of each.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// One symbol a grapheme.
    pub symbols: Vec<Symbol>,
    /// Byte offset of each symbol, and the length of the text at the end.
    pub at_byte: Vec<usize>,
    /// How much cheaper an edit is at each symbol, nats; empty where no recogniser said how sure it was.
    pub ease: Vec<f32>,
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
        self.ease.clear();
    }

    /// Heeds the recogniser's confidence in each white-space separated word of `text`, as it was read last. A space is
    /// as doubtful as the more doubtful of its two sides.
    pub fn heed(&mut self, text: &str, confidences: &[f32], trust: &Trust) {
        let ease = |word: usize| confidences.get(word).map_or(0.0, |&c| trust.ease(c));
        let (mut words, mut in_word) = (0, false);
        self.ease.clear();
        for symbol in self.at_byte.windows(2) {
            let is_space = text.get(symbol[0]..symbol[1]).is_some_and(|t| t.chars().all(char::is_whitespace));
            words += usize::from(in_word && is_space);
            in_word = !is_space;
            let before = if is_space { words.checked_sub(1) } else { None };
            self.ease.push(before.map_or(f32::NEG_INFINITY, ease).max(ease(words)));
        }
    }

    /// How much cheaper an edit is at a symbol, nats.
    pub(super) fn ease(&self, at: usize) -> f32 {
        self.ease.get(at).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidence_is_heeded_word_by_word() {
        let mut words = [[0; 2]; Trust::STEPS];
        words[1] = [100, 90];
        words[19] = [900, 10];
        let trust = Trust::of(&words);
        let (unsure, sure, usual) = (trust.ease(7.0), trust.ease(97.0), trust.ease(50.0));
        assert!(unsure > 1.5 && sure < -1.5 && usual == 0.0, "{unsure} {sure} {usual}");
        let text = " ab  c d";
        let mut observed = Observed::default();
        observed.read(text, &Alphabet::default());
        assert_eq!(observed.ease(1), 0.0, "nobody said how sure it was");
        observed.heed(text, &[97.0, 7.0], &trust);
        // A space is as doubtful as the more doubtful side; of the third word nothing was said.
        assert_eq!(observed.ease, [sure, sure, sure, unsure, unsure, unsure, unsure, usual]);
        observed.read("x", &Alphabet::default());
        assert_eq!(observed.ease(0), 0.0, "another line");
    }
}
