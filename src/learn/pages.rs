//! Pages of the plain text, kept back from it: what will come of text unlike the pairs'.
//!
//! Whoever corrects business cards will be given letters too, and pairs of one source say nothing of those. The pages are
//! searched with a model that never saw them, right and misread as the pairs are (noise of the same channel, as often), so
//! that trees and thresholds are learned from them as from sources left out. The model that is written has counted them.

use std::ops::Range;

use super::gathering::{Document, FOLDS};
use crate::augment::{self, Noise};
use crate::corpus::{Pair, documents};
use crate::counts::{NgramCounts, WordCounts};
use crate::evaluate::errors;
use crate::model::Model;

/// Least length of a page, bytes.
const PAGE: usize = 4_000;
/// One page of so many is kept back at most,
const OF: usize = 20;
/// and so many in all; of fewer than the least nothing can be said.
const MOST: usize = 60;
const LEAST: usize = 20;
/// Seed of the noise: always the same, so that another seed of the learner's deals the documents anew and nothing else.
const DRAWS: u64 = 1;

/// What was kept back.
#[derive(Debug)]
pub(super) struct Pages {
    /// The text's lines, misread nowhere; a page is a document.
    right: Vec<Pair>,
    /// What is not counted until they are given back.
    pub(super) graphemes: NgramCounts,
    pub(super) words: WordCounts,
}

/// Which runs of lines are pages to be kept back, spread evenly.
pub(super) fn runs(lines: &[&str]) -> Vec<Range<usize>> {
    let (mut pages, mut start, mut size) = (Vec::new(), 0, 0);
    for (at, line) in lines.iter().enumerate() {
        size += line.len();
        if size >= PAGE {
            pages.push(start..at + 1);
            (start, size) = (at + 1, 0);
        }
    }
    let step = pages.len().div_ceil(MOST).max(OF);
    let chosen: Vec<Range<usize>> = pages.into_iter().skip(step / 2).step_by(step).collect();
    if chosen.len() < LEAST { Vec::new() } else { chosen }
}

impl Pages {
    /// The pages that are these lines of the text, and what was counted in them.
    pub(super) fn of(
        lines: &[&str],
        runs: &[Range<usize>],
        graphemes: NgramCounts,
        words: WordCounts,
    ) -> Self {
        let row = |(page, line): (usize, &str)| Pair {
            observed: line.to_owned(),
            intended: line.to_owned(),
            document: page.to_string(),
            ..Pair::default()
        };
        let page = |(at, run): (usize, &Range<usize>)| lines[run.clone()].iter().map(move |&line| (at, line));
        let right = runs.iter().enumerate().flat_map(page).map(row).collect();
        Self { right, graphemes, words }
    }

    /// The pages as the model's recogniser would read them, if it misread as much as it did in some rows; `None` where it
    /// misreads nothing, or cannot misread as much.
    pub(super) fn misread(&self, model: &Model, as_in: &[&Pair]) -> Option<Vec<Pair>> {
        let count = |pair: &&Pair| (errors(&pair.observed, &pair.intended), pair.intended.chars().count());
        let of_all = as_in.iter().map(count).fold((0, 0), |all, own| (all.0 + own.0, all.1 + own.1));
        let cer = of_all.0 as f64 / of_all.1.max(1) as f64;
        let noise = Noise::of(model).ok()?;
        let page = |page: &Vec<usize>| augment::Document {
            lines: page.iter().map(|&row| self.right[row].intended.clone()).collect(),
            ..augment::Document::default()
        };
        let pages: Vec<augment::Document> =
            documents(self.right.iter().map(|p| p.document.as_str())).iter().map(page).collect();
        let amount = noise.amount(&pages, cer, DRAWS).ok()?;
        let read = noise.make(&pages, 0, amount, DRAWS).into_iter().flatten();
        let rows = self.right.iter().zip(read);
        Some(rows.map(|(pair, read)| Pair { observed: read.observed, ..pair.clone() }).collect())
    }
}

/// Pages as documents, numbered from `first` on.
pub(super) fn numbered(pages: &[Pair], first: u32) -> Vec<Document<'_>> {
    let groups = documents(pages.iter().map(|p| p.document.as_str()));
    let page = |(number, group): (u32, Vec<usize>)| Document {
        number,
        rows: group.iter().map(|&row| &pages[row]).collect(),
        is_piece: false,
        fold: Some(number as usize % FOLDS),
    };
    (first..).zip(groups).map(page).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_pages_of_many_are_kept_back_and_of_few_none() {
        let line = "x".repeat(PAGE / 2);
        let of = |pages: usize| runs(&vec![line.as_str(); 2 * pages]);
        assert_eq!(of(OF * LEAST - OF), []);
        let some = of(OF * LEAST);
        assert_eq!((some.len(), &some[0], &some[1]), (LEAST, &(20..22), &(60..62)));
        let many = of(100 * MOST);
        assert_eq!((many.len(), &many[0]), (MOST, &(100..102)));
    }
}
