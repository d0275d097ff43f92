//! The feedback store under processes that are killed, and under several at once: what was acknowledged is
//! there, nothing is there by half, and what was forgotten is gone.
//!
//! The moments of the kills are drawn from fixed seeds; no verdict depends on how fast anything is.

#![cfg(all(unix, feature = "cli", feature = "feedback"))]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use amend::feedback::{Fate, Proposal, Query, Tally, Time};
use amend::{Event, FeedbackStore};

/// Numbers drawn from a seed (splitmix64).
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }
}

fn event(id: String, draw: &mut Draw) -> Event {
    let length = if draw.below(20) == 0 { 6000 } else { 1 + draw.below(40) };
    let text = format!("{id}:{}", "x".repeat(usize::try_from(length).expect("small")));
    Event {
        time: Time::from_unix_millis(1_764_000_000_000),
        user: Some(format!("user {}", draw.below(3))),
        observed: text.clone(),
        proposed: Some(Proposal { text: text.to_uppercase(), shown: true, ..Proposal::default() }),
        final_text: text,
        id,
        ..Event::default()
    }
}

fn lines<'a>(events: impl IntoIterator<Item = &'a Event>) -> String {
    events.into_iter().map(|event| event.to_json() + "\n").collect()
}

fn amend(line: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_amend"));
    command.arg("feedback").args(line).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn name(store: &Path) -> &str {
    store.to_str().expect("UTF-8")
}

fn wait_a_little(micros: u64) {
    std::thread::sleep(Duration::from_micros(micros));
}

/// What the store holds, by id.
fn held(store: &Path) -> BTreeMap<String, Event> {
    let Ok(store) = FeedbackStore::open(store) else { return BTreeMap::new() };
    let events = store.events(&Query::default()).expect("a query").map(|s| s.expect("a whole event").event);
    events.map(|event| (event.id.clone(), event)).collect()
}

/// How long a call takes when nobody kills it, so that kills can be spread over all of it.
fn micros(command: &mut Command) -> u64 {
    let since = Instant::now();
    let done = command.stdin(Stdio::null()).output().expect("it runs");
    assert!(done.status.success(), "{done:?}");
    u64::try_from(since.elapsed().as_micros()).expect("short")
}

#[test]
fn an_acknowledged_event_outlives_its_process() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = micros(&mut amend(&["add", name(&folder.path().join("timed"))]));
    let mut acknowledged = 0;
    for seed in 0..300_u64 {
        let mut draw = Draw(seed);
        // Every thirty kills a new store, so that making one is killed, too.
        let store = folder.path().join(format!("store {}", seed / 30));
        let events: Vec<Event> = (0..30).map(|n| event(format!("{seed}-{n}"), &mut draw)).collect();
        let mut child = amend(&["add", name(&store)]).spawn().expect("it starts");
        let mut input = child.stdin.take().expect("a pipe");
        let sent = lines(&events);
        let writer = std::thread::spawn(move || {
            // The pipe stays open until the process is gone; then there is nobody to write to.
            let _ = input.write_all(sent.as_bytes());
            input
        });
        let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut answers = String::new();
        // Half of the kills may come before anything was acknowledged, the others while it goes on.
        if draw.below(2) == 0 {
            wait_a_little(draw.below(2 * whole));
        } else {
            for _ in 0..1 + draw.below(20) {
                output.read_line(&mut answers).expect("an answer");
            }
            wait_a_little(draw.below(1000));
        }
        child.kill().expect("it can be killed");
        output.read_to_string(&mut answers).expect("the last answers");
        drop(writer.join().expect("the writer ends"));
        let status = child.wait().expect("it is dead");
        assert_eq!(status.signal(), Some(9), "seed {seed}: {status}");

        let held = held(&store);
        let whole_lines = answers.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
        for answer in whole_lines {
            let id = answer.strip_prefix("added ").unwrap_or_else(|| panic!("seed {seed}: {answer}"));
            assert!(held.contains_key(id), "seed {seed}: {id} was acknowledged, and is not there");
            acknowledged += 1;
        }
        // In order, without gaps, and each as it was sent.
        let there = events.iter().take_while(|event| held.get(&event.id) == Some(event)).count();
        let of_this_round = held.keys().filter(|id| id.starts_with(&format!("{seed}-"))).count();
        assert_eq!(there, of_this_round, "seed {seed}: something is there by half, or out of turn");
        // What earlier processes acknowledged stays: no round holds less than the one before it.
        let count = folder.path().join("count");
        let before = fs::read_to_string(&count).ok().filter(|_| seed % 30 > 0);
        let before: usize = before.map_or(0, |before| before.parse().expect("a number"));
        assert_eq!(held.len(), before + of_this_round, "seed {seed}");
        fs::write(&count, held.len().to_string()).expect("a note");
    }
    assert!(acknowledged > 300, "only {acknowledged} events were acknowledged: kills come too early to tell");
}

#[test]
fn an_import_that_is_killed_leaves_all_or_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = folder.path().join("store");
    let input = folder.path().join("events.jsonl");
    let file = |round: u64| -> BTreeMap<String, Event> {
        let mut draw = Draw(round);
        (0..400).map(|n| event(format!("{round}-{n}"), &mut draw)).map(|e| (e.id.clone(), e)).collect()
    };
    let mut want = file(1000);
    fs::write(&input, lines(want.values())).expect("a file");
    let whole = micros(&mut amend(&["import", name(&store), name(&input)]));
    let mut longest = whole + whole / 4;
    let (mut killed, mut none) = (0, 0);
    for seed in 0..60 {
        let events = file(seed);
        fs::write(&input, lines(events.values())).expect("a file");
        let mut child = amend(&["import", name(&store), name(&input)]).spawn().expect("it starts");
        wait_a_little(Draw(seed).below(longest));
        child.kill().expect("it can be killed");
        let Output { status, stdout, .. } = child.wait_with_output().expect("it is dead");
        let in_time = status.signal() == Some(9);
        killed += usize::from(in_time);
        // Whatever else the machine does: if kills come too late they come earlier.
        longest = if in_time { longest + longest / 8 } else { longest / 4 * 3 }.max(4);
        let held = held(&store);
        if held.contains_key(&format!("{seed}-0")) || !stdout.is_empty() {
            want.extend(events);
        } else {
            none += 1;
        }
        assert!(held == want, "seed {seed}: {} events are there, {} should be", held.len(), want.len());
    }
    assert!(killed > 10, "only {killed} of 60 were killed in time, {none} left nothing");
}

#[test]
fn forgetting_that_is_killed_can_be_done_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut whole = 0;
    for seed in 0..30_u64 {
        let store = folder.path().join(format!("store {seed}"));
        let mut draw = Draw(seed);
        let events = (0..200).map(|n| Event {
            user: Some(if n % 4 == 0 { "GONE" } else { "here" }.to_owned()),
            document: if n % 4 == 0 { format!("GONE{n}") } else { String::new() },
            ..event(n.to_string(), &mut draw)
        });
        FeedbackStore::create(&store).expect("a store").add_all(events).expect("events");
        let forget = ["forget", name(&store), "--user", "GONE"];
        if seed == 0 {
            whole = micros(&mut amend(&forget));
        } else {
            let mut child = amend(&forget).spawn().expect("it starts");
            wait_a_little(draw.below(whole));
            child.kill().expect("it can be killed");
            child.wait().expect("it is dead");
        }
        let of_user = held(&store).values().filter(|e| e.user.as_deref() == Some("GONE")).count();
        assert!(of_user == 0 || of_user == 50, "seed {seed}: half forgotten, {of_user} left");
        let again = amend(&forget).output().expect("it runs");
        assert!(again.status.success(), "seed {seed}: {again:?}");
        assert_eq!(held(&store).len(), 150, "seed {seed}");
        for end in ["", "-wal", "-shm"] {
            let bytes = fs::read(format!("{}{end}", store.display())).unwrap_or_default();
            assert!(!bytes.windows(4).any(|w| w == b"GONE"), "seed {seed}: a trace in the file{end}");
        }
    }
}

#[test]
fn two_processes_that_write_at_once_lose_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    for round in 0..6_u64 {
        let store = folder.path().join(format!("store {round}"));
        let mut draw = Draw(round);
        // Both make the store, each has events of its own, and some are the same.
        let common: Vec<Event> = (0..20).map(|n| event(format!("both-{n}"), &mut draw)).collect();
        let mut own = |who: &str| -> Vec<Event> {
            let mut events: Vec<Event> = (0..60).map(|n| event(format!("{who}-{n}"), &mut draw)).collect();
            events.splice(20..20, common.clone());
            events
        };
        let (one, two) = (own("one"), own("two"));
        let start = |events: &[Event]| -> (Child, std::thread::JoinHandle<()>) {
            let mut child = amend(&["add", name(&store)]).spawn().expect("it starts");
            let mut input = child.stdin.take().expect("a pipe");
            let sent = lines(events);
            // Where it does not listen, what it says on standard error tells why.
            (child, std::thread::spawn(move || drop(input.write_all(sent.as_bytes()))))
        };
        let started = [start(&one), start(&two)];
        let mut answers = BTreeMap::new();
        for (child, writer) in started {
            let Output { status, stdout, stderr } = child.wait_with_output().expect("it ends");
            writer.join().expect("the writer ends");
            assert!(status.success(), "round {round}: {}", String::from_utf8_lossy(&stderr));
            for answer in String::from_utf8(stdout).expect("UTF-8").lines() {
                *answers.entry(answer.to_owned()).or_insert(0) += 1;
            }
        }
        let want: BTreeMap<String, Event> =
            one.iter().chain(&two).map(|event| (event.id.clone(), event.clone())).collect();
        assert!(held(&store) == want, "round {round}");
        for id in want.keys() {
            assert_eq!(answers[&format!("added {id}")], 1, "round {round}: {id}");
        }
        let there: BTreeSet<_> = answers.keys().filter(|a| a.starts_with("there ")).collect();
        assert_eq!(there.len(), common.len(), "round {round}");
    }
}

/// An input that says when it is read, and then gives nothing until it is told to.
struct Slow {
    asked: Option<mpsc::Sender<()>>,
    go: mpsc::Receiver<()>,
}

impl Read for Slow {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        drop(self.asked.take());
        let _ = self.go.recv();
        Ok(0)
    }
}

#[test]
fn who_waits_too_long_is_told_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = folder.path().join("store");
    let mut first = FeedbackStore::create(&store).expect("a store");
    let (asked, is_asked) = mpsc::channel();
    let (go, gone) = mpsc::channel();
    let slow = BufReader::new(Slow { asked: Some(asked), go: gone });
    let importing = std::thread::spawn(move || first.import(slow, "slow").expect("nothing to import"));
    assert!(is_asked.recv().is_err(), "the import has begun when the sender is dropped");
    let add = ["add", name(&store), "--wait", "0.05", "--observed", "a", "--final", "b"];
    let Output { status, stdout, stderr } = amend(&add).output().expect("it ends");
    let stderr = String::from_utf8(stderr).expect("UTF-8");
    assert_eq!((status.code(), stdout.as_slice()), (Some(3), b"".as_slice()));
    let want = "amend: error: another process is using it (0.05 s waited), in ";
    assert!(
        stderr.starts_with(want) && stderr.ends_with(": run it again when that one is done\n"),
        "{stderr}"
    );
    drop(go);
    assert_eq!(importing.join().expect("the import ends"), Tally::default());
    assert!(amend(&add).output().expect("it ends").status.success());
    assert_eq!(held(&store).len(), 1);
}

#[test]
fn lines_are_kept_one_by_one_and_bad_ones_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = folder.path().join("store");
    let mut child = amend(&["add", name(&store)]).spawn().expect("it starts");
    let mut input = child.stdin.take().expect("a pipe");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    // Each is answered before the next is sent.
    for n in 0..3 {
        writeln!(input, r#"{{"id":"{n}","observed":"a","final":"b","time":1}}"#).expect("it listens");
        let mut answer = String::new();
        output.read_line(&mut answer).expect("an answer");
        assert_eq!(answer, format!("added {n}\n"));
    }
    input
        .write_all(b"{\"observed\":\"a\"}\n\xFF\n{\"id\":\"1\",\"observed\":\"a\",\"final\":\"c\"}\n")
        .expect("it listens");
    // Two equal ones without time and id are two.
    input
        .write_all(b"{\"observed\":\"a\",\"final\":\"b\"}\n{\"observed\":\"a\",\"final\":\"b\"}")
        .expect("it listens");
    drop(input);
    let Output { status, stderr, .. } = child.wait_with_output().expect("it ends");
    let stderr = String::from_utf8(stderr).expect("UTF-8");
    assert_eq!(status.code(), Some(3), "{stderr}");
    let told: Vec<&str> = stderr.lines().collect();
    assert!(told[0].contains("missing field `final`, in standard input, line 4, column "), "{stderr}");
    assert!(told[1].contains("not UTF-8, in standard input, line 5, byte 1"), "{stderr}");
    assert!(told[2].contains("with another content, in standard input, line 6"), "{stderr}");
    assert_eq!(told[3..], ["amend: 3 of 8 events failed, the rest is kept"]);
    let held = held(&store);
    assert_eq!(held.len(), 5);
    assert!(held.values().filter(|event| event.id.len() > 1).all(|event| event.time.is_some()));
    let again = FeedbackStore::open(&store).expect("the store").add(held["1"].clone());
    assert_eq!(again.expect("it is there").fate, Fate::There);
    // An event without a time that is sent again is the one that came before, and keeps its time.
    let line = ["add", name(&store), "--id", "sent twice", "--observed", "a", "--final", "b"];
    for want in ["added sent twice\n", "there sent twice\n"] {
        assert_eq!(String::from_utf8(amend(&line).output().expect("it ends").stdout).expect("UTF-8"), want);
    }
}
