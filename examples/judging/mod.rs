//! What the examples share: rows read, models learned and judged, figures printed.

#![allow(dead_code, reason = "each example uses a part")]

use std::error::Error;
use std::path::Path;

use amend::corpus::{Rows, documents, read_paragraphs};
use amend::evaluate::{Options, Row, Summary, summarise};
use amend::{Corrector, Learner, Line, Pair};

pub(crate) type Failure = Box<dyn Error>;

/// What to learn from, the pairs to judge on, and where to draw: `--pairs TRAIN.tsv… [--text TEXT.txt…] DEV.tsv…`.
pub(crate) struct Input {
    /// Its pairs know of which file they are.
    pub(crate) learner: Learner,
    pub(crate) dev: Vec<Pair>,
    /// The file of the figure, if one is wanted.
    pub(crate) svg: Option<String>,
}

impl Input {
    pub(crate) fn of_arguments(example: &str) -> Result<Self, Failure> {
        // The seed of the command line, so that the figures are those of `amend learn`.
        let learner = Learner { seed: 1, ..Learner::default() };
        let mut input = Self { learner, dev: Vec::new(), svg: None };
        let (mut source, mut arguments) = (0, std::env::args().skip(1));
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} wants a value"));
            match argument.as_str() {
                "--pairs" => {
                    input.learner.pairs.extend(read(&value()?)?.into_iter().map(|p| Pair { source, ..p }));
                    source += 1;
                }
                "--text" => input.learner.texts.push(read_paragraphs(value()?.as_ref())?),
                "--svg" => input.svg = Some(value()?),
                "--seed" => input.learner.seed = value()?.parse()?,
                _ => input.dev.extend(read(&argument)?),
            }
        }
        if input.learner.pairs.is_empty() || input.dev.is_empty() {
            let usage = "--pairs TRAIN.tsv… [--text TEXT.txt…] [--seed N] DEV.tsv…";
            return Err(format!("usage: {example} {usage}").into());
        }
        Ok(input)
    }
}

pub(crate) fn read(path: impl AsRef<Path>) -> Result<Vec<Pair>, Failure> {
    Rows::open(path.as_ref())?.map(|row| Ok(row?.pair)).collect()
}

/// The intended sides as if they had been observed: text that is to be left alone.
pub(crate) fn right_text(pairs: &[Pair]) -> Vec<Pair> {
    pairs.iter().map(|p| Pair { observed: p.intended.clone(), evidence: None, ..p.clone() }).collect()
}

/// Lines of one document at a time, and what `correct` makes of each, in the order of the pairs.
pub(crate) fn by_document(
    pairs: &[Pair],
    correct: impl FnOnce(&[Vec<Line<'_>>]) -> Vec<Vec<String>>,
) -> Vec<String> {
    let groups = documents(pairs.iter().map(|p| p.document.as_str()));
    let lines: Vec<Vec<Line<'_>>> =
        groups.iter().map(|group| group.iter().map(|&k| Line::from(&pairs[k])).collect()).collect();
    let mut output = vec![String::new(); pairs.len()];
    for (k, text) in groups.into_iter().flatten().zip(correct(&lines).into_iter().flatten()) {
        output[k] = text;
    }
    output
}

/// What the corrector makes of each pair's observed side.
pub(crate) fn corrected(corrector: &Corrector, pairs: &[Pair]) -> Vec<String> {
    by_document(pairs, |documents| {
        let all = corrector.correct_all(documents).into_iter();
        all.map(|lines| lines.into_iter().map(|c| c.text().to_owned()).collect()).collect()
    })
}

pub(crate) fn judged(pairs: &[Pair], output: &[String]) -> Summary {
    let rows: Vec<Row<'_>> = pairs.iter().zip(output).map(|(pair, output)| Row::new(pair, output)).collect();
    summarise(&rows, &Options::default())
}

/// A share as so many per cent.
pub(crate) fn percent(share: Option<f64>) -> f64 {
    100.0 * share.unwrap_or(0.0)
}

/// Words broken of a thousand.
pub(crate) fn per_mille(share: Option<f64>) -> f64 {
    1000.0 * share.unwrap_or(0.0)
}

/// Heads of the columns that [`figures`] fills.
pub(crate) const HEADS: &str = "CER | change | 95 % | harm | repair | exact rows | of right text broken |";
pub(crate) const RULE: &str = "--:|--:|:-:|--:|--:|--:|--:|";

/// The figures of one row of a table: of the pairs, and of right text.
pub(crate) fn figures(dev: &Summary, right: &Summary) -> String {
    let [low, high] = dev.relative_change_interval.unwrap_or_default();
    format!(
        "{:.3} % | {:+.1} % | {:+.1} … {:+.1} | {:.2} % | {:.1} % | {} → {} | {:.2} ‰ |",
        percent(dev.cer_after),
        percent(dev.relative_change),
        100.0 * low,
        100.0 * high,
        percent(dev.harm),
        percent(dev.repair),
        dev.exact_rows_before,
        dev.exact_rows_after,
        per_mille(right.harm)
    )
}
