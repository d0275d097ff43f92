//! How unevenly noise falls: from document to document, line to line, place to place.
//!
//! The channel says what is misread as what, as if each misreading came alone. Real ones come in company: a bad scan
//! has ten times as many as a good one, one document has stray letters of the next column where another has broken
//! words, one that reads `e` as `c` once does it again, and a smudge takes several letters. What is kept here is what it
//! takes to make noise like that; correcting does not read it.

use serde::{Deserialize, Serialize};

use super::lean::Lean;
use super::looks::Looks;
use super::shape::Form;
use super::slip::Slip;
use crate::counts::{Segment, Symbol};

/// How unevenly noise falls. Variances are relative: of a factor whose mean is 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dispersion {
    /// Symbols of all intended sides.
    pub symbols: u64,
    /// Documents as they were, spread evenly over those learned from.
    pub documents: Vec<DocumentNoise>,
    /// Variance between the lines of a document.
    pub lines: f32,
    /// Variance of one misreading's share between documents.
    pub segments: f32,
    /// Variance between the places of a line.
    pub bursts: f32,
    /// How much of that one symbol hands on to the next, 0–1.
    pub memory: f32,
    /// Misreadings that another one follows at once, beside those of three symbols: such are pieces of longer ones.
    pub company: f32,
    /// Rows that are beyond reading.
    pub wrecks: Wrecks,
    /// Stretches put in, taken out, and exchanged, that are beyond reading.
    pub damage: [Damage; 3],
    /// Misreadings that the channel has no room for.
    pub rare: Vec<Rare>,
    /// Where misreadings of one symbol, or of nothing, fall, by form: observed, intended.
    pub forms: Vec<(Form, Form, Lean)>,
    /// The same of frequent ones, each by itself.
    pub own: Vec<(Segment, Segment, Lean)>,
    /// How the intended texts are laid out.
    pub layout: Layout,
}

/// What was seen in one document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentNoise {
    /// Rows of it.
    pub rows: u32,
    /// Symbols of its intended side.
    pub symbols: u32,
    /// Misreadings of each [`Slip`].
    pub slips: [u32; Slip::COUNT],
    /// Damaged stretches, and rows beyond reading.
    pub damaged: u32,
    /// What its intended side looks like.
    pub looks: Looks,
}

/// Rows of which more is misread than can be told as what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Wrecks {
    /// Share of rows.
    pub share: f32,
    /// How many times as much as in other rows is misread there.
    pub times: f32,
}

/// A way in which a stretch is damaged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damage {
    /// Stretches seen.
    pub stretches: u32,
    /// Symbols that they took, on the intended side.
    pub intended: u32,
    /// Symbols that stand there instead.
    pub observed: u32,
}

/// A misreading, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rare {
    /// What was read.
    pub observed: Segment,
    /// What stood there.
    pub intended: Segment,
    /// How often.
    pub count: u32,
    /// How often the intended segment stood anywhere.
    pub occurrences: u32,
}

/// How texts are laid out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Layout {
    /// Lengths of rows, symbols: the least, nine deciles, the greatest.
    pub lengths: Vec<u32>,
    /// Share of rows that end with the mark of a sentence's end.
    pub sentences: f32,
    /// Marks, with how often they stand there.
    pub marks: Vec<(Symbol, u32)>,
}
