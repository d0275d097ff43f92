//! `amend augment`.

use std::io::Read;
use std::path::PathBuf;

use serde::Serialize;

use super::args::{Augment, EmitPairs};
use super::engine::Engine;
use super::error::{CliError, Status};
use super::input::Source;
use super::print::Printer;
use super::with_threads;
use crate::augment::{Document, Made, Noise, Sample};
use crate::corpus::{Rows, open, paragraphs};

/// Rows of a document.
const ROWS: usize = 20;
/// Bytes of text that are made noisy at a time; how much noise makes the error rate is measured on the first.
const PIECE: usize = 1 << 20;

pub(super) fn run(args: &Augment, engine: &dyn Engine, printer: &mut Printer) -> Result<Status, CliError> {
    let noise = engine.noise(args.model.clone())?;
    let standard = [PathBuf::from("-")];
    let files = if args.files.is_empty() { standard.as_slice() } else { args.files.as_slice() };
    let mut maker = Maker { noise, args, amount: None, made: 0, waiting: Vec::new(), bytes: 0 };
    let mut chosen = Chosen::new(args)?;
    for (number, file) in (1..).zip(files) {
        let source = Source::new(file);
        let reader: Box<dyn Read> = match &source {
            Source::Standard => printer.take_input(),
            Source::File(path) => Box::new(open(path)?),
        };
        // Documents of two inputs never have one name.
        let name = number.to_string();
        let (mut text, mut done) = (String::new(), Ok(()));
        let mut document = Document { id: format!("{name}/1"), lines: Vec::new() };
        let mut documents = 1;
        paragraphs(reader, &source.name(), |paragraph| {
            if chosen.is_some() {
                text.push_str(paragraph);
                text.push('\n');
                return;
            }
            document.lines.push(paragraph.replace('\t', " "));
            if document.lines.len() == ROWS && done.is_ok() {
                documents += 1;
                let next = Document { id: format!("{name}/{documents}"), lines: Vec::new() };
                done = maker.take(std::mem::replace(&mut document, next), printer);
            }
        })?;
        done?;
        match &mut chosen {
            Some(chosen) => chosen.documents.extend(chosen.sample.cut(&name, &text, args.seed)),
            None => maker.take(document, printer)?,
        }
    }
    if let Some(Chosen { sample, documents }) = chosen {
        for document in sample.choose(documents, args.rows.unwrap_or(sample.rows()), args.seed) {
            maker.take(document, printer)?;
        }
    }
    maker.make(printer)?;
    printer.flush()?;
    if maker.made == 0 {
        let what = if args.like.is_some() {
            "the text, or what it is to be like, is empty"
        } else {
            "the text is empty"
        };
        return Err(CliError::Library(format!("no pair could be made: {what}; give right text")));
    }
    Ok(Status::Done)
}

/// Documents of which some are to be chosen.
struct Chosen {
    sample: Sample,
    documents: Vec<Document>,
}

impl Chosen {
    fn new(args: &Augment) -> Result<Option<Self>, CliError> {
        let Some(path) = &args.like else { return Ok(None) };
        let pairs = Rows::open(path)?.map(|row| row.map(|row| row.pair)).collect::<Result<Vec<_>, _>>()?;
        Ok(Some(Self { sample: Sample::of(&pairs), documents: Vec::new() }))
    }
}

/// Makes documents noisy, a piece at a time.
struct Maker<'a> {
    noise: Noise,
    args: &'a Augment,
    amount: Option<f64>,
    /// Documents made so far.
    made: usize,
    waiting: Vec<Document>,
    bytes: usize,
}

impl Maker<'_> {
    fn take(&mut self, document: Document, printer: &mut Printer) -> Result<(), CliError> {
        if document.lines.is_empty() {
            return Ok(());
        }
        self.bytes += document.lines.iter().map(String::len).sum::<usize>();
        self.waiting.push(document);
        if self.bytes < PIECE { Ok(()) } else { self.make(printer) }
    }

    /// Makes and writes what waits.
    fn make(&mut self, printer: &mut Printer) -> Result<(), CliError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let documents = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        let &Augment { cer, seed, threads, emit, .. } = self.args;
        let (amount, made) = with_threads(threads, || {
            let amount = match self.amount {
                Some(amount) => amount,
                None => self.noise.amount(&documents, f64::from(cer), seed).map_err(CliError::library)?,
            };
            Ok::<_, CliError>((amount, self.noise.make(&documents, self.made, amount, seed)))
        })??;
        if self.made == 0 && emit == EmitPairs::Rows {
            printer.out("observed\tintended\tdocument\n")?;
        }
        self.amount = Some(amount);
        self.made += documents.len();
        for (document, made) in documents.iter().zip(&made) {
            for (intended, made) in document.lines.iter().zip(made) {
                let line = match emit {
                    EmitPairs::Rows => format!("{}\t{intended}\t{}\n", made.observed, document.id),
                    EmitPairs::Jsonl => json(made, intended, &document.id)?,
                };
                printer.out(&line)?;
            }
        }
        Ok(())
    }
}

fn json(made: &Made, intended: &str, document: &str) -> Result<String, CliError> {
    let observed = made.observed.as_str();
    let edit = |misread: &'_ crate::augment::Misread| JsonEdit {
        start: misread.span.start(),
        end: misread.span.end(),
        observed: misread.span.of(observed).to_owned(),
        intended: misread.intended.clone(),
    };
    let row = JsonRow { observed, intended, document, edits: made.misread.iter().map(edit).collect() };
    Ok(serde_json::to_string(&row).map_err(CliError::library)? + "\n")
}

#[derive(Serialize)]
struct JsonRow<'a> {
    observed: &'a str,
    intended: &'a str,
    document: &'a str,
    edits: Vec<JsonEdit>,
}

/// As in what `correct --emit json` writes: bytes of observed, and what should stand there.
#[derive(Serialize)]
struct JsonEdit {
    start: usize,
    end: usize,
    observed: String,
    intended: String,
}
