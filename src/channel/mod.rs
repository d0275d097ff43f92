//! The channel, p(observed | intended): how things are misread, segment by segment.
//!
//! In: confusion counts. Out: for every observed segment of nothing to three symbols the intended segments it
//! may stand for, each with a cost in nats and the joint count behind it, the likeliest first; and for every
//! symbol the cost of its having been read rightly. The score of a segmentation is the sum of its segments'
//! costs; over segmentations this is no distribution (a string and its parts are both counted), so costs are
//! compared, and probabilities come from the guard's calibration.
//!
//! Knows no language model and no decoding. Candidates are ordered by *joint* count, not by p(observed |
//! intended): rare long intended strings have inflated conditional probabilities and would crowd out the real
//! readings.

mod estimate;
mod table;
mod unseen;

pub use estimate::{ChannelOptions, estimate};
pub use table::{Channel, ChannelError, Reading};
