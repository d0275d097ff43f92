//! What learning did, for people.

use std::fmt;

use super::events::EventsReport;
use super::unlabelled::UnlabelledReport;
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
    /// What became of text that nobody corrected, where there is any.
    pub unlabelled: Option<UnlabelledReport>,
    /// Characters of plain text.
    pub characters: u64,
    /// How many times as much as the text what users left standing counts.
    pub weight: u32,
    /// Share (0–1) of a model of what users left standing alone in the language model.
    pub share: f64,
    /// Documents of which what was left standing did not count as right text, since too much of it looks misread.
    pub unfinished: Vec<String>,
    /// Changes that the guard was trained on.
    pub samples: usize,
    /// The trade between gain and harm, out of fold.
    pub thresholds: Thresholds,
    /// Weights and width of the search, as tuned.
    pub settings: Settings,
    /// What is lost by the size that was asked for, where one was.
    pub pruned: Option<Pruned>,
    /// What pair memory and known entries promise, where they pay.
    pub entries: Option<EntriesReport>,
    /// Most bytes that were asked for.
    pub limit: Option<usize>,
    /// Size of the model file, bytes.
    pub bytes: usize,
}

/// Documents that are named.
const NAMED: usize = 10;

/// Shares of the errors that right proposals would mend, 0–1, in documents that the models never saw.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pruned {
    /// With a model of the size that was asked for.
    pub mended: f64,
    /// With one that nothing was pruned from.
    pub whole: f64,
}

impl fmt::Display for LearnReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "pairs       {}", self.screened)?;
        for substitution in &self.screened.substitutions {
            writeln!(f, "  {substitution}")?;
        }
        if let Some(EventsReport { counted, refused, twins, new, taken_out, sample }) = self.events {
            let shadow = if twins > 0 { format!(", {twins} of models in shadow") } else { String::new() };
            writeln!(
                f,
                "events      {counted} counted, {refused} refused{shadow}; {new} new to the base, {taken_out} taken out of it; tuned on {sample}"
            )?;
        }
        if let Some(UnlabelledReport { lines, changed, helped }) = self.unlabelled {
            write!(f, "unlabelled  {lines} lines read, ")?;
            match helped {
                true => writeln!(f, "{changed} of them otherwise than they stand there")?,
                false => writeln!(f, "not learned from: they make held-out pairs no likelier")?,
            }
        }
        writeln!(
            f,
            "text        {} characters; what was left standing counts {} ×, and alone has a share of {:.2}",
            self.characters, self.weight, self.share
        )?;
        let w = self.settings.weights;
        writeln!(
            f,
            "weights     channel {:.2}, graphemes {:.2}, words {:.2}, edit {:.2}, unknown word {:.2} + {:.2} a letter",
            w.channel, w.grapheme, w.word, w.edit, w.unknown_word, w.unknown_letter
        )?;
        if !self.unfinished.is_empty() {
            let named: Vec<&str> = self.unfinished.iter().map(String::as_str).take(NAMED).collect();
            let more = if self.unfinished.len() > NAMED { ", …" } else { "" };
            writeln!(
                f,
                "unfinished  {} documents, of which what was left standing looks misread too often to count as right: {}{more}",
                self.unfinished.len(),
                named.join(", ")
            )?;
        }
        writeln!(f, "guard       {} proposed changes, out of fold:", self.samples)?;
        let limits = [0.0005, 0.001, 0.002, 0.003, 0.004, 0.005, 0.009, 0.02];
        let home = self.thresholds.home.keys().flat_map(|&source| {
            limits.map(|limit| (format!("home {source}"), limit, self.thresholds.home(source, limit)))
        });
        let short = self.thresholds.short.iter().filter(|(_, points)| !points.is_empty());
        let short = short.flat_map(|(&source, _)| {
            limits.map(|limit| (format!("short {source}"), limit, self.thresholds.short(source, limit)))
        });
        let abroad = self.thresholds.abroad.iter().flat_map(|band| {
            let place = match band.reach {
                reach if reach.is_finite() => format!("abroad, up to {reach:.1} times as strange,"),
                _ => "abroad".to_owned(),
            };
            limits.map(|limit| (place.clone(), limit, band.within(limit)))
        });
        for (place, limit, point) in home.chain(short).chain(abroad) {
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
        write!(f, "model       {} bytes", self.bytes)?;
        if let Some(limit) = self.limit.filter(|&limit| limit < self.bytes) {
            write!(f, ", more than the {limit} asked for: channel, guard, entries and rules are not cut")?;
        }
        if let Some(Pruned { mended, whole }) = self.pruned {
            let (mended, whole) = (100.0 * mended, 100.0 * whole);
            write!(
                f,
                "; right proposals mend {mended:.1} % of the errors of held-out documents, those of a model of any size {whole:.1} %"
            )?;
        }
        Ok(())
    }
}
