//! What every symbol costs in contexts that many symbols follow, kept: hypothesis after hypothesis backs off to the same few
//! thousand, and would read their long lists again each time.

use super::Knowledge;
use crate::language::{BackOff, Priced, State};

/// A context that so many symbols follow is broad.
const BROAD: usize = 16;
/// Bytes of all that is kept.
const MOST: usize = 4 << 20;
/// Fewer rows than this are not worth keeping.
const FEWEST: usize = 256;

/// Rows of one model: each what all symbols cost in one state. A new one takes the place of an old one.
#[derive(Debug, Default)]
pub(super) struct Broad {
    symbols: usize,
    /// The state of each row; none yet: the empty one, which has no row.
    states: Vec<State>,
    rows: Vec<Priced>,
}

impl Broad {
    /// Forgets all, and makes room for rows of this model.
    pub(super) fn clear(&mut self, knowledge: &Knowledge<'_>) {
        self.symbols = knowledge.graphemes.symbols();
        let places = MOST / (self.symbols.max(1) * size_of::<Priced>());
        let places = if places < FEWEST { 0 } else { 1 << places.ilog2() };
        self.states.clear();
        self.states.resize(places, State::EMPTY);
        self.rows.clear();
        self.rows.resize(places * self.symbols, Priced::default());
    }

    /// What all symbols cost in a context, if it is broad and there is room for it.
    #[inline]
    pub(super) fn row(&mut self, knowledge: &Knowledge<'_>, level: &BackOff<'_>) -> Option<&[Priced]> {
        if !level.is_broad(BROAD) || self.states.is_empty() {
            return None;
        }
        let state = level.state();
        // Fibonacci hashing: the upper bits are the mixed ones.
        let mixed = state.index().wrapping_mul(0x9E37_79B9);
        let place = (mixed >> 16) as usize & (self.states.len() - 1);
        let row = self.rows.get_mut(place * self.symbols..(place + 1) * self.symbols)?;
        if self.states[place] != state {
            self.states[place] = state;
            knowledge.graphemes.price_all(state, row);
        }
        Some(row)
    }
}
