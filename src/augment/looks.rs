//! What a document's text looks like: not what it says, but how much of it are figures, names, talk.

use crate::cost::ln;
use crate::text::graphemes;

/// Counts of a text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Looks {
    rows: u32,
    words: u32,
    graphemes: u32,
    /// Of each of [`KINDS`].
    kinds: [u32; KINDS],
}

/// Capitals, digits, commas, stops, double quotes, single ones, dashes, other marks.
const KINDS: usize = 8;

impl Looks {
    /// How many numbers [`Looks::shares`] gives.
    pub(super) const COUNT: usize = KINDS + 2;

    /// The looks of the rows of a document.
    pub(super) fn of<'t>(rows: impl IntoIterator<Item = &'t str>) -> Self {
        let mut looks = Self::default();
        for row in rows {
            looks.rows = looks.rows.saturating_add(1);
            looks.words = looks.words.saturating_add(1);
            for (_, grapheme) in graphemes(row) {
                looks.graphemes = looks.graphemes.saturating_add(1);
                let kind = match grapheme.chars().next() {
                    Some(c) if c.is_whitespace() => {
                        looks.words = looks.words.saturating_add(1);
                        continue;
                    }
                    Some(c) if c.is_uppercase() => 0,
                    Some(c) if c.is_alphabetic() => continue,
                    Some(c) if c.is_numeric() => 1,
                    Some(',' | '、') => 2,
                    Some('.' | '。') => 3,
                    Some('"' | '“' | '”' | '«' | '»') => 4,
                    Some('\'' | '’' | '‘') => 5,
                    Some('-' | '–' | '—') => 6,
                    _ => 7,
                };
                looks.kinds[kind] = looks.kinds[kind].saturating_add(1);
            }
        }
        looks
    }

    /// Of each kind the square root of how many a word there are, graphemes a word, and the logarithm of words a row.
    pub(super) fn shares(&self) -> [f64; Self::COUNT] {
        let words = f64::from(self.words.max(1));
        std::array::from_fn(|at| match self.kinds.get(at) {
            Some(&n) => (f64::from(n) / words).sqrt(),
            None if at == KINDS => f64::from(self.graphemes) / words,
            None => ln(words / f64::from(self.rows.max(1))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_words() {
        let looks = Looks::of(["\"No, Tom.\"", "It is 9 o'clock -"]);
        // Seven words; N, T, I; 9; one comma, one stop, two quotes, one apostrophe, one dash; 27 graphemes.
        let want = [3.0, 1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 0.0].map(|n| (n / 7.0_f64).sqrt());
        assert_eq!(looks.shares()[..KINDS], want);
        assert_eq!(looks.shares()[KINDS..], [27.0 / 7.0, ln(3.5)]);
        assert_eq!(Looks::of([]).shares(), [0.0; Looks::COUNT]);
    }
}
