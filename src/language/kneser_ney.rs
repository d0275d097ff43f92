//! Interpolated modified Kneser–Ney estimation (Chen & Goodman 1999, section 5): from levels of counts to
//! probabilities.
//!
//! p(w | h) = (c(hw) − D(c(hw))) / c(h•) + γ(h) · p(w | h'), where h' is h without its first symbol and
//! γ(h) is what the discounts, and the n-grams not kept, leave of the context's mass: every distribution sums
//! to one, and no γ is above one. Unigrams are interpolated with the uniform distribution over the alphabet.

use rayon::prelude::*;

use super::levels::{Level, Levels};
use crate::cost::{exp, ln};

/// Where a context's n-grams leave less than this to others, all symbols are among them.
const ALL: f64 = 1e-12;
/// How much of what a history tells counts, and the most that it may, nats.
const TOLD: f64 = 0.5;
const MOST_TOLD: f64 = 50.0;

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

/// Two estimates of the same n-grams as one, `share` of it the second: linear interpolation (Jelinek & Mercer 1980; of back-off
/// models: Stolcke 2002, "SRILM"), where each history has the share that [`share_after`] it gives. Of an n-gram that is kept the
/// probabilities are mixed, and the others get what that leaves, as backing off in the mixture has it. Where they would get more
/// than that (a γ above one) the rest goes to those kept, so that every distribution sums to one.
pub(super) fn mixed(
    levels: &Levels,
    mut one: Vec<Estimate>,
    other: &[Estimate],
    share: f64,
    kept: &dyn Fn(usize, usize) -> bool,
) -> Vec<Estimate> {
    // By how much each history is likelier in the second, nats.
    let mut likelier = vec![0.0];
    for (depth, (level, other)) in levels.all.iter().zip(other).enumerate() {
        let (below, rest) = one.split_at_mut(depth);
        let Some(Estimate { probability, back_off, mass }) = rest.first_mut() else { break };
        let context = |i: usize| level.context.get(i).map_or(0, |&c| c as usize);
        let shares: Vec<f64> = likelier.iter().map(|&nats| share_after(share, nats)).collect();
        let mix = |share: f64, one: f64, other: f64| (1.0 - share) * one + share * other;
        let both = || probability.iter().zip(&other.probability).enumerate();
        likelier = both().map(|(i, (one, other))| likelier[context(i)] + ln(other / one)).collect();
        *probability = both().map(|(i, (&one, &other))| mix(shares[context(i)], one, other)).collect();
        mass.iter_mut().zip(&other.mass).for_each(|(one, &other)| *one = mix(share, *one, other));
        let Some(below) = below.last() else { continue };
        let lower = |i: usize| below.probability[suffix(level, i)];
        // What is kept in each context, and how likely the same is a symbol shorter.
        let mut sums = vec![(0.0, 0.0); back_off.len()];
        for i in (0..probability.len()).filter(|&i| kept(depth, i)) {
            let (here, there) = &mut sums[context(i)];
            *here += probability[i];
            *there += lower(i);
        }
        for (back_off, (here, there)) in back_off.iter_mut().zip(&sums) {
            let left = if 1.0 - there > ALL { (1.0 - here) / (1.0 - there) } else { 1.0 };
            *back_off = left.clamp(f64::MIN_POSITIVE, 1.0);
        }
        for i in 0..probability.len() {
            let (here, there) = sums[context(i)];
            if !kept(depth, i) {
                probability[i] = back_off[context(i)] * lower(i);
            } else if here < there && 1.0 - there > ALL {
                probability[i] *= there / here;
            }
        }
    }
    one
}

/// The share (0–1) that the second of two models has after a history that is so many nats likelier in it, if it has `share` of
/// all. By Bayes' rule the odds grow with the likelihood of the history; here with the root of it, since neighbouring symbols tell
/// much the same: held-out business cards cost 1.6929 nats a symbol with the odds left alone, 1.6934 with Bayes', 1.6910 so.
pub fn share_after(share: f64, nats: f64) -> f64 {
    let odds = share * exp((TOLD * nats).clamp(-MOST_TOLD, MOST_TOLD));
    odds / (odds + 1.0 - share)
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// Where the suffix of entry `i` stands in the level below.
pub(super) fn suffix(level: &Level, i: usize) -> usize {
    level.suffix.get(i).map_or(0, |&s| s as usize)
}
