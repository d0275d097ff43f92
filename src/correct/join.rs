//! Words broken at line ends, joined where the user asks for it (`--join-hyphens`).

use super::{By, Edit};
use crate::corpus::Line;
use crate::model::Knowledge;
use crate::text::{Span, Word, fold_word, tokens, words};

/// The name under which these edits are reported.
const NAME: &str = "join-hyphens";

/// Adds the edits that join the broken words of a document. A word is joined where the joined word is known; its
/// second half moves up to the line of the first, so that the number of lines stays. Other edits of the two halves
/// give way, but not those that are certain: the user's own.
pub(super) fn add(knowledge: &Knowledge<'_>, lines: &[Line<'_>], edits: &mut [Vec<Edit>]) {
    let mut taken = false;
    for (at, line) in lines.iter().enumerate() {
        let all: Vec<Word<'_>> = tokens(line.text).collect();
        // A second half that moved up is not here any more.
        let from = usize::from(std::mem::take(&mut taken));
        for (k, token) in all.iter().enumerate().skip(from) {
            let Some(head) = broken(token.text) else { continue };
            if let Some(next) = all.get(k + 1) {
                let whole = joined(knowledge, head, next.text);
                let made =
                    whole.and_then(|whole| edit(line.text, token.at, next.at + next.text.len(), whole));
                put(edits, &[(at, made)]);
            } else if let Some(below) = lines.get(at + 1) {
                let mut second = tokens(below.text);
                let (Some(next), after) = (second.next(), second.next()) else { continue };
                let Some(whole) = joined(knowledge, head, next.text) else { continue };
                let end = after.map_or(next.at + next.text.len(), |a| a.at);
                let up = edit(line.text, token.at, token.at + token.text.len(), whole);
                let gone = edit(below.text, next.at, end, String::new());
                taken = put(edits, &[(at, up), (at + 1, gone)]);
            }
        }
    }
}

/// Puts all of the edits or, where one of them is missing or would meet a certain one, none.
fn put(edits: &mut [Vec<Edit>], new: &[(usize, Option<Edit>)]) -> bool {
    let meets = |a: &Edit, b: &Edit| a.span.start() < b.span.end() && b.span.start() < a.span.end();
    let free = |(line, edit): &(usize, Option<Edit>)| {
        let others = edits.get(*line).map_or(&[][..], Vec::as_slice);
        edit.as_ref().is_some_and(|edit| !others.iter().any(|o| o.confidence >= 1.0 && meets(o, edit)))
    };
    if !new.iter().all(free) {
        return false;
    }
    for (line, edit) in new {
        if let (Some(edits), Some(edit)) = (edits.get_mut(*line), edit) {
            edits.retain(|other| !meets(other, edit));
            edits.push(edit.clone());
        }
    }
    true
}

/// What stands before the hyphen of a token that ends in one.
fn broken(token: &str) -> Option<&str> {
    let head = token.strip_suffix(['-', '¬'])?;
    head.ends_with(char::is_alphabetic).then_some(head)
}

/// The two halves as one, if the next begins in lower case and they make a known word.
fn joined(knowledge: &Knowledge<'_>, head: &str, next: &str) -> Option<String> {
    if !next.starts_with(char::is_lowercase) {
        return None;
    }
    let whole = format!("{head}{next}");
    let at = head.len();
    let word = words(&whole).find(|w| w.at < at && at < w.at + w.text.len())?;
    knowledge.vocabulary.id(&fold_word(word.text)).map(|_| whole)
}

fn edit(text: &str, start: usize, end: usize, intended: String) -> Option<Edit> {
    let span = Span::new(text, start, end)?;
    Some(Edit { span, intended, confidence: 1.0, by: By::Rule(NAME.to_owned()), alternatives: Vec::new() })
}
