//! The screen: which pairs are too strange to learn from, and why.
//!
//! In: pairs as read. Out: the rows that pass, the rows that do not with a [`Reason`] each, and a [`Tally`].
//! The first reason that applies, in the order of [`Reason`], is the one named. The screen is conservative:
//! a pair that is only hard (a truncated reading, a garbled short field) passes, because such lines come in
//! real work; what it refuses are pairs whose sides are not one text (rewrites, shifted rows, text of another
//! place), and repeats that would outvote everything else. Knows nothing of how pairs are aligned later.

mod empty;
mod length_ratio;
mod repeats;
mod script_change;
mod too_many_edits;
mod unreadable;

use std::collections::BTreeMap;
use std::fmt;

use super::pair::Pair;

/// Why a pair is not learned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// A side holds nothing but white space.
    Empty,
    /// The intended side holds replacement or control characters: nobody meant those.
    Unreadable,
    /// One side is several times as long as the other.
    LengthRatio,
    /// The sides are written in different scripts.
    ScriptChange,
    /// More of the text is changed than kept.
    TooManyEdits,
    /// The very same pair was seen too often already.
    Repeat,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty side",
            Self::Unreadable => "unreadable intended side",
            Self::LengthRatio => "length ratio",
            Self::ScriptChange => "script change",
            Self::TooManyEdits => "too many edits",
            Self::Repeat => "repeat",
        })
    }
}

/// Where the screen draws its lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Most times that the longer side may hold the characters of the shorter (two added to both).
    pub length_ratio: f64,
    /// Most of the longer side that may be edited, 0–1 (Levenshtein distance over characters).
    pub edited: f64,
    /// How often the very same pair counts, whatever the size of the corpus …
    pub repeats: usize,
    /// … and as a share of all its pairs, 0–1; the larger of the two holds.
    pub repeats_share: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { length_ratio: 3.0, edited: 0.6, repeats: 20, repeats_share: 0.02 }
    }
}

/// What was refused, counted by reason. Prints as `refused 3 of 120: empty side 1, repeat 2`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All pairs looked at.
    pub pairs: usize,
    /// Pairs refused, by reason.
    pub refused: BTreeMap<Reason, usize>,
}

impl Tally {
    /// Pairs refused for any reason.
    pub fn total(&self) -> usize {
        self.refused.values().sum()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused {} of {}", self.total(), self.pairs)?;
        for (n, (reason, count)) in self.refused.iter().enumerate() {
            write!(f, "{} {reason} {count}", if n == 0 { ":" } else { "," })?;
        }
        Ok(())
    }
}

/// What the screen found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Screened {
    /// The rows that pass, in order.
    pub kept: Vec<usize>,
    /// The rows that do not, in order.
    pub refused: Vec<(usize, Reason)>,
    /// The same, counted.
    pub tally: Tally,
}

/// Looks at every pair.
///
/// ```
/// use amend::corpus::{Limits, Pair, Reason, screen};
/// let pair = |o: &str, i: &str| Pair { observed: o.into(), intended: i.into(), ..Pair::default() };
/// let found = screen(&[pair("tbe cat", "the cat"), pair("the cat", "")], &Limits::default());
/// assert_eq!(found.kept, [0]);
/// assert_eq!(found.refused, [(1, Reason::Empty)]);
/// assert_eq!(found.tally.to_string(), "refused 1 of 2: empty side 1");
/// ```
pub fn screen(pairs: &[Pair], limits: &Limits) -> Screened {
    let mut repeats = repeats::Repeats::new(pairs.len(), limits);
    let mut found = Screened::default();
    found.tally.pairs = pairs.len();
    for (row, pair) in pairs.iter().enumerate() {
        match alone(pair, limits).or_else(|| repeats.reason(pair)) {
            None => found.kept.push(row),
            Some(reason) => {
                found.refused.push((row, reason));
                *found.tally.refused.entry(reason).or_default() += 1;
            }
        }
    }
    found
}

/// The reasons that need no other pair.
fn alone(pair: &Pair, limits: &Limits) -> Option<Reason> {
    if empty::applies(pair) {
        Some(Reason::Empty)
    } else if unreadable::applies(pair) {
        Some(Reason::Unreadable)
    } else if length_ratio::applies(pair, limits) {
        Some(Reason::LengthRatio)
    } else if script_change::applies(pair) {
        Some(Reason::ScriptChange)
    } else if too_many_edits::applies(pair, limits) {
        Some(Reason::TooManyEdits)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_its_cases() {
        let long = "every word of this line was read wrong by somebody";
        let cases = [
            // Leave it alone: hard, but one text.
            ("機工株式会社", "ナンシン機工株式会社", None),
            ("ナ", "ナンシン機工株式会社", Some(Reason::LengthRatio)),
            ("シン機工", "ナンシン機工株式会社", None),
            ("tlic qnick brovvn", "the quick brown", None),
            ("1", "l", None),
            ("口", "ロ", None),
            ("カ口ー工業", "力ロー工業", None),
            ("株式会社ABC", "ABC", None),
            ("0O:3l", "00:31", None),
            ("a\u{FFFD}b", "aub", None),
            (long, long, None),
            // Refused.
            ("", "x", Some(Reason::Empty)),
            ("x", " \u{3000}", Some(Reason::Empty)),
            ("aub", "a\u{FFFD}b", Some(Reason::Unreadable)),
            ("aub", "a\0b", Some(Reason::Unreadable)),
            ("lorem", "lorem ipsum dolor sit amet consectetur", Some(Reason::LengthRatio)),
            ("ナンシンキコウ", "Nanshin Kiko", Some(Reason::ScriptChange)),
            ("the quick brown fox jumps", "by fair means or foul, sir", Some(Reason::TooManyEdits)),
        ];
        for (observed, intended, want) in cases {
            let pair = Pair { observed: observed.into(), intended: intended.into(), ..Pair::default() };
            let found = screen(&[pair], &Limits::default());
            assert_eq!(found.refused.first().map(|r| r.1), want, "{observed:?} → {intended:?}");
            assert_eq!(found.kept.is_empty(), want.is_some());
        }
    }

    #[test]
    fn repeats_are_capped_and_counted() {
        let pair = Pair { observed: "a".into(), intended: "b".into(), ..Pair::default() };
        let other = Pair { observed: "a".into(), intended: "a".into(), ..Pair::default() };
        let mut pairs = vec![pair; 5];
        pairs.insert(2, other);
        let limits = Limits { repeats: 3, repeats_share: 0.0, ..Limits::default() };
        let found = screen(&pairs, &limits);
        assert_eq!(found.kept, [0, 1, 2, 3]);
        assert_eq!(found.refused, [(4, Reason::Repeat), (5, Reason::Repeat)]);
        assert_eq!(found.tally.to_string(), "refused 2 of 6: repeat 2");
        let share = Limits { repeats: 1, repeats_share: 0.5, ..Limits::default() };
        assert_eq!(screen(&pairs, &share).kept, [0, 1, 2, 3]);
    }
}
