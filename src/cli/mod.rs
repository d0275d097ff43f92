//! The command line: one file a subcommand.
//!
//! In: arguments and the three [`Streams`]. Out: an exit status, the same table for all subcommands: 0 done,
//! 1 an answer of "no", 2 a wrong call, 3 an error (some inputs failed, the rest is done).
//!
//! | file | |
//! |---|---|
//! | `args` | the arguments as typed |
//! | `augment`, `correct`, `eval`, `inspect`, `learn`, `monitor`, `rules`, `verify` | one subcommand each |
//! | `feedback` | the subcommands of the feedback store |
//! | `lessons` | what a feedback store has to teach |
//! | `promote` | with its way back, `amend rollback` |
//! | `plan` | which inputs of `correct` go where, which `monitor` looks at |
//! | `input`, `emit` | texts as they were given; corrections as they are wanted |
//! | `output` | files that are written whole or not at all |
//! | `print` | all writing to the streams |
//! | `engine` | what the commands ask of the library |
//!
//! Invariants: an error is one line on standard error, `amend: error: what, where, what to do`; text goes out
//! byte for byte where nothing was corrected; no file is ever half-written; a closed pipe is no failure.
//! Knows nothing of how models are made.

mod args;
mod augment;
mod correct;
mod emit;
mod engine;
mod error;
mod eval;
#[cfg(feature = "feedback")]
mod feedback;
mod input;
mod inspect;
mod learn;
mod lessons;
mod monitor;
mod output;
mod plan;
mod print;
mod promote;
mod rules;
#[cfg(test)]
mod tests;
mod verify;

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

pub use print::Streams;

use args::{Cli, Command};
use engine::{Engine, Library};
use error::{CliError, Status};
use print::Printer;

/// Runs the command that `args` ask for, the program's name first among them.
pub fn run(args: impl IntoIterator<Item = OsString>, streams: Streams) -> ExitCode {
    ExitCode::from(run_with(args, streams, &Library).code())
}

fn run_with(args: impl IntoIterator<Item = OsString>, streams: Streams, engine: &dyn Engine) -> Status {
    let mut printer = Printer::new(streams);
    let done = command(args, engine, &mut printer);
    // What is still held back may meet the closed pipe or the full disk first.
    let done = done.and_then(|status| printer.flush().map(|()| status));
    match done {
        Ok(status) => status,
        Err(error) => {
            if !matches!(error, CliError::ClosedPipe) {
                printer.error(&error);
            }
            error.status()
        }
    }
}

fn command(
    args: impl IntoIterator<Item = OsString>,
    engine: &dyn Engine,
    printer: &mut Printer,
) -> Result<Status, CliError> {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(e) if matches!(e.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            let text = e.render();
            let text = if printer.colour() { text.ansi().to_string() } else { text.to_string() };
            printer.out(text.trim_end())?;
            return printer.out("\n").map(|()| Status::Done);
        }
        Err(e) if e.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            return Err(CliError::Usage("a command is missing: see amend --help".to_owned()));
        }
        Err(e) => return Err(CliError::Usage(wrong_call(&e))),
    };
    match &cli.command {
        Command::Learn(args) => learn::run(args, engine, printer),
        Command::Correct(args) => correct::run(args, engine, printer),
        Command::Eval(args) => eval::run(args, engine, printer),
        Command::Inspect(args) => inspect::run(args, engine, printer),
        Command::Monitor(args) => monitor::run(args, engine, printer),
        Command::Rules(args) => rules::run(args, engine, printer),
        Command::Verify(args) => verify::run(args, engine, printer),
        #[cfg(feature = "feedback")]
        Command::Feedback(args) => feedback::run(args, printer),
        Command::Promote(args) => promote::promote(args, engine, printer),
        Command::Rollback(args) => promote::roll_back(args, engine, printer),
        Command::Augment(args) => augment::run(args, engine, printer),
    }
}

/// What clap says, in a line: its first paragraph, and its tips.
fn wrong_call(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let mut paragraphs = text.split("\n\n");
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let what = line(paragraphs.next().unwrap_or_default());
    let tips: Vec<String> =
        paragraphs.map(line).filter_map(|p| p.strip_prefix("tip: ").map(str::to_owned)).collect();
    let what = what.strip_prefix("error: ").unwrap_or(&what).trim_end_matches(':');
    let tips = if tips.is_empty() { "see amend --help".to_owned() } else { tips.join("; ") };
    format!("{what}: {tips}")
}

/// The text of a file of rules, with its name.
fn read_rules(path: Option<&Path>) -> Result<Option<(String, String)>, CliError> {
    path.map(|path| Ok((crate::corpus::read_text(path)?, path.display().to_string()))).transpose()
}

/// Runs `work` on so many threads; none said: on all cores.
fn with_threads<T: Send>(
    threads: Option<NonZeroUsize>,
    work: impl FnOnce() -> T + Send,
) -> Result<T, CliError> {
    match threads {
        None => Ok(work()),
        Some(threads) => {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build();
            Ok(pool.map_err(CliError::library)?.install(work))
        }
    }
}
