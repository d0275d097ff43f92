//! Interpolated modified Kneser–Ney estimation (Chen & Goodman 1999, section 5): from levels of counts to
//! probabilities.
//!
//! p(w | h) = (c(hw) − D(c(hw))) / c(h•) + γ(h) · p(w | h'), where h' is h without its first symbol and
//! γ(h) is what the discounts, and the n-grams not kept, leave of the context's mass: every distribution sums
//! to one, and no γ is above one. Unigrams are interpolated with the uniform distribution over the alphabet.

use rayon::prelude::*;

use super::levels::{Level, Levels};

/// What is estimated of one level.
#[derive(Debug)]
pub(super) struct Estimate {
    /// p(w | h) of each entry hw; of an entry that is not kept, what backing off gives.
    pub(super) probability: Vec<f64>,
    /// γ(h) of each entry h of the level below, as the context of this level's entries.
    pub(super) back_off: Vec<f64>,
    /// c(h•) of each entry h of the level below.
    pub(super) mass: Vec<f64>,
}

/// Estimates all levels from `counts` (one list a level), of the entries that `kept` keeps.
pub(super) fn estimate(
    levels: &Levels,
    counts: &[&[u32]],
    kept: &dyn Fn(usize, usize) -> bool,
) -> Vec<Estimate> {
    let mut estimates: Vec<Estimate> = Vec::with_capacity(levels.all.len());
    for (depth, level) in levels.all.iter().enumerate() {
        let Some(&counts) = counts.get(depth) else { break };
        let discounts = levels.discounts[depth];
        let contexts = depth.checked_sub(1).map_or(1, |below| levels.all[below].len());
        let context = |i: usize| level.context.get(i).map_or(0, |&c| c as usize);

        let mut mass = vec![0.0; contexts];
        for (i, &count) in counts.iter().enumerate() {
            mass[context(i)] += f64::from(count);
        }
        let seen: Vec<f64> = counts
            .iter()
            .enumerate()
            .map(
                |(i, &count)| {
                    if kept(depth, i) { share(discounts.rest(count), mass[context(i)]) } else { 0.0 }
                },
            )
            .collect();
        let mut back_off = vec![1.0; contexts];
        for (i, &seen) in seen.iter().enumerate() {
            back_off[context(i)] -= seen;
        }
        for left in &mut back_off {
            *left = left.clamp(f64::MIN_POSITIVE, 1.0);
        }
        let uniform = 1.0 / level.len().max(1) as f64;
        let lower = estimates.last().map(|below| &below.probability);
        let probability = seen
            .into_par_iter()
            .enumerate()
            .map(|(i, seen)| seen + back_off[context(i)] * lower.map_or(uniform, |p| p[suffix(level, i)]))
            .collect();
        estimates.push(Estimate { probability, back_off, mass });
    }
    estimates
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// Where the suffix of entry `i` stands in the level below.
pub(super) fn suffix(level: &Level, i: usize) -> usize {
    level.suffix.get(i).map_or(0, |&s| s as usize)
}
