//! What a feedback store has to teach.

use std::path::Path;

use super::error::CliError;
use crate::corpus::Lesson;

/// The events of a store, as learning takes them.
#[derive(Debug, Default)]
pub(super) struct Taught {
    pub(super) lessons: Vec<Lesson>,
    /// The place of each in the store, its sequence number.
    pub(super) places: Vec<usize>,
    /// The hashes of the events that were forgotten.
    pub(super) forgotten: Vec<[u8; 16]>,
}

#[cfg(feature = "feedback")]
pub(super) fn read(store: &Path) -> Result<Taught, CliError> {
    use crate::feedback::{FeedbackStore, Query};
    let store = FeedbackStore::open(store)?;
    let mut taught = Taught { forgotten: store.forgotten()?, ..Taught::default() };
    for stored in store.events(&Query::default())? {
        let stored = stored?;
        taught.lessons.push(stored.event.lesson());
        taught.places.push(usize::try_from(stored.sequence).unwrap_or(usize::MAX));
    }
    Ok(taught)
}

/// The hashes of the events that a store forgot.
#[cfg(feature = "feedback")]
pub(super) fn forgotten(store: &Path) -> Result<Vec<[u8; 16]>, CliError> {
    Ok(crate::feedback::FeedbackStore::open(store)?.forgotten()?)
}

#[cfg(not(feature = "feedback"))]
pub(super) fn read(store: &Path) -> Result<Taught, CliError> {
    Err(without(store))
}

#[cfg(not(feature = "feedback"))]
pub(super) fn forgotten(store: &Path) -> Result<Vec<[u8; 16]>, CliError> {
    Err(without(store))
}

#[cfg(not(feature = "feedback"))]
fn without(store: &Path) -> CliError {
    let store = store.display();
    CliError::Library(format!("this program was built without the feedback store, and cannot read {store}"))
}
