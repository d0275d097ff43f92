//! The bigram frequency index is one thing: what one looks into is what the search reads.

use amend::decode::{Beam, Decoder, Doubt, Observed};
use amend::model::{ModelWriter, SectionKind, metadata};
use amend::{Learner, Model, Pair};

/// "x" is read for c and for b alike; "red cat" stands more often than "red bat", and all else is equal.
fn model() -> Model {
    let row = |at: usize, observed: &str, intended: &str| Pair {
        observed: observed.to_owned(),
        intended: intended.to_owned(),
        document: format!("d{}", at % 5),
        ..Pair::default()
    };
    let pairs = (0..30).flat_map(|at| [row(at, "a xup", "a cup"), row(at, "a xun", "a bun")]).collect();
    let text = "the red cat\n".repeat(9) + &"the red bat\n".repeat(6) + &"the old bat\n".repeat(3);
    let learner = Learner { pairs, texts: vec![text], ..Learner::default() };
    let model = Model::from_bytes(learner.learn().expect("enough to learn from").0).expect("it opens");
    // Word bigrams alone decide.
    let mut about = model.metadata().clone();
    (about.settings.weights.grapheme, about.settings.weights.word) = (0.0, 1.0);
    let about = metadata::to_bytes(&about).expect("it has a form");
    with(&model, SectionKind::Metadata, about)
}

/// The model with another section of a kind.
fn with(model: &Model, kind: SectionKind, bytes: Vec<u8>) -> Model {
    let file = model.file();
    let writer =
        SectionKind::all().filter(|&k| k != kind).fold(ModelWriter::new(), |writer, kind| {
            match file.section(kind) {
                Some(bytes) => writer.owned_section(kind, bytes.to_vec()),
                None => writer,
            }
        });
    Model::from_bytes(writer.owned_section(kind, bytes).to_bytes()).expect("it opens")
}

/// The model in which `after` followed `before` just `count` times; nothing else is touched. The layout is the
/// one that `src/language/word_index.rs` draws.
fn with_count(model: &Model, before: &str, after: &str, count: u32) -> Model {
    let knowledge = model.knowledge().expect("it is sound");
    let id = |word| knowledge.vocabulary.id(word).expect("a known word").index() as usize;
    let mut bytes = model.file().section(SectionKind::WordNgrams).expect("it has words").to_vec();
    let words = knowledge.words.len();
    let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize;
    let (first, end) = (number(40 + 16 * id(before)), number(40 + 16 * (id(before) + 1)));
    let followers = 40 + 16 * (words + 1) + 3 * words;
    let row = (first..end)
        .map(|k| followers + 6 * k)
        .find(|&at| usize::from(bytes[at]) + 256 * usize::from(bytes[at + 1]) == id(after));
    let row = row.expect("the bigram is kept");
    bytes[row + 3..row + 6].copy_from_slice(&count.to_le_bytes()[..3]);
    with(model, SectionKind::WordNgrams, bytes)
}

/// The best reading of a line.
fn decoded(model: &Model, line: &str) -> String {
    let knowledge = model.knowledge().expect("it is sound");
    let mut observed = Observed::default();
    observed.read(line, knowledge.alphabet);
    let doubt = Doubt { floor: 20.0, calm: -1.0, quiet: -1.0, most: 20.0, ..Doubt::default() };
    let mut decoder = Decoder::default();
    let mut out = Vec::new();
    let mut at = 0;
    for edit in decoder.decode(&knowledge, &observed, &Beam { width: 64, doubt, ..Beam::default() }) {
        out.extend_from_slice(&observed.symbols[at..edit.at.start]);
        out.extend_from_slice(edit.intended.symbols());
        at = edit.at.end;
    }
    out.extend_from_slice(&observed.symbols[at..]);
    knowledge.alphabet.decode(&out)
}

/// What follows a word, with counts, as `amend inspect --after` lists it.
fn listed(model: &Model, word: &str) -> Vec<(String, u32)> {
    let found = model.successors(word).expect("it is sound").expect("a known word");
    found.into_iter().map(|p| (p.text, p.count)).collect()
}

#[test]
fn one_count_changes_the_listing_and_the_decoding() {
    let model = model();
    let pairs = |rows: &[(&str, u32)]| rows.iter().map(|&(w, n)| (w.to_owned(), n)).collect::<Vec<_>>();
    assert_eq!(listed(&model, "red"), pairs(&[("cat", 9), ("bat", 6)]));
    assert_eq!(decoded(&model, "the red xat"), "the red cat");
    assert_eq!(decoded(&model, "the old xat"), "the old bat");

    let other = with_count(&model, "red", "cat", 2);
    assert_eq!(listed(&other, "red"), pairs(&[("bat", 6), ("cat", 2)]));
    assert_eq!(decoded(&other, "the red xat"), "the red bat");
    assert_eq!(decoded(&other, "the old xat"), "the old bat", "other bigrams are as they were");
    let cost = |model: &Model| model.price_words("the red cat").expect("it is sound")[2].cost;
    assert!(cost(&other) > cost(&model), "--ngram prices it anew, too");
    // And back.
    assert_eq!(decoded(&with_count(&other, "red", "cat", 9), "the red xat"), "the red cat");
}
