//! Two systems on the same rows.

use serde::Serialize;

use super::bootstrap::{Unit, interval, relative};
use super::summary::{Documents, Options, Row, Summary, count, documents, summary, units};

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
    /// CER of the first − CER of the second.
    pub cer_difference: Option<f64>,
    /// Its 95 % bootstrap interval, on the same draws. It holds as well where few documents have errors before: the relative
    /// difference leaves out what it cannot divide by.
    pub cer_difference_interval: Option<[f64; 2]>,
    /// Harm of the first − harm of the second, of the right words: positive where the first breaks more.
    pub harm_difference: Option<f64>,
    /// Its 95 % bootstrap interval, on the same draws.
    pub harm_difference_interval: Option<[f64; 2]>,
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
    let characters =
        || first.iter().zip(errors()).map(|(row, errors)| Unit { before: row.characters, ..errors });
    let broken = || {
        first.iter().zip(&second).map(|(first, second)| Unit {
            before: first.right,
            from: second.broken,
            to: first.broken,
        })
    };
    let (difference, difference_interval) = drawn(&documents, errors, options);
    let (cer_difference, cer_difference_interval) = drawn(&documents, characters, options);
    let (harm_difference, harm_difference_interval) = drawn(&documents, broken, options);
    Comparison {
        difference,
        difference_interval,
        cer_difference,
        cer_difference_interval,
        harm_difference,
        harm_difference_interval,
        rows_first_better: errors().filter(|row| row.to < row.from).count() as u64,
        rows_second_better: errors().filter(|row| row.to > row.from).count() as u64,
        first: summary(&first, &documents, options),
        second: summary(&second, &documents, options),
    }
}

/// The difference over all rows, and its interval.
fn drawn<I: Iterator<Item = Unit>>(
    documents: &Documents,
    rows: impl Fn() -> I,
    options: &Options,
) -> (Option<f64>, Option<[f64; 2]>) {
    let total = rows().fold(Unit::default(), |sum, row| Unit {
        before: sum.before + row.before,
        from: sum.from + row.from,
        to: sum.to + row.to,
    });
    let (_, units) = units(documents, rows());
    (relative(total), interval(&units, options.resamples, options.seed))
}
