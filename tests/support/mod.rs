//! A small model, learned once a test binary from the samples of this repository.

#![allow(dead_code, reason = "each test binary takes what it needs")]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use amend::corpus::Rows;
use amend::{Corrector, Learner, Line, Model, Pair};

/// Where the file of the repository lies.
pub(crate) fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What the file holds.
pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(file(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// All pairs of `data/samples/feedback.tsv`.
pub(crate) fn feedback() -> Vec<Pair> {
    let rows = Rows::open(&file("data/samples/feedback.tsv")).expect("the sample is there");
    rows.map(|row| row.expect("the sample is sound").pair).collect()
}

/// Whether a document is held back from learning: every fifth of them.
pub(crate) fn is_held(pair: &Pair) -> bool {
    pair.document.bytes().map(u32::from).sum::<u32>() % 5 == 0
}

/// What the small model is learned from: the feedback that is not held back, and the notes and the letter as
/// right text.
pub(crate) fn learner() -> Learner {
    let pairs = feedback().into_iter().filter(|p| !is_held(p)).collect();
    let texts = vec![read("data/samples/source/notes.txt"), read("data/samples/source/letter.txt")];
    Learner { pairs, texts, name: "small".to_owned(), ..Learner::default() }
}

/// The bytes of the small model.
pub(crate) fn small() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| learner().learn().expect("there is enough to learn from").0)
}

/// A corrector with the small model.
pub(crate) fn corrector() -> Corrector {
    Corrector::new(Model::from_bytes(small()).expect("it opens")).expect("its guard is sound")
}

/// The lines corrected, each for itself.
pub(crate) fn corrected(corrector: &Corrector, lines: &[&str]) -> Vec<String> {
    let mut worker = corrector.worker();
    lines.iter().map(|line| worker.correct(line).text().to_owned()).collect()
}

/// The rows of the documents that were held back, a document a list.
pub(crate) fn held() -> Vec<Vec<Pair>> {
    let pairs: Vec<Pair> = feedback().into_iter().filter(is_held).collect();
    let groups = amend::corpus::documents(pairs.iter().map(|p| p.document.as_str()));
    groups.iter().map(|group| group.iter().map(|&k| pairs[k].clone()).collect()).collect()
}

/// Documents as the corrector takes them.
pub(crate) fn lines(documents: &[Vec<Pair>]) -> Vec<Vec<Line<'_>>> {
    documents.iter().map(|pairs| pairs.iter().map(Line::from).collect()).collect()
}
