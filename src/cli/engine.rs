//! The border to the library: everything that the commands ask of models goes through here.

use std::path::{Path, PathBuf};

use super::error::CliError;
use crate::augment::Noise;
use crate::corpus::{Lesson, Line, Pair};
use crate::correct::{Correction, Corrector, Explained};
use crate::learn::{Base, Learner, Stage};
use crate::model::{Model, ModelError, ModelId};
use crate::monitor::{self, Report};
use crate::registry::{Gate, HeldOut, Promotion, Registry, RolledBack};
use crate::rules::{RuleSet, listing};
use crate::text::fold_word;

/// How to correct.
#[derive(Clone, Debug, Default)]
pub(super) struct Correcting {
    /// The model file; none: the built-in English one.
    pub(super) model: Option<PathBuf>,
    /// Rules by hand: the TOML text and the name of its file.
    pub(super) rules: Option<(String, String)>,
    /// Most right words that may be broken, a share.
    pub(super) harm_limit: Option<f32>,
    pub(super) join_hyphens: bool,
    /// Whether to search more widely than the model would.
    pub(super) thorough: bool,
}

/// What to learn from, and within which bounds.
#[derive(Debug, Default)]
pub(super) struct Learning {
    pub(super) pairs: Vec<Pair>,
    pub(super) lessons: Vec<Lesson>,
    /// Hashes of events that no base may have learned from.
    pub(super) forgotten: Vec<[u8; 16]>,
    /// A model that counted some of the lessons before.
    pub(super) base: Option<PathBuf>,
    /// Right text, a file each, one paragraph a line.
    pub(super) texts: Vec<String>,
    /// Observed text that nobody corrected: documents of lines.
    pub(super) unlabelled: Vec<Vec<String>>,
    pub(super) counts: Vec<(String, u64)>,
    pub(super) known: Vec<String>,
    /// Rules by hand: the TOML text and the name of its file.
    pub(super) rules: Option<(String, String)>,
    /// Largest model file, bytes.
    pub(super) size: Option<u64>,
    /// The harm that the model takes where nobody asks for another, a share.
    pub(super) harm_limit: Option<f32>,
    pub(super) seed: u64,
    pub(super) name: String,
    pub(super) attribution: String,
}

/// What to look up in a model.
#[derive(Debug, Default)]
pub(super) struct Question {
    pub(super) after: Option<String>,
    pub(super) ngram: Option<String>,
    pub(super) observed: Option<String>,
}

/// What is to be promoted where, and what it has to show.
#[derive(Debug)]
pub(super) struct Promoting<'a> {
    pub(super) candidate: &'a Path,
    /// The folder.
    pub(super) registry: &'a Path,
    /// Most right words that may be broken, a share.
    pub(super) harm_limit: Option<f32>,
    pub(super) held_out: &'a [HeldOut],
    /// What happened beside it.
    #[cfg(feature = "feedback")]
    pub(super) shadow: Option<&'a [crate::feedback::Event]>,
}

/// Documents to look at, each with its name.
pub(super) struct Watching<'a> {
    /// The model file; none: the built-in English one.
    pub(super) model: Option<&'a Path>,
    pub(super) documents: &'a [Vec<Line<'a>>],
    pub(super) names: &'a [String],
    /// Share of false alarms that may be.
    pub(super) level: f64,
}

/// What the library does for the commands.
pub(super) trait Engine: Sync {
    /// A corrector with its model opened.
    fn corrector(&self, how: Correcting) -> Result<Box<dyn Corrects>, CliError>;
    /// The bytes of a model, and a report to print; `watch` is told what begins.
    fn learn(&self, from: Learning, watch: &(dyn Fn(Stage) + Sync)) -> Result<(Vec<u8>, String), CliError>;
    /// The answer to print; of a model in general where nothing is asked.
    fn inspect(&self, model: &Path, question: &Question) -> Result<String, CliError>;
    /// What new text is beside what the model was learned from.
    fn monitor(&self, what: &Watching<'_>) -> Result<Report, CliError>;
    /// The rules of a model, a line each.
    fn rules(&self, model: &Path) -> Result<String, CliError>;
    /// What is wrong with a model, if anything.
    fn verify(&self, model: &Path) -> Result<Option<String>, CliError>;
    /// Marks the models of a registry, and a candidate for it, that learned from events that were forgotten; gives a remark
    /// for each.
    fn mark_forgotten(
        &self,
        candidate: &Path,
        registry: &Path,
        forgotten: &[[u8; 16]],
    ) -> Result<Vec<String>, CliError>;
    /// Makes a model current if the gate says yes.
    fn promote(&self, how: Promoting<'_>) -> Result<Promotion, CliError>;
    /// Makes the former model of a registry current again.
    fn roll_back(&self, registry: &Path) -> Result<RolledBack, CliError>;
    /// The noise of a model; none: the built-in English one.
    fn noise(&self, model: Option<PathBuf>) -> Result<Noise, CliError>;
}

/// Corrects documents, their lines in order; one correction a line.
pub(super) trait Corrects {
    fn correct_all(&self, documents: &[Vec<Line<'_>>]) -> Vec<Vec<Correction>>;
    /// The same with all that was decided.
    fn explain_all(&self, documents: &[Vec<Line<'_>>]) -> Vec<Vec<Explained>>;
    /// Whether a word, as written, is in the vocabulary.
    fn vocabulary(&self) -> Box<dyn Fn(&str) -> bool + Sync + '_>;
    /// The id of the model.
    fn id(&self) -> String;
}

/// The library itself.
pub(super) struct Library;

impl Engine for Library {
    fn corrector(&self, how: Correcting) -> Result<Box<dyn Corrects>, CliError> {
        let model = open(how.model)?;
        let corrector = Corrector::new(model).map_err(CliError::library)?;
        let mut corrector =
            corrector.harm_limit(how.harm_limit).join_hyphens(how.join_hyphens).thorough(how.thorough);
        if let Some((text, file)) = how.rules {
            corrector = corrector.rules(parse_rules(&text, &file)?).map_err(CliError::library)?;
        }
        Ok(Box::new(corrector))
    }

    fn learn(&self, from: Learning, watch: &(dyn Fn(Stage) + Sync)) -> Result<(Vec<u8>, String), CliError> {
        let base = from.base.map(|path| Model::open(path).and_then(|model| Base::new(&model)));
        let rules = match from.rules {
            Some((text, file)) => parse_rules(&text, &file)?,
            None => RuleSet::default(),
        };
        let learner = Learner {
            pairs: from.pairs,
            lessons: from.lessons,
            forgotten: from.forgotten,
            base: base.transpose().map_err(CliError::library)?,
            texts: from.texts,
            unlabelled: from.unlabelled,
            known: from.known,
            counts: from.counts,
            rules,
            size: from.size.map(|size| usize::try_from(size).unwrap_or(usize::MAX)),
            harm_limit: from.harm_limit,
            seed: from.seed,
            name: from.name,
            attribution: from.attribution,
            ..Learner::default()
        };
        let (model, report) = learner.learn_watched(watch).map_err(CliError::library)?;
        Ok((model, format!("{report}\n")))
    }

    fn inspect(&self, model: &Path, question: &Question) -> Result<String, CliError> {
        let model = Model::open(model).map_err(CliError::library)?;
        super::inspect::answer(&model, question).map_err(CliError::library)
    }

    fn monitor(&self, what: &Watching<'_>) -> Result<Report, CliError> {
        let model = open(what.model.map(Path::to_owned))?;
        let options = monitor::Options { level: what.level, ..monitor::Options::default() };
        monitor::report(&model, what.documents, what.names, &options).map_err(CliError::library)
    }

    fn rules(&self, model: &Path) -> Result<String, CliError> {
        let model = Model::open(model).map_err(CliError::library)?;
        Ok(listing(model.hand_rules(), &model.rules(), usize::MAX))
    }

    fn verify(&self, model: &Path) -> Result<Option<String>, CliError> {
        match Model::open(model).and_then(|model| model.verify()) {
            Ok(()) => Ok(None),
            // Of these nothing can be said, not even that they are damaged.
            Err(
                e @ (ModelError::Open { .. }
                | ModelError::NotAFile { .. }
                | ModelError::Newer { .. }
                | ModelError::NewerSection { .. }
                | ModelError::OlderSection { .. }),
            ) => Err(CliError::library(e)),
            Err(damage) => Ok(Some(damage.to_string())),
        }
    }

    fn mark_forgotten(
        &self,
        candidate: &Path,
        registry: &Path,
        forgotten: &[[u8; 16]],
    ) -> Result<Vec<String>, CliError> {
        let (candidate, registry) =
            (Model::open(candidate).map_err(CliError::library)?, Registry::new(registry));
        let mut marked = registry.mark_forgotten(forgotten).map_err(CliError::library)?;
        let events = registry.mark_if_forgotten(&candidate, forgotten).map_err(CliError::library)?;
        if events > 0 && marked.iter().all(|(id, _)| *id != candidate.id()) {
            marked.push((candidate.id(), events));
        }
        let current = registry.current().map_err(CliError::library)?;
        let remark = |(id, events): (ModelId, usize)| {
            let todo =
                if current == Some(id) { "; it is current still: learn and promote another" } else { "" };
            format!("marked {id}: it learned from {events} events that were forgotten since{todo}")
        };
        Ok(marked.into_iter().map(remark).collect())
    }

    fn promote(&self, how: Promoting<'_>) -> Result<Promotion, CliError> {
        let candidate = Model::open(how.candidate).map_err(CliError::library)?;
        let gate = Gate { harm_limit: how.harm_limit, ..Gate::default() };
        let registry = Registry::new(how.registry);
        #[cfg(not(feature = "feedback"))]
        let shadow = None;
        #[cfg(feature = "feedback")]
        let shadow = match how.shadow {
            Some(events) => {
                candidate.verify().map_err(CliError::library)?;
                let judged = crate::registry::shadow_of_events(&candidate, events, &gate, &|_| {});
                Some(judged.map_err(CliError::library)?)
            }
            None => None,
        };
        registry.promote_heard(&candidate, &gate, how.held_out, shadow, &|_| {}).map_err(CliError::library)
    }

    fn roll_back(&self, registry: &Path) -> Result<RolledBack, CliError> {
        Registry::new(registry).roll_back().map_err(CliError::library)
    }

    fn noise(&self, model: Option<PathBuf>) -> Result<Noise, CliError> {
        Noise::of(&open(model)?).map_err(CliError::library)
    }
}

fn open(model: Option<PathBuf>) -> Result<Model, CliError> {
    model.map_or_else(english, |path| Model::open(path).map_err(CliError::library))
}

impl Corrects for Corrector {
    fn correct_all(&self, documents: &[Vec<Line<'_>>]) -> Vec<Vec<Correction>> {
        Corrector::correct_all(self, documents)
    }

    fn explain_all(&self, documents: &[Vec<Line<'_>>]) -> Vec<Vec<Explained>> {
        Corrector::explain_all(self, documents)
    }

    fn vocabulary(&self) -> Box<dyn Fn(&str) -> bool + Sync + '_> {
        match self.model().knowledge() {
            Ok(knowledge) => Box::new(move |word| knowledge.vocabulary.id(&fold_word(word)).is_some()),
            // A file damaged after it was opened: nothing was corrected either.
            Err(_) => Box::new(|_| false),
        }
    }

    fn id(&self) -> String {
        self.model().id().to_string()
    }
}

#[cfg(feature = "english")]
fn english() -> Result<Model, CliError> {
    Model::english().map_err(CliError::library)
}

#[cfg(not(feature = "english"))]
fn english() -> Result<Model, CliError> {
    Err(CliError::Library("this program was built without the English model: give one with -m".to_owned()))
}

fn parse_rules(text: &str, file: &str) -> Result<RuleSet, CliError> {
    RuleSet::parse(text, file).map_err(CliError::library)
}

/// Stands in for the library in the tests of the commands: every `tbe` becomes `the`, whoever asks, but for who asks that
/// nothing be broken.
#[cfg(test)]
pub(super) mod double {
    use super::*;
    use crate::correct::{By, Edit};
    use crate::text::Span;

    #[derive(Default)]
    pub(in crate::cli) struct Double {
        is_still: bool,
    }

    impl Corrects for Double {
        fn correct_all(&self, documents: &[Vec<Line<'_>>]) -> Vec<Vec<Correction>> {
            let edit = |text: &str, at: usize| Edit {
                span: Span::new(text, at, at + 3).expect("tbe is three bytes long"),
                intended: "the".to_owned(),
                confidence: 0.5,
                by: By::Beam,
                alternatives: Vec::new(),
            };
            let line = |line: &Line<'_>| {
                let wrong = line.text.match_indices("tbe").filter(|_| !self.is_still);
                let edits = wrong.map(|(at, _)| edit(line.text, at)).collect();
                Correction::apply(line.text, edits)
            };
            documents.iter().map(|lines| lines.iter().map(line).collect()).collect()
        }

        fn explain_all(&self, documents: &[Vec<Line<'_>>]) -> Vec<Vec<Explained>> {
            let explained = |correction| Explained { correction, decisions: Vec::new() };
            let lines = |lines: Vec<Correction>| lines.into_iter().map(explained).collect();
            self.correct_all(documents).into_iter().map(lines).collect()
        }

        fn vocabulary(&self) -> Box<dyn Fn(&str) -> bool + Sync + '_> {
            Box::new(|word| word == "the")
        }

        fn id(&self) -> String {
            "c0ffee".to_owned()
        }
    }

    impl Engine for Double {
        fn corrector(&self, how: Correcting) -> Result<Box<dyn Corrects>, CliError> {
            match how.model {
                Some(model) if !model.exists() => {
                    Err(CliError::Library(format!("no model, in {}: learn it", model.display())))
                }
                _ => Ok(Box::new(Self { is_still: how.harm_limit == Some(0.0) })),
            }
        }

        fn learn(&self, from: Learning, _: &(dyn Fn(Stage) + Sync)) -> Result<(Vec<u8>, String), CliError> {
            Ok((format!("{} pairs", from.pairs.len()).into_bytes(), "learned\n".to_owned()))
        }

        fn inspect(&self, _: &Path, question: &Question) -> Result<String, CliError> {
            Ok(format!("{:?}\n", question.after))
        }

        fn monitor(&self, what: &Watching<'_>) -> Result<Report, CliError> {
            let unjudged = what.documents.iter().all(Vec::is_empty).then_some(monitor::Unjudged::NoText);
            Ok(Report { unjudged, ..Report::default() })
        }

        fn rules(&self, _: &Path) -> Result<String, CliError> {
            Ok("m → nn\n".to_owned())
        }

        fn verify(&self, model: &Path) -> Result<Option<String>, CliError> {
            Ok((!model.exists()).then(|| "damaged".to_owned()))
        }

        fn mark_forgotten(&self, _: &Path, _: &Path, _: &[[u8; 16]]) -> Result<Vec<String>, CliError> {
            Ok(Vec::new())
        }

        fn promote(&self, how: Promoting<'_>) -> Result<Promotion, CliError> {
            Err(CliError::Library(format!("no models here, in {}", how.registry.display())))
        }

        fn roll_back(&self, registry: &Path) -> Result<RolledBack, CliError> {
            Err(CliError::Library(format!("no models here, in {}", registry.display())))
        }

        fn noise(&self, _: Option<PathBuf>) -> Result<Noise, CliError> {
            Err(CliError::Library("no noise here".to_owned()))
        }
    }
}
