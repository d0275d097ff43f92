//! The public face: a [`Correction`] and its [`Edit`]s.

use std::fmt;

use crate::text::Span;

/// What found an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum By {
    /// A rule by its name: mined ("m → nn") or the user's own.
    Rule(String),
    /// The search through channel and language, no single rule behind it.
    Beam,
    /// The same text was corrected before.
    Memory,
    /// The nearest known entry.
    Entry,
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(name) => write!(f, "rule {name}"),
            Self::Beam => f.write_str("beam"),
            Self::Memory => f.write_str("memory"),
            Self::Entry => f.write_str("entry"),
        }
    }
}

/// Another reading of the same span.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// What would stand there.
    pub intended: String,
    /// Its probability beside the others, 0–1.
    pub confidence: f32,
}

/// One change that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// Where, in bytes of the observed text; empty for an insertion.
    pub span: Span,
    /// What stands there now.
    pub intended: String,
    /// Calibrated probability that the change is right, 0–1.
    pub confidence: f32,
    /// What found it.
    pub by: By,
    /// Other readings, the likeliest first.
    pub alternatives: Vec<Alternative>,
}

/// A corrected text with every change that led there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Correction {
    text: String,
    edits: Vec<Edit>,
}

impl Correction {
    /// Applies `edits` to `observed`. They are put in order; of two that overlap the surer one stays
    /// (equally sure: the left one).
    pub fn apply(observed: &str, mut edits: Vec<Edit>) -> Self {
        edits.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.span.cmp(&b.span)));
        let mut kept: Vec<Edit> = Vec::with_capacity(edits.len());
        for edit in edits {
            let apart = |k: &Edit| {
                k.span.end() <= edit.span.start() && k.span != edit.span
                    || edit.span.end() <= k.span.start() && k.span != edit.span
            };
            if kept.iter().all(apart) {
                kept.push(edit);
            }
        }
        kept.sort_by_key(|e| e.span);
        let mut text = String::with_capacity(observed.len() + 16);
        let mut at = 0;
        for edit in &kept {
            text.push_str(observed.get(at..edit.span.start()).unwrap_or(""));
            text.push_str(&edit.intended);
            at = edit.span.end();
        }
        text.push_str(observed.get(at..).unwrap_or(""));
        Self { text, edits: kept }
    }

    /// The corrected text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The changes, left to right, not overlapping.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }
}
