//! Sides of very different length: one of them belongs elsewhere, or most of the text was lost.

use super::Limits;
use crate::corpus::Pair;

pub(super) fn applies(pair: &Pair, limits: &Limits) -> bool {
    let (a, b) = (pair.observed.chars().count() + 2, pair.intended.chars().count() + 2);
    a.max(b) as f64 > limits.length_ratio * a.min(b) as f64
}
