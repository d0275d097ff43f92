//! The guard: decides, change by change, whether changing is more likely right than leaving.
//!
//! In: the changes that the search proposes for the lines of one document ([`Survey`]). Out: for each a
//! calibrated probability of being right, from boosted trees over what speaks for and against it
//! ([`NAMES`]): prices in context, other readings near, words known, what else stands in the document, the
//! recogniser's confidence. A change below the threshold of the asked-for harm is not made; in a document that
//! is like none of the sources learned from ([`Home`]) nothing that follows habits is.
//!
//! Does not know how candidates were found, nor how the trees were grown.

mod act;
mod broken;
mod echo;
mod ending;
mod features;
mod home;
mod kind;
mod left;
mod parts;
mod places;
mod profile;
mod proposal;
mod spelling;
mod spread;
mod stretches;
mod survey;
mod threshold;
mod trees;

pub use act::Act;
pub use echo::Echoes;
pub use ending::Endings;
pub use features::{COUNT, NAMES, features, set_near};
pub use home::{AROUND, Home, LEAST_DOCUMENTS, Leaving, Looks, Near, Resident, Standing};
pub use kind::Kind;
pub use left::Left;
pub use profile::Profile;
pub use proposal::Proposal;
#[cfg(test)]
pub(crate) use proposal::proposal;
pub use spelling::Spellings;
pub use stretches::SHORT;
pub(crate) use survey::LISTENED;
pub use survey::{Survey, Surveyor, by_place};
pub use threshold::{Band, Guard, HARM_LIMIT, Operating, SHUT, Thresholds};
pub use trees::{BESIDE, Trees, beside, shortfalls};
