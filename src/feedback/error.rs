//! What can be wrong with a store, or with what it is given.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use rusqlite::ErrorCode;

use crate::corpus::CorpusError;

/// A store that cannot be used, or an event that cannot be kept. After an error nothing of the call was kept,
/// but for [`FeedbackError::Traces`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FeedbackError {
    /// There is no store.
    #[error("no such store, in {file}: check the name, or make it with `amend feedback add` or `import`")]
    Missing {
        /// The store's file.
        file: String,
    },
    /// The file cannot be opened or made.
    #[error("cannot open it ({why}), in {file}: check that its folder is there and that you may write in it")]
    Open {
        /// The store's file.
        file: String,
        /// What the system said.
        why: String,
    },
    /// The file is something else.
    #[error("not a feedback store, in {file}: give a file that `amend feedback` made")]
    NotAStore {
        /// The file.
        file: String,
    },
    /// A store of a version that this program does not know yet.
    #[error(
        "the store has version {found}, this program knows up to {known}, in {file}: \
         use the newer amend that wrote it"
    )]
    Newer {
        /// The store's file.
        file: String,
        /// The version found.
        found: i64,
        /// The newest version known.
        known: i64,
    },
    /// A store of an older version that may not be written.
    #[error(
        "the store has version {found} and may only be read, in {file}: \
         open it once where it may be written, to bring it to {known}"
    )]
    Older {
        /// The store's file.
        file: String,
        /// The version found.
        found: i64,
        /// The version wanted.
        known: i64,
    },
    /// Somebody else held the store for longer than one was ready to wait.
    #[error("another process is using it ({} s waited), in {file}: \
         run it again when that one is done",
        waited.as_secs_f32())]
    Busy {
        /// The store's file.
        file: String,
        /// How long one waited.
        waited: Duration,
    },
    /// The disk, or the quota, is full. The store is as it was.
    #[error("no space left, in {file}: make room, then run it again (the store is as it was)")]
    Full {
        /// The store's file.
        file: String,
    },
    /// The store may only be read.
    #[error("may not be written, in {file}: check the permissions of the file and of its folder")]
    ReadOnly {
        /// The store's file.
        file: String,
    },
    /// Bytes that are not what a store holds.
    #[error("damaged ({what}), in {file}: restore it from a copy, or import an export into a new one")]
    Damaged {
        /// The store's file.
        file: String,
        /// What was found.
        what: String,
    },
    /// What else SQLite reports.
    #[error("{source}, in {file}: check the disk")]
    Sqlite {
        /// The store's file.
        file: String,
        /// What it said.
        source: rusqlite::Error,
    },
    /// An event that cannot be.
    #[error("{what}{place}: {todo}")]
    Unfit {
        /// What is wrong.
        what: String,
        /// Where.
        place: Place,
        /// What to do.
        todo: &'static str,
    },
    /// The id is taken by an event with another content.
    #[error(
        "the id {id:?} belongs to an event with another content{place}: \
         an event never changes; give this one another id"
    )]
    Conflict {
        /// The id.
        id: String,
        /// Where.
        place: Place,
    },
    /// The events are forgotten, but their bytes may still lie in the file or its log.
    #[error(
        "the events are forgotten, but traces of them are still in the file ({why}), \
         in {file}: run the same command again"
    )]
    Traces {
        /// The store's file.
        file: String,
        /// Why they could not be swept.
        why: String,
    },
    /// An input that cannot be read.
    #[error(transparent)]
    Input(#[from] CorpusError),
}

/// Where in an input something stands; nowhere, where an event came from no file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The input's name; empty where there is none.
    pub file: String,
    /// The line, from 1; 0 where there is none.
    pub line: usize,
    /// The column, in bytes from 1; 0 where the whole line is meant.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            write!(f, ", in {}", self.file)?;
        }
        if self.line > 0 {
            write!(f, ", line {}", self.line)?;
        }
        if self.column > 0 {
            write!(f, ", column {}", self.column)?;
        }
        Ok(())
    }
}

impl FeedbackError {
    pub(super) fn unfit(what: impl Into<String>, todo: &'static str) -> Self {
        Self::Unfit { what: what.into(), place: Place::default(), todo }
    }

    /// The same error with the line of the input that it is about, where it is about an event.
    #[must_use]
    pub fn at(mut self, in_file: &str, on_line: usize) -> Self {
        if let Self::Unfit { place, .. } | Self::Conflict { place, .. } = &mut self {
            in_file.clone_into(&mut place.file);
            place.line = on_line;
        }
        self
    }
}

/// What SQLite's error means for the store at `path`.
pub(super) fn of_store(path: &Path, waited: Duration) -> impl Fn(rusqlite::Error) -> FeedbackError + '_ {
    move |source| {
        let file = path.display().to_string();
        // Statements are ours: one that does not fit meets a schema that is not.
        if let rusqlite::Error::SqlInputError { msg, .. } = &source {
            return FeedbackError::Damaged { file, what: msg.clone() };
        }
        let Some(code) = source.sqlite_error_code() else {
            return match source {
                rusqlite::Error::FromSqlConversionFailure(_, _, what) => {
                    FeedbackError::Damaged { file, what: what.to_string() }
                }
                rusqlite::Error::IntegralValueOutOfRange(..) | rusqlite::Error::InvalidColumnType(..) => {
                    FeedbackError::Damaged { file, what: source.to_string() }
                }
                source => FeedbackError::Sqlite { file, source },
            };
        };
        match code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => FeedbackError::Busy { file, waited },
            ErrorCode::DiskFull => FeedbackError::Full { file },
            ErrorCode::ReadOnly => FeedbackError::ReadOnly { file },
            ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
                FeedbackError::Open { file, why: source.to_string() }
            }
            ErrorCode::NotADatabase => FeedbackError::NotAStore { file },
            ErrorCode::DatabaseCorrupt => FeedbackError::Damaged { file, what: source.to_string() },
            ErrorCode::TooBig => FeedbackError::unfit("an event of over a gigabyte", "cut its texts"),
            _ => FeedbackError::Sqlite { file, source },
        }
    }
}
