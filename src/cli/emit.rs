//! A correction as text, JSON or a patch.

use serde::Serialize;
use serde_json::Value;

use super::args::Emit;
use super::error::CliError;
use super::input::Record;
use crate::corpus::{Ending, Line};
use crate::correct::{Correction, Edit};

/// Takes the pieces of an output, in order.
pub(super) type Sink<'a> = dyn FnMut(&str) -> Result<(), CliError> + 'a;

/// One input with its corrections.
pub(super) struct Corrected<'a> {
    /// The input's name.
    pub(super) name: &'a str,
    /// What stands before the first line.
    pub(super) mark: &'a str,
    pub(super) texts: &'a [(Line<'a>, Ending)],
    /// One a text.
    pub(super) corrections: &'a [Correction],
    /// One a text, or none.
    pub(super) records: &'a [Record],
    /// The id of the model.
    pub(super) model: &'a str,
    /// Whether somebody sees the corrections.
    pub(super) shown: bool,
}

impl Corrected<'_> {
    /// Writes it to `sink`; colours are for patches only.
    pub(super) fn emit(&self, emit: Emit, colour: bool, sink: &mut Sink<'_>) -> Result<(), CliError> {
        match emit {
            Emit::Text => self.text(sink),
            Emit::Json => self.json(sink),
            Emit::Events => self.events(sink),
            Emit::Diff => self.diff(colour, sink),
        }
    }

    fn lines(&self) -> impl Iterator<Item = (&str, Ending, &Correction)> {
        self.texts.iter().zip(self.corrections).map(|((line, ending), fixed)| (line.text, *ending, fixed))
    }

    fn text(&self, sink: &mut Sink<'_>) -> Result<(), CliError> {
        sink(self.mark)?;
        for (_, ending, fixed) in self.lines() {
            sink(fixed.text())?;
            sink(ending.as_str())?;
        }
        Ok(())
    }

    fn json(&self, sink: &mut Sink<'_>) -> Result<(), CliError> {
        for (observed, _, fixed) in self.lines() {
            let edits = fixed.edits().iter().map(|edit| JsonEdit::new(observed, edit).with(edit)).collect();
            let line = JsonLine { text: fixed.text(), observed, edits };
            sink(&serde_json::to_string(&line).map_err(CliError::library)?)?;
            sink("\n")?;
        }
        Ok(())
    }

    /// What [`Event::from_json`](crate::feedback::Event::from_json) reads, but for a final text where the input has none.
    fn events(&self, sink: &mut Sink<'_>) -> Result<(), CliError> {
        for (at, ((line, _), fixed)) in self.texts.iter().zip(self.corrections).enumerate() {
            let record = self.records.get(at);
            let about = record.map(|record| record.about.clone()).unwrap_or_default();
            let event = JsonEvent {
                // The event of what was shown has the name; a shadow's gets one of its own.
                id: about.id.filter(|_| self.shown),
                time: about.time,
                user: about.user,
                document: record.map(|record| record.pair.document.as_str()).filter(|name| !name.is_empty()),
                kind: line.kind,
                observed: line.text,
                proposed: fixed.text(),
                shown: self.shown,
                model: self.model,
                edits: fixed.edits().iter().map(|edit| JsonEdit::new(line.text, edit)).collect(),
                final_text: about.final_text,
                recogniser: about.recogniser,
                evidence: line.evidence,
            };
            sink(&serde_json::to_string(&event).map_err(CliError::library)?)?;
            sink("\n")?;
        }
        Ok(())
    }

    /// A unified diff without context, which `patch` takes.
    fn diff(&self, colour: bool, sink: &mut Sink<'_>) -> Result<(), CliError> {
        let paint = |code: &'static str| if colour { code } else { "" };
        let mut headed = false;
        for (at, (observed, ending, fixed)) in self.lines().enumerate() {
            if observed == fixed.text() {
                continue;
            }
            if !headed {
                let (bold, plain) = (paint("\x1b[1m"), paint("\x1b[0m"));
                sink(&format!("{bold}--- {0}{plain}\n{bold}+++ {0}{plain}\n", self.name))?;
                headed = true;
            }
            let mark = if at == 0 { self.mark } else { "" };
            let line = at + 1;
            sink(&format!("{}@@ -{line} +{line} @@{}\n", paint("\x1b[36m"), paint("\x1b[0m")))?;
            for (sign, code, text) in [('-', "\x1b[31m", observed), ('+', "\x1b[32m", fixed.text())] {
                sink(&format!("{}{sign}{mark}{text}{}", paint(code), paint("\x1b[0m")))?;
                sink(match ending {
                    Ending::None => "\n\\ No newline at end of file\n",
                    _ => ending.as_str(),
                })?;
            }
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct JsonLine<'a> {
    text: &'a str,
    observed: &'a str,
    edits: Vec<JsonEdit<'a>>,
}

#[derive(Serialize)]
struct JsonEvent<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    observed: &'a str,
    proposed: &'a str,
    shown: bool,
    model: &'a str,
    edits: Vec<JsonEdit<'a>>,
    #[serde(rename = "final", skip_serializing_if = "Option::is_none")]
    final_text: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recogniser: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<&'a [f32]>,
}

#[derive(Serialize)]
struct JsonEdit<'a> {
    start: usize,
    end: usize,
    observed: &'a str,
    intended: &'a str,
    confidence: f32,
    by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    alternatives: Option<Vec<JsonAlternative<'a>>>,
}

#[derive(Serialize)]
struct JsonAlternative<'a> {
    intended: &'a str,
    confidence: f32,
}

impl<'a> JsonEdit<'a> {
    fn new(observed: &'a str, edit: &'a Edit) -> Self {
        let (start, end) = (edit.span.start(), edit.span.end());
        Self {
            start,
            end,
            observed: observed.get(start..end).unwrap_or(""),
            intended: &edit.intended,
            confidence: edit.confidence,
            by: edit.by.to_string(),
            alternatives: None,
        }
    }

    fn with(self, edit: &'a Edit) -> Self {
        let alternatives = edit.alternatives.iter();
        let alternatives =
            alternatives.map(|a| JsonAlternative { intended: &a.intended, confidence: a.confidence });
        Self { alternatives: Some(alternatives.collect()), ..self }
    }
}
