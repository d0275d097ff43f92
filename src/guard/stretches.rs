//! What short stretches of the documents of a source look like.
//!
//! A line by itself is far from all documents: what is a share of a document is 0 or 1 in a line, and so it would always be
//! abroad. Whether it might be a line of theirs is told by what lines of theirs look like.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::spread::{Spread, all_but};
use super::{Looks, Resident};

/// Short stretches of the documents of a source, by length.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Stretches(Vec<Alike>);

/// Stretches of about one length.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Alike {
    spread: Spread,
    reach: f32,
}

/// A text is short that has less than one part in so many of what the documents of a source have: so little tells little of
/// how it is written.
pub const SHORT: usize = 4;
/// Stretches of a length that tell what such ones look like: fewer do not.
const LEAST: usize = 100;
/// Share of the stretches learned from that would not be taken for such. At half as much BLN600's model takes most lines of
/// other newspapers and old books for its own, and breaks twice as many of their words.
const STRANGE: f32 = 0.15;

impl Stretches {
    /// What these look like, by length: of 1 line, 2 or 3, 4 to 7, …
    pub(super) fn learn<'r>(all: impl Iterator<Item = &'r Resident>) -> Self {
        let mut lengths: BTreeMap<u32, Vec<&Resident>> = BTreeMap::new();
        for stretch in all {
            lengths.entry(stretch.lines.max(1).ilog2()).or_default().push(stretch);
        }
        let many = lengths.into_values().filter(|all| all.len() >= LEAST);
        Self(many.map(|all| Alike::learn(&all)).collect())
    }

    /// How strange a text is among those that are about as long; above 1 it is none of them. `None` where nothing is known.
    pub(super) fn strangeness(&self, of: &Looks) -> Option<f32> {
        let apart = |alike: &&Alike| {
            let ratio = alike.spread.tokens.max(1.0) / of.tokens.max(1) as f32;
            ratio.max(1.0 / ratio)
        };
        let alike = self.0.iter().min_by(|a, b| apart(a).total_cmp(&apart(b)))?;
        Some(alike.spread.distance(of.profile.shares(), of.tokens) / alike.reach.max(f32::MIN_POSITIVE))
    }
}

impl Alike {
    fn learn(all: &[&Resident]) -> Self {
        let spread = Spread::of(&all.iter().map(|resident| resident.measured()).collect::<Vec<_>>());
        let distance = |r: &&Resident| spread.distance(r.looks.profile.shares(), r.looks.tokens);
        let reach = all_but(STRANGE, all.iter().map(distance).collect());
        Self { spread, reach }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::guard::{Act, Profile};

    /// Stretches of so many lines, ten tokens each; their shares lie around the middle.
    fn stretches(n: usize, lines: usize, middle: f32) -> Vec<Resident> {
        let one = |at: usize| {
            let profile = Profile::of_one(middle + (at % 5) as f32 / 10.0);
            let looks = Looks { profile, tokens: 10 * lines, insistence: 0.0, kinds: BTreeSet::new() };
            Resident { source: 0, is_piece: false, lines, looks, halves: None, acts: [[0; 2]; Act::COUNT] }
        };
        (0..n).map(one).collect()
    }

    fn strangeness(stretches: &[Resident], x: f32, tokens: usize) -> Option<f32> {
        let profile = Profile::of_one(x);
        let looks = Looks { profile, tokens, insistence: 0.0, kinds: BTreeSet::new() };
        Stretches::learn(stretches.iter()).strangeness(&looks)
    }

    #[test]
    fn a_text_is_compared_with_stretches_about_as_long() {
        let all = [stretches(LEAST, 1, 0.0), stretches(LEAST, 4, 5.0)].concat();
        let is_one = |x, tokens| strangeness(&all, x, tokens).unwrap() <= 1.0;
        // Of two lengths the nearer in proportion: 20 tokens lie halfway between 10 and 40.
        let cases = [(0.2, 5, true), (0.2, 19, true), (0.2, 21, false), (5.2, 19, false), (5.2, 21, true)];
        for (x, tokens, want) in cases {
            assert_eq!(is_one(x, tokens), want, "{x} of {tokens}");
        }
    }

    #[test]
    fn one_of_seven_is_too_strange() {
        // Of a hundred, two tenths lie at each of five places; the middle is 0.2. The rank is that of the outermost.
        let all = stretches(LEAST, 1, 0.0);
        assert_eq!(strangeness(&all, 0.4, 10), Some(1.0));
        assert_eq!(strangeness(&all, 0.3, 10).map(|s| (100.0 * s).round()), Some(50.0));
        assert!(strangeness(&all, 0.41, 10).unwrap() > 1.0);
        // Ten of a hundred that lie far out are not among those that tell how far one may be.
        let mut odd = all.clone();
        odd.iter_mut().take(10).for_each(|stretch| stretch.looks.profile = Profile::of_one(9.0));
        assert!(strangeness(&odd, 9.0, 10).unwrap() > 1.0);
    }

    #[test]
    fn of_few_stretches_nothing_is_known() {
        assert_eq!(strangeness(&stretches(LEAST - 1, 1, 0.0), 0.2, 10), None);
        // Of one line and of two or three are lengths apart, and of four and seven are not.
        let two = |a, b| [stretches(LEAST / 2, a, 0.0), stretches(LEAST / 2, b, 0.0)].concat();
        assert_eq!(strangeness(&two(1, 2), 0.2, 10), None);
        assert!(strangeness(&two(4, 7), 0.2, 10).is_some());
    }
}
