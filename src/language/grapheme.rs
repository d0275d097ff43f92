//! The grapheme model as it is read: a back-off automaton over the bytes of its section.
//!
//! ```text
//! head   order u32, symbols u32, nodes u32, edges u32
//! nodes  one a context that continues: first edge u32, suffix u32, edges u16, back-off u16   (12 bytes)
//! edges  one an n-gram: symbol u16, cost u16, next u32                                        (8 bytes)
//! ```
//!
//! All little-endian. Node 0 is the empty context; its edges are all symbols, in order. Nodes stand by the
//! length of their context, then lexicographically, the edges of a node by symbol. `suffix` is the longest
//! proper suffix that is a node: it points backwards. `next` is the longest suffix of the n-gram that is a
//! node, so equal futures are equal states. Costs are in 1/2048 nat. One step costs the cache misses of one
//! node and its edges, times the levels that it backs off.

use zerocopy::byteorder::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::LanguageError;
use crate::counts::{Alphabet, NgramCounts, Symbol};

/// A quantised cost of 1.0 is this many nats.
const NATS: f32 = 1.0 / 2048.0;
/// Up to so many edges are searched one after the other.
const FEW: usize = 8;

#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(super) struct Head {
    pub(super) order: U32,
    pub(super) symbols: U32,
    pub(super) nodes: U32,
    pub(super) edges: U32,
}

#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(super) struct Node {
    pub(super) first: U32,
    pub(super) suffix: U32,
    pub(super) len: U16,
    pub(super) back_off: U16,
}

#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(super) struct Edge {
    pub(super) symbol: U16,
    pub(super) cost: U16,
    pub(super) next: U32,
}

const _: () = assert!(size_of::<Head>() == 16 && size_of::<Node>() == 12 && size_of::<Edge>() == 8);

/// A context of the grapheme model: all that the cost of what follows depends on. Equal states have equal
/// futures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct State(u32);

impl State {
    /// Nothing is known of what stands before.
    pub const EMPTY: Self = Self(0);

    /// The number of the state's node, for tables beside the model.
    pub fn index(self) -> u32 {
        self.0
    }
}

/// Costs in nats of graphemes after graphemes, read from a section's bytes. Whatever the bytes hold, costs
/// are finite and not negative, and every walk ends: what points nowhere reads as absent.
///
/// ```
/// use amend::counts::{Alphabet, NgramCounts, grapheme_counts};
/// use amend::language::{GraphemeIndex, GraphemeOptions, estimate_graphemes};
///
/// let lines = ["the cat sat on the mat", "the hat"];
/// let alphabet = Alphabet::from_counts(&grapheme_counts(&lines), 1);
/// let counts = NgramCounts::of_lines(5, &alphabet, &lines);
/// let section = estimate_graphemes(&counts, alphabet.len(), &GraphemeOptions::default());
/// let index = GraphemeIndex::parse(&section)?;
/// let cost = |text: &str| {
///     let mut symbols = Vec::new();
///     alphabet.encode(text, &mut symbols);
///     index.line_cost(&symbols)
/// };
/// assert!(cost("the cat") < cost("teh cat"));
/// # Ok::<(), amend::language::LanguageError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct GraphemeIndex<'a> {
    order: usize,
    start: State,
    nodes: &'a [Node],
    edges: &'a [Edge],
}

impl<'a> GraphemeIndex<'a> {
    /// A view of a section's bytes, in constant time.
    ///
    /// # Errors
    /// [`LanguageError::Length`] if the bytes are not as many as their head says.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, LanguageError> {
        let have = bytes.len() as u64;
        let short = |want| LanguageError::Length { section: "grapheme", want, have };
        let (head, body) = Head::ref_from_prefix(bytes).map_err(|_| short(size_of::<Head>() as u64))?;
        let nodes_bytes = u64::from(head.nodes.get()) * size_of::<Node>() as u64;
        let edges_bytes = u64::from(head.edges.get()) * size_of::<Edge>() as u64;
        let want = size_of::<Head>() as u64 + nodes_bytes + edges_bytes;
        if want != have {
            return Err(short(want));
        }
        let cut = usize::try_from(nodes_bytes).ok().and_then(|n| body.split_at_checked(n));
        let (nodes, edges) = cut.ok_or_else(|| short(want))?;
        let mut index = Self {
            order: usize::try_from(head.order.get()).unwrap_or(0).min(NgramCounts::MAX_ORDER),
            start: State::EMPTY,
            nodes: <[Node]>::ref_from_bytes(nodes).map_err(|_| short(want))?,
            edges: <[Edge]>::ref_from_bytes(edges).map_err(|_| short(want))?,
        };
        (_, index.start) = index.step(State::EMPTY, Alphabet::BOUNDARY);
        Ok(index)
    }

    /// The longest n-gram of the model, in symbols.
    pub fn order(&self) -> usize {
        self.order
    }

    /// How many n-grams, of all orders, have a cost of their own.
    pub fn len(&self) -> usize {
        self.edges.len()
    }

    /// Whether the model knows nothing.
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }

    /// How many states there are.
    pub fn states(&self) -> usize {
        self.nodes.len()
    }

    /// The state before a line's first grapheme.
    pub fn start(&self) -> State {
        self.start
    }

    /// The cost in nats of `symbol` in `state`, and the state after it. A symbol that the model does not
    /// have costs what [`Alphabet::UNKNOWN`] costs.
    #[inline]
    pub fn step(&self, state: State, symbol: Symbol) -> (f32, State) {
        self.walk(state, symbol, u32::MAX).unwrap_or((u32::MAX as f32 * NATS, State::EMPTY))
    }

    /// [`GraphemeIndex::step`], or `None` if that costs more than `limit` nats: mostly known after the first
    /// back-offs, and so cheaper.
    #[inline]
    pub fn step_within(&self, state: State, symbol: Symbol, limit: f32) -> Option<(f32, State)> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates, as it should")]
        self.walk(state, symbol, (limit / NATS) as u32).filter(|found| found.0 <= limit)
    }

    #[inline]
    fn walk(&self, state: State, symbol: Symbol, most: u32) -> Option<(f32, State)> {
        let mut at = state.0;
        let mut units = 0;
        for _ in 0..self.order {
            let Some(node) = self.nodes.get(at as usize) else { break };
            if at == 0 {
                break;
            }
            if let Some(edge) = find(self.edges_of(node), symbol) {
                return Some(arrived(units, edge));
            }
            units += u32::from(node.back_off.get());
            if units > most {
                return None;
            }
            // A suffix that does not point backwards is damage: the empty context always does.
            at = if node.suffix.get() < at { node.suffix.get() } else { 0 };
        }
        Some(self.unigram(units, symbol))
    }

    /// The costs of `symbols` (ascending, equal ones allowed) in `state` and the states after them, into the
    /// places of `out`: what [`GraphemeIndex::step`] gives for each, in one walk. Of more symbols than
    /// places, or places than symbols, the rest is left alone.
    pub fn expand(&self, state: State, symbols: &[Symbol], out: &mut [(f32, State)]) {
        for (symbols, out) in symbols.chunks(64).zip(out.chunks_mut(64)) {
            self.expand_few(state, symbols, out);
        }
    }

    /// [`GraphemeIndex::expand`] for at most 64 symbols: those still wanted are the bits of a word.
    fn expand_few(&self, state: State, symbols: &[Symbol], out: &mut [(f32, State)]) {
        let few = symbols.len().min(out.len());
        let mut wanted = if few >= 64 { u64::MAX } else { (1_u64 << few) - 1 };
        let mut at = state.0;
        let mut units = 0;
        for _ in 0..self.order {
            let Some(node) = self.nodes.get(at as usize) else { break };
            if at == 0 || wanted == 0 {
                break;
            }
            let mut edges = self.edges_of(node);
            let mut left = wanted;
            while left != 0 && !edges.is_empty() {
                let place = left.trailing_zeros() as usize;
                left &= left - 1;
                let symbol = symbols[place];
                let skip = skip_below(edges, symbol);
                edges = edges.get(skip..).unwrap_or_default();
                if let Some(edge) = edges.first().filter(|e| e.symbol.get() == symbol) {
                    out[place] = arrived(units, edge);
                    wanted &= !(1 << place);
                }
            }
            units += u32::from(node.back_off.get());
            at = if node.suffix.get() < at { node.suffix.get() } else { 0 };
        }
        while wanted != 0 {
            let place = wanted.trailing_zeros() as usize;
            wanted &= wanted - 1;
            out[place] = self.unigram(units, symbols[place]);
        }
    }

    /// The cost in nats of a whole line: its symbols after the line's start, and the end after them.
    pub fn line_cost(&self, symbols: &[Symbol]) -> f32 {
        let mut state = self.start();
        let mut sum = 0.0;
        for &symbol in symbols.iter().chain([&Alphabet::BOUNDARY]) {
            let (cost, next) = self.step(state, symbol);
            sum += cost;
            state = next;
        }
        sum
    }

    fn unigram(&self, units: u32, symbol: Symbol) -> (f32, State) {
        let edges = self.nodes.first().map_or(&[][..], |root| self.edges_of(root));
        match edges.get(usize::from(symbol)).or(edges.first()) {
            Some(edge) => arrived(units, edge),
            None => ((units + u32::from(u16::MAX)) as f32 * NATS, State::EMPTY),
        }
    }

    #[inline]
    fn edges_of(&self, node: &Node) -> &'a [Edge] {
        let first = node.first.get() as usize;
        self.edges.get(first..first.saturating_add(usize::from(node.len.get()))).unwrap_or_default()
    }
}

#[inline]
fn arrived(units: u32, edge: &Edge) -> (f32, State) {
    ((units + u32::from(edge.cost.get())) as f32 * NATS, State(edge.next.get()))
}

#[inline]
fn find(edges: &[Edge], symbol: Symbol) -> Option<&Edge> {
    let at = if edges.len() <= FEW { 0 } else { edges.partition_point(|e| e.symbol.get() < symbol) };
    edges.get(at..)?.iter().take(FEW).find(|e| e.symbol.get() == symbol)
}

/// How many of the ascending edges have symbols below `symbol`, galloping.
#[inline]
fn skip_below(edges: &[Edge], symbol: Symbol) -> usize {
    let mut reach = 1;
    while edges.get(reach - 1).is_some_and(|e| e.symbol.get() < symbol) {
        reach *= 2;
    }
    let start = reach / 2;
    let window = edges.get(start..(reach - 1).min(edges.len())).unwrap_or_default();
    start + window.partition_point(|e| e.symbol.get() < symbol)
}

/// The quantised cost of a probability.
pub(super) fn quantised(probability: f64) -> U16 {
    let nats = -crate::cost::ln(probability.clamp(f64::MIN_POSITIVE, 1.0));
    let units = (nats / f64::from(NATS)).round();
    #[allow(clippy::cast_possible_truncation, reason = "brought into range before")]
    U16::new(units.clamp(0.0, f64::from(u16::MAX)) as u16)
}
