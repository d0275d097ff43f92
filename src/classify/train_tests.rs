use super::*;
use crate::classify::Calibration;

const ONE_STUMP: Options = Options {
    trees: 1,
    depth: 1,
    learning_rate: 1.0,
    min_child_weight: 0.0,
    l2: 1.0,
    bins: 64,
    chance: None,
};

/// Reproducible noise: Marsaglia's xorshift64.
struct Noise(u64);

impl Noise {
    fn unit(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1_u32 << 24) as f32
    }
}

fn table(rows: &[&[f32]]) -> Rows {
    let mut table = Rows::new(rows[0].len());
    for row in rows {
        table.push(row);
    }
    table
}

#[test]
fn first_split_and_leaves_are_those_of_the_hand() {
    // Balanced labels: base 0, p = 1/2, gradient ∓1/2, hessian 1/4 a row. Feature 1 parts them: G = ±1, H = 1/2,
    // leaf = ∓1 / (1/2 + 1) = ±2/3; feature 0 does not.
    let rows = table(&[&[0.0, 1.0], &[1.0, 2.0], &[0.0, 3.0], &[1.0, 4.0]]);
    let forest = train(&rows, &[false, false, true, true], &[1.0; 4], &ONE_STUMP);
    let nodes = &forest.trees[0].0;
    assert_eq!(forest.base, 0.0);
    let question = nodes[0].question.unwrap();
    assert_eq!((question.feature, question.cut, question.left, nodes[0].value), (1, 2.5, 1, 0.0));
    assert_eq!((nodes[1].value, nodes[2].value), (-2.0 / 3.0, 2.0 / 3.0));
}

#[test]
fn weights_count_like_copies_and_nothing_counts_nothing() {
    let rows = table(&[&[1.0], &[2.0], &[3.0], &[2.0]]);
    let forest = train(&rows, &[false, true, true, false], &[2.0, 1.0, 1.0, 0.0], &ONE_STUMP);
    // Σw yes = no = 2: base 0; left G = 1, H = 1/2.
    assert_eq!(forest.trees[0].0[1].value, -2.0 / 3.0);
}

#[test]
fn the_first_of_equal_features_is_asked() {
    let rows = table(&[&[5.0, 1.0, 1.0], &[5.0, 2.0, 2.0]]);
    let forest = train(&rows, &[false, true], &[1.0; 2], &ONE_STUMP);
    assert_eq!(forest.trees[0].0[0].question.unwrap().feature, 1);
}

#[test]
fn unknown_values_go_where_they_gain() {
    for unknown in [false, true] {
        let rows = table(&[&[1.0], &[2.0], &[f32::NAN], &[f32::NAN]]);
        let forest = train(&rows, &[false, true, unknown, unknown], &[1.0; 4], &ONE_STUMP);
        assert_eq!(forest.trees[0].0[0].question.unwrap().unknown_left, !unknown);
        assert_eq!(forest.margin(&[f32::NAN]) > 0.0, unknown);
    }
    // That a value is missing may be all there is to know.
    let rows = table(&[&[1.0], &[1.0], &[f32::NAN], &[f32::NAN]]);
    let forest = train(&rows, &[false, false, true, true], &[1.0; 4], &ONE_STUMP);
    assert!(forest.margin(&[7.0]) < 0.0 && forest.margin(&[f32::NAN]) > 0.0);
    // Never seen missing: with the many.
    let rows = table(&[&[1.0], &[2.0], &[2.0]]);
    let forest = train(&rows, &[true, false, false], &[1.0; 3], &ONE_STUMP);
    assert!(forest.margin(&[f32::NAN]) < 0.0);
}

/// Rows of which two features tell the label together, but one label in ten is wrong.
fn noisy_xor(count: usize, seed: u64) -> (Rows, Vec<bool>) {
    let mut noise = Noise(seed);
    let (mut rows, mut labels) = (Rows::new(6), Vec::new());
    for _ in 0..count {
        let row: Vec<f32> = (0..6).map(|_| noise.unit()).collect();
        labels.push(((row[1] > 0.5) != (row[4] > 0.5)) != (noise.unit() < 0.1));
        rows.push(&row);
    }
    (rows, labels)
}

#[test]
fn learns_what_no_single_feature_tells() {
    let (rows, labels) = noisy_xor(4000, 1);
    let weights = vec![1.0; labels.len()];
    let forest = train(&rows, &labels, &weights, &Options::default());
    // One label in ten is wrong, so 90 % is all there is to reach.
    let (fresh, truth) = noisy_xor(4000, 99);
    let right = (0..fresh.len()).filter(|at| (forest.margin(fresh.row(*at)) > 0.0) == truth[*at]).count();
    assert!(right > 3400, "{right} of 4000");
    let row = [0.5, 0.2, 0.5, 0.5, 0.8, 0.5];
    let parts = forest.contributions(&row);
    let sum = parts.features.iter().fold(parts.base, |sum, part| sum + part);
    assert!(sum > 1.0 && (sum - forest.margin(&row)).abs() < 1e-4);
    let mut two: Vec<usize> = parts.strongest(2).iter().map(|(feature, _)| *feature).collect();
    two.sort_unstable();
    assert_eq!(two, [1, 4]);
}

#[test]
fn margins_out_of_fold_do_not_know_the_label() {
    // Labels are noise: in-sample margins follow them, out-of-fold ones do not.
    let mut noise = Noise(7);
    let (mut rows, mut labels) = (Rows::new(8), Vec::new());
    for _ in 0..600 {
        let row: Vec<f32> = (0..8).map(|_| noise.unit()).collect();
        rows.push(&row);
        labels.push(noise.unit() < 0.5);
    }
    let weights = vec![1.0; labels.len()];
    let folds: Vec<usize> = (0..labels.len()).map(|k| k % 5).collect();
    let CrossFit { margins: outside, trees } =
        cross_fit(&rows, &labels, &weights, &folds, &Options::default());
    assert_eq!(trees, Options::default().trees >> 4, "the fewest do least harm");
    let forest = train(&rows, &labels, &weights, &Options::default());
    let right = |margins: &[f32]| margins.iter().zip(&labels).filter(|(m, yes)| (**m > 0.0) == **yes).count();
    let inside: Vec<f32> = (0..rows.len()).map(|at| forest.margin(rows.row(at))).collect();
    assert!(right(&inside) > 540, "{}", right(&inside));
    assert!((240..360).contains(&right(&outside)), "{}", right(&outside));
}

#[test]
fn as_many_trees_as_do_best_out_of_fold() {
    let (rows, labels) = noisy_xor(1500, 1);
    let weights = vec![1.0; labels.len()];
    let folds: Vec<usize> = (0..labels.len()).map(|k| k % 3).collect();
    let options = Options { trees: 80, ..Options::default() };
    let found = cross_fit(&rows, &labels, &weights, &folds, &options);
    assert!([40, 80].contains(&found.trees), "five see little of it: {}", found.trees);
    // The margins are those of forests of just so many trees.
    let others: Vec<f32> = folds.iter().map(|&fold| if fold == 1 { 0.0 } else { 1.0 }).collect();
    let forest = train(&rows, &labels, &others, &Options { trees: found.trees, ..options });
    for at in (1..rows.len()).step_by(3) {
        assert_eq!(found.margins[at], forest.margin(rows.row(at)));
    }
}

#[test]
fn threads_change_nothing() {
    let (rows, labels) = noisy_xor(1500, 1);
    let weights: Vec<f32> = (0..labels.len()).map(|k| 1.0 + (k % 7) as f32 / 3.0).collect();
    let options = Options { trees: 20, ..Options::default() };
    let forests = [1, 2].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| train(&rows, &labels, &weights, &options))
    });
    assert_eq!(forests[0], forests[1]);
    assert_eq!(forests[0].trees(), 20);
}

#[test]
fn nothing_to_learn_is_no_harm() {
    let one = table(&[&[1.0], &[1.0]]);
    for (rows, labels) in
        [(Rows::new(3), vec![]), (Rows::new(0), vec![true]), (one.clone(), vec![true, false])]
    {
        let forest = train(&rows, &labels, &vec![1.0; labels.len()], &Options::default());
        assert_eq!((forest.trees(), forest.probability(&[1.0])), (0, 0.5));
    }
    let forest = train(&one, &[true, true], &[f32::NAN, 3.0], &Options::default());
    assert!(forest.probability(&[1.0]) > 0.8);
}

#[test]
fn a_forest_comes_back_from_its_bytes_as_it_was() {
    let (rows, labels) = noisy_xor(1000, 3);
    let weights = vec![1.0; labels.len()];
    let forest = train(&rows, &labels, &weights, &Options::default());
    let margins = cross_fit(&rows, &labels, &weights, &vec![0; 1000], &Options::default()).margins;
    let forest = forest.calibrated(Calibration::fit(&margins, &labels, &weights));
    let bytes = bincode::serde::encode_to_vec(&forest, bincode::config::standard()).unwrap();
    let (back, read): (Forest, usize) =
        bincode::serde::decode_from_slice(&bytes, bincode::config::standard()).unwrap();
    assert_eq!((&back, read), (&forest, bytes.len()));
    let nodes: usize = forest.trees.iter().map(|tree| tree.0.len()).sum();
    assert!(bytes.len() < 12 * nodes + 200, "{} bytes for {nodes} nodes", bytes.len());
}

#[test]
fn what_is_left_to_chance_comes_again_with_its_seed_alone() {
    let (rows, labels) = noisy_xor(1500, 1);
    let weights = vec![1.0; labels.len()];
    let grown = |seed, features| {
        let chance = Some(Chance { seed, features });
        train(&rows, &labels, &weights, &Options { trees: 60, chance, ..Options::default() })
    };
    let forest = grown(1, 1.0);
    assert_eq!(forest, grown(1, 1.0));
    assert_ne!(forest, grown(2, 1.0));
    let right = (0..rows.len()).filter(|&at| (forest.margin(rows.row(at)) > 0.0) == labels[at]).count();
    assert!(right * 10 > rows.len() * 8, "{right} of {}", rows.len());
    assert_eq!(grown(1, 0.0).trees(), 0, "who looks at nothing learns nothing");
    // Each tree looks at about half of the features, and not all at the same.
    let half = Chance { seed: 1, features: 0.5 };
    let looked: Vec<usize> =
        (0..50).map(|tree| (0..40).filter(|&f| half.looks_at(tree, f)).count()).collect();
    let all: usize = looked.iter().sum();
    assert!((900..1_100).contains(&all) && looked.iter().all(|&n| n > 5 && n < 35), "{looked:?}");
}

#[test]
fn a_drawn_cut_has_something_on_either_side() {
    let chance = |seed| Options { chance: Some(Chance { seed, features: 1.0 }), ..ONE_STUMP };
    let rows = table(&[&[1.0], &[2.0], &[3.0], &[4.0]]);
    let mut drawn = [false; 3];
    for seed in 0..40 {
        let forest = train(&rows, &[false, false, true, true], &[1.0; 4], &chance(seed));
        let cut = forest.trees[0].0[0].question.unwrap().cut;
        drawn[[1.5, 2.5, 3.5].iter().position(|c| *c == cut).unwrap()] = true;
    }
    assert_eq!(drawn, [true; 3]);
    // Where all that is known is alike, the unknown are parted from it.
    let rows = table(&[&[1.0], &[1.0], &[f32::NAN]]);
    let forest = train(&rows, &[false, false, true], &[1.0; 3], &chance(0));
    assert!(forest.margin(&[f32::NAN]) > forest.margin(&[1.0]));
    let rows = table(&[&[1.0], &[1.0]]);
    assert_eq!(train(&rows, &[false, true], &[1.0; 2], &chance(0)).trees(), 0);
}
