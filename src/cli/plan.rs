//! What `amend correct` and `amend monitor` are asked for, as meant: which inputs there are, and where they go.

use std::path::{Path, PathBuf};

use super::args::{Correct, Emit, Format, Monitor};
use super::error::CliError;
use super::input::Source;
use super::output::check_apart;

/// Where a corrected input goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Standard,
    File(PathBuf),
    /// Back to its file, which is kept under a second name if the suffix is not empty.
    InPlace(PathBuf, String),
}

/// The inputs, each with where it goes; what cannot be meant is refused.
pub(super) fn plan(args: &Correct) -> Result<Vec<(Source, Target)>, CliError> {
    let work = meant(args)?;
    for (_, target) in &work {
        if let Target::File(output) = target {
            let read = args.files.iter().chain(&args.model).chain(&args.rules);
            check_apart(output, read.map(PathBuf::as_path))?;
        }
    }
    Ok(work)
}

fn meant(args: &Correct) -> Result<Vec<(Source, Target)>, CliError> {
    if args.shadow && args.emit != Emit::Events {
        return Err(usage("--shadow is said of events: give --emit events"));
    }
    let sources = inputs(&args.files)?;
    if let Some(suffix) = &args.in_place {
        if args.emit != Emit::Text {
            return Err(usage("--in-place writes text: leave --emit out, or write elsewhere with -o"));
        }
        if matches!(args.format, Format::Rows | Format::Jsonl) {
            return Err(usage("--in-place is for plain text: write the corrected lines elsewhere with -o"));
        }
        if suffix.contains(std::path::is_separator) {
            return Err(usage(
                "the suffix of --in-place holds a path separator: give the end of a name, like .orig",
            ));
        }
        let back = sources.into_iter().map(|source| match &source {
            Source::Standard => Err(usage("--in-place cannot replace standard input: give a FILE")),
            Source::File(path) => {
                let target = Target::InPlace(path.clone(), suffix.clone());
                Ok((source, target))
            }
        });
        return back.collect();
    }
    let Some(output) = args.output.as_deref().filter(|output| *output != Path::new("-")) else {
        return Ok(sources.into_iter().map(|source| (source, Target::Standard)).collect());
    };
    let is_folder = output.is_dir();
    if sources.len() == 1 && !is_folder && !output.as_os_str().to_string_lossy().ends_with('/') {
        return Ok(sources.into_iter().map(|source| (source, Target::File(output.to_owned()))).collect());
    }
    if !is_folder {
        return if output.exists() {
            let output = output.display();
            Err(usage(&format!("{output} is a file, and there are several inputs: give a folder with -o")))
        } else {
            Err(CliError::Library(format!("no such folder, in {}: make it first", output.display())))
        };
    }
    let mut work: Vec<(Source, Target)> = Vec::new();
    for source in sources {
        let name = match &source {
            Source::File(path) => path.file_name(),
            Source::Standard => None,
        };
        let Some(name) = name else {
            return Err(usage("an input without a name has no place in a folder: give a FILE with -o"));
        };
        let target = Target::File(output.join(name));
        if work.iter().any(|(_, other)| *other == target) {
            let name = name.to_string_lossy();
            return Err(usage(&format!("two inputs are named {name}: give them one at a time with -o")));
        }
        work.push((source, target));
    }
    Ok(work)
}

/// What `monitor` looks at; nothing, where it is asked for events alone.
pub(super) fn watched(args: &Monitor) -> Result<Vec<Source>, CliError> {
    #[cfg(feature = "feedback")]
    if args.files.is_empty() && args.feedback.is_some() {
        return Ok(Vec::new());
    }
    inputs(&args.files)
}

/// The inputs; without any, standard input.
fn inputs(files: &[PathBuf]) -> Result<Vec<Source>, CliError> {
    let standard = [PathBuf::from("-")];
    let files = if files.is_empty() { standard.as_slice() } else { files };
    let sources: Vec<Source> = files.iter().map(|file| Source::new(file)).collect();
    if sources.iter().filter(|s| **s == Source::Standard).count() > 1 {
        return Err(usage("standard input is given twice: give - once"));
    }
    Ok(sources)
}

fn usage(message: &str) -> CliError {
    CliError::Usage(message.to_owned())
}
