//! Sides that share less than they differ in: a rewrite, or a row that slipped.

use std::collections::BTreeMap;

use super::Limits;
use crate::corpus::Pair;

/// A field this short may be misread whole.
const SHORT: usize = 3;
/// Cells of the distance matrix that are worth computing for one pair. Beyond, the bag distance decides
/// alone: it never overstates, so the pair may pass that should not, never the reverse.
const CELLS: usize = 4_000_000;

pub(super) fn applies(pair: &Pair, limits: &Limits) -> bool {
    if pair.observed == pair.intended {
        return false;
    }
    let (a, b) = (letters(&pair.observed), letters(&pair.intended));
    let longer = a.len().max(b.len());
    // A reading cut off at either end, or with another field stuck to it, is still the same text.
    let part = pair.intended.contains(pair.observed.trim()) || pair.observed.contains(pair.intended.trim());
    if longer <= SHORT || part {
        return false;
    }
    let over = |distance: usize| distance as f64 > limits.edited * longer as f64;
    let (a, b) = trim(&a, &b);
    over(bag_distance(a, b))
        || over(a.len().max(b.len())) && a.len().saturating_mul(b.len()) <= CELLS && over(distance(a, b))
}

/// The share of the longer side that is edited, 0–1, case aside; of sides too long to be compared, a lower bound.
pub(super) fn edited(observed: &str, intended: &str) -> f64 {
    let (a, b) = (letters(observed), letters(intended));
    let longer = a.len().max(b.len()).max(1);
    let (a, b) = trim(&a, &b);
    let edits = if a.len().saturating_mul(b.len()) <= CELLS { distance(a, b) } else { bag_distance(a, b) };
    edits as f64 / longer as f64
}

/// Case aside: headings in capitals are often read in mixed case, and are the same text for all that.
fn letters(side: &str) -> Vec<char> {
    side.chars().flat_map(char::to_lowercase).collect()
}

/// What is left without the common beginning and end.
fn trim<'a>(a: &'a [char], b: &'a [char]) -> (&'a [char], &'a [char]) {
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(start..).unwrap_or(&[]), b.get(start..).unwrap_or(&[]));
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    (a.get(..a.len() - end).unwrap_or(&[]), b.get(..b.len() - end).unwrap_or(&[]))
}

/// A lower bound of the Levenshtein distance: the characters that one side has in excess of the other.
fn bag_distance(a: &[char], b: &[char]) -> usize {
    let mut excess: BTreeMap<char, i64> = BTreeMap::new();
    a.iter().for_each(|c| *excess.entry(*c).or_default() += 1);
    b.iter().for_each(|c| *excess.entry(*c).or_default() -= 1);
    let sum = |sign: i64| excess.values().map(|n| (n * sign).max(0).unsigned_abs()).sum::<u64>();
    usize::try_from(sum(1).max(sum(-1))).unwrap_or(usize::MAX)
}

/// Levenshtein distance, two rows at a time.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (above, y) in row.iter_mut().skip(1).zip(b) {
            let here = (diagonal + usize::from(x != y)).min(left + 1).min(*above + 1);
            diagonal = std::mem::replace(above, here);
            left = here;
        }
    }
    if b.is_empty() { a.len() } else { row.last().copied().unwrap_or(0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, slow and plain.
    fn plain(a: &[char], b: &[char]) -> usize {
        match (a.split_last(), b.split_last()) {
            (None, _) => b.len(),
            (_, None) => a.len(),
            (Some((x, a1)), Some((y, b1))) => {
                (plain(a1, b1) + usize::from(x != y)).min(plain(a1, b) + 1).min(plain(a, b1) + 1)
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_distance_is_the_definition(a in "[abc]{0,5}", b in "[abc]{0,5}") {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let want = plain(&a, &b);
            let (x, y) = trim(&a, &b);
            prop_assert_eq!(distance(x, y), want);
            prop_assert!(bag_distance(&a, &b) <= want);
        }
    }
}
