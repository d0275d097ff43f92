//! The command itself: cases as data under `cli/`, and what a case cannot say (closed pipes, full disks, bytes).

#![cfg(feature = "cli")]

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// `TRYCMD=overwrite cargo test --test cli` writes the streams anew.
#[test]
fn cases() {
    let cases = trycmd::TestCases::new();
    cases.case("tests/cli/*.trycmd");
    if cfg!(not(feature = "feedback")) {
        cases.skip("tests/cli/feedback.trycmd");
        cases.skip("tests/cli/lessons.trycmd");
        cases.skip("tests/cli/monitor.trycmd");
    }
    if cfg!(not(feature = "english")) {
        cases.skip("tests/cli/english.trycmd");
    }
}

fn amend(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_amend"));
    command.current_dir(folder).args(args);
    command
}

fn done(command: &mut Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

/// A folder with a small model, `m.amend`.
fn with_model() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let pairs = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/path.in/pairs.tsv");
    let (status, _, err) = done(&mut amend(folder.path(), &["learn", "--pairs", pairs, "-o", "m.amend"]));
    assert_eq!((status, err.as_str()), (Some(0), ""));
    folder
}

#[test]
fn the_same_inputs_give_the_same_model_on_any_number_of_threads() {
    let folder = with_model();
    let pairs = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/path.in/pairs.tsv");
    for threads in ["1", "3"] {
        let line = ["learn", "--pairs", pairs, "--threads", threads, "-o", "again.amend"];
        assert_eq!(done(&mut amend(folder.path(), &line)).0, Some(0));
        let read = |name: &str| fs::read(folder.path().join(name)).expect("a model");
        assert!(read("m.amend") == read("again.amend"), "{threads} threads give another model");
    }
}

#[test]
fn a_damaged_model_is_refused() {
    let folder = with_model();
    fs::write(folder.path().join("a.txt"), "tbe\n").expect("a text");
    let good = fs::read(folder.path().join("m.amend")).expect("a model");
    let mut flipped = good.clone();
    flipped[good.len() / 2] ^= 1;
    let cut = good[..good.len() / 2].to_vec();
    for (name, bytes, open) in [("cut.amend", cut, Some(3)), ("flipped.amend", flipped, Some(0))] {
        fs::write(folder.path().join(name), bytes).expect("a model");
        let (status, _, err) = done(&mut amend(folder.path(), &["verify", name]));
        assert_eq!((status, err.lines().count()), (Some(1), 1), "{err}");
        assert!(err.starts_with("amend: error: ") && err.contains(name), "{err}");
        // Opening looks at the header and the bounds only.
        assert_eq!(done(&mut amend(folder.path(), &["correct", "-m", name, "a.txt"])).0, open, "{name}");
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let folder = with_model();
    fs::write(folder.path().join("long.txt"), "Clara kept the lamp.\n".repeat(20_000)).expect("a text");
    let mut child = amend(folder.path(), &["correct", "-m", "m.amend", "long.txt"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut first = [0; 5];
    let mut out = child.stdout.take().expect("a pipe");
    out.read_exact(&mut first).expect("a beginning");
    drop(out);
    let Output { status, stderr, .. } = child.wait_with_output().expect("the program ends");
    assert_eq!((&first, status.code(), stderr.as_slice()), (b"Clara", Some(0), b"".as_slice()));
}

#[test]
fn a_full_disk_is_a_failure_and_changes_nothing() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = with_model();
    fs::write(folder.path().join("a.txt"), "Clara kept tbe lamp.\n").expect("a text");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("the device");
    let line = ["correct", "-m", "m.amend", "a.txt"];
    for command in [
        amend(folder.path(), &line).stdout(full),
        amend(folder.path(), &line).args(["-o", "/dev/full"]),
        &mut amend(folder.path(), &["learn", "--pairs", "a.tsv", "-o", "/dev/full"]),
    ] {
        fs::write(folder.path().join("a.tsv"), "tbe lamp\tthe lamp\n".repeat(20)).expect("pairs");
        let (status, _, err) = done(command);
        assert_eq!((status, err.lines().count()), (Some(3), 1), "{err}");
        assert!(err.starts_with("amend: error: cannot write (no space left)"), "{err}");
    }
    assert_eq!(fs::read(folder.path().join("a.txt")).expect("as it was"), b"Clara kept tbe lamp.\n");
}

#[test]
fn standard_input_goes_through_byte_for_byte() {
    let folder = with_model();
    let cases: [&[u8]; 6] = [
        b"",
        b"\n",
        b"\xEF\xBB\xBF\r\n",
        b"right\0\x1B[31m\r\nlamp\rlamp",
        b"\n\n\r\n",
        "日本\u{2028}語\n".as_bytes(),
    ];
    for bytes in cases {
        let mut child = amend(folder.path(), &["correct", "-m", "m.amend"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        child.stdin.take().expect("a pipe").write_all(bytes).expect("it listens");
        let Output { status, stdout, .. } = child.wait_with_output().expect("the program ends");
        assert_eq!((status.code(), stdout.as_slice()), (Some(0), bytes));
    }
}
