//! A candidate in shadow: it proposes beside the model whose proposals are shown, and nobody sees its own.

use super::assess::{Assessment, Bar, Outputs, assess};
use super::error::RegistryError;
use super::gate::{Gate, decimal};
use crate::evaluate::Row;
use crate::guard::HARM_LIMIT;

/// One text that both models proposed for, and what the user left standing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept<'a> {
    /// What the recogniser, or the typist, gave.
    pub observed: &'a str,
    /// What was shown to the user: the current model's proposal, or the observed text where it had none.
    pub shown: &'a str,
    /// What the candidate would have shown.
    pub shadow: &'a str,
    /// What the user left standing.
    pub kept: &'a str,
    /// What it was read together with; empty where unknown.
    pub document: &'a str,
}

/// The candidate beside the model that was shown, judged by what people kept; `faults` are those of [`Gate`] over all rows,
/// with `harm_limit` (half a per cent where it is `None`).
///
/// **What was shown has the advantage**: people let stand what they see. An error that only the candidate would have mended,
/// and that the user overlooked, counts as harm of the candidate. So a shadow without faults has earned its place; one with faults
/// may still pass a gate on pairs whose intended side nobody proposed.
///
/// ```
/// use amend::registry::{Gate, Kept, shadow};
///
/// let row = |shown, shadow, document| Kept { observed: "tbe cat", shown, shadow, kept: "the cat", document };
/// let rows = [row("tbe cat", "the cat", "a"), row("tbe cat", "the cat", "b"), row("the cat", "the cat", "c")];
/// let found = shadow(rows, &Gate::default())?;
/// assert_eq!((found.rows_better, found.rows_worse, found.faults.len()), (2, 0, 0));
/// assert_eq!((found.repair_current, found.repair_candidate), (Some(1.0 / 3.0), Some(1.0)));
/// # Ok::<(), amend::registry::RegistryError>(())
/// ```
///
/// # Errors
/// [`RegistryError::NothingToJudge`] where people changed nothing, or there are fewer than two rows.
pub fn shadow<'a>(
    rows: impl IntoIterator<Item = Kept<'a>>,
    gate: &Gate,
) -> Result<Assessment, RegistryError> {
    let rows: Vec<Kept<'a>> = rows.into_iter().collect();
    let judged = rows.iter().map(|row| Row {
        observed: row.observed,
        intended: row.kept,
        output: row.shadow,
        document: row.document,
    });
    let outputs =
        Outputs { rows: judged.collect(), current: Some(rows.iter().map(|row| row.shown).collect()) };
    let mut found = assess("shadow", &outputs, &gate.options);
    if found.cer_change_interval.is_none() || !found.has_errors() {
        let what =
            if rows.len() < 2 { "fewer than two rows" } else { "people left every text as it was read" };
        return Err(RegistryError::NothingToJudge { what });
    }
    let harm_limit = decimal(gate.harm_limit.unwrap_or(HARM_LIMIT));
    let tolerance = gate.tolerance * found.cer_before.unwrap_or(0.0);
    found.judge_whole(Bar { tolerance, harm_limit, second: true });
    Ok(found)
}
