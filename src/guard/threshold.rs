//! The judge of a change, and where it draws the line.

use serde::{Deserialize, Serialize};

use crate::classify::Forest;

/// One point of the trade: at this threshold, so much harm and so much gain were measured out of fold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operating {
    /// Least confidence of a change that is made.
    pub threshold: f32,
    /// Right words broken, of all right words (the worse of noisy and clean rows).
    pub harm: f32,
    /// Edit distance mended, net, of all there was.
    pub gain: f32,
}

/// The trade between gain and harm as it was measured out of fold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// Falling threshold, rising harm.
    pub points: Vec<Operating>,
    /// The threshold that learning chose.
    pub default: f32,
}

impl Thresholds {
    /// The least threshold whose harm stayed within `limit` (share of right words); 1.01, which nothing
    /// reaches, where none did.
    pub fn at(&self, limit: f32) -> f32 {
        self.points.iter().take_while(|p| p.harm <= limit).last().map_or(1.01, |p| p.threshold)
    }
}

/// Trees, calibration and thresholds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Guard {
    /// Change → probability of being right.
    pub forest: Forest,
    /// Where the line is drawn.
    pub thresholds: Thresholds,
}

impl Guard {
    /// Calibrated probability that a change with these features is right.
    pub fn confidence(&self, features: &[f32]) -> f32 {
        self.forest.probability(features)
    }
}
