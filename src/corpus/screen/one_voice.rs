//! A change that one document, or hardly more, insists on: one loud user, who would decide for all. The first ones
//! count, the rest do not.
//!
//! Only where there are many documents can one be told from the others, and what several do is no longer one's.

use std::collections::BTreeMap;

use super::changes::{Change, Changes, Id};
use super::{Limits, Reason, Substitution, documents_of};
use crate::corpus::{Pair, documents};

/// Fewest documents of a corpus of which one can be loud.
const DOCUMENTS: usize = 20;

/// The changes of words that too few insist on, and the rows beyond what counts.
pub(super) fn find(
    changes: &Changes,
    pairs: &[Pair],
    refused: impl Fn(usize) -> bool,
    limits: &Limits,
) -> Vec<(Substitution, Vec<usize>)> {
    if documents(pairs.iter().map(|pair| pair.document.as_str())).len() < DOCUMENTS {
        return Vec::new();
    }
    let mut voiced: BTreeMap<(Id, Id), Vec<usize>> = BTreeMap::new();
    for change in changes.all.iter().filter(|c| c.clear && !refused(c.row)) {
        let &Change { row, observed, intended, .. } = change;
        let rows = voiced.entry((observed, intended)).or_default();
        if rows.last() != Some(&row) {
            rows.push(row);
        }
    }
    let most = limits.voice.max(limits.share(pairs.len(), limits.voice_share));
    let mut found = Vec::new();
    for ((observed, intended), rows) in voiced.into_iter().filter(|(_, rows)| rows.len() > most) {
        let documents = documents_of(pairs, &rows);
        if documents > limits.voices {
            continue;
        }
        let surplus = rows.get(most..).unwrap_or(&[]).to_vec();
        let substitution = Substitution {
            reason: Reason::OneVoice,
            observed: changes.word(observed).to_owned(),
            intended: changes.word(intended).to_owned(),
            rows: surplus.len(),
            documents,
            left: changes.times_left(observed),
        };
        found.push((substitution, surplus));
    }
    found
}
