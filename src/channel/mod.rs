//! The channel, p(observed | intended): how things are misread, segment by segment.
//!
//! In: confusion counts. Out: for every observed segment of nothing to three symbols the intended segments it
//! may stand for, each with a cost in nats and the joint count behind it, the likeliest first; and for every
//! symbol the cost of its having been read rightly. The score of a segmentation is the sum of its segments'
//! costs; over segmentations this is no distribution (a string and its parts are both counted), so costs are
//! compared, and probabilities come from the guard's calibration.
//!
//! Beside it, for those who make noise rather than mend it: how unevenly it falls ([`Dispersion`]).
//!
//! Knows no language model and no decoding. Candidates are ordered by *joint* count, not by p(observed |
//! intended): rare long intended strings have inflated conditional probabilities and would crowd out the real
//! readings.

mod disperse;
mod dispersion;
mod estimate;
mod lean;
mod looks;
mod shape;
mod slip;
mod table;

pub use dispersion::{Damage, Dispersion, DocumentNoise, Layout, Rare, Wrecks};
pub use estimate::{ChannelOptions, estimate};
pub use lean::Lean;
pub use looks::Looks;
pub(crate) use shape::{Form, SIDES, Shapes, Sides};
pub use slip::Slip;
pub use table::{Channel, ChannelError, Reading};
