//! Forgetting: nothing of what was forgotten is left, and nothing else is touched.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::*;

/// Whether any file of the store holds these bytes.
fn holds(path: &Path, text: &str) -> bool {
    let folder = path.parent().expect("a folder");
    fs::read_dir(folder).expect("a folder").any(|file| {
        let bytes = fs::read(file.expect("a file").path()).expect("its bytes");
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

/// Events of two users, long and short ones mixed so that pages split and spill over.
fn written(n: usize) -> Event {
    let user = if n % 3 == 1 { "SECRETUSER" } else { "someone" };
    let text = format!("{user}{n}-").repeat(1 + n * 7 % 97);
    Event {
        id: format!("{user}-{}", n * 7919 % 1000),
        user: Some(user.to_owned()),
        document: format!("{user} card"),
        observed: text.clone(),
        proposed: Some(Proposal { text: text.clone(), shown: true, ..Proposal::default() }),
        final_text: text,
        ..Event::default()
    }
}

#[test]
fn no_byte_of_a_forgotten_user_is_left() {
    let (_folder, mut store) = empty();
    let path = store.path().to_owned();
    for chunk in 0..6 {
        store.add_all((chunk * 50..chunk * 50 + 50).map(written)).expect("events");
    }
    assert!(holds(&path, "SECRETUSER"));
    let mut hashes: Vec<EventHash> = (0..300).filter(|n| n % 3 == 1).map(|n| written(n).hash()).collect();
    hashes.sort_unstable();
    let forgotten = store.forget_user("SECRETUSER").expect("swept");
    assert_eq!((forgotten.events, forgotten.unknown.len()), (100, 0));
    assert!(!holds(&path, "SECRETUSER"), "while the store is open");
    assert!(holds(&path, "someone"));
    assert_eq!(store.forgotten().expect("hashes"), hashes);
    assert!(!store.has_traces().expect("a look"));
    // The rest is what it was, under the numbers that it had.
    let rest: Vec<_> =
        store.events(&Query::default()).expect("a query").map(|s| s.expect("an event")).collect();
    let want: Vec<_> = (0..300)
        .filter(|n| n % 3 != 1)
        .map(|n| Stored { sequence: n as u64 + 1, event: written(n) })
        .collect();
    assert!(rest == want);
    drop(store);
    assert!(!holds(&path, "SECRETUSER"), "when it is closed");
    let mut store = FeedbackStore::open(&path).expect("the store");
    assert_eq!(store.forget_user("SECRETUSER").expect("nobody"), Forgotten::default());
}

/// Where pages split, rows move and leave copies behind that overwriting does not reach: with the second of these
/// seeds traces would stay if the file were not written anew.
#[test]
fn copies_that_moving_left_behind_are_gone_too() {
    for seed in 0..3_u64 {
        let (_folder, mut store) = empty();
        store
            .connection
            .pragma_update(None, "synchronous", "OFF")
            .expect("what takes long is not the matter here");
        let mut drawn = seed;
        let mut draw = |below: u64| {
            drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (drawn >> 33) % below
        };
        let events: Vec<Event> = (0..1500)
            .map(|n| {
                let user = if draw(10) < 3 { "SECRETUSER" } else { "someone" };
                let most = [3, 30, 300][usize::try_from(draw(3)).expect("small")];
                let text = format!("{user}-{n} ").repeat(1 + usize::try_from(draw(most)).expect("small"));
                let (id, user) = (format!("{user}-{:08x}", draw(1 << 30)), Some(user.to_owned()));
                Event { id, user, final_text: text.clone(), observed: text, ..Event::default() }
            })
            .collect();
        for event in events {
            let id = event.id.clone();
            store.add_all([event]).expect("an event");
            if draw(20) == 0 {
                store.connection.execute("DELETE FROM event WHERE id = ?", [id]).expect("another tool");
            }
        }
        store.forget_user("SECRETUSER").expect("swept");
        assert!(!holds(store.path(), "SECRETUSER"), "seed {seed}");
    }
}

#[test]
fn forgotten_events_stay_away() {
    let (_folder, mut store) = empty();
    let events = || [event("a"), event(""), event("c")];
    store.add_all(events()).expect("three");
    let made = ids(&store, &Query::default())[1].clone();
    let lines = export(&store);
    let forgotten = store.forget_ids(&["c", made.as_str(), "never seen", "c"]).expect("swept");
    assert_eq!(forgotten, Forgotten { events: 2, unknown: vec!["never seen".to_owned()] });
    assert_eq!(store.forget_ids(&["c"]).expect("again"), Forgotten::default());
    assert_eq!(ids(&store, &Query::default()), ["a"]);
    let left_out = Tally { added: 0, there: 1, forgotten: 2 };
    assert_eq!(store.import(lines.as_bytes(), "x").expect("an export"), left_out);
    assert_eq!(store.add_all(events()).expect("three"), left_out);
    // Not under its id with another content either; but its content under another id is another event.
    let other = Event { final_text: "the cut".to_owned(), ..event("c") };
    assert_eq!(store.add(other).expect("left out").fate, Fate::Forgotten);
    assert_eq!(store.add(event("d")).expect("new").fate, Fate::Added);
    // No number is given twice.
    assert_eq!(store.last().expect("a look"), Some(4));
    assert_eq!((store.stats().expect("figures").forgotten, store.forgotten().expect("hashes").len()), (2, 2));
}

#[test]
fn numbers_are_not_given_twice_even_when_the_last_is_forgotten() {
    let (_folder, mut store) = empty();
    store.add_all([event("a"), event("b")]).expect("two");
    store.forget_ids(&["b"]).expect("swept");
    store.add(event("c")).expect("a third");
    assert_eq!(store.last().expect("a look"), Some(3));
}

#[test]
fn traces_that_a_reader_keeps_are_told_and_swept_later() {
    let (_folder, path) = place();
    let how = Opening { create: true, wait: Duration::from_millis(20), ..Opening::default() };
    let mut store = FeedbackStore::open_with(&path, &how).expect("a store");
    store.add_all([event("a"), Event { observed: "SECRETTEXT".to_owned(), ..event("b") }]).expect("two");
    let reader = FeedbackStore::open(&path).expect("a reader");
    reader.connection.execute_batch("BEGIN; SELECT * FROM event").expect("a read that does not end");
    let error = store.forget_ids(&["b"]).expect_err("a reader").to_string();
    let want = "traces of them are still in the file (another process is using it)";
    assert!(error.contains(want) && error.ends_with("run the same command again"), "{error}");
    assert_eq!(ids(&store, &Query::default()), ["a"]);
    assert!(store.has_traces().expect("a look") && store.stats().expect("figures").traces);
    assert!(holds(&path, "SECRETTEXT"));
    drop(reader);
    assert_eq!(store.forget_ids(&["b"]).expect("swept"), Forgotten::default());
    assert!(!store.has_traces().expect("a look"));
    assert!(!holds(&path, "SECRETTEXT"));
}
