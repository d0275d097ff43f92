//! A correction taken apart: how far the search could go, whether confidence holds, what went wrong where.

use std::fmt::{Display, Formatter};

use rayon::prelude::*;
use serde::Serialize;

use super::ceiling::Ceiling;
use super::classes::Errors;
use super::reliability::{Kinds, Reliability};
use super::row::{Explanation, Judged};

/// What can be said of a corrector that shows its decisions.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Findings {
    /// What perfect choices would make of the same search.
    pub ceiling: Ceiling,
    /// Confidences beside what came true.
    pub reliability: Reliability,
    /// What became of each kind of change.
    pub kinds: Kinds,
    /// What is still wrong, by class.
    pub errors: Errors,
}

/// The findings of rows. `known` says whether a word (as written) is in the vocabulary. Rows are tried in parallel,
/// sums are taken in their order.
///
/// ```
/// use amend::correct::{Correction, Explained};
/// use amend::evaluate::{Explanation, findings};
/// // Nothing was proposed for this line, and nothing changed.
/// let explained = Explained { correction: Correction::apply("the hut", Vec::new()), decisions: Vec::new() };
/// let row = Explanation { line: amend::Line::new("the hut"), intended: "the but", explained: &explained };
/// let found = findings(&[row], &|word| ["the", "hut"].contains(&word));
/// assert_eq!(found.ceiling.perfect_guard, Some(0.0));
/// let left = found.errors.classes.iter().find(|class| class.errors > 0).expect("one error");
/// assert_eq!((left.class, left.never_proposed), ("other real word", 1));
/// ```
pub fn findings(rows: &[Explanation<'_>], known: &(dyn Fn(&str) -> bool + Sync)) -> Findings {
    let judged = rows.par_iter().map(Judged::new);
    let parts: Vec<(Judged<'_>, Ceiling, Errors)> = judged
        .map(|row| {
            let (mut ceiling, mut errors) = (Ceiling::default(), Errors::default());
            ceiling.add(&row);
            errors.add(&row, known);
            (row, ceiling, errors)
        })
        .collect();
    let mut found = Findings::default();
    let mut before = 0;
    for (row, ceiling, errors) in &parts {
        before += row.errors_before;
        found.ceiling.perfect_guard_errors += ceiling.perfect_guard_errors;
        found.ceiling.best_reading_errors += ceiling.best_reading_errors;
        found.errors.sum(errors);
        found.reliability.add(row);
        found.kinds.add(row);
    }
    found.ceiling.finish(before);
    found.errors.finish();
    found.reliability.finish();
    found
}

impl Display for Findings {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\n{}\n\n{}", self.ceiling, self.reliability, self.kinds)
    }
}
