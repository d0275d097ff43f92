//! The arguments as typed.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Corrects recognised or typed text with statistics learned from what its users corrected.
///
/// Exit status: 0 done; 1 an answer of "no" (`monitor` gave an alarm, `promote` refused, `verify` found damage); 2 a
/// wrong call; 3 an error (some inputs failed, the rest is done).
#[derive(Debug, Parser)]
#[command(name = "amend", version, disable_help_subcommand = true)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Learn(Learn),
    Correct(Correct),
    Eval(Eval),
    Inspect(Inspect),
    Monitor(Monitor),
    Rules(Rules),
    Verify(Verify),
    #[cfg(feature = "feedback")]
    Feedback(super::feedback::args::Feedback),
    Promote(Promote),
    Rollback(Rollback),
    Augment(Augment),
}

/// Learn a model from pairs of observed and intended text.
///
/// Pairs are TSV, UTF-8, one a row: observed, intended, document, kind, evidence, the last three optional. A first
/// row that begins with these two names is a header. The same inputs give the same model, byte for byte.
#[derive(Debug, Args)]
pub(super) struct Learn {
    /// Pairs to learn from
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(super) pairs: Vec<PathBuf>,
    /// Right text of the same kind, to learn the language from
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(super) text: Vec<PathBuf>,
    /// Observed text that nobody corrected, read as `correct` reads it: what the model of the pairs makes of it is learned from
    /// beside them
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(super) unlabelled: Vec<PathBuf>,
    /// Words counted elsewhere: a word, a tab and a number a line
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(super) counts: Vec<PathBuf>,
    /// Known entries (names, companies, places), one a line
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(super) known: Vec<PathBuf>,
    /// What users made of corrections: a store of `amend feedback`
    #[arg(long, value_name = "STORE")]
    pub(super) feedback: Option<PathBuf>,
    /// A model learned from the same store before: what it counted is not counted again. The rest (--pairs, --text, …) is to be
    /// given again; the result is the same without it
    #[arg(long, value_name = "MODEL", requires = "feedback")]
    pub(super) base: Option<PathBuf>,
    /// Rules written by hand (TOML), kept in the model
    #[arg(long, value_name = "FILE")]
    pub(super) rules: Option<PathBuf>,
    /// Largest model file (300000, 9MB, 8MiB)
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    pub(super) size: Option<u64>,
    /// Most memory that the inputs may take (4GB); learning itself needs some times their size
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    pub(super) memory: Option<u64>,
    /// Harm that the model takes where nobody asks for another: right words broken, a share (0.003) or per cent (0.3%)
    #[arg(long, value_name = "P", value_parser = share)]
    pub(super) harm_limit: Option<f32>,
    /// Threads to use [default: one a core]
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<NonZeroUsize>,
    /// Seed of every random choice
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    /// What the model is to be called
    #[arg(long, value_name = "NAME", default_value = "")]
    pub(super) name: String,
    /// Sources and licences, to be kept in the model
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(super) attribution: String,
    /// Write the pairs that were not learned from, with the reason, to this file
    #[arg(long, value_name = "FILE")]
    pub(super) screen_report: Option<PathBuf>,
    /// Say on standard error how long each step took
    #[arg(long)]
    pub(super) timings: bool,
    /// The model file to write
    #[arg(short, long, value_name = "MODEL")]
    pub(super) output: PathBuf,
}

/// Correct text, line for line.
///
/// Without FILE, or where FILE is -, standard input is read. Plain text is one document a file; it is held in
/// memory whole (some times its size).
#[derive(Debug, Args)]
pub(super) struct Correct {
    /// What to correct
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// The model [default: the built-in English one]
    #[arg(short, long, value_name = "MODEL")]
    pub(super) model: Option<PathBuf>,
    /// Write to this file, or, one file an input, into this folder [default: standard output]
    #[arg(short, long, value_name = "FILE|DIR", conflicts_with = "in_place")]
    pub(super) output: Option<PathBuf>,
    /// Replace the inputs; with a suffix, keep each as it was under its name and the suffix
    #[arg(long, value_name = "SUFFIX", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(super) in_place: Option<String>,
    /// How the input is laid out
    #[arg(long, value_enum, default_value_t = Format::Auto)]
    pub(super) format: Format,
    /// What to write
    #[arg(long, value_enum, default_value_t = Emit::Text)]
    pub(super) emit: Emit,
    /// With --emit events: nobody sees what is proposed
    #[arg(long)]
    pub(super) shadow: bool,
    /// Rules written by hand (TOML); they go before everything that was learned
    #[arg(long, value_name = "FILE")]
    pub(super) rules: Option<PathBuf>,
    /// Most right words that may be broken: a share (0.003) or per cent (0.3%) [default: the model's]
    #[arg(long, value_name = "P", value_parser = share)]
    pub(super) harm_limit: Option<f32>,
    /// Join words broken at line ends
    #[arg(long)]
    pub(super) join_hyphens: bool,
    /// Search more widely: half as fast, for a little more
    #[arg(long)]
    pub(super) thorough: bool,
    /// The kind of field that the text comes from, where the input does not say (name, phone, line, …)
    #[arg(long, value_name = "KIND")]
    pub(super) field: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// By the name: .tsv with two columns or more is rows, .jsonl and .ndjson are jsonl, the rest is text
    Auto,
    /// Plain text, a line a text
    Text,
    /// TSV: observed, intended (not read), document, kind, evidence; a header has no line in what is written
    Rows,
    /// An object a line: text (or observed), document, kind, evidence
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Emit {
    /// The corrected text, a line for a line
    Text,
    /// An object a line: text, observed, edits
    Json,
    /// An object a line that `amend feedback` takes once it has "final": with the model, and whatever an object of the
    /// input says of id, time, user, document, kind, recogniser, evidence and final
    Events,
    /// A patch of the lines that change
    Diff,
}

/// Judge a model on pairs it has not seen.
#[derive(Debug, Args)]
pub(super) struct Eval {
    /// Pairs to judge on, each file by itself
    #[arg(value_name = "PAIRS", required = true)]
    pub(super) pairs: Vec<PathBuf>,
    /// The model [default: the built-in English one]
    #[arg(short, long, value_name = "MODEL")]
    pub(super) model: Option<PathBuf>,
    /// A second model to compare with
    #[arg(long, value_name = "MODEL", conflicts_with = "against_output")]
    pub(super) against: Option<PathBuf>,
    /// Another tool's output to compare with, a line for a row
    #[arg(long, value_name = "FILE")]
    pub(super) against_output: Option<PathBuf>,
    /// Most right words that may be broken: a share (0.003) or per cent (0.3%) [default: the model's]
    #[arg(long, value_name = "P", value_parser = share)]
    pub(super) harm_limit: Option<f32>,
    /// Search more widely: half as fast, for a little more
    #[arg(long)]
    pub(super) thorough: bool,
    /// Figures for each kind or document as well
    #[arg(long, value_enum)]
    pub(super) by: Option<By>,
    /// What is still wrong, by class, and where it was lost (with --json always there)
    #[arg(long)]
    pub(super) errors: bool,
    /// Write an object for each file
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum By {
    /// Each kind of field
    Kind,
    /// Each document
    Document,
}

/// Look into a model.
#[derive(Debug, Args)]
pub(super) struct Inspect {
    /// The model
    #[arg(value_name = "MODEL")]
    pub(super) model: PathBuf,
    /// The likeliest words after this one, with count, probability and cost
    #[arg(long, value_name = "WORD")]
    pub(super) after: Option<String>,
    /// What a sequence costs, piece by piece
    #[arg(long, value_name = "TEXT")]
    pub(super) ngram: Option<String>,
    /// What an observed text stands for
    #[arg(long, value_name = "TEXT")]
    pub(super) observed: Option<String>,
}

/// Tell whether new text is still what the model was learned from.
///
/// Compares words, language and what seems misread with the documents that the model was learned from, and says in a
/// sentence what changed; status 1 is an alarm. Then what a person would look at first. Without FILE (and --feedback),
/// or where FILE is -, standard input is read. Plain text is one document a file.
#[derive(Debug, Args)]
pub(super) struct Monitor {
    /// What to look at
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// The model [default: the built-in English one]
    #[arg(short, long, value_name = "MODEL")]
    pub(super) model: Option<PathBuf>,
    /// How the input is laid out
    #[arg(long, value_enum, default_value_t = Format::Auto)]
    pub(super) format: Format,
    /// The kind of field that the text comes from, where the input does not say (name, phone, line, …)
    #[arg(long, value_name = "KIND")]
    pub(super) field: Option<String>,
    /// Look at the events of this store as well: what people keep, turn down, and correct by themselves
    #[cfg(feature = "feedback")]
    #[arg(long, value_name = "STORE")]
    pub(super) feedback: Option<PathBuf>,
    /// Of these only the ones since then: RFC 3339
    #[cfg(feature = "feedback")]
    #[arg(long, value_name = "TIME", requires = "feedback", value_parser = super::feedback::args::time)]
    pub(super) since: Option<crate::feedback::Time>,
    /// Share of looks at unchanged text that may give an alarm: 0.05 or 5%
    #[arg(long, value_name = "P", default_value = "5%", value_parser = share)]
    pub(super) false_alarms: f32,
    /// Write an object
    #[arg(long)]
    pub(super) json: bool,
}

/// Look at the rules of a model.
#[derive(Debug, Args)]
pub(super) struct Rules {
    #[command(subcommand)]
    pub(super) command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// List the rules: by hand, then mined ones, with context, support and precision
    List {
        /// The model
        #[arg(value_name = "MODEL")]
        model: PathBuf,
    },
}

/// Check every byte of a model.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The model
    #[arg(value_name = "MODEL")]
    pub(super) model: PathBuf,
}

/// Make a model the current one of a registry, if it is no worse than the one that is.
///
/// Both correct the held-out pairs; for the first model, and where the current one is marked and has to go, the uncorrected
/// text takes the other's part. The candidate is refused (exit status 1, nothing changes) if it leaves more errors over all
/// files, or may leave more than 2 % more of those before (95 % interval by document); if its harm is over the limit, or surely more than the current model's while
/// errors are not surely fewer; or if it is surely worse in one file. With --shadow it is compared with what people were
/// shown, by what they then kept; where both are given, both have to say yes. It is copied into the registry.
#[derive(Debug, Args)]
pub(super) struct Promote {
    /// The model
    #[arg(value_name = "CANDIDATE")]
    pub(super) candidate: PathBuf,
    /// The folder of models; it is made if it is not there
    #[arg(long, value_name = "DIR")]
    pub(super) registry: PathBuf,
    /// Pairs that neither model was learned from
    #[arg(long, value_name = "PAIRS", num_args = 1.., required_unless_present = "shadow")]
    pub(super) gate: Vec<PathBuf>,
    /// Events of this store that the candidate did not learn from: what was shown, what people kept, and what the candidate
    /// proposed in shadow, or would have
    #[arg(long, value_name = "STORE")]
    pub(super) shadow: Option<PathBuf>,
    /// Of these only the ones since then: RFC 3339
    #[cfg(feature = "feedback")]
    #[arg(long, value_name = "TIME", requires = "shadow", value_parser = super::feedback::args::time)]
    pub(super) since: Option<crate::feedback::Time>,
    /// Most right words that may be broken: a share (0.003) or per cent (0.3%) [default: the candidate's own]
    #[arg(long, value_name = "P", value_parser = share)]
    pub(super) harm_limit: Option<f32>,
    /// First mark the models, the candidate among them, that learned from what this store forgot: none of them is promoted, or
    /// brought back
    #[arg(long, value_name = "STORE")]
    pub(super) feedback: Option<PathBuf>,
    /// Write an object
    #[arg(long)]
    pub(super) json: bool,
}

/// Make the former model of a registry the current one again.
///
/// Done twice, it goes two back. Models that are marked or damaged are passed over.
#[derive(Debug, Args)]
pub(super) struct Rollback {
    /// The folder of models
    #[arg(long, value_name = "DIR")]
    pub(super) registry: PathBuf,
    /// Write an object
    #[arg(long)]
    pub(super) json: bool,
}

/// Make pairs of right text, with noise like that which a model was learned from.
///
/// Without FILE, or where FILE is -, standard input is read, a paragraph a row; every 20 rows are a document. The same
/// model, text and options give the same pairs. Policies do not apply: noise changes digits as well.
#[derive(Debug, Args)]
pub(super) struct Augment {
    /// Right text
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// The model [default: the built-in English one]
    #[arg(short, long, value_name = "MODEL")]
    pub(super) model: Option<PathBuf>,
    /// Characters to be wrong, all in all: a share (0.05) or per cent (5%)
    #[arg(long, value_name = "F", value_parser = share)]
    pub(super) cer: f32,
    /// Pairs whose intended sides the text is to look like: rows as long, and of all documents the most similar
    #[arg(long, value_name = "PAIRS")]
    pub(super) like: Option<PathBuf>,
    /// About so many rows [default: as many as there are pairs to be like]
    #[arg(long, value_name = "N", requires = "like")]
    pub(super) rows: Option<usize>,
    /// Seed of every random choice
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    /// What to write
    #[arg(long, value_enum, default_value_t = EmitPairs::Rows)]
    pub(super) emit: EmitPairs,
    /// Threads to use [default: one a core]
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<NonZeroUsize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum EmitPairs {
    /// TSV: observed, intended, document; with a header
    Rows,
    /// An object a line: observed, intended, document, edits
    Jsonl,
}

/// A number of bytes: 300000, 300k, 9MB (decimal), 8MiB (binary).
fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return Err("a number of bytes is wanted: 300000, 9MB, 8MiB".to_owned()),
    };
    let number: u64 = number.parse().map_err(|_| "a number of bytes is wanted: 300000, 9MB, 8MiB")?;
    number.checked_mul(unit).ok_or_else(|| "more bytes than there can be".to_owned())
}

/// A share, 0–1, or per cent with its sign.
fn share(text: &str) -> Result<f32, String> {
    let (number, whole) = text.strip_suffix('%').map_or((text, 1.0), |n| (n.trim_end(), 100.0));
    match number.parse::<f32>() {
        Ok(number) if (0.0..=whole).contains(&number) => Ok(number / whole),
        _ => Err("a share from 0 to 1 is wanted, or per cent with its sign: 0.003, 0.3%".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn sizes_and_shares_have_units() {
        let cases = [("0", Some(0)), ("9MB", Some(9_000_000)), ("8 MiB", Some(8 << 20)), ("2k", Some(2_000))];
        for (text, want) in cases {
            assert_eq!(bytes(text).ok(), want, "{text}");
        }
        for text in ["", "MB", "-1", "1.5MB", "1TB", "99999999999999GB"] {
            assert!(bytes(text).is_err(), "{text}");
        }
        for (text, want) in [("0.003", 0.003), ("0.3%", 0.003), ("0", 0.0), ("100 %", 1.0)] {
            assert_eq!(share(text), Ok(want), "{text}");
        }
        for text in ["3", "-0.1", "101%", "NaN", "", "%"] {
            assert!(share(text).is_err(), "{text}");
        }
    }
}
