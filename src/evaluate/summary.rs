//! The figures of many rows.

use hashbrown::HashMap;
use rayon::prelude::*;
use serde::Serialize;

use super::bootstrap::{Unit, interval, relative};
use super::counts::Counts;
use crate::corpus::Pair;

/// One text with what should have come out, and what did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row<'a> {
    /// The text given to the corrector.
    pub observed: &'a str,
    /// What is really meant.
    pub intended: &'a str,
    /// What the corrector made of it.
    pub output: &'a str,
    /// What it was read together with; where that is unknown (empty), the row stands for itself.
    pub document: &'a str,
}

impl<'a> Row<'a> {
    /// A pair and what the corrector made of it.
    pub fn new(pair: &'a Pair, output: &'a str) -> Self {
        Self { observed: &pair.observed, intended: &pair.intended, output, document: &pair.document }
    }
}

/// How the interval is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many times documents are drawn anew.
    pub resamples: usize,
    /// Start of the pseudo-random numbers.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { resamples: 1000, seed: 1 }
    }
}

/// How a corrector did on many rows. Rates are shares (0.01 is one per cent), changes are negative where things
/// got better, `None` stands where there is nothing to divide by.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Rows judged.
    pub rows: u64,
    /// Documents that they come from.
    pub documents: u64,
    /// Code points intended.
    pub characters: u64,
    /// Words intended.
    pub words: u64,
    /// Sum of Levenshtein distances, observed to intended.
    pub errors_before: u64,
    /// Sum of Levenshtein distances, output to intended.
    pub errors_after: u64,
    /// Micro CER of the observed text: errors over characters.
    pub cer_before: Option<f64>,
    /// Micro CER of the output.
    pub cer_after: Option<f64>,
    /// (errors after − errors before) / errors before.
    pub relative_change: Option<f64>,
    /// Its 95 % bootstrap interval.
    pub relative_change_interval: Option<[f64; 2]>,
    /// What was drawn for the interval: "document", or "row" where there is one document only.
    pub bootstrap_unit: &'static str,
    /// Mean over rows of errors / max(1, characters), observed.
    pub mean_row_cer_before: Option<f64>,
    /// The same of the output.
    pub mean_row_cer_after: Option<f64>,
    /// Difference of the two.
    pub mean_row_cer_change: Option<f64>,
    /// Word errors over words, observed.
    pub wer_before: Option<f64>,
    /// Word errors over words, output.
    pub wer_after: Option<f64>,
    /// Intended words that the observed text had right.
    pub right_words: u64,
    /// Of those, the ones that the output lost.
    pub broken_words: u64,
    /// Broken over right words.
    pub harm: Option<f64>,
    /// Intended words that the observed text had not right.
    pub wrong_words: u64,
    /// Of those, the ones that the output has right.
    pub mended_words: u64,
    /// Mended over wrong words.
    pub repair: Option<f64>,
    /// Intended words where each grapheme of a script without spaces is one; as many as words where there are none.
    pub units: u64,
    /// Of those, the ones that the observed text had right.
    pub right_units: u64,
    /// Of those, the ones that the output lost.
    pub broken_units: u64,
    /// Broken over right ones.
    pub unit_harm: Option<f64>,
    /// Words of the observed text without an intended one.
    pub surplus_words_before: u64,
    /// Words of the output without an intended one.
    pub surplus_words_after: u64,
    /// Rows observed as intended.
    pub exact_rows_before: u64,
    /// Rows put out as intended.
    pub exact_rows_after: u64,
    /// Rows put out other than observed.
    pub rows_changed: u64,
    /// Rows with fewer errors than before.
    pub rows_better: u64,
    /// Rows with more errors than before.
    pub rows_worse: u64,
    /// Rows observed as intended.
    pub clean_rows: u64,
    /// Of those, the ones put out otherwise.
    pub clean_rows_broken: u64,
    /// Rows that had errors.
    pub rows_with_errors: u64,
    /// Over the rows that had errors, the mean of (before − after) / before; positive is better. The "CER
    /// reduction" of the BLN600 papers: short rows weigh as much as long ones.
    pub mean_row_reduction: Option<f64>,
    /// Its median.
    pub median_row_reduction: Option<f64>,
    /// The document whose CER rose most (or fell least).
    pub worst_document: Option<Document>,
    /// Rows by their CER before.
    pub bands: Vec<Band>,
}

/// What became of one document.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Document {
    /// Its name; `row` and a number, from 1, where it has none.
    pub document: String,
    /// Code points intended.
    pub characters: u64,
    /// Errors as observed.
    pub errors_before: u64,
    /// Errors as put out.
    pub errors_after: u64,
    /// (errors after − errors before) / max(1, characters).
    pub cer_change: f64,
}

/// What became of the rows that were about as bad.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Band {
    /// The rows had a CER of more than this many per cent (the first band: from 0) …
    pub above_percent: u64,
    /// … and at most this many; `None`: no upper end.
    pub up_to_percent: Option<u64>,
    /// Rows of the band.
    pub rows: u64,
    /// Their intended code points.
    pub characters: u64,
    /// Their errors as observed.
    pub errors_before: u64,
    /// Their errors as put out.
    pub errors_after: u64,
    /// (errors after − errors before) / errors before.
    pub relative_change: Option<f64>,
}

const BAND_ENDS: [u64; 5] = [2, 5, 10, 20, 30];

/// The figures of `rows`. Rows are judged in parallel; sums are taken in their order.
pub fn summarise(rows: &[Row], options: &Options) -> Summary {
    summary(&count(rows), &documents(rows), options)
}

/// The counts of each row.
pub(super) fn count(rows: &[Row]) -> Vec<Counts> {
    rows.par_iter().map(|row| Counts::of(row.observed, row.intended, row.output)).collect()
}

/// The names of the documents in order of first appearance, and the document of each row.
pub(super) struct Documents {
    pub(super) names: Vec<String>,
    pub(super) of_row: Vec<usize>,
}

pub(super) fn documents(rows: &[Row]) -> Documents {
    let mut numbers = HashMap::new();
    let mut names = Vec::new();
    let of_row = rows.iter().enumerate().map(|(at, row)| {
        let name = if row.document.is_empty() { format!("row {}", at + 1) } else { row.document.to_owned() };
        *numbers.entry(name).or_insert_with_key(|name| {
            names.push(name.clone());
            names.len() - 1
        })
    });
    let of_row = of_row.collect();
    Documents { names, of_row }
}

/// The units that are drawn: documents, or rows where there is one document only; `errors` gives those of a row.
pub(super) fn units(documents: &Documents, errors: impl Iterator<Item = Unit>) -> (&'static str, Vec<Unit>) {
    if documents.names.len() < 2 {
        return ("row", errors.collect());
    }
    let mut units = vec![Unit::default(); documents.names.len()];
    for (document, errors) in documents.of_row.iter().zip(errors) {
        units[*document].before += errors.before;
        units[*document].from += errors.from;
        units[*document].to += errors.to;
    }
    ("document", units)
}

pub(super) fn summary(rows: &[Counts], documents: &Documents, options: &Options) -> Summary {
    let total = rows.iter().fold(Counts::default(), |mut total, row| {
        total.add(row);
        total
    });
    let (bootstrap_unit, units) = units(documents, rows.iter().map(unit));
    let mean_row_cer_before = mean(rows.iter().map(|row| row_rate(row, row.errors_before)));
    let mean_row_cer_after = mean(rows.iter().map(|row| row_rate(row, row.errors_after)));
    let reductions: Vec<f64> =
        rows.iter().filter_map(|row| relative(unit(row))).map(|change| 0.0 - change).collect();
    Summary {
        rows: rows.len() as u64,
        documents: documents.names.len() as u64,
        characters: total.characters,
        words: total.words,
        errors_before: total.errors_before,
        errors_after: total.errors_after,
        cer_before: ratio(total.errors_before, total.characters),
        cer_after: ratio(total.errors_after, total.characters),
        relative_change: relative(unit(&total)),
        relative_change_interval: interval(&units, options.resamples, options.seed),
        bootstrap_unit,
        mean_row_cer_before,
        mean_row_cer_after,
        mean_row_cer_change: mean_row_cer_after
            .zip(mean_row_cer_before)
            .map(|(after, before)| after - before),
        wer_before: ratio(total.word_errors_before, total.words),
        wer_after: ratio(total.word_errors_after, total.words),
        right_words: total.right,
        broken_words: total.broken,
        harm: ratio(total.broken, total.right),
        wrong_words: total.wrong,
        mended_words: total.mended,
        repair: ratio(total.mended, total.wrong),
        units: total.units,
        right_units: total.right_units,
        broken_units: total.broken_units,
        unit_harm: ratio(total.broken_units, total.right_units),
        surplus_words_before: total.surplus_before,
        surplus_words_after: total.surplus_after,
        exact_rows_before: total.exact_before,
        exact_rows_after: total.exact_after,
        rows_changed: total.changed,
        rows_better: total.better,
        rows_worse: total.worse,
        clean_rows: total.exact_before,
        clean_rows_broken: total.clean_broken,
        rows_with_errors: reductions.len() as u64,
        mean_row_reduction: mean(reductions.iter().copied()),
        median_row_reduction: median(reductions),
        worst_document: worst(rows, documents),
        bands: bands(rows),
    }
}

/// The errors of a row as the unit of its relative change.
fn unit(row: &Counts) -> Unit {
    Unit { before: row.errors_before, from: row.errors_before, to: row.errors_after }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn row_rate(row: &Counts, errors: u64) -> f64 {
    errors as f64 / row.characters.max(1) as f64
}

/// One sum from first to last, as `sum` of Python up to 3.11 takes it.
fn mean(values: impl ExactSizeIterator<Item = f64>) -> Option<f64> {
    let count = values.len();
    (count > 0).then(|| values.fold(0.0, |sum, value| sum + value) / count as f64)
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let lower = *values.get(values.len().checked_sub(1)? / 2)?;
    Some(lower + (upper - lower) / 2.0)
}

/// The document of the greatest change of CER; the first of equals.
fn worst(rows: &[Counts], documents: &Documents) -> Option<Document> {
    let mut sums = vec![Counts::default(); documents.names.len()];
    for (row, document) in rows.iter().zip(&documents.of_row) {
        sums[*document].add(row);
    }
    let change = |sum: &Counts| row_rate(sum, sum.errors_after) - row_rate(sum, sum.errors_before);
    let worst = |best: usize, at: usize| if change(&sums[at]) > change(&sums[best]) { at } else { best };
    let at = (0..sums.len()).reduce(worst)?;
    Some(Document {
        document: documents.names[at].clone(),
        characters: sums[at].characters,
        errors_before: sums[at].errors_before,
        errors_after: sums[at].errors_after,
        cer_change: change(&sums[at]),
    })
}

fn bands(rows: &[Counts]) -> Vec<Band> {
    let mut bands: Vec<Band> = std::iter::once(0)
        .chain(BAND_ENDS)
        .zip(BAND_ENDS.into_iter().map(Some).chain([None]))
        .map(|(above_percent, up_to_percent)| Band { above_percent, up_to_percent, ..Band::default() })
        .collect();
    for row in rows {
        let at =
            BAND_ENDS.iter().filter(|end| 100 * row.errors_before > *end * row.characters.max(1)).count();
        bands[at].rows += 1;
        bands[at].characters += row.characters;
        bands[at].errors_before += row.errors_before;
        bands[at].errors_after += row.errors_after;
    }
    for band in &mut bands {
        let (before, to) = (band.errors_before, band.errors_after);
        band.relative_change = relative(Unit { before, from: before, to });
    }
    bands
}
