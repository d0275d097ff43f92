//! Mapping a file into memory: the only unsafe code.

use std::fs::File;
use std::io;

use memmap2::Mmap;

/// Maps `file` to be read.
#[allow(unsafe_code, reason = "mapping is the one thing that the borrow checker cannot see through")]
pub(crate) fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: a map is sound as long as nobody changes the file under it. Nothing of ours does: models are
    // replaced by rename, which leaves a mapped file as it was. `ModelFile::open` tells callers to do the same.
    unsafe { Mmap::map(file) }
}
