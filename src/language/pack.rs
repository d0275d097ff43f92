//! Writes the grapheme section: estimated levels become nodes and edges.

use zerocopy::IntoBytes;
use zerocopy::byteorder::little_endian::U32;

use super::grapheme::{Head, Widths, section_len, written};
use super::kneser_ney::{self, Estimate, suffix};
use super::levels::{Level, Levels};
use super::prune;
use crate::counts::{NgramCounts, symbol_at};

/// How a grapheme model is estimated.
#[derive(Clone, Debug, Default)]
pub struct GraphemeOptions<'c> {
    /// The section takes at most this many bytes (n-grams of three and more symbols are pruned until it
    /// does); without, all that was counted.
    pub size_limit: Option<usize>,
    /// What was counted in a part of the text, and the share (0–1) that a model of it alone has in the model: merged counts let a
    /// small part be heard in long n-grams only, since the shorter ones are counted by what stands before them.
    pub part: Option<(&'c NgramCounts, f64)>,
}

/// Estimates an interpolated modified Kneser–Ney model of `counts`, and writes it as a section for
/// [`GraphemeIndex`](super::GraphemeIndex): the same bytes on any number of threads.
/// `alphabet_len` is the number of symbols, unknown and boundary among them.
pub fn estimate_graphemes(
    counts: &NgramCounts,
    alphabet_len: usize,
    options: &GraphemeOptions<'_>,
) -> Vec<u8> {
    let levels = Levels::new(counts, alphabet_len);
    let chosen = options.size_limit.and_then(|limit| prune::kept(&levels, limit));
    let kept = |depth: usize, i: usize| chosen.as_ref().is_none_or(|kept| kept[depth][i]);
    let estimate = |levels: &Levels| {
        let revised = chosen.as_ref().map(|_| prune::revised_counts(levels, &kept));
        let counts: Vec<&[u32]> = match &revised {
            Some(revised) => revised.iter().map(|counts| &**counts).collect(),
            None => levels.all.iter().map(|level| &*level.counts).collect(),
        };
        kneser_ney::estimate(levels, &counts, &kept)
    };
    let whole = estimate(&levels);
    let estimates = match options.part {
        Some((part, share)) if share > 0.0 => {
            kneser_ney::mixed(&levels, whole, &estimate(&levels.of_part(part)), share, &kept)
        }
        _ => whole,
    };
    pack(&levels, &estimates, &kept)
}

fn pack(levels: &Levels, estimates: &[Estimate], kept: &dyn Fn(usize, usize) -> bool) -> Vec<u8> {
    let symbols = levels.all.first().map_or(0, Level::len);
    let children: Vec<Vec<u16>> =
        (0..levels.all.len()).map(|depth| children_of(levels, depth, kept)).collect();
    let (states, units) = places(levels, &children, 1 + symbols);
    let len = section_len(symbols, units);

    let mut bytes = vec![0; size_of::<Head>()];
    bytes.reserve(len);
    let widths = Widths::of(symbols, units);
    let mut writer = Writer { levels, estimates, states: &states, widths, nodes: 0, grams: 0, bytes };
    writer.node(0, 0, 0, 0..symbols);
    for (depth, (level, children)) in levels.all.iter().zip(&children).enumerate() {
        let Some(above) = levels.all.get(depth + 1) else { break };
        let mut at = 0;
        for (i, &len) in children.iter().enumerate() {
            let start = at;
            while above.context.get(at).is_some_and(|&context| context as usize == i) {
                at += 1;
            }
            if len > 0 {
                let shorter = if depth == 0 { 0 } else { states[depth - 1][suffix(level, i)] };
                let back_off = written(estimates[depth + 1].back_off[i]);
                writer.node(shorter, back_off, depth + 1, (start..at).filter(|&i| kept(depth + 1, i)));
            }
        }
    }
    writer.finish(symbols)
}

/// The place of the node of the longest suffix that has one (the n-gram itself among them), of each n-gram of
/// each level; and how many units all nodes take, of which the root takes the first so many.
fn places(levels: &Levels, children: &[Vec<u16>], root: usize) -> (Vec<Vec<u32>>, usize) {
    let mut end = root;
    let mut states: Vec<Vec<u32>> = Vec::with_capacity(children.len());
    for (level, children) in levels.all.iter().zip(children) {
        let below = states.last();
        let places = children.iter().enumerate().map(|(i, &len)| {
            if len == 0 {
                return below.map_or(0, |below| below[suffix(level, i)]);
            }
            let at = narrow(end);
            end += 1 + usize::from(len);
            at
        });
        let places = places.collect();
        states.push(places);
    }
    (states, end)
}

struct Writer<'a> {
    levels: &'a Levels,
    estimates: &'a [Estimate],
    states: &'a [Vec<u32>],
    widths: Widths,
    nodes: usize,
    grams: usize,
    bytes: Vec<u8>,
}

impl Writer<'_> {
    /// Writes a node and its n-grams, which are at `places` of the level at `depth`.
    fn node(&mut self, suffix: u32, back_off: u8, depth: usize, places: impl Iterator<Item = usize> + Clone) {
        let Widths { symbol, place } = self.widths;
        let len = places.clone().count();
        self.number(suffix, place);
        self.bytes.push(back_off);
        self.number(narrow(len), symbol);
        for i in places.clone() {
            self.number(symbol_at(self.levels.all[depth].grams[i], depth).into(), symbol);
        }
        self.bytes.extend(places.clone().map(|i| written(self.estimates[depth].probability[i])));
        for i in places {
            self.number(self.states[depth][i], place);
        }
        self.nodes += 1;
        self.grams += len;
    }

    /// Writes a number into so many bytes, which it fits.
    fn number(&mut self, number: u32, width: usize) {
        self.bytes.extend(number.to_le_bytes().into_iter().take(width));
    }

    fn finish(mut self, symbols: usize) -> Vec<u8> {
        let head = Head {
            order: U32::new(narrow(self.levels.all.len())),
            symbols: U32::new(narrow(symbols)),
            nodes: U32::new(narrow(self.nodes)),
            grams: U32::new(narrow(self.grams)),
        };
        for (to, from) in self.bytes.iter_mut().zip(head.as_bytes()) {
            *to = *from;
        }
        self.bytes
    }
}

/// How many n-grams of the level above are kept behind each n-gram of level `depth`.
fn children_of(levels: &Levels, depth: usize, kept: &dyn Fn(usize, usize) -> bool) -> Vec<u16> {
    let mut children = vec![0_u16; levels.all[depth].len()];
    if let Some(above) = levels.all.get(depth + 1) {
        for (_, &context) in above.context.iter().enumerate().filter(|&(i, _)| kept(depth + 1, i)) {
            children[context as usize] = children[context as usize].saturating_add(1);
        }
    }
    children
}

/// A place as it is written. More than four thousand million n-grams fit no memory that learning would have.
fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
