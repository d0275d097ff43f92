//! Where things lie, and what the registry asks of the disk beyond writing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::model::{Disk, ModelError, ModelFile, ModelId, Storage};

/// The end of the names of files that are not finished.
pub(super) const UNFINISHED: &str = ".unfinished";
const MODEL: &str = ".amend";

/// The paths of one registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) root: PathBuf,
}

impl Places {
    pub(super) fn current(&self) -> PathBuf {
        self.root.join("current")
    }

    pub(super) fn history(&self) -> PathBuf {
        self.root.join("history")
    }

    pub(super) fn marks(&self) -> PathBuf {
        self.root.join("marks")
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    pub(super) fn models(&self) -> PathBuf {
        self.root.join("models")
    }

    pub(super) fn model(&self, id: ModelId) -> PathBuf {
        self.models().join(format!("{id}{MODEL}"))
    }
}

/// The model that a file of this name holds.
pub(super) fn id_of(path: &Path) -> Option<ModelId> {
    path.file_name()?.to_str()?.strip_suffix(MODEL)?.parse().ok()
}

/// A disk that can be read as well.
pub(super) trait Shelf: Storage {
    /// What the file holds; `None` where there is none.
    fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>>;
    /// The files in a folder, in order of their names; none where there is no folder.
    fn list(&mut self, folder: &Path) -> io::Result<Vec<PathBuf>>;
    /// Makes the folder, and those that it lies in. Whether it was not there.
    fn make_folder(&mut self, folder: &Path) -> io::Result<bool>;
    /// Opens a model.
    fn model(&mut self, path: &Path) -> Result<ModelFile, ModelError>;
}

impl Shelf for Disk {
    fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        match fs::read(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            found => found.map(Some),
        }
    }

    fn list(&mut self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(folder) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut found = entries.map(|entry| entry.map(|e| e.path())).collect::<io::Result<Vec<_>>>()?;
        found.sort();
        Ok(found)
    }

    fn make_folder(&mut self, folder: &Path) -> io::Result<bool> {
        if folder.is_dir() {
            return Ok(false);
        }
        fs::create_dir_all(folder).map(|()| true)
    }

    fn model(&mut self, path: &Path) -> Result<ModelFile, ModelError> {
        ModelFile::open(path)
    }
}
