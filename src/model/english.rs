//! The English model that comes with the program.

use super::{Model, ModelError, ModelFile};

/// See `data/README.md` for what it was learned from, and by which command.
static ENGLISH: &[u8] = include_bytes!("../../data/english.amend");

impl Model {
    /// The embedded English model: nothing is read but a few pages of the program itself.
    ///
    /// # Errors
    /// [`ModelError`] only if the program was built with another file in its place.
    pub fn english() -> Result<Self, ModelError> {
        Self::from_file(ModelFile::from_static(ENGLISH)?)
    }
}
