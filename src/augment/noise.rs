//! The noise of a model.

use thiserror::Error;

use super::draw::{Bursts, levels};
use super::random::Random;
use super::table::Table;
use crate::channel::{Channel, Dispersion, DocumentNoise, Shapes, Slip, Wrecks};
use crate::counts::Alphabet;
use crate::model::{Model, ModelError};

/// Noise could not be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NoiseError {
    /// The model was learned from no misreading.
    #[error("the model knows of no misreading: learn it from pairs that have some")]
    Nothing,
    /// The error rate is beyond what the channel can do to the text.
    #[error("a CER of {asked:.3} cannot be made of this text, {most:.3} at most: ask for less")]
    TooMuch {
        /// What was asked for, 0–1.
        asked: f64,
        /// What came of it, 0–1.
        most: f64,
    },
    /// A part of the model is damaged.
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// The noise of a model: what its channel misreads, and how unevenly that falls.
///
/// ```
/// use amend::augment::{Document, Noise};
/// use amend::{Learner, Model, Pair};
///
/// let pair = |n: usize| {
///     let intended = format!("the man saw the lamp at number {n}");
///     let observed = if n % 3 == 0 { intended.clone() } else { intended.replacen('m', "rn", 1) };
///     Pair { observed, intended, document: format!("page {}", n % 8), ..Pair::default() }
/// };
/// let (bytes, _) = Learner { pairs: (0..160).map(pair).collect(), ..Learner::default() }.learn()?;
/// let noise = Noise::of(&Model::from_bytes(bytes)?)?;
///
/// let lines: Vec<String> = (0..50).map(|n| format!("some more of the same from room {n}")).collect();
/// let documents = [Document { id: "new".to_owned(), lines }];
/// let made = noise.make(&documents, 0.03, 1)?;
/// assert!(made[0].iter().any(|row| row.observed.contains("sorne rnore")));
/// assert_eq!(made, noise.make(&documents, 0.03, 1)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Noise {
    pub(super) alphabet: Alphabet,
    pub(super) shapes: Shapes,
    pub(super) table: Table,
    pub(super) falls: Dispersion,
    pub(super) bursts: Bursts,
    /// How much a document may like one misreading.
    pub(super) levels: Vec<f64>,
    /// Probability that a misreading of the greatest length goes on.
    pub(super) company: f64,
    /// Variance between lines.
    pub(super) lines: f64,
    /// Share of rows beyond reading, and how much more is misread there.
    pub(super) wrecks: (f64, f64),
    /// What each document was like.
    likes: Vec<Likes>,
}

/// How much more than on average happens in a document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Likes {
    /// Of each slip.
    pub(super) slips: [f64; Slip::COUNT],
    /// Of damage, and of rows beyond reading.
    pub(super) damage: f64,
}

/// Slips of each kind that are counted beforehand in each document, as usual.
const AS_IF: f64 = 1.0;
/// Variance between documents where the model does not say.
const UNKNOWN_DOCUMENTS: f64 = 0.6;

impl Noise {
    /// The noise of a model. One that does not say how unevenly its noise fell has it fall as is usual.
    ///
    /// # Errors
    /// [`NoiseError::Nothing`] where the channel is empty, [`NoiseError::Model`] where it is damaged.
    pub fn of(model: &Model) -> Result<Self, NoiseError> {
        let falls = model.dispersion().unwrap_or_else(usual);
        Self::new(model.alphabet().clone(), &model.knowledge()?.channel, falls)
    }

    pub(super) fn new(
        alphabet: Alphabet,
        channel: &Channel<'_>,
        falls: Dispersion,
    ) -> Result<Self, NoiseError> {
        let shapes = Shapes::new(&alphabet);
        let table = Table::new(&alphabet, &shapes, channel, &falls);
        if table.ways.is_empty() {
            return Err(NoiseError::Nothing);
        }
        Ok(Self {
            bursts: Bursts::new(within(falls.bursts, 20.0), within(falls.memory, 0.999)),
            levels: levels(within(falls.segments, 4.0)),
            company: within(falls.company, 0.9),
            lines: within(falls.lines, 4.0),
            wrecks: (within(falls.wrecks.share, 0.5), within(falls.wrecks.times, 100.0)),
            likes: likes(&falls.documents),
            alphabet,
            shapes,
            table,
            falls,
        })
    }

    /// What some document is like: one of those learned from.
    pub(super) fn like(&self, random: &mut Random) -> Likes {
        let one = self.likes.get(random.index(self.likes.len())).copied();
        one.unwrap_or_else(|| Likes { slips: [random.factor(UNKNOWN_DOCUMENTS); Slip::COUNT], damage: 1.0 })
    }

    /// Stretches of damage a symbol, of each kind.
    pub(super) fn damage_rates(&self) -> [f64; 3] {
        let symbols = (self.falls.symbols as f64).max(1.0);
        self.falls.damage.map(|damage| f64::from(damage.stretches) / symbols)
    }

    /// Mean lengths of damage of each kind, symbols of the intended and of the observed side.
    pub(super) fn damage_lengths(&self) -> [[f64; 2]; 3] {
        self.falls.damage.map(|damage| {
            let stretches = f64::from(damage.stretches).max(1.0);
            [f64::from(damage.intended) / stretches, f64::from(damage.observed) / stretches]
        })
    }
}

/// What is taken for true of a model that does not say: what was found in most of those that do.
fn usual() -> Dispersion {
    let wrecks = Wrecks { share: 0.01, times: 6.0 };
    Dispersion {
        lines: 0.15,
        segments: 0.25,
        bursts: 1.2,
        memory: 0.75,
        company: 0.4,
        wrecks,
        ..Dispersion::default()
    }
}

/// A number of a file that may be damaged.
fn within(value: f32, most: f64) -> f64 {
    let value = f64::from(value);
    if value.is_nan() { 0.0 } else { value.clamp(0.0, most) }
}

/// What each document was like. Its slips are set beside the usual ones; the mean over documents is 1, since they are
/// drawn evenly.
fn likes(documents: &[DocumentNoise]) -> Vec<Likes> {
    let symbols: f64 = documents.iter().map(|d| f64::from(d.symbols)).sum::<f64>().max(1.0);
    let beside = |of: &dyn Fn(&DocumentNoise) -> u32| {
        let usual = documents.iter().map(|d| f64::from(of(d))).sum::<f64>() / symbols;
        let one = |d: &DocumentNoise| (f64::from(of(d)) + AS_IF) / (f64::from(d.symbols) * usual + AS_IF);
        let factors: Vec<f64> = documents.iter().map(one).collect();
        let mean = factors.iter().sum::<f64>() / factors.len().max(1) as f64;
        factors.into_iter().map(|factor| factor / mean).collect::<Vec<f64>>()
    };
    let slips: Vec<Vec<f64>> = (0..Slip::COUNT).map(|slip| beside(&|d| d.slips[slip])).collect();
    let damage = beside(&|d| d.damaged).into_iter().enumerate();
    damage.map(|(at, damage)| Likes { slips: std::array::from_fn(|slip| slips[slip][at]), damage }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_set_beside_each_other() {
        let document = |symbols, letters| DocumentNoise {
            symbols,
            slips: [letters, 0, 0, 0, 0, 0, 0, 0],
            ..DocumentNoise::default()
        };
        // A letter in a hundred on average: 9 and 1 where 5 were expected, one more everywhere.
        let likes = likes(&[document(500, 9), document(500, 1)]);
        let want = [10.0 / 6.0, 2.0 / 6.0];
        for (likes, want) in likes.iter().zip(want) {
            assert!((likes.slips[0] - want).abs() < 1e-9, "{likes:?}");
            assert_eq!((likes.slips[1], likes.damage), (1.0, 1.0), "none anywhere");
        }
        assert!(super::likes(&[]).is_empty());
    }

    #[test]
    fn damaged_numbers_are_kept_within_bounds() {
        assert_eq!([f32::NAN, f32::INFINITY, -1.0, 0.5].map(|v| within(v, 2.0)), [0.0, 2.0, 0.0, 0.5]);
    }
}
