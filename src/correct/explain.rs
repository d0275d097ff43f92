//! A correction with all that was decided on the way: what evaluation takes apart.

use super::Correction;
use crate::guard::Proposal;

/// What became of a change that the search proposed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// A policy forbids it, or a rule of the user's.
    Forbidden,
    /// Not judged: the whole line was replaced.
    PassedOver,
    /// Sure enough (0–1), but another change of the same place was better.
    Outdone(f32),
    /// The guard was less sure (0–1) than it has to be.
    Refused(f32),
    /// It was sure enough. An edit that is surer and overlaps still goes before it.
    Made(f32),
}

impl Verdict {
    /// Calibrated probability of being right, of what the guard judged.
    pub fn confidence(self) -> Option<f32> {
        match self {
            Self::Refused(confidence) | Self::Outdone(confidence) | Self::Made(confidence) => {
                Some(confidence)
            }
            Self::Forbidden | Self::PassedOver => None,
        }
    }
}

/// A proposed change and what became of it.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What the search would have.
    pub proposal: Proposal,
    /// Whether it got it.
    pub verdict: Verdict,
}

/// A corrected line with what was decided about it.
///
/// ```no_run
/// let corrector = amend::Corrector::new(amend::Model::open("bln.amend")?)?;
/// let explained = corrector.worker().explain_document(&[amend::Line::new("tbe quick brovvn fox")]);
/// for decision in explained.iter().flat_map(|line| &line.decisions) {
///     println!("{}: {:?}", decision.proposal.intended, decision.verdict);
/// }
/// # Ok::<(), amend::ModelError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Explained {
    /// The corrected text and its edits.
    pub correction: Correction,
    /// All that the search proposed, left to right.
    pub decisions: Vec<Decision>,
}
