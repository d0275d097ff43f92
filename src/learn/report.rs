//! What learning did, for people.

use std::fmt;

use super::events::EventsReport;
use crate::corpus::Tally;
use crate::entries::EntriesReport;
use crate::guard::{Kind, Thresholds};
use crate::model::Settings;

/// What learning did.
#[derive(Clone, Debug, Default)]
pub struct LearnReport {
    /// What was screened out, by reason.
    pub screened: Tally,
    /// What counting the feedback events took, where there are any.
    pub events: Option<EventsReport>,
    /// Characters of plain text.
    pub characters: u64,
    /// How many times as much as the text what users left standing counts.
    pub weight: u32,
    /// Changes that the guard was trained on.
    pub samples: usize,
    /// The trade between gain and harm, out of fold.
    pub thresholds: Thresholds,
    /// Weights and width of the search, as tuned.
    pub settings: Settings,
    /// What pair memory and known entries promise, where they pay.
    pub entries: Option<EntriesReport>,
    /// Size of the model file, bytes.
    pub bytes: usize,
}

impl fmt::Display for LearnReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "pairs       {}", self.screened)?;
        for substitution in &self.screened.substitutions {
            writeln!(f, "  {substitution}")?;
        }
        if let Some(EventsReport { counted, refused, new, taken_out, sample }) = self.events {
            writeln!(
                f,
                "events      {counted} counted, {refused} refused; {new} new to the base, {taken_out} taken out of it; tuned on {sample}"
            )?;
        }
        writeln!(
            f,
            "text        {} characters; what was left standing counts {} ×",
            self.characters, self.weight
        )?;
        let w = self.settings.weights;
        writeln!(
            f,
            "weights     channel {:.2}, graphemes {:.2}, words {:.2}, edit {:.2}, unknown word {:.2} + {:.2} a letter",
            w.channel, w.grapheme, w.word, w.edit, w.unknown_word, w.unknown_letter
        )?;
        writeln!(f, "guard       {} proposed changes, out of fold:", self.samples)?;
        let limits = [0.0005, 0.001, 0.002, 0.003, 0.004, 0.005, 0.009, 0.02];
        let home = self.thresholds.home.keys().flat_map(|&source| {
            limits.map(|limit| (format!("home {source}"), limit, self.thresholds.home(source, limit)))
        });
        let abroad = limits.map(|limit| ("abroad".to_owned(), limit, self.thresholds.abroad(limit)));
        for (place, limit, point) in home.chain(abroad) {
            write!(
                f,
                "  {place} harm at most {:.2} %: errors {:+.1} %, harm {:.2} %;",
                100.0 * limit,
                -100.0 * point.gain,
                100.0 * point.harm
            )?;
            for kind in Kind::ALL {
                let threshold = point.thresholds[kind.index()];
                if threshold <= 1.0 {
                    write!(f, " {} {threshold:.2}", kind.name())?;
                }
            }
            writeln!(f)?;
        }
        if let Some(e) = &self.entries {
            let (repaired, wrong, broken, right) = (e.repaired, e.wrong, e.broken, e.right);
            writeln!(
                f,
                "entries     {repaired} of {wrong} wrong fields mended, {broken} of {right} right ones broken, out of fold"
            )?;
        }
        write!(f, "model       {} bytes", self.bytes)
    }
}
