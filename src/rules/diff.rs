//! Where two short texts differ: shared ends cut off, and the rest step by step.
//!
//! The statistics come from the aligner of `counts`; this is the small ruler by which one edit is looked at.

use std::ops::Range;

use crate::text::graphemes;

/// One grapheme against one, or against nothing; never two equal ones. Bytes of each text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) observed: Range<usize>,
    pub(crate) intended: Range<usize>,
}

/// Bytes that two texts share at the front and, behind that, at the end; whole graphemes.
pub(crate) fn shared_ends(observed: &str, intended: &str) -> (usize, usize) {
    let front: usize = graphemes(observed)
        .zip(graphemes(intended))
        .take_while(|(a, b)| a.1 == b.1)
        .map(|(a, _)| a.1.len())
        .sum();
    let rest = |text: &'_ str| -> Vec<usize> {
        text.get(front..).map(|r| graphemes(r).map(|(_, g)| g.len()).collect()).unwrap_or_default()
    };
    let (a, b) = (rest(observed), rest(intended));
    let mut back = 0;
    for (x, y) in a.iter().rev().zip(b.iter().rev()) {
        let tail = |text: &str| {
            let to = text.len() - back;
            text.get(to - x..to).map(str::to_owned)
        };
        if x != y || tail(observed) != tail(intended) {
            break;
        }
        back += x;
    }
    (front, back)
}

/// Longer differences than this, in graphemes, are not taken apart.
const LONGEST: usize = 96;

/// The steps from `observed` to `intended`: the cheapest alignment, a substitution before a deletion before an
/// insertion where equally cheap. `None` if the difference is too long to be taken apart.
pub(crate) fn steps(observed: &str, intended: &str) -> Option<Vec<Step>> {
    let (front, back) = shared_ends(observed, intended);
    let middle = |text: &'_ str| -> Vec<Range<usize>> {
        let to = text.len() - back;
        let cut = text.get(front..to).unwrap_or("");
        graphemes(cut).map(|(at, g)| front + at..front + at + g.len()).collect()
    };
    let (a, b) = (middle(observed), middle(intended));
    if a.len() > LONGEST || b.len() > LONGEST {
        return None;
    }
    let width = b.len() + 1;
    // table[i * width + j]: the price of the rest from a[i], b[j] on.
    let mut table = vec![0u32; (a.len() + 1) * width];
    let price = |i: usize, j: usize| {
        substitution(
            a.get(i).and_then(|r| observed.get(r.clone())).unwrap_or(""),
            b.get(j).and_then(|r| intended.get(r.clone())).unwrap_or(""),
        )
    };
    for i in (0..=a.len()).rev() {
        for j in (0..=b.len()).rev() {
            let at = |i: usize, j: usize| table.get(i * width + j).copied().unwrap_or(0);
            let mut best = if i == a.len() && j == b.len() { 0 } else { u32::MAX };
            if i < a.len() && j < b.len() {
                best = best.min(price(i, j) + at(i + 1, j + 1));
            }
            if i < a.len() {
                best = best.min(GAP + at(i + 1, j));
            }
            if j < b.len() {
                best = best.min(GAP + at(i, j + 1));
            }
            if let Some(slot) = table.get_mut(i * width + j) {
                *slot = best;
            }
        }
    }
    let at = |i: usize, j: usize| table.get(i * width + j).copied().unwrap_or(0);
    let (mut i, mut j) = (0, 0);
    let mut found = Vec::new();
    while i < a.len() || j < b.len() {
        let from = |ranges: &[Range<usize>], k: usize, end: usize| ranges.get(k).map_or(end, |r| r.start);
        let (here_a, here_b) = (from(&a, i, observed.len() - back), from(&b, j, intended.len() - back));
        if let (Some(x), Some(y)) = (a.get(i), b.get(j))
            && at(i, j) == price(i, j) + at(i + 1, j + 1)
        {
            if price(i, j) > 0 {
                found.push(Step { observed: x.clone(), intended: y.clone() });
            }
            (i, j) = (i + 1, j + 1);
            continue;
        }
        match a.get(i) {
            Some(x) if at(i, j) == GAP + at(i + 1, j) => {
                found.push(Step { observed: x.clone(), intended: here_b..here_b });
                i += 1;
            }
            _ => {
                let y = b.get(j).cloned().unwrap_or(here_b..here_b);
                found.push(Step { observed: here_a..here_a, intended: y });
                j += 1;
            }
        }
    }
    Some(found)
}

const GAP: u32 = 4;

/// Like stands against like (a letter against a letter, a digit against a digit) before it stands against anything
/// else, and nothing stands against a space.
fn substitution(a: &str, b: &str) -> u32 {
    if a == b {
        return 0;
    }
    let class = |g: &str| {
        g.chars().next().map_or(0, |c| match c {
            _ if c.is_whitespace() => 1,
            _ if c.is_numeric() => 2,
            _ if c.is_alphabetic() => 3,
            _ => 4,
        })
    };
    match (class(a), class(b)) {
        (x, y) if x == y => GAP,
        (1, _) | (_, 1) => 2 * GAP + 1,
        _ => GAP + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(observed: &str, intended: &str) -> Vec<(String, String)> {
        let steps = steps(observed, intended).unwrap();
        steps
            .iter()
            .map(|s| (observed[s.observed.clone()].into(), intended[s.intended.clone()].into()))
            .collect()
    }

    #[test]
    fn steps_are_the_differences() {
        for (observed, intended, want) in [
            ("tbe", "the", vec![("b", "h")]),
            ("W0rId", "World", vec![("0", "o"), ("I", "l")]),
            ("cornmon", "common", vec![("r", "m"), ("n", "")]),
            ("same", "same", vec![]),
            ("e\u{301}t", "et", vec![("e\u{301}", "e")]),
        ] {
            let found = shown(observed, intended);
            let found: Vec<_> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            assert_eq!(found, want, "{observed} → {intended}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn taking_the_steps_arrives(a in "[ab1 é]{0,8}", b in "[ab1 é]{0,8}") {
            let mut built = String::new();
            let mut from = 0;
            for step in steps(&a, &b).unwrap() {
                built += &a[from..step.observed.start];
                built += &b[step.intended.clone()];
                from = step.observed.end;
            }
            built += &a[from..];
            prop_assert_eq!(built, b);
        }
    }
}
