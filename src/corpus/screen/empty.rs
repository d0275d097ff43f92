//! A side without text: nothing to align.

use crate::corpus::Pair;

pub(super) fn applies(pair: &Pair) -> bool {
    pair.observed.trim().is_empty() || pair.intended.trim().is_empty()
}
