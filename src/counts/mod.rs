//! Corpus statistics: alignment of pairs, n-gram and confusion counts, as mergeable integers.
//!
//! In: pairs and text. Out: integer counts; shards merge in any grouping to the same counts. Knows no
//! probabilities.

mod align;
mod alphabet;
mod confusion;
mod ngram;
mod shard;
mod word;

pub use align::{Difference, differences};
pub use alphabet::{Alphabet, Symbol};
pub use confusion::{ConfusionCounts, Misread, Misreading, Segment, Segmenter, SymbolPair};
pub use ngram::{NgramCounts, grapheme_counts};
pub(crate) use ngram::{Packed, prefix, symbol_at, without_first};
pub use shard::{Shard, ShardError};
pub use word::{Gap, Seen, WordCounts};
