//! What ends a command, or one of its inputs.

use std::io;

use crate::corpus::CorpusError;

/// An error as the command line reports it: what, where, what to do.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    /// Nobody reads the output any more: the end, and no failure.
    #[error("nobody reads the output")]
    ClosedPipe,
    /// A call that cannot be meant.
    #[error("{0}")]
    Usage(String),
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    /// A file or stream that cannot be written.
    #[error("cannot write ({}), in {file}: {}", what_failed(source), what_to_do(source))]
    Write { file: String, source: io::Error },
    /// A line of JSON that is no text to correct.
    #[error(
        "{what}, in {file}, line {line}, column {column}: write one object a line, like {{\"text\": \"…\"}}"
    )]
    Json { what: String, file: String, line: usize, column: usize },
    /// A text that has no place in a format.
    #[error("{what}, in {file}, line {line}: {todo}")]
    Unfit { what: &'static str, file: String, line: usize, todo: &'static str },
    /// What the library says; its message names place and remedy.
    #[error("{0}")]
    Library(String),
}

impl CliError {
    /// Takes over an error of the library.
    pub(super) fn library(error: impl std::error::Error) -> Self {
        Self::Library(error.to_string())
    }

    /// An error in writing to `file`.
    pub(super) fn write(file: &str, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            _ => Self::Write { file: file.to_owned(), source },
        }
    }

    /// The exit status that it leads to.
    pub(super) fn status(&self) -> Status {
        match self {
            Self::ClosedPipe => Status::Done,
            Self::Usage(_) => Status::WrongCall,
            _ => Status::Failed,
        }
    }
}

/// The cause without the system's numbers, nor the name of the file that was to be renamed.
fn what_failed(source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::NotFound => "no such folder".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::NotADirectory => "its folder is a file".to_owned(),
        io::ErrorKind::StorageFull => "no space left".to_owned(),
        io::ErrorKind::PermissionDenied => "not allowed".to_owned(),
        _ => source.to_string(),
    }
}

fn what_to_do(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::NotFound => "make its folder first",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room, then run it again",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "check the permissions",
        io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory => "give the name of a file",
        _ => "check the disk",
    }
}

/// How a command ended: the one table of exit statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// 0
    Done,
    /// 1: an answer of "no".
    No,
    /// 2
    WrongCall,
    /// 3: an error; what could be done is done.
    Failed,
}

impl Status {
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::No => 1,
            Self::WrongCall => 2,
            Self::Failed => 3,
        }
    }
}
