//! All writing to the streams.

use std::fmt::Display;
use std::io::{self, BufWriter, Read, Write};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::error::CliError;

/// The three streams of a command, and what is known about who looks at them.
pub struct Streams {
    /// Standard input.
    pub input: Box<dyn Read>,
    /// Standard output. Texts go there byte for byte: nothing is filtered, whatever they hold.
    pub out: Box<dyn Write>,
    /// Standard error.
    pub err: Box<dyn Write>,
    /// Whether colours may be written to `out`.
    pub colour: bool,
    /// Whether a bar may be drawn on standard error.
    pub bar: bool,
}

impl std::fmt::Debug for Streams {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Streams {{ colour: {}, bar: {} }}", self.colour, self.bar)
    }
}

impl Streams {
    /// Those of the process. Colours and bars are for terminals (`NO_COLOR`, `CLICOLOR` and `TERM` are heard).
    pub fn standard() -> Self {
        let colour = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
        Self {
            input: Box::new(io::stdin()),
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
            colour,
            bar: io::IsTerminal::is_terminal(&io::stderr()),
        }
    }
}

/// The writer to the streams.
pub(super) struct Printer {
    input: Box<dyn Read>,
    out: BufWriter<Box<dyn Write>>,
    err: Box<dyn Write>,
    colour: bool,
    bar: bool,
}

const OUT: &str = "standard output";

impl Printer {
    pub(super) fn new(streams: Streams) -> Self {
        let Streams { input, out, err, colour, bar } = streams;
        Self { input, out: BufWriter::with_capacity(1 << 16, out), err, colour, bar }
    }

    pub(super) fn input(&mut self) -> &mut dyn Read {
        &mut self.input
    }

    /// Standard input for good, to read from while something is written.
    pub(super) fn take_input(&mut self) -> Box<dyn Read> {
        std::mem::replace(&mut self.input, Box::new(io::empty()))
    }

    pub(super) fn colour(&self) -> bool {
        self.colour
    }

    /// Writes to standard output as it stands.
    pub(super) fn out(&mut self, text: &str) -> Result<(), CliError> {
        self.out.write_all(text.as_bytes()).map_err(|e| CliError::write(OUT, e))
    }

    /// Hands over what was written so far.
    pub(super) fn flush(&mut self) -> Result<(), CliError> {
        self.out.flush().map_err(|e| CliError::write(OUT, e))
    }

    /// Reports an error: one line on standard error, whatever its message holds. Where even that cannot be
    /// written there is nobody left to tell.
    pub(super) fn error(&mut self, error: impl Display) {
        let line = error.to_string().split(['\n', '\r']).map(str::trim).collect::<Vec<_>>().join(" ");
        let _ = writeln!(self.err, "amend: error: {}", line.trim());
    }

    /// A remark on standard error.
    pub(super) fn remark(&mut self, remark: impl Display) {
        let _ = writeln!(self.err, "amend: {remark}");
    }

    /// A bar for work of `total` steps (0: nobody knows how many), seen if it takes over a second.
    pub(super) fn progress(&self, what: &'static str, total: usize) -> Progress {
        Progress::new(self.bar, what, total)
    }
}

/// A bar that shows itself after a second and goes when it is dropped.
pub(super) struct Progress {
    bar: ProgressBar,
    waiting: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    fn new(seen: bool, what: &'static str, total: usize) -> Self {
        let target = ProgressDrawTarget::hidden();
        let bar = ProgressBar::with_draw_target((total > 0).then_some(total as u64), target);
        let form = if total > 0 { "{msg} {wide_bar} {pos}/{len} {eta}" } else { "{spinner} {msg} {elapsed}" };
        bar.set_style(ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(what);
        let waiting = seen.then(|| {
            let (done, wait) = channel();
            let bar = bar.clone();
            let thread = std::thread::spawn(move || {
                if wait.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                    bar.enable_steady_tick(Duration::from_millis(200));
                }
            });
            (done, thread)
        });
        Self { bar, waiting }
    }

    /// So many steps further.
    pub(super) fn advance(&self, steps: usize) {
        self.bar.inc(steps as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, thread)) = self.waiting.take() {
            drop(done);
            // The thread only waits and draws; if it panicked there is no bar to clear.
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}
