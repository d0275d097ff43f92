//! Whole-line proposals for short fields that repeat: company names on vouchers, titles on cards.
//!
//! In: pairs, and entries known beside them. Out: two sections of a model file (known entries with an index;
//! memory of what was corrected to what) and a judge; with these, [`Entries::propose`] names the entry that an
//! observed line stands for, with its probability.
//!
//! Flow: the line's own past corrections, entries that share rare pairs of characters with it, entries behind
//! similar lines that were corrected → the likeliest by frequency and cost of misreading → a classifier that
//! learned, on lines whose documents were held back, when such a candidate is what was meant.
//!
//! Invariants: nothing is proposed for a kind of field whose lines do not repeat, nor where cross-fitting shows no
//! gain (learned from the pairs, no switch); never the line itself; no digit becomes another digit unless users
//! made that very change. Bytes of a section are untrusted: damage reads as knowing less.
//!
//! Does not know: how the character search works (its reading is only text), guards, files.

mod candidate;
mod features;
mod frame;
mod judge;
mod learn;
mod lexicon;
mod misread;
mod propose;
mod store;
#[cfg(test)]
mod tests;

pub use candidate::Scratch;
pub use judge::{EntriesJudge, EntriesReport, KindCoverage};
pub use learn::{EntriesLearner, EntriesParts};
pub use propose::{Entries, Proposal, Query, Source};
