//! Corpus statistics: alignment of pairs, n-gram and confusion counts, as mergeable integers.
//!
//! In: pairs and text. Out: integer counts; shards merge in any grouping to the same counts. Knows no
//! probabilities.

mod align;
mod alphabet;
mod confusion;

pub use align::{Difference, differences};
pub use alphabet::{Alphabet, Symbol};
pub use confusion::{ConfusionCounts, Segment, SymbolPair};
