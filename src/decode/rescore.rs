//! What speaks for and against each change: prices in context, and the readings that came near.

use super::beam::Stretch;
use super::hypothesis::Context;
use super::memory::WordMemory;
use super::{Change, Decoder, Knowledge, Observed};
use crate::counts::Symbol;

/// A reading of a stretch of the observed line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// What would stand there.
    pub intended: Vec<Symbol>,
    /// −ln p(observed | intended), nats.
    pub channel: f32,
    /// Grapheme cost of the stretch and of what stands to the right of it, nats.
    pub grapheme: f32,
    /// Word cost of the same, nats.
    pub word: f32,
    /// Number of edits.
    pub edits: u32,
    /// The weighted sum that the search minimises, nats.
    pub total: f32,
}

/// Symbols to the right of a change that are priced with it: beyond the memory of the n-grams nothing differs.
const RIGHT: usize = 10;
/// What a misreading counts as costing that the channel does not know, nats.
pub(crate) const UNSEEN: f32 = 12.0;

/// A corrected line, ready to price its changes.
#[derive(Debug, Default)]
pub struct Rescorer {
    memory: WordMemory,
    corrected: Vec<Symbol>,
    /// For each change: where it starts and ends in `corrected`, and the context before it.
    places: Vec<(usize, usize, Context)>,
}

impl Rescorer {
    /// Reads a line with its changes. O(length of the line).
    pub fn read(&mut self, knowledge: &Knowledge<'_>, observed: &Observed, changes: &[Change]) {
        self.memory.fit(knowledge);
        self.corrected.clear();
        self.places.clear();
        let mut at = 0;
        let mut context = Context::start(knowledge);
        for change in changes {
            for &symbol in &observed.symbols[at..change.at.start] {
                self.corrected.push(symbol);
                context = knowledge.write(&mut self.memory, &context, symbol).1;
            }
            let (start, before) = (self.corrected.len(), context);
            for symbol in change.intended(&observed.symbols) {
                self.corrected.push(symbol);
                context = knowledge.write(&mut self.memory, &context, symbol).1;
            }
            self.places.push((start, self.corrected.len(), before));
            at = change.at.end;
        }
        self.corrected.extend_from_slice(&observed.symbols[at..]);
    }

    fn right(&self, place: usize) -> &[Symbol] {
        let from = self.places.get(place).map_or(self.corrected.len(), |p| p.1);
        &self.corrected[from..self.corrected.len().min(from + RIGHT)]
    }

    /// The price of a reading at the place of the `place`-th change.
    pub fn price(
        &mut self,
        knowledge: &Knowledge<'_>,
        observed: &Observed,
        place: usize,
        change: &Change,
    ) -> Reading {
        let Some(&(_, _, start)) = self.places.get(place) else { return Reading::default() };
        let mut reading = Reading { intended: change.intended(&observed.symbols), ..Reading::default() };
        let (mut at, mut ease) = (change.at.start, 0.0);
        change.each(&observed.symbols, |o, s| {
            if o == s {
                reading.channel += o.iter().map(|&x| knowledge.channel.keep(x)).sum::<f32>();
            } else {
                reading.channel += knowledge.channel.reading(o, s).map_or(UNSEEN, |r| r.cost);
                reading.edits += 1;
                ease += observed.ease(at);
            }
            at += o.len();
        });
        // Once for the graphemes, once for the words: the weights are one number each.
        let right = self.right(place).to_vec();
        let memory = &mut self.memory;
        let mut lone = |grapheme, word| {
            let mut only = *knowledge;
            (only.weights.grapheme, only.weights.word) = (grapheme, word);
            let mut context = start;
            let mut sum = 0.0;
            for &symbol in reading.intended.iter().chain(&right) {
                let (cost, next) = only.write(memory, &context, symbol);
                sum += cost;
                context = next;
            }
            sum + word * only.end_word(memory, &mut context)
        };
        (reading.grapheme, reading.word) = (lone(1.0, 0.0), lone(0.0, 1.0));
        let w = knowledge.weights;
        reading.total = w.channel * reading.channel
            + w.grapheme * reading.grapheme
            + w.word * reading.word
            + w.edit * reading.edits as f32
            - ease;
        reading
    }

    /// The best readings at the place of the `place`-th change, the likeliest first, with the weighted costs
    /// of the search. At most `most`; those beyond `threshold` nats of the best are not looked for.
    pub fn near(
        &self,
        decoder: &mut Decoder,
        knowledge: &Knowledge<'_>,
        observed: &Observed,
        place: usize,
        change: &Change,
        (most, threshold): (usize, f32),
    ) -> Vec<(Change, f32)> {
        let Some(&(_, _, start)) = self.places.get(place) else { return Vec::new() };
        let stretch = Stretch { at: change.at.clone(), start, right: self.right(place), threshold };
        let found = decoder.readings(knowledge, observed, &stretch, most);
        found.into_iter().map(|(steps, cost)| (Change { at: change.at.clone(), steps }, cost)).collect()
    }
}
