//! What is still wrong after correcting, place by place: of which class, and where on the way it was lost.
//!
//! Output and intended text are aligned by code points, as the CER is, and cut at the white space that both have
//! (in scripts without spaces: at each letter that both have). What differs between two cuts is one place; its errors
//! are what the alignment pays there, so that the errors of all places add up to those of the output.

use std::fmt::{Display, Formatter};

use serde::Serialize;

use super::levenshtein::{Alignment, align};
use super::place::{Damage, Place, places};
use super::report::percent;
use super::row::{Judged, code_points};
use crate::correct::Verdict;
use crate::text::{is_hyphen, tokens, words};

/// What kind of error it is; the first that fits, in the order of [`Class::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The row was read without two fifths of its letters or more, or more than eight in a row are lost here.
    Unrecoverable,
    /// Only hyphens differ, or hyphens and spaces.
    Hyphen,
    /// Only upper and lower case differ.
    Case,
    /// Only spaces differ.
    Space,
    /// More than spaces differs, and there are more words or fewer: split, joined, lost or added.
    SplitMerge,
    /// Only marks differ, or marks and case.
    Punctuation,
    /// Digits on either side.
    Number,
    /// The intended word begins with a capital where no sentence does, or is not in the vocabulary and begins
    /// with one.
    Name,
    /// What stands there is in the vocabulary.
    RealWord,
    /// What stands there is not, and stood there before.
    NonWordLeft,
    /// What stands there is not, and was put there.
    NonWordMade,
}

impl Class {
    /// How many classes there are.
    pub const COUNT: usize = 11;

    /// All classes.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Unrecoverable,
        Self::Hyphen,
        Self::Case,
        Self::Space,
        Self::SplitMerge,
        Self::Punctuation,
        Self::Number,
        Self::Name,
        Self::RealWord,
        Self::NonWordLeft,
        Self::NonWordMade,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unrecoverable => "unrecoverable",
            Self::Hyphen => "hyphen",
            Self::Space => "space only",
            Self::SplitMerge => "split or merge",
            Self::Case => "case only",
            Self::Punctuation => "punctuation",
            Self::Number => "number",
            Self::Name => "name",
            Self::RealWord => "other real word",
            Self::NonWordLeft => "non-word left",
            Self::NonWordMade => "non-word made",
        }
    }
}

/// The errors of one class.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ClassFigures {
    /// The class.
    pub class: &'static str,
    /// Places.
    pub places: u64,
    /// Their errors (edit distance).
    pub errors: u64,
    /// Share of all errors left, 0–1.
    pub share: Option<f64>,
    /// Errors where the search proposed nothing that alone lowers the row's errors.
    pub never_proposed: u64,
    /// Errors where it did, and the guard refused.
    pub guard_refused: u64,
    /// Errors where it did, and a policy or a rule forbade.
    pub forbidden: u64,
    /// Errors where an edit was made that alone does not lower the row's errors.
    pub wrong_edit: u64,
    /// Errors where right edits were made that did not mend all.
    pub half_mended: u64,
}

/// All errors left.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Errors {
    /// All classes together.
    pub total: ClassFigures,
    /// By class, in the order of [`Class::ALL`].
    pub classes: [ClassFigures; Class::COUNT],
}

impl Default for Errors {
    fn default() -> Self {
        let class = |class: Class| ClassFigures { class: class.name(), ..ClassFigures::default() };
        Self {
            total: ClassFigures { class: "all", ..ClassFigures::default() },
            classes: Class::ALL.map(class),
        }
    }
}

impl Errors {
    pub(super) fn add(&mut self, row: &Judged<'_>, known: &(dyn Fn(&str) -> bool + Sync)) {
        let damage = Damage::of(&code_points(row.line.text), row.text);
        let Alignment { equal, .. } = align(&code_points(row.output), &row.intended);
        for place in places(row.output, row.text, &equal) {
            let edited = !row.edits_at(&place.output).is_empty();
            let class = class(row, &place, &damage, edited, known);
            for own in [&mut self.classes[class as usize], &mut self.total] {
                own.places += 1;
                own.errors += place.errors;
                *fate(row, &place, own) += place.errors;
            }
        }
    }

    pub(super) fn sum(&mut self, other: &Self) {
        self.total.sum(&other.total);
        for (own, other) in self.classes.iter_mut().zip(&other.classes) {
            own.sum(other);
        }
    }

    pub(super) fn finish(&mut self) {
        let all = self.total.errors;
        for class in self.classes.iter_mut().chain([&mut self.total]) {
            class.share = (all > 0).then(|| class.errors as f64 / all as f64);
        }
    }
}

impl ClassFigures {
    fn sum(&mut self, other: &Self) {
        self.places += other.places;
        self.errors += other.errors;
        self.never_proposed += other.never_proposed;
        self.guard_refused += other.guard_refused;
        self.forbidden += other.forbidden;
        self.wrong_edit += other.wrong_edit;
        self.half_mended += other.half_mended;
    }
}

fn class(
    row: &Judged<'_>,
    place: &Place,
    damage: &Damage,
    edited: bool,
    known: &(dyn Fn(&str) -> bool + Sync),
) -> Class {
    let output = row.output.get(place.output.clone()).unwrap_or("");
    let intended = row.text.get(place.intended.clone()).unwrap_or("");
    let kept = |text: &str, which: fn(char) -> bool| text.chars().filter(|&c| which(c)).collect::<String>();
    let same = |which: fn(char) -> bool| kept(output, which) == kept(intended, which);
    let letters = |text: &str| kept(text, char::is_alphanumeric).to_lowercase();
    let spaces_only = same(|c| !c.is_whitespace());
    if damage.covers(&place.points) {
        Class::Unrecoverable
    } else if !spaces_only && same(|c| !c.is_whitespace() && !is_hyphen(c)) {
        Class::Hyphen
    } else if output.to_lowercase() == intended.to_lowercase() {
        Class::Case
    } else if spaces_only {
        Class::Space
    } else if tokens(output).count() != tokens(intended).count() {
        Class::SplitMerge
    } else if letters(output) == letters(intended) {
        Class::Punctuation
    } else if output.chars().chain(intended.chars()).any(char::is_numeric) {
        Class::Number
    } else if is_name(row.text, place, known) {
        Class::Name
    } else if words(output).next().is_some() && words(output).all(|word| known(word.text)) {
        Class::RealWord
    } else if edited {
        Class::NonWordMade
    } else {
        Class::NonWordLeft
    }
}

/// Where on the way the place was lost.
fn fate<'f>(row: &Judged<'_>, place: &Place, of: &'f mut ClassFigures) -> &'f mut u64 {
    let edits = row.edits_at(&place.output);
    if edits.iter().any(|&k| row.made[k].gain <= 0) {
        return &mut of.wrong_edit;
    }
    if !edits.is_empty() {
        return &mut of.half_mended;
    }
    let at = row.observed_at(&place.output);
    let meets = |span: crate::text::Span| span.start() <= at.end && at.start <= span.end();
    let right = || {
        let tried = row.decisions.iter().zip(&row.trials);
        tried.filter(|(d, trial)| trial.gain > 0 && meets(d.proposal.span)).map(|(d, _)| d.verdict)
    };
    if right().any(|verdict| matches!(verdict, Verdict::Refused(_))) {
        &mut of.guard_refused
    } else if right().any(|verdict| verdict == Verdict::Forbidden) {
        &mut of.forbidden
    } else {
        &mut of.never_proposed
    }
}

/// Whether a word meant here is a name, as far as capitals and the vocabulary tell (in German all nouns are).
fn is_name(intended: &str, place: &Place, known: &(dyn Fn(&str) -> bool + Sync)) -> bool {
    let before = intended.get(..place.intended.start).unwrap_or("").trim_end();
    let inside = !before.is_empty() && !before.ends_with(['.', '!', '?', '"', '”', '“', '‘', '(']);
    let here = intended.get(place.intended.clone()).unwrap_or("");
    words(here).enumerate().any(|(at, word)| {
        let mut letters = word.text.chars();
        let capital = letters.next().is_some_and(char::is_uppercase);
        let follows = letters.next().is_some_and(char::is_lowercase);
        capital && (inside && at == 0 && follows || letters.as_str().len() > 1 && !known(word.text))
    })
}

impl Display for Errors {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "errors left          places   errors    share    never  refused  refused    wrong     half"
        )?;
        write!(
            f,
            "\n                                              proposed by guard  by rule     edit   mended"
        )?;
        for class in self.classes.iter().chain([&self.total]) {
            let ClassFigures { class: name, places, errors, never_proposed, guard_refused, .. } = class;
            let share = percent(class.share, 1);
            write!(f, "\n{name:<18}{places:>9}{errors:>9}{share:>9}{never_proposed:>9}{guard_refused:>9}")?;
            write!(f, "{:>9}{:>9}{:>9}", class.forbidden, class.wrong_edit, class.half_mended)?;
        }
        Ok(())
    }
}
