//! What a person would look at first, of text that nobody has labelled.

use std::collections::BTreeMap;

use serde::Serialize;

use super::watch::Seen;
use crate::learn::Confusion;

/// What a person would look at first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Attention {
    /// The commonest words that the model does not know.
    pub unknown_words: Vec<UnknownWord>,
    /// What is likely misread, the most evidence first.
    pub confusions: Vec<LikelyConfusion>,
    /// Changes of letters proposed of 1,000 words, in all documents together.
    pub noise: f64,
    /// The same of the document in the middle.
    pub noise_median: f64,
    /// The noisiest documents.
    pub documents: Vec<NoisyDocument>,
}

/// A word that the model does not know.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnknownWord {
    /// The word, as written.
    pub word: String,
    /// How often it stands there.
    pub count: u64,
    /// In how many documents.
    pub documents: u64,
}

/// Something that is likely misread.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LikelyConfusion {
    /// What stands there.
    pub observed: String,
    /// What is likely meant.
    pub intended: String,
    /// How often that is proposed.
    pub count: u64,
    /// By how much changing is cheaper, all places together, nats.
    pub evidence: f64,
    /// The first word, and what would stand there.
    pub example: [String; 2],
}

/// A document with much that seems misread.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NoisyDocument {
    /// Its name, or its number among those given.
    pub document: String,
    /// Its words.
    pub words: u64,
    /// Changes of letters proposed of 1,000 words.
    pub noise: f64,
}

/// So many of each are shown.
const SHOWN: usize = 20;
const SHOWN_DOCUMENTS: usize = 10;
/// Documents of fewer words have no rate.
const SHORT: u64 = 50;

impl Attention {
    /// What to look at in documents, each with its name.
    pub fn of(seen: &[Seen], names: &[String]) -> Self {
        let mut unknown: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        let mut likely: BTreeMap<&Confusion, LikelyConfusion> = BTreeMap::new();
        for document in seen {
            for (word, n) in &document.unknown {
                let sum = unknown.entry(word).or_default();
                *sum = (sum.0 + n, sum.1 + 1);
            }
            for (confusion, (count, evidence, example)) in &document.likely {
                let sum = likely.entry(confusion).or_insert_with(|| LikelyConfusion {
                    observed: confusion.observed.clone(),
                    intended: confusion.intended.clone(),
                    count: 0,
                    evidence: 0.0,
                    example: example.clone(),
                });
                sum.count += count;
                sum.evidence += evidence;
            }
        }
        // Of equals the first by text.
        let mut unknown_words: Vec<UnknownWord> = unknown
            .into_iter()
            .map(|(word, (count, documents))| UnknownWord { word: word.to_owned(), count, documents })
            .collect();
        unknown_words.sort_by_key(|word| std::cmp::Reverse((word.count, word.documents)));
        unknown_words.truncate(SHOWN);
        let mut confusions: Vec<LikelyConfusion> = likely.into_values().collect();
        confusions.sort_by(|a, b| b.evidence.total_cmp(&a.evidence));
        confusions.truncate(SHOWN);
        let rate = |lettered: u64, words: u64| 1000.0 * lettered as f64 / words.max(1) as f64;
        let sum = |of: fn(&Seen) -> u64| seen.iter().map(of).sum::<u64>();
        let noise = rate(sum(|s| s.lettered), sum(|s| s.portrait.figures.words));
        let mut documents: Vec<NoisyDocument> = seen
            .iter()
            .zip(names)
            .filter(|(seen, _)| seen.portrait.figures.words >= SHORT)
            .map(|(seen, name)| NoisyDocument {
                document: name.clone(),
                words: seen.portrait.figures.words,
                noise: rate(seen.lettered, seen.portrait.figures.words),
            })
            .collect();
        documents.sort_by(|a, b| b.noise.total_cmp(&a.noise));
        let noise_median = documents.get(documents.len() / 2).map_or(noise, |document| document.noise);
        documents.truncate(SHOWN_DOCUMENTS);
        Self { unknown_words, confusions, noise, noise_median, documents }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::{Figures, Portrait};

    #[test]
    fn the_most_evidence_stands_first() {
        let seen = |words: u64, lettered: u64, unknown: &[(&str, u64)], rn: (u64, f64), b: (u64, f64)| {
            let example = || ["rnan".to_owned(), "man".to_owned()];
            let named = |a: &str, b: &str| Confusion { observed: a.to_owned(), intended: b.to_owned() };
            Seen {
                portrait: Portrait {
                    figures: Figures { words, ..Figures::default() },
                    ..Portrait::default()
                },
                unknown: unknown.iter().map(|(word, n)| ((*word).to_owned(), *n)).collect(),
                likely: [
                    (named("rn", "m"), (rn.0, rn.1, example())),
                    (named("b", "h"), (b.0, b.1, example())),
                ]
                .into(),
                lettered,
            }
        };
        let all = [
            seen(100, 10, &[("foo", 2), ("bar", 2)], (2, 9.0), (5, 4.0)),
            seen(400, 10, &[("foo", 1), ("zoo", 3)], (1, 3.0), (9, 7.5)),
            seen(10, 10, &[], (0, 0.0), (0, 0.0)),
        ];
        let names = ["a", "b", "c"].map(str::to_owned);
        let attention = Attention::of(&all, &names);
        let words: Vec<_> =
            attention.unknown_words.iter().map(|w| (w.word.as_str(), w.count, w.documents)).collect();
        assert_eq!(words, [("foo", 3, 2), ("zoo", 3, 1), ("bar", 2, 1)]);
        let likely: Vec<_> =
            attention.confusions.iter().map(|c| (c.observed.as_str(), c.count, c.evidence)).collect();
        assert_eq!(likely, [("rn", 3, 12.0), ("b", 14, 11.5)]);
        let documents: Vec<_> = attention.documents.iter().map(|d| (d.document.as_str(), d.noise)).collect();
        assert_eq!(documents, [("a", 100.0), ("b", 25.0)], "ten words have no rate");
        assert_eq!(attention.noise_median, 25.0);
        assert!((attention.noise - 30_000.0 / 510.0).abs() < 1e-9);
    }
}
