//! Stops the writer at every step, and looks at what is left of the disk.

use std::io;
use std::path::Path;

use super::fake::{Fake, Trouble};
use super::{ModelError, ModelFile, ModelWriter, SectionKind};

const MODEL: &str = "folder/m.amend";

fn model(text: &str) -> ModelWriter<'_> {
    ModelWriter::new().section(SectionKind::Metadata, text).section(SectionKind::Rules, "m nn\n")
}

/// The disk after writing a new model over an old one, with this trouble.
fn after(trouble: Option<(usize, Trouble)>) -> (Fake, io::Result<()>) {
    let mut disk = Fake { trouble, ..Fake::with(MODEL, &model("old").to_bytes()) };
    let done = model("new").write_through(&mut disk, Path::new(MODEL));
    (disk, done)
}

#[test]
fn the_mark_comes_after_all_else_is_synced() {
    let (disk, done) = after(None);
    done.expect("nothing stops it");
    let log: Vec<_> = disk.log.iter().filter(|&&step| step != "append").copied().collect();
    assert_eq!(log, ["create", "sync", "finish", "sync", "rename", "sync folder"]);
    assert_eq!(disk.names.len(), 1);
    assert_eq!(disk.names, disk.synced_names);
    assert_eq!(disk.files[1].synced, model("new").to_bytes());
}

#[test]
fn a_failing_step_leaves_the_old_model_and_nothing_else() {
    let steps = after(None).0.log;
    for (at, step) in steps.iter().enumerate() {
        let (disk, done) = after(Some((at, Trouble::Fails)));
        assert_eq!(done.expect_err("it failed").kind(), io::ErrorKind::StorageFull);
        assert_eq!(disk.names.len(), 1, "{step} ({at})");
        let stands = &disk.files[disk.names[Path::new(MODEL)]].written;
        let expected = if *step == "sync folder" { "new" } else { "old" };
        assert_eq!(*stands, model(expected).to_bytes(), "{step} ({at})");
    }
}

#[test]
fn whenever_it_stops_the_model_is_the_old_or_the_new_one() {
    let (old, new) = (model("old").to_bytes(), model("new").to_bytes());
    let steps = after(None).0.log.len();
    let mut unfinished = 0;
    for (at, trouble) in (0..=steps).flat_map(|at| [(at, Trouble::Killed), (at, Trouble::Torn)]) {
        let (disk, _) = after(Some((at, trouble)));
        for names in [&disk.names, &disk.synced_names] {
            for (path, &file) in names {
                for left in disk.files[file].survivors() {
                    let opened = ModelFile::from_bytes(left.clone()).and_then(|model| model.verify());
                    if path == Path::new(MODEL) {
                        assert!(left == old || left == new, "step {at}");
                        opened.expect("an old or new model opens");
                    } else if left != new {
                        let error = opened.expect_err("it is not finished");
                        unfinished += usize::from(matches!(error, ModelError::Unfinished { .. }));
                    }
                }
            }
        }
        // Without a loss of power what was begun says so itself, from its first write on.
        for (path, &file) in disk.names.iter().filter(|(path, _)| *path != Path::new(MODEL)) {
            let left = &disk.files[file].written;
            if trouble == Trouble::Killed && !left.is_empty() && *left != new {
                let error = ModelFile::from_bytes(left.clone()).expect_err("it is not finished");
                assert!(matches!(error, ModelError::Unfinished { .. }), "{}: {error}", path.display());
            }
        }
    }
    assert!(unfinished > steps, "the test met unfinished files");
}

#[test]
fn what_a_stopped_run_left_is_not_in_the_way() {
    let (mut disk, _) = after(Some((3, Trouble::Killed)));
    assert_eq!(disk.names.len(), 2);
    disk.trouble = None;
    model("newer").write_through(&mut disk, Path::new(MODEL)).expect("nothing stops it");
    assert_eq!(disk.names.len(), 2);
    assert_eq!(disk.files[disk.names[Path::new(MODEL)]].written, model("newer").to_bytes());
}
