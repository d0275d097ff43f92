//! The grapheme model as it is read: a back-off automaton over the bytes of its section.
//!
//! ```text
//! head    order u32, symbols u32, nodes u32, n-grams u32
//! node    suffix, back-off u8, length; as many symbols; as many costs u8; as many times next
//! ```
//!
//! All little-endian; one node a context that continues, one behind the other, so that a step reads one run of
//! bytes for each level that it backs off. A symbol, and the number of those of a node, takes one byte where there are
//! at most 255, else two; a place (`suffix`, `next`) three bytes where those can name all places, else four. So the first
//! three fields of a node take as many bytes as an n-gram, the *unit*, and a node is named by the units before it. The
//! first is the empty context; its symbols are all there are, in order. Nodes stand by the length of
//! their context, then lexicographically, the symbols of a node rise. `suffix` is the longest proper suffix
//! that is a node: it points backwards. `next` is the longest suffix of the n-gram that is a node, so equal
//! futures are equal states. A cost is written as the root of what it is in 1/3000 nat: small ones, of which likely text
//! consists, to hundredths of a nat, great ones to a tenth (a byte is enough: Federico & Bertoldi 2006, "How many bits are
//! needed to store probabilities for phrase-based translation?").

use zerocopy::byteorder::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::LanguageError;
use crate::counts::{Alphabet, NgramCounts, Symbol};

/// A cost of one unit is this many nats.
const NATS: f32 = 1.0 / 3000.0;
/// So many symbols are compared at once.
const AT_ONCE: usize = 16;

#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(super) struct Head {
    pub(super) order: U32,
    pub(super) symbols: U32,
    pub(super) nodes: U32,
    pub(super) grams: U32,
}

const _: () = assert!(size_of::<Head>() == 16);

/// Bytes that symbols and places take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Widths {
    pub(super) symbol: usize,
    pub(super) place: usize,
}

impl Widths {
    /// Those of a section with so many symbols, nodes and n-grams together.
    pub(super) fn of(symbols: usize, units: usize) -> Self {
        let symbol = if symbols <= usize::from(u8::MAX) { 1 } else { 2 };
        Self { symbol, place: if units <= 1 << 24 { 3 } else { 4 } }
    }

    /// Bytes of a node without its n-grams, and of an n-gram.
    pub(super) fn unit(self) -> usize {
        self.place + 1 + self.symbol
    }
}

/// Bytes of a section with so many symbols, nodes and n-grams together.
pub(super) fn section_len(symbols: usize, units: usize) -> usize {
    size_of::<Head>().saturating_add(units.saturating_mul(Widths::of(symbols, units).unit()))
}

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
    widths: Widths,
    start: State,
    nodes: &'a [u8],
}

/// A node as it is read.
#[derive(Clone, Copy)]
struct Node<'a> {
    suffix: u32,
    back_off: u8,
    grams: Grams<'a>,
}

/// The n-grams of a node.
#[derive(Clone, Copy, Default)]
struct Grams<'a> {
    symbols: &'a [u8],
    costs: &'a [u8],
    places: &'a [u8],
    widths: Widths,
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
        let [symbols, states, grams] = [head.symbols, head.nodes, head.grams].map(|n| n.get() as usize);
        let units = states.saturating_add(grams);
        let want = section_len(symbols, units) as u64;
        if want != have {
            return Err(short(want));
        }
        let mut index = Self {
            order: (head.order.get() as usize).min(NgramCounts::MAX_ORDER),
            grams,
            states,
            widths: Widths::of(symbols, units),
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
            for (k, &cost) in level.grams.costs.iter().enumerate() {
                let to = if level.empty { k } else { usize::from(level.grams.symbol(k)) };
                if let Some(to) = row.get_mut(to) {
                    *to = Priced { units: level.units + squared(cost), next: level.grams.next(k) };
                }
            }
        }
    }

    /// What each symbol costs alone, by its number.
    fn root(&self) -> Grams<'a> {
        self.node(0).map_or_else(Grams::default, |root| root.grams)
    }

    /// The node at a place; `None` if it would not lie inside the section.
    #[inline]
    fn node(&self, at: u32) -> Option<Node<'a>> {
        let widths = self.widths;
        let bytes = self.nodes.get((at as usize).checked_mul(widths.unit())?..)?;
        let (suffix, rest) = bytes.split_at_checked(widths.place)?;
        let (&back_off, rest) = rest.split_first()?;
        let (len, rest) = rest.split_at_checked(widths.symbol)?;
        let len = number(len) as usize;
        let (symbols, rest) = rest.split_at_checked(len * widths.symbol)?;
        let (costs, rest) = rest.split_at_checked(len)?;
        let places = rest.get(..len * widths.place)?;
        Some(Node { suffix: number(suffix), back_off, grams: Grams { symbols, costs, places, widths } })
    }
}

impl Grams<'_> {
    fn len(&self) -> usize {
        self.costs.len()
    }

    /// The symbol of the `k`-th.
    #[inline]
    fn symbol(&self, k: usize) -> Symbol {
        match self.widths.symbol {
            1 => self.symbols.get(k).copied().map_or(Alphabet::UNKNOWN, Symbol::from),
            _ => wide(self.symbols).get(k).map_or(Alphabet::UNKNOWN, |symbol| symbol.get()),
        }
    }

    /// Where `symbol` stands among them.
    #[inline]
    fn find(&self, symbol: Symbol) -> Option<usize> {
        match self.widths.symbol {
            1 => place(self.symbols, u8::try_from(symbol).ok()?),
            _ => place(wide(self.symbols), U16::new(symbol)),
        }
    }

    /// The state behind the `k`-th.
    #[inline]
    fn next(&self, k: usize) -> State {
        let width = self.widths.place;
        State(self.places.get(k * width..(k + 1) * width).map_or(0, number))
    }

    /// The cost in nats of the `k`-th, where so much was spent before, and the state behind it.
    #[inline]
    fn arrive(&self, k: usize, spent: u32) -> Option<(f32, State)> {
        let units = spent + squared(*self.costs.get(k)?);
        Some((units as f32 * NATS, self.next(k)))
    }
}

/// Symbols of two bytes.
fn wide(bytes: &[u8]) -> &[U16] {
    <[U16]>::ref_from_bytes(bytes).unwrap_or_default()
}

/// A number of at most four bytes.
#[inline]
fn number(bytes: &[u8]) -> u32 {
    match *bytes {
        [a] => u32::from(a),
        [a, b] => u32::from_le_bytes([a, b, 0, 0]),
        [a, b, c] => u32::from_le_bytes([a, b, c, 0]),
        [a, b, c, d] => u32::from_le_bytes([a, b, c, d]),
        _ => 0,
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
    grams: Grams<'a>,
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
        !self.empty && self.grams.len() >= symbols
    }

    /// What a symbol costs that costs so much in this context, nats.
    #[inline]
    pub(crate) fn nats(&self, priced: Priced) -> f32 {
        (self.units + priced.units) as f32 * NATS
    }

    /// Whether fewer than so many symbols go on from here.
    #[inline]
    pub(crate) fn is_shorter_than(&self, symbols: u32) -> bool {
        !self.empty && self.grams.len() < symbols as usize
    }

    /// The cost in nats of a symbol and the state after it, if it goes on from here.
    #[inline]
    pub(crate) fn get(&self, symbol: Symbol) -> Option<(f32, State)> {
        if self.empty {
            return Some(unigram(&self.grams, self.units, symbol));
        }
        self.grams.arrive(self.grams.find(symbol)?, self.units)
    }

    /// The symbols that go on from here, ascending; none for the empty context, which has all.
    #[inline]
    pub(crate) fn symbols(&self) -> impl Iterator<Item = Symbol> + use<'a> {
        let len = if self.empty { 0 } else { self.grams.len() };
        let grams = self.grams;
        (0..len).map(move |k| grams.symbol(k))
    }

    /// The cost in nats of the `k`-th of them, and the state after it.
    #[inline]
    pub(crate) fn at(&self, k: usize) -> Option<(f32, State)> {
        self.grams.arrive(k, self.units)
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
            && let Some(node) = self.index.node(at)
        {
            self.left -= 1;
            self.units += squared(node.back_off);
            // A suffix that does not point backwards is damage: the empty context always does.
            self.at = Some(if node.suffix < at { node.suffix } else { 0 });
            return Some(BackOff { state: State(at), units, grams: node.grams, empty: false });
        }
        self.at = None;
        Some(BackOff { state: State::EMPTY, units, grams: self.index.root(), empty: true })
    }
}

fn unigram(root: &Grams<'_>, spent: u32, symbol: Symbol) -> (f32, State) {
    let found = root.arrive(usize::from(symbol), spent).or_else(|| root.arrive(0, spent));
    found.unwrap_or(((spent + squared(u8::MAX)) as f32 * NATS, State::EMPTY))
}

/// Where `symbol` stands among rising symbols. Halved until few are left, those are counted without a branch.
#[inline]
fn place<S: Copy + Ord>(symbols: &[S], symbol: S) -> Option<usize> {
    let (mut from, mut window) = (0, symbols);
    while window.len() > AT_ONCE {
        let (low, high) = window.split_at(window.len() / 2);
        if high.first().is_some_and(|&s| s <= symbol) {
            from += low.len();
            window = high;
        } else {
            window = low;
        }
    }
    let below: u16 = window.iter().map(|&s| u16::from(s < symbol)).sum();
    let at = from + usize::from(below);
    (*symbols.get(at)? == symbol).then_some(at)
}

/// The units that a written cost stands for.
#[inline]
pub(super) fn squared(written: u8) -> u32 {
    u32::from(written) * u32::from(written)
}

/// The cost of a probability as it is written.
pub(super) fn written(probability: f64) -> u8 {
    let nats = -crate::cost::ln(probability.clamp(f64::MIN_POSITIVE, 1.0));
    // Division and square root are the same to the last bit everywhere (IEEE 754).
    let root = (nats / f64::from(NATS)).sqrt().round();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "brought into range before")]
    let root = root.clamp(0.0, f64::from(u8::MAX)) as u8;
    root
}
