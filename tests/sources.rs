//! Two sources that contradict each other: one transcribes words broken at line ends as they stand, the other joins
//! them. A model that was learned from both does neither's harm to the other.

use std::sync::OnceLock;

use amend::guard::Kind;
use amend::model::{Beam, Doubt, Settings};
use amend::{Corrector, Learner, Line, Model, Pair};

const WORDS: [&str; 24] = [
    "the", "old", "ship", "came", "into", "port", "and", "with", "her", "cargo", "of", "wool", "from",
    "south", "they", "found", "many", "hands", "ready", "at", "dawn", "that", "was", "there",
];
/// Long words are two of the first and one of the second; a line may break them before that.
const FIRST: [&str; 16] = [
    "bal", "ben", "bor", "bul", "dal", "den", "dor", "dul", "gral", "gren", "gror", "grul", "mal", "men",
    "mor", "mul",
];
const LAST: [&str; 6] = ["tion", "ment", "ster", "dom", "ling", "ward"];

/// How a source writes.
#[derive(Clone, Copy, PartialEq)]
enum Source {
    /// Sentences; broken words stay broken.
    Keeps,
    /// Headings without stops; broken words are joined.
    Joins,
    /// Lists of figures and prices, never learned from; broken words stay broken.
    Strange,
}

/// The eight lines of a document: observed, intended.
fn document(source: Source, number: usize) -> Vec<(String, String)> {
    let mut state = (number as u64 + 1) * 0x9E37_79B9 + source as u64;
    let mut draw = move |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    let line = |_| {
        let mut words: Vec<String> = (0..6).map(|_| WORDS[draw(WORDS.len())].to_owned()).collect();
        let (one, two, last) = (draw(FIRST.len()), draw(FIRST.len()), draw(LAST.len()));
        words.insert(1 + draw(5), format!("{}{}- {}", FIRST[one], FIRST[two], LAST[last]));
        let text = match source {
            Source::Keeps => {
                let text = words.join(" ");
                format!("{}{}.", text[..1].to_uppercase(), &text[1..])
            }
            Source::Joins => words.join(" "),
            Source::Strange => {
                format!("({}) {} @ {}/{} & Co;", draw(99), words.join(", "), draw(99), draw(12))
            }
        };
        let misread = |text: &str, yes: bool| {
            if yes { text.replace("th", "tb").replace("an", "au") } else { text.to_owned() }
        };
        let observed = misread(&text, draw(3) == 0);
        let intended = if source == Source::Joins { text.replace("- ", "") } else { text };
        (observed, intended)
    };
    (0..8).map(line).collect()
}

/// Learned from forty documents of each of the first two.
fn corrector() -> &'static Corrector {
    static LEARNED: OnceLock<Corrector> = OnceLock::new();
    LEARNED.get_or_init(|| {
        let sources = [(0, Source::Keeps), (1, Source::Joins)];
        let documents = sources.iter().flat_map(|own| (0..40).map(move |number| (own, number)));
        let pairs = documents.flat_map(|(&(source, style), number)| {
            document(style, number).into_iter().map(move |(observed, intended)| {
                let document = format!("{source}/{number}");
                Pair { observed, intended, document, source, ..Pair::default() }
            })
        });
        // Right text, in which no word is broken.
        let text = (1_000..1_300).flat_map(|number| document(Source::Joins, number)).map(|row| row.1);
        // Every token is searched, so that as much as can be is the guard's to decide.
        let doubt = Doubt { calm: 0.0, quiet: 0.0, ..Doubt::default() };
        let beam = Beam { doubt, ..Beam::default() };
        let learner = Learner {
            pairs: pairs.collect(),
            texts: vec![text.collect::<Vec<_>>().join("\n")],
            settings: Some(Settings { beam, ..Settings::default() }),
            harm_limit: Some(0.02),
            ..Learner::default()
        };
        let bytes = learner.learn().expect("enough to learn from").0;
        Corrector::new(Model::from_bytes(bytes).expect("it opens")).expect("its guard is sound")
    })
}

/// Of twenty documents that it never saw: how many broken words the search would join, and how many are joined.
fn joins(source: Source) -> (usize, usize) {
    let mut found = (0, 0);
    for rows in (100..120).map(|number| document(source, number)) {
        let lines: Vec<Line<'_>> = rows.iter().map(|(observed, _)| Line::new(observed)).collect();
        for explained in corrector().worker().explain_document(&lines) {
            let own = explained.decisions.iter().filter(|d| d.proposal.rank == 0);
            found.0 += own.filter(|d| d.proposal.kind == Kind::Hyphen).count();
            found.1 += usize::from(!explained.correction.text().contains("- "));
        }
    }
    found
}

#[test]
fn each_source_keeps_its_habit() {
    let (proposed, joined) = joins(Source::Joins);
    assert!(joined >= 20 && 10 * joined >= 9 * proposed, "{joined} of {proposed} joined");
    let (proposed, joined) = joins(Source::Keeps);
    assert!(proposed >= 20 && joined == 0, "{joined} of {proposed} joined");
}

#[test]
fn a_stranger_keeps_what_may_be_its_habit() {
    let (proposed, joined) = joins(Source::Strange);
    assert!(proposed >= 20 && joined == 0, "{joined} of {proposed} joined");
}
