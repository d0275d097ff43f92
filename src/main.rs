//! The `amend` command: passes arguments and streams to `amend::cli`.

fn main() {}
