//! Quantile bins: every feature as a column of small numbers.

use rayon::prelude::*;

use super::Rows;

/// One feature of all rows, cut into at most 255 bins.
pub(super) struct Column {
    /// Upper ends of the bins, ascending; bin `b` holds the values ≤ `cuts[b]` that no lower bin holds.
    /// The last is +∞: splitting there parts the known from the unknown.
    pub(super) cuts: Vec<f32>,
    /// The bin of each row; `cuts.len()` stands for "not known".
    pub(super) bins: Vec<u8>,
}

/// The columns of `rows`, each in at most `bins` (2–255) bins of about equally many known values.
pub(super) fn columns(rows: &Rows, bins: usize) -> Vec<Column> {
    let bins = bins.clamp(2, 255);
    (0..rows.features()).into_par_iter().map(|feature| column(rows, feature, bins)).collect()
}

fn column(rows: &Rows, feature: usize, bins: usize) -> Column {
    let mut known: Vec<f32> = rows.column(feature).filter(|v| !v.is_nan()).collect();
    known.sort_unstable_by(f32::total_cmp);
    let cuts = cuts(&known, bins);
    let unknown = cuts.len();
    let bin = |v: f32| if v.is_nan() { unknown } else { cuts.partition_point(|c| *c < v) };
    let bins = rows.column(feature).map(|v| u8::try_from(bin(v)).unwrap_or(u8::MAX)).collect();
    Column { cuts, bins }
}

/// The upper ends of at most `bins` bins of sorted values: between two neighbours that differ, after the first
/// value that fills its quantile.
fn cuts(sorted: &[f32], bins: usize) -> Vec<f32> {
    let distinct = sorted.windows(2).filter(|w| w[0] != w[1]).count() + 1;
    let mut cuts = Vec::new();
    for (k, pair) in sorted.windows(2).enumerate() {
        let (low, high) = (pair[0], pair[1]);
        let full = distinct <= bins || (k + 1) * bins >= (cuts.len() + 1) * sorted.len();
        if low != high && full && cuts.len() + 1 < bins {
            let middle = low + (high - low) / 2.0;
            cuts.push(if low <= middle && middle < high { middle } else { low });
        }
    }
    cuts.push(f32::INFINITY);
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_are_cut_between_and_many_at_quantiles() {
        assert_eq!(cuts(&[], 4), [f32::INFINITY]);
        assert_eq!(cuts(&[1.0, 1.0, 2.0, 4.0], 4), [1.5, 3.0, f32::INFINITY]);
        let many: Vec<f32> = (0..100_u8).map(f32::from).collect();
        assert_eq!(cuts(&many, 4), [24.5, 49.5, 74.5, f32::INFINITY]);
        // One value may fill several quantiles.
        assert_eq!(cuts(&[0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0], 2), [0.5, f32::INFINITY]);
        let ends = [f32::NEG_INFINITY, 0.0, f32::INFINITY];
        assert_eq!(cuts(&ends, 8), [f32::NEG_INFINITY, 0.0, f32::INFINITY]);
    }

    #[test]
    fn a_value_lies_in_the_first_bin_that_reaches_it() {
        let mut rows = Rows::new(1);
        for v in [3.0, f32::NAN, 1.0, 2.0] {
            rows.push(&[v]);
        }
        let column = &columns(&rows, 64)[0];
        assert_eq!(column.cuts, [1.5, 2.5, f32::INFINITY]);
        assert_eq!(column.bins, [2, 3, 0, 1]);
    }
}
