//! All that is counted of pairs, so that it can be kept and merged: counting goes on where it ended.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::ngram::{Packed, symbol_at};
use super::shard::{decode, encode};
use super::{
    Alphabet, NgramCounts, Shard, ShardError, StretchCounts, Symbol, SymbolPair, WordCounts, grapheme_counts,
};
use crate::corpus::Pair;
use crate::text::as_counted;

/// Counts of pairs: graphemes of both sides, grapheme n-grams and words of the intended sides as the language model reads
/// them, and what aligning showed. Merging in any grouping and order gives the same counts, and what was merged can be
/// taken out again.
///
/// The symbols are numbered in the order of their graphemes' text, so that merging moves them and never reorders them. Of more
/// than [`Alphabet::MOST`] different graphemes the last in that order are unknown. Counts are exact below 2³².
#[derive(Clone, Debug, PartialEq)]
pub struct PairCounts {
    /// How often each grapheme stands in both sides.
    graphemes: BTreeMap<Box<str>, u64>,
    ngrams: NgramCounts,
    words: WordCounts,
    stretches: StretchCounts,
}

/// Other graphemes are [counted](as_counted) as these, or these as others, whether or not a side holds them: quotes and
/// digits.
const COUNTED: [&str; 17] =
    ["\"", "'", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "‘", "’", "“", "”", "０"];

impl PairCounts {
    /// No counts, with n-grams of `order` symbols.
    pub fn new(order: usize) -> Self {
        Self {
            graphemes: BTreeMap::new(),
            ngrams: NgramCounts::new(order),
            words: WordCounts::default(),
            stretches: StretchCounts::default(),
        }
    }

    /// Counts `pairs` on all threads of the current rayon pool.
    pub fn of(order: usize, pairs: &[&Pair]) -> Self {
        let sides: Vec<&str> =
            pairs.iter().flat_map(|p| [p.observed.as_str(), p.intended.as_str()]).collect();
        let graphemes = grapheme_counts(&sides);
        let alphabet = numbered(&graphemes);
        let intended: Vec<String> = pairs.par_iter().map(|p| as_counted(&p.intended)).collect();
        let intended: Vec<&str> = intended.iter().map(String::as_str).collect();
        let symbols: Vec<SymbolPair> =
            pairs.par_iter().map(|p| SymbolPair::new(&alphabet, &p.observed, &p.intended)).collect();
        Self {
            ngrams: NgramCounts::of_lines(order, &alphabet, &intended),
            words: WordCounts::of_lines(&intended),
            stretches: StretchCounts::count(&alphabet, &symbols),
            graphemes,
        }
    }

    /// The counts of both.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        let mut graphemes = self.graphemes.clone();
        for (grapheme, n) in &other.graphemes {
            let count = graphemes.entry(grapheme.clone()).or_default();
            *count = count.saturating_add(*n);
        }
        let (ours, theirs) = (self.under(&graphemes), other.under(&graphemes));
        Self {
            graphemes,
            ngrams: ours.ngrams.merge(theirs.ngrams),
            words: ours.words.merge(theirs.words),
            stretches: ours.stretches.merge(theirs.stretches),
        }
    }

    /// The counts of the pairs that were merged into these beside those of `other`.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        let mut graphemes = self.graphemes.clone();
        for (grapheme, n) in &other.graphemes {
            if let Some(count) = graphemes.get_mut(grapheme) {
                *count = count.saturating_sub(*n);
            }
        }
        graphemes.retain(|_, n| *n > 0);
        let other = other.under(&self.graphemes);
        let rest = Self {
            graphemes: self.graphemes,
            ngrams: self.ngrams.without(&other.ngrams),
            words: self.words.without(&other.words),
            stretches: self.stretches.without(&other.stretches),
        };
        Self { graphemes: graphemes.clone(), ..rest.under(&graphemes) }
    }

    /// The same counts with the symbols of other graphemes.
    fn under(self, graphemes: &BTreeMap<Box<str>, u64>) -> Self {
        if self.graphemes.keys().eq(graphemes.keys()) {
            return self;
        }
        let alphabet = numbered(graphemes);
        Self { ngrams: self.ngrams_in(&alphabet), stretches: self.stretches_in(&alphabet), ..self }
    }

    /// How often each grapheme stands in both sides.
    pub fn graphemes(&self) -> &BTreeMap<Box<str>, u64> {
        &self.graphemes
    }

    /// Symbols an n-gram.
    pub fn order(&self) -> usize {
        self.ngrams.order()
    }

    /// Words of the intended sides.
    pub fn words(&self) -> &WordCounts {
        &self.words
    }

    /// The n-grams of the intended sides as `alphabet` numbers them.
    pub fn ngrams_in(&self, alphabet: &Alphabet) -> NgramCounts {
        self.ngrams.renumbered(self.renumbering(alphabet))
    }

    /// What aligning showed, as `alphabet` numbers it.
    pub fn stretches_in(&self, alphabet: &Alphabet) -> StretchCounts {
        self.stretches.renumbered(self.renumbering(alphabet))
    }

    fn renumbering(&self, alphabet: &Alphabet) -> impl Fn(Symbol) -> Symbol + Sync + use<> {
        let own = numbered(&self.graphemes);
        let symbol = |s: Symbol| if s == Alphabet::BOUNDARY { s } else { alphabet.symbol(own.grapheme(s)) };
        let to: Vec<Symbol> = (0..own.len()).map(|s| symbol(Symbol::try_from(s).unwrap_or(0))).collect();
        move |s| to.get(usize::from(s)).copied().unwrap_or(Alphabet::UNKNOWN)
    }
}

/// The alphabet of these graphemes, quotes and digits, in the order of their text.
fn numbered(graphemes: &BTreeMap<Box<str>, u64>) -> Alphabet {
    let mut all: Vec<&str> =
        graphemes.keys().map(|g| &**g).chain(COUNTED).filter(|g| !g.is_empty()).collect();
    all.sort_unstable();
    all.dedup();
    Alphabet::from_graphemes(all.into_iter().map(Box::from))
}

/// The parts that are small.
#[derive(Serialize, Deserialize)]
struct Rest {
    graphemes: Vec<(Box<str>, u64)>,
    order: u8,
    stretches: StretchCounts,
}

/// N-grams, words, the rest: each as its length in eight bytes, little-endian, and its bytes.
///
/// N-grams go out in order, each as what differs from the one before: how many symbols are the same, the others, the
/// count; numbers of seven bits a byte, the lowest first, the high bit set where more follow.
impl Shard for PairCounts {
    fn to_bytes(&self) -> Vec<u8> {
        let order = self.order();
        let (mut ngrams, mut before) = (Vec::new(), 0);
        for (gram, count, _) in self.ngrams.iter() {
            let same = (0..order).take_while(|&p| symbol_at(gram, p) == symbol_at(before, p)).count();
            put(&mut ngrams, u32::try_from(same).unwrap_or(0));
            (same..order).for_each(|place| put(&mut ngrams, symbol_at(gram, place).into()));
            put(&mut ngrams, count);
            before = gram;
        }
        let rest = encode(&Rest {
            graphemes: self.graphemes.iter().map(|(g, &n)| (g.clone(), n)).collect(),
            order: u8::try_from(order).unwrap_or(u8::MAX),
            stretches: self.stretches.clone(),
        });
        let mut bytes = Vec::new();
        for part in [ngrams, self.words.to_bytes(), rest] {
            bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
            bytes.extend(part);
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, ShardError> {
        let mut left = bytes;
        let mut part = || {
            let (length, rest) = left.split_first_chunk().ok_or(ShardError::Order)?;
            let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| ShardError::Order)?;
            let (part, rest) = rest.split_at_checked(length).ok_or(ShardError::Order)?;
            left = rest;
            Ok::<_, ShardError>(part)
        };
        let (ngrams, words, rest) = (part()?, part()?, part()?);
        let Rest { graphemes, order, stretches } = decode(rest)?;
        if !left.is_empty() || !graphemes.is_sorted_by(|a, b| a.0 < b.0) {
            return Err(ShardError::Order);
        }
        Ok(Self {
            graphemes: graphemes.into_iter().collect(),
            ngrams: unpack(usize::from(order), ngrams).ok_or(ShardError::Order)?,
            words: WordCounts::from_bytes(words)?,
            stretches,
        })
    }
}

fn unpack(order: usize, mut bytes: &[u8]) -> Option<NgramCounts> {
    let (mut grams, mut counts) = (Vec::new(), Vec::new());
    let mut symbols = [0; NgramCounts::MAX_ORDER];
    while !bytes.is_empty() {
        let same = get(&mut bytes)? as usize;
        for symbol in symbols.get_mut(same..order)? {
            *symbol = Symbol::try_from(get(&mut bytes)?).ok()?;
        }
        counts.push(get(&mut bytes)?);
        grams.push(symbols.iter().fold(0, |all: Packed, &s| (all << Symbol::BITS) | Packed::from(s)));
    }
    NgramCounts::from_parts(order, grams, counts.clone(), counts)
}

fn put(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

fn get(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0_u64;
    for place in 0..5 {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return u32::try_from(number).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pair(observed: &str, intended: &str) -> Pair {
        Pair { observed: observed.into(), intended: intended.into(), ..Pair::default() }
    }

    fn of(pairs: &[Pair]) -> PairCounts {
        PairCounts::of(4, &pairs.iter().collect::<Vec<_>>())
    }

    #[test]
    fn shards_come_back_and_wrong_bytes_are_refused_or_harmless() {
        let counts = of(&[pair("tbe c\"at\"", "the “cat”"), pair("Kase が", "Käse が")]);
        let bytes = counts.to_bytes();
        assert_eq!(PairCounts::from_bytes(&bytes).expect("as written"), counts);
        for at in 0..bytes.len() {
            assert!(PairCounts::from_bytes(&bytes[..at]).is_err(), "cut to {at}");
            let mut bytes = bytes.clone();
            bytes[at] ^= 0xFF;
            if let Ok(wrong) = PairCounts::from_bytes(&bytes) {
                let _ = wrong.merge(counts.clone()).without(counts.clone());
            }
        }
    }

    #[test]
    fn numbers_come_back() {
        for number in [0, 1, 127, 128, 16_383, 16_384, u32::MAX] {
            let mut bytes = Vec::new();
            put(&mut bytes, number);
            assert_eq!(get(&mut bytes.as_slice()), Some(number));
        }
    }

    #[test]
    fn under_an_alphabet_they_are_what_it_counts() {
        let pairs = [pair("tbe cat", "the cat"), pair("zebra", "zebra")];
        let counts = of(&pairs);
        let alphabet = Alphabet::from_counts(counts.graphemes(), 1);
        let lines = ["the cat", "zebra"];
        assert_eq!(counts.ngrams_in(&alphabet), NgramCounts::of_lines(4, &alphabet, &lines));
        let symbols: Vec<_> =
            pairs.iter().map(|p| SymbolPair::new(&alphabet, &p.observed, &p.intended)).collect();
        assert_eq!(counts.stretches_in(&alphabet), StretchCounts::count(&alphabet, &symbols));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn any_grouping_and_order_gives_the_same(
            rows in prop::collection::vec(("[a-dé' ]{0,9}", "[b-eß\" ]{0,9}"), 3..10), cut in 0_usize..100,
        ) {
            let pairs: Vec<Pair> = rows.iter().map(|(o, i)| pair(o, i)).collect();
            let whole = of(&pairs);
            let (left, rest) = pairs.split_at(cut % pairs.len());
            let (middle, right) = rest.split_at(rest.len() / 2);
            prop_assert_eq!(&of(left).merge(of(middle)).merge(of(right)), &whole);
            prop_assert_eq!(&of(right).merge(of(left).merge(of(middle))), &whole);
            prop_assert_eq!(&of(&[]).merge(whole.clone()), &whole);
            prop_assert_eq!(whole.clone().without(of(rest)), of(left));
            prop_assert_eq!(whole.clone().without(whole.clone()), of(&[]));
            prop_assert_eq!(PairCounts::from_bytes(&whole.to_bytes()).expect("as written"), whole);
        }
    }
}
