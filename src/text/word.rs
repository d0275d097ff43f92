//! Words: the units of the word n-grams; and tokens: what stands between white space.

use std::borrow::Cow;

use super::{graphemes, is_unspaced};

/// A word with its place: a maximal run of letters and digits of a script that writes spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// Byte offset of the first letter.
    pub at: usize,
    /// The word as written.
    pub text: &'a str,
}

/// Whether a grapheme belongs to a word. Han and Hiragana do not: scripts without spaces have no words that
/// an orthographic rule could find, and their graphemes carry the language alone. An apostrophe or hyphen
/// ends a word ("don't" is the bigram "don t").
pub fn is_word_grapheme(grapheme: &str) -> bool {
    grapheme.chars().next().is_some_and(is_word_char)
}

fn is_word_char(c: char) -> bool {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => true,
        _ if c.is_ascii() => false,
        '\u{3041}'..='\u{309F}'
        | '\u{3400}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}' => false,
        // A combining mark belongs to the letter before it.
        '\u{300}'..='\u{36F}' => true,
        _ => c.is_alphanumeric(),
    }
}

/// Hyphens and dashes, and the signs that stand for a word broken at a line's end.
pub fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '¬' | '=' | '\u{AD}')
}

/// The words of `text`, left to right.
pub fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(is_word_char)?;
        let rest = text.get(start..)?;
        let end = start + rest.find(|c| !is_word_char(c)).unwrap_or(rest.len());
        at = end;
        Some(Word { at: start, text: text.get(start..end)? })
    })
}

/// The form under which a word is counted: lower case where that keeps the number of characters
/// (`İ` stays), digits as `0`.
pub fn fold_word(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|b| b.is_ascii_lowercase()) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(word.chars().map(fold_char).collect())
}

fn fold_char(c: char) -> char {
    if c.is_numeric() && c.is_ascii() {
        return '0';
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(l), None) => l,
        _ => c,
    }
}

/// The white-space separated tokens of `text` with their byte offsets.
pub fn tokens(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(|c: char| !c.is_whitespace())?;
        let rest = text.get(start..)?;
        let end = start + rest.find(char::is_whitespace).unwrap_or(rest.len());
        at = end;
        Some(Word { at: start, text: text.get(start..end)? })
    })
}

/// The tokens of `text`, and in scripts without spaces each grapheme by itself: what is counted where tokens are
/// counted, so that a line of Japanese is not one thing.
pub fn units(text: &str) -> impl Iterator<Item = Word<'_>> {
    tokens(text).flat_map(|token| {
        let mut at = 0;
        std::iter::from_fn(move || {
            let rest = token.text.get(at..).filter(|rest| !rest.is_empty())?;
            let first = graphemes(rest).next().map_or(rest, |(_, grapheme)| grapheme);
            let len = if first.starts_with(is_unspaced) {
                first.len()
            } else {
                rest.find(is_unspaced).unwrap_or(rest.len())
            };
            let unit = Word { at: token.at + at, text: rest.get(..len)? };
            at += len;
            Some(unit)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_letters() {
        let cases: [(&str, &[&str]); 5] = [
            ("", &[]),
            ("  don't (stop)", &["don", "t", "stop"]),
            ("Müller's 3rd", &["Müller", "s", "3rd"]),
            ("株式会社テスト abc", &["テスト", "abc"]),
            ("e\u{301}te\u{301}", &["e\u{301}te\u{301}"]),
        ];
        for (text, want) in cases {
            assert_eq!(words(text).map(|w| w.text).collect::<Vec<_>>(), want, "{text}");
            assert!(words(text).all(|w| text[w.at..].starts_with(w.text)));
        }
    }

    #[test]
    fn folding_keeps_the_number_of_characters() {
        for (word, want) in [("abc", "abc"), ("Ab1", "ab0"), ("İz", "İz"), ("ÉTÉ", "été")] {
            assert_eq!(fold_word(word), want);
        }
    }

    #[test]
    fn tokens_are_what_white_space_leaves() {
        let found: Vec<_> = tokens(" a  b-c\u{3000}d ").map(|t| (t.at, t.text)).collect();
        assert_eq!(found, [(1, "a"), (4, "b-c"), (10, "d")]);
    }

    #[test]
    fn scripts_without_spaces_count_by_graphemes() {
        let units = |text| units(text).map(|u| u.text).collect::<Vec<_>>();
        assert_eq!(
            units("〒212 か\u{3099}く tel:03 ABC店"),
            ["〒", "212", "か\u{3099}", "く", "tel:03", "ABC", "店"]
        );
        let plain = "as in Latin: naïve, “so”";
        assert_eq!(units(plain), tokens(plain).map(|t| t.text).collect::<Vec<_>>());
    }
}
