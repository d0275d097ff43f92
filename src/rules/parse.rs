//! Reading hand-written rules from TOML.

use serde::Deserialize;
use toml::Spanned;

use super::conflict::{self, Conflict};
use super::error::{At, RuleError};
use super::glob::Glob;
use super::rule::Shown;
use super::set::{Always, Never, Place, Protect, Protected, RuleSet, Stored};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    always: Vec<ChangeWritten>,
    #[serde(default)]
    never: Vec<ChangeWritten>,
    #[serde(default)]
    protect: Vec<ProtectWritten>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeWritten {
    observed: Spanned<String>,
    intended: Spanned<String>,
    left: Option<String>,
    right: Option<String>,
    kind: Option<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProtectWritten {
    word: Option<Spanned<String>>,
    pattern: Option<Spanned<String>>,
    kind: Option<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

impl RuleSet {
    /// Reads rules from TOML; `file` is only for messages.
    ///
    /// ```
    /// let rules = amend::rules::RuleSet::parse(
    ///     r#"
    ///     [[always]]
    ///     observed = "tbe"
    ///     intended = "the"
    ///     left = "^"                 # a word edge; "$" on the right; any other text is meant as it stands
    ///     right = "$"
    ///
    ///     [[never]]
    ///     observed = "Giffard"
    ///     intended = "*"             # whatever it would become
    ///
    ///     [[protect]]
    ///     pattern = "AB-[0-9]*"
    ///     "#,
    ///     "rules.toml",
    /// )?;
    /// let forced = rules.forced("all tbe rest", None);
    /// assert_eq!((forced[0].intended, forced[0].name), ("the", "always ^tbe$ → the"));
    /// # Ok::<(), amend::rules::RuleError>(())
    /// ```
    ///
    /// # Errors
    /// The first thing that is wrong: no TOML, a rule that means nothing, rules that undo, feed or contradict each other.
    pub fn parse(text: &str, file: &str) -> Result<Self, RuleError> {
        let place = |at: usize| Place { file: file.to_owned(), line: line_of(text, at) };
        let written: Written = toml::from_str(text).map_err(|e| RuleError::Syntax {
            at: At::from(&place(e.span().map_or(0, |s| s.start))),
            what: e.message().replace('\n', " "),
        })?;
        let mut stored = Stored::default();
        for rule in written.always {
            stored.always.push(always(&rule, place(rule.observed.span().start))?);
        }
        for rule in written.never {
            stored.never.push(never(&rule, place(rule.observed.span().start))?);
        }
        for rule in written.protect {
            stored.protect.push(protect(&rule, &place)?);
        }
        check(&stored)?;
        Ok(Self::index(stored))
    }

    /// These rules and `more`, the same one kept once.
    ///
    /// # Errors
    /// Rules of the two that undo, feed or contradict each other.
    pub fn merge(self, more: Self) -> Result<Self, RuleError> {
        let mut stored = self.stored;
        for rule in more.stored.always {
            if !stored.always.iter().any(|r| r.name == rule.name && r.kind == rule.kind) {
                stored.always.push(rule);
            }
        }
        for rule in more.stored.never {
            if !stored.never.iter().any(|r| r.name == rule.name && r.kind == rule.kind) {
                stored.never.push(rule);
            }
        }
        for rule in more.stored.protect {
            if !stored.protect.iter().any(|r| r.name == rule.name && r.kind == rule.kind) {
                stored.protect.push(rule);
            }
        }
        check(&stored)?;
        Ok(Self::index(stored))
    }
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|&b| b == b'\n').count()
}

fn wrong(place: &Place, what: &str) -> RuleError {
    RuleError::Meaning { at: At::from(place), what: what.to_owned() }
}

fn always(rule: &ChangeWritten, place: Place) -> Result<Always, RuleError> {
    let (observed, intended) = (rule.observed.get_ref(), rule.intended.get_ref());
    if observed.is_empty() {
        return Err(wrong(
            &place,
            "observed is empty, so it stands everywhere: write a neighbour in both, h → he",
        ));
    }
    if observed == intended {
        return Err(wrong(
            &place,
            "observed and intended are the same: to keep a text as it is, use [[protect]]",
        ));
    }
    if observed == "*" || intended == "*" {
        return Err(wrong(
            &place,
            "\"*\" means anything only in [[never]]: write what is observed and what is intended",
        ));
    }
    one_line(&[observed, intended], &place)?;
    let mut made = Always {
        observed: observed.clone(),
        intended: intended.clone(),
        left: rule.left.clone().filter(|l| !l.is_empty()),
        right: rule.right.clone().filter(|r| !r.is_empty()),
        kind: rule.kind.clone(),
        name: String::new(),
        place,
    };
    made.name = format!("always {}", made.pattern());
    Ok(made)
}

fn never(rule: &ChangeWritten, place: Place) -> Result<Never, RuleError> {
    let (observed, intended) = (rule.observed.get_ref(), rule.intended.get_ref());
    let any = |s: &String| if s == "*" { None } else { Some(s.clone()) };
    if observed == "*" && intended == "*" {
        return Err(wrong(&place, "this forbids every change: name what is observed or what is intended"));
    }
    if observed.is_empty() && intended == "*"
        || observed == "*" && intended.is_empty()
        || observed == intended
    {
        return Err(wrong(&place, "this is no change: write what must not become what; \"*\" is anything"));
    }
    one_line(&[observed, intended], &place)?;
    let edge = |side: &Option<String>, sign: &str| {
        if side.as_deref() == Some(sign) { sign.to_owned() } else { String::new() }
    };
    let beside = |side: &Option<String>, sign: &str, word: &str| match side.as_deref() {
        Some(t) if t != sign && !t.is_empty() => format!(" {word} {}", Shown(t)),
        _ => String::new(),
    };
    let name = format!(
        "never {}{}{} → {}{}{}",
        edge(&rule.left, "^"),
        Shown(observed),
        edge(&rule.right, "$"),
        Shown(intended),
        beside(&rule.left, "^", "after"),
        beside(&rule.right, "$", "before"),
    );
    Ok(Never {
        observed: any(observed),
        intended: any(intended),
        left: rule.left.clone(),
        right: rule.right.clone(),
        kind: rule.kind.clone(),
        name,
        place,
    })
}

fn protect(rule: &ProtectWritten, place: &impl Fn(usize) -> Place) -> Result<Protect, RuleError> {
    let (what, name, at) = match (&rule.word, &rule.pattern) {
        (Some(word), None) => {
            let at = place(word.span().start);
            let word = word.get_ref();
            if word.trim() != word || word.is_empty() {
                return Err(wrong(
                    &at,
                    "a protected word is empty, or has space around it: write the word alone",
                ));
            }
            one_line(&[word], &at)?;
            (Protected::Word(word.clone()), format!("protect {word}"), at)
        }
        (None, Some(pattern)) => {
            let at = place(pattern.span().start);
            let pattern = pattern.get_ref();
            Glob::parse(pattern).map_err(|what| wrong(&at, what))?;
            if pattern.contains(char::is_whitespace) {
                return Err(wrong(
                    &at,
                    "a pattern is held against single tokens, so it has no space: use word = \"…\"",
                ));
            }
            (Protected::Pattern(pattern.clone()), format!("protect {pattern}"), at)
        }
        (Some(both), Some(_)) => {
            return Err(wrong(&place(both.span().start), "word and pattern in one [[protect]]: write two"));
        }
        (None, None) => {
            return Err(wrong(
                &place(0),
                "a [[protect]] without word and pattern: write word = \"…\" or pattern = \"…\"",
            ));
        }
    };
    Ok(Protect { what, kind: rule.kind.clone(), name, place: at })
}

fn one_line(texts: &[&String], place: &Place) -> Result<(), RuleError> {
    if texts.iter().any(|t| t.contains(['\n', '\r'])) {
        return Err(wrong(
            place,
            "a line break in a rule: lines are corrected one by one, so write it for one line",
        ));
    }
    Ok(())
}

/// Refuses rules that undo, feed or contradict each other.
fn check(stored: &Stored) -> Result<(), RuleError> {
    for (i, a) in stored.always.iter().enumerate() {
        if conflict::feeds(&a.pattern(), &a.pattern()) {
            return Err(feed(a, a));
        }
        for b in stored.always.iter().skip(i + 1).filter(|b| meet(&a.kind, &b.kind)) {
            let (p, q) = (a.pattern(), b.pattern());
            match conflict::between(&p, &q) {
                Some((Conflict::Undo, ..)) => {
                    let (first, first_at) = (a.name.clone(), At::from(&a.place));
                    return Err(RuleError::Undo {
                        first,
                        first_at,
                        second: b.name.clone(),
                        second_at: At::from(&b.place),
                    });
                }
                Some((Conflict::Feed, first, _)) => {
                    return Err(if *first == p { feed(a, b) } else { feed(b, a) });
                }
                None => {}
            }
            if p.observed == q.observed && p.left == q.left && p.right == q.right && p.intended != q.intended
            {
                return Err(contradiction((&a.name, &a.place), (&b.name, &b.place)));
            }
        }
        for n in stored.never.iter().filter(|n| meet(&a.kind, &n.kind)) {
            let from = n.observed.as_ref().is_none_or(|o| *o == a.observed);
            let to = n.intended.as_ref().is_none_or(|i| *i == a.intended);
            if from
                && to
                && (n.left.is_none() || n.left == a.left)
                && (n.right.is_none() || n.right == a.right)
            {
                return Err(contradiction((&a.name, &a.place), (&n.name, &n.place)));
            }
        }
        for p in stored.protect.iter().filter(|p| meet(&a.kind, &p.kind)) {
            if p.what == Protected::Word(a.observed.clone()) {
                return Err(contradiction((&a.name, &a.place), (&p.name, &p.place)));
            }
        }
    }
    Ok(())
}

fn meet(a: &Option<String>, b: &Option<String>) -> bool {
    a.is_none() || b.is_none() || a == b
}

fn feed(first: &Always, second: &Always) -> RuleError {
    RuleError::Feed {
        first: first.name.clone(),
        first_at: At::from(&first.place),
        second: second.name.clone(),
        second_at: At::from(&second.place),
    }
}

fn contradiction(first: (&str, &Place), second: (&str, &Place)) -> RuleError {
    RuleError::Contradiction {
        first: first.0.to_owned(),
        first_at: At::from(first.1),
        second: second.0.to_owned(),
        second_at: At::from(second.1),
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
