//! Training the guard on cross-fitted decodes.

use rayon::prelude::*;

use super::trade::{Outcome, Totals, trade};
use crate::classify::{Calibration, Options, Rows, cross_fit, train};
use crate::corpus::{Line, Pair, documents};
use crate::correct::allowed;
use crate::evaluate::Counts;
use crate::guard::{COUNT, Guard, Home, Profile, Survey, Surveyor, features, without_evidence};
use crate::model::{Beam, Knowledge, Model, ModelError};

/// One proposed change and what would have come of it.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    row: [f32; COUNT],
    /// Its confidence is not known yet.
    outcome: Outcome,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Samples {
    pub(super) all: Vec<Sample>,
    pub(super) totals: Totals,
    profiles: Vec<Profile>,
}

/// What a document gave.
struct Found {
    samples: Vec<Sample>,
    totals: Totals,
    readings: Vec<String>,
    profile: Profile,
}

/// Lines that are listened to together.
const LISTENED: usize = 64;
/// Folds of the guard's own cross-validation.
const FOLDS: usize = 5;

impl Samples {
    /// Searches documents with a model that never saw them, as they were observed and once more as they should be.
    /// Gives the search's own reading of each observed text.
    pub(super) fn gather(&mut self, model: &Model, pairs: &[&Pair]) -> Result<Vec<String>, ModelError> {
        let knowledge = model.knowledge()?;
        let beam = model.metadata().settings.beam;
        let groups = documents(pairs.iter().map(|p| p.document.as_str()));
        let jobs: Vec<(usize, &Vec<usize>, bool)> = groups
            .iter()
            .enumerate()
            .flat_map(|(at, group)| [(at, group, false), (at, group, true)])
            .collect();
        // Of few documents each is cut into stretches: what is in one document would else be all in one fold.
        let few = groups.len() < FOLDS;
        let found: Vec<Found> = jobs
            .par_iter()
            .map_init(Surveyor::default, |surveyor, &(at, group, clean)| {
                let rows: Vec<&Pair> = group.iter().map(|&k| pairs[k]).collect();
                document(surveyor, &knowledge, &beam, &rows, clean, (!few).then_some(at % FOLDS))
            })
            .collect();
        let mut readings = vec![String::new(); pairs.len()];
        for (found, (_, group, clean)) in found.into_iter().zip(jobs) {
            self.all.extend(found.samples);
            self.totals.errors += found.totals.errors;
            self.totals.right += found.totals.right;
            self.totals.clean_right += found.totals.clean_right;
            if !clean {
                self.profiles.push(found.profile);
                for (&k, reading) in group.iter().zip(found.readings) {
                    readings[k] = reading;
                }
            }
        }
        Ok(readings)
    }

    /// Listens to documents as they were observed and as they should be: the shares of surprising tokens in both.
    pub(super) fn noise(model: &Model, pairs: &[&Pair]) -> Result<(f32, f32), ModelError> {
        let knowledge = model.knowledge()?;
        let mut surveyor = Surveyor::default();
        let mut share = |side: fn(&Pair) -> &str| {
            let lines: Vec<Line<'_>> = pairs.iter().map(|p| Line::new(side(p))).collect();
            let sums = lines.chunks(LISTENED).map(|chunk| surveyor.surprise(&knowledge, chunk));
            let (surprising, tokens) = sums.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
            surprising as f32 / tokens.max(1) as f32
        };
        Ok((share(|p| &p.intended), share(|p| &p.observed)))
    }

    /// Grows the trees, calibrates them out of fold, and measures the trade between gain and harm. `limit` is the
    /// harm that the model will take where nobody asks for another.
    pub(super) fn guard(&self, limit: Option<f32>) -> Guard {
        // A row with the recogniser's confidence is learned from once more without it, or the trees would not
        // know what to do where nobody gives one.
        let mut rows = Rows::new(COUNT);
        let mut owners = Vec::new();
        for (at, sample) in self.all.iter().enumerate() {
            rows.push(&sample.row);
            owners.push(at);
        }
        for (at, sample) in self.all.iter().enumerate() {
            if let Some(blind) = without_evidence(&sample.row) {
                rows.push(&blind);
                owners.push(at);
            }
        }
        let labels: Vec<bool> = owners.iter().map(|&at| self.all[at].outcome.gain > 0).collect();
        let weights = vec![1.0; labels.len()];
        let folds: Vec<usize> = owners.iter().map(|&at| self.all[at].outcome.fold).collect();
        let options = Options::default();
        let margins = cross_fit(&rows, &labels, &weights, &folds, &options);
        let calibration = Calibration::fit(&margins, &labels, &weights);
        let outcome = |(sample, &margin): (&Sample, &f32)| Outcome {
            confidence: calibration.probability(margin),
            ..sample.outcome
        };
        let outcomes: Vec<Outcome> = self.all.iter().zip(&margins).map(outcome).collect();
        let forest = train(&rows, &labels, &weights, &options).calibrated(calibration);
        Guard { forest, thresholds: trade(&outcomes, &self.totals, limit), home: Home::learn(&self.profiles) }
    }
}

fn document(
    surveyor: &mut Surveyor,
    knowledge: &Knowledge<'_>,
    beam: &Beam,
    rows: &[&Pair],
    clean: bool,
    fold: Option<usize>,
) -> Found {
    let lines: Vec<Line<'_>> =
        rows.iter()
            .map(|&p| {
                if clean {
                    Line { text: &p.intended, evidence: None, ..Line::from(p) }
                } else {
                    Line::from(p)
                }
            })
            .collect();
    let survey = surveyor.survey(knowledge, beam, &lines);
    let mut totals = Totals::default();
    for (pair, line) in rows.iter().zip(&lines) {
        let counts = Counts::of(line.text, &pair.intended, line.text);
        if clean {
            totals.clean_right += counts.words;
        } else {
            totals.errors += counts.errors_before;
            totals.right += counts.right;
        }
    }
    let samples = (0..survey.proposals.len())
        .filter_map(|at| sample(knowledge, &survey, &lines, rows, at, clean, fold))
        .collect();
    let readings = (0..lines.len()).map(|at| survey.reading(&lines, at)).collect();
    Found { samples, totals, readings, profile: Profile::of(&lines, &survey) }
}

fn sample(
    knowledge: &Knowledge<'_>,
    survey: &Survey,
    lines: &[Line<'_>],
    rows: &[&Pair],
    at: usize,
    clean: bool,
    fold: Option<usize>,
) -> Option<Sample> {
    let proposal = survey.proposals.get(at)?;
    let (line, pair) = (lines.get(proposal.line)?, rows.get(proposal.line)?);
    if !allowed(line, proposal.span, &proposal.intended) {
        return None;
    }
    let mut output = line.text.to_owned();
    output.replace_range(proposal.span.range(), &proposal.intended);
    let counts = Counts::of(line.text, &pair.intended, &output);
    let gain = i64::try_from(counts.errors_before).ok()? - i64::try_from(counts.errors_after).ok()?;
    let whole = at.checked_sub(1).and_then(|before| survey.proposals.get(before));
    let remainder = proposal.remainder && whole.is_some_and(|w| allowed(line, w.span, &w.intended));
    let kind = proposal.kind;
    let fold = fold.unwrap_or(proposal.line * FOLDS / lines.len().max(1));
    let outcome = Outcome { confidence: 0.0, kind, gain, broken: counts.broken, clean, remainder, fold };
    Some(Sample { row: features(knowledge, survey, lines, at), outcome })
}
