//! Words that pairs change into others, and words that they leave.
//!
//! The sides are aligned word by word (letters and digits, case folded; where a script writes no spaces a grapheme is a
//! word), so marks, case and spaces make no change here: those are habits. A word that is the same on both sides
//! was *left*: somebody saw it and was content.

use std::borrow::Cow;

use hashbrown::HashMap;
use unicode_normalization::UnicodeNormalization;

use crate::corpus::Pair;
use crate::text::{fold_word, graphemes, is_unspaced, is_word_grapheme};

/// A word's number.
pub(super) type Id = u32;
/// No word: the end of a row, or a place where the sides differ.
pub(super) const NONE: Id = 0;

/// Cells of the alignment that are worth computing for one pair; one of longer sides gives no changes.
const CELLS: usize = 1_000_000;
/// A word too many or too few, one changed into one that looks like it, and into any other.
const GAP: u32 = 4;
const ALIKE: u32 = 5;
const UNLIKE: u32 = 7;

/// One word that a pair changes into one other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) row: usize,
    pub(super) observed: Id,
    pub(super) intended: Id,
    /// The intended words beside it.
    pub(super) before: Id,
    pub(super) after: Id,
    /// No word beside it is too many or too few: this is no part of a split or a join.
    pub(super) clear: bool,
}

/// What pairs do to words.
#[derive(Clone, Debug)]
pub(super) struct Changes {
    ids: HashMap<Box<str>, Id>,
    words: Vec<Box<str>>,
    /// How often each was left.
    times: Vec<usize>,
    looks: Vec<Looks>,
    /// In the order of the rows.
    pub(super) all: Vec<Change>,
    /// Word after word of the intended sides, as far as it was left; [`NONE`] between what was not left together.
    pub(super) left: Vec<Id>,
}

impl Changes {
    /// Of the chosen rows.
    pub(super) fn of(pairs: &[Pair], rows: &[usize]) -> Self {
        let none = Looks { ends: (' ', ' '), length: 0 };
        let mut changes = Self {
            ids: HashMap::new(),
            words: vec![Box::from("")],
            times: vec![0],
            looks: vec![none],
            all: Vec::new(),
            left: Vec::new(),
        };
        for (row, pair) in rows.iter().filter_map(|&row| Some((row, pairs.get(row)?))) {
            let observed: Vec<Id> = tokens(&pair.observed).map(|w| changes.number(w)).collect();
            let intended: Vec<Id> = tokens(&pair.intended).map(|w| changes.number(w)).collect();
            changes.row(row, &observed, &intended);
        }
        changes
    }

    /// The word of a number.
    pub(super) fn word(&self, id: Id) -> &str {
        usize::try_from(id).ok().and_then(|id| self.words.get(id)).map_or("", |w| w)
    }

    /// The number of a word, if the pairs have it.
    pub(super) fn find(&self, word: &str) -> Option<Id> {
        self.ids.get(folded(word).as_ref()).copied()
    }

    /// How often a word was left as it was observed.
    pub(super) fn times_left(&self, id: Id) -> usize {
        usize::try_from(id).ok().and_then(|id| self.times.get(id)).copied().unwrap_or(0)
    }

    fn number(&mut self, word: &str) -> Id {
        let folded = folded(word);
        if let Some(&id) = self.ids.get(folded.as_ref()) {
            return id;
        }
        let Ok(id) = Id::try_from(self.words.len()) else { return NONE };
        self.ids.insert(Box::from(folded.as_ref()), id);
        self.looks.push(Looks::of(&folded));
        self.words.push(Box::from(folded));
        self.times.push(0);
        id
    }

    fn row(&mut self, row: usize, observed: &[Id], intended: &[Id]) {
        let at = |side: &[Id], at: usize| side.get(at).copied().unwrap_or(NONE);
        let before = |i: usize| i.checked_sub(1).map_or(NONE, |i| at(intended, i));
        // As if a word stood before and after each side.
        let mut places = vec![(0, 0)];
        places.extend(self.aligned(observed, intended).into_iter().map(|(o, i)| (o + 1, i + 1)));
        places.push((observed.len() + 1, intended.len() + 1));
        for place in places.windows(3) {
            let &[(o0, i0), (o, i), (o1, i1)] = place else { continue };
            if i - i0 > 1 {
                self.left.push(NONE);
            }
            let (was, is) = (at(observed, o - 1), at(intended, i - 1));
            self.left.push(if was == is { is } else { NONE });
            if was == is
                && let Some(times) = usize::try_from(is).ok().and_then(|id| self.times.get_mut(id))
            {
                *times += 1;
            }
            if was != is {
                let clear = [o - o0, i - i0, o1 - o, i1 - i] == [1; 4];
                let (before, after) = (before(i - 1), at(intended, i));
                self.all.push(Change { row, observed: was, intended: is, before, after, clear });
            }
        }
        self.left.push(NONE);
    }

    /// Places of words that stand for one another, equal or not, left to right.
    fn aligned(&self, a: &[Id], b: &[Id]) -> Vec<(usize, usize)> {
        let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
        let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(x, y)| x == y).count();
        let (x, y) = (&a[start..a.len() - end], &b[start..b.len() - end]);
        let mut found: Vec<(usize, usize)> = (0..start).map(|k| (k, k)).collect();
        if (x.len() + 1).saturating_mul(y.len() + 1) <= CELLS {
            let inner = self.cheapest(x, y).into_iter();
            found.extend(inner.map(|(i, j)| (start + i, start + j)));
        }
        found.extend((0..end).map(|k| (a.len() - end + k, b.len() - end + k)));
        found
    }

    /// Weighted Levenshtein; of equal costs a change comes before a word too many, that before one too few.
    fn cheapest(&self, x: &[Id], y: &[Id]) -> Vec<(usize, usize)> {
        let columns = y.len() + 1;
        let mut costs = vec![0; (x.len() + 1) * columns];
        let gap = |n: usize| GAP.saturating_mul(u32::try_from(n).unwrap_or(u32::MAX));
        for i in 0..=x.len() {
            for j in 0..columns {
                costs[i * columns + j] = match (i, j) {
                    (0, n) | (n, 0) => gap(n),
                    _ => {
                        let change = costs[(i - 1) * columns + j - 1] + self.price(x[i - 1], y[j - 1]);
                        let gap = costs[(i - 1) * columns + j].min(costs[i * columns + j - 1]) + GAP;
                        change.min(gap)
                    }
                };
            }
        }
        let (mut i, mut j) = (x.len(), y.len());
        let mut found = Vec::new();
        while i > 0 && j > 0 {
            let here = costs[i * columns + j];
            if here == costs[(i - 1) * columns + j - 1] + self.price(x[i - 1], y[j - 1]) {
                found.push((i - 1, j - 1));
                (i, j) = (i - 1, j - 1);
            } else if here == costs[(i - 1) * columns + j] + GAP {
                i -= 1;
            } else {
                j -= 1;
            }
        }
        found.reverse();
        found
    }

    fn price(&self, a: Id, b: Id) -> u32 {
        let looks = |id: Id| usize::try_from(id).ok().and_then(|id| self.looks.get(id));
        match (looks(a), looks(b)) {
            _ if a == b => 0,
            (Some(a), Some(b)) if a.alike(b) => ALIKE,
            _ => UNLIKE,
        }
    }
}

/// Case folded, and ligatures, wide letters and a long s as plain ones: which of them are written is a habit, too.
fn folded(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        fold_word(word)
    } else {
        Cow::Owned(fold_word(&word.nfkc().collect::<String>()).into_owned())
    }
}

/// What is looked at to align words.
#[derive(Clone, Copy, Debug)]
struct Looks {
    ends: (char, char),
    length: usize,
}

impl Looks {
    fn of(word: &str) -> Self {
        let end = |c: Option<char>| c.unwrap_or(' ');
        let ends = (end(word.chars().next()), end(word.chars().next_back()));
        Self { ends, length: word.chars().count() }
    }

    fn alike(&self, other: &Self) -> bool {
        let ends = self.ends.0 == other.ends.0 || self.ends.1 == other.ends.1;
        ends && self.length.abs_diff(other.length) <= 2
    }
}

/// The words of a text, and the graphemes of what is written without spaces.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let single = |g: &str| g.chars().next().is_some_and(|c| is_unspaced(c) && c.is_alphabetic());
    let mut pieces = graphemes(text).peekable();
    std::iter::from_fn(move || {
        loop {
            let (at, piece) = pieces.next()?;
            if single(piece) {
                return Some(piece);
            }
            if is_word_grapheme(piece) {
                let mut end = at + piece.len();
                while let Some((at, more)) = pieces.next_if(|(_, g)| is_word_grapheme(g) && !single(g)) {
                    end = at + more.len();
                }
                return text.get(at..end);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(observed: &str, intended: &str) -> (Vec<String>, String) {
        let pair = Pair { observed: observed.into(), intended: intended.into(), ..Pair::default() };
        let changes = Changes::of(&[pair], &[0]);
        let word = |id| if id == NONE { "·" } else { changes.word(id) };
        let all = changes.all.iter().filter(|c| c.clear).map(|c| {
            let [a, b, c, d] = [c.before, c.observed, c.intended, c.after].map(word);
            format!("{a} {b}>{c} {d}")
        });
        (all.collect(), changes.left.iter().map(|&id| word(id)).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn words_are_changed_or_left() {
        let cases: [(&str, &str, &[&str], &str); 8] = [
            ("Tbe cat, sat", "The CAT sat.", &["· tbe>the cat"], "· cat sat ·"),
            ("the ﬁrſt cat", "the first cat", &[], "the first cat ·"),
            ("in the house", "in house", &[], "in house ·"),
            ("in house", "in the house", &[], "in · house ·"),
            ("he sa the cot", "he saw the cat", &["he sa>saw the", "the cot>cat ·"], "he · the · ·"),
            ("it is on going now", "it is ongoing now", &[], "it is · now ·"),
            ("", "x", &[], "·"),
            ("株武会社", "株式会社", &["株 武>式 会"], "株 · 会 社 ·"),
        ];
        for (observed, intended, all, left) in cases {
            let (found, kept) = shown(observed, intended);
            assert_eq!(
                (found.as_slice(), kept.trim()),
                (&all.iter().map(ToString::to_string).collect::<Vec<_>>()[..], left),
                "{observed}"
            );
        }
    }
}
