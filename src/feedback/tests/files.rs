//! The file: its versions, what is no store, what cannot be written, what is damaged.

use std::fs;
use std::time::Duration;

use rusqlite::Connection;

use super::super::schema::{MIGRATIONS, connect_as};
use super::*;

fn hasty() -> Opening {
    Opening { create: true, wait: Duration::from_millis(20), ..Opening::default() }
}

/// The schema that stores in use have is what the golden file says: a change of it is a new migration, and a
/// new file.
#[test]
fn the_schema_is_the_one_that_was_released() {
    let (_folder, store) = empty();
    let sql = "SELECT group_concat(sql || ';', char(10, 10)) FROM (SELECT sql FROM sqlite_schema
        WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name)";
    let schema: String = store.connection.query_row(sql, [], |row| row.get(0)).expect("a schema");
    let version: i64 =
        store.connection.pragma_query_value(None, "user_version", |row| row.get(0)).expect("a version");
    let found = format!("-- version {version}\n{schema}\n");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/feedback.sql");
    if std::env::var_os("AMEND_ACCEPT").is_some_and(|v| v == "1") {
        fs::write(path, &found).expect("the golden file");
    }
    assert_eq!(fs::read_to_string(path).expect("the golden file"), found);
}

#[test]
fn a_store_is_durable_in_its_settings() {
    let (_folder, store) = empty();
    let pragma = |name: &str| -> String {
        let value =
            store.connection.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0));
        format!("{:?}", value.expect("a setting"))
    };
    assert_eq!(pragma("journal_mode"), "Text(\"wal\")");
    assert_eq!(pragma("synchronous"), "Integer(2)"); // FULL
    assert_eq!(pragma("secure_delete"), "Integer(1)");
}

#[test]
fn an_older_store_is_brought_to_the_newest_version_or_stays_as_it_was() {
    let (_folder, path) = place();
    FeedbackStore::create(&path).and_then(|mut store| store.add(event("a"))).expect("an event");
    let next = "ALTER TABLE event ADD COLUMN mood TEXT; UPDATE event SET mood = 'new';";
    let broken = [MIGRATIONS[0], next, "CREATE TABLE event (again)"];
    assert!(connect_as(&path, &Opening::default(), &broken).is_err());
    let store = FeedbackStore::open(&path).expect("as it was");
    assert_eq!(ids(&store, &Query::default()), ["a"]);
    assert!(store.connection.prepare("SELECT mood FROM event").is_err(), "half a migration");
    drop(store);

    let read_only = Opening { read_only: true, ..Opening::default() };
    let error = connect_as(&path, &read_only, &[MIGRATIONS[0], next]).expect_err("older").to_string();
    assert!(error.starts_with("the store has version 1 and may only be read, in "), "{error}");

    let connection = connect_as(&path, &Opening::default(), &[MIGRATIONS[0], next]).expect("version 2");
    let mood: String = connection.query_row("SELECT mood FROM event", [], |row| row.get(0)).expect("a row");
    assert_eq!(mood, "new");
    drop(connection);
    let error = FeedbackStore::open(&path).expect_err("newer").to_string();
    let want = "the store has version 2, this program knows up to 1, in ";
    assert!(error.starts_with(want) && error.ends_with(": use the newer amend that wrote it"), "{error}");
}

#[test]
fn what_is_no_store_is_refused_and_left_as_it_is() {
    let (folder, path) = place();
    let foreign = folder.path().join("foreign");
    Connection::open(&foreign).and_then(|c| c.execute_batch("CREATE TABLE t (x)")).expect("another database");
    let text = folder.path().join("text");
    fs::write(&text, "not a database, but long enough to look for a header in it. ".repeat(20))
        .expect("a text");
    for (file, want) in [(&foreign, "not a feedback store, in "), (&text, "not a feedback store, in ")] {
        let before = fs::read(file).expect("its bytes");
        for how in [Opening::default(), hasty(), Opening { read_only: true, ..Opening::default() }] {
            let error = FeedbackStore::open_with(file, &how).expect_err("no store").to_string();
            assert!(error.starts_with(want), "{error}");
        }
        assert!(fs::read(file).expect("its bytes") == before);
    }
    let error = FeedbackStore::open(&path).expect_err("nothing").to_string();
    assert!(error.starts_with("no such store, in "), "{error}");
    let error = FeedbackStore::create(folder.path()).expect_err("a folder").to_string();
    assert!(error.starts_with("cannot open it (it is a folder), in "), "{error}");
    let error = FeedbackStore::create(folder.path().join("none/store")).expect_err("no folder").to_string();
    assert!(error.starts_with("cannot open it ("), "{error}");
    // What a process that was killed while it made a store leaves.
    fs::write(&path, "").expect("an empty file");
    assert!(FeedbackStore::open(&path).is_err());
    assert!(FeedbackStore::create(&path).is_ok() && FeedbackStore::open(&path).is_ok());
}

#[test]
fn a_second_writer_waits_and_then_says_who_is_in_the_way() {
    let (_folder, path) = place();
    let mut store = FeedbackStore::open_with(&path, &hasty()).expect("a store");
    store.add(event("a")).expect("an event");
    let other = FeedbackStore::open(&path).expect("another process");
    other.connection.execute_batch("BEGIN IMMEDIATE").expect("it writes");
    for error in [store.add(event("b")).expect_err("busy"), store.forget_ids(&["a"]).expect_err("busy")] {
        let error = error.to_string();
        assert!(error.starts_with("another process is using it (0.02 s waited), in "), "{error}");
        assert!(error.ends_with("run it again when that one is done"), "{error}");
    }
    // Readers do not wait.
    assert_eq!(ids(&FeedbackStore::open_with(&path, &hasty()).expect("a reader"), &Query::default()), ["a"]);
    other.connection.execute_batch("COMMIT").expect("it is done");
    assert_eq!(store.add(event("b")).expect("free").fate, Fate::Added);
}

#[test]
fn a_full_disk_is_told_and_leaves_the_store_as_it_was() {
    let (_folder, mut store) = empty();
    store.add_all((0..20).map(|n| event(&n.to_string()))).expect("events");
    let before = export(&store);
    let pages: i64 =
        store.connection.pragma_query_value(None, "page_count", |row| row.get(0)).expect("its size");
    let limit = |store: &FeedbackStore, pages: i64| {
        store
            .connection
            .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
            .expect("a limit");
    };
    limit(&store, pages);
    let large = |id: &str| Event { observed: "x".repeat(50_000), ..event(id) };
    let lines = format!("{}\n{}\n", event("small").to_json(), large("large").to_json());
    for error in [
        store.add(large("large")).expect_err("full"),
        store.add_all([event("small"), large("large")]).expect_err("full"),
        store.import(lines.as_bytes(), "x").expect_err("full"),
    ] {
        let error = error.to_string();
        assert!(error.starts_with("no space left, in "), "{error}");
        assert!(error.ends_with("make room, then run it again (the store is as it was)"), "{error}");
        assert_eq!(export(&store), before);
    }
    let sound: String =
        store.connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("a check");
    assert_eq!(sound, "ok");
    limit(&store, i64::from(i32::MAX));
    assert_eq!(store.add(large("large")).expect("room").fate, Fate::Added);
}

#[test]
fn a_store_that_may_only_be_read_is_read() {
    let (_folder, path) = place();
    FeedbackStore::create(&path).and_then(|mut store| store.add(event("a"))).expect("an event");
    let how = Opening { read_only: true, ..Opening::default() };
    let mut store = FeedbackStore::open_with(&path, &how).expect("to read");
    assert_eq!(
        (ids(&store, &Query::default()), store.stats().expect("figures").events),
        (vec!["a".to_owned()], 1)
    );
    for error in
        [store.add(event("b")).expect_err("not to write"), store.forget_ids(&["a"]).expect_err("nor that")]
    {
        let error = error.to_string();
        assert!(error.starts_with("may not be written, in ") && error.contains("permissions"), "{error}");
    }
}

/// Cut at many lengths and with many bytes turned, a store gives an error or events that can be, and nothing
/// worse.
#[test]
fn a_damaged_store_is_an_error_at_worst() {
    let (folder, path) = place();
    let mut store = FeedbackStore::create(&path).expect("a store");
    let shown = |text: &str| Some(Proposal { text: text.to_owned(), shown: true, ..Proposal::default() });
    store
        .add_all((0..60).map(|n| Event {
            proposed: shown("the cat"),
            time: Time::from_unix_millis(n),
            evidence: Some(vec![50.0, 60.0]),
            ..event(&format!("event {n}"))
        }))
        .expect("events");
    store.forget_ids(&["event 3"]).expect("swept");
    drop(store);
    let good = fs::read(&path).expect("its bytes");
    let damaged = folder.path().join("damaged");
    let mut failed = 0;
    let mut check = |bytes: &[u8]| {
        fs::write(&damaged, bytes).expect("a file");
        let look = || -> Result<usize, FeedbackError> {
            let mut store = FeedbackStore::open_with(&damaged, &Opening { create: false, ..hasty() })?;
            let events = store.events(&Query::default())?.collect::<Result<Vec<_>, _>>()?;
            store.stats()?;
            store.forgotten()?;
            store.add(event("new"))?;
            Ok(events.len())
        };
        if let Err(e) = look() {
            let e = e.to_string();
            assert!(!e.contains('\n') && e.contains(", in "), "{e}");
            failed += 1;
        }
        for name in ["damaged", "damaged-wal", "damaged-shm"] {
            let _ = fs::remove_file(folder.path().join(name));
        }
    };
    for length in (0..good.len()).step_by(1531) {
        check(&good[..length]);
    }
    for at in (0..good.len()).step_by(211) {
        let mut bytes = good.clone();
        bytes[at] ^= 0xFF;
        check(&bytes);
    }
    assert!(failed > 20, "only {failed} kinds of damage were noticed");
}

#[test]
fn what_other_tools_wrote_is_looked_at() {
    let cases = [
        ("time", "noon", "event 1: no moment"),
        ("edits", "[1]", "event 1: invalid type"),
        ("evidence", "[1]", "event 1: evidence has 1 numbers"),
        ("model", "v1", "event 1: the model \"v1\" is no hexadecimal number"),
    ];
    for (column, value, want) in cases {
        let (_folder, mut store) = empty();
        let proposed = Some(Proposal { text: "the cat".to_owned(), shown: true, ..Proposal::default() });
        store.add(Event { proposed, ..event("a") }).expect("an event");
        store.connection.execute(&format!("UPDATE event SET {column} = ?"), [value]).expect("a change");
        let mut events = store.events(&Query::default()).expect("a query");
        let error = events.next().expect("an event").expect_err("no event").to_string();
        assert!(error.starts_with(&format!("damaged ({want}")), "{error}");
        assert!(events.next().is_none());
    }
}
