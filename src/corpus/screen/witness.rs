//! What right text says of a change: whether the word that was observed or the one that is meant fits the place better.
//!
//! Right text is plain text and what pairs left. What pairs *teach* is no witness: a wrong lesson repeated would
//! confirm itself.

use hashbrown::HashMap;

use super::changes::{Change, Changes, Id, NONE, tokens};
use crate::cost::ln;

/// Weight of a word's own frequency beside what was seen next to its neighbour.
const PRIOR: f64 = 5.0;
/// The furthest that one place counts, nats.
const FURTHEST: f64 = 8.0;

/// Words and neighbours, counted only where the changes in question need them.
#[derive(Clone, Debug, Default)]
pub(super) struct Witness {
    words: HashMap<Id, u32>,
    neighbours: HashMap<(Id, Id), u32>,
    total: f64,
}

impl Witness {
    /// Hears the plain text and what pairs left about these changes. O(text), nothing if there are no changes.
    pub(super) fn hear(changes: &Changes, asked: &[&Change], texts: &[String]) -> Self {
        let mut witness = Self::default();
        if asked.is_empty() {
            return witness;
        }
        for change in asked {
            for word in [change.observed, change.intended] {
                witness.words.insert(word, 0);
                witness.neighbours.insert((change.before, word), 0);
                witness.neighbours.insert((word, change.after), 0);
            }
        }
        witness.count(changes.left.iter().copied());
        for line in texts.iter().flat_map(|text| text.lines()) {
            let words = tokens(line).map(|word| changes.find(word).unwrap_or(Id::MAX));
            witness.count(words.chain([NONE]));
        }
        witness
    }

    fn count(&mut self, words: impl Iterator<Item = Id>) {
        let mut before = NONE;
        for word in words {
            if word != NONE {
                self.total += 1.0;
                if let Some(count) = self.words.get_mut(&word) {
                    *count = count.saturating_add(1);
                }
                if let Some(count) = self.neighbours.get_mut(&(before, word)).filter(|_| before != NONE) {
                    *count = count.saturating_add(1);
                }
            }
            before = word;
        }
    }

    /// How often a word stood in right text.
    pub(super) fn seen(&self, word: Id) -> u32 {
        self.words.get(&word).copied().unwrap_or(0)
    }

    /// ln of how many times likelier the intended word is at its place than the observed one:
    /// p(w | before) p(after | w) / … by Bayes, each smoothed with the word's own frequency.
    pub(super) fn favour(&self, change: &Change) -> f64 {
        let own = |word: Id| f64::from(self.seen(word)) + 0.5;
        let beside = |pair: (Id, Id), word: Id| {
            f64::from(self.neighbours.get(&pair).copied().unwrap_or(0))
                + PRIOR * own(word) / self.total.max(1.0)
        };
        let likely = |word: Id| {
            let (left, right) = (beside((change.before, word), word), beside((word, change.after), word));
            ln(left) + ln(right) - ln(own(word))
        };
        (likely(change.intended) - likely(change.observed)).clamp(-FURTHEST, FURTHEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Pair;

    #[test]
    fn the_place_decides() {
        let pair = |o: &str, i: &str| Pair { observed: o.into(), intended: i.into(), ..Pair::default() };
        let pairs =
            [pair("to he so", "to be so"), pair("he was so", "be was so"), pair("a the b", "a tbe b")];
        let changes = Changes::of(&pairs, &[0, 1, 2]);
        let asked: Vec<&Change> = changes.all.iter().collect();
        let texts = ["to be\nhe was\n".repeat(4)];
        let witness = Witness::hear(&changes, &asked, &texts);
        assert_eq!([0, 1, 2].map(|k| witness.seen(asked[k].observed)), [4, 4, 0]);
        // Seen 4 times each among 21 words (4 × 4 of the text, "to", "so", "was", "so", "a", "b": 22); next to "to" be 4
        // times and he never.
        let (own, total) = (4.5, 22.0);
        let beside = |n: f64| ln(n + PRIOR * own / total);
        assert!((witness.favour(asked[0]) - (beside(4.0) - beside(0.0))).abs() < 1e-9);
        assert!((witness.favour(asked[1]) - (beside(0.0) - beside(4.0))).abs() < 1e-9);
        assert!(witness.favour(asked[2]).abs() < 1e-9, "nobody knows either");
    }
}
