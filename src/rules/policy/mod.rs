//! Policies: edits that are refused whatever the models say, because nobody can know better than the text.
//!
//! Each policy is one file with one function, from (text, span, replacement, kind of field) to the reason to refuse, and
//! with tables of what it must refuse and what it must let pass. To add one: its file, its line in [`POLICIES`].
//! Hand-written rules beat policies; that is for the caller to keep.

mod address;
mod area_code;
mod asterism;
mod blanks;
mod digits;
mod hashtag_code;
mod number_like;

pub(crate) use address::is_address_kind;
pub(super) use number_like::core;
pub use number_like::{Class, class_of};

use crate::text::Span;

/// A policy: the reason to refuse putting a replacement for what stands at a span of a text, a field of a kind.
pub type Policy = fn(&str, Span, &str, Option<&str>) -> Option<&'static str>;

/// All policies, in the order in which they are asked.
pub const POLICIES: [Policy; 6] = [
    blanks::refuses,
    digits::refuses,
    area_code::refuses,
    address::refuses,
    asterism::refuses,
    hashtag_code::refuses,
];

/// The first policy's reason to refuse that `replacement` is put for what stands at `span` of `text`, a field of `kind`;
/// `None` if none has one.
pub fn refuses(text: &str, span: Span, replacement: &str, kind: Option<&str>) -> Option<&'static str> {
    POLICIES.iter().find_map(|policy| policy(text, span, replacement, kind))
}

/// Whether a kind of field is one of `kinds`, or has its name among other words: "home phone".
fn is_kind(kind: &str, kinds: &[&str]) -> bool {
    let kind = kind.to_ascii_lowercase();
    kind.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| kinds.contains(&word))
}

/// The tokens of a text before and after an edit: those that the edit touches, ends included.
struct Touched<'a> {
    /// The observed tokens, white space between them as it stands.
    before: &'a str,
    /// What they would become.
    after: String,
}

impl<'a> Touched<'a> {
    fn new(text: &'a str, span: Span, replacement: &str) -> Self {
        let (start, end) = super::mined::token_around(text, span.start(), span.end());
        let before = text.get(start..end).unwrap_or("");
        let head = text.get(start..span.start()).unwrap_or("");
        let tail = text.get(span.end()..end).unwrap_or("");
        Self { before, after: format!("{head}{replacement}{tail}") }
    }
}

#[cfg(test)]
pub(super) fn check(
    policy: Policy,
    refused: &[(&str, &str, Option<&str>)],
    passed: &[(&str, &str, Option<&str>)],
) {
    for (rows, want) in [(refused, true), (passed, false)] {
        for &(observed, intended, kind) in rows {
            // The same edit, as narrow as it can be and with the whole text: the answer must not depend on it.
            let whole = Span::new(observed, 0, observed.len()).unwrap();
            let (front, back) = super::diff::shared_ends(observed, intended);
            let narrow = Span::new(observed, front, observed.len() - back).unwrap();
            let cut = &intended[front..intended.len() - back];
            for (span, replacement) in [(whole, intended), (narrow, cut)] {
                let got = policy(observed, span, replacement, kind);
                assert_eq!(got.is_some(), want, "{observed} → {intended} ({span:?}): {got:?}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn made(text: &str, span: Span, replacement: &str) -> String {
        format!("{}{replacement}{}", &text[..span.start()], &text[span.end()..])
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn digits_among_digits_survive_whatever_passes(
            text in "[0-9 .,]{1,8}", replacement in "[0-9 .,lx]{0,4}", at in 0usize..8, to in 0usize..8,
        ) {
            if let Some(span) = Span::new(&text, at, to.max(at))
                && refuses(&text, span, &replacement, None).is_none() {
                    let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
                    prop_assert_eq!(digits(&text), digits(&made(&text, span, &replacement)));
                }
        }

        #[test]
        fn what_changes_nothing_is_never_refused(text in "[a-zA-Z0-9@#_./ é]{0,12}", at in 0usize..12, to in 0usize..12) {
            if let Some(span) = Span::new(&text, at, to.max(at)) {
                prop_assert_eq!(refuses(&text, span, span.of(&text), None), None);
            }
        }

        #[test]
        fn any_edit_can_be_asked_about(text in ".{0,12}", replacement in ".{0,6}", at in 0usize..24, to in 0usize..24) {
            if let Some(span) = Span::new(&text, at, to.max(at)) {
                let _ = refuses(&text, span, &replacement, Some("phone"));
            }
        }
    }
}
