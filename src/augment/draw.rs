//! Noise on one line: left to right, at each place what the channel would have, as often as document, line and place
//! would have it.

use std::ops::Range;

use super::make::{Made, Misread};
use super::noise::{Noise, Slip};
use super::random::{Random, mixed};
use crate::cost::exp;
use crate::counts::{Segment, Symbol};
use crate::text::{Span, graphemes};

/// Places are calm or rough by turns (a chain of two states: Gilbert 1960, "Capacity of a burst-noise channel"): the share
/// that is rough, what is misread there beside the mean, and how often a symbol hands its state on.
const ROUGH: f64 = 0.07;
const ROUGHNESS: f64 = 8.0;
const CALMNESS: f64 = (1.0 - ROUGH * ROUGHNESS) / (1.0 - ROUGH);
const MEMORY: f64 = 0.78;
/// A misreading of the greatest length may be a piece of a longer one, which goes on.
const GOES_ON: f64 = 0.6;
/// Variance of how much a document has of each kind of misreading.
const SLIPS: f64 = 0.7;

/// Damage: a stretch put in, taken out, or read as something else throughout.
#[derive(Clone, Copy, Debug)]
struct Damage {
    /// Stretches a symbol.
    rate: f64,
    /// Mean length, symbols.
    length: f64,
}

const PUT_IN: Damage = Damage { rate: 9e-5, length: 20.0 };
const TAKEN_OUT: Damage = Damage { rate: 5e-5, length: 14.0 };
const EXCHANGED: Damage = Damage { rate: 7e-5, length: 8.0 };
const DAMAGE: f64 = PUT_IN.rate + TAKEN_OUT.rate + EXCHANGED.rate;
/// The longest stretch of damage, symbols.
const LONGEST: usize = 60;

/// What a document does to the channel.
#[derive(Debug, Default)]
pub(super) struct Mood {
    /// Rate of each way.
    rates: Vec<f64>,
    /// Sum of the rates of each run.
    sums: Vec<f64>,
}

impl Mood {
    /// The mood of a document whose stream is `random`.
    pub(super) fn set(&mut self, noise: &Noise, random: &mut Random) {
        let slips: [f64; Slip::COUNT] = std::array::from_fn(|_| random.factor(SLIPS));
        let liking = random.next();
        let level = |at: usize| {
            let bits = mixed(liking ^ (at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
            noise.levels.get(usize::from(bits.to_le_bytes()[0])).copied().unwrap_or(1.0)
        };
        self.rates.clear();
        self.rates.extend(
            noise.ways.iter().enumerate().map(|(at, way)| way.rate * slips[way.slip as usize] * level(at)),
        );
        self.sums.clear();
        self.sums.extend(noise.runs.iter().map(|run| self.rates[run.clone()].iter().sum::<f64>()));
    }

    fn rate(&self, noise: &Noise, segment: Segment) -> f64 {
        noise.run_of(segment).map_or(0.0, |run| self.sums[run])
    }

    /// One way of misreading a segment, by chance.
    fn read(&self, noise: &Noise, segment: Segment, random: &mut Random) -> Option<Segment> {
        let run = noise.runs[noise.run_of(segment)?].clone();
        Some(noise.ways[pick(run, |way| self.rates[way], random)?].observed)
    }
}

/// One of `from`, as likely as it weighs.
fn pick(from: Range<usize>, weight: impl Fn(usize) -> f64, random: &mut Random) -> Option<usize> {
    let mut left = random.unit() * from.clone().map(&weight).sum::<f64>();
    let mut last = None;
    for at in from.filter(|&at| weight(at) > 0.0) {
        last = Some(at);
        left -= weight(at);
        if left < 0.0 {
            break;
        }
    }
    last
}

/// A row as it is made.
#[derive(Debug, Default)]
struct Pen {
    observed: String,
    /// Bytes of observed, and what stood there.
    misread: Vec<(usize, usize, String)>,
}

impl Pen {
    /// Reads `intended` as `observed`. What touches is one place.
    fn put(&mut self, observed: &str, intended: &str) {
        let start = self.observed.len();
        self.observed.push_str(observed);
        match self.misread.last_mut() {
            Some((_, end, before)) if *end == start => {
                *end = self.observed.len();
                before.push_str(intended);
            }
            _ => self.misread.push((start, self.observed.len(), intended.to_owned())),
        }
    }

    fn done(self) -> Made {
        let Self { observed, misread } = self;
        let place = |(start, end, intended): (usize, usize, String)| {
            let span = Span::new(&observed, start, end)?;
            (span.of(&observed) != intended).then_some(Misread { span, intended })
        };
        let misread = misread.into_iter().filter_map(place).collect();
        Made { observed, misread }
    }
}

/// A line that noise is drawn on.
struct Line<'l> {
    noise: &'l Noise,
    mood: &'l Mood,
    pieces: Vec<&'l str>,
    symbols: Vec<Symbol>,
}

/// Draws noise on a line. `rate` is how often the channel's misreadings happen, 1 as often as it says.
pub(super) fn draw(noise: &Noise, mood: &Mood, text: &str, rate: f64, random: &mut Random) -> Made {
    let pieces: Vec<&str> = graphemes(text).map(|(_, g)| g).collect();
    let symbols = pieces.iter().map(|g| noise.alphabet.symbol(g)).collect();
    Line { noise, mood, pieces, symbols }.draw(rate, random)
}

impl Line<'_> {
    fn draw(&self, rate: f64, random: &mut Random) -> Made {
        let mut pen = Pen::default();
        let mut rough = random.unit() < ROUGH;
        let (mut at, mut goes_on, mut stray) = (0, false, None);
        while at <= self.symbols.len() {
            // What may happen here: something put in, one to three symbols read as something else, damage.
            let rates: [f64; Segment::MOST + 1] = std::array::from_fn(|len| {
                self.segment(at, len).map_or(0.0, |s| self.mood.rate(self.noise, s))
            });
            let all = rates.iter().sum::<f64>() + DAMAGE;
            let happens = 1.0 - exp(-rate * all * if rough { ROUGHNESS } else { CALMNESS });
            let start = at;
            if let Some(observed) = stray.take_if(|observed| self.has_room(at, *observed)) {
                pen.put(&self.noise.alphabet.decode(observed.symbols()), "");
            } else if std::mem::take(&mut goes_on) || random.unit() < happens {
                if random.unit() * all < DAMAGE {
                    at = self.damage(at, random, &mut pen);
                } else {
                    let len = pick(0..rates.len(), |len| rates[len], random).unwrap_or(0);
                    let read = self.segment(at, len).and_then(|s| self.mood.read(self.noise, s, random));
                    if let Some(observed) = read.filter(|_| len == 0)
                        && !self.has_room(at, observed)
                    {
                        stray = Some(observed);
                    } else if let Some(observed) = read {
                        pen.put(&self.noise.alphabet.decode(observed.symbols()), &self.spelled(at, at + len));
                        at += len;
                        goes_on = observed.len().max(len) == Segment::MOST && random.unit() < GOES_ON;
                    }
                }
            }
            if !goes_on {
                // What touches is one misreading in the counts, so the next symbol is right.
                pen.observed.push_str(self.pieces.get(at).copied().unwrap_or(""));
                at += 1;
            }
            for _ in start..at {
                rough = if random.unit() < MEMORY { rough } else { random.unit() < ROUGH };
            }
        }
        pen.done()
    }

    /// Whether something can be put in here. Rows have no two spaces side by side, and what a space parts from a word
    /// stands where the word ends: else it waits for the next place that has room.
    fn has_room(&self, at: usize, observed: Segment) -> bool {
        let space = self.noise.alphabet.symbol(" ");
        let is_space = |symbol: Option<&Symbol>| symbol.is_none_or(|&s| s == space);
        let before = is_space(at.checked_sub(1).and_then(|before| self.symbols.get(before)));
        let after = is_space(self.symbols.get(at));
        let (first, last) =
            (observed.symbols().first() == Some(&space), observed.symbols().last() == Some(&space));
        match (first, last) {
            (true, true) => !before && !after,
            (true, false) => !before && after,
            (false, true) => !after,
            (false, false) => true,
        }
    }

    fn segment(&self, at: usize, len: usize) -> Option<Segment> {
        self.symbols.get(at..at + len).and_then(Segment::new)
    }

    fn spelled(&self, from: usize, to: usize) -> String {
        self.pieces.get(from..to).unwrap_or(&[]).concat()
    }

    /// One stretch of damage; where it ends.
    fn damage(&self, at: usize, random: &mut Random, pen: &mut Pen) -> usize {
        let kinds = [PUT_IN, TAKEN_OUT, EXCHANGED];
        let kind = pick(0..kinds.len(), |kind| kinds[kind].rate, random).unwrap_or(0);
        let length = random.times(kinds[kind].length, LONGEST);
        let end = (at + length).min(self.symbols.len());
        let read = |segment, random: &mut Random| self.mood.read(self.noise, segment, random);
        match kind {
            0 => {
                let put = (0..length).map_while(|_| read(Segment::default(), random));
                let symbols: Vec<Symbol> = put.flat_map(|s| s.symbols().to_vec()).take(length).collect();
                pen.put(&self.noise.alphabet.decode(&symbols), "");
                return at;
            }
            1 => pen.put("", &self.spelled(at, end)),
            _ => {
                for at in at..end {
                    let from = self.spelled(at, at + 1);
                    let observed = self.segment(at, 1).and_then(|s| read(s, random));
                    let to = observed.map(|s| self.noise.alphabet.decode(s.symbols()));
                    pen.put(to.as_deref().unwrap_or(&from), &from);
                }
            }
        }
        end
    }
}
