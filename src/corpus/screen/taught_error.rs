//! Changes that teach an error: they turn a word that others leave, and that right text has at that place, into one that
//! it does not have.
//!
//! One such pair is a slip and does no harm; what is refused is one lesson in many pairs. A lesson (this word
//! into that) is an error if
//!
//! 1. at least [`Limits::lessons`] pairs teach it, and
//! 2. right text is against it, on average by [`Limits::against`] (see [`Witness::favour`]), and
//! 3. others contradict: the same observed word is left at least [`Limits::contradicted`] of the times.
//!
//! A genuine misreading fails 2, however often the word it is read as is right elsewhere: where users meant "he",
//! the text beside it says so. A spelling of the house (its "connexion") fails 3: whoever teaches it teaches it always.

use std::collections::BTreeMap;

use super::changes::{Change, Changes, Id};
use super::witness::Witness;
use super::{Limits, Reason, Substitution, documents_of};
use crate::corpus::Pair;
use crate::text::is_unspaced;

/// The lessons that are errors, and the rows that teach them.
pub(super) fn find(
    changes: &Changes,
    pairs: &[Pair],
    texts: &[String],
    limits: &Limits,
) -> Vec<(Substitution, Vec<usize>)> {
    let mut lessons: BTreeMap<(Id, Id), Vec<&Change>> = BTreeMap::new();
    for change in &changes.all {
        lessons.entry((change.observed, change.intended)).or_default().push(change);
    }
    let text = texts.iter().any(|text| !text.trim().is_empty());
    lessons.retain(|&(observed, _), taught| {
        let (clear, left) = (taught.iter().filter(|c| c.clear).count(), changes.times_left(observed));
        let asked = clear >= limits.lessons && is_word(changes.word(observed), text);
        asked && left as f64 >= limits.contradicted * (taught.len() + left) as f64
    });
    let asked: Vec<&Change> = lessons.values().flatten().copied().collect();
    let witness = Witness::hear(changes, &asked, texts);
    let mut found = Vec::new();
    for ((observed, intended), taught) in lessons {
        let favours: Vec<f64> = taught.iter().filter(|c| c.clear).map(|c| witness.favour(c)).collect();
        if favours.iter().sum::<f64>() > -limits.against * favours.len() as f64 {
            continue;
        }
        let mut rows: Vec<usize> = taught.iter().map(|change| change.row).collect();
        rows.dedup();
        let substitution = Substitution {
            reason: Reason::TaughtError,
            observed: changes.word(observed).to_owned(),
            intended: changes.word(intended).to_owned(),
            rows: rows.len(),
            documents: documents_of(pairs, &rows),
            left: changes.times_left(observed),
        };
        found.push((substitution, rows));
    }
    found
}

/// Whether it is a word that right text could witness for: not a number, and a letter that stands alone (an
/// abbreviation, what is left of a mark) only where there is plain text to ask, or no spaces are written.
fn is_word(word: &str, text: bool) -> bool {
    let lone = word.chars().nth(1).is_none() && !word.starts_with(is_unspaced);
    word.chars().all(char::is_alphabetic) && (text || !lone)
}
