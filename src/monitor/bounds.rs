//! Small formulas.

use crate::cost::ln;

/// Bounds of a share of which `kept` of `all` were seen, at so many normal deviations (1.96: 95 %); E. B. Wilson, JASA 22
/// (1927). Of nothing seen nothing is known: 0–1.
///
/// ```
/// let [low, high] = amend::monitor::wilson(8, 10, 1.96);
/// assert!((low - 0.4902).abs() < 1e-4 && (high - 0.9433).abs() < 1e-4);
/// ```
pub fn wilson(kept: u64, all: u64, deviations: f64) -> [f64; 2] {
    if all == 0 {
        return [0.0, 1.0];
    }
    let (n, z2) = (all as f64, deviations * deviations);
    let share = kept.min(all) as f64 / n;
    let middle = share + z2 / (2.0 * n);
    let reach = deviations * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    [((middle - reach) / (1.0 + z2 / n)).max(0.0), ((middle + reach) / (1.0 + z2 / n)).min(1.0)]
}

/// The population stability index of two sets of counts, Σ (p − q) ln(p / q): the Kullback–Leibler divergences in both
/// directions together (Jeffreys), nats. Half an occurrence is counted beforehand in each bin.
///
/// ```
/// // Half a one each: (1.5, .5) of 2 beside (.5, 1.5) of 2: twice (.75 − .25) ln 3.
/// let index = amend::monitor::stability_index([(1.0, 0.0), (0.0, 1.0)].into_iter());
/// assert!((index - 3.0_f64.ln()).abs() < 1e-12);
/// ```
pub fn stability_index(bins: impl Iterator<Item = (f64, f64)> + Clone) -> f64 {
    let add = |sum: (f64, f64), (a, b): (f64, f64)| (sum.0 + a + AS_IF, sum.1 + b + AS_IF);
    let (of_first, of_second) = bins.clone().fold((0.0, 0.0), add);
    bins.map(|(a, b)| {
        let (p, q) = ((a + AS_IF) / of_first, (b + AS_IF) / of_second);
        (p - q) * ln(p / q)
    })
    .sum()
}

/// Occurrences that are counted beforehand in each bin.
const AS_IF: f64 = 0.5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_the_bounds_that_wilson_gives_them() {
        // By hand for 5 of 10, z = 2: (.5 + 4/20 ± 2 √(.025 + .01)) / 1.4 = (.7 ± .37417) / 1.4.
        let cases = [
            (5, 10, 2.0, [0.232_738, 0.767_262]),
            (0, 10, 2.0, [0.0, 0.285_714]),
            (10, 10, 2.0, [0.714_286, 1.0]),
            (0, 0, 2.0, [0.0, 1.0]),
            (30, 100, 1.96, [0.218_944, 0.395_854]),
        ];
        for (kept, all, z, want) in cases {
            let bounds = wilson(kept, all, z);
            let near = bounds.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-5);
            assert!(near, "{kept} of {all}: {bounds:?}, not {want:?}");
        }
    }

    #[test]
    fn the_same_mix_has_no_distance() {
        let index = |bins: &[(f64, f64)]| stability_index(bins.iter().copied());
        assert!(index(&[(4.5, 9.5), (9.5, 19.5)]).abs() < 1e-12, "(5, 10) and (10, 20)");
        // (3, 1) of 4 and (1, 3) of 4: (.75 − .25) ln 3 twice.
        assert!((index(&[(2.5, 0.5), (0.5, 2.5)]) - ln(3.0)).abs() < 1e-12);
        assert_eq!(index(&[]), 0.0);
    }
}
