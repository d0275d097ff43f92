//! What the benches share: the committed samples, and a model learned from them.

#![allow(dead_code, reason = "each bench uses a part")]

use amend::corpus::Rows;
use amend::evaluate::{Options, Row, Summary, summarise};
use amend::model::Settings;
use amend::{Learner, Line, Pair};

/// Right text.
pub(crate) const CLEAN: &str = include_str!("../../data/samples/clean.txt");
const LETTER: &str = include_str!("../../data/samples/letter.tsv");
const COLUMN: &str = include_str!("../../data/samples/column.tsv");
const FEEDBACK: &str = include_str!("../../data/samples/feedback.tsv");

/// The lines of a real page: a newspaper-like column as Tesseract read it.
pub(crate) fn column() -> Vec<Pair> {
    pairs(COLUMN)
}

/// All pairs of the samples.
pub(crate) fn all() -> Vec<Pair> {
    [LETTER, COLUMN, FEEDBACK].into_iter().flat_map(pairs).collect()
}

fn pairs(text: &str) -> Vec<Pair> {
    Rows::new(text.as_bytes(), "samples").map(|row| row.expect("a sound row").pair).collect()
}

/// A learner of the samples: `times` over, so that a few hundred rows give the guard something to learn from.
pub(crate) fn learner(times: usize, settings: Settings) -> Learner {
    let again = |n: usize| {
        all().into_iter().map(move |pair| Pair { document: format!("{} {n}", pair.document), ..pair })
    };
    Learner {
        pairs: (0..times).flat_map(again).collect(),
        texts: vec![CLEAN.to_owned()],
        settings: Some(settings),
        ..Learner::default()
    }
}

/// What the pairs' lines are, to be corrected.
pub(crate) fn lines(pairs: &[Pair]) -> Vec<Line<'_>> {
    pairs.iter().map(Line::from).collect()
}

/// Bytes to be read.
pub(crate) fn bytes(lines: &[Line<'_>]) -> u64 {
    lines.iter().map(|line| line.text.len() as u64).sum()
}

/// How good `output` is.
pub(crate) fn judge(pairs: &[Pair], output: &[String]) -> Summary {
    let rows: Vec<Row<'_>> = pairs.iter().zip(output).map(|(pair, output)| Row::new(pair, output)).collect();
    summarise(&rows, &Options { resamples: 1, ..Options::default() })
}
