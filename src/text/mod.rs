//! Pieces of text: spans, graphemes, words, scripts.
//!
//! In: a `&str`. Out: pieces with their byte offsets, so that every later finding can point at the observed
//! bytes. Knows no files and no statistics.

mod counted;
mod grapheme;
mod quote;
mod script;
mod span;
mod word;

pub use counted::{as_counted, digit_class};
pub use grapheme::graphemes;
pub use quote::{QuoteStyle, curly};
pub use script::{is_han, is_unspaced};
pub use span::Span;
pub use word::{Word, fold_word, is_hyphen, is_word_grapheme, tokens, units, words};
