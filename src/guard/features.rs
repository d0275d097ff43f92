//! What the guard looks at.

use super::broken;
use super::{Act, Near, Proposal, Survey};
use crate::corpus::Line;
use crate::cost::{ln, narrow};
use crate::decode::Knowledge;
use crate::language::Case;
use crate::rules::Rule;
use crate::text::{fold_word, is_hyphen, tokens, words};

/// Names of the features, in the order of their numbers.
pub const NAMES: [&str; 69] = [
    "margin of the whole score",
    "gain of graphemes",
    "gain of words",
    "channel cost of the change",
    "edits",
    "share among readings near",
    "share of leaving it",
    "share of the best other reading",
    "readings near",
    "support of its rarest segment",
    "cost of its dearest segment",
    "rarest observed word",
    "rarest intended word",
    "observed words unknown",
    "intended words unknown",
    "observed words",
    "intended words",
    "case of the observed word unusual",
    "case of the intended word unusual",
    "observed begins with a capital",
    "intended begins with a capital",
    "observed all capitals",
    "observed length",
    "length change",
    "first of its line",
    "last of its line",
    "spaces changed",
    "hyphens changed",
    "only marks changed",
    "only case changed",
    "digits observed",
    "digits intended",
    "marks observed inside",
    "observed words elsewhere in the document",
    "intended words elsewhere in the document",
    "share of tokens with letters changed",
    "share of tokens clearly wrong",
    "share of tokens changed in its line",
    "tokens of the document",
    "recogniser's confidence in it",
    "recogniser's confidence in the line",
    "grapheme cost a symbol, left",
    "grapheme cost a symbol, changed",
    "neighbour before changed",
    "neighbour after changed",
    "letters that differ",
    "final mark added",
    "final mark removed",
    "broken word joined",
    "grapheme order of what is removed",
    "quotes changed",
    "line length",
    "the same act at kin",
    "strangeness of the document",
    "the same act elsewhere in the document",
    "the same act a token of the document",
    "observed words elsewhere beside intended ones",
    "the same rarest segment elsewhere in the document",
    "rank among what is proposed there",
    "margin to what the search would do",
    "other words of its line unknown and left",
    "precision of the weakest rule behind it",
    "support of the weakest rule behind it",
    "other lines that end as it is",
    "other lines that end as it would be",
    "other lines that say what it is",
    "other lines that say what it would be",
    "broken word in it as it is",
    "broken word in it as it would be",
];

/// How many features there are.
pub const COUNT: usize = NAMES.len();

/// Features that tell of the documents learned from: how often the same act was right at kin, and strangeness.
const NEAR: [usize; 2] = [52, 53];

/// Features that tell what else the document holds like the change.
const COMPANY: [usize; 6] = [33, 34, 54, 55, 56, 57];

/// The features as if nothing like the change stood elsewhere in the document.
pub(super) fn alone(row: &[f32; COUNT]) -> [f32; COUNT] {
    let mut alone = *row;
    for at in COMPANY {
        if !alone[at].is_nan() {
            alone[at] = 0.0;
        }
    }
    alone
}

/// Puts in what the documents learned from tell of a change that does `act`.
pub fn set_near(row: &mut [f32; COUNT], act: Act, near: &Near) {
    row[NEAR[0]] = near.rates[act.index()];
    row[NEAR[1]] = near.short.unwrap_or(near.strangeness);
}

/// The features of the `at`-th proposal of a survey; NaN where something is not known.
///
/// What [`set_near`] puts in is not known yet.
pub fn features(knowledge: &Knowledge<'_>, survey: &Survey, lines: &[Line<'_>], at: usize) -> [f32; COUNT] {
    let mut row = [f32::NAN; COUNT];
    let (Some(p), Some(line)) =
        (survey.proposals.get(at), survey.proposals.get(at).and_then(|p| lines.get(p.line)))
    else {
        return row;
    };
    let observed = p.span.of(line.text);
    let intended = p.intended.as_str();
    let (before, after) = (Side::new(knowledge, survey, observed), Side::new(knowledge, survey, intended));
    let ratio = |part: usize, of: usize| part as f32 / of.max(1) as f32;
    let others = survey.lettered.saturating_sub(usize::from(p.is_lettered(lines)));
    let clear =
        survey.clear.saturating_sub(usize::from(p.is_lettered(lines) && p.margin() > super::survey::CLEAR));
    let same =
        |f: fn(char) -> bool| observed.chars().filter(|&c| f(c)).eq(intended.chars().filter(|&c| f(c)));
    let letters_equal = same(char::is_alphanumeric);
    let folded_equal = fold_word(observed) == fold_word(intended);
    let neighbour = |other: Option<&Proposal>, gap: fn(&Proposal, &Proposal) -> usize| {
        other.is_some_and(|o| gap(o, p) <= 1)
    };
    let apart = |other: &&Proposal| other.symbols != p.symbols && other.rank == 0;
    let of_line = |other: &&Proposal| other.line == p.line;
    let next = survey.proposals.iter().skip(at + 1).take_while(of_line).find(apart);
    let previous = survey.proposals.iter().take(at).rev().take_while(of_line).find(apart);
    let first = survey.proposals.get(at - usize::from(p.rank).min(at)).unwrap_or(p);
    let length = p.symbols.1 - p.symbols.0;
    let alike = survey.acts[p.act.index()].saturating_sub(1);
    let (precision, support) = weakest_rule(knowledge, line, p);
    let ends_line = line.text.get(p.span.end()..).is_some_and(|rest| rest.trim().is_empty());
    let ends = |side: &str| if ends_line { survey.endings.share(line.text, side) } else { f32::NAN };
    let after_it = lines.get(p.line + 1).map(|next| next.text).filter(|_| ends_line);
    let agreement = |text: &dyn Fn() -> String| {
        if survey.echoes.reaches(p.line) { survey.echoes.agreement(p.line, &text()) } else { f32::NAN }
    };
    let mark_at_end = |t: &str| t.chars().last().is_some_and(|c| !c.is_alphanumeric());
    let values = [
        p.margin(),
        p.kept.grapheme - p.changed.grapheme,
        p.kept.word - p.changed.word,
        p.changed.channel - p.kept.channel,
        p.changed.edits as f32,
        p.near.iter().find(|n| n.0 == intended).map_or(0.0, |n| n.1),
        p.leave,
        p.near.iter().find(|n| n.0 != intended && n.0 != observed).map_or(0.0, |n| n.1),
        p.near.len() as f32,
        log(f64::from(p.support)),
        p.dearest,
        before.rarest,
        after.rarest,
        before.unknown,
        after.unknown,
        before.words,
        after.words,
        before.odd_case,
        after.odd_case,
        flag(observed.chars().next().is_some_and(char::is_uppercase)),
        flag(intended.chars().next().is_some_and(char::is_uppercase)),
        flag(observed.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase)),
        length as f32,
        p.changed.intended.len() as f32 - length as f32,
        flag(line.text.get(..p.span.start()).is_some_and(|t| t.trim().is_empty())),
        flag(ends_line),
        count(intended, char::is_whitespace) - count(observed, char::is_whitespace),
        count(intended, is_hyphen) - count(observed, is_hyphen),
        flag(letters_equal && same(char::is_whitespace)),
        flag(!letters_equal && folded_equal),
        count(observed, |c| c.is_ascii_digit()),
        count(intended, |c| c.is_ascii_digit()),
        count(observed, |c| !c.is_alphanumeric() && !c.is_whitespace()),
        before.elsewhere,
        after.elsewhere,
        ratio(others, survey.tokens.saturating_sub(1)),
        ratio(clear, survey.tokens.saturating_sub(1)),
        ratio(
            survey.line_proposals.get(p.line).copied().unwrap_or(1) - 1,
            survey.line_tokens.get(p.line).copied().unwrap_or(1),
        ),
        log(survey.tokens as f64),
        evidence(line, p).unwrap_or(f32::NAN),
        line.evidence.map_or(f32::NAN, |e| e.iter().sum::<f32>() / e.len().max(1) as f32),
        p.kept.grapheme / (p.kept.intended.len() + 5) as f32,
        p.changed.grapheme / (p.changed.intended.len() + 5) as f32,
        flag(neighbour(previous, |o, p| p.symbols.0.saturating_sub(o.symbols.1))),
        flag(neighbour(next, |o, p| o.symbols.0.saturating_sub(p.symbols.1))),
        flag(!letters_equal && !folded_equal),
        flag(mark_at_end(intended) && !mark_at_end(observed)),
        flag(mark_at_end(observed) && !mark_at_end(intended)),
        flag(observed.contains("- ") && !intended.contains(' ')),
        p.kept.intended.len() as f32 - p.changed.intended.len() as f32,
        count(intended, is_quote) - count(observed, is_quote),
        log(line.text.len() as f64),
        f32::NAN,
        f32::NAN,
        log(alike as f64),
        ratio(alike, survey.tokens.saturating_sub(1)),
        before.elsewhere - after.elsewhere,
        log(survey.spellings.alike(p).saturating_sub(1).into()),
        f32::from(p.rank),
        first.changed.total - p.changed.total,
        survey.left.of_line(p.line),
        precision,
        support,
        ends(observed),
        ends(intended),
        agreement(&|| line.text.to_owned()),
        agreement(&|| p.put_into(line.text)),
        broken::clearest(knowledge, observed, after_it),
        broken::clearest(knowledge, intended, after_it),
    ];
    row.copy_from_slice(&values);
    row
}

/// Words of one side.
struct Side {
    rarest: f32,
    unknown: f32,
    words: f32,
    odd_case: f32,
    elsewhere: f32,
}

impl Side {
    fn new(knowledge: &Knowledge<'_>, survey: &Survey, text: &str) -> Self {
        let mut side = Self { rarest: 20.0, unknown: 0.0, words: 0.0, odd_case: 0.0, elsewhere: 20.0 };
        for word in words(text) {
            side.words += 1.0;
            let own = words(text).filter(|w| w.text == word.text).count();
            let seen = f64::from(survey.spellings.count(word.text)) - own as f64;
            side.elsewhere = side.elsewhere.min(log(seen.max(0.0)));
            match knowledge.vocabulary.id(&fold_word(word.text)) {
                Some(id) => {
                    side.rarest = side.rarest.min(log(f64::from(knowledge.words.count(id))));
                    let share = knowledge.words.case_share(id, Case::of(word.text));
                    side.odd_case = side.odd_case.max(1.0 - share);
                }
                None => {
                    side.rarest = 0.0;
                    side.unknown += 1.0;
                }
            }
        }
        if side.words == 0.0 {
            (side.rarest, side.elsewhere) = (f32::NAN, f32::NAN);
        }
        side
    }
}

/// Precision (with one deviation's doubt) and log support of the mined rules behind a change: of the least precise of its
/// parts; 0 where a part has none.
fn weakest_rule(knowledge: &Knowledge<'_>, line: &Line<'_>, p: &Proposal) -> (f32, f32) {
    let parts = knowledge.rules.naming_each(line.text, p.span, &p.intended);
    let told = |rule: Option<Rule<'_>>| {
        rule.map_or((0.0, 0.0), |r| (narrow(r.precision_at_least(1.0)), log(f64::from(r.support))))
    };
    parts.into_iter().map(told).min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((0.0, 0.0))
}

/// The least confidence among the recogniser's words that the proposal covers.
fn evidence(line: &Line<'_>, p: &Proposal) -> Option<f32> {
    let given = line.evidence?;
    let covered = tokens(line.text)
        .zip(given)
        .filter(|(t, _)| t.at < p.span.end().max(p.span.start() + 1) && t.at + t.text.len() > p.span.start());
    covered.map(|(_, &c)| c).min_by(f32::total_cmp)
}

fn count(text: &str, which: impl Fn(char) -> bool) -> f32 {
    text.chars().filter(|&c| which(c)).count() as f32
}

fn is_quote(c: char) -> bool {
    matches!(c, '\'' | '"' | '\u{2018}'..='\u{201F}' | '«' | '»' | '`' | '´')
}

pub(super) fn flag(yes: bool) -> f32 {
    if yes { 1.0 } else { 0.0 }
}

fn log(n: f64) -> f32 {
    narrow(ln(1.0 + n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::proposal;
    use crate::rules::Rules;
    use crate::{Learner, Model, Pair};

    #[test]
    fn alone_a_change_has_no_company() {
        let told: Vec<&str> = COMPANY.iter().map(|&at| NAMES[at]).collect();
        let of_others =
            |name: &&str| name.contains("elsewhere") || **name == *"the same act a token of the document";
        assert_eq!(told, NAMES.iter().copied().filter(of_others).collect::<Vec<_>>());
        let mut row = [1.0; COUNT];
        row[COMPANY[0]] = f32::NAN;
        let alone = alone(&row);
        assert!(alone[COMPANY[0]].is_nan() && COMPANY[1..].iter().all(|&at| alone[at] == 0.0));
        assert_eq!(alone.iter().filter(|&&x| x == 1.0).count(), COUNT - COMPANY.len());
    }

    #[test]
    fn a_change_is_as_good_as_the_weakest_rule_behind_it() {
        let rows = [("tbe cat sat", "the cat sat"), ("the mam sat", "the man sat"), ("tbe man", "tbe man")];
        let pairs = (0..60).map(|n| {
            let (observed, intended) = rows[[0, 0, 0, 1, 2, 0][n % 6]];
            let document = format!("d{}", n % 13);
            Pair { observed: observed.into(), intended: intended.into(), document, ..Pair::default() }
        });
        let learner = Learner { pairs: pairs.collect(), ..Learner::default() };
        let model = Model::from_bytes(learner.learn().unwrap().0).unwrap();
        let knowledge = model.knowledge().unwrap();
        let of = |knowledge: &Knowledge<'_>, observed: &str, intended: &str| {
            weakest_rule(knowledge, &Line::new(observed), &proposal(0, observed, observed, intended, 0))
        };
        let (the, man) = (of(&knowledge, "tbe", "the"), of(&knowledge, "mam", "man"));
        // The screen keeps 20 of 40 rows that are alike: 20 of 30 "tbe" were mended, and all of 10 "mam".
        let wilson = |hits, trials| narrow(crate::rules::wilson(hits, trials, 1.0)[0]);
        assert_eq!((the, man), ((wilson(20, 30), log(20.0)), (wilson(10, 10), log(10.0))));
        assert_eq!(of(&knowledge, "tbe mam", "the man"), the);
        assert_eq!(of(&knowledge, "tbe", "toe"), (0.0, 0.0), "no rule says so");
        let none = Knowledge { rules: Rules::default(), ..knowledge };
        assert_eq!(of(&none, "tbe", "the"), (0.0, 0.0));
    }
}
