//! Surveying new documents.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::corpus::Line;
use crate::guard::Surveyor;
use crate::learn::{Confusion, Portrait};
use crate::model::{Model, ModelError};
use crate::text::{fold_word, words};

/// What was seen in one document.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// What it looks like in counts.
    pub portrait: Portrait,
    /// Words that the vocabulary does not hold, as written, and how often they stand there.
    pub unknown: BTreeMap<String, u64>,
    /// Confusions of letters, each with how often it is proposed, by how much changing is cheaper in all (nats), and the first
    /// word with what would stand there.
    pub likely: BTreeMap<Confusion, (u64, f64, [String; 2])>,
    /// Changes proposed that mend letters.
    pub lettered: u64,
}

/// Surveys documents on all cores; the order is kept.
///
/// # Errors
/// [`ModelError`] where the model is damaged.
pub fn watch(model: &Model, documents: &[Vec<Line<'_>>]) -> Result<Vec<Seen>, ModelError> {
    let knowledge = model.knowledge()?;
    let beam = model.metadata().settings.beam;
    let look = |surveyor: &mut Surveyor, lines: &Vec<Line<'_>>| {
        let survey = surveyor.survey(&knowledge, &beam, lines);
        let mut seen = Seen {
            portrait: Portrait::of(&knowledge, 0, lines, &survey),
            lettered: survey.lettered as u64,
            ..Seen::default()
        };
        for word in lines.iter().flat_map(|line| words(line.text)) {
            if knowledge.vocabulary.id(&fold_word(word.text)).is_none() {
                *seen.unknown.entry(word.text.to_owned()).or_default() += 1;
            }
        }
        for proposal in survey.proposals.iter().filter(|p| p.rank == 0 && p.is_lettered(lines)) {
            let observed = lines.get(proposal.line).map_or("", |line| proposal.span.of(line.text));
            let stretches = Confusion::between(observed, &proposal.intended);
            let share = f64::from(proposal.margin().max(0.0)) / stretches.len().max(1) as f64;
            for confusion in stretches.into_iter().filter(Confusion::is_short) {
                let example = || [observed.to_owned(), proposal.intended.clone()];
                let found = seen.likely.entry(confusion).or_insert_with(|| (0, 0.0, example()));
                found.0 += 1;
                found.1 += share;
            }
        }
        seen
    };
    Ok(documents.par_iter().map_init(Surveyor::default, look).collect())
}
