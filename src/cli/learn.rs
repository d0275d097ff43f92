//! `amend learn`.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use super::args::{Format, Learn};
use super::engine::{Engine, Learning};
use super::error::{CliError, Status};
use super::input::{Input, Source};
use super::lessons;
use super::output::{check_apart, check_folder, write_whole};
use super::print::Printer;
use super::{read_rules, with_threads};
use crate::corpus::{Limits, Pair, Rows, read_counts, read_entries, read_paragraphs, screen};
use crate::learn::Stage;

pub(super) fn run(args: &Learn, engine: &dyn Engine, printer: &mut Printer) -> Result<Status, CliError> {
    let files = [&args.pairs, &args.text, &args.counts, &args.known];
    if files.iter().all(|files| files.is_empty()) && args.feedback.is_none() {
        let message = "nothing to learn from: give --pairs, --text or --feedback";
        return Err(CliError::Usage(message.to_owned()));
    }
    // Minutes of work should not end at a folder that was never there.
    check_folder(&args.output)?;
    if let Some(report) = &args.screen_report {
        check_folder(report)?;
        check_apart(report, read(args).chain([args.output.as_path()]))?;
    }
    check_apart(&args.output, read(args))?;
    fits_memory(args)?;
    let mut clock = Clock::default();
    clock.begin("reading");
    let mut from = Learning {
        base: args.base.clone(),
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
    for path in &args.unlabelled {
        from.unlabelled.extend(unlabelled(path, printer)?);
    }
    for path in &args.counts {
        from.counts.extend(read_counts(path)?);
    }
    for path in &args.known {
        from.known.extend(read_entries(path)?);
    }
    let mut of_events = Vec::new();
    if let Some(store) = &args.feedback {
        let taught = lessons::read(store)?;
        (from.lessons, from.forgotten, of_events) = (taught.lessons, taught.forgotten, taught.places);
    }
    if let Some(path) = &args.screen_report {
        let place = |row: usize| match places.get(row) {
            Some((file, line)) => Some((args.pairs.get(*file)?.as_path(), *line)),
            None => Some((args.feedback.as_deref()?, *of_events.get(row - places.len())?)),
        };
        let taught = from.lessons.iter().filter(|lesson| !lesson.twin).map(|lesson| lesson.pair.clone());
        let given: Vec<Pair> = from.pairs.iter().cloned().chain(taught).collect();
        write_whole(path, screen_report(&given, &from.texts, place).as_bytes())?;
    }
    let progress = printer.progress("learning", 0);
    let clock = Mutex::new(clock);
    let watch = |stage| {
        if let Ok(mut clock) = clock.lock() {
            clock.begin(match stage {
                Stage::Screening => "screening",
                Stage::Counting => "counting events",
                Stage::Tuning => "counting and tuning",
                _ => "estimating",
            });
        }
    };
    let (model, report) = with_threads(args.threads, || engine.learn(from, &watch))??;
    drop(progress);
    if args.timings {
        clock.into_inner().unwrap_or_default().tell(printer);
    }
    write_whole(&args.output, &model)?;
    printer.out(&report)?;
    printer.flush()?;
    Ok(Status::Done)
}

/// The files that are read, but the base: the next model may take its place.
fn read(args: &Learn) -> impl Iterator<Item = &Path> {
    let many = [&args.pairs, &args.text, &args.unlabelled, &args.counts, &args.known];
    let one = [&args.feedback, &args.rules];
    let many = many.into_iter().flatten().map(PathBuf::as_path);
    many.chain(one.into_iter().flatten().map(PathBuf::as_path))
}

/// The documents of a file that nobody corrected.
fn unlabelled(path: &Path, printer: &mut Printer) -> Result<Vec<Vec<String>>, CliError> {
    let input = Input::read(&Source::new(path), Format::Auto, printer)?;
    let texts = input.texts(None);
    if texts.iter().all(|(line, _)| line.text.trim().is_empty()) {
        let file = path.display();
        return Err(CliError::Library(format!(
            "no text, in {file}: give text as it was observed, or leave --unlabelled out"
        )));
    }
    let line = |at: usize| texts.get(at).map(|(line, _)| line.text.to_owned());
    Ok(input.documents().into_iter().map(|own| own.into_iter().filter_map(line).collect()).collect())
}

/// What took how long. The model knows nothing of it.
#[derive(Default)]
struct Clock {
    begun: Vec<(&'static str, Instant)>,
}

impl Clock {
    fn begin(&mut self, what: &'static str) {
        self.begun.push((what, Instant::now()));
    }

    fn tell(&self, printer: &mut Printer) {
        let ends = self.begun.iter().skip(1).map(|(_, at)| *at).chain([Instant::now()]);
        for ((what, begun), end) in self.begun.iter().zip(ends) {
            let seconds = end.duration_since(*begun).as_secs_f64();
            printer.remark(format!("{what} {seconds:.2} s"));
        }
    }
}

/// Refuses inputs that alone are larger than the memory that may be taken. A missing one is found later.
fn fits_memory(args: &Learn) -> Result<(), CliError> {
    let files = args.pairs.iter().chain(&args.text).chain(&args.counts).chain(&args.known);
    let files = files.chain(&args.unlabelled).chain(&args.feedback);
    let bytes: u64 = files.filter_map(|file| Some(file.metadata().ok()?.len())).sum();
    match args.memory {
        Some(memory) if bytes > memory => Err(CliError::Library(format!(
            "the inputs are {bytes} bytes, --memory allows {memory}: give less to learn from, or more memory"
        ))),
        _ => Ok(()),
    }
}

/// The pairs that the screen refuses, a row each: reason, file, line, observed, intended, document; under a header.
fn screen_report<'a>(
    pairs: &[Pair],
    texts: &[String],
    place: impl Fn(usize) -> Option<(&'a Path, usize)>,
) -> String {
    let mut report = "reason\tfile\tline\tobserved\tintended\tdocument\n".to_owned();
    for (row, reason) in screen(pairs, texts, &Limits::default()).refused {
        if let (Some(pair), Some((file, line))) = (pairs.get(row), place(row)) {
            let file = file.display();
            let Pair { observed, intended, document, .. } = pair;
            report.push_str(&format!("{reason}\t{file}\t{line}\t{observed}\t{intended}\t{document}\n"));
        }
    }
    report
}
