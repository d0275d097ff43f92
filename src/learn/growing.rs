//! Growing the trees that judge changes, and what they say of changes that they did not learn from.

use super::gathering::Sample;
use super::trade::Outcome;
use crate::classify::{Calibration, Chance, CrossFit, Options, Rows, cross_fit, train};
use crate::guard::{BESIDE, COUNT, Trees, beside, by_place, shortfalls};

/// A sample that is judged by, with its confidence and preference out of fold.
pub(super) type Judged<'s> = (&'s Sample, Outcome);

/// Seed of what the trees leave to chance: always the same, so that another seed of the learner's deals the documents
/// anew and nothing else.
const DRAWS: u64 = 1;

/// Most letters of one choice that count.
const MOST_AT_STAKE: i64 = 4;

/// Grows trees and calibrates them out of fold; what is `blind` is learned from, and not judged by.
pub(super) fn grow<'s>(
    own: &'s [Sample],
    abroad: impl IntoIterator<Item = &'s Sample>,
    blind: impl Iterator<Item = &'s Sample>,
) -> (Trees, Vec<Judged<'s>>) {
    let judged: Vec<&Sample> = own.iter().chain(abroad).collect();
    let all: Vec<&Sample> = judged.iter().copied().chain(blind).collect();
    let owners: Vec<Outcome> = all.iter().map(|sample| sample.outcome).collect();
    let folds: Vec<usize> = owners.iter().map(|outcome| outcome.fold).collect();
    let options = Options {
        trees: 400,
        depth: 6,
        learning_rate: 0.06,
        min_child_weight: 3.0,
        chance: Some(Chance { seed: DRAWS, features: 0.5 }),
        ..Options::default()
    };

    let mut rows = Rows::new(COUNT);
    all.iter().for_each(|sample| rows.push(&sample.row));
    let labels: Vec<bool> = owners.iter().map(|outcome| outcome.gain > 0).collect();
    let weights: Vec<f32> = owners.iter().map(Outcome::weight).collect();
    let CrossFit { margins, trees } = cross_fit(&rows, &labels, &weights, &folds, &options);
    let calibration = Calibration::fit(&margins, &labels, &vec![1.0; labels.len()]);
    let right = train(&rows, &labels, &weights, &Options { trees, ..options }).calibrated(calibration);

    let mut rows = Rows::new(BESIDE);
    let (mut labels, mut weights) = (Vec::new(), Vec::new());
    for place in by_place(owners.iter().map(|outcome| outcome.rank)) {
        let of_place = place.clone().zip(shortfalls(&margins[place.clone()]));
        of_place.for_each(|(at, shortfall)| rows.push(&beside(&all[at].row, shortfall)));
        let gains: Vec<i64> = owners[place].iter().map(|outcome| outcome.gain).collect();
        labels.extend(best(&gains));
        weights.extend(at_stake(&gains));
    }
    let options = Options { trees: 200, depth: 5, ..options };
    let CrossFit { margins: preferences, trees } = cross_fit(&rows, &labels, &weights, &folds, &options);
    let best = train(&rows, &labels, &weights, &Options { trees, ..options });

    let outcome = |(sample, (&margin, &preference)): (&'s Sample, (&f32, &f32))| {
        let confidence = calibration.probability(margin);
        (sample, Outcome { confidence, preference, ..sample.outcome })
    };
    let judged = judged.into_iter().zip(margins.iter().zip(&preferences)).map(outcome).collect();
    (Trees { right, best }, judged)
}

/// Which changes of a place are its best, by what each gains.
fn best(gains: &[i64]) -> impl Iterator<Item = bool> + '_ {
    let most = gains.iter().copied().max();
    gains.iter().map(move |&gain| Some(gain) == most)
}

/// How much the choice among the changes of a place should be minded at each: by the letters between it and the best, at the
/// best by those between it and the worst. Where nothing is right there is nothing to choose.
fn at_stake(gains: &[i64]) -> impl Iterator<Item = f32> + '_ {
    let most = gains.iter().copied().max().unwrap_or(0);
    let least = gains.iter().copied().min().unwrap_or(0);
    gains.iter().map(move |&gain| {
        let letters = if gain == most { most - least } else { most - gain };
        if most > 0 { letters.min(MOST_AT_STAKE) as f32 } else { 0.0 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_at_stake_is_what_a_wrong_choice_costs() {
        let of =
            |gains: &[i64]| -> (Vec<bool>, Vec<f32>) { (best(gains).collect(), at_stake(gains).collect()) };
        assert_eq!(of(&[2, 1, -1]), (vec![true, false, false], vec![3.0, 1.0, 3.0]));
        assert_eq!(of(&[9, 9, 1]), (vec![true, true, false], vec![4.0, 4.0, 4.0]));
        assert_eq!(of(&[1, 1]), (vec![true, true], vec![0.0, 0.0]), "either is as good");
        assert_eq!(of(&[0, -1]).1, [0.0, 0.0], "neither is right");
        assert_eq!(of(&[3]).1, [0.0], "alone");
        assert_eq!(of(&[]), (vec![], vec![]));
    }
}
