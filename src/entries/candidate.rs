//! Entries that a line may stand for.

use super::features::{FEATURES, describe};
use super::lexicon::{Near, NearScratch};
use super::misread::{Comparison, LONGEST, Rows};
use super::store::Store;
use super::{KindCoverage, Query};
use crate::cost::{exp, ln, narrow};

/// Entries like the line that are compared with it.
const NEAREST: usize = 16;
/// Entries like what the character search made of it.
const NEAREST_TO_READING: usize = 4;
/// Corrected lines like the line, each of which names some entries.
const NEAREST_CHANGED: usize = 16;
/// Entries taken from one corrected line: from the very line, from one like it.
const REMEMBERED: usize = 16;
const NAMED: usize = 4;
/// Candidates left for the judge.
pub(super) const JUDGED: usize = 5;
/// Postings followed at each search of an index.
const POSTINGS: usize = 20_000;
/// Cells of comparison tables filled for a query: bounds its time where lines are long.
const CELLS: usize = 60_000;
/// What a nat of misreading weighs against one of frequency.
const MISREAD_WEIGHT: f32 = 0.6;
/// What one weighs in the votes of corrected lines: they are only like, so that distance says less.
const VOTE_WEIGHT: f32 = 0.3;

/// One entry that the line may stand for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) entry: u32,
    /// How often this very line was corrected to it.
    pub(super) remembered: u32,
    /// Log frequency less cost of misreading, nats: the order before the judge's.
    pub(super) score: f32,
    /// Cost of the line as a misreading of the entry, nats.
    pub(super) nats: f32,
    /// Levenshtein distance, characters.
    pub(super) edits: u16,
    /// What the index said.
    pub(super) near: Option<Near>,
    /// The nearest line that was corrected to it: cost of reading one as the other, and how often.
    pub(super) example: Option<(f32, u32)>,
    /// All such lines, each by its likelihood and how often.
    pub(super) votes: f32,
    /// The same comparison for what the character search made of the line.
    pub(super) of_reading: Option<Comparison>,
}

/// Working memory, reused from line to line.
#[derive(Debug, Default)]
pub struct Scratch {
    near: NearScratch,
    found: Vec<Near>,
    /// How many entries hold each gram of the query.
    intended: Vec<u32>,
    pub(super) rows: Rows,
    pub(super) query: Vec<char>,
    pub(super) reading: Vec<char>,
    pub(super) line: Vec<char>,
    /// All candidates, best score first; the first [`JUDGED`] of them have features.
    pub(super) candidates: Vec<Candidate>,
    pub(super) features: Vec<[f32; FEATURES]>,
    pub(super) judged: Vec<(f32, usize)>,
}

/// What holds for the query, whatever the candidate.
pub(super) struct About<'q> {
    /// The query as an entry.
    pub(super) itself: Option<u32>,
    /// How often the query was corrected.
    pub(super) remembered: u32,
    /// Shares of its characters, and of its pairs of neighbours, that no entry holds.
    pub(super) unknown: (f32, f32),
    /// How much its grams look like those of corrected lines: on average, and the most so; log odds.
    pub(super) strange: (f32, f32),
    /// What the character search made of it.
    pub(super) reading: Option<&'q str>,
    /// Whether that is an entry.
    pub(super) is_reading_known: bool,
    pub(super) kind: Option<&'q KindCoverage>,
}

/// Whether the line is known, was always left alone, and never meant anything else.
pub(super) fn is_settled(store: &Store<'_>, text: &str) -> bool {
    store.entries.id(text).is_some_and(|id| store.kept(id) >= 2) && store.changed.id(text).is_none()
}

/// Finds the candidates of `query` and describes the best of them: `scratch.candidates`, `scratch.features`.
pub(super) fn gather(
    store: &Store<'_>,
    query: &Query<'_>,
    kind: Option<&KindCoverage>,
    scratch: &mut Scratch,
) {
    scratch.candidates.clear();
    scratch.features.clear();
    scratch.query.clear();
    scratch.query.extend(query.text.chars().take(LONGEST + 1));
    if scratch.query.is_empty() || scratch.query.len() > LONGEST {
        return;
    }
    scratch.reading.clear();
    scratch.reading.extend(query.reading.unwrap_or("").chars().take(LONGEST + 1));
    let mut about = About {
        itself: store.entries.id(query.text),
        remembered: 0,
        unknown: (0.0, 0.0),
        strange: (0.0, 0.0),
        reading: query.reading,
        is_reading_known: false,
        kind,
    };
    scratch.rows.left = CELLS;
    store.misread.begin(&scratch.query, &mut scratch.rows);
    remember(store, query, &mut about, scratch);
    look_up(store, query, &mut about, scratch);
    compare(store, query, &about, scratch);
    describe(store, query, &about, scratch);
}

/// Names what the very line, and lines like it, were corrected to, and the entries like it.
fn remember(store: &Store<'_>, query: &Query<'_>, about: &mut About<'_>, scratch: &mut Scratch) {
    let Scratch { near, rows, found, intended, query: text, line, candidates, .. } = scratch;
    for (at, link) in store.changed.id(query.text).into_iter().flat_map(|id| store.links(id)).enumerate() {
        about.remembered = about.remembered.saturating_add(link.count);
        if at < REMEMBERED {
            add(candidates, link.entry, |c| c.remembered = link.count);
        }
    }
    found.clear();
    store.entries.near(text, NEAREST, POSTINGS, near, found);
    about.unknown = near.unknown;
    std::mem::swap(intended, &mut near.holders);
    for &one in found.iter() {
        add(candidates, one.id, |c| c.near = Some(one));
    }
    found.clear();
    store.changed.near(text, NEAREST_CHANGED, POSTINGS, near, found);
    about.strange = strangeness(intended, &near.holders);
    for one in found.iter() {
        line.clear();
        line.extend(store.changed.text(one.id).unwrap_or("").chars());
        let Some(like) = store.misread.compare(text, line, rows) else { continue };
        for link in store.links(one.id).take(NAMED) {
            add(candidates, link.entry, |c| {
                c.votes += likelihood(-VOTE_WEIGHT * like.nats) * link.count as f32;
                if c.example.is_none_or(|(nats, count)| (like.nats, link.count) < (nats, count)) {
                    c.example = Some((like.nats, link.count));
                }
            });
        }
    }
}

/// Log odds of a gram in corrected lines against one in entries, for a query's grams: mean and greatest.
fn strangeness(intended: &[u32], corrected: &[u32]) -> (f32, f32) {
    let odds = intended.iter().zip(corrected).map(|(&right, &wrong)| log(wrong, 0.5) - log(right, 0.5));
    let (mut sum, mut most) = (0.0, f32::NEG_INFINITY);
    for odds in odds {
        sum += odds;
        most = most.max(odds);
    }
    (sum / intended.len().max(1) as f32, most)
}

/// Names the entries like what the character search made of the line.
fn look_up(store: &Store<'_>, query: &Query<'_>, about: &mut About<'_>, scratch: &mut Scratch) {
    let Some(read) = query.reading.filter(|&r| r != query.text) else { return };
    let Scratch { near, found, reading, candidates, .. } = scratch;
    if let Some(id) = store.entries.id(read) {
        about.is_reading_known = true;
        add(candidates, id, |_| ());
    }
    found.clear();
    store.entries.near(reading, NEAREST_TO_READING, POSTINGS, near, found);
    for one in found.iter() {
        add(candidates, one.id, |_| ());
    }
}

/// Compares each candidate with the line, and with its reading; drops the line itself and what is no entry.
fn compare(store: &Store<'_>, query: &Query<'_>, about: &About<'_>, scratch: &mut Scratch) {
    let Scratch { rows, query: text, reading, line, candidates, .. } = scratch;
    candidates.retain_mut(|c| {
        let Some(entry) = store.entries.text(c.entry).filter(|_| Some(c.entry) != about.itself) else {
            return false;
        };
        line.clear();
        line.extend(entry.chars());
        let Some(like) = store.misread.compare(text, line, rows) else { return false };
        (c.nats, c.edits) = (like.nats, like.edits);
        c.score = log(store.count(c.entry), 0.5) - MISREAD_WEIGHT * like.nats;
        if let Some((nats, count)) = c.example {
            c.score = c.score.max(log(count, 0.5) + 1.0 - MISREAD_WEIGHT * nats);
        }
        if c.remembered > 0 {
            c.score = c.score.max(log(c.remembered, 0.5) + 2.0);
        }
        c.score.is_finite()
    });
    if query.reading.is_some_and(|r| r != query.text) {
        store.misread.begin(reading, rows);
        for c in candidates.iter_mut() {
            line.clear();
            line.extend(store.entries.text(c.entry).unwrap_or("").chars());
            c.of_reading = store.misread.compare(reading, line, rows);
            if let Some(like) = c.of_reading {
                c.score = c.score.max(log(store.count(c.entry), 0.5) - 1.0 - MISREAD_WEIGHT * like.nats);
            }
        }
    }
    candidates.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.entry.cmp(&b.entry)));
}

/// Notes something of a candidate, which is new or was named before.
fn add(candidates: &mut Vec<Candidate>, entry: u32, note: impl FnOnce(&mut Candidate)) {
    if let Some(old) = candidates.iter_mut().find(|c| c.entry == entry) {
        return note(old);
    }
    let mut new = Candidate {
        entry,
        remembered: 0,
        score: 0.0,
        nats: 0.0,
        edits: 0,
        near: None,
        example: None,
        votes: 0.0,
        of_reading: None,
    };
    note(&mut new);
    candidates.push(new);
}

/// ln(count + more).
pub(super) fn log(count: u32, more: f32) -> f32 {
    narrow(ln(f64::from(count) + f64::from(more)))
}

/// exp(score).
pub(super) fn likelihood(score: f32) -> f32 {
    narrow(exp(f64::from(score)))
}

/// Whether no digit becomes another one: the digits of one line are those of the other, some perhaps left out.
pub(super) fn digits_agree(a: &str, b: &str) -> bool {
    let digits = |s: &'_ str| s.bytes().filter(u8::is_ascii_digit).count();
    let (short, long) = if digits(a) < digits(b) { (a, b) } else { (b, a) };
    let mut rest = long.bytes();
    short.bytes().filter(u8::is_ascii_digit).all(|d| rest.any(|l| l == d))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grams_of_corrected_lines_are_strange() {
        let (mean, most) = strangeness(&[0, 4], &[4, 0]);
        assert!(mean.abs() < 1e-6 && (most - 2.197_225).abs() < 1e-5, "ln 9 either way");
        assert!(strangeness(&[9, 9], &[0, 1]).1 < 0.0);
    }

    #[test]
    fn digits_may_be_lost_but_not_changed() {
        for (a, b, agree) in [
            ("", "", true),
            ("No 7", "No. 7", true),
            ("No 7", "No 9", false),
            ("12", "1 3 2", true),
            ("21", "12", false),
        ] {
            assert_eq!((digits_agree(a, b), digits_agree(b, a)), (agree, agree), "{a} {b}");
        }
    }
}
