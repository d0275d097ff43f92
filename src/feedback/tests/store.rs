//! Adding and reading.

use proptest::prelude::*;

use super::events::any_event;
use super::*;

#[test]
fn an_event_is_added_once_and_never_changes() {
    let (_folder, mut store) = empty();
    let fate = |store: &mut FeedbackStore, event: Event| store.add(event).map(|receipt| receipt.fate);
    assert_eq!(fate(&mut store, event("a")).expect("new"), Fate::Added);
    assert_eq!(fate(&mut store, event("a")).expect("there"), Fate::There);
    let other = Event { final_text: "the cut".to_owned(), ..event("a") };
    let error = fate(&mut store, other).expect_err("another").to_string();
    assert_eq!(
        error,
        "the id \"a\" belongs to an event with another content: an event never changes; give this one another id"
    );
    assert_eq!(ids(&store, &Query::default()), ["a"]);
    let stored = store.event("a").expect("a look").expect("there");
    assert_eq!((stored.sequence, stored.event), (1, event("a")));
    assert_eq!(store.event("b").expect("a look"), None);
}

#[test]
fn ids_are_made_of_the_content() {
    let (_folder, mut store) = empty();
    let receipt = store.add(event("")).expect("new");
    let made: String = event("").hash().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((receipt.id.as_str(), receipt.fate), (made.as_str(), Fate::Added));
    assert_eq!(store.add(event("")).expect("the same").fate, Fate::There);
    // Of three equal ones in one input the first is there; the same input again adds nothing.
    let three = || vec![event(""); 3];
    let want = Tally { added: 2, there: 1, forgotten: 0 };
    assert_eq!(store.add_all(three()).expect("three"), want);
    assert_eq!(store.add_all(three()).expect("three"), Tally { there: 3, ..Tally::default() });
    assert_eq!(ids(&store, &Query::default()), [made.clone(), format!("{made}-2"), format!("{made}-3")]);
}

#[test]
fn an_input_is_imported_whole_or_not_at_all() {
    let good =
        "\u{FEFF}{\"id\":\"a\",\"observed\":\"x\",\"final\":\"y\"}\r\n{\"observed\":\"x\",\"final\":\"y\"}";
    let cases: [(&[u8], &str); 5] = [
        (b"\n{}", "an empty line, in x.jsonl, line 3, column 1: write one object a line"),
        (
            b"\n{\"observed\":\"x\",\"final\":\"y\",\"evidence\":[1,2]}",
            "observed has 1 words, in x.jsonl, line 3: give",
        ),
        (
            b"\n{\"id\":\"a\",\"observed\":\"x\",\"final\":\"z\"}",
            "with another content, in x.jsonl, line 3: an event",
        ),
        (b"\n\xFF", "not UTF-8, in x.jsonl, line 3, byte 1"),
        (b"\n\n", "an empty line, in x.jsonl, line 3"),
    ];
    for (bad, want) in cases {
        let (_folder, mut store) = empty();
        let mut bytes = good.as_bytes().to_vec();
        bytes.extend_from_slice(if bad == b"\n{}" { b"\n\n{}" } else { bad });
        let error = store.import(bytes.as_slice(), "x.jsonl").expect_err("a bad line").to_string();
        assert!(error.contains(want), "{error}\nlacks {want}");
        assert_eq!(store.last().expect("a look"), None, "{error}");
        let tally = store.import(good.as_bytes(), "x.jsonl").expect("two events");
        assert_eq!(tally, Tally { added: 2, ..Tally::default() });
    }
    let (_folder, mut store) = empty();
    for nothing in ["", "\u{FEFF}"] {
        assert_eq!(store.import(nothing.as_bytes(), "x").expect("nothing"), Tally::default());
    }
}

#[test]
fn queries_find_what_they_ask_for_in_order() {
    let (_folder, mut store) = empty();
    let many = (0..1100_usize).map(|n| Event {
        user: Some(format!("u{}", n % 3)),
        document: format!("d{}", n % 2),
        proposed: (n % 2 == 0).then(|| Proposal {
            text: "the cat".to_owned(),
            shown: true,
            ..Default::default()
        }),
        ..event(&n.to_string())
    });
    assert_eq!(store.add_all(many).expect("events").added, 1100);
    let numbers = |query: Query| -> Vec<usize> {
        ids(&store, &query).iter().map(|id| id.parse().expect("a number")).collect()
    };
    let all: Vec<usize> = (0..1100).collect();
    assert_eq!(numbers(Query::default()), all);
    assert_eq!(numbers(Query { after: Some(1000), ..Query::default() }), all[1000..]);
    assert_eq!(numbers(Query { newest: Some(513), ..Query::default() }), all[587..]);
    let user = Query { user: Some("u1".to_owned()), ..Query::default() };
    assert_eq!(numbers(user.clone()), (0..1100).filter(|n| n % 3 == 1).collect::<Vec<_>>());
    let both = Query { outcome: Some(Outcome::Accepted), newest: Some(2), ..user };
    assert_eq!(numbers(both), [1090, 1096]);
    let odd = Query { document: Some("d1".to_owned()), after: Some(1096), ..Query::default() };
    assert_eq!(numbers(odd), [1097, 1099]);
    for none in [
        Query { newest: Some(0), ..Query::default() },
        Query { after: Some(u64::MAX), ..Query::default() },
        Query { after: Some(u64::MAX), newest: Some(u64::MAX), ..Query::default() },
        Query { user: Some("nobody".to_owned()), newest: Some(3), ..Query::default() },
    ] {
        assert_eq!(numbers(none.clone()), [0; 0], "{none:?}");
    }
    assert_eq!(numbers(Query { newest: Some(u64::MAX), ..Query::default() }).len(), 1100);
}

#[test]
fn a_query_ends_where_the_store_ended_when_it_was_made() {
    let (_folder, mut store) = empty();
    store.add_all([event("a"), event("b")]).expect("two");
    let mut other = FeedbackStore::open(store.path()).expect("a second look");
    let mut events = store.events(&Query::default()).expect("a query");
    other.add(event("c")).expect("a third");
    assert_eq!(events.by_ref().count(), 2);
    assert!(events.next().is_none());
    let new = Query { after: Some(2), ..Query::default() };
    assert_eq!(ids(&store, &new), ["c"]);
}

#[test]
fn figures_are_counted() {
    let (_folder, mut store) = empty();
    assert_eq!(store.stats().expect("figures"), Stats::default());
    assert_eq!(Stats::default().acceptance(), None);
    let proposed = |text: &str, shown| Some(Proposal { text: text.to_owned(), shown, ..Default::default() });
    let events = [
        Event {
            user: Some("u".to_owned()),
            document: "d".to_owned(),
            proposed: proposed("the cat", true),
            ..event("1")
        },
        Event {
            user: Some("v".to_owned()),
            document: "d".to_owned(),
            proposed: proposed("tbe cut", true),
            ..event("2")
        },
        Event { final_text: "tbe cat".to_owned(), proposed: proposed("the cat", true), ..event("3") },
        Event { final_text: "tbe cat".to_owned(), proposed: proposed("tbe cat", true), ..event("4") },
        Event { proposed: proposed("the cat", false), time: Time::from_unix_millis(5), ..event("5") },
        Event { time: Time::from_unix_millis(-5), ..event("6") },
    ];
    store.add_all(events).expect("six");
    let want = Stats {
        events: 6,
        accepted: 2,
        edited: 1,
        rejected: 1,
        typed: 2,
        in_shadow: 1,
        changes_shown: 3,
        changes_accepted: 1,
        users: 2,
        documents: 1,
        first: Some("1969-12-31T23:59:59.995Z".to_owned()),
        last: Some("1970-01-01T00:00:00.005Z".to_owned()),
        forgotten: 0,
        traces: false,
    };
    let found = store.stats().expect("figures");
    assert_eq!(found, want);
    assert_eq!(found.acceptance(), Some(1.0 / 3.0));
    assert_eq!(Outcome::ALL.map(|outcome| found.of(outcome)), [2, 1, 1, 2]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn what_is_exported_and_imported_is_the_same(events in proptest::collection::vec(any_event(), 0..40)) {
        let (_folder, mut store) = empty();
        for event in events {
            // Ids are few: some will be there with another content.
            let _ = store.add(event);
        }
        let lines = export(&store);
        let (_folder, mut second) = empty();
        let tally = second.import(lines.as_bytes(), "x").expect("an export");
        prop_assert_eq!(tally.added, lines.lines().count() as u64);
        prop_assert_eq!(export(&second), lines.as_str());
        let again = second.import(lines.as_bytes(), "x").expect("an export");
        prop_assert_eq!(again, Tally { there: tally.added, ..Tally::default() });
    }
}
