//! What a feedback store has to teach.

use std::path::Path;

use super::error::CliError;
use crate::corpus::Lesson;

/// The events of a store, as learning takes them.
#[derive(Debug, Default)]
pub(super) struct Taught {
    pub(super) lessons: Vec<Lesson>,
    /// The place of each that is no twin in the store, its sequence number.
    pub(super) places: Vec<usize>,
    /// The hashes of the events that were forgotten.
    pub(super) forgotten: Vec<[u8; 16]>,
}

#[cfg(feature = "feedback")]
pub(super) fn read(store: &Path) -> Result<Taught, CliError> {
    use crate::feedback::{FeedbackStore, Query, Telling, tellers};
    let store = FeedbackStore::open(store)?;
    let mut taught = Taught { forgotten: store.forgotten()?, ..Taught::default() };
    let (mut places, mut tellings) = (Vec::new(), Vec::new());
    for stored in store.events(&Query::default())? {
        let stored = stored?;
        taught.lessons.push(stored.event.lesson());
        places.push(usize::try_from(stored.sequence).unwrap_or(usize::MAX));
        tellings.push(Telling::of(&stored.event));
    }
    for (at, teller) in tellers(&tellings).into_iter().enumerate() {
        match taught.lessons.get_mut(at) {
            Some(lesson) if teller != at => lesson.twin = true,
            _ => taught.places.extend(places.get(at)),
        }
    }
    Ok(taught)
}

/// The events of a store, or those since then; one of no known time is in no window.
#[cfg(feature = "feedback")]
pub(super) fn events(
    store: &Path,
    since: Option<crate::feedback::Time>,
) -> Result<Vec<crate::feedback::Event>, CliError> {
    use crate::feedback::{Event, FeedbackError, FeedbackStore, Opening, Query};
    let store = FeedbackStore::open_with(store, &Opening { read_only: true, ..Opening::default() })?;
    let events = store.events(&Query::default())?.map(|stored| stored.map(|stored| stored.event));
    let inside = |event: &Event| since.is_none_or(|since| event.time.is_some_and(|time| time >= since));
    let events: Result<Vec<Event>, FeedbackError> =
        events.filter(|event| event.as_ref().map_or(true, inside)).collect();
    Ok(events?)
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
pub(super) fn without(store: &Path) -> CliError {
    let store = store.display();
    CliError::Library(format!("this program was built without the feedback store, and cannot read {store}"))
}
