//! Asterisks that stand apart ("* * *"): a printer's sign between passages. Transcribers keep it or leave it out as they like.

use super::Touched;
use crate::text::Span;

/// So many signs that stand apart are no stray marks.
const LEAST: usize = 3;

/// Refuses to take out what is left of a row of asterisks.
pub(super) fn refuses(
    text: &str,
    span: Span,
    replacement: &str,
    _kind: Option<&str>,
) -> Option<&'static str> {
    let signs = |text: &str| text.split_whitespace().filter(|token| is_sign(token)).count();
    let Touched { before, after } = Touched::new(text, span, replacement);
    let taken = signs(before) > signs(&after);
    (taken && row_around(text, span)).then_some("asterisks part passages")
}

/// Whether three signs in a row meet the span.
fn row_around(text: &str, span: Span) -> bool {
    let (mut run, mut from) = (0, 0);
    text.split_whitespace().any(|token| {
        let at = token.as_ptr() as usize - text.as_ptr() as usize;
        run = if is_sign(token) { run + 1 } else { 0 };
        from = if run == 1 { at } else { from };
        run >= LEAST && from <= span.end() && span.start() <= at + token.len()
    })
}

/// One asterisk, or what stands for one.
fn is_sign(token: &str) -> bool {
    matches!(token, "*" | "•" | "⁂" | "∗" | "✱")
}

#[cfg(test)]
mod tests {
    use super::super::check;

    #[test]
    fn a_row_of_asterisks_stays() {
        let refused = [
            ("the end. * * * THE Navy", "the end. THE Navy", None),
            ("* * * STUNNED", "STUNNED", None),
            ("* * * *", "* * *", None),
            ("• • • tbe", "the", None),
        ];
        let passed = [
            ("* * * tbe Navy", "* * * the Navy", None),
            ("the * end", "the end", None),
            ("the * * end", "the end", None),
            ("***", "", None),
            ("one * two * three * ofthe", "one * two * three * of the", None),
            ("one * two * three * of", "one * two * three of", None),
        ];
        check(super::refuses, &refused, &passed);
    }
}
