//! What can be wrong with a model file: each message says what, where, and what to do.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::layout::{FORMAT, Section, SectionKind};

/// Where a model came from, for messages.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModelName {
    /// A file.
    File(PathBuf),
    /// Bytes in memory.
    Memory,
}

impl From<&Path> for ModelName {
    fn from(path: &Path) -> Self {
        Self::File(path.to_owned())
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Memory => f.write_str("the model in memory"),
        }
    }
}

/// Why a model could not be opened, verified, read or written. Lengths and places are in bytes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The operating system would not open or map the file.
    #[error("cannot open {} ({source}): check the path and that you may read it", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The operating system would not write the file; what stood there before still does.
    #[error("cannot write {} ({source}): check the folder, your rights to it and the free space", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// A folder, a pipe, a device or the like.
    #[error("{} is not a regular file: give the path of a model file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The file begins differently.
    #[error("{model} is not a model (it does not begin with AMEND): give a file that `amend learn` wrote")]
    NotAModel {
        /// The file.
        model: ModelName,
    },
    /// The program that wrote it was stopped.
    #[error("{model} is unfinished (what wrote it was stopped): delete it and learn it again")]
    Unfinished {
        /// The file.
        model: ModelName,
    },
    /// A later program wrote it.
    #[error(
        "{model} was written by amend {}.{}.{} in format {format}, this is amend {} and reads formats up to {FORMAT}: \
         take a newer amend, or learn the model with this one",
        writer[0], writer[1], writer[2], env!("CARGO_PKG_VERSION")
    )]
    Newer {
        /// The file.
        model: ModelName,
        /// The format of the file.
        format: u16,
        /// The program that wrote it: major, minor, patch.
        writer: [u16; 3],
    },
    /// A later program wrote one of its sections.
    #[error(
        "{model} has version {found} of its {section} section, this is amend {} and reads versions up to {known}: \
         take a newer amend, or learn the model with this one",
        env!("CARGO_PKG_VERSION")
    )]
    NewerSection {
        /// The file.
        model: ModelName,
        /// The section.
        section: SectionKind,
        /// Its version.
        found: u32,
        /// The newest version that this program reads.
        known: u32,
    },
    /// An earlier program wrote one of its sections, and what it says has another meaning now.
    #[error(
        "{model} has version {found} of its {section} section, this is amend {} and reads version {known}: learn the \
         model again",
        env!("CARGO_PKG_VERSION")
    )]
    OlderSection {
        /// The file.
        model: ModelName,
        /// The section.
        section: SectionKind,
        /// Its version.
        found: u32,
        /// The version that this program reads.
        known: u32,
    },
    /// The file ends too early.
    #[error("{model} is cut short ({want} bytes wanted, {have} there): copy or learn it again")]
    Truncated {
        /// The file.
        model: ModelName,
        /// How long it should at least be.
        want: u64,
        /// How long it is.
        have: u64,
    },
    /// The file goes on behind its last section.
    #[error("{model} is too long ({want} bytes wanted, {have} there): copy or learn it again")]
    TooLong {
        /// The file.
        model: ModelName,
        /// How long it should be.
        want: u64,
        /// How long it is.
        have: u64,
    },
    /// The header or the table is damaged.
    #[error("{model} has a damaged header ({what}): copy or learn it again")]
    Header {
        /// The file.
        model: ModelName,
        /// What does not fit.
        what: &'static str,
    },
    /// One section is damaged.
    #[error("{model} has a damaged {section} section ({fault}): copy or learn it again")]
    Section {
        /// The file.
        model: ModelName,
        /// The row of the section in the table.
        section: Section,
        /// What is wrong with it.
        #[source]
        fault: Fault,
    },
    /// A section that the reader cannot do without is not there.
    #[error("{model} has no {section} section: learn it again with this version of amend")]
    Missing {
        /// The file.
        model: ModelName,
        /// The section.
        section: SectionKind,
    },
    /// A byte between the sections is not zero.
    #[error("{model} is damaged between its sections (byte {at} is not zero): copy or learn it again")]
    Padding {
        /// The file.
        model: ModelName,
        /// Where the byte stands.
        at: u64,
    },
}

/// What is wrong with a section.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Its kind is not larger than the one before.
    #[error("it stands out of order")]
    Order,
    /// It does not begin on the first multiple of 64 behind what stands before it.
    #[error("it begins at byte {found} and should at byte {expected}")]
    Place {
        /// Where it begins.
        found: u64,
        /// Where it should.
        expected: u64,
    },
    /// It would end beyond any file.
    #[error("its length is impossible")]
    Length,
    /// The bytes are not those that were written.
    #[error("its checksum does not fit")]
    Checksum,
    /// What it holds cannot be read.
    #[error("{0}")]
    Content(#[source] Box<dyn Error + Send + Sync>),
}
