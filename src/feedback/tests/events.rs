//! Events: what can be, what follows from them, and how they are written.

use proptest::prelude::*;

use super::*;

const FULL: &str = concat!(
    r#"{"id":"c1-7","time":"2026-11-24T16:01:00.000Z","user":"u3","document":"c1","kind":"name","#,
    r#""observed":"Jolm Smith","proposed":"John Smith","shown":true,"model":"5fd1","#,
    r#""edits":[{"start":0,"end":4,"observed":"Jolm","intended":"John","confidence":0.97,"by":"rule hn → lm"}],"#,
    r#""final":"John Smith","outcome":"accepted","recogniser":"r2","evidence":[61.0,96.5]}"#
);

fn hex(hash: EventHash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn hashes_are_those_of_another_implementation() {
    // Computed with Python's hashlib from the encoding that `Event::hash` documents.
    let small = Event { observed: "tbe".to_owned(), final_text: "the".to_owned(), ..Event::default() };
    assert_eq!(hex(small.hash()), "2823b8564c7267ac1c969cedaaf1f9c5");
    let full = Event::from_json(FULL).expect("an event");
    assert_eq!(hex(full.hash()), "ed083213c2300be04091b2f99ad3e2fa");
    assert_eq!(hex(Event::hash_of_id("c1-7")), "f68d32093cba1b918e4b4e45932a45d9");
}

#[test]
fn every_field_is_in_the_hash() {
    let full = Event::from_json(FULL).expect("an event");
    let changes: [fn(&mut Event); 19] = [
        |e| e.id.push('x'),
        |e| e.time = None,
        |e| e.user = None,
        |e| e.document.push('x'),
        |e| e.kind = None,
        |e| e.observed.push('x'),
        |e| e.proposed = None,
        |e| e.final_text.push('x'),
        |e| e.recogniser = None,
        |e| e.evidence = None,
        |e| e.evidence = Some(vec![61.0, 96.0]),
        |e| e.proposed.as_mut().expect("one").text.push('x'),
        |e| e.proposed.as_mut().expect("one").shown = false,
        |e| e.proposed.as_mut().expect("one").model = None,
        |e| e.proposed.as_mut().expect("one").edits.clear(),
        |e| e.proposed.as_mut().expect("one").edits[0].end = 3,
        |e| e.proposed.as_mut().expect("one").edits[0].intended.push('x'),
        |e| e.proposed.as_mut().expect("one").edits[0].confidence = 0.5,
        |e| e.proposed.as_mut().expect("one").edits[0].by.push('x'),
    ];
    let mut hashes = vec![full.hash()];
    for change in changes {
        let mut changed = full.clone();
        change(&mut changed);
        hashes.push(changed.hash());
    }
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), changes.len() + 1);
}

#[test]
fn outcomes_follow_from_the_texts() {
    // observed, proposed, shown, final
    let cases = [
        ("tbe", None, "the", Outcome::Typed),
        ("tbe", None, "tbe", Outcome::Typed),
        ("tbe", Some(("the", false)), "the", Outcome::Typed),
        ("tbe", Some(("the", true)), "the", Outcome::Accepted),
        ("tbe", Some(("the", true)), "tbe", Outcome::Rejected),
        ("tbe", Some(("the", true)), "toe", Outcome::Edited),
        ("the", Some(("the", true)), "the", Outcome::Accepted),
        ("the", Some(("the", true)), "toe", Outcome::Edited),
        ("", Some(("", true)), "", Outcome::Accepted),
    ];
    for (observed, proposed, final_text, want) in cases {
        let proposed =
            proposed.map(|(text, shown)| Proposal { text: text.to_owned(), shown, ..Proposal::default() });
        let (observed, final_text) = (observed.to_owned(), final_text.to_owned());
        let event = Event { observed, proposed, final_text, ..Event::default() };
        assert_eq!(event.outcome(), want, "{event:?}");
        assert_eq!(want.as_str().parse::<Outcome>().expect("its own name"), want);
    }
}

#[test]
fn a_pair_is_observed_and_final() {
    let pair = Event::from_json(FULL).expect("an event").pair();
    assert_eq!((pair.observed.as_str(), pair.intended.as_str()), ("Jolm Smith", "John Smith"));
    assert_eq!((pair.document.as_str(), pair.kind.as_deref()), ("c1", Some("name")));
    assert_eq!(pair.evidence.as_deref(), Some([61.0, 96.5].as_slice()));
}

#[test]
fn lines_are_read_and_written_in_one_form() {
    let plain = r#"{"observed":"a","final":"b","outcome":"typed"}"#;
    let cases = [
        (FULL, FULL),
        (r#"{"final":"b","observed":"a"}"#, plain),
        (
            r#" {"id":null,"time":"","user":"","document":"","kind":"","observed":"a","shown":false,"final":"b","outcome":"","evidence":[]} "#,
            plain,
        ),
        (
            r#"{"time":1.5,"observed":"a","final":"b"}"#,
            r#"{"time":"1970-01-01T00:00:01.500Z","observed":"a","final":"b","outcome":"typed"}"#,
        ),
        (
            r#"{"time":"2026-11-24T17:01:00+01:00","observed":"a","final":"b"}"#,
            r#"{"time":"2026-11-24T16:01:00.000Z","observed":"a","final":"b","outcome":"typed"}"#,
        ),
        // What `amend correct --emit json` writes, with what became of it.
        (
            r#"{"text":"the","observed":"tbe","edits":[{"start":0,"end":3,"observed":"tbe","intended":"the","confidence":1,"by":"beam","alternatives":[{"intended":"tbe","confidence":0.1}]}],"final":"the"}"#,
            r#"{"observed":"tbe","proposed":"the","shown":true,"edits":[{"start":0,"end":3,"observed":"tbe","intended":"the","confidence":1.0,"by":"beam"}],"final":"the","outcome":"accepted"}"#,
        ),
        (
            r#"{"text":"","observed":"","edits":[],"final":"","model":"5FD1","evidence":[]}"#,
            r#"{"observed":"","proposed":"","shown":true,"model":"5fd1","final":"","outcome":"accepted"}"#,
        ),
        (
            "{\"observed\":\"a\\n\\u0000\u{2028}\",\"final\":\"\\\"\",\"evidence\":[-0,1]}",
            "{\"observed\":\"a\\n\\u0000\u{2028}\",\"final\":\"\\\"\",\"outcome\":\"typed\",\"evidence\":[0.0,1.0]}",
        ),
    ];
    for (line, want) in cases {
        let event = Event::from_json(line).unwrap_or_else(|e| panic!("{line}: {e}"));
        assert_eq!(event.to_json(), want);
        assert_eq!(Event::from_json(want).expect("its own line"), event);
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let edit = |more: &str, text: &str| {
        format!(
            r#"{{"observed":"tbe cât","proposed":"{text}","final":"","edits":[{{"intended":"the",{more},"by":"beam"}}]}}"#
        )
    };
    let cases = [
        ("".to_owned(), "an empty line, column 1: write one object a line"),
        ("{".to_owned(), "EOF while parsing an object, column 1: write"),
        ("[]".to_owned(), "no object"),
        (r#"{"observed":"a"}"#.to_owned(), "missing field `final`"),
        (r#"{"final":"a"}"#.to_owned(), "missing field `observed`"),
        (r#"{"observed":"a","final":"b","finale":"c"}"#.to_owned(), "unknown field `finale`"),
        (r#"{"observed":"a","final":"b","final":"c"}"#.to_owned(), "duplicate field `final`"),
        (r#"{"observed":1,"final":"b"}"#.to_owned(), "invalid type: integer `1`, expected a string"),
        (r#"{"observed":"a","final":"b"} x"#.to_owned(), "trailing characters"),
        (r#"{"id":"a\nb","observed":"a","final":"b"}"#.to_owned(), "the id is too long, or holds a control"),
        (format!(r#"{{"id":"{}","observed":"a","final":"b"}}"#, "x".repeat(257)), "the id is too long"),
        (
            r#"{"time":"noon","observed":"a","final":"b"}"#.to_owned(),
            "time \"noon\" is no moment: write it like",
        ),
        (r#"{"time":1e15,"observed":"a","final":"b"}"#.to_owned(), "is no moment"),
        (
            r#"{"observed":"a","final":"b","outcome":"kept"}"#.to_owned(),
            "\"kept\" is no outcome: write accepted",
        ),
        (
            r#"{"observed":"a","proposed":"b","final":"c","outcome":"rejected"}"#.to_owned(),
            "outcome says rejected, the texts say edited: leave outcome out",
        ),
        (r#"{"observed":"a","final":"b","shown":true}"#.to_owned(), "but nothing proposed: give proposed"),
        (r#"{"observed":"a","final":"b","model":"aa"}"#.to_owned(), "but nothing proposed"),
        (
            r#"{"observed":"a","proposed":"b","final":"b","model":"v1"}"#.to_owned(),
            "the model \"v1\" is no hexa",
        ),
        (
            r#"{"observed":"a b","final":"b","evidence":[1]}"#.to_owned(),
            "evidence has 1 numbers, observed has 2",
        ),
        (r#"{"observed":"a","final":"b","evidence":[101]}"#.to_owned(), "evidence 101 is no number from 0"),
        (r#"{"observed":"a","final":"b","evidence":[1e39]}"#.to_owned(), "evidence inf is no number"),
        (edit(r#""start":0,"end":99,"observed":"tbe","confidence":1"#, "the cât"), "at 0–99 has no place"),
        (edit(r#""start":2,"end":1,"observed":"","confidence":1"#, "the cât"), "at 2–1 has no place"),
        (edit(r#""start":0,"end":6,"observed":"tbe c","confidence":1"#, "the"), "at 0–6 has no place"),
        (edit(r#""start":0,"end":3,"observed":"the","confidence":1"#, "the cât"), "names another text"),
        (
            edit(r#""start":0,"end":3,"observed":"tbe","confidence":2"#, "the cât"),
            "a confidence outside of 0 to 1",
        ),
        (
            edit(r#""start":0,"end":3,"observed":"tbe","confidence":1"#, "the cat"),
            "do not lead to the proposed",
        ),
        (
            edit(r#""start":0,"end":3,"observed":"tbe","confidence":1,"why":1"#, "the cât"),
            "unknown field `why`",
        ),
    ];
    for (line, want) in cases {
        let error = Event::from_json(&line).expect_err(&line).to_string();
        assert!(error.contains(want), "{line}: {error}\nlacks {want}");
        assert!(!error.contains('\n'), "{error} is more than a line");
    }
}

#[test]
fn edits_stand_in_order() {
    let edit = |start: usize, end: usize| ProposedEdit {
        start,
        end,
        observed: "ab"[start..end].to_owned(),
        ..Default::default()
    };
    let with = |edits: Vec<ProposedEdit>| {
        let proposed = Some(Proposal { text: String::new(), shown: true, model: None, edits });
        Event { observed: "ab".to_owned(), proposed, ..Event::default() }.checked()
    };
    assert!(with(vec![edit(0, 1), edit(1, 2)]).is_ok());
    for edits in [vec![edit(1, 2), edit(0, 1)], vec![edit(0, 2), edit(1, 2)]] {
        assert!(with(edits).is_err());
    }
    let no_number = ProposedEdit { confidence: f32::NAN, ..edit(0, 2) };
    assert!(with(vec![no_number]).is_err());
}

/// Any event that can be.
pub(super) fn any_event() -> impl Strategy<Value = Event> {
    let text = || prop_oneof!["[a-b \u{e9}\u{65e5}\"\\\\\n]{0,6}", "\\PC{0,8}"];
    let name = || proptest::option::of("[a-c]{1,2}");
    let time = proptest::option::of((-1_000_000_000_i64..2_000_000_000_000).prop_map(Time::from_unix_millis));
    let proposed =
        proptest::option::of((text(), any::<bool>(), proptest::option::of("[0-9a-f]{1,4}"), 0.0_f32..=1.0));
    let number = 0.0_f32..=100.0;
    (
        ("[a-c]{0,2}", time, name(), name(), name()),
        (text(), proposed, text(), name()),
        proptest::option::of(number),
    )
        .prop_map(
            |((id, time, user, document, kind), (observed, proposed, final_text, recogniser), evidence)| {
                let evidence = evidence.map(|number| vec![number; observed.split_whitespace().count()]);
                let proposed = proposed.map(|(text, shown, model, confidence)| {
                    let (start, end, by) = (0, observed.len(), "beam".to_owned());
                    let edit = ProposedEdit {
                        start,
                        end,
                        observed: observed.clone(),
                        intended: text.clone(),
                        confidence,
                        by,
                    };
                    Proposal {
                        edits: if model.is_some() { vec![edit] } else { Vec::new() },
                        text,
                        shown,
                        model,
                    }
                });
                let (time, document) = (time.flatten(), document.unwrap_or_default());
                let event = Event {
                    id,
                    time,
                    user,
                    document,
                    kind,
                    observed,
                    proposed,
                    final_text,
                    recogniser,
                    evidence,
                };
                event.checked().expect("it was made so")
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn a_line_says_all_of_an_event(event in any_event()) {
        let line = event.to_json();
        let again = Event::from_json(&line).expect("its own line");
        prop_assert_eq!(again.to_json(), line);
        prop_assert_eq!(again.hash(), event.hash());
        prop_assert_eq!(again, event);
    }
}
