//! Runs of white space: somebody set them, as columns or indents, and no language model has seen them.

use crate::text::Span;

/// Refuses a change of the number or kind of blanks where two or more stand together.
pub(super) fn refuses(
    text: &str,
    span: Span,
    replacement: &str,
    _kind: Option<&str>,
) -> Option<&'static str> {
    // The blanks that meet the edit belong to it.
    let head = text.get(..span.start()).unwrap_or("");
    let tail = text.get(span.end()..).unwrap_or("");
    let left = head.get(head.trim_end().len()..).unwrap_or("");
    let right = tail.get(..tail.len() - tail.trim_start().len()).unwrap_or("");
    let before = format!("{left}{}{right}", span.of(text));
    let after = format!("{left}{replacement}{right}");
    let runs = |t: &str| {
        let mut runs: Vec<String> = Vec::new();
        let mut run = String::new();
        for c in t.chars().chain(['x']) {
            if c.is_whitespace() {
                run.push(c);
            } else if !run.is_empty() {
                runs.push(std::mem::take(&mut run));
            }
        }
        runs.retain(|r| r.chars().count() > 1);
        runs
    };
    (runs(&before) != runs(&after)).then_some("a run of blanks stays as it was set")
}

#[cfg(test)]
mod tests {
    use super::super::check;

    #[test]
    fn runs_of_blanks_stay() {
        let refused = [("one  two", "one two", None), ("a \t b", "a b", None), ("one two", "one  two", None)];
        let passed =
            [("in terest", "interest", None), ("ofthe", "of the", None), ("one  tbe", "one  the", None)];
        check(super::refuses, &refused, &passed);
    }
}
