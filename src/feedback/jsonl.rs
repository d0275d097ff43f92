//! Events as lines of JSON.

use std::io::BufRead;

use serde::{Deserialize, Serialize};

use super::error::{FeedbackError, Place};
use super::event::{Event, Outcome, Proposal, ProposedEdit};
use super::time::Time;
use crate::corpus::{CorpusError, json_fault};

/// An event as an object of JSON, its keys in this order; what is unknown is left out. What `amend correct
/// --emit json` writes becomes one with `final` added.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    observed: String,
    #[serde(alias = "text", skip_serializing_if = "Option::is_none")]
    proposed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shown: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edits: Option<Vec<EditRecord>>,
    #[serde(rename = "final")]
    final_text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recogniser: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Vec<f32>>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum When {
    Text(String),
    UnixSeconds(f64),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EditRecord {
    start: usize,
    end: usize,
    observed: String,
    intended: String,
    confidence: f32,
    by: String,
    /// Written by `amend correct`; not kept.
    #[serde(skip_serializing)]
    #[allow(dead_code, reason = "read and dropped")]
    alternatives: Option<serde::de::IgnoredAny>,
}

impl Event {
    /// The event of a line of JSON, checked ([`Event::checked`]). Needed are `observed` and `final`; of the
    /// rest, what is left out, null or empty is unknown. `time` is RFC 3339 or a number of Unix seconds;
    /// `shown` is true where there is a `proposed` and nothing else is said; `outcome`, where given, has to
    /// be what follows from the texts.
    ///
    /// # Errors
    /// [`FeedbackError::Unfit`], with the column where it is known.
    pub fn from_json(line: &str) -> Result<Self, FeedbackError> {
        let record: Record = serde_json::from_str(line).map_err(|e| {
            let (what, column) = json_fault(line, &e);
            FeedbackError::Unfit { what, place: Place { column, ..Place::default() }, todo: SHAPE }
        })?;
        record.event()
    }

    /// The event as a line of JSON, without its line end: what [`Event::from_json`] reads, always the same
    /// bytes.
    pub fn to_json(&self) -> String {
        // Nothing in it can fail: every key is a text, every number finite.
        serde_json::to_string(&Record::from(self)).unwrap_or_default()
    }
}

const SHAPE: &str = "write one object a line, like {\"observed\": \"…\", \"final\": \"…\"}";

impl Record {
    fn event(self) -> Result<Event, FeedbackError> {
        let time = match self.time {
            None => None,
            Some(When::Text(text)) if text.is_empty() => None,
            Some(When::Text(text)) => Some(text.parse().map_err(|_| no_time(format!("{text:?}")))?),
            Some(When::UnixSeconds(seconds)) => {
                Some(Time::from_unix_seconds(seconds).ok_or_else(|| no_time(seconds.to_string()))?)
            }
        };
        let edits = self.edits.unwrap_or_default().into_iter().map(EditRecord::edit).collect();
        let proposed = match self.proposed {
            Some(text) => {
                Some(Proposal { text, shown: self.shown.unwrap_or(true), model: self.model, edits })
            }
            None if self.model.is_some() || !edits.is_empty() || self.shown == Some(true) => {
                let todo = "give proposed as well: the observed text where the model would change nothing";
                return Err(FeedbackError::unfit("shown, model or edits, but nothing proposed", todo));
            }
            None => None,
        };
        let event = Event {
            id: self.id.unwrap_or_default(),
            time,
            user: self.user,
            document: self.document.unwrap_or_default(),
            kind: self.kind,
            observed: self.observed,
            proposed,
            final_text: self.final_text,
            recogniser: self.recogniser,
            evidence: self.evidence,
        };
        let event = event.checked()?;
        if let Some(said) = self.outcome.filter(|said| !said.is_empty()) {
            let (said, is) = (said.parse::<Outcome>()?, event.outcome());
            if said != is {
                let todo = "leave outcome out, or give the texts as they were";
                return Err(FeedbackError::unfit(format!("outcome says {said}, the texts say {is}"), todo));
            }
        }
        Ok(event)
    }
}

fn no_time(found: String) -> FeedbackError {
    FeedbackError::unfit(
        format!("time {found} is no moment"),
        "write it like 2026-11-24T16:01:00Z, or as Unix seconds",
    )
}

impl From<&Event> for Record {
    fn from(event: &Event) -> Self {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let proposed = event.proposed.as_ref();
        Self {
            id: some(&event.id),
            time: event.time.map(|time| When::Text(time.to_string())),
            user: event.user.clone(),
            document: some(&event.document),
            kind: event.kind.clone(),
            observed: event.observed.clone(),
            proposed: proposed.map(|p| p.text.clone()),
            shown: proposed.map(|p| p.shown),
            model: proposed.and_then(|p| p.model.clone()),
            edits: proposed
                .filter(|p| !p.edits.is_empty())
                .map(|p| p.edits.iter().map(EditRecord::from).collect()),
            final_text: event.final_text.clone(),
            outcome: Some(event.outcome().to_string()),
            recogniser: event.recogniser.clone(),
            evidence: event.evidence.clone(),
        }
    }
}

impl EditRecord {
    fn edit(self) -> ProposedEdit {
        let Self { start, end, observed, intended, confidence, by, .. } = self;
        ProposedEdit { start, end, observed, intended, confidence, by }
    }
}

impl From<&ProposedEdit> for EditRecord {
    fn from(edit: &ProposedEdit) -> Self {
        let ProposedEdit { start, end, observed, intended, confidence, by } = edit.clone();
        Self { start, end, observed, intended, confidence, by, alternatives: None }
    }
}

/// Edits as the store keeps them.
pub(super) fn edits_to_json(edits: &[ProposedEdit]) -> Option<String> {
    let records: Vec<EditRecord> = edits.iter().map(EditRecord::from).collect();
    (!edits.is_empty()).then(|| serde_json::to_string(&records).unwrap_or_default())
}

/// The edits that the store kept.
pub(super) fn edits_from_json(text: &str) -> Result<Vec<ProposedEdit>, serde_json::Error> {
    let records: Vec<EditRecord> = serde_json::from_str(text)?;
    Ok(records.into_iter().map(EditRecord::edit).collect())
}

/// Evidence as the store keeps it.
pub(super) fn evidence_to_json(evidence: &[f32]) -> String {
    serde_json::to_string(evidence).unwrap_or_default()
}

/// The evidence that the store kept.
pub(super) fn evidence_from_json(text: &str) -> Result<Vec<f32>, serde_json::Error> {
    serde_json::from_str(text)
}

/// The events of an input, a line each, with the line's number; only one is held at a time. A byte order mark
/// is passed over, a line may end in CRLF. After an error that is not about an event the reader is at its
/// end.
#[derive(Debug)]
pub struct EventLines<R> {
    reader: R,
    file: String,
    line: usize,
    buffer: Vec<u8>,
    failed: bool,
}

impl<R: BufRead> EventLines<R> {
    /// The events that `reader` gives; `file` is its name in errors.
    pub fn new(reader: R, file: &str) -> Self {
        Self { reader, file: file.to_owned(), line: 0, buffer: Vec::new(), failed: false }
    }

    fn read(&mut self) -> Option<Result<Event, FeedbackError>> {
        self.buffer.clear();
        let read = self.reader.read_until(b'\n', &mut self.buffer);
        let read = read.map_err(|source| CorpusError::Io { file: self.file.clone(), source });
        match read {
            Err(e) => {
                self.failed = true;
                return Some(Err(e.into()));
            }
            Ok(0) => return None,
            Ok(_) => self.line += 1,
        }
        let bytes = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let marked = bytes.strip_prefix(b"\xEF\xBB\xBF").filter(|_| self.line == 1);
        // A file of nothing but a byte order mark has no lines.
        if marked.is_some_and(<[u8]>::is_empty) && !self.buffer.ends_with(b"\n") {
            return None;
        }
        let (bytes, skipped) = marked.map_or((bytes, 0), |rest| (rest, 3));
        let text = std::str::from_utf8(bytes).map_err(|e| CorpusError::NotUtf8 {
            file: self.file.clone(),
            line: self.line,
            byte: skipped + e.valid_up_to() + 1,
        });
        let event = text.map_err(FeedbackError::from);
        Some(event.and_then(|text| Event::from_json(text).map_err(|e| e.at(&self.file, self.line))))
    }
}

impl<R: BufRead> Iterator for EventLines<R> {
    type Item = (usize, Result<Event, FeedbackError>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let event = self.read()?;
        Some((self.line, event))
    }
}
