//! The beam over observed positions.

use std::ops::Range;

use super::hypothesis::Context;
use super::{Beam, Knowledge, Observed, doubt};
use crate::channel::Reading;
use crate::counts::{Segment, Symbol};

/// One step of the best reading that is not "as it stands".
#[derive(Clone, Debug, PartialEq)]
pub struct RawEdit {
    /// Observed symbols.
    pub at: Range<usize>,
    /// What they stand for.
    pub intended: Segment,
}

/// No edit yet.
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Hypothesis {
    cost: f32,
    context: Context,
    /// Last edit, in the trail.
    trail: u32,
    edits: u32,
    /// An intended symbol was just put in without an observed one; another may not follow.
    inserted: bool,
}

/// An edit in the trail, and the one before it.
#[derive(Clone, Copy, Debug)]
struct Step {
    before: u32,
    at: u32,
    len: u8,
    intended: Segment,
}

/// Hypotheses at one position, at most one a context.
#[derive(Debug)]
struct Bucket {
    hypotheses: Vec<Hypothesis>,
    best: f32,
    slots: Vec<(u32, u32)>,
    round: u32,
}

/// A symbol that costs more than this is taken for misread, and its cost no measure of what is to come, nats.
const DEAR: f32 = 6.0;
const SLOTS: usize = 2048;
const PROBES: usize = 8;

impl Default for Bucket {
    fn default() -> Self {
        Self { hypotheses: Vec::new(), best: f32::INFINITY, slots: vec![(0, 0); SLOTS], round: 1 }
    }
}

impl Bucket {
    fn clear(&mut self) {
        self.hypotheses.clear();
        self.best = f32::INFINITY;
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.slots.fill((0, 0));
            self.round = 1;
        }
    }

    /// Adds a hypothesis unless one of equal context is cheaper (ties: fewer edits, then the earlier one).
    fn add(&mut self, new: Hypothesis) {
        self.best = self.best.min(new.cost);
        let key = new.context.key();
        #[allow(clippy::cast_possible_truncation, reason = "any bits of the hash serve")]
        let start = key as usize;
        for probe in 0..PROBES {
            let slot = &mut self.slots[(start + probe) % SLOTS];
            if slot.0 != self.round {
                *slot = (self.round, u32::try_from(self.hypotheses.len()).unwrap_or(u32::MAX));
                break;
            }
            if let Some(old) = self.hypotheses.get_mut(slot.1 as usize).filter(|h| h.context.key() == key) {
                if (new.cost, new.edits) < (old.cost, old.edits) {
                    *old = new;
                }
                return;
            }
        }
        self.hypotheses.push(new);
    }
}

/// A piece of a line, and what stands around it.
#[derive(Clone, Debug)]
pub(super) struct Stretch<'a> {
    pub(super) at: Range<usize>,
    pub(super) start: Context,
    pub(super) right: &'a [Symbol],
    pub(super) threshold: f32,
}

/// Memory of the search, used again for line after line.
#[derive(Debug, Default)]
pub struct Decoder {
    costs: Vec<f32>,
    thresholds: Vec<f32>,
    ring: [Bucket; Segment::MOST + 1],
    trail: Vec<Step>,
    alive: Vec<Hypothesis>,
    readings: Vec<(u8, Reading)>,
    /// What the cheapest hypothesis is expected to cost one symbol further.
    expected: f32,
    insertions: Vec<Reading>,
    found: Vec<RawEdit>,
}

impl Decoder {
    /// The edits of the best reading of a line, left to right.
    pub fn decode(&mut self, knowledge: &Knowledge<'_>, observed: &Observed, beam: &Beam) -> &[RawEdit] {
        doubt::thresholds(&beam.doubt, knowledge, observed, &mut self.costs, &mut self.thresholds);
        self.found.clear();
        let start = Context::start(knowledge);
        self.run(knowledge, &observed.symbols, 0..observed.symbols.len(), start, beam.width, true);
        for h in &mut self.alive {
            h.cost += knowledge.weights.word * knowledge.end_word(&mut h.context);
        }
        self.alive.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.edits.cmp(&b.edits)));
        let last = self.alive.first().map_or(NONE, |h| h.trail);
        self.walk_back(last);
        &self.found
    }

    /// The `most` best readings of one stretch of a line, each as its edits with its cost, what stands to the
    /// right included; the likeliest first.
    pub(super) fn readings(
        &mut self,
        knowledge: &Knowledge<'_>,
        symbols: &[Symbol],
        stretch: &Stretch<'_>,
        most: usize,
    ) -> Vec<(Vec<RawEdit>, f32)> {
        self.thresholds.clear();
        self.thresholds.resize(symbols.len() + 1, stretch.threshold);
        self.run(knowledge, symbols, stretch.at.clone(), stretch.start, most, false);
        let mut ended = std::mem::take(&mut self.alive);
        for h in &mut ended {
            for &symbol in stretch.right {
                let (cost, next) = knowledge.write(&h.context, symbol);
                h.cost += cost;
                h.context = next;
            }
            h.cost += knowledge.weights.word * knowledge.end_word(&mut h.context);
        }
        ended.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.edits.cmp(&b.edits)));
        let mut readings = Vec::with_capacity(ended.len());
        for h in &ended {
            self.found.clear();
            self.walk_back(h.trail);
            readings.push((self.found.clone(), h.cost));
        }
        self.alive = ended;
        readings
    }

    /// Runs the beam over the observed symbols `range`, from a context; what is left is in `alive`.
    fn run(
        &mut self,
        knowledge: &Knowledge<'_>,
        symbols: &[Symbol],
        range: Range<usize>,
        start: Context,
        width: usize,
        settle: bool,
    ) {
        self.insertions.clear();
        self.insertions.extend(knowledge.channel.readings(&[]));
        self.insertions.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        self.trail.clear();
        self.ring.iter_mut().for_each(Bucket::clear);
        let first = Hypothesis { cost: 0.0, context: start, trail: NONE, edits: 0, inserted: false };
        self.ring[range.start % (Segment::MOST + 1)].add(first);
        for at in range.clone() {
            self.take(at, width);
            let threshold = self.thresholds[at];
            if threshold > 0.0 {
                self.insert(knowledge, at, threshold, width);
                self.look_up(knowledge, &symbols[..range.end], at);
            } else {
                self.readings.clear();
                if settle {
                    self.settle(at);
                }
            }
            self.extend(knowledge, symbols, at, threshold);
        }
        self.take(range.end, width);
    }

    /// Moves the best of a position's bucket into `alive`, cheapest first.
    fn take(&mut self, at: usize, width: usize) {
        let threshold = self.thresholds[at.min(self.thresholds.len() - 1)];
        let bucket = &mut self.ring[at % (Segment::MOST + 1)];
        let limit = bucket.best + if threshold > 0.0 { threshold } else { 8.0 };
        self.alive.clear();
        self.alive.extend(bucket.hypotheses.iter().filter(|h| h.cost <= limit));
        bucket.clear();
        cheapest(&mut self.alive, width);
    }

    /// Puts symbols in that nobody observed: each living hypothesis followed by a likely loss.
    fn insert(&mut self, knowledge: &Knowledge<'_>, at: usize, threshold: f32, width: usize) {
        let Some(best) = self.alive.first().map(|h| h.cost) else { return };
        let limit = best + threshold;
        let count = self.alive.len();
        for k in 0..count {
            let h = self.alive[k];
            for reading in &self.insertions {
                let base = h.cost + knowledge.weights.channel * reading.cost + knowledge.weights.edit;
                if base > limit {
                    break;
                }
                if let Some(new) = spell(knowledge, &h, base, reading.intended.symbols(), limit) {
                    let step = Step { before: h.trail, at: index(at), len: 0, intended: reading.intended };
                    let trail = index(self.trail.len());
                    self.trail.push(step);
                    self.alive.push(Hypothesis { trail, edits: h.edits + 1, inserted: true, ..new });
                }
            }
        }
        if self.alive.len() > count {
            cheapest(&mut self.alive, width);
        }
    }

    /// What the observed segments from `at` on may stand for, the likeliest first.
    fn look_up(&mut self, knowledge: &Knowledge<'_>, symbols: &[Symbol], at: usize) {
        self.readings.clear();
        for len in 1..=Segment::MOST.min(symbols.len() - at) {
            let found = knowledge.channel.readings(&symbols[at..at + len]);
            self.readings.extend(found.map(|r| (u8::try_from(len).unwrap_or(1), r)));
        }
        self.readings.sort_by(|a, b| a.1.cost.total_cmp(&b.1.cost).then(a.0.cmp(&b.0)));
    }

    fn extend(&mut self, knowledge: &Knowledge<'_>, symbols: &[Symbol], at: usize, threshold: f32) {
        let symbol = symbols[at];
        let keep = knowledge.weights.channel * knowledge.channel.keep(symbol);
        let ring = Segment::MOST + 1;
        for k in 0..self.alive.len() {
            let h = self.alive[k];
            let (cost, context) = knowledge.write(&h.context, symbol);
            if k == 0 {
                self.expected = h.cost + keep + cost.min(DEAR);
            }
            let kept = Hypothesis { cost: h.cost + keep + cost, context, inserted: false, ..h };
            let bucket = &mut self.ring[(at + 1) % ring];
            if threshold == 0.0 || kept.cost <= bucket.best + threshold {
                bucket.add(kept);
            }
            for &(len, reading) in &self.readings {
                let to = at + usize::from(len);
                let bucket = &mut self.ring[to % ring];
                let base = h.cost + knowledge.weights.channel * reading.cost + knowledge.weights.edit;
                // Where a longer segment ends the other ways have not come yet: they are guessed from the costs of
                // the text as it stands.
                let ahead =
                    self.costs.get(at + 1..to).unwrap_or(&[]).iter().map(|c| c.min(DEAR)).sum::<f32>();
                let limit = bucket.best.min(self.expected + ahead) + threshold;
                if base > limit {
                    continue;
                }
                if let Some(new) = spell(knowledge, &h, base, reading.intended.symbols(), limit) {
                    let trail = index(self.trail.len());
                    self.trail.push(Step { before: h.trail, at: index(at), len, intended: reading.intended });
                    bucket.add(Hypothesis { trail, edits: h.edits + 1, inserted: false, ..new });
                }
            }
        }
    }

    /// Where nothing is searched and one hypothesis is left, its edits are certain: they move to `found`
    /// and the trail is emptied, so that memory does not grow with the line.
    fn settle(&mut self, at: usize) {
        let [only] = self.alive.as_mut_slice() else { return };
        let later =
            (1..=Segment::MOST).any(|k| !self.ring[(at + k) % (Segment::MOST + 1)].hypotheses.is_empty());
        if later || self.trail.is_empty() {
            return;
        }
        let last = std::mem::replace(&mut only.trail, NONE);
        only.cost = 0.0;
        only.edits = 0;
        self.walk_back(last);
        self.trail.clear();
    }

    fn walk_back(&mut self, mut last: u32) {
        let from = self.found.len();
        while let Some(step) = self.trail.get(last as usize) {
            let at = step.at as usize;
            self.found.push(RawEdit { at: at..at + usize::from(step.len), intended: step.intended });
            last = step.before;
        }
        self.found[from..].reverse();
    }
}

/// Writes the symbols of an edit, or `None` once that is dearer than `limit`.
fn spell(
    knowledge: &Knowledge<'_>,
    from: &Hypothesis,
    mut cost: f32,
    symbols: &[Symbol],
    limit: f32,
) -> Option<Hypothesis> {
    let mut context = from.context;
    for &symbol in symbols {
        let (more, next) = knowledge.write_within(&context, symbol, limit - cost)?;
        cost += more;
        context = next;
    }
    Some(Hypothesis { cost, context, ..*from })
}

/// Keeps the `width` cheapest, sorted: by cost, then fewest edits, then earliest found.
fn cheapest(alive: &mut Vec<Hypothesis>, width: usize) {
    let order = |a: &Hypothesis, b: &Hypothesis| {
        a.cost
            .total_cmp(&b.cost)
            .then(a.edits.cmp(&b.edits))
            .then(a.trail.cmp(&b.trail))
            .then(a.inserted.cmp(&b.inserted))
    };
    if alive.len() > width {
        alive.select_nth_unstable_by(width, order);
        alive.truncate(width);
    }
    alive.sort_unstable_by(order);
}

fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX - 1)
}
