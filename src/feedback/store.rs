//! The store: opened, and added to.

use std::collections::HashMap;
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::error::{FeedbackError, Place, of_store};
use super::event::{Event, EventHash};
use super::jsonl::{EventLines, edits_to_json, evidence_to_json};
use super::query::{BY_ID, event_of};
use super::schema;

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Whether one is made where there is none.
    pub create: bool,
    /// Whether it is only to be read.
    pub read_only: bool,
    /// How long to wait while another process writes.
    pub wait: Duration,
}

impl Default for Opening {
    /// What is there, to read and to write; half a minute, which is more than an import of a million events
    /// takes.
    fn default() -> Self {
        Self { create: false, read_only: false, wait: Duration::from_secs(30) }
    }
}

/// Feedback events in one SQLite file.
///
/// What a call added is durable when it returns, and an event is there whole or not at all, whatever happens
/// to the process. Any number of processes may have the same store open; they write one after another.
/// `Send`, not `Sync`: a store a thread.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("cards.feedback");
/// use amend::feedback::{Event, Fate, FeedbackStore, Query};
///
/// let mut store = FeedbackStore::create(&path)?;
/// let event = Event { observed: "tbe cat".to_owned(), final_text: "the cat".to_owned(), ..Event::default() };
/// assert_eq!(store.add(event.clone())?.fate, Fate::Added);
/// assert_eq!(store.add(event)?.fate, Fate::There); // the same event adds nothing
/// for stored in store.events(&Query::default())? {
///     assert_eq!(stored?.event.pair().intended, "the cat");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FeedbackStore {
    pub(super) connection: Connection,
    path: PathBuf,
    wait: Duration,
}

/// What became of an event that was to be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was added.
    Added,
    /// It was there already.
    There,
    /// It was forgotten before, and stays so.
    Forgotten,
}

/// The answer to an event: its id, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The event's id, given or made.
    pub id: String,
    /// What became of it.
    pub fate: Fate,
}

/// How many events fared how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Added.
    pub added: u64,
    /// There already.
    pub there: u64,
    /// Forgotten before, and left out.
    pub forgotten: u64,
}

impl FeedbackStore {
    /// Opens the store at `path`; one of an older version is brought to this one.
    ///
    /// # Errors
    /// [`FeedbackError::Missing`], [`FeedbackError::NotAStore`], [`FeedbackError::Newer`], and what SQLite
    /// reports.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, FeedbackError> {
        Self::open_with(path, &Opening::default())
    }

    /// Opens the store at `path`, or makes it.
    ///
    /// # Errors
    /// As [`FeedbackStore::open`].
    pub fn create(path: impl AsRef<Path>) -> Result<Self, FeedbackError> {
        Self::open_with(path, &Opening { create: true, ..Opening::default() })
    }

    /// Opens the store at `path`, as told.
    ///
    /// # Errors
    /// As [`FeedbackStore::open`].
    pub fn open_with(path: impl AsRef<Path>, how: &Opening) -> Result<Self, FeedbackError> {
        let path = path.as_ref().to_owned();
        let connection = schema::connect(&path, how)?;
        Ok(Self { connection, path, wait: how.wait })
    }

    /// Adds an event; when this returns, it is durable.
    ///
    /// An event without an id gets one made from its content. One whose id is there with the same content
    /// adds nothing; nor does one that was forgotten.
    ///
    /// # Errors
    /// [`FeedbackError::Unfit`] for an event that cannot be ([`Event::checked`]), [`FeedbackError::Conflict`]
    /// where its id is there with another content, [`FeedbackError::Busy`], [`FeedbackError::Full`],
    /// [`FeedbackError::ReadOnly`].
    pub fn add(&mut self, event: Event) -> Result<Receipt, FeedbackError> {
        let mut batch = Batch::begin(self)?;
        let receipt = batch.put(event)?;
        batch.commit()?;
        Ok(receipt)
    }

    /// Adds events, all or, after an error, none; when this returns, they are durable. Much faster than one
    /// at a time.
    ///
    /// Of events without an id that are equal the second has "-2" at the end of the id made for it, the third
    /// "-3": they all count, and the same events once more add nothing.
    ///
    /// # Errors
    /// As [`FeedbackStore::add`].
    pub fn add_all(&mut self, events: impl IntoIterator<Item = Event>) -> Result<Tally, FeedbackError> {
        let mut batch = Batch::begin(self)?;
        for event in events {
            batch.put(event)?;
        }
        batch.commit()
    }

    /// Adds the events of an input, a line of JSON each ([`Event::from_json`]), all or, after an error, none;
    /// when this returns, they are durable. `file` is its name in errors. Events without an id are named as
    /// in [`FeedbackStore::add_all`], so that the same input once more adds nothing. Other processes cannot
    /// write meanwhile: an input that comes slowly is better read first.
    ///
    /// # Errors
    /// As [`FeedbackStore::add`], with the line; [`FeedbackError::Input`] where it cannot be read.
    pub fn import(&mut self, reader: impl BufRead, file: &str) -> Result<Tally, FeedbackError> {
        let mut batch = Batch::begin(self)?;
        for (line, event) in EventLines::new(reader, file) {
            batch.put(event?).map_err(|e| e.at(file, line))?;
        }
        batch.commit()
    }

    /// The store's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn wait(&self) -> Duration {
        self.wait
    }

    /// What SQLite's errors mean here.
    pub(super) fn fail(&self) -> impl Fn(rusqlite::Error) -> FeedbackError + '_ {
        of_store(&self.path, self.wait)
    }
}

/// Events that are added together.
struct Batch<'s> {
    transaction: Transaction<'s>,
    path: &'s Path,
    wait: Duration,
    /// How often each content without an id came. It is looked into, never walked.
    made: HashMap<EventHash, u64>,
    some_are_forgotten: bool,
    tally: Tally,
}

impl<'s> Batch<'s> {
    fn begin(store: &'s mut FeedbackStore) -> Result<Self, FeedbackError> {
        let (path, wait) = (store.path.as_path(), store.wait);
        let fail = of_store(path, wait);
        // At once as a writer: a reader that becomes one may be turned away without waiting.
        let transaction =
            store.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&fail)?;
        let some = transaction.query_row("SELECT EXISTS (SELECT 1 FROM forgotten)", [], |row| row.get(0));
        let some_are_forgotten = some.map_err(&fail)?;
        Ok(Self {
            transaction,
            path,
            wait,
            made: HashMap::new(),
            some_are_forgotten,
            tally: Tally::default(),
        })
    }

    fn put(&mut self, event: Event) -> Result<Receipt, FeedbackError> {
        let mut event = event.checked()?;
        if event.id.is_empty() {
            event.id = self.make_id(&event);
        }
        let fate = self.insert(&event).map_err(of_store(self.path, self.wait))?;
        let fate =
            fate.ok_or_else(|| FeedbackError::Conflict { id: event.id.clone(), place: Place::default() })?;
        *match fate {
            Fate::Added => &mut self.tally.added,
            Fate::There => &mut self.tally.there,
            Fate::Forgotten => &mut self.tally.forgotten,
        } += 1;
        Ok(Receipt { id: event.id, fate })
    }

    /// None where the id is there with another content.
    fn insert(&self, event: &Event) -> Result<Option<Fate>, rusqlite::Error> {
        if self.some_are_forgotten {
            let mut known = self.transaction.prepare_cached("SELECT 1 FROM forgotten WHERE id = ?")?;
            if known.exists([Event::hash_of_id(&event.id)])? {
                return Ok(Some(Fate::Forgotten));
            }
        }
        // Asked first: an insertion that comes to nothing would use up a sequence number.
        let mut there = self.transaction.prepare_cached(BY_ID)?;
        if let Some(there) = there.query_row([&event.id], event_of).optional()? {
            return Ok((there == *event).then_some(Fate::There));
        }
        let proposal = event.proposed.as_ref();
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO event (id, time, user, document, kind, observed, proposed, shown, model, edits, final,
             recogniser, evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        insert.execute(params![
            event.id,
            event.time.map(|time| time.to_string()),
            event.user,
            Some(&event.document).filter(|document| !document.is_empty()),
            event.kind,
            event.observed,
            proposal.map(|p| &p.text),
            event.shown(),
            proposal.and_then(|p| p.model.as_ref()),
            proposal.and_then(|p| edits_to_json(&p.edits)),
            event.final_text,
            event.recogniser,
            event.evidence.as_deref().map(evidence_to_json),
        ])?;
        Ok(Some(Fate::Added))
    }

    fn make_id(&mut self, event: &Event) -> String {
        let hash = event.hash();
        let times = self.made.entry(hash).or_default();
        *times += 1;
        let id: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        if *times == 1 { id } else { format!("{id}-{times}") }
    }

    fn commit(self) -> Result<Tally, FeedbackError> {
        self.transaction.commit().map_err(of_store(self.path, self.wait))?;
        Ok(self.tally)
    }
}
