//! What every symbol costs in contexts that many symbols follow, kept: hypothesis after hypothesis backs off to the same few
//! thousand, and would read their long lists again each time.

use super::Knowledge;
use crate::language::{BackOff, Priced, State};

/// A context that so many symbols follow is broad.
const BROAD: usize = 16;
/// Bytes of all that is kept.
const MOST: usize = 4 << 20;
/// Fewer rows than this are not worth keeping, and more would be places that nothing comes to.
const FEWEST: usize = 256;
const PLACES: usize = 1 << 13;

/// Rows of one model: each what all symbols cost in one state. A new one takes the place of an old one.
#[derive(Debug, Default)]
pub(super) struct Broad {
    symbols: usize,
    /// The state of each place and where its row begins; none yet: the empty state, which has no row.
    places: Vec<(State, usize)>,
    rows: Vec<Priced>,
}

impl Broad {
    /// Forgets all, and makes places for rows of this model.
    pub(super) fn clear(&mut self, knowledge: &Knowledge<'_>) {
        self.symbols = knowledge.graphemes.symbols();
        let places = MOST / (self.symbols.max(1) * size_of::<Priced>());
        let places = if places < FEWEST { 0 } else { 1 << places.min(PLACES).ilog2() };
        self.places.clear();
        self.places.resize(places, (State::EMPTY, 0));
        self.rows.clear();
    }

    /// What all symbols cost in a context, if it is broad and there is room for it.
    #[inline]
    pub(super) fn row(&mut self, knowledge: &Knowledge<'_>, level: &BackOff<'_>) -> Option<&[Priced]> {
        if !level.is_broad(BROAD) || self.places.is_empty() {
            return None;
        }
        let state = level.state();
        // Fibonacci hashing: the upper bits are the mixed ones.
        let mixed = state.index().wrapping_mul(0x9E37_79B9);
        let at = (mixed >> 16) as usize & (self.places.len() - 1);
        let place = self.places.get_mut(at)?;
        if place.0 != state {
            if place.0 == State::EMPTY {
                place.1 = self.rows.len();
                self.rows.resize(place.1 + self.symbols, Priced::default());
            }
            place.0 = state;
            knowledge.graphemes.price_all(state, self.rows.get_mut(place.1..place.1 + self.symbols)?);
        }
        self.rows.get(place.1..place.1 + self.symbols)
    }
}
