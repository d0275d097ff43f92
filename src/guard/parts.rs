//! Parts of a change: what is left of it when only some of its edits are made.

use super::kind::letters;
use crate::corpus::Line;
use crate::counts::{Alphabet, Symbol};
use crate::decode::{Change, Observed, RawEdit};
use crate::rules::policy;
use crate::text::{Span, is_hyphen};

/// What is left of a change when only those of its edits are made that `keep` names; `None` where that is all of it, or
/// nothing.
fn part(change: &Change, keep: impl Fn(&RawEdit) -> bool) -> Option<Change> {
    let steps: Vec<RawEdit> = change.steps.iter().filter(|step| keep(step)).cloned().collect();
    let some = !steps.is_empty() && steps.len() < change.steps.len();
    some.then(|| Change { at: change.at.clone(), steps })
}

/// What is left of a change when only its edits of letters are made.
pub(super) fn letters_only(alphabet: &Alphabet, observed: &Observed, change: &Change) -> Option<Change> {
    let letters = |symbols: &[Symbol]| letters(&alphabet.decode(symbols));
    let marks = |symbols: &[Symbol]| {
        let text = alphabet.decode(symbols);
        text.chars().filter(|c| !c.is_alphanumeric()).collect::<String>()
    };
    part(change, |step| {
        let from = observed.symbols.get(step.at.clone()).unwrap_or(&[]);
        let to = step.intended.symbols();
        letters(from) != letters(to) && marks(from) == marks(to)
    })
}

/// What is left of a change without the hyphens that it puts in where nothing was observed (`tanakanorin、co. jp` is not
/// `tanaka-norin.co.jp`, though the language model thinks it is).
pub(super) fn unhyphenated(alphabet: &Alphabet, change: &Change) -> Option<Change> {
    part(change, |step| {
        !step.at.is_empty() || !alphabet.decode(step.intended.symbols()).chars().all(is_hyphen)
    })
}

/// What is left of a change that a policy refuses when only those of its edits are made that pass by themselves; `None`
/// where it is not refused, or nothing is left.
pub(super) fn passed_only(
    alphabet: &Alphabet,
    observed: &Observed,
    change: &Change,
    line: &Line<'_>,
) -> Option<Change> {
    let passes = |change: &Change| {
        let (start, end) = (*observed.at_byte.get(change.at.start)?, *observed.at_byte.get(change.at.end)?);
        let span = Span::new(line.text, start, end)?;
        let intended = spelled(alphabet, line.text, observed, change);
        Some(policy::refuses(line.text, span, &intended, line.kind).is_none())
    };
    if passes(change)? {
        return None;
    }
    let alone = |step: &RawEdit| Change { at: step.at.clone(), steps: vec![step.clone()] };
    part(change, |step| passes(&alone(step)) == Some(true)).filter(|part| passes(part) == Some(true))
}

/// The text of a changed stretch; graphemes that the alphabet does not know are copied from the observed.
pub(super) fn spelled(alphabet: &Alphabet, text: &str, observed: &Observed, change: &Change) -> String {
    let byte = |at: usize| observed.at_byte.get(at).copied().unwrap_or(text.len());
    let mut out = String::new();
    let mut at = change.at.start;
    for step in &change.steps {
        out.push_str(text.get(byte(at)..byte(step.at.start)).unwrap_or(""));
        out.push_str(&alphabet.decode(step.intended.symbols()));
        at = step.at.end;
    }
    out.push_str(text.get(byte(at)..byte(change.at.end)).unwrap_or(""));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counts::Segment;

    #[test]
    fn hyphens_that_nobody_saw_are_left_out() {
        let seen = "ab-".chars().map(|c| (c.to_string().into_boxed_str(), 1)).collect();
        let alphabet = Alphabet::from_counts(&seen, 1);
        let edit = |at: std::ops::Range<usize>, intended: &str| {
            let symbols: Vec<Symbol> = intended.chars().map(|c| alphabet.symbol(&c.to_string())).collect();
            RawEdit { at, intended: Segment::new(&symbols).unwrap() }
        };
        let left = |steps: &[RawEdit]| {
            unhyphenated(&alphabet, &Change { at: 0..9, steps: steps.to_vec() }).map(|change| change.steps)
        };
        let (letter, put_in, for_another) = (edit(1..2, "b"), edit(3..3, "-"), edit(4..5, "-"));
        assert_eq!(left(&[letter.clone(), put_in.clone()]), Some(vec![letter.clone()]));
        assert_eq!(
            left(&[put_in.clone(), for_another.clone()]),
            Some(vec![for_another.clone()]),
            "something stood there"
        );
        assert_eq!(left(&[letter, for_another]), None, "all of it");
        assert_eq!(left(&[put_in.clone(), put_in]), None, "nothing");
    }
}
