//! Mined rules: the pairs' differences as changes of the observed text, handed to the miner.

use crate::corpus::Pair;
use crate::counts::{Difference, differences};
use crate::rules::{Change, Miner, Mining};
use crate::text::{Span, graphemes};

/// The section of mined rules.
pub(super) fn mined(pairs: &[Pair]) -> Vec<u8> {
    let mut miner = Miner::new(Mining::default());
    for pair in pairs {
        let changes = text_changes(&pair.observed, &pair.intended);
        let changes: Vec<Change<'_>> =
            changes.iter().map(|(span, intended)| Change { span: *span, intended }).collect();
        miner.pair(&pair.observed, &pair.document, &changes);
    }
    let mut counting = miner.counting();
    pairs.iter().for_each(|p| counting.text(&p.observed));
    counting.rules().0.bytes().to_vec()
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
