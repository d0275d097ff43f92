//! `amend verify`.

use super::args::Verify;
use super::engine::Engine;
use super::error::{CliError, Status};
use super::print::Printer;

pub(super) fn run(args: &Verify, engine: &dyn Engine, printer: &mut Printer) -> Result<Status, CliError> {
    match engine.verify(&args.model)? {
        None => {
            printer.out(&format!("{}: sound\n", args.model.display()))?;
            Ok(Status::Done)
        }
        Some(damage) => {
            printer.error(damage);
            Ok(Status::No)
        }
    }
}
