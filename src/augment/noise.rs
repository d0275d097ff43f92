//! The noise of a model: its channel turned round.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

use hashbrown::HashMap;
use thiserror::Error;

use super::random::Random;
use crate::channel::Channel;
use crate::counts::{Alphabet, Segment};
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

/// The noise of a model: what its channel misreads as what, how often.
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
/// let amount = noise.amount(&documents, 0.03, 1)?;
/// let made = noise.make(&documents, 0, amount, 1);
/// assert!(made[0].iter().any(|row| row.observed.contains("rn")));
/// assert_eq!(made, noise.make(&documents, 0, amount, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Noise {
    pub(super) alphabet: Alphabet,
    /// Ways of misreading, those of one intended segment side by side.
    pub(super) ways: Vec<Way>,
    /// Where they are, of each intended segment that is ever misread.
    pub(super) runs: Vec<Range<usize>>,
    run_of: HashMap<Segment, usize>,
    /// How much a document may like one misreading.
    pub(super) levels: Vec<f64>,
}

/// One way of misreading a segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    pub(super) observed: Segment,
    /// Times that it happens where it can.
    pub(super) rate: f64,
    pub(super) slip: Slip,
}

/// What a misreading does to a text: documents differ in this more than in anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slip {
    /// Letters or digits become others.
    Letters,
    /// Marks come, go, or become others.
    Marks,
    /// Spaces come.
    Split,
    /// Spaces go.
    Join,
    /// A hyphen and a space come: the end of a line.
    Break,
}

impl Slip {
    pub(super) const COUNT: usize = 5;

    fn of(observed: &str, intended: &str) -> Self {
        let spaces = |text: &str| text.chars().filter(|c| c.is_whitespace()).count();
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        match spaces(observed).cmp(&spaces(intended)) {
            Ordering::Greater if observed.ends_with("- ") => Self::Break,
            Ordering::Greater => Self::Split,
            Ordering::Less => Self::Join,
            Ordering::Equal if letters(observed) == letters(intended) => Self::Marks,
            Ordering::Equal => Self::Letters,
        }
    }
}

/// Levels of how much a document likes one misreading, and their variance: a document that reads `e` as `c` once does it
/// again.
const LEVELS: usize = 256;
const LIKING: f64 = 0.25;

impl Noise {
    /// The noise of a model.
    ///
    /// # Errors
    /// [`NoiseError::Nothing`] where the channel is empty, [`NoiseError::Model`] where it is damaged.
    pub fn of(model: &Model) -> Result<Self, NoiseError> {
        Self::new(model.alphabet().clone(), &model.knowledge()?.channel)
    }

    pub(super) fn new(alphabet: Alphabet, channel: &Channel<'_>) -> Result<Self, NoiseError> {
        let mut all: BTreeMap<Segment, Vec<Way>> = BTreeMap::new();
        for (observed, readings) in channel.rows() {
            let to = alphabet.decode(observed.symbols());
            for reading in readings {
                let from = alphabet.decode(reading.intended.symbols());
                let rate = crate::cost::exp(-f64::from(reading.cost));
                let way = Way { observed, rate, slip: Slip::of(&to, &from) };
                // A forged file may hold what no line can.
                if to != from && !to.contains(['\t', '\n', '\r']) && way.rate.is_finite() {
                    all.entry(reading.intended).or_default().push(way);
                }
            }
        }
        let (mut ways, mut runs, mut run_of) = (Vec::new(), Vec::new(), HashMap::new());
        for (intended, mut own) in all {
            own.sort_by_key(|way| way.observed);
            run_of.insert(intended, runs.len());
            runs.push(ways.len()..ways.len() + own.len());
            ways.append(&mut own);
        }
        if ways.is_empty() {
            return Err(NoiseError::Nothing);
        }
        Ok(Self { alphabet, ways, runs, run_of, levels: levels() })
    }

    /// The number of the run of an intended segment.
    pub(super) fn run_of(&self, intended: Segment) -> Option<usize> {
        self.run_of.get(&intended).copied()
    }
}

/// Factors of mean 1, evenly spread over chance.
fn levels() -> Vec<f64> {
    let mut random = Random::new(0, b"levels");
    let mut drawn: Vec<f64> = (0..LEVELS).map(|_| random.factor(LIKING)).collect();
    let mean = drawn.iter().sum::<f64>() / LEVELS as f64;
    drawn.iter_mut().for_each(|level| *level /= mean);
    drawn
}
