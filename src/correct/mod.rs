//! The spine of correcting, and its public face: open → search → guard → [`Correction`].
//!
//! A [`Corrector`] is a model with options, shared by all threads; a [`Worker`], one a thread, owns the memory of
//! the search. Lines of one document are corrected together, because they share vocabulary and noise. Nothing that
//! the guard refuses is changed, byte for byte.

use std::collections::BTreeMap;
mod explain;
mod join;
#[cfg(test)]
mod rule_tests;

use std::fmt;
use std::ops::Range;

use rayon::prelude::*;

use crate::corpus::Line;
use crate::entries::{Entries, Query, Scratch, Source};
use crate::guard::{
    COUNT, Guard, Looks, Near, Operating, Proposal, Survey, Surveyor, features, set_near, shortfalls,
};
use crate::model::{Beam, Knowledge, Model, ModelError, SectionKind};
use crate::rules::policy::{self, Class, class_of};
use crate::rules::{RuleError, RuleSet, Rules};
use crate::text::{Span, graphemes};

pub use crate::guard::Standing;
pub use explain::{Decision, Explained, Verdict};

/// What found an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum By {
    /// A rule by its name: mined ("m → nn") or the user's own.
    Rule(String),
    /// The search through channel and language, no single rule behind it.
    Beam,
    /// The same text was corrected before.
    Memory,
    /// The nearest known entry.
    Entry,
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(name) => write!(f, "rule {name}"),
            Self::Beam => f.write_str("beam"),
            Self::Memory => f.write_str("memory"),
            Self::Entry => f.write_str("entry"),
        }
    }
}

/// Another reading of the same span.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// What would stand there.
    pub intended: String,
    /// Its probability beside the others, 0–1.
    pub confidence: f32,
}

/// One change that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// Where, in bytes of the observed text; empty for an insertion.
    pub span: Span,
    /// What stands there now.
    pub intended: String,
    /// Calibrated probability that the change is right, 0–1.
    pub confidence: f32,
    /// What found it.
    pub by: By,
    /// Other readings, the likeliest first.
    pub alternatives: Vec<Alternative>,
}

/// A corrected text with every change that led there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Correction {
    text: String,
    edits: Vec<Edit>,
    standing: Option<Standing>,
}

impl Correction {
    /// Applies `edits` to `observed`. They are put in order; of two that overlap the surer one stays
    /// (equally sure: the left one).
    pub fn apply(observed: &str, mut edits: Vec<Edit>) -> Self {
        edits.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.span.cmp(&b.span)));
        // What is kept lies apart, so that only the nearest on either side can be in the way.
        let mut kept: BTreeMap<Span, Edit> = BTreeMap::new();
        for edit in edits {
            let apart = |k: &Span| k.end() <= edit.span.start() || edit.span.end() <= k.start();
            let before = kept.range(..edit.span).next_back();
            let behind = kept.range(edit.span..).next();
            if before.is_none_or(|k| apart(k.0)) && behind.is_none_or(|k| *k.0 != edit.span && apart(k.0)) {
                kept.insert(edit.span, edit);
            }
        }
        let kept: Vec<Edit> = kept.into_values().collect();
        let mut text = String::with_capacity(observed.len() + 16);
        let mut at = 0;
        for edit in &kept {
            text.push_str(observed.get(at..edit.span.start()).unwrap_or(""));
            text.push_str(&edit.intended);
            at = edit.span.end();
        }
        text.push_str(observed.get(at..).unwrap_or(""));
        Self { text, edits: kept, standing: None }
    }

    /// The corrected text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The changes, left to right, not overlapping.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// Where its document stands to those learned from; `None` where the search would change nothing in it.
    pub fn standing(&self) -> Option<Standing> {
        self.standing
    }
}

/// A model with options. `Send` and `Sync`; one serves all threads.
///
/// ```no_run
/// let corrector = amend::Corrector::new(amend::Model::open("bln.amend")?)?;
/// assert_eq!(corrector.worker().correct("tbe quick brovvn fox").text(), "the quick brown fox");
/// # Ok::<(), amend::ModelError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Corrector {
    model: Model,
    guard: Guard,
    rules: RuleSet,
    harm_limit: Option<f32>,
    join_hyphens: bool,
    thorough: bool,
}

impl Corrector {
    /// A corrector with the model's own rules and threshold. A model without a guard changes nothing but what
    /// rules force.
    ///
    /// # Errors
    /// [`ModelError`] where the guard's section is damaged.
    pub fn new(model: Model) -> Result<Self, ModelError> {
        let guard: Guard = match model.file().section(SectionKind::Guard) {
            Some(_) => model.file().decode(SectionKind::Guard)?,
            None => Guard::default(),
        };
        let rules = model.hand_rules().clone();
        Ok(Self { model, guard, rules, harm_limit: None, join_hyphens: false, thorough: false })
    }

    /// Asks for at most this share of right words to be broken, 0–1, in place of what learning chose.
    #[must_use]
    pub fn harm_limit(mut self, limit: Option<f32>) -> Self {
        self.harm_limit = limit;
        self
    }

    /// Whether words broken at line ends are joined: the second half moves up to the line of the first.
    #[must_use]
    pub fn join_hyphens(mut self, join: bool) -> Self {
        self.join_hyphens = join;
        self
    }

    /// Whether the search is [more thorough](Beam::thorough) than the model's own.
    #[must_use]
    pub fn thorough(mut self, thorough: bool) -> Self {
        self.thorough = thorough;
        self
    }

    /// How the search goes about it.
    fn beam(&self) -> Beam {
        let own = self.model.metadata().settings.beam;
        if self.thorough { own.thorough() } else { own }
    }

    /// Where the line is drawn in a document.
    fn operating(&self, near: &Near) -> Operating {
        self.guard.thresholds.at(near, self.limit())
    }

    /// The limit of harm that holds: what was asked for, or else the model's own.
    fn limit(&self) -> f32 {
        self.harm_limit.unwrap_or(self.guard.thresholds.default)
    }

    /// Adds rules to those of the model.
    ///
    /// # Errors
    /// [`RuleError`] where they contradict the model's.
    pub fn rules(mut self, rules: RuleSet) -> Result<Self, RuleError> {
        self.rules = self.rules.merge(rules)?;
        Ok(self)
    }

    /// The guard of the model.
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Memory to correct with: one a thread.
    pub fn worker(&self) -> Worker<'_> {
        Worker {
            corrector: self,
            knowledge: self.model.knowledge().ok(),
            entries: self.model.entries(self.limit()),
            surveyor: Surveyor::default(),
            scratch: Scratch::default(),
        }
    }

    /// Corrects documents on all cores and says what was decided; the order is kept.
    pub fn explain_all(&self, documents: &[Vec<Line<'_>>]) -> Vec<Vec<Explained>> {
        documents
            .par_iter()
            .map_init(|| self.worker(), |worker, lines| worker.explain_document(lines))
            .collect()
    }

    /// Corrects documents on all cores; the order is kept.
    pub fn correct_all(&self, documents: &[Vec<Line<'_>>]) -> Vec<Vec<Correction>> {
        documents
            .par_iter()
            .map_init(|| self.worker(), |worker, lines| worker.correct_document(lines))
            .collect()
    }
}

/// Corrects text after text with the same memory.
#[derive(Debug)]
pub struct Worker<'c> {
    corrector: &'c Corrector,
    /// `None` where a mapped model was damaged after it was opened.
    knowledge: Option<Knowledge<'c>>,
    entries: Option<Entries<'c>>,
    surveyor: Surveyor,
    scratch: Scratch,
}

impl Worker<'_> {
    /// Corrects one line that stands for itself. It is judged as lines of the documents learned from are, so little else tells,
    /// and less is changed than in its document: what belongs together is better given to [`Self::correct_document`].
    pub fn correct(&mut self, text: &str) -> Correction {
        self.correct_document(&[Line::new(text)]).pop().unwrap_or_default()
    }

    /// Corrects the lines of one document: one correction a line.
    pub fn correct_document(&mut self, lines: &[Line<'_>]) -> Vec<Correction> {
        self.explain_document(lines).into_iter().map(|line| line.correction).collect()
    }

    /// The same, with every change that the search proposed and what was decided about it.
    pub fn explain_document(&mut self, lines: &[Line<'_>]) -> Vec<Explained> {
        let mut edits: Vec<Vec<Edit>> = lines.iter().map(|line| self.forced(line)).collect();
        let mut decisions: Vec<Vec<Decision>> = vec![Vec::new(); lines.len()];
        let mut standing = None;
        if let Some(knowledge) = self.knowledge {
            let survey = self.surveyor.survey(&knowledge, &self.corrector.beam(), lines);
            // Where the user's own rules say something, no entry takes the place of the whole line.
            let whole: Vec<Option<Edit>> = edits
                .iter()
                .enumerate()
                .map(|(at, forced)| if forced.is_empty() { self.entry(&survey, lines, at) } else { None })
                .collect();
            let looked_at = (!survey.proposals.is_empty()).then(|| Looks::of(&knowledge, lines, &survey));
            let near = looked_at.map(|looks| self.corrector.guard.home.near(&looks, None));
            standing = near.as_ref().map(Near::standing);
            let near = near.unwrap_or(Near::NOWHERE);
            let mut verdicts = Vec::with_capacity(survey.proposals.len());
            for place in survey.places() {
                let first = &survey.proposals[place.start];
                let over = whole.get(first.line).is_some_and(Option::is_some);
                if over {
                    verdicts.extend(place.map(|_| Verdict::PassedOver));
                    continue;
                }
                let (decided, made) = self.decide(&knowledge, &survey, lines, place.clone(), &near);
                verdicts.extend(decided);
                let Some((at, confidence)) = made else { continue };
                if let (Some(line), Some(edits)) = (lines.get(first.line), edits.get_mut(first.line)) {
                    edits.push(self.edit(line, &survey.proposals[place.start + at], confidence));
                }
            }
            for (edits, edit) in edits.iter_mut().zip(whole) {
                edits.extend(edit);
            }
            if self.corrector.join_hyphens {
                join::add(&knowledge, lines, &mut edits);
            }
            for (proposal, verdict) in survey.proposals.into_iter().zip(verdicts) {
                if let Some(decisions) = decisions.get_mut(proposal.line) {
                    decisions.push(Decision { proposal, verdict });
                }
            }
        }
        let edits = lines.iter().zip(edits);
        let corrections =
            edits.map(|(line, edits)| Correction { standing, ..Correction::apply(line.text, edits) });
        let explained = |(correction, decisions)| Explained { correction, decisions };
        corrections.zip(decisions).map(explained).collect()
    }

    /// What the user's own rules demand.
    fn forced(&self, line: &Line<'_>) -> Vec<Edit> {
        let edit = |f: crate::rules::Forced<'_>| Edit {
            span: f.span,
            intended: f.intended.to_owned(),
            confidence: 1.0,
            by: By::Rule(f.name.to_owned()),
            alternatives: Vec::new(),
        };
        self.corrector.rules.forced(line.text, line.kind).into_iter().map(edit).collect()
    }

    /// What memory or the known entries would put for a whole line.
    fn entry(&mut self, survey: &Survey, lines: &[Line<'_>], at: usize) -> Option<Edit> {
        let line = lines.get(at)?;
        let entries = self.entries.as_ref()?;
        let reading = survey.reading(lines, at);
        let query = Query { text: line.text, reading: Some(&reading), kind: line.kind };
        let found = entries.propose(&query, &mut self.scratch)?;
        let span = Span::new(line.text, 0, line.text.len())?;
        let rules = &self.corrector.rules;
        let refused = rules.protected(line.text, span, line.kind).is_some()
            || rules.forbids(line.text, span, &found.intended, line.kind).is_some();
        let by = match found.by {
            Source::Memory => By::Memory,
            Source::Entry => By::Entry,
        };
        let other = |(intended, confidence)| Alternative { intended, confidence };
        let alternatives = found.alternatives.into_iter().map(other).collect();
        (!refused).then_some(Edit {
            span,
            intended: found.intended,
            confidence: found.confidence.min(SUREST),
            by,
            alternatives,
        })
    }

    /// What becomes of the changes of one place, and the one that is made, if any: its number there, its confidence.
    fn decide(
        &self,
        knowledge: &Knowledge<'_>,
        survey: &Survey,
        lines: &[Line<'_>],
        place: Range<usize>,
        near: &Near,
    ) -> (Vec<Verdict>, Option<(usize, f32)>) {
        let trees = self.corrector.guard.trees(near.standing());
        let (mut rows, mut margins) = (Vec::new(), Vec::new());
        let one = |at: usize| {
            let proposal = &survey.proposals[at];
            match lines.get(proposal.line) {
                None => Verdict::PassedOver,
                Some(line) if self.forbids(line, proposal) => Verdict::Forbidden,
                Some(line) => {
                    let mut row = features(knowledge, survey, lines, at);
                    set_near(&mut row, proposal.act, near);
                    let margin = trees.margin(&row);
                    rows.push(row);
                    margins.push(margin);
                    let confidence = trees.confidence(margin).min(SUREST);
                    self.judge(knowledge, survey, line, proposal, (&row, confidence), near)
                }
            }
        };
        let mut verdicts: Vec<Verdict> = place.map(one).collect();
        let shortfalls: Vec<f32> = shortfalls(&margins).collect();
        let made = best(&mut verdicts, |judged| trees.preference(&rows[judged], shortfalls[judged]));
        (verdicts, made)
    }

    /// Whether a policy or a rule of the user's forbids a change.
    fn forbids(&self, line: &Line<'_>, proposal: &Proposal) -> bool {
        let rules = &self.corrector.rules;
        !allowed(line, proposal.span, &proposal.intended)
            || rules.protected(line.text, proposal.span, line.kind).is_some()
            || rules.forbids(line.text, proposal.span, &proposal.intended, line.kind).is_some()
    }

    /// What becomes of a change by itself, from its features and confidence, beside no other of its place.
    fn judge(
        &self,
        knowledge: &Knowledge<'_>,
        survey: &Survey,
        line: &Line<'_>,
        proposal: &Proposal,
        (row, confidence): (&[f32; COUNT], f32),
        near: &Near,
    ) -> Verdict {
        let operating = self.corrector.operating(near);
        let is_sure = || self.corrector.guard.is_sure_anywhere(row, near.standing());
        let spellings = &survey.spellings;
        let few = survey.tokens < FEW_TOKENS;
        let repeated = || few && proposal.is_lettered_in(line.text) && spellings.is_repeated(proposal);
        let spelling = || (spellings.is_orthography(proposal) || repeated()) && !is_sure();
        let observed = proposal.span.of(line.text);
        let no_prose = || is_no_prose(observed) || is_foreign(knowledge, observed);
        let strange = (!near.is_home() && spelling()) || (!near.is_around() && no_prose());
        if strange || !operating.makes(proposal.kind, confidence) {
            Verdict::Refused(confidence)
        } else {
            Verdict::Made(confidence)
        }
    }

    fn edit(&self, line: &Line<'_>, proposal: &Proposal, confidence: f32) -> Edit {
        let mined = self.corrector.model.rules();
        let by = name(&mined, line.text, proposal);
        let alternatives = alternatives(proposal, line);
        Edit { span: proposal.span, intended: proposal.intended.clone(), confidence, by, alternatives }
    }
}

/// Whether there is an address in it, or what may be a piece of one, a telephone number or a code: what says little about what
/// is misread, and a model that never saw such fields takes it for misread words.
fn is_no_prose(text: &str) -> bool {
    let known =
        |token| matches!(class_of(token), Some(Class::Email | Class::Url | Class::Phone | Class::Code));
    let is = |token| known(token) || is_piece(token);
    text.split_whitespace().any(is)
}

/// Whether letters or digits of a token are parted by what parts them in addresses.
fn is_piece(token: &str) -> bool {
    let token = token.trim_matches(|c: char| !c.is_alphanumeric());
    token.contains(['.', '/', ':', '@', '_', '\\'])
}

/// Whether it holds more than one letter or digit that is foreign to the model: those are not misread each time.
fn is_foreign(knowledge: &Knowledge<'_>, text: &str) -> bool {
    graphemes(text).filter(|(_, grapheme)| knowledge.is_foreign(grapheme)).nth(1).is_some()
}

/// Of the changes of one place that might be made the one to be preferred (of equals the first); the others are passed over.
/// `preference` tells that of the first, second … that was judged.
fn best(verdicts: &mut [Verdict], preference: impl Fn(usize) -> f32) -> Option<(usize, f32)> {
    let judged = verdicts.iter().enumerate().filter(|(_, verdict)| verdict.confidence().is_some());
    let made: Vec<(usize, usize, f32)> = (0..)
        .zip(judged)
        .filter_map(|(judged, (at, verdict))| match verdict {
            Verdict::Made(confidence) => Some((judged, at, *confidence)),
            _ => None,
        })
        .collect();
    let &(_, best, confidence) = match made.as_slice() {
        [alone] => alone,
        several => {
            let preferred = several.iter().map(|made| (made, preference(made.0)));
            preferred.reduce(|a, b| if b.1 > a.1 { b } else { a })?.0
        }
    };
    for (_, at, confidence) in made.into_iter().filter(|made| made.1 != best) {
        verdicts[at] = Verdict::Outdone(confidence);
    }
    Some((best, confidence))
}

/// The mined rules behind a change, if each of its parts has one.
fn name(mined: &Rules<&[u8]>, text: &str, proposal: &Proposal) -> By {
    let parts = mined.naming_each(text, proposal.span, &proposal.intended);
    let names: Option<Vec<String>> = parts.iter().map(|rule| rule.map(|r| r.to_string())).collect();
    match names {
        Some(names) if !names.is_empty() => By::Rule(names.join(", ")),
        _ => By::Beam,
    }
}

/// A text of fewer tokens is too short for its words to stand there again and again.
const FEW_TOKENS: usize = 100;
/// Nothing learned is as sure as a rule of the user's, that is certain: where they meet, the rule stays.
const SUREST: f32 = 1.0 - f32::EPSILON;

/// Readings beside the chosen one and the observed, the likeliest three.
fn alternatives(proposal: &Proposal, line: &Line<'_>) -> Vec<Alternative> {
    let others = proposal
        .near
        .iter()
        .filter(|(text, _)| *text != proposal.intended && text != proposal.span.of(line.text));
    others.take(3).map(|(text, share)| Alternative { intended: text.clone(), confidence: *share }).collect()
}

/// Whether the policies let a change pass: what nobody can know better than the text is not changed.
pub(crate) fn allowed(line: &Line<'_>, span: Span, intended: &str) -> bool {
    policy::refuses(line.text, span, intended, line.kind).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_prose_is_known_by_its_marks() {
        for text in [
            "Web: tatewallace.com",
            "W: bentley.co/team,",
            "www.ross.co.uk",
            "ann@x-y.org",
            "hitps://www",
            "NG2P 5TZ",
        ] {
            assert!(is_no_prose(text), "{text}");
        }
        for text in ["", ".", "the end. And", "Co.", "com", "it's", "x-y"] {
            assert!(!is_no_prose(text), "{text}");
        }
    }

    #[test]
    fn letters_that_the_models_text_hardly_holds_are_foreign() {
        let han: String = ('\u{4E00}'..).take(4_000).collect();
        let novels = format!("{han}\nQZ19\n").repeat(9);
        let of = |text: &str| {
            let learner = crate::Learner { texts: vec![text.into()], ..crate::Learner::default() };
            Model::from_bytes(learner.learn().unwrap().0).unwrap()
        };
        let (japanese, english) = (of(&novels), of(&"to be or not: 19 ".repeat(9)));
        let cases = [
            ("QZ", true, true),
            ("\u{4E01}Q", false, true),
            ("T-1 to", true, false),
            ("19", true, false),
            ("жж", true, true),
            ("ж.", false, false),
            ("\u{4E00}\u{4E01}", false, true),
            ("", false, false),
        ];
        for (text, in_japanese, in_english) in cases {
            let found = [&japanese, &english].map(|model| is_foreign(&model.knowledge().unwrap(), text));
            assert_eq!(found, [in_japanese, in_english], "{text}");
        }
    }

    #[test]
    fn of_a_place_the_best_change_is_made_of_those_that_are_sure_enough_and_the_first_of_equals() {
        use Verdict::{Forbidden, Made, Outdone, PassedOver, Refused};
        let alone: [(&[Verdict], _); 3] = [
            (&[], None),
            (&[Refused(0.9), Forbidden, PassedOver], None),
            (&[Refused(0.9), Forbidden, Made(0.7)], Some((2, 0.7))),
        ];
        for (given, want) in alone {
            let mut verdicts = given.to_vec();
            assert_eq!(best(&mut verdicts, |_| panic!("nothing to prefer")), want, "{given:?}");
            assert_eq!(verdicts, given);
        }
        let cases: [(&[Verdict], &[f32], _, &[Verdict]); 4] = [
            (&[Made(0.7), Made(0.8)], &[1.0, 0.0], (0, 0.7), &[Made(0.7), Outdone(0.8)]),
            (&[Made(0.7), Made(0.8)], &[0.0, 1.0], (1, 0.8), &[Outdone(0.7), Made(0.8)]),
            (&[Made(0.7), Made(0.8)], &[1.0, 1.0], (0, 0.7), &[Made(0.7), Outdone(0.8)]),
            (
                &[Forbidden, Refused(0.4), Made(0.8), Made(0.9)],
                &[9.0, -2.0, -1.0],
                (3, 0.9),
                &[Forbidden, Refused(0.4), Outdone(0.8), Made(0.9)],
            ),
        ];
        for (given, preferences, want, left) in cases {
            let mut verdicts = given.to_vec();
            assert_eq!(best(&mut verdicts, |judged| preferences[judged]), Some(want), "{given:?}");
            assert_eq!(verdicts, left, "{given:?}");
        }
    }
}
