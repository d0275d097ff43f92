//! The learner: from pairs and plain text to a model file.
//!
//! ```text
//! pairs → screen → align → count → estimate → tune → calibrate → model file      (flow.rs is the spine)
//! ```
//!
//! The guard is trained on cross-fitted decodes: the documents of each fold are searched with a model that never
//! saw them, and a clean copy of each document (observed = intended) is mixed in, so that the guard learns
//! what right text looks like. The threshold is chosen on out-of-fold confidences, harm counted on noisy and on
//! clean rows apart, the stricter of the two.
//!
//! Feedback events are pairs that carry the hash of their event. Their hashes and counts stay in the model (`events`), so that
//! the next one counts only what is new; its bytes are those of one learned from scratch. Search and guard are tuned on all
//! pairs and on a sample of the events, chosen by the hash of their documents, which bounds what a million of them take.
//!
//! The same decodes say what the observed texts look like to a model that never saw them ([`Reference`]): what new text will
//! be compared with.
//!
//! Knows no arguments, no printing and no file formats but the model's.

mod conventions;
mod events;
mod flow;
mod gathering;
mod growing;
mod guarding;
mod material;
mod mining;
mod pages;
mod pieces;
mod reference;
mod report;
mod size;
mod stretches;
mod trade;
mod trust;
mod tune;
mod unfinished;
mod unlabelled;

pub use events::{Base, EventsReport};
pub use flow::{LearnError, Learner, Stage};
pub use reference::{Confusion, Figures, Portrait, Reference, Sampled, SourceFigures};
pub use report::{LearnReport, Pruned};
pub use unlabelled::UnlabelledReport;
