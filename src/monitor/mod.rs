//! The monitor: whether new text is still what the model was learned from, and what people make of its proposals.
//!
//! In: a model with its [`crate::learn::Reference`], documents as [`crate::Corrector`] takes them, feedback events. Out: what
//! changed, in figures and in a sentence ([`Drift`]); what a person would look at first ([`Attention`]); which rules and paths
//! people turn down, and what they correct that was never proposed (`Acceptance`).
//!
//! # How a change is told from chance
//!
//! What is read together is misread together, so documents are the units, not words. Those that the model keeps in figures and
//! the new ones are put together and dealt out anew, again and again (a permutation test, R. A. Fisher 1935). How much each
//! figure then strays is its deviation; how often any of them strays as far as the new text's farthest does is the chance of so
//! great a change without a cause (Westfall & Young 1993: all figures are judged at once, however they hang together). Below
//! [`Options::level`] there is an alarm: of windows in which nothing changed at most so many give one. A rate that changed by
//! less than a tenth did not, whatever its chance.
//!
//! The mix of confusions is compared by the population stability index. Where a model has several sources, new text has to be
//! unlike each of them, and unlike all together.
//!
//! Dealing is seeded: the same text and model, the same answer. Knows no arguments, no printing, no clock.

mod attention;
mod compare;
#[cfg(feature = "feedback")]
mod mined;
#[cfg(feature = "feedback")]
mod online;
mod stability;
mod sums;
mod telling;
mod watch;

pub use attention::{Attention, LikelyConfusion, NoisyDocument, UnknownWord};
pub use compare::{Drift, Extent, Measure, Moved, Options, compare};
#[cfg(feature = "feedback")]
pub use mined::Missed;
#[cfg(feature = "feedback")]
pub use online::{Acceptance, Path, Share, judge_online, observed_documents};
pub use stability::stability_index;
pub use telling::Changed;
pub use watch::{Report, Seen, Unjudged, report, watch};
