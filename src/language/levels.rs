//! N-grams of every order with the counts that Kneser–Ney smoothing asks for, linked to context and suffix.

use rayon::prelude::*;

use crate::counts::{Alphabet, NgramCounts, Packed, Symbol, prefix, symbol_at, without_first};

/// No such entry.
const ABSENT: u32 = u32::MAX;
/// Entries that one task links: large enough that its first search does not count.
const LINKED_AT_ONCE: usize = 1 << 16;

/// The n-grams of one order, ascending.
#[derive(Debug, Default)]
pub(super) struct Level {
    pub(super) grams: Vec<Packed>,
    /// Weighted occurrences.
    pub(super) tokens: Vec<u32>,
    /// The count that is smoothed: at the highest order, and after the line's start, the occurrences; else
    /// the number of different symbols before the n-gram, N1+(•h).
    pub(super) counts: Vec<u32>,
    /// Where the n-gram without its last symbol stands in the level below: ascending.
    pub(super) context: Vec<u32>,
    /// Where the n-gram without its first symbol stands in the level below.
    pub(super) suffix: Vec<u32>,
}

/// The n-grams of orders 1 to N. Level 0 is dense: the entry of a symbol is at its number.
#[derive(Debug)]
pub(super) struct Levels {
    pub(super) all: Vec<Level>,
    pub(super) discounts: Vec<Discounts>,
}

/// What is taken off a count of 1, of 2, of 3 or more: equations 26–28 of Chen & Goodman 1999.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Discounts([f64; 3]);

impl Discounts {
    /// For counts of which the counts of counts tell nothing.
    pub(super) const FALLBACK: Self = Self([0.5, 1.0, 1.5]);

    /// From the numbers of n-grams that occurred once, twice, three and four times.
    pub(super) fn of_counts_of_counts(n: [u64; 4]) -> Self {
        if n.contains(&0) {
            return Self::FALLBACK;
        }
        let [n1, n2, n3, n4] = n.map(|n| n as f64);
        let y = n1 / (n1 + 2.0 * n2);
        let d = [1.0 - 2.0 * y * n2 / n1, 2.0 - 3.0 * y * n3 / n2, 3.0 - 4.0 * y * n4 / n3];
        let fit = d.iter().zip([1.0, 2.0, 3.0]).all(|(&d, most)| d > 0.0 && d < most);
        if fit { Self(d) } else { Self::FALLBACK }
    }

    fn of_counts(counts: impl Iterator<Item = u32>) -> Self {
        let mut n = [0; 4];
        for slot in counts.filter_map(|c| usize::try_from(c).ok()?.checked_sub(1)) {
            if let Some(slot) = n.get_mut(slot) {
                *slot += 1;
            }
        }
        Self::of_counts_of_counts(n)
    }

    /// What remains of `count`.
    pub(super) fn rest(self, count: u32) -> f64 {
        match count {
            0 => 0.0,
            1 => 1.0 - self.0[0],
            2 => 2.0 - self.0[1],
            _ => f64::from(count) - self.0[2],
        }
    }
}

/// An n-gram while the levels are made.
#[derive(Clone, Copy)]
struct Entry {
    gram: Packed,
    tokens: u32,
    count: u32,
}

impl Levels {
    /// The levels of `counts` over symbols below `alphabet_len`, or below the largest that was counted.
    ///
    /// A line's start is one boundary here: n-grams that begin with two say nothing that those with one do
    /// not say, and interpolating over equal counts again and again would leave nothing to the unseen.
    pub(super) fn new(counts: &NgramCounts, alphabet_len: usize) -> Self {
        let order = counts.order();
        let top = counts.iter().filter(|&(gram, ..)| !starts_twice(gram)).map(|(_, raw, _)| raw);
        let mut discounts = vec![Discounts::of_counts(top)];
        let mut entries: Vec<Entry> = counts
            .iter()
            .map(|(gram, _, weighted)| Entry { gram, tokens: weighted, count: weighted })
            .collect();
        let mut all = vec![Level::of_entries(&entries)];
        for length in (2..order).rev() {
            shorten(&mut entries, length);
            let level = Level::of_entries(&entries);
            // The counts after a line's start are of another kind, and weighted.
            let types = level.grams.iter().zip(&level.counts).filter(|&(&g, _)| !starts(g));
            discounts.push(Discounts::of_counts(types.map(|(_, &c)| c)));
            all.push(level);
        }
        shorten(&mut entries, 1);
        discounts.push(Discounts::of_counts(entries.iter().map(|e| e.count)));
        all.push(Level::dense(&entries, alphabet_len));
        all.reverse();
        discounts.reverse();
        let mut levels = Self { all, discounts };
        levels.link();
        levels
    }

    /// The same n-grams with the counts, and the discounts, of a part of the text.
    pub(super) fn of_part(&self, part: &NgramCounts) -> Self {
        let part = Self::new(part, self.all.first().map_or(0, Level::len));
        let all = self.all.iter().zip(&part.all).map(|(whole, part)| whole.with_counts_of(part)).collect();
        Self { all, discounts: part.discounts }
    }

    fn link(&mut self) {
        for length in 2..=self.all.len() {
            let (below, above) = self.all.split_at_mut(length - 1);
            if let (Some(below), Some(level)) = (below.last(), above.first_mut()) {
                level.link(&below.grams, length);
            }
        }
    }
}

/// Whether the n-gram begins at a line's start.
pub(super) fn starts(gram: Packed) -> bool {
    symbol_at(gram, 0) == Alphabet::BOUNDARY
}

fn starts_twice(gram: Packed) -> bool {
    starts(gram) && symbol_at(gram, 1) == Alphabet::BOUNDARY
}

/// Takes the first symbol off all entries; those that become equal become one.
fn shorten(entries: &mut Vec<Entry>, length: usize) {
    entries.par_iter_mut().for_each(|entry| {
        entry.gram = without_first(entry.gram);
        if length == 1 || !starts(entry.gram) {
            entry.count = 1;
        }
    });
    entries.par_sort_unstable_by_key(|e| e.gram);
    entries.dedup_by(|next, kept| {
        let same = next.gram == kept.gram;
        if same {
            kept.tokens = kept.tokens.saturating_add(next.tokens);
            kept.count = kept.count.saturating_add(next.count);
        }
        same
    });
}

impl Level {
    pub(super) fn len(&self) -> usize {
        self.grams.len()
    }

    /// The same n-grams, linked as they are, with the counts of those that stand in `part`, and no others.
    fn with_counts_of(&self, part: &Self) -> Self {
        let mut theirs = part.grams.iter().zip(part.tokens.iter().zip(&part.counts)).peekable();
        let mut level = Self {
            grams: self.grams.clone(),
            context: self.context.clone(),
            suffix: self.suffix.clone(),
            ..Self::default()
        };
        for gram in &self.grams {
            while theirs.next_if(|(their, _)| *their < gram).is_some() {}
            let (tokens, count) =
                theirs.next_if(|(their, _)| *their == gram).map_or((0, 0), |(_, (&t, &c))| (t, c));
            level.tokens.push(tokens);
            level.counts.push(count);
        }
        level
    }

    fn of_entries(entries: &[Entry]) -> Self {
        let kept = || entries.iter().filter(|e| !starts_twice(e.gram));
        Self {
            grams: kept().map(|e| e.gram).collect(),
            tokens: kept().map(|e| e.tokens).collect(),
            counts: kept().map(|e| e.count).collect(),
            ..Self::default()
        }
    }

    fn dense(entries: &[Entry], alphabet_len: usize) -> Self {
        let largest = entries.last().map_or(0, |e| symbol_at(e.gram, 0));
        let at_least = usize::from(largest.max(Alphabet::BOUNDARY)) + 1;
        let len = alphabet_len.clamp(at_least, at_least.max(Alphabet::MOST));
        let mut level = Self { tokens: vec![0; len], counts: vec![0; len], ..Self::default() };
        level.grams = (0..len).map(|s| packed(Symbol::try_from(s).unwrap_or(Symbol::MAX))).collect();
        for entry in entries {
            let at = usize::from(symbol_at(entry.gram, 0));
            level.tokens[at] = entry.tokens;
            level.counts[at] = entry.count;
        }
        level
    }

    /// Finds each entry's context and suffix in the level below. An entry that lacks one (counts of lines
    /// give none such; a shard from elsewhere may) is dropped.
    fn link(&mut self, below: &[Packed], length: usize) {
        self.context = find_all(&self.grams, below, |gram| prefix(gram, length - 1));
        self.suffix = find_all(&self.grams, below, without_first);
        let whole: Vec<bool> =
            self.context.iter().zip(&self.suffix).map(|(&c, &s)| c != ABSENT && s != ABSENT).collect();
        if whole.contains(&false) {
            retain(&mut self.grams, &whole);
            for numbers in [&mut self.tokens, &mut self.counts, &mut self.context, &mut self.suffix] {
                retain(numbers, &whole);
            }
        }
    }
}

fn packed(symbol: Symbol) -> Packed {
    Packed::from(symbol) << (Packed::BITS - Symbol::BITS)
}

fn retain<T>(values: &mut Vec<T>, keep: &[bool]) {
    let mut flags = keep.iter();
    values.retain(|_| flags.next().copied().unwrap_or(false));
}

/// Where `key` of each gram stands in `below`. The keys come in long ascending runs, so each search gallops
/// on from where the last one ended.
fn find_all(grams: &[Packed], below: &[Packed], key: impl Fn(Packed) -> Packed + Sync) -> Vec<u32> {
    grams
        .par_chunks(LINKED_AT_ONCE)
        .flat_map_iter(|chunk| {
            let mut at = 0;
            let found: Vec<u32> = chunk
                .iter()
                .map(|&gram| {
                    let key = key(gram);
                    at = lower_bound(below, at, key);
                    let hit = below.get(at) == Some(&key);
                    if hit { u32::try_from(at).unwrap_or(ABSENT) } else { ABSENT }
                })
                .collect();
            found
        })
        .collect()
}

/// The first place of `sorted` that is not below `key`, searched for from `from` on.
fn lower_bound(sorted: &[Packed], from: usize, key: Packed) -> usize {
    let rest = match sorted.get(from..) {
        Some(rest) if rest.first().is_some_and(|&first| first <= key) => rest,
        _ => return sorted.partition_point(|&gram| gram < key),
    };
    let mut reach = 1;
    while rest.get(reach).is_some_and(|&gram| gram < key) {
        reach *= 2;
    }
    let start = reach / 2;
    let window = rest.get(start..(reach + 1).min(rest.len())).unwrap_or_default();
    from + start + window.partition_point(|&gram| gram < key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn discounts_by_hand() {
        let Discounts(d) = Discounts::of_counts_of_counts([8, 4, 2, 1]);
        // Y = 8 / (8 + 8) = ½
        assert_eq!(d, [1.0 - 0.5, 2.0 - 0.75, 3.0 - 1.0]);
        assert_eq!(Discounts::of_counts_of_counts([8, 4, 0, 1]), Discounts::FALLBACK);
        assert_eq!(Discounts::of_counts_of_counts([1, 100, 1, 900]), Discounts::FALLBACK);
    }

    proptest! {
        #[test]
        fn galloping_finds_what_searching_finds(
            mut sorted in prop::collection::vec(0_u128..60, 0..40), from in 0_usize..50, key in 0_u128..60,
        ) {
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(lower_bound(&sorted, from, key), sorted.partition_point(|&g| g < key));
        }
    }
}
