//! Rules that undo or feed each other.
//!
//! Rule a feeds b if what a leaves behind may be what b changes: after both, the text would go on changing each time
//! it is corrected. If b feeds a as well, they undo each other. "May be": where a rule says nothing of a side, anything
//! can stand there.

use std::collections::BTreeMap;

use super::rule::{Pattern, Rule, Side, in_word};

/// How two rules stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conflict {
    /// Each changes what the other leaves behind.
    Undo,
    /// The second changes what the first leaves behind.
    Feed,
}

/// The conflict between two rules of the same place, if there is one, with the rule that acts first.
pub(crate) fn between<'a, 'p>(
    a: &'a Pattern<'p>,
    b: &'a Pattern<'p>,
) -> Option<(Conflict, &'a Pattern<'p>, &'a Pattern<'p>)> {
    match (feeds(a, b), feeds(b, a)) {
        (true, true) => Some((Conflict::Undo, a, b)),
        (true, false) => Some((Conflict::Feed, a, b)),
        (false, true) => Some((Conflict::Feed, b, a)),
        (false, false) => None,
    }
}

/// Whether what `a` leaves behind may hold what `b` changes. A rule may feed itself (`a → aa`).
pub(crate) fn feeds(a: &Pattern<'_>, b: &Pattern<'_>) -> bool {
    let left = text(a.left);
    let after = format!("{left}{}{}", a.intended, text(a.right));
    let region = left.len()..left.len() + a.intended.len();
    let places = after.char_indices().map(|(at, _)| at).chain([after.len()]);
    places.filter(|&at| after.get(at..).is_some_and(|rest| rest.starts_with(b.observed))).any(|from| {
        let to = from + b.observed.len();
        let touches = match (b.observed.is_empty(), region.is_empty()) {
            // There is a gap everywhere; only what a has taken out can be put in again because of a.
            (true, empty) => empty && b.intended == a.observed && from == region.start,
            (false, true) => from < region.start && region.end < to,
            (false, false) => from < region.end && region.start < to,
        };
        touches && may_end(&after[..from], a.left, b.left) && may_begin(&after[to..], a.right, b.right)
    })
}

fn text(side: Side<'_>) -> &str {
    match side {
        Side::Text(t) => t,
        _ => "",
    }
}

/// Whether a text that ends with `known`, behind whatever `beyond` allows, may end as `wanted`.
fn may_end(known: &str, beyond: Side<'_>, wanted: Side<'_>) -> bool {
    match wanted {
        Side::Any => true,
        Side::Edge => known.chars().next_back().is_none_or(|c| !in_word(c)),
        Side::Text(t) if t.len() <= known.len() => known.ends_with(t),
        Side::Text(t) => t
            .strip_suffix(known)
            .is_some_and(|rest| beyond != Side::Edge || rest.chars().next_back().is_none_or(|c| !in_word(c))),
    }
}

/// Whether a text that begins with `known`, before whatever `beyond` allows, may begin as `wanted`.
fn may_begin(known: &str, beyond: Side<'_>, wanted: Side<'_>) -> bool {
    match wanted {
        Side::Any => true,
        Side::Edge => known.chars().next().is_none_or(|c| !in_word(c)),
        Side::Text(t) if t.len() <= known.len() => known.starts_with(t),
        Side::Text(t) => t
            .strip_prefix(known)
            .is_some_and(|rest| beyond != Side::Edge || rest.chars().next().is_none_or(|c| !in_word(c))),
    }
}

/// How many mined rules gave way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dropped {
    pub(crate) undone: u64,
    pub(crate) fed: u64,
}

/// Mined rules without those that conflict with a stronger one. Only rules that are right at least every second time
/// can conflict: the others back an edit, but would never be followed blindly. Stronger is what has more precision,
/// then more support, then comes first by its pattern.
pub(crate) fn without_weaker(mut rules: Vec<Rule<'_>>) -> (Vec<Rule<'_>>, Dropped) {
    let precise = |a: &Rule<'_>, b: &Rule<'_>| u64::from(a.support) * u64::from(b.occurrences);
    rules.sort_by(|a, b| precise(b, a).cmp(&precise(a, b)).then(b.support.cmp(&a.support)).then(a.cmp(b)));
    let mut dropped = Dropped::default();
    let mut kept: Vec<Rule<'_>> = Vec::with_capacity(rules.len());
    // Kept rules that may conflict, by what they change, and by each piece of what they leave behind.
    let mut by_observed: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut by_piece: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for rule in rules {
        if u64::from(rule.support) * 2 < u64::from(rule.occurrences) {
            kept.push(rule);
            continue;
        }
        let pieces = pieces(&rule.pattern);
        let mut near: Vec<usize> =
            pieces.iter().filter_map(|p| by_observed.get(p.as_str())).flatten().copied().collect();
        near.extend(by_piece.get(rule.pattern.observed).into_iter().flatten());
        near.sort_unstable();
        near.dedup();
        let conflict = near
            .iter()
            .filter_map(|&i| kept.get(i))
            .find_map(|k| between(&k.pattern, &rule.pattern).map(|c| c.0));
        match conflict {
            Some(Conflict::Undo) => dropped.undone += 1,
            Some(Conflict::Feed) => dropped.fed += 1,
            None => {
                by_observed.entry(rule.pattern.observed).or_default().push(kept.len());
                for piece in pieces {
                    by_piece.entry(piece).or_default().push(kept.len());
                }
                kept.push(rule);
            }
        }
    }
    (kept, dropped)
}

/// Every piece of what a rule leaves behind, its context with it; the empty one too.
fn pieces(pattern: &Pattern<'_>) -> Vec<String> {
    let after = format!("{}{}{}", text(pattern.left), pattern.intended, text(pattern.right));
    let cuts: Vec<usize> = after.char_indices().map(|(at, _)| at).chain([after.len()]).collect();
    let mut pieces: Vec<String> = vec![String::new()];
    for (i, &from) in cuts.iter().enumerate() {
        pieces.extend(cuts.iter().skip(i + 1).filter_map(|&to| after.get(from..to)).map(str::to_owned));
    }
    pieces.sort_unstable();
    pieces.dedup();
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use Side::{Any, Edge, Text};

    fn p<'a>(observed: &'a str, intended: &'a str, left: Side<'a>, right: Side<'a>) -> Pattern<'a> {
        Pattern { observed, intended, left, right }
    }

    #[test]
    fn conflicts_are_found_where_contexts_meet() {
        use Conflict::{Feed, Undo};
        let cases = [
            (p("a", "b", Any, Any), p("b", "a", Any, Any), Some(Undo)),
            (p("a", "b", Any, Any), p("b", "a", Edge, Any), Some(Undo)),
            (p("a", "b", Text("x"), Any), p("b", "a", Edge, Any), None),
            (p("a", "b", Text("x"), Any), p("b", "a", Text("y"), Any), None),
            (p("a", "b", Text("x"), Any), p("b", "c", Text("wx"), Any), Some(Feed)),
            (p("m", "nn", Any, Any), p("n", "u", Any, Any), Some(Feed)),
            (p("n", "u", Any, Any), p("m", "nn", Any, Any), Some(Feed)),
            (p("m", "nn", Any, Any), p("li", "h", Any, Any), None),
            (p("m", "nn", Any, Any), p("nnn", "x", Any, Any), None),
            // A word inside another word is no edge.
            (p("tbe", "the", Edge, Edge), p("he", "be", Edge, Edge), None),
            (p("tbe", "the", Edge, Edge), p("he", "be", Any, Edge), Some(Feed)),
            // A deletion joins its neighbours.
            (p("-", "", Text("a"), Text("b")), p("ab", "c", Any, Any), Some(Feed)),
            (p("-", "", Text("a"), Text("b")), p("a", "c", Any, Any), None),
            // What is deleted, and put in again.
            (p("h", "", Any, Any), p("", "h", Any, Any), Some(Undo)),
            (p("-", "", Any, Any), p("", "e", Any, Text("n")), None),
            // Context that a rule keeps is no prey of it, but what touches its output is.
            (p("a", "b", Any, Text("z")), p("z", "y", Any, Any), None),
            (p("a", "b", Any, Text("z")), p("bz", "y", Any, Any), Some(Feed)),
        ];
        for (a, b, want) in cases {
            assert_eq!(between(&a, &b).map(|c| c.0), want, "{a} | {b}");
        }
        assert!(feeds(&p("a", "aa", Any, Any), &p("a", "aa", Any, Any)));
    }

    #[test]
    fn the_weaker_of_two_mined_rules_goes() {
        let rule = |pattern, support, occurrences| Rule { pattern, support, occurrences, example: ("", "") };
        let rules = vec![
            rule(p("a", "b", Any, Any), 6, 10),
            rule(p("b", "a", Any, Any), 9, 10),
            rule(p("m", "nn", Any, Any), 8, 10),
            rule(p("n", "u", Any, Any), 7, 10),
            // Not even right every second time: it only backs, and may stay.
            rule(p("u", "n", Any, Any), 4, 10),
        ];
        let (kept, dropped) = without_weaker(rules);
        assert_eq!(dropped, Dropped { undone: 1, fed: 1 });
        assert_eq!(kept.iter().map(ToString::to_string).collect::<Vec<_>>(), ["b → a", "m → nn", "u → n"]);
    }
}
