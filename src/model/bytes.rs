//! The bytes of a model file, shared without copying.

use std::fmt;
use std::sync::Arc;

use memmap2::Mmap;

use super::layout::Section;

/// A whole file's bytes, wherever they lie; cloning shares them.
#[derive(Clone)]
pub(crate) enum Bytes {
    Static(&'static [u8]),
    Mapped(Arc<Mmap>),
    Shared(Arc<dyn AsRef<[u8]> + Send + Sync>),
}

impl Bytes {
    pub(crate) fn as_slice(&self) -> &[u8] {
        match self {
            Self::Static(bytes) => bytes,
            Self::Mapped(map) => map,
            Self::Shared(bytes) => (**bytes).as_ref(),
        }
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} bytes", self.as_slice().len())
    }
}

/// The bytes of one section, which keep the file open: for structures that own their bytes (`fst`, an index).
///
/// Cloning shares the file.
#[derive(Clone, Debug)]
pub struct SectionBytes {
    file: Bytes,
    section: Section,
}

impl SectionBytes {
    pub(crate) fn new(file: Bytes, section: Section) -> Self {
        Self { file, section }
    }
}

impl AsRef<[u8]> for SectionBytes {
    fn as_ref(&self) -> &[u8] {
        self.section.of(self.file.as_slice()).unwrap_or_default()
    }
}
