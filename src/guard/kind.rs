//! What a change touches: harm is limited for each kind apart, since where letters are misread alike everywhere,
//! spaces, hyphens, marks and case alone follow the habits of a document and of those who transcribed it.

use crate::text::{is_hyphen, words};

/// What a change touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Letters alone, of words that nobody knows.
    Letters,
    /// Letters alone, of words that stand in the vocabulary: a wrong change of these breaks a right word.
    Words,
    /// Letters, and with them spaces or marks.
    Mixed,
    /// Digits.
    Digits,
    /// Upper and lower case alone.
    Case,
    /// Quotes, stops and other marks alone.
    Marks,
    /// Spaces alone, or with marks: words split or joined; or a token without letters taken out, whatever else.
    Space,
    /// The hyphen of a word broken at a line's end, wherever that end went, and whatever else.
    Hyphen,
    /// The hyphen of a broken word, put in where it was lost: as it stands, the word is wrong, whatever the habit.
    Break,
}

impl Kind {
    /// How many kinds there are.
    pub const COUNT: usize = 9;

    /// All kinds, in the order of their numbers.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Letters,
        Self::Words,
        Self::Mixed,
        Self::Digits,
        Self::Case,
        Self::Marks,
        Self::Space,
        Self::Hyphen,
        Self::Break,
    ];

    /// The kind of a change of words of which nothing is known.
    pub fn of(observed: &str, intended: &str) -> Self {
        let marks = |text: &str| text.chars().filter(|&c| is_mark(c)).collect::<String>();
        let digits = |text: &str| text.chars().filter(|c| c.is_numeric()).collect::<String>();
        let (spaces_before, spaces_after) = (spaces(observed), spaces(intended));
        let misread = letters(observed) != letters(intended);
        let joined = hyphens(observed) > hyphens(intended)
            && (spaces_before > spaces_after
                || (spaces_before == spaces_after && inner_hyphens(observed) > inner_hyphens(intended)));
        if joined {
            Self::Hyphen
        } else if misread && digits(observed) != digits(intended) {
            Self::Digits
        } else if spaces_before != spaces_after {
            if misread && strays(observed) <= strays(intended) { Self::Mixed } else { Self::Space }
        } else if marks(observed) != marks(intended) {
            if misread { Self::Mixed } else { Self::Marks }
        } else if misread {
            Self::Letters
        } else {
            Self::Case
        }
    }

    /// The kind of a change, where `known` tells which words are in the vocabulary.
    pub fn among(known: impl Fn(&str) -> bool, observed: &str, intended: &str) -> Self {
        match Self::of(observed, intended) {
            Self::Letters if words(observed).all(|word| known(word.text)) => Self::Words,
            kind => kind,
        }
    }

    /// Whether only the other lines of a document tell what to do.
    pub fn is_layout(self) -> bool {
        self == Self::Hyphen
    }

    /// Whether it follows the habits of a source rather than what is misread: the letters stay as they are.
    pub fn is_habit(self) -> bool {
        matches!(self, Self::Case | Self::Marks | Self::Space | Self::Hyphen)
    }

    /// Its number.
    pub fn index(self) -> usize {
        self as usize
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Letters => "letters",
            Self::Words => "words",
            Self::Mixed => "mixed",
            Self::Case => "case",
            Self::Marks => "marks",
            Self::Digits => "digits",
            Self::Space => "spaces",
            Self::Hyphen => "hyphens",
            Self::Break => "breaks",
        }
    }
}

/// Letters and digits, whatever their case.
pub(super) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

pub(super) fn is_mark(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_whitespace()
}

fn spaces(text: &str) -> usize {
    text.chars().filter(|c| c.is_whitespace()).count()
}

/// Tokens without letters or digits.
fn strays(text: &str) -> usize {
    text.split_whitespace().filter(|word| letters(word).is_empty()).count()
}

/// Hyphens and what else [`is_hyphen`].
pub(super) fn hyphens(text: &str) -> usize {
    text.chars().filter(|&c| is_hyphen(c)).count()
}

/// Hyphens between letters.
fn inner_hyphens(text: &str) -> usize {
    let around = text.chars().zip(text.chars().skip(1)).zip(text.chars().skip(2));
    around.filter(|((a, b), c)| a.is_alphabetic() && is_hyphen(*b) && c.is_alphabetic()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_touched_names_the_kind() {
        let cases = [
            ("tbe", "the", Kind::Letters),
            ("The", "the", Kind::Case),
            ("tbe.", "the,", Kind::Mixed),
            ("the.", "the,", Kind::Marks),
            ("oftbe", "of the", Kind::Mixed),
            ("19 95", "1995", Kind::Space),
            ("* * * STUNNED", "SIUNNED", Kind::Space),
            ("l5", "15", Kind::Digits),
            ("ofthe", "of the", Kind::Space),
            ("in- terest", "interest", Kind::Hyphen),
            ("in-terest", "interest", Kind::Hyphen),
            ("in-tcrest", "interest", Kind::Hyphen),
            ("-tbe", "the", Kind::Mixed),
            ("two-or", "two or", Kind::Space),
        ];
        for (observed, intended, kind) in cases {
            assert_eq!(Kind::of(observed, intended), kind, "{observed} → {intended}");
        }
    }

    #[test]
    fn what_becomes_of_known_words_is_a_kind_of_its_own() {
        let cases = [
            ("cat", "can", Kind::Words),
            ("tbe", "the", Kind::Letters),
            ("tbe cat", "the can", Kind::Letters),
            ("cat.", "can,", Kind::Mixed),
        ];
        for (observed, intended, kind) in cases {
            assert_eq!(
                Kind::among(|word| word == "cat", observed, intended),
                kind,
                "{observed} → {intended}"
            );
        }
    }
}
