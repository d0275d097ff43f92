//! Noise on one line: left to right, at each place what the channel would have, as often as document, line and place
//! would have it.

use hashbrown::HashMap;

use super::make::{Made, Misread};
use super::noise::{Likes, Noise};
use super::random::{Random, mixed};
use crate::channel::Sides;
use crate::cost::exp;
use crate::counts::{Segment, Symbol};
use crate::text::{Span, graphemes};

/// What a document does to the channel.
#[derive(Debug, Default)]
pub(super) struct Mood {
    /// Rate of each way.
    rates: Vec<f64>,
    /// Sum of the rates of each run.
    sums: Vec<f64>,
    /// Rates of damage of each kind.
    damage: [f64; 3],
    /// Rate of all that may befall a symbol, or a gap, at sides.
    found: HashMap<(Option<Symbol>, Sides), f64>,
}

/// A row as it is made.
#[derive(Debug, Default)]
struct Pen {
    observed: String,
    /// Bytes of observed, and what stood there.
    misread: Vec<(usize, usize, String)>,
}

impl Pen {
    fn keep(&mut self, text: &str) {
        self.observed.push_str(text);
    }

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

/// Share of places that are rough, where places differ.
const ROUGH: f64 = 0.1;
/// The longest stretch of damage, symbols.
const LONGEST: usize = 60;
/// Levels of how much a document likes one misreading.
const LEVELS: usize = 256;

/// Calm and rough places of a line: a chain of two states.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bursts {
    factors: [f64; 2],
    memory: f64,
}

impl Bursts {
    pub(super) fn new(variance: f64, memory: f64) -> Self {
        // Mean 1 and the variance asked for, as far as no factor is below nothing.
        let apart = libm::sqrt(variance / (ROUGH * (1.0 - ROUGH))).min(1.0 / ROUGH);
        let calm = 1.0 - ROUGH * apart;
        Self { factors: [calm, calm + apart], memory }
    }

    fn next(&self, rough: bool, random: &mut Random) -> bool {
        if random.unit() < self.memory { rough } else { random.unit() < ROUGH }
    }
}

/// Factors of mean 1 and this variance, evenly spread over chance.
pub(super) fn levels(variance: f64) -> Vec<f64> {
    let mut random = Random::new(0, b"levels");
    let mut drawn: Vec<f64> = (0..LEVELS).map(|_| random.factor(variance)).collect();
    let mean = drawn.iter().sum::<f64>() / LEVELS as f64;
    drawn.iter_mut().for_each(|level| *level /= mean);
    drawn
}

impl Mood {
    /// The mood of a document whose stream is `random`.
    pub(super) fn set(&mut self, noise: &Noise, likes: &Likes, random: &mut Random) {
        let liking = random.next();
        let level = |at: usize| {
            let bits = mixed(liking ^ (at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
            noise.levels.get(usize::from(bits.to_le_bytes()[0])).copied().unwrap_or(1.0)
        };
        let ways = noise.table.ways.iter().enumerate();
        self.rates.clear();
        self.rates.extend(ways.map(|(at, way)| way.rate * likes.slips[way.slip.index()] * level(at)));
        let runs = noise.table.runs.iter();
        self.sums.clear();
        self.sums.extend(runs.map(|run| self.rates[run.ways.clone()].iter().sum::<f64>()));
        self.damage = noise.damage_rates().map(|rate| rate * likes.damage);
        self.found.clear();
    }

    /// The rate of what may befall one symbol or a gap.
    fn rate(&mut self, noise: &Noise, symbol: Option<Symbol>, sides: Sides) -> f64 {
        if let Some(&rate) = self.found.get(&(symbol, sides)) {
            return rate;
        }
        let segment = symbol.map_or_else(Segment::default, one);
        let runs = noise.table.runs_of(segment);
        let rate = runs.map(|at| self.sums[at] * noise.table.factor(&noise.table.runs[at], sides)).sum();
        self.found.insert((symbol, sides), rate);
        rate
    }

    /// One way of misreading a segment there, by chance.
    fn way(&self, noise: &Noise, segment: Segment, sides: Sides, random: &mut Random) -> Option<Segment> {
        let runs = noise.table.runs_of(segment);
        let weight = |at: usize| self.sums[at] * noise.table.factor(&noise.table.runs[at], sides);
        let run = pick(runs.clone(), weight, random)?;
        let way = pick(noise.table.runs[run].ways.clone(), |at| self.rates[at], random)?;
        let way = &noise.table.ways[way];
        if random.unit() < way.novel {
            let pool = noise.table.pool(way);
            return pool.get(random.index(pool.len())).copied();
        }
        Some(way.observed)
    }
}

fn one(symbol: Symbol) -> Segment {
    Segment::new(&[symbol]).unwrap_or_default()
}

/// One of `from`, as likely as it weighs.
fn pick(from: std::ops::Range<usize>, weight: impl Fn(usize) -> f64, random: &mut Random) -> Option<usize> {
    let sum: f64 = from.clone().map(&weight).sum();
    let mut left = random.unit() * sum;
    let mut last = None;
    for at in from {
        last = Some(at);
        left -= weight(at);
        if left < 0.0 {
            break;
        }
    }
    last
}

/// What stands before a place.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Before {
    /// Nothing that was misread.
    Nothing,
    /// A misreading.
    End,
    /// One that goes on.
    Part,
}

/// Draws noise on a line. `rate` is how often the channel's misreadings happen, 1 as often as it says.
pub(super) fn draw(noise: &Noise, mood: &mut Mood, text: &str, rate: f64, random: &mut Random) -> Made {
    let pieces: Vec<&str> = graphemes(text).map(|(_, g)| g).collect();
    let line: Vec<Symbol> = pieces.iter().map(|g| noise.alphabet.symbol(g)).collect();
    let spelled = |from: usize, to: usize| pieces.get(from..to).unwrap_or(&[]).concat();
    let mut out = Pen::default();
    let mut rough = random.unit() < ROUGH;
    let (mut at, mut before) = (0, Before::Nothing);
    while at <= line.len() {
        // What may happen here: something put in, then one to three symbols read as something else, then damage.
        let mut rates = [0.0; Segment::MOST + 1];
        rates[0] = mood.rate(noise, None, noise.shapes.sides(&line, at, at));
        let mut damages = [0.0; 3];
        if let Some(&symbol) = line.get(at) {
            damages = mood.damage;
            rates[1] = mood.rate(noise, Some(symbol), noise.shapes.sides(&line, at, at + 1));
            for len in 2..=Segment::MOST {
                if let Some(segment) = line.get(at..at + len).and_then(Segment::new) {
                    rates[len] = noise.table.runs_of(segment).map(|run| mood.sums[run]).sum();
                }
            }
        }
        let (misread, damaged): (f64, f64) = (rates.iter().sum(), damages.iter().sum());
        let scale = rate * noise.bursts.factors[usize::from(rough)];
        let happens = match before {
            Before::Nothing => 1.0 - exp(-scale * (misread + damaged)),
            // What touches is one misreading in the counts: the next symbol is right, or it all goes on.
            Before::End => 0.0,
            Before::Part => f64::from(misread > 0.0),
        };
        before = Before::Nothing;
        if happens > 0.0 && random.unit() < happens {
            let start = at;
            if random.unit() * (misread + damaged) < damaged {
                let kind = pick(0..damages.len(), |kind| damages[kind], random).unwrap_or(0);
                at = damage(noise, mood, &line, &spelled, (kind, at), random, &mut out);
                before = Before::End;
            } else {
                let len = pick(0..rates.len(), |len| rates[len], random).unwrap_or(0);
                let segment = line.get(at..at + len).and_then(Segment::new).unwrap_or_default();
                if let Some(observed) =
                    mood.way(noise, segment, noise.shapes.sides(&line, at, at + len), random)
                {
                    at += len;
                    let (from, to) = (spelled(start, at), noise.alphabet.decode(observed.symbols()));
                    if from == to {
                        out.keep(&from)
                    } else {
                        out.put(&to, &from)
                    }
                    let long = observed.len().max(len) == Segment::MOST;
                    before = if long && random.unit() < noise.company { Before::Part } else { Before::End };
                }
            }
            (start..at).for_each(|_| rough = noise.bursts.next(rough, random));
            if before != Before::Nothing {
                continue;
            }
        }
        out.keep(pieces.get(at).copied().unwrap_or(""));
        at += 1;
        rough = noise.bursts.next(rough, random);
    }
    out.done()
}

/// Draws one stretch of damage; where it ends.
fn damage(
    noise: &Noise,
    mood: &mut Mood,
    line: &[Symbol],
    spelled: &impl Fn(usize, usize) -> String,
    (kind, at): (usize, usize),
    random: &mut Random,
    out: &mut Pen,
) -> usize {
    let mean = noise.damage_lengths()[kind];
    let end = |length: usize| (at + length).min(line.len());
    let garbage = |length: usize, random: &mut Random| {
        let sides = noise.shapes.sides(line, at, at);
        let mut symbols: Vec<Symbol> = Vec::new();
        while symbols.len() < length {
            match mood.way(noise, Segment::default(), sides, random) {
                Some(segment) if !segment.is_empty() => symbols.extend(segment.symbols()),
                _ => break,
            }
        }
        noise.alphabet.decode(&symbols)
    };
    let [taken, put] = mean.map(|mean| if mean < 1.0 { 0 } else { random.times(mean, LONGEST) });
    match kind {
        0 => out.put(&garbage(put, random), ""),
        1 => out.put("", &spelled(at, end(taken))),
        _ => {
            for at in at..end(taken) {
                let sides = noise.shapes.sides(line, at, at + 1);
                let read = line.get(at).and_then(|&s| mood.way(noise, one(s), sides, random));
                let from = spelled(at, at + 1);
                let to = read.map_or_else(|| from.clone(), |s| noise.alphabet.decode(s.symbols()));
                out.put(&to, &from);
            }
        }
    }
    if kind == 0 { at } else { end(taken.max(1)) }
}
