//! The model file: one container of sections, written whole or not at all, and mapped to be read.
//!
//! In: sections of bytes, each of a [`SectionKind`] (the typed rooms make and read them). Out: a file whose
//! header, table and bounds were checked when it was opened, and whose sections are slices of the map.
//!
//! Invariants: the same sections give the same bytes (no time, host or path inside); whatever a file holds,
//! opening it neither panics nor allocates more than its table is long; everything that is handed out lies
//! within the file. What lies *inside* a section is checked where it is followed, or by [`ModelFile::verify`].
//! A finished file has one form only: sections in the order of their kinds, each on the next multiple of 64,
//! zeros between them, nothing behind the last. So every byte of it is either checked or checksummed.
//!
//! Does not know how the parts were estimated, nor how they are searched.
//!
//! The file's shape is drawn in `layout.rs` and printed by [`describe_layout`].

mod bytes;
#[cfg(test)]
mod crash;
#[cfg(feature = "english")]
mod english;
mod error;
#[cfg(test)]
pub(crate) mod fake;
mod file;
mod id;
mod inspect;
mod knowledge;
mod layout;
mod map;
pub mod metadata;
mod parts;
mod settings;
mod storage;
mod write;

pub use bytes::SectionBytes;
pub use error::{Fault, ModelError, ModelName};
pub use file::ModelFile;
pub use id::{ModelId, NotAnId};
pub use inspect::Priced;
pub use knowledge::{Habits, Knowledge, SymbolTable};
pub use layout::{FORMAT, Section, SectionKind, describe_layout};
pub use parts::{Metadata, Model};
pub use settings::{Beam, Doubt, Settings, Trust, Weights};
pub use write::ModelWriter;

pub(crate) use layout::{MAGIC, UNFINISHED};
pub(crate) use storage::{Disk, Storage};
pub(crate) use write::{create_beside, folder};
