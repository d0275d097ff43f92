//! What a change does to the habits of a document: finer than its kind, since who joins broken words may yet keep
//! the stray marks.

use super::Kind;
use super::kind::{is_mark, letters};

/// A way of changing how a text is laid out or marked; or, all in one, that letters are mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Letters or digits are mended, whatever else.
    Mend,
    /// Capitals become small or small ones capital.
    Case,
    /// Marks are put in.
    MarkAdded,
    /// Marks are taken out.
    MarkRemoved,
    /// Marks become others.
    MarkExchanged,
    /// Words are joined.
    Join,
    /// A word is split.
    Split,
    /// A token without letters is taken out.
    Stray,
    /// A broken word is joined.
    Unbreak,
    /// A line is made to end as most of its document do, though the search would leave it; here and below, since profiles
    /// hold the acts of the search alone.
    Ending,
    /// An address is made to say what other lines do, though the search would not.
    Echo,
    /// A broken word gets its hyphen, though the search would not put one.
    Break,
}

impl Act {
    /// How many there are.
    pub const COUNT: usize = 12;

    /// What a change does.
    pub fn of(kind: Kind, observed: &str, intended: &str) -> Self {
        let marks = |text: &str| text.chars().filter(|&c| is_mark(c)).count();
        let words = |text: &str| text.split_whitespace().count();
        match kind {
            Kind::Letters | Kind::Words | Kind::Mixed | Kind::Digits => Self::Mend,
            Kind::Case => Self::Case,
            Kind::Hyphen => Self::Unbreak,
            Kind::Break => Self::Break,
            Kind::Marks if marks(intended) > marks(observed) => Self::MarkAdded,
            Kind::Marks if marks(intended) < marks(observed) => Self::MarkRemoved,
            Kind::Marks => Self::MarkExchanged,
            Kind::Space if words(intended) > words(observed) => Self::Split,
            Kind::Space if observed.split_whitespace().any(|word| letters(word).is_empty()) => Self::Stray,
            Kind::Space => Self::Join,
        }
    }

    /// Its number.
    pub fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acts_by_example() {
        let cases = [
            ("tbe", "the", Act::Mend),
            ("end", "end.", Act::MarkAdded),
            ("end.", "end", Act::MarkRemoved),
            ("end.", "end,", Act::MarkExchanged),
            ("ofthe", "of the", Act::Split),
            ("Edin burgh", "Edinburgh", Act::Join),
            ("| so", "so", Act::Stray),
            ("in- terest", "interest", Act::Unbreak),
        ];
        for (observed, intended, act) in cases {
            assert_eq!(Act::of(Kind::of(observed, intended), observed, intended), act, "{observed}");
        }
    }
}
