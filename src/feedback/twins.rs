//! Events that tell of one text twice: once with what was shown, once with what a model in shadow proposed.

use hashbrown::HashMap;
use xxhash_rust::xxh3::Xxh3Default;

use super::event::Event;

/// For each event the place of the one that stands for it: its own, but for the proposal of a model in shadow where another
/// event of the same user, document and kind tells of the same text, read and left standing, with what was shown, or without a
/// proposal. Of the tellings of shadows alone the first stands for the others; that a text occurs again is no twin.
///
/// ```
/// use amend::feedback::{Event, Proposal, told_by};
/// let event = |shown: Option<bool>| Event {
///     observed: "tbe cat".to_owned(),
///     proposed: shown.map(|shown| Proposal { text: "the cat".to_owned(), shown, ..Proposal::default() }),
///     final_text: "the cat".to_owned(),
///     ..Event::default()
/// };
/// // The shadow's telling belongs to the first of two cats.
/// assert_eq!(told_by(&[event(Some(false)), event(Some(true)), event(None)]), [1, 1, 2]);
/// ```
pub fn told_by(events: &[Event]) -> Vec<usize> {
    tellers(&events.iter().map(Telling::of).collect::<Vec<_>>())
}

/// What an event tells of, and in whose voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Telling {
    /// User, document, kind, observed and final text, hashed.
    text: u128,
    /// The model, hashed, where its proposal was not shown.
    shadow: Option<u128>,
}

impl Telling {
    pub(crate) fn of(event: &Event) -> Self {
        let (user, kind) = (event.user.as_deref(), event.kind.as_deref());
        let (user, kind) = (user.unwrap_or_default(), kind.unwrap_or_default());
        let text = hash(&[user, &event.document, kind, &event.observed, &event.final_text]);
        let unseen = event.proposed.as_ref().filter(|proposal| !proposal.shown);
        Self { text, shadow: unseen.map(|proposal| hash(&[proposal.model.as_deref().unwrap_or_default()])) }
    }
}

/// The same for events that are not held: a voice's first telling of a text goes with the first of another voice, its second
/// with the second.
pub(crate) fn tellers(tellings: &[Telling]) -> Vec<usize> {
    if tellings.iter().all(|telling| telling.shadow.is_none()) {
        return (0..tellings.len()).collect();
    }
    let mut told: HashMap<Telling, usize> = HashMap::new();
    let ordinal = |telling: &Telling| {
        let times = told.entry(*telling).or_default();
        *times += 1;
        (telling.text, *times)
    };
    let keys: Vec<(u128, usize)> = tellings.iter().map(ordinal).collect();
    let mut first = HashMap::new();
    for in_shadow in [false, true] {
        for (at, key) in keys.iter().enumerate() {
            if tellings.get(at).is_some_and(|telling| telling.shadow.is_some() == in_shadow) {
                first.entry(*key).or_insert(at);
            }
        }
    }
    keys.iter().enumerate().map(|(at, key)| first.get(key).copied().unwrap_or(at)).collect()
}

fn hash(texts: &[&str]) -> u128 {
    let mut hasher = Xxh3Default::new();
    for text in texts {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.digest128()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::Proposal;

    /// `shown`: `Some("")` is shown, a model's name is in shadow.
    fn event(user: &str, document: &str, model: Option<&str>) -> Event {
        let proposal = |model: &str| Proposal {
            text: "the".to_owned(),
            shown: model.is_empty(),
            model: Some(model.to_owned()),
            edits: Vec::new(),
        };
        Event {
            user: Some(user.to_owned()),
            document: document.to_owned(),
            observed: "tbe".to_owned(),
            proposed: model.map(proposal),
            final_text: "the".to_owned(),
            ..Event::default()
        }
    }

    #[test]
    fn a_text_is_told_once_however_many_models_are_in_shadow() {
        let events = [
            event("ada", "c1", Some("aa")),
            event("ada", "c1", Some("")),
            event("ada", "c1", Some("bb")),
            // Two texts of a document that read alike are two.
            event("ada", "c1", Some("")),
            event("ada", "c1", Some("aa")),
            // Another user, another document.
            event("bob", "c1", Some("aa")),
            event("ada", "c2", Some("aa")),
            // Nothing was shown: the first shadow tells it.
            event("ada", "c2", Some("bb")),
            event("ada", "c2", Some("bb")),
            // Typed by hand is told as well.
            event("eve", "c3", Some("aa")),
            event("eve", "c3", None),
        ];
        assert_eq!(told_by(&events), [1, 1, 1, 3, 3, 5, 6, 6, 8, 10, 10]);
        let other = Event { final_text: "this".to_owned(), ..event("ada", "c1", Some("")) };
        assert_eq!(told_by(&[events[0].clone(), other]), [0, 1], "another text was left standing");
        let typed = event("ada", "c1", None);
        assert_eq!(told_by(&[typed.clone(), events[1].clone(), typed]), [0, 1, 2]);
    }
}
