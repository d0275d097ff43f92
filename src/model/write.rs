//! Writing a model file: it appears whole, or not at all.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;
use zerocopy::IntoBytes;

use super::error::ModelError;
use super::layout::{
    ALIGN, ENTRY_BYTES, Entry, HEADER_BYTES, Header, MAGIC, SectionKind, UNFINISHED, next_section,
};
use super::storage::{Disk, Storage};

/// Collects sections and writes them as one model file. The order in which they come does not matter.
#[derive(Clone, Debug, Default)]
pub struct ModelWriter<'a> {
    sections: BTreeMap<u32, (u32, Cow<'a, [u8]>)>,
}

impl<'a> ModelWriter<'a> {
    /// A file without sections.
    pub fn new() -> Self {
        Self::default()
    }

    /// With the section of this kind. Of two of one kind, the later stays.
    #[must_use]
    pub fn section<B: AsRef<[u8]> + ?Sized>(self, kind: SectionKind, bytes: &'a B) -> Self {
        self.raw(kind.number(), kind.version(), bytes.as_ref())
    }

    /// With the section of this kind, which the writer keeps.
    #[must_use]
    pub fn owned_section(self, kind: SectionKind, bytes: Vec<u8>) -> Self {
        self.raw(kind.number(), kind.version(), bytes)
    }

    /// With a section under a bare number and version, as it stood in another file.
    #[must_use]
    pub fn raw(mut self, number: u32, version: u32, bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        self.sections.insert(number, (version, bytes.into()));
        self
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (header, table) = self.head();
        let mut file = Vec::new();
        self.pieces(&header, &table, |bytes| {
            file.extend_from_slice(bytes);
            Ok(())
        })
        .expect("memory takes every byte");
        file
    }

    /// Writes the file in place of what stands at `path`.
    ///
    /// It is written beside it under a name that ends in `.unfinished`, says so in its first bytes until all
    /// else has reached the disk, and is then renamed. A program that has the old file open keeps it. A symbolic
    /// link at `path` is replaced, not followed.
    ///
    /// # Errors
    /// [`ModelError::Write`]: the old file still stands and nothing else stays behind. (Only if the very last
    /// step, syncing the folder, fails, does the new file stand there already.)
    /// [`ModelError::NotAFile`]: `path` is a folder, a device or the like, or names no file.
    pub fn write_to(&self, path: impl AsRef<Path>) -> Result<(), ModelError> {
        let path = path.as_ref();
        let other = fs::metadata(path).is_ok_and(|there| !there.is_file());
        if other || path.file_name().is_none() {
            return Err(ModelError::NotAFile { path: path.to_owned() });
        }
        self.write_through(&mut Disk, path)
            .map_err(|source| ModelError::Write { path: path.to_owned(), source })
    }

    pub(crate) fn write_through<S: Storage>(&self, storage: &mut S, path: &Path) -> io::Result<()> {
        let (part, file) = create_beside(storage, path)?;
        if let Err(error) = self.fill(storage, file).and_then(|()| storage.rename(&part, path)) {
            // The first error is the one to tell; one that also stops the removal has the same cause.
            let _ = storage.remove(&part);
            return Err(error);
        }
        storage.sync_folder(folder(path))
    }

    /// Two syncs: the mark of a finished file must not reach the disk before what it vouches for.
    fn fill<S: Storage>(&self, storage: &mut S, mut file: S::File) -> io::Result<()> {
        let (header, table) = self.head();
        let unfinished = Header { magic: UNFINISHED, ..header };
        self.pieces(&unfinished, &table, |bytes| storage.append(&mut file, bytes))?;
        storage.sync(&mut file)?;
        storage.overwrite_start(&mut file, &MAGIC)?;
        storage.sync(&mut file)
    }

    fn head(&self) -> (Header, Vec<Entry>) {
        let mut end = HEADER_BYTES + ENTRY_BYTES * self.sections.len() as u64;
        let mut table = Vec::with_capacity(self.sections.len());
        for (&number, (version, bytes)) in &self.sections {
            let offset = next_section(end).expect("sections in memory are shorter than 2^64 bytes");
            end = offset + bytes.len() as u64;
            table.push(Entry {
                kind: number.into(),
                version: (*version).into(),
                offset: offset.into(),
                length: (bytes.len() as u64).into(),
                checksum: xxh3_64(bytes).into(),
            });
        }
        (Header::new(&table, writer()), table)
    }

    /// The whole file, piece by piece.
    fn pieces(
        &self,
        header: &Header,
        table: &[Entry],
        mut put: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        const ZEROS: [u8; 64] = [0; 64];
        const _: () = assert!(ZEROS.len() as u64 == ALIGN, "no gap is longer than the zeros");
        put(header.as_bytes())?;
        put(table.as_bytes())?;
        let mut end = HEADER_BYTES + ENTRY_BYTES * table.len() as u64;
        for (entry, (_, bytes)) in table.iter().zip(self.sections.values()) {
            let gap = usize::try_from(entry.offset.get() - end).unwrap_or(0);
            put(ZEROS.get(..gap).unwrap_or_default())?;
            put(bytes)?;
            end = entry.offset.get() + entry.length.get();
        }
        Ok(())
    }
}

/// This program's version: major, minor, patch.
fn writer() -> [u16; 3] {
    [env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"), env!("CARGO_PKG_VERSION_PATCH")]
        .map(|part| part.parse().unwrap_or(u16::MAX))
}

/// A new file in the folder of `path`: what an earlier, stopped run left there, or another one is writing
/// just now, is let alone.
pub(crate) fn create_beside<S: Storage>(storage: &mut S, path: &Path) -> io::Result<(PathBuf, S::File)> {
    let mut number = 0_u32;
    loop {
        let mut name = path.file_name().map(OsString::from).unwrap_or_default();
        name.push(if number == 0 { ".unfinished".to_owned() } else { format!(".{number}.unfinished") });
        let part = path.with_file_name(name);
        match storage.create_new(&part) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 1000 => number += 1,
            made => return made.map(|file| (part, file)),
        }
    }
}

/// The folder that the path lies in.
pub(crate) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
