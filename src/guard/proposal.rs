//! A change of one line that is proposed to the guard.

use std::sync::Arc;

use super::kind::letters;
use super::{Act, Kind};
use crate::corpus::Line;
use crate::counts::Segment;
use crate::decode::Reading;
use crate::text::Span;

/// One proposed change of one line.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Which line of the document.
    pub line: usize,
    /// Where, in bytes of that line: whole tokens.
    pub span: Span,
    /// What would stand there.
    pub intended: String,
    /// The price of leaving it.
    pub kept: Reading,
    /// The price of changing it.
    pub changed: Reading,
    /// Times that the rarest of its segments was seen misread in just this way.
    pub support: u32,
    /// That segment: observed, intended.
    pub rarest: (Segment, Segment),
    /// Channel cost of its dearest segment, nats.
    pub dearest: f32,
    /// All readings near (this one, and leaving it, among them) with their shares, the likeliest first.
    pub near: Arc<[(String, f32)]>,
    /// Share of leaving it.
    pub leave: f32,
    /// First symbol and symbol after the last, of the line.
    pub symbols: (usize, usize),
    /// What it touches.
    pub kind: Kind,
    /// What it does to the document's habits.
    pub act: Act,
    /// 0 for what the search itself would do there; the others of the same place, which follow it, are other
    /// readings that came near, and what is left of it when spaces, marks and case stay as they are.
    pub rank: u8,
}

impl Proposal {
    /// Whether it is what the search itself would do.
    pub fn is_of_search(&self) -> bool {
        self.rank == 0 && !matches!(self.act, Act::Ending | Act::Echo | Act::Break)
    }

    /// What its line, `text`, would be.
    pub fn put_into(&self, text: &str) -> String {
        let mut out = text.to_owned();
        out.replace_range(self.span.range(), &self.intended);
        out
    }

    /// How much cheaper changing is than leaving, nats.
    pub fn margin(&self) -> f32 {
        self.kept.total - self.changed.total
    }

    /// Whether letters or digits differ, and not only case, spaces, hyphens and marks.
    pub fn is_lettered(&self, lines: &[Line<'_>]) -> bool {
        lines.get(self.line).is_some_and(|line| self.is_lettered_in(line.text))
    }

    /// The same, from the text of its line.
    pub fn is_lettered_in(&self, text: &str) -> bool {
        letters(self.span.of(text)) != letters(&self.intended)
    }
}

/// A proposal of nothing but its text.
#[cfg(test)]
pub(crate) fn proposal(line: usize, text: &str, observed: &str, intended: &str, rank: u8) -> Proposal {
    let start = text.find(observed).expect("it stands there");
    let kind = Kind::of(observed, intended);
    Proposal {
        line,
        span: Span::new(text, start, start + observed.len()).expect("a piece"),
        intended: intended.to_owned(),
        kept: Reading::default(),
        changed: Reading::default(),
        support: 0,
        rarest: Default::default(),
        dearest: 0.0,
        near: Arc::default(),
        leave: 0.0,
        symbols: (0, 0),
        kind,
        act: Act::of(kind, observed, intended),
        rank,
    }
}
