//! Whether a document is like those that were learned from: how it is laid out and written, not how noisy it is.
//!
//! Letters are misread alike everywhere; spaces, hyphens, marks and case follow the habits of a source. A guard that
//! learned the habits of one source breaks the right text of another, and nothing in a single change tells. So a
//! document that is far from every one learned from, its nearest neighbours in a few plain shares, is *abroad*, and
//! there the delicate kinds of change are not made.

use serde::{Deserialize, Serialize};

use super::{Kind, Survey};
use crate::corpus::Line;
use crate::cost::{ln, narrow};
use crate::text::tokens;

/// Plain shares of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile([f32; Profile::COUNT]);

impl Profile {
    const COUNT: usize = 8;

    /// The profile of a document. O(length).
    pub fn of(lines: &[Line<'_>], survey: &Survey) -> Self {
        let mut sums = [0.0_f32; Self::COUNT];
        let (mut written, mut letters, mut all) = (0.0_f32, 0.0_f32, 0.0_f32);
        for text in lines.iter().map(|l| l.text.trim()).filter(|t| !t.is_empty()) {
            written += 1.0;
            sums[0] += flag(text.chars().next().is_some_and(char::is_uppercase));
            sums[1] += flag(text.ends_with(['.', '!', '?', '"', '”', '’', '\'']));
            sums[2] += narrow(ln(1.0 + text.chars().count() as f64));
            sums[3] += flag(text.ends_with(['-', '¬', '=']));
            let mut broken = false;
            for token in tokens(text) {
                all += 1.0;
                sums[4] += flag(broken && token.text.chars().next().is_some_and(char::is_lowercase));
                broken = token.text.len() > 1 && token.text.ends_with(['-', '¬', '=']);
                sums[5] += flag(
                    token.text.chars().any(char::is_uppercase) && !token.text.chars().any(char::is_lowercase),
                );
                sums[6] += flag(token.text.chars().any(char::is_numeric));
                letters += 1.0;
            }
        }
        let case = survey.proposals.iter().filter(|p| p.kind == Kind::Case && !p.remainder).count();
        sums[7] = case as f32;
        let per = [written, written, written, written, all, letters, all, all];
        let mut shares = [0.0; Self::COUNT];
        for ((share, sum), per) in shares.iter_mut().zip(sums).zip(per) {
            *share = sum / per.max(1.0);
        }
        Self(shares)
    }
}

/// Profiles learned from, and how near is near.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Home {
    profiles: Vec<Profile>,
    scale: Profile,
    reach: f32,
}

/// Profiles kept.
const MOST: usize = 256;
/// Which neighbour's distance counts: one alike may be chance.
const NEIGHBOUR: usize = 3;
/// Share of the documents learned from that would not be at home among the others.
const STRANGE: f32 = 0.02;
/// How much farther than those a document may be.
const MARGIN: f32 = 1.25;

impl Home {
    /// The home of these documents; of fewer than ten nothing is known, and nothing is at home.
    pub fn learn(profiles: &[Profile]) -> Self {
        if profiles.len() < 10 {
            return Self::default();
        }
        let profiles: Vec<Profile> =
            profiles.iter().step_by(profiles.len().div_ceil(MOST)).copied().collect();
        let mut scale = Profile::default();
        for (at, scale) in scale.0.iter_mut().enumerate() {
            let mean = profiles.iter().map(|p| p.0[at]).sum::<f32>() / profiles.len() as f32;
            let variance = profiles.iter().map(|p| (p.0[at] - mean) * (p.0[at] - mean)).sum::<f32>()
                / profiles.len() as f32;
            // A share that never varies at home says much when it does; but not everything.
            *scale = variance.sqrt().max(0.004);
        }
        let mut home = Self { profiles, scale, reach: 0.0 };
        let mut distances: Vec<f32> = home.profiles.iter().map(|p| home.distance(p, NEIGHBOUR)).collect();
        distances.sort_by(f32::total_cmp);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank")]
        let rank = (distances.len() as f32 * (1.0 - STRANGE)) as usize;
        home.reach = MARGIN * distances.get(rank.min(distances.len() - 1)).copied().unwrap_or(0.0);
        home
    }

    /// Whether a document is like those learned from.
    pub fn holds(&self, profile: &Profile) -> bool {
        self.profiles.len() > NEIGHBOUR && self.distance(profile, NEIGHBOUR - 1) <= self.reach
    }

    /// Distance to the `rank`-th nearest profile, in deviations.
    fn distance(&self, from: &Profile, rank: usize) -> f32 {
        let each = |to: &Profile| {
            let parts = from.0.iter().zip(to.0).zip(self.scale.0);
            parts.map(|((a, b), scale)| ((a - b) / scale) * ((a - b) / scale)).sum::<f32>().sqrt()
        };
        let mut distances: Vec<f32> = self.profiles.iter().map(each).collect();
        distances.sort_by(f32::total_cmp);
        distances.get(rank).copied().unwrap_or(0.0)
    }
}

fn flag(yes: bool) -> f32 {
    if yes { 1.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(texts: &[&str]) -> Profile {
        let lines: Vec<Line<'_>> = texts.iter().map(|t| Line::new(t)).collect();
        Profile::of(&lines, &Survey::default())
    }

    #[test]
    fn a_document_with_broken_words_is_abroad_where_none_had_any() {
        let at_home: Vec<Profile> = (0..20)
            .map(|k| {
                profile(&[
                    "The cat sat on the mat and slept.",
                    if k % 2 == 0 { "so it went on" } else { "A dog came by." },
                ])
            })
            .collect();
        let home = Home::learn(&at_home);
        assert!(home.holds(&profile(&["The dog sat on the mat and slept.", "so it goes on"])));
        assert!(!home.holds(&profile(&[
            "the associa- tion of the commit- tee was",
            "dissolved by the gov- ernment in"
        ])));
        assert!(!Home::learn(&at_home[..3]).holds(&at_home[0]), "of a few documents nothing is known");
    }
}
