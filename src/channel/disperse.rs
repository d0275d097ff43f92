//! The dispersion of noise from pairs, document by document.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use rayon::prelude::*;

use super::dispersion::{Damage, Dispersion, DocumentNoise, Layout, Rare, Wrecks};
use super::estimate::{ChannelOptions, is_known};
use super::lean::{Leans, Places};
use super::looks::Looks;
use super::shape::Shapes;
use super::slip::Slip;
use crate::cost::{exp, ln, narrow};
use crate::counts::{Alphabet, ConfusionCounts, Misread, Misreading, Segment, Segmenter, Symbol, SymbolPair};

/// Documents kept.
const DOCUMENTS: usize = 128;
/// Distances, in symbols, at which misreadings near each other are counted: two bands, and their middles.
const BANDS: [RangeInclusive<usize>; 2] = [2..=4, 5..=11];
const MIDDLES: [f64; 2] = [3.0, 8.0];
/// Marks that end a sentence, or follow what ends it.
const ENDS: [&str; 7] = [".", "!", "?", "\"", "”", "’", "'"];

impl Dispersion {
    /// Looks at the pairs of each document. `counts` are those that the channel is estimated from.
    pub fn estimate(alphabet: &Alphabet, counts: &ConfusionCounts, documents: &[Vec<&SymbolPair>]) -> Self {
        let eye = Eye {
            alphabet,
            shapes: Shapes::new(alphabet),
            segmenter: Segmenter::new(alphabet, counts),
            ends: ENDS.map(|end| alphabet.symbol(end)),
        };
        let seen: Vec<Seen> = documents.par_iter().map(|rows| Seen::of(&eye, rows)).collect();
        let step = seen.len().div_ceil(DOCUMENTS).max(1);
        let kept = seen.iter().step_by(step).map(|one| one.noise.clone()).collect();
        let mut all = Seen::default();
        seen.into_iter().for_each(|one| all.add(one));
        let Leans { forms, own } = all.places.leans(&eye.shapes);
        Self { documents: kept, rare: rare(counts), forms, own, ..all.dispersion() }
    }
}

/// What the channel leaves out of what was counted.
fn rare(counts: &ConfusionCounts) -> Vec<Rare> {
    let mut of_observed: BTreeMap<Segment, Vec<(Segment, u32)>> = BTreeMap::new();
    for (&(observed, intended), &count) in &counts.confusions {
        if is_known(observed, intended) {
            of_observed.entry(observed).or_default().push((intended, count));
        }
    }
    let mut rare = Vec::new();
    for (observed, mut row) in of_observed {
        row.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        rare.extend(row.into_iter().skip(ChannelOptions::default().readings).map(|(intended, count)| {
            let occurrences = counts.occurrences.get(&intended).copied().unwrap_or(0).max(count);
            Rare { observed, intended, count, occurrences }
        }));
    }
    rare
}

/// What one looks with.
struct Eye<'a> {
    alphabet: &'a Alphabet,
    shapes: Shapes,
    segmenter: Segmenter,
    ends: [Symbol; ENDS.len()],
}

/// What was seen in one document, or in all.
#[derive(Default)]
struct Seen {
    noise: DocumentNoise,
    symbols: u64,
    /// Squares of lines beyond chance, and what they are to be divided by.
    lines: [f64; 2],
    /// The same of places, in each band.
    near: [[f64; 2]; 2],
    /// Pairs that are the same misreading, and pairs of any, of each slip.
    repeats: [[f64; 2]; Slip::COUNT],
    /// Misreadings by slip.
    segments: BTreeMap<(usize, Segment, Segment), u32>,
    /// Misreadings that another one follows at once, and those of the greatest length.
    company: [u32; 2],
    /// Rows, symbols and misreadings of rows that can be read, and of those that cannot.
    wrecks: [[u64; 3]; 2],
    damage: [Damage; 3],
    places: Places,
    lengths: Vec<u32>,
    sentences: u32,
    marks: BTreeMap<Symbol, u32>,
}

impl Seen {
    fn of(eye: &Eye<'_>, rows: &[&SymbolPair]) -> Self {
        let mut seen = Self::default();
        let texts: Vec<String> = rows.iter().map(|pair| eye.alphabet.decode(&pair.intended)).collect();
        seen.noise.looks = Looks::of(texts.iter().map(String::as_str));
        let mut lines: Vec<(usize, Vec<usize>)> = Vec::new();
        for pair in rows {
            let misread = eye.segmenter.misread(pair);
            seen.row(eye, &pair.intended, &misread);
            lines.push((pair.intended.len(), misread.segments.iter().map(|m| m.at).collect()));
        }
        seen.symbols = u64::from(seen.noise.symbols);
        seen.spread(&lines);
        for (repeats, [same, n]) in seen.repeats.iter_mut().zip(same(&seen.segments)) {
            // Weighed by what was seen, or the noisiest documents would speak for all.
            *repeats = if n > 1.0 { [same / n, n - 1.0] } else { [0.0; 2] };
        }
        seen
    }

    fn row(&mut self, eye: &Eye<'_>, line: &[Symbol], misread: &Misread) {
        let shapes = &eye.shapes;
        self.noise.rows += 1;
        self.noise.symbols += number(line.len());
        self.lengths.push(number(line.len()));
        self.sentences += u32::from(line.last().is_some_and(|last| eye.ends.contains(last)));
        for &symbol in line.iter().filter(|s| shapes.is_mark(**s)) {
            *self.marks.entry(symbol).or_default() += 1;
        }
        for at in 0..=line.len() {
            self.places.stood(Segment::default(), shapes.sides(line, at, at));
            if let Some(one) = line.get(at).and_then(|&s| Segment::new(&[s])) {
                self.places.stood(one, shapes.sides(line, at, at + 1));
            }
        }
        for (k, m) in misread.segments.iter().enumerate() {
            self.misreading(eye, line, m, misread.hopeless);
            let next = misread.segments.get(k + 1);
            self.company[0] += u32::from(next.is_some_and(|next| next.at == m.at + m.intended.len()));
            self.company[1] += u32::from(m.observed.len().max(m.intended.len()) == Segment::MOST);
        }
        for d in &misread.damage {
            let kind = if d.intended.is_empty() { 0 } else { 1 + usize::from(!d.observed.is_empty()) };
            self.damage[kind].add(Damage {
                stretches: 1,
                intended: number(d.intended.len()),
                observed: number(d.observed.len()),
            });
        }
        self.noise.damaged += number(misread.damage.len()) + u32::from(misread.hopeless);
        let row = [1, line.len() as u64, misread.segments.len() as u64];
        sum(&mut self.wrecks[usize::from(misread.hopeless)], row);
    }

    fn misreading(&mut self, eye: &Eye<'_>, line: &[Symbol], m: &Misreading, hopeless: bool) {
        let [observed, intended] = [m.observed, m.intended].map(|s| eye.alphabet.decode(s.symbols()));
        let slip = Slip::of(&observed, &intended).index();
        self.noise.slips[slip] += 1;
        if hopeless {
            return;
        }
        *self.segments.entry((slip, m.observed, m.intended)).or_default() += 1;
        if m.intended.len() <= 1 {
            let sides = eye.shapes.sides(line, m.at, m.at + m.intended.len());
            self.places.misread(m.observed, m.intended, sides);
        }
    }

    /// How unevenly misreadings fall on lines, each a length with places, and on the places of a line.
    fn spread(&mut self, lines: &[(usize, Vec<usize>)]) {
        let symbols: usize = lines.iter().map(|line| line.0).sum();
        let found: usize = lines.iter().map(|line| line.1.len()).sum();
        if found < 2 {
            return;
        }
        // All is divided by the rate: documents are weighed by what was expected, or the noisiest would speak for all.
        let rate = found as f64 / symbols.max(1) as f64;
        for (length, places) in lines {
            let (mean, n) = (rate * *length as f64, places.len() as f64);
            sum(&mut self.lines, [((n - mean) * (n - mean) - n) / rate, mean * mean / rate]);
            for (band, near) in BANDS.iter().zip(&mut self.near) {
                let pairs = places.iter().enumerate().map(|(k, at)| {
                    places[k + 1..].iter().filter(|next| band.contains(&next.saturating_sub(*at))).count()
                });
                let pairs = pairs.sum::<usize>() as f64 / rate;
                sum(near, [pairs, band.clone().map(|gap| length.saturating_sub(gap) as f64 * rate).sum()]);
            }
        }
    }

    fn add(&mut self, other: Self) {
        self.noise.rows += other.noise.rows;
        self.symbols += other.symbols;
        sum(&mut self.lines, other.lines);
        self.near.iter_mut().zip(other.near).for_each(|(own, theirs)| sum(own, theirs));
        self.repeats.iter_mut().zip(other.repeats).for_each(|(own, theirs)| sum(own, theirs));
        self.wrecks.iter_mut().zip(other.wrecks).for_each(|(own, theirs)| sum(own, theirs));
        sum(&mut self.company, other.company);
        self.damage.iter_mut().zip(other.damage).for_each(|(own, theirs)| own.add(theirs));
        for (key, n) in other.segments {
            *self.segments.entry(key).or_default() += n;
        }
        for (mark, n) in other.marks {
            *self.marks.entry(mark).or_default() += n;
        }
        self.places.add(other.places);
        self.lengths.extend(other.lengths);
        self.sentences += other.sentences;
    }

    /// What is known of all together.
    fn dispersion(mut self) -> Dispersion {
        let excess = |[sum, of]: [f64; 2]| if of > 0.0 { (sum / of).max(0.0) } else { 0.0 };
        let lines = excess(self.lines);
        // Beside what lines differ by: it falls off by `memory` a symbol, so that two bands give both.
        let [near, far] = self.near.map(|band| (excess(band) - 1.0 - lines).max(0.0));
        let (mut bursts, mut memory) = (0.0, 0.0);
        if near > 0.0 {
            memory = exp(ln((far / near).clamp(0.05, 0.95)) / (MIDDLES[1] - MIDDLES[0]));
            bursts = near / exp(MIDDLES[0] * ln(memory));
        }
        let [read, wrecked] = self.wrecks.map(|sums| sums.map(|n| n as f64));
        let rate = |[_, symbols, found]: [f64; 3]| found / symbols.max(1.0);
        let times = if rate(read) > 0.0 { rate(wrecked) / rate(read) } else { 1.0 };
        self.lengths.sort_unstable();
        let last = self.lengths.len().saturating_sub(1);
        Dispersion {
            symbols: self.symbols,
            lines: narrow(lines),
            segments: narrow(self.repeated()),
            bursts: narrow(bursts),
            memory: narrow(memory),
            company: narrow(f64::from(self.company[0]) / f64::from(self.company[1].max(1))),
            wrecks: Wrecks {
                share: narrow(wrecked[0] / (wrecked[0] + read[0]).max(1.0)),
                times: narrow(times),
            },
            damage: self.damage,
            layout: Layout {
                lengths: (0..=10).filter_map(|n| self.lengths.get(last * n / 10).copied()).collect(),
                sentences: narrow(f64::from(self.sentences) / f64::from(self.noise.rows.max(1))),
                marks: self.marks.into_iter().collect(),
            },
            ..Dispersion::default()
        }
    }

    /// Variance of a misreading's share between documents: how much oftener two of one document are the same than two
    /// of any.
    fn repeated(&self) -> f64 {
        let (mut found, mut expected) = (0.0, 0.0);
        for (repeats, [same, n]) in self.repeats.iter().zip(same(&self.segments)) {
            found += repeats[0];
            expected += repeats[1] * same / (n * (n - 1.0)).max(1.0);
        }
        if expected > 0.0 { (found / expected - 1.0).max(0.0) } else { 0.0 }
    }
}

impl Damage {
    fn add(&mut self, other: Self) {
        self.stretches += other.stretches;
        self.intended += other.intended;
        self.observed += other.observed;
    }
}

/// Of each slip, ordered pairs of two that are the same misreading, and how many misreadings there are.
fn same(segments: &BTreeMap<(usize, Segment, Segment), u32>) -> [[f64; 2]; Slip::COUNT] {
    let mut same = [[0.0; 2]; Slip::COUNT];
    for (&(slip, _, _), &n) in segments {
        let n = f64::from(n);
        sum(&mut same[slip], [n * (n - 1.0), n]);
    }
    same
}

fn sum<T: std::ops::AddAssign, const N: usize>(to: &mut [T; N], other: [T; N]) {
    to.iter_mut().zip(other).for_each(|(own, theirs)| *own += theirs);
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
