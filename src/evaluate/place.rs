//! Places where two texts differ, and where they lie in the text that was observed.

use std::ops::Range;

use super::levenshtein::align;
use super::row::{Judged, code_points};
use crate::text::is_word_grapheme;

/// What differs between two cuts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Bytes of the output.
    pub(super) output: Range<usize>,
    /// Bytes of the intended text.
    pub(super) intended: Range<usize>,
    /// Code points of the intended text.
    pub(super) points: Range<usize>,
    /// Edits that the alignment pays.
    pub(super) errors: u64,
}

/// The places of an alignment, left to right; `equal` are the code points that both texts share.
pub(super) fn places(output: &str, intended: &str, equal: &[(usize, usize)]) -> Vec<Place> {
    let (out, int) = (bytes(output), bytes(intended));
    let end = (out.len() - 1, int.len() - 1);
    let letters: Vec<char> = output.chars().collect();
    let (mut start, mut from, mut errors) = ((0, 0), (0, 0), 0);
    let mut found = Vec::new();
    for (i, j) in equal.iter().copied().chain([end]) {
        errors += (i - from.0).max(j - from.1) as u64;
        from = (i + 1, j + 1);
        if letters.get(i).is_none_or(|&c| is_cut(c)) {
            if errors > 0 {
                found.push(Place {
                    output: out[start.0]..out[i],
                    intended: int[start.1]..int[j],
                    points: start.1..j,
                    errors,
                });
            }
            (start, errors) = (from, 0);
        }
    }
    found
}

/// White space, and letters of scripts that write none.
fn is_cut(c: char) -> bool {
    c.is_whitespace() || c.is_alphanumeric() && !is_word_grapheme(c.encode_utf8(&mut [0; 4]))
}

/// The byte offset of each code point, and of the end.
fn bytes(text: &str) -> Vec<usize> {
    text.char_indices().map(|(at, _)| at).chain([text.len()]).collect()
}

/// What of a row was lost before anybody could correct it.
#[derive(Clone, Debug, Default)]
pub(super) struct Damage {
    all: bool,
    /// Code points of the intended text.
    runs: Vec<Range<usize>>,
}

/// Letters lost in a row that nobody can guess.
const RUN: usize = 8;
/// Share of lost letters that leaves a row beyond guessing, per cent.
const LOST_PERCENT: usize = 40;

impl Damage {
    /// The damage from the observed text (code points) to the intended one.
    pub(super) fn of(observed: &[u32], intended: &str) -> Self {
        let points = code_points(intended);
        let equal = align(observed, &points).equal;
        let mut from = (0, 0);
        let mut runs = Vec::new();
        for (i, j) in equal.iter().copied().chain([(observed.len(), points.len())]) {
            if (i - from.0).max(j - from.1) > RUN {
                runs.push(from.1..j);
            }
            from = (i + 1, j + 1);
        }
        let is_letter: Vec<bool> = intended.chars().map(char::is_alphanumeric).collect();
        let letters = is_letter.iter().filter(|letter| **letter).count();
        let kept = equal.iter().filter(|(_, j)| is_letter[*j]).count();
        Self { all: letters > 0 && 100 * (letters - kept) >= LOST_PERCENT * letters, runs }
    }

    /// Whether some of these code points of the intended text are lost.
    pub(super) fn covers(&self, points: &Range<usize>) -> bool {
        self.all || self.runs.iter().any(|run| run.start <= points.end && points.start <= run.end)
    }
}

impl Judged<'_> {
    /// The edits whose results meet these bytes of the output.
    pub(super) fn edits_at(&self, at: &Range<usize>) -> Vec<usize> {
        let results = self.results().into_iter().enumerate();
        results.filter(|(_, r)| r.start <= at.end && at.start <= r.end).map(|(k, _)| k).collect()
    }

    /// Where these bytes of the output stood in the observed text, if no edit meets them.
    pub(super) fn observed_at(&self, at: &Range<usize>) -> Range<usize> {
        let before = self.results().iter().filter(|result| result.end <= at.start).count();
        let last = before.checked_sub(1).and_then(|k| Some((self.edits.get(k)?, self.results().get(k)?.end)));
        let (from, result) = last.map_or((0, 0), |(edit, end)| (edit.span.end(), end));
        from + at.start - result..from + at.end - result
    }

    /// Bytes of the output that each edit gave.
    fn results(&self) -> Vec<Range<usize>> {
        let (mut observed, mut output) = (0, 0);
        let result = |edit: &crate::correct::Edit| {
            let start = output + edit.span.start() - observed;
            (observed, output) = (edit.span.end(), start + edit.intended.len());
            start..output
        };
        self.edits.iter().map(result).collect()
    }
}
