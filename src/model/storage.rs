//! What writing a file needs from the disk, so that tests can stop it anywhere.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

/// A place for files. Every call may fail, and whatever was done before a failure stands.
pub(crate) trait Storage {
    /// A file open for writing.
    type File;

    /// Makes an empty file; an error of kind `AlreadyExists` if there is one.
    fn create_new(&mut self, path: &Path) -> io::Result<Self::File>;
    /// Puts all bytes behind what was written.
    fn append(&mut self, file: &mut Self::File, bytes: &[u8]) -> io::Result<()>;
    /// Puts all bytes over the first bytes.
    fn overwrite_start(&mut self, file: &mut Self::File, bytes: &[u8]) -> io::Result<()>;
    /// Returns when all that was written will outlive a loss of power.
    fn sync(&mut self, file: &mut Self::File) -> io::Result<()>;
    /// Puts the file `from` in the place of `to`, at once.
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()>;
    /// Returns when the names in the folder will outlive a loss of power.
    fn sync_folder(&mut self, folder: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&mut self, path: &Path) -> io::Result<()>;
}

/// The file system.
pub(crate) struct Disk;

impl Storage for Disk {
    type File = File;

    fn create_new(&mut self, path: &Path) -> io::Result<File> {
        OpenOptions::new().write(true).create_new(true).open(path)
    }

    fn append(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    fn overwrite_start(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        file.seek(SeekFrom::Start(0))?;
        file.write_all(bytes)
    }

    fn sync(&mut self, file: &mut File) -> io::Result<()> {
        file.sync_all()
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn sync_folder(&mut self, folder: &Path) -> io::Result<()> {
        // Only Unix lets a folder be opened and synced; elsewhere the rename has to do.
        if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}
