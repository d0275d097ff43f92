//! The trained forest: from a row of features to log-odds, a probability, and reasons.

use serde::{Deserialize, Serialize};

use super::Calibration;
use crate::cost::narrow;

/// Log-odds beyond this say nothing more; a damaged number must not become an infinity.
const MARGIN_LIMIT: f64 = 60.0;

/// A sum of decision trees with its calibration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Forest {
    /// Log-odds before the first tree.
    pub(super) base: f32,
    pub(super) trees: Vec<Tree>,
    pub(super) calibration: Calibration,
}

/// The nodes of one tree, level by level; the root is first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Tree(pub(super) Vec<Node>);

/// A node of a tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Node {
    /// What the tree would answer if it ended here: log-odds.
    pub(super) value: f32,
    /// `None` in a leaf.
    pub(super) question: Option<Question>,
}

/// What sends a row to one of two children, which stand behind the node, side by side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Question {
    /// The feature asked for.
    pub(super) feature: u16,
    /// Values up to here go left.
    pub(super) cut: f32,
    /// Whether a value that is not known goes left.
    pub(super) unknown_left: bool,
    /// Index of the left child, the right one is the next.
    pub(super) left: u16,
}

/// What moved a decision: log-odds, which sum to the margin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contributions {
    /// What holds whatever the row is.
    pub base: f32,
    /// The part of each feature of the row, in the row's order; positive speaks for "yes".
    pub features: Vec<f32>,
}

impl Forest {
    /// Log-odds of "yes" for a row of features (not calibrated). Features that the row lacks are not known.
    pub fn margin(&self, row: &[f32]) -> f32 {
        let sum = self.trees.iter().fold(number(self.base), |sum, tree| sum + tree.value(row));
        bounded(sum)
    }

    /// The margins of its first trees alone, of so many each; `sizes` rise.
    pub(super) fn margins<const N: usize>(&self, row: &[f32], sizes: [usize; N]) -> [f32; N] {
        let mut sum = number(self.base);
        let mut done = 0;
        sizes.map(|size| {
            sum += self.trees.iter().take(size).skip(done).map(|tree| tree.value(row)).sum::<f64>();
            done = size.max(done);
            bounded(sum)
        })
    }

    /// Calibrated probability of "yes" for a row of features, 0–1.
    pub fn probability(&self, row: &[f32]) -> f32 {
        self.calibration.probability(self.margin(row))
    }

    /// The forest with another map from margins to probabilities.
    #[must_use]
    pub fn calibrated(self, calibration: Calibration) -> Self {
        Self { calibration, ..self }
    }

    /// The map from margins to probabilities.
    pub fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// Number of trees.
    pub fn trees(&self) -> usize {
        self.trees.len()
    }

    /// Which features moved the margin of a row: at each step of a path, the change of the node's value belongs
    /// to the feature that was asked (Saabas 2014). The parts sum to [`Forest::margin`] but for rounding.
    pub fn contributions(&self, row: &[f32]) -> Contributions {
        let mut base = number(self.base);
        let mut features = vec![0.0; row.len()];
        for tree in &self.trees {
            base += tree.walk(row, |feature, change| {
                if let Some(sum) = features.get_mut(feature) {
                    *sum += change;
                }
            });
        }
        Contributions { base: bounded(base), features: features.into_iter().map(bounded).collect() }
    }
}

impl Contributions {
    /// The features that moved the decision most, with their parts: greatest first, ties to the lower feature.
    pub fn strongest(&self, limit: usize) -> Vec<(usize, f32)> {
        let mut all: Vec<_> =
            self.features.iter().copied().enumerate().filter(|(_, part)| *part != 0.0).collect();
        all.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
        all.truncate(limit);
        all
    }
}

impl Tree {
    fn value(&self, row: &[f32]) -> f64 {
        let mut at = 0;
        while let Some((_, next)) = self.next(at, row) {
            at = next;
        }
        self.at(at)
    }

    /// Calls `step` with feature and change of value along the path; returns the value of the root.
    fn walk(&self, row: &[f32], mut step: impl FnMut(usize, f64)) -> f64 {
        let mut at = 0;
        while let Some((feature, next)) = self.next(at, row) {
            step(feature, self.at(next) - self.at(at));
            at = next;
        }
        self.at(0)
    }

    /// The value of node `at`; 0 beyond the tree.
    fn at(&self, at: usize) -> f64 {
        self.0.get(at).map_or(0.0, |node| number(node.value))
    }

    /// The feature that node `at` asks for, and the child where this row goes; `None` in a leaf. A child always stands
    /// behind its parent, so no damaged link makes a loop; one that points backwards or outside ends beyond the tree.
    #[inline]
    fn next(&self, at: usize, row: &[f32]) -> Option<(usize, usize)> {
        let question = self.0.get(at)?.question?;
        let child = question.child(row);
        Some((question.feature.into(), if child > at { child } else { usize::MAX }))
    }
}

impl Question {
    /// Where it sends a row.
    #[inline]
    fn child(&self, row: &[f32]) -> usize {
        let value = row.get(usize::from(self.feature)).copied().unwrap_or(f32::NAN);
        let goes_right = if value.is_nan() { !self.unknown_left } else { value > self.cut };
        usize::from(self.left) + usize::from(goes_right)
    }
}

/// A number read from a file; one that is none counts nothing.
fn number(value: f32) -> f64 {
    if value.is_finite() { f64::from(value) } else { 0.0 }
}

fn bounded(sum: f64) -> f32 {
    narrow(sum.clamp(-MARGIN_LIMIT, MARGIN_LIMIT))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn node(value: f32, feature: u16, cut: f32, unknown_left: bool, left: u16) -> Node {
        Node { value, question: Some(Question { feature, cut, unknown_left, left }) }
    }

    fn leaf(value: f32) -> Node {
        Node { value, question: None }
    }

    fn stump() -> Forest {
        let tree = Tree(vec![
            node(0.25, 1, 2.0, true, 1),
            leaf(-1.0),
            node(0.5, 0, 7.0, false, 3),
            leaf(2.0),
            leaf(3.0),
        ]);
        Forest { base: 0.125, trees: vec![tree], ..Forest::default() }
    }

    #[test]
    fn a_row_finds_its_leaf() {
        let nan = f32::NAN;
        let cases: [(&[f32], f32); 6] = [
            (&[0.0, 2.0], -1.0),
            (&[7.0, 2.1], 2.0),
            (&[7.1, 9.0], 3.0),
            (&[0.0, nan], -1.0),
            (&[nan, 3.0], 3.0),
            (&[], -1.0),
        ];
        for (row, leaf) in cases {
            assert_eq!(stump().margin(row), 0.125 + leaf, "{row:?}");
        }
    }

    #[test]
    fn contributions_follow_the_path() {
        let parts = stump().contributions(&[9.0, 3.0]);
        assert_eq!(parts, Contributions { base: 0.375, features: vec![2.5, 0.25] });
        assert_eq!(parts.strongest(5), [(0, 2.5), (1, 0.25)]);
        assert_eq!(parts.strongest(1), [(0, 2.5)]);
    }

    #[test]
    fn a_damaged_link_ends_the_tree() {
        // The row goes right at the third node (9 > 7), so to node `left` + 1.
        for (left, want) in [(1, 0.0), (2, 2.0), (3, 3.0), (4, 0.0), (u16::MAX, 0.0)] {
            let mut forest = stump();
            forest.trees[0].0[2].question.as_mut().unwrap().left = left;
            assert_eq!(forest.margin(&[9.0, 3.0]), 0.125 + want, "{left}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn any_content_is_safe(
            nodes in prop::collection::vec((any::<u32>(), 0..9_u16, any::<u32>(), any::<bool>(), 0..12_u16), 0..10),
            base in any::<u32>(), maps in any::<[u32; 3]>(), row in prop::collection::vec(any::<u32>(), 0..6),
        ) {
            let any = |n: &(u32, u16, u32, bool, u16)| match n.4 {
                0 => leaf(f32::from_bits(n.0)),
                left => node(f32::from_bits(n.0), n.1, f32::from_bits(n.2), n.3, left),
            };
            let tree = Tree(nodes.iter().map(any).collect());
            let calibration = Calibration::from_parameters(maps.map(f32::from_bits));
            let forest = Forest { base: f32::from_bits(base), trees: vec![tree; 3], calibration };
            let row: Vec<f32> = row.into_iter().map(f32::from_bits).collect();
            prop_assert!(forest.margin(&row).is_finite());
            prop_assert!((0.0..=1.0).contains(&forest.probability(&row)));
            let parts = forest.contributions(&row);
            prop_assert!(parts.base.is_finite() && parts.features.iter().all(|f| f.is_finite()));
        }
    }
}
