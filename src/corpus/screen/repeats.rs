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
        let share = limits.share(pairs, limits.repeats_share);
        Self { most: share.max(limits.repeats), seen: BTreeMap::new() }
    }

    pub(super) fn reason(&mut self, pair: &'a Pair) -> Option<Reason> {
        let seen = self.seen.entry((&pair.observed, &pair.intended)).or_default();
        *seen += 1;
        (*seen > self.most).then_some(Reason::Repeat)
    }
}
