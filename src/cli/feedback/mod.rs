//! `amend feedback`.

pub(super) mod args;

use std::fmt::Write as _;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::error::{CliError, Status};
use super::input::Source;
use super::output::{check_apart, check_folder, write_whole_with};
use super::print::Printer;
use crate::corpus::CorpusError;
use crate::feedback::{
    Event, EventLines, Fate, FeedbackError, FeedbackStore, Outcome, Proposal, Receipt, Stats, Stored, Tally,
    Time,
};

use args::{Add, Export, Feedback, FeedbackCommand, Forget, Import, List};

pub(super) fn run(args: &Feedback, printer: &mut Printer) -> Result<Status, CliError> {
    match &args.command {
        FeedbackCommand::Add(args) => add(args, printer),
        FeedbackCommand::Import(args) => import(args, printer),
        FeedbackCommand::List(args) => list(args, printer),
        FeedbackCommand::Forget(args) => forget(args, printer),
        FeedbackCommand::Stats(args) => stats(args, printer),
        FeedbackCommand::Export(args) => export(args, printer),
    }
}

impl From<FeedbackError> for CliError {
    fn from(e: FeedbackError) -> Self {
        Self::library(e)
    }
}

fn open(store: &args::Store, create: bool) -> Result<FeedbackStore, CliError> {
    Ok(FeedbackStore::open_with(&store.path, &store.opening(create))?)
}

fn add(args: &Add, printer: &mut Printer) -> Result<Status, CliError> {
    let mut clock = Clock::default();
    let mut keep =
        |store: &mut FeedbackStore, event: Event, printer: &mut Printer| -> Result<(), FeedbackError> {
            let receipt = match event.time {
                Some(_) => store.add(event)?,
                None => stamped(store, event, clock.now())?,
            };
            let word = match receipt.fate {
                Fate::Added => "added",
                Fate::There => "there",
                Fate::Forgotten => "forgotten",
            };
            // Whoever sent it learns at once that it is kept; that nobody listens changes nothing about that.
            let _ = printer.out(&format!("{word} {}\n", receipt.id)).and_then(|()| printer.flush());
            Ok(())
        };
    if let Some(event) = typed(args) {
        let event = event.checked()?;
        keep(&mut open(&args.store, true)?, event, printer)?;
        return Ok(Status::Done);
    }
    let mut store = open(&args.store, true)?;
    let (input, name) = (BufReader::new(printer.take_input()), Source::Standard.name());
    let (mut lines, mut failed) = (0_usize, 0_usize);
    for (line, event) in EventLines::new(input, &name) {
        lines += 1;
        let kept = event.and_then(|event| keep(&mut store, event, printer).map_err(|e| e.at(&name, line)));
        match kept {
            Ok(()) => {}
            // These are about one event; of any other error all that follow would die as well.
            Err(
                e @ (FeedbackError::Unfit { .. } | FeedbackError::Conflict { .. } | FeedbackError::Input(_)),
            ) => {
                printer.error(e);
                failed += 1;
            }
            Err(e) => return Err(e.into()),
        }
    }
    if failed > 0 {
        printer.remark(format_args!("{failed} of {lines} events failed, the rest is kept"));
        return Ok(Status::Failed);
    }
    Ok(Status::Done)
}

/// Adds an event that came without a time at the time of day. Where it is there under its id it came before,
/// and its time is what it was then.
fn stamped(store: &mut FeedbackStore, event: Event, now: Option<Time>) -> Result<Receipt, FeedbackError> {
    match store.add(Event { time: now, ..event.clone() }) {
        Err(FeedbackError::Conflict { id, .. }) => {
            let there = store.event(&id)?.and_then(|there| there.event.time);
            store.add(Event { time: there, ..event })
        }
        done => done,
    }
}

/// The event that the flags describe.
fn typed(args: &Add) -> Option<Event> {
    let (observed, final_text) = (args.observed.clone()?, args.final_text.clone()?);
    let proposed = args.proposed.clone().map(|text| Proposal {
        text,
        shown: !args.shadow,
        model: args.model.clone(),
        edits: Vec::new(),
    });
    Some(Event {
        id: args.id.clone().unwrap_or_default(),
        time: args.time,
        user: args.user.clone(),
        document: args.document.clone().unwrap_or_default(),
        kind: args.kind.clone(),
        observed,
        proposed,
        final_text,
        recogniser: args.recogniser.clone(),
        evidence: args.evidence.clone(),
    })
}

/// The time of day, never the same twice: two equal events of one moment are two.
#[derive(Default)]
struct Clock(Option<i64>);

impl Clock {
    fn now(&mut self) -> Option<Time> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        let now = i64::try_from(since.as_millis()).ok()?;
        let now = self.0.map_or(now, |last| now.max(last + 1));
        self.0 = Some(now);
        Time::from_unix_millis(now)
    }
}

fn import(args: &Import, printer: &mut Printer) -> Result<Status, CliError> {
    let standard = [PathBuf::from("-")];
    let files = if args.files.is_empty() { standard.as_slice() } else { args.files.as_slice() };
    let sources: Vec<Source> = files.iter().map(|file| Source::new(file)).collect();
    if sources.iter().filter(|s| **s == Source::Standard).count() > 1 {
        return Err(CliError::Usage("standard input is given twice: give - once".to_owned()));
    }
    let mut store = open(&args.store, true)?;
    let mut failed = 0;
    for source in &sources {
        let progress = printer.progress("importing", 0);
        let tally = import_one(&mut store, source, printer);
        drop(progress);
        match tally {
            Ok(tally) => printer.out(&format!("{}: {}\n", source.name(), told(tally)))?,
            Err(e) => {
                printer.error(e);
                failed += 1;
            }
        }
    }
    if failed > 0 && sources.len() > 1 {
        printer.remark(format_args!("{failed} of {} inputs failed, the rest is kept", sources.len()));
    }
    Ok(if failed > 0 { Status::Failed } else { Status::Done })
}

fn import_one(store: &mut FeedbackStore, source: &Source, printer: &mut Printer) -> Result<Tally, CliError> {
    let name = source.name();
    Ok(match source {
        // Nobody should wait for a slow sender: all of it is read before the store is taken.
        Source::Standard => {
            let mut bytes = Vec::new();
            let read = printer.input().read_to_end(&mut bytes);
            read.map_err(|source| CorpusError::Io { file: name.clone(), source })?;
            store.import(bytes.as_slice(), &name)?
        }
        Source::File(path) => {
            let file = open_file(path)?;
            store.import(BufReader::with_capacity(1 << 16, file), &name)?
        }
    })
}

fn open_file(path: &Path) -> Result<File, CorpusError> {
    if path.is_dir() {
        return Err(CorpusError::Folder { file: path.display().to_string() });
    }
    File::open(path).map_err(|source| CorpusError::Io { file: path.display().to_string(), source })
}

fn told(tally: Tally) -> String {
    let mut text = format!("{} added, {} already there", tally.added, tally.there);
    if tally.forgotten > 0 {
        let _ = write!(text, ", {} forgotten before and left out", tally.forgotten);
    }
    text
}

fn list(args: &List, printer: &mut Printer) -> Result<Status, CliError> {
    let store = open(&args.store, false)?;
    for stored in store.events(&args.filter.query(args.limit))? {
        let stored = stored?;
        printer.out(&if args.json { stored.event.to_json() } else { row(&stored) })?;
        printer.out("\n")?;
    }
    Ok(Status::Done)
}

/// An event for people: number, outcome, time, user, document, id, and what became of the text.
fn row(stored: &Stored) -> String {
    let event = &stored.event;
    let time = event.time.map_or_else(|| "-".to_owned(), |time| time.to_string());
    let or_dash = |text: &str| if text.is_empty() { "-".to_owned() } else { shown(text) };
    let mut row = format!(
        "{:>6}  {:8}  {time:24}  {:10}  {:12}  {:14}  {}",
        stored.sequence,
        event.outcome().as_str(),
        or_dash(event.user.as_deref().unwrap_or_default()),
        or_dash(&event.document),
        or_dash(&event.id),
        shown(&event.observed),
    );
    if event.final_text != event.observed {
        let _ = write!(row, " → {}", shown(&event.final_text));
    }
    match &event.proposed {
        Some(proposal) if proposal.text != event.final_text => {
            let _ = write!(row, " (proposed: {})", shown(&proposal.text));
        }
        _ => {}
    }
    row
}

/// A text in a line, whatever it holds.
fn shown(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut line, c| {
        if c.is_control() {
            line.extend(c.escape_default())
        } else {
            line.push(c)
        }
        line
    })
}

fn forget(args: &Forget, printer: &mut Printer) -> Result<Status, CliError> {
    let mut store = open(&args.store, false)?;
    let progress = printer.progress("forgetting", 0);
    let forgotten = match &args.user {
        Some(user) => store.forget_user(user),
        None => store.forget_ids(&args.ids),
    };
    drop(progress);
    let forgotten = forgotten?;
    let events = if forgotten.events == 1 { "event" } else { "events" };
    printer.out(&format!("{} {events} forgotten\n", forgotten.events))?;
    if let (Some(user), 0) = (&args.user, forgotten.events) {
        printer.remark(format_args!(
            "no event of user {user:?}, in {}: check the name",
            args.store.path.display()
        ));
    }
    for id in &forgotten.unknown {
        printer.error(format_args!("no event {id:?}, in {}: check the id", args.store.path.display()));
    }
    Ok(if forgotten.unknown.is_empty() { Status::Done } else { Status::Failed })
}

fn stats(args: &args::Stats, printer: &mut Printer) -> Result<Status, CliError> {
    let stats = open(&args.store, false)?.stats()?;
    let text = if args.json {
        serde_json::to_string(&stats).map_err(CliError::library)? + "\n"
    } else {
        table(&stats)
    };
    printer.out(&text)?;
    if stats.traces {
        let store = args.store.path.display();
        printer.remark(format_args!(
            "traces of forgotten events may still be in {store}: run `amend feedback forget` again"
        ));
    }
    Ok(Status::Done)
}

fn table(stats: &Stats) -> String {
    let mut text = String::new();
    let mut line = |what: &str, value: &dyn std::fmt::Display| {
        let _ = writeln!(text, "{what:18}{value}");
    };
    line("events", &stats.events);
    for outcome in Outcome::ALL {
        line(&format!("  {outcome}"), &stats.of(outcome));
    }
    line("  in shadow", &stats.in_shadow);
    line("changes shown", &stats.changes_shown);
    match stats.acceptance() {
        Some(share) => {
            line("  accepted", &format_args!("{} ({:.1} %)", stats.changes_accepted, share * 100.0))
        }
        None => line("  accepted", &0),
    }
    line("users", &stats.users);
    line("documents", &stats.documents);
    line("from", &stats.first.as_deref().unwrap_or("-"));
    line("to", &stats.last.as_deref().unwrap_or("-"));
    line("forgotten", &stats.forgotten);
    text
}

fn export(args: &Export, printer: &mut Printer) -> Result<Status, CliError> {
    let output = args.output.as_deref().filter(|output| *output != Path::new("-"));
    if let Some(output) = output {
        check_folder(output)?;
        check_apart(output, [args.store.path.as_path()])?;
    }
    let store = open(&args.store, false)?;
    let events = store.events(&args.filter.query(None))?;
    let Some(output) = output else {
        for stored in events {
            printer.out(&(stored?.event.to_json() + "\n"))?;
        }
        return Ok(Status::Done);
    };
    write_whole_with(output, |file| {
        for stored in events {
            let line = stored?.event.to_json() + "\n";
            file.write_all(line.as_bytes()).map_err(|e| CliError::write(&output.display().to_string(), e))?;
        }
        Ok(())
    })?;
    Ok(Status::Done)
}
