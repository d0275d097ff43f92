//! What people make of what is proposed to them.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use super::mined::{Missed, missed};
use crate::corpus::{Line, documents};
use crate::counts::{Difference, differences};
use crate::feedback::{Event, Outcome, Proposal, ProposedEdit};
use crate::rules::{CERTAIN, wilson};
use crate::text::graphemes;

/// What people made of a window of events.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Acceptance {
    /// All events.
    pub events: u64,
    /// Those with a proposal that was shown.
    pub shown: u64,
    /// Those with a proposal shown that changes something; kept: it stands as it was proposed.
    pub proposals: Share,
    /// Single changes shown; kept: what was to stand there does.
    pub edits: Share,
    /// What the model expected of them: the mean of their confidences, 0–1.
    pub expected: Option<f64>,
    /// Whether people keep less than the model expects, by more than chance.
    pub alarm: bool,
    /// That in a sentence.
    pub sentence: String,
    /// What users correct again and again and nobody proposed, stretch by stretch: the next thing to learn.
    pub missed: Vec<Missed>,
    /// The same, word by word.
    pub missed_words: Vec<Missed>,
    /// The paths whose changes people turn down more often than not, for certain; the surest first.
    pub rejected: Vec<Path>,
    /// Every rule and path, by falling number of changes, then by name.
    pub paths: Vec<Path>,
}

/// A rule or path and what became of its changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Path {
    /// Its name, as in [`ProposedEdit::by`].
    pub by: String,
    /// Changes of it that were shown.
    #[serde(flatten)]
    pub share: Share,
    /// The mean of their confidences, 0–1.
    pub expected: f64,
    /// The first change of it that was turned down: observed, intended.
    pub turned_down: Option<[String; 2]>,
}

/// So many kept of so many, with bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Share {
    /// Kept.
    pub kept: u64,
    /// Of so many.
    pub all: u64,
    /// The 95 % bounds of the share, 0–1 ([`wilson`]).
    pub bounds: [f64; 2],
}

impl Share {
    /// So many of so many.
    pub fn new(kept: u64, all: u64) -> Self {
        Self { kept, all, bounds: wilson(kept, all, CERTAIN) }
    }

    /// The share, 0–1; of nothing there is none.
    pub fn share(&self) -> Option<f64> {
        (self.all > 0).then(|| self.kept as f64 / self.all as f64)
    }
}

/// A path whose acceptance is surely below this does more harm than good.
const WELCOME: f64 = 0.5;
/// Acceptance is too low when it is so many deviations (one in two thousand by chance) below what is expected,
const TOO_FAR: f64 = 3.29;
/// and by so much,
const SHORTFALL: f64 = 0.1;
/// in so many documents at least.
const DOCUMENTS: usize = 20;

/// What people made of these events. What was not shown neither earns nor loses.
///
/// ```
/// use amend::feedback::{Event, Proposal};
/// let event = |proposed: &str| Event {
///     observed: "tbe cat".to_owned(),
///     proposed: Some(Proposal { text: proposed.to_owned(), shown: true, ..Proposal::default() }),
///     final_text: "the cat".to_owned(),
///     ..Event::default()
/// };
/// let acceptance = amend::monitor::judge_online(&[event("the cat"), event("tube cat")]);
/// assert_eq!((acceptance.proposals.kept, acceptance.proposals.all), (1, 2));
/// ```
pub fn judge_online(events: &[Event]) -> Acceptance {
    let mut found = Acceptance { events: events.len() as u64, ..Acceptance::default() };
    let (mut proposals, mut edits, mut confidences) = ([0; 2], [0; 2], 0.0);
    let mut paths: BTreeMap<&str, OfPath> = BTreeMap::new();
    // Of each document, how many more were kept than expected.
    let mut residuals = Vec::new();
    for group in documents(events.iter().map(|e| e.document.as_str())) {
        let (mut residual, mut any) = (0.0, false);
        for event in group.iter().filter_map(|&at| events.get(at)) {
            let Some(proposal) = event.proposed.as_ref().filter(|p| p.shown) else { continue };
            found.shown += 1;
            if proposal.text == event.observed {
                continue;
            }
            count(&mut proposals, event.outcome() == Outcome::Accepted);
            for (edit, kept) in proposal.edits.iter().zip(stand(event, proposal)) {
                count(&mut edits, kept);
                let confidence = f64::from(edit.confidence);
                confidences += confidence;
                (residual, any) = (residual + f64::from(u8::from(kept)) - confidence, true);
                let path = paths.entry(&edit.by).or_default();
                count(&mut path.kept, kept);
                path.confidences += confidence;
                if !kept && path.turned_down.is_none() {
                    path.turned_down = Some([edit.observed.clone(), edit.intended.clone()]);
                }
            }
        }
        if any {
            residuals.push(residual);
        }
    }
    found.proposals = Share::new(proposals[0], proposals[1]);
    found.edits = Share::new(edits[0], edits[1]);
    found.expected = (edits[1] > 0).then(|| confidences / edits[1] as f64);
    found.paths = paths
        .into_iter()
        .map(|(by, OfPath { kept: [kept, all], confidences, turned_down })| Path {
            by: by.to_owned(),
            share: Share::new(kept, all),
            expected: confidences / all as f64,
            turned_down,
        })
        .collect();
    found.paths.sort_by_key(|path| std::cmp::Reverse(path.share.all));
    found.rejected = found.paths.iter().filter(|path| path.share.bounds[1] < WELCOME).cloned().collect();
    found.rejected.sort_by(|a, b| a.share.bounds[1].total_cmp(&b.share.bounds[1]));
    (found.missed, found.missed_words) = missed(events);
    found.alarm = too_low(&residuals, edits[1]);
    found.sentence = sentence(&found);
    found
}

/// What became of the changes of one path: kept and all, their confidences together, the first that was turned down.
#[derive(Default)]
struct OfPath {
    kept: [u64; 2],
    confidences: f64,
    turned_down: Option<[String; 2]>,
}

fn count(sums: &mut [u64; 2], kept: bool) {
    *sums = [sums[0] + u64::from(kept), sums[1] + 1];
}

/// Whether changes are kept less often than expected: the sum of what each document has more than expected, by its deviation;
/// what is read together stands and falls together (Liang & Zeger 1986).
fn too_low(residuals: &[f64], edits: u64) -> bool {
    let (sum, squares) = residuals.iter().fold((0.0, 0.0), |(sum, squares), r| (sum + r, squares + r * r));
    residuals.len() >= DOCUMENTS && sum < -TOO_FAR * squares.sqrt() && sum < -SHORTFALL * edits as f64
}

fn sentence(found: &Acceptance) -> String {
    let (Some(share), Some(expected)) = (found.edits.share(), found.expected) else {
        return "no changes were shown".to_owned();
    };
    let [low, high] = found.edits.bounds.map(|b| 100.0 * b);
    let than = if found.alarm { "fewer than" } else { "where" };
    format!(
        "{:.1} % of {} changes were kept ({low:.1}–{high:.1}), {than} the model expected {:.1} %",
        100.0 * share,
        found.edits.all,
        100.0 * expected
    )
}

/// Whether what each of the changes was to put stands in the final text, at its place. The final text is laid beside the
/// proposed one: who rewrites what stands behind a change keeps the change.
fn stand(event: &Event, proposal: &Proposal) -> Vec<bool> {
    let (proposed, text) = (proposal.text.as_str(), event.final_text.as_str());
    if text == proposed || text == event.observed {
        return vec![text == proposed; proposal.edits.len()];
    }
    let split = |text| graphemes(text).collect::<Vec<(usize, &str)>>();
    let (from, to) = (split(proposed), split(text));
    let plain = |side: &[(usize, &'_ str)]| side.iter().map(|g| g.1.to_owned()).collect::<Vec<String>>();
    let found = differences(&plain(&from), &plain(&to), |g| g.chars().all(char::is_whitespace));
    let number = |byte: usize| from.partition_point(|(at, _)| *at < byte);
    // Behind the changes before it, a place of the observed text is as much farther on as they put more than they took.
    let (mut put, mut taken) = (0, 0);
    let place = |edit: &ProposedEdit| {
        let start = (edit.start + put).saturating_sub(taken);
        (put, taken) = (put + edit.intended.len(), taken + edit.end.saturating_sub(edit.start));
        number(start)..number(start + edit.intended.len())
    };
    let places: Vec<Range<usize>> = proposal.edits.iter().map(place).collect();
    let stands = |(edit, place): (&ProposedEdit, Range<usize>)| {
        is_there(&to, from.len(), &found, place, &edit.intended)
    };
    proposal.edits.iter().zip(places).map(stands).collect()
}

/// Whether a place of a text of so many graphemes reads so after these differences.
fn is_there(
    to: &[(usize, &str)],
    graphemes_before: usize,
    found: &[Difference],
    Range { start, end }: Range<usize>,
    intended: &str,
) -> bool {
    // What was put in just before or just behind may belong to the place, or not; where nothing is to stand, both or neither.
    let ways = [(false, false), (true, true), (false, true), (true, false)];
    ways.iter().take(if start < end { 4 } else { 2 }).any(|&(before, behind)| {
        let is_at = |d: &Difference, place: usize| d.observed.is_empty() && d.observed.start == place;
        let first = found.iter().find(|d| start < d.observed.end || (before && is_at(d, start)));
        let last = found.iter().rfind(|d| d.observed.start < end || (behind && is_at(d, end)));
        let begin = match first {
            Some(d) if d.observed.start <= start => d.intended.start,
            Some(d) => d.intended.start.saturating_sub(d.observed.start - start),
            None => to.len().saturating_sub(graphemes_before.saturating_sub(start)),
        };
        let finish = match last {
            Some(d) if end <= d.observed.end => d.intended.end,
            Some(d) => d.intended.end + (end - d.observed.end),
            None => end,
        };
        to.get(begin..finish)
            .is_some_and(|place| place.iter().map(|g| g.1).eq(graphemes(intended).map(|g| g.1)))
    })
}

/// The observed texts of events, document by document.
pub fn observed_documents(events: &[Event]) -> Vec<Vec<Line<'_>>> {
    let groups = documents(events.iter().map(|e| e.document.as_str()));
    let lines = |group: Vec<usize>| {
        let own = group.into_iter().filter_map(|at| events.get(at));
        own.map(|e| Line { text: &e.observed, kind: e.kind.as_deref(), evidence: e.evidence.as_deref() })
            .collect()
    };
    groups.into_iter().map(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(observed: &str, edits: &[(&str, &str, &str)], final_text: &str) -> Event {
        let mut text = observed.to_owned();
        let edits: Vec<ProposedEdit> = edits
            .iter()
            .map(|&(from, to, by)| {
                let start = observed.find(from).expect("it stands there");
                text = text.replacen(from, to, 1);
                let end = start + from.len();
                let (observed, intended, by) = (from.to_owned(), to.to_owned(), by.to_owned());
                ProposedEdit { start, end, observed, intended, confidence: 0.8, by }
            })
            .collect();
        let proposed = Some(Proposal { text, shown: true, model: None, edits });
        let (observed, final_text) = (observed.to_owned(), final_text.to_owned());
        Event { observed, proposed, final_text, ..Event::default() }
    }

    #[test]
    fn a_change_is_kept_where_it_stands() {
        let both = [("tbe", "the", "a"), ("rnan", "man", "b")];
        let cases = [
            ("the man saw", [true, true]),
            ("tbe rnan saw", [false, false]),
            ("the rnan saw", [true, false]),
            ("tbe man saw", [false, true]),
            ("the men saw", [true, false]),
            ("the man was seen", [true, true]),
            ("Oh, the man saw", [true, true]),
            ("the fat man saw", [true, true]),
            ("", [false, false]),
        ];
        for (text, want) in cases {
            let event = event("tbe rnan saw", &both, text);
            let proposal = event.proposed.as_ref().expect("one");
            assert_eq!(stand(&event, proposal), want, "{text:?}");
        }
    }

    #[test]
    fn what_was_taken_out_and_put_back_is_not_kept() {
        let of = |text: &str| {
            let event = event("the ~man saw", &[("~", "", "a"), ("saw", "sees", "b")], text);
            stand(&event, event.proposed.as_ref().expect("one"))
        };
        assert_eq!(of("the ~man sees"), [false, true]);
        assert_eq!(of("the man saw"), [true, false]);
        assert_eq!(of("the men sees"), [true, true]);
    }

    #[test]
    fn paths_are_judged_by_what_stands() {
        let good = event("tbe", &[("tbe", "the", "rule b → h")], "the");
        let bad = event("burn", &[("burn", "bum", "rule rn → m")], "burn");
        let mut unseen = bad.clone();
        unseen.proposed.as_mut().expect("one").shown = false;
        let events: Vec<Event> =
            [vec![good; 30], vec![bad; 10], vec![unseen; 50], vec![event("a", &[], "a"); 5]].concat();
        let found = judge_online(&events);
        assert_eq!((found.events, found.shown), (95, 45));
        assert_eq!((found.edits.kept, found.edits.all), (30, 40));
        assert_eq!((found.proposals.kept, found.proposals.all), (30, 40));
        assert!((found.expected.expect("there are") - 0.8).abs() < 1e-6);
        let paths: Vec<_> = found.paths.iter().map(|p| (p.by.as_str(), p.share.kept, p.share.all)).collect();
        assert_eq!(paths, [("rule b → h", 30, 30), ("rule rn → m", 0, 10)]);
        let rejected: Vec<_> =
            found.rejected.iter().map(|p| (p.by.as_str(), p.turned_down.clone())).collect();
        assert_eq!(rejected, [("rule rn → m", Some(["burn".to_owned(), "bum".to_owned()]))]);
        assert!(!found.alarm, "75 % of 80: {}", found.sentence);
    }

    #[test]
    fn people_who_keep_less_than_expected_are_heard() {
        // 20 documents with each one kept too few of 0.8: −.8 · 20 against 3.29 √(20 · .64) = 11.77.
        assert!(too_low(&[-0.8; 20], 20));
        assert!(!too_low(&[-0.8; 19], 19), "too few documents");
        assert!(!too_low(&[-0.8; 20], 200), "eight of a hundred are not worth it");
        // As many in one document: −16 against 3.29 · 16.
        let mut one = vec![0.0; 20];
        one[0] = -16.0;
        assert!(!too_low(&one, 36));
    }
}
