//! Searching documents with models that never saw them, and what would have come of each change.

use hashbrown::HashMap;
use rayon::prelude::*;

use super::reference::Portrait;
use super::trade::{Outcome, Totals};
use crate::corpus::{Line, Pair};
use crate::correct::allowed;
use crate::evaluate::Counts;
use crate::guard::{Act, COUNT, Home, Looks, Near, Profile, Resident, Survey, Surveyor, features, set_near};
use crate::model::{Beam, Knowledge, Model, ModelError};

/// One proposed change and what would have come of it.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) row: [f32; COUNT],
    pub(super) act: Act,
    /// Its confidence and preference are not known yet.
    pub(super) outcome: Outcome,
    /// Its document's profile, among those of the same place.
    pub(super) profile: usize,
}

/// A document that is searched with a model that never saw it.
#[derive(Clone, Debug)]
pub(super) struct Document<'p> {
    /// Its number among all.
    pub(super) number: u32,
    pub(super) rows: Vec<&'p Pair>,
    /// Whether it is a piece of one, cut since there are too few.
    pub(super) is_piece: bool,
    /// Fold of the guard's own cross-validation; `None`: its rows are spread over all.
    pub(super) fold: Option<usize>,
}

/// How a document is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// As it was observed.
    Observed,
    /// The same without the recogniser's confidence, or the trees would not know what to do where nobody gives one.
    Blind,
    /// As it should be.
    Clean,
}

impl Side {
    /// A row's line as it stands on this side.
    fn line(self, pair: &Pair) -> Line<'_> {
        match self {
            Self::Observed => Line::from(pair),
            Self::Blind => Line { evidence: None, ..Line::from(pair) },
            Self::Clean => Line { text: &pair.intended, evidence: None, ..Line::from(pair) },
        }
    }
}

/// A document as it was looked at.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// The document's number.
    pub(super) number: u32,
    pub(super) looks: Looks,
    pub(super) totals: Totals,
}

/// What searching documents gave.
#[derive(Clone, Debug, Default)]
pub(super) struct Gathered {
    pub(super) samples: Vec<Sample>,
    /// Samples that are learned from, and not judged by: [`Side::Blind`].
    pub(super) blind: Vec<Sample>,
    /// Each document, on each side that it was looked at.
    pub(super) seen: Vec<Seen>,
    pub(super) residents: Vec<(u32, Resident)>,
    /// Each document as observed, in counts, with its number.
    pub(super) portraits: Vec<(u32, Portrait)>,
    /// What the home tells of each of the profiles.
    pub(super) near: Vec<Near>,
}

/// What a document gave.
struct Found {
    samples: Vec<Sample>,
    totals: Totals,
    readings: Vec<String>,
    resident: Resident,
    portrait: Portrait,
}

/// Folds of the guard's own cross-validation.
pub(super) const FOLDS: usize = 5;

impl Gathered {
    /// Searches documents with a model that never saw them, as they were observed and once more as they should be; where there
    /// is the recogniser's confidence, without it too.
    /// Gives the search's own reading of each observed text, document by document.
    pub(super) fn gather(
        &mut self,
        model: &Model,
        documents: &[Document<'_>],
    ) -> Result<Vec<Vec<String>>, ModelError> {
        let knowledge = model.knowledge()?;
        let beam = model.metadata().settings.beam;
        let mut jobs = Vec::new();
        for document in documents {
            jobs.extend([(document, Side::Observed), (document, Side::Clean)]);
            if document.rows.iter().any(|pair| pair.evidence.is_some()) {
                jobs.push((document, Side::Blind));
            }
        }
        let found: Vec<Found> = jobs
            .par_iter()
            .map_init(Surveyor::default, |surveyor, &(document, side)| {
                search(surveyor, &knowledge, &beam, document, side)
            })
            .collect();
        let mut readings = Vec::with_capacity(documents.len());
        for (found, (document, side)) in found.into_iter().zip(jobs) {
            let profile = self.seen.len();
            self.seen.push(Seen {
                number: document.number,
                looks: found.resident.looks.clone(),
                totals: found.totals,
            });
            let samples = if side == Side::Blind { &mut self.blind } else { &mut self.samples };
            samples.extend(found.samples.into_iter().map(|sample| Sample { profile, ..sample }));
            if side == Side::Observed {
                self.residents.push((document.number, found.resident));
                self.portraits.push((document.number, found.portrait));
                readings.push(found.readings);
            }
        }
        Ok(readings)
    }

    /// Puts what the home tells of each document, or short stretch, into its samples; a document is not its own kin.
    pub(super) fn settle(
        &mut self,
        home: &Home,
        residents: &[Resident],
        places: &HashMap<u32, u32>,
        short: bool,
    ) {
        let of_document = |seen: &[Seen]| -> Vec<Near> {
            let place = seen.first().and_then(|seen| places.get(&seen.number));
            let leaving = place.map(|&place| home.leaving(residents, place));
            let near = seen.iter().map(|seen| home.near(&seen.looks, leaving.as_ref()));
            near.map(|near| Near { short: near.short.filter(|_| short), ..near }).collect()
        };
        let near = self.seen.par_chunk_by(|a, b| a.number == b.number).flat_map_iter(of_document).collect();
        self.tell(near);
    }

    /// Lets the right sides of documents be no right text.
    pub(super) fn set_aside(&mut self, unfinished: &[u32]) {
        self.samples.retain(|s| !s.outcome.clean || !unfinished.contains(&s.outcome.document));
        for seen in self.seen.iter_mut().filter(|seen| unfinished.contains(&seen.number)) {
            seen.totals.clean_right = 0;
        }
    }

    /// Whether what `which` asks for is true of a sample's document.
    pub(super) fn stands(&self, sample: &Sample, which: impl Fn(&Near) -> bool) -> bool {
        self.near.get(sample.profile).is_some_and(which)
    }

    /// The documents of which it is true.
    pub(super) fn that(&self, which: impl Fn(&Near) -> bool) -> impl Iterator<Item = &Seen> {
        self.seen.iter().zip(&self.near).filter(move |(_, near)| which(near)).map(|(seen, _)| seen)
    }

    /// Puts what is near to each of the profiles into its samples.
    pub(super) fn tell(&mut self, near: Vec<Near>) {
        for sample in self.samples.iter_mut().chain(&mut self.blind) {
            if let Some(near) = near.get(sample.profile) {
                set_near(&mut sample.row, sample.act, near);
            }
        }
        self.near = near;
    }
}

fn search(
    surveyor: &mut Surveyor,
    knowledge: &Knowledge<'_>,
    beam: &Beam,
    document: &Document<'_>,
    side: Side,
) -> Found {
    let lines: Vec<Line<'_>> = document.rows.iter().map(|&pair| side.line(pair)).collect();
    let survey = surveyor.survey(knowledge, beam, &lines);
    let mut totals = Totals::default();
    for (pair, line) in document.rows.iter().zip(&lines) {
        let counts = Counts::by_units(line.text, &pair.intended, line.text);
        match side {
            Side::Observed => {
                totals.errors += counts.errors_before;
                totals.right += counts.right;
            }
            Side::Clean => totals.clean_right += counts.words,
            Side::Blind => (),
        }
    }
    let mut samples = Vec::new();
    for place in survey.places() {
        // What a policy forbids leaves no gap.
        let clean = side == Side::Clean;
        let own = place.filter_map(|at| sample(knowledge, &survey, &lines, document, at, clean));
        for (rank, mut sample) in (0..).zip(own) {
            sample.outcome.rank = rank;
            samples.push(sample);
        }
    }
    let mut acts = [[0; 2]; Act::COUNT];
    for sample in samples.iter().filter(|s| s.outcome.rank == 0) {
        let act = &mut acts[sample.act.index()];
        *act = [act[0] + 1, act[1] + u32::from(sample.outcome.gain > 0)];
    }
    let source = document.rows.first().map_or(0, |p| p.source);
    let readings = (0..lines.len()).map(|at| survey.reading(&lines, at)).collect();
    let looks = Looks::of(knowledge, &lines, &survey);
    let halves = Profile::halves(knowledge, &lines, &survey);
    let resident = Resident { source, is_piece: document.is_piece, lines: lines.len(), looks, halves, acts };
    let portrait = Portrait::of(knowledge, source, &lines, &survey);
    Found { samples, totals, readings, resident, portrait }
}

fn sample(
    knowledge: &Knowledge<'_>,
    survey: &Survey,
    lines: &[Line<'_>],
    document: &Document<'_>,
    at: usize,
    clean: bool,
) -> Option<Sample> {
    let proposal = survey.proposals.get(at)?;
    let (line, pair) = (lines.get(proposal.line)?, document.rows.get(proposal.line)?);
    if !allowed(line, proposal.span, &proposal.intended) {
        return None;
    }
    let output = proposal.put_into(line.text);
    let counts = Counts::by_units(line.text, &pair.intended, &output);
    let gain = i64::try_from(counts.errors_before).ok()? - i64::try_from(counts.errors_after).ok()?;
    let kind = proposal.kind;
    let fold = document.fold.unwrap_or(proposal.line * FOLDS / lines.len().max(1));
    let outcome = Outcome {
        imposter: false,
        confidence: 0.0,
        preference: 0.0,
        kind,
        gain,
        broken: counts.broken,
        clean,
        rank: 0,
        document: document.number,
        fold,
    };
    Some(Sample { row: features(knowledge, survey, lines, at), act: proposal.act, outcome, profile: 0 })
}
