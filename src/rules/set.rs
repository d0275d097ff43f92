//! Hand-written rules at work: what they force, forbid, and protect. They beat everything.
//!
//! Among themselves: protect beats never, never beats always, and a longer always beats a shorter one.

use serde::{Deserialize, Serialize};
use unicode_segmentation::GraphemeCursor;

use super::diff::{Step, steps};
use super::glob::Glob;
use super::mined::token_around;
use super::policy::core;
use super::rule::{Pattern, Side};
use crate::text::{Span, tokens};

/// Where a rule was written; not kept in a model, which holds no paths.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: usize,
}

/// In this context, this is that.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Always {
    pub(crate) observed: String,
    pub(crate) intended: String,
    pub(crate) left: Option<String>,
    pub(crate) right: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) name: String,
    #[serde(skip)]
    pub(crate) place: Place,
}

/// This change is never made; `None` stands for anything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Never {
    pub(crate) observed: Option<String>,
    pub(crate) intended: Option<String>,
    pub(crate) left: Option<String>,
    pub(crate) right: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) name: String,
    #[serde(skip)]
    pub(crate) place: Place,
}

/// This is never touched: a word (or several), or any token that fits a pattern.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Protect {
    pub(crate) what: Protected,
    pub(crate) kind: Option<String>,
    pub(crate) name: String,
    #[serde(skip)]
    pub(crate) place: Place,
}

/// What a protect rule protects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Protected {
    Word(String),
    Pattern(String),
}

/// One change that a hand-written rule makes, whatever the models say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forced<'a> {
    /// Where, in the observed text.
    pub span: Span,
    /// What is meant there.
    pub intended: &'a str,
    /// The rule, "always tbe → the".
    pub name: &'a str,
}

/// Hand-written rules, from TOML ([`RuleSet::parse`]) or from a model's section ([`RuleSet::from_bytes`]).
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    pub(crate) stored: Stored,
    /// `always` rules by the first byte of what they change; longest first, then the most context, then as written.
    by_first: Vec<Vec<usize>>,
    globs: Vec<Option<Glob>>,
}

/// What is kept of a [`RuleSet`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub(crate) always: Vec<Always>,
    pub(crate) never: Vec<Never>,
    pub(crate) protect: Vec<Protect>,
}

impl PartialEq for RuleSet {
    fn eq(&self, other: &Self) -> bool {
        self.stored == other.stored
    }
}

impl Serialize for RuleSet {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.stored.serialize(to)
    }
}

impl<'de> Deserialize<'de> for RuleSet {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Stored::deserialize(from).map(Self::index)
    }
}

/// Most bytes of rules that are read from a model.
const LARGEST: usize = 16 << 20;

impl RuleSet {
    pub(crate) fn index(stored: Stored) -> Self {
        let mut by_first = vec![Vec::new(); 256];
        let mut order: Vec<usize> = (0..stored.always.len()).collect();
        order.sort_by_key(|&i| {
            let rule = stored.always.get(i).map(Always::pattern).unwrap_or_default();
            (std::cmp::Reverse((rule.observed.len(), rule.specificity())), i)
        });
        for i in order {
            let first = stored.always.get(i).and_then(|a| a.observed.as_bytes().first());
            if let Some(bucket) = first.and_then(|&b| by_first.get_mut(usize::from(b))) {
                bucket.push(i);
            }
        }
        let glob = |p: &Protect| match &p.what {
            Protected::Word(_) => None,
            Protected::Pattern(pattern) => Glob::parse(pattern).ok(),
        };
        let globs = stored.protect.iter().map(glob).collect();
        Self { stored, by_first, globs }
    }

    /// Whether there is no rule at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many rules there are, of all sorts.
    pub fn len(&self) -> usize {
        self.stored.always.len() + self.stored.never.len() + self.stored.protect.len()
    }

    /// The rules' names, in the order in which they were written, sort by sort.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let Stored { always, never, protect } = &self.stored;
        let always = always.iter().map(|r| r.name.as_str());
        always.chain(never.iter().map(|r| r.name.as_str())).chain(protect.iter().map(|r| r.name.as_str()))
    }

    /// The section's bytes (serde and bincode).
    pub fn to_bytes(&self) -> Vec<u8> {
        bincode::serde::encode_to_vec(&self.stored, bincode::config::standard()).unwrap_or_default()
    }

    /// Reads what [`RuleSet::to_bytes`] wrote; bytes that are no such thing, or over 16 MB, give no rules.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let config = bincode::config::standard().with_limit::<LARGEST>();
        let stored: Stored =
            bincode::serde::decode_from_slice(bytes, config).map(|(stored, _)| stored).unwrap_or_default();
        Self::index(stored)
    }

    /// The changes that `always` rules make in `text`, a field of `kind`: from the left, the longest at each place
    /// (then the one with the most context, then the first written), not overlapping, and none that touches what is
    /// protected.
    pub fn forced<'s>(&'s self, text: &str, kind: Option<&str>) -> Vec<Forced<'s>> {
        let mut found = Vec::new();
        if self.stored.always.is_empty() {
            return found;
        }
        let mut at = 0;
        while at < text.len() {
            match self.forced_at(text, at, kind) {
                Some(forced) => {
                    at = forced.span.end();
                    found.push(forced);
                }
                None => at += 1,
            }
        }
        found
    }

    fn forced_at<'s>(&'s self, text: &str, at: usize, kind: Option<&str>) -> Option<Forced<'s>> {
        let first = *text.as_bytes().get(at)?;
        let bucket = self.by_first.get(usize::from(first))?;
        bucket.iter().filter_map(|&i| self.stored.always.get(i)).find_map(|rule| {
            let end = at + rule.observed.len();
            let stands = for_kind(&rule.kind, kind)
                && rule.pattern().stands(text, at)
                && is_boundary(text, at)
                && is_boundary(text, end);
            let span = Span::new(text, at, end).filter(|_| stands)?;
            let free = self.protected(text, span, kind).is_none();
            free.then_some(Forced { span, intended: &rule.intended, name: &rule.name })
        })
    }

    /// The rule that protects what stands at `span` of `text`, a field of `kind`, if one does. An empty span touches
    /// what stands on either side of it.
    pub fn protected(&self, text: &str, span: Span, kind: Option<&str>) -> Option<&str> {
        let touches = |start: usize, end: usize| {
            if span.is_empty() {
                start <= span.start() && span.end() <= end
            } else {
                start < span.end() && span.start() < end
            }
        };
        self.stored.protect.iter().zip(&self.globs).filter(|(p, _)| for_kind(&p.kind, kind)).find_map(
            |(rule, glob)| {
                let held = match (&rule.what, glob) {
                    (Protected::Word(word), _) => occurrences(text, word, span)
                        .any(|at| touches(at, at + word.len()) && whole(text, at, at + word.len())),
                    (Protected::Pattern(_), Some(glob)) => touched_tokens(text, span).any(|(start, end)| {
                        let token = text.get(start..end).unwrap_or("");
                        let core = core(token);
                        let core_at = start + (core.as_ptr() as usize - token.as_ptr() as usize);
                        glob.fits(token) && touches(start, end)
                            || !core.is_empty() && glob.fits(core) && touches(core_at, core_at + core.len())
                    }),
                    (Protected::Pattern(_), None) => false,
                };
                held.then_some(rule.name.as_str())
            },
        )
    }

    /// The `never` rule that forbids putting `intended` for what stands at `span` of `text`, a field of `kind`.
    pub fn forbids(&self, text: &str, span: Span, intended: &str, kind: Option<&str>) -> Option<&str> {
        if self.stored.never.is_empty() {
            return None;
        }
        let rules = || self.stored.never.iter().filter(|r| for_kind(&r.kind, kind));
        // Only as much of the text as the longest rule can reach.
        let long = |s: &Option<String>| s.as_ref().map_or(1, String::len);
        let reach = rules()
            .map(|r| long(&r.observed).max(long(&r.intended)) + long(&r.left).max(long(&r.right)))
            .max()?;
        let far = span.start().saturating_sub(reach + 4);
        let from = (0..=far).rev().find(|&at| text.is_char_boundary(at))?;
        let to = (span.end() + reach + 4..)
            .find(|&at| at >= text.len() || text.is_char_boundary(at))?
            .min(text.len());
        let piece = text.get(from..to)?;
        let span = Span::new(piece, span.start() - from, span.end() - from)?;
        let change = Applied::new(piece, span, intended);
        let rules = rules();
        rules.filter(|r| change.is_a(r)).map(|r| r.name.as_str()).next()
    }
}

impl Always {
    pub(crate) fn pattern(&self) -> Pattern<'_> {
        Pattern {
            observed: &self.observed,
            intended: &self.intended,
            left: Side::read(self.left.as_deref(), "^"),
            right: Side::read(self.right.as_deref(), "$"),
        }
    }
}

/// An edit made, with its single steps: what `never` rules are held against.
struct Applied<'a> {
    observed: &'a str,
    intended: String,
    /// Steps by bytes of both texts.
    steps: Vec<Step>,
}

impl<'a> Applied<'a> {
    fn new(text: &'a str, span: Span, intended: &str) -> Self {
        let old = span.of(text);
        let whole = || vec![Step { observed: 0..old.len(), intended: 0..intended.len() }];
        let moved = |s: &Step| Step {
            observed: s.observed.start + span.start()..s.observed.end + span.start(),
            intended: s.intended.start + span.start()..s.intended.end + span.start(),
        };
        let steps = steps(old, intended).unwrap_or_else(whole).iter().map(moved).collect();
        let mut made = text.get(..span.start()).unwrap_or("").to_owned();
        made.push_str(intended);
        made.push_str(text.get(span.end()..).unwrap_or(""));
        Self { observed: text, intended: made, steps }
    }

    fn is_a(&self, rule: &Never) -> bool {
        let sides = (Side::read(rule.left.as_deref(), "^"), Side::read(rule.right.as_deref(), "$"));
        match (rule.observed.as_deref(), rule.intended.as_deref()) {
            (Some(from), to) => places(self.observed, from, sides).any(|at| {
                let end = at + from.len();
                let held = self.steps.iter().any(|s| touch(&s.observed, at, end));
                held && to.is_none_or(|to| self.became(at, end, to))
            }),
            (None, Some(to)) => places(&self.intended, to, sides)
                .any(|at| self.steps.iter().any(|s| touch(&s.intended, at, at + to.len()))),
            (None, None) => false,
        }
    }

    /// Whether observed bytes `from..to` have become `wanted`, with or without what was put in right at their ends.
    fn became(&self, from: usize, to: usize, wanted: &str) -> bool {
        let ends = [false, true];
        ends.iter().any(|&behind| {
            ends.iter().any(|&beyond| {
                let piece = self.moved(from, behind).zip(self.moved(to, beyond));
                piece.and_then(|(a, b)| self.intended.get(a..b)) == Some(wanted)
            })
        })
    }

    /// Where observed byte `at` has gone, behind what was put in there if `behind`; `None` inside of a step.
    fn moved(&self, at: usize, behind: bool) -> Option<usize> {
        let mut there = at;
        for step in &self.steps {
            let put_in_here = step.observed.is_empty() && step.observed.end == at;
            if step.observed.end <= at && (behind || !put_in_here) {
                there = step.intended.end + (at - step.observed.end);
            } else if step.observed.start < at {
                return None;
            }
        }
        Some(there)
    }
}

fn touch(step: &std::ops::Range<usize>, from: usize, to: usize) -> bool {
    if step.is_empty() || from == to {
        step.start <= to && from <= step.end
    } else {
        step.start < to && from < step.end
    }
}

fn places<'t>(
    text: &'t str,
    piece: &'t str,
    sides: (Side<'t>, Side<'t>),
) -> impl Iterator<Item = usize> + 't {
    let pattern = Pattern { observed: piece, intended: "", left: sides.0, right: sides.1 };
    text.char_indices().map(|(at, _)| at).chain([text.len()]).filter(move |&at| pattern.stands(text, at))
}

fn for_kind(of_rule: &Option<String>, kind: Option<&str>) -> bool {
    of_rule.as_deref().is_none_or(|k| Some(k) == kind)
}

/// Whether `at` lies between two graphemes of `text`.
fn is_boundary(text: &str, at: usize) -> bool {
    match text.as_bytes().get(at) {
        None => at == text.len(),
        Some(b) if b.is_ascii() && *b != b'\n' => true,
        Some(_) => GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0).unwrap_or(false),
    }
}

/// Where `word` stands near `span`.
fn occurrences<'t>(text: &'t str, word: &'t str, span: Span) -> impl Iterator<Item = usize> + 't {
    let from = span.start().saturating_sub(word.len());
    let to = span.end().saturating_add(1).min(text.len());
    (from..to).filter(move |&at| text.get(at..).is_some_and(|rest| rest.starts_with(word)))
}

/// Whether `start..end` begins and ends where a word does.
fn whole(text: &str, start: usize, end: usize) -> bool {
    let inside = |at: usize| {
        text.split_at_checked(at)
            .is_some_and(|(before, after)| !Side::Edge.ends(before) && !Side::Edge.begins(after))
    };
    !inside(start) && !inside(end)
}

/// The tokens that `span` touches, ends included, by their bytes.
fn touched_tokens(text: &str, span: Span) -> impl Iterator<Item = (usize, usize)> + '_ {
    let (from, to) = token_around(text, span.start(), span.end());
    tokens(text.get(from..to).unwrap_or("")).map(move |t| (from + t.at, from + t.at + t.text.len()))
}

#[cfg(test)]
#[path = "set_tests.rs"]
mod tests;
