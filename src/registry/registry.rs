//! The folder, its lock, and what one can do with it.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use serde::Serialize;

use super::assess::Assessment;
use super::error::RegistryError;
use super::gate::{Gate, HeldOut, Verdict};
use super::places::{Places, Shelf, id_of};
use super::record::{Action, Figures, Record};
use super::steps::{self, Skipped};
use crate::model::{Disk, Model, ModelId};

/// A folder of models, one of them current: see the [module](super).
///
/// Many programs may read it while one changes it. Those that change it hold its lock, which the system takes from a
/// process that ends, however it ends; another waits for it for a while ([`Registry::patience`]).
#[derive(Clone, Debug)]
pub struct Registry {
    places: Places,
    patience: Duration,
}

/// A model of a registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Its name.
    pub id: ModelId,
    /// Length of its file in bytes.
    pub bytes: u64,
    /// Whether it is the current one.
    pub current: bool,
    /// The number of the last record that made it current, if any did.
    pub record: Option<u64>,
    /// Why it must not become current, if somebody marked it.
    pub mark: Option<String>,
}

/// What came of a candidate.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Promotion {
    /// It was current before; nothing was judged.
    Already {
        /// The model.
        id: ModelId,
    },
    /// It is current now.
    Promoted {
        /// As it stands in the history.
        record: Record,
        /// What the gate found.
        verdict: Verdict,
    },
    /// The gate said no; what was current is so still.
    Refused {
        /// As it stands in the history; none where there was no registry to write it to.
        record: Option<Record>,
        /// What the gate found.
        verdict: Verdict,
    },
}

/// What came of going back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RolledBack {
    /// As it stands in the history.
    pub record: Record,
    /// Models that came later and could not be taken.
    pub skipped: Vec<Skipped>,
}

impl Registry {
    /// The registry in this folder. Nothing is read or made yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { places: Places { root: folder.into() }, patience: Duration::from_secs(10) }
    }

    /// How long to wait for another who is changing the registry; at first 10 seconds.
    #[must_use]
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.places.root
    }

    /// The current model's id; `None` where no model was promoted yet. Reads one small file.
    ///
    /// # Errors
    /// [`RegistryError`] where it cannot be read.
    pub fn current(&self) -> Result<Option<ModelId>, RegistryError> {
        Ok(steps::read_current(&mut Disk, &self.places)?.map(|current| current.0))
    }

    /// Opens a model of the registry.
    ///
    /// # Errors
    /// [`RegistryError`] where it is not there, no model, or another one than its name says.
    pub fn open(&self, id: ModelId) -> Result<Model, RegistryError> {
        let path = self.places.model(id);
        let model = Model::open(&path)?;
        match model.id() {
            found if found == id => Ok(model),
            found => Err(RegistryError::Exchanged { path, found }),
        }
    }

    /// Opens the current model.
    ///
    /// # Errors
    /// [`RegistryError::Empty`] where there is none, otherwise as [`Registry::open`].
    pub fn open_current(&self) -> Result<Model, RegistryError> {
        self.open(self.current()?.ok_or_else(|| self.empty())?)
    }

    /// Every model that lies in the registry: in the order in which they last became current, the others before them.
    ///
    /// # Errors
    /// [`RegistryError`] where a file cannot be read.
    pub fn list(&self) -> Result<Vec<Listed>, RegistryError> {
        let steps::State { current, history, marks, .. } = steps::read(&mut Disk, &self.places)?;
        let models = self.places.models();
        let mut found = Vec::new();
        for path in Disk.list(&models).map_err(RegistryError::read(&models))? {
            let Some(id) = id_of(&path) else { continue };
            let made = |record: &&Record| record.to == id && record.action != Action::Refused;
            found.push(Listed {
                id,
                bytes: fs::metadata(&path).map_err(RegistryError::read(&path))?.len(),
                current: current == Some(id),
                record: history.iter().rev().find(made).map(|record| record.number),
                mark: marks.get(&id).cloned(),
            });
        }
        found.sort_by_key(|listed| (listed.record, listed.id));
        Ok(found)
    }

    /// What happened so far.
    ///
    /// # Errors
    /// [`RegistryError`] where it cannot be read, or is damaged.
    pub fn history(&self) -> Result<Vec<Record>, RegistryError> {
        Ok(steps::read(&mut Disk, &self.places)?.history)
    }

    /// The models that must not become current, each with the reason.
    ///
    /// # Errors
    /// [`RegistryError`] where they cannot be read.
    pub fn marks(&self) -> Result<BTreeMap<ModelId, String>, RegistryError> {
        steps::read_marks(&mut Disk, &self.places)
    }

    /// From now on the model is not promoted, nor brought back; it may not even lie here. Made for models that learned from
    /// what has to be forgotten. A second reason takes the place of the first. **The current model stays current** where it is the
    /// one: roll back, or promote another.
    ///
    /// # Errors
    /// [`RegistryError`] where it cannot be written.
    pub fn mark(&self, id: ModelId, reason: &str) -> Result<(), RegistryError> {
        let _lock = self.lock()?;
        steps::mark(&mut Disk, &self.places, id, reason)
    }

    /// Marks every model here that learned from an event that was forgotten; gives those, with the number of such events.
    /// Models that are marked already keep their reason.
    ///
    /// # Errors
    /// [`RegistryError`] where a model cannot be opened, or a mark not written.
    pub fn mark_forgotten(&self, forgotten: &[[u8; 16]]) -> Result<Vec<(ModelId, usize)>, RegistryError> {
        if !self.folder().is_dir() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for listed in self.list()? {
            let events = learned_from(&self.open(listed.id)?, forgotten);
            if events > 0 {
                if listed.mark.is_none() {
                    self.mark(listed.id, &reason(events))?;
                }
                found.push((listed.id, events));
            }
        }
        Ok(found)
    }

    /// Marks a model, wherever it lies, if it learned from an event that was forgotten; one that is marked already keeps its
    /// reason.
    ///
    /// # Errors
    /// [`RegistryError`] where the mark cannot be written.
    pub fn mark_if_forgotten(&self, model: &Model, forgotten: &[[u8; 16]]) -> Result<usize, RegistryError> {
        let events = learned_from(model, forgotten);
        if events > 0 && !self.marks()?.contains_key(&model.id()) {
            self.mark(model.id(), &reason(events))?;
        }
        Ok(events)
    }

    /// Verifies the candidate, has the gate judge it beside the current model, and makes it current if the gate says yes.
    /// `progress` is told how many documents more have been corrected.
    ///
    /// The gate judges without the lock; where somebody switches meanwhile its verdict is void. The candidate's file is copied.
    ///
    /// # Errors
    /// [`RegistryError`]; the current model is still the former one, except after [`RegistryError::Unrecorded`].
    pub fn promote(
        &self,
        candidate: &Model,
        gate: &Gate,
        held_out: &[HeldOut],
        progress: &dyn Fn(usize),
    ) -> Result<Promotion, RegistryError> {
        self.promote_heard(candidate, gate, held_out, None, progress)
    }

    /// The same for a candidate that was judged in [shadow](super::shadow()) as well: both have to say yes. Without held-out
    /// pairs the shadow decides alone.
    ///
    /// # Errors
    /// As [`Registry::promote`].
    pub fn promote_heard(
        &self,
        candidate: &Model,
        gate: &Gate,
        held_out: &[HeldOut],
        shadow: Option<Assessment>,
        progress: &dyn Fn(usize),
    ) -> Result<Promotion, RegistryError> {
        candidate.verify()?;
        let (id, former) = (candidate.id(), self.current()?);
        let mut marks = self.marks()?;
        if let Some(reason) = marks.remove(&id) {
            return Err(RegistryError::Marked { id, reason });
        }
        if former == Some(id) {
            let _lock = self.lock()?;
            steps::promote(&mut Disk, &self.places, candidate.file(), former, Figures::default())?;
            return Ok(Promotion::Already { id });
        }
        let verdict = match shadow {
            Some(shadow) if held_out.is_empty() => gate.hear(candidate, former, shadow)?,
            shadow => {
                // A model that has to go is no measure.
                let measure = former.filter(|id| !marks.contains_key(id));
                let current = measure.map(|id| self.open(id)).transpose()?;
                Verdict { shadow, ..gate.judge(candidate, current.as_ref(), held_out, progress)? }
            }
        };
        let figures = verdict.figures();
        if !verdict.passes() {
            let record = match self.folder().is_dir() {
                true => {
                    let _lock = self.lock()?;
                    Some(steps::refuse(&mut Disk, &self.places, id, figures)?)
                }
                false => None,
            };
            return Ok(Promotion::Refused { record, verdict });
        }
        let _lock = self.lock()?;
        match steps::promote(&mut Disk, &self.places, candidate.file(), former, figures)? {
            Some(record) => Ok(Promotion::Promoted { record, verdict }),
            None => Ok(Promotion::Already { id }),
        }
    }

    /// Makes the former model current again, and the one before it if done twice: what was promoted since is undone in turn.
    /// Models that are marked, or whose files are damaged, are passed over.
    ///
    /// # Errors
    /// [`RegistryError::NothingBefore`] where there is none to go back to.
    pub fn roll_back(&self) -> Result<RolledBack, RegistryError> {
        if !self.folder().is_dir() {
            return Err(self.empty());
        }
        let _lock = self.lock()?;
        let (record, skipped) = steps::roll_back(&mut Disk, &self.places)?;
        Ok(RolledBack { record, skipped })
    }

    fn empty(&self) -> RegistryError {
        RegistryError::Empty { folder: self.folder().to_owned() }
    }

    /// Held until what is returned is dropped. The file stays: removing it would let two hold it.
    fn lock(&self) -> Result<File, RegistryError> {
        const STEP: Duration = Duration::from_millis(5);
        let path = self.places.lock();
        fs::create_dir_all(self.folder()).map_err(RegistryError::write(self.folder()))?;
        let open = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = open.map_err(RegistryError::write(&path))?;
        let mut waited = Duration::ZERO;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::Error(source)) => return Err(RegistryError::write(&path)(source)),
                Err(TryLockError::WouldBlock) if waited >= self.patience => {
                    return Err(RegistryError::Busy { folder: self.folder().to_owned() });
                }
                Err(TryLockError::WouldBlock) => sleep(STEP),
            }
            waited += STEP;
        }
    }
}

/// How many of these events the model learned from.
fn learned_from(model: &Model, forgotten: &[[u8; 16]]) -> usize {
    let events = model.events();
    forgotten.iter().filter(|event| events.binary_search(event).is_ok()).count()
}

fn reason(events: usize) -> String {
    format!("it learned from {events} events that were forgotten since")
}
