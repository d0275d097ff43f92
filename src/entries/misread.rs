//! What it costs to read one line as another: weighted edit distance with gaps that open dear and grow cheap.
//!
//! Method: Gotoh (1982) over characters; substitutions priced by how often they were seen, gaps by where they
//! lie (lines lose their ends more often than their middles). Costs are nats.

use std::collections::BTreeMap;
use zerocopy::little_endian::{F32, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::frame::{array, frame, parts};
use crate::cost::Cost;

/// Longer lines are not compared: they are no short repeated entries.
pub(super) const LONGEST: usize = 64;

/// A substitution that was seen, sorted by observed, then intended character.
#[derive(Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Seen {
    observed: U32,
    intended: U32,
    nats: F32,
}

/// An unforeseen letter is one of about so many.
const LETTERS: f64 = 40.0;
/// Where a gap lies: before the line, in it, behind it.
const PLACES: usize = 3;
/// Substitution unseen; missing text opens (three places) and grows; surplus text opens and grows.
const PRICES: usize = 3 + 2 * PLACES;

/// The costs, read where they lie.
#[derive(Clone, Debug, Default)]
pub(super) struct Misread<'a> {
    seen: &'a [Seen],
    unseen: f32,
    missing: [f32; PLACES],
    missing_more: f32,
    surplus: [f32; PLACES],
    surplus_more: f32,
}

/// Memory for [`Misread::compare`].
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Cells that may still be filled; a comparison that needs more is not made.
    pub(super) left: usize,
    /// For each observed character, its substitutions.
    ranges: Vec<(usize, usize)>,
    both: Vec<f32>,
    missing: Vec<f32>,
    surplus: Vec<f32>,
    plain: Vec<u16>,
}

/// How an observed line compares with an intended one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Comparison {
    /// Cost of the cheapest misreading, nats.
    pub(super) nats: f32,
    /// Levenshtein distance, characters.
    pub(super) edits: u16,
}

impl<'a> Misread<'a> {
    /// The costs as the pairs (observed, intended) show them.
    pub(super) fn to_bytes(pairs: &[(&str, &str)]) -> Vec<u8> {
        let mut tally = Tally::default();
        for &(observed, intended) in pairs {
            tally.add(observed, intended);
        }
        tally.to_bytes()
    }

    /// Reads what [`Misread::to_bytes`] wrote; damaged bytes give a distance that prefers nothing.
    pub(super) fn parse(bytes: &'a [u8]) -> Self {
        let Some([seen, prices]) = parts(bytes) else { return Self::default() };
        let prices: &[F32] = array(prices);
        if prices.len() != PRICES {
            return Self::default();
        }
        // A damaged price must not make a loop of gains: costs are not negative.
        let price = |at: usize| sound(prices.get(at).map_or(0.0, |p| p.get()));
        Self {
            seen: array(seen),
            unseen: price(0),
            missing: [price(1), price(2), price(3)],
            missing_more: price(4),
            surplus: [price(5), price(6), price(7)],
            surplus_more: price(8),
        }
    }

    /// Makes ready for comparisons of `observed`.
    pub(super) fn begin(&self, observed: &[char], rows: &mut Rows) {
        rows.ranges.clear();
        for &c in observed {
            let c = u32::from(c);
            let start = self.seen.partition_point(|s| s.observed.get() < c);
            let end = self.seen.partition_point(|s| s.observed.get() <= c).max(start);
            rows.ranges.push((start, end));
        }
    }

    /// Compares `observed`, which [`Misread::begin`] was told of, with `intended`; `None` if either is too long,
    /// or no work is left.
    pub(super) fn compare(
        &self,
        observed: &[char],
        intended: &[char],
        rows: &mut Rows,
    ) -> Option<Comparison> {
        if observed.len() > LONGEST || intended.len() > LONGEST || rows.ranges.len() != observed.len() {
            return None;
        }
        rows.left = rows.left.checked_sub(observed.len() * intended.len())?;
        let place = |at: usize, len: usize| if at == 0 { 0 } else { 1 + usize::from(at == len) };
        let (n, m) = (observed.len(), intended.len());
        let Rows { ranges, both, missing, surplus, plain, .. } = rows;
        for row in [&mut *both, &mut *missing, &mut *surplus] {
            row.clear();
            row.resize(m + 1, f32::INFINITY);
        }
        plain.clear();
        plain.extend((0..).take(m + 1));
        both[0] = 0.0;
        for j in 1..=m {
            missing[j] = (both[j - 1] + self.missing[0]).min(missing[j - 1] + self.missing_more);
            both[j] = missing[j];
        }
        for i in 1..=n {
            let (o, (start, end)) = (observed[i - 1], ranges[i - 1]);
            let seen = self.seen.get(start..end).unwrap_or(&[]);
            let (mut diagonal, mut plain_diagonal) = (both[0], plain[0]);
            let opens_missing = self.missing[place(i, n)];
            surplus[0] = (both[0] + self.surplus[0]).min(surplus[0] + self.surplus_more);
            (both[0], missing[0]) = (surplus[0], f32::INFINITY);
            plain[0] += 1;
            for j in 1..=m {
                let c = intended[j - 1];
                let same = o == c;
                let above = both[j];
                surplus[j] = (above + self.surplus[place(j, m)]).min(surplus[j] + self.surplus_more);
                missing[j] = (both[j - 1] + opens_missing).min(missing[j - 1] + self.missing_more);
                let across = diagonal + if same { 0.0 } else { self.substitution(seen, c) };
                both[j] = across.min(surplus[j]).min(missing[j]);
                diagonal = above;
                let shortest = (plain_diagonal + u16::from(!same)).min(plain[j] + 1).min(plain[j - 1] + 1);
                plain_diagonal = std::mem::replace(&mut plain[j], shortest);
            }
        }
        Some(Comparison { nats: both[m], edits: plain[m] })
    }

    fn substitution(&self, seen: &[Seen], intended: char) -> f32 {
        match seen.binary_search_by_key(&u32::from(intended), |s| s.intended.get()) {
            Ok(at) => sound(seen[at].nats.get()),
            Err(_) => self.unseen,
        }
    }
}

fn sound(nats: f32) -> f32 {
    if nats.is_finite() { nats.max(0.0) } else { 0.0 }
}

/// Counts of what was misread.
#[derive(Debug, Default)]
struct Tally {
    pairs: u32,
    characters: BTreeMap<char, u32>,
    swaps: BTreeMap<(char, char), u32>,
    /// Gaps opened at each place, and characters in gaps, of missing and of surplus text.
    opened: [[u32; PLACES]; 2],
    held: [u32; 2],
}

impl Tally {
    fn add(&mut self, observed: &str, intended: &str) {
        let (o, c): (Vec<char>, Vec<char>) = (observed.chars().collect(), intended.chars().collect());
        if o.len() > LONGEST || c.len() > LONGEST {
            return;
        }
        self.pairs += 1;
        for &c in &c {
            *self.characters.entry(c).or_default() += 1;
        }
        if o == c {
            return;
        }
        let steps = align(&o, &c);
        let kept = steps.iter().filter(|s| matches!(s, Step::Same)).count();
        // Two lines that share little are no misreading of one another, letter by letter.
        if 2 * kept < o.len().max(c.len()) && kept + 2 < o.len() {
            return;
        }
        let (mut i, mut j, mut before) = (0, 0, Step::Same);
        for &step in &steps {
            let gap = match step {
                Step::Missing => Some((0, i, o.len())),
                Step::Surplus => Some((1, j, c.len())),
                _ => None,
            };
            if let Some((kind, at, len)) = gap {
                self.held[kind] += 1;
                if step != before {
                    self.opened[kind][if at == 0 { 0 } else { 1 + usize::from(at == len) }] += 1;
                }
            }
            if step == Step::Swapped {
                *self.swaps.entry((o[i], c[j])).or_default() += 1;
            }
            i += usize::from(step != Step::Missing);
            j += usize::from(step != Step::Surplus);
            before = step;
        }
    }

    fn to_bytes(&self) -> Vec<u8> {
        let nats = |events: f64, of: f64| Cost::of_probability(events / of).nats();
        let all: f64 = self.characters.values().map(|&n| f64::from(n)).sum();
        let once = self.swaps.values().filter(|&&n| n == 1).count() as f64;
        let seen: Vec<Seen> = self
            .swaps
            .iter()
            .map(|(&(observed, intended), &n)| {
                let of = self.characters.get(&intended).copied().unwrap_or(0);
                Seen {
                    observed: U32::new(observed.into()),
                    intended: U32::new(intended.into()),
                    nats: F32::new(nats(f64::from(n) - 0.4, f64::from(of) + 5.0)),
                }
            })
            .collect();
        // A new substitution has the mass of those seen once (Good–Turing), spread over a few dozen letters.
        let unseen = nats(once + 1.0, (all + 10.0) * LETTERS);
        let open = |kind: usize, place: usize| {
            let of = if place == 1 { all } else { f64::from(self.pairs) };
            nats(f64::from(self.opened[kind][place]) + 0.5, of + 2.0)
        };
        let more = |kind: usize| {
            let opened: u32 = self.opened[kind].iter().sum();
            nats(f64::from(self.held[kind] - opened) + 1.0, f64::from(self.held[kind]) + 2.0)
        };
        // A surplus character is one of a few dozen; a missing one is given by the intended line.
        let letter = Cost::of_probability(1.0 / LETTERS).nats();
        let prices: [F32; PRICES] = [
            unseen,
            open(0, 0),
            open(0, 1),
            open(0, 2),
            more(0),
            open(1, 0) + letter,
            open(1, 1) + letter,
            open(1, 2) + letter,
            more(1) + letter,
        ]
        .map(F32::new);
        frame(&[seen.as_bytes(), prices.as_bytes()])
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Same,
    Swapped,
    Missing,
    Surplus,
}

/// The shortest way from `intended` to `observed`; of equal ways the one that, from the end, keeps or swaps
/// first, then has text missing.
fn align(observed: &[char], intended: &[char]) -> Vec<Step> {
    let (n, m) = (observed.len(), intended.len());
    let width = m + 1;
    let mut table: Vec<usize> = vec![0; (n + 1) * width];
    for (j, cell) in table.iter_mut().take(width).enumerate() {
        *cell = j;
    }
    for i in 1..=n {
        table[i * width] = i;
        for j in 1..=m {
            let across = table[(i - 1) * width + j - 1] + usize::from(observed[i - 1] != intended[j - 1]);
            table[i * width + j] =
                across.min(table[(i - 1) * width + j] + 1).min(table[i * width + j - 1] + 1);
        }
    }
    let (mut i, mut j, mut steps) = (n, m, Vec::with_capacity(n.max(m)));
    while i > 0 || j > 0 {
        let here = table[i * width + j];
        let differ = i > 0 && j > 0 && observed[i - 1] != intended[j - 1];
        let step = if i > 0 && j > 0 && table[(i - 1) * width + j - 1] + usize::from(differ) == here {
            if differ { Step::Swapped } else { Step::Same }
        } else if j > 0 && table[i * width + j - 1] + 1 == here {
            Step::Missing
        } else {
            Step::Surplus
        };
        i -= usize::from(step != Step::Missing);
        j -= usize::from(step != Step::Surplus);
        steps.push(step);
    }
    steps.reverse();
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(costs: &Misread<'_>, observed: &str, intended: &str) -> Comparison {
        let (o, c): (Vec<char>, Vec<char>) = (observed.chars().collect(), intended.chars().collect());
        let mut rows = Rows { left: 1000, ..Rows::default() };
        costs.begin(&o, &mut rows);
        costs.compare(&o, &c, &mut rows).expect("short enough")
    }

    #[test]
    fn hand_computed() {
        let costs = Misread {
            seen: &[],
            unseen: 8.0,
            missing: [1.0, 6.0, 2.0],
            missing_more: 0.5,
            surplus: [7.0, 9.0, 7.0],
            surplus_more: 4.0,
        };
        for (observed, intended, nats, edits) in [
            ("abc", "abc", 0.0, 0),
            ("abx", "abc", 8.0, 1),
            ("ab", "abcde", 3.0, 3),
            ("de", "abcde", 2.0, 3),
            ("ae", "abcde", 7.0, 3),
            ("abcxy", "abc", 11.0, 2),
            ("", "ab", 1.5, 2),
            ("ab", "", 11.0, 2),
        ] {
            assert_eq!(
                compare(&costs, observed, intended),
                Comparison { nats, edits },
                "{observed} {intended}"
            );
        }
    }

    #[test]
    fn what_was_seen_is_cheaper() {
        let pairs =
            [("hause", "house"), ("hause", "house"), ("mouse", "mouse"), ("nose", "nose"), ("hous", "house")];
        let bytes = Misread::to_bytes(&pairs);
        let costs = Misread::parse(&bytes);
        assert!(compare(&costs, "rause", "rouse").nats < compare(&costs, "riuse", "rouse").nats);
        assert!(compare(&costs, "mous", "mouse").nats < compare(&costs, "ouse", "mouse").nats);
        assert_eq!(compare(&costs, "rause", "rouse").edits, 1);
    }
}
