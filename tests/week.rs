//! The worked example, `data/week`: its page is true, command by command, and so is what the front page tells of it.

#![cfg(all(unix, feature = "cli", feature = "feedback"))]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

fn house(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn amend(folder: &Path, line: &str) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_amend")).current_dir(folder).args(line.split(' ')).output();
    let done = done.expect("the program starts");
    assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("UTF-8")
}

/// Support, and precision in per cent, of the rule that a line of `amend rules list` begins with.
fn standing(list: &str, rule: &str, context: &str) -> Option<(u64, f64)> {
    let line = list.lines().find(|line| {
        line.strip_prefix(rule).is_some_and(|rest| rest.trim_start().starts_with(&format!("{context}  ")))
    })?;
    let figures = line.split_once(context)?.1.split_whitespace().collect::<Vec<_>>();
    Some((figures.first()?.parse().ok()?, figures.get(1)?.parse().ok()?))
}

/// `TRYCMD=overwrite cargo test --test week` writes into the page what is printed now.
#[test]
fn the_week_is_as_it_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    // The page is run where its files lie, and writes there: in a copy.
    let (page, week) = (folder.path().join("week.md"), folder.path().join("week.in"));
    symlink(house("data/week/README.md"), &page).expect("a link");
    fs::create_dir(&week).expect("a folder");
    for file in fs::read_dir(house("data/week")).expect("the example is there") {
        let file = file.expect("a file");
        if file.path().is_file() {
            fs::copy(file.path(), week.join(file.file_name())).expect("a copy");
        }
    }
    trycmd::TestCases::new().case(&page).run();

    // What Thursday's model made of what was turned down. The rule behind it has gone,
    let lists = ["wednesday", "thursday"].map(|day| amend(&week, &format!("rules list {day}.amend")));
    let tamer = ("Tamer → Tanner", "after ^ before $");
    assert!(standing(&lists[0], tamer.0, tamer.1).is_some(), "{}", lists[0]);
    assert_eq!(standing(&lists[1], tamer.0, tamer.1), None, "{}", lists[1]);
    // and the one that goes against all of them stands lower than if people had left the same texts standing unasked.
    amend(
        &week,
        "feedback import typed.store monday.jsonl tuesday.jsonl wednesday.jsonl loud.jsonl thursday.jsonl",
    );
    amend(&week, "learn --feedback typed.store -o typed.amend");
    let typed = standing(&amend(&week, "rules list typed.amend"), "m → nn", "anywhere").expect("it is mined");
    let turned_down = standing(&lists[1], "m → nn", "anywhere").expect("it is mined");
    assert_eq!(typed.0, turned_down.0, "as many corrections support it");
    assert!(turned_down.1 < typed.1, "{turned_down:?} beside {typed:?}");
}

#[test]
fn the_front_page_quotes_the_week() {
    let read = |path: &str| fs::read_to_string(house(path)).expect("a page");
    let (front, week) = (read("README.md"), read("data/week/README.md"));
    let section = front.split("\n## A week\n").nth(1).expect("it has the section");
    let section = section.split("\n## ").next().unwrap_or(section);
    let quoted: Vec<&str> = section.lines().filter_map(|line| line.strip_prefix("    ")).collect();
    let quoted: Vec<&str> = quoted.into_iter().filter(|line| !["", "…"].contains(&line.trim())).collect();
    assert!(quoted.len() >= 10, "{} lines", quoted.len());
    for line in quoted {
        let stands = week.lines().any(|other| other.strip_prefix("$ ").unwrap_or(other) == line);
        assert!(stands, "not in data/week/README.md: {line}");
    }
}
