//! Augmentation: right text becomes pairs, with the noise of a learned channel.
//!
//! In: a model, right text, an error rate. Out: for each row what a recogniser like the model's might have read, and the
//! edits between. Where pairs are few and right text is at hand, a model can be learned from such pairs, and so can any
//! other recogniser's corrector.
//!
//! | step | |
//! |---|---|
//! | [`Noise::documents`] | text → documents with rows as long, and as many, as in the pairs that were learned from |
//! | [`Noise::choose`] | … of which those are taken that look like them |
//! | [`Noise::make`] | documents → what was read |
//! | [`Confusions`] | how near made pairs are to real ones |
//!
//! A row is walked from left to right. At each place the channel says what may be misread as what, and how often; the
//! model's [`Dispersion`](crate::channel::Dispersion) says how much oftener in this document, this row, this place. A
//! document takes after one of those that were learned from: as much noise, of the same kinds, and with likings of its
//! own; its rows differ, and places in a row are calm or rough by turns (a chain of two states: Gilbert 1960, "Capacity
//! of a burst-noise channel"). What was seen once is a sign that there is more that was never seen: as much as the
//! channel's discount takes from a misreading goes to another one of the same form (absolute discounting, Ney, Essen &
//! Kneser 1994).
//!
//! Invariants: the same model, documents, rate and seed give the same pairs on any number of threads; an error rate of
//! nothing gives the text; the edits of a row, undone, give its right text.
//!
//! Policies do not apply: noise changes digits and addresses as well. Does not know files, formats, or the search.

mod choose;
mod cut;
mod divergence;
mod draw;
mod make;
mod noise;
mod random;
mod table;
#[cfg(test)]
mod tests;

pub use divergence::Confusions;
pub use make::{Document, Made, Misread};
pub use noise::{Noise, NoiseError};
