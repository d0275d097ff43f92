//! A model of a few kilobytes, damaged in every way, opened without `verify` and used: refused or harmless. Never a
//! panic, a hang, a huge allocation.

mod support;

use std::alloc::System;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, OnceLock};

use amend::entries::{Query, Scratch};
use amend::guard::{Surveyor, features};
use amend::model::{ModelFile, ModelWriter, SectionKind};
use amend::rules::listing;
use amend::{Corrector, Learner, Line, Model, Pair};
use cap::Cap;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

#[global_allocator]
static ALLOCATED: Cap<System> = Cap::new(System, usize::MAX);

/// Most bytes that all threads of this test may hold together.
const MOST: usize = 64 << 20;

/// Lines that go through every part: misreadings, known entries, digits, an address, graphemes nobody counted.
const LINES: [&str; 4] = [
    "Grace Kimear, Head of Imovation",
    "71 Tumer Street",
    "g.kimear@imova.example — ζ 東",
    "the rneeting at 1O",
];

/// A whole model of at most 40 kB with every section that learning writes.
fn small() -> Vec<u8> {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(learned).clone()
}

fn learned() -> Vec<u8> {
    let mut pairs: Vec<Pair> = support::feedback().into_iter().take(60).collect();
    // Short entries that come again and again, so that pair memory and known entries pay.
    let names =
        ["Grace Kinnear", "Turner Street", "Anna Lomas", "Hanna Bonner", "Inner Court", "Penny Tanner"];
    for (at, name) in (0..120).map(|at| (at, names[at % names.len()])) {
        let observed = match at % 5 {
            0 | 1 => name.replace("nn", "m"),
            2 => name.replace("rn", "m").replace('o', "0"),
            _ => name.to_owned(),
        };
        let (intended, document, kind) =
            (name.to_owned(), format!("card-{}", at / 3), Some("name".to_owned()));
        pairs.push(Pair { observed, intended, document, kind, ..Pair::default() });
    }
    let known = vec!["Turner Street".to_owned(), "Grace Kinnear".to_owned()];
    let learner =
        Learner { pairs, known, size: Some(12_000), name: "small".to_owned(), ..Learner::default() };
    let bytes = learner.learn().expect("enough to learn from").0;
    assert!(bytes.len() <= 64 << 10, "{} bytes", bytes.len());
    bytes
}

/// What happened to a use.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    Refused,
    Harmless,
}

/// Opens and asks everything that one can ask, without `verify`.
fn use_all(bytes: Vec<u8>) -> Outcome {
    let Ok(model) = Model::from_bytes(bytes) else { return Outcome::Refused };
    let Ok(corrector) = Corrector::new(model) else { return Outcome::Refused };
    // Whatever the guard says passes, so that naming and alternatives are asked, too.
    let corrector = corrector.harm_limit(Some(1.0));
    let model = corrector.model();
    let mut worker = corrector.worker();
    let lines: Vec<Line<'_>> =
        LINES.iter().map(|text| Line { kind: Some("name"), ..Line::new(text) }).collect();
    for (correction, line) in worker.correct_document(&lines).iter().zip(&lines) {
        assert!(correction.text().len() < line.text.len() + 1000);
    }
    if let Ok(knowledge) = model.knowledge() {
        let survey = Surveyor::default().survey(&knowledge, &model.metadata().settings.beam, &lines);
        let mined = model.rules();
        for (at, proposal) in survey.proposals.iter().enumerate() {
            let _ = features(&knowledge, &survey, &lines, at);
            let _ = mined.naming_each(lines[proposal.line].text, proposal.span, &proposal.intended);
        }
        assert!(knowledge.channel.rows().map(|row| row.1.len()).sum::<usize>() < 100_000);
        let _ = knowledge.channel.is_sound();
    }
    for word in ["the", "head"] {
        let _ = model.successors(word);
    }
    let _ = (model.price_words(LINES[0]), model.price_graphemes(LINES[0]), model.readings("m"));
    assert!(model.rules().iter().map(|rule| rule.to_string().len()).sum::<usize>() < 1 << 20);
    let _ = listing(model.hand_rules(), &model.rules(), 100);
    if let Some(entries) = model.entries(1.0) {
        let mut scratch = Scratch::default();
        for text in LINES {
            let _ = entries.propose(&Query { text, reading: Some(text), kind: Some("name") }, &mut scratch);
        }
    }
    Outcome::Harmless
}

/// Damages at so many places, uses every damaged model, and gives how many were refused and how many harmless; fails
/// with all that were neither.
fn try_all(places: usize, damage: impl Fn(usize) -> Vec<(String, Vec<u8>)> + Sync) -> (usize, usize) {
    let failures = Mutex::new(Vec::new());
    let count = |(name, bytes): (String, Vec<u8>)| {
        let outcome = catch_unwind(AssertUnwindSafe(|| use_all(bytes)));
        let most = ALLOCATED.max_allocated();
        let told = match outcome {
            Err(_) => Some(format!("{name}: a panic")),
            Ok(_) if most > MOST => Some(format!("{name}: {most} bytes at a time, here or just before")),
            Ok(Outcome::Refused) => return (1, 0),
            Ok(Outcome::Harmless) => return (0, 1),
        };
        failures.lock().expect("no panic while it is held").extend(told);
        (0, 0)
    };
    let add = |a: (usize, usize), b: (usize, usize)| (a.0 + b.0, a.1 + b.1);
    let sum = (0..places)
        .into_par_iter()
        .map(|place| damage(place).into_iter().map(count).fold((0, 0), add))
        .reduce(|| (0, 0), add);
    let failures = failures.into_inner().expect("no panic while it was held");
    assert!(failures.is_empty(), "{} damages: {:#?}", failures.len(), &failures[..failures.len().min(20)]);
    sum
}

/// Writes the header's checksum anew, as somebody would who forges a file.
fn forge(bytes: &mut [u8]) {
    let rows = u32::from_le_bytes(bytes[12..16].try_into().expect("four bytes")) as usize;
    let end = (32 + rows * 32).min(bytes.len());
    bytes[24..32].fill(0);
    let checksum = xxh3_64(&bytes[..end]);
    bytes[24..32].copy_from_slice(&checksum.to_le_bytes());
}

/// The file's sections, one of them replaced.
fn with(file: &ModelFile, kind: SectionKind, bytes: &[u8]) -> Vec<u8> {
    let writer = SectionKind::all().fold(ModelWriter::new(), |writer, other| match file.section(other) {
        Some(_) if other == kind => writer.owned_section(kind, bytes.to_vec()),
        Some(own) => writer.owned_section(other, own.to_vec()),
        None => writer,
    });
    writer.to_bytes()
}

/// Where the first section begins.
fn first_section(bytes: &[u8]) -> usize {
    let file = ModelFile::from_bytes(bytes.to_vec()).expect("it opens");
    let first = file.sections().iter().map(|s| s.offset).min().expect("there are sections");
    usize::try_from(first).expect("it lies in the file")
}

#[test]
fn the_sample_is_whole_and_has_every_section() {
    let bytes = small();
    let file = ModelFile::from_bytes(bytes.clone()).expect("it opens");
    file.verify().expect("nothing is wrong with it");
    let lacks: Vec<String> = SectionKind::all()
        .filter(|&kind| !matches!(kind, SectionKind::Events | SectionKind::EventCounts))
        .filter(|&kind| file.section(kind).is_none_or(<[u8]>::is_empty))
        .map(|kind| kind.to_string())
        .collect();
    assert!(lacks.is_empty(), "{lacks:?}");
    assert_eq!(use_all(bytes), Outcome::Harmless);
}

/// Bodies: `open` does not look at their checksums, so that what reads them has to bear anything.
#[test]
fn every_byte_of_every_section_may_be_another() {
    let bytes = small();
    let start = first_section(&bytes);
    let (_, harmless) = try_all(bytes.len() - start, |at| {
        let at = start + at;
        // One way a byte, in turn: all ways at each would take minutes.
        let pattern = [0x01, 0x80, 0xFF, 0x10, 0x04][at % 5];
        let mut changed = bytes.clone();
        changed[at] ^= pattern;
        vec![(format!("byte {at} xor {pattern:#04x}"), changed)]
    });
    assert!(harmless > bytes.len() / 2, "most of them open: {harmless}");
}

/// Lengths, offsets and counts stand at the front of a section.
#[test]
fn the_first_bytes_of_every_section_may_be_anything() {
    let bytes = small();
    let file = ModelFile::from_bytes(bytes.clone()).expect("it opens");
    for section in file.sections() {
        let start = usize::try_from(section.offset).expect("it lies in the file");
        let length = usize::try_from(section.length).expect("it lies in the file").min(64);
        try_all(length, |at| {
            let put = |value: u8| {
                let mut changed = bytes.clone();
                changed[start + at] = value;
                (format!("{section}: byte {at} = {value:#04x}"), changed)
            };
            let mut damages: Vec<_> = (0..8).map(|bit| put(bytes[start + at] ^ (1 << bit))).collect();
            damages.extend([0, 1, 0x7F, 0xFE, 0xFF].map(put));
            // Four bytes at once: the greatest numbers.
            let mut wide = bytes.clone();
            let end = (start + at + 4).min(wide.len());
            wide[start + at..end].fill(0xFF);
            damages.push((format!("{section}: bytes from {at} = 0xff"), wide));
            damages
        });
    }
}

#[test]
fn every_byte_of_header_and_table_is_held() {
    let bytes = small();
    let start = first_section(&bytes);
    let changed = |at: usize, sealed: bool| {
        let flip = |pattern: u8| {
            let mut changed = bytes.clone();
            changed[at] ^= pattern;
            if sealed {
                forge(&mut changed);
            }
            (format!("byte {at} xor {pattern:#04x}"), changed)
        };
        (0..8).map(|bit| flip(1 << bit)).chain([flip(0xFF)]).collect::<Vec<_>>()
    };
    let rows = ModelFile::from_bytes(bytes.clone()).expect("it opens").sections().len();
    let held = 32 + 32 * rows;
    assert_eq!(try_all(held, |at| changed(at, false)).1, 0, "the checksum holds header and table");
    // With the checksum forged, what can be told apart is refused, and the rest has to be harmless.
    try_all(start, |at| changed(at, true));
}

#[test]
fn cut_anywhere_it_is_refused() {
    let bytes = small();
    let (refused, harmless) =
        try_all(bytes.len(), |length| vec![(format!("cut at {length}"), bytes[..length].to_vec())]);
    assert_eq!((refused, harmless), (bytes.len(), 0));
}

/// A section cut, and the file sealed as if it had been written so.
#[test]
fn a_section_may_be_cut() {
    let file = ModelFile::from_bytes(small()).expect("it opens");
    for kind in SectionKind::all() {
        let Some(section) = file.section(kind) else { continue };
        // Every length where heads and tables stand, then some.
        let lengths: Vec<usize> = (0..section.len()).filter(|n| *n < 200 || n % 11 == 0).collect();
        try_all(lengths.len(), |at| {
            let length = lengths[at];
            vec![(format!("{kind} cut at {length}"), with(&file, kind, &section[..length]))]
        });
        // Longer than it should be, by what looks like more of the same.
        let longer = [section, &section[section.len() / 2..]].concat();
        try_all(1, |_| vec![(format!("{kind} longer"), with(&file, kind, &longer))]);
    }
}

/// Damages that come together: whole runs of bytes, the same ones every time.
#[test]
fn runs_of_bytes_may_be_anything() {
    let bytes = small();
    let start = first_section(&bytes);
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random >> 33).expect("31 bits")
    };
    let plans: Vec<(usize, usize, Vec<u8>)> = (0..3000)
        .map(|_| {
            let (at, length) = (start + next() % (bytes.len() - start), 1 + next() % 200);
            let fill: Vec<u8> = (0..length).map(|_| next().to_le_bytes()[0]).collect();
            (at, length, fill)
        })
        .collect();
    try_all(plans.len(), |k| {
        let (at, length, fill) = &plans[k];
        let mut changed = bytes.clone();
        let end = (at + length).min(changed.len());
        changed[*at..end].copy_from_slice(&fill[..end - at]);
        vec![(format!("{length} bytes from {at}"), changed)]
    });
}
