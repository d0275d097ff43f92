//! Augmentation: right text becomes pairs, with the noise of a learned channel.
//!
//! In: a model, right text, an error rate. Out: for each row what a recogniser like the model's might have read, and the
//! edits between. Where pairs are few and right text is at hand, a model can be learned from such pairs, and so can any
//! other recogniser's corrector.
//!
//! | step | |
//! |---|---|
//! | [`Sample::cut`], [`Sample::choose`] | text → documents that look like a sample of what is to be corrected |
//! | [`Noise::amount`] | how much noise makes the error rate asked for |
//! | [`Noise::make`] | documents → what was read |
//! | [`Confusions`] | how near made pairs are to real ones |
//!
//! A row is walked from left to right. At each place the channel says what may be misread as what, and how often. It falls
//! unevenly: documents have more or less of it and likings of their own, rows differ, a few are beyond reading, places in
//! a row are calm or rough by turns, and stretches are damaged. How unevenly is fixed, as it was found in newspapers
//! (BLN600): the model file holds nothing for it. On those pairs made ones are 3 to 3.7 times as near to real ones as uniform
//! noise, and teach 72 to 83 % of what real ones do (README; `examples/augment.rs` measures both).
//!
//! Invariants: the same model, documents, rate and seed give the same pairs, on any number of threads, in pieces or at
//! once; no noise gives the text; the edits of a row, undone, give its right text.
//!
//! Policies do not apply: noise changes digits and addresses as well. Does not know files, formats, or the search.

mod divergence;
mod draw;
mod looks;
mod make;
mod noise;
mod random;
mod sample;
#[cfg(test)]
mod tests;

pub use divergence::Confusions;
pub use make::{Document, Made, Misread};
pub use noise::{Noise, NoiseError};
pub use sample::Sample;
