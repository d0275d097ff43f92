//! Stops whoever switches at every step, and looks at what is left of the disk: for who reads it, and for who comes next.

use std::io;
use std::path::{Path, PathBuf};

use super::places::{Places, Shelf, UNFINISHED};
use super::record::{Action, Figures, Record, way_back};
use super::steps::{mark, promote, read, read_current, refuse, roll_back};
use super::{RegistryError, Skipped};
use crate::model::fake::{Fake, Trouble};
use crate::model::{ModelError, ModelFile, ModelId, ModelWriter, SectionKind};

impl Shelf for Fake {
    fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        Ok(self.written(path).map(<[u8]>::to_vec))
    }

    fn list(&mut self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(self.names.keys().filter(|path| path.parent() == Some(folder)).cloned().collect())
    }

    fn make_folder(&mut self, folder: &Path) -> io::Result<bool> {
        let made = !self.names.keys().any(|path| path.parent() == Some(folder));
        if made { self.whole_step("make folder").map(|()| true) } else { Ok(false) }
    }

    fn model(&mut self, path: &Path) -> Result<ModelFile, ModelError> {
        let missing = || ModelError::Open { path: path.to_owned(), source: io::ErrorKind::NotFound.into() };
        ModelFile::from_bytes(self.written(path).ok_or_else(missing)?.to_vec())
    }
}

fn places() -> Places {
    Places { root: PathBuf::from("registry") }
}

fn model(name: &str) -> ModelFile {
    let writer =
        ModelWriter::new().section(SectionKind::Metadata, name).section(SectionKind::Rules, "m nn\n");
    ModelFile::from_bytes(writer.to_bytes()).expect("a model")
}

fn id(name: &str) -> ModelId {
    model(name).id()
}

fn promoted(disk: &mut Fake, name: &str) -> Result<Option<Record>, RegistryError> {
    let expected = read_current(disk, &places())?.map(|current| current.0);
    promote(disk, &places(), &model(name), expected, Figures { rows: Some(7), ..Figures::default() })
}

/// A disk on which these were promoted, one after the other.
fn with(names: &[&str]) -> Fake {
    let mut disk = Fake::default();
    for name in names {
        promoted(&mut disk, name).expect("nothing stops it").expect("another model");
    }
    disk
}

/// The same disk, with trouble at a step, counted from now.
fn troubled(disk: &Fake, trouble: Option<(usize, Trouble)>) -> Fake {
    Fake { log: Vec::new(), trouble, ..disk.clone() }
}

/// What a reader finds: the current model, which has to be there and whole.
fn current(disk: &mut Fake) -> Option<ModelId> {
    let (id, _) = read_current(disk, &places()).expect("it can be read")?;
    let file = disk.model(&places().model(id)).expect("it is there");
    file.verify().expect("it is whole");
    assert_eq!(file.id(), id);
    Some(id)
}

/// Every disk that a loss of power may leave: names as they were or as they were last synced, and of each file all, nothing
/// or a part of what was written since its last sync.
fn after_power_loss(disk: &Fake) -> Vec<Fake> {
    let mut left = Vec::new();
    for names in [&disk.names, &disk.synced_names] {
        let most = names.values().map(|&file| disk.files[file].survivors().len()).max().unwrap_or(1);
        for which in 0..most {
            let mut again = Fake { names: names.clone(), synced_names: names.clone(), ..Fake::default() };
            again.files = disk.files.clone();
            for file in &mut again.files {
                let mut survivors = file.survivors();
                *file = crate::model::fake::File::safe(survivors.swap_remove(which.min(survivors.len() - 1)));
            }
            left.push(again);
        }
    }
    left
}

/// Whoever comes next finds everything in order: a history without gaps that ends in what is current, and nothing unfinished.
fn goes_on(mut disk: Fake) {
    let before = current(&mut disk);
    promoted(&mut disk, "next").expect("nothing stops it").expect("another model");
    let found = read(&mut disk, &places()).expect("all can be read");
    assert!(!found.lacking);
    let numbers: Vec<u64> = found.history.iter().map(|record| record.number).collect();
    assert_eq!(numbers, (1..).take(numbers.len()).collect::<Vec<_>>());
    let mut at = None;
    for record in found.history.iter().filter(|record| record.action != Action::Refused) {
        assert_eq!(record.from, at, "{:?}", found.history);
        at = Some(record.to);
    }
    assert_eq!((at, current(&mut disk)), (Some(id("next")), Some(id("next"))));
    assert_eq!(way_back(&found.history).last().copied(), before);
    let unfinished = |path: &&PathBuf| path.to_string_lossy().ends_with(UNFINISHED);
    assert_eq!(disk.names.keys().find(unfinished), None);
    assert_eq!(disk.names, disk.synced_names);
}

type Act = fn(&mut Fake) -> Result<(), RegistryError>;

/// What can be done to a registry where a, b and c were promoted: with what is current after it.
fn acts() -> [(&'static str, Act, &'static str); 6] {
    [
        ("promote a new model", |disk| promoted(disk, "d").map(|_| ()), "d"),
        ("promote a former model", |disk| promoted(disk, "a").map(|_| ()), "a"),
        ("promote the current model", |disk| promoted(disk, "c").map(|_| ()), "c"),
        ("roll back", |disk| roll_back(disk, &places()).map(|_| ()), "b"),
        ("refuse", |disk| refuse(disk, &places(), id("d"), Figures::default()).map(|_| ()), "c"),
        ("mark", |disk| mark(disk, &places(), id("b"), "event 7 was forgotten"), "c"),
    ]
}

#[test]
fn whenever_it_stops_the_former_or_the_new_model_is_current() {
    let start = with(&["a", "b", "c"]);
    let mut stopped = 0;
    for (what, act, then) in acts() {
        let mut undisturbed = troubled(&start, None);
        act(&mut undisturbed).expect(what);
        assert_eq!(current(&mut undisturbed), Some(id(then)), "{what}");
        for at in 0..=undisturbed.log.len() {
            for trouble in [Trouble::Fails, Trouble::Killed, Trouble::Torn] {
                let mut disk = troubled(&start, Some((at, trouble)));
                let done = act(&mut disk);
                disk.trouble = None;
                let now = current(&mut disk).expect("one is current");
                assert!(now == id("c") || now == id(then), "{what}, step {at}");
                if let Err(error) = done {
                    stopped += 1;
                    // It is the former one, but for the sync of its folder and what comes behind.
                    let step = disk.log.get(at).copied().unwrap_or_default();
                    let behind = matches!(error, RegistryError::Unrecorded { .. }) || step == "sync folder";
                    assert!(now == id("c") || behind, "{what}, step {at} ({step}): {error}");
                    assert!(now == id(then) || !matches!(error, RegistryError::Unrecorded { .. }));
                }
                goes_on(disk.clone());
                for mut left in after_power_loss(&disk) {
                    let now = current(&mut left).expect("one is current");
                    assert!(now == id("c") || now == id(then), "{what}, step {at}, power lost");
                    goes_on(left);
                }
            }
        }
    }
    assert!(stopped > 120, "{stopped} times something was stopped");
}

#[test]
fn the_first_promotion_is_there_or_not() {
    let mut undisturbed = Fake::default();
    promoted(&mut undisturbed, "a").expect("nothing stops it");
    let log: Vec<&str> = undisturbed.log.clone();
    let model = ["create", "append", "append", "sync", "finish", "sync", "rename", "sync folder"];
    let text = ["create", "append", "sync", "rename", "sync folder"];
    let wanted: Vec<&str> = ["make folder", "sync folder", "sync folder"]
        .into_iter()
        .chain(model)
        .chain(text)
        .chain(text)
        .collect();
    assert_eq!(log, wanted, "the model, then `current`, then `history`");
    for at in 0..=log.len() {
        for trouble in [Trouble::Fails, Trouble::Killed, Trouble::Torn] {
            let mut disk = troubled(&Fake::default(), Some((at, trouble)));
            let _ = promoted(&mut disk, "a");
            disk.trouble = None;
            for mut left in after_power_loss(&disk).into_iter().chain([disk]) {
                assert!(current(&mut left).is_none_or(|found| found == id("a")), "step {at}");
                goes_on(left);
            }
        }
    }
}

#[test]
fn two_rollbacks_go_two_back_and_pass_over_what_is_marked_or_damaged() {
    let back = |disk: &mut Fake| roll_back(disk, &places());
    let mut disk = with(&["a", "b", "c"]);
    let (record, skipped) = back(&mut disk).expect("b is there");
    assert_eq!((record.number, record.action, skipped.len()), (4, Action::Rollback, 0));
    assert_eq!((record.from, record.to), (Some(id("c")), id("b")));
    assert_eq!(back(&mut disk).expect("a is there").0.to, id("a"));
    let error = back(&mut disk).expect_err("a was the first").to_string();
    assert!(error.starts_with("no former model to go back to, in registry: "), "{error}");
    assert_eq!(current(&mut disk), Some(id("a")));

    let mut disk = with(&["a", "b", "c", "d"]);
    mark(&mut disk, &places(), id("c"), "event 7 was\nforgotten").expect("it is written");
    disk.names.remove(&places().model(id("b")));
    let (record, skipped) = back(&mut disk).expect("a is there");
    assert_eq!(record.to, id("a"));
    let told: Vec<String> = skipped.iter().map(Skipped::to_string).collect();
    assert_eq!(told[0], format!("{} passed over: marked (event 7 was forgotten)", id("c")));
    assert!(told.len() == 2 && told[1].contains("cannot open registry/models/"), "{told:?}");

    let error = back(&mut Fake::default()).expect_err("it is empty");
    assert!(matches!(error, RegistryError::Empty { .. }), "{error}");
}

#[test]
fn what_is_marked_or_was_not_compared_with_is_not_promoted() {
    let mut disk = with(&["a"]);
    mark(&mut disk, &places(), id("b"), "event 7 was forgotten").expect("it is written");
    let error = promoted(&mut disk, "b").expect_err("it is marked").to_string();
    assert!(error.contains("is marked (event 7 was forgotten)"), "{error}");
    let beside = |disk: &mut Fake, expected| {
        promote(disk, &places(), &model("c"), expected, Figures::default()).map(|_| ())
    };
    for expected in [None, Some(id("b"))] {
        let error = beside(&mut disk, expected).expect_err("a is current");
        assert!(matches!(error, RegistryError::Moved { .. }), "{error}");
    }
    assert_eq!(current(&mut disk), Some(id("a")));
    beside(&mut disk, Some(id("a"))).expect("it was compared with a");
}

#[test]
fn a_model_is_copied_once_and_mended_if_it_is_damaged() {
    let mut disk = with(&["a", "b"]);
    let copies = |disk: &Fake| disk.log.iter().filter(|&&step| step == "finish").count();
    promoted(&mut disk, "a").expect("it is there");
    assert_eq!(copies(&disk), 2);
    let path = places().model(id("a"));
    let file = disk.names[&path];
    disk.files[file].written.pop();
    assert_eq!(promoted(&mut disk, "a").expect("it is current"), None);
    assert_eq!(copies(&disk), 3);
    assert_eq!(current(&mut disk), Some(id("a")));
    // Another model under its name is no such model.
    let other = disk.names[&places().model(id("b"))];
    disk.names.insert(path, other);
    assert_eq!(promoted(&mut disk, "a").expect("it is current"), None);
    assert_eq!((copies(&disk), current(&mut disk)), (4, Some(id("a"))));
}

#[test]
fn a_hand_may_write_the_id_alone() {
    let mut disk = with(&["a", "b"]);
    let file = disk.names[&places().current()];
    disk.files[file].written = format!("{}\n", id("a")).into_bytes();
    assert_eq!(current(&mut disk), Some(id("a")));
    let found = read(&mut disk, &places()).expect("it can be read");
    let last = found.history.last().expect("three records");
    assert_eq!((last.number, last.from, last.to), (3, Some(id("b")), id("a")));
    assert_eq!(roll_back(&mut disk, &places()).expect("b is there").0.to, id("b"));
    for (text, want) in [
        (String::new(), "line 1: no id of a model"),
        (format!("{}\nno record\n", id("a")), "line 2: its number is none"),
        (format!("{}\n{last}\n", id("b")), "line 2: it is about another model"),
    ] {
        let file = disk.names[&places().current()];
        disk.files[file].written = text.into_bytes();
        let error = promoted(&mut disk, "c").expect_err(want).to_string();
        assert!(error.contains(want), "{error}\nlacks {want}");
    }
}
