//! A candidate in shadow: it proposes beside the model whose proposals are shown, and nobody sees its own.

use super::assess::{Assessment, Bar, Outputs, assess};
use super::error::RegistryError;
use super::gate::{Gate, decimal};
#[cfg(feature = "feedback")]
use super::gate::{corrected, own_limit};
#[cfg(feature = "feedback")]
use crate::corpus::Pair;
#[cfg(feature = "feedback")]
use crate::correct::Corrector;
use crate::evaluate::Row;
#[cfg(feature = "feedback")]
use crate::feedback::{Event, EventHash, told_by};
use crate::guard::HARM_LIMIT;
#[cfg(feature = "feedback")]
use crate::model::Model;

/// One text that both models proposed for, and what the user left standing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept<'a> {
    /// What the recogniser, or the typist, gave.
    pub observed: &'a str,
    /// What was shown to the user: the current model's proposal, or the observed text where it had none.
    pub shown: &'a str,
    /// What the candidate would have shown.
    pub shadow: &'a str,
    /// What the user left standing.
    pub kept: &'a str,
    /// What it was read together with; empty where unknown.
    pub document: &'a str,
}

/// The candidate beside the model that was shown, judged by what people kept; `faults` are those of [`Gate`] over all rows,
/// with `harm_limit` (half a per cent where it is `None`).
///
/// **What was shown has the advantage**: people let stand what they see. An error that only the candidate would have mended,
/// and that the user overlooked, counts as harm of the candidate. So a shadow without faults has earned its place; one with faults
/// may still pass a gate on pairs whose intended side nobody proposed.
///
/// ```
/// use amend::registry::{Gate, Kept, shadow};
///
/// let row = |shown, shadow, document| Kept { observed: "tbe cat", shown, shadow, kept: "the cat", document };
/// let rows = [row("tbe cat", "the cat", "a"), row("tbe cat", "the cat", "b"), row("the cat", "the cat", "c")];
/// let found = shadow(rows, &Gate::default())?;
/// assert_eq!((found.rows_better, found.rows_worse, found.faults.len()), (2, 0, 0));
/// assert_eq!((found.repair_current, found.repair_candidate), (Some(1.0 / 3.0), Some(1.0)));
/// # Ok::<(), amend::registry::RegistryError>(())
/// ```
///
/// # Errors
/// [`RegistryError::NothingToJudge`] where people changed nothing, or there are fewer than two rows.
pub fn shadow<'a>(
    rows: impl IntoIterator<Item = Kept<'a>>,
    gate: &Gate,
) -> Result<Assessment, RegistryError> {
    let rows: Vec<Kept<'a>> = rows.into_iter().collect();
    let judged = rows.iter().map(|row| Row {
        observed: row.observed,
        intended: row.kept,
        output: row.shadow,
        document: row.document,
    });
    let outputs =
        Outputs { rows: judged.collect(), current: Some(rows.iter().map(|row| row.shown).collect()) };
    let mut found = assess("shadow", &outputs, &gate.options);
    if found.cer_change_interval.is_none() || !found.has_errors() {
        let what =
            if rows.len() < 2 { "fewer than two rows" } else { "people left every text as it was read" };
        return Err(RegistryError::NothingToJudge { what });
    }
    let harm_limit = decimal(gate.harm_limit.unwrap_or(HARM_LIMIT));
    let tolerance = gate.tolerance * found.cer_before.unwrap_or(0.0);
    found.beside = "what was shown";
    found.judge_whole(Bar { tolerance, harm_limit, second: true });
    Ok(found)
}

/// [`shadow`] on those of these events that the candidate did not learn from, by the harm limit that [`Gate`] would take.
///
/// What was shown is the proposal that the user saw, or the observed text. What the candidate would have shown stands in the
/// events where it proposed in shadow ([`Proposal::model`](crate::feedback::Proposal::model) holds its id, or the first eight digits or more of
/// it); else it is asked now, document by document: a model always gives the same answer. Events that tell of one text
/// ([`told_by`]) are one row.
///
/// # Errors
/// As [`shadow`]; [`RegistryError::Model`] where the candidate is damaged.
#[cfg(feature = "feedback")]
pub fn shadow_of_events(
    candidate: &Model,
    events: &[Event],
    gate: &Gate,
    progress: &dyn Fn(usize),
) -> Result<Assessment, RegistryError> {
    let rows = unlearned(events, &candidate.id().to_string(), candidate.events());
    let asked = if rows.iter().all(|row| row.recorded.is_some()) {
        Vec::new()
    } else {
        let pairs: Vec<Pair> = rows.iter().map(|row| row.event.pair()).collect();
        corrected(&Corrector::new(candidate.clone())?, &pairs, progress)
    };
    let kept = rows.iter().enumerate().map(|(at, row)| Kept {
        observed: &row.event.observed,
        shown: row.shown(),
        shadow: row.recorded.or_else(|| asked.get(at).map(String::as_str)).unwrap_or(&row.event.observed),
        kept: &row.event.final_text,
        document: &row.event.document,
    });
    let limit = match gate.harm_limit {
        Some(limit) => limit,
        None => own_limit(candidate)?,
    };
    shadow(kept, &Gate { harm_limit: Some(limit), ..*gate })
}

/// A text that the candidate did not learn from.
#[cfg(feature = "feedback")]
#[derive(Clone, Copy, Debug, PartialEq)]
struct Unlearned<'e> {
    /// The event that tells of it.
    event: &'e Event,
    /// What the candidate proposed in shadow, where that was kept.
    recorded: Option<&'e str>,
}

#[cfg(feature = "feedback")]
impl<'e> Unlearned<'e> {
    fn shown(&self) -> &'e str {
        let seen = self.event.proposed.as_ref().filter(|proposal| proposal.shown);
        seen.map_or(&self.event.observed, |proposal| &proposal.text)
    }
}

/// Digits of an id that name a model in an event.
#[cfg(feature = "feedback")]
const FEWEST_DIGITS: usize = 8;

/// The texts of which no event was learned from, in the order of the events that tell of them. `id` is the candidate's,
/// `learned` the hashes of its events, ascending.
#[cfg(feature = "feedback")]
fn unlearned<'e>(events: &'e [Event], id: &str, learned: &[EventHash]) -> Vec<Unlearned<'e>> {
    let tellers = told_by(events);
    let mut rows: Vec<Option<Unlearned<'e>>> =
        events.iter().map(|event| Some(Unlearned { event, recorded: None })).collect();
    for (at, (event, &teller)) in events.iter().zip(&tellers).enumerate() {
        if teller != at {
            rows[at] = None;
        }
        if learned.binary_search(&event.hash()).is_ok() {
            rows[teller] = None;
        }
        let own = event.proposed.as_ref().filter(|proposal| {
            let model = proposal.model.as_deref().unwrap_or_default();
            !proposal.shown && model.len() >= FEWEST_DIGITS && id.starts_with(model)
        });
        if let (Some(row), Some(proposal)) = (&mut rows[teller], own) {
            row.recorded = Some(&proposal.text);
        }
    }
    rows.into_iter().flatten().collect()
}

#[cfg(all(test, feature = "feedback"))]
mod tests {
    use super::*;
    use crate::feedback::Proposal;

    #[test]
    fn a_text_is_a_row_with_what_was_shown_and_what_the_candidate_proposed() {
        let id = "0123456789abcdef0123456789abcdef";
        let event = |document: &str, proposed: Option<(&str, bool, &str)>| Event {
            id: format!("{document} {proposed:?}"),
            document: document.to_owned(),
            observed: "tbe".to_owned(),
            proposed: proposed.map(|(text, shown, model)| Proposal {
                text: text.to_owned(),
                shown,
                model: Some(model.to_owned()),
                edits: Vec::new(),
            }),
            final_text: "the".to_owned(),
            ..Event::default()
        };
        let events = [
            // The shadow came first: what was shown stands for both.
            event("a", Some(("the", false, "0123456789ab"))),
            event("a", Some(("tbe", true, "ffffffffffff"))),
            // Another model in shadow is not the candidate, nor is one named by a digit or two.
            event("b", Some(("tho", false, "ffffffffffff"))),
            event("c", Some(("the", false, "01"))),
            event("d", None),
            // Learned from, by one of its tellings.
            event("e", Some(("tbe", true, "ffffffffffff"))),
            event("e", Some(("the", false, id))),
            event("f", Some(("the", false, id))),
        ];
        let rows = |learned: &[EventHash]| {
            let found = unlearned(&events, id, learned).into_iter();
            let row = found.map(|row| (row.event.document.clone(), row.shown().to_owned(), row.recorded));
            row.collect::<Vec<_>>()
        };
        let row = |document: &str, shown: &str, recorded| (document.to_owned(), shown.to_owned(), recorded);
        let all = [
            row("a", "tbe", Some("the")),
            row("b", "tbe", None),
            row("c", "tbe", None),
            row("d", "tbe", None),
            row("e", "tbe", Some("the")),
            row("f", "tbe", Some("the")),
        ];
        assert_eq!(rows(&[]), all);
        assert_eq!(rows(&[events[6].hash()]), [&all[..4], &all[5..]].concat());
        assert_eq!(rows(&[events[5].hash()]), [&all[..4], &all[5..]].concat());
    }
}
