//! In which case a word was seen: three bytes a word.

use crate::counts::Seen;

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Without any capital.
    Lower,
    /// The first letter a capital, no other.
    Capitalised,
    /// Of two and more letters, all capitals.
    Upper,
    /// In another way, or in a script without case.
    Other,
}

impl Case {
    /// The case of a word as it is written.
    pub fn of(word: &str) -> Self {
        match Seen::once(word, false) {
            Seen { lower: 1, .. } => Self::Lower,
            Seen { capitalised: 1, .. } => Self::Capitalised,
            Seen { upper: 1, .. } => Self::Upper,
            _ => Self::Other,
        }
    }
}

/// How often a word occurred in which case: each a lower bound within a quarter of the count learned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaseProfile {
    /// Without any capital.
    pub lower: u32,
    /// The first letter a capital, inside a sentence (at its start a capital says nothing).
    pub capitalised: u32,
    /// Of two and more letters, all capitals.
    pub upper: u32,
}

impl CaseProfile {
    pub(super) fn open([lower, capitalised, upper]: [u8; 3]) -> Self {
        Self { lower: opened(lower), capitalised: opened(capitalised), upper: opened(upper) }
    }

    /// The share of the occurrences that tell a case that is of this one, in 0..=1; ½ is added to each, so a
    /// word of which nothing is known gives a third.
    pub fn share(self, case: Case) -> f32 {
        let [lower, capitalised, upper] = [self.lower, self.capitalised, self.upper].map(|n| n as f32 + 0.5);
        let count = match case {
            Case::Lower => lower,
            Case::Capitalised => capitalised,
            Case::Upper => upper,
            Case::Other => 0.0,
        };
        count / (lower + capitalised + upper)
    }
}

/// The three bytes of a word's case evidence.
pub(super) fn case_bytes(seen: Seen) -> [u8; 3] {
    [closed(seen.lower), closed(seen.capitalised), closed(seen.upper)]
}

/// A count on a scale of four steps an octave: counts below 8 as they are, then 4 × exponent + two bits.
fn closed(count: u64) -> u8 {
    if count < 8 {
        return u8::try_from(count).unwrap_or(0);
    }
    let count = count.min(u64::from(u32::MAX));
    let exponent = count.ilog2();
    let steps = u64::from(4 * (exponent - 1)) + ((count >> (exponent - 2)) & 3);
    u8::try_from(steps).unwrap_or(u8::MAX)
}

/// The least count that is written as `byte`.
fn opened(byte: u8) -> u32 {
    if byte < 8 {
        return u32::from(byte);
    }
    let exponent = u32::from(byte / 4) + 1;
    (4 | u32::from(byte & 3)).checked_shl(exponent - 2).filter(|_| exponent < 32).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_open_to_a_near_lower_bound() {
        assert_eq!([0, 1, 7, 8, 10, 1000].map(|n| opened(closed(n))), [0, 1, 7, 8, 10, 896]);
        for n in (0..200_000).chain([u64::from(u32::MAX), u64::MAX]) {
            let found = u64::from(opened(closed(n)));
            let n = n.min(u64::from(u32::MAX));
            assert!(found <= n && found * 5 / 4 >= n * 99 / 100, "{n}: {found}");
        }
        for byte in 0..=u8::MAX {
            assert!(opened(byte) <= opened(byte.saturating_add(1)));
        }
    }

    #[test]
    fn shares_by_hand() {
        let cases =
            [("ab", Case::Lower), ("Ab", Case::Capitalised), ("AB", Case::Upper), ("aB", Case::Other)];
        for (word, case) in cases {
            assert_eq!(Case::of(word), case, "{word}");
        }
        let profile = CaseProfile { lower: 3, capitalised: 0, upper: 0 };
        assert!((profile.share(Case::Lower) - 0.7777).abs() < 1e-3);
        assert!((CaseProfile::default().share(Case::Upper) - 0.3333).abs() < 1e-3);
        assert_eq!(profile.share(Case::Other), 0.0);
    }
}
