//! `amend inspect`.

use super::args::Inspect;
use super::engine::{Engine, Question};
use super::error::{CliError, Status};
use super::print::Printer;

pub(super) fn run(args: &Inspect, engine: &dyn Engine, printer: &mut Printer) -> Result<Status, CliError> {
    let question =
        Question { after: args.after.clone(), ngram: args.ngram.clone(), observed: args.observed.clone() };
    printer.out(&engine.inspect(&args.model, &question)?)?;
    Ok(Status::Done)
}
