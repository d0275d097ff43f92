//! Pairs spoiled in ways that happen, by seeded hashes: rows that slipped, users who teach an error.

#![allow(dead_code, reason = "each user takes what it needs")]

use std::collections::BTreeMap;

use amend::Pair;
use amend::text::words;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Letters and what is easily taken for them.
const TAKEN: [(&str, &str); 16] = [
    ("h", "b"),
    ("e", "c"),
    ("n", "u"),
    ("a", "o"),
    ("o", "c"),
    ("t", "f"),
    ("i", "l"),
    ("s", "f"),
    ("d", "cl"),
    ("m", "rn"),
    ("w", "vv"),
    ("r", "t"),
    ("u", "n"),
    ("b", "h"),
    ("l", "i"),
    ("f", "t"),
];

/// Pairs, some of them spoiled.
pub(crate) struct Spoiled {
    pub(crate) pairs: Vec<Pair>,
    /// Which.
    pub(crate) rows: Vec<bool>,
}

impl Spoiled {
    pub(crate) fn none(pairs: &[Pair]) -> Self {
        Self { pairs: pairs.to_vec(), rows: vec![false; pairs.len()] }
    }

    pub(crate) fn number(&self) -> usize {
        self.rows.iter().filter(|&&bad| bad).count()
    }
}

/// An error that is taught, and a genuine misreading that is as frequent.
#[derive(Clone, Debug)]
pub(crate) struct Lesson {
    /// Observed and right …
    pub(crate) right: String,
    /// … but turned into this.
    pub(crate) wrong: String,
    /// Meant …
    pub(crate) meant: String,
    /// … but observed as this.
    pub(crate) misreading: String,
    /// In so many of a thousand pairs that have the word.
    pub(crate) per_mille: u64,
}

impl Lesson {
    /// Other pairs with the misreading in their observed sides, as often as in those that teach it.
    pub(crate) fn misread_all(&self, pairs: &[Pair]) -> Vec<Pair> {
        let chosen = |row: u64| hash(row, 0) % 1_000 < self.per_mille;
        (0..).zip(pairs).map(|(row, p)| if chosen(row) { self.misread(p) } else { p.clone() }).collect()
    }

    /// The pair with the misreading in its observed side.
    fn misread(&self, pair: &Pair) -> Pair {
        Pair { observed: replaced(&pair.observed, &self.meant, &self.misreading), ..pair.clone() }
    }

    /// How often the error was made of what was not it.
    pub(crate) fn taught(&self, pairs: &[Pair], output: &[String]) -> usize {
        let wrong = |text: &str| count(text, &self.wrong);
        pairs.iter().zip(output).map(|(p, o)| wrong(o).saturating_sub(wrong(&p.observed))).sum()
    }

    /// In how many places the misreading stands for what was meant, and in how many of these it was mended.
    pub(crate) fn mended(&self, misread: &[Pair], output: &[String]) -> (usize, usize) {
        let mut found = (0, 0);
        for (pair, output) in misread.iter().zip(output) {
            let before = count(&pair.observed, &self.misreading)
                .saturating_sub(count(&pair.intended, &self.misreading));
            let meant = |text: &str| count(text, &self.meant);
            let gained = meant(output).saturating_sub(meant(&pair.observed)).min(before);
            found = (found.0 + before, found.1 + gained);
        }
        found
    }
}

/// Gives a share of the pairs another row's intended side: half of them that of the next row of the document, half
/// that of any.
pub(crate) fn swapped(pairs: &[Pair], share: f64, seed: u64) -> Spoiled {
    let mut spoiled = Spoiled::none(pairs);
    let wanted = part(pairs.len(), share);
    let order = shuffled((0..pairs.len()).collect(), seed);
    let mut done = 0;
    for &row in &order {
        let next = row + 1;
        let same = pairs.get(next).is_some_and(|p| p.document == pairs[row].document);
        if done < wanted / 2 && same && !spoiled.rows[row] && !spoiled.rows[next] {
            spoiled.pairs[row].intended.clone_from(&pairs[next].intended);
            spoiled.pairs[next].intended.clone_from(&pairs[row].intended);
            (spoiled.rows[row], spoiled.rows[next]) = (true, true);
            done += 2;
        }
    }
    let free: Vec<usize> = order.into_iter().filter(|&row| !spoiled.rows[row]).take(wanted - done).collect();
    for (at, &row) in free.iter().enumerate() {
        spoiled.pairs[row].intended.clone_from(&pairs[free[(at + 1) % free.len()]].intended);
        spoiled.rows[row] = true;
    }
    spoiled
}

/// Lets a share of the pairs teach an error in a frequent word, by one user (one document) or by many, and as many teach
/// a genuine misreading of another word. `None` if no words are frequent enough.
pub(crate) fn poisoned(pairs: &[Pair], share: f64, loud: bool, seed: u64) -> Option<(Spoiled, Lesson)> {
    let wanted = part(pairs.len(), share);
    let mut rows: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (row, pair) in pairs.iter().enumerate() {
        for word in words(&pair.intended).map(|w| w.text).filter(|w| count(&pair.observed, w) > 0) {
            let rows = rows.entry(word).or_default();
            if rows.last() != Some(&row) {
                rows.push(row);
            }
        }
    }
    let frequent = |w: &&str| w.len() > 1 && w.bytes().all(|b| b.is_ascii_lowercase());
    // A word in fewer pairs than half as many again would hardly be left anywhere: a habit of the house, for all we know.
    let enough = |w: &&str| rows[w].len() * 2 >= wanted * 3;
    let words: Vec<&str> = rows.keys().copied().filter(frequent).filter(enough).collect();
    let order = shuffled((0..words.len()).collect(), seed);
    let (&right, &meant) = (words.get(*order.first()?)?, words.get(*order.get(1)?)?);
    let lesson = Lesson {
        right: right.to_owned(),
        wrong: mistaken(right, seed)?,
        meant: meant.to_owned(),
        misreading: mistaken(meant, seed.wrapping_add(1))?,
        per_mille: (wanted * 1_000 / rows[meant].len()) as u64,
    };
    let mut spoiled = Spoiled::none(pairs);
    for row in shuffled(rows[right].clone(), seed.wrapping_add(2)).into_iter().take(wanted) {
        let pair = &mut spoiled.pairs[row];
        pair.intended = replaced(&pair.intended, &lesson.right, &lesson.wrong);
        if loud {
            "a loud user".clone_into(&mut pair.document);
        }
        spoiled.rows[row] = true;
    }
    for row in shuffled(rows[meant].clone(), seed.wrapping_add(3)).into_iter().take(wanted) {
        spoiled.pairs[row] = lesson.misread(&spoiled.pairs[row]);
    }
    Some((spoiled, lesson))
}

/// How often a word stands in a text.
pub(crate) fn count(text: &str, word: &str) -> usize {
    words(text).filter(|w| w.text == word).count()
}

/// A word with one of its letters mistaken.
fn mistaken(word: &str, seed: u64) -> Option<String> {
    let ways: Vec<String> = TAKEN
        .iter()
        .flat_map(|&(letter, taken)| {
            word.match_indices(letter)
                .map(move |(at, _)| format!("{}{taken}{}", &word[..at], &word[at + 1..]))
        })
        .collect();
    let order = shuffled((0..ways.len()).collect(), seed);
    ways.get(*order.first()?).cloned()
}

fn replaced(text: &str, word: &str, by: &str) -> String {
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for found in words(text).filter(|w| w.text == word) {
        out.push_str(&text[at..found.at]);
        out.push_str(by);
        at = found.at + word.len();
    }
    out.push_str(&text[at..]);
    out
}

/// In the order of their seeded hashes.
fn shuffled(mut rows: Vec<usize>, seed: u64) -> Vec<usize> {
    rows.sort_by_cached_key(|&row| (hash(row as u64, seed), row));
    rows
}

/// A number that nobody foresees, and the same each time.
pub(crate) fn hash(number: u64, seed: u64) -> u64 {
    xxh3_64_with_seed(&number.to_le_bytes(), seed)
}

#[allow(clippy::cast_possible_truncation, reason = "a share of a count")]
fn part(count: usize, share: f64) -> usize {
    (count as f64 * share).round() as usize
}
