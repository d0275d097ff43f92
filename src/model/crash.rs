//! Stops the writer at every step, and looks at what is left of the disk.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::storage::Storage;
use super::{ModelError, ModelFile, ModelWriter, SectionKind};

const MODEL: &str = "folder/m.amend";

/// What happens at the step that is chosen.
#[derive(Clone, Copy, PartialEq)]
enum Trouble {
    /// It fails; later steps work: a full disk, a lost right.
    Fails,
    /// It is not done, nor is any later one: the process is killed.
    Killed,
    /// Half of it is done if it is a write, and nothing later.
    Torn,
}

#[derive(Clone, Default)]
struct File {
    written: Vec<u8>,
    synced: Vec<u8>,
    /// Writes since the last sync: place and bytes.
    pending: Vec<(usize, Vec<u8>)>,
}

impl File {
    /// What a loss of power may leave: all, none, or any one of the writes since the last sync.
    fn survivors(&self) -> Vec<Vec<u8>> {
        let one = self.pending.iter().map(|(at, bytes)| over(&self.synced, *at, bytes));
        [self.written.clone(), self.synced.clone()].into_iter().chain(one).collect()
    }
}

fn over(file: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    file.resize(file.len().max(at + bytes.len()), 0);
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

/// A disk that forgets what was not synced.
#[derive(Clone, Default)]
struct Fake {
    files: Vec<File>,
    names: BTreeMap<PathBuf, usize>,
    synced_names: BTreeMap<PathBuf, usize>,
    trouble: Option<(usize, Trouble)>,
    log: Vec<&'static str>,
}

impl Fake {
    fn with_old(old: &[u8]) -> Self {
        let file = File { written: old.to_vec(), synced: old.to_vec(), pending: Vec::new() };
        let names = BTreeMap::from([(PathBuf::from(MODEL), 0)]);
        Self { files: vec![file], names: names.clone(), synced_names: names, ..Self::default() }
    }

    /// `Ok(true)`: do it. `Ok(false)`: do half of it, then fail.
    fn step(&mut self, what: &'static str) -> io::Result<bool> {
        let now = self.log.len();
        self.log.push(what);
        match self.trouble {
            Some((at, Trouble::Torn)) if now == at => Ok(false),
            Some((at, Trouble::Fails)) if now == at => Err(io::Error::from(io::ErrorKind::StorageFull)),
            Some((at, Trouble::Killed | Trouble::Torn)) if now >= at => Err(io::Error::other("killed")),
            _ => Ok(true),
        }
    }

    fn write(&mut self, what: &'static str, file: usize, at: usize, bytes: &[u8]) -> io::Result<()> {
        let whole = self.step(what)?;
        let done = if whole { bytes } else { &bytes[..bytes.len() / 2] };
        let file = &mut self.files[file];
        file.written = over(&file.written, at, done);
        file.pending.push((at, done.to_vec()));
        if whole { Ok(()) } else { Err(io::Error::other("killed")) }
    }

    fn whole_step(&mut self, what: &'static str) -> io::Result<()> {
        if self.step(what)? { Ok(()) } else { Err(io::Error::other("killed")) }
    }
}

impl Storage for Fake {
    type File = usize;

    fn create_new(&mut self, path: &Path) -> io::Result<usize> {
        self.whole_step("create")?;
        if self.names.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.names.insert(path.to_owned(), self.files.len());
        self.files.push(File::default());
        Ok(self.files.len() - 1)
    }

    fn append(&mut self, &mut file: &mut usize, bytes: &[u8]) -> io::Result<()> {
        self.write("append", file, self.files[file].written.len(), bytes)
    }

    fn overwrite_start(&mut self, &mut file: &mut usize, bytes: &[u8]) -> io::Result<()> {
        self.write("finish", file, 0, bytes)
    }

    fn sync(&mut self, &mut file: &mut usize) -> io::Result<()> {
        self.whole_step("sync")?;
        let file = &mut self.files[file];
        file.synced = file.written.clone();
        file.pending.clear();
        Ok(())
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.whole_step("rename")?;
        let file = self.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        self.names.insert(to.to_owned(), file);
        Ok(())
    }

    fn sync_folder(&mut self, folder: &Path) -> io::Result<()> {
        self.whole_step("sync folder")?;
        assert_eq!(folder, Path::new("folder"));
        self.synced_names = self.names.clone();
        Ok(())
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.whole_step("remove")?;
        self.names.remove(path).map(|_| ()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

fn model(text: &str) -> ModelWriter<'_> {
    ModelWriter::new().section(SectionKind::Metadata, text).section(SectionKind::Rules, "m nn\n")
}

/// The disk after writing a new model over an old one, with this trouble.
fn after(trouble: Option<(usize, Trouble)>) -> (Fake, io::Result<()>) {
    let mut disk = Fake { trouble, ..Fake::with_old(&model("old").to_bytes()) };
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
