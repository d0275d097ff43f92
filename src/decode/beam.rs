//! The beam over observed positions.

use std::ops::Range;

use hashbrown::HashMap;

use super::broad::Broad;
use super::doubt::{Listened, Surprise};
use super::hypothesis::Context;
use super::memory::WordMemory;
use super::ways::{Priced, Way, Ways, cheaper};
use super::{Beam, Knowledge, Observed, work};
use crate::counts::{Segment, Symbol};
use crate::language::State;

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
    /// What the next observed symbol costs as it stands, nats, weighted, and the state after it.
    ahead: (f32, State),
}

impl Hypothesis {
    /// What the hypothesis is compared by: its cost, and what is to come at once. A next symbol that is dear may be
    /// misread too, so that no more than [`DEAR`] counts.
    #[inline]
    fn outlook(&self) -> f32 {
        self.cost + self.ahead.0.min(DEAR)
    }
}

/// Nothing is known of what is to come.
const BLIND: (f32, State) = (0.0, State::EMPTY);

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
const DEAR: f32 = 8.0;
/// How far from the best a hypothesis may be where nothing is searched any more, nats.
const SETTLED: f32 = 5.0;
/// Share of the threshold within which a symbol that nobody observed is put in: what follows it counts already.
const INSERTED: f32 = 0.8;
/// Nothing is put in before a symbol that was to be expected: one that costs less than this, weighted, nats.
const EXPECTED: f32 = 2.0;
/// Positions at which hypotheses may stand at one time.
const RING: usize = Segment::MOST + 1;
/// No more hypotheses go on from a position, whatever a damaged model asks for.
const WIDEST: usize = 4096;
const SLOTS: usize = 2048;
/// Observed symbols after which a long line is settled.
const SETTLING: usize = 256;
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

/// How many hypotheses go on where the threshold is greatest; where it is less, so much the fewer.
#[derive(Clone, Copy, Debug)]
struct Room {
    width: usize,
    threshold: f32,
}

impl Room {
    /// How many hypotheses go on from a position of this threshold; all where nothing is searched any more.
    fn at(self, threshold: f32) -> usize {
        if threshold <= 0.0 || threshold >= self.threshold {
            return self.width;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a number")]
        let share = (self.width as f32 * threshold / self.threshold) as usize;
        share.max(1)
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
    memory: WordMemory,
    broad: Broad,
    surprise: Surprise,
    thresholds: Vec<f32>,
    /// How much cheaper an edit is at each symbol, nats; may be empty.
    ease: Vec<f32>,
    ring: [Bucket; RING],
    trail: Vec<Step>,
    alive: Vec<Hypothesis>,
    ways: Ways,
    insertions: Ways,
    /// What a symbol may stand for by itself, cheapest first; of those that came up in this model.
    alone: HashMap<Symbol, Vec<Way>>,
    priced: Priced,
    /// Step → where it moved when the line was settled.
    moved: Vec<u32>,
    found: Vec<RawEdit>,
}

impl Decoder {
    /// The edits of the best reading of a line, left to right.
    pub fn decode(&mut self, knowledge: &Knowledge<'_>, observed: &Observed, beam: &Beam) -> &[RawEdit] {
        self.surprise.read(knowledge, observed);
        self.surprise.ease(observed);
        self.ease.clone_from(&observed.ease);
        self.surprise.thresholds(&beam.doubt, &mut self.thresholds);
        self.found.clear();
        let start = Context::start(knowledge);
        let room = Room { width: beam.width.min(WIDEST), threshold: beam.doubt.most };
        self.run(knowledge, &observed.symbols, start, room, true);
        for h in &mut self.alive {
            h.cost += knowledge.weights.word * knowledge.end_word(&mut self.memory, &mut h.context);
        }
        self.alive.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.edits.cmp(&b.edits)));
        let last = self.alive.first().map_or(NONE, |h| h.trail);
        self.walk_back(last);
        &self.found
    }

    /// What the best reading of the line that was decoded last costs, nats, where the line is too short to be settled.
    #[cfg(test)]
    pub(super) fn best_cost(&self) -> Option<f32> {
        self.alive.first().map(|h| h.cost)
    }

    /// Steps that the trail has room for.
    #[cfg(test)]
    pub(super) fn trail_capacity(&self) -> usize {
        self.trail.capacity()
    }

    /// What a line tells of its document, before it is searched.
    pub fn listen(&mut self, knowledge: &Knowledge<'_>, observed: &Observed) -> Listened {
        self.surprise.read(knowledge, observed);
        self.surprise.listened()
    }

    /// The `most` best readings of one stretch of a line, each as its edits with its cost, what stands to the
    /// right included; the likeliest first.
    pub(super) fn readings(
        &mut self,
        knowledge: &Knowledge<'_>,
        observed: &Observed,
        stretch: &Stretch<'_>,
        most: usize,
    ) -> Vec<(Vec<RawEdit>, f32)> {
        // The stretch alone, or each change of a long line would cost as much as the line.
        let first = stretch.at.start;
        let symbols = observed.symbols.get(stretch.at.clone()).unwrap_or(&[]);
        self.ease.clear();
        self.ease.extend_from_slice(observed.ease.get(stretch.at.clone()).unwrap_or(&[]));
        self.surprise.clear();
        self.thresholds.clear();
        self.thresholds.resize(symbols.len() + 1, stretch.threshold);
        work::count(self.thresholds.len());
        self.run(
            knowledge,
            symbols,
            stretch.start,
            Room { width: most, threshold: stretch.threshold },
            false,
        );
        let mut ended = std::mem::take(&mut self.alive);
        for h in &mut ended {
            for &symbol in stretch.right {
                let (cost, next) = knowledge.write(&mut self.memory, &h.context, symbol);
                h.cost += cost;
                h.context = next;
            }
            h.cost += knowledge.weights.word * knowledge.end_word(&mut self.memory, &mut h.context);
        }
        ended.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.edits.cmp(&b.edits)));
        let mut readings = Vec::with_capacity(ended.len());
        for h in &ended {
            self.found.clear();
            self.walk_back(h.trail);
            let shift = |edit: &RawEdit| RawEdit { at: edit.at.start + first..edit.at.end + first, ..*edit };
            readings.push((self.found.iter().map(shift).collect(), h.cost));
        }
        self.alive = ended;
        readings
    }

    /// Runs the beam over observed symbols, from a context; what is left is in `alive`.
    fn run(
        &mut self,
        knowledge: &Knowledge<'_>,
        symbols: &[Symbol],
        start: Context,
        room: Room,
        settle: bool,
    ) {
        if self.memory.fit(knowledge) {
            self.alone.clear();
            self.broad.clear(knowledge);
            self.insertions.clear();
            let lost = knowledge.channel.readings(&[]).chain(knowledge.channel.unseen(None));
            for reading in lost {
                self.insertions.add(Way::new(knowledge, 0, reading, 0.0), f32::INFINITY);
            }
            self.insertions.order(knowledge, &[], f32::INFINITY);
        }
        self.trail.clear();
        self.ring.iter_mut().for_each(Bucket::clear);
        let first =
            Hypothesis { cost: 0.0, context: start, trail: NONE, edits: 0, inserted: false, ahead: BLIND };
        self.ring[0].add(first);
        for (at, &symbol) in symbols.iter().enumerate() {
            self.take(knowledge, at, Some(symbol), room);
            if settle && at > 0 && at % SETTLING == 0 {
                self.settle();
            }
            let threshold = if self.surprise.is_suspect(at) { self.thresholds[at] } else { 0.0 };
            if threshold > 0.0 {
                self.insert(knowledge, at, symbol, threshold, room);
            }
            self.extend(knowledge, symbols, at, threshold);
        }
        self.take(knowledge, symbols.len(), None, room);
    }

    /// Moves the best of a position's bucket into `alive`, cheapest first.
    fn take(&mut self, knowledge: &Knowledge<'_>, at: usize, next: Option<Symbol>, room: Room) {
        let threshold = self.thresholds[at.min(self.thresholds.len() - 1)];
        let width = room.at(threshold);
        let threshold = if threshold > 0.0 { threshold } else { SETTLED };
        let bucket = &mut self.ring[at % RING];
        self.alive.clear();
        let mut limit = f32::INFINITY;
        // A quote has a price that depends on the document and on what stands before.
        let plain = next.is_some_and(|s| knowledge.symbols.quote(s).is_none());
        for h in bucket.hypotheses.iter().filter(|h| h.cost <= bucket.best + threshold) {
            // Where the text was read as it stands, what comes next is known already.
            let known = self.surprise.step(at, h.context.state).filter(|_| plain);
            let ahead = match known {
                Some((nats, state)) => Some((knowledge.weights.grapheme * nats, state)),
                None => look_ahead(knowledge, h, next, limit),
            };
            let Some(ahead) = ahead else { continue };
            let new = Hypothesis { ahead, ..*h };
            limit = limit.min(new.outlook() + threshold);
            self.alive.push(new);
        }
        bucket.clear();
        self.alive.retain(|h| h.outlook() <= limit);
        cheapest(&mut self.alive, width);
    }

    /// Puts symbols in that nobody observed: each living hypothesis followed by a likely loss.
    fn insert(&mut self, knowledge: &Knowledge<'_>, at: usize, next: Symbol, threshold: f32, room: Room) {
        let Some(best) = self.alive.first().map(Hypothesis::outlook) else { return };
        let limit = best + threshold * INSERTED;
        let ease = self.eased(at);
        let count = self.alive.len();
        for k in 0..count {
            let h = self.alive[k];
            if h.ahead.0 < EXPECTED {
                continue;
            }
            let room = limit - h.cost + ease;
            self.insertions.price(knowledge, &mut self.broad, &h.context, room, &mut self.priced);
            for hit in &self.priced.hits {
                for way in self.insertions.of(hit) {
                    let base = h.cost + way.price - ease;
                    if base + hit.cost() > limit {
                        break;
                    }
                    let symbols = way.intended.symbols();
                    let new = spell(knowledge, &mut self.memory, &h, base, symbols, limit, hit.first);
                    let Some(new) = new else { continue };
                    let Some(ahead) = look_ahead(knowledge, &new, Some(next), limit) else { continue };
                    let trail = put(&mut self.trail, &h, at, way);
                    let edits = h.edits + 1;
                    self.alive.push(Hypothesis { trail, edits, inserted: true, ahead, ..new });
                }
            }
        }
        if self.alive.len() > count {
            cheapest(&mut self.alive, room.at(threshold));
        }
    }

    fn eased(&self, at: usize) -> f32 {
        self.ease.get(at).copied().unwrap_or(0.0)
    }

    /// What the observed segments from `at` on may stand for, as far as that costs no more than `most`, net of what
    /// `expected` says that the symbols behind the first cost.
    fn look_up(
        &mut self,
        knowledge: &Knowledge<'_>,
        symbols: &[Symbol],
        at: usize,
        expected: &[f32; RING],
        most: f32,
    ) {
        self.ways.clear();
        let Some(&symbol) = symbols.get(at) else { return };
        let alone = self.alone.entry(symbol).or_insert_with(|| {
            let (seen, unseen) =
                (knowledge.channel.readings(&[symbol]), knowledge.channel.unseen(Some(symbol)));
            let mut all: Vec<Way> = seen.chain(unseen).map(|r| Way::new(knowledge, 1, r, 0.0)).collect();
            all.sort_by(cheaper);
            all
        });
        for len in 2..=Segment::MOST.min(symbols.len() - at) {
            for reading in knowledge.channel.readings(&symbols[at..at + len]) {
                self.ways.add(Way::new(knowledge, len, reading, expected[len] - expected[1]), most);
            }
        }
        self.ways.order(knowledge, alone, most);
    }

    fn extend(&mut self, knowledge: &Knowledge<'_>, symbols: &[Symbol], at: usize, threshold: f32) {
        let symbol = symbols[at];
        let keep = knowledge.weights.channel * knowledge.channel.keep(symbol);
        // Where a longer segment ends the other ways have not come yet: what they will cost is guessed from the
        // costs of the text as it stands.
        let mut expected = [0.0; RING];
        for k in 0..self.alive.len() {
            let h = self.alive[k];
            let (more, context) = knowledge.read(&mut self.memory, &h.context, symbol, h.ahead.1);
            let cost = h.ahead.0 + more;
            if k == 0 && threshold > 0.0 {
                expected[1] = h.cost + keep + cost.min(DEAR);
                for len in 2..RING {
                    let costs = self.surprise.costs.get(at + len - 1);
                    expected[len] =
                        expected[len - 1] + costs.map_or(0.0, |c| (knowledge.weights.grapheme * c).min(DEAR));
                }
                let most = expected[1] + threshold - h.cost + self.eased(at);
                self.look_up(knowledge, symbols, at, &expected, most);
            }
            let kept = Hypothesis { cost: h.cost + keep + cost, context, inserted: false, ..h };
            let bucket = &mut self.ring[(at + 1) % RING];
            if threshold == 0.0 || kept.cost <= bucket.best + threshold {
                bucket.add(kept);
            }
            if threshold > 0.0 {
                self.misread(knowledge, at, &h, &expected, threshold);
            }
        }
        work::count(self.alive.len() * (1 + if threshold > 0.0 { self.ways.len() } else { 0 }));
    }

    /// Extends one hypothesis by all that the observed segments at `at` may stand for.
    fn misread(
        &mut self,
        knowledge: &Knowledge<'_>,
        at: usize,
        h: &Hypothesis,
        expected: &[f32; RING],
        threshold: f32,
    ) {
        let ease = self.eased(at);
        let limit = |bucket: &Bucket, len: usize| bucket.best.min(expected[len]) + threshold;
        let net = |len: usize| limit(&self.ring[(at + len) % RING], len) - (expected[len] - expected[1]);
        let room = (1..RING).map(net).fold(f32::NEG_INFINITY, f32::max) - h.cost + ease;
        self.ways.price(knowledge, &mut self.broad, &h.context, room, &mut self.priced);
        for hit in &self.priced.hits {
            for way in self.ways.of(hit) {
                if way.net + hit.cost() > room {
                    break;
                }
                let base = h.cost + way.price - ease;
                let bucket = &mut self.ring[(at + usize::from(way.len)) % RING];
                let limit = limit(bucket, usize::from(way.len));
                if base + hit.cost() > limit {
                    continue;
                }
                if let Some(new) =
                    spell(knowledge, &mut self.memory, h, base, way.intended.symbols(), limit, hit.first)
                {
                    let trail = put(&mut self.trail, h, at, way);
                    bucket.add(Hypothesis { trail, edits: h.edits + 1, inserted: false, ..new });
                }
            }
        }
    }

    /// Keeps a long line's memory and numbers small: the edits that all hypotheses share are certain and move to
    /// `found`, steps that none has are dropped, and costs are counted from the cheapest hypothesis on.
    fn settle(&mut self) {
        let base = self.alive.first().map_or(0.0, |h| h.cost);
        let mut live: Vec<&mut Hypothesis> = self.alive.iter_mut().collect();
        for bucket in &mut self.ring {
            bucket.best -= base;
            live.extend(bucket.hypotheses.iter_mut());
        }
        let trail = &mut self.trail;
        let before = |step: u32| trail.get(step as usize).map_or(NONE, |s| s.before);
        // Links point backwards only: of two different steps the later one is not the earlier one's ancestor.
        let shared = |mut a: u32, mut b: u32| {
            while a != b {
                if b == NONE || a != NONE && a > b { a = before(a) } else { b = before(b) }
            }
            a
        };
        let common = live.iter().map(|h| h.trail).reduce(shared).unwrap_or(NONE);
        self.moved.clear();
        self.moved.resize(trail.len(), NONE);
        for h in &live {
            let mut step = h.trail;
            while step != common && self.moved.get(step as usize) == Some(&NONE) {
                self.moved[step as usize] = 0;
                step = before(step);
            }
        }
        push_back(trail, common, &mut self.found);
        let mut kept = 0;
        for at in 0..trail.len() {
            if self.moved[at] != NONE {
                let step = trail[at];
                let before = if step.before == common { NONE } else { self.moved[step.before as usize] };
                trail[kept] = Step { before, ..step };
                self.moved[at] = index(kept);
                kept += 1;
            }
        }
        trail.truncate(kept);
        for h in live {
            h.cost -= base;
            h.trail = if h.trail == common { NONE } else { self.moved[h.trail as usize] };
        }
    }

    fn walk_back(&mut self, last: u32) {
        push_back(&self.trail, last, &mut self.found);
    }
}

/// What the next observed symbol costs a hypothesis as it stands, and the state after it; `None` if its outlook is
/// beyond `limit`.
#[inline]
fn look_ahead(
    knowledge: &Knowledge<'_>,
    h: &Hypothesis,
    next: Option<Symbol>,
    limit: f32,
) -> Option<(f32, State)> {
    let left = limit - h.cost;
    let Some(next) = next else { return (left >= 0.0).then_some(BLIND) };
    // Where all that counts of it is within the limit, it has to be known whatever it is.
    let left = if left >= DEAR { f32::INFINITY } else { left };
    if left < 0.0 { None } else { knowledge.spell(&h.context, next, left) }
}

/// Puts an edit into the trail, and gives its place.
fn put(trail: &mut Vec<Step>, from: &Hypothesis, at: usize, way: &Way) -> u32 {
    trail.push(Step { before: from.trail, at: index(at), len: way.len, intended: way.intended });
    index(trail.len() - 1)
}

/// Appends the edits of a trail that ends at `last` to `found`, left to right.
fn push_back(trail: &[Step], mut last: u32, found: &mut Vec<RawEdit>) {
    let from = found.len();
    while let Some(step) = trail.get(last as usize) {
        let at = step.at as usize;
        found.push(RawEdit { at: at..at + usize::from(step.len), intended: step.intended });
        last = step.before;
    }
    found[from..].reverse();
}

/// Writes the symbols of an edit, or `None` once that is dearer than `limit`. `first` is what the grapheme
/// model says of the first symbol, where that is known.
#[inline]
fn spell(
    knowledge: &Knowledge<'_>,
    memory: &mut WordMemory,
    from: &Hypothesis,
    mut cost: f32,
    symbols: &[Symbol],
    limit: f32,
    mut first: Option<(f32, State)>,
) -> Option<Hypothesis> {
    let mut context = from.context;
    for &symbol in symbols {
        let known = first.take();
        let (more, state) = match known {
            Some(known) => known,
            None => knowledge.spell(&context, symbol, limit - cost)?,
        };
        cost += more;
        if cost > limit {
            return None;
        }
        let (more, next) = knowledge.read(memory, &context, symbol, state);
        cost += more;
        context = next;
        if cost > limit {
            return None;
        }
    }
    Some(Hypothesis { cost, context, ..*from })
}

/// Keeps the `width` cheapest, sorted: by cost, then fewest edits, then earliest found.
fn cheapest(alive: &mut Vec<Hypothesis>, width: usize) {
    let order = |a: &Hypothesis, b: &Hypothesis| {
        a.outlook()
            .total_cmp(&b.outlook())
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
