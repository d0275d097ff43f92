//! Whether confidence means what it says, and what became of each kind of change.

use std::fmt::{Display, Formatter};

use serde::Serialize;

use super::report::percent;
use super::row::{Judged, Trial};
use crate::correct::{Decision, Verdict};
use crate::guard::Kind;

/// Confidences beside what came true. A change is right if it alone lowers the errors of its row.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reliability {
    /// Of all proposals that the guard judged.
    pub judged: Curve,
    /// Of the edits that were made, whatever made them.
    pub made: Curve,
}

/// Confidences beside shares of right ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Curve {
    /// Σ n/N |mean confidence − share right| over the bins, in points (hundredths): the expected calibration error
    /// of Naeini, Cooper & Hauskrecht 2015, "Obtaining well calibrated probabilities using Bayesian binning".
    pub error_points: Option<f64>,
    /// What a guard whose confidences hold exactly would show of it by chance, points: Σ √(2v/π)/N over the bins, v the
    /// sum of p(1 − p) in a bin (the mean distance of a normal variable from its mean).
    pub chance_points: Option<f64>,
    /// All bins together.
    pub total: Bin,
    /// Ten, of equal width; an upper end belongs to the next, 1 to the last.
    pub bins: [Bin; BINS],
}

/// Changes of about the same confidence.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Bin {
    /// How many.
    pub number: u64,
    /// Of those, right ones.
    pub right: u64,
    /// Their mean confidence, 0–1.
    pub mean_confidence: Option<f64>,
    /// Share of right ones, 0–1.
    pub share_right: Option<f64>,
    #[serde(skip)]
    sum: f64,
    #[serde(skip)]
    variance: f64,
}

const BINS: usize = 10;

impl Reliability {
    pub(super) fn add(&mut self, row: &Judged<'_>) {
        for (decision, trial) in row.decisions.iter().zip(&row.trials) {
            if let Some(confidence) = decision.verdict.confidence() {
                self.judged.add(confidence, trial.is_right());
            }
        }
        for (edit, trial) in row.edits.iter().zip(&row.made) {
            self.made.add(edit.confidence, trial.is_right());
        }
    }

    pub(super) fn finish(&mut self) {
        self.judged.finish();
        self.made.finish();
    }
}

impl Curve {
    fn add(&mut self, confidence: f32, right: bool) {
        // The ends in the arithmetic of the confidences, so that 0.3 lies where one expects it.
        let at = (1..BINS).filter(|&k| confidence >= k as f32 / BINS as f32).count();
        for bin in [&mut self.bins[at], &mut self.total] {
            bin.number += 1;
            bin.right += u64::from(right);
            bin.sum += f64::from(confidence);
            bin.variance += f64::from(confidence) * (1.0 - f64::from(confidence));
        }
    }

    fn finish(&mut self) {
        for bin in self.bins.iter_mut().chain([&mut self.total]) {
            let share = |part: f64| (bin.number > 0).then(|| part / bin.number as f64);
            (bin.mean_confidence, bin.share_right) = (share(bin.sum), share(bin.right as f64));
        }
        let off: f64 = self.bins.iter().map(|bin| (bin.sum - bin.right as f64).abs()).sum();
        let chance: f64 =
            self.bins.iter().map(|bin| (bin.variance * std::f64::consts::FRAC_2_PI).sqrt()).sum();
        let points = |sum: f64| (self.total.number > 0).then(|| 100.0 * sum / self.total.number as f64);
        (self.error_points, self.chance_points) = (points(off), points(chance));
    }
}

/// What became of the changes of one kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct KindFigures {
    /// The kind.
    pub kind: &'static str,
    /// Edits made.
    pub made: u64,
    /// Of those, the ones that alone lower the errors of their row.
    pub right: u64,
    /// The others.
    pub wrong: u64,
    /// Letters mended less letters spoilt, over the edits made.
    pub mended_letters: i64,
    /// Right words broken, over the edits made, each taken alone.
    pub broken_words: u64,
    /// Right proposals that the guard refused where nothing else was made.
    pub missed: u64,
    /// Letters that those would have mended.
    pub missed_letters: i64,
}

/// One row for each kind, in their order.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Kinds(pub [KindFigures; Kind::COUNT]);

impl Default for Kinds {
    fn default() -> Self {
        Self(Kind::ALL.map(|kind| KindFigures { kind: kind.name(), ..KindFigures::default() }))
    }
}

impl Kinds {
    pub(super) fn add(&mut self, row: &Judged<'_>) {
        for (edit, trial) in row.edits.iter().zip(&row.made) {
            // What the search proposed has its kind, which its words' being known belongs to.
            let is_it = |d: &&Decision| d.proposal.span == edit.span && d.proposal.intended == edit.intended;
            let kind = row.decisions.iter().find(is_it).map(|d| d.proposal.kind);
            let kind = kind.unwrap_or_else(|| Kind::of(edit.span.of(row.line.text), &edit.intended));
            let own = &mut self.0[kind.index()];
            own.made += 1;
            own.right += u64::from(trial.is_right());
            own.wrong += u64::from(!trial.is_right());
            own.mended_letters += trial.gain;
            own.broken_words += trial.broken;
        }
        let mut trials = row.trials.as_slice();
        for place in row.places() {
            let (own, rest) = trials.split_at(place.len().min(trials.len()));
            trials = rest;
            if place.iter().any(|d| matches!(d.verdict, Verdict::Made(_))) {
                continue;
            }
            let refused = |k: &usize| matches!(place[*k].verdict, Verdict::Refused(_)) && own[*k].is_right();
            // Of the whole and its remainder the better one, of equals the whole.
            let best = (0..own.len()).filter(refused).rev().max_by_key(|&k| own[k].gain);
            if let Some(best) = best {
                let kind = &mut self.0[place[best].proposal.kind.index()];
                kind.missed += 1;
                kind.missed_letters += own[best].gain;
            }
        }
    }
}

impl Trial {
    fn is_right(&self) -> bool {
        self.gain > 0
    }
}

impl Display for Reliability {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let points = |points: Option<f64>| points.map_or("n/a".to_owned(), |p| format!("{p:.2}"));
        for (name, curve) in [("what was judged", &self.judged), ("what was made", &self.made)] {
            let (off, chance) = (points(curve.error_points), points(curve.chance_points));
            writeln!(f, "reliability      {off} points off in {name}   (by chance alone: {chance})")?;
        }
        writeln!(f, "\nconfidence       judged       mean      right       made       mean      right")?;
        for (at, (judged, made)) in self.judged.bins.iter().zip(&self.made.bins).enumerate() {
            let name = format!("{:>2}–{} %", 10 * at, 10 * (at + 1));
            writeln!(f, "{name:<14}{judged}{made}")?;
        }
        write!(f, "{:<14}{}{}", "all", self.judged.total, self.made.total)
    }
}

impl Display for Bin {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let (mean, right) = (percent(self.mean_confidence, 1), percent(self.share_right, 1));
        write!(f, "{:>9}{mean:>11}{right:>11}", self.number)
    }
}

impl Display for Kinds {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "kind of change     made    right    wrong   mended   broken   missed   mended")?;
        write!(f, "\n                  edits                    letters    words    edits  letters")?;
        for kind in &self.0 {
            let KindFigures { made, right, wrong, mended_letters, broken_words, .. } = kind;
            write!(f, "\n{:<14}{made:>9}{right:>9}{wrong:>9}", kind.kind)?;
            write!(f, "{mended_letters:>9}{broken_words:>9}{:>9}{:>9}", kind.missed, kind.missed_letters)?;
        }
        Ok(())
    }
}
