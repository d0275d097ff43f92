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

use super::changes::{Change, Changes, Id, NONE};
use super::witness::Witness;
use super::{Limits, Reason, Substitution, documents_of};
use crate::corpus::Pair;

/// The lessons that are errors, and the rows that teach them.
pub(super) fn find(
    changes: &Changes,
    pairs: &[Pair],
    texts: &[String],
    limits: &Limits,
) -> Vec<(Substitution, Vec<usize>)> {
    let mut left: BTreeMap<Id, usize> = BTreeMap::new();
    for &word in changes.left.iter().filter(|&&word| word != NONE) {
        *left.entry(word).or_default() += 1;
    }
    let left = |word: Id| left.get(&word).copied().unwrap_or(0);
    let mut lessons: BTreeMap<(Id, Id), Vec<&Change>> = BTreeMap::new();
    for change in &changes.all {
        lessons.entry((change.observed, change.intended)).or_default().push(change);
    }
    lessons.retain(|&(observed, _), taught| {
        let all = taught.len() + left(observed);
        taught.len() >= limits.lessons && left(observed) as f64 >= limits.contradicted * all as f64
    });
    let asked: Vec<&Change> = lessons.values().flatten().copied().collect();
    let witness = Witness::hear(changes, &asked, texts);
    let mut found = Vec::new();
    for ((observed, intended), taught) in lessons {
        let favour: f64 = taught.iter().map(|change| witness.favour(change)).sum();
        if std::env::var("SCREEN_DEBUG").is_ok() {
            eprintln!("{:8.2} {:6} {:6} left {:6} seen {} {}  {} → {}", favour / taught.len() as f64, taught.len(), documents_of(pairs, &taught.iter().map(|c| c.row).collect::<Vec<_>>()), left(observed), witness.seen(observed), witness.seen(intended), changes.word(observed), changes.word(intended));
        }
        if favour > -limits.against * taught.len() as f64 {
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
            left: left(observed),
        };
        found.push((substitution, rows));
    }
    found
}
