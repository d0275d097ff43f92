//! A correction as text, JSON or a patch.

use serde::Serialize;

use super::args::Emit;
use super::error::CliError;
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
}

impl Corrected<'_> {
    /// Writes it to `sink`; colours are for patches only.
    pub(super) fn emit(&self, emit: Emit, colour: bool, sink: &mut Sink<'_>) -> Result<(), CliError> {
        match emit {
            Emit::Text => self.text(sink),
            Emit::Json => self.json(sink),
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
            let edits = fixed.edits().iter().map(|edit| JsonEdit::new(observed, edit)).collect();
            let line = JsonLine { text: fixed.text(), observed, edits };
            sink(&serde_json::to_string(&line).map_err(CliError::library)?)?;
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
struct JsonEdit<'a> {
    start: usize,
    end: usize,
    observed: &'a str,
    intended: &'a str,
    confidence: f32,
    by: String,
    alternatives: Vec<JsonAlternative<'a>>,
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
            alternatives: edit
                .alternatives
                .iter()
                .map(|a| JsonAlternative { intended: &a.intended, confidence: a.confidence })
                .collect(),
        }
    }
}
