//! Text that nobody corrected: self-training.
//!
//! A model of the pairs reads it, and what it reads counts beside the pairs: for the channel what differs is misread as it is in
//! pairs, for the language the reading is text of the very kind that will be corrected (after Tong and Evans 1996, "A
//! statistical approach to automatic OCR error correction in context", who estimate confusions from text that was read with the
//! last estimate). The search's own reading is taken whole: to count only what
//! it is sure of left a lower ceiling.
//!
//! A reading is no label. The guard, its thresholds, the entries and the rules learn from corrections alone. Nor do labels
//! reach it in a roundabout way: a fold of pairs is searched with a model of the other folds and of what they alone read
//! (`flow.rs` makes two models a fold); with readings of a model of all pairs a held-out fold would look easier than text to come.
//! Lines that a pair has are left out for the same reason: readings of held-out rows would be in the language that reads them.

use hashbrown::HashSet;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::corpus::{Line, Pair};
use crate::guard::Surveyor;
use crate::model::{Model, ModelError};

/// Bytes that are read at most: each model of a fold reads them.
const MOST_BYTES: usize = 4 << 20;
/// Lines that are read together: documents that are longer are cut.
const STRETCH: usize = 64;

/// Text that nobody corrected, in documents and stretches of long ones, the same whatever their order was.
#[derive(Clone, Debug, Default)]
pub(super) struct Unlabelled<'t>(Vec<Vec<&'t str>>);

/// What became of text that nobody corrected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnlabelledReport {
    /// Lines that were read.
    pub lines: usize,
    /// Lines that were read as something else than stands there.
    pub changed: usize,
    /// Whether they made held-out intended sides likelier; else nothing was learned from them.
    pub helped: bool,
}

impl<'t> Unlabelled<'t> {
    /// Lines of these documents that are not blank and that no pair has; of very much text stretches chosen by their
    /// hash.
    pub(super) fn of<'p>(
        documents: &'t [Vec<String>],
        pairs: impl Iterator<Item = &'p Pair>,
        seed: u64,
    ) -> Self {
        Self::at_most(MOST_BYTES, documents, pairs, seed)
    }

    fn at_most<'p>(
        most: usize,
        documents: &'t [Vec<String>],
        pairs: impl Iterator<Item = &'p Pair>,
        seed: u64,
    ) -> Self {
        if documents.is_empty() {
            return Self::default();
        }
        let corrected: HashSet<&str> =
            pairs.flat_map(|p| [p.observed.as_str(), p.intended.as_str()]).map(str::trim).collect();
        let is_new = |line: &&str| !line.trim().is_empty() && !corrected.contains(line.trim());
        let mut stretches: Vec<(u64, Vec<&str>)> = Vec::new();
        for document in documents {
            let lines: Vec<&str> = document.iter().map(String::as_str).filter(is_new).collect();
            for stretch in lines.chunks(STRETCH) {
                let hash = stretch.iter().fold(seed, |hash, line| xxh3_64_with_seed(line.as_bytes(), hash));
                stretches.push((hash, stretch.to_vec()));
            }
        }
        stretches.sort_unstable();
        let mut bytes = 0;
        let chosen = stretches.into_iter().map(|(_, lines)| lines).take_while(|lines| {
            let more = bytes < most;
            bytes += lines.iter().map(|line| line.len()).sum::<usize>();
            more
        });
        Self(chosen.collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All lines.
    pub(super) fn lines(&self) -> impl Iterator<Item = &'t str> + '_ {
        self.0.iter().flatten().copied()
    }

    /// Each line with the search's own reading of it.
    pub(super) fn read(&self, model: &Model) -> Result<Vec<Pair>, ModelError> {
        let knowledge = model.knowledge()?;
        let beam = model.metadata().settings.beam;
        let read = |surveyor: &mut Surveyor, stretch: &Vec<&str>| -> Vec<Pair> {
            let lines: Vec<Line<'_>> = stretch.iter().map(|line| Line::new(line)).collect();
            let survey = surveyor.survey(&knowledge, &beam, &lines);
            let pair = |(at, line): (usize, &Line<'_>)| Pair {
                observed: line.text.to_owned(),
                intended: survey.reading(&lines, at),
                ..Pair::default()
            };
            lines.iter().enumerate().map(pair).collect()
        };
        let found: Vec<Vec<Pair>> = self.0.par_iter().map_init(Surveyor::default, read).collect();
        Ok(found.concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(texts: &[&str]) -> Vec<Vec<String>> {
        texts.iter().map(|text| text.lines().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn lines_of_pairs_and_blank_ones_are_left_out() {
        let given = documents(&["one\n\n two \nthree", "four", " "]);
        let pair = Pair { observed: "two".into(), intended: "four".into(), ..Pair::default() };
        let found = Unlabelled::of(&given, [pair].iter(), 1);
        assert_eq!(found.0, [["one", "three"]]);
        assert!(Unlabelled::of(&documents(&["", " \n"]), [].iter(), 1).is_empty());
    }

    #[test]
    fn the_order_of_documents_is_nothing_and_a_part_is_chosen_by_hash() {
        let texts: Vec<String> =
            (0..9).map(|d| (0..70 + d).map(|l| format!("line {l} of {d}\n")).collect()).collect();
        let mut texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let given = documents(&texts);
        texts.reverse();
        let reversed = documents(&texts);
        let mut before = Vec::new();
        for most in [1, 1_500, 5_000, usize::MAX] {
            let found = Unlabelled::at_most(most, &given, [].iter(), 1).0;
            assert_eq!(found, Unlabelled::at_most(most, &reversed, [].iter(), 1).0, "{most}");
            assert!(found.starts_with(&before) && found.len() > before.len(), "{most}");
            assert!(found.iter().all(|stretch| stretch.len() <= STRETCH));
            before = found;
        }
        assert_eq!(before.iter().flatten().count(), (70..79).sum::<usize>());
        assert_ne!(before, Unlabelled::at_most(usize::MAX, &given, [].iter(), 2).0, "the seed counts");
    }
}
