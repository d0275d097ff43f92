//! Corpus statistics: alignment of pairs, n-gram and confusion counts, as mergeable integers.
//!
//! In: pairs and text. Out: integer counts; shards merge in any grouping to the same counts, and what was merged can be
//! taken out again. [`PairCounts`] is all of it for pairs, without an alphabet of its own. Knows no probabilities.

mod align;
mod alphabet;
mod confusion;
mod ngram;
mod pairs;
mod shard;
mod stretch;
mod word;

pub use align::{Difference, differences};
pub use alphabet::{Alphabet, Symbol};
pub use confusion::{ConfusionCounts, Segment, SymbolPair};
pub use ngram::{NgramCounts, grapheme_counts};
pub(crate) use ngram::{Packed, prefix, symbol_at, without_first};
pub use pairs::PairCounts;
pub use shard::{Shard, ShardError};
pub use stretch::StretchCounts;
pub use word::{Gap, Seen, WordCounts};
