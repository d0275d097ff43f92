//! Surveying new documents.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::attention::Attention;
use super::compare::{Drift, Options, compare};
use crate::corpus::Line;
use crate::guard::Surveyor;
use crate::learn::{Confusion, Portrait, Reference};
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

/// What there is to tell of new text.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Beside what the model was learned from, where that can be told.
    pub drift: Option<Drift>,
    /// Why it cannot.
    pub unjudged: Option<Unjudged>,
    /// What a person would look at first.
    pub attention: Attention,
}

/// Why new text was not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unjudged {
    /// There is none.
    NoText,
    /// The model keeps nothing to compare with: it was made by an older program, or from no pairs.
    NoReference,
    /// It was learned from too few documents to say how much documents differ.
    FewDocuments,
}

/// Surveys documents, each with its name, and compares them with what the model was learned from.
///
/// ```no_run
/// # use amend::{Line, Model, monitor};
/// let model = Model::open("own.amend")?;
/// let page = vec![Line::new("the larnp by the river"), Line::new("and the man")];
/// let report = monitor::report(&model, &[page], &["page 1".to_owned()], &monitor::Options::default())?;
/// if let Some(drift) = report.drift.filter(|drift| drift.alarm) {
///     println!("{}", drift.sentence);
/// }
/// # Ok::<(), amend::ModelError>(())
/// ```
///
/// # Errors
/// [`ModelError`] where the model is damaged.
pub fn report(
    model: &Model,
    documents: &[Vec<Line<'_>>],
    names: &[String],
    options: &Options,
) -> Result<Report, ModelError> {
    let reference = Reference::in_model(model)?.unwrap_or_default();
    let seen = watch(model, documents)?;
    let attention = Attention::of(&seen, names);
    let portraits: Vec<Portrait> = seen.into_iter().map(|seen| seen.portrait).collect();
    let drift = compare(&reference, &portraits, options);
    let unjudged = match &drift {
        Some(_) => None,
        None if portraits.iter().all(|portrait| portrait.figures.words == 0) => Some(Unjudged::NoText),
        None if reference.is_empty() => Some(Unjudged::NoReference),
        None => Some(Unjudged::FewDocuments),
    };
    Ok(Report { drift, unjudged, attention })
}
