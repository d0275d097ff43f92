//! Mined rules: the pairs' differences as changes of the observed text, handed to the miner.

use crate::corpus::Pair;
use crate::counts::{Difference, differences};
use crate::rules::{Change, Miner, Mining};
use crate::text::{Span, graphemes};

/// The section of mined rules. `turned_down` has observed texts and what was proposed for them in vain: the words that
/// would have been changed stood there, and were let stand by somebody who looked at them. They count once more against every
/// rule that would change them.
pub(super) fn mined<'p>(
    pairs: impl Iterator<Item = &'p Pair> + Clone,
    turned_down: &[(&str, &str)],
) -> Vec<u8> {
    let mut miner = Miner::new(Mining::default());
    for pair in pairs.clone() {
        let changes = text_changes(&pair.observed, &pair.intended);
        let changes: Vec<Change<'_>> =
            changes.iter().map(|(span, intended)| Change { span: *span, intended }).collect();
        miner.pair(&pair.observed, &pair.document, &changes);
    }
    let mut counting = miner.counting();
    pairs.for_each(|p| counting.text(&p.observed));
    for (observed, proposed) in turned_down {
        words_changed(observed, proposed).into_iter().for_each(|words| counting.text(words));
    }
    counting.rules().0.bytes().to_vec()
}

/// The words of `observed` that `proposed` changes; each change with all words that it touches.
fn words_changed<'o>(observed: &'o str, proposed: &str) -> Vec<&'o str> {
    let changed = |(span, _): (Span, String)| {
        let before = observed.get(..span.start())?;
        let start = before.char_indices().rev().find(|(_, c)| c.is_whitespace());
        let start = start.map_or(0, |(at, c)| at + c.len_utf8());
        let end = observed.get(span.end()..)?.find(char::is_whitespace);
        observed.get(start..end.map_or(observed.len(), |at| span.end() + at))
    };
    let mut found: Vec<&str> = text_changes(observed, proposed).into_iter().filter_map(changed).collect();
    // Of two changes in a word, the word once.
    found.dedup_by_key(|words| words.as_ptr());
    found
}

/// Where the sides of a pair differ, as spans of the observed text with what is meant there.
fn text_changes(observed: &str, intended: &str) -> Vec<(Span, String)> {
    let o: Vec<(usize, &str)> = graphemes(observed).collect();
    let i: Vec<(usize, &str)> = graphemes(intended).collect();
    let found = differences(
        &o.iter().map(|g| g.1).collect::<Vec<_>>(),
        &i.iter().map(|g| g.1).collect::<Vec<_>>(),
        |g| g.chars().all(char::is_whitespace),
    );
    let byte = |side: &[(usize, &str)], at: usize, end: usize| side.get(at).map_or(end, |g| g.0);
    let span = |d: &Difference| {
        let span = Span::new(
            observed,
            byte(&o, d.observed.start, observed.len()),
            byte(&o, d.observed.end, observed.len()),
        )?;
        let text = intended
            .get(byte(&i, d.intended.start, intended.len())..byte(&i, d.intended.end, intended.len()))?;
        Some((span, text.to_owned()))
    };
    found.iter().filter_map(span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rules;

    #[test]
    fn the_words_that_a_proposal_changes() {
        let cases: [(&str, &str, &[&str]); 5] = [
            ("in the modem age", "in the modern age", &["modem"]),
            ("modem", "modern", &["modem"]),
            ("a  tbe  tbis b", "a  the  this b", &["tbe", "tbis"]),
            ("of the re port", "of the report", &["re port"]),
            ("same", "same", &[]),
        ];
        for (observed, proposed, want) in cases {
            assert_eq!(words_changed(observed, proposed), want, "{observed} → {proposed}");
        }
    }

    #[test]
    fn what_is_turned_down_counts_against_the_rule() {
        let pair = |observed: &str, intended: &str, document: String| Pair {
            observed: observed.into(),
            intended: intended.into(),
            document,
            ..Pair::default()
        };
        let mut pairs: Vec<Pair> = (0..8).map(|n| pair("tbe cat", "the cat", n.to_string())).collect();
        pairs.push(pair("tbe cat", "tbe cat", "x".into()));
        let precision = |turned_down: &[(&str, &str)]| {
            let bytes = mined(pairs.iter(), turned_down);
            let rules = Rules::new(bytes.as_slice());
            let rule = rules.naming("tbe", Span::new("tbe", 1, 2)?, "h")?;
            Some((rule.support, rule.occurrences))
        };
        assert_eq!(precision(&[]), Some((8, 9)));
        assert_eq!(precision(&[("tbe cat", "the cat")]), Some((8, 10)));
    }
}
