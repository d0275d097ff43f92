//! Forgetting, for good.

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior};

use super::error::{FeedbackError, of_store};
use super::event::{Event, EventHash};
use super::query::{BY_ID, NEXT_OF_USER, event_of};
use super::store::FeedbackStore;

/// What was forgotten.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// How many events.
    pub events: u64,
    /// The ids, of those asked for, that the store never knew.
    pub unknown: Vec<String>,
}

impl FeedbackStore {
    /// Forgets the events of these ids; those forgotten before stay forgotten.
    ///
    /// When this returns, neither the file nor its log hold a byte of them: they are overwritten, the file is
    /// written anew without them and the log emptied, which takes as long as copying the file. Of each event
    /// two hashes stay, its own and its id's: by the one a model can be told that learned from it
    /// ([`FeedbackStore::forgotten`]), by the other it is left out when it is added again. What the disk
    /// below keeps of overwritten files, and copies made elsewhere, are beyond reach.
    ///
    /// # Errors
    /// [`FeedbackError::Traces`] where the events are forgotten but their bytes could not be swept, because
    /// another process is reading, or no space is left: the same call again does the rest.
    pub fn forget_ids(&mut self, ids: &[impl AsRef<str>]) -> Result<Forgotten, FeedbackError> {
        self.forget(|transaction| {
            let mut forgotten = Forgotten::default();
            let mut find = transaction.prepare(BY_ID)?;
            let mut before = transaction.prepare("SELECT 1 FROM forgotten WHERE id = ?")?;
            for id in ids.iter().map(AsRef::as_ref) {
                if let Some(event) = find.query_row([id], event_of).optional()? {
                    bury(transaction, &event)?;
                    forgotten.events += 1;
                } else if !before.exists([Event::hash_of_id(id)])? {
                    forgotten.unknown.push(id.to_owned());
                }
            }
            Ok(forgotten)
        })
    }

    /// Forgets all events of this user, as [`FeedbackStore::forget_ids`] does.
    ///
    /// # Errors
    /// As there.
    pub fn forget_user(&mut self, user: &str) -> Result<Forgotten, FeedbackError> {
        self.forget(|transaction| {
            let mut forgotten = Forgotten::default();
            let mut find = transaction.prepare(NEXT_OF_USER)?;
            let mut after = 0_i64;
            let next = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, event_of(row)?));
            while let Some((sequence, event)) = find.query_row((user, after), next).optional()? {
                bury(transaction, &event)?;
                forgotten.events += 1;
                after = sequence;
            }
            Ok(forgotten)
        })
    }

    /// The hashes ([`Event::hash`]) of all events that were forgotten, in ascending order. A model that names
    /// one of them among those it learned from has to be learned anew.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn forgotten(&self) -> Result<Vec<EventHash>, FeedbackError> {
        let mut hashes = self
            .connection
            .prepare_cached("SELECT event FROM forgotten ORDER BY event")
            .map_err(self.fail())?;
        let hashes = hashes.query_map([], |row| row.get(0)).map_err(self.fail())?;
        hashes.collect::<Result<_, _>>().map_err(self.fail())
    }

    /// Whether traces of forgotten events may still be in the file: a sweep that was broken off.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn has_traces(&self) -> Result<bool, FeedbackError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM forgotten WHERE swept = 0)";
        self.connection.query_row(sql, [], |row| row.get(0)).map_err(self.fail())
    }

    fn forget(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<Forgotten>,
    ) -> Result<Forgotten, FeedbackError> {
        let (path, wait) = (self.path().to_owned(), self.wait());
        let fail = of_store(&path, wait);
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&fail)?;
        let forgotten = work(&transaction).map_err(&fail)?;
        transaction.commit().map_err(&fail)?;
        self.sweep().map_err(|e| FeedbackError::Traces { file: path.display().to_string(), why: why(&e) })?;
        Ok(forgotten)
    }

    /// Deleting overwrites what was deleted, but not copies that were left behind when pages were split and
    /// rows moved: the file is written anew from its rows. Then the log goes into the file, and is cut to
    /// nothing.
    fn sweep(&self) -> Result<(), rusqlite::Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM forgotten WHERE swept = 0)";
        if !self.connection.query_row(sql, [], |row| row.get(0))? {
            return Ok(());
        }
        self.connection.execute_batch("VACUUM")?;
        self.empty_the_log()?;
        self.connection.execute("UPDATE forgotten SET swept = 1 WHERE swept = 0", [])?;
        Ok(())
    }

    fn empty_the_log(&self) -> Result<(), rusqlite::Error> {
        let busy: bool =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy {
            return Err(rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY),
                None,
            ));
        }
        Ok(())
    }
}

/// Leaves two hashes in the place of an event.
fn bury(transaction: &Transaction<'_>, event: &Event) -> rusqlite::Result<()> {
    let mut stone =
        transaction.prepare_cached("INSERT INTO forgotten (id, event, swept) VALUES (?, ?, 0)")?;
    stone.execute((Event::hash_of_id(&event.id), event.hash()))?;
    transaction.prepare_cached("DELETE FROM event WHERE id = ?")?.execute([&event.id])?;
    Ok(())
}

fn why(e: &rusqlite::Error) -> String {
    match e.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
            "another process is using it".to_owned()
        }
        Some(rusqlite::ErrorCode::DiskFull) => "no space left".to_owned(),
        _ => e.to_string(),
    }
}
