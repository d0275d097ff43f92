use proptest::prelude::*;

use super::*;
use crate::rules::diff::steps;

/// One row: document, observed, intended. Changes as an aligner would give them: adjacent steps together.
type Row<'a> = (&'a str, &'a str, &'a str);

fn mined(rows: &[Row<'_>], mining: Mining) -> (Rules<Vec<u8>>, Tally) {
    let mut miner = Miner::new(mining);
    for (document, observed, intended) in rows {
        let mut spans: Vec<(std::ops::Range<usize>, std::ops::Range<usize>)> = Vec::new();
        for step in steps(observed, intended).unwrap() {
            match spans.last_mut() {
                Some((o, i)) if o.end == step.observed.start && i.end == step.intended.start => {
                    (o.end, i.end) = (step.observed.end, step.intended.end);
                }
                _ => spans.push((step.observed, step.intended)),
            }
        }
        let changes: Vec<Change<'_>> = spans
            .iter()
            .map(|(o, i)| Change {
                span: Span::new(observed, o.start, o.end).unwrap(),
                intended: &intended[i.clone()],
            })
            .collect();
        miner.pair(observed, document, &changes);
    }
    let mut counting = miner.counting();
    for (_, observed, _) in rows {
        counting.text(observed);
    }
    counting.rules()
}

fn shown(rules: &Rules<Vec<u8>>) -> Vec<String> {
    rules.iter().map(|r| format!("{r} {}/{}", r.support, r.occurrences)).collect()
}

fn few() -> Mining {
    Mining { support: 2, ..Mining::default() }
}

#[test]
fn a_context_is_kept_where_it_says_more() {
    // m is misread for nn after a, always; elsewhere m is right. 8 changes, 28 m, 8 of them after a.
    let mut rows = Vec::new();
    for i in 0..8 {
        rows.push((["x", "y"][i % 2], "amual", "annual"));
        rows.push(("x", "timer", "timer"));
        rows.push(("x", "motor", "motor"));
    }
    rows.push(("y", "room mode hum gum", "room mode hum gum"));
    let (rules, tally) = mined(&rows, few());
    // By hand: `m → nn` 8/28; after a 8/8 is better (lower bound at z = 1.64: .748 > .286); before u the same;
    // both together, and the whole word, are no better than 8/8.
    assert_eq!(shown(&rules), ["m → nn 8/28", "m → nn before u 8/8", "m → nn after a 8/8"]);
    assert_eq!(tally.no_better, 2);
    assert_eq!(rules.get(0).unwrap().example, ("amual", "annual"));
}

#[test]
fn a_whole_word_is_a_rule_where_its_letters_are_none() {
    let mut rows = vec![];
    for i in 0..10 {
        rows.push((["x", "y"][i % 2], "so tbe", "so the"));
        rows.push((["x", "y"][i % 2], "table tbex atbe", "table tbex atbe"));
    }
    let (rules, _) = mined(&rows, few());
    let shown = shown(&rules);
    assert!(shown.contains(&"b → h 10/40".to_owned()), "{shown:?}");
    assert!(shown.contains(&"^tbe$ → the 10/10".to_owned()), "{shown:?}");
}

#[test]
fn two_changes_in_a_word_make_one_word_rule() {
    let rows = [("x", "vvhicb", "which"), ("y", "vvhicb", "which"), ("x", "vv", "w"), ("y", "vv vv", "w vv")];
    let (rules, _) = mined(&rows, few());
    let all = shown(&rules);
    assert!(all.contains(&"^vvhicb$ → which 2/2".to_owned()), "{all:?}");
    // A short word is a segment; it is counted once.
    assert!(all.iter().all(|r| !r.starts_with("^vv$ → w ") || r == "^vv$ → w 3/4"), "{all:?}");
}

#[test]
fn one_document_is_no_rule_where_there_are_two() {
    let rows = [("x", "tbe", "the"), ("x", "tbe", "the"), ("x", "tbe", "the"), ("y", "a", "a")];
    let (rules, tally) = mined(&rows, few());
    assert!(rules.is_empty());
    assert!(tally.one_document > 0);
    let (rules, _) = mined(&rows[..3], few());
    assert!(!rules.is_empty(), "where there is only one document, it must do");
    let unknown = [("", "tbe", "the"), ("", "tbe", "the")];
    assert!(!mined(&unknown, few()).0.is_empty(), "an unknown document is its own");
}

#[test]
fn support_must_suffice_and_the_best_are_kept() {
    let mut rows = vec![("x", "tbe", "the"); 4];
    rows.extend(vec![("y", "ond", "and"); 5]);
    rows.extend(vec![("x", "ond", "and"); 5]);
    let (rules, tally) = mined(&rows, Mining::default());
    assert!(shown(&rules).iter().all(|r| r.contains("o → a")), "{:?}", shown(&rules));
    assert!(tally.rare > 0);
    let (rules, tally) = mined(&rows, Mining { rules: 1, support: 4, ..Mining::default() });
    assert_eq!((rules.len(), tally.surplus > 0 || tally.no_better > 0), (1, true));
}

#[test]
fn full_memory_forgets_the_rare() {
    let texts: Vec<String> = (0..200).map(|i| format!("{}b", char::from_u32(0x4E00 + i).unwrap())).collect();
    let meant: Vec<String> = texts.iter().map(|t| t.replace('b', "h")).collect();
    let rows: Vec<Row<'_>> = texts.iter().zip(&meant).map(|(o, i)| ("", o.as_str(), i.as_str())).collect();
    let (rules, _) = mined(&rows, Mining { patterns: 32, support: 5, ..Mining::default() });
    assert_eq!(shown(&rules), ["b → h 200/200"]);
}

#[test]
fn spaces_and_insertions_are_patterns_too() {
    let rows = [
        ("x", "th e end", "the end"),
        ("y", "th e cat", "the cat"),
        ("x", "whn", "when"),
        ("y", "whn", "when"),
    ];
    let (rules, _) = mined(&rows, few());
    let all = shown(&rules);
    assert!(all.iter().any(|r| r.starts_with("␣ → ∅")), "{all:?}");
    assert!(all.iter().any(|r| r.starts_with("∅ → e")), "{all:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn every_rule_has_occurrences_and_names_its_own_example(
        rows in proptest::collection::vec(("[ab]", "[ab mn]{0,6}", "[ab mn]{0,6}"), 1..20),
    ) {
        let rows: Vec<Row<'_>> = rows.iter().map(|(d, o, i)| (d.as_str(), o.as_str(), i.as_str())).collect();
        let (rules, _) = mined(&rows, few());
        let (again, _) = mined(&rows, few());
        prop_assert_eq!(rules.bytes(), again.bytes());
        for rule in rules.iter() {
            prop_assert!(rule.support >= 2 && rule.occurrences >= rule.support, "{}", rule);
        }
    }
}
