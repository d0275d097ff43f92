//! A byte range of an observed text.

use std::ops::Range;

/// A byte range of one text, on character boundaries of it: checked where it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// The span `start..end` of `text`, or `None` if that is no piece of it.
    pub fn new(text: &str, start: usize, end: usize) -> Option<Self> {
        text.get(start..end).map(|_| Self { start, end })
    }

    /// First byte.
    pub fn start(self) -> usize {
        self.start
    }

    /// Byte after the last.
    pub fn end(self) -> usize {
        self.end
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span holds nothing: the place of an insertion.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The span as a range.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The piece of `text`, empty if `text` is not the text that the span was made for and has no such piece.
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or("")
    }
}
