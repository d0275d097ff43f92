//! `amend learn`.

use std::path::Path;

use super::args::Learn;
use super::engine::{Engine, Learning};
use super::error::{CliError, Status};
use super::output::{check_folder, write_whole};
use super::print::Printer;
use super::{read_rules, with_threads};
use crate::corpus::{Limits, Pair, Rows, read_counts, read_entries, read_paragraphs, screen};

pub(super) fn run(args: &Learn, engine: &dyn Engine, printer: &mut Printer) -> Result<Status, CliError> {
    if [&args.pairs, &args.text, &args.counts, &args.known].iter().all(|files| files.is_empty()) {
        let message = "nothing to learn from: give --pairs, --text, --counts or --known";
        return Err(CliError::Usage(message.to_owned()));
    }
    // Minutes of work should not end at a folder that was never there.
    check_folder(&args.output)?;
    if let Some(report) = &args.screen_report {
        check_folder(report)?;
    }
    fits_memory(args)?;
    let mut from = Learning {
        rules: read_rules(args.rules.as_deref())?,
        size: args.size,
        harm_limit: args.harm_limit,
        seed: args.seed,
        name: args.name.clone(),
        attribution: args.attribution.clone(),
        ..Learning::default()
    };
    let mut places = Vec::new();
    for (file, path) in args.pairs.iter().enumerate() {
        for row in Rows::open(path)? {
            let row = row?;
            places.push((file, row.line));
            from.pairs.push(Pair { source: u32::try_from(file).unwrap_or(u32::MAX), ..row.pair });
        }
    }
    for path in &args.text {
        from.texts.push(read_paragraphs(path)?);
    }
    for path in &args.counts {
        from.counts.extend(read_counts(path)?);
    }
    for path in &args.known {
        from.known.extend(read_entries(path)?);
    }
    if let Some(path) = &args.screen_report {
        let place = |row: usize| {
            let (file, line) = places.get(row)?;
            Some((args.pairs.get(*file)?.as_path(), *line))
        };
        write_whole(path, screen_report(&from, place).as_bytes())?;
    }
    let progress = printer.progress("learning", 0);
    let (model, report) = with_threads(args.threads, || engine.learn(from))??;
    drop(progress);
    write_whole(&args.output, &model)?;
    printer.out(&report)?;
    printer.flush()?;
    Ok(Status::Done)
}

/// Refuses inputs that alone are larger than the memory that may be taken. A missing one is found later.
fn fits_memory(args: &Learn) -> Result<(), CliError> {
    let files = args.pairs.iter().chain(&args.text).chain(&args.counts).chain(&args.known);
    let bytes: u64 = files.filter_map(|file| Some(file.metadata().ok()?.len())).sum();
    match args.memory {
        Some(memory) if bytes > memory => Err(CliError::Library(format!(
            "the inputs are {bytes} bytes, --memory allows {memory}: give less to learn from, or more memory"
        ))),
        _ => Ok(()),
    }
}

/// The pairs that the screen refuses, a row each: reason, file, line, observed, intended, document; under a header.
fn screen_report<'a>(from: &Learning, place: impl Fn(usize) -> Option<(&'a Path, usize)>) -> String {
    let mut report = "reason\tfile\tline\tobserved\tintended\tdocument\n".to_owned();
    for (row, reason) in screen(&from.pairs, &from.texts, &Limits::default()).refused {
        if let (Some(pair), Some((file, line))) = (from.pairs.get(row), place(row)) {
            let file = file.display();
            let Pair { observed, intended, document, .. } = pair;
            report.push_str(&format!("{reason}\t{file}\t{line}\t{observed}\t{intended}\t{document}\n"));
        }
    }
    report
}
