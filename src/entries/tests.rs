//! The room as a whole, on a hand-made trade of forty companies.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::corpus::Pair;

const FIRST: [&str; 10] =
    ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Juniper", "Larch"];
const SECOND: [&str; 4] = ["Mills Ltd", "Trading Co.", "Supply plc", "Works No. 7"];

/// Numbers that look random and are always the same (Lehmer 1951).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0 * 48_271 % 0x7FFF_FFFF;
        usize::try_from(self.0).unwrap_or(0) % n
    }
}

fn pair(observed: &str, intended: &str, document: usize, kind: Option<&str>) -> Pair {
    Pair {
        observed: observed.into(),
        intended: intended.into(),
        document: document.to_string(),
        kind: kind.map(Into::into),
        ..Pair::default()
    }
}

/// 1,200 vouchers, one in four misread (an end lost, `l` read as `1`, `r` as `n`); one in twelve names a
/// company that no other voucher names.
fn vouchers() -> Vec<Pair> {
    let mut dice = Dice(7);
    (0..1200)
        .map(|n| {
            let mut intended = format!("{} {}", FIRST[dice.below(10)], SECOND[dice.below(4)]);
            if dice.below(12) == 0 {
                let letters: String = (0..6)
                    .map(|_| (b'a'..=b'z').map(char::from).nth(dice.below(26)).unwrap_or('a'))
                    .collect();
                intended = format!("{letters} {}", SECOND[dice.below(4)]);
            }
            let observed = match dice.below(12) {
                0 => intended[..intended.len() - 1 - dice.below(5)].to_string(),
                1 => intended.replacen('l', "1", 1),
                2 => intended.replace('r', "n"),
                _ => intended.clone(),
            };
            pair(&observed, &intended, n, None)
        })
        .collect()
}

static PARTS: LazyLock<EntriesParts> =
    LazyLock::new(|| EntriesLearner::default().learn(&vouchers(), &[], None).expect("lines that repeat"));

fn proposed(parts: &EntriesParts, text: &str, kind: Option<&str>) -> Option<Proposal> {
    let entries = Entries::parse(&parts.memory, &parts.entries, &parts.judge, 0.01);
    entries.propose(&Query { text, reading: None, kind }, &mut Scratch::default())
}

#[test]
fn fires() {
    for (observed, intended) in [
        ("Cedan Trading Co.", "Cedar Trading Co."),
        ("Gorse Mi", "Gorse Mills Ltd"),
        ("Juniper Supply p", "Juniper Supply plc"),
        ("Haze1 Works No. 7", "Hazel Works No. 7"),
        ("Dogwood Works No", "Dogwood Works No. 7"),
    ] {
        let proposal = proposed(&PARTS, observed, None);
        assert_eq!(proposal.as_ref().map(|p| p.intended.as_str()), Some(intended), "{observed}");
        assert!(proposal.is_some_and(|p| p.confidence > 0.5 && p.confidence <= 1.0));
    }
}

#[test]
fn does_not_fire() {
    for (observed, why) in [
        ("Cedar Trading Co.", "a known entry"),
        ("Larch Works No. 7", "a known entry"),
        ("Quillon Shipping Agency", "an unknown company"),
        ("Larch Works No. 9", "a digit is no other digit"),
        ("", "nothing"),
        ("株式会社", "another script"),
    ] {
        assert_eq!(proposed(&PARTS, observed, None), None, "{observed}: {why}");
    }
}

#[test]
fn a_stricter_limit_proposes_no_more() {
    for text in ["Gorse Mi", "Cedan Trading Co.", "Elm", "Fir Sup", "L"] {
        let ask = |limit| {
            let entries = Entries::parse(&PARTS.memory, &PARTS.entries, &PARTS.judge, limit);
            entries.propose(&Query { text, ..Query::default() }, &mut Scratch::default()).is_some()
        };
        assert!(!ask(0.0), "without allowance nothing is changed");
        assert!(ask(0.05) || !ask(0.002), "{text}");
    }
}

#[test]
fn the_report_counts_every_line() {
    let report = PARTS.judge.report();
    assert_eq!(report.right + report.wrong, 1200);
    let right = vouchers().iter().filter(|p| p.observed == p.intended).count();
    assert_eq!(report.right as usize, right);
    assert!(report.repaired * 10 > report.wrong * 5 && report.broken * 200 <= report.right, "{report:?}");
}

#[test]
fn pays_nowhere_where_lines_do_not_repeat() {
    let mut dice = Dice(3);
    let sentences: Vec<Pair> = (0..300)
        .map(|n| {
            let words: Vec<&str> = (0..12).map(|_| FIRST[dice.below(10)]).collect();
            pair(&words.join(" ").replace('r', "n"), &words.join(" "), n, None)
        })
        .collect();
    assert_eq!(EntriesLearner::default().learn(&sentences, &[], None), None);
    assert_eq!(EntriesLearner::default().learn(&[], &[], None), None);
    let right: Vec<Pair> = vouchers().iter().map(|p| pair(&p.intended, &p.intended, 0, None)).collect();
    assert_eq!(EntriesLearner::default().learn(&right, &[], None), None, "one document is no evidence");
}

#[test]
fn a_kind_that_does_not_repeat_is_shut() {
    let mut pairs = vouchers();
    pairs.iter_mut().for_each(|p| p.kind = Some("company".into()));
    let mut dice = Dice(5);
    for n in 0..400 {
        let number = format!("{:06}", dice.below(1_000_000));
        pairs.push(pair(&number.replace('0', "O"), &number, n, Some("phone")));
    }
    let parts = EntriesLearner::default().learn(&pairs, &[], None).expect("companies repeat");
    let kinds: Vec<(&str, bool)> = parts.judge.kinds().iter().map(|k| (k.name.as_str(), k.is_open)).collect();
    assert_eq!(kinds, [("company", true), ("phone", false)]);
    assert!(proposed(&parts, "Gorse Mi", Some("company")).is_some());
    assert_eq!(proposed(&parts, "Gorse Mi", Some("phone")), None);
    assert_eq!(proposed(&parts, "Gorse Mi", None), None, "any kind");
    assert!(proposed(&PARTS, "Gorse Mi", Some("phone")).is_some(), "learned without kinds");
}

#[test]
fn long_lines_beside_short_ones_do_not_shut_the_room() {
    let long = "a long line ".repeat(20);
    let mut pairs = vouchers();
    pairs.extend((0..600).map(|n| pair(&format!("{long}{n}"), &format!("{long}{n}."), n, None)));
    let parts = EntriesLearner::default().learn(&pairs, &[], None).expect("short lines that repeat");
    assert!(proposed(&parts, "Gorse Mi", None).is_some());
    assert_eq!(proposed(&parts, &format!("{long}7"), None), None);
}

#[test]
fn entries_known_beside_the_pairs_are_found() {
    let known = vec!["Quillon Shipping Agency".to_string()];
    let parts = EntriesLearner::default().learn(&vouchers(), &known, None).expect("lines that repeat");
    assert!(Entries::parse(&parts.memory, &parts.entries, &parts.judge, 0.01).contains(&known[0]));
    let found = proposed(&parts, "Quillon Shippi", None).map(|p| p.intended);
    assert_eq!(found.as_ref(), Some(&known[0]));
}

#[test]
fn a_good_reading_is_believed() {
    let pairs = vouchers();
    // A search that is right about every other line, and leaves the rest.
    let readings: Vec<String> = (0..)
        .zip(&pairs)
        .map(|(n, p)| if n % 2 == 0 { p.intended.clone() } else { p.observed.clone() })
        .collect();
    let parts = EntriesLearner::default().learn(&pairs, &[], Some(&readings)).expect("lines that repeat");
    assert!(parts.judge.report().repaired >= PARTS.judge.report().repaired);
    let entries = Entries::parse(&parts.memory, &parts.entries, &parts.judge, 0.01);
    let query = Query { text: "Elm Mi", reading: Some("Elm Mills Ltd"), kind: None };
    let found = entries.propose(&query, &mut Scratch::default());
    assert_eq!(found.map(|p| p.intended).as_deref(), Some("Elm Mills Ltd"));
}

#[test]
fn the_same_pairs_give_the_same_parts() {
    let again = EntriesLearner::default().learn(&vouchers(), &[], None).expect("lines that repeat");
    assert_eq!(again, *PARTS);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn damage_is_harmless(
        at in any::<prop::sample::Index>(), to in any::<u8>(), of_memory in any::<bool>(), cut in any::<bool>(),
    ) {
        let (mut memory, mut entries) = (PARTS.memory.clone(), PARTS.entries.clone());
        let bytes = if of_memory { &mut memory } else { &mut entries };
        // Heads hold the lengths: every second damage goes there.
        let place = at.index(bytes.len());
        let place = if to & 1 == 0 { place % 120 } else { place };
        bytes[place] ^= to;
        if cut {
            bytes.truncate(place);
        }
        let room = Entries::parse(&memory, &entries, &PARTS.judge, 0.05);
        let mut scratch = Scratch::default();
        for text in ["Gorse Mi", "Cedan Trading Co.", "Elm", "x", "Haze1 Works No. 7"] {
            for reading in [None, Some("Cedar Trading")] {
                if let Some(proposal) = room.propose(&Query { text, reading, kind: None }, &mut scratch) {
                    prop_assert_ne!(proposal.intended, text);
                }
            }
        }
    }
}
