//! Opening and verifying a model file.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};
use zerocopy::FromBytes;

use super::bytes::{Bytes, SectionBytes};
use super::error::{Fault, ModelError, ModelName};
use super::id::ModelId;
use super::layout::{
    BYTE_ORDER, ENTRY_BYTES, Entry, FORMAT, HEADER_BYTES, Header, MAGIC, Section, SectionKind, UNFINISHED,
    next_section,
};
use super::{map, metadata};

/// An open model file: its sections, and the bytes that they stand for.
///
/// ```
/// use amend::model::{ModelFile, ModelWriter, SectionKind};
///
/// let bytes = ModelWriter::new().section(SectionKind::Alphabet, b"e\nt\na\n").to_bytes();
/// let model = ModelFile::from_bytes(bytes)?;
/// assert_eq!(model.section(SectionKind::Alphabet), Some(&b"e\nt\na\n"[..]));
/// assert_eq!(model.section(SectionKind::Rules), None);
/// model.verify()?;
/// # Ok::<(), amend::model::ModelError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ModelFile {
    bytes: Bytes,
    name: ModelName,
    sections: Box<[Section]>,
    hash: u128,
}

impl ModelFile {
    /// Maps the file at `path` and checks its header, its table and the bounds of its sections: a few pages
    /// are read, however large the file.
    ///
    /// **A model in use is replaced by rename, never written over**, as [`ModelWriter::write_to`] and
    /// `mv` within one file system do (`cp` does not). The open model then goes on with the old file. A file that is
    /// shortened in place while it is mapped ends the process on most systems (on Linux by SIGBUS).
    ///
    /// # Errors
    /// See [`ModelError`]: not there, not a model, unfinished, newer, cut short, damaged.
    ///
    /// [`ModelWriter::write_to`]: super::ModelWriter::write_to
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ModelError> {
        let path = path.as_ref();
        let failed = |source| ModelError::Open { path: path.to_owned(), source };
        // Asked before opening: opening a pipe would wait for somebody to write to it.
        if !fs::metadata(path).map_err(failed)?.is_file() {
            return Err(ModelError::NotAFile { path: path.to_owned() });
        }
        let map = File::open(path).and_then(|file| map::map(&file)).map_err(failed)?;
        Self::new(Bytes::Mapped(Arc::new(map)), path.into())
    }

    /// The model in `bytes`, which are kept. Sections need not be aligned in memory as they are in the file.
    ///
    /// # Errors
    /// As [`ModelFile::open`], but for those of the operating system.
    pub fn from_bytes(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Result<Self, ModelError> {
        Self::new(Bytes::Shared(Arc::new(bytes)), ModelName::Memory)
    }

    /// The model in `bytes` that are part of the program.
    ///
    /// # Errors
    /// As [`ModelFile::from_bytes`].
    pub fn from_static(bytes: &'static [u8]) -> Result<Self, ModelError> {
        Self::new(Bytes::Static(bytes), ModelName::Memory)
    }

    fn new(bytes: Bytes, name: ModelName) -> Result<Self, ModelError> {
        let (sections, hash) = read_table(bytes.as_slice(), &name)?;
        Ok(Self { bytes, name, sections, hash })
    }

    /// The bytes of the section of this kind, if the file has one.
    pub fn section(&self, kind: SectionKind) -> Option<&[u8]> {
        self.row(kind)?.of(self.bytes.as_slice())
    }

    /// The same bytes, for structures that own theirs; nothing is copied.
    pub fn share(&self, kind: SectionKind) -> Option<SectionBytes> {
        Some(SectionBytes::new(self.bytes.clone(), *self.row(kind)?))
    }

    /// What [`metadata::to_bytes`] put into the section of this kind.
    ///
    /// # Errors
    /// [`ModelError::Missing`] where there is no such section, [`ModelError::Section`] where it holds something else.
    pub fn decode<T: DeserializeOwned>(&self, kind: SectionKind) -> Result<T, ModelError> {
        let bytes = self.section(kind).ok_or_else(|| self.missing(kind))?;
        metadata::from_bytes(bytes).map_err(|error| self.damaged(kind, error))
    }

    /// The error of a reader that needs the section of this kind and finds `what` wrong with its content
    /// (an error of its own, or a few words).
    pub fn damaged(
        &self,
        kind: SectionKind,
        what: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> ModelError {
        match self.row(kind) {
            Some(&section) => {
                ModelError::Section { model: self.name.clone(), section, fault: Fault::Content(what.into()) }
            }
            None => self.missing(kind),
        }
    }

    fn missing(&self, section: SectionKind) -> ModelError {
        ModelError::Missing { model: self.name.clone(), section }
    }

    /// The rows of the section table, those of unknown kinds among them, by rising number.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// A name for the content: see [`ModelId`].
    pub fn id(&self) -> ModelId {
        ModelId::new(self.hash)
    }

    /// All bytes of the file.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.as_slice()
    }

    /// Where the model came from.
    pub fn name(&self) -> &ModelName {
        &self.name
    }

    /// The length of the whole file in bytes.
    pub fn length(&self) -> u64 {
        self.bytes.as_slice().len() as u64
    }

    /// Reads every byte: the checksum of each section, and the zeros between them.
    ///
    /// # Errors
    /// The first damage, in the order of the file.
    pub fn verify(&self) -> Result<(), ModelError> {
        let bytes = self.bytes.as_slice();
        // Once more, since a mapped file may have been written over.
        let (sections, hash) = read_table(bytes, &self.name)?;
        if hash != self.hash {
            return Err(ModelError::Header {
                model: self.name.clone(),
                what: "it changed while it was open",
            });
        }
        let mut end = table_end(sections.len() as u64);
        for section in &sections {
            let gap = usize::try_from(end).ok().zip(usize::try_from(section.offset).ok());
            let gap = gap.and_then(|(from, to)| bytes.get(from..to)).unwrap_or_default();
            if let Some(at) = gap.iter().position(|&byte| byte != 0) {
                return Err(ModelError::Padding { model: self.name.clone(), at: end + at as u64 });
            }
            if section.of(bytes).map(xxh3_64) != Some(section.checksum) {
                return Err(damaged_section(&self.name, *section, Fault::Checksum));
            }
            end = section.offset + section.length;
        }
        Ok(())
    }

    fn row(&self, kind: SectionKind) -> Option<&Section> {
        let at = self.sections.binary_search_by_key(&kind.number(), |section| section.number).ok()?;
        self.sections.get(at)
    }
}

/// Checks header and table against each other and the length of the file. Gives the table and the hash.
fn read_table(bytes: &[u8], name: &ModelName) -> Result<(Box<[Section]>, u128), ModelError> {
    let model = || name.clone();
    let have = bytes.len() as u64;
    let truncated = |want| ModelError::Truncated { model: model(), want, have };
    let damaged = |what| ModelError::Header { model: model(), what };

    let first = bytes.get(..MAGIC.len()).unwrap_or(bytes);
    if first == UNFINISHED {
        return Err(ModelError::Unfinished { model: model() });
    }
    if !MAGIC.starts_with(first) {
        return Err(ModelError::NotAModel { model: model() });
    }
    let (header, rest) = Header::ref_from_prefix(bytes).map_err(|_| truncated(HEADER_BYTES))?;
    if header.byte_order.get() != BYTE_ORDER {
        return Err(damaged("its bytes stand in another order"));
    }
    let format = header.format.get();
    if format > FORMAT {
        return Err(ModelError::Newer {
            model: model(),
            format,
            writer: header.writer.map(|part| part.get()),
        });
    }
    let count = header.sections.get();
    let wanted = table_end(u64::from(count));
    let table = usize::try_from(wanted - HEADER_BYTES).ok().and_then(|bytes| rest.get(..bytes));
    let table = table.ok_or_else(|| truncated(wanted))?;
    if header.checksum.get() != header.expected_checksum(table) {
        return Err(damaged("its checksum does not fit"));
    }
    if format != FORMAT || header.zero.get() != 0 {
        return Err(damaged("a field has an impossible value"));
    }

    let entries = <[Entry]>::ref_from_bytes(table).map_err(|_| truncated(wanted))?;
    let sections: Box<[Section]> = entries.iter().map(Section::from).collect();
    let mut end = wanted;
    let mut before = None;
    for &section in &sections {
        let place = next_section(end).unwrap_or(u64::MAX);
        end = section
            .offset
            .checked_add(section.length)
            .ok_or_else(|| damaged_section(name, section, Fault::Length))?;
        if before >= Some(section.number) {
            return Err(damaged_section(name, section, Fault::Order));
        }
        before = Some(section.number);
        if section.offset != place {
            let fault = Fault::Place { found: section.offset, expected: place };
            return Err(damaged_section(name, section, fault));
        }
        let other = |kind: &SectionKind| !kind.versions().contains(&section.version);
        if let Some(kind) = section.kind().filter(other) {
            let (found, known) = (section.version, kind.version());
            return Err(if found > known {
                ModelError::NewerSection { model: model(), section: kind, found, known }
            } else {
                ModelError::OlderSection { model: model(), section: kind, found, known }
            });
        }
    }
    if have < end {
        return Err(truncated(end));
    }
    if have > end {
        return Err(ModelError::TooLong { model: model(), want: end, have });
    }
    let head = bytes.get(..bytes.len() - rest.len() + table.len()).unwrap_or_default();
    Ok((sections, xxh3_128(head)))
}

fn damaged_section(name: &ModelName, section: Section, fault: Fault) -> ModelError {
    ModelError::Section { model: name.clone(), section, fault }
}

/// Where the table of this many sections (at most 2³²) ends.
fn table_end(sections: u64) -> u64 {
    HEADER_BYTES + sections * ENTRY_BYTES
}
