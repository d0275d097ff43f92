//! A disk to test on: it forgets what was not synced, and stops wherever the test wants it to.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::storage::Storage;

/// What happens at the step that is chosen.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Trouble {
    /// It fails; later steps work: a full disk, a lost right.
    Fails,
    /// It is not done, nor is any later one: the process is killed.
    Killed,
    /// Half of it is done if it is a write, and nothing later.
    Torn,
}

#[derive(Clone, Default)]
pub(crate) struct File {
    pub(crate) written: Vec<u8>,
    pub(crate) synced: Vec<u8>,
    /// Writes since the last sync: place and bytes.
    pending: Vec<(usize, Vec<u8>)>,
}

impl File {
    /// A file of which all has reached the disk.
    pub(crate) fn safe(bytes: Vec<u8>) -> Self {
        Self { synced: bytes.clone(), written: bytes, pending: Vec::new() }
    }

    /// What a loss of power may leave: all, none, or any one of the writes since the last sync.
    pub(crate) fn survivors(&self) -> Vec<Vec<u8>> {
        let one = self.pending.iter().map(|(at, bytes)| over(&self.synced, *at, bytes));
        [self.written.clone(), self.synced.clone()].into_iter().chain(one).collect()
    }
}

fn over(file: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    file.resize(file.len().max(at + bytes.len()), 0);
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

/// A disk that forgets what was not synced.
#[derive(Clone, Default)]
pub(crate) struct Fake {
    pub(crate) files: Vec<File>,
    pub(crate) names: BTreeMap<PathBuf, usize>,
    pub(crate) synced_names: BTreeMap<PathBuf, usize>,
    pub(crate) trouble: Option<(usize, Trouble)>,
    pub(crate) log: Vec<&'static str>,
}

impl Fake {
    /// A disk with one file, safely there.
    pub(crate) fn with(path: &str, bytes: &[u8]) -> Self {
        let names = BTreeMap::from([(PathBuf::from(path), 0)]);
        Self {
            files: vec![File::safe(bytes.to_vec())],
            names: names.clone(),
            synced_names: names,
            ..Self::default()
        }
    }

    /// What the file holds, if there is one.
    pub(crate) fn written(&self, path: &Path) -> Option<&[u8]> {
        self.names.get(path).and_then(|&file| self.files.get(file)).map(|file| file.written.as_slice())
    }

    /// `Ok(true)`: do it. `Ok(false)`: do half of it, then fail.
    fn step(&mut self, what: &'static str) -> io::Result<bool> {
        let now = self.log.len();
        self.log.push(what);
        match self.trouble {
            Some((at, Trouble::Torn)) if now == at => Ok(false),
            Some((at, Trouble::Fails)) if now == at => Err(io::Error::from(io::ErrorKind::StorageFull)),
            Some((at, Trouble::Killed | Trouble::Torn)) if now >= at => Err(io::Error::other("killed")),
            _ => Ok(true),
        }
    }

    fn write(&mut self, what: &'static str, file: usize, at: usize, bytes: &[u8]) -> io::Result<()> {
        let whole = self.step(what)?;
        let done = if whole { bytes } else { &bytes[..bytes.len() / 2] };
        let file = &mut self.files[file];
        file.written = over(&file.written, at, done);
        file.pending.push((at, done.to_vec()));
        if whole { Ok(()) } else { Err(io::Error::other("killed")) }
    }

    pub(crate) fn whole_step(&mut self, what: &'static str) -> io::Result<()> {
        if self.step(what)? { Ok(()) } else { Err(io::Error::other("killed")) }
    }
}

impl Storage for Fake {
    type File = usize;

    fn create_new(&mut self, path: &Path) -> io::Result<usize> {
        self.whole_step("create")?;
        if self.names.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.names.insert(path.to_owned(), self.files.len());
        self.files.push(File::default());
        Ok(self.files.len() - 1)
    }

    fn append(&mut self, &mut file: &mut usize, bytes: &[u8]) -> io::Result<()> {
        self.write("append", file, self.files[file].written.len(), bytes)
    }

    fn overwrite_start(&mut self, &mut file: &mut usize, bytes: &[u8]) -> io::Result<()> {
        self.write("finish", file, 0, bytes)
    }

    fn sync(&mut self, &mut file: &mut usize) -> io::Result<()> {
        self.whole_step("sync")?;
        let file = &mut self.files[file];
        file.synced = file.written.clone();
        file.pending.clear();
        Ok(())
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.whole_step("rename")?;
        let file = self.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        self.names.insert(to.to_owned(), file);
        Ok(())
    }

    fn sync_folder(&mut self, folder: &Path) -> io::Result<()> {
        self.whole_step("sync folder")?;
        let inside = |path: &Path| path.parent() == Some(folder);
        self.synced_names.retain(|path, _| !inside(path));
        self.synced_names.extend(self.names.clone().into_iter().filter(|(path, _)| inside(path)));
        Ok(())
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.whole_step("remove")?;
        self.names.remove(path).map(|_| ()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}
