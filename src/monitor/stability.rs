//! How far two mixes are apart.

use crate::cost::ln;

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
    fn the_same_mix_has_no_distance() {
        let index = |bins: &[(f64, f64)]| stability_index(bins.iter().copied());
        assert!(index(&[(4.5, 9.5), (9.5, 19.5)]).abs() < 1e-12, "(5, 10) and (10, 20)");
        // (3, 1) of 4 and (1, 3) of 4: (.75 − .25) ln 3 twice.
        assert!((index(&[(2.5, 0.5), (0.5, 2.5)]) - ln(3.0)).abs() < 1e-12);
        assert_eq!(index(&[]), 0.0);
    }
}
