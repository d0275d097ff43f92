//! How good the same search could be: what a perfect choice would make of its proposals.

use std::fmt::{Display, Formatter};

use serde::Serialize;

use super::bootstrap::{Unit, relative};
use super::levenshtein::distance;
use super::report::signed;
use super::row::{Judged, code_points, replaced};
use crate::correct::{Verdict, allowed};

/// Errors that perfect choices would leave; neither is ever above the errors of the output.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Ceiling {
    /// Errors if each proposal that no policy forbids were made exactly where it lowers its row's errors.
    pub perfect_guard_errors: u64,
    /// (those errors − errors before) / errors before.
    pub perfect_guard: Option<f64>,
    /// Errors if for each change the best of its near readings were taken as well.
    pub best_reading_errors: u64,
    /// (those errors − errors before) / errors before.
    pub best_reading: Option<f64>,
}

impl Ceiling {
    pub(super) fn add(&mut self, row: &Judged<'_>) {
        let after = row.errors_after();
        let guard = after.min(chosen(row, Choice::Proposals));
        self.perfect_guard_errors += guard;
        self.best_reading_errors += guard.min(chosen(row, Choice::Readings));
    }

    pub(super) fn finish(&mut self, before: u64) {
        let change = |to| relative(Unit { before, from: before, to });
        self.perfect_guard = change(self.perfect_guard_errors);
        self.best_reading = change(self.best_reading_errors);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Choice {
    Proposals,
    Readings,
}

/// Errors of the row with the best choice at each place, taken from right to left: leaving it as it is, else the
/// first of the best.
fn chosen(row: &Judged<'_>, choice: Choice) -> u64 {
    let mut text = row.line.text.to_owned();
    let mut errors = row.errors_before;
    for place in row.places().rev() {
        let mut best = None;
        for decision in place {
            let proposal = &decision.proposal;
            let own = (decision.verdict != Verdict::Forbidden).then_some(proposal.intended.as_str());
            let near = proposal.near.iter().map(|(reading, _)| reading.as_str());
            let near = near
                .filter(|reading| choice == Choice::Readings && allowed(&row.line, proposal.span, reading));
            for candidate in own.into_iter().chain(near) {
                let changed = replaced(&text, proposal.span, candidate);
                let left = distance(&code_points(&changed), &row.intended) as u64;
                if left < errors {
                    (errors, best) = (left, Some(changed));
                }
            }
        }
        text = best.unwrap_or(text);
    }
    errors
}

impl Display for Ceiling {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let (guard, reading) = (signed(self.perfect_guard, 2), signed(self.best_reading, 2));
        let errors = self.perfect_guard_errors;
        writeln!(f, "perfect guard    {guard}   (the same proposals, right ones only: errors {errors})")?;
        let errors = self.best_reading_errors;
        write!(f, "best reading     {reading}   (the best of all readings near: errors {errors})")
    }
}
