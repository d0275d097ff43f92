//! The slow judge: every reading of a short line, priced by the decoding equation, nothing pruned.
//!
//! A reading puts at most one insertion before each observed symbol, as the beam does, and none behind the last.

use super::hypothesis::Context;
use super::memory::WordMemory;
use super::{Beam, Decoder, Doubt, Knowledge, Observed};
use crate::counts::{Segment, Symbol};
use crate::{Learner, Model, Pair};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// A line in the making.
#[derive(Clone, Debug)]
struct Partial {
    cost: f32,
    context: Context,
    intended: Vec<Symbol>,
}

impl Partial {
    /// The line with `intended` put for something, at a price that is not the language's.
    fn with(&self, knowledge: &Knowledge<'_>, price: f32, intended: &[Symbol]) -> Self {
        let mut next = self.clone();
        next.cost += price;
        for &symbol in intended {
            let (cost, context) = knowledge.write(&mut WordMemory::default(), &next.context, symbol);
            next.cost += cost;
            next.context = context;
        }
        next.intended.extend_from_slice(intended);
        next
    }
}

struct Judge<'k> {
    knowledge: &'k Knowledge<'k>,
    observed: &'k Observed,
    best: Option<Partial>,
    readings: usize,
}

impl<'k> Judge<'k> {
    /// The cheapest reading, and how many there are.
    fn of(knowledge: &'k Knowledge<'k>, observed: &'k Observed) -> (Partial, usize) {
        let mut judge = Self { knowledge, observed, best: None, readings: 0 };
        let start = Partial { cost: 0.0, context: Context::start(knowledge), intended: Vec::new() };
        judge.insert(0, &start);
        (judge.best.expect("the line as it stands is a reading"), judge.readings)
    }

    /// λc·channel + λe, less what makes edits cheaper there.
    fn price(&self, at: usize, nats: f32) -> f32 {
        self.knowledge.weights.channel * nats + self.knowledge.weights.edit - self.observed.ease(at)
    }

    fn insert(&mut self, at: usize, line: &Partial) {
        if at == self.observed.symbols.len() {
            let mut line = line.clone();
            line.cost += self.knowledge.weights.word
                * self.knowledge.end_word(&mut WordMemory::default(), &mut line.context);
            self.readings += 1;
            if self.best.as_ref().is_none_or(|best| line.cost < best.cost) {
                self.best = Some(line);
            }
            return;
        }
        self.read(at, line);
        let channel = self.knowledge.channel;
        for way in channel.readings(&[]).chain(channel.unseen(None)) {
            self.read(at, &line.with(self.knowledge, self.price(at, way.cost), way.intended.symbols()));
        }
    }

    fn read(&mut self, at: usize, line: &Partial) {
        let symbol = self.observed.symbols[at];
        let keep = self.knowledge.weights.channel * self.knowledge.channel.keep(symbol);
        self.insert(at + 1, &line.with(self.knowledge, keep, &[symbol]));
        for len in 1..=Segment::MOST.min(self.observed.symbols.len() - at) {
            for way in self.knowledge.channel.readings(&self.observed.symbols[at..at + len]) {
                let next = line.with(self.knowledge, self.price(at, way.cost), way.intended.symbols());
                self.insert(at + len, &next);
            }
        }
        for way in self.knowledge.channel.unseen(Some(symbol)) {
            self.insert(at + 1, &line.with(self.knowledge, self.price(at, way.cost), way.intended.symbols()));
        }
    }
}

/// Few letters and a channel that inserts, deletes, splits and merges.
fn model() -> Model {
    let rows = [
        ("the rn an", "the man"),
        ("tbe man", "the man"),
        ("he rnet the nien", "he met the men"),
        ("the ten rnen", "the ten men"),
        ("tl1e hat", "the hat"),
        ("a man me t ten", "a man met ten"),
        ("a mat in the ht", "a mat in the hat"),
        ("thhe man ate", "the man ate"),
        ("theman ate a nat", "the man ate a nat"),
        ("he bit a mn", "he bit a man"),
        ("bed in the tin", "bed in the tin"),
    ];
    let pair = |n: usize| {
        let (observed, intended) = rows[n % rows.len()];
        Pair {
            observed: observed.to_owned(),
            intended: intended.to_owned(),
            document: format!("d{}", n % 13),
            ..Pair::default()
        }
    };
    let learner = Learner { pairs: (0..99).map(pair).collect(), ..Learner::default() };
    Model::from_bytes(learner.learn().expect("enough to learn from").0).expect("a model")
}

/// What the judge can look at: two symbols (nothing and the space) that may be read as what they never were.
fn knowledge(model: &Model) -> Knowledge<'_> {
    let all = model.knowledge().expect("it is sound");
    Knowledge { channel: all.channel.with_willing(2), ..all }
}

/// A beam that drops nothing.
fn full() -> Beam {
    let doubt = Doubt { floor: 1e4, slope: 0.0, calm: -1.0, quiet: -1.0, most: 1e4, ..Doubt::default() };
    Beam { width: 1 << 20, doubt, ..Beam::default() }
}

/// What both say of a line in which edits are cheaper by these nats, over and over; `None` where they say the same.
fn difference(knowledge: &Knowledge<'_>, line: &str, ease: &[f32]) -> Option<String> {
    let mut observed = Observed::default();
    observed.read(line, knowledge.alphabet);
    observed.ease = ease.iter().copied().cycle().take(observed.symbols.len()).collect();
    let (best, _) = Judge::of(knowledge, &observed);
    let mut decoder = Decoder::default();
    let edits = decoder.decode(knowledge, &observed, &full()).to_vec();
    let cost = decoder.best_cost().unwrap_or(f32::INFINITY);
    let mut beam = Vec::new();
    let mut at = 0;
    for edit in &edits {
        beam.extend_from_slice(&observed.symbols[at..edit.at.start]);
        beam.extend_from_slice(edit.intended.symbols());
        at = edit.at.end;
    }
    beam.extend_from_slice(&observed.symbols[at..]);
    // Sums in another order differ in the last bits; equally good readings may differ.
    let same = (cost - best.cost).abs() <= 1e-3;
    (!same).then(|| {
        let text = |symbols: &[Symbol]| knowledge.alphabet.decode(symbols);
        format!(
            "{line:?}: beam {:?} at {cost}, judge {:?} at {}",
            text(&beam),
            text(&best.intended),
            best.cost
        )
    })
}

#[test]
fn the_full_beam_finds_what_the_judge_finds() {
    let model = model();
    let knowledge = knowledge(&model);
    let lines = ["", "a", "tbe", "rnan", "me t", "thhe", "th", "tl1e", "he ht", "rn rn", "theman", "nien  a"];
    let wrong: Vec<String> = lines.iter().filter_map(|line| difference(&knowledge, line, &[])).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let mut observed = Observed::default();
    observed.read("rnan", knowledge.alphabet);
    let (best, readings) = Judge::of(&knowledge, &observed);
    assert!(readings > 50, "{readings} readings: the channel is not empty");
    assert_eq!(knowledge.alphabet.decode(&best.intended), "man");
}

#[test]
fn the_full_beam_finds_what_the_judge_finds_in_any_short_line() {
    let model = model();
    let knowledge = knowledge(&model);
    let config = ProptestConfig {
        cases: 200,
        rng_seed: RngSeed::Fixed(5),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let eases = proptest::collection::vec(-2.0_f32..2.0, 0..3);
    proptest!(config, |(line in "[thenmarbi1l ]{0,6}", ease in eases)| {
        prop_assert_eq!(difference(&knowledge, &line, &ease), None);
    });
}
