//! `amend` corrects recognised or typed text with statistics learned from what its users corrected.
//!
//! Rooms, in the order of the flow:
//! [`text`] → [`corpus`] → [`counts`] → [`language`], [`channel`], [`rules`], [`entries`] → [`model`] →
//! [`decode`] → [`guard`] → [`correct`] → [`evaluate`], [`learn`] → `cli`.

pub mod channel;
pub mod classify;
#[cfg(feature = "cli")]
pub mod cli;
pub mod corpus;
pub mod correct;
pub mod cost;
pub mod counts;
pub mod decode;
pub mod entries;
pub mod evaluate;
pub mod guard;
pub mod language;
pub mod learn;
pub mod model;
pub mod rules;
pub mod text;

pub use corpus::{Line, Pair};
pub use correct::{Alternative, By, Correction, Corrector, Edit, Worker};
pub use learn::{LearnReport, Learner};
pub use model::{Model, ModelError};
