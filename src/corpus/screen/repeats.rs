//! The very same pair, over and over: one loud user, one form letter. The first ones count, the rest do not.

use std::collections::BTreeMap;

use super::{Limits, Reason};
use crate::corpus::Pair;

pub(super) struct Repeats<'a> {
    most: usize,
    seen: BTreeMap<(&'a str, &'a str), usize>,
}

impl<'a> Repeats<'a> {
    pub(super) fn new(pairs: usize, limits: &Limits) -> Self {
        // A share of a count: small, never negative.
        #[allow(clippy::cast_possible_truncation)]
        let share = (pairs as f64 * limits.repeats_share).max(0.0) as usize;
        Self { most: share.max(limits.repeats), seen: BTreeMap::new() }
    }

    pub(super) fn reason(&mut self, pair: &'a Pair) -> Option<Reason> {
        let seen = self.seen.entry((&pair.observed, &pair.intended)).or_default();
        *seen += 1;
        (*seen > self.most).then_some(Reason::Repeat)
    }
}
