//! Training: trees grown level by level on histograms of gradient and hessian.

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::bins::{Column, columns};
use super::calibrate::softplus;
use super::forest::{Node, Question, Tree};
use super::{Forest, Rows};
use crate::cost::{ln, logistic, narrow};

/// A split must gain more than this (nats): less is rounding.
const LEAST_GAIN: f64 = 1e-6;

/// How a forest is grown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Number of trees at most; growing stops when no split pays.
    pub trees: usize,
    /// Questions from root to leaf at most (1–12).
    pub depth: usize,
    /// The share of each tree's answer that is taken.
    pub learning_rate: f32,
    /// Least sum of hessians (weight × p × (1−p)) on each side of a split.
    pub min_child_weight: f32,
    /// λ, the pull of leaf values towards 0.
    pub l2: f32,
    /// Quantile bins of a feature at most (2–255).
    pub bins: usize,
    /// Whether trees leave something to chance; `None`: each split is the best there is.
    pub chance: Option<Chance>,
}

/// Extremely randomised trees (Geurts, Ernst & Wehenkel 2006): a feature is cut at one place drawn by chance, and only the
/// choice between features is by gain. Single trees are worse for it; together they err less alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// Of all draws.
    pub seed: u64,
    /// Share of the features that each tree looks at, 0–1.
    pub features: f64,
}

impl Chance {
    /// A number from 0 to below `below`, for this question of this tree.
    fn draw(self, tree: usize, node: usize, feature: usize, below: usize) -> usize {
        let place = [tree, node, feature].map(|n| (n as u64).to_le_bytes()).concat();
        let drawn = u128::from(xxh3_64_with_seed(&place, self.seed));
        usize::try_from((drawn * below as u128) >> 64).unwrap_or(0)
    }

    /// Whether a tree looks at a feature.
    fn looks_at(self, tree: usize, feature: usize) -> bool {
        const PARTS: usize = 1 << 20;
        (self.draw(tree, usize::MAX, feature, PARTS) as f64) < self.features * PARTS as f64
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            trees: 120,
            depth: 4,
            learning_rate: 0.1,
            min_child_weight: 1.0,
            l2: 1.0,
            bins: 64,
            chance: None,
        }
    }
}

/// A forest that tells the rows with `true` from those with `false` (logistic loss, one weight a row; a row
/// without a label, or without a positive finite weight, is left out). Not calibrated.
pub fn train(rows: &Rows, labels: &[bool], weights: &[f32], options: &Options) -> Forest {
    grow(&columns(rows, options.bins), labels, weights, options)
}

/// What forests say of rows that they were not trained on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CrossFit {
    /// For each row the margin, log-odds.
    pub margins: Vec<f32>,
    /// How many trees gave it: as many as do best.
    pub trees: usize,
}

/// Forests of half, a quarter, … of the trees that are tried beside the whole ones: where there are few rows, many trees learn
/// them by heart.
const HALVINGS: usize = 4;

/// For each row, the margin of a forest trained on the rows of other folds; `folds` names the fold of each row by any
/// number. A row without a fold gets the margin 0, as do all where there is one fold only. Of the numbers of trees that are
/// tried (those of `options`, and half as many again and again) the one of the least loss over all rows is taken; on a tie
/// the smallest.
pub fn cross_fit(
    rows: &Rows,
    labels: &[bool],
    weights: &[f32],
    folds: &[usize],
    options: &Options,
) -> CrossFit {
    let columns = columns(rows, options.bins);
    let mut names = folds.to_vec();
    names.sort_unstable();
    names.dedup();
    let sizes: [usize; HALVINGS + 1] = std::array::from_fn(|k| options.trees >> (HALVINGS - k));
    let mut margins = vec![[0.0; HALVINGS + 1]; rows.len()];
    for name in names {
        let held_out = |weight: (&f32, &usize)| if *weight.1 == name { 0.0 } else { *weight.0 };
        let others: Vec<f32> = weights.iter().zip(folds).map(held_out).collect();
        let forest = grow(&columns, labels, &others, options);
        for (at, margins) in margins.iter_mut().enumerate() {
            if folds.get(at) == Some(&name) {
                *margins = forest.margins(rows.row(at), sizes);
            }
        }
    }
    let loss = |k: usize| {
        let of = |((margins, label), weight): ((&[f32; HALVINGS + 1], &bool), &f32)| {
            let margin = f64::from(margins[k]);
            f64::from(*weight) * softplus(if *label { -margin } else { margin })
        };
        margins.iter().zip(labels).zip(weights).map(of).sum::<f64>()
    };
    let best = (0..=HALVINGS).min_by(|&a, &b| loss(a).total_cmp(&loss(b))).unwrap_or(HALVINGS);
    CrossFit { margins: margins.iter().map(|all| all[best]).collect(), trees: sizes[best] }
}

/// Sums of gradient and hessian.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Sums {
    gradient: f64,
    hessian: f64,
}

impl Sums {
    fn add(&mut self, other: Self) {
        self.gradient += other.gradient;
        self.hessian += other.hessian;
    }

    fn less(self, other: Self) -> Self {
        Self { gradient: self.gradient - other.gradient, hessian: self.hessian - other.hessian }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Split {
    gain: f64,
    feature: usize,
    bin: usize,
    unknown_left: bool,
    /// What goes left and right.
    sides: [Sums; 2],
}

/// The rows in training: those with a label and a weight.
struct Sample {
    row: usize,
    label: f64,
    weight: f64,
}

fn grow(columns: &[Column], labels: &[bool], weights: &[f32], options: &Options) -> Forest {
    let sample: Vec<Sample> = labels
        .iter()
        .zip(weights)
        .take(columns.first().map_or(0, |column| column.bins.len()))
        .enumerate()
        .filter(|(_, (_, weight))| weight.is_finite() && **weight > 0.0)
        .map(|(row, (label, weight))| Sample {
            row,
            label: f64::from(u8::from(*label)),
            weight: f64::from(*weight),
        })
        .collect();
    let base = prior(&sample);
    let mut margins = vec![f64::from(base); sample.len()];
    let mut trees = Vec::new();
    while trees.len() < options.trees {
        let derivatives: Vec<Sums> =
            sample.iter().zip(&margins).map(|(one, margin)| derivatives(one, *margin)).collect();
        let number = trees.len();
        let grower = Grower { columns, sample: &sample, derivatives: &derivatives, options, number };
        let (tree, leaves) = grower.tree();
        if tree.0.len() < 2 {
            break;
        }
        for (margin, leaf) in margins.iter_mut().zip(leaves) {
            *margin += f64::from(tree.0[leaf].value);
        }
        trees.push(tree);
    }
    Forest { base, trees, ..Forest::default() }
}

/// Log-odds of the labels by weight, half an observation of each added.
fn prior(sample: &[Sample]) -> f32 {
    let yes: f64 = sample.iter().map(|one| one.weight * one.label).sum();
    let all: f64 = sample.iter().map(|one| one.weight).sum();
    narrow(ln((yes + 0.5) / (all - yes + 0.5)))
}

fn derivatives(one: &Sample, margin: f64) -> Sums {
    let p = logistic(margin);
    Sums { gradient: one.weight * (p - one.label), hessian: one.weight * p * (1.0 - p) }
}

struct Grower<'a> {
    columns: &'a [Column],
    sample: &'a [Sample],
    derivatives: &'a [Sums],
    options: &'a Options,
    /// The tree's.
    number: usize,
}

impl Grower<'_> {
    /// A tree, and the leaf of each row of the sample.
    fn tree(&self) -> (Tree, Vec<usize>) {
        let root = self.derivatives.iter().fold(Sums::default(), |mut sum, one| {
            sum.add(*one);
            sum
        });
        let mut nodes = vec![self.node(root)];
        let mut place = vec![0_usize; self.sample.len()];
        // The nodes of the level that is being split, one after another.
        let mut level = 0..1;
        for _ in 0..self.options.depth.clamp(1, 12) {
            let splits = self.splits(&place, level.clone());
            let mut children = vec![None; level.len()];
            let next = nodes.len();
            for (k, split) in splits.iter().enumerate() {
                let Some(split) = split else { continue };
                let Ok(left) = u16::try_from(nodes.len()) else { continue };
                nodes[level.start + k].question = Some(Question {
                    feature: u16::try_from(split.feature).unwrap_or(u16::MAX),
                    cut: self.columns[split.feature].cuts[split.bin],
                    unknown_left: split.unknown_left,
                    left,
                });
                children[k] = Some((split, usize::from(left)));
                nodes.extend(split.sides.map(|side| self.node(side)));
            }
            for (place, one) in place.iter_mut().zip(self.sample) {
                let Some(Some((split, left))) = place.checked_sub(level.start).and_then(|k| children.get(k))
                else {
                    continue;
                };
                let column = &self.columns[split.feature];
                let bin = usize::from(column.bins[one.row]);
                let goes_left = if bin == column.cuts.len() { split.unknown_left } else { bin <= split.bin };
                *place = left + usize::from(!goes_left);
            }
            level = next..nodes.len();
            if level.is_empty() {
                break;
            }
        }
        (Tree(nodes), place)
    }

    fn node(&self, sums: Sums) -> Node {
        let value = -sums.gradient / (sums.hessian + f64::from(self.options.l2)).max(1e-12);
        Node { value: narrow(f64::from(self.options.learning_rate) * value), question: None }
    }

    /// For each node of the level, its best split: greatest gain, then lowest feature, then lowest bin, then
    /// unknown values left.
    fn splits(&self, place: &[usize], level: std::ops::Range<usize>) -> Vec<Option<Split>> {
        let by_feature: Vec<Vec<Option<Split>>> = (0..self.columns.len().min(usize::from(u16::MAX)))
            .into_par_iter()
            .filter(|&feature| self.options.chance.is_none_or(|c| c.looks_at(self.number, feature)))
            .map(|feature| {
                let width = self.columns[feature].cuts.len() + 1;
                let histograms = self.histograms(feature, place, &level, width);
                let nodes = level.clone().zip(histograms.chunks_exact(width));
                nodes.map(|(node, one)| self.best(feature, node, one)).collect()
            })
            .collect();
        let mut best = vec![None; level.len()];
        for feature in by_feature {
            for (best, found) in best.iter_mut().zip(feature) {
                let gain = |split: &Option<Split>| split.map_or(LEAST_GAIN, |split| split.gain);
                if gain(&found) > gain(best) {
                    *best = found;
                }
            }
        }
        best
    }

    /// Sums by node of the level and bin, rows in their order.
    fn histograms(
        &self,
        feature: usize,
        place: &[usize],
        level: &std::ops::Range<usize>,
        width: usize,
    ) -> Vec<Sums> {
        let bins = &self.columns[feature].bins;
        let mut sums = vec![Sums::default(); level.len() * width];
        for ((one, place), derivative) in self.sample.iter().zip(place).zip(self.derivatives) {
            if *place >= level.start {
                sums[(place - level.start) * width + usize::from(bins[one.row])].add(*derivative);
            }
        }
        sums
    }

    /// The best split of one node on one feature, or of the one that is drawn; `histogram` holds the bins, then the unknown.
    fn best(&self, feature: usize, node: usize, histogram: &[Sums]) -> Option<Split> {
        let (unknown, known) = histogram.split_last()?;
        let drawn = match self.options.chance {
            Some(chance) => Some(self.draw(chance, feature, node, known, *unknown)?),
            None => None,
        };
        let all = histogram.iter().fold(Sums::default(), |mut sum, one| {
            sum.add(*one);
            sum
        });
        let mut best: Option<Split> = None;
        let mut below = Sums::default();
        for (bin, sums) in known.iter().enumerate() {
            below.add(*sums);
            if drawn.is_some_and(|drawn| drawn != bin) {
                continue;
            }
            let mut with_unknown = below;
            with_unknown.add(*unknown);
            let mut sides = [(true, with_unknown), (false, below)];
            if unknown.hessian == 0.0 && below.hessian < all.hessian / 2.0 {
                // Nobody knows where an unknown value belongs: with the many.
                sides.reverse();
            }
            for (unknown_left, left) in sides {
                let right = all.less(left);
                let gain = self.gain(left, right, all);
                if gain > best.map_or(LEAST_GAIN, |split| split.gain) {
                    best = Some(Split { gain, feature, bin, unknown_left, sides: [left, right] });
                }
            }
        }
        best
    }

    /// A bin to cut behind, so that there is something on either side; `None` where there is no such.
    fn draw(
        &self,
        chance: Chance,
        feature: usize,
        node: usize,
        known: &[Sums],
        unknown: Sums,
    ) -> Option<usize> {
        let first = known.iter().position(|sums| sums.hessian > 0.0)?;
        let last = known.iter().rposition(|sums| sums.hessian > 0.0)?;
        // Behind the last there are the unknown.
        let cuts = last - first + usize::from(unknown.hessian > 0.0);
        (cuts > 0).then(|| first + chance.draw(self.number, node, feature, cuts))
    }

    /// Chen & Guestrin 2016, eq. 7, without γ; nothing where a side is too light.
    fn gain(&self, left: Sums, right: Sums, all: Sums) -> f64 {
        let least = f64::from(self.options.min_child_weight).max(1e-9);
        if left.hessian < least || right.hessian < least {
            return 0.0;
        }
        let score = |sums: Sums| sums.gradient * sums.gradient / (sums.hessian + f64::from(self.options.l2));
        (score(left) + score(right) - score(all)) / 2.0
    }
}

#[cfg(test)]
#[path = "train_tests.rs"]
mod tests;
