//! Documents made noisy, at the error rate asked for.

use rayon::prelude::*;

use super::draw::{Mood, draw};
use super::noise::{Noise, NoiseError};
use super::random::Random;
use crate::evaluate::errors;
use crate::text::Span;

/// A document to be made noisy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// What it is called.
    pub id: String,
    /// Right text, a row each.
    pub lines: Vec<String>,
}

/// A row with its noise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// What a recogniser might have read.
    pub observed: String,
    /// What is misread of it, in order, apart.
    pub misread: Vec<Misread>,
}

/// A place of a row that is misread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// Bytes of the observed text; none where something is missing.
    pub span: Span,
    /// What should stand there.
    pub intended: String,
}

/// Code points that the amount of noise is measured on at least, and how often a short text is made for it at most.
const MEASURED: usize = 200_000;
const MOST_TIMES: usize = 64;
/// More noise than so many times the channel's is none of its own.
const MOST_AMOUNT: f64 = 4096.0;
/// As near to the rate asked for, relatively, is near enough; and as often it is tried to come nearer.
const CLOSE: f64 = 0.002;
const ROUNDS: usize = 24;

/// Variance of how much is misread between documents, and between the lines of one (of a factor of mean 1).
const DOCUMENTS: f64 = 0.5;
const LINES: f64 = 0.2;
/// Lines that are beyond reading, and how many times as much is misread there.
const WRECKED: f64 = 0.02;
const WRECK: f64 = 6.0;

impl Noise {
    /// How many times as much as the channel says has to be misread for an error rate of `cer` (code points of
    /// Levenshtein distance over code points of right text, all documents together, 0–1).
    ///
    /// It is found by making noise: the amount is moved between a lower and an upper bound (regula falsi) until the text
    /// made, with its own seed, comes within 0.2 % of the rate. A text of less than 200,000 code points is made with more
    /// seeds beside its own and they are measured together, so that what comes of a few rows is left to chance.
    ///
    /// # Errors
    /// [`NoiseError::TooMuch`] where no amount of the channel's misreadings makes as many errors.
    pub fn amount(&self, documents: &[Document], cer: f64, seed: u64) -> Result<f64, NoiseError> {
        let lines = documents.iter().flat_map(|document| &document.lines);
        let characters: usize = lines.map(|line| line.chars().count()).sum();
        if cer.is_nan() || cer <= 0.0 || characters == 0 {
            return Ok(0.0);
        }
        let times = (MEASURED / characters).clamp(1, MOST_TIMES) as u64;
        let rate = |amount: f64| {
            let errors = |time| self.errors(documents, amount, seed.wrapping_add(time));
            (0..times).map(errors).sum::<u64>() as f64 / (times as f64 * characters as f64)
        };
        let (mut low, mut high) = ((0.0, 0.0), (1.0, rate(1.0)));
        while high.1 < cer {
            if high.0 >= MOST_AMOUNT {
                return Err(NoiseError::TooMuch { asked: cer, most: high.1 });
            }
            (low, high) = (high, (high.0 * 2.0, rate(high.0 * 2.0)));
        }
        for _ in 0..ROUNDS {
            if high.1 - cer < CLOSE * cer || cer - low.1 < CLOSE * cer {
                break;
            }
            // Where a line between the bounds has it, but never nearer to one than a tenth.
            let part = ((cer - low.1) / (high.1 - low.1)).clamp(0.1, 0.9);
            let amount = low.0 + part * (high.0 - low.0);
            let found = (amount, rate(amount));
            if found.1 < cer { low = found } else { high = found }
        }
        Ok(if cer - low.1 < high.1 - cer { low.0 } else { high.0 })
    }

    /// Makes noise on every row: `amount` times as much as the channel says. The documents are those from number `first`
    /// on of all that are made with this seed: in pieces or at once, the same pairs come of it.
    pub fn make(&self, documents: &[Document], first: usize, amount: f64, seed: u64) -> Vec<Vec<Made>> {
        let made = |mood: &mut Mood, (at, document): (usize, &Document)| {
            self.document(mood, document, amount, stream(seed, first + at)).collect()
        };
        documents.par_iter().enumerate().map_init(Mood::default, made).collect()
    }

    fn errors(&self, documents: &[Document], amount: f64, seed: u64) -> u64 {
        let made = |mood: &mut Mood, (at, document): (usize, &Document)| {
            let made = self.document(mood, document, amount, stream(seed, at));
            made.zip(&document.lines).map(|(made, line)| errors(&made.observed, line)).sum::<u64>()
        };
        documents.par_iter().enumerate().map_init(Mood::default, made).sum()
    }

    fn document<'d>(
        &'d self,
        mood: &'d mut Mood,
        document: &'d Document,
        amount: f64,
        mut random: Random,
    ) -> impl Iterator<Item = Made> + use<'d> {
        mood.set(self, &mut random);
        let amount = amount * random.factor(DOCUMENTS);
        let own = random.next();
        let mood = &*mood;
        document.lines.iter().enumerate().map(move |(at, line)| {
            let mut random = stream(own, at);
            let level = random.factor(LINES) * if random.unit() < WRECKED { WRECK } else { 1.0 };
            draw(self, mood, line, amount * level, &mut random)
        })
    }
}

/// The stream of chance that belongs to a document of a seed, or to a row of a document.
fn stream(seed: u64, at: usize) -> Random {
    Random::new(seed, &(at as u64).to_le_bytes())
}
