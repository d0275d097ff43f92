//! Grapheme n-grams counted: sorted unique n-grams with integer counts.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Alphabet, Symbol};
use crate::text::graphemes;

/// Bits of one symbol in a packed n-gram.
const SYMBOL_BITS: u32 = 16;
/// Text is counted in pieces of about this many bytes: what bounds the memory of counting.
const PIECE_BYTES: usize = 4 << 20;

/// An n-gram, its first symbol in the highest bits: numeric order is lexicographic order.
pub(crate) type Packed = u128;

/// The symbol at `place` (0 is the first) of a packed n-gram.
pub(crate) fn symbol_at(gram: Packed, place: usize) -> Symbol {
    let shift = (7 - u32::try_from(place.min(7)).unwrap_or(7)) * SYMBOL_BITS;
    Symbol::try_from((gram >> shift) & Packed::from(Symbol::MAX)).unwrap_or(Alphabet::UNKNOWN)
}

/// The n-gram without its first symbol.
pub(crate) fn without_first(gram: Packed) -> Packed {
    gram << SYMBOL_BITS
}

/// The first `keep` symbols of the n-gram.
pub(crate) fn prefix(gram: Packed, keep: usize) -> Packed {
    let bits = u32::try_from(keep.min(8)).unwrap_or(8) * SYMBOL_BITS;
    if bits == 0 { 0 } else { gram & (Packed::MAX << (Packed::BITS - bits)) }
}

/// How often each n-gram of one order occurred. Every line counts with `order − 1` boundaries before it and
/// one behind; a line without graphemes counts nothing. Counts saturate. Merging in any grouping and order
/// gives the same counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NgramCounts {
    order: usize,
    /// Ascending, unique.
    grams: Vec<Packed>,
    /// Occurrences, whatever the weight: the discounts come from these.
    raw: Vec<u32>,
    /// Occurrences times the weight of the text they stand in.
    weighted: Vec<u32>,
}

impl NgramCounts {
    /// The longest n-gram that can be counted, in symbols.
    pub const MAX_ORDER: usize = 8;

    /// No counts, of n-grams of `order` symbols (brought into 2..=8).
    pub fn new(order: usize) -> Self {
        let order = order.clamp(2, Self::MAX_ORDER);
        Self { order, grams: Vec::new(), raw: Vec::new(), weighted: Vec::new() }
    }

    /// Counts `lines` on all threads of the current rayon pool.
    pub fn of_lines(order: usize, alphabet: &Alphabet, lines: &[&str]) -> Self {
        pieces(lines)
            .into_par_iter()
            .map(|piece| Self::of_piece(order, alphabet, piece))
            .reduce(|| Self::new(order), Self::merge)
    }

    fn of_piece(order: usize, alphabet: &Alphabet, lines: &[&str]) -> Self {
        let mut counts = Self::new(order);
        let mut grams = Vec::new();
        let mut symbols = Vec::new();
        for line in lines {
            symbols.clear();
            alphabet.encode(line, &mut symbols);
            counts.push_grams(&symbols, &mut grams);
        }
        grams.sort_unstable();
        for same in grams.chunk_by(|a, b| a == b) {
            let n = u32::try_from(same.len()).unwrap_or(u32::MAX);
            counts.push(same[0], n, n);
        }
        counts
    }

    fn push_grams(&self, symbols: &[Symbol], into: &mut Vec<Packed>) {
        if symbols.is_empty() {
            return;
        }
        let low = u32::try_from(Self::MAX_ORDER - self.order).unwrap_or(0) * SYMBOL_BITS;
        let mut window = 0;
        for _ in 1..self.order {
            window = (window << SYMBOL_BITS) | Packed::from(Alphabet::BOUNDARY);
        }
        for &symbol in symbols.iter().chain([&Alphabet::BOUNDARY]) {
            window = (window << SYMBOL_BITS) | Packed::from(symbol);
            into.push(window << low);
        }
    }

    fn push(&mut self, gram: Packed, raw: u32, weighted: u32) {
        self.grams.push(gram);
        self.raw.push(raw);
        self.weighted.push(weighted);
    }

    /// The counts of both texts. Of different orders, the longer n-grams cannot be told from the shorter:
    /// the counts of the lower order are dropped.
    pub fn merge(self, other: Self) -> Self {
        match self.order.cmp(&other.order) {
            Ordering::Less => return other,
            Ordering::Greater => return self,
            Ordering::Equal if self.grams.is_empty() => return other,
            Ordering::Equal if other.grams.is_empty() => return self,
            Ordering::Equal => {}
        }
        let mut merged = Self::new(self.order);
        merged.reserve(self.grams.len().max(other.grams.len()));
        let (mut ours, mut theirs) = (self.iter().peekable(), other.iter().peekable());
        loop {
            let order = match (ours.peek(), theirs.peek()) {
                (Some(a), Some(b)) => a.0.cmp(&b.0),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let a = if order.is_le() { ours.next() } else { None };
            let b = if order.is_ge() { theirs.next() } else { None };
            let (gram, mut raw, mut weighted) = a.or(b).unwrap_or_default();
            if let (Some(_), Some(b)) = (a, b) {
                raw = raw.saturating_add(b.1);
                weighted = weighted.saturating_add(b.2);
            }
            merged.push(gram, raw, weighted);
        }
        merged
    }

    /// The counts of the text that was merged into these beside `other`; exact as long as no count saturated.
    #[must_use]
    pub fn without(self, other: &Self) -> Self {
        if self.order != other.order || other.is_empty() {
            return self;
        }
        let mut rest = Self::new(self.order);
        let mut theirs = other.iter().peekable();
        for (gram, raw, weighted) in self.iter() {
            while theirs.next_if(|t| t.0 < gram).is_some() {}
            let (_, r, w) = theirs.next_if(|t| t.0 == gram).unwrap_or_default();
            if raw > r {
                rest.push(gram, raw - r, weighted.saturating_sub(w));
            }
        }
        rest
    }

    /// The same counts under other numbers: `to` gives each symbol's, and leaves unknown and boundary as they are.
    #[must_use]
    pub fn renumbered(&self, to: impl Fn(Symbol) -> Symbol + Sync) -> Self {
        let gram = |gram: Packed| {
            let symbols = (0..self.order).map(|place| to(symbol_at(gram, place)));
            let all = symbols.fold(0, |all, symbol| (all << SYMBOL_BITS) | Packed::from(symbol));
            all << (u32::try_from(Self::MAX_ORDER - self.order).unwrap_or(0) * SYMBOL_BITS)
        };
        let mut all: Vec<(Packed, u32, u32)> = self.iter().map(|(g, r, w)| (gram(g), r, w)).collect();
        if !all.is_sorted_by_key(|t| t.0) {
            all.par_sort_unstable_by_key(|t| t.0);
        }
        let mut counts = Self::new(self.order);
        counts.reserve(all.len());
        for same in all.chunk_by(|a, b| a.0 == b.0) {
            let sum = |count: fn(&(Packed, u32, u32)) -> u32| {
                same.iter().fold(0_u32, |sum, t| sum.saturating_add(count(t)))
            };
            counts.push(same[0].0, sum(|t| t.1), sum(|t| t.2));
        }
        counts
    }

    fn reserve(&mut self, more: usize) {
        self.grams.reserve(more);
        self.raw.reserve(more);
        self.weighted.reserve(more);
    }

    /// The same n-grams, each counted `weight` times as much; the discounts stay those of the raw counts.
    pub fn weighted(mut self, weight: u32) -> Self {
        for count in &mut self.weighted {
            *count = count.saturating_mul(weight.max(1));
        }
        self
    }

    /// Symbols an n-gram.
    pub fn order(&self) -> usize {
        self.order
    }

    /// How many different n-grams were seen.
    pub fn len(&self) -> usize {
        self.grams.len()
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.grams.is_empty()
    }

    /// How many n-grams were counted, unweighted: graphemes plus lines.
    pub fn total(&self) -> u64 {
        self.raw.iter().map(|&n| u64::from(n)).sum()
    }

    /// (n-gram, raw count, weighted count), n-grams ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Packed, u32, u32)> + '_ {
        self.grams.iter().zip(&self.raw).zip(&self.weighted).map(|((&g, &r), &w)| (g, r, w))
    }

    /// The parts of a shard: order, n-grams, raw counts, weighted counts.
    pub(crate) fn parts(&self) -> (usize, &[Packed], &[u32], &[u32]) {
        (self.order, &self.grams, &self.raw, &self.weighted)
    }

    /// Counts out of the parts of a shard, or `None` if they break an invariant.
    pub(crate) fn from_parts(
        order: usize,
        grams: Vec<Packed>,
        raw: Vec<u32>,
        weighted: Vec<u32>,
    ) -> Option<Self> {
        let fits = (2..=Self::MAX_ORDER).contains(&order)
            && grams.len() == raw.len()
            && grams.len() == weighted.len()
            && grams.is_sorted_by(|a, b| a < b)
            && grams.iter().all(|&g| prefix(g, order) == g);
        fits.then_some(Self { order, grams, raw, weighted })
    }
}

/// How often each grapheme occurs in `lines`: what an [`Alphabet`] is made from.
pub fn grapheme_counts(lines: &[&str]) -> BTreeMap<Box<str>, u64> {
    pieces(lines)
        .into_par_iter()
        .map(|piece| {
            let mut ascii = [0_u64; 128];
            let mut other: BTreeMap<Box<str>, u64> = BTreeMap::new();
            for (_, grapheme) in piece.iter().flat_map(|line| graphemes(line)) {
                match grapheme.as_bytes() {
                    [byte] => ascii[usize::from(*byte & 127)] += 1,
                    _ => match other.get_mut(grapheme) {
                        Some(n) => *n += 1,
                        None => _ = other.insert(Box::from(grapheme), 1),
                    },
                }
            }
            for (byte, &n) in (0_u8..).zip(&ascii).filter(|&(_, &n)| n > 0) {
                other.insert(Box::from(char::from(byte).to_string()), n);
            }
            other
        })
        .reduce(BTreeMap::new, |mut all, piece| {
            for (grapheme, n) in piece {
                *all.entry(grapheme).or_insert(0) += n;
            }
            all
        })
}

/// `lines` cut into runs of about [`PIECE_BYTES`].
pub(super) fn pieces<'a, 't>(lines: &'a [&'t str]) -> Vec<&'a [&'t str]> {
    let mut pieces = Vec::new();
    let mut rest = lines;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fit = rest.iter().take_while(|line| {
            let go_on = bytes < PIECE_BYTES;
            bytes += line.len() + 1;
            go_on
        });
        let (piece, behind) = rest.split_at(fit.count());
        pieces.push(piece);
        rest = behind;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn alphabet() -> Alphabet {
        Alphabet::from_counts(&grapheme_counts(&["aaaabbbccd"]), 1)
    }

    fn unpacked(counts: &NgramCounts) -> Vec<(Vec<Symbol>, u32, u32)> {
        let symbols = |g| (0..counts.order()).map(|i| symbol_at(g, i)).collect();
        counts.iter().map(|(g, raw, weighted)| (symbols(g), raw, weighted)).collect()
    }

    #[test]
    fn trigrams_of_two_lines_by_hand() {
        let counts = NgramCounts::of_lines(3, &alphabet(), &["ab", "", "ab"]).weighted(3);
        let want = [(vec![1, 1, 2], 2, 6), (vec![1, 2, 3], 2, 6), (vec![2, 3, 1], 2, 6)];
        assert_eq!(unpacked(&counts), want);
        assert_eq!(counts.total(), 6);
    }

    #[test]
    fn graphemes_are_counted_whole() {
        let counts = grapheme_counts(&["ae\u{301}a", "\u{301}"]);
        let counts: Vec<_> = counts.iter().map(|(g, &n)| (&**g, n)).collect();
        assert_eq!(counts, [("a", 2), ("e\u{301}", 1), ("\u{301}", 1)]);
    }

    #[test]
    fn pieces_lose_no_line() {
        let long = "x".repeat(PIECE_BYTES / 2 + 1);
        let lines = [long.as_str(), "a", long.as_str(), "b", "", long.as_str()];
        let cut = pieces(&lines);
        assert_eq!(cut.len(), 2);
        assert_eq!(cut.concat(), lines);
    }

    #[test]
    fn the_higher_order_wins() {
        let three = NgramCounts::of_lines(3, &alphabet(), &["ab"]);
        let two = NgramCounts::of_lines(2, &alphabet(), &["ab"]);
        assert_eq!(two.clone().merge(three.clone()), three);
        assert_eq!(three.clone().merge(two), three);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn any_grouping_merges_to_the_same(
            lines in prop::collection::vec("[a-e ]{0,9}", 3..9),
            cut in 0_usize..100, order in 2_usize..=8,
        ) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let whole = NgramCounts::of_lines(order, &alphabet(), &lines);
            let (left, rest) = lines.split_at(cut % lines.len());
            let (middle, right) = rest.split_at(rest.len() / 2);
            let of = |part: &[&str]| NgramCounts::of_lines(order, &alphabet(), part);
            prop_assert_eq!(&of(left).merge(of(middle)).merge(of(right)), &whole);
            prop_assert_eq!(&of(right).merge(of(left).merge(of(middle))), &whole);
            let twice = of(left).weighted(2).merge(of(left));
            prop_assert_eq!(twice.weighted, of(left).weighted(3).weighted);
            prop_assert_eq!(of(left).merge(of(rest)).without(&of(rest)), of(left));
            let turned = whole.renumbered(|s| if s < 2 { s } else { 9 - s });
            prop_assert_eq!(turned.total(), whole.total());
            prop_assert_eq!(turned.renumbered(|s| if s < 2 { s } else { 9 - s }), whole);
        }
    }
}
