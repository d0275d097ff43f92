//! Entries that a line may stand for, with what speaks for and against each.

use super::lexicon::{Near, NearScratch};
use super::misread::{LONGEST, Rows};
use super::store::Store;
use super::{KindCoverage, Query};
use crate::cost::Cost;

/// Entries taken from the index, and entries judged.
const NEAREST: usize = 16;
const NEAREST_OF_READING: usize = 4;
const NEAREST_CHANGED: usize = 8;
pub(super) const JUDGED: usize = 3;
/// Postings followed a query.
const POSTINGS: usize = 20_000;
/// What a nat of misreading weighs against one of frequency.
const MISREAD_WEIGHT: f32 = 0.7;

/// How many numbers describe a candidate.
pub(super) const FEATURES: usize = 43;

/// One entry that the line may stand for.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) entry: u32,
    /// How often this very line was corrected to it.
    pub(super) remembered: u32,
    pub(super) features: [f32; FEATURES],
    /// Log prior less cost of misreading, nats: the order before the judge's.
    score: f32,
    nats: f32,
    edits: u16,
    near: Option<Near>,
    /// The cheapest line that was corrected to it: cost of the query read as that line, and how often.
    by_example: Option<(f32, u32)>,
}

/// Working memory, reused from line to line.
#[derive(Debug, Default)]
pub struct Scratch {
    near: NearScratch,
    rows: Rows,
    found: Vec<Near>,
    query: Vec<char>,
    reading: Vec<char>,
    line: Vec<char>,
    pub(super) candidates: Vec<Candidate>,
}

/// Whether the line is known, was always left alone, and never meant anything else.
pub(super) fn is_settled(store: &Store<'_>, text: &str) -> bool {
    store.entries.id(text).is_some_and(|id| store.kept(id) >= 2) && store.changed.id(text).is_none()
}

/// Finds the candidates of `query`, best score first, at most [`JUDGED`] of them; left in `scratch.candidates`.
pub(super) fn gather(
    store: &Store<'_>,
    query: &Query<'_>,
    kind: Option<&KindCoverage>,
    scratch: &mut Scratch,
) {
    scratch.candidates.clear();
    scratch.query.clear();
    scratch.query.extend(query.text.chars());
    if scratch.query.is_empty() || scratch.query.len() > LONGEST {
        return;
    }
    let reading = query.reading.filter(|&r| r != query.text);
    scratch.reading.clear();
    scratch.reading.extend(reading.unwrap_or("").chars());

    let Scratch { near, rows, found, query: text, reading: read, line, candidates } = scratch;
    let itself = store.entries.id(query.text);
    store.misread.begin(text, rows);
    let mut add = |entry: u32, change: &mut dyn FnMut(&mut Candidate)| {
        if Some(entry) == itself || store.entries.text(entry).is_none() {
            return;
        }
        if let Some(old) = candidates.iter_mut().find(|c| c.entry == entry) {
            return change(old);
        }
        let mut new = Candidate {
            entry,
            remembered: 0,
            features: [f32::NAN; FEATURES],
            score: 0.0,
            nats: 0.0,
            edits: 0,
            near: None,
            by_example: None,
        };
        change(&mut new);
        candidates.push(new);
    };

    let remembered = store.changed.id(query.text);
    let mut remembered_all = 0;
    for link in remembered.into_iter().flat_map(|id| store.links(id)) {
        remembered_all += link.count;
        add(link.entry, &mut |c| c.remembered = link.count);
    }
    found.clear();
    store.entries.near(text, NEAREST, POSTINGS, near, found);
    let unknown = near.unknown;
    for &one in found.iter() {
        add(one.id, &mut |c| c.near = Some(one));
    }
    found.clear();
    store.changed.near(text, NEAREST_CHANGED, POSTINGS, near, found);
    for one in found.iter() {
        line.clear();
        line.extend(store.changed.text(one.id).unwrap_or("").chars());
        let Some(like) = store.misread.compare(text, line, rows) else { continue };
        for link in store.links(one.id) {
            add(link.entry, &mut |c| {
                let better = c.by_example.is_none_or(|(nats, n)| (like.nats, n) < (nats, link.count));
                if better {
                    c.by_example = Some((like.nats, link.count));
                }
            });
        }
    }
    let read_entry = reading.and_then(|r| store.entries.id(r));
    if reading.is_some() {
        if let Some(id) = read_entry {
            add(id, &mut |_| ());
        }
        found.clear();
        store.entries.near(read, NEAREST_OF_READING, POSTINGS, near, found);
        for one in found.iter() {
            add(one.id, &mut |_| ());
        }
    }

    for c in candidates.iter_mut() {
        line.clear();
        line.extend(store.entries.text(c.entry).unwrap_or("").chars());
        let Some(like) = store.misread.compare(text, line, rows) else {
            c.score = f32::NEG_INFINITY;
            continue;
        };
        (c.nats, c.edits) = (like.nats, like.edits);
        let prior = log(store.count(c.entry), 0.5);
        c.score = prior - MISREAD_WEIGHT * like.nats;
        if let Some((nats, count)) = c.by_example {
            c.score = c.score.max(log(count, 0.5) + 1.0 - MISREAD_WEIGHT * nats);
        }
        if c.remembered > 0 {
            c.score = c.score.max(log(c.remembered, 0.5) + 2.0);
        }
    }
    candidates.retain(|c| c.score.is_finite());
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.entry.cmp(&b.entry)));
    describe(store, query, kind, &About { itself, remembered_all, unknown, reading, read_entry }, scratch);
}

/// What holds for the query, whatever the candidate.
struct About<'q> {
    itself: Option<u32>,
    remembered_all: u32,
    unknown: (f32, f32),
    reading: Option<&'q str>,
    read_entry: Option<u32>,
}

fn describe(
    store: &Store<'_>,
    query: &Query<'_>,
    kind: Option<&KindCoverage>,
    about: &About<'_>,
    scratch: &mut Scratch,
) {
    let Scratch { rows, query: text, reading: read, line, candidates, .. } = scratch;
    let scores: Vec<(f32, u32)> = candidates.iter().map(|c| (c.score, c.entry)).collect();
    let best = scores.first().map_or(0.0, |s| s.0);
    let mass: f32 = scores.iter().map(|s| likelihood(s.0 - best)).sum();
    let holders: Vec<u32> = candidates
        .iter()
        .filter(|c| store.entries.text(c.entry).is_some_and(|t| t.contains(query.text)))
        .map(|c| store.count(c.entry))
        .collect();
    let held = holders.iter().sum::<u32>();
    candidates.truncate(JUDGED);
    if !read.is_empty() {
        store.misread.begin(read, rows);
    }
    let n = text.len() as f32;
    let share = |of: &dyn Fn(char) -> bool, chars: &[char]| {
        chars.iter().filter(|&&c| of(c)).count() as f32 / chars.len().max(1) as f32
    };
    for (rank, c) in candidates.iter_mut().enumerate() {
        let entry = store.entries.text(c.entry).unwrap_or("");
        line.clear();
        line.extend(entry.chars());
        let m = line.len() as f32;
        let longer = n.max(m);
        let prefix = text.iter().zip(line.iter()).take_while(|(a, b)| a == b).count() as f32;
        let suffix = text.iter().rev().zip(line.iter().rev()).take_while(|(a, b)| a == b).count() as f32;
        let second = scores.iter().find(|s| s.1 != c.entry).map_or(f32::NAN, |s| c.score - s.0);
        let count = store.count(c.entry);
        let read_as = if read.is_empty() { None } else { store.misread.compare(read, line, rows) };
        let example = c.by_example;
        c.features = [
            n,
            m,
            m - n,
            c.nats,
            c.nats / longer,
            f32::from(c.edits),
            f32::from(c.edits) / longer,
            prefix / n,
            suffix / n,
            (prefix + suffix).min(n.min(m)) / longer,
            number(entry.contains(query.text)),
            number(query.text.contains(entry)),
            c.near.map_or(f32::NAN, |x| x.of_query),
            c.near.map_or(f32::NAN, |x| x.of_line),
            log(count, 1.0),
            log(store.kept(c.entry), 1.0),
            store.kept(c.entry) as f32 / count.max(1) as f32,
            about.itself.map_or(-1.0, |id| log(store.count(id), 1.0)),
            about.itself.map_or(-1.0, |id| log(store.kept(id), 1.0)),
            log(about.remembered_all, 1.0),
            log(c.remembered, 1.0),
            c.remembered as f32 / (about.remembered_all + about.itself.map_or(0, |id| store.kept(id))) as f32,
            example.map_or(f32::NAN, |e| e.0),
            example.map_or(f32::NAN, |e| e.0 / n),
            example.map_or(f32::NAN, |e| log(e.1, 1.0)),
            likelihood(c.score - best) / mass,
            c.score,
            second,
            rank as f32,
            scores.iter().filter(|s| s.0 > best - 3.0).count() as f32,
            holders.len() as f32,
            if entry.contains(query.text) { count as f32 / held.max(1) as f32 } else { f32::NAN },
            about.unknown.0,
            about.unknown.1,
            share(&|c| c.is_ascii_digit(), text),
            share(&|c| c.is_ascii_alphabetic(), text),
            share(&is_ideograph, text),
            share(&is_ideograph, text) - share(&is_ideograph, line),
            number(digits_agree(query.text, entry)),
            kind.map_or(f32::NAN, |k| k.known),
            match (kind.map(|k| k.number), store.kind(c.entry)) {
                (Some(a), Some(b)) => number(a == b),
                _ => f32::NAN,
            },
            about.reading.map_or(f32::NAN, |r| {
                number(r == entry) + if about.read_entry.is_some() { 0.5 } else { 0.0 }
            }),
            read_as.map_or(f32::NAN, |r| f32::from(r.edits) / longer),
        ];
    }
}

fn log(count: u32, more: f32) -> f32 {
    -Cost::of_probability(f64::from(count) + f64::from(more)).nats()
}

#[allow(clippy::cast_possible_truncation, reason = "a feature needs no more digits")]
fn likelihood(score: f32) -> f32 {
    Cost::new(-score).probability() as f32
}

fn number(yes: bool) -> f32 {
    f32::from(u8::from(yes))
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Whether no digit becomes another one: the digits of one line are those of the other, some perhaps left out.
pub(super) fn digits_agree(a: &str, b: &str) -> bool {
    let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<Vec<_>>();
    let (a, b) = (digits(a), digits(b));
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let mut rest = long.iter();
    short.iter().all(|d| rest.any(|l| l == d))
}
