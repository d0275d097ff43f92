//! How profiles of one source spread around their middle, and how far a profile is from there.

use serde::{Deserialize, Serialize};

/// Middle of profiles and the inverse of their covariance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Spread {
    middle: Vec<f32>,
    /// Inverse covariance, row by row.
    inverse: Vec<f32>,
}

/// Part of each covariance that is believed: few documents show many that are chance.
const BELIEVED: f64 = 0.5;
/// Square roots of shares vary at least so much: what never varies at home says much when it does, but not all.
const LEAST_DEVIATION: f64 = 0.03;

impl Spread {
    /// The spread of these profiles, all of one length. Covariances are shrunk by half towards none (Ledoit & Wolf
    /// 2004 give the reason: of few samples the inverse would be chance).
    pub(super) fn of(profiles: &[&[f32]]) -> Self {
        let dim = profiles.first().map_or(0, |p| p.len());
        let n = profiles.len().max(1) as f64;
        let value = |p: &[f32], at: usize| f64::from(p.get(at).copied().unwrap_or(0.0));
        let middle: Vec<f64> =
            (0..dim).map(|at| profiles.iter().map(|p| value(p, at)).sum::<f64>() / n).collect();
        let mut rows: Vec<Vec<f64>> = vec![vec![0.0; dim]; dim];
        for (i, row) in rows.iter_mut().enumerate() {
            for (j, cell) in row.iter_mut().enumerate() {
                let part = |p: &&[f32]| (value(p, i) - middle[i]) * (value(p, j) - middle[j]);
                let sum: f64 = profiles.iter().map(part).sum::<f64>() / n;
                *cell =
                    if i == j { sum.max(LEAST_DEVIATION * LEAST_DEVIATION) } else { BELIEVED * sum };
            }
        }
        let narrow = crate::cost::narrow;
        let inverse = inverse(rows).into_iter().flatten().map(narrow).collect();
        Self { middle: middle.into_iter().map(narrow).collect(), inverse }
    }

    /// Distance from the middle, in deviations (Mahalanobis 1936).
    pub(super) fn distance(&self, profile: &[f32]) -> f32 {
        let apart: Vec<f32> = profile.iter().zip(&self.middle).map(|(a, b)| a - b).collect();
        if apart.is_empty() {
            return f32::INFINITY;
        }
        let rows = self.inverse.chunks(apart.len()).zip(&apart);
        let sum: f32 = rows.map(|(row, x)| x * row.iter().zip(&apart).map(|(a, b)| a * b).sum::<f32>()).sum();
        sum.max(0.0).sqrt()
    }
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
    fn distance_is_in_deviations() {
        // Deviation 1 in the first share, none in the second.
        let spread = Spread::of(&[&[1.0, 0.5], &[3.0, 0.5]]);
        assert!((spread.distance(&[4.0, 0.5]) - 2.0).abs() < 1e-5);
        assert!((spread.distance(&[2.0, 0.53]) - 1.0).abs() < 1e-4);
        assert_eq!(Spread::default().distance(&[]), f32::INFINITY);
    }
}
