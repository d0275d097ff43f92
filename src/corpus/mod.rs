//! Pairs and plain text as read: readers, screening, documents, splits.
//!
//! In: files of pairs (TSV rows) and of plain text. Out: [`Pair`]s, [`Line`]s and paragraphs with where they
//! came from. Invariants: what was read is what stands in the file, nothing is normalised; an input error
//! names file, line and place in the line, and is never taken for the end of the input; what the screen
//! refuses is counted by its [`Reason`].
//!
//! | step | |
//! |---|---|
//! | [`Rows`] | TSV, one pair a row, streamed |
//! | [`Lines`], [`paragraphs`] | plain text: to correct it, line for line; to learn from it, piece for piece |
//! | [`read_entries`], [`read_counts`] | what else may be known |
//! | [`documents`] | which rows were read together |
//! | [`folds`] | a split by document that leaves no fold empty |
//! | [`screen`](screen()) | which pairs are too strange to learn from, and why |
//!
//! Knows nothing of counts and models, and does not print.

mod document;
mod error;
#[cfg(any(feature = "cli", feature = "feedback"))]
mod json;
mod lists;
mod pair;
mod plain;
mod rows;
mod screen;
mod split;

pub use document::documents;
pub use error::CorpusError;
#[cfg(feature = "cli")]
pub(crate) use error::open;
#[cfg(any(feature = "cli", feature = "feedback"))]
pub(crate) use json::json_fault;
pub use lists::{read_counts, read_entries};
pub use pair::{Lesson, Line, Pair};
pub use plain::{Ending, Lines, PlainLine, paragraphs, read_paragraphs, read_text, read_text_from};
pub use rows::{Row, Rows};
pub use screen::{Limits, Reason, Screened, Substitution, Tally, screen};
pub use split::folds;
