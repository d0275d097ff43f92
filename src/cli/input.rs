//! What is to be corrected, as it was given.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::args::Format;
use super::error::CliError;
use super::print::Printer;
use crate::corpus::{
    CorpusError, Ending, Line, Lines, Pair, Rows, documents, json_fault, read_text, read_text_from,
};

/// Where an input comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Standard,
    File(PathBuf),
}

impl Source {
    /// `-` is standard input.
    pub(super) fn new(path: &Path) -> Self {
        if path == Path::new("-") { Self::Standard } else { Self::File(path.to_owned()) }
    }

    /// Its name in messages.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Standard => "standard input".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// All of it, as text.
    pub(super) fn text(&self, printer: &mut Printer) -> Result<String, CorpusError> {
        match self {
            Self::Standard => read_text_from(printer.input(), &self.name()),
            Self::File(path) => read_text(path),
        }
    }

    fn rows(&self, printer: &mut Printer) -> Result<Vec<Pair>, CorpusError> {
        match self {
            Self::Standard => observed(Rows::new(BufReader::new(printer.input()), &self.name())),
            Self::File(path) => observed(Rows::open(path)?),
        }
    }

    /// What `auto` means for it.
    fn format(&self, printer: &mut Printer) -> Result<Format, CorpusError> {
        let Self::File(path) = self else { return Ok(Format::Text) };
        Ok(match path.extension().and_then(|e| e.to_str()) {
            Some("jsonl" | "ndjson") => Format::Jsonl,
            Some("tsv") => {
                let text = self.text(printer)?;
                let two = Lines::new(&text).next().is_some_and(|line| line.text.contains('\t'));
                if two { Format::Rows } else { Format::Text }
            }
            _ => Format::Text,
        })
    }
}

/// The observed side; the intended one is not even kept.
fn observed(
    rows: impl Iterator<Item = Result<crate::corpus::Row, CorpusError>>,
) -> Result<Vec<Pair>, CorpusError> {
    rows.map(|row| row.map(|row| Pair { intended: String::new(), ..row.pair })).collect()
}

/// The texts of an input. Plain text is kept as one piece; it is some copies of a large file less.
#[derive(Debug)]
pub(super) enum Input {
    Text(String),
    Records(Vec<Record>),
}

impl Input {
    /// Reads all of `source`.
    pub(super) fn read(source: &Source, format: Format, printer: &mut Printer) -> Result<Self, CliError> {
        let format = if format == Format::Auto { source.format(printer)? } else { format };
        Ok(match format {
            Format::Rows => Self::Records(source.rows(printer)?.into_iter().map(Record::from).collect()),
            Format::Jsonl => Self::Records(records(&source.text(printer)?, &source.name())?),
            Format::Text | Format::Auto => Self::Text(source.text(printer)?),
        })
    }

    /// What stands before the first text and belongs to none: a byte order mark.
    pub(super) fn mark(&self) -> &str {
        match self {
            Self::Text(text) => Lines::new(text).mark(),
            Self::Records(_) => "",
        }
    }

    /// The texts in order, each with how its line ended; `field` is their kind where they have none.
    pub(super) fn texts<'a>(&'a self, field: Option<&'a str>) -> Vec<(Line<'a>, Ending)> {
        match self {
            Self::Text(text) => Lines::new(text)
                .map(|line| (Line { kind: field, ..Line::new(line.text) }, line.ending))
                .collect(),
            Self::Records(records) => records
                .iter()
                .map(|record| Line::from(&record.pair))
                .map(|line| (Line { kind: line.kind.or(field), ..line }, Ending::Lf))
                .collect(),
        }
    }

    /// What is known of each text, in order; nothing of plain text.
    pub(super) fn records(&self) -> &[Record] {
        match self {
            Self::Text(_) => &[],
            Self::Records(records) => records,
        }
    }

    /// Which texts were read together, by their positions.
    pub(super) fn documents(&self) -> Vec<Vec<usize>> {
        match self {
            Self::Text(text) => vec![(0..Lines::new(text).count()).collect()],
            Self::Records(records) => documents(records.iter().map(|r| r.pair.document.as_str())),
        }
    }
}

/// A text with what is known of it; its intended side is empty.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) pair: Pair,
    pub(super) about: About,
}

impl From<Pair> for Record {
    fn from(pair: Pair) -> Self {
        Self { pair, about: About::default() }
    }
}

/// What an object says of an event beside its text; not read, but handed on.
#[derive(Clone, Debug, Default)]
pub(super) struct About {
    pub(super) id: Option<Value>,
    pub(super) time: Option<Value>,
    pub(super) user: Option<Value>,
    pub(super) recogniser: Option<Value>,
    pub(super) final_text: Option<Value>,
}

/// A text as an object of JSON. What this program writes can be read again: of text and observed, observed is
/// the one to correct.
#[derive(Deserialize)]
struct JsonRecord {
    text: Option<String>,
    observed: Option<String>,
    document: Option<String>,
    kind: Option<String>,
    evidence: Option<Vec<f32>>,
    id: Option<Value>,
    time: Option<Value>,
    user: Option<Value>,
    recogniser: Option<Value>,
    #[serde(rename = "final")]
    final_text: Option<Value>,
}

fn records(text: &str, file: &str) -> Result<Vec<Record>, CliError> {
    let record = |(at, line): (usize, crate::corpus::PlainLine<'_>)| {
        let record: JsonRecord = serde_json::from_str(line.text).map_err(|e| {
            let (what, column) = json_fault(line.text, &e);
            CliError::Json { what, file: file.to_owned(), line: at + 1, column }
        })?;
        let unfit = |what, todo| CliError::Unfit { what, file: file.to_owned(), line: at + 1, todo };
        let observed = record.observed.or(record.text);
        let observed = observed.ok_or_else(|| unfit("no text", "give it as \"text\" or \"observed\""))?;
        if let Some(evidence) = &record.evidence {
            let right = evidence.len() == observed.split_whitespace().count()
                && evidence.iter().all(|number| (0.0..=100.0).contains(number));
            if !right {
                return Err(unfit("evidence does not fit", "give a number from 0 to 100 for each word"));
            }
        }
        let document = record.document.unwrap_or_default();
        let kind = record.kind.filter(|k| !k.is_empty());
        let pair = Pair { observed, document, kind, evidence: record.evidence.clone(), ..Pair::default() };
        let JsonRecord { id, time, user, recogniser, final_text, .. } = record;
        Ok(Record { pair, about: About { id, time, user, recogniser, final_text } })
    };
    Lines::new(text).enumerate().map(record).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_objects_with_a_text() {
        let good = concat!(
            "{\"text\":\"a\\nb\",\"document\":\"d\",\"kind\":\"name\",\"evidence\":[1,2.5],\"more\":[]}\r\n",
            "{\"text\":\"corrected\",\"observed\":\"as read\"}\n",
        );
        let found = records(good, "x.jsonl").expect("two records");
        let found: Vec<Pair> = found.into_iter().map(|record| record.pair).collect();
        assert_eq!((found[0].observed.as_str(), found[0].kind.as_deref()), ("a\nb", Some("name")));
        assert_eq!((found[0].document.as_str(), found[1].observed.as_str()), ("d", "as read"));
        let bad = [
            ("{}\n{\"text\":", "no text, in x.jsonl, line 1"),
            (
                "{\"text\":\"a\"}\n{\"text\":3}",
                "invalid type: integer `3`, expected a string, in x.jsonl, line 2",
            ),
            ("{\"text\":\"a\"}\n\n", "an empty line, in x.jsonl, line 2"),
            ("{\"text\":\"a b\",\"evidence\":[1]}", "evidence does not fit, in x.jsonl, line 1"),
            ("{\"text\":\"a\",\"evidence\":[101]}", "evidence does not fit, in x.jsonl, line 1"),
        ];
        for (text, want) in bad {
            let error = records(text, "x.jsonl").expect_err("a bad record").to_string();
            assert!(error.contains(want), "{error}\nlacks {want}");
        }
    }
}
