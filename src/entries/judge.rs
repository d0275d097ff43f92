//! What decides whether a candidate is believed: learned, serialised with the model's other settings.

use serde::{Deserialize, Serialize};

use crate::classify::Forest;

/// How often lines of a kind were known from other documents.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KindCoverage {
    /// The kind as the pairs name it, empty for pairs without a kind.
    pub name: String,
    /// Share of its intended lines that stand in another document or among the known entries, 0–1.
    pub known: f32,
    /// Whether the room looks at it: its lines repeat, and proposals paid in the cross-fit.
    pub is_open: bool,
    /// Its number in the entries' records.
    pub(super) number: u32,
}

/// The judge of candidates, and for which kinds of field there is one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EntriesJudge {
    pub(super) forest: Forest,
    /// The kinds of the pairs.
    pub(super) kinds: Vec<KindCoverage>,
    /// Least confidence for each harm limit, the strictest limit first.
    pub(super) dial: Vec<Notch>,
    /// What the cross-fit said.
    pub(super) report: EntriesReport,
}

/// One setting of the harm limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Notch {
    pub(super) harm_limit: f32,
    pub(super) threshold: f32,
}

/// Lines of the cross-fit at the default harm limit: each was judged by a room learned without its document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntriesReport {
    /// Lines observed right, and of those the ones changed.
    pub right: u32,
    /// See `right`.
    pub broken: u32,
    /// Lines observed right whose entry was unknown, and of those the ones changed.
    pub unknown: u32,
    /// See `unknown`.
    pub unknown_broken: u32,
    /// Lines observed wrong, and of those the ones made right.
    pub wrong: u32,
    /// See `wrong`.
    pub repaired: u32,
    /// Lines observed wrong and made wrong in another way.
    pub missed: u32,
}

impl EntriesJudge {
    /// What the cross-fit of learning said at the default harm limit.
    pub fn report(&self) -> &EntriesReport {
        &self.report
    }

    /// The kinds of field that the pairs had, open and shut.
    pub fn kinds(&self) -> &[KindCoverage] {
        &self.kinds
    }

    /// The kind of that name, if the room looks at it; a name that no pair had reads as no kind.
    pub(super) fn kind(&self, name: Option<&str>) -> Option<&KindCoverage> {
        let named = |name: &str| self.kinds.iter().find(|k| k.name == name);
        named(name.unwrap_or("")).or_else(|| named("")).filter(|k| k.is_open)
    }

    /// Least confidence at which at most `harm_limit` (0–1) of the right lines are broken; without a notch that
    /// strict nothing is believed.
    pub(super) fn threshold(&self, harm_limit: f32) -> f32 {
        let notch = self.dial.iter().rev().find(|n| n.harm_limit <= harm_limit + 1e-6);
        notch.map_or(f32::INFINITY, |n| if n.threshold.is_nan() { f32::INFINITY } else { n.threshold })
    }
}
