//! The room's tests; what happens to a process that is killed is in `tests/feedback.rs` of the house.

mod events;
mod files;
mod forgetting;
mod store;

use std::path::PathBuf;

use tempfile::TempDir;

use super::*;

/// A folder, and the path of a store in it that is still to be made.
fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    (folder, path)
}

/// A store with nothing in it.
fn empty() -> (TempDir, FeedbackStore) {
    let (folder, path) = place();
    (folder, FeedbackStore::create(path).expect("a new store"))
}

/// A small event of this id.
fn event(id: &str) -> Event {
    Event {
        id: id.to_owned(),
        observed: "tbe cat".to_owned(),
        final_text: "the cat".to_owned(),
        ..Event::default()
    }
}

/// The ids that a query finds, in order.
fn ids(store: &FeedbackStore, query: &Query) -> Vec<String> {
    let events = store.events(query).expect("a query");
    events.map(|stored| stored.expect("a sound event").event.id).collect()
}

/// Everything in the store, as it is exported.
fn export(store: &FeedbackStore) -> String {
    let events = store.events(&Query::default()).expect("a query");
    events.map(|stored| stored.expect("a sound event").event.to_json() + "\n").collect()
}
