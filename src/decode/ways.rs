//! What observed segments may stand for, by first intended symbol: a hypothesis asks the language model once for
//! all readings that begin alike.

use std::cmp::Ordering;

use super::Knowledge;
use super::broad::Broad;
use super::hypothesis::Context;
use crate::channel::Reading;
use crate::counts::{Segment, Symbol};
use crate::language::State;

/// What an observed segment may stand for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// Observed symbols.
    pub(super) len: u8,
    pub(super) intended: Segment,
    /// Weighted cost of the misreading, and of there being an edit, nats.
    pub(super) price: f32,
    /// The same, less what the observed symbols but the first would cost as they stand: ways are compared by it.
    pub(super) net: f32,
    /// The next dearer one of the same first symbol; [`LAST`] behind the last.
    next: u32,
}

const LAST: u32 = u32::MAX;

impl Way {
    /// A reading of `len` observed symbols, of which those behind the first would cost `others` as they stand.
    pub(super) fn new(knowledge: &Knowledge<'_>, len: usize, reading: Reading, others: f32) -> Self {
        let price = knowledge.weights.channel * reading.cost + knowledge.weights.edit;
        Self {
            len: u8::try_from(len).unwrap_or(0),
            intended: reading.intended,
            price,
            net: price - others,
            next: LAST,
        }
    }
}

/// By rising net price; ties: the shorter observed segment.
pub(super) fn cheaper(a: &Way, b: &Way) -> Ordering {
    a.net.total_cmp(&b.net).then(a.len.cmp(&b.len))
}
/// First symbols of which a word of bits tells.
const WORD: usize = 64;

/// Searching a context for one symbol costs as much as reading so many of its symbols.
const SEARCH: u32 = 6;

/// Ways of one first symbol, as the language model counts it.
#[derive(Clone, Copy, Debug)]
struct First {
    /// `None` where nothing was intended.
    symbol: Option<Symbol>,
    /// The weighted cost of what tells it from others that are counted so, nats.
    apart: f32,
    head: u32,
    last: u32,
}

/// A first symbol that a hypothesis can pay, with its weighted grapheme cost and the state after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    head: u32,
    pub(super) first: Option<(f32, State)>,
}

impl Hit {
    /// What the first symbol costs, nats.
    pub(super) fn cost(&self) -> f32 {
        self.first.map_or(0.0, |first| first.0)
    }
}

/// The places of the bits that are set, ascending.
#[inline]
fn bits(mut of: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = of.trailing_zeros() as usize;
        (of != 0).then(|| {
            of &= of - 1;
            at
        })
    })
}

/// The same of words, one after the other.
fn all_bits(words: &[u64]) -> impl Iterator<Item = usize> {
    words.iter().enumerate().flat_map(|(k, &word)| bits(word).map(move |bit| k * WORD + bit))
}

/// The bits of those that cost no more than `room`; prices rise. Counted, not searched: there is no branch to guess.
#[inline]
fn up_to(prices: &[f32], room: f32) -> u64 {
    let many: u32 = prices.iter().map(|&price| u32::from(price <= room)).sum();
    if many as usize >= WORD { u64::MAX } else { (1 << many) - 1 }
}

/// What is found when ways are priced, and the memory for it.
#[derive(Debug, Default)]
pub(super) struct Priced {
    /// Which first symbols are not found yet: a bit each.
    wanted: Vec<u64>,
    /// Which are, and for those of them what is.
    hit: Vec<u64>,
    found: Vec<(f32, State)>,
    pub(super) hits: Vec<Hit>,
}

impl Priced {
    /// Nothing found; wanted are those of a price within `room`.
    fn begin(&mut self, prices: &[f32], room: f32) {
        self.hits.clear();
        self.wanted.clear();
        let words = prices.chunks(WORD).map(|prices| up_to(prices, room));
        self.wanted.extend(words.take_while(|&word| word != 0));
        self.hit.clear();
        self.hit.resize(self.wanted.len(), 0);
        // What stands here from before is no hit.
        self.found.resize(self.found.len().max(self.wanted.len() * WORD), (0.0, State::EMPTY));
    }

    /// Wanted are only those of a price within `room` any more: so many.
    fn narrow(&mut self, prices: &[f32], room: f32) -> u32 {
        let both = self.wanted.iter_mut().zip(prices.chunks(WORD));
        both.map(|(wanted, prices)| {
            *wanted &= up_to(prices, room);
            wanted.count_ones()
        })
        .sum()
    }
}

/// The ways at one position.
#[derive(Debug, Default)]
pub(super) struct Ways {
    ways: Vec<Way>,
    /// What is still to be put among them.
    added: Vec<Way>,
    /// By rising net price of the cheapest.
    firsts: Vec<First>,
    /// What the cheapest way of each costs, net, nats.
    prices: Vec<f32>,
    /// Which of them are priced each by itself: a bit each.
    lone: Vec<u64>,
    /// Symbol → its place in `firsts`, one more; 0 for none.
    places: Vec<u16>,
}

impl Ways {
    pub(super) fn len(&self) -> usize {
        self.ways.len()
    }

    pub(super) fn clear(&mut self) {
        self.lone.clear();
        self.ways.clear();
        self.prices.clear();
        for first in self.firsts.drain(..) {
            if let Some(place) = first.symbol.and_then(|s| self.places.get_mut(usize::from(s))) {
                *place = 0;
            }
        }
    }

    /// Adds a way, if it costs no more than `most`.
    #[inline]
    pub(super) fn add(&mut self, way: Way, most: f32) {
        if way.net <= most {
            self.added.push(way);
        }
    }

    /// Puts what was added among `ordered` ways, as far as those cost no more than `most`: [`cheaper`] ones first, equal
    /// ones as they were added.
    pub(super) fn order(&mut self, knowledge: &Knowledge<'_>, ordered: &[Way], most: f32) {
        self.places.resize(self.places.len().max(knowledge.alphabet.len()), 0);
        let mut added = std::mem::take(&mut self.added);
        added.sort_by(cheaper);
        let mut nothing = 0;
        let mut own = added.iter().peekable();
        for way in ordered.iter().take_while(|way| way.net <= most) {
            while let Some(own) = own.next_if(|own| cheaper(own, way) == Ordering::Less) {
                self.append(knowledge, own, &mut nothing);
            }
            self.append(knowledge, way, &mut nothing);
        }
        own.for_each(|way| self.append(knowledge, way, &mut nothing));
        added.clear();
        self.added = added;
    }

    /// Puts a way behind all others; `nothing` is the place of those that intend no symbol.
    #[inline]
    fn append(&mut self, knowledge: &Knowledge<'_>, way: &Way, nothing: &mut u16) {
        let here = u32::try_from(self.ways.len()).unwrap_or(LAST);
        self.ways.push(*way);
        let intended = way.intended.symbols().first().copied();
        // A quote counts as another symbol here and there.
        let lone = intended.is_none_or(|s| knowledge.symbols.quote(s).is_some());
        let symbol = intended.map(|s| if lone { s } else { knowledge.symbols.counted(s, false) });
        let mut none = 0;
        let place = match symbol {
            Some(symbol) => self.places.get_mut(usize::from(symbol)).unwrap_or(&mut none),
            None => nothing,
        };
        if let Some(first) = usize::from(*place).checked_sub(1).and_then(|p| self.firsts.get_mut(p)) {
            self.ways[first.last as usize].next = here;
            first.last = here;
            return;
        }
        if self.firsts.len().is_multiple_of(WORD) {
            self.lone.push(0);
        }
        if let Some(bits) = self.lone.last_mut().filter(|_| lone || knowledge.weights.grapheme == 0.0) {
            *bits |= 1 << (self.firsts.len() % WORD);
        }
        let apart = intended.map_or(0.0, |s| knowledge.weights.grapheme * knowledge.symbols.told_apart(s));
        self.firsts.push(First { symbol, apart, head: here, last: here });
        self.prices.push(way.net);
        *place = u16::try_from(self.firsts.len()).unwrap_or(0);
    }

    /// Into `into` the first symbols that cost a hypothesis no more than `room`, net, with the cheapest of their ways.
    pub(super) fn price(
        &self,
        knowledge: &Knowledge<'_>,
        broad: &mut Broad,
        context: &Context,
        room: f32,
        into: &mut Priced,
    ) {
        into.begin(&self.prices, room);
        self.price_lone(knowledge, context, room, into);
        let weight = knowledge.weights.grapheme;
        for level in knowledge.graphemes.back_offs(context.state) {
            let many = into.narrow(&self.prices, room - weight * level.spent());
            if many == 0 {
                break;
            }
            let Priced { wanted, hit, found, .. } = into;
            let mut take = |slot: usize, (nats, next): (f32, State)| {
                let cost = weight * nats + self.firsts[slot].apart;
                if self.prices[slot] + cost <= room {
                    found[slot] = (cost, next);
                    hit[slot / WORD] |= 1 << (slot % WORD);
                }
            };
            if let Some(row) = broad.row(knowledge, &level) {
                for slot in all_bits(wanted) {
                    if let Some(&priced) = self.firsts[slot].symbol.and_then(|s| row.get(usize::from(s))) {
                        take(slot, (level.nats(priced), priced.next));
                    }
                }
                break;
            }
            if level.is_shorter_than(SEARCH * many) {
                for (k, symbol) in level.symbols().enumerate() {
                    let place = self.places.get(usize::from(symbol)).map_or(0, |&p| usize::from(p));
                    let slot = place.wrapping_sub(1);
                    let Some(word) = wanted.get_mut(slot / WORD) else { continue };
                    let bit = 1 << (slot % WORD);
                    if *word & bit != 0
                        && let Some(arrival) = level.at(k)
                    {
                        *word &= !bit;
                        take(slot, arrival);
                    }
                }
            } else {
                for (k, word) in wanted.iter_mut().enumerate() {
                    for bit in bits(*word) {
                        let slot = k * WORD + bit;
                        if let Some(arrival) = self.firsts[slot].symbol.and_then(|s| level.get(s)) {
                            *word &= !(1 << bit);
                            take(slot, arrival);
                        }
                    }
                }
            }
        }
        for slot in all_bits(&into.hit) {
            let (first, found) = (&self.firsts[slot], into.found[slot]);
            into.hits.push(Hit { head: first.head, first: first.symbol.map(|_| found) });
        }
    }

    /// Those that are priced each by itself.
    fn price_lone(&self, knowledge: &Knowledge<'_>, context: &Context, room: f32, into: &mut Priced) {
        for (k, (wanted, lone)) in into.wanted.iter_mut().zip(&self.lone).enumerate() {
            for slot in bits(*wanted & lone).map(|bit| k * WORD + bit) {
                let found = match self.firsts[slot].symbol {
                    Some(symbol) => knowledge.spell(context, symbol, room - self.prices[slot]),
                    None => Some((0.0, context.state)),
                };
                if let Some(found) = found {
                    into.found[slot] = found;
                    into.hit[k] |= 1 << (slot % WORD);
                }
            }
            *wanted &= !lone;
        }
    }

    /// The ways of a first symbol, cheapest first.
    pub(super) fn of(&self, hit: &Hit) -> impl Iterator<Item = &Way> {
        let mut at = hit.head;
        std::iter::from_fn(move || {
            let way = self.ways.get(at as usize)?;
            at = way.next;
            Some(way)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::memory::WordMemory;
    use crate::{Learner, Model, Pair};

    /// A model of 300 Han characters, some read as the next one.
    fn model() -> Model {
        let han = |at: u32| char::from_u32(0x4E00 + at % 300).unwrap_or('一');
        let line = |row: u32, misread: bool| -> String {
            (0..10).map(|at| han(row * 7 + at * at + u32::from(misread && at == row % 10))).collect()
        };
        let pair = |row: u32| Pair {
            observed: line(row, row.is_multiple_of(3)),
            intended: line(row, false),
            document: format!("d{}", row % 17),
            ..Pair::default()
        };
        let learner = Learner { pairs: (0..400).map(pair).collect(), ..Learner::default() };
        Model::from_bytes(learner.learn().expect("enough to learn from").0).expect("a model")
    }

    #[test]
    fn many_ways_priced_together_cost_what_each_costs_by_itself() {
        let model = model();
        let knowledge = model.knowledge().expect("it is sound");
        let symbol = |c: &str| knowledge.alphabet.symbol(c);
        let observed = symbol("丁");
        let mut ways = Ways::default();
        let seen = knowledge.channel.readings(&[observed]).chain(knowledge.channel.unseen(Some(observed)));
        let mut all: Vec<Way> = seen.map(|reading| Way::new(&knowledge, 1, reading, 0.0)).collect();
        for &way in &all {
            ways.add(way, f32::INFINITY);
        }
        ways.order(&knowledge, &[], f32::INFINITY);
        // Of those that begin alike the cheapest is priced.
        all.sort_by(cheaper);
        let mut begun = Vec::new();
        all.retain(|way| {
            let first = way.intended.symbols().first().copied();
            let is_new = !begun.contains(&first);
            begun.push(first);
            is_new
        });
        assert!(ways.firsts.len() > 2 * WORD, "more than two words of bits: {}", ways.firsts.len());
        let (mut broad, mut memory) = (Broad::default(), WordMemory::default());
        broad.clear(&knowledge);
        let mut contexts = vec![Context::start(&knowledge)];
        for c in ["一", "丁", "丂", "七"] {
            contexts.push(knowledge.write(&mut memory, contexts.last().expect("the first"), symbol(c)).1);
        }
        let mut priced = Priced::default();
        let mut found = 0;
        for context in &contexts {
            for room in [8.0, 14.0, 20.0, f32::INFINITY] {
                ways.price(&knowledge, &mut broad, context, room, &mut priced);
                let mut got: Vec<(Segment, f32)> = Vec::new();
                for hit in &priced.hits {
                    let cheapest = ways.of(hit).next().expect("one at least");
                    got.push((cheapest.intended, hit.cost()));
                }
                let alone = |way: &Way| {
                    let cost = match way.intended.symbols().first() {
                        Some(&symbol) => knowledge.spell(context, symbol, room - way.net)?.0,
                        None => 0.0,
                    };
                    (way.net + cost <= room).then_some((way.intended, cost))
                };
                let mut want: Vec<(Segment, f32)> = all.iter().filter_map(alone).collect();
                got.sort_by_key(|way| way.0);
                want.sort_by_key(|way| way.0);
                let near =
                    |(a, b): (&(Segment, f32), &(Segment, f32))| a.0 == b.0 && (a.1 - b.1).abs() < 1e-3;
                assert!(
                    got.len() == want.len() && got.iter().zip(&want).all(near),
                    "{room}: {got:?} {want:?}"
                );
                found += got.len();
            }
        }
        assert!(found > 5 * ways.firsts.len(), "all where there is room, and more: {found}");
    }
}
