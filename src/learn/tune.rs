//! Weights of the search, by coordinate ascent from shared defaults.
//!
//! What counts is not the search's own answer but what a guard could make of it: the errors that right proposals
//! mend, less a part of those that wrong ones make. Small samples give weights all over the place, so each weight
//! moves a step at most, and only where the documents agree that it pays: moved for one hundredth more of ninety mended
//! errors, it lost a point or two on other business cards. Where there are several sources, those of each have to agree: what
//! pays in one alone tells little of a third.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::corpus::{Line, Pair, documents};
use crate::correct::allowed;
use crate::evaluate::Counts;
use crate::guard::Surveyor;
use crate::model::{Model, ModelError, Settings, Weights};

/// Bytes of observed text that are searched with each choice of weights.
const SAMPLE: usize = 60_000;
/// Of fewer of them nothing is learned: the weights are what most sources come to.
const LEAST: usize = 5_000;
/// The factor of the graphemes' weight that most sources come to.
const USUAL_GRAPHEME: f32 = 1.15;
/// What a wrong proposal costs, beside what a right one gains: the guard will refuse most of them.
const WRONG: f64 = 0.15;
/// The gain has to be so many deviations of itself, as documents differ. With two of them no weight of thirteen sources
/// moved.
const AGREED: f64 = 1.0;

/// A weight, and the factors that are tried.
type Step = (fn(&mut Weights) -> &mut f32, [f32; 2]);

const STEPS: [Step; 4] = [
    (|w| &mut w.edit, [0.5, 2.0]),
    (|w| &mut w.word, [0.5, 1.75]),
    (|w| &mut w.grapheme, [0.85, USUAL_GRAPHEME]),
    (|w| &mut w.unknown_word, [0.85, 1.15]),
];

/// The settings of `model` with weights tuned on documents that it never saw.
pub(super) fn tune(model: &mut Model, pairs: &[&Pair]) -> Result<Settings, ModelError> {
    let mut settings = model.metadata().settings;
    settings.weights.grapheme *= USUAL_GRAPHEME;
    model.set(settings);
    if pairs.iter().map(|p| p.observed.len()).sum::<usize>() < LEAST {
        return Ok(settings);
    }
    let groups = sample(pairs);
    let sources: Vec<u32> = groups.iter().filter_map(|group| Some(pairs[*group.first()?].source)).collect();
    let mut best = worth(model, pairs, &groups)?;
    for (weight, factors) in STEPS {
        let from = settings;
        for factor in factors {
            let mut tried = from;
            *weight(&mut tried.weights) *= factor;
            model.set(tried);
            let found = worth(model, pairs, &groups)?;
            if is_agreed(&found, &best, &sources) {
                (best, settings) = (found, tried);
            }
        }
    }
    model.set(settings);
    Ok(settings)
}

/// Whether the documents of each source agree that they are worth more one way than the other.
fn is_agreed(one: &[f64], other: &[f64], sources: &[u32]) -> bool {
    let mut sums: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for ((one, other), &source) in one.iter().zip(other).zip(sources) {
        let (sum, squares) = sums.entry(source).or_default();
        *sum += one - other;
        *squares += (one - other) * (one - other);
    }
    !sums.is_empty() && sums.values().all(|(sum, squares)| *sum > AGREED * squares.sqrt())
}

/// Documents, spread evenly, that together hold about [`SAMPLE`] bytes.
fn sample(pairs: &[&Pair]) -> Vec<Vec<usize>> {
    let groups = documents(pairs.iter().map(|p| p.document.as_str()));
    let bytes: usize = pairs.iter().map(|p| p.observed.len()).sum();
    groups.into_iter().step_by((bytes / SAMPLE).max(1)).collect()
}

/// The share of the errors of documents that `model` never saw that its right proposals would mend, 0–1.
pub(super) fn mended(model: &Model, pairs: &[&Pair]) -> Result<f64, ModelError> {
    let groups = sample(pairs);
    let errors = groups.iter().flatten().map(|&k| {
        let pair = pairs[k];
        Counts::by_units(&pair.observed, &pair.intended, &pair.observed).errors_before
    });
    let errors: u64 = errors.sum();
    let right: u64 = proposed(model, pairs, &groups)?.iter().map(|(right, _)| right).sum();
    Ok(right as f64 / errors.max(1) as f64)
}

/// Errors that a good guard would mend in each document.
fn worth(model: &Model, pairs: &[&Pair], groups: &[Vec<usize>]) -> Result<Vec<f64>, ModelError> {
    let all = proposed(model, pairs, groups)?;
    Ok(all.into_iter().map(|(right, wrong)| right as f64 - WRONG * wrong as f64).collect())
}

/// For each document the errors that the right proposals of the search would mend, and those that the wrong ones would
/// make.
fn proposed(model: &Model, pairs: &[&Pair], groups: &[Vec<usize>]) -> Result<Vec<(u64, u64)>, ModelError> {
    let knowledge = model.knowledge()?;
    let beam = model.metadata().settings.beam;
    let one = |surveyor: &mut Surveyor, group: &Vec<usize>| {
        let lines: Vec<Line<'_>> = group.iter().map(|&k| Line::from(pairs[k])).collect();
        let survey = surveyor.survey(&knowledge, &beam, &lines);
        let mut sums = (0, 0);
        for proposal in survey.proposals.iter().filter(|p| p.is_of_search()) {
            let (line, pair) = (&lines[proposal.line], pairs[group[proposal.line]]);
            if !allowed(line, proposal.span, &proposal.intended) {
                continue;
            }
            let output = proposal.put_into(line.text);
            let counts = Counts::of(line.text, &pair.intended, &output);
            sums.0 += counts.errors_before.saturating_sub(counts.errors_after);
            sums.1 += counts.errors_after.saturating_sub(counts.errors_before);
        }
        sums
    };
    Ok(groups.par_iter().map_init(Surveyor::default, one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_moves_where_documents_agree() {
        // Two documents that gain one each: 2 > √2. One that gains is not many, however much it gains.
        let cases = [
            (vec![1.0; 2], true),
            (vec![9.0, 0.0, 0.0], false),
            (vec![1.0, 1.0, 1.0, 1.0, -1.0], true),
            (vec![2.0, 1.0, 1.0, -1.0, -1.0], false),
            (vec![0.0; 9], false),
            (vec![-1.0; 9], false),
            (Vec::new(), false),
        ];
        for (gains, want) in cases {
            assert_eq!(agreed(&gains, &vec![3; gains.len()]), want, "{gains:?}");
        }
    }

    #[test]
    fn each_source_has_to_agree() {
        let cases = [
            (&[1.0, 1.0, 2.0, 2.0][..], true),
            (&[9.0, 9.0, 1.0, -1.0], false),
            (&[9.0, 9.0, 0.0, 0.0], false),
            (&[-0.5, -0.5, 2.0, 2.0], false),
        ];
        for (gains, want) in cases {
            assert_eq!(agreed(gains, &[0, 0, 7, 7]), want, "{gains:?}");
        }
    }

    fn agreed(gains: &[f64], sources: &[u32]) -> bool {
        let found: Vec<f64> = gains.iter().map(|gain| 7.0 + gain).collect();
        is_agreed(&found, &vec![7.0; gains.len()], sources)
    }
}
