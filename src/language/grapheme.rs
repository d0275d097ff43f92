//! The grapheme model as it is read: a back-off automaton over the bytes of its section.
//!
//! ```text
//! head    order u32, symbols u32, nodes u32, n-grams u32, words of 4 bytes that follow u32
//! node    suffix u32, length u16, back-off u16; as many symbols u16; as many times cost u16, next u32
//! ```
//!
//! All little-endian; one node a context that continues, one behind the other, so that a step reads one run of
//! bytes for each level that it backs off. A node is named by its place in words of 4 bytes behind the head.
//! The first is the empty context; its symbols are all there are, in order. Nodes stand by the length of
//! their context, then lexicographically, the symbols of a node rise. `suffix` is the longest proper suffix
//! that is a node: it points backwards. `next` is the longest suffix of the n-gram that is a node, so equal
//! futures are equal states. Costs are in 1/2048 nat.

use zerocopy::byteorder::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::LanguageError;
use crate::counts::{Alphabet, NgramCounts, Symbol};

/// A quantised cost of 1.0 is this many nats.
const NATS: f32 = 1.0 / 2048.0;
/// So many symbols are compared at once.
const AT_ONCE: usize = 16;
/// Nodes are named in units of so many bytes.
pub(super) const WORD: usize = 4;

#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(super) struct Head {
    pub(super) order: U32,
    pub(super) symbols: U32,
    pub(super) nodes: U32,
    pub(super) grams: U32,
    pub(super) words: U32,
}

#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(super) struct Node {
    pub(super) suffix: U32,
    pub(super) len: U16,
    pub(super) back_off: U16,
}

/// What a symbol costs in a node, and the node after it.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(super) struct Arrival {
    pub(super) cost: U16,
    pub(super) next: U32,
}

/// Bytes of a node that `len` symbols follow.
pub(super) const fn node_len(len: usize) -> usize {
    size_of::<Node>() + len * (size_of::<U16>() + size_of::<Arrival>())
}

const _: () = assert!(size_of::<Head>() == 20 && node_len(0) == 8 && node_len(1) == 16);
const _: () = assert!(node_len(0).is_multiple_of(WORD) && node_len(1).is_multiple_of(WORD));

/// A context of the grapheme model: all that the cost of what follows depends on. Equal states have equal
/// futures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct State(u32);

impl State {
    /// Nothing is known of what stands before.
    pub const EMPTY: Self = Self(0);

    /// The state as a number, for keys.
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
    grams: usize,
    states: usize,
    start: State,
    nodes: &'a [u8],
}

/// A node as it is read.
#[derive(Clone, Copy)]
struct Found<'a> {
    node: &'a Node,
    symbols: &'a [U16],
    arrivals: &'a [Arrival],
}

impl<'a> GraphemeIndex<'a> {
    /// A view of a section's bytes, in constant time.
    ///
    /// # Errors
    /// [`LanguageError::Length`] if the bytes are not as many as their head says.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, LanguageError> {
        let have = bytes.len() as u64;
        let short = |want| LanguageError::Length { section: "grapheme", want, have };
        let (head, nodes) = Head::ref_from_prefix(bytes).map_err(|_| short(size_of::<Head>() as u64))?;
        let want = size_of::<Head>() as u64 + u64::from(head.words.get()) * WORD as u64;
        if want != have {
            return Err(short(want));
        }
        let mut index = Self {
            order: (head.order.get() as usize).min(NgramCounts::MAX_ORDER),
            grams: head.grams.get() as usize,
            states: head.nodes.get() as usize,
            start: State::EMPTY,
            nodes,
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
        self.grams
    }

    /// Whether the model knows nothing.
    pub fn is_empty(&self) -> bool {
        self.grams == 0
    }

    /// How many states there are.
    pub fn states(&self) -> usize {
        self.states
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
        for level in self.back_offs(state) {
            if level.units > most {
                return None;
            }
            if let Some(found) = level.get(symbol) {
                return Some(found);
            }
        }
        None
    }

    /// The contexts that a state backs off to, the longest first, the empty one last.
    #[inline]
    pub(crate) fn back_offs(&self, state: State) -> BackOffs<'a> {
        BackOffs { index: *self, at: Some(state.0), units: 0, left: self.order }
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

    /// How many symbols there are.
    pub(crate) fn symbols(&self) -> usize {
        self.root().len()
    }

    /// What each symbol costs in a state and the state after it, by its number, into the places of `row`; what is more than
    /// there are symbols is left alone.
    pub(crate) fn price_all(&self, state: State, row: &mut [Priced]) {
        let levels: Vec<BackOff<'a>> = self.back_offs(state).collect();
        for level in levels.iter().rev() {
            let priced = |arrival: &Arrival| Priced {
                units: level.units + u32::from(arrival.cost.get()),
                next: State(arrival.next.get()),
            };
            if level.empty {
                row.iter_mut().zip(level.arrivals).for_each(|(to, from)| *to = priced(from));
            }
            for (symbol, from) in level.symbols.iter().zip(level.arrivals) {
                if let Some(to) = row.get_mut(usize::from(symbol.get())) {
                    *to = priced(from);
                }
            }
        }
    }

    /// What each symbol costs alone, by its number.
    fn root(&self) -> &'a [Arrival] {
        self.node(0).map_or(&[], |root| root.arrivals)
    }

    /// The node at a place; `None` if it would not lie inside the section.
    #[inline]
    fn node(&self, at: u32) -> Option<Found<'a>> {
        let bytes = self.nodes.get((at as usize).checked_mul(WORD)?..)?;
        let (node, rest) = Node::ref_from_prefix(bytes).ok()?;
        let len = usize::from(node.len.get());
        let (symbols, rest) = <[U16]>::ref_from_prefix_with_elems(rest, len).ok()?;
        let (arrivals, _) = <[Arrival]>::ref_from_prefix_with_elems(rest, len).ok()?;
        Some(Found { node, symbols, arrivals })
    }
}

/// What a symbol costs in a context, and the state after it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Priced {
    units: u32,
    pub(crate) next: State,
}

/// A context, and what it costs to have backed off to it.
#[derive(Clone, Copy)]
pub(crate) struct BackOff<'a> {
    state: State,
    units: u32,
    symbols: &'a [U16],
    arrivals: &'a [Arrival],
    /// The empty context has every symbol, by its number.
    empty: bool,
}

impl<'a> BackOff<'a> {
    /// Nats spent on backing off this far: what is found here costs more.
    #[inline]
    pub(crate) fn spent(&self) -> f32 {
        self.units as f32 * NATS
    }

    /// The context.
    #[inline]
    pub(crate) fn state(&self) -> State {
        self.state
    }

    /// Whether at least so many symbols go on from here, but not all.
    #[inline]
    pub(crate) fn is_broad(&self, symbols: usize) -> bool {
        self.symbols.len() >= symbols
    }

    /// What a symbol costs that costs so much in this context, nats.
    #[inline]
    pub(crate) fn nats(&self, priced: Priced) -> f32 {
        (self.units + priced.units) as f32 * NATS
    }

    /// Whether fewer than so many symbols go on from here.
    #[inline]
    pub(crate) fn is_shorter_than(&self, symbols: u32) -> bool {
        !self.empty && self.symbols.len() < symbols as usize
    }

    /// The cost in nats of a symbol and the state after it, if it goes on from here.
    #[inline]
    pub(crate) fn get(&self, symbol: Symbol) -> Option<(f32, State)> {
        if self.empty {
            return Some(unigram(self.arrivals, self.units, symbol));
        }
        place(self.symbols, symbol).and_then(|at| self.arrivals.get(at)).map(|a| arrived(self.units, a))
    }

    /// The symbols that go on from here, ascending; none for the empty context, which has all.
    #[inline]
    pub(crate) fn symbols(&self) -> impl Iterator<Item = Symbol> + use<'a> {
        self.symbols.iter().map(|s| s.get())
    }

    /// The cost in nats of the `k`-th of them, and the state after it.
    #[inline]
    pub(crate) fn at(&self, k: usize) -> Option<(f32, State)> {
        self.arrivals.get(k).map(|a| arrived(self.units, a))
    }
}

/// Iterator of [`GraphemeIndex::back_offs`].
pub(crate) struct BackOffs<'a> {
    index: GraphemeIndex<'a>,
    at: Option<u32>,
    units: u32,
    left: usize,
}

impl<'a> Iterator for BackOffs<'a> {
    type Item = BackOff<'a>;

    #[inline]
    fn next(&mut self) -> Option<BackOff<'a>> {
        let at = self.at?;
        let units = self.units;
        if at != 0
            && self.left > 0
            && let Some(found) = self.index.node(at)
        {
            self.left -= 1;
            self.units += u32::from(found.node.back_off.get());
            self.at = Some(found.suffix(at));
            let (symbols, arrivals) = (found.symbols, found.arrivals);
            return Some(BackOff { state: State(at), units, symbols, arrivals, empty: false });
        }
        self.at = None;
        let (state, arrivals) = (State::EMPTY, self.index.root());
        Some(BackOff { state, units, symbols: &[], arrivals, empty: true })
    }
}

impl Found<'_> {
    /// Where to back off to from `at`. A suffix that does not point backwards is damage: the empty context
    /// always does.
    #[inline]
    fn suffix(self, at: u32) -> u32 {
        Some(self.node.suffix.get()).filter(|&suffix| suffix < at).unwrap_or(0)
    }
}

fn unigram(root: &[Arrival], units: u32, symbol: Symbol) -> (f32, State) {
    match root.get(usize::from(symbol)).or(root.first()) {
        Some(arrival) => arrived(units, arrival),
        None => ((units + u32::from(u16::MAX)) as f32 * NATS, State::EMPTY),
    }
}

#[inline]
fn arrived(units: u32, arrival: &Arrival) -> (f32, State) {
    ((units + u32::from(arrival.cost.get())) as f32 * NATS, State(arrival.next.get()))
}

/// Where `symbol` stands among rising symbols. Halved until few are left, those are counted without a branch.
#[inline]
fn place(symbols: &[U16], symbol: Symbol) -> Option<usize> {
    let (mut from, mut window) = (0, symbols);
    while window.len() > AT_ONCE {
        let (low, high) = window.split_at(window.len() / 2);
        if high.first().is_some_and(|s| s.get() <= symbol) {
            from += low.len();
            window = high;
        } else {
            window = low;
        }
    }
    let below: u16 = window.iter().map(|s| u16::from(s.get() < symbol)).sum();
    let at = from + usize::from(below);
    (symbols.get(at)?.get() == symbol).then_some(at)
}

/// The quantised cost of a probability.
pub(super) fn quantised(probability: f64) -> U16 {
    let nats = -crate::cost::ln(probability.clamp(f64::MIN_POSITIVE, 1.0));
    let units = (nats / f64::from(NATS)).round();
    #[allow(clippy::cast_possible_truncation, reason = "brought into range before")]
    U16::new(units.clamp(0.0, f64::from(u16::MAX)) as u16)
}
