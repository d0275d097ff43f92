//! Documents that nobody finished correcting: what was left standing in them is not all right.
//!
//! Each document's intended side is looked at as an example of right text. In most, models that never saw them would hardly
//! break a word of it; in a few they would, again and again ("r. du Pouceau", "epic.", "prin cipales", "figures font de
//! Rubens"): the page was corrected in haste, or by other rules than the rest. That is no harm, and nothing to learn right
//! text from. Of 45 pages of a directory five held 86 of the 122 words that would be broken, of 55 French books one 264
//! of 290.

use std::collections::BTreeMap;

use super::trade::Outcome;

/// As sure as what is made.
const SURE: f32 = 0.5;
/// So many words at least would be broken,
const LEAST: u64 = 10;
/// and this share of all: the worst documents of well-kept sources are below it (1 of 100 in the NZZ, .6 in OverProof, .2 in
/// books);
const SHARE: f64 = 0.011;
/// and so many times the share of the others. A model that breaks words everywhere is to blame itself.
const TIMES: f64 = 5.0;
/// The others are the best of so many fifths of all: no more than the rest can be unfinished.
const OTHERS: usize = 4;

/// What would be broken in a document, of so many words.
#[derive(Clone, Copy, Debug, Default)]
struct Broken {
    broken: u64,
    words: u64,
}

impl Broken {
    fn share(self) -> f64 {
        self.broken as f64 / self.words.max(1) as f64
    }
}

/// The numbers of such documents that are not known yet: of `judged` on the side that is right by design, out of fold.
/// `words` says how many words that side of each document has.
pub(super) fn unfinished<'o>(
    judged: impl IntoIterator<Item = &'o Outcome>,
    words: impl IntoIterator<Item = (u32, u64)>,
    known: &[u32],
) -> Vec<u32> {
    let mut documents: BTreeMap<u32, Broken> = BTreeMap::new();
    for (document, words) in words {
        documents.entry(document).or_default().words += words;
    }
    let others = (documents.len() * OTHERS).div_ceil(5);
    documents.retain(|document, _| !known.contains(document));
    let first = |outcome: &&Outcome| outcome.clean && outcome.rank == 0 && outcome.confidence >= SURE;
    for outcome in judged.into_iter().filter(first) {
        if let Some(own) = documents.get_mut(&outcome.document) {
            own.broken += outcome.broken;
        }
    }
    let mut documents: Vec<(u32, Broken)> = documents.into_iter().collect();
    documents.sort_by(|a, b| a.1.share().total_cmp(&b.1.share()).then(a.0.cmp(&b.0)));
    let (others, worst) = documents.split_at(others.min(documents.len()));
    let sum = |sum: Broken, own: &(u32, Broken)| Broken {
        broken: sum.broken + own.1.broken,
        words: sum.words + own.1.words,
    };
    let usual = others.iter().fold(Broken::default(), sum).share();
    let is_one = |own: Broken| own.broken >= LEAST && own.share() > SHARE.max(TIMES * usual);
    worst.iter().filter(|(_, own)| is_one(*own)).map(|(document, _)| *document).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::Kind;

    fn outcome(document: u32, clean: bool, confidence: f32) -> Outcome {
        Outcome {
            confidence,
            preference: 0.0,
            kind: Kind::Letters,
            gain: -1,
            broken: 1,
            clean,
            rank: 0,
            document,
            fold: 0,
            imposter: false,
        }
    }

    #[test]
    fn a_document_whose_right_side_would_often_be_changed_is_not_finished() {
        // Thirty documents: six may be unfinished.
        let words = |document: u32| (document, if document == 3 { 100 } else { 1000 });
        let found = |document, clean, confidence, times| vec![outcome(document, clean, confidence); times];
        let judged = [
            found(0, true, 0.5, 12),
            found(1, true, 0.5, 11),
            found(2, true, 0.49, 50),
            found(3, true, 0.9, 9),
            found(4, false, 0.9, 50),
            vec![Outcome { rank: 1, ..outcome(1, true, 0.9) }; 20],
        ];
        assert_eq!(
            unfinished(&judged.concat(), (0..30).map(words), &[]),
            [0],
            "1: too few of all, 2: not sure, 3: too few, 4: as observed"
        );
    }

    #[test]
    fn a_model_that_breaks_words_everywhere_is_to_blame_itself() {
        let words = || (0..10).map(|document| (document, 1000));
        let broken = |usual: usize, worst: usize| -> Vec<Outcome> {
            let times = |document| if document < 3 { worst } else { usual };
            (0..10).flat_map(|document| vec![outcome(document, true, 0.9); times(document)]).collect()
        };
        assert_eq!(unfinished(&broken(0, 30), words(), &[]), [1, 2], "no more than a fifth");
        assert_eq!(unfinished(&broken(0, 30), words(), &[1]), [2], "no more than a fifth of all");
        assert!(unfinished(&broken(0, 30), words(), &[1, 2]).is_empty(), "no more than a fifth of all");
        let (one, judged) = (outcome(0, true, 0.9), broken(6, 6));
        let with = |times: usize| unfinished(&[judged.clone(), vec![one; times]].concat(), words(), &[]);
        assert_eq!([with(24), with(25)], [vec![], vec![0]], "5 times as often as the others");
    }
}
