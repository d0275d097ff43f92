//! How profiles of one source spread around their middle, and how far a profile is from there.

use serde::{Deserialize, Serialize};

/// Middle of profiles and the inverse of their covariance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Spread {
    middle: Vec<f32>,
    /// Inverse covariance, row by row.
    inverse: Vec<f32>,
    /// For each share the part of its variance that is chance, because the documents are not longer.
    chance: Vec<f32>,
    /// How long they are, tokens: the median.
    pub(super) tokens: f32,
}

/// A profile that is measured by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measured<'p> {
    pub(super) shares: &'p [f32],
    pub(super) tokens: usize,
    /// The shares of its two halves, where it has some.
    pub(super) halves: Option<[&'p [f32]; 2]>,
}

/// Square roots of shares vary at least so much: what never varies at home says much when it does, but not all.
pub(super) const LEAST_DEVIATION: f64 = 0.03;
/// Most of the variance that may be chance.
const MOST_CHANCE: f32 = 0.8;

impl Spread {
    /// The spread of these profiles, all of one length. Covariances are shrunk towards none, the more the fewer
    /// profiles there are for each share (Ledoit & Wolf 2004 give the reason: the inverse would be chance).
    pub(super) fn of(all: &[Measured<'_>]) -> Self {
        let profiles: Vec<&[f32]> = all.iter().map(|m| m.shares).collect();
        let dim = profiles.first().map_or(0, |p| p.len());
        let n = profiles.len().max(1) as f64;
        let believed = n / (n + dim as f64);
        let value = |p: &[f32], at: usize| f64::from(p.get(at).copied().unwrap_or(0.0));
        let middle: Vec<f64> =
            (0..dim).map(|at| profiles.iter().map(|p| value(p, at)).sum::<f64>() / n).collect();
        let mut rows: Vec<Vec<f64>> = vec![vec![0.0; dim]; dim];
        for (i, row) in rows.iter_mut().enumerate() {
            for (j, cell) in row.iter_mut().enumerate() {
                let part = |p: &&[f32]| (value(p, i) - middle[i]) * (value(p, j) - middle[j]);
                let sum: f64 = profiles.iter().map(part).sum::<f64>() / n;
                *cell = if i == j { sum.max(LEAST_DEVIATION * LEAST_DEVIATION) } else { believed * sum };
            }
        }
        let narrow = crate::cost::narrow;
        let mut lengths: Vec<usize> = all.iter().map(|m| m.tokens).collect();
        lengths.sort_unstable();
        let halved: Vec<[&[f32]; 2]> = all.iter().filter_map(|m| m.halves).collect();
        // The halves of a document differ by chance alone; the whole differs half as much from what it would be if it
        // were endless: the variance of (a + b) / 2 is a quarter of that of a − b.
        let chance = |at: usize| {
            let apart = |[a, b]: &[&[f32]; 2]| (value(a, at) - value(b, at)) * (value(a, at) - value(b, at));
            let own = halved.iter().map(apart).sum::<f64>() / (4 * halved.len().max(1)) as f64;
            narrow(own / rows[at][at]).min(MOST_CHANCE)
        };
        let chance = (0..dim).map(chance).collect();
        let tokens = lengths.get(lengths.len() / 2).map_or(0.0, |&n| n as f32);
        let inverse = inverse(rows).into_iter().flatten().map(narrow).collect();
        Self { middle: middle.into_iter().map(narrow).collect(), inverse, chance, tokens }
    }

    /// Distance from the middle, in deviations (Mahalanobis 1936); where the document is longer than those, in the
    /// smaller deviations that such long ones would have.
    pub(super) fn distance(&self, profile: &[f32], tokens: usize) -> f32 {
        let longer = 1.0 - (self.tokens / tokens.max(1) as f32).min(1.0);
        let apart = profile.iter().zip(&self.middle).map(|(a, b)| a - b);
        let apart: Vec<f32> =
            apart.zip(&self.chance).map(|(x, chance)| x / (1.0 - chance * longer).sqrt()).collect();
        if apart.is_empty() {
            return f32::INFINITY;
        }
        let rows = self.inverse.chunks(apart.len()).zip(&apart);
        let sum: f32 = rows.map(|(row, x)| x * row.iter().zip(&apart).map(|(a, b)| a * b).sum::<f32>()).sum();
        // What is no number, of a damaged model, is no reason to be at home.
        if sum.is_nan() { f32::INFINITY } else { sum.max(0.0).sqrt() }
    }
}

/// The value that all but this share stay below, or reach; 0 of none.
pub(super) fn all_but(share: f32, mut of: Vec<f32>) -> f32 {
    of.sort_by(f32::total_cmp);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank")]
    let rank = (of.len() as f32 * (1.0 - share)) as usize;
    of.get(rank.min(of.len().saturating_sub(1))).copied().unwrap_or(0.0)
}

/// The inverse of a positive definite matrix, by Gauss–Jordan elimination; such a one needs no pivots.
fn inverse(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let dim = matrix.len();
    for (at, row) in matrix.iter_mut().enumerate() {
        row.extend((0..dim).map(|k| if k == at { 1.0 } else { 0.0 }));
    }
    for at in 0..dim {
        let pivot = matrix[at][at];
        matrix[at].iter_mut().for_each(|x| *x /= pivot);
        let own = matrix[at].clone();
        for (k, row) in matrix.iter_mut().enumerate() {
            let factor = row[at];
            if k != at && factor != 0.0 {
                row.iter_mut().zip(&own).for_each(|(x, o)| *x -= factor * o);
            }
        }
    }
    matrix.into_iter().map(|row| row[dim..].to_vec()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_by_hand() {
        let found = inverse(vec![vec![2.0, 1.0], vec![1.0, 2.0]]);
        let expected = [[2.0 / 3.0, -1.0 / 3.0], [-1.0 / 3.0, 2.0 / 3.0]];
        for (row, wanted) in found.iter().zip(expected) {
            assert!(row.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
        }
    }

    #[test]
    fn all_but_a_share_by_hand() {
        let of = [3.0, 1.0, 4.0, 2.0];
        let cases = [(0.0, 4.0), (0.25, 4.0), (0.5, 3.0), (0.75, 2.0), (1.0, 1.0)];
        for (share, want) in cases {
            assert_eq!(all_but(share, of.to_vec()), want, "{share}");
        }
        assert_eq!(all_but(0.5, Vec::new()), 0.0);
    }

    fn measured(shares: &[f32]) -> Measured<'_> {
        Measured { shares, tokens: 100, halves: None }
    }

    #[test]
    fn distance_is_in_deviations() {
        // Deviation 1 in the first share, none in the second.
        let spread = Spread::of(&[measured(&[1.0, 0.5]), measured(&[3.0, 0.5])]);
        assert!((spread.distance(&[4.0, 0.5], 100) - 2.0).abs() < 1e-5);
        assert!((spread.distance(&[2.0, 0.53], 100) - 1.0).abs() < 1e-4);
        assert_eq!(Spread::default().distance(&[], 100), f32::INFINITY);
    }

    #[test]
    fn what_is_chance_in_short_documents_counts_less_in_long_ones() {
        // The halves differ by √2 on average of squares: (2 / 4) / 1 = half of the variance is chance.
        let halves: [&[f32]; 2] = [&[0.0], &[2.0_f32.sqrt()]];
        let one = |shares| Measured { shares, tokens: 100, halves: Some(halves) };
        let spread = Spread::of(&[one(&[1.0]), one(&[3.0])]);
        assert!((spread.distance(&[4.0], 50) - 2.0).abs() < 1e-5);
        // Of double length a quarter of the variance goes: 2 / √¾.
        assert!((spread.distance(&[4.0], 200) - 2.0 / 0.75_f32.sqrt()).abs() < 1e-5);
    }
}
