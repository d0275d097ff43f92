//! A document in a few plain shares.

use serde::{Deserialize, Serialize};

use super::features::flag;
use super::spread::LEAST_DEVIATION;
use super::{Act, Survey};
use crate::corpus::Line;
use crate::cost::{ln, narrow};
use crate::decode::{Knowledge, Listened};
use crate::text::{fold_word, tokens, words};

/// How a document is laid out, written and misread: shares, the square root taken of those that are mostly small.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile([f32; Profile::COUNT]);

/// Acts of the search: all but those that only what else is known of a document proposes, which are the last.
const ACTS: usize = Act::Ending as usize;

/// Lines that are looked at of a long document.
const LOOKED_AT: usize = 128;

impl Profile {
    const COUNT: usize = PLAIN + ACTS;

    /// The profile of a document. O(length), of at most 128 lines but for what is proposed.
    pub fn of(knowledge: &Knowledge<'_>, lines: &[Line<'_>], survey: &Survey) -> Self {
        Self::of_part(knowledge, lines, survey, |_| true)
    }

    /// The same of every other line, and of the lines between; `None` for a document of one line.
    pub fn halves(knowledge: &Knowledge<'_>, lines: &[Line<'_>], survey: &Survey) -> Option<[Self; 2]> {
        let half = |odd| Self::of_part(knowledge, lines, survey, move |line| line % 2 == odd);
        (lines.len() > 1).then(|| [half(0), half(1)])
    }

    fn of_part(
        knowledge: &Knowledge<'_>,
        lines: &[Line<'_>],
        survey: &Survey,
        which: impl Fn(usize) -> bool,
    ) -> Self {
        let mut sums = [0.0_f32; 21];
        let mut lengths = 0.0_f32;
        let (mut written, mut all, mut characters, mut known) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
        let step = lines.len().div_ceil(LOOKED_AT).max(1);
        for line in (0..lines.len()).filter(|&line| which(line)).step_by(step) {
            // As the search reads it: a document is no stranger for being misread more than others.
            let text = survey.mended(lines, line);
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            written += 1.0;
            sums[0] += flag(text.chars().next().is_some_and(char::is_uppercase));
            sums[1] += flag(text.ends_with(['.', '!', '?', '"', '”', '’', '\'']));
            let length = narrow(ln(1.0 + text.chars().count() as f64));
            sums[2] += length;
            lengths += length * length;
            sums[3] += flag(text.ends_with(['-', '¬', '=']));
            let mut broken = false;
            for token in tokens(text) {
                all += 1.0;
                let token = token.text;
                sums[4] += flag(broken && token.chars().next().is_some_and(char::is_lowercase));
                broken = token.len() > 1 && token.ends_with(['-', '¬', '=']);
                let capital = token.chars().any(char::is_uppercase);
                let small = token.chars().any(char::is_lowercase);
                sums[5] += flag(capital && !small);
                sums[6] += flag(capital && small);
                sums[7] += flag(token.chars().any(char::is_numeric));
                sums[8] += flag(!token.chars().any(char::is_alphanumeric));
            }
            for c in text.chars() {
                characters += 1.0;
                match c {
                    ',' => sums[9] += 1.0,
                    '.' => sums[10] += 1.0,
                    '\'' | '’' | '‘' => sums[11] += 1.0,
                    '"' | '“' | '”' | '«' | '»' => sums[12] += 1.0,
                    '-' | '–' | '—' | '¬' => sums[13] += 1.0,
                    ';' | ':' => sums[14] += 1.0,
                    '(' | ')' | '[' | ']' | '/' | '@' | '&' => sums[15] += 1.0,
                    _ => {}
                }
            }
            for word in words(text) {
                known += 1.0;
                match knowledge.vocabulary.id(&fold_word(word.text)) {
                    None => sums[UNKNOWN_WORDS] += 1.0,
                    Some(id) => {
                        let cost = knowledge.words.unigram_cost(id);
                        for (sum, dearest) in sums[18..].iter_mut().zip(FREQUENT) {
                            *sum += flag(cost < dearest);
                        }
                    }
                }
            }
        }
        sums[17] = characters;
        let mut shares = [0.0; Self::COUNT];
        let per = [&[written; 4][..], &[all; 12], &[known, all], &[known; FREQUENT.len()]].concat();
        for (at, (share, (sum, per))) in shares.iter_mut().zip(sums.iter().zip(per)).enumerate() {
            let plain = sum / per.max(1.0);
            *share = if matches!(at, 0..=2 | 17..) { plain } else { plain.sqrt() };
        }
        let mean = shares[2];
        let Listened { calm_nats, calm_symbols, .. } = survey.listened;
        shares[21] = (lengths / written.max(1.0) - mean * mean).max(0.0).sqrt();
        shares[22] = calm_nats / calm_symbols.max(1) as f32;
        let mut proposed = 0.0;
        for proposal in survey.proposals.iter().filter(|p| p.is_of_search() && which(p.line)) {
            proposed += 1.0;
            shares[PLAIN + proposal.act.index()] += 1.0;
        }
        // Of all proposals, not of all tokens: how much is misread is not of a source.
        for share in &mut shares[PLAIN..] {
            *share = ((*share + AS_IF / ACTS as f32) / (proposed + AS_IF)).sqrt();
        }
        Self(shares)
    }

    /// The share of its words, as they are mended, that nobody knows, 0–1.
    pub(super) fn unknown_words(&self) -> f32 {
        self.0[UNKNOWN_WORDS] * self.0[UNKNOWN_WORDS]
    }

    /// The shares.
    pub(super) fn shares(&self) -> &[f32] {
        &self.0
    }

    /// A profile of which only the first share is not nothing.
    #[cfg(test)]
    pub(crate) fn of_one(share: f32) -> Self {
        let mut profile = Self::default();
        profile.0[0] = share;
        profile
    }

    /// The same with this share of unknown words.
    #[cfg(test)]
    pub(super) fn with_unknown_words(mut self, share: f32) -> Self {
        self.0[UNKNOWN_WORDS] = share.sqrt();
        self
    }

    /// The deviation of each share among profiles.
    pub(super) fn deviations(profiles: &[Self]) -> Self {
        let n = profiles.len().max(1) as f32;
        let mut scale = Self::default();
        for (at, scale) in scale.0.iter_mut().enumerate() {
            let mean = profiles.iter().map(|p| p.0[at]).sum::<f32>() / n;
            let variance = profiles.iter().map(|p| (p.0[at] - mean) * (p.0[at] - mean)).sum::<f32>() / n;
            *scale = variance.sqrt().max(narrow(LEAST_DEVIATION));
        }
        scale
    }

    /// Distance to another profile, in deviations.
    pub(super) fn distance(&self, to: &Self, scale: &Self) -> f32 {
        let parts = self.0.iter().zip(to.0).zip(scale.0);
        parts.map(|((a, b), scale)| ((a - b) / scale) * ((a - b) / scale)).sum::<f32>().sqrt()
    }
}

/// The place of the share of unknown words.
const UNKNOWN_WORDS: usize = 16;
/// Shares that do not come of proposals.
const PLAIN: usize = 23;
/// Words of less unigram cost than these, nats, are counted as frequent: a 200th of a text, a 2,000th, a 20,000th.
const FREQUENT: [f32; 3] = [5.3, 7.6, 9.9];
/// Proposals that are counted as seen beforehand, spread evenly.
const AS_IF: f32 = 4.0;
