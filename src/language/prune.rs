//! Which n-grams a model of limited size keeps, and what becomes of the counts of the others.
//!
//! An n-gram is worth what the training text would lose in likelihood without it (weighted difference,
//! Seymore & Rosenfeld 1996), by a model of plain occurrences: under heavy pruning, that is what the lower
//! orders come to be. A context is worth at least what its continuations are, so that any threshold
//! keeps the contexts of what it keeps. The occurrences of a pruned n-gram then go to its suffix, which had
//! counted it as one type (revised Kneser pruning, Siivola, Hirsimäki & Virpioja 2007).

use rayon::prelude::*;

use super::grapheme::section_len;
use super::kneser_ney::{self, Estimate, suffix};
use super::levels::{Level, Levels, starts};
use crate::cost::ln;

/// The first level of which n-grams are pruned: unigrams and bigrams are kept.
const FIRST_PRUNED: usize = 2;
const EDGE: u64 = 1;

/// How often the choice is made: each time what is worth most is judged by the model that the last choice left.
const ROUNDS: usize = 4;

/// Which entries of each level are kept so that the section has at most `limit` bytes; `None` if all are.
pub(super) fn kept(levels: &Levels, limit: usize) -> Option<Vec<Vec<bool>>> {
    let tokens: Vec<&[u32]> = levels.all.iter().map(|level| &*level.tokens).collect();
    let mut kept: Option<Vec<Vec<bool>>> = None;
    for _ in 0..ROUNDS {
        let keeps = |depth: usize, i: usize| kept.as_ref().is_none_or(|kept| kept[depth][i]);
        let estimates = kneser_ney::estimate(levels, &tokens, &keeps);
        let keys = keys(levels, &estimates, &keeps);
        let threshold = threshold(levels, &keys, limit)?;
        let choice = levels.all.iter().zip(&keys).enumerate().map(|(depth, (level, keys))| {
            if depth < FIRST_PRUNED {
                vec![true; level.len()]
            } else {
                keys.iter().map(|&key| key <= threshold).collect()
            }
        });
        kept = Some(choice.collect());
    }
    kept
}

/// A key for each entry, the most worth keeping first: falling worth, then rising order, then place. The keys
/// differ, and a context's is below those of its continuations.
fn keys(
    levels: &Levels,
    estimates: &[Estimate],
    kept: &(dyn Fn(usize, usize) -> bool + Sync),
) -> Vec<Vec<u64>> {
    let mut keys: Vec<Vec<u64>> = vec![Vec::new(); levels.all.len()];
    let mut above: Option<(&Level, Vec<f32>)> = None;
    for depth in (FIRST_PRUNED..levels.all.len()).rev() {
        let level = &levels.all[depth];
        let mut worth: Vec<f32> = (0..level.len())
            .into_par_iter()
            .map(|i| worth(levels, estimates, depth, i, kept(depth, i)))
            .collect();
        if let Some((above, worth_above)) = above {
            for (&context, &theirs) in above.context.iter().zip(&worth_above) {
                let ours = &mut worth[context as usize];
                *ours = ours.max(theirs);
            }
        }
        keys[depth] = worth.iter().enumerate().map(|(i, &worth)| key(worth, depth, i)).collect();
        above = Some((level, worth));
    }
    keys
}

/// 32 bits of worth, 3 of level, 28 of place; the last bit tells an n-gram from the node that it asks for.
fn key(worth: f32, depth: usize, place: usize) -> u64 {
    let falling = u64::from(u32::MAX - worth.max(0.0).to_bits());
    (falling << 32) | ((depth as u64 & 7) << 29) | ((place as u64 & 0x0FFF_FFFF) << 1) | EDGE
}

/// What is lost, in nats, when entry `i` is not kept and its mass goes to backing off: the entry's part of the
/// divergence between the two distributions of its context, times the context's occurrences.
fn worth(levels: &Levels, estimates: &[Estimate], depth: usize, i: usize, kept: bool) -> f32 {
    let level = &levels.all[depth];
    let context = level.context[i] as usize;
    let here = &estimates[depth];
    let lower = estimates[depth - 1].probability[suffix(level, i)];
    let own = levels.discounts[depth].rest(level.tokens[i]) / here.mass[context];
    let without = if kept { here.back_off[context] + own } else { here.back_off[context] };
    let (p, q) = (own + (without - own) * lower, without * lower);
    #[allow(clippy::cast_possible_truncation, reason = "only the order counts, and ties are broken")]
    let nats = (here.mass[context] * (p * (ln(p) - ln(q)) - p + q)) as f32;
    nats
}

/// The last key that is kept, or `None` if all fit.
fn threshold(levels: &Levels, keys: &[Vec<u64>], limit: usize) -> Option<u64> {
    let symbols = levels.all.first().map_or(0, Level::len);
    // A node and an n-gram take a unit each; the root is one of them.
    let mut units = 1 + levels.all.iter().take(FIRST_PRUNED).map(Level::len).sum::<usize>();
    let mut costs: Vec<u64> = Vec::new();
    for (depth, level) in levels.all.iter().enumerate().skip(1) {
        // A node is there as soon as the first of its n-grams is: it comes just before it.
        let mut first = vec![u64::MAX; levels.all[depth - 1].len()];
        for (i, &context) in level.context.iter().enumerate() {
            let first = &mut first[context as usize];
            *first = (*first).min(keys[depth].get(i).map_or(0, |key| key & !EDGE));
        }
        first.retain(|&key| key != u64::MAX);
        if depth < FIRST_PRUNED {
            units += first.len();
        } else {
            costs.extend(first);
            costs.extend(&keys[depth]);
        }
    }
    costs.par_sort_unstable();
    let fit = (0..costs.len()).take_while(|more| section_len(symbols, units + more + 1) <= limit).count();
    let last = fit.checked_sub(1).map_or(0, |last| costs[last]);
    (fit < costs.len()).then_some(last)
}

/// The counts to smooth when only the kept entries have probabilities of their own.
pub(super) fn revised_counts(levels: &Levels, kept: &dyn Fn(usize, usize) -> bool) -> Vec<Vec<u32>> {
    let mut revised: Vec<Vec<u32>> = vec![Vec::new(); levels.all.len()];
    for (depth, level) in levels.all.iter().enumerate().rev() {
        let Some(above) = levels.all.get(depth + 1) else {
            revised[depth] = level.counts.clone();
            continue;
        };
        let mut counts: Vec<u32> = level.counts.clone();
        if let Some(theirs) = revised.get(depth + 1) {
            for (i, (&suffix, &theirs)) in above.suffix.iter().zip(theirs).enumerate() {
                if !kept(depth + 1, i) {
                    let ours = &mut counts[suffix as usize];
                    *ours = ours.saturating_add(theirs.saturating_sub(1));
                }
            }
        }
        for (i, &gram) in level.grams.iter().enumerate() {
            if depth > 0 && starts(gram) {
                counts[i] = level.counts[i];
            }
        }
        revised[depth] = counts;
    }
    revised
}
