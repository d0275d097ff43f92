//! `amend augment`.

use std::path::PathBuf;

use serde::Serialize;

use super::args::{Augment, EmitPairs};
use super::emit::Sink;
use super::engine::{Augmented, Augmenting, Engine};
use super::error::{CliError, Status};
use super::input::Source;
use super::output::{check_folder, write_whole};
use super::print::Printer;
use super::with_threads;

pub(super) fn run(args: &Augment, engine: &dyn Engine, printer: &mut Printer) -> Result<Status, CliError> {
    let sources = sources(args)?;
    if let Some(output) = &args.output {
        check_folder(output)?;
    }
    let mut how = Augmenting {
        model: args.model.clone(),
        cer: args.cer.map(f64::from),
        rows: args.rows,
        as_is: args.as_is,
        seed: args.seed,
        texts: Vec::new(),
    };
    for source in sources {
        let text = if args.as_is { source.text(printer)? } else { source.paragraphs(printer)? };
        how.texts.push((name(&source), text));
    }
    let progress = printer.progress("making pairs", 0);
    let made = with_threads(args.threads, || engine.augment(how))??;
    drop(progress);
    match &args.output {
        None => emit(&made, args.emit, &mut |piece| printer.out(piece))?,
        Some(path) => {
            let mut bytes = Vec::new();
            emit(&made, args.emit, &mut |piece| {
                bytes.extend_from_slice(piece.as_bytes());
                Ok(())
            })?;
            write_whole(path, &bytes)?;
        }
    }
    printer.flush()?;
    Ok(Status::Done)
}

/// The inputs, whose names tell their documents apart.
fn sources(args: &Augment) -> Result<Vec<Source>, CliError> {
    let standard = [PathBuf::from("-")];
    let files = if args.files.is_empty() { standard.as_slice() } else { args.files.as_slice() };
    let sources: Vec<Source> = files.iter().map(|file| Source::new(file)).collect();
    let mut names: Vec<String> = sources.iter().map(name).collect();
    names.sort();
    match names.windows(2).find(|two| two[0] == two[1]) {
        Some(two) => Err(CliError::Usage(format!(
            "two inputs are named {}, and so would their documents be: give them one at a time",
            two[0]
        ))),
        None => Ok(sources),
    }
}

/// What the documents of an input are named after.
fn name(source: &Source) -> String {
    match source {
        Source::Standard => "-".to_owned(),
        Source::File(path) => {
            path.file_name().map_or_else(|| source.name(), |name| name.to_string_lossy().into_owned())
        }
    }
}

fn emit(made: &[Augmented], emit: EmitPairs, sink: &mut Sink<'_>) -> Result<(), CliError> {
    match emit {
        EmitPairs::Rows => rows(made, sink),
        EmitPairs::Jsonl => jsonl(made, sink),
    }
}

/// Rows as they are read again. A tab or a line break has no place in them and is a space, on both sides.
fn rows(made: &[Augmented], sink: &mut Sink<'_>) -> Result<(), CliError> {
    let field = |text: &str| text.replace(['\t', '\n', '\r'], " ");
    for (at, row) in made.iter().enumerate() {
        let [observed, intended, document] =
            [&row.made.observed, &row.intended, &row.document].map(|text| field(text));
        let like_a_header = observed == "observed" && intended == "intended";
        if at == 0 && (like_a_header || observed.starts_with('\u{FEFF}')) {
            sink("observed\tintended\tdocument\n")?;
        }
        sink(&format!("{observed}\t{intended}\t{document}\n"))?;
    }
    Ok(())
}

fn jsonl(made: &[Augmented], sink: &mut Sink<'_>) -> Result<(), CliError> {
    for row in made {
        let observed = row.made.observed.as_str();
        let edits = row.made.misread.iter().map(|misread| JsonEdit {
            start: misread.span.start(),
            end: misread.span.end(),
            observed: misread.span.of(observed),
            intended: &misread.intended,
        });
        let line =
            JsonRow { observed, intended: &row.intended, document: &row.document, edits: edits.collect() };
        sink(&serde_json::to_string(&line).map_err(CliError::library)?)?;
        sink("\n")?;
    }
    Ok(())
}

#[derive(Serialize)]
struct JsonRow<'a> {
    observed: &'a str,
    intended: &'a str,
    document: &'a str,
    edits: Vec<JsonEdit<'a>>,
}

/// As in what `correct --emit json` writes: bytes of observed, and what should stand there.
#[derive(Serialize)]
struct JsonEdit<'a> {
    start: usize,
    end: usize,
    observed: &'a str,
    intended: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::augment::Made;
    use crate::corpus::Rows;
    use proptest::prelude::*;

    fn row(observed: &str, intended: &str) -> Augmented {
        let made = Made { observed: observed.to_owned(), misread: Vec::new() };
        Augmented { made, intended: intended.to_owned(), document: "d\t1".to_owned() }
    }

    fn written(made: &[Augmented]) -> String {
        let mut text = String::new();
        rows(made, &mut |piece| {
            text.push_str(piece);
            Ok(())
        })
        .expect("memory takes it");
        text
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]
        #[test]
        fn rows_read_back(
            texts in prop::collection::vec(
                ("(observed|\u{FEFF}|[a\t\r\n \"]{0,6})", "(intended|[b\t\r\n ]{0,6})"), 0..4,
            ),
        ) {
            let made: Vec<Augmented> = texts.iter().map(|(o, i)| row(o, i)).collect();
            let read = Rows::new(written(&made).as_bytes(), "x.tsv").collect::<Result<Vec<_>, _>>();
            let read: Vec<_> = read.expect("rows").into_iter().map(|r| r.pair).collect();
            let space = |text: &str| text.replace(['\t', '\r', '\n'], " ");
            let want: Vec<_> = texts.iter().map(|(o, i)| (space(o), space(i))).collect();
            let found: Vec<_> = read.iter().map(|p| (p.observed.clone(), p.intended.clone())).collect();
            prop_assert_eq!(found, want);
            prop_assert!(read.iter().all(|p| p.document == "d 1"));
        }
    }
}
