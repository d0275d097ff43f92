//! What users correct and nobody proposed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::feedback::{Event, Outcome};
use crate::learn::Confusion;
use crate::rules::{CERTAIN, wilson};
use crate::text::tokens;

/// Something that users correct and that was never proposed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Missed {
    /// What stood there.
    pub observed: String,
    /// What users left standing.
    pub intended: String,
    /// How often.
    pub support: u64,
    /// Of how many users (all that are not known are one).
    pub users: u64,
    /// How often the observed stood in the texts, corrected or not; 0 where it is nothing.
    pub stood: u64,
    /// The share of those that were corrected surely is at least this, 0–1 (95 %, [`wilson`]).
    pub always: f64,
    /// The first text, and what was left standing.
    pub example: [String; 2],
}

/// What was corrected less often is an accident.
const SUPPORT: u64 = 2;
/// So many of each are told.
const SHOWN: usize = 20;

/// Stretches, and words.
pub(super) fn missed(events: &[Event]) -> (Vec<Missed>, Vec<Missed>) {
    let stretches = |from: &str, to: &str| {
        let found = Confusion::between(from, to).into_iter();
        found.filter(Confusion::is_short).collect()
    };
    let segments = |text: &str, part: &str| if part.is_empty() { 0 } else { text.matches(part).count() };
    let words = |text: &str, part: &str| tokens(text).filter(|token| token.text == part).count();
    (of(events, stretches, segments), of(events, exchanged, words))
}

/// Words that became others, where there are as many as before.
fn exchanged(from: &str, to: &str) -> Vec<Confusion> {
    let (from, to): (Vec<_>, Vec<_>) = (tokens(from).collect(), tokens(to).collect());
    if from.len() != to.len() {
        return Vec::new();
    }
    let pairs = from.iter().zip(&to).filter(|(a, b)| a.text != b.text);
    pairs.map(|(a, b)| Confusion { observed: a.text.to_owned(), intended: b.text.to_owned() }).collect()
}

struct Found<'e> {
    support: u64,
    users: BTreeSet<Option<&'e str>>,
    example: &'e Event,
}

fn of(
    events: &[Event],
    parts: impl Fn(&str, &str) -> Vec<Confusion>,
    standing: impl Fn(&str, &str) -> usize,
) -> Vec<Missed> {
    let proposals = events.iter().filter_map(|event| Some((event, event.proposed.as_ref()?)));
    let proposed: BTreeSet<Confusion> =
        proposals.flat_map(|(event, proposal)| parts(&event.observed, &proposal.text)).collect();
    let mut found: BTreeMap<Confusion, Found<'_>> = BTreeMap::new();
    for event in events.iter().filter(|e| !matches!(e.outcome(), Outcome::Accepted | Outcome::Rejected)) {
        for part in parts(&event.observed, &event.final_text) {
            if proposed.contains(&part) {
                continue;
            }
            let one =
                found.entry(part).or_insert(Found { support: 0, users: BTreeSet::new(), example: event });
            one.support += 1;
            one.users.insert(event.user.as_deref());
        }
    }
    let mut found: Vec<(Confusion, Found<'_>)> =
        found.into_iter().filter(|(_, f)| f.support >= SUPPORT).collect();
    // The most support, the most users, then by text.
    found.sort_by(|a, b| {
        (b.1.support, b.1.users.len()).cmp(&(a.1.support, a.1.users.len())).then(a.0.cmp(&b.0))
    });
    found.truncate(SHOWN);
    found
        .into_iter()
        .map(|(Confusion { observed, intended }, one)| {
            let stood: u64 = events.iter().map(|e| standing(&e.observed, &observed) as u64).sum();
            let always = wilson(one.support, stood, CERTAIN)[0];
            let example = [one.example.observed.clone(), one.example.final_text.clone()];
            Missed {
                observed,
                intended,
                support: one.support,
                users: one.users.len() as u64,
                stood,
                always,
                example,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::Proposal;

    fn event(user: &str, observed: &str, proposed: Option<&str>, final_text: &str) -> Event {
        let proposal = |text: &str| Proposal { text: text.to_owned(), shown: true, ..Proposal::default() };
        Event {
            user: Some(user.to_owned()),
            observed: observed.to_owned(),
            proposed: proposed.map(proposal),
            final_text: final_text.to_owned(),
            ..Event::default()
        }
    }

    #[test]
    fn what_was_proposed_once_is_not_missed() {
        let events = [
            event("ada", "Nordvvind", None, "Nordwind"),
            event("bob", "Nordvvind", Some("Nordvvind"), "Nordwind"),
            event("bob", "Nordvvind AG", Some("Nordvvind AG"), "Nordvvind AG"),
            event("ada", "tbe", None, "the"),
            event("ada", "tbe", Some("the"), "the"),
            event("ada", "tbe", None, "the"),
            event("eve", "once", None, "one"),
        ];
        let (stretches, words) = missed(&events);
        let told = |found: &[Missed]| {
            let told = |m: &Missed| (m.observed.clone(), m.intended.clone(), m.support, m.users, m.stood);
            found.iter().map(told).collect::<Vec<_>>()
        };
        assert_eq!(told(&stretches), [("vv".to_owned(), "w".to_owned(), 2, 2, 3)]);
        assert_eq!(told(&words), [("Nordvvind".to_owned(), "Nordwind".to_owned(), 2, 2, 3)]);
        assert!((words[0].always - wilson(2, 3, CERTAIN)[0]).abs() < 1e-12);
    }
}
