//! Pairs and plain text as read: readers, screening, documents, splits.
//!
//! In: files. Out: [`Pair`]s, [`Line`]s and paragraphs with where they came from; what is refused is counted
//! by reason. Knows nothing of counts and models.

mod pair;

pub use pair::{Line, Pair};
