//! Switching, a step at a time. Every function is for who holds the lock.
//!
//! The order is what makes it safe: the model's file is there, whole and synced, before `current` names it; `current` holds
//! the record of the switch, so that `history` can be written after it, or by the next who comes.

use std::fmt;
use std::io;
use std::path::Path;

use super::error::RegistryError;
use super::marks::{self, Marks};
use super::places::{Places, Shelf, UNFINISHED};
use super::record::{self, Action, Figures, Record, way_back};
use crate::model::{self, MAGIC, ModelFile, ModelId, create_beside, folder};

/// A former model that a rollback passed over.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Skipped {
    /// The model.
    pub id: ModelId,
    /// Its mark, or what is wrong with its file.
    pub reason: String,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed over: {}", self.id, self.reason)
    }
}

/// What `current` says: the model, and the record of the switch that made it so. A file with only an id in it, written
/// by hand, has no record.
pub(super) type Current = (ModelId, Option<Record>);

/// What stands in the registry.
#[derive(Debug)]
pub(super) struct State {
    pub(super) current: Option<ModelId>,
    pub(super) history: Vec<Record>,
    pub(super) marks: Marks,
    /// Whether the last of the history does not stand in its file: who wrote it was stopped.
    pub(super) lacking: bool,
}

pub(super) fn read_current<S: Shelf>(
    disk: &mut S,
    places: &Places,
) -> Result<Option<Current>, RegistryError> {
    let path = places.current();
    let Some(bytes) = disk.read(&path).map_err(RegistryError::read(&path))? else { return Ok(None) };
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.lines();
    let damaged = |line, what| RegistryError::Damaged { path: path.clone(), line, what };
    let id = lines.next().and_then(|line| line.parse().ok()).ok_or_else(|| damaged(1, "no id of a model"))?;
    let record: Option<Record> = lines.next().map(str::parse).transpose().map_err(|what| damaged(2, what))?;
    if record.is_some_and(|record| record.to != id) {
        return Err(damaged(2, "it is about another model than line 1"));
    }
    Ok(Some((id, record)))
}

pub(super) fn read_marks<S: Shelf>(disk: &mut S, places: &Places) -> Result<Marks, RegistryError> {
    let path = places.marks();
    let bytes = disk.read(&path).map_err(RegistryError::read(&path))?;
    marks::parse(&bytes.unwrap_or_default(), &path)
}

/// Makes the candidate current, if `expected` still is, and no mark forbids it. Where it is current already, only
/// a damaged file of it is mended.
pub(super) fn promote<S: Shelf>(
    disk: &mut S,
    places: &Places,
    candidate: &ModelFile,
    expected: Option<ModelId>,
    figures: Figures,
) -> Result<Option<Record>, RegistryError> {
    let state = settle(disk, places)?;
    let id = candidate.id();
    if let Some(reason) = state.marks.get(&id) {
        return Err(RegistryError::Marked { id, reason: reason.clone() });
    }
    if state.current == Some(id) {
        return keep(disk, places, candidate).map(|()| None);
    }
    if state.current != expected {
        return Err(RegistryError::Moved { folder: places.root.clone() });
    }
    keep(disk, places, candidate)?;
    switch(disk, places, state, Action::Promote, id, figures).map(Some)
}

/// Makes the former model current again: the last that is sound and has no mark.
pub(super) fn roll_back<S: Shelf>(
    disk: &mut S,
    places: &Places,
) -> Result<(Record, Vec<Skipped>), RegistryError> {
    let state = settle(disk, places)?;
    let folder = places.root.clone();
    let Some(current) = state.current else { return Err(RegistryError::Empty { folder }) };
    let mut skipped = Vec::new();
    for id in way_back(&state.history).into_iter().rev().filter(|&id| id != current) {
        let fault = match state.marks.get(&id) {
            Some(reason) => format!("marked ({reason})"),
            None => match sound(disk, places, id) {
                Ok(()) => {
                    let record = switch(disk, places, state, Action::Rollback, id, Figures::default())?;
                    return Ok((record, skipped));
                }
                Err(error) => error.to_string(),
            },
        };
        skipped.push(Skipped { id, reason: fault });
    }
    Err(RegistryError::NothingBefore { folder, skipped })
}

/// Writes down that the gate said no.
pub(super) fn refuse<S: Shelf>(
    disk: &mut S,
    places: &Places,
    to: ModelId,
    figures: Figures,
) -> Result<Record, RegistryError> {
    let mut state = settle(disk, places)?;
    let record = next_record(&state, Action::Refused, to, figures);
    state.history.push(record);
    replace_text(disk, &places.history(), &record::to_text(&state.history))?;
    Ok(record)
}

/// Marks a model; a second mark takes the place of the first.
pub(super) fn mark<S: Shelf>(
    disk: &mut S,
    places: &Places,
    id: ModelId,
    reason: &str,
) -> Result<(), RegistryError> {
    let mut state = settle(disk, places)?;
    state.marks.insert(id, marks::one_line(reason));
    replace_text(disk, &places.marks(), &marks::to_text(&state.marks))
}

/// Makes order after whoever was stopped, and reads what there is.
fn settle<S: Shelf>(disk: &mut S, places: &Places) -> Result<State, RegistryError> {
    let models = places.models();
    if disk.make_folder(&models).map_err(RegistryError::write(&models))? {
        for made in [&*places.root, folder(&places.root)] {
            disk.sync_folder(made).map_err(RegistryError::write(made))?;
        }
    }
    for folder in [&places.root, &models] {
        for path in disk.list(folder).map_err(RegistryError::read(folder))? {
            if path.to_string_lossy().ends_with(UNFINISHED) {
                disk.remove(&path).map_err(RegistryError::write(&path))?;
            }
        }
    }
    let mut state = read(disk, places)?;
    if std::mem::take(&mut state.lacking) {
        replace_text(disk, &places.history(), &record::to_text(&state.history))?;
    }
    Ok(state)
}

/// Reads what there is. A switch that its history lacks is taken from `current`.
pub(super) fn read<S: Shelf>(disk: &mut S, places: &Places) -> Result<State, RegistryError> {
    // In this order: `current` is written first, so that a history read after it holds all but what was lost.
    let current = read_current(disk, places)?;
    let path = places.history();
    let bytes = disk.read(&path).map_err(RegistryError::read(&path))?;
    let history = record::parse(&bytes.unwrap_or_default(), &path)?;
    let marks = read_marks(disk, places)?;
    let before = history.iter().rev().find(|record| record.action != Action::Refused).map(|record| record.to);
    let mut state = State { current: before, history, marks, lacking: false };
    let lost = match current {
        Some((_, Some(record))) => (record.number > state.last()).then_some(record),
        Some((id, None)) if before == Some(id) => None,
        Some((id, None)) => Some(next_record(&state, Action::Promote, id, Figures::default())),
        None => None,
    };
    state.lacking = lost.is_some();
    state.history.extend(lost);
    state.current = current.map(|current| current.0);
    Ok(state)
}

impl State {
    /// The number of the last record.
    fn last(&self) -> u64 {
        self.history.last().map_or(0, |last| last.number)
    }
}

fn next_record(state: &State, action: Action, to: ModelId, figures: Figures) -> Record {
    Record { number: state.last() + 1, action, from: state.current, to, figures }
}

/// The switch itself. Once `current` is renamed it is made, whatever comes.
fn switch<S: Shelf>(
    disk: &mut S,
    places: &Places,
    mut state: State,
    action: Action,
    to: ModelId,
    figures: Figures,
) -> Result<Record, RegistryError> {
    let record = next_record(&state, action, to, figures);
    replace_text(disk, &places.current(), &format!("{to}\n{record}\n"))?;
    state.history.push(record);
    let path = places.history();
    match replace(disk, &path, record::to_text(&state.history).as_bytes()) {
        Ok(()) => Ok(record),
        Err(source) => Err(RegistryError::Unrecorded { to, path, source }),
    }
}

/// Copies the model in, unless it is there and sound. The copy is verified before it gets its name, and says that it is
/// unfinished until then. It is no link: the file that it came from may be written over.
fn keep<S: Shelf>(disk: &mut S, places: &Places, candidate: &ModelFile) -> Result<(), RegistryError> {
    let path = places.model(candidate.id());
    let there = disk.list(&places.models()).map_err(RegistryError::read(&path))?.contains(&path);
    if there && sound(disk, places, candidate.id()).is_ok() {
        return Ok(());
    }
    let write = |e| RegistryError::write(&path)(e);
    let (part, file) = create_beside(disk, &path).map_err(write)?;
    let filled = fill(disk, file, candidate.bytes()).map_err(write);
    let checked = filled.and_then(|()| check(disk, &part, candidate.id()));
    let placed = checked.and_then(|()| disk.rename(&part, &path).map_err(write));
    if placed.is_err() {
        // The first error is the one to tell; what stays is removed by the next who comes.
        let _ = disk.remove(&part);
    }
    placed.and_then(|()| disk.sync_folder(&places.models()).map_err(write))
}

fn fill<S: Shelf>(disk: &mut S, mut file: S::File, bytes: &[u8]) -> io::Result<()> {
    disk.append(&mut file, &model::UNFINISHED)?;
    disk.append(&mut file, bytes.get(model::UNFINISHED.len()..).unwrap_or_default())?;
    disk.sync(&mut file)?;
    disk.overwrite_start(&mut file, &MAGIC)?;
    disk.sync(&mut file)
}

fn sound<S: Shelf>(disk: &mut S, places: &Places, id: ModelId) -> Result<(), RegistryError> {
    check(disk, &places.model(id), id)
}

/// Reads every byte of the file, which has to hold this model.
fn check<S: Shelf>(disk: &mut S, path: &Path, id: ModelId) -> Result<(), RegistryError> {
    let file = disk.model(path)?;
    file.verify()?;
    match file.id() {
        found if found == id => Ok(()),
        found => Err(RegistryError::Exchanged { path: path.to_owned(), found }),
    }
}

fn replace_text<S: Shelf>(disk: &mut S, path: &Path, text: &str) -> Result<(), RegistryError> {
    replace(disk, path, text.as_bytes()).map_err(RegistryError::write(path))
}

/// Puts a whole new file in the place of the old one.
fn replace<S: Shelf>(disk: &mut S, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (part, mut file) = create_beside(disk, path)?;
    let written = disk.append(&mut file, bytes).and_then(|()| disk.sync(&mut file));
    if let Err(error) = written.and_then(|()| disk.rename(&part, path)) {
        let _ = disk.remove(&part);
        return Err(error);
    }
    disk.sync_folder(folder(path))
}
