//! One row with what was decided about it, and what would have come of each change alone.

use super::counts::Counts;
use super::levenshtein::distance;
use crate::corpus::Line;
use crate::correct::{Decision, Edit, Explained};
use crate::text::Span;

/// A row whose correction can be taken apart.
#[derive(Clone, Copy, Debug)]
pub struct Explanation<'a> {
    /// What was given to the corrector.
    pub line: Line<'a>,
    /// What is really meant.
    pub intended: &'a str,
    /// What the corrector made of it, and why.
    pub explained: &'a Explained,
}

/// What one change does to its row when it is the only one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Trial {
    /// Errors before less errors after.
    pub(super) gain: i64,
    /// Right words broken; 0 where the change was not made.
    pub(super) broken: u64,
}

/// A row with every change tried.
pub(super) struct Judged<'a> {
    pub(super) line: Line<'a>,
    pub(super) text: &'a str,
    pub(super) output: &'a str,
    pub(super) intended: Vec<u32>,
    pub(super) errors_before: u64,
    pub(super) edits: &'a [Edit],
    pub(super) made: Vec<Trial>,
    pub(super) decisions: &'a [Decision],
    pub(super) trials: Vec<Trial>,
}

impl<'a> Judged<'a> {
    pub(super) fn new(of: &Explanation<'a>) -> Self {
        let Explanation { line, intended: text, explained } = *of;
        let intended = code_points(text);
        let errors_before = distance(&code_points(line.text), &intended);
        let gain = |changed: &str| {
            i64::try_from(errors_before).unwrap_or(i64::MAX)
                - i64::try_from(distance(&code_points(changed), &intended)).unwrap_or(i64::MAX)
        };
        let made = |edit: &Edit| {
            let changed = replaced(line.text, edit.span, &edit.intended);
            Trial { gain: gain(&changed), broken: Counts::of(line.text, text, &changed).broken }
        };
        let tried = |decision: &Decision| {
            let proposal = &decision.proposal;
            Trial { gain: gain(&replaced(line.text, proposal.span, &proposal.intended)), broken: 0 }
        };
        Self {
            line,
            text,
            output: explained.correction.text(),
            errors_before: errors_before as u64,
            edits: explained.correction.edits(),
            made: explained.correction.edits().iter().map(made).collect(),
            decisions: &explained.decisions,
            trials: explained.decisions.iter().map(tried).collect(),
            intended,
        }
    }

    pub(super) fn errors_after(&self) -> u64 {
        distance(&code_points(self.output), &self.intended) as u64
    }

    /// Decisions about the same place together: a change and what is left of it.
    pub(super) fn places(&self) -> impl DoubleEndedIterator<Item = &'a [Decision]> + use<'a> {
        self.decisions.chunk_by(|a, b| a.proposal.span == b.proposal.span)
    }
}

pub(super) fn code_points(text: &str) -> Vec<u32> {
    text.chars().map(u32::from).collect()
}

/// The text with another piece in place of the span; as it is where it has no such span.
pub(super) fn replaced(text: &str, span: Span, piece: &str) -> String {
    match (text.get(..span.start()), text.get(span.end()..)) {
        (Some(before), Some(after)) => [before, piece, after].concat(),
        _ => text.to_owned(),
    }
}
