//! The spine of learning.

use std::borrow::Cow;

use thiserror::Error;

use super::events::{Base, Events, once};
use super::gathering::{Document, FOLDS};
use super::guarding::Samples;
use super::material::{Counted, Material};
use super::pages::numbered;
use super::pieces::cut_few;
use super::reference::Reference;
use super::report::{LearnReport, Pruned};
use super::size::Size;
use super::stretches::{abroad, short_stretches};
use super::trust::trust;
use super::tune::{self, tune};
use super::unlabelled::{Unlabelled, UnlabelledReport};
use crate::corpus::{Lesson, Limits, Pair, documents, folds, screen};
use crate::entries::EntriesLearner;
use crate::model::metadata::{self, MetadataError};
use crate::model::{Metadata, Model, ModelError, ModelName, SectionKind, Settings};
use crate::rules::RuleSet;

/// Learning could not go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LearnError {
    /// Nothing to learn from.
    #[error("nothing to learn from: no pair passed the screen and no text was given; give pairs or text")]
    Nothing,
    /// Text that nobody corrected, and nothing that was corrected.
    #[error(
        "nothing tells what is misread in the unlabelled text: no pair passed the screen; give pairs or feedback beside it"
    )]
    NoPairs,
    /// The base learned from what has to be forgotten.
    #[error(
        "the base learned from {events} events that were forgotten since, the first {first}, in {base}: learn without a base, or give one that never saw them"
    )]
    Forgotten {
        /// The base.
        base: ModelName,
        /// How many.
        events: usize,
        /// The hash of the first, in hexadecimal digits.
        first: String,
    },
    /// The base learned from events of another store.
    #[error(
        "the base learned from {events} events that are not in the store, the first {first}, in {base}: learn without a base, or give the store that it learned from"
    )]
    Strange {
        /// The base.
        base: ModelName,
        /// How many.
        events: usize,
        /// The hash of the first, in hexadecimal digits.
        first: String,
    },
    /// A part could not be read back.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A part could not be written.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
}

/// Learns a model. All fields are free to set; [`Learner::default`] has nothing to learn from.
#[derive(Clone, Debug, Default)]
pub struct Learner {
    /// What was corrected.
    pub pairs: Vec<Pair>,
    /// What feedback events teach; together they are a source of their own.
    pub lessons: Vec<Lesson>,
    /// Hashes of the events that were forgotten: no base may have learned from them.
    pub forgotten: Vec<[u8; 16]>,
    /// A model that counted some of the lessons before. All else has to be given again; the bytes are the same without it.
    pub base: Option<Base>,
    /// Most lessons that search and guard are tuned on, chosen by the hash of their documents; `None`: 20,000. All are counted.
    pub sample: Option<usize>,
    /// Where the screen draws its lines.
    pub limits: Limits,
    /// Plain right text, one file a string, one paragraph a line.
    pub texts: Vec<String>,
    /// Observed text that nobody corrected, documents of lines. A model of the pairs reads it, and what it reads is learned
    /// from beside the pairs where that makes held-out intended sides likelier. The order of documents does not matter.
    pub unlabelled: Vec<Vec<String>>,
    /// Known entries.
    pub known: Vec<String>,
    /// Words with counts, as unigram evidence.
    pub counts: Vec<(String, u64)>,
    /// Hand-written rules, stored in the model.
    pub rules: RuleSet,
    /// Most bytes of the model file.
    pub size: Option<usize>,
    /// Longest grapheme n-gram, 2–8; `None`: what serves most texts.
    pub order: Option<usize>,
    /// Weights and width that the search begins with; `None`: what serves most texts.
    pub settings: Option<Settings>,
    /// The harm that the model takes where nobody asks for another: share of right words broken, 0–1.
    pub harm_limit: Option<f32>,
    /// Seed of every choice that is made by chance.
    pub seed: u64,
    /// What the model is called.
    pub name: String,
    /// Sources and licences, stored in the model.
    pub attribution: String,
}

/// What learning does, in this order; see [`Learner::learn_watched`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Stage {
    /// Strange pairs are found.
    Screening,
    /// Events are counted.
    Counting,
    /// Text is counted; pairs and a sample of the events are counted fold by fold, and searched.
    Tuning,
    /// Guard, entries and rules are learned, the last model is estimated and written.
    Estimating,
}

/// Lessons that search and guard are tuned on.
const MOST_SEARCHED: usize = 20_000;
/// Rows that estimates of few numbers are made on.
const SAMPLE: usize = 2_000;
/// Sources that are held out to weigh users' text.
const MOST_WEIGHED: usize = 3;
/// Models of all sources but some that are made for that.
const MOST_LEFT_OUT: usize = 6;

/// Folds of the cross-fitted decodes: the more, the more a model that never saw a document is like the whole one.
const CROSS: usize = 12;
/// Longest grapheme n-gram.
const ORDER: usize = 7;

impl Learner {
    /// Learns: the bytes of a model file, and what was done. Same inputs, same bytes, on any number of threads, with a base
    /// and without.
    ///
    /// # Errors
    /// [`LearnError`].
    pub fn learn(&self) -> Result<(Vec<u8>, LearnReport), LearnError> {
        self.learn_watched(&|_| ())
    }

    /// The same; `watch` is told what begins.
    ///
    /// # Errors
    /// [`LearnError`].
    pub fn learn_watched(&self, watch: &dyn Fn(Stage)) -> Result<(Vec<u8>, LearnReport), LearnError> {
        watch(Stage::Screening);
        let lessons = once(&self.lessons);
        if let Some(base) = &self.base {
            base.check(&lessons, &self.forgotten)?;
        }
        let given = self.given(&lessons);
        let screened = screen(&given, &self.texts, &self.limits);
        // A twin is not even looked at: what was left standing there is told by another lesson.
        let told: Vec<usize> = (0..lessons.len()).filter(|&at| !lessons[at].twin).collect();
        let (mut pairs, mut passed) = (Vec::new(), vec![false; lessons.len()]);
        for &k in &screened.kept {
            match k.checked_sub(self.pairs.len()) {
                Some(lesson) => passed[told[lesson]] = true,
                None => pairs.push(self.pairs[k].clone()),
            }
        }
        drop(given);
        if pairs.is_empty() && !passed.contains(&true) && self.texts.iter().all(|t| t.trim().is_empty()) {
            return Err(LearnError::Nothing);
        }
        let corrected = self.pairs.iter().chain(lessons.iter().map(|l| &l.pair));
        let unlabelled = Unlabelled::of(&self.unlabelled, corrected, self.seed);
        watch(Stage::Counting);
        let order = self.order.unwrap_or(ORDER);
        let most = self.sample.unwrap_or(MOST_SEARCHED);
        let mut events = Events::count(&lessons, |at| passed[at], self.base.as_ref(), order);
        events.choose(most, self.seed);
        watch(Stage::Tuning);
        let source = self.source();
        pairs.extend(events.sample.iter().map(|l| Pair { source, ..l.pair.clone() }));
        let cut = cut_few(&mut pairs);
        let all_pairs = pairs.len() + events.others.len();
        if pairs.is_empty() && !self.unlabelled.is_empty() {
            return Err(LearnError::NoPairs);
        }
        let mut material = Material::count(&pairs, &events.rest(), &self.texts, &self.counts, &unlabelled);
        let size = Size::within(self.size);
        let mut about = Metadata {
            name: self.name.clone(),
            attribution: self.attribution.clone(),
            pairs: all_pairs as u64,
            characters: material.characters,
            settings: self.settings.unwrap_or_default(),
        };
        about.settings.beam.trust = trust(&pairs);
        let mut run = Run::new(&pairs, &cut, &unlabelled, size, self.seed);
        if !self.texts.is_empty() && !pairs.is_empty() {
            run.weigh(&mut material);
        }
        let mut samples = Samples::default();
        let readings = run.cross_fit(&material, &mut about, &mut samples)?;
        let limited = self.size.is_some() && !pairs.is_empty();
        let pruned = limited.then(|| run.pruned(&material, &about)).transpose()?;
        run.leave_sources_out(&material, &about, &mut samples)?;
        material.give_back();
        watch(Stage::Estimating);
        let others = events.others.iter().map(|l| Pair { source, ..l.pair.clone() });
        let known_pairs: Vec<Pair> = pairs.iter().cloned().chain(others).collect();
        let entries = EntriesLearner { seed: self.seed }.learn(&known_pairs, &self.known, Some(&readings));
        drop(known_pairs);
        let turned_down =
            events.sample.iter().filter_map(|l| Some((l.pair.observed.as_str(), l.turned_down.as_deref()?)));
        let turned_down: Vec<(&str, &str)> = turned_down.collect();
        let (guard, unfinished) = samples.guard(self.harm_limit);
        let (weight, share) = material.weight();
        let mut report = LearnReport {
            screened: screened.tally,
            events: (!lessons.is_empty()).then_some(events.report),
            characters: material.characters,
            weight,
            share,
            samples: samples.home.samples.len() + samples.abroad.samples.len(),
            thresholds: guard.thresholds.clone(),
            settings: about.settings,
            limit: self.size,
            pruned,
            unfinished: unfinished.iter().map(|&document| run.name(document)).collect(),
            ..LearnReport::default()
        };
        let heard = run.hear_with_all(&material, &about, &mut report)?;
        let mut rest = vec![
            (SectionKind::Guard, metadata::to_bytes(&guard)?),
            (SectionKind::HandRules, self.rules.to_bytes()),
        ];
        let reference = Reference::of(&samples.home.portraits);
        if !reference.is_empty() {
            rest.push((SectionKind::Reference, metadata::to_bytes(&reference)?));
        }
        if let Some(entries) = entries {
            report.entries = Some(*entries.judge.report());
            rest.push((SectionKind::PairMemory, entries.memory));
            rest.push((SectionKind::KnownEntries, entries.entries));
            rest.push((SectionKind::EntriesJudge, metadata::to_bytes(&entries.judge)?));
        }
        rest.extend(events.sections());
        let parts = |size| material.sections(|_| true, size, &about, heard.as_ref(), &turned_down);
        let bytes = size.fit(self.size, parts, &rest)?;
        report.bytes = bytes.len();
        Ok((bytes, report))
    }
}

impl Learner {
    /// The number of the source that all lessons are of.
    fn source(&self) -> u32 {
        self.pairs.iter().map(|p| p.source).max().map_or(0, |last| last.saturating_add(1))
    }

    /// All pairs, those of the lessons last, twins left out.
    fn given<'a>(&'a self, lessons: &'a [Lesson]) -> Cow<'a, [Pair]> {
        if lessons.is_empty() {
            return Cow::Borrowed(&self.pairs);
        }
        let source = self.source();
        let taught = lessons.iter().filter(|l| !l.twin).map(|l| Pair { source, ..l.pair.clone() });
        Cow::Owned(self.pairs.iter().cloned().chain(taught).collect())
    }
}

/// The pairs, cut into what is searched with models that never saw it.
struct Run<'p> {
    pairs: &'p [Pair],
    /// Sources whose documents were cut into pieces.
    cut: &'p [u32],
    unlabelled: &'p Unlabelled<'p>,
    /// Whether what is read in it is of use.
    helped: bool,
    size: Size,
    /// Which pairs each document has.
    groups: Vec<Vec<usize>>,
    /// Numbers of the sources, in order.
    sources: Vec<u32>,
    /// Each pair's fold of those that are searched with models of the others.
    fold: Vec<usize>,
    /// Each pair's fold of the guard's own cross-validation.
    judged: Vec<usize>,
}

impl<'p> Run<'p> {
    fn new(pairs: &'p [Pair], cut: &'p [u32], unlabelled: &'p Unlabelled<'p>, size: Size, seed: u64) -> Self {
        let groups = documents(pairs.iter().map(|p| p.document.as_str()));
        let mut sources: Vec<u32> = pairs.iter().map(|p| p.source).collect();
        sources.sort_unstable();
        sources.dedup();
        Self {
            pairs,
            cut,
            unlabelled,
            helped: !unlabelled.is_empty(),
            size,
            groups,
            sources,
            fold: folds(pairs, CROSS, seed),
            judged: folds(pairs, FOLDS, seed.wrapping_add(1)),
        }
    }

    /// The documents of the pairs that `which` chooses, and which pairs they have.
    fn chosen(&self, which: impl Fn(usize) -> bool) -> (Vec<Document<'p>>, Vec<Vec<usize>>) {
        // Of few documents each is cut into stretches: what is in one document would else be all in one fold.
        let few = self.groups.len() < 2 * FOLDS;
        let own = (0..).zip(&self.groups).map(|(number, group)| {
            let at: Vec<usize> = group.iter().copied().filter(|&k| which(k)).collect();
            let rows: Vec<&Pair> = at.iter().map(|&k| &self.pairs[k]).collect();
            let fold = at.first().filter(|_| !few).map(|&k| self.judged[k]);
            let is_piece = rows.first().is_some_and(|pair| self.cut.contains(&pair.source));
            (Document { number, rows, is_piece, fold }, at)
        });
        own.filter(|(document, _)| !document.rows.is_empty()).unzip()
    }

    /// What a document is called.
    fn name(&self, number: u32) -> String {
        let first = self.groups.get(number as usize).and_then(|group| self.pairs.get(*group.first()?));
        first.map_or_else(String::new, |pair| pair.document.clone())
    }

    /// The place of a pair's source among all.
    fn source(&self, k: usize) -> usize {
        self.sources.binary_search(&self.pairs[k].source).unwrap_or(0)
    }

    fn weigh(&self, material: &mut Material<'_>) {
        if self.sources.len() > 1 {
            material.weigh(self.sources.len().min(MOST_WEIGHED), |k| Some(self.source(k)));
        } else {
            material.weigh(1, |k| (self.fold[k] == 0).then_some(0));
        }
    }

    /// Searches each fold with a model of the others; doubt and weights are set with the first. Gives the search's own
    /// reading of each pair.
    fn cross_fit(
        &mut self,
        material: &Material<'_>,
        about: &mut Metadata,
        samples: &mut Samples,
    ) -> Result<Vec<String>, LearnError> {
        let mut readings = vec![String::new(); self.pairs.len()];
        for held in (0..CROSS).filter(|held| self.fold.contains(held) || *held == 0) {
            let mut model = material.model(|k| self.fold[k] != held, self.size, about, None)?;
            let (documents, places) = self.chosen(|k| self.fold[k] == held);
            let rows: Vec<&Pair> = documents.iter().flat_map(|d| d.rows.iter().copied()).collect();
            if held == 0 {
                listen(&model, about, &rows)?;
            }
            model.set(about.settings);
            // Readings of a model of all pairs would carry what was corrected in this fold.
            if self.helped {
                let heard = material.heard(&self.unlabelled.read(&model)?);
                self.helped = held > 0 || material.helps(&heard, |k| self.fold[k] == held);
                if self.helped {
                    let others = |k: usize| self.fold[k] != held;
                    model = material.model(others, self.size, about, Some(&heard))?;
                    if held == 0 {
                        listen(&model, about, &rows)?;
                    }
                    model.set(about.settings);
                }
            }
            if held == 0 {
                about.settings = tune(&mut model, &rows)?;
                self.read_pages(&model, material, &rows, samples)?;
            }
            let found = samples.home.gather(&model, &documents)?;
            let short: Vec<Document<'_>> = documents.iter().flat_map(short_stretches).collect();
            samples.stretches.gather(&model, &short)?;
            for (k, reading) in places.into_iter().flatten().zip(found.into_iter().flatten()) {
                readings[k] = reading;
            }
        }
        Ok(readings)
    }

    /// What is lost by the size that was asked for, where the first fold is searched with a model of the others.
    fn pruned(&self, material: &Material<'_>, about: &Metadata) -> Result<Pruned, LearnError> {
        let (documents, _) = self.chosen(|k| self.fold[k] == 0);
        let rows: Vec<&Pair> = documents.iter().flat_map(|d| d.rows.iter().copied()).collect();
        let mended = |size: Size| -> Result<f64, LearnError> {
            let mut model = material.model(|k| self.fold[k] != 0, size, about, None)?;
            // What surprises one model need not surprise the other.
            let mut about = about.clone();
            listen(&model, &mut about, &rows)?;
            model.set(about.settings);
            Ok(tune::mended(&model, &rows)?)
        };
        Ok(Pruned { mended: mended(self.size)?, whole: mended(Size::default())? })
    }

    /// What a model of all pairs reads in the text that nobody corrected, if that is of use.
    fn hear_with_all(
        &self,
        material: &Material<'_>,
        about: &Metadata,
        report: &mut LearnReport,
    ) -> Result<Option<Counted>, LearnError> {
        let lines = self.unlabelled.lines().count();
        if !self.helped {
            report.unlabelled =
                (lines > 0).then_some(UnlabelledReport { lines, ..UnlabelledReport::default() });
            return Ok(None);
        }
        let readings = self.unlabelled.read(&material.model(|_| true, self.size, about, None)?)?;
        let changed = readings.iter().filter(|p| p.observed != p.intended).count();
        report.unlabelled = Some(UnlabelledReport { lines, changed, helped: true });
        Ok(Some(material.heard(&readings)))
    }

    /// Searches what was kept back of the plain text: what will come of documents unlike those of the one source there is.
    fn read_pages(
        &self,
        model: &Model,
        material: &Material<'_>,
        rows: &[&Pair],
        samples: &mut Samples,
    ) -> Result<(), LearnError> {
        let first = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
        if let Some(pages) = material.pages().and_then(|pages| pages.misread(model, rows)) {
            samples.abroad.gather(model, &abroad(numbered(&pages, first)))?;
        }
        Ok(())
    }

    /// Searches each source with a model of the others: what will come of documents unlike all these. Of which source the
    /// text is that nobody corrected is not known, so that it is left out too.
    fn leave_sources_out(
        &self,
        material: &Material<'_>,
        about: &Metadata,
        samples: &mut Samples,
    ) -> Result<(), LearnError> {
        if self.sources.len() < 2 {
            return Ok(());
        }
        for part in 0..self.sources.len().min(MOST_LEFT_OUT) {
            let left = |k: usize| self.source(k) % MOST_LEFT_OUT == part;
            let mut model = material.model(|k| !left(k), self.size, about, None)?;
            model.set(about.settings);
            samples.abroad.gather(&model, &abroad(self.chosen(left).0))?;
        }
        Ok(())
    }
}

/// Sets how much the search doubts, from rows that the model never saw.
fn listen(model: &Model, about: &mut Metadata, rows: &[&Pair]) -> Result<(), LearnError> {
    let doubt = &mut about.settings.beam.doubt;
    (doubt.clean, doubt.rough) = Samples::noise(model, &sample(rows))?;
    Ok(())
}

/// At most [`SAMPLE`] rows, spread evenly.
fn sample<'p>(rows: &[&'p Pair]) -> Vec<&'p Pair> {
    rows.iter().step_by(rows.len().div_ceil(SAMPLE).max(1)).copied().collect()
}
