//! What is learned from, and what is corrected.

/// One observed text with what its user left standing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pair {
    /// What the recogniser, or the typist, gave.
    pub observed: String,
    /// What is really meant.
    pub intended: String,
    /// What was read together with it (one card, page, article); empty where unknown.
    pub document: String,
    /// The field's kind ("name", "phone", "line"), where known.
    pub kind: Option<String>,
    /// The recogniser's confidence (0–100) of each white-space separated word of `observed`, where known.
    pub evidence: Option<Vec<f32>>,
    /// Which source (file, recogniser, archive) it is of, by number: what one source does another may not.
    pub source: u32,
}

/// What a feedback event teaches: a pair, and which event it was, so that it can be counted once and forgotten.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lesson {
    /// The event's hash.
    pub event: [u8; 16],
    /// What was observed, and what was left standing.
    pub pair: Pair,
    /// What was proposed, seen, and turned down: the observed text was left standing against it.
    pub turned_down: Option<String>,
}

/// One text to correct, with what is known beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Line<'a> {
    /// What the recogniser, or the typist, gave.
    pub text: &'a str,
    /// The field's kind, where known.
    pub kind: Option<&'a str>,
    /// The recogniser's confidence (0–100) of each white-space separated word, where known.
    pub evidence: Option<&'a [f32]>,
}

impl<'a> Line<'a> {
    /// A line of which only the text is known.
    pub fn new(text: &'a str) -> Self {
        Self { text, kind: None, evidence: None }
    }
}

impl<'a> From<&'a Pair> for Line<'a> {
    fn from(pair: &'a Pair) -> Self {
        Self { text: &pair.observed, kind: pair.kind.as_deref(), evidence: pair.evidence.as_deref() }
    }
}
