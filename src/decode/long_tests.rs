//! A long line costs as much as its parts, in steps and in memory.

use super::{Beam, Decoder, Doubt, Observed, Rescorer, changes, work};
use crate::{Learner, Model, Pair};

fn model() -> Model {
    let pair = |n: usize| Pair {
        observed: format!("the rnan saw tbe dog and the rnan rari {n}"),
        intended: format!("the man saw the dog and the man ran {n}"),
        document: format!("d{}", n % 7),
        ..Pair::default()
    };
    let learner = Learner { pairs: (0..40).map(pair).collect(), ..Learner::default() };
    Model::from_bytes(learner.learn().expect("enough to learn from").0).expect("a model")
}

/// Steps taken and trail held for a line that repeats `piece`, and how many changes were found.
fn measured(model: &Model, piece: &str, times: usize) -> (u64, usize, usize) {
    let knowledge = model.knowledge().expect("it is sound");
    // Nothing is calm, so that no part of the line tells the search to rest.
    let beam = Beam { doubt: Doubt { calm: -1.0, quiet: -1.0, ..Doubt::default() }, ..Beam::default() };
    let line = piece.repeat(times);
    let mut observed = Observed::default();
    observed.read(&line, knowledge.alphabet);
    let (mut decoder, mut near, mut rescorer) = (Decoder::default(), Decoder::default(), Rescorer::default());
    work::taken();
    let edits = decoder.decode(&knowledge, &observed, &beam).to_vec();
    let found = changes(&observed, knowledge.symbols, &edits);
    rescorer.read(&knowledge, &observed, &found);
    for (place, change) in found.iter().enumerate() {
        rescorer.near(&mut near, &knowledge, &observed, place, change, (12, 9.0));
    }
    (work::taken(), decoder.trail_capacity(), found.len())
}

#[test]
fn four_times_the_line_is_four_times_the_work() {
    let model = model();
    let piece = "the rnan saw tbe dog aud tbe rnan rari ";
    let (steps, trail, found) = measured(&model, piece, 50);
    let (more_steps, more_trail, more_found) = measured(&model, piece, 200);
    assert!(found >= 100 && more_found.abs_diff(4 * found) <= 4, "{found}, {more_found} changes");
    let ratio = more_steps as f64 / steps as f64;
    assert!((3.8..4.2).contains(&ratio), "{steps} steps, then {more_steps}: {ratio}");
    assert!(more_trail <= 2 * trail.max(1 << 12), "a trail of {trail}, then {more_trail}");
}

#[test]
fn a_line_is_read_alike_wherever_it_is_settled() {
    let model = model();
    let knowledge = model.knowledge().expect("it is sound");
    let piece = "the rnan saw tbe dog aud tbe rnan rari ";
    let n = piece.chars().count();
    let line = piece.repeat(40);
    let mut observed = Observed::default();
    observed.read(&line, knowledge.alphabet);
    let beam = Beam { doubt: Doubt { calm: -1.0, quiet: -1.0, ..Doubt::default() }, ..Beam::default() };
    let mut decoder = Decoder::default();
    let edits = decoder.decode(&knowledge, &observed, &beam);
    let of = |k: usize| -> Vec<_> {
        let own = edits.iter().filter(|e| e.at.start / n == k);
        own.map(|e| (e.at.start % n, e.at.len(), e.intended)).collect()
    };
    // Beyond the first and before the last piece every piece stands in the same company.
    for k in 2..39 {
        assert_eq!(of(k), of(1), "piece {k}");
    }
    assert!(of(1).len() >= 3, "{:?}", of(1));
}
