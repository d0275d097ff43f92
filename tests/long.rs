//! A long line, noisy all over, needs in memory what its length says: measured in bytes allocated, never in time. (The
//! steps of the search are counted in `src/decode/long_tests.rs`.)

mod support;

use std::alloc::System;

use amend::{Corrector, Line};
use cap::Cap;

#[global_allocator]
static ALLOCATED: Cap<System> = Cap::new(System, usize::MAX);

/// Bytes allocated, and the most held, while a line of so many pieces is corrected.
fn measured(corrector: &Corrector, piece: &str, times: usize) -> (usize, usize) {
    let line = piece.repeat(times);
    let (before, held) = (ALLOCATED.total_allocated(), ALLOCATED.allocated());
    let explained = corrector.worker().explain_document(&[Line::new(&line)]);
    // A token is changed as one. Whether the guard lets a change pass is another matter.
    let least = if piece.contains(' ') { times } else { 1 };
    let proposed = explained.iter().map(|line| line.decisions.len()).sum::<usize>();
    assert!(proposed >= least, "{proposed} changes proposed");
    // The most that was ever held: lines are measured by rising length.
    (ALLOCATED.total_allocated() - before, ALLOCATED.max_allocated() - held)
}

#[test]
fn four_times_the_line_takes_four_times_the_memory() {
    let corrector = support::corrector().harm_limit(Some(1.0));
    for piece in ["Imovation-Tumer-", "Head of Imovation, 3 Tumer Yarcl, Viema begiming "] {
        let times = if piece.contains(' ') { 1500 } else { 600 };
        let (total, _) = measured(&corrector, piece, times);
        let (more_total, more_held) = measured(&corrector, piece, 4 * times);
        let ratio = more_total as f64 / total as f64;
        assert!((3.0..4.6).contains(&ratio), "{piece}: {total} bytes allocated, then {more_total}: {ratio}");
        let bytes = 4 * times * piece.len();
        assert!(
            more_held < 400 * bytes + (24 << 20),
            "{piece}: {more_held} bytes held for a line of {bytes}"
        );
    }
}
