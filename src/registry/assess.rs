//! What speaks for and against a candidate on one set of rows.

use std::fmt;

use serde::Serialize;

use super::record::Figures;
use crate::evaluate::{Comparison, Options, Row, Summary, compare};
use crate::rules::{CERTAIN, wilson};

/// A candidate beside what it is compared with (the current model; for the first candidate, the uncorrected text) on one
/// set of rows. Rates are shares; differences are candidate − current, so that negative CER and harm are better.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Assessment {
    /// The file of pairs, "all", or "shadow".
    pub name: String,
    /// Rows judged.
    pub rows: u64,
    /// Documents that they come from.
    pub documents: u64,
    /// What was drawn for the intervals: "document", or "row" where there is one document only.
    pub unit: &'static str,
    /// What the candidate is compared with: "the current model", "what was shown", "uncorrected text".
    pub beside: &'static str,
    /// CER of the uncorrected text.
    pub cer_before: Option<f64>,
    /// CER of the current model; none for the first.
    pub cer_current: Option<f64>,
    /// CER of the candidate.
    pub cer_candidate: Option<f64>,
    /// CER of the candidate − CER of the current (for the first: of the uncorrected text).
    pub cer_change: Option<f64>,
    /// Its 95 % interval.
    pub cer_change_interval: Option<[f64; 2]>,
    /// Harm of the current model: right words broken; none for the first.
    pub harm_current: Option<f64>,
    /// Harm of the candidate.
    pub harm_candidate: Option<f64>,
    /// Difference of the two.
    pub harm_change: Option<f64>,
    /// Its 95 % interval.
    pub harm_change_interval: Option<[f64; 2]>,
    /// Right words of the uncorrected text.
    pub right_words: u64,
    /// Of these the candidate broke so many.
    pub broken_words: u64,
    /// Repair of the current model: wrong words mended; none for the first.
    pub repair_current: Option<f64>,
    /// Repair of the candidate.
    pub repair_candidate: Option<f64>,
    /// Rows where the candidate leaves fewer errors than the current.
    pub rows_better: u64,
    /// Rows where it leaves more.
    pub rows_worse: u64,
    /// What speaks against the candidate; empty: nothing.
    pub faults: Vec<Fault>,
}

/// Why a candidate is refused. Displays as a reason; rates are shares of the characters, or of the right words.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// It leaves more errors.
    MoreErrors {
        /// Difference of CER.
        change: f64,
    },
    /// The interval leaves room for more errors than are tolerated.
    Unsure {
        /// Upper end of the interval of the difference of CER.
        upper: f64,
        /// What is tolerated.
        tolerance: f64,
    },
    /// In one of several files it surely leaves more errors, and more than are tolerated.
    WorseHere {
        /// Difference of CER.
        change: f64,
        /// What is tolerated.
        tolerance: f64,
    },
    /// It breaks more right words than the limit lets it.
    OverLimit {
        /// Its harm.
        harm: f64,
        /// The limit.
        limit: f64,
    },
    /// It surely breaks more than the current one, and nothing shows that this pays.
    MoreHarm {
        /// Lower end of the interval of the difference.
        lower: f64,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let p = |share: f64| 100.0 * share;
        match *self {
            Self::MoreErrors { change } => write!(f, "it leaves more errors (CER {:+.3} %)", p(change)),
            Self::Unsure { upper, tolerance } => write!(
                f,
                "it may leave more errors (CER up to {:+.3} %; {:+.3} % is tolerated): judge on more documents",
                p(upper),
                p(tolerance)
            ),
            Self::WorseHere { change, tolerance } => write!(
                f,
                "it surely leaves more errors here (CER {:+.3} %; {:+.3} % is tolerated)",
                p(change),
                p(tolerance)
            ),
            Self::OverLimit { harm, limit } => {
                write!(f, "its harm of {:.3} % is over the limit of {:.3} %", p(harm), p(limit))
            }
            Self::MoreHarm { lower } => write!(
                f,
                "it surely breaks more right words (by {:.3} % or more), and surely fewer errors do not make up for it",
                p(lower)
            ),
        }
    }
}

/// What the candidate and the current one made of the rows; `None` for the first candidate.
pub(super) struct Outputs<'a> {
    /// With the candidate's outputs.
    pub(super) rows: Vec<Row<'a>>,
    /// Those of the current one, a text a row.
    pub(super) current: Option<Vec<&'a str>>,
}

/// Takes the figures; no fault is looked for yet.
pub(super) fn assess(name: &str, outputs: &Outputs<'_>, options: &Options) -> Assessment {
    let observed = || outputs.rows.iter().map(|row| row.observed).collect();
    let others: Vec<&str> = outputs.current.clone().unwrap_or_else(observed);
    let comparison = compare(&outputs.rows, &others, options);
    let Comparison { first, second, .. } = &comparison;
    let of_current = |rate: fn(&Summary) -> Option<f64>| outputs.current.as_ref().and_then(|_| rate(second));
    Assessment {
        name: name.to_owned(),
        rows: first.rows,
        documents: first.documents,
        unit: first.bootstrap_unit,
        beside: if outputs.current.is_some() { "the current model" } else { "uncorrected text" },
        cer_before: first.cer_before,
        cer_current: of_current(|s| s.cer_after),
        cer_candidate: first.cer_after,
        cer_change: comparison.cer_difference,
        cer_change_interval: comparison.cer_difference_interval,
        harm_current: of_current(|s| s.harm),
        harm_candidate: first.harm,
        harm_change: comparison.harm_difference,
        harm_change_interval: comparison.harm_difference_interval,
        right_words: first.right_words,
        broken_words: first.broken_words,
        repair_current: of_current(|s| s.repair),
        repair_candidate: first.repair,
        rows_better: comparison.rows_first_better,
        rows_worse: comparison.rows_second_better,
        faults: Vec::new(),
    }
}

/// What is asked of a candidate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bar {
    /// How much more CER is tolerated.
    pub(super) tolerance: f64,
    /// Most harm, of the right words.
    pub(super) harm_limit: f64,
    /// Whether there is a current model to be compared with.
    pub(super) second: bool,
}

impl Assessment {
    /// Whether there was anything to mend.
    pub(super) fn has_errors(&self) -> bool {
        self.cer_before.is_some_and(|cer| cer > 0.0)
    }

    /// Whether the candidate surely leaves fewer errors.
    pub(super) fn is_surely_better(&self) -> bool {
        self.cer_change_interval.is_some_and(|[_, upper]| upper < 0.0)
    }

    /// The faults over all rows together: the candidate has to show that it is not worse.
    pub(super) fn judge_whole(&mut self, bar: Bar) {
        let Bar { tolerance, harm_limit: limit, .. } = bar;
        match (self.cer_change, self.cer_change_interval) {
            (Some(change), _) if change > 0.0 => self.faults.push(Fault::MoreErrors { change }),
            (_, Some([_, upper])) if upper > tolerance => {
                self.faults.push(Fault::Unsure { upper, tolerance });
            }
            _ => {}
        }
        if let Some(harm) = self.harm_candidate.filter(|&harm| harm > limit) {
            self.faults.push(Fault::OverLimit { harm, limit });
        }
        self.judge_harm(bar, self.is_surely_better());
    }

    /// The faults in one file of several: rows are few, so that only what is sure counts.
    pub(super) fn judge_part(&mut self, bar: Bar, better: bool) {
        let Bar { tolerance, harm_limit: limit, .. } = bar;
        let sure = self.cer_change_interval.is_some_and(|[lower, _]| lower > 0.0);
        if let Some(change) = self.cer_change.filter(|&change| sure && change > tolerance) {
            self.faults.push(Fault::WorseHere { change, tolerance });
        }
        if let Some(harm) = self.harm_candidate
            && wilson(self.broken_words, self.right_words, CERTAIN)[0] > limit
        {
            self.faults.push(Fault::OverLimit { harm, limit });
        }
        self.judge_harm(bar, better);
    }

    fn judge_harm(&mut self, bar: Bar, better: bool) {
        let lower = self.harm_change_interval.map(|[lower, _]| lower);
        if let Some(lower) = lower.filter(|&lower| lower > 0.0 && bar.second && !better) {
            self.faults.push(Fault::MoreHarm { lower });
        }
    }

    /// As the history keeps it.
    pub(super) fn figures(&self) -> Figures {
        let ends = self.cer_change_interval;
        Figures {
            rows: Some(self.rows),
            documents: Some(self.documents),
            cer_before: self.cer_before,
            cer_current: self.cer_current,
            cer_candidate: self.cer_candidate,
            cer_change: self.cer_change,
            cer_change_low: ends.map(|[low, _]| low),
            cer_change_high: ends.map(|[_, high]| high),
            harm_current: self.harm_current,
            harm_candidate: self.harm_candidate,
            repair_current: self.repair_current,
            repair_candidate: self.repair_candidate,
        }
    }
}
