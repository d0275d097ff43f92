//! Grapheme clusters with their byte offsets (UAX #29, by `unicode-segmentation`), fast on ASCII.

use unicode_segmentation::UnicodeSegmentation;

/// The extended grapheme clusters of `text` with the byte offset of each.
pub fn graphemes(text: &str) -> Graphemes<'_> {
    Graphemes { text, at: 0 }
}

/// Iterator of [`graphemes`].
#[derive(Clone, Debug)]
pub struct Graphemes<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Graphemes<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.at;
        let rest = self.text.get(at..)?;
        let bytes = rest.as_bytes();
        let first = *bytes.first()?;
        // Two ASCII characters in a row never join, except CR LF.
        let alone = first.is_ascii() && first != b'\r' && bytes.get(1).is_none_or(u8::is_ascii);
        let len = if alone { 1 } else { rest.graphemes(true).next().map_or(rest.len(), str::len) };
        self.at = at + len;
        rest.get(..len).map(|g| (at, g))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_short_cut_changes_nothing(text in "[a-c\r\n \u{301}é\u{1F468}\u{200D}\u{1F469}が]{0,12}") {
            let fast: Vec<_> = graphemes(&text).collect();
            let slow: Vec<_> = text.grapheme_indices(true).collect();
            prop_assert_eq!(fast, slow);
        }
    }
}
