//! How good a corrector is: what it mended, what it broke, and how sure one can be of it.
//!
//! In: [`Row`]s, each a text as observed, as intended and as put out, with its document. Out: a [`Summary`] (serde,
//! and readable as it prints), or a [`Comparison`] of two systems on the same rows. Where our own corrector says what it
//! decided ([`Explanation`]), also [`Findings`]: how far the same search could go, whether confidence means what it
//! says, and what is still wrong, by class.
//!
//! Everything counts code points; nothing is normalised. CER is micro: Levenshtein distances over intended
//! length. Words are what Python's `str.split` leaves between white space; harm and repair are read from a plain
//! Levenshtein alignment of the words, whose ties break as those of the rapidfuzz library, so figures agree to
//! the last digit with evaluators written on it. Intervals are 95 % percentile bootstraps over documents (over rows
//! where there is one document only), with the draws of Python's generator, for the same reason.
//!
//! Flow: row → [`Counts`] (in parallel) → sums in order of the rows → figures and interval.
//! Invariant: the same rows, options and order give the same bits on any number of threads.
//! Knows decisions, but nothing of models, the search, or files.
//!
//! ```
//! use amend::evaluate::{Options, Row, summarise};
//! let row = Row { observed: "tbe cat", intended: "the cat", output: "the cat", document: "a" };
//! let summary = summarise(&[row], &Options::default());
//! assert_eq!((summary.errors_before, summary.errors_after, summary.repair), (1, 0, Some(1.0)));
//! ```

mod bootstrap;
mod ceiling;
mod classes;
mod compare;
mod counts;
mod findings;
#[cfg(test)]
mod findings_tests;
mod levenshtein;
mod place;
mod reliability;
mod report;
mod row;
mod summary;
#[cfg(test)]
mod tests;
mod twister;

pub use ceiling::Ceiling;
pub use classes::{Class, ClassFigures, Errors};
pub use compare::{Comparison, compare};
pub use counts::Counts;
pub(crate) use counts::errors;
pub use findings::{Findings, findings};
pub use reliability::{Bin, Curve, KindFigures, Kinds, Reliability};
pub use row::Explanation;
pub use summary::{Band, Document, Options, Row, Summary, summarise};
