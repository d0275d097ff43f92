//! The numbers of a model that learning sets and the search reads.

use serde::{Deserialize, Serialize};

/// Weights of the decoding equation; dimensionless, except for costs in nats where said.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// λc, of the channel.
    pub channel: f32,
    /// λg, of the grapheme n-grams.
    pub grapheme: f32,
    /// λw, of the word n-grams.
    pub word: f32,
    /// λe: price of each edit, nats.
    pub edit: f32,
    /// −ln p of a word that the vocabulary does not hold, nats, before its letters.
    pub unknown_word: f32,
    /// Added for each letter of such a word, nats.
    pub unknown_letter: f32,
}

impl Default for Weights {
    fn default() -> Self {
        Self { channel: 1.0, grapheme: 1.0, word: 0.2, edit: 0.5, unknown_word: 10.5, unknown_letter: 1.2 }
    }
}

/// How the beam's threshold follows the doubt about a token.
///
/// The threshold of a token, in nats, is `floor + slope × (cost of leaving it alone − calm)`, at most `most`;
/// a token that costs less than `calm` is not searched at all.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Doubt {
    /// Threshold of the calmest token that is searched, nats.
    pub floor: f32,
    /// Nats of threshold for each nat of surprise above `calm`.
    pub slope: f32,
    /// Cost below which a token is not searched, nats.
    pub calm: f32,
    /// Greatest threshold, nats.
    pub most: f32,
}

impl Default for Doubt {
    fn default() -> Self {
        Self { floor: 3.0, slope: 0.5, calm: 0.0, most: 16.0 }
    }
}

/// How wide the search is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Beam {
    /// Hypotheses that go on from a position.
    pub width: usize,
    /// How the threshold follows the doubt.
    pub doubt: Doubt,
}

impl Default for Beam {
    fn default() -> Self {
        Self { width: 32, doubt: Doubt::default() }
    }
}

/// Weights and width, as they stand in the model file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// λ.
    pub weights: Weights,
    /// The search.
    pub beam: Beam,
}
