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

    /// The same with the steps of `other`, of the same symbols, in place of those that they overlap.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        let overlaps =
            |a: &Range<usize>, b: &Range<usize>| a == b || a.contains(&b.start) || b.contains(&a.start);
        let stays = |own: &&RawEdit| !other.steps.iter().any(|step| overlaps(&own.at, &step.at));
        let mut steps: Vec<RawEdit> = self.steps.iter().filter(stays).chain(&other.steps).cloned().collect();
        steps.sort_by_key(|step| (step.at.start, step.at.end));
        Self { at: self.at.clone(), steps }
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
    let lone = |at: usize| line.get(at).is_some_and(|&s| symbols.is_unspaced(s));
    // Where a token ends: at white space, or at a symbol that is a token by itself.
    let wall = |at: usize| line.get(at).is_none_or(|&s| symbols.is_space(s) || symbols.is_unspaced(s));
    let mut found: Vec<Change> = Vec::new();
    let mut parted = [false; 2];
    for (number, edit) in edits.iter().enumerate() {
        // Edits that touch are one run: what comes of it may part the tokens around it.
        let touches = number > 0 && edits.get(number - 1).is_some_and(|last| last.at.end == edit.at.start);
        if !touches {
            parted = parts(symbols, edits.get(number..).unwrap_or(&[]));
        }
        // Every symbol is looked at once: what lies in the token of the edit before is known to end with it.
        let done = found.last().map_or(0, |last| last.at.end);
        let (mut start, mut end) = (edit.at.start, edit.at.end);
        while start > 0 && start >= done && !parted[0] && !wall(start - 1) {
            start -= 1;
        }
        if edit.at.start >= done || end >= done {
            while end < line.len() && !parted[1] && !wall(end) {
                end += 1;
            }
        }
        for _ in 0..CONTEXT {
            start -= usize::from(start > 0 && lone(start - 1));
            end += usize::from(lone(end));
        }
        let one = |last: &Change| {
            start < last.at.end || start == last.at.start || touches && parted.contains(&true)
        };
        match found.last_mut() {
            Some(last) if one(last) => {
                last.at.end = last.at.end.max(end);
                last.steps.push(edit.clone());
            }
            _ => found.push(Change { at: start..end, steps: vec![edit.clone()] }),
        }
    }
    found
}

/// Whether a run of touching edits, the first of `edits`, begins and ends with a symbol that is a token by itself.
fn parts(symbols: &SymbolTable, edits: &[RawEdit]) -> [bool; 2] {
    let len = edits.windows(2).take_while(|two| two[0].at.end == two[1].at.start).count() + 1;
    let mut written = edits.iter().take(len).flat_map(|edit| edit.intended.symbols());
    let lone = |symbol: Option<&Symbol>| symbol.is_some_and(|&s| symbols.is_unspaced(s));
    [lone(written.clone().next()), lone(written.next_back())]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::counts::{Alphabet, Segment};
    use crate::text::graphemes;

    /// The observed text of each change, with `<` and `>` around what is edited there.
    fn grouped(text: &str, edits: &[(usize, usize, &str)]) -> Vec<String> {
        let written = edits.iter().map(|edit| edit.2);
        let seen = std::iter::once(text).chain(written).flat_map(graphemes).map(|(_, g)| (g.into(), 1));
        let alphabet = Alphabet::from_counts(&seen.collect::<BTreeMap<Box<str>, u64>>(), 1);
        let mut observed = Observed::default();
        observed.read(text, &alphabet);
        let raw = edits.iter().map(|&(start, end, intended)| {
            let mut symbols = Vec::new();
            alphabet.encode(intended, &mut symbols);
            RawEdit { at: start..end, intended: Segment::new(&symbols).unwrap() }
        });
        let found = changes(&observed, &SymbolTable::new(&alphabet), &raw.collect::<Vec<_>>());
        let part = |at: Range<usize>| alphabet.decode(&observed.symbols[at]);
        let shown = found.iter().map(|change| {
            let (mut out, mut at) = (String::new(), change.at.start);
            for step in &change.steps {
                out += &format!("{}<{}>", part(at..step.at.start), part(step.at.clone()));
                at = step.at.end;
            }
            out + &part(at..change.at.end)
        });
        shown.collect()
    }

    #[test]
    fn edits_of_a_token_are_one_change_and_in_a_script_without_spaces_those_that_touch() {
        #[allow(clippy::type_complexity, reason = "a table of cases")]
        let cases: [(&str, &[(usize, usize, &str)], &[&str]); 8] = [
            ("tbe ead of it", &[(1, 2, "h"), (5, 6, "n")], &["t<b>e", "e<a>d"]),
            ("tbe end", &[(1, 2, "h"), (3, 4, "")], &["t<b>e< >end"]),
            ("おれは蕎変が大好きである", &[(4, 5, "麦"), (8, 9, "さ")], &["蕎<変>が", "好<き>で"]),
            ("おれは蕎変が大好き", &[(3, 4, "そ"), (5, 6, "は")], &["は<蕎>変<が>大"]),
            ("なった。 ある日", &[(4, 5, "")], &["。< >あ"]),
            ("た 東京", &[(0, 1, "だ"), (1, 2, "")], &["<た>< >東"]),
            ("mail : jo@x.jp", &[(4, 5, ""), (5, 6, "："), (6, 7, "")], &["< ><:>< >"]),
            ("渡辺ビルOO8号", &[(4, 5, "0"), (5, 6, "0")], &["ル<O><O>8号"]),
        ];
        for (text, edits, want) in cases {
            assert_eq!(grouped(text, edits), want, "{text}");
        }
    }
}
