//! The channel as a section of the model file.
//!
//! ```text
//! header   u32 number of symbols, u32 number of observed segments, u32 number of readings, u32 number of willing symbols
//! kept     number of symbols × u16          cost of reading the symbol rightly
//! taken    (number of symbols + 1) × 8 × u16  cost of each class being misread as the symbol; last: as nothing
//! keys     (segments) × Key                 sorted by observed segment
//! readings (readings) × Entry               each key's readings from key.first up to the next key's
//! willing  (willing symbols) × Eager        by class, then by cost
//! ```
//! Costs are fixed point, 1/1024 nat.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use thiserror::Error;
use zerocopy::byteorder::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::unseen::{CLASSES, Unseen};
use crate::counts::{Alphabet, Segment, Symbol};

/// Units of cost in a nat.
const SCALE: f32 = 1024.0;

#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Header {
    symbols: U32,
    segments: U32,
    readings: U32,
    willing: U32,
}

#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Key {
    len: U16,
    symbols: [U16; Segment::MOST],
    first: U32,
}

#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Entry {
    len: U16,
    symbols: [U16; Segment::MOST],
    cost: U16,
    spare: U16,
    count: U32,
}

/// A symbol that may be read as what it was never read as; 0 stands for nothing.
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Eager {
    symbol: U16,
    class: U16,
    cost: U16,
}

const _: () = assert!(
    size_of::<Key>() == 12 && size_of::<Entry>() == 16 && size_of::<Eager>() == 6,
    "no hidden padding"
);

/// The section is no channel.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ChannelError {
    /// Fewer bytes than its header promises.
    #[error(
        "channel section promises {want} bytes, {have} are there: copy the model again, or learn it again"
    )]
    Short {
        /// Bytes promised.
        want: usize,
        /// Bytes there.
        have: usize,
    },
}

pub(super) struct Row {
    pub(super) intended: Segment,
    pub(super) cost: f64,
    pub(super) count: u32,
}

/// What an observed segment may stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The intended segment.
    pub intended: Segment,
    /// −ln p(observed | intended), nats.
    pub cost: f32,
    /// How often just this was seen; 0 where it is only thought of.
    pub count: u32,
}

/// A view of the channel section.
#[derive(Clone, Copy, Debug)]
pub struct Channel<'a> {
    kept: &'a [U16],
    taken: &'a [[U16; CLASSES]],
    keys: &'a [Key],
    entries: &'a [Entry],
    willing: &'a [Eager],
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.segment())
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.reading())
    }
}

impl std::fmt::Debug for Eager {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of class {}: {}", self.symbol, self.class, self.cost)
    }
}

fn segment(len: U16, symbols: [U16; Segment::MOST]) -> Segment {
    let symbols = symbols.map(U16::get);
    symbols.get(..usize::from(len.get())).and_then(Segment::new).unwrap_or_default()
}

fn packed(segment: Segment) -> (U16, [U16; Segment::MOST]) {
    let mut symbols = [U16::ZERO; Segment::MOST];
    for (to, &from) in symbols.iter_mut().zip(segment.symbols()) {
        to.set(from);
    }
    (U16::new(u16::try_from(segment.len()).unwrap_or(0)), symbols)
}

/// A number that rises as segments do: by length, then by symbols.
#[inline]
fn order(len: U16, symbols: [U16; Segment::MOST]) -> u64 {
    symbols.iter().fold(u64::from(len.get()), |n, s| (n << 16) | u64::from(s.get()))
}

const _: () = assert!(Segment::MOST == 3, "length and symbols are 64 bits");

impl Key {
    fn segment(&self) -> Segment {
        segment(self.len, self.symbols)
    }
}

impl Eager {
    fn intended(&self) -> Segment {
        let symbol = self.symbol.get();
        if symbol == Alphabet::UNKNOWN {
            Segment::default()
        } else {
            Segment::new(&[symbol]).unwrap_or_default()
        }
    }
}

impl Entry {
    fn intended(&self) -> Segment {
        segment(self.len, self.symbols)
    }

    fn reading(&self) -> Reading {
        let cost = f32::from(self.cost.get()) / SCALE;
        Reading { intended: self.intended(), cost, count: self.count.get() }
    }
}

impl<'a> Channel<'a> {
    /// Looks at the header and the bounds: O(1).
    ///
    /// # Errors
    /// [`ChannelError::Short`] if the header promises more than there is.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ChannelError> {
        let short = |want| ChannelError::Short { want, have: bytes.len() };
        let (header, rest) = Header::ref_from_prefix(bytes).map_err(|_| short(size_of::<Header>()))?;
        let sizes = [header.symbols, header.segments, header.readings, header.willing];
        let [symbols, segments, readings, willing] = sizes.map(|n| n.get() as usize);
        let want = || {
            size_of::<Header>()
                + symbols * 2
                + (symbols + 1) * CLASSES * 2
                + segments * size_of::<Key>()
                + readings * size_of::<Entry>()
                + willing * size_of::<Eager>()
        };
        let (kept, rest) = <[U16]>::ref_from_prefix_with_elems(rest, symbols).map_err(|_| short(want()))?;
        let (taken, rest) =
            <[[U16; CLASSES]]>::ref_from_prefix_with_elems(rest, symbols + 1).map_err(|_| short(want()))?;
        let (keys, rest) = <[Key]>::ref_from_prefix_with_elems(rest, segments).map_err(|_| short(want()))?;
        let (entries, rest) =
            <[Entry]>::ref_from_prefix_with_elems(rest, readings).map_err(|_| short(want()))?;
        let (willing, _) = <[Eager]>::ref_from_prefix_with_elems(rest, willing).map_err(|_| short(want()))?;
        Ok(Self { kept, taken, keys, entries, willing })
    }

    /// Cost in nats of a symbol's having been read rightly.
    pub fn keep(&self, symbol: Symbol) -> f32 {
        self.kept.get(usize::from(symbol)).map_or(0.02, |c| f32::from(c.get()) / SCALE)
    }

    /// What `observed` may stand for, by falling joint count; nothing for segments never misread.
    pub fn readings(&self, observed: &[Symbol]) -> impl Iterator<Item = Reading> + use<'a> {
        let range = Segment::new(observed).and_then(|s| self.range(s)).unwrap_or(0..0);
        self.entries.get(range).unwrap_or(&[]).iter().map(Entry::reading)
    }

    fn range(&self, observed: Segment) -> Option<std::ops::Range<usize>> {
        let (len, symbols) = packed(observed);
        let wanted = order(len, symbols);
        let at = self.keys.binary_search_by_key(&wanted, |k| order(k.len, k.symbols)).ok()?;
        let end = self.keys.get(at + 1).map_or(self.entries.len(), |k| k.first.get() as usize);
        Some(self.keys.get(at)?.first.get() as usize..end)
    }

    /// What one observed symbol, or nothing (`None`), may stand for though it was never seen so: class by class, by rising
    /// cost. O(readings of the symbol × willing symbols): who asks often keeps the answer.
    pub fn unseen(&self, observed: Option<Symbol>) -> impl Iterator<Item = Reading> + use<'a> {
        let place = observed.map_or(self.taken.len().saturating_sub(1), usize::from);
        let taken = self.taken.get(place).copied();
        let itself = observed.and_then(|s| Segment::new(&[s])).unwrap_or_default();
        let range = self.range(itself).unwrap_or(0..0);
        let seen = self.entries.get(range).unwrap_or(&[]);
        self.willing.iter().filter_map(move |eager| {
            let intended = eager.intended();
            let class = taken?.get(usize::from(eager.class.get()))?.get();
            let known = intended == itself || seen.iter().any(|entry| entry.intended() == intended);
            let cost = (f32::from(eager.cost.get()) + f32::from(class)) / SCALE;
            (!known).then_some(Reading { intended, cost, count: 0 })
        })
    }

    /// The cost and count of one reading, seen or not.
    pub fn reading(&self, observed: &[Symbol], intended: &[Symbol]) -> Option<Reading> {
        let is_it = |r: &Reading| r.intended.symbols() == intended;
        let one = || match observed {
            [] => self.unseen(None).find(is_it),
            [symbol] => self.unseen(Some(*symbol)).find(is_it),
            _ => None,
        };
        self.readings(observed).find(is_it).or_else(one)
    }

    /// Every observed segment with its readings, sorted.
    pub fn rows(&self) -> impl Iterator<Item = (Segment, Vec<Reading>)> + use<'a> {
        let me = *self;
        me.keys.iter().map(move |k| (k.segment(), me.readings(k.segment().symbols()).collect()))
    }

    /// The same with at most so many willing symbols, for those who try all there is.
    #[cfg(test)]
    pub(crate) fn with_willing(self, most: usize) -> Self {
        Self { willing: &self.willing[..most.min(self.willing.len())], ..self }
    }

    /// Whether keys are sorted and follow each other, for `verify`.
    pub fn is_sound(&self) -> bool {
        let rising = self.willing.windows(2).all(|w| match w {
            [a, b] => (a.class.get(), a.cost.get()) <= (b.class.get(), b.cost.get()),
            _ => true,
        });
        let sorted = self.keys.windows(2).all(|w| match w {
            [a, b] => a.segment().cmp(&b.segment()) == Ordering::Less && a.first.get() <= b.first.get(),
            _ => true,
        });
        rising && sorted && self.keys.iter().all(|k| k.first.get() as usize <= self.entries.len())
    }
}

#[allow(clippy::cast_possible_truncation, reason = "clamped to the range of u16 first")]
fn fixed(cost: f64) -> U16 {
    U16::new((cost * f64::from(SCALE)).round().clamp(0.0, f64::from(u16::MAX)) as u16)
}

pub(super) fn write(kept: &[f64], rows: &BTreeMap<Segment, Vec<Row>>, unseen: &Unseen) -> Vec<u8> {
    let size = |n: usize| U32::new(u32::try_from(n).unwrap_or(u32::MAX));
    let readings = rows.values().map(Vec::len).sum();
    let header = Header {
        symbols: size(kept.len()),
        segments: size(rows.len()),
        readings: size(readings),
        willing: size(unseen.willing.len()),
    };
    let mut bytes = header.as_bytes().to_vec();
    for &cost in kept {
        bytes.extend_from_slice(fixed(cost).as_bytes());
    }
    for &cost in unseen.taken.iter().flatten() {
        bytes.extend_from_slice(fixed(cost).as_bytes());
    }
    let mut first = 0;
    for (&observed, row) in rows {
        let (len, symbols) = packed(observed);
        bytes.extend_from_slice(Key { len, symbols, first: size(first) }.as_bytes());
        first += row.len();
    }
    for row in rows.values().flatten() {
        let (len, symbols) = packed(row.intended);
        let entry =
            Entry { len, symbols, cost: fixed(row.cost), spare: U16::ZERO, count: U32::new(row.count) };
        bytes.extend_from_slice(entry.as_bytes());
    }
    for willing in &unseen.willing {
        let class = U16::new(u16::try_from(willing.class).unwrap_or(u16::MAX));
        let eager = Eager { symbol: U16::new(willing.symbol), class, cost: fixed(willing.cost) };
        bytes.extend_from_slice(eager.as_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::{ChannelOptions, estimate};
    use crate::counts::{Alphabet, ConfusionCounts, SymbolPair};
    use proptest::prelude::*;

    fn sample() -> (Alphabet, Vec<u8>) {
        let rows = [
            ("the brovvn cat", "the brown cat"),
            ("tbe cat sat on", "the cat sat on"),
            ("the oat sat", "the cat sat"),
        ];
        learned("abcdefghijklmnopqrstuvwxyz ", &rows)
    }

    fn learned(graphemes: &str, rows: &[(&str, &str)]) -> (Alphabet, Vec<u8>) {
        let seen = graphemes.chars().map(|c| (c.to_string().into_boxed_str(), 1)).collect();
        let alphabet = Alphabet::from_counts(&seen, 1);
        let pairs: Vec<_> = rows.iter().map(|(o, i)| SymbolPair::new(&alphabet, o, i)).collect();
        let counts = ConfusionCounts::count(&alphabet, &pairs);
        let bytes = estimate(&counts, &alphabet, &ChannelOptions::default());
        (alphabet, bytes)
    }

    #[test]
    fn costs_are_what_the_counts_say() {
        let (alphabet, bytes) = sample();
        let channel = Channel::parse(&bytes).unwrap();
        let symbol = |g: &str| alphabet.symbol(g);
        let r = channel.reading(&[symbol("b")], &[symbol("h")]).unwrap();
        // One of three h was read as b: (1 − 0.4) / (3 + 5).
        assert!((f64::from(r.cost) - -ln_of(0.6 / 8.0)).abs() < 1e-3 && r.count == 1, "{r:?}");
        assert!(channel.reading(&[symbol("v"), symbol("v")], &[symbol("w")]).is_some());
        // Two of three h were read as h.
        assert!((f64::from(channel.keep(symbol("h"))) - -ln_of(42.0 / 44.0)).abs() < 1e-3);
        assert!(channel.is_sound());
    }

    fn ln_of(p: f64) -> f64 {
        crate::cost::ln(p)
    }

    #[test]
    fn what_was_never_seen_costs_what_its_class_says() {
        let (alphabet, bytes) = sample();
        let channel = Channel::parse(&bytes).unwrap();
        let symbol = |g: &str| alphabet.symbol(g);
        // Letters were seen read as "b" (h), never as "x".
        let unseen = |observed: &str, intended: &str| {
            let found = channel.unseen(Some(symbol(observed)));
            found.into_iter().find(|r| r.intended.symbols() == [symbol(intended)])
        };
        let (b, x) = (unseen("b", "s").unwrap(), unseen("x", "s").unwrap());
        assert!(b.cost < x.cost, "b is what letters are misread as: {b:?} {x:?}");
        assert_eq!((b.count, x.count), (0, 0));
        assert!(unseen("b", "h").is_none(), "seen");
        assert!(unseen("s", "s").is_none(), "itself");
        assert_eq!(channel.reading(&[symbol("b")], &[symbol("s")]), Some(b));
        // Nothing may be lost or made up unseen, too.
        let lost: Vec<Reading> = channel.unseen(None).collect();
        assert!(lost.iter().any(|r| r.intended.symbols() == [symbol("a")]), "{lost:?}");
        assert!(channel.unseen(Some(symbol("a"))).any(|r| r.intended.is_empty()));
        assert_eq!(channel.unseen(Some(u16::MAX)).count(), 0, "no such symbol");
    }

    #[test]
    fn a_han_character_may_be_read_as_any_other() {
        let (alphabet, bytes) = learned("木本村材墨量アa", &[("本村墨", "木村墨"), ("木材墨", "木村墨")]);
        let channel = Channel::parse(&bytes).unwrap();
        let cost = |observed: &str, intended: &str| {
            let reading = channel.reading(&[alphabet.symbol(observed)], &[alphabet.symbol(intended)]);
            f64::from(reading.unwrap().cost)
        };
        // Two of Han were read as two others. Half of each is for what they were not read as, and one more is seen beforehand:
        // nine tenths of it for all six alike, the rest for what is common, 量 half a time of all.
        let common = 0.5 / (2.0 + 0.5 * (alphabet.len() + 1) as f64);
        let taken = 2.0 * (0.9 / 6.0 + 0.1 * common) / 3.0;
        // Neither of two 墨 was misread; one kind of misreading is taken for seen.
        let willing = 0.4 / (2.0 + 5.0);
        assert!((cost("量", "墨") - -ln_of(taken * willing)).abs() < 2e-3, "{}", cost("量", "墨"));
        assert!(cost("本", "墨") < cost("量", "墨"), "Han was read as 本");
        assert!(
            cost("ア", "墨") > cost("量", "墨") + 3.0 && cost("a", "墨") > cost("量", "墨") + 3.0,
            "hardly as others"
        );
    }

    proptest! {
        #[test]
        fn damaged_bytes_read_as_absent(at in 0usize..2_000, value: u8, cut in 0usize..2_000) {
            let (alphabet, mut bytes) = sample();
            let n = bytes.len();
            bytes[at % n] = value;
            bytes.truncate(n - cut % n);
            if let Ok(channel) = Channel::parse(&bytes) {
                for s in 0..=u16::try_from(alphabet.len()).unwrap() {
                    prop_assert!(channel.keep(s) >= 0.0);
                    prop_assert!(channel.readings(&[s]).count() <= channel.entries.len());
                    prop_assert!(channel.unseen(Some(s)).count() <= channel.willing.len());
                }
                channel.is_sound();
                prop_assert!(channel.rows().count() == channel.keys.len());
            }
        }
    }
}
