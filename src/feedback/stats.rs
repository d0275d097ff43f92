//! A store in figures.

use super::error::FeedbackError;
use super::event::Outcome;
use super::store::FeedbackStore;

/// What a store holds, counted.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Stats {
    /// Events.
    pub events: u64,
    /// Those whose proposal stands.
    pub accepted: u64,
    /// Those where something else than observed and proposed stands.
    pub edited: u64,
    /// Those whose proposal was turned down.
    pub rejected: u64,
    /// Those without a proposal that was shown.
    pub typed: u64,
    /// Of the typed ones, those with a proposal that was not shown.
    pub in_shadow: u64,
    /// Those with a proposal shown that changes something: only they tell whether changes are welcome.
    pub changes_shown: u64,
    /// Of these, the accepted ones.
    pub changes_accepted: u64,
    /// Different users.
    pub users: u64,
    /// Different documents.
    pub documents: u64,
    /// The earliest time given, RFC 3339.
    pub first: Option<String>,
    /// The latest time given, RFC 3339.
    pub last: Option<String>,
    /// Events that were forgotten.
    pub forgotten: u64,
    /// Whether traces of forgotten events may still be in the file ([`FeedbackStore::has_traces`]).
    pub traces: bool,
}

impl Stats {
    /// The share of shown changes that were accepted, 0–1; none where none was shown.
    pub fn acceptance(&self) -> Option<f64> {
        (self.changes_shown > 0).then(|| self.changes_accepted as f64 / self.changes_shown as f64)
    }

    /// How many events ended so.
    pub fn of(&self, outcome: Outcome) -> u64 {
        match outcome {
            Outcome::Accepted => self.accepted,
            Outcome::Edited => self.edited,
            Outcome::Rejected => self.rejected,
            Outcome::Typed => self.typed,
        }
    }
}

impl FeedbackStore {
    /// Counts what the store holds; reads all of it.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn stats(&self) -> Result<Stats, FeedbackError> {
        let counted = self.connection.query_row(
            "SELECT count(*), count(*) FILTER (WHERE outcome = 'accepted'), count(*) FILTER (WHERE outcome = 'edited'),
                count(*) FILTER (WHERE outcome = 'rejected'), count(*) FILTER (WHERE outcome = 'typed'),
                count(*) FILTER (WHERE outcome = 'typed' AND proposed IS NOT NULL),
                count(*) FILTER (WHERE outcome <> 'typed' AND proposed <> observed),
                count(*) FILTER (WHERE outcome = 'accepted' AND proposed <> observed),
                count(DISTINCT user), count(DISTINCT document), min(time), max(time),
                (SELECT count(*) FROM forgotten), EXISTS (SELECT 1 FROM forgotten WHERE swept = 0)
             FROM event",
            [],
            |row| {
                Ok(Stats {
                    events: row.get(0)?,
                    accepted: row.get(1)?,
                    edited: row.get(2)?,
                    rejected: row.get(3)?,
                    typed: row.get(4)?,
                    in_shadow: row.get(5)?,
                    changes_shown: row.get(6)?,
                    changes_accepted: row.get(7)?,
                    users: row.get(8)?,
                    documents: row.get(9)?,
                    first: row.get(10)?,
                    last: row.get(11)?,
                    forgotten: row.get(12)?,
                    traces: row.get(13)?,
                })
            },
        );
        counted.map_err(self.fail())
    }
}
