//! Learning from a store of feedback: what is counted once is not counted again, and what is forgotten was never seen.

#![cfg(feature = "feedback")]

use std::fs::File;
use std::io::BufReader;

use amend::corpus::Lesson;
use amend::feedback::{FeedbackStore, Query};
use amend::learn::{Base, LearnError};
use amend::registry::Registry;
use amend::{Event, Learner, Model};
use tempfile::TempDir;

/// Sixty events of fifteen documents: accepted, turned down, edited, typed, and in shadow.
fn store(folder: &TempDir, keep: impl Fn(&Event) -> bool) -> FeedbackStore {
    let mut store = FeedbackStore::create(folder.path().join("s")).expect("a store");
    for file in ["events.jsonl", "more.jsonl"] {
        let path = format!("{}/tests/cli/lessons.in/{file}", env!("CARGO_MANIFEST_DIR"));
        let reader = BufReader::new(File::open(path).expect("events"));
        let events =
            amend::feedback::EventLines::new(reader, file).map(|(_, event)| event.expect("an event"));
        store.add_all(events.filter(|event| keep(event))).expect("events are added");
    }
    store
}

fn lessons(store: &FeedbackStore) -> Vec<Lesson> {
    let events = store.events(&Query::default()).expect("events");
    events.map(|stored| stored.expect("an event").event.lesson()).collect()
}

fn learn(lessons: &[Lesson], sample: usize, base: Option<&[u8]>) -> Vec<u8> {
    let base = base.map(|bytes| Base::new(&model(bytes)).expect("a base"));
    let learner = Learner { lessons: lessons.to_vec(), sample: Some(sample), base, ..Learner::default() };
    learner.learn().expect("a model").0
}

fn model(bytes: &[u8]) -> Model {
    Model::from_bytes(bytes.to_vec()).expect("a model")
}

#[test]
fn in_any_grouping_the_bytes_are_those_from_scratch() {
    let folder = tempfile::tempdir().expect("a folder");
    let all = lessons(&store(&folder, |_| true));
    assert_eq!(all.len(), 60);
    // With all events searched, and with few of them, so that the others are only counted.
    for sample in [60, 24] {
        let scratch = learn(&all, sample, None);
        let first = learn(&all[..20], 20, None);
        let second = learn(&all[..41], 30, Some(&first));
        assert!(learn(&all, sample, Some(&second)) == scratch, "in three steps, sample {sample}");
        let last = learn(&all[30..], 10, None);
        assert!(learn(&all, sample, Some(&last)) == scratch, "the last half first, sample {sample}");
        assert!(learn(&all, sample, Some(&scratch)) == scratch, "nothing new, sample {sample}");
    }
}

#[test]
fn what_is_forgotten_was_never_seen() {
    let (folder, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let mut forgetful = store(&folder, |_| true);
    let innocent = store(&other, |event| event.user.as_deref() != Some("eve"));
    let before = learn(&lessons(&forgetful), 60, None);
    assert_eq!(model(&before).events().len(), 60);
    assert_eq!(forgetful.forget_user("eve").expect("forgotten").events, 8);

    let after = learn(&lessons(&forgetful), 60, None);
    assert!(after != before, "they had taught something");
    assert!(after == learn(&lessons(&innocent), 60, None), "bytes of a model that never saw them");

    let forgotten = forgetful.forgotten().expect("hashes");
    let tainted = Learner {
        lessons: lessons(&forgetful),
        forgotten: forgotten.clone(),
        base: Some(Base::new(&model(&before)).expect("a base")),
        ..Learner::default()
    };
    let error = tainted.learn().expect_err("the base saw them");
    assert!(matches!(error, LearnError::Forgotten { events: 8, .. }), "{error}");

    let registry = Registry::new(folder.path().join("models"));
    assert_eq!(registry.mark_if_forgotten(&model(&after), &forgotten).expect("no mark"), 0);
    assert_eq!(registry.mark_if_forgotten(&model(&before), &forgotten).expect("a mark"), 8);
    let marks = registry.marks().expect("marks");
    assert_eq!(marks.keys().copied().collect::<Vec<_>>(), [model(&before).id()]);
    assert!(marks[&model(&before).id()].contains("8 events that were forgotten"), "{marks:?}");
}
