//! The numbers of a model that learning sets and the search reads.

use serde::{Deserialize, Serialize};

use crate::cost::{ln, narrow};

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

/// How the beam's threshold follows the doubt.
///
/// A token's surprise is what it costs the language model as it stands, with a few symbols behind it, nats. The
/// threshold of a token is `floor + slope × (surprise − calm)`, at most `most`; a token of less surprise than calm is
/// not searched at all, nor is a symbol from which on all is calm. How much is calm depends on the document: `calm` where it is as rough as what was learned
/// from, rising to `quiet` where it is as clean as right text.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Doubt {
    /// Threshold of the calmest token that is searched, nats.
    pub floor: f32,
    /// Nats of threshold for each nat of surprise beyond calm.
    pub slope: f32,
    /// Surprise below which a token of a rough document is not searched, nats.
    pub calm: f32,
    /// The same in a clean document, nats.
    pub quiet: f32,
    /// Greatest threshold, nats.
    pub most: f32,
    /// Share of surprising tokens in right text.
    pub clean: f32,
    /// Share of surprising tokens in the text that was learned from.
    pub rough: f32,
}

impl Default for Doubt {
    fn default() -> Self {
        Self { floor: 4.0, slope: 0.5, calm: 6.0, quiet: 16.0, most: 11.5, clean: 0.07, rough: 0.2 }
    }
}

impl Doubt {
    /// A token of more surprise than this is a surprising one, nats.
    pub const SURPRISING: f32 = 20.0;
    /// Tokens of the kind learned from that are weighed with a document's own.
    const PRIOR: f32 = 30.0;

    /// The same for a document in which `surprising` of `tokens` are surprising.
    #[must_use]
    pub fn of_document(self, surprising: usize, tokens: usize) -> Self {
        let share = (surprising as f32 + Self::PRIOR * self.rough) / (tokens as f32 + Self::PRIOR);
        let roughness = ((share - self.clean) / (self.rough - self.clean).max(0.01)).clamp(0.0, 1.0);
        Self { calm: self.quiet + roughness * (self.calm - self.quiet), ..self }
    }
}

/// What a recogniser's confidence in a word is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trust {
    ease: [f32; Self::STEPS],
}

impl Trust {
    /// Steps of equal width from no confidence to all of it.
    pub const STEPS: usize = 20;
    /// Words of the usual share of misread ones that are taken as seen beforehand in each step.
    const PRIOR: f64 = 20.0;

    /// From how many words of each [step](Self::step) there were, and how many of them were misread: the logarithm of how
    /// much oftener those of a step were misread than all.
    pub fn of(words: &[[u32; 2]; Self::STEPS]) -> Self {
        let sum = |of: usize| words.iter().map(|n| f64::from(n[of])).sum::<f64>();
        let usual = sum(1) / sum(0);
        let ease = |n: &[u32; 2]| {
            let share = (f64::from(n[1]) + Self::PRIOR * usual) / (f64::from(n[0]) + Self::PRIOR);
            narrow(ln(share / usual))
        };
        if sum(1) > 0.0 {
            Self { ease: std::array::from_fn(|step| ease(&words[step])) }
        } else {
            Self::default()
        }
    }

    /// The step of a confidence, 0–100.
    pub fn step(confidence: f32) -> usize {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a step")]
        let step = (confidence / 100.0 * Self::STEPS as f32) as usize;
        step.min(Self::STEPS - 1)
    }

    /// How much cheaper an edit is in a word of this confidence (0–100), nats; dearer if negative.
    pub fn ease(&self, confidence: f32) -> f32 {
        self.ease[Self::step(confidence)]
    }
}

/// How wide the search is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Beam {
    /// Hypotheses that go on from a position of the greatest threshold; where it is less, so much the fewer.
    pub width: usize,
    /// How the threshold follows the doubt.
    pub doubt: Doubt,
    /// What the recogniser's confidence is worth, where it is given.
    pub trust: Trust,
}

impl Beam {
    /// One that keeps more and gives up later: twice the work, for another hundredth or two of the errors.
    #[must_use]
    pub fn thorough(self) -> Self {
        let Doubt { calm, quiet, most, .. } = self.doubt;
        let doubt = Doubt { calm: calm / 2.0, quiet: quiet / 2.0, most: 1.3 * most, ..self.doubt };
        Self { width: self.width.saturating_mul(4), doubt, ..self }
    }
}

impl Default for Beam {
    fn default() -> Self {
        Self { width: 32, doubt: Doubt::default(), trust: Trust::default() }
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
