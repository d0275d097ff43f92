//! The judge of a change, and where it draws the line.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::features::alone;
use super::{COUNT, Home, Kind, Near, Standing, Trees};

/// Nothing is as sure as this: a kind of change with this threshold is not made at all.
pub const SHUT: f32 = 1.01;
/// The most harm that is taken without being asked, as a share of right words.
pub const HARM_LIMIT: f32 = 0.005;

/// What a document abroad writes again and again is its spelling, unless a change is so sure, and would be if that stood there
/// once: "tho" and "tbe" for "the" are misread each time. Lower (.9) the business cards' model broke 1.1 of 1,000 right
/// words of old books (shalt, lye).
const SURE_ANYWHERE: f32 = 0.92;

/// One point of the trade: with these thresholds, so much harm and so much gain were measured out of fold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operating {
    /// Least confidence of a change that is made, by the number of its [`Kind`]; [`SHUT`] for none.
    pub thresholds: [f32; Kind::COUNT],
    /// Right words broken, of all right words, 0–1 (the worse of noisy and clean rows), and one deviation more.
    pub harm: f32,
    /// Edit distance mended, net, of all there was, 0–1.
    pub gain: f32,
}

impl Operating {
    /// Nothing is changed.
    pub const NOTHING: Self = Self { thresholds: [SHUT; Kind::COUNT], harm: 0.0, gain: 0.0 };

    /// Whether a change of so much confidence is made.
    pub fn makes(&self, kind: Kind, confidence: f32) -> bool {
        confidence >= self.thresholds[kind.index()]
    }
}

/// What holds for documents abroad, up to a distance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Up to which strangeness ([`Near::strangeness`]).
    pub reach: f32,
    /// By rising harm; what follows habits is left alone.
    pub points: Vec<Operating>,
}

/// The trade between gain and harm as it was measured out of fold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// By rising harm: for each source, in documents like those learned from it.
    pub home: BTreeMap<u32, Vec<Operating>>,
    /// The same in what is too short to tell, and like short stretches of them.
    pub short: BTreeMap<u32, Vec<Operating>>,
    /// The same in documents unlike them, by rising reach: the stranger, the more careful. Beyond the last nothing is changed.
    pub abroad: Vec<Band>,
    /// The limit of harm that holds where nobody asks for another, 0–1.
    pub default: f32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { home: BTreeMap::new(), short: BTreeMap::new(), abroad: Vec::new(), default: HARM_LIMIT }
    }
}

impl Thresholds {
    /// The point of most gain whose harm stayed within `limit` (share of right words), for a document as near as this.
    /// Text in another language is left alone.
    pub fn at(&self, near: &Near, limit: f32) -> Operating {
        match near.standing() {
            Standing::Home => self.home(near.source, limit),
            Standing::Short => self.short(near.source, limit),
            Standing::Abroad => {
                let band = self.abroad.iter().find(|band| near.strangeness <= band.reach);
                band.map_or(Operating::NOTHING, |band| band.within(limit))
            }
            Standing::Foreign => Operating::NOTHING,
        }
    }

    /// The same for documents like those of a source.
    pub fn home(&self, source: u32, limit: f32) -> Operating {
        self.home.get(&source).map_or(Operating::NOTHING, |points| within(points, limit))
    }

    /// The same for what is too short to tell, and like short stretches of those.
    pub fn short(&self, source: u32, limit: f32) -> Operating {
        self.short.get(&source).map_or(Operating::NOTHING, |points| within(points, limit))
    }
}

impl Band {
    /// The point of most gain whose harm stayed within `limit`.
    pub fn within(&self, limit: f32) -> Operating {
        within(&self.points, limit)
    }
}

fn within(points: &[Operating], limit: f32) -> Operating {
    points.iter().take_while(|p| p.harm <= limit).last().copied().unwrap_or(Operating::NOTHING)
}

/// Trees, calibration and thresholds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Guard {
    /// What judges changes of documents.
    pub trees: Trees,
    /// The same in what is too short to tell where it stands: there, that nothing like the change stands elsewhere says little.
    pub short: Trees,
    /// Where the line is drawn.
    pub thresholds: Thresholds,
    /// The documents learned from.
    pub home: Home,
}

impl Guard {
    /// The trees for documents that stand there.
    pub fn trees(&self, standing: Standing) -> &Trees {
        if standing == Standing::Short { &self.short } else { &self.trees }
    }

    /// Whether a change with these features is nearly sure, and would be if nothing like it stood elsewhere in the document.
    pub fn is_sure_anywhere(&self, features: &[f32; COUNT], standing: Standing) -> bool {
        let trees = self.trees(standing);
        [*features, alone(features)].iter().all(|row| trees.confidence(trees.margin(row)) >= SURE_ANYWHERE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stranger_a_document_the_surer_a_change_has_to_be_and_another_language_is_left_alone() {
        let points = |least: f32| {
            [(0.001, 0.2), (0.004, 0.0)]
                .map(|(harm, more)| Operating { harm, gain: 0.1, thresholds: [least + more; Kind::COUNT] })
                .to_vec()
        };
        let band = |reach, least| Band { reach, points: points(least) };
        let thresholds = Thresholds {
            home: [(0, points(0.5))].into(),
            short: [(0, points(0.55))].into(),
            abroad: vec![band(1.5, 0.6), band(3.0, 0.7)],
            default: HARM_LIMIT,
        };
        let least = |strangeness, foreign, limit| {
            let near = Near { strangeness, foreign, ..Near::NOWHERE };
            thresholds.at(&near, limit).thresholds[0]
        };
        for (strangeness, want) in [(0.9, 0.5), (1.0, 0.5), (1.1, 0.6), (1.5, 0.6), (2.9, 0.7), (3.1, SHUT)] {
            assert_eq!(least(strangeness, false, 0.005), want, "{strangeness}");
        }
        assert_eq!([least(0.9, false, 0.002), least(0.9, false, 0.0005)], [0.7, SHUT]);
        assert_eq!([least(0.9, true, 0.005), least(1.1, true, 0.005)], [0.5, SHUT], "at home they know best");
        let short = |foreign| {
            let near = Near { strangeness: 1.1, short: Some(0.9), foreign, ..Near::NOWHERE };
            thresholds.at(&near, 0.005).thresholds[0]
        };
        assert_eq!([short(false), short(true)], [0.55, SHUT]);
    }
}
