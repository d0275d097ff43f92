//! Two systems on the same rows.

use serde::Serialize;

use super::bootstrap::{Unit, interval, relative};
use super::summary::{Options, Row, Summary, count, documents, summary, units};

/// How one system did beside another on the same rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Comparison {
    /// The first system: the outputs of the rows.
    pub first: Summary,
    /// The second.
    pub second: Summary,
    /// (errors of the first − errors of the second) / errors before: negative where the first is better.
    pub difference: Option<f64>,
    /// Its 95 % bootstrap interval, both systems on the same draws. Without 0, the difference is hardly chance.
    pub difference_interval: Option<[f64; 2]>,
    /// Rows where the first leaves fewer errors.
    pub rows_first_better: u64,
    /// Rows where the second does.
    pub rows_second_better: u64,
}

/// Compares the outputs of `rows` with those of another system, one for each row in order; the rows beyond the
/// shorter of the two are left out.
///
/// ```
/// use amend::evaluate::{Options, Row, compare};
/// let row = Row { observed: "tbe cot", intended: "the cat", output: "the cat", document: "" };
/// let comparison = compare(&[row], &["the cot"], &Options::default());
/// assert_eq!(comparison.difference, Some(-0.5));
/// ```
pub fn compare<S: AsRef<str>>(rows: &[Row], other: &[S], options: &Options) -> Comparison {
    let second: Vec<Row> =
        rows.iter().zip(other).map(|(row, other)| Row { output: other.as_ref(), ..*row }).collect();
    let rows = rows.get(..second.len()).unwrap_or(rows);
    let documents = documents(rows);
    let (first, second) = (count(rows), count(&second));
    let errors = || {
        first.iter().zip(&second).map(|(first, second)| Unit {
            before: first.errors_before,
            from: second.errors_after,
            to: first.errors_after,
        })
    };
    let total = errors().fold(Unit::default(), |sum, row| Unit {
        before: sum.before + row.before,
        from: sum.from + row.from,
        to: sum.to + row.to,
    });
    let (_, drawn) = units(&documents, errors());
    Comparison {
        difference: relative(total),
        difference_interval: interval(&drawn, options.resamples, options.seed),
        rows_first_better: errors().filter(|row| row.to < row.from).count() as u64,
        rows_second_better: errors().filter(|row| row.to > row.from).count() as u64,
        first: summary(&first, &documents, options),
        second: summary(&second, &documents, options),
    }
}
