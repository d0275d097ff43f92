//! What happened to one text.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::error::FeedbackError;
use super::time::Time;
use crate::corpus::{Lesson, Pair};
use crate::text::tokens;

/// What happened to one text: what was read, what was proposed, and what its user left standing.
///
/// ```
/// use amend::feedback::{Event, Outcome, Proposal};
/// let proposed = Some(Proposal { text: "the cat".to_owned(), shown: true, ..Proposal::default() });
/// let event = Event { observed: "tbe cat".to_owned(), proposed, final_text: "the cat".to_owned(), ..Event::default() };
/// assert_eq!(event.outcome(), Outcome::Accepted);
/// assert_eq!(event.pair().intended, "the cat");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    /// The caller's name for it, at most 256 bytes without control characters. Empty: it is made from the
    /// content when the event is added, so that the same event has the same id wherever it is added.
    pub id: String,
    /// When it happened, where known. The store never asks the clock.
    pub time: Option<Time>,
    /// Whose text it was, opaque; by this name their events can be forgotten.
    pub user: Option<String>,
    /// What was read together with it (one card, page, article); empty where unknown.
    pub document: String,
    /// The field's kind ("name", "phone", "line"), where known.
    pub kind: Option<String>,
    /// What the recogniser, or the typist, gave.
    pub observed: String,
    /// What a model proposed, where one was asked. A model that would change nothing proposes the observed
    /// text.
    pub proposed: Option<Proposal>,
    /// What the user left standing.
    pub final_text: String,
    /// What read the text, opaque.
    pub recogniser: Option<String>,
    /// The recogniser's confidence (0–100) of each white-space separated word of `observed`, where known.
    pub evidence: Option<Vec<f32>>,
}

/// What a model made of the observed text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Proposal {
    /// The text proposed.
    pub text: String,
    /// Whether the user saw it. What was not shown (a model in shadow) neither earns nor loses anything by
    /// what was kept.
    pub shown: bool,
    /// Which model, as hexadecimal digits; opaque.
    pub model: Option<String>,
    /// The changes that lead from the observed to the proposed text, left to right; empty where they are not
    /// known.
    pub edits: Vec<ProposedEdit>,
}

/// One proposed change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProposedEdit {
    /// Where it begins, in bytes of the observed text.
    pub start: usize,
    /// Where it ends, in bytes of the observed text.
    pub end: usize,
    /// What stood there.
    pub observed: String,
    /// What was to stand there.
    pub intended: String,
    /// The model's probability that the change is right, 0–1.
    pub confidence: f32,
    /// The rule or path behind it.
    pub by: String,
}

/// What became of a proposal. It follows from the texts:
///
/// | | |
/// |---|---|
/// | typed | nothing was proposed, or it was not shown |
/// | accepted | the final text is the proposed one |
/// | rejected | the final text is the observed one, and another was proposed |
/// | edited | the final text is neither |
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// What was proposed stands.
    Accepted,
    /// Something else stands.
    Edited,
    /// What was observed stands, against the proposal.
    Rejected,
    /// The user saw no proposal.
    Typed,
}

impl Outcome {
    /// All of them, in the order of their names.
    pub const ALL: [Self; 4] = [Self::Accepted, Self::Edited, Self::Rejected, Self::Typed];

    /// Its name: "accepted", "edited", "rejected", "typed".
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Edited => "edited",
            Self::Rejected => "rejected",
            Self::Typed => "typed",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Outcome {
    type Err = FeedbackError;

    fn from_str(text: &str) -> Result<Self, FeedbackError> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == text).ok_or_else(|| {
            FeedbackError::unfit(
                format!("{text:?} is no outcome"),
                "write accepted, edited, rejected or typed",
            )
        })
    }
}

/// The first 16 bytes of SHA-256 over an event's content. It names an event, and does not give its text away:
/// what is kept of one that is forgotten.
pub type EventHash = [u8; 16];

impl Event {
    /// What became of the proposal.
    pub fn outcome(&self) -> Outcome {
        match &self.proposed {
            Some(proposal) if !proposal.shown => Outcome::Typed,
            None => Outcome::Typed,
            Some(proposal) if proposal.text == self.final_text => Outcome::Accepted,
            Some(_) if self.observed == self.final_text => Outcome::Rejected,
            Some(_) => Outcome::Edited,
        }
    }

    /// Whether the user saw a proposal.
    pub fn shown(&self) -> bool {
        self.proposed.as_ref().is_some_and(|proposal| proposal.shown)
    }

    /// The observed text with what was left standing, as pairs to learn from are; its source is 0.
    pub fn pair(&self) -> Pair {
        Pair {
            observed: self.observed.clone(),
            intended: self.final_text.clone(),
            document: self.document.clone(),
            kind: self.kind.clone(),
            evidence: self.evidence.clone(),
            source: 0,
        }
    }

    /// What it teaches: the pair, and the proposal that was turned down, if one was. A proposal that nobody saw is held
    /// against nothing.
    pub fn lesson(&self) -> Lesson {
        let turned_down = self.proposed.as_ref().filter(|_| self.outcome() == Outcome::Rejected);
        Lesson {
            event: self.hash(),
            pair: self.pair(),
            turned_down: turned_down.map(|proposal| proposal.text.clone()),
        }
    }

    /// The hash of the event, its id included: of every field in the order of the struct, a text as its
    /// length (8 bytes, little-endian) and its UTF-8 bytes (unknown is empty), a number as its 4 or 8
    /// little-endian bytes, a list after its length, an option after a byte 0 or 1.
    pub fn hash(&self) -> EventHash {
        let mut hasher = Hasher(Sha256::new());
        hasher.0.update(b"amend event 1\0");
        hasher.text(&self.id);
        hasher.option(self.time, |h, time| h.0.update(time.unix_millis().to_le_bytes()));
        hasher.text(self.user.as_deref().unwrap_or_default());
        hasher.text(&self.document);
        hasher.text(self.kind.as_deref().unwrap_or_default());
        hasher.text(&self.observed);
        hasher.option(self.proposed.as_ref(), Hasher::proposal);
        hasher.text(&self.final_text);
        hasher.text(self.recogniser.as_deref().unwrap_or_default());
        hasher.option(self.evidence.as_deref(), |h, evidence| {
            h.number(evidence.len());
            for number in evidence {
                h.0.update(number.to_le_bytes());
            }
        });
        hasher.finish()
    }

    /// The hash of an id alone.
    pub(super) fn hash_of_id(id: &str) -> EventHash {
        let mut hasher = Hasher(Sha256::new());
        hasher.0.update(b"amend event id 1\0");
        hasher.text(id);
        hasher.finish()
    }

    /// The event in the one form that is kept: what is empty is unknown, a model's digits are small.
    ///
    /// # Errors
    /// [`FeedbackError::Unfit`] where it cannot be: an id with control characters, evidence that does not fit
    /// the words, edits that do not lead from the observed to the proposed text.
    pub fn checked(mut self) -> Result<Self, FeedbackError> {
        let id_is_good = self.id.len() <= MOST_OF_ID && !self.id.chars().any(char::is_control);
        if !id_is_good {
            let todo = "give an id of at most 256 bytes, without control characters";
            return Err(FeedbackError::unfit("the id is too long, or holds a control character", todo));
        }
        for text in [&mut self.user, &mut self.kind, &mut self.recogniser] {
            text.take_if(|text| text.is_empty());
        }
        self.evidence.take_if(|numbers| numbers.is_empty());
        if let Some(numbers) = &mut self.evidence {
            let words = tokens(&self.observed).count();
            let todo = "give one confidence for each word of observed";
            if numbers.len() != words {
                let what = format!("evidence has {} numbers, observed has {words} words", numbers.len());
                return Err(FeedbackError::unfit(what, todo));
            }
            if let Some(number) = numbers.iter().find(|number| !(0.0..=100.0).contains(*number)) {
                return Err(FeedbackError::unfit(
                    format!("evidence {number} is no number from 0 to 100"),
                    todo,
                ));
            }
            // Of the two zeros one is kept.
            numbers.iter_mut().for_each(|number| *number += 0.0);
        }
        if let Some(proposal) = &mut self.proposed {
            proposal.check(&self.observed)?;
        }
        Ok(self)
    }
}

const MOST_OF_ID: usize = 256;

impl Proposal {
    fn check(&mut self, observed: &str) -> Result<(), FeedbackError> {
        self.model.take_if(|model| model.is_empty());
        if let Some(model) = &mut self.model {
            if !model.bytes().all(|b| b.is_ascii_hexdigit()) {
                let todo = "give the hash that `amend inspect` prints, or leave it out";
                return Err(FeedbackError::unfit(
                    format!("the model {model:?} is no hexadecimal number"),
                    todo,
                ));
            }
            model.make_ascii_lowercase();
        }
        if self.edits.is_empty() {
            return Ok(());
        }
        let mut text = String::with_capacity(self.text.len());
        let mut at = 0;
        for edit in &mut self.edits {
            let todo =
                "give edits as `amend correct --emit json` writes them: bytes of observed, left to right";
            let place = |what: &str| {
                FeedbackError::unfit(format!("an edit at {}–{} {what}", edit.start, edit.end), todo)
            };
            let before = observed.get(at..edit.start).ok_or_else(|| place("has no place in observed"))?;
            let replaced =
                observed.get(edit.start..edit.end).ok_or_else(|| place("has no place in observed"))?;
            if replaced != edit.observed {
                return Err(place("names another text than stands there"));
            }
            if !(0.0..=1.0).contains(&edit.confidence) {
                return Err(place("has a confidence outside of 0 to 1"));
            }
            edit.confidence += 0.0;
            text.push_str(before);
            text.push_str(&edit.intended);
            at = edit.end;
        }
        text.push_str(observed.get(at..).unwrap_or_default());
        if text != self.text {
            let todo = "give all edits that were proposed, or none";
            return Err(FeedbackError::unfit("the edits do not lead to the proposed text", todo));
        }
        Ok(())
    }
}

struct Hasher(Sha256);

impl Hasher {
    fn number(&mut self, number: usize) {
        self.0.update((number as u64).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.update(text.as_bytes());
    }

    fn option<T>(&mut self, value: Option<T>, some: impl FnOnce(&mut Self, T)) {
        self.0.update([u8::from(value.is_some())]);
        if let Some(value) = value {
            some(self, value);
        }
    }

    fn proposal(&mut self, proposal: &Proposal) {
        self.text(&proposal.text);
        self.0.update([u8::from(proposal.shown)]);
        self.text(proposal.model.as_deref().unwrap_or_default());
        self.number(proposal.edits.len());
        for edit in &proposal.edits {
            self.number(edit.start);
            self.number(edit.end);
            self.text(&edit.observed);
            self.text(&edit.intended);
            self.0.update(edit.confidence.to_le_bytes());
            self.text(&edit.by);
        }
    }

    fn finish(self) -> EventHash {
        let mut hash = EventHash::default();
        hash.iter_mut().zip(self.0.finalize()).for_each(|(to, from)| *to = from);
        hash
    }
}
