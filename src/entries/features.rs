//! What speaks for and against a candidate, in numbers. NaN: not known.

use super::Scratch;
use super::candidate::{About, Candidate, JUDGED, likelihood, log};
use super::store::Store;
use super::{KindCoverage, Query};

/// How many numbers describe a candidate.
pub(super) const FEATURES: usize = 52;

/// What all candidates of a query say together.
struct Field {
    best: f32,
    mass: f32,
    votes: f32,
    /// Candidates that hold the query whole, and how often those were intended.
    holders: f32,
    held: f32,
}

/// Describes the best [`JUDGED`] of `scratch.candidates` in `scratch.features`.
pub(super) fn describe(store: &Store<'_>, query: &Query<'_>, about: &About<'_>, scratch: &mut Scratch) {
    let Scratch { query: text, line, candidates, features, .. } = scratch;
    let best = candidates.first().map_or(0.0, |c| c.score);
    let mut field = Field { best, mass: 0.0, votes: 0.0, holders: 0.0, held: 0.0 };
    for c in candidates.iter() {
        field.mass += likelihood(c.score - best);
        field.votes += c.votes;
        if store.entries.text(c.entry).is_some_and(|t| t.contains(query.text)) {
            field.holders += 1.0;
            field.held += store.count(c.entry) as f32;
        }
    }
    let is_read_otherwise = query.reading.is_some_and(|r| r != query.text);
    for (rank, c) in candidates.iter().enumerate().take(JUDGED) {
        let entry = store.entries.text(c.entry).unwrap_or("");
        line.clear();
        line.extend(entry.chars());
        let from_reading = [
            about.reading.map_or(f32::NAN, |r| match r {
                _ if r == query.text => -1.0,
                _ if r == entry => 1.0,
                _ => 0.0,
            }),
            if is_read_otherwise { number(about.is_reading_known) } else { f32::NAN },
            c.of_reading.map_or(f32::NAN, |r| f32::from(r.edits) / line.len().max(1) as f32),
        ];
        let mut row = Row { values: [f32::NAN; FEATURES], at: 0 };
        row.put(&shape(text, line, c));
        row.put(&[number(entry.contains(query.text)), number(query.text.contains(entry))]);
        row.put(&[number(letters(query.text).eq(letters(entry)))]);
        row.put(&experience(store, about, c));
        row.put(&rivals(store, query, &field, candidates, (rank, entry)));
        row.put(&scripts(text, line));
        row.put(&[about.unknown.0, about.unknown.1, about.strange.0, about.strange.1]);
        row.put(&kinds(about.kind, store.kind(c.entry)));
        row.put(&from_reading);
        debug_assert_eq!(row.at, FEATURES, "every feature has its place");
        features.push(row.values);
    }
}

struct Row {
    values: [f32; FEATURES],
    at: usize,
}

impl Row {
    fn put(&mut self, values: &[f32]) {
        for &value in values {
            if let Some(place) = self.values.get_mut(self.at) {
                *place = value;
            }
            self.at += 1;
        }
    }
}

/// How the two lines compare letter by letter.
fn shape(text: &[char], line: &[char], c: &Candidate) -> [f32; 14] {
    let (n, m, edits) = (text.len() as f32, line.len() as f32, f32::from(c.edits));
    let longer = n.max(m);
    let prefix = text.iter().zip(line).take_while(|(a, b)| a == b).count() as f32;
    let suffix = text.iter().rev().zip(line.iter().rev()).take_while(|(a, b)| a == b).count() as f32;
    [
        n,
        m,
        m - n,
        c.nats,
        c.nats / longer,
        edits,
        edits / longer,
        prefix / n,
        suffix / n,
        (prefix + suffix).min(n.min(m)) / longer,
        c.near.map_or(f32::NAN, |x| x.of_query),
        c.near.map_or(f32::NAN, |x| x.of_line),
        without(line, text),
        without(text, line),
    ]
}

/// What was seen of the query, and of the entry, before.
fn experience(store: &Store<'_>, about: &About<'_>, c: &Candidate) -> [f32; 11] {
    let (count, kept) = (store.count(c.entry), store.kept(c.entry));
    let kept_itself = about.itself.map_or(0, |id| store.kept(id));
    [
        log(count, 1.0),
        log(kept, 1.0),
        kept as f32 / count.max(1) as f32,
        about.itself.map_or(-1.0, |id| log(store.count(id), 1.0)),
        about.itself.map_or(-1.0, |_| log(kept_itself, 1.0)),
        log(about.remembered, 1.0),
        log(c.remembered, 1.0),
        c.remembered as f32 / (about.remembered as f32 + kept_itself as f32),
        c.example.map_or(f32::NAN, |e| e.0),
        c.example.map_or(f32::NAN, |e| log(e.1, 1.0)),
        c.votes,
    ]
}

/// How the candidate stands among the others.
fn rivals(
    store: &Store<'_>,
    query: &Query<'_>,
    field: &Field,
    candidates: &[Candidate],
    (rank, entry): (usize, &str),
) -> [f32; 11] {
    let Some(c) = candidates.get(rank) else { return [f32::NAN; 11] };
    let other = candidates.get(usize::from(rank == 0)).map_or(f32::NAN, |o| c.score - o.score);
    let among = |of: &dyn Fn(&Candidate) -> bool| candidates.iter().filter(|o| of(o)).count() as f32;
    [
        c.score,
        likelihood(c.score - field.best) / field.mass,
        other,
        rank as f32,
        c.votes / field.votes.max(f32::MIN_POSITIVE),
        among(&|o| o.score > field.best - 3.0),
        among(&|o| o.edits <= c.edits),
        among(&|o| o.edits <= c.edits.saturating_add(1)),
        field.holders,
        if entry.contains(query.text) { store.count(c.entry) as f32 / field.held.max(1.0) } else { f32::NAN },
        c.example.map_or(f32::NAN, |e| e.0 / c.nats.max(0.1)),
    ]
}

/// What the lines are written in.
fn scripts(text: &[char], line: &[char]) -> [f32; 4] {
    let share = |of: &dyn Fn(char) -> bool, line: &[char]| {
        line.iter().filter(|&&c| of(c)).count() as f32 / line.len().max(1) as f32
    };
    [
        share(&|c| c.is_ascii_digit(), text),
        share(&|c| c.is_ascii_alphabetic(), text),
        share(&is_ideograph, text),
        share(&is_ideograph, text) - share(&is_ideograph, line),
    ]
}

/// How well the field's kind is known, and whether the entry belongs to it.
fn kinds(of_field: Option<&KindCoverage>, of_entry: Option<u32>) -> [f32; 2] {
    let same = of_field.zip(of_entry).map_or(f32::NAN, |(field, entry)| number(field.number == entry));
    [of_field.map_or(f32::NAN, |k| k.known), same]
}

/// The letters and digits of a line, without case: lines that agree in these differ in habits of writing.
fn letters(line: &str) -> impl Iterator<Item = char> + '_ {
    line.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// How many of `these` are not among `those`, each of which stands for one.
fn without(these: &[char], those: &[char]) -> f32 {
    let in_those = |c: char| those.iter().filter(|&&o| o == c).count();
    let before = |at: usize, c: char| these.iter().take(at).filter(|&&o| o == c).count();
    these.iter().enumerate().filter(|&(at, &c)| before(at, c) >= in_those(c)).count() as f32
}

fn number(yes: bool) -> f32 {
    f32::from(u8::from(yes))
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_without_a_partner() {
        let count =
            |a: &str, b: &str| without(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        for (a, b, want) in [("abc", "cab", 0.0), ("aab", "ab", 1.0), ("", "ab", 0.0), ("xyx", "", 3.0)] {
            assert_eq!(count(a, b), want, "{a} {b}");
        }
    }
}
