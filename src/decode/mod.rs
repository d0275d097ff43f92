//! The search: which text is likeliest to have been read as this one.
//!
//! ```text
//! ŷ = argmin_y  λc·−ln p(x | y) + λg·−ln p_grapheme(y) + λw·−ln p_word(y) + λe·(edits in y)
//! ```
//!
//! In: the symbols of an observed line and the views of a model ([`Knowledge`]). Out: the edits of the best
//! reading, grouped by white-space token ([`Change`]), each with the costs that speak for and against it and
//! the other readings that came near.
//!
//! The search runs over observed positions, symbol by symbol; words are knowledge, not units, so a split, a
//! merge or a name needs no special case. Hypotheses with equal futures (language-model state, word so far,
//! word before) are recombined. They are compared by their cost and what the next observed symbol costs as it
//! stands, at most so much as a misreading of it would. Where the observed text is unsuspicious the beam is one hypothesis wide and
//! costs one look-up a symbol; `doubt.rs` says where it opens.
//!
//! Does not know files, pairs, thresholds of the guard, or the clock.

mod beam;
mod broad;
mod change;
mod doubt;
#[cfg(test)]
mod exhaustive;
mod hypothesis;
#[cfg(test)]
mod long_tests;
mod memory;
mod observed;
mod rescore;
mod ways;
mod work;

pub use crate::model::{Beam, Doubt, Knowledge, SymbolTable, Trust, Weights};
pub use beam::{Decoder, RawEdit};
pub use change::{Change, changes};
pub use doubt::Listened;
pub use observed::Observed;
pub(crate) use rescore::UNSEEN;
pub use rescore::{Reading, Rescorer};
