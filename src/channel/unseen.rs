//! What single symbols may stand for though nobody saw them misread so.
//!
//! Absolute discounting with back-off, as in language models (Ney, Essen & Kneser 1994): what was taken off the counts
//! of a symbol's misreadings is shared by the symbols that it was never read as, by how often symbols of its class
//! (letters, digits, marks, …) are read as those. So the cost is a sum of two: how willingly the intended symbol is
//! misread as something new, and how often its class is read as the observed one. Few pairs go far by it: of a thousand
//! French lines half of the misreadings in new documents had never been seen.
//!
//! Where a script has thousands of characters, misreadings are many and each is rare (675 of Han in a set of business
//! cards had 397 outcomes): they back off to all characters of their kind alike, and which one is meant is left to the
//! language model. 天吉苺 becomes 天麩羅 though nobody saw 麩 read as 吉.

use std::collections::BTreeMap;

use super::estimate::ChannelOptions;
use crate::cost::ln;
use crate::counts::{Alphabet, ConfusionCounts, Segment, Symbol};
use crate::text::{is_han, is_unspaced};

/// Classes of intended symbols: nothing, white space, capitals, other letters, digits, the rest; letters of scripts
/// without spaces (kana), Han characters.
pub(super) const CLASSES: usize = 8;
/// Those of scripts without spaces.
const UNSPACED: std::ops::Range<usize> = 6..8;
/// Misreadings of all classes that count beside those of one.
const COMMON: f64 = 20.0;
/// Added to how often each symbol was seen to be what another was read as.
const ONCE: f64 = 0.5;
/// Taken off each count of what a class of [`UNSPACED`] was read as, for what it was not.
const DISCOUNT: f64 = 0.5;
/// Share of that for what all classes are read as; the rest is for all symbols of the class alike.
const ELSEWHERE: f64 = 0.1;

/// An intended symbol, or nothing, that may be read as what it was never read as.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Willing {
    /// [`Alphabet::UNKNOWN`]: nothing.
    pub(super) symbol: Symbol,
    pub(super) class: usize,
    /// −ln of the share of its occurrences, nats.
    pub(super) cost: f64,
}

/// The two parts of the cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Unseen {
    /// By class, then by rising cost, then by symbol.
    pub(super) willing: Vec<Willing>,
    /// For each observed symbol, and last for nothing: −ln of its share of what each class is misread as, nats.
    pub(super) taken: Vec<[f64; CLASSES]>,
}

impl Unseen {
    pub(super) fn of(counts: &ConfusionCounts, alphabet: &Alphabet, options: &ChannelOptions) -> Self {
        let mut types: BTreeMap<Segment, u32> = BTreeMap::new();
        let mut seen = vec![[0_u32; CLASSES]; alphabet.len() + 1];
        let nothing = alphabet.len();
        for (&(observed, intended), &count) in &counts.confusions {
            if observed.len() <= 1 && intended.len() <= 1 {
                *types.entry(intended).or_default() += 1;
                let place = observed.symbols().first().map_or(nothing, |&s| usize::from(s));
                if let Some(seen) = seen.get_mut(place) {
                    seen[class(alphabet, intended)] += count;
                }
            }
        }
        Self { willing: willing(counts, alphabet, options, &types), taken: taken(&seen, alphabet) }
    }
}

fn willing(
    counts: &ConfusionCounts,
    alphabet: &Alphabet,
    options: &ChannelOptions,
    types: &BTreeMap<Segment, u32>,
) -> Vec<Willing> {
    let known = |s: &Segment| s.len() == 1 && !s.symbols().contains(&Alphabet::UNKNOWN);
    let mut often: Vec<(u32, Segment)> =
        counts.occurrences.iter().filter(|(s, _)| known(s)).map(|(&s, &n)| (n, s)).collect();
    often.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut left = [options.unseen, options.unseen_unspaced];
    often.retain(|&(_, segment)| {
        let left = &mut left[usize::from(UNSPACED.contains(&class(alphabet, segment)))];
        let is_in = *left > 0;
        *left -= usize::from(is_in);
        is_in
    });
    if !often.is_empty() {
        let gaps = counts.occurrences.get(&Segment::default()).copied().unwrap_or(0);
        often.push((gaps, Segment::default()));
    }
    let one = |&(n, segment): &(u32, Segment)| {
        let types = types.get(&segment).copied().unwrap_or(0).max(1);
        Willing {
            symbol: segment.symbols().first().copied().unwrap_or(Alphabet::UNKNOWN),
            class: class(alphabet, segment),
            cost: -ln(options.discount * f64::from(types) / (f64::from(n) + options.prior)),
        }
    };
    let mut all: Vec<Willing> = often.iter().map(one).collect();
    all.sort_by(|a, b| a.class.cmp(&b.class).then(a.cost.total_cmp(&b.cost)).then(a.symbol.cmp(&b.symbol)));
    all
}

fn taken(seen: &[[u32; CLASSES]], alphabet: &Alphabet) -> Vec<[f64; CLASSES]> {
    let total: [u32; CLASSES] = std::array::from_fn(|c| seen.iter().map(|s| s[c]).sum());
    let types: [usize; CLASSES] = std::array::from_fn(|c| seen.iter().filter(|s| s[c] > 0).count());
    let of_symbol = |s: usize| Segment::new(&[Symbol::try_from(s).ok()?]).map(|s| class(alphabet, s));
    let classes: Vec<Option<usize>> = (0..alphabet.len()).map(of_symbol).collect();
    let size: [usize; CLASSES] =
        std::array::from_fn(|c| classes.iter().filter(|own| **own == Some(c)).count());
    let all = f64::from(total.iter().sum::<u32>()) + ONCE * seen.len() as f64;
    let one = |(place, seen): (usize, &[u32; CLASSES])| {
        let common = (f64::from(seen.iter().sum::<u32>()) + ONCE) / all;
        std::array::from_fn(|c| {
            let (own, total) = (f64::from(seen[c]), f64::from(total[c]));
            if !UNSPACED.contains(&c) {
                return -ln((own + COMMON * common) / (total + COMMON));
            }
            let is_its = classes.get(place).is_some_and(|class| *class == Some(c));
            let alike = if is_its { 1.0 / size[c] as f64 } else { 0.0 };
            let rest = (1.0 - ELSEWHERE) * alike + ELSEWHERE * common;
            -ln(((own - DISCOUNT).max(0.0) + (DISCOUNT * types[c] as f64 + 1.0) * rest) / (total + 1.0))
        })
    };
    seen.iter().enumerate().map(one).collect()
}

fn class(alphabet: &Alphabet, of: Segment) -> usize {
    let Some(c) = of.symbols().first().and_then(|&s| alphabet.grapheme(s).chars().next()) else { return 0 };
    if is_han(c) {
        7
    } else if c.is_alphabetic() && is_unspaced(c) {
        6
    } else if c.is_whitespace() {
        1
    } else if c.is_uppercase() {
        2
    } else if c.is_alphabetic() {
        3
    } else if c.is_numeric() {
        4
    } else {
        5
    }
}
