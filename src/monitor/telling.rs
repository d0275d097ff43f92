//! What changed, in a sentence.

use serde::Serialize;

use super::compare::{Measure, Moved};
use super::sums::Test;

/// What changed, as far as figures tell. They do not tell why: misreadings make words unknown and language odd, and new words
/// are proposed to be changed. In 40 orders of the documents of four real changes of the recogniser all were noticed, and the first
/// alarm told of the misreadings 45 times, of the language 54 times, of their number 61 times (`examples/drift.rs`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// Other things are misread than before: most likely a new recogniser, other settings, another print.
    Misreadings,
    /// Words are unknown, or graphemes unlikely, more often or less: a new kind of text, or a recogniser that misreads more.
    Language,
    /// As far as can be seen the same things are misread, but more or less often.
    Amount,
}

/// So many confusions are named.
const NAMED: usize = 2;

/// What changed, and the sentence.
pub(super) fn sentence(measures: &[Measure], moved: &[Moved], alarm: bool) -> (Option<Changed>, String) {
    if !alarm {
        return (None, "no more change than between documents learned from".to_owned());
    }
    let changed = |which: &dyn Fn(Test) -> bool| measures.iter().any(|m| m.changed && which(m.test));
    let of_text = |test| matches!(test, Test::Unknown | Test::Perplexity);
    let text = changed(&of_text);
    let what = if changed(&|test| matches!(test, Test::Mix | Test::Confusion(_))) {
        Changed::Misreadings
    } else if text {
        Changed::Language
    } else {
        Changed::Amount
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
    let head = match what {
        Changed::Misreadings => {
            facts.extend(confusions());
            facts.extend(plain(&|test| test == Test::Proposals || of_text(test)));
            if text { "likely a new recogniser, or another kind of text" } else { "likely a new recogniser" }
        }
        Changed::Language => {
            facts.extend(plain(&|test| test == Test::Proposals || of_text(test)));
            "likely a new kind of text, or a new recogniser"
        }
        Changed::Amount => {
            facts.extend(plain(&|_| true));
            let fewer = measures.iter().any(|m| m.changed && m.deviations < 0.0);
            if fewer { "less seems misread" } else { "more seems misread" }
        }
    };
    if facts.is_empty() {
        facts = plain(&|_| true);
    }
    (Some(what), format!("{head}: {}", facts.join(", ")))
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
