//! Holds the house to its plan: who may use whom, how long a file may be, that every door says what is behind
//! it, and that what the architecture page names is there.

#[path = "tidy/source.rs"]
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use source::Source;

/// The rooms in the order of the flow, each with the rooms that it may use. It may also use what those may,
/// and `cost` and `text`. A new line *here* is a design change.
const ROOMS: &[(&str, &[&str])] = &[
    ("cost", &[]),
    ("text", &[]),
    ("classify", &[]),
    ("corpus", &[]),
    ("counts", &["corpus"]),
    ("language", &["counts"]),
    ("channel", &["counts"]),
    ("rules", &["counts"]),
    ("entries", &["counts", "classify", "corpus"]),
    ("model", &["language", "channel", "rules", "entries", "classify"]),
    ("decode", &["model"]),
    ("guard", &["model", "decode", "classify"]),
    ("correct", &["decode", "guard"]),
    ("evaluate", &["correct"]),
    ("augment", &["evaluate"]),
    ("learn", &["evaluate", "augment"]),
    ("feedback", &["corpus"]),
    ("registry", &["learn", "feedback"]),
    ("monitor", &["learn", "feedback"]),
    ("formats", &["correct", "evaluate"]),
    ("review", &["correct", "evaluate"]),
    ("report", &["correct", "evaluate"]),
];

/// Rooms of no rank: they arrange the others and may use them all.
const FREE: &[&str] = &["cli", "lib", "main"];

const MOST_LINES: usize = 600;

/// Each room's name, and all rooms that it may use.
fn allowed() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for &(room, uses) in ROOMS {
        let mut may: BTreeSet<&str> = BTreeSet::from([room]);
        match room {
            "cost" => {}
            "text" | "classify" => may.extend(["cost"]),
            _ => may.extend(["cost", "text"]),
        }
        for used in uses {
            let theirs = all.get(used).unwrap_or_else(|| panic!("{used} has to stand above {room}"));
            may.extend(theirs);
        }
        all.insert(room, may);
    }
    all
}

fn house() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file under the folder, in order, by its path from the top of the house.
fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![house().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.expect("the folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path.strip_prefix(house()).expect("it lies in the house").to_owned());
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(house().join(path)).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// `src/model/file.rs` → its room `model`, and the names of its modules, `model` and `file`.
fn modules(path: &Path) -> Vec<String> {
    let inside = path.strip_prefix("src").expect("rooms are in src").with_extension("");
    let mut names: Vec<_> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if names.len() > 1 && names.last().is_some_and(|last| last == "mod") {
        names.pop();
    }
    names
}

/// Whether the file is a module, or lies in one, that is there for tests only.
fn is_test(path: &Path, test_modules: &BTreeSet<Vec<String>>) -> bool {
    let names = modules(path);
    (1..=names.len()).any(|n| test_modules.contains(&names[..n]))
}

fn report(what: &str, failures: &[String]) {
    assert!(failures.is_empty(), "{what}:\n  {}\n", failures.join("\n  "));
}

/// What the file uses and should not.
fn against_the_plan(path: &Path, source: &Source) -> Vec<String> {
    let allowed = allowed();
    let names = modules(path);
    let room = names[0].as_str();
    if FREE.contains(&room) {
        return Vec::new();
    }
    let Some(may) = allowed.get(room) else {
        return vec![format!("{}: the room `{room}` has no row in the table of this test", path.display())];
    };
    let wrong = |(line, used): (usize, String)| {
        let is_room = allowed.contains_key(used.as_str()) || FREE.contains(&used.as_str());
        let what = match is_room {
            true if may.contains(used.as_str()) => return None,
            true => format!("`{room}` may not use `{used}`"),
            false => format!("`{used}` is no room; name the room that a thing lives in"),
        };
        Some(format!("{}:{line}: {what}", path.display()))
    };
    source.roots(names.len()).into_iter().filter_map(wrong).collect()
}

#[test]
fn a_wrong_import_is_told() {
    let told = |path: &str, text: &str| against_the_plan(Path::new(path), &Source::new(text));
    assert_eq!(
        told("src/text/a.rs", "use crate::cost;\nuse crate::guard::X;"),
        ["src/text/a.rs:2: `text` may not use `guard`"]
    );
    assert_eq!(told("src/channel/mod.rs", "use super::language;").len(), 1);
    assert_eq!(
        told("src/decode/beam.rs", "use crate::{cost, Model};"),
        ["src/decode/beam.rs:1: `Model` is no room; name the room that a thing lives in"]
    );
    assert_eq!(told("src/attic/mod.rs", "").len(), 1);
    assert_eq!(told("src/cli/learn.rs", "use crate::{Model, guard};"), [""; 0]);
    assert_eq!(told("src/guard/a.rs", "use crate::{decode, corpus::Line, model::ModelFile};"), [""; 0]);
}

#[test]
fn rooms_use_only_what_stands_above_them() {
    let sources: Vec<_> =
        rust_files("src").into_iter().map(|path| (Source::new(&read(&path)), path)).collect();
    assert!(sources.len() > 10, "the sources were not found");
    let mut test_modules = BTreeSet::new();
    for (source, path) in &sources {
        for name in &source.test_modules {
            let mut names = modules(path);
            if matches!(names[..], [ref only] if only == "lib") {
                names.clear();
            }
            names.push(name.clone());
            test_modules.insert(names);
        }
    }
    let failures: Vec<_> = sources
        .iter()
        .filter(|(_, path)| !is_test(path, &test_modules))
        .flat_map(|(source, path)| against_the_plan(path, source))
        .collect();
    report("imports against the plan", &failures);
}

#[test]
fn no_file_is_too_long() {
    let folders = ["src", "tests", "benches", "examples"];
    let failures: Vec<_> = folders
        .iter()
        .flat_map(|folder| rust_files(folder))
        .map(|path| (read(&path).lines().count(), path))
        .filter(|&(lines, _)| lines > MOST_LINES)
        .map(|(lines, path)| {
            format!("{}: {lines} lines, {MOST_LINES} at most; look for the seam", path.display())
        })
        .collect();
    report("too long", &failures);
}

#[test]
fn every_room_has_a_door_with_a_doc() {
    let mut doors: BTreeMap<String, (PathBuf, usize)> = BTreeMap::new();
    for path in rust_files("src") {
        let names = modules(&path);
        let files = doors.entry(names[0].clone()).or_insert_with(|| (path.clone(), 0));
        files.1 += 1;
        if names.len() == 1 {
            files.0 = path;
        }
    }
    let mut failures = Vec::new();
    for (room, (door, files)) in doors {
        let text = read(&door);
        let doc: Vec<_> = text.lines().take_while(|line| line.starts_with("//!")).collect();
        let is_door = modules(&door).len() == 1;
        let empty = doc.first().is_none_or(|line| line.len() < 10);
        let stale = files > 1 && doc.iter().any(|line| line.contains("under construction"));
        if !is_door || empty || stale {
            failures.push(format!("{}: `{room}` needs a doc on its door (`//! …`)", door.display()));
        }
    }
    report("rooms without a doc", &failures);
}

#[test]
fn unsafe_code_is_in_one_file_and_no_test_is_ignored() {
    let mut failures = Vec::new();
    for path in ["src", "tests"].into_iter().flat_map(rust_files) {
        let code = Source::new(&read(&path)).code;
        if path != Path::new("src/model/map.rs") && source::words(&code).any(|(_, word)| word == "unsafe") {
            failures.push(format!("{}: unsafe", path.display()));
        }
        if code.contains("#[ignore") {
            failures.push(format!(
                "{}: an ignored test; assert what is known to be wrong as it is",
                path.display()
            ));
        }
    }
    report("unsafe outside of src/model/map.rs, or ignored tests", &failures);
}

/// What the page names in back-quotes or links to, if it looks like a path of the house.
fn paths_named(page: &str) -> BTreeSet<String> {
    const TOPS: &[&str] = &["src/", "data/", "tests/", "benches/", "examples/", "fuzz/", ".ci/"];
    let quoted = page.split('`').skip(1).step_by(2);
    let linked = page.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    let files = [".rs", ".md", ".toml", ".txt", ".tsv"];
    quoted
        .chain(linked)
        .filter(|name| !name.contains([' ', ':', '\n', '<', '…']))
        .filter(|name| {
            TOPS.iter().any(|top| name.starts_with(top)) || files.iter().any(|end| name.ends_with(end))
        })
        .map(|name| name.split('*').next().unwrap_or(name).to_owned())
        .collect()
}

#[test]
fn what_the_architecture_page_names_is_there() {
    let page = fs::read_to_string(house().join("ARCHITECTURE.md")).unwrap_or_default();
    let missing: Vec<_> = paths_named(&page)
        .into_iter()
        .filter(|name| !house().join(name).exists() && !house().join("src").join(name).exists())
        .map(|name| format!("ARCHITECTURE.md names {name}, which is not there"))
        .collect();
    report("links that rot", &missing);
}

#[test]
fn paths_are_found_in_a_page() {
    let page = "`src/cost.rs` and `decode/beam.rs`, see [door](src/text/mod.rs#top), `tests/cases/*.case`; `a::b`, `m nn`, `x/y`";
    let found: Vec<_> = paths_named(page).into_iter().collect();
    assert_eq!(found, ["decode/beam.rs", "src/cost.rs", "src/text/mod.rs", "tests/cases/"]);
}

#[test]
fn the_table_is_one_way() {
    let allowed = allowed();
    assert!(allowed["decode"].contains("counts") && !allowed["decode"].contains("guard"));
    assert!(!allowed["language"].contains("channel") && !allowed["text"].contains("corpus"));
    assert!(allowed["learn"].contains("guard") && !allowed["evaluate"].contains("learn"));
}
