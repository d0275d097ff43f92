//! How the lines of a document end: a directory's entries in stops, a list's in nothing. A line that ends otherwise than most
//! may have lost its mark, or had it misread; the line itself does not tell.

use std::collections::BTreeMap;

use crate::corpus::Line;
use crate::counts::{Alphabet, Segment};
use crate::decode::{Change, Knowledge, Observed, RawEdit};
use crate::text::is_hyphen;

/// How many lines end how. Letters and digits are one way, each mark is one by itself.
#[derive(Clone, Debug, Default)]
pub struct Endings {
    ways: BTreeMap<Option<char>, u32>,
    lines: u32,
    usual: Option<char>,
}

/// Of fewer lines nothing is usual.
const FEWEST: u32 = 4;

impl Endings {
    /// Of all lines of a document that hold anything. O(lines).
    pub fn of(lines: &[Line<'_>]) -> Self {
        let mut found = Self::default();
        for line in lines.iter().filter(|line| !line.text.trim_end().is_empty()) {
            *found.ways.entry(way(line.text)).or_default() += 1;
            found.lines += 1;
        }
        let most = found.ways.iter().find(|&(_, &n)| found.lines >= FEWEST && 2 * n > found.lines);
        found.usual = most.and_then(|(way, _)| *way);
        found
    }

    /// The mark that ends more than half of the lines, if there is one.
    pub fn usual(&self) -> Option<char> {
        self.usual
    }

    /// The share of the lines but `line`, one of the document, that end as `text` does; NaN where there is no other.
    pub fn share(&self, line: &str, text: &str) -> f32 {
        let own = u32::from(way(line) == way(text));
        let alike = self.ways.get(&way(text)).copied().unwrap_or(0).saturating_sub(own);
        match self.lines.saturating_sub(1) {
            0 => f32::NAN,
            others => alike as f32 / others as f32,
        }
    }

    /// Lines but `line`, one of the document, that end in a hyphen.
    pub(super) fn hyphens(&self, line: &str) -> u32 {
        let all: u32 = self.ways.iter().filter(|(way, _)| way.is_some_and(is_hyphen)).map(|(_, n)| n).sum();
        all.saturating_sub(u32::from(way(line).is_some_and(is_hyphen)))
    }

    /// The change that makes a line end as most do, where it does not: its last mark becomes another, or one is put in.
    pub(super) fn mended(
        &self,
        knowledge: &Knowledge<'_>,
        text: &str,
        observed: &Observed,
    ) -> Option<Change> {
        let usual = self.usual.filter(|&usual| way(text) != Some(usual))?;
        let symbol = knowledge.alphabet.symbol(usual.encode_utf8(&mut [0; 4]));
        let space = |at: usize| observed.symbols.get(at).is_none_or(|&s| knowledge.symbols.is_space(s));
        let end = (0..=observed.symbols.len()).rev().find(|&at| at > 0 && !space(at - 1))?;
        let start = (0..end).rev().find(|&at| at == 0 || space(at - 1))?;
        let from = if way(text).is_some() { end - 1 } else { end };
        let step = RawEdit { at: from..end, intended: Segment::new(&[symbol])? };
        (symbol != Alphabet::UNKNOWN).then(|| Change { at: start..end, steps: vec![step] })
    }
}

/// The mark that a text ends in; `None` for a letter or digit, and for nothing.
fn way(text: &str) -> Option<char> {
    text.trim_end().chars().next_back().filter(|c| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endings(texts: &[&str]) -> Endings {
        Endings::of(&texts.iter().map(|t| Line::new(t)).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_usual_ends_more_than_half_of_four_lines_or_more() {
        let cases: [(&[&str], Option<char>); 7] = [
            (&[], None),
            (&["a.", "b.", "c."], None),
            (&["a.", "b.", "c. ", "d"], Some('.')),
            (&["a.", "b.", "c", "d"], None),
            (&["a", "b", "c", "d."], None),
            (&["a|", "b|", "c|", "d.", "", "  "], Some('|')),
            (&["a.", "b,", "c;", "d:"], None),
        ];
        for (texts, usual) in cases {
            assert_eq!(endings(texts).usual(), usual, "{texts:?}");
        }
    }

    #[test]
    fn shares_are_those_of_the_other_lines() {
        let endings = endings(&["a.", "b.", "c,", "d"]);
        let share = |line, text| endings.share(line, text);
        assert_eq!([share("a.", "a."), share("a.", "a,"), share("a.", "a")], [1.0 / 3.0; 3]);
        assert_eq!([share("d", "d."), share("d", "d"), share("c,", "c;")], [2.0 / 3.0, 0.0, 0.0]);
        assert!(Endings::of(&[Line::new("a.")]).share("a.", "a,").is_nan());
    }

    #[test]
    fn hyphens_are_those_of_other_lines() {
        let endings = endings(&["a-", "b¬", "c", "d."]);
        assert_eq!([endings.hyphens("a-"), endings.hyphens("c")], [1, 2]);
    }

    #[test]
    fn a_line_that_ends_otherwise_is_mended_as_most_end() {
        let learner =
            crate::Learner { texts: vec!["one two.\nsix, ten".repeat(9)], ..crate::Learner::default() };
        let model = crate::Model::from_bytes(learner.learn().unwrap().0).unwrap();
        let knowledge = model.knowledge().unwrap();
        let mended = |usual: [&str; 4], text: &str| {
            let mut observed = Observed::default();
            observed.read(text, knowledge.alphabet);
            let change = endings(&usual).mended(&knowledge, text, &observed)?;
            let intended = knowledge.alphabet.decode(&change.intended(&observed.symbols));
            Some((change.at, intended))
        };
        let stops = ["a.", "b.", "c.", "d."];
        assert_eq!(mended(stops, "six ten,"), Some((4..8, "ten.".into())));
        assert_eq!(mended(stops, "six ten "), Some((4..7, "ten.".into())));
        assert_eq!(mended(stops, "ten."), None);
        assert_eq!(mended(stops, "  "), None);
        assert_eq!(mended(["a", "b", "c", "d"], "ten."), None, "nothing is taken out");
        assert_eq!(mended(["a~", "b~", "c~", "d~"], "ten."), None, "no mark that the model knows");
    }
}
