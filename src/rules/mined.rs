//! The mined rules as they lie in a model file, and the search for the rule behind an edit.
//!
//! Little-endian: count u32; that many records, sorted by pattern; then the rules' strings one behind the other:
//!
//! ```text
//! record (20 bytes): strings at u32 | bytes of observed, intended, left, right, example ×2: u8 ×6
//!                    | left kind, right kind (0 any, 1 edge, 2 text) u8 ×2 | support u32 | occurrences u32
//! ```
//!
//! A number that leads outside, and a string that is no UTF-8, read as the empty string.

use std::cmp::Ordering;

use super::diff::{Step, shared_ends, steps};
use super::rule::{Pattern, Rule, Side, in_word};
use crate::text::{Span, graphemes};

const COUNT: usize = 4;
const RECORD: usize = 20;
/// Longest string of a rule, in bytes: a length is one byte.
pub(crate) const LONGEST_TEXT: usize = 255;
/// Longest segment of a rule that is not a whole word, in graphemes.
pub(crate) const LONGEST_SEGMENT: usize = 3;
/// Longest whole word of a rule, in graphemes.
pub(crate) const LONGEST_WORD: usize = 24;

/// Mined rules over the bytes of their section: nothing is parsed ahead, wrong bytes read as no rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules<B>(B);

impl Rules<Vec<u8>> {
    /// Packs rules. One with a string of over 255 bytes is left out.
    pub fn pack(rules: &[Rule<'_>]) -> Self {
        let mut sorted: Vec<&Rule<'_>> =
            rules.iter().filter(|r| strings(r).iter().all(|s| s.len() <= LONGEST_TEXT)).collect();
        sorted.sort();
        sorted.dedup_by_key(|r| r.pattern);
        let mut bytes = u32::try_from(sorted.len()).unwrap_or(u32::MAX).to_le_bytes().to_vec();
        let mut text = Vec::new();
        for rule in sorted {
            bytes.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
            for string in strings(rule) {
                bytes.push(u8::try_from(string.len()).unwrap_or(0));
                text.extend_from_slice(string.as_bytes());
            }
            for side in [rule.pattern.left, rule.pattern.right] {
                bytes.push(match side {
                    Side::Any => 0,
                    Side::Edge => 1,
                    Side::Text(_) => 2,
                });
            }
            bytes.extend(rule.support.to_le_bytes());
            bytes.extend(rule.occurrences.to_le_bytes());
        }
        bytes.extend(text);
        Self(bytes)
    }
}

fn strings<'a>(rule: &Rule<'a>) -> [&'a str; 6] {
    let side = |side| match side {
        Side::Text(t) => t,
        _ => "",
    };
    let p = rule.pattern;
    [p.observed, p.intended, side(p.left), side(p.right), rule.example.0, rule.example.1]
}

impl<B: AsRef<[u8]>> Rules<B> {
    /// The rules whose section `bytes` are. Costs nothing; wrong bytes show as fewer or emptier rules.
    pub fn new(bytes: B) -> Self {
        Self(bytes)
    }

    /// The section's bytes.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_ref()
    }

    /// Whether the bytes are a section as [`Rules::pack`] writes it, rule by rule: what `verify` asks.
    pub fn is_sound(&self) -> bool {
        let rules: Vec<Rule<'_>> = self.iter().collect();
        let counted = rules.iter().all(|r| r.support <= r.occurrences);
        (counted && Rules::pack(&rules).bytes() == self.bytes()) || self.bytes().is_empty()
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        let promised = number(self.bytes(), 0).map_or(0, |n| usize::try_from(n).unwrap_or(usize::MAX));
        promised.min(self.bytes().len().saturating_sub(COUNT) / RECORD)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rule of this number, in the order of their patterns.
    pub fn get(&self, index: usize) -> Option<Rule<'_>> {
        if index >= self.len() {
            return None;
        }
        let bytes = self.bytes();
        let record = bytes.get(COUNT + index * RECORD..)?.get(..RECORD)?;
        let text = bytes.get(COUNT + self.len() * RECORD..)?;
        let mut at = usize::try_from(number(record, 0)?).ok()?;
        let mut next = |slot: usize| {
            let from = at;
            at = at.saturating_add(usize::from(record.get(slot).copied().unwrap_or(0)));
            text.get(from..at).and_then(|s| std::str::from_utf8(s).ok()).unwrap_or("")
        };
        let (observed, intended) = (next(4), next(5));
        let (left, right) = (next(6), next(7));
        let example = (next(8), next(9));
        let side = |slot: usize, text| match record.get(slot) {
            Some(1) => Side::Edge,
            Some(2) => Side::Text(text),
            _ => Side::Any,
        };
        let pattern = Pattern { observed, intended, left: side(10, left), right: side(11, right) };
        Some(Rule { pattern, support: number(record, 12)?, occurrences: number(record, 16)?, example })
    }

    /// The bytes of a rule's observed and intended: all that a search for a substitution reads of most rules.
    fn substitution(&self, index: usize) -> Option<(&[u8], &[u8])> {
        let bytes = self.bytes();
        let record = bytes.get(COUNT + index * RECORD..)?.get(..RECORD)?;
        let text = bytes.get(COUNT + self.len() * RECORD..)?;
        let rest = text.get(usize::try_from(number(record, 0)?).ok()?..)?;
        let (observed, rest) = rest.split_at_checked(usize::from(*record.get(4)?))?;
        Some((observed, rest.get(..usize::from(*record.get(5)?))?))
    }

    /// All rules, in the order of their patterns.
    pub fn iter(&self) -> impl Iterator<Item = Rule<'_>> {
        (0..self.len()).filter_map(|i| self.get(i))
    }

    /// The rule that explains best why `intended` should stand at `span` of `text`: of those whose application at
    /// that place is this very edit, the most specific; then the most precise, then the one with more support,
    /// then the first of the order of patterns.
    pub fn naming(&self, text: &str, span: Span, intended: &str) -> Option<Rule<'_>> {
        if self.is_empty() {
            return None;
        }
        let edit = Minimal::new(text, span.start(), span.end(), intended)?;
        let before: Vec<usize> =
            text.get(..edit.start)?.char_indices().rev().map(|(at, _)| at).take(8).collect();
        let lefts = cuts_back(text, edit.start, &before);
        let rights = cuts_on(text, edit.end);
        let own = graphemes(text.get(edit.start..edit.end)?).count();
        let mut best: Option<Rule<'_>> = None;
        let mut meant = String::new();
        for (i, &left) in lefts.iter().enumerate() {
            for (j, &right) in rights.iter().enumerate() {
                if own + i + j <= LONGEST_SEGMENT {
                    self.consider(text, edit.within(text, left, right, &mut meant), &mut best);
                }
            }
        }
        let word = word_around(text, edit.start, edit.end);
        if text.get(word.0..word.1).is_some_and(|w| graphemes(w).count() > LONGEST_SEGMENT) || own == 0 {
            self.consider(text, edit.within(text, word.0, word.1, &mut meant), &mut best);
        }
        best
    }

    /// [`Rules::naming`] for each separate change of an edit, left to right: an edit of a whole word may make several.
    /// Empty where nothing changes, or too much to be taken apart.
    pub fn naming_each(&self, text: &str, span: Span, intended: &str) -> Vec<Option<Rule<'_>>> {
        let steps = steps(span.of(text), intended).unwrap_or_default();
        let mut changes: Vec<Step> = Vec::new();
        for step in steps {
            match changes.last_mut() {
                Some(last)
                    if last.observed.end == step.observed.start
                        && last.intended.end == step.intended.start =>
                {
                    last.observed.end = step.observed.end;
                    last.intended.end = step.intended.end;
                }
                _ => changes.push(step),
            }
        }
        let place =
            |c: &Step| Span::new(text, span.start() + c.observed.start, span.start() + c.observed.end);
        let name = |c: &Step| self.naming(text, place(c)?, intended.get(c.intended.clone())?);
        changes.iter().map(name).collect()
    }

    fn consider<'s>(
        &'s self,
        text: &str,
        (at, observed, intended): (usize, &str, &str),
        best: &mut Option<Rule<'s>>,
    ) {
        for rule in self.of(observed, intended).filter(|r| r.pattern.stands(text, at)) {
            if best.is_none_or(|b| better(&rule, &b) == Ordering::Greater) {
                *best = Some(rule);
            }
        }
    }

    /// The rules of one substitution, whatever their context.
    pub fn of<'s, 'k>(
        &'s self,
        observed: &'k str,
        intended: &'k str,
    ) -> impl Iterator<Item = Rule<'s>> + use<'s, 'k, B> {
        let order =
            move |r: &Rule<'s>| r.pattern.observed.cmp(observed).then(r.pattern.intended.cmp(intended));
        let wanted = (observed.as_bytes(), intended.as_bytes());
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.substitution(middle) {
                Some(own) if own < wanted => low = middle + 1,
                _ => high = middle,
            }
        }
        (low..self.len()).map_while(|i| self.get(i)).take_while(move |r| order(r) == Ordering::Equal)
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|b| u32::from_le_bytes(*b))
}

fn better(a: &Rule<'_>, b: &Rule<'_>) -> Ordering {
    let precise = |x: &Rule<'_>, y: &Rule<'_>| u64::from(x.support) * u64::from(y.occurrences);
    a.pattern
        .specificity()
        .cmp(&b.pattern.specificity())
        .then(precise(a, b).cmp(&precise(b, a)))
        .then(a.support.cmp(&b.support))
}

/// An edit without what both sides share. Where the same letters could have been put in, or left out, at several
/// places of a row of equal letters, it is the last of them: so that mining and naming speak of the same place.
pub(crate) struct Minimal<'a> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) intended: &'a str,
}

impl<'a> Minimal<'a> {
    /// The edit that puts `intended` for bytes `start..end`; `None` where it changes nothing.
    pub(crate) fn new(text: &str, start: usize, end: usize, intended: &'a str) -> Option<Self> {
        let observed = text.get(start..end)?;
        let (front, back) = shared_ends(observed, intended);
        let intended = intended.get(front..intended.len() - back)?;
        let (mut start, mut end) = (start + front, end - back);
        if start == end && intended.is_empty() {
            return None;
        }
        // "aa" with one a more, or one less, in front of an a: the place moves behind it (in a very long row not all the way).
        for _ in 0..REACH {
            let moving = if start == end { intended } else { text.get(start..end)? };
            let gap = (start == end) != intended.is_empty();
            if !gap || graphemes(moving).count() != 1 {
                break;
            }
            let next = text.get(end..).and_then(|rest| graphemes(rest).next()).map(|(_, g)| g);
            if next != Some(moving) {
                break;
            }
            (start, end) = (start + moving.len(), end + moving.len());
        }
        Some(Self { start, end, intended })
    }

    /// The edit seen from `left..right`, which holds it: where that begins, what stands there, what is meant.
    fn within<'t>(
        &self,
        text: &'t str,
        left: usize,
        right: usize,
        meant: &'t mut String,
    ) -> (usize, &'t str, &'t str) {
        meant.clear();
        meant.push_str(text.get(left..self.start).unwrap_or(""));
        meant.push_str(self.intended);
        meant.push_str(text.get(self.end..right).unwrap_or(""));
        (left, text.get(left..right).unwrap_or(""), meant)
    }
}

/// Places from which up to [`LONGEST_SEGMENT`] graphemes lead to `at`, nearest first, `at` itself among them.
fn cuts_back(text: &str, at: usize, chars: &[usize]) -> Vec<usize> {
    let from = chars.last().copied().unwrap_or(at);
    let starts: Vec<usize> = graphemes(text.get(from..at).unwrap_or("")).map(|(i, _)| from + i).collect();
    std::iter::once(at).chain(starts.into_iter().rev().take(LONGEST_SEGMENT)).collect()
}

/// Places to which up to [`LONGEST_SEGMENT`] graphemes lead from `at`, nearest first, `at` itself among them.
fn cuts_on(text: &str, at: usize) -> Vec<usize> {
    let ends = graphemes(text.get(at..).unwrap_or("")).map(|(i, g)| at + i + g.len());
    std::iter::once(at).chain(ends.take(LONGEST_SEGMENT)).collect()
}

/// Characters beyond which nothing is looked for on either side of an edit, so that a long line costs no more.
const REACH: usize = 128;

/// `start..end` widened to whole words at both ends.
pub(crate) fn word_around(text: &str, start: usize, end: usize) -> (usize, usize) {
    widened(text, start, end, in_word)
}

/// `start..end` widened to white space at both ends.
pub(crate) fn token_around(text: &str, start: usize, end: usize) -> (usize, usize) {
    widened(text, start, end, |c| !c.is_whitespace())
}

/// `start..end` widened on both sides over what fits, not beyond [`REACH`].
fn widened(text: &str, start: usize, end: usize, fits: impl Fn(char) -> bool) -> (usize, usize) {
    let before = text.get(..start).unwrap_or("").char_indices().rev();
    let after = text.get(end..).unwrap_or("").char_indices();
    let from = before.take(REACH).take_while(|&(_, c)| fits(c)).last().map_or(start, |(at, _)| at);
    let to = after.take(REACH).take_while(|&(_, c)| fits(c)).last();
    (from, to.map_or(end, |(at, c)| end + at + c.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule<'a>(
        observed: &'a str,
        intended: &'a str,
        left: Side<'a>,
        right: Side<'a>,
        n: (u32, u32),
    ) -> Rule<'a> {
        let pattern = Pattern { observed, intended, left, right };
        Rule { pattern, support: n.0, occurrences: n.1, example: ("ex", "am") }
    }

    fn sample() -> Rules<Vec<u8>> {
        use Side::{Any, Edge, Text};
        Rules::pack(&[
            rule("m", "nn", Any, Any, (9, 90)),
            rule("m", "nn", Text("a"), Any, (6, 10)),
            rule("b", "h", Any, Any, (50, 900)),
            rule("tbe", "the", Edge, Edge, (40, 41)),
            rule("tbere", "there", Edge, Edge, (7, 7)),
            rule("", "e", Text("h"), Any, (5, 100)),
            rule("l", "", Text("l"), Any, (5, 100)),
        ])
    }

    fn named(text: &str, start: usize, end: usize, intended: &str) -> Option<String> {
        let span = Span::new(text, start, end).unwrap();
        sample().naming(text, span, intended).map(|r| r.to_string())
    }

    #[test]
    fn the_most_specific_rule_names_an_edit() {
        for (text, start, end, intended, want) in [
            ("amual", 1, 2, "nn", Some("m → nn after a")),
            ("imer", 1, 2, "nn", Some("m → nn")),
            ("tbe", 1, 2, "h", Some("^tbe$ → the")),
            ("in tbe end", 3, 6, "the", Some("^tbe$ → the")),
            ("tbere", 0, 5, "there", Some("^tbere$ → there")),
            ("bis", 0, 1, "h", Some("b → h")),
            ("tbes", 1, 2, "h", Some("b → h")),
            ("th", 2, 2, "e", Some("∅ → e after h")),
            // Which l goes is a matter of taste: the last one is meant.
            ("fulll", 2, 3, "", Some("l → ∅ after l")),
            ("amual", 1, 2, "n", None),
            ("tbc", 1, 3, "he", None),
        ] {
            assert_eq!(named(text, start, end, intended).as_deref(), want, "{text} {intended}");
        }
    }

    #[test]
    fn every_change_of_a_word_is_named_apart() {
        let text = "so amualb x";
        let rules = sample();
        let found = rules.naming_each(text, Span::new(text, 3, 9).unwrap(), "annualh");
        let names: Vec<_> = found.iter().map(|r| r.map(|r| r.to_string())).collect();
        assert_eq!(names, [Some("m → nn after a".to_owned()), Some("b → h".to_owned())]);
        assert_eq!(rules.naming_each(text, Span::new(text, 0, 2).unwrap(), "sa"), [None]);
        assert!(rules.naming_each(text, Span::new(text, 0, 2).unwrap(), "so").is_empty());
    }

    #[test]
    fn an_edit_that_changes_nothing_has_no_name() {
        assert_eq!(named("tbe", 0, 3, "tbe"), None);
        assert_eq!(named("", 0, 0, ""), None);
    }

    #[test]
    fn rules_come_back_in_order() {
        let rules = sample();
        assert_eq!(rules.len(), 7);
        let all: Vec<Rule<'_>> = rules.iter().collect();
        assert!(all.windows(2).all(|w| w[0].pattern < w[1].pattern));
        assert_eq!(Rules::pack(&all).bytes(), rules.bytes());
        assert_eq!(all[0].example, ("ex", "am"));
        assert_eq!(rules.of("m", "nn").count(), 2);
        assert!(rules.is_sound() && !Rules::new(&rules.bytes()[1..]).is_sound());
    }

    #[test]
    fn damaged_bytes_are_harmless() {
        let good = sample().bytes().to_vec();
        for cut in 0..good.len() {
            let _ = Rules::new(&good[..cut]).naming(
                "in tbe fulll hm amual",
                Span::new("tbe", 0, 3).unwrap(),
                "the",
            );
        }
        let text = "tbe amual";
        for at in 0..good.len() {
            for flip in [1u8, 0x80, 0xFF] {
                let mut bad = good.clone();
                bad[at] ^= flip;
                let rules = Rules::new(&bad);
                assert!(!rules.is_sound() || rules.iter().zip(sample().iter()).any(|(a, b)| a != b));
                assert!(rules.iter().count() <= rules.len());
                let _ = rules.naming(text, Span::new(text, 1, 2).unwrap(), "h");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_bytes_and_any_edit_are_harmless(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            text in "[a-c \u{301}é]{0,10}", intended in "[a-c \u{301}]{0,4}", at in 0usize..12, to in 0usize..12,
        ) {
            if let Some(span) = Span::new(&text, at, to.max(at)) {
                let _ = Rules::new(&bytes).naming(&text, span, &intended);
                let _ = sample().naming(&text, span, &intended);
            }
        }
    }
}
