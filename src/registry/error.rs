//! What can go wrong in a registry.

use std::io;
use std::path::{Path, PathBuf};

use super::steps::Skipped;
use crate::model::{ModelError, ModelId};

/// Why a model was not promoted, brought back or opened. That the gate says no is none of these: it is an answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// The candidate, or a model of the registry, cannot be opened or is damaged.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A file of the registry cannot be read.
    #[error("cannot read {} ({source}): check the folder and your rights to it", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// A file of the registry cannot be written. The former model is current still.
    #[error("cannot write {} ({source}): check the folder, your rights to it and the free space", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The switch is made, but what follows it is not.
    #[error(
        "{to} is current now, but {} could not be written ({source}): make room there; the next promote or rollback writes it",
        path.display()
    )]
    Unrecorded {
        /// The model that is current now.
        to: ModelId,
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// A file of the registry holds something else than it should.
    #[error("{} is damaged (line {line}: {what}): put it right, or fetch it from a copy", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A model of the registry holds another model.
    #[error("{} holds the model {found}: take it away, and promote the right one again", path.display())]
    Exchanged {
        /// The file.
        path: PathBuf,
        /// What it holds.
        found: ModelId,
    },
    /// Somebody else is switching, and goes on doing so.
    #[error("another promote or rollback is at work in {}: wait until it is done, then run it again", folder.display())]
    Busy {
        /// The registry.
        folder: PathBuf,
    },
    /// No model was ever promoted there.
    #[error("no current model, in {}: check the folder, or promote a model there first", folder.display())]
    Empty {
        /// The registry.
        folder: PathBuf,
    },
    /// The model must not become current.
    #[error("{id} is marked ({reason}): learn another model and promote that")]
    Marked {
        /// The model.
        id: ModelId,
        /// Why it was marked.
        reason: String,
    },
    /// The current model is not the one any more that the candidate was compared with.
    #[error(
        "the current model changed while the gate was judging, in {}: run it again, to judge beside the new one",
        folder.display()
    )]
    Moved {
        /// The registry.
        folder: PathBuf,
    },
    /// There is no former model to bring back.
    #[error("no former model to go back to, in {}{}: promote another model", folder.display(), told(skipped))]
    NothingBefore {
        /// The registry.
        folder: PathBuf,
        /// Former models that could not be taken.
        skipped: Vec<Skipped>,
    },
    /// The held-out pairs, or the events, cannot tell one model from another.
    #[error(
        "nothing to judge by ({what}): give held-out pairs, or events, of several documents, with errors in them"
    )]
    NothingToJudge {
        /// What they lack.
        what: &'static str,
    },
}

impl RegistryError {
    pub(super) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Read { path, source }
    }

    pub(super) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Write { path, source }
    }
}

fn told(skipped: &[Skipped]) -> String {
    let each: Vec<String> = skipped.iter().map(Skipped::to_string).collect();
    if each.is_empty() { String::new() } else { format!(" ({})", each.join("; ")) }
}
