//! Graphemes as small integers.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use crate::text::graphemes;

/// A grapheme's number in an [`Alphabet`].
pub type Symbol = u16;

/// The graphemes that a model knows, numbered; the rest read as [`Alphabet::UNKNOWN`].
#[derive(Clone, Debug, Default)]
pub struct Alphabet {
    graphemes: Vec<Box<str>>,
    ids: HashMap<Box<str>, Symbol>,
    ascii: Vec<Symbol>,
}

impl Alphabet {
    /// Any grapheme that is not in the alphabet.
    pub const UNKNOWN: Symbol = 0;
    /// The padding before a line's first and after its last grapheme.
    pub const BOUNDARY: Symbol = 1;
    const FIRST: usize = 2;
    /// More graphemes than this are not numbered: the rarest stay unknown.
    pub const MOST: usize = 0xFF00;

    /// The alphabet of counted graphemes: those seen at least `at_least` times, numbered by falling count,
    /// equal counts by their text.
    pub fn from_counts(counts: &BTreeMap<Box<str>, u64>, at_least: u64) -> Self {
        let mut seen: Vec<(&Box<str>, u64)> =
            counts.iter().map(|(g, &n)| (g, n)).filter(|&(g, n)| n >= at_least && !g.is_empty()).collect();
        seen.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        seen.truncate(Self::MOST - Self::FIRST);
        Self::from_graphemes(seen.into_iter().map(|(g, _)| g.clone()))
    }

    /// The alphabet whose symbols from 2 on are `graphemes`, in their order.
    pub(crate) fn from_graphemes(graphemes: impl Iterator<Item = Box<str>>) -> Self {
        let mut all: Vec<Box<str>> = vec![Box::from(""), Box::from("")];
        all.extend(graphemes);
        all.truncate(Self::MOST);
        let mut ids = HashMap::with_capacity(all.len());
        let mut ascii = vec![Self::UNKNOWN; 128];
        for (id, grapheme) in (0..).zip(&all).skip(Self::FIRST) {
            ids.entry(grapheme.clone()).or_insert(id);
            if let [byte] = grapheme.as_bytes()
                && let Some(slot) = ascii.get_mut(usize::from(*byte))
            {
                *slot = id;
            }
        }
        Self { graphemes: all, ids, ascii }
    }

    /// How many symbols there are, unknown and boundary among them.
    pub fn len(&self) -> usize {
        self.graphemes.len()
    }

    /// Whether no grapheme is known.
    pub fn is_empty(&self) -> bool {
        self.len() <= Self::FIRST
    }

    /// The symbol of a grapheme.
    pub fn symbol(&self, grapheme: &str) -> Symbol {
        if let [byte] = grapheme.as_bytes() {
            return self.ascii.get(usize::from(*byte)).copied().unwrap_or(Self::UNKNOWN);
        }
        self.ids.get(grapheme).copied().unwrap_or(Self::UNKNOWN)
    }

    /// The grapheme of a symbol, empty for unknown, boundary and numbers outside.
    pub fn grapheme(&self, symbol: Symbol) -> &str {
        self.graphemes.get(usize::from(symbol)).map_or("", |g| g)
    }

    /// The symbols of `text` are put behind what `into` holds.
    pub fn encode(&self, text: &str, into: &mut Vec<Symbol>) {
        into.extend(graphemes(text).map(|(_, g)| self.symbol(g)));
    }

    /// The symbols' graphemes, one after the other.
    pub fn decode(&self, symbols: &[Symbol]) -> String {
        symbols.iter().map(|&s| self.grapheme(s)).collect()
    }

    /// The section's bytes: each grapheme from symbol 2 on, ended by `\n` (no grapheme of a line holds one).
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for grapheme in self.graphemes.iter().skip(Self::FIRST) {
            bytes.extend_from_slice(grapheme.as_bytes());
            bytes.push(b'\n');
        }
        bytes
    }

    /// Reads what [`Alphabet::to_bytes`] wrote; bytes that are no such thing give an alphabet that knows less.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let lines = bytes.split_inclusive(|&b| b == b'\n').map(|l| l.strip_suffix(b"\n").unwrap_or(l));
        Self::from_graphemes(lines.map(|l| Box::from(std::str::from_utf8(l).unwrap_or(""))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(text: &str) -> Alphabet {
        let mut counts = BTreeMap::new();
        for (_, g) in graphemes(text) {
            *counts.entry(Box::from(g)).or_insert(0) += 1;
        }
        Alphabet::from_counts(&counts, 1)
    }

    #[test]
    fn numbers_go_by_count_then_text() {
        let alphabet = counted("bbaae\u{301}c");
        let numbered: Vec<_> = (2..6).map(|s| alphabet.grapheme(s)).collect();
        assert_eq!(numbered, ["a", "b", "c", "e\u{301}"]);
        assert_eq!(alphabet.symbol("x"), Alphabet::UNKNOWN);
    }

    #[test]
    fn bytes_come_back() {
        let alphabet = counted("hello wörld が 1");
        let again = Alphabet::from_bytes(&alphabet.to_bytes());
        let mut symbols = Vec::new();
        again.encode("wörld が", &mut symbols);
        assert_eq!(again.decode(&symbols), "wörld が");
        assert_eq!(again.to_bytes(), alphabet.to_bytes());
        assert!(Alphabet::from_bytes(b"\xFF\n\xFE").len() <= 4);
    }
}
