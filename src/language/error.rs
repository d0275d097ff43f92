//! What can be wrong with a section of the language model.

use thiserror::Error;

/// Why a section of the language model cannot be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum LanguageError {
    /// The section ends before what its head promises, or goes on behind it.
    #[error(
        "the {section} section promises {want} bytes and has {have}: copy the model again, or learn it again"
    )]
    Length {
        /// Which section.
        section: &'static str,
        /// Bytes that its head promises.
        want: u64,
        /// Bytes that are there.
        have: u64,
    },
    /// The section's word list is no fst.
    #[error("the {section} section holds no readable word list: copy the model again, or learn it again")]
    WordList {
        /// Which section.
        section: &'static str,
    },
}
