//! What can be wrong with an input.

use std::fs::File;
use std::io;
use std::path::Path;

/// An input that cannot be read, or does not hold what its format promises. Lines, columns and bytes are
/// counted from 1; a byte is counted within its line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CorpusError {
    /// The input could not be opened or read.
    #[error("{}, in {file}: {}", what_failed(source), what_to_do(source))]
    Io {
        /// The input's name.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// A folder stands where a file is expected.
    #[error("a folder, not a file, in {file}: name the files in it")]
    Folder {
        /// The folder's name.
        file: String,
    },
    /// Bytes that are not UTF-8.
    #[error("not UTF-8, in {file}, line {line}, byte {byte}: convert the file to UTF-8")]
    NotUtf8 {
        /// The input's name.
        file: String,
        /// The line that holds them.
        line: usize,
        /// The first of them, counted within the line.
        byte: usize,
    },
    /// A row with too few or too many columns.
    #[error(
        "{found} column{} found, {expected} expected, in {file}, line {line}, column {column}: \
         a row is observed, intended, document, kind, evidence with a tab between, the last three optional",
        if *found == 1 { "" } else { "s" }
    )]
    Columns {
        /// The input's name.
        file: String,
        /// The row's line.
        line: usize,
        /// The first column that is missing or too many.
        column: usize,
        /// How many columns the row has.
        found: usize,
        /// How many it should have.
        expected: String,
    },
    /// Evidence that is not a list of numbers from 0 to 100.
    #[error(
        "evidence {found:?} is no number from 0 to 100, in {file}, line {line}, column {column}: \
         give one confidence for each word of observed, with commas between"
    )]
    EvidenceNumber {
        /// The input's name.
        file: String,
        /// The row's line.
        line: usize,
        /// The column of the evidence.
        column: usize,
        /// What stands there instead of a number.
        found: String,
    },
    /// Evidence for more or fewer words than there are.
    #[error(
        "evidence has {found} numbers, observed has {words} words, in {file}, line {line}, column {column}: \
         give one confidence for each word of observed, with commas between"
    )]
    EvidenceCount {
        /// The input's name.
        file: String,
        /// The row's line.
        line: usize,
        /// The column of the evidence.
        column: usize,
        /// How many numbers there are.
        found: usize,
        /// How many white-space separated words `observed` has.
        words: usize,
    },
    /// A line that is no word with its count.
    #[error(
        "{found:?} is no count, in {file}, line {line}, column {column}: write a word, a tab and a whole number"
    )]
    Count {
        /// The input's name.
        file: String,
        /// The line.
        line: usize,
        /// The column that does not fit.
        column: usize,
        /// What stands there.
        found: String,
    },
}

/// Opens `path` for reading; a folder is refused here rather than at the first read.
pub(crate) fn open(path: &Path) -> Result<File, CorpusError> {
    let fail = |source| CorpusError::Io { file: path.display().to_string(), source };
    let file = File::open(path).map_err(fail)?;
    if file.metadata().map_err(fail)?.is_dir() {
        return Err(CorpusError::Folder { file: path.display().to_string() });
    }
    Ok(file)
}

fn what_failed(source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "not allowed to read it".to_owned(),
        _ => format!("cannot read it ({source})"),
    }
}

fn what_to_do(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::NotFound => "check the name",
        io::ErrorKind::PermissionDenied => "check its permissions",
        _ => "check the disk or the connection",
    }
}
