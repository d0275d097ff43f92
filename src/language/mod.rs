//! What texts look like: the cost of graphemes after graphemes, and of words after words.
//!
//! In: counts. Out: sections of a model file, and the views that read them.
//!
//! - Graphemes: a model estimated by interpolated modified Kneser–Ney (Chen & Goodman 1999), a part of the text by
//!   itself mixed in, pruned to a size, read as a back-off automaton: [`estimate_graphemes`], [`GraphemeIndex`].
//! - Words: an fst of the folded words, walked letter by letter, and the bigram frequency index: counts that
//!   one can look into, and that the costs are computed from: [`build_words`], [`Vocabulary`], [`WordIndex`].
//!
//! Invariant: costs are nats, finite, not negative; every context's probabilities sum to one (graphemes: within
//! quantisation); a damaged section gives wrong costs, never a panic or an endless walk. The same counts
//! give the same bytes on any number of threads. Knows nothing of channels, models and decoding.

mod case;
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
mod vocabulary;
mod word_build;
mod word_index;
mod word_list;
#[cfg(test)]
mod word_tests;

pub use case::{Case, CaseProfile};
pub use error::LanguageError;
pub(crate) use grapheme::{BackOff, Priced};
pub use grapheme::{GraphemeIndex, State};
pub use kneser_ney::share_after;
pub use pack::{GraphemeOptions, estimate_graphemes};
pub use vocabulary::{Prefix, Vocabulary, WordId};
pub use word_build::{WordOptions, WordSections, build_words};
pub use word_index::WordIndex;
