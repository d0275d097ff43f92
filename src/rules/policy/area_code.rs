//! What follows an area code in brackets: numbers are written with a blank there and without, and neither is misread.

use super::Touched;
use super::number_like::digit;
use crate::text::Span;

/// Digits of an area code.
const DIGITS: std::ops::RangeInclusive<usize> = 2..=5;

/// Refuses to put a blank between an area code in brackets and the number, or to take it out.
pub(super) fn refuses(
    text: &str,
    span: Span,
    replacement: &str,
    _kind: Option<&str>,
) -> Option<&'static str> {
    let touched = Touched::new(text, span, replacement);
    let (before, after) = (parted(touched.before), parted(&touched.after));
    (before.len() == after.len() && before != after).then_some("the blank after an area code stays as it is")
}

/// Of each area code in brackets with a number behind it, whether a blank parts them.
fn parted(text: &str) -> Vec<bool> {
    let mut parted = Vec::new();
    for (at, _) in text.match_indices('(') {
        let inside = text.get(at + 1..).unwrap_or("");
        let Some((code, number)) = inside.split_once(')') else { continue };
        let is_code = DIGITS.contains(&code.chars().count()) && code.chars().all(|c| digit(c).is_some());
        let behind = number.trim_start();
        if is_code && behind.starts_with(|c| digit(c).is_some()) {
            parted.push(behind.len() < number.len());
        }
    }
    parted
}

#[cfg(test)]
mod tests {
    use super::super::check;

    #[test]
    fn the_blank_after_an_area_code_stays() {
        let refused = [
            ("(207) 555-0142", "(207)555-0142", Some("phone")),
            ("Phone. (207) 555-0142", "Phone: (207)555-0142", None),
            ("(0161)4960358", "(0161) 4960358", None),
        ];
        let passed = [
            ("(851 )474-9011", "(851)474-9011", None),
            ("Phone. (207) 555-0142", "Phone: (207) 555-0142", None),
            ("{207) 555-0142", "(207) 555-0142", None),
            ("{207) 555-0142", "(207)555-0142", None),
            ("+44(0) 115", "+44(0)115", None),
            ("(a) 3", "(a)3", None),
            ("(1887) 3, p. 4", "(1887) 3, p.4", None),
        ];
        check(super::refuses, &refused, &passed);
    }
}
