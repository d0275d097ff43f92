//! The registry: a folder of models of which one is current. A model earns its place there, and can lose it again.
//!
//! ```text
//! models/ID.amend   every model that was ever promoted, by its content; never written over, never removed
//! current           the id of the current model, and below it the line that made it so
//! history           a line a promotion, rollback or refusal, with the figures of the gate
//! marks             models that must not become current again, each with the reason
//! lock              held by who is changing anything
//! ```
//!
//! | file | |
//! |---|---|
//! | `gate`, `assess` | a candidate beside the current model on held-out pairs: yes, or no with reasons |
//! | `shadow` | the same for a candidate that proposed beside it, unseen, judged on what people kept |
//! | `steps` | switching, a step at a time, on any [`Storage`](crate::model): the tests stop it at each |
//! | `registry` | [`Registry`], the door: the lock, the disk |
//! | `watch` | [`Watch`]: a program that goes on working while the model is changed under it |
//! | `record`, `marks` | the text files |
//!
//! Every file is replaced whole, by rename, and synced. `current` is the one that counts: its rename is the switch, so a
//! reader sees the former model or the new one, and so does whoever comes after a crash. What `history` lacks then is taken from
//! `current`, and what was left unfinished is removed, by the next who changes anything.
//!
//! Holds no time: the order of events is their number. Knows nothing of how models are learned, nor of arguments and
//! printing.

mod assess;
#[cfg(test)]
mod crash;
mod error;
mod gate;
#[cfg(test)]
mod gate_tests;
mod marks;
mod places;
mod record;
#[allow(clippy::module_inception, reason = "the room's one public type")]
mod registry;
mod shadow;
mod steps;
mod table;
mod watch;

pub use assess::{Assessment, Fault};
pub use error::RegistryError;
pub use gate::{Gate, HeldOut, Verdict};
pub use record::{Action, Figures, Record};
pub use registry::{Listed, Promotion, Registry, RolledBack};
#[cfg(feature = "feedback")]
pub use shadow::shadow_of_events;
pub use shadow::{Kept, shadow};
pub use steps::Skipped;
pub use watch::Watch;
