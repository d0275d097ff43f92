//! What is asked of a change: whether it is right, and whether it is the best of its place.

use serde::{Deserialize, Serialize};

use super::COUNT;
use crate::classify::Forest;

/// The judges of changes. The surest of a place is not always the best: who changes less is surer, and may mend less.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trees {
    /// [Features](super::features) of a change → probability that it is right.
    pub right: Forest,
    /// A change [beside] the others of its place → log-odds that it is the best of them.
    pub best: Forest,
}

impl Trees {
    /// How likely a change with these features is right, log-odds, not calibrated.
    pub fn margin(&self, features: &[f32; COUNT]) -> f32 {
        self.right.margin(features)
    }

    /// Calibrated probability of being right at a margin.
    pub fn confidence(&self, margin: f32) -> f32 {
        self.right.calibration().probability(margin)
    }

    /// How good a change is beside the others of its place, log-odds, of its features and its [shortfall](shortfalls).
    pub fn preference(&self, features: &[f32; COUNT], shortfall: f32) -> f32 {
        self.best.margin(&beside(features, shortfall))
    }
}

/// How many features tell which change of a place is the best.
pub const BESIDE: usize = COUNT + 1;

/// What tells which change of a place is the best: its features, and its [shortfall](shortfalls).
pub fn beside(features: &[f32; COUNT], shortfall: f32) -> [f32; BESIDE] {
    std::array::from_fn(|at| features.get(at).copied().unwrap_or(shortfall))
}

/// By how much each change of a place is less likely right than the likeliest, log-odds, from the log-odds of each.
pub fn shortfalls(margins: &[f32]) -> impl Iterator<Item = f32> + '_ {
    let likeliest = margins.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    margins.iter().map(move |margin| likeliest - margin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::{Options, Rows, train};

    /// Trees that have learned which of two rows is "yes", from the feature `at` alone.
    fn learned(width: usize, at: usize) -> Forest {
        let mut rows = Rows::new(width);
        let mut labels = Vec::new();
        for n in 0_u8..100 {
            let mut row = vec![0.0; width];
            row[at] = f32::from(n);
            rows.push(&row);
            labels.push(n >= 50);
        }
        train(&rows, &labels, &[1.0; 100], &Options { trees: 5, ..Options::default() })
    }

    #[test]
    fn the_surest_is_not_always_preferred() {
        let change = |first: f32, second: f32| {
            let mut row = [0.0; COUNT];
            (row[0], row[1]) = (first, second);
            row
        };
        let place = [change(90.0, 10.0), change(10.0, 90.0)];
        let trees = Trees { right: learned(COUNT, 0), best: learned(BESIDE, 1) };
        let [sure, other] = place.map(|row| trees.confidence(trees.margin(&row)));
        assert!(sure > other, "{sure}, {other}");
        let [sure, other] = place.map(|row| trees.preference(&row, 0.0));
        assert!(sure < other, "{sure}, {other}");
        // Who learned from the shortfall looks at that.
        let trees = Trees { best: learned(BESIDE, COUNT), ..trees };
        let [short, shorter] = [90.0, 10.0].map(|shortfall| trees.preference(&place[0], shortfall));
        assert!(short > shorter, "{short}, {shorter}");
        assert_eq!(Trees::default().preference(&place[0], 1.0), 0.0, "nothing learned, nothing preferred");
    }

    #[test]
    fn shortfalls_are_from_the_likeliest() {
        assert_eq!(shortfalls(&[1.0, 3.5, -2.0]).collect::<Vec<_>>(), [2.5, 0.0, 5.5]);
        assert_eq!(shortfalls(&[]).count(), 0);
    }
}
