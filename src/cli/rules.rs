//! `amend rules`.

use super::args::{Rules, RulesCommand};
use super::engine::Engine;
use super::error::{CliError, Status};
use super::print::Printer;

pub(super) fn run(args: &Rules, engine: &dyn Engine, printer: &mut Printer) -> Result<Status, CliError> {
    let RulesCommand::List { model } = &args.command;
    printer.out(&engine.rules(model)?)?;
    Ok(Status::Done)
}
