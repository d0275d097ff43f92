//! What texts look like: the cost of graphemes after graphemes.
//!
//! In: counts. Out: sections of a model file, and the views that read them: a grapheme model estimated by
//! interpolated modified Kneser–Ney (Chen & Goodman 1999), pruned to a size, read as a back-off automaton.
//! Invariant: costs are nats, finite, not negative; every context's probabilities sum to one within
//! quantisation; a damaged section gives wrong costs, never a panic or an endless walk. The same counts
//! give the same bytes on any number of threads. Knows nothing of channels, models and decoding.

mod error;
mod grapheme;
mod kneser_ney;
mod levels;
mod pack;
#[cfg(test)]
mod plain;
mod prune;
#[cfg(test)]
mod tests;

pub use error::{LanguageError, WordListError};
pub use grapheme::{GraphemeIndex, State};
pub use pack::{GraphemeOptions, estimate_graphemes};
mod word_stub;
pub use word_stub::*;
