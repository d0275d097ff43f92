//! `amend correct`.

use super::args::{Correct, Emit};
use super::emit::Corrected;
use super::engine::{Correcting, Corrects, Engine};
use super::error::{CliError, Status};
use super::input::{Input, Source};
use super::output::{replace, write_whole};
use super::plan::{Target, plan};
use super::print::{Printer, Progress};
use super::read_rules;
use crate::corpus::{Ending, Line};
use crate::correct::{Correction, Standing};

/// Documents handed over at once: enough for all cores, few enough for the bar to move.
const BATCH: usize = 256;

pub(super) fn run(args: &Correct, engine: &dyn Engine, printer: &mut Printer) -> Result<Status, CliError> {
    let work = plan(args)?;
    let corrector = engine.corrector(Correcting {
        model: args.model.clone(),
        rules: read_rules(args.rules.as_deref())?,
        harm_limit: args.harm_limit,
        join_hyphens: args.join_hyphens,
        thorough: args.thorough,
    })?;
    let mut failed = 0;
    for (source, target) in &work {
        match one(args, source, target, corrector.as_ref(), printer) {
            Ok(()) => {}
            // Where nothing can be written any more, nothing that follows can.
            Err(e @ CliError::ClosedPipe) => return Err(e),
            Err(e @ CliError::Write { .. }) if *target == Target::Standard => return Err(e),
            Err(e) => {
                printer.error(e);
                failed += 1;
            }
        }
    }
    if failed == 0 {
        return Ok(Status::Done);
    }
    if work.len() > 1 {
        printer.remark(format_args!("{failed} of {} inputs failed, the rest is done", work.len()));
    }
    Ok(Status::Failed)
}

fn one(
    args: &Correct,
    source: &Source,
    target: &Target,
    corrector: &dyn Corrects,
    printer: &mut Printer,
) -> Result<(), CliError> {
    let input = Input::read(source, args.format, printer)?;
    let name = source.name();
    if matches!((target, &input), (Target::InPlace(..), Input::Records(_))) {
        let todo = "write the corrected lines elsewhere with -o";
        return Err(CliError::Unfit {
            what: "records cannot be replaced by lines",
            file: name,
            line: 1,
            todo,
        });
    }
    let texts = input.texts(args.field.as_deref());
    if args.emit == Emit::Text {
        fits_lines(&texts, &name)?;
    }
    let documents = input.documents();
    let progress = printer.progress("correcting", documents.len());
    let corrections = correct(corrector, &texts, &documents, &progress);
    drop(progress);
    let is_foreign =
        |rows: &&Vec<usize>| rows.iter().any(|&row| corrections[row].standing() == Some(Standing::Foreign));
    let foreign = documents.iter().filter(is_foreign).count();
    if foreign > 0 {
        printer.remark(left_alone(&name, foreign, documents.len()));
    }
    let corrected = Corrected {
        name: &name,
        mark: input.mark(),
        texts: &texts,
        corrections: &corrections,
        records: input.records(),
        model: &corrector.id(),
        shown: !args.shadow,
    };
    match target {
        Target::Standard => {
            corrected.emit(args.emit, printer.colour(), &mut |piece| printer.out(piece))?;
            printer.flush()
        }
        Target::File(path) => write_whole(path, &bytes(&corrected, args.emit)?),
        Target::InPlace(path, suffix) => {
            let bytes = bytes(&corrected, args.emit)?;
            // An input that is right is not touched.
            let same = matches!(&input, Input::Text(text) if text.as_bytes() == bytes);
            if same && suffix.is_empty() { Ok(()) } else { replace(path, &bytes, suffix) }
        }
    }
}

fn bytes(corrected: &Corrected<'_>, emit: Emit) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    corrected.emit(emit, false, &mut |piece| {
        bytes.extend_from_slice(piece.as_bytes());
        Ok(())
    })?;
    Ok(bytes)
}

/// Corrects every document and puts the corrections into the order of the texts.
fn correct(
    corrector: &dyn Corrects,
    texts: &[(Line<'_>, Ending)],
    documents: &[Vec<usize>],
    progress: &Progress,
) -> Vec<Correction> {
    let lines: Vec<Line<'_>> = texts.iter().map(|text| text.0).collect();
    by_document(&lines, documents, progress, |documents| corrector.correct_all(documents))
}

/// Does something with every document and puts what comes of each line into the order of the lines.
pub(super) fn by_document<T: Clone + Default>(
    lines: &[Line<'_>],
    documents: &[Vec<usize>],
    progress: &Progress,
    work: impl Fn(&[Vec<Line<'_>>]) -> Vec<Vec<T>>,
) -> Vec<T> {
    let mut all = vec![T::default(); lines.len()];
    for batch in documents.chunks(BATCH) {
        let given: Vec<Vec<Line<'_>>> = batch
            .iter()
            .map(|rows| rows.iter().filter_map(|row| lines.get(*row)).copied().collect())
            .collect();
        for (rows, found) in batch.iter().zip(work(&given)) {
            for (row, found) in rows.iter().zip(found) {
                if let Some(place) = all.get_mut(*row) {
                    *place = found;
                }
            }
        }
        progress.advance(batch.len());
    }
    all
}

/// What to say of an input where documents were left alone.
fn left_alone(name: &str, foreign: usize, of: usize) -> String {
    let who = if of == 1 { name.to_owned() } else { format!("{name}: {foreign} of {of} documents") };
    let verb = if foreign == 1 { "seems" } else { "seem" };
    format!("{who} {verb} to be in another language than the model's: left alone")
}

/// One line out for one in: a record that holds a line break has no place in lines.
fn fits_lines(texts: &[(Line<'_>, Ending)], file: &str) -> Result<(), CliError> {
    match texts.iter().position(|(line, _)| line.text.contains('\n')) {
        None => Ok(()),
        Some(at) => Err(CliError::Unfit {
            what: "a text with a line break in it",
            file: file.to_owned(),
            line: at + 1,
            todo: "take --emit json",
        }),
    }
}
