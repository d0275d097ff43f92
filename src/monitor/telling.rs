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
    let farthest = |which: &dyn Fn(Test) -> bool| {
        measures.iter().filter(|m| m.changed && which(m.test)).map(|m| m.deviations.abs()).fold(0.0, f64::max)
    };
    let text = farthest(&|test| matches!(test, Test::Unknown | Test::Perplexity));
    let mix = farthest(&|test| matches!(test, Test::Mix | Test::Confusion(_) | Test::Kind(_)));
    // New words are proposed to be changed, too: the mix has to stand out by itself.
    let cause = if mix > 0.0 && mix >= text {
        Cause::Recogniser
    } else if text > 0.0 {
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
    let of_text = |test| matches!(test, Test::Unknown | Test::Perplexity);
    let head = match cause {
        Cause::Recogniser => {
            facts.extend(confusions());
            facts.extend(plain(&|test| test == Test::Proposals));
            "likely a new recogniser"
        }
        Cause::Text => {
            facts.extend(plain(&of_text));
            facts.extend(plain(&|test| test == Test::Proposals));
            "likely a new kind of text"
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
