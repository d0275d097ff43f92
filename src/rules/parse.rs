//! Reading hand-written rules from TOML.

use std::fmt;

use serde::Deserialize;
use toml::Spanned;

use super::conflict::{self, Conflict};
use super::glob::Glob;
use super::rule::Shown;
use super::set::{Always, Never, Place, Protect, Protected, RuleSet, Stored};

/// Why hand-written rules were refused. Every message names file, line, what is wrong, and what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// The text is not TOML, or holds something that is no rule.
    #[error("{at}: {what}: rules are [[always]], [[never]] and [[protect]] tables with quoted values")]
    Syntax {
        /// Where.
        at: At,
        /// What the reader of TOML says.
        what: String,
    },
    /// A rule that cannot mean anything.
    #[error("{at}: {what}")]
    Meaning {
        /// Where.
        at: At,
        /// What is wrong, and what to do.
        what: String,
    },
    /// Two rules that change a text back and forth.
    #[error(
        "{second_at}: {second} undoes {first} ({first_at}): remove one, or give them contexts that cannot meet"
    )]
    Undo {
        /// One rule, by name.
        first: String,
        /// Where it is written.
        first_at: At,
        /// The other rule.
        second: String,
        /// Where it is written.
        second_at: At,
    },
    /// A rule that changes what another, or itself, has left behind.
    #[error(
        "{second_at}: {second} goes on with what {first} ({first_at}) leaves, so that a text would change each time: \
         write the end result in the first, or give the second a context that does not meet it"
    )]
    Feed {
        /// The rule that acts first.
        first: String,
        /// Where it is written.
        first_at: At,
        /// The rule that goes on.
        second: String,
        /// Where it is written.
        second_at: At,
    },
    /// Two rules that ask for opposite things.
    #[error("{second_at}: {second} contradicts {first} ({first_at}): remove one")]
    Contradiction {
        /// One rule, by name.
        first: String,
        /// Where it is written.
        first_at: At,
        /// The other rule.
        second: String,
        /// Where it is written.
        second_at: At,
    },
}

/// A line of a file, lines counted from 1; line 0: the rule came out of a model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct At {
    /// The file, as it was named to [`RuleSet::parse`].
    pub file: String,
    /// The line.
    pub line: usize,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str("in the model"),
            line => write!(f, "{}:{line}", self.file),
        }
    }
}

impl From<&Place> for At {
    fn from(place: &Place) -> Self {
        Self { file: place.file.clone(), line: place.line }
    }
}

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
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        RuleSet::parse(text, "r.toml")
            .map_or_else(|e| e.to_string(), |r| r.names().collect::<Vec<_>>().join("; "))
    }

    #[test]
    fn rules_are_read() {
        let text = r#"
            [[always]]
            observed = "tbe"
            intended = "the"
            left = "^"
            right = "$"
            note = "h is broken in this type"
            [[always]]
            observed = "m"
            intended = "nn"
            left = "a"
            kind = "name"
            [[never]]
            observed = "Giffard"
            intended = "*"
            [[protect]]
            word = "Acme Ltd"
            [[protect]]
            pattern = "AB-[0-9]*"
        "#;
        assert_eq!(
            said(text),
            "always ^tbe$ → the; always m → nn after a; never Giffard → *; protect Acme Ltd; protect AB-[0-9]*"
        );
        assert_eq!(said(""), "");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, want) in [
            ("[[always]]\nobserved = \"a\"\n", "r.toml:1: missing field `intended`"),
            ("[[always]]\nobserved = a\n", "r.toml:2: "),
            ("\n[[alway]]\nobserved = \"a\"\n", "r.toml:2: unknown field `alway`"),
            (
                "[[always]]\nobserved = \"a\"\nintended = \"a\"",
                "r.toml:2: observed and intended are the same",
            ),
            ("[[always]]\nobserved = \"\"\nintended = \"a\"", "r.toml:2: observed is empty"),
            (
                "[[always]]\nobserved = \"*\"\nintended = \"a\"",
                "r.toml:2: \"*\" means anything only in [[never]]",
            ),
            ("[[never]]\nobserved = \"*\"\nintended = \"*\"", "r.toml:2: this forbids every change"),
            ("[[protect]]\npattern = \"[a\"", "r.toml:2: a [ without its ]"),
            ("[[protect]]\nword = \"a\"\npattern = \"b\"", "r.toml:2: word and pattern in one"),
            ("[[always]]\nobserved = \"a\\nb\"\nintended = \"a\"", "r.toml:2: a line break in a rule"),
            ("[[always]]\nobserved = 3\nintended = \"a\"", "r.toml:2: invalid type: integer `3`"),
        ] {
            let got = said(text);
            assert!(got.starts_with(want), "{text}\ngot  {got}\nwant {want}");
        }
    }

    #[test]
    fn rules_that_fight_are_refused_by_name_and_line() {
        let two = |a: (&str, &str), b: (&str, &str)| {
            format!(
                "[[always]]\nobserved = {:?}\nintended = {:?}\n[[always]]\nobserved = {:?}\nintended = {:?}\n",
                a.0, a.1, b.0, b.1
            )
        };
        for (text, want) in [
            (
                two(("a", "b"), ("b", "a")),
                "r.toml:5: always b → a undoes always a → b (r.toml:2): remove one",
            ),
            (
                two(("a", "b"), ("b", "c")),
                "r.toml:5: always b → c goes on with what always a → b (r.toml:2) leaves",
            ),
            (
                two(("b", "c"), ("a", "b")),
                "r.toml:2: always b → c goes on with what always a → b (r.toml:5) leaves",
            ),
            (two(("a", "b"), ("a", "c")), "r.toml:5: always a → c contradicts always a → b (r.toml:2)"),
            (
                two(("x", "xy"), ("q", "p")),
                "r.toml:2: always x → xy goes on with what always x → xy (r.toml:2) leaves",
            ),
            (
                "[[always]]\nobserved=\"a\"\nintended=\"b\"\n[[never]]\nobserved=\"*\"\nintended=\"b\""
                    .to_owned(),
                "r.toml:5: never * → b contradicts always a → b (r.toml:2)",
            ),
            (
                "[[always]]\nobserved=\"a\"\nintended=\"b\"\n[[protect]]\nword=\"a\"".to_owned(),
                "r.toml:5: protect a contradicts always a → b (r.toml:2)",
            ),
        ] {
            let got = said(&text);
            assert!(got.starts_with(want), "got  {got}\nwant {want}");
        }
        let apart = "[[always]]\nobserved=\"a\"\nintended=\"b\"\nkind=\"x\"\n[[always]]\nobserved=\"b\"\nintended=\"a\"\nkind=\"y\"";
        assert_eq!(said(apart), "always a → b; always b → a");
    }

    #[test]
    fn merging_checks_again_and_keeps_one_of_the_same() {
        let parse = |o: &str, i: &str, file: &str| {
            RuleSet::parse(&format!("[[always]]\nobserved={o:?}\nintended={i:?}"), file).unwrap()
        };
        let both = parse("a", "b", "one").merge(parse("a", "b", "two")).unwrap();
        assert_eq!(both.len(), 1);
        let error = parse("a", "b", "one").merge(parse("b", "a", "two")).unwrap_err();
        assert!(error.to_string().starts_with("two:2: always b → a undoes always a → b (one:2)"), "{error}");
        let stored = RuleSet::from_bytes(&parse("a", "b", "one").to_bytes());
        let error = stored.merge(parse("b", "a", "two")).unwrap_err();
        assert!(error.to_string().contains("always a → b (in the model)"), "{error}");
    }
}
