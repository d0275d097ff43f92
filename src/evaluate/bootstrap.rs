//! How far a relative change could be chance: the paired percentile bootstrap (Efron 1979).

use super::twister::{Twister, floor};

/// Errors of one unit (a document, or a row).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Unit {
    /// As observed: what changes are relative to.
    pub(super) before: u64,
    /// Of the system compared with.
    pub(super) from: u64,
    /// Of the system.
    pub(super) to: u64,
}

/// The 95 % interval of (Σ to − Σ from) / Σ before over units drawn with replacement. `None` for fewer than two
/// units, and where there were no errors.
pub(super) fn interval(units: &[Unit], resamples: usize, seed: u64) -> Option<[f64; 2]> {
    if units.len() < 2 || units.iter().all(|unit| unit.before == 0) {
        return None;
    }
    let mut twister = Twister::new(seed);
    let mut values = Vec::new();
    for _ in 0..resamples {
        let mut sum = Unit::default();
        for _ in 0..units.len() {
            let unit = units[twister.index(units.len())];
            sum.before += unit.before;
            sum.from += unit.from;
            sum.to += unit.to;
        }
        values.extend(relative(sum));
    }
    values.sort_by(f64::total_cmp);
    Some([percentile(&values, 0.025)?, percentile(&values, 0.975)?])
}

/// (to − from) / before; `None` where there were no errors before.
pub(super) fn relative(unit: Unit) -> Option<f64> {
    let change = unit.to as f64 - unit.from as f64;
    (unit.before > 0).then(|| change / unit.before as f64)
}

/// The value below which a share `q` of the sorted values lies, linear between neighbours.
fn percentile(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = last as f64 * q;
    let low = floor(at);
    let (below, above) = (sorted.get(low)?, sorted.get((low + 1).min(last))?);
    Some(below + (above - below) * (at - low as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_lie_between_neighbours() {
        assert_eq!(percentile(&[], 0.5), None);
        assert_eq!(percentile(&[3.0], 0.975), Some(3.0));
        assert_eq!(percentile(&[1.0, 2.0, 4.0], 0.5), Some(2.0));
        assert_eq!(percentile(&[1.0, 2.0, 4.0], 0.75), Some(3.0));
    }

    #[test]
    fn equal_units_leave_no_doubt_and_one_unit_tells_nothing() {
        let unit = Unit { before: 4, from: 4, to: 3 };
        assert_eq!(interval(&[unit; 5], 100, 1), Some([-0.25, -0.25]));
        assert_eq!(interval(&[unit], 100, 1), None);
        assert_eq!(interval(&[Unit::default(); 5], 100, 1), None);
        assert_eq!(interval(&[unit; 5], 0, 1), None);
    }
}
