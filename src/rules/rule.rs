//! A substitution pattern with its context, and a mined rule: a pattern with its counts.

use std::fmt;

/// What must stand beside a pattern.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side<'a> {
    /// Anything.
    #[default]
    Any,
    /// No letter or digit: the edge of a word, or of the text.
    Edge,
    /// This text.
    Text(&'a str),
}

impl<'a> Side<'a> {
    /// The side as rule files write it: nothing, `edge` (`^` or `$`), or the text itself.
    pub(crate) fn read(written: Option<&'a str>, edge: &str) -> Self {
        match written {
            None | Some("") => Self::Any,
            Some(w) if w == edge => Self::Edge,
            Some(w) => Self::Text(w),
        }
    }

    /// Whether `before`, the text up to a pattern, ends as this side asks.
    pub(crate) fn ends(self, before: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Edge => !before.chars().next_back().is_some_and(in_word),
            Self::Text(t) => before.ends_with(t),
        }
    }

    /// Whether `after`, the text behind a pattern, begins as this side asks.
    pub(crate) fn begins(self, after: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Edge => !after.chars().next().is_some_and(in_word),
            Self::Text(t) => after.starts_with(t),
        }
    }

    /// How many letters the side fixes (an edge counts as one).
    pub(crate) fn weight(self) -> usize {
        match self {
            Self::Any => 0,
            Self::Edge => 1,
            Self::Text(t) => crate::text::graphemes(t).count(),
        }
    }
}

/// Letters and digits of any script, and the marks that sit on them: what a word edge is an edge of.
pub(crate) fn in_word(c: char) -> bool {
    match c {
        _ if c.is_ascii() => c.is_ascii_alphanumeric(),
        '\u{300}'..='\u{36F}' | '\u{3099}' | '\u{309A}' => true,
        _ => c.is_alphanumeric(),
    }
}

/// A change in a context: where `observed` stands between `left` and `right`, `intended` is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern<'a> {
    /// What stands there; empty for an insertion.
    pub observed: &'a str,
    /// What is meant; empty for a deletion.
    pub intended: &'a str,
    /// What stands before it.
    pub left: Side<'a>,
    /// What stands behind it.
    pub right: Side<'a>,
}

impl Pattern<'_> {
    /// Whether the pattern stands in `text` at byte `at`.
    pub(crate) fn stands(&self, text: &str, at: usize) -> bool {
        text.split_at_checked(at).is_some_and(|(before, rest)| {
            rest.strip_prefix(self.observed)
                .is_some_and(|after| self.left.ends(before) && self.right.begins(after))
        })
    }

    /// How many graphemes and edges the pattern fixes: the more, the more specific.
    pub fn specificity(&self) -> usize {
        crate::text::graphemes(self.observed).count() + self.left.weight() + self.right.weight()
    }

    /// The context alone: "after a before $", "anywhere".
    pub(crate) fn context(&self) -> String {
        let mut said = Vec::new();
        for (word, side, edge) in [("after", self.left, "^"), ("before", self.right, "$")] {
            match side {
                Side::Any => {}
                Side::Edge => said.push(format!("{word} {edge}")),
                Side::Text(t) => said.push(format!("{word} {}", Shown(t))),
            }
        }
        if said.is_empty() { "anywhere".to_owned() } else { said.join(" ") }
    }
}

/// `m → nn`, `m → nn after a`, `^tbe$ → the`.
impl fmt::Display for Pattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let edge = |side, sign| if side == Side::Edge { sign } else { "" };
        let (left, right) = (edge(self.left, "^"), edge(self.right, "$"));
        write!(f, "{left}{}{right} → {}", Shown(self.observed), Shown(self.intended))?;
        if let Side::Text(t) = self.left {
            write!(f, " after {}", Shown(t))?;
        }
        if let Side::Text(t) = self.right {
            write!(f, " before {}", Shown(t))?;
        }
        Ok(())
    }
}

/// Text that may be empty or blank, made visible: nothing as `∅`, a space as `␣`, other blanks escaped.
pub(crate) struct Shown<'a>(pub(crate) &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("∅");
        }
        self.0.chars().try_for_each(|c| match c {
            ' ' => f.write_str("␣"),
            c if c.is_whitespace() || c.is_control() => write!(f, "{}", c.escape_unicode()),
            c => write!(f, "{c}"),
        })
    }
}

/// A mined pattern with what was counted of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule<'a> {
    /// The pattern.
    pub pattern: Pattern<'a>,
    /// How many times users changed it so.
    pub support: u32,
    /// How many times it stood in the observed texts, changed or not; at least `support`.
    pub occurrences: u32,
    /// A word in which it was seen: as observed, and as intended.
    pub example: (&'a str, &'a str),
}

impl Rule<'_> {
    /// Share of the occurrences that were changed so, 0–1.
    pub fn precision(&self) -> f64 {
        if self.occurrences == 0 {
            return 0.0;
        }
        f64::from(self.support.min(self.occurrences)) / f64::from(self.occurrences)
    }

    /// Lower bound of the precision, 0–1; see [`wilson`].
    pub fn precision_at_least(&self, z: f64) -> f64 {
        wilson(self.support.into(), self.occurrences.into(), z)[0]
    }
}

impl fmt::Display for Rule<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pattern.fmt(f)
    }
}

/// Normal deviations within which 95 % lie.
pub const CERTAIN: f64 = 1.959_963_984_540_054;

/// The score interval of a share of `hits` in `trials` at `z` standard deviations (1.96: 95 %), 0–1
/// (Wilson 1927, "Probable inference, the law of succession, and statistical inference"):
/// (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n). Of nothing seen nothing is known: 0–1.
///
/// ```
/// let [low, high] = amend::rules::wilson(8, 10, 1.96);
/// assert!((low - 0.4902).abs() < 1e-4 && (high - 0.9433).abs() < 1e-4);
/// ```
pub fn wilson(hits: u64, trials: u64, z: f64) -> [f64; 2] {
    if trials == 0 {
        return [0.0, 1.0];
    }
    let (n, z2) = (trials as f64, z * z);
    let p = hits.min(trials) as f64 / n;
    let middle = p + z2 / (2.0 * n);
    let half = z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    [((middle - half) / (1.0 + z2 / n)).max(0.0), ((middle + half) / (1.0 + z2 / n)).min(1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern<'a>(observed: &'a str, intended: &'a str, left: Side<'a>, right: Side<'a>) -> Pattern<'a> {
        Pattern { observed, intended, left, right }
    }

    #[test]
    fn patterns_say_what_they_do() {
        use Side::{Any, Edge, Text};
        for (p, want, context) in [
            (pattern("m", "nn", Any, Any), "m → nn", "anywhere"),
            (pattern("m", "nn", Text("a"), Any), "m → nn after a", "after a"),
            (pattern("tbe", "the", Edge, Edge), "^tbe$ → the", "after ^ before $"),
            (pattern("", "e", Text("h"), Text(" ")), "∅ → e after h before ␣", "after h before ␣"),
            (pattern(" ", "", Any, Edge), "␣$ → ∅", "before $"),
        ] {
            assert_eq!((p.to_string().as_str(), p.context().as_str()), (want, context));
        }
    }

    #[test]
    fn contexts_hold_where_they_should() {
        let p = pattern("m", "nn", Side::Text("a"), Side::Edge);
        for (text, at, want) in
            [("am", 1, true), ("am.", 1, true), ("om", 1, false), ("ame", 1, false), ("ém", 2, false)]
        {
            assert_eq!(p.stands(text, at), want, "{text}");
        }
        assert!(!p.stands("éam", 1), "not on a character boundary");
    }

    #[test]
    fn the_bound_is_wilsons() {
        // By hand, n = 10, p = .8, z = 2: (.8 + .2 ∓ 2·√(.016 + .01)) / 1.4 = (1 ∓ .322490) / 1.4.
        let cases = [
            ((8, 10, 2.0), [0.483_935, 0.944_636]),
            ((0, 10, 2.0), [0.0, 0.285_714]),
            ((5, 10, 2.0), [0.232_738, 0.767_262]),
            ((10, 10, 2.0), [0.714_286, 1.0]),
            ((5, 0, 2.0), [0.0, 1.0]),
            // Newcombe 1998, method 3, gives the same form.
            ((1, 10, 1.959_964), [0.017_876, 0.404_150]),
            ((10, 100, 1.959_964), [0.055_229, 0.174_367]),
        ];
        for ((hits, trials, z), want) in cases {
            let got = wilson(hits, trials, z);
            let near = got.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-5);
            assert!(near, "{hits} of {trials}: {got:?}");
        }
    }
}
