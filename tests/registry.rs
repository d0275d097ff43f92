//! A registry on a real disk: with models that correct, readers beside writers, and writers that are killed.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use amend::corpus::Pair;
use amend::model::{Metadata, ModelId, ModelWriter, SectionKind, metadata};
use amend::registry::{Action, Gate, HeldOut, Promotion, Record, Registry, RegistryError, RolledBack, Watch};
use amend::rules::RuleSet;
use amend::{Corrector, Learner, Model};

/// A model of a few kilobytes that changes nothing, but for one word.
fn model(name: &str, rule: [&str; 2]) -> Model {
    let [observed, intended] = rule;
    let rules = format!("[[always]]\nobserved = {observed:?}\nintended = {intended:?}\n");
    let rules = RuleSet::parse(&rules, "test.toml").expect("a sound rule");
    let texts = vec!["the cat and the dog ran to the old house by the river".to_owned()];
    let learner = Learner { texts, rules, name: name.to_owned(), ..Learner::default() };
    Model::from_bytes(learner.learn().expect("enough to learn from").0).expect("a model")
}

fn mending(name: &str) -> Model {
    model(name, ["tbe", "the"])
}

/// Right text and wrong, a document a row.
fn held_out() -> [HeldOut; 1] {
    let row = |at: usize| {
        let intended = format!("{} the cat saw the dog", ["so", "then", "there"][at % 3]);
        let observed =
            if at.is_multiple_of(2) { intended.replacen("the ", "tbe ", 1) } else { intended.clone() };
        Pair { observed, intended, document: format!("page {at}"), ..Pair::default() }
    };
    [HeldOut { name: "gate".to_owned(), pairs: (0..8).map(row).collect() }]
}

fn promote(registry: &Registry, model: &Model) -> Result<Promotion, RegistryError> {
    registry.promote(model, &Gate::default(), &held_out(), &|_| {})
}

fn promoted(registry: &Registry, model: &Model) -> Record {
    match promote(registry, model).expect("nothing is in the way") {
        Promotion::Promoted { record, .. } => record,
        other => panic!("not promoted: {other:?}"),
    }
}

fn scratch() -> (tempfile::TempDir, Registry) {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let registry = Registry::new(folder.path().join("registry"));
    (folder, registry)
}

/// The history has no gap and leads to what is current.
fn in_order(registry: &Registry) -> usize {
    let history = registry.history().expect("it can be read");
    let mut at: Option<ModelId> = None;
    for (number, record) in (1..).zip(&history) {
        assert_eq!((record.number, record.from), (number, at), "{history:?}");
        if record.action != Action::Refused {
            at = Some(record.to);
        }
    }
    assert_eq!(registry.current().expect("it can be read"), at, "{history:?}");
    history.len()
}

#[test]
fn a_candidate_earns_its_place_and_loses_it_again() {
    let (_folder, registry) = scratch();
    let [first, second, bad] = [mending("first"), mending("second"), model("bad", ["cat", "rat"])];
    assert_eq!(registry.current().expect("no registry is an empty one"), None);
    assert!(registry.list().expect("nothing").is_empty());
    assert!(matches!(registry.open_current(), Err(RegistryError::Empty { .. })));

    // What makes things worse is refused, and of a registry that is not there nothing is made.
    let Ok(Promotion::Refused { record: None, verdict }) = promote(&registry, &bad) else {
        panic!("it breaks a word in each row")
    };
    assert!(verdict.reasons().iter().any(|reason| reason.contains("more errors")), "{verdict}");
    assert!(!registry.folder().exists());

    assert_eq!(promoted(&registry, &first).from, None);
    let before = fs::read(registry.folder().join("current")).expect("a file");
    let Ok(Promotion::Refused { record: Some(record), .. }) = promote(&registry, &bad) else {
        panic!("it breaks a word in each row")
    };
    assert_eq!((record.number, record.to), (2, bad.id()));
    assert_eq!(fs::read(registry.folder().join("current")).expect("a file"), before);
    assert_eq!(registry.list().expect("one model").len(), 1, "what is refused is not kept");

    assert_eq!(promoted(&registry, &second).from, Some(first.id()));
    assert!(matches!(promote(&registry, &second), Ok(Promotion::Already { id }) if id == second.id()));
    let corrector = Corrector::new(registry.open_current().expect("a model")).expect("its guard is sound");
    assert_eq!(corrector.worker().correct("tbe cat").text(), "the cat");

    let RolledBack { record, skipped } = registry.roll_back().expect("first is there");
    assert_eq!((record.number, record.to, skipped.len()), (4, first.id(), 0));
    let list = registry.list().expect("two models");
    let order: Vec<_> = list.iter().map(|m| (m.id, m.record, m.current)).collect();
    assert_eq!(order, [(second.id(), Some(3), false), (first.id(), Some(4), true)]);
    assert!(list.iter().all(|m| m.bytes == fs::metadata(model_file(&registry, m.id)).expect("a file").len()));
    assert!(matches!(registry.roll_back(), Err(RegistryError::NothingBefore { .. })));
    assert_eq!(in_order(&registry), 4);
}

fn model_file(registry: &Registry, id: ModelId) -> std::path::PathBuf {
    registry.folder().join("models").join(format!("{id}.amend"))
}

#[test]
fn what_has_to_be_forgotten_does_not_come_back() {
    let (_folder, registry) = scratch();
    let models = ["a", "b", "c"].map(mending);
    registry.mark(models[2].id(), "learned from event 7, forgotten").expect("it need not lie there");
    for model in &models[..2] {
        promoted(&registry, model);
    }
    let error = promote(&registry, &models[2]).expect_err("it is marked").to_string();
    assert!(error.contains("marked (learned from event 7, forgotten)"), "{error}");
    registry.mark(models[0].id(), "learned from event 8, forgotten").expect("it is written");
    let error = registry.roll_back().expect_err("a is marked, and there is nothing before it").to_string();
    assert!(error.contains("passed over: marked (learned from event 8, forgotten)"), "{error}");
    let marks = registry.marks().expect("two");
    assert_eq!(marks.len(), 2);
    assert_eq!(marks[&models[0].id()], "learned from event 8, forgotten");
    let marked = |listed: &&amend::registry::Listed| listed.mark.is_some();
    assert_eq!(registry.list().expect("two models").iter().filter(marked).count(), 1);
    assert_eq!(registry.current().expect("b"), Some(models[1].id()));
}

#[test]
fn a_model_that_has_to_go_is_no_measure() {
    let (_folder, registry) = scratch();
    let [good, none] = [mending("good"), model("none", ["xyz", "abc"])];
    promoted(&registry, &good);
    assert!(matches!(promote(&registry, &none), Ok(Promotion::Refused { .. })), "it mends nothing");
    registry.mark(good.id(), "learned from event 7, forgotten").expect("it is written");
    assert_eq!(promoted(&registry, &none).from, Some(good.id()), "it breaks nothing either");
    let bad = model("bad", ["cat", "rat"]);
    registry.mark(none.id(), "learned from event 8, forgotten").expect("it is written");
    assert!(
        matches!(promote(&registry, &bad), Ok(Promotion::Refused { .. })),
        "worse than nothing is refused"
    );
}

#[test]
fn a_damaged_candidate_is_an_error_and_its_file_may_change_later() {
    let (folder, registry) = scratch();
    let path = folder.path().join("candidate.amend");
    let bytes = |model: &Model| {
        let writer = model.file().sections().iter().fold(ModelWriter::new(), |writer, section| {
            let kind = section.kind().expect("all are known");
            writer.section(kind, model.file().section(kind).expect("it is there"))
        });
        writer.to_bytes()
    };
    let mut damaged = bytes(&mending("a"));
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    fs::write(&path, &damaged).expect("it is written");
    let error = promote(&registry, &Model::open(&path).expect("only the end is wrong")).expect_err("damaged");
    assert!(error.to_string().contains("checksum does not fit"), "{error}");
    assert!(!registry.folder().exists());

    fs::write(&path, bytes(&mending("a"))).expect("it is written");
    promoted(&registry, &Model::open(&path).expect("a model"));
    fs::write(&path, b"something else").expect("it is written over");
    registry.open_current().expect("it was copied").verify().expect("every byte of it");
}

/// Everything that a reader can meet while others switch.
fn read_until(registry: &Registry, stop: &AtomicBool) -> (usize, usize) {
    let watch = Watch::new(registry.clone(), Ok).expect("a model is current");
    let (mut reads, mut changes) = (0, 0);
    while !stop.load(Ordering::Relaxed) {
        registry.open_current().expect("one is current").verify().expect("it is whole");
        let held = watch.get();
        changes += usize::from(watch.refresh().expect("one is current"));
        held.verify().expect("what is held stays as it was");
        watch.get().verify().expect("it is whole");
        registry.history().expect("it can be read");
        reads += 1;
    }
    (reads, changes)
}

#[test]
fn many_who_switch_at_once_leave_an_order() {
    let (_folder, registry) = scratch();
    let models = ["a", "b", "c", "d"].map(mending);
    promoted(&registry, &models[0]);
    let stop = AtomicBool::new(false);
    let (done, reads) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| read_until(&registry, &stop));
        let switch = |model: &Model| {
            let mut done = 0;
            for turn in 0..12 {
                let result = match turn % 3 {
                    2 => registry.roll_back().map(|_| ()),
                    _ => promote(&registry, model).map(|_| ()),
                };
                match result {
                    Ok(()) => done += 1,
                    Err(RegistryError::Moved { .. } | RegistryError::NothingBefore { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            done
        };
        let writers: Vec<_> = models.iter().map(|model| scope.spawn(move || switch(model))).collect();
        let done: usize = writers.into_iter().map(|writer| writer.join().expect("no panic")).sum();
        stop.store(true, Ordering::Relaxed);
        (done, reader.join().expect("no panic"))
    });
    assert!(done >= 8 && reads.0 > 0, "{done} of 48 switches, {reads:?} reads");
    assert!(in_order(&registry) > 4);
}

#[test]
fn who_holds_the_lock_too_long_is_told_of() {
    let (_folder, registry) = scratch();
    promoted(&registry, &mending("a"));
    let lock = fs::File::open(registry.folder().join("lock")).expect("it stays");
    lock.lock().expect("nobody holds it");
    let hasty = registry.clone().patience(Duration::from_millis(20));
    for error in [hasty.roll_back().expect_err("busy"), promote(&hasty, &mending("b")).expect_err("busy")] {
        assert!(matches!(error, RegistryError::Busy { .. }), "{error}");
    }
    drop(lock);
    promoted(&hasty, &mending("b"));
}

#[test]
fn a_long_running_program_takes_up_the_new_model() {
    let (_folder, registry) = scratch();
    assert!(matches!(Watch::correctors(registry.clone()), Err(RegistryError::Empty { .. })));
    let (first, second) = (mending("a"), mending("b"));
    promoted(&registry, &first);
    let watch = Watch::new(registry.clone(), |model| Ok(Corrector::new(model)?.harm_limit(Some(0.01))))
        .expect("a model is current");
    assert!(!watch.refresh().expect("it can be read"), "nothing changed");
    let held = watch.get();
    promoted(&registry, &second);
    assert_eq!(watch.get().model().id(), first.id(), "until it is asked to look");
    assert!(watch.refresh().expect("it can be read"));
    assert_eq!((watch.get().model().id(), watch.id()), (second.id(), second.id()));
    // Who works with the former model goes on, even if its file is taken away.
    fs::remove_file(model_file(&registry, first.id())).expect("it was there");
    assert_eq!(held.worker().correct("tbe cat").text(), "the cat");
    // What cannot be opened is told, and changes nothing.
    fs::write(registry.folder().join("current"), format!("{}\n", first.id())).expect("by hand");
    let error = watch.refresh().expect_err("the file is gone");
    assert!(matches!(error, RegistryError::Model(_)), "{error}");
    assert_eq!(watch.id(), second.id());
    fs::write(registry.folder().join("current"), "nonsense\n").expect("by hand");
    assert!(matches!(watch.refresh(), Err(RegistryError::Damaged { line: 1, .. })));
    // A file with another model in it is not taken for the one it is named after.
    fs::copy(model_file(&registry, second.id()), model_file(&registry, first.id())).expect("a copy");
    fs::write(registry.folder().join("current"), format!("{}\n", first.id())).expect("by hand");
    assert!(matches!(watch.refresh(), Err(RegistryError::Exchanged { .. })));
}

const FOLDER: &str = "AMEND_TEST_REGISTRY";

/// No test: what the process does that the next test kills.
#[test]
fn a_process_to_be_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    let registry = Registry::new(folder.join("registry"));
    let models: Vec<Model> = (0..3)
        .map(|k| Model::open(folder.join(format!("{k}.amend"))).expect("the parent wrote it"))
        .collect();
    for turn in 0_usize.. {
        // Its predecessor may have been killed anywhere; nothing may come of that but other figures.
        let result = match turn % 4 {
            3 => registry.roll_back().map(|_| ()),
            _ => promote(&registry, &models[turn % 3]).map(|_| ()),
        };
        match result {
            Ok(()) | Err(RegistryError::NothingBefore { .. }) => {}
            Err(error) => {
                fs::write(folder.join("error"), error.to_string()).expect("the parent reads it");
                return;
            }
        }
    }
}

/// Kills when it is dropped, so that a failing test leaves no process behind.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn whoever_is_killed_leaves_a_model_that_is_whole() {
    const KILLS: usize = 120;
    let (folder, registry) = scratch();
    for k in 0..3 {
        let about = Metadata { name: format!("model {k}"), ..Metadata::default() };
        let about = metadata::to_bytes(&about).expect("it has bytes");
        let model = mending("killed");
        let sections = model.file().sections().iter().fold(ModelWriter::new(), |writer, section| {
            let kind = section.kind().expect("all are known");
            let bytes = model.file().section(kind).expect("it is there").to_vec();
            writer.owned_section(kind, if kind == SectionKind::Metadata { about.clone() } else { bytes })
        });
        sections.write_to(folder.path().join(format!("{k}.amend"))).expect("it is written");
    }
    promoted(&registry, &Model::open(folder.path().join("0.amend")).expect("a model"));

    let stop = AtomicBool::new(false);
    let mut random: u32 = 20_261_124;
    let (reads, changes) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| read_until(&registry, &stop));
        for _ in 0..KILLS {
            let program = std::env::current_exe().expect("this test");
            let child = Command::new(program)
                .args(["--exact", "a_process_to_be_killed", "--nocapture"])
                .env(FOLDER, folder.path())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("it starts");
            let child = Killed(child);
            // Xorshift (Marsaglia 2003): from the start of the process to some switches later.
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            std::thread::sleep(Duration::from_micros(u64::from(2_000 + random % 60_000)));
            drop(child);
            in_order(&registry);
            registry.open_current().expect("one is current").verify().expect("it is whole");
        }
        stop.store(true, Ordering::Relaxed);
        reader.join().expect("the reader always finds a model that is whole")
    });
    let error = fs::read_to_string(folder.path().join("error"));
    assert!(error.is_err(), "{}", error.unwrap_or_default());
    let records = in_order(&registry);
    assert!(
        records > KILLS && reads > KILLS && changes > 10,
        "{records} records, {reads} reads, {changes} changes"
    );
    // The next who comes makes order.
    registry.roll_back().expect("there are former models");
    for inside in [registry.folder().to_owned(), registry.folder().join("models")] {
        let names = fs::read_dir(inside).expect("a folder").map(|f| f.expect("a file").file_name());
        let left: Vec<_> = names.filter(|name| name.to_string_lossy().ends_with(".unfinished")).collect();
        assert!(left.is_empty(), "{left:?}");
    }
    assert_eq!(registry.list().expect("three models").len(), 3);
}
