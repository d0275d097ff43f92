//! What changed, in a sentence.

use serde::Serialize;

use super::compare::{Measure, Moved};
use super::sums::Test;

/// What a change seems to come of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Other things are misread than before: a new recogniser, other settings, another print.
    Recogniser,
    /// Words and language are others.
    Text,
    /// The same things are misread, but more or less often.
    Noise,
}

/// So many confusions are named.
const NAMED: usize = 2;

/// The cause, and the sentence.
pub(super) fn sentence(measures: &[Measure], moved: &[Moved], alarm: bool) -> (Option<Cause>, String) {
    if !alarm {
        return (None, "no more change than between documents learned from".to_owned());
    }
    let changed = |which: &dyn Fn(Test) -> bool| measures.iter().any(|m| m.changed && which(m.test));
    let of_text = |test| matches!(test, Test::Unknown | Test::Perplexity);
    let text = changed(&of_text);
    let more = changed(&|test| test == Test::Proposals);
    // More noise is more of the same; noise makes words unknown, too, and new words are proposed to be changed.
    let cause = if changed(&|test| matches!(test, Test::Mix | Test::Confusion(_))) {
        Cause::Recogniser
    } else if text {
        Cause::Text
    } else {
        Cause::Noise
    };
    let mut facts: Vec<String> = Vec::new();
    let plain = |wanted: &dyn Fn(Test) -> bool| {
        let mut found: Vec<&Measure> = measures.iter().filter(|m| m.changed && wanted(m.test)).collect();
        found.sort_by(|a, b| b.deviations.abs().total_cmp(&a.deviations.abs()));
        found.into_iter().map(told).collect::<Vec<String>>()
    };
    let confusions = || {
        moved.iter().take(NAMED).map(|m| {
            let name = |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("`{text}`") };
            let (from, to) = (rounded(m.reference), rounded(m.here));
            let way = if m.here < m.reference { "fell" } else { "rose" };
            format!("{}→{} {way} from {from} to {to} per 1,000 words", name(&m.observed), name(&m.intended))
        })
    };
    let head = match cause {
        Cause::Recogniser => {
            facts.extend(confusions());
            facts.extend(plain(&|test| test == Test::Proposals || of_text(test)));
            if text { "likely a new recogniser, or another kind of text" } else { "likely a new recogniser" }
        }
        Cause::Text => {
            facts.extend(plain(&|test| test == Test::Proposals || of_text(test)));
            if more { "likely a new kind of text, or other noise" } else { "likely a new kind of text" }
        }
        Cause::Noise => {
            facts.extend(plain(&|_| true));
            let fewer = measures.iter().any(|m| m.changed && m.deviations < 0.0);
            if fewer { "less seems misread" } else { "more seems misread" }
        }
    };
    if facts.is_empty() {
        facts = plain(&|_| true);
    }
    (Some(cause), format!("{head}: {}", facts.join(", ")))
}

fn told(measure: &Measure) -> String {
    let way = if measure.here < measure.reference { "fell" } else { "rose" };
    let (from, to) = (rounded(measure.reference), rounded(measure.here));
    format!("{} {way} from {from} to {to} {}", measure.name, measure.unit)
}

/// Two digits that matter at least.
pub(super) fn rounded(value: f64) -> String {
    if value != 0.0 && value.abs() < 1.0 { format!("{value:.2}") } else { format!("{value:.1}") }
}
