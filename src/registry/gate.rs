//! The gate: a candidate beside the current model on pairs that neither has seen.

use serde::Serialize;

use super::assess::{Assessment, Bar, Outputs, assess};
use super::error::RegistryError;
use super::record::Figures;
use crate::corpus::{Line, Pair, documents};
use crate::correct::Corrector;
use crate::evaluate::{Options, Row};
use crate::model::{Model, ModelError, ModelId};

/// What a candidate has to show.
///
/// Both models correct the held-out pairs document by document, with their own thresholds, as they would for users. The
/// candidate is let through if all of this holds; for the first one, "the current model" is the text as it stands:
///
/// - **CER is not worse.** Over all files it leaves no more errors than the current model, and the upper end of the paired
///   95 % interval of the difference (bootstrap over documents) is at most [`Gate::tolerance`]. The first alone would let half of
///   those through that are a little worse; the second alone would let a model sink by the tolerance night after
///   night. Few documents give wide intervals: then only a candidate that is clearly better is let through.
///   Measured with models of BLN600 (old newspapers, 41 documents held out, of twenty lines each), on 20 draws of 5, 10 and
///   20 documents: a candidate that mends 4 % more of the errors is let through in 16, 16 and 20 draws, one that mends
///   1.4 % more in 4, 7 and 12 (by all 41 documents: yes), one that mends .7 % less in 1, 0 and 1, one that mends 5 %
///   less in none.
/// - **Harm is within the limit**, over all files.
/// - **Harm is not surely more** than the current model's, in all files or one, unless errors are surely fewer over all:
///   a model that mends more may break more, within the limit.
/// - **No file alone is surely worse** by more than the tolerance, or surely over the limit. A file is small; what is not sure
///   about it is not held against the candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gate {
    /// Most harm, a share of the right words, 0–1; `None`: what the candidate was learned to keep to, and half
    /// a per cent where it says nothing.
    pub harm_limit: Option<f32>,
    /// How many more errors the interval may leave room for: a share of those of the uncorrected text of all files.
    pub tolerance: f64,
    /// How the interval is drawn.
    pub options: Options,
}

impl Default for Gate {
    fn default() -> Self {
        Self { harm_limit: None, tolerance: TOLERANCE, options: Options::default() }
    }
}

/// Of the errors before: where a model mends half of them, four per cent of what it leaves.
const TOLERANCE: f64 = 0.02;
/// Documents that are corrected at once.
const BATCH: usize = 64;

/// Pairs that no model was learned from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeldOut {
    /// What they are called in the verdict: their file.
    pub name: String,
    /// The pairs.
    pub pairs: Vec<Pair>,
}

/// What the gate found. Displays as a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// The model that was judged.
    pub candidate: ModelId,
    /// The model beside it; none: the uncorrected text.
    pub current: Option<ModelId>,
    /// The limit of harm that held, a share.
    pub harm_limit: f64,
    /// How much more CER was tolerated.
    pub tolerance: f64,
    /// Over all files; where there is none, what was told in shadow.
    pub whole: Assessment,
    /// Each file; none where there is one only.
    pub files: Vec<Assessment>,
    /// What was told in shadow, where both were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shadow: Option<Assessment>,
}

impl Verdict {
    /// Whether the candidate is let through.
    pub fn passes(&self) -> bool {
        self.each().all(|assessment| assessment.faults.is_empty())
    }

    /// What speaks against the candidate, each with the file that it was found in.
    pub fn reasons(&self) -> Vec<String> {
        self.each().flat_map(|a| a.faults.iter().map(|fault| format!("{}: {fault}", a.name))).collect()
    }

    fn each(&self) -> impl Iterator<Item = &Assessment> {
        [&self.whole].into_iter().chain(&self.files).chain(&self.shadow)
    }

    pub(super) fn figures(&self) -> Figures {
        self.whole.figures()
    }
}

impl Gate {
    /// Corrects the held-out pairs with both models and judges. `progress` is told how many documents more are done.
    ///
    /// # Errors
    /// [`RegistryError::NothingToJudge`] where the pairs cannot tell better from worse, [`RegistryError::Model`] where a
    /// model's guard is damaged.
    pub fn judge(
        &self,
        candidate: &Model,
        current: Option<&Model>,
        held_out: &[HeldOut],
        progress: &dyn Fn(usize),
    ) -> Result<Verdict, RegistryError> {
        let texts = |model: &Model| -> Result<Vec<Vec<String>>, ModelError> {
            let corrector = Corrector::new(model.clone())?;
            Ok(held_out.iter().map(|set| corrected(&corrector, &set.pairs, progress)).collect())
        };
        let limit = self.limit(candidate)?;
        let new = texts(candidate)?;
        let old = current.map(texts).transpose()?;
        let made = Made { new, old };
        self.compare(candidate.id(), current.map(Model::id), limit, held_out, &made)
    }

    /// The limit of harm that holds for a candidate, a share.
    pub(super) fn limit(&self, candidate: &Model) -> Result<f64, ModelError> {
        Ok(decimal(match self.harm_limit {
            Some(limit) => limit,
            None => own_limit(candidate)?,
        }))
    }

    /// The verdict of a shadow alone.
    pub(super) fn hear(
        &self,
        candidate: &Model,
        current: Option<ModelId>,
        shadow: Assessment,
    ) -> Result<Verdict, RegistryError> {
        Ok(Verdict {
            candidate: candidate.id(),
            current,
            harm_limit: self.limit(candidate)?,
            tolerance: self.tolerance * shadow.cer_before.unwrap_or(0.0),
            whole: shadow,
            files: Vec::new(),
            shadow: None,
        })
    }

    /// The verdict on what the models made of the pairs.
    pub(super) fn compare(
        &self,
        candidate: ModelId,
        current: Option<ModelId>,
        harm_limit: f64,
        held_out: &[HeldOut],
        made: &Made,
    ) -> Result<Verdict, RegistryError> {
        let several = held_out.len() > 1;
        // What is called alike in two files is not one document.
        let names: Vec<Vec<String>> = (0..)
            .zip(held_out)
            .map(|(file, set)| set.pairs.iter().map(|pair| document(file, &pair.document)).collect())
            .collect();
        let part = |file: usize| outputs(held_out, &names, made, file..file + 1);
        let name = |set: &HeldOut| if several { "all".to_owned() } else { set.name.clone() };
        let name = held_out.first().map(name).unwrap_or_default();
        let mut whole = assess(&name, &outputs(held_out, &names, made, 0..held_out.len()), &self.options);
        match &whole {
            Assessment { rows: 0, .. } => return Err(nothing("no pairs")),
            whole if !whole.has_errors() => return Err(nothing("their observed side has no errors")),
            Assessment { cer_change_interval: None, .. } => return Err(nothing("there is one row only")),
            _ => {}
        }
        let tolerance = self.tolerance * whole.cer_before.unwrap_or(0.0);
        let bar = Bar { tolerance, harm_limit, second: current.is_some() };
        whole.judge_whole(bar);
        let mut files = Vec::new();
        for (file, set) in held_out.iter().enumerate().filter(|_| several) {
            let mut assessment = assess(&set.name, &part(file), &self.options);
            assessment.judge_part(bar, whole.is_surely_better());
            files.push(assessment);
        }
        Ok(Verdict { candidate, current, harm_limit, tolerance, whole, files, shadow: None })
    }
}

/// What two models made of the pairs of each file.
pub(super) struct Made {
    pub(super) new: Vec<Vec<String>>,
    pub(super) old: Option<Vec<Vec<String>>>,
}

fn outputs<'a>(
    held_out: &'a [HeldOut],
    names: &'a [Vec<String>],
    made: &'a Made,
    files: std::ops::Range<usize>,
) -> Outputs<'a> {
    let mut rows = Vec::new();
    for file in files.clone() {
        let (Some(set), Some(names), Some(new)) = (held_out.get(file), names.get(file), made.new.get(file))
        else {
            continue;
        };
        let texts = new.iter().zip(names);
        rows.extend(
            set.pairs
                .iter()
                .zip(texts)
                .map(|(pair, (output, document))| Row { document, ..Row::new(pair, output) }),
        );
    }
    let current = made
        .old
        .as_ref()
        .map(|old| old.get(files).into_iter().flatten().flatten().map(String::as_str).collect());
    Outputs { rows, current }
}

/// A document's name among those of all files; a row without a document stays one.
fn document(file: usize, name: &str) -> String {
    if name.is_empty() { String::new() } else { format!("{file}/{name}") }
}

pub(super) fn corrected(corrector: &Corrector, pairs: &[Pair], progress: &dyn Fn(usize)) -> Vec<String> {
    let mut texts = vec![String::new(); pairs.len()];
    for batch in documents(pairs.iter().map(|p| p.document.as_str())).chunks(BATCH) {
        let lines: Vec<Vec<Line<'_>>> = batch
            .iter()
            .map(|rows| rows.iter().filter_map(|&row| pairs.get(row)).map(Line::from).collect())
            .collect();
        for (rows, corrections) in batch.iter().zip(corrector.correct_all(&lines)) {
            for (&row, correction) in rows.iter().zip(corrections) {
                if let Some(text) = texts.get_mut(row) {
                    *text = correction.text().to_owned();
                }
            }
        }
        progress(batch.len());
    }
    texts
}

/// The share that was meant: 0.005, not the nearest 32 bits, which lie just below.
pub(super) fn decimal(share: f32) -> f64 {
    share.to_string().parse().unwrap_or_else(|_| f64::from(share))
}

/// The limit of harm that a model was learned for, a share.
pub(super) fn own_limit(model: &Model) -> Result<f32, ModelError> {
    Ok(Corrector::new(model.clone())?.guard().thresholds.default)
}

fn nothing(what: &'static str) -> RegistryError {
    RegistryError::NothingToJudge { what }
}
