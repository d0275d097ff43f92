//! Events as they are read.

use std::collections::VecDeque;
use std::str::FromStr;

use rusqlite::types::Type;
use rusqlite::{Row, params};

use super::error::FeedbackError;
use super::event::{Event, Outcome, Proposal};
use super::jsonl::{edits_from_json, evidence_from_json};
use super::store::FeedbackStore;

/// Which events are wanted; of each field, none means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Only those behind this sequence number: what was added since one looked last.
    pub after: Option<u64>,
    /// Only this user's.
    pub user: Option<String>,
    /// Only this document's.
    pub document: Option<String>,
    /// Only those that ended so.
    pub outcome: Option<Outcome>,
    /// Of all these only so many, the newest.
    pub newest: Option<u64>,
}

/// An event with its place in the store.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The events of a store are numbered as they were added, from 1. A later event has a greater number, and
    /// no number is given twice, even when its event is forgotten.
    pub sequence: u64,
    /// The event.
    pub event: Event,
}

/// The events that a [`Query`] asks for, in the order in which they were added. A few hundred are held at a
/// time.
///
/// It ends with what was the last event when it was made; what is forgotten before it is reached is not seen.
/// It holds no lock while one looks at an event, so that others can write. After an error it is at its end.
#[derive(Debug)]
pub struct Events<'s> {
    store: &'s FeedbackStore,
    query: Query,
    after: u64,
    last: u64,
    read: VecDeque<Stored>,
}

/// So many events are read together.
const PAGE: usize = 512;

/// The columns of an event, in the order that `event_of` takes.
macro_rules! columns {
    () => {
        "sequence, id, time, user, document, kind, observed, proposed, shown, model, edits, final, recogniser, evidence"
    };
}

/// An event by its id.
pub(super) const BY_ID: &str = concat!("SELECT ", columns!(), " FROM event WHERE id = ?");
/// A user's next event behind a sequence number.
pub(super) const NEXT_OF_USER: &str =
    concat!("SELECT ", columns!(), " FROM event WHERE user = ? AND sequence > ? ORDER BY sequence LIMIT 1");
/// What a [`Query`] asks for; the last parameter is the length of a page.
macro_rules! wanted {
    () => {
        " FROM event WHERE sequence > ?1 AND sequence <= ?2 AND (?3 IS NULL OR user = ?3)
            AND (?4 IS NULL OR document = ?4) AND (?5 IS NULL OR outcome = ?5)"
    };
}

const NEXT_PAGE: &str = concat!("SELECT ", columns!(), wanted!(), " ORDER BY sequence LIMIT ?6");
const FIRST_OF_NEWEST: &str =
    concat!("SELECT min(sequence) FROM (SELECT sequence", wanted!(), " ORDER BY sequence DESC LIMIT ?6)");

impl FeedbackStore {
    /// The events that `query` asks for, in the order in which they were added.
    ///
    /// # Errors
    /// What SQLite reports, here or from the iterator: [`FeedbackError::Damaged`] above all.
    pub fn events(&self, query: &Query) -> Result<Events<'_>, FeedbackError> {
        let (after, last) = (query.after.unwrap_or(0), self.last()?.unwrap_or(0));
        let mut events = Events { store: self, query: query.clone(), after, last, read: VecDeque::new() };
        // Behind the last number there is nothing, however large the number asked for.
        if let Some(newest) = query.newest.filter(|_| after < last) {
            let newest = newest.min(last);
            let (user, document, outcome) = events.filters();
            let wanted = params![after, last, user, document, outcome, newest];
            let first: Option<u64> =
                self.connection.query_row(FIRST_OF_NEWEST, wanted, |row| row.get(0)).map_err(self.fail())?;
            // With nothing wanted, or nothing there, the iterator begins at its end.
            events.after = first.map_or(last, |first| first - 1);
        }
        Ok(events)
    }

    /// The event of this id.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn event(&self, id: &str) -> Result<Option<Stored>, FeedbackError> {
        let mut found = self.connection.prepare_cached(BY_ID).map_err(self.fail())?;
        let mut found = found.query_map([id], stored).map_err(self.fail())?;
        found.next().transpose().map_err(self.fail())
    }

    /// The greatest sequence number of an event, none of an empty store.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn last(&self) -> Result<Option<u64>, FeedbackError> {
        let sql = "SELECT max(sequence) FROM event";
        self.connection.query_row(sql, [], |row| row.get(0)).map_err(self.fail())
    }
}

impl Events<'_> {
    fn filters(&self) -> (Option<&str>, Option<&str>, Option<&'static str>) {
        let Query { user, document, outcome, .. } = &self.query;
        (user.as_deref(), document.as_deref(), outcome.map(Outcome::as_str))
    }

    fn read(&mut self) -> Result<(), FeedbackError> {
        let store = self.store;
        let mut page = store.connection.prepare_cached(NEXT_PAGE).map_err(store.fail())?;
        let (user, document, outcome) = self.filters();
        let wanted = params![self.after, self.last, user, document, outcome, PAGE];
        let rows = page.query_map(wanted, stored).map_err(store.fail())?;
        let read = rows.collect::<Result<VecDeque<_>, _>>().map_err(store.fail())?;
        let more = read.back().filter(|_| read.len() == PAGE);
        self.after = more.map_or(self.last, |stored| stored.sequence);
        self.read = read;
        Ok(())
    }
}

impl Iterator for Events<'_> {
    type Item = Result<Stored, FeedbackError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.read.is_empty()
            && self.after < self.last
            && let Err(e) = self.read()
        {
            self.after = self.last;
            return Some(Err(e));
        }
        self.read.pop_front().map(Ok)
    }
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored { sequence: row.get(0)?, event: event_of(row)? })
}

/// The event of a row of `columns!`. People can write to the file with other tools: it is checked like a new
/// one.
pub(super) fn event_of(row: &Row<'_>) -> rusqlite::Result<Event> {
    let proposed = match row.get(7)? {
        None => None,
        Some(text) => Some(Proposal {
            text,
            shown: row.get(8)?,
            model: row.get(9)?,
            edits: parsed(row, 10, edits_from_json)?.unwrap_or_default(),
        }),
    };
    let event = Event {
        id: row.get(1)?,
        time: parsed(row, 2, FromStr::from_str)?,
        user: row.get(3)?,
        document: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
        kind: row.get(5)?,
        observed: row.get(6)?,
        proposed,
        final_text: row.get(11)?,
        recogniser: row.get(12)?,
        evidence: parsed(row, 13, evidence_from_json)?,
    };
    event.checked().map_err(|e| conversion(0, row, e))
}

fn parsed<T, E: std::error::Error + Send + Sync + 'static>(
    row: &Row<'_>,
    column: usize,
    parse: impl Fn(&str) -> Result<T, E>,
) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| parse(&text).map_err(|e| conversion(column, row, e))).transpose()
}

fn conversion(
    column: usize,
    row: &Row<'_>,
    e: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    let what = format!("event {}: {e}", row.get::<_, i64>(0).unwrap_or_default());
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, what.into())
}
