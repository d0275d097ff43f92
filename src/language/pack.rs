//! Writes the grapheme section: estimated levels become nodes and edges.

use zerocopy::IntoBytes;
use zerocopy::byteorder::little_endian::{U16, U32};

use super::grapheme::{Edge, Head, Node, quantised};
use super::kneser_ney::{self, Estimate};
use super::levels::{Level, Levels};
use super::prune;
use crate::counts::{NgramCounts, symbol_at};

/// How a grapheme model is estimated.
#[derive(Clone, Debug, Default)]
pub struct GraphemeOptions {
    /// The section takes at most this many bytes (n-grams of three and more symbols are pruned until it
    /// does); without, all that was counted.
    pub size_limit: Option<usize>,
}

/// Bytes of `edges` n-grams and `nodes` contexts.
pub(super) fn section_len(nodes: usize, edges: usize) -> usize {
    size_of::<Head>() + nodes * size_of::<Node>() + edges * size_of::<Edge>()
}

/// Estimates an interpolated modified Kneser–Ney model of `counts`, and writes it as a section for
/// [`GraphemeIndex`](super::GraphemeIndex): the same bytes on any number of threads.
/// `alphabet_len` is the number of symbols, unknown and boundary among them.
pub fn estimate_graphemes(counts: &NgramCounts, alphabet_len: usize, options: &GraphemeOptions) -> Vec<u8> {
    let levels = Levels::new(counts, alphabet_len);
    let all: Vec<&[u32]> = levels.all.iter().map(|level| &*level.counts).collect();
    let Some(kept) = options.size_limit.and_then(|limit| prune::kept(&levels, limit)) else {
        return pack(&levels, &kneser_ney::estimate(&levels, &all, &|_, _| true), &|_, _| true);
    };
    let kept = |depth: usize, i: usize| kept[depth][i];
    let revised = prune::revised_counts(&levels, &kept);
    let revised: Vec<&[u32]> = revised.iter().map(|counts| &**counts).collect();
    pack(&levels, &kneser_ney::estimate(&levels, &revised, &kept), &kept)
}

fn pack(levels: &Levels, estimates: &[Estimate], kept: &dyn Fn(usize, usize) -> bool) -> Vec<u8> {
    let symbols = levels.all.first().map_or(0, Level::len);
    let mut nodes = vec![Node {
        first: U32::ZERO,
        suffix: U32::ZERO,
        len: U16::new(u16::try_from(symbols).unwrap_or(u16::MAX)),
        back_off: U16::ZERO,
    }];
    // The node of the longest suffix that has one, of each n-gram of the level below and of this level.
    let mut below: Vec<u32> = Vec::new();
    let mut edges: Vec<Edge> = Vec::new();
    for (depth, level) in levels.all.iter().enumerate() {
        let children = children_of(levels, depth, kept);
        let start = edges.len();
        // Edges of the next level stand behind this level's, which are as many as are kept.
        let mut first = start + (0..level.len()).filter(|&i| kept(depth, i)).count();
        let mut states = Vec::with_capacity(level.len());
        for i in 0..level.len() {
            let suffix = if depth == 0 { 0 } else { below[kneser_ney::suffix(level, i)] };
            let children = children.get(i).copied().unwrap_or(0);
            let state = if children == 0 { suffix } else { narrow(nodes.len()) };
            if children > 0 {
                let back_off = estimates[depth + 1].back_off[i];
                nodes.push(Node {
                    first: U32::new(narrow(first)),
                    suffix: U32::new(suffix),
                    len: U16::new(children),
                    back_off: quantised(back_off),
                });
                first += usize::from(children);
            }
            states.push(state);
            if kept(depth, i) {
                edges.push(Edge {
                    symbol: U16::new(symbol_at(level.grams[i], depth)),
                    cost: quantised(estimates[depth].probability[i]),
                    next: U32::new(state),
                });
            }
        }
        below = states;
    }
    let head = Head {
        order: U32::new(narrow(levels.all.len())),
        symbols: U32::new(narrow(symbols)),
        nodes: U32::new(narrow(nodes.len())),
        edges: U32::new(narrow(edges.len())),
    };
    let mut bytes = Vec::with_capacity(section_len(nodes.len(), edges.len()));
    bytes.extend_from_slice(head.as_bytes());
    bytes.extend_from_slice(nodes.as_bytes());
    bytes.extend_from_slice(edges.as_bytes());
    bytes
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
