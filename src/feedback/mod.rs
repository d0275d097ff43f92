//! Feedback: what users made of what they were shown, kept so that nothing acknowledged is ever lost, and so
//! that what has to be forgotten is.
//!
//! In: [`Event`]s, one at a time or as lines of JSON. Out: the same, in the order in which they were added
//! ([`FeedbackStore::events`]), figures ([`FeedbackStore::stats`]), and the hashes of what was forgotten
//! ([`FeedbackStore::forgotten`]). Knows nothing of models and learning: a model, a rule, a user are names to
//! it. Never asks the clock, but for how long to wait.
//!
//! # What holds
//!
//! - **Acknowledged is durable.** When [`FeedbackStore::add`] returns, the event is on the disk.
//!   [`FeedbackStore::add_all`] and [`FeedbackStore::import`] keep all of their events or none, and
//!   acknowledge them together, when they return.
//! - **An event is whole, and never changes.** What cannot be is refused at the door ([`Event::checked`]). An
//!   id that is there with the same content adds nothing; with another content it is an error.
//! - **An event without an id gets one made of its content**: 32 hexadecimal digits of [`Event::hash`], and
//!   for the second, third … equal one of the same input "-2", "-3" … So the same input twice adds nothing,
//!   while equal events of one input all count. Equal events of two inputs are one: whoever means two gives
//!   ids, or times.
//! - **Forgotten is gone**, from the file and its log, byte for byte, and stays away when it is imported
//!   again. What remains are two hashes, which give away nothing but whether a guess of the id, or of the whole
//!   event, is right: names and addresses make bad ids.
//! - **Writers wait for each other** ([`Opening::wait`]), then fail with [`FeedbackError::Busy`]; readers
//!   never wait.
//!
//! # The file
//!
//! One SQLite database, with its write-ahead log (`-wal`, `-shm`) beside it while it is open:
//! `journal_mode=WAL`, `synchronous=FULL`, `secure_delete=ON`. Any SQLite tool of version 3.37 or newer reads
//! it. `application_id` is 0x414D4642 ("AMFB"), `user_version` the version of the schema, now 1. A newer one
//! is refused by number; an older one is brought to this one in one transaction when it is opened. Version 1:
//!
//! ```sql
#![doc = include_str!("schema.sql")]
//! ```
//!
//! | column of `event` | |
//! |---|---|
//! | sequence | numbers the events as they were added, from 1; no number is given twice |
//! | id | the caller's, or made of the content |
//! | time | RFC 3339, UTC, with three decimals |
//! | user, recogniser | opaque; NULL where unknown, like all that may be NULL |
//! | document, kind | what it was read with, what kind of field it is |
//! | observed, final | what was read; what the user left standing |
//! | proposed, model, edits | what was proposed, by which model, and by which changes: a JSON list of `{"start", "end", "observed", "intended", "confidence", "by"}`, places in bytes of observed |
//! | shown | whether the user saw the proposal; 0 where there is none |
//! | evidence | a JSON list: the recogniser's confidence, 0–100, of each white-space separated word of observed |
//! | outcome | follows from the texts, see [`Outcome`] |
//!
//! `forgotten` has for each forgotten event the hash of its id and its own ([`Event::hash`]); `swept` is 0 until
//! its bytes are known to be gone.
//!
//! # A line of JSON
//!
//! ```text
//! {"id":"c1-7","time":"2026-11-24T16:01:00.000Z","user":"u3","document":"c1","kind":"name",
//!  "observed":"Jolm Smith","proposed":"John Smith","shown":true,"model":"5fd1…",
//!  "edits":[{"start":0,"end":4,"observed":"Jolm","intended":"John","confidence":0.97,"by":"rule hn → lm"}],
//!  "final":"John Smith","outcome":"accepted","recogniser":"r2","evidence":[61.0,96.0]}
//! ```
//!
//! (in one line). Needed are `observed` and `final`. What is exported and imported into another store, and exported
//! again, is the same, byte for byte.

mod error;
mod event;
mod forget;
mod jsonl;
mod query;
mod schema;
mod stats;
mod store;
#[cfg(test)]
mod tests;
mod time;
mod twins;

pub use error::{FeedbackError, Place};
pub use event::{Event, EventHash, Outcome, Proposal, ProposedEdit};
pub use forget::Forgotten;
pub use jsonl::EventLines;
pub use query::{Events, Query, Stored};
pub use stats::Stats;
pub use store::{Fate, FeedbackStore, Opening, Receipt, Tally};
pub use time::{NoTime, Time};
pub use twins::told_by;
pub(crate) use twins::{Telling, tellers};
