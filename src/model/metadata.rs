//! Small structured values as bytes: the metadata section, and whatever else is read whole.
//!
//! serde through bincode, with one configuration for all (little-endian, variable-length integers, at most
//! [`MOST_BYTES`]). The bytes are untrusted: a length that they promise is checked against the limit before
//! anything is allocated for it, and reading stops with the input. Do not put sequences of values that take no
//! bytes (`Vec<()>`) into such a type: nothing but the promised length would bound the reading of them.

use bincode::config::{Configuration, Limit, LittleEndian, Varint};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Values that take more bytes than this are neither written nor read.
pub const MOST_BYTES: usize = 16 << 20;

type Config = Configuration<LittleEndian, Varint, Limit<MOST_BYTES>>;

const CONFIG: Config = bincode::config::standard().with_limit::<MOST_BYTES>();

/// Why a value could not be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// The value has something that has no bytes, such as a map of unknown length.
    #[error("a value has no form as bytes: {0}")]
    Encode(#[from] bincode::error::EncodeError),
    /// The bytes are not those of such a value.
    #[error("its bytes are not the value expected: {0}")]
    Decode(#[from] bincode::error::DecodeError),
    /// The value is too large.
    #[error("it takes {bytes} bytes, more than {MOST_BYTES}")]
    TooLarge {
        /// What it takes.
        bytes: usize,
    },
    /// The value ends before the bytes do.
    #[error("{bytes} bytes follow its value")]
    Tail {
        /// How many bytes follow it.
        bytes: usize,
    },
}

/// The bytes of `value`; the same value gives the same bytes, if it holds no hash map.
///
/// # Errors
/// The value is longer than [`MOST_BYTES`], or serde cannot write it.
pub fn to_bytes<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, MetadataError> {
    let bytes = bincode::serde::encode_to_vec(value, CONFIG)?;
    if bytes.len() > MOST_BYTES { Err(MetadataError::TooLarge { bytes: bytes.len() }) } else { Ok(bytes) }
}

/// The value that [`to_bytes`] wrote.
///
/// # Errors
/// The bytes are too many, or not exactly those of one such value.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, MetadataError> {
    if bytes.len() > MOST_BYTES {
        return Err(MetadataError::TooLarge { bytes: bytes.len() });
    }
    let (value, read) = bincode::serde::decode_from_slice(bytes, CONFIG)?;
    match bytes.len() - read {
        0 => Ok(value),
        bytes => Err(MetadataError::Tail { bytes }),
    }
}
