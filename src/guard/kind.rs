//! What a change touches: harm is limited for each kind apart, since where letters are misread alike everywhere,
//! spaces, hyphens, marks and case follow the habits of a document and of those who transcribed it.

/// The most delicate thing that a change touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Letters alone.
    Letters,
    /// Upper and lower case.
    Case,
    /// Quotes, stops and other marks.
    Marks,
    /// Digits.
    Digits,
    /// Spaces: words split or joined.
    Space,
    /// The hyphen of a word broken at a line's end.
    Hyphen,
}

impl Kind {
    /// How many kinds there are.
    pub const COUNT: usize = 6;

    /// All kinds, in the order of their numbers.
    pub const ALL: [Self; Self::COUNT] =
        [Self::Letters, Self::Case, Self::Marks, Self::Digits, Self::Space, Self::Hyphen];

    /// The kind of a change.
    pub fn of(observed: &str, intended: &str) -> Self {
        let same = |which: fn(char) -> bool| {
            observed.chars().filter(|&c| which(c)).eq(intended.chars().filter(|&c| which(c)))
        };
        let count = |text: &str, which: fn(char) -> bool| text.chars().filter(|&c| which(c)).count();
        if count(observed, is_hyphen) > count(intended, is_hyphen)
            && count(observed, char::is_whitespace) > count(intended, char::is_whitespace)
        {
            Self::Hyphen
        } else if count(observed, char::is_whitespace) != count(intended, char::is_whitespace) {
            Self::Space
        } else if !same(char::is_numeric) {
            Self::Digits
        } else if !same(|c| !c.is_alphanumeric() && !c.is_whitespace()) {
            Self::Marks
        } else if observed.to_lowercase() == intended.to_lowercase() {
            Self::Case
        } else {
            Self::Letters
        }
    }

    /// Its number.
    pub fn index(self) -> usize {
        self as usize
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Letters => "letters",
            Self::Case => "case",
            Self::Marks => "marks",
            Self::Digits => "digits",
            Self::Space => "spaces",
            Self::Hyphen => "hyphens",
        }
    }
}

/// Hyphens and dashes, and the signs that stand for a word broken at a line's end.
pub(super) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '¬' | '=' | '\u{AD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_delicate_part_names_the_kind() {
        let cases = [
            ("tbe", "the", Kind::Letters),
            ("The", "the", Kind::Case),
            ("tbe.", "the,", Kind::Marks),
            ("l5", "15", Kind::Digits),
            ("ofthe", "of the", Kind::Space),
            ("in- terest", "interest", Kind::Hyphen),
            ("in-terest", "interest", Kind::Marks),
        ];
        for (observed, intended, kind) in cases {
            assert_eq!(Kind::of(observed, intended), kind, "{observed} → {intended}");
        }
    }
}
