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
    /// Calibrated probability that a change with these features is right.
    pub fn confidence(&self, features: &[f32; COUNT]) -> f32 {
        self.right.probability(features)
    }

    /// How good each change of one place is beside the others, log-odds.
    pub fn preferences(&self, place: &[[f32; COUNT]]) -> Vec<f32> {
        let margins: Vec<f32> = place.iter().map(|features| self.right.margin(features)).collect();
        let rows =
            place.iter().zip(shortfalls(&margins)).map(|(features, shortfall)| beside(features, shortfall));
        rows.map(|row| self.best.margin(&row)).collect()
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
        assert!(trees.confidence(&place[0]) > trees.confidence(&place[1]));
        let preferences = trees.preferences(&place);
        assert!(preferences[0] < preferences[1], "{preferences:?}");
        // The surest falls short of nothing.
        let trees = Trees { best: learned(BESIDE, COUNT), ..trees };
        assert_eq!(trees.preferences(&place)[0], trees.best.margin(&beside(&place[0], 0.0)));
        assert_eq!(Trees::default().preferences(&place), [0.0, 0.0], "nothing learned, nothing preferred");
    }

    #[test]
    fn shortfalls_are_from_the_likeliest() {
        assert_eq!(shortfalls(&[1.0, 3.5, -2.0]).collect::<Vec<_>>(), [2.5, 0.0, 5.5]);
        assert_eq!(shortfalls(&[]).count(), 0);
    }
}
