//! What the observed texts learned from look like to a model that never saw them: what new text is compared with.
//!
//! Of each document the search's own proposals are counted, before any guard, so that the figures of new text, surveyed
//! in the same way, are alike but for the documents. Kept are sums of each source, and the figures of some documents, chosen
//! by a hash: how much documents differ among themselves says what is no news.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::corpus::Line;
use crate::cost::narrow;
use crate::counts::differences;
use crate::guard::{Kind, Survey};
use crate::model::{Knowledge, Model, ModelError, SectionKind};
use crate::text::{fold_word, graphemes, words};

/// Observed text in counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Tokens; in scripts without spaces, graphemes.
    pub words: u64,
    /// Words of letters: those that a vocabulary could hold.
    pub spelled: u64,
    /// Of these, those that the vocabulary does not hold.
    pub unknown: u64,
    /// Graphemes that the language model listened to.
    pub symbols: u64,
    /// What they cost it, nats.
    pub nats: f32,
    /// Changes that the search proposes, by [`Kind::index`].
    pub proposals: [u64; Kind::COUNT],
    /// Stretches that those changes would change.
    pub stretches: u64,
}

impl Figures {
    /// Changes proposed, of all kinds.
    pub fn proposed(&self) -> u64 {
        self.proposals.iter().fold(0, |sum, n| sum.saturating_add(*n))
    }

    /// Both together.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut sum = Self {
            words: self.words.saturating_add(other.words),
            spelled: self.spelled.saturating_add(other.spelled),
            unknown: self.unknown.saturating_add(other.unknown),
            symbols: self.symbols.saturating_add(other.symbols),
            nats: narrow(f64::from(self.nats) + f64::from(other.nats)),
            stretches: self.stretches.saturating_add(other.stretches),
            proposals: self.proposals,
        };
        for (sum, n) in sum.proposals.iter_mut().zip(other.proposals) {
            *sum = sum.saturating_add(n);
        }
        sum
    }
}

/// A stretch that the search would change, and what would stand there: graphemes, one side may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Confusion {
    /// What stands there.
    pub observed: String,
    /// What would.
    pub intended: String,
}

/// The observed text of one document in counts, its confusions by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Portrait {
    /// Which source (of [`crate::Pair::source`]) it is of, where known.
    pub source: u32,
    /// The counts.
    pub figures: Figures,
    /// How often each stretch of at most [`Portrait::LONGEST`] graphemes a side would become which other.
    pub confusions: BTreeMap<Confusion, u64>,
}

impl Portrait {
    /// Longer stretches have no name of their own.
    pub const LONGEST: usize = 3;

    /// The portrait of a document, of its lines and what the search proposes for them.
    pub fn of(knowledge: &Knowledge<'_>, source: u32, lines: &[Line<'_>], survey: &Survey) -> Self {
        let mut portrait = Self { source, ..Self::default() };
        let figures = &mut portrait.figures;
        figures.words = survey.tokens as u64;
        figures.symbols = survey.listened.symbols as u64;
        figures.nats = survey.listened.nats;
        for word in lines.iter().flat_map(|line| words(line.text)) {
            figures.spelled += 1;
            figures.unknown += u64::from(knowledge.vocabulary.id(&fold_word(word.text)).is_none());
        }
        for proposal in survey.proposals.iter().filter(|p| p.is_of_search()) {
            figures.proposals[proposal.kind.index()] += 1;
            let observed = lines.get(proposal.line).map_or("", |line| proposal.span.of(line.text));
            for confusion in Confusion::between(observed, &proposal.intended) {
                figures.stretches += 1;
                if confusion.is_short() {
                    *portrait.confusions.entry(confusion).or_default() += 1;
                }
            }
        }
        portrait
    }
}

impl Confusion {
    /// The stretches in which two texts differ, left to right.
    pub fn between(observed: &str, intended: &str) -> Vec<Self> {
        let split = |text| graphemes(text).map(|(_, grapheme)| grapheme).collect::<Vec<&str>>();
        let (from, to) = (split(observed), split(intended));
        let is_space = |grapheme: &&str| grapheme.chars().all(char::is_whitespace);
        let named = |d: crate::counts::Difference| Self {
            observed: from.get(d.observed).unwrap_or_default().concat(),
            intended: to.get(d.intended).unwrap_or_default().concat(),
        };
        differences(&from, &to, is_space).into_iter().map(named).collect()
    }

    /// Whether it is short enough to be counted by name.
    pub fn is_short(&self) -> bool {
        [&self.observed, &self.intended].iter().all(|side| graphemes(side).count() <= Portrait::LONGEST)
    }
}

impl fmt::Display for Confusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} → {}", seen(&self.observed), seen(&self.intended))
    }
}

/// What would not be seen gets a sign.
fn seen(text: &str) -> String {
    if text.is_empty() { "∅".to_owned() } else { text.replace(char::is_whitespace, "␣") }
}

/// All documents of a source in counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SourceFigures {
    /// Which.
    pub source: u32,
    /// How many documents they are.
    pub documents: u64,
    /// The counts of all.
    pub figures: Figures,
    /// How often each confusion was proposed, by its place in [`Reference::confusions`].
    pub confusions: Vec<u64>,
}

/// One document in counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sampled {
    /// Its source.
    pub source: u32,
    /// Its counts.
    pub figures: Figures,
    /// How often those of its confusions were proposed that are the first of [`Reference::confusions`], with their places.
    pub confusions: Vec<(u16, u64)>,
}

/// What the observed texts learned from look like: a section of the model file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// The commonest confusions, by falling count, then by text.
    pub confusions: Vec<Confusion>,
    /// Each source.
    pub sources: Vec<SourceFigures>,
    /// Some of the documents, chosen by a hash of their numbers.
    pub sample: Vec<Sampled>,
}

/// Confusions with a name.
const NAMED: usize = 256;
/// Documents that are kept: as many as hold so many words between these bounds.
const KEPT: (usize, usize) = (256, 1_024);
const KEPT_WORDS: u64 = 20_000;

impl Reference {
    /// So many confusions are counted in each document of the sample.
    pub const FOLLOWED: usize = 20;

    /// The reference that these documents are, each with its number.
    pub(super) fn of(portraits: &[(u32, Portrait)]) -> Self {
        let mut all: BTreeMap<&Confusion, u64> = BTreeMap::new();
        for (confusion, n) in portraits.iter().flat_map(|(_, p)| &p.confusions) {
            *all.entry(confusion).or_default() += n;
        }
        let mut all: Vec<(&Confusion, u64)> = all.into_iter().collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        all.truncate(NAMED);
        let confusions: Vec<Confusion> = all.into_iter().map(|(confusion, _)| confusion.clone()).collect();
        let mut sources: BTreeMap<u32, SourceFigures> = BTreeMap::new();
        for (_, portrait) in portraits {
            let source = sources.entry(portrait.source).or_insert_with(|| SourceFigures {
                source: portrait.source,
                confusions: vec![0; confusions.len()],
                ..SourceFigures::default()
            });
            source.documents += 1;
            source.figures = source.figures.and(&portrait.figures);
            for (sum, confusion) in source.confusions.iter_mut().zip(&confusions) {
                *sum += portrait.confusions.get(confusion).copied().unwrap_or(0);
            }
        }
        let mut order: Vec<(u64, usize)> =
            portraits.iter().enumerate().map(|(at, (n, _))| (xxh3_64(&n.to_le_bytes()), at)).collect();
        order.sort_unstable();
        let (mut sample, mut kept_words) = (Vec::new(), 0);
        for (_, portrait) in order.into_iter().filter_map(|(_, at)| portraits.get(at)) {
            if sample.len() >= KEPT.1 || (sample.len() >= KEPT.0 && kept_words >= KEPT_WORDS) {
                break;
            }
            kept_words += portrait.figures.words;
            sample.push(Sampled {
                source: portrait.source,
                figures: portrait.figures,
                confusions: followed(&confusions, portrait),
            });
        }
        Self { confusions, sources: sources.into_values().collect(), sample }
    }

    /// Whether there is nothing to compare with.
    pub fn is_empty(&self) -> bool {
        self.sample.is_empty()
    }

    /// The reference in a model; `None` where it has none.
    ///
    /// # Errors
    /// [`ModelError`] where its section is damaged.
    pub fn in_model(model: &Model) -> Result<Option<Self>, ModelError> {
        let there = model.file().section(SectionKind::Reference).is_some();
        there.then(|| model.file().decode(SectionKind::Reference)).transpose()
    }

    /// A document's counts as those of the sample are kept.
    pub fn sampled(&self, portrait: &Portrait) -> Sampled {
        let confusions = followed(&self.confusions, portrait);
        Sampled { source: portrait.source, figures: portrait.figures, confusions }
    }
}

fn followed(confusions: &[Confusion], portrait: &Portrait) -> Vec<(u16, u64)> {
    let counted = |(place, confusion)| Some((place, *portrait.confusions.get(confusion)?));
    (0..).zip(confusions.iter().take(Reference::FOLLOWED)).filter_map(counted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn confusion(observed: &str, intended: &str) -> Confusion {
        Confusion { observed: observed.to_owned(), intended: intended.to_owned() }
    }

    #[test]
    fn what_two_words_differ_in_has_a_name() {
        type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);
        let cases: [Case<'_>; 6] = [
            ("rnan", "man", &[("rn", "m")]),
            ("tbe", "the", &[("b", "h")]),
            ("ofthe", "of the", &[("", " ")]),
            ("same", "same", &[]),
            ("lirne,", "lime", &[("rn", "m"), (",", "")]),
            ("株武会社", "株式会社", &[("武", "式")]),
        ];
        for (observed, intended, want) in cases {
            let want: Vec<Confusion> = want.iter().map(|(a, b)| confusion(a, b)).collect();
            assert_eq!(Confusion::between(observed, intended), want, "{observed}");
        }
        assert!(confusion("abc", "").is_short() && !confusion("abcd", "e").is_short());
    }

    fn portrait(source: u32, words: u64, rn: u64, b: u64) -> Portrait {
        let confusions = [(confusion("rn", "m"), rn), (confusion("b", "h"), b)];
        Portrait {
            source,
            figures: Figures { words, stretches: rn + b, nats: 0.5, ..Figures::default() },
            confusions: confusions.into_iter().filter(|(_, n)| *n > 0).collect(),
        }
    }

    #[test]
    fn sources_are_summed_and_documents_kept() {
        let all: Vec<(u32, Portrait)> =
            (0..).zip([portrait(0, 10, 1, 0), portrait(1, 20, 0, 3), portrait(0, 30, 1, 0)]).collect();
        let reference = Reference::of(&all);
        assert_eq!(reference.confusions, [confusion("b", "h"), confusion("rn", "m")], "by falling count");
        let [first, second] = reference.sources.as_slice() else { panic!("two sources") };
        assert_eq!((first.documents, first.figures.words, first.figures.nats), (2, 40, 1.0));
        assert_eq!((&first.confusions[..], &second.confusions[..]), (&[0, 2][..], &[3, 0][..]));
        assert_eq!(reference.sample.len(), 3);
        assert!(reference.sample.contains(&Sampled {
            source: 1,
            figures: all[1].1.figures,
            confusions: vec![(0, 3)]
        }));
        assert!(Reference::of(&[]).is_empty());
    }

    #[test]
    fn of_many_documents_some_are_kept() {
        let of = |documents: u32, words| {
            let all: Vec<_> = (0..documents).map(|n| (n, portrait(0, words, 1, 0))).collect();
            Reference::of(&all)
        };
        assert_eq!(of(2_000, 1).sample.len(), 1_024);
        assert_eq!(of(2_000, 50).sample.len(), 400, "they hold 20,000 words");
        assert_eq!(of(2_000, 1_000).sample.len(), 256);
        assert_eq!(of(2_000, 1_000).sources[0].documents, 2_000);
    }
}
