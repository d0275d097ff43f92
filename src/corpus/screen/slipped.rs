//! An intended side that fits a row beside its own much better: the sides slipped against each other.
//!
//! Rows of one template share most of their letters, so that each pair by itself could be a hard one; its neighbours
//! tell. The very same text a row away is no sign of slipping: forms repeat themselves.

use super::Limits;
use super::too_many_edits::edited;
use crate::corpus::Pair;

/// Rows before and after that are looked at.
const NEAR: usize = 2;
/// How many times as much of the own row must be edited as of the other.
const BETTER: f64 = 2.0;

pub(super) fn applies(pairs: &[Pair], row: usize, limits: &Limits) -> bool {
    let Some(pair) = pairs.get(row) else { return false };
    if pair.observed == pair.intended || pair.document.is_empty() {
        return false;
    }
    let own = edited(&pair.observed, &pair.intended);
    own > limits.slipped
        && (row.saturating_sub(NEAR)..=row + NEAR).filter(|&at| at != row).any(|at| {
            pairs.get(at).is_some_and(|other| {
                let foreign = other.document == pair.document && other.intended != pair.intended;
                foreign && BETTER * edited(&other.observed, &pair.intended) <= own
            })
        })
}
