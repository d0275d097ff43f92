//! From margins to probabilities that mean what they say.

use serde::{Deserialize, Serialize};

use crate::cost::{exp, ln, logistic, narrow};

/// Least slope of each half: keeps the map strictly rising whatever the data say.
const LEAST_SLOPE: f64 = 0.05;
const GREATEST_SLOPE: f64 = 20.0;
const GREATEST_SHIFT: f64 = 30.0;
/// Strength of the pull towards the identity, in observations of unit information; decides only where data are few.
const PULL: f64 = 1.0;
const STEPS: usize = 60;

/// A smooth, strictly rising map from log-odds to a probability: beta calibration (Kull, Silva Filho & Flach 2017).
///
/// With p = logistic(margin): logit q = low·ln p − high·ln(1−p) + shift. `low` is the slope far below a margin of
/// zero, `high` the slope far above it. The identity is (1, 1, 0); `low` = `high` is Platt's map.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    low: f32,
    high: f32,
    shift: f32,
}

impl Default for Calibration {
    fn default() -> Self {
        Self { low: 1.0, high: 1.0, shift: 0.0 }
    }
}

impl Calibration {
    /// The map that makes `labels` likeliest given `margins` (log-odds, out of fold), with a weak pull towards the
    /// identity. Rows beyond the shortest of the three slices, and those without a positive weight, are left out.
    ///
    /// Projected Newton (Bertsekas 1982) on a strictly convex loss in three parameters: slopes stay positive.
    pub fn fit(margins: &[f32], labels: &[bool], weights: &[f32]) -> Self {
        let rows: Vec<Row> = margins
            .iter()
            .zip(labels)
            .zip(weights)
            .filter(|((margin, _), weight)| margin.is_finite() && weight.is_finite() && **weight > 0.0)
            .map(|((margin, label), weight)| Row {
                at: position(f64::from(*margin)),
                label: f64::from(u8::from(*label)),
                weight: f64::from(*weight),
            })
            .collect();
        let mut now = IDENTITY;
        let mut loss = loss_at(&rows, now);
        for _ in 0..STEPS {
            let (gradient, hessian) = slopes(&rows, now);
            let held = std::array::from_fn(|k| {
                (now[k] <= LOWER[k] && gradient[k] > 0.0) || (now[k] >= UPPER[k] && gradient[k] < 0.0)
            });
            let step = solve(hessian, gradient, held);
            let tries = (0..30).map(|halvings| {
                let size = 1.0 / f64::from(1_u32 << halvings);
                std::array::from_fn(|k| (now[k] - size * step[k]).clamp(LOWER[k], UPPER[k]))
            });
            let better = tries.map(|there| (there, loss_at(&rows, there))).find(|(_, there)| *there < loss);
            let Some((there, there_loss)) = better else { break };
            let gain = loss - there_loss;
            (now, loss) = (there, there_loss);
            if gain < 1e-10 * (1.0 + loss) {
                break;
            }
        }
        Self::from_parameters(now.map(narrow))
    }

    /// Probability of "yes" at a margin in log-odds, 0–1, rising with the margin.
    pub fn probability(&self, margin: f32) -> f32 {
        let at = position(if margin.is_nan() { 0.0 } else { f64::from(margin).clamp(-1e3, 1e3) });
        narrow(logistic(dot(at, self.parameters())))
    }

    pub(super) fn from_parameters([low, high, shift]: [f32; 3]) -> Self {
        Self { low, high, shift }
    }

    /// The parameters, each within its limits: a damaged number reads as that of the identity.
    fn parameters(&self) -> [f64; 3] {
        let read = [self.low, self.high, self.shift];
        std::array::from_fn(|k| {
            if read[k].is_finite() { f64::from(read[k]).clamp(LOWER[k], UPPER[k]) } else { IDENTITY[k] }
        })
    }
}

const IDENTITY: [f64; 3] = [1.0, 1.0, 0.0];
const LOWER: [f64; 3] = [LEAST_SLOPE, LEAST_SLOPE, -GREATEST_SHIFT];
const UPPER: [f64; 3] = [GREATEST_SLOPE, GREATEST_SLOPE, GREATEST_SHIFT];

struct Row {
    at: [f64; 3],
    label: f64,
    weight: f64,
}

/// (ln p, −ln(1−p), 1) for p = logistic(margin).
fn position(margin: f64) -> [f64; 3] {
    [-softplus(-margin), softplus(margin), 1.0]
}

/// ln(1 + exp(x)), without overflow.
pub(super) fn softplus(x: f64) -> f64 {
    x.max(0.0) + ln(1.0 + exp(-x.abs()))
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn loss_at(rows: &[Row], parameters: [f64; 3]) -> f64 {
    let pull: f64 = (0..3).map(|k| (parameters[k] - IDENTITY[k]) * (parameters[k] - IDENTITY[k])).sum();
    let logs = rows.iter().map(|row| {
        let score = dot(row.at, parameters);
        row.weight * (softplus(score) - row.label * score)
    });
    PULL * pull / 2.0 + logs.sum::<f64>()
}

fn slopes(rows: &[Row], parameters: [f64; 3]) -> ([f64; 3], [[f64; 3]; 3]) {
    let mut gradient = std::array::from_fn(|k| PULL * (parameters[k] - IDENTITY[k]));
    let mut hessian = [[PULL, 0.0, 0.0], [0.0, PULL, 0.0], [0.0, 0.0, PULL]];
    for row in rows {
        let q = logistic(dot(row.at, parameters));
        for (a, line) in hessian.iter_mut().enumerate() {
            gradient[a] += row.weight * (q - row.label) * row.at[a];
            for (b, cell) in line.iter_mut().enumerate() {
                *cell += row.weight * q * (1.0 - q) * row.at[a] * row.at[b];
            }
        }
    }
    (gradient, hessian)
}

/// The Newton step over the parameters that are not held: H·step = gradient. H is positive definite (the pull is
/// on its diagonal), so elimination needs no pivoting.
fn solve(mut hessian: [[f64; 3]; 3], mut gradient: [f64; 3], held: [bool; 3]) -> [f64; 3] {
    for k in (0..3).filter(|k| held[*k]) {
        hessian[k] = [0.0; 3];
        hessian.iter_mut().for_each(|line| line[k] = 0.0);
        (hessian[k][k], gradient[k]) = (1.0, 0.0);
    }
    for pivot in 0..3 {
        let line = hessian[pivot];
        for below in pivot + 1..3 {
            let times = hessian[below][pivot] / line[pivot];
            hessian[below].iter_mut().zip(line).for_each(|(cell, above)| *cell -= times * above);
            gradient[below] -= times * gradient[pivot];
        }
    }
    let mut step = [0.0; 3];
    for k in (0..3).rev() {
        let known: f64 = (k + 1..3).map(|column| hessian[k][column] * step[column]).sum();
        step[k] = (gradient[k] - known) / hessian[k][k];
    }
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each of 25 margins 1000 times, with the share of "yes" that the truth wants.
    fn synthetic(truth: impl Fn(f64) -> f64) -> (Vec<f32>, Vec<bool>, Vec<f32>) {
        let (mut margins, mut labels) = (Vec::new(), Vec::new());
        for step in -12_i16..=12 {
            let margin = f64::from(step) / 2.0;
            for k in 0..1000 {
                margins.push(narrow(margin));
                labels.push((f64::from(k) + 0.5) / 1000.0 < truth(margin));
            }
        }
        let weights = vec![1.0; margins.len()];
        (margins, labels, weights)
    }

    #[test]
    fn the_identity_gives_the_logistic() {
        for margin in [-5.0_f32, -0.3, 0.0, 2.0] {
            let want = narrow(logistic(f64::from(margin)));
            assert!((Calibration::default().probability(margin) - want).abs() < 1e-6);
        }
    }

    #[test]
    fn the_fit_is_near_the_truth() {
        let truths: [fn(f64) -> f64; 3] = [
            |m| logistic(0.5 * m - 1.0),
            |m| logistic(0.7 * softplus(m) - 2.0 * softplus(-m)),
            |m| logistic(3.0 * m),
        ];
        for (k, truth) in truths.into_iter().enumerate() {
            let (margins, labels, weights) = synthetic(truth);
            let fitted = Calibration::fit(&margins, &labels, &weights);
            for step in -10_i16..=10 {
                let margin = f32::from(step) / 2.0;
                let (p, want) = (fitted.probability(margin), narrow(truth(f64::from(margin))));
                assert!((p - want).abs() < 0.03, "truth {k}, margin {margin}: {p}, not {want}");
            }
        }
    }

    #[test]
    fn the_map_rises_even_against_the_data() {
        let (margins, labels, weights) = synthetic(|m| logistic(-m));
        for labels in [labels, vec![true; margins.len()], vec![false; margins.len()]] {
            let fitted = Calibration::fit(&margins, &labels, &weights);
            let curve: Vec<f32> = (-20_i16..=20).map(|m| fitted.probability(f32::from(m) / 4.0)).collect();
            assert!(
                curve.windows(2).all(|w| w[0] < w[1] || (w[0] > 0.999_99 && w[0] <= w[1])),
                "{fitted:?} {curve:?}"
            );
        }
    }

    #[test]
    fn few_data_stay_near_the_identity() {
        let fitted = Calibration::fit(&[1.0, -1.0], &[true, false], &[1.0, 1.0]);
        assert!((fitted.probability(1.0) - narrow(logistic(1.0))).abs() < 0.1);
        assert_eq!(Calibration::fit(&[], &[], &[]), Calibration::default());
    }
}
