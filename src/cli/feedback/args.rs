//! The arguments of `amend feedback` as typed.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use crate::feedback::{Opening, Outcome, Query, Time};

/// Keep what users made of corrections, to learn from it.
///
/// STORE is one file (an SQLite database). Events are lines of JSON; needed are "observed" and "final",
/// optional "id", "time", "user", "document", "kind", "proposed", "shown", "model", "edits", "outcome",
/// "recogniser" and "evidence". What `amend correct --emit events` writes is an event once "final" is there.
#[derive(Debug, Args)]
pub(in crate::cli) struct Feedback {
    #[command(subcommand)]
    pub(super) command: FeedbackCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum FeedbackCommand {
    Add(Add),
    Import(Import),
    List(List),
    Forget(Forget),
    Stats(Stats),
    Export(Export),
}

/// The store, and how long to wait for it.
#[derive(Debug, Args)]
pub(super) struct Store {
    /// The file of the store
    #[arg(value_name = "STORE")]
    pub(super) path: PathBuf,
    /// How long to wait while another process writes to it
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(super) wait: Duration,
}

impl Store {
    /// As it is to be opened; made if `create`.
    pub(super) fn opening(&self, create: bool) -> Opening {
        Opening { create, wait: self.wait, ..Opening::default() }
    }
}

/// Add events one by one; make the store if there is none.
///
/// One event by --observed and --final, or, without them, a line of JSON each from standard input. As soon as
/// an event is on the disk, a line says so: "added ID"; or "there ID", where the same event was there
/// already; or "forgotten ID", where it was forgotten and is left out. An event without a time gets the
/// clock's; one without an id gets one made of its content, time included: give ids, and the same event sent
/// twice is kept once.
#[derive(Debug, Args)]
pub(super) struct Add {
    #[command(flatten)]
    pub(super) store: Store,
    /// What was read or typed
    #[arg(long, value_name = "TEXT", requires = "final_text")]
    pub(super) observed: Option<String>,
    /// What the user left standing
    #[arg(long = "final", value_name = "TEXT", requires = "observed")]
    pub(super) final_text: Option<String>,
    /// The event's id [default: made of its content]
    #[arg(long, value_name = "ID", requires = "observed")]
    pub(super) id: Option<String>,
    /// When it happened: RFC 3339 [default: now]
    #[arg(long, value_name = "TIME", requires = "observed", value_parser = time)]
    pub(super) time: Option<Time>,
    /// Whose text it is
    #[arg(long, value_name = "USER", requires = "observed")]
    pub(super) user: Option<String>,
    /// What it was read together with
    #[arg(long, value_name = "DOCUMENT", requires = "observed")]
    pub(super) document: Option<String>,
    /// The kind of field (name, phone, line, …)
    #[arg(long, value_name = "KIND", requires = "observed")]
    pub(super) kind: Option<String>,
    /// What a model proposed
    #[arg(long, value_name = "TEXT", requires = "observed")]
    pub(super) proposed: Option<String>,
    /// The hash of that model, as `amend inspect` prints it
    #[arg(long, value_name = "HASH", requires = "proposed")]
    pub(super) model: Option<String>,
    /// The user did not see what was proposed
    #[arg(long, requires = "proposed")]
    pub(super) shadow: bool,
    /// What read the text
    #[arg(long, value_name = "NAME", requires = "observed")]
    pub(super) recogniser: Option<String>,
    /// The recogniser's confidence of each observed word, 0–100, with commas between
    #[arg(long, value_name = "LIST", requires = "observed", value_delimiter = ',')]
    pub(super) evidence: Option<Vec<f32>>,
}

/// Add all events of files of JSON lines; make the store if there is none.
///
/// A file is added whole, or, where a line is wrong, not at all. Events that are there already add nothing:
/// the same file twice is as good as once. An event without an id gets one made of its content.
#[derive(Debug, Args)]
pub(super) struct Import {
    #[command(flatten)]
    pub(super) store: Store,
    /// The files; without FILE, or where FILE is -, standard input is read
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
}

/// Which events.
#[derive(Debug, Args)]
pub(super) struct Filter {
    /// Only this user's events
    #[arg(long, value_name = "USER")]
    pub(super) user: Option<String>,
    /// Only this document's events
    #[arg(long, value_name = "DOCUMENT")]
    pub(super) document: Option<String>,
    /// Only events that ended so: accepted, edited, rejected, typed
    #[arg(long, value_name = "OUTCOME", value_parser = outcome)]
    pub(super) outcome: Option<Outcome>,
}

impl Filter {
    /// What they ask for, of it the newest so many.
    pub(super) fn query(&self, newest: Option<u64>) -> Query {
        let Self { user, document, outcome } = self;
        Query { user: user.clone(), document: document.clone(), outcome: *outcome, newest, after: None }
    }
}

/// Show events, in the order in which they were added.
#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    pub(super) store: Store,
    #[command(flatten)]
    pub(super) filter: Filter,
    /// Only the newest N of them
    #[arg(long, value_name = "N")]
    pub(super) limit: Option<u64>,
    /// Write an object for each
    #[arg(long)]
    pub(super) json: bool,
}

/// Forget events for good.
///
/// No byte of them stays in the store's files, and importing them again adds nothing. Only a hash is kept, by
/// which models that learned from them are told. The file is written anew, which takes as long as copying it.
#[derive(Debug, Args)]
#[group(id = "which", required = true, multiple = false, args = ["ids", "user"])]
pub(super) struct Forget {
    #[command(flatten)]
    pub(super) store: Store,
    /// The event of this id; give it again for more
    #[arg(long = "id", value_name = "ID")]
    pub(super) ids: Vec<String>,
    /// All events of this user
    #[arg(long, value_name = "USER")]
    pub(super) user: Option<String>,
}

/// Count what is in a store.
#[derive(Debug, Args)]
pub(super) struct Stats {
    #[command(flatten)]
    pub(super) store: Store,
    /// Write an object
    #[arg(long)]
    pub(super) json: bool,
}

/// Write events as lines of JSON, in the order in which they were added.
#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    pub(super) store: Store,
    #[command(flatten)]
    pub(super) filter: Filter,
    /// Write to this file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f32(seconds).ok());
    // SQLite counts milliseconds in 31 bits.
    seconds
        .filter(|wait| *wait <= Duration::from_secs(1_000_000))
        .ok_or_else(|| "a number of seconds is wanted: 30, 0.5".to_owned())
}

pub(in crate::cli) fn time(text: &str) -> Result<Time, String> {
    text.parse().map_err(|_| "a moment is wanted: 2026-11-24T16:01:00Z".to_owned())
}

fn outcome(text: &str) -> Result<Outcome, String> {
    text.parse().map_err(|_| "accepted, edited, rejected or typed is wanted".to_owned())
}
