//! Words broken in two at the end of a printed line, whose hyphen was not read, or was read as another mark: the parts
//! seldom follow each other, and the whole is a word.
//!
//! What becomes of them is a habit: one source keeps the hyphen ("com- pletion", and ¬ at the end of a line), another
//! closes up ("com-pletion"), another joins. So each way is proposed, and the guard knows which is right at kin.

use std::ops::Range;

use super::Endings;
use crate::counts::{Alphabet, Segment};
use crate::decode::{Change, Knowledge, Observed, RawEdit};
use crate::text::{fold_word, is_hyphen, tokens, words};

/// The whole is likelier than its parts one after the other by so much, or more: nats.
const LIKELIER: f32 = 4.0;
/// What a part costs that nobody knows, nats.
const UNKNOWN: f32 = 20.0;
/// Letters of the shortest part.
const SHORTEST: usize = 2;
/// Signs for a broken word that may be put in.
const SIGNS: [&str; 2] = ["-", "¬"];
/// A document shows by so many other lines that it keeps hyphens at the ends of lines.
const SHOWN: u32 = 2;

/// By how many nats a whole word is likelier than its two parts one after the other; `None` where nobody knows such a word.
/// Marks between the parts do not count. The second part is in small letters, or both are in capitals.
fn likelier(knowledge: &Knowledge<'_>, before: &str, after: &str) -> Option<f32> {
    let (first, second) = (words(before).last()?.text, words(after).next()?.text);
    let lettered = |part: &str| part.chars().all(char::is_alphabetic) && part.chars().count() >= SHORTEST;
    let all = |part: &str, is: fn(char) -> bool| part.chars().all(is);
    let alike =
        all(second, char::is_lowercase) || all(first, char::is_uppercase) && all(second, char::is_uppercase);
    if !lettered(first) || !lettered(second) || !alike {
        return None;
    }
    let (first, second) = (fold_word(first), fold_word(second));
    let words = &knowledge.words;
    let whole = words.unigram_cost(knowledge.vocabulary.id(&format!("{first}{second}"))?);
    let [first, second] = [first, second].map(|part| knowledge.vocabulary.id(&part));
    let parts = first.map_or(UNKNOWN, |first| words.unigram_cost(first))
        + second.map_or(UNKNOWN, |second| words.cost(first, second));
    Some(parts - whole)
}

/// How clear it is that a word is broken in `text`, or between it and the line after it where it ends a line: nats, 0 where
/// none is.
pub(super) fn clearest(knowledge: &Knowledge<'_>, text: &str, after: Option<&str>) -> f32 {
    let own: Vec<&str> = tokens(text).map(|token| token.text).chain(after).collect();
    own.windows(2).filter_map(|two| likelier(knowledge, two[0], two[1])).fold(0.0, f32::max)
}

/// The changes that give broken words of a line their hyphens, each place in all ways. `after` is the next line of the
/// document. O(length).
pub(super) fn mended(
    knowledge: &Knowledge<'_>,
    text: &str,
    after: Option<&str>,
    observed: &Observed,
    endings: &Endings,
) -> Vec<Change> {
    let symbol = |byte: usize| observed.at_byte.partition_point(|&own| own < byte);
    let put = |at: Range<usize>, edit: Range<usize>, sign: &str| {
        let sign = knowledge.alphabet.symbol(sign);
        let step = RawEdit { at: symbol(edit.start)..symbol(edit.end), intended: Segment::new(&[sign])? };
        (sign != Alphabet::UNKNOWN)
            .then(|| Change { at: symbol(at.start)..symbol(at.end), steps: vec![step] })
    };
    let broken =
        |before: &str, after: &str| likelier(knowledge, before, after).is_some_and(|nats| nats > LIKELIER);
    let own: Vec<_> = tokens(text).collect();
    let mut found = Vec::new();
    for two in own.windows(2) {
        let [first, second] = [two[0], two[1]];
        let (gap, end) = (first.at + first.text.len(), second.at + second.text.len());
        let bare = first.text.ends_with(char::is_alphabetic) && second.text.starts_with(char::is_alphabetic);
        if bare && gap + 1 == second.at && broken(first.text, second.text) {
            found.extend([gap..gap, gap..gap + 1].map(|edit| put(first.at..end, edit, "-")));
        }
    }
    if let (Some(last), Some(after)) = (own.last(), after) {
        let end = last.at + last.text.len();
        let word = last.at + last.text.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
        let open = last.text.ends_with(is_hyphen) || broken(last.text, after);
        if word > last.at && open && endings.hyphens(text) >= SHOWN {
            let signs = SIGNS.iter().filter(|&&sign| text.get(word..end) != Some(sign));
            found.extend(signs.map(|sign| put(last.at..end, word..end, sign)));
        }
    }
    found.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Line;
    use crate::{Learner, Model};

    /// A model that knows a few words and both signs.
    fn model() -> Model {
        let texts = vec!["the completion of the work, no one saw it - COMMUTER¬\nhold it".repeat(9)];
        Model::from_bytes(Learner { texts, ..Learner::default() }.learn().unwrap().0).unwrap()
    }

    #[test]
    fn a_whole_is_likelier_than_parts_that_nobody_knows() {
        let model = model();
        let knowledge = model.knowledge().unwrap();
        let cases = [
            ("the com", "pletion of", true),
            ("com.", "»pletion", true),
            ("COM", "MUTER", true),
            ("COM", "muter", true),
            ("com", "Pletion", false),
            ("c", "ompletion", false),
            ("no", "one", false),
            ("com", "pletely", false),
            ("", "one", false),
        ];
        for (before, after, want) in cases {
            let likelier = likelier(&knowledge, before, after).is_some_and(|nats| nats > LIKELIER);
            assert_eq!(likelier, want, "{before} {after}");
        }
        assert!(clearest(&knowledge, "the com", Some("pletion")) > LIKELIER);
        assert!(clearest(&knowledge, "the com pletion", None) > LIKELIER);
        assert_eq!(clearest(&knowledge, "the completion", Some("of")), 0.0);
    }

    #[test]
    fn a_broken_word_gets_its_hyphen_in_each_way() {
        let model = model();
        let knowledge = model.knowledge().unwrap();
        let made = |text: &str, after: Option<&str>, others: &[&str]| {
            let lines: Vec<Line<'_>> = others.iter().map(|text| Line::new(text)).collect();
            let mut observed = Observed::default();
            observed.read(text, knowledge.alphabet);
            let found = mended(&knowledge, text, after, &observed, &Endings::of(&lines));
            let spelled = |change: Change| knowledge.alphabet.decode(&change.intended(&observed.symbols));
            found.into_iter().map(spelled).collect::<Vec<_>>()
        };
        let hyphens = ["of-", "the-", "work-"];
        assert_eq!(made("the com pletion of", None, &[]), ["com- pletion", "com-pletion"]);
        assert_eq!(made("the com", Some("pletion of"), &hyphens), ["com-", "com¬"]);
        assert_eq!(made("the com.", Some("pletion of"), &hyphens), ["com-", "com¬"]);
        assert_eq!(made("the work-", Some("the"), &hyphens), ["work¬"], "another sign");
        let none: [&str; 0] = [];
        assert_eq!(made("the com", Some("pletion of"), &["of-", "the"]), none, "no habit of the document");
        assert_eq!(made("the com", None, &hyphens), none);
        assert_eq!(made("the work", Some("no one"), &hyphens), none);
        assert_eq!(made("the com, pletion of", None, &[]), none, "a mark stands between");
        assert_eq!(made("work -", Some("the"), &hyphens), none, "a dash");
    }
}
