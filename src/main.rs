//! The `amend` command: passes arguments and streams to `amend::cli`.

use std::process::ExitCode;

use amend::cli::{Streams, run};

fn main() -> ExitCode {
    run(std::env::args_os(), Streams::standard())
}
