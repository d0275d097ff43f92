//! Mining: from what users changed to rules with support and precision.
//!
//! Two passes over the pairs, so that memory stays bounded: the first counts changes ([`Miner`]), the second counts how
//! often what was changed stood in the observed texts ([`Counting`]), only for what was changed often enough.

use std::fmt;

use hashbrown::HashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::conflict;
use super::mined::{LONGEST_SEGMENT, LONGEST_TEXT, LONGEST_WORD, Minimal, Rules, word_around};
use super::rule::{Pattern, Rule, Side, in_word, wilson};
use crate::text::{Span, graphemes};

/// One changed segment of an observed text, as the aligner found it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change<'a> {
    /// Where, in the observed text.
    pub span: Span,
    /// What is meant there.
    pub intended: &'a str,
}

/// What a rule must have to be kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mining {
    /// Fewest times it was changed so.
    pub support: u32,
    /// Smallest precision: beneath it a pattern says nothing ("an e is missing somewhere").
    pub precision: f64,
    /// Standard deviations by which the precision of a pattern must exceed that of a more general one
    /// (lower end of its Wilson interval).
    pub z: f64,
    /// Most rules, the best by support × precision.
    pub rules: usize,
    /// Most patterns held while counting, some 150 bytes each; beyond it the rarest are forgotten (lossy counting, Manku and
    /// Motwani 2002, "Approximate frequency counts over data streams"), so that their support may read low.
    pub patterns: usize,
}

impl Default for Mining {
    fn default() -> Self {
        Self { support: 5, precision: 0.001, z: 1.64, rules: 5_000, patterns: 1 << 20 }
    }
}

/// What mining met and what it dropped, by reason: "changes 9011, rare 8120, …".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// Changes counted.
    pub changes: u64,
    /// Changes longer than three graphemes on a side, or not on grapheme boundaries: not counted.
    pub long: u64,
    /// Patterns with too little support.
    pub rare: u64,
    /// Patterns with support from one document only.
    pub one_document: u64,
    /// Patterns with too little precision.
    pub weak: u64,
    /// Patterns whose context makes them no more precise than without.
    pub no_better: u64,
    /// Rules dropped because a stronger one undoes them.
    pub undone: u64,
    /// Rules dropped because they feed, or are fed by, a stronger one.
    pub fed: u64,
    /// Rules beyond the most that are kept.
    pub surplus: u64,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { changes, long, rare, one_document, weak, no_better, undone, fed, surplus } = self;
        write!(
            f,
            "changes {changes}, too long {long}; patterns dropped: rare {rare}, of one document {one_document}, \
             weak {weak}, no better than a more general one {no_better}, undoing {undone}, feeding {fed}, \
             surplus {surplus}"
        )
    }
}

type Context = u32;
const ANY: Context = 0;
const EDGE: Context = 1;
const FIRST: Context = 2;
const NEW: Context = Context::MAX;

/// The graphemes met as contexts, numbered.
#[derive(Clone, Debug, Default)]
struct Contexts {
    ids: HashMap<Box<str>, Context>,
    texts: Vec<Box<str>>,
}

impl Contexts {
    fn id(&self, grapheme: Option<&str>, outer: impl Fn(&str) -> Option<char>) -> Context {
        match grapheme {
            Some(g) if outer(g).is_some_and(in_word) => self.ids.get(g).copied().unwrap_or(NEW),
            _ => EDGE,
        }
    }

    fn learn(&mut self, grapheme: &str) {
        if !self.ids.contains_key(grapheme) {
            let Ok(number) = Context::try_from(self.texts.len()) else { return };
            self.ids.insert(Box::from(grapheme), number + FIRST);
            self.texts.push(Box::from(grapheme));
        }
    }

    fn left(&self, grapheme: Option<&str>) -> Context {
        self.id(grapheme, |g| g.chars().next_back())
    }

    fn right(&self, grapheme: Option<&str>) -> Context {
        self.id(grapheme, |g| g.chars().next())
    }

    fn side(&self, id: Context) -> Side<'_> {
        match id {
            ANY => Side::Any,
            EDGE => Side::Edge,
            _ => {
                let text = usize::try_from(id - FIRST).ok().and_then(|i| self.texts.get(i));
                text.map_or(Side::Any, |t| Side::Text(t))
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    observed: Box<str>,
    intended: Box<str>,
    left: Context,
    right: Context,
}

#[derive(Clone, Debug)]
struct Seen {
    support: u32,
    document: u64,
    documents: bool,
    example: Option<Box<(String, String)>>,
    /// For a whole word: the one change in it, of which this is the special case.
    inner: Option<Box<Key>>,
}

/// The first pass: counts what was changed into what, in which context.
///
/// ```
/// use amend::rules::{Change, Miner, Mining};
/// use amend::text::Span;
///
/// let observed = "tbe end";
/// let change = Change { span: Span::new(observed, 1, 2).unwrap(), intended: "h" };
/// let mut miner = Miner::new(Mining { support: 1, ..Mining::default() });
/// miner.pair(observed, "card 7", &[change]);
/// let mut counting = miner.counting();
/// counting.text(observed);
/// let (rules, _) = counting.rules();
/// let rule = rules.naming("tbe", Span::new("tbe", 1, 2).unwrap(), "h").unwrap();
/// assert_eq!((rule.to_string().as_str(), rule.support), ("b → h", 1));
/// ```
#[derive(Clone, Debug)]
pub struct Miner {
    mining: Mining,
    contexts: Contexts,
    seen: HashMap<Key, Seen>,
    rows: u64,
    document: Option<u64>,
    documents: bool,
    tally: Tally,
}

impl Miner {
    /// A miner that has seen nothing.
    pub fn new(mining: Mining) -> Self {
        Self {
            mining,
            contexts: Contexts::default(),
            seen: HashMap::new(),
            rows: 0,
            document: None,
            documents: false,
            tally: Tally::default(),
        }
    }

    /// Counts one pair: its observed text, the document it is of (empty: unknown, its own), and every change that
    /// its user made, left to right, not overlapping.
    pub fn pair(&mut self, observed: &str, document: &str, changes: &[Change<'_>]) {
        self.rows += 1;
        let document = match document {
            "" => xxh3_64(&self.rows.to_le_bytes()),
            named => xxh3_64(named.as_bytes()),
        };
        self.documents |= *self.document.get_or_insert(document) != document;
        let minimal: Vec<Minimal<'_>> = changes
            .iter()
            .filter_map(|c| Minimal::new(observed, c.span.start(), c.span.end(), c.intended))
            .collect();
        for (at, change) in minimal.iter().enumerate() {
            let word = Words { observed, changes: &minimal, at }.around(change);
            let Some(keys) = self.keys(observed, change) else {
                self.tally.long += 1;
                continue;
            };
            self.tally.changes += 1;
            let full = keys[3].clone();
            for key in keys {
                self.count(key, document, &word, None);
            }
            if let Some(word) = &word
                && word.first
                && word.whole
                && word.text != &observed[change.start..change.end]
            {
                let key = Key {
                    observed: Box::from(word.text),
                    intended: Box::from(word.intended.as_str()),
                    left: EDGE,
                    right: EDGE,
                };
                let inner = word.alone.then(|| Box::new(full));
                self.count(key, document, &Some(word.clone()), inner);
            }
        }
        self.shrink();
    }

    /// The change without context, with left, right, and both; `None` if it is too long to be a rule.
    fn keys(&mut self, text: &str, change: &Minimal<'_>) -> Option<[Key; 4]> {
        let observed = text.get(change.start..change.end)?;
        let short = |s: &str| graphemes(s).take(LONGEST_SEGMENT + 1).count() <= LONGEST_SEGMENT;
        if !short(observed)
            || !short(change.intended)
            || change.intended.len().max(observed.len()) > LONGEST_TEXT
        {
            return None;
        }
        let before = last_grapheme(text.get(..change.start)?);
        let after = graphemes(text.get(change.end..)?).next().map(|(_, g)| g);
        for grapheme in [before, after].into_iter().flatten().filter(|g| g.len() <= LONGEST_TEXT) {
            self.contexts.learn(grapheme);
        }
        let (left, right) = (self.contexts.left(before), self.contexts.right(after));
        let key = |left, right| Key {
            observed: Box::from(observed),
            intended: Box::from(change.intended),
            left,
            right,
        };
        Some([key(ANY, ANY), key(left, ANY), key(ANY, right), key(left, right)])
    }

    fn count(&mut self, key: Key, document: u64, word: &Option<WordChange<'_>>, inner: Option<Box<Key>>) {
        let first = Seen { support: 0, document, documents: false, example: None, inner };
        let seen = self.seen.entry(key).or_insert(first);
        seen.support = seen.support.saturating_add(1);
        seen.documents |= seen.document != document;
        if seen.example.is_none() && seen.support >= self.mining.support {
            seen.example = word.as_ref().map(|w| Box::new((w.text.to_owned(), w.intended.clone())));
        }
    }

    fn shrink(&mut self) {
        let most = self.mining.patterns.max(16);
        if self.seen.len() <= most {
            return;
        }
        let mut rare = 0;
        while self.seen.len() > most / 4 * 3 {
            rare += 1;
            self.seen.retain(|_, seen| seen.support > rare);
        }
    }

    /// Ends the first pass. Feed every observed text to the second one, changed or not.
    pub fn counting(self) -> Counting {
        let Self { mining, contexts, mut seen, documents, mut tally, .. } = self;
        seen.retain(|_, s| {
            let rare = s.support < mining.support;
            let lonely = documents && !s.documents;
            tally.rare += u64::from(rare);
            tally.one_document += u64::from(!rare && lonely);
            !rare && !lonely
        });
        let mut patterns: Vec<(Key, Seen)> = seen.into_iter().collect();
        patterns.sort_by(|(a, _), (b, _)| order(a, &contexts).cmp(&order(b, &contexts)));
        let mut standing: HashMap<Box<str>, HashMap<(Context, Context), u32>> = HashMap::new();
        for (key, _) in &patterns {
            standing.entry(key.observed.clone()).or_default().insert((key.left, key.right), 0);
        }
        Counting { mining, contexts, patterns, standing, tally }
    }
}

fn order<'a>(key: &'a Key, contexts: &'a Contexts) -> Pattern<'a> {
    Pattern {
        observed: &key.observed,
        intended: &key.intended,
        left: contexts.side(key.left),
        right: contexts.side(key.right),
    }
}

fn last_grapheme(text: &str) -> Option<&str> {
    // A cluster of over 8 characters is cut, and then no context.
    let from = text.char_indices().rev().take(8).last().map_or(0, |(at, _)| at);
    graphemes(text.get(from..)?).last().map(|(_, g)| g)
}

/// A changed word: as observed, as intended.
#[derive(Clone, Debug)]
struct WordChange<'a> {
    text: &'a str,
    intended: String,
    /// Whether all changes that touch the word are inside it, and it is short enough to be a rule.
    whole: bool,
    /// Whether the change asked for is the first in the word, so that a word is counted once.
    first: bool,
    /// Whether it is the only one.
    alone: bool,
}

struct Words<'a> {
    observed: &'a str,
    changes: &'a [Minimal<'a>],
    at: usize,
}

impl<'a> Words<'a> {
    /// The word in which `change` stands, with all changes of the pair that stand in it made.
    fn around(&self, change: &Minimal<'_>) -> Option<WordChange<'a>> {
        let (from, to) = word_around(self.observed, change.start, change.end);
        let text = self.observed.get(from..to)?;
        if graphemes(text).take(LONGEST_WORD + 1).count() > LONGEST_WORD || text.len() > LONGEST_TEXT {
            return None;
        }
        let inside = |c: &&Minimal<'_>| from <= c.end && c.start <= to;
        let near =
            self.changes.iter().enumerate().skip(self.at.saturating_sub(LONGEST_WORD)).take(2 * LONGEST_WORD);
        let touching: Vec<(usize, &Minimal<'_>)> = near.filter(|(_, c)| inside(c)).collect();
        let mut intended = String::new();
        let mut at = from;
        let mut whole = !text.is_empty() && text.chars().all(in_word);
        for (_, c) in &touching {
            whole &= from <= c.start && c.end <= to && c.intended.chars().all(in_word);
            intended.push_str(self.observed.get(at..c.start).unwrap_or(""));
            intended.push_str(c.intended);
            at = at.max(c.end);
        }
        intended.push_str(self.observed.get(at..to).unwrap_or(""));
        whole &= !intended.is_empty() && intended.len() <= LONGEST_TEXT;
        (intended.len() <= LONGEST_TEXT).then(|| WordChange {
            text,
            intended,
            whole,
            first: touching.first().is_some_and(|&(i, _)| i == self.at),
            alone: touching.len() == 1,
        })
    }
}

/// The second pass: counts how often what was changed stood in the observed texts.
#[derive(Clone, Debug)]
pub struct Counting {
    mining: Mining,
    contexts: Contexts,
    patterns: Vec<(Key, Seen)>,
    standing: HashMap<Box<str>, HashMap<(Context, Context), u32>>,
    tally: Tally,
}

impl Counting {
    /// Counts one observed text.
    pub fn text(&mut self, observed: &str) {
        let pieces: Vec<(usize, &str)> = graphemes(observed).collect();
        let begins = |i: usize| pieces.get(i).map_or(observed.len(), |p| p.0);
        let lefts: Vec<Context> = (0..=pieces.len())
            .map(|i| self.contexts.left(i.checked_sub(1).and_then(|i| pieces.get(i)).map(|p| p.1)))
            .collect();
        let rights: Vec<Context> =
            (0..=pieces.len()).map(|i| self.contexts.right(pieces.get(i).map(|p| p.1))).collect();
        for from in 0..=pieces.len() {
            for to in from..=(from + LONGEST_SEGMENT).min(pieces.len()) {
                let (Some(&left), Some(&right)) = (lefts.get(from), rights.get(to)) else { continue };
                stood(&mut self.standing, observed.get(begins(from)..begins(to)), left, right);
            }
        }
        let mut from = 0;
        while from < pieces.len() {
            let run = |p: &&(usize, &str)| p.1.chars().next().is_some_and(in_word);
            let len = pieces.iter().skip(from).take_while(run).count();
            if len > LONGEST_SEGMENT && len <= LONGEST_WORD {
                stood(&mut self.standing, observed.get(begins(from)..begins(from + len)), EDGE, EDGE);
            }
            from += len.max(1);
        }
    }

    /// The rules, and what was dropped why.
    pub fn rules(mut self) -> (Rules<Vec<u8>>, Tally) {
        let patterns = std::mem::take(&mut self.patterns);
        let precise = self.worth_their_context(&patterns);
        let rules: Vec<Rule<'_>> = precise.iter().map(|&(key, seen)| self.rule(key, seen)).collect();
        let mut tally = self.tally;
        let (mut rules, dropped) = conflict::without_weaker(rules);
        tally.undone += dropped.undone;
        tally.fed += dropped.fed;
        // support × precision = support² / occurrences, compared without rounding; ties by pattern.
        let weight = |a: &Rule<'_>, b: &Rule<'_>| u128::from(a.support).pow(2) * u128::from(b.occurrences);
        rules.sort_by(|a, b| weight(b, a).cmp(&weight(a, b)).then(a.cmp(b)));
        tally.surplus += u64::try_from(rules.len().saturating_sub(self.mining.rules)).unwrap_or(u64::MAX);
        rules.truncate(self.mining.rules);
        (Rules::pack(&rules), tally)
    }

    /// The patterns that are significantly more precise than every more general one.
    fn worth_their_context<'p>(&mut self, patterns: &'p [(Key, Seen)]) -> Vec<(&'p Key, &'p Seen)> {
        let support: HashMap<&Key, u32> = patterns.iter().map(|(k, s)| (k, s.support)).collect();
        let mut kept = Vec::new();
        for (key, seen) in patterns {
            let narrow = seen.inner.as_deref();
            let special = narrow.unwrap_or(key);
            let general = |left, right| Key { left, right, ..special.clone() };
            let mut parents =
                vec![general(ANY, ANY), general(special.left, ANY), general(ANY, special.right)];
            parents.extend(narrow.cloned());
            let bar = parents
                .iter()
                .filter(|p| *p != key)
                .filter_map(|p| support.get(p).map(|&s| self.precision(p, s)))
                .fold(None, |best: Option<f64>, p| Some(best.map_or(p, |b| b.max(p))));
            let occurrences = self.occurrences(key, seen.support);
            let [lower, _] = wilson(seen.support.into(), occurrences.into(), self.mining.z);
            if self.precision(key, seen.support) < self.mining.precision {
                self.tally.weak += 1;
            } else if bar.is_some_and(|bar| lower <= bar) {
                self.tally.no_better += 1;
            } else {
                kept.push((key, seen));
            }
        }
        kept
    }

    fn occurrences(&self, key: &Key, support: u32) -> u32 {
        let stood = self.standing.get(&key.observed).and_then(|m| m.get(&(key.left, key.right)));
        stood.copied().unwrap_or(0).max(support)
    }

    fn precision(&self, key: &Key, support: u32) -> f64 {
        f64::from(support) / f64::from(self.occurrences(key, support).max(1))
    }

    fn rule<'a>(&'a self, key: &'a Key, seen: &'a Seen) -> Rule<'a> {
        Rule {
            pattern: order(key, &self.contexts),
            support: seen.support,
            occurrences: self.occurrences(key, seen.support),
            example: seen.example.as_deref().map_or(("", ""), |(a, b)| (a, b)),
        }
    }
}

fn stood(
    standing: &mut HashMap<Box<str>, HashMap<(Context, Context), u32>>,
    observed: Option<&str>,
    left: Context,
    right: Context,
) {
    let Some(contexts) = observed.and_then(|o| standing.get_mut(o)) else { return };
    for context in [(ANY, ANY), (left, ANY), (ANY, right), (left, right)] {
        if let Some(count) = contexts.get_mut(&context) {
            *count = count.saturating_add(1);
        }
    }
}

#[cfg(test)]
#[path = "mine_tests.rs"]
mod tests;
