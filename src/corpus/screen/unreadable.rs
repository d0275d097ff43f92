//! An intended side that itself was not read: U+FFFD, NUL and other control characters. On the observed side
//! they are noise like any other.

use crate::corpus::Pair;

pub(super) fn applies(pair: &Pair) -> bool {
    pair.intended.chars().any(|c| c == '\u{FFFD}' || (c.is_control() && !c.is_whitespace()))
}
