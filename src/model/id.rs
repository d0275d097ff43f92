//! What a model is called by what it holds.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The name of a model by its content: the xxh3-128 of the file's header and section table. Displays as 32 hex digits.
///
/// The table holds the length and the xxh3-64 of every section, and a file has one form only. So the name stands for every
/// byte of the file as soon as [`Model::verify`] has passed, and is known at once when a file is opened. It tells
/// models apart; it is no proof against somebody who makes another model of the same name on purpose.
///
/// ```
/// let id: amend::model::ModelId = "00000000000000000000000000c0ffee".parse()?;
/// assert_eq!(id.to_string(), "00000000000000000000000000c0ffee");
/// assert!("c0ffee".parse::<amend::model::ModelId>().is_err());
/// # Ok::<(), amend::model::NotAnId>(())
/// ```
///
/// [`Model::verify`]: super::Model::verify
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModelId(u128);

/// A text that is no [`ModelId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the id of a model is 32 hex digits, small ones")]
pub struct NotAnId;

impl ModelId {
    /// Digits of an id as text.
    pub const DIGITS: usize = 32;

    pub(super) fn new(hash: u128) -> Self {
        Self(hash)
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ModelId({self})")
    }
}

impl FromStr for ModelId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        // One form only: what is read is what would be written.
        let digits = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if !digits || text.len() != Self::DIGITS {
            return Err(NotAnId);
        }
        u128::from_str_radix(text, 16).map(Self).map_err(|_| NotAnId)
    }
}

impl Serialize for ModelId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ModelId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ModelFile, ModelWriter, SectionKind};

    #[test]
    fn an_id_has_one_form() {
        let id = ModelId(0x0123_4567_89ab_cdef);
        let text = "00000000000000000123456789abcdef";
        assert_eq!((id.to_string().as_str(), text.parse()), (text, Ok(id)));
        let upper = text.to_uppercase();
        let long = format!("0{text}");
        for wrong in ["", "-", &text[1..], &long, &upper, "+0000000000000000123456789abcdef"] {
            assert_eq!(wrong.parse::<ModelId>(), Err(NotAnId), "{wrong}");
        }
    }

    #[test]
    fn another_content_is_another_id() {
        let id = |text: &str| {
            let bytes = ModelWriter::new().section(SectionKind::Rules, text).to_bytes();
            ModelFile::from_bytes(bytes).expect("a model").id()
        };
        assert_eq!(id("a"), id("a"));
        assert_ne!(id("a"), id("b"));
    }
}
