//! Counts as bytes, so that many machines can count and one can merge.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::ngram::Packed;
use super::word::Bigram;
use super::{NgramCounts, Seen, WordCounts};

/// More bytes than this are no shard: a damaged length must not ask for the memory.
const MOST_BYTES: usize = 4 << 30;

/// Why bytes are no counts.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ShardError {
    /// The bytes cannot be decoded.
    #[error("the shard of counts cannot be read: copy it again, or count again")]
    Bytes(#[from] bincode::error::DecodeError),
    /// The bytes are decoded, but are no sorted counts.
    #[error("the shard of counts is not in order: copy it again, or count again")]
    Order,
}

/// Counts that can be sent from machine to machine, and merged there.
pub trait Shard: Sized {
    /// The counts as bytes.
    fn to_bytes(&self) -> Vec<u8>;

    /// Reads what [`Shard::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`ShardError`] if the bytes are no such counts.
    fn from_bytes(bytes: &[u8]) -> Result<Self, ShardError>;
}

#[derive(Serialize, Deserialize)]
struct Ngrams<'a> {
    order: u8,
    grams: std::borrow::Cow<'a, [Packed]>,
    raw: std::borrow::Cow<'a, [u32]>,
    weighted: std::borrow::Cow<'a, [u32]>,
}

#[derive(Serialize, Deserialize)]
struct Words<'a> {
    words: std::borrow::Cow<'a, [Box<str>]>,
    seen: std::borrow::Cow<'a, [Seen]>,
    bigrams: std::borrow::Cow<'a, [Bigram]>,
}

impl Shard for NgramCounts {
    fn to_bytes(&self) -> Vec<u8> {
        let (order, grams, raw, weighted) = self.parts();
        let order = u8::try_from(order).unwrap_or(u8::MAX);
        encode(&Ngrams { order, grams: grams.into(), raw: raw.into(), weighted: weighted.into() })
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, ShardError> {
        let shard: Ngrams<'_> = decode(bytes)?;
        let (grams, raw, weighted) =
            (shard.grams.into_owned(), shard.raw.into_owned(), shard.weighted.into_owned());
        Self::from_parts(usize::from(shard.order), grams, raw, weighted).ok_or(ShardError::Order)
    }
}

impl Shard for WordCounts {
    fn to_bytes(&self) -> Vec<u8> {
        let (words, seen, bigrams) = self.parts();
        encode(&Words { words: words.into(), seen: seen.into(), bigrams: bigrams.into() })
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, ShardError> {
        let shard: Words<'_> = decode(bytes)?;
        let (words, seen, bigrams) =
            (shard.words.into_owned(), shard.seen.into_owned(), shard.bigrams.into_owned());
        Self::from_parts(words, seen, bigrams).ok_or(ShardError::Order)
    }
}

pub(super) fn encode(shard: &impl Serialize) -> Vec<u8> {
    // Plain numbers and strings into memory: there is nothing that could fail.
    bincode::serde::encode_to_vec(shard, bincode::config::standard()).unwrap_or_default()
}

pub(super) fn decode<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, ShardError> {
    let config = bincode::config::standard().with_limit::<MOST_BYTES>();
    let (shard, read) = bincode::serde::decode_from_slice(bytes, config)?;
    if read == bytes.len() { Ok(shard) } else { Err(ShardError::Order) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counts::{Alphabet, grapheme_counts};

    const LINES: [&str; 2] = ["The cat. A cat", "Der Käse 12"];

    fn comes_back<T: Shard + PartialEq + std::fmt::Debug>(counts: &T) {
        let bytes = counts.to_bytes();
        assert_eq!(&T::from_bytes(&bytes).unwrap(), counts);
        for len in 0..bytes.len() {
            assert!(T::from_bytes(&bytes[..len]).is_err(), "cut to {len}");
        }
        for at in 0..bytes.len() {
            // Read or refused, but no panic and no huge allocation.
            let mut bytes = bytes.clone();
            bytes[at] ^= 0xFF;
            let _ = T::from_bytes(&bytes);
        }
    }

    #[test]
    fn shards_come_back() {
        let alphabet = Alphabet::from_counts(&grapheme_counts(&LINES), 1);
        comes_back(&NgramCounts::of_lines(4, &alphabet, &LINES).weighted(3));
        comes_back(&WordCounts::of_lines(&LINES));
    }
}
