//! From edits of segments to changes of tokens: the unit that the guard decides about and a user sees.

use std::ops::Range;

use super::{Observed, RawEdit, SymbolTable};
use crate::counts::Symbol;

/// All edits inside one white-space token; tokens are joined where an edit takes the space between them. A symbol of a
/// script without spaces is a token by itself, so that there edits are apart where symbols between them are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Observed symbols: whole tokens, or nothing (between two spaces); in a script without spaces a kept symbol on
    /// either side as well.
    pub at: Range<usize>,
    /// The edits inside, left to right.
    pub steps: Vec<RawEdit>,
}

impl Change {
    /// The intended symbols of the whole change.
    pub fn intended(&self, observed: &[Symbol]) -> Vec<Symbol> {
        let mut out = Vec::new();
        self.each(observed, |_, intended| out.extend_from_slice(intended));
        out
    }

    /// Calls `visit` with each observed segment and what it stands for, left to right.
    pub fn each<'a>(&'a self, observed: &'a [Symbol], mut visit: impl FnMut(&'a [Symbol], &'a [Symbol])) {
        let mut at = self.at.start;
        for step in &self.steps {
            for kept in observed.get(at..step.at.start).unwrap_or(&[]).chunks(1) {
                visit(kept, kept);
            }
            visit(observed.get(step.at.clone()).unwrap_or(&[]), step.intended.symbols());
            at = step.at.end;
        }
        for kept in observed.get(at..self.at.end).unwrap_or(&[]).chunks(1) {
            visit(kept, kept);
        }
    }
}

/// Kept symbols of a script without spaces that a change takes in on either side: changes that share one are one.
const CONTEXT: usize = 1;

/// Groups a line's edits.
pub fn changes(observed: &Observed, symbols: &SymbolTable, edits: &[RawEdit]) -> Vec<Change> {
    let line = &observed.symbols;
    let unspaced = |at: usize| line.get(at).is_some_and(|&s| symbols.is_unspaced(s));
    // Where a token ends: at white space, or at a symbol that is a token by itself.
    let wall = |at: usize| line.get(at).is_none_or(|&s| symbols.is_space(s) || symbols.is_unspaced(s));
    let mut found: Vec<Change> = Vec::new();
    for edit in edits {
        // Every symbol is looked at once: what lies in the token of the edit before is known to end with it.
        let done = found.last().map_or(0, |last| last.at.end);
        let (mut start, mut end) = (edit.at.start, edit.at.end);
        while start > 0 && start >= done && !wall(start - 1) {
            start -= 1;
        }
        if edit.at.start >= done || end >= done {
            while end < line.len() && !wall(end) {
                end += 1;
            }
        }
        for _ in 0..CONTEXT {
            start -= usize::from(start > 0 && unspaced(start - 1));
            end += usize::from(unspaced(end));
        }
        match found.last_mut() {
            Some(last) if start < last.at.end || start == last.at.start => {
                last.at.end = last.at.end.max(end);
                last.steps.push(edit.clone());
            }
            _ => found.push(Change { at: start..end, steps: vec![edit.clone()] }),
        }
    }
    found
}
