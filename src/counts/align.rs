//! Alignment of an observed with an intended text: where they differ.
//!
//! Weighted Levenshtein over symbols. A letter exchanged for a space costs more than two other mistakes'
//! difference would gain, because otherwise ties let the alignment drift across words.

use std::ops::Range;

/// A stretch where the two sides differ: maximal, so that an aligned equal symbol stands on both sides of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Positions of the observed sequence.
    pub observed: Range<usize>,
    /// Positions of the intended sequence.
    pub intended: Range<usize>,
}

const EDIT: u32 = 2;
const LETTER_FOR_SPACE: u32 = 3;
/// Beyond this many cells the two sides are aligned inside a band only.
const CELLS: usize = 4_000_000;
/// Columns that a band has beside those that it moves by.
const NARROWEST: usize = 128;

/// The differences of two sequences, left to right. `is_space` says which items are spaces.
///
/// Time and memory are O(n·m) bytes up to four million cells; longer pairs are aligned in a diagonal band
/// of about that many cells, which finds a possibly dearer alignment.
pub fn differences<T: PartialEq>(
    observed: &[T],
    intended: &[T],
    is_space: impl Fn(&T) -> bool,
) -> Vec<Difference> {
    let prefix = observed.iter().zip(intended).take_while(|(a, b)| a == b).count();
    let (a, b) = (&observed[prefix..], &intended[prefix..]);
    let suffix = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - suffix], &b[..b.len() - suffix]);
    if a.is_empty() && b.is_empty() {
        return Vec::new();
    }
    if a.is_empty() || b.is_empty() {
        let whole = Difference { observed: prefix..prefix + a.len(), intended: prefix..prefix + b.len() };
        return vec![whole];
    }
    let matched = Grid::fill(a, b, &is_space).matches();
    let mut found = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (x, y) in matched.into_iter().chain([(a.len(), b.len())]) {
        if x > i || y > j {
            found.push(Difference { observed: prefix + i..prefix + x, intended: prefix + j..prefix + y });
        }
        (i, j) = (x + 1, y + 1);
    }
    found
}

/// Back-pointers of the dynamic programme, a band of `width` columns around the diagonal for each row.
struct Grid {
    steps: Vec<Step>,
    width: usize,
    starts: Vec<usize>,
    columns: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Step {
    Match,
    Change,
    Surplus,
    Missing,
}

impl Grid {
    fn fill<T: PartialEq>(a: &[T], b: &[T], is_space: &impl Fn(&T) -> bool) -> Self {
        let columns = b.len() + 1;
        // The band follows the diagonal: from row to row it moves by so much, and has to reach itself again.
        let step = b.len() / (a.len() + 1) + 1;
        let width = (CELLS / (a.len() + 1)).max(2 * step + NARROWEST).min(columns);
        let start = |i: usize| {
            let middle = i * b.len() / a.len().max(1);
            middle.saturating_sub(width / 2).min(columns - width)
        };
        let starts: Vec<usize> = (0..=a.len()).map(start).collect();
        let mut steps = vec![Step::Missing; (a.len() + 1) * width];
        let mut above: Vec<u32> = Vec::new();
        let mut row = vec![0; width];
        for i in 0..=a.len() {
            let at = starts[i];
            let before = if i == 0 { 0 } else { starts[i - 1] };
            let cost_above =
                |j: usize| j.checked_sub(before).and_then(|k| above.get(k)).copied().unwrap_or(u32::MAX / 2);
            for k in 0..width {
                let j = at + k;
                let (mut best, mut step) = (u32::MAX / 2, Step::Missing);
                if i == 0 && j == 0 {
                    (best, step) = (0, Step::Match);
                }
                if i > 0 && j > 0 {
                    let (x, y) = (&a[i - 1], &b[j - 1]);
                    let (price, kind) = if x == y {
                        (0, Step::Match)
                    } else if is_space(x) != is_space(y) {
                        (LETTER_FOR_SPACE, Step::Change)
                    } else {
                        (EDIT, Step::Change)
                    };
                    (best, step) = (cost_above(j - 1) + price, kind);
                }
                // Ties: match or change, then surplus, then missing.
                if i > 0 && cost_above(j) + EDIT < best {
                    (best, step) = (cost_above(j) + EDIT, Step::Surplus);
                }
                if k > 0 && row[k - 1] + EDIT < best {
                    (best, step) = (row[k - 1] + EDIT, Step::Missing);
                }
                row[k] = best;
                steps[i * width + k] = step;
            }
            above.clone_from(&row);
        }
        Self { steps, width, starts, columns }
    }

    /// Matched positions, left to right.
    fn matches(&self) -> Vec<(usize, usize)> {
        let (mut i, mut j) = (self.starts.len() - 1, self.columns - 1);
        let mut found = Vec::new();
        while i > 0 || j > 0 {
            let step = j
                .checked_sub(self.starts[i])
                .filter(|&k| k < self.width)
                .map(|k| self.steps[i * self.width + k]);
            match step {
                Some(Step::Match | Step::Change) if i > 0 && j > 0 => {
                    (i, j) = (i - 1, j - 1);
                    if step == Some(Step::Match) {
                        found.push((i, j));
                    }
                }
                Some(Step::Missing) if j > 0 => j -= 1,
                _ if i > 0 => i -= 1,
                _ => j -= 1,
            }
        }
        found.reverse();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs(observed: &str, intended: &str) -> Vec<(String, String)> {
        let (a, b): (Vec<char>, Vec<char>) = (observed.chars().collect(), intended.chars().collect());
        differences(&a, &b, |c| c.is_whitespace())
            .into_iter()
            .map(|d| (a[d.observed].iter().collect(), b[d.intended].iter().collect()))
            .collect()
    }

    #[test]
    fn differences_are_where_a_reader_sees_them() {
        type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)]);
        let cases: [Case; 7] = [
            ("the", "the", &[]),
            ("tbe", "the", &[("b", "h")]),
            ("brovvn fox", "brown fox", &[("vv", "w")]),
            ("in terest", "interest", &[(" ", "")]),
            ("ofthe", "of the", &[("", " ")]),
            ("", "abc", &[("", "abc")]),
            ("a, tenant", "a tenant", &[(",", "")]),
        ];
        for (observed, intended, want) in cases {
            let want: Vec<_> = want.iter().map(|&(a, b)| (a.to_owned(), b.to_owned())).collect();
            assert_eq!(pairs(observed, intended), want, "{observed} → {intended}");
        }
    }

    #[test]
    fn a_band_of_long_texts_stays_narrow_however_unlike_they_are() {
        for (n, m) in [(100_000, 50_000), (50_000, 100_000), (4_000, 120_000)] {
            let side = |n: usize, step: usize| (0..n).map(|k| (k * step) % 31).collect::<Vec<_>>();
            let (a, b) = (side(n, 7), side(m, 11));
            let grid = Grid::fill(&a, &b, &|_| false);
            assert!(grid.steps.len() <= 4 * CELLS, "{n} × {m}: {}", grid.steps.len());
            let matched = grid.matches();
            assert!(matched.iter().all(|&(i, j)| a[i] == b[j]), "{n} × {m}");
            assert!(matched.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 < two[1].1));
            assert!(matched.len() > n.min(m) / 100, "{n} × {m}: a way through is found");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn align_then_apply_gives_the_target(a in "[ab ]{0,30}", b in "[ab ]{0,30}") {
            let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let mut out = String::new();
            let mut at = 0;
            for d in differences(&x, &y, |c| *c == ' ') {
                out.extend(&x[at..d.observed.start]);
                out.extend(&y[d.intended.clone()]);
                at = d.observed.end;
            }
            out.extend(&x[at..]);
            prop_assert_eq!(out, b);
        }
    }

    #[test]
    fn a_long_pair_is_aligned_in_a_band() {
        let a: Vec<u16> = (0..6000).map(|i| (i * 7 % 1000) as u16).collect();
        let mut b = a.clone();
        b[3000] = 5000;
        b.remove(100);
        let found = differences(&a, &b, |_| false);
        assert_eq!(found.iter().map(|d| d.observed.len()).sum::<usize>(), 2, "{found:?}");
    }
}
