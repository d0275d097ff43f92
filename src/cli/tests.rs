//! The commands from arguments to exit status, with a corrector that only knows that `tbe` is `the`.

use std::cell::RefCell;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;

use super::engine::double::Double;
use super::*;

/// A stream to look into.
#[derive(Clone, Default)]
struct Kept(Rc<RefCell<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Kept {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.borrow()).into_owned()
    }
}

/// A stream that fails.
struct Failing(io::ErrorKind);

impl Write for Failing {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn amend_to(out: Box<dyn Write>, folder: &Path, line: &str, input: &'static [u8]) -> (u8, String) {
    let err = Kept::default();
    let folder = folder.display().to_string();
    let args = std::iter::once("amend".to_owned()).chain(line.split(' ').map(|a| a.replace('@', &folder)));
    let streams =
        Streams { input: Box::new(input), out, err: Box::new(err.clone()), colour: false, bar: false };
    let status = run_with(args.map(OsString::from), streams, &Double::default());
    (status.code(), err.text().replace(&folder, "@"))
}

/// Status, standard output, standard error; `@` stands for the folder.
fn amend(folder: &Path, line: &str, input: &'static [u8]) -> (u8, String, String) {
    let out = Kept::default();
    let (status, err) = amend_to(Box::new(out.clone()), folder, line, input);
    (status, out.text().replace(&folder.display().to_string(), "@"), err)
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).expect("a file");
    }
    folder
}

#[test]
fn text_is_corrected_line_for_line() {
    let folder = folder(&[
        ("a.txt", b"\xEF\xBB\xBFtbe cat\r\n\r\ntbe\0 dog\n\x1B[31mfox\rtbe"),
        ("rows.tsv", b"tbe\tNEVER READ\td1\n\tx\td2\nb\ty\td1\r\n"),
        ("one.tsv", b"tbe\nb\n"),
        ("r.jsonl", b"{\"text\":\"tbe\"}\n{\"observed\":\"x\"}"),
        ("e.jsonl", b"{\"id\":\"i1\",\"time\":5,\"user\":\"u\",\"document\":\"d\",\"kind\":\"name\",\"observed\":\"tbe\",\"shown\":7,\"final\":\"the\",\"evidence\":[5]}"),
        ("empty", b""),
    ]);
    let cases: [(&str, &'static [u8], &str); 14] = [
        ("correct", b"tbe cat\nb", "the cat\nb"),
        ("correct -", b"\n\ntbe\n", "\n\nthe\n"),
        ("correct @/a.txt", b"", "\u{FEFF}the cat\r\n\r\nthe\0 dog\n\x1B[31mfox\rthe"),
        ("correct @/rows.tsv", b"", "the\n\nb\n"),
        ("correct --format text @/rows.tsv", b"", "the\tNEVER READ\td1\n\tx\td2\nb\ty\td1\r\n"),
        ("correct @/one.tsv", b"", "the\nb\n"),
        ("correct @/r.jsonl @/empty @/one.tsv", b"", "the\nx\nthe\nb\n"),
        ("correct --format rows -", b"tbe\tx\n", "the\n"),
        ("correct @/empty", b"", ""),
        (
            "correct --emit json",
            b"a tbe\n",
            "{\"text\":\"a the\",\"observed\":\"a tbe\",\"edits\":[{\"start\":2,\"end\":5,\"observed\":\"tbe\",\
             \"intended\":\"the\",\"confidence\":0.5,\"by\":\"beam\",\"alternatives\":[]}]}\n",
        ),
        (
            "correct --emit events",
            b"tbe\n",
            "{\"observed\":\"tbe\",\"proposed\":\"the\",\"shown\":true,\"model\":\"c0ffee\",\"edits\":[{\"start\":0,\"end\":3,\
             \"observed\":\"tbe\",\"intended\":\"the\",\"confidence\":0.5,\"by\":\"beam\"}]}\n",
        ),
        // What nobody sees is another event than what was shown: it does not take the name.
        (
            "correct --emit events --shadow @/e.jsonl",
            b"",
            "{\"time\":5,\"user\":\"u\",\"document\":\"d\",\"kind\":\"name\",\"observed\":\"tbe\",\"proposed\":\"the\",\
             \"shown\":false,\"model\":\"c0ffee\",\"edits\":[{\"start\":0,\"end\":3,\"observed\":\"tbe\",\"intended\":\"the\",\
             \"confidence\":0.5,\"by\":\"beam\"}],\"final\":\"the\",\"evidence\":[5.0]}\n",
        ),
        (
            "correct --emit diff @/a.txt",
            b"",
            "--- @/a.txt\n+++ @/a.txt\n@@ -1 +1 @@\n-\u{FEFF}tbe cat\r\n+\u{FEFF}the cat\r\n\
             @@ -3 +3 @@\n-tbe\0 dog\n+the\0 dog\n\
             @@ -4 +4 @@\n-\x1B[31mfox\rtbe\n\\ No newline at end of file\n\
             +\x1B[31mfox\rthe\n\\ No newline at end of file\n",
        ),
        ("correct --emit diff @/empty", b"", ""),
    ];
    for (line, input, want) in cases {
        assert_eq!(amend(folder.path(), line, input), (0, want.to_owned(), String::new()), "{line}");
    }
}

#[test]
fn an_error_is_one_line_with_its_status() {
    let folder = folder(&[
        ("bad.txt", b"one\ntw\xFFo\n"),
        ("bad.tsv", b"a\tb\nc\td\te\tf\t1\tg\n"),
        ("few.tsv", b"a\tb\nc\n"),
        ("good.txt", b"tbe\n"),
        ("broken.jsonl", b"{\"text\":\"a\\nb\"}\n"),
        ("rules.toml", b"\xFF"),
        ("lines", b"x\ny\n"),
    ]);
    fs::create_dir(folder.path().join("dir")).expect("a folder");
    let cases = [
        ("", 2, "unrecognized subcommand"),
        ("rules", 2, "a command is missing"),
        ("learn --memory 2 --pairs @/few.tsv -o @/m", 3, "the inputs are 6 bytes, --memory allows 2"),
        ("learn --counts @/good.txt -o @/m", 3, "\"tbe\" is no count, in @/good.txt, line 1, column 1"),
        ("correct --frob", 2, "unexpected argument '--frob' found"),
        ("frobnicate", 2, "unrecognized subcommand 'frobnicate'"),
        ("learn --pairs x", 2, "the following required arguments were not provided: --output <MODEL>"),
        ("learn -o @/m", 2, "nothing to learn from"),
        ("correct --harm-limit 3", 2, "0.3%"),
        ("correct --format pdf", 2, "[possible values: auto, text, rows, jsonl]"),
        ("correct - -", 2, "standard input is given twice"),
        ("correct --in-place", 2, "cannot replace standard input"),
        ("correct --in-place --emit json @/good.txt", 2, "--in-place writes text"),
        ("correct --in-place -o x @/good.txt", 2, "cannot be used with"),
        ("correct -o @/lines @/good.txt @/bad.txt", 2, "@/lines is a file"),
        ("correct -o @/dir @/good.txt @/dir/good.txt", 2, "two inputs are named good.txt"),
        ("correct -o @/dir -", 2, "an input without a name"),
        ("correct -m @/none.amend @/good.txt", 3, "none.amend: learn it"),
        ("correct @/none.txt", 3, "no such file, in @/none.txt: check the name"),
        ("correct @/dir", 3, "a folder, not a file, in @/dir"),
        ("correct @/bad.txt", 3, "not UTF-8, in @/bad.txt, line 2, byte 3: convert"),
        ("correct @/bad.tsv", 3, "6 columns found, 2 to 5 expected, in @/bad.tsv, line 2, column 6"),
        ("correct --format rows @/few.tsv", 3, "1 column found, 2 to 5 expected, in @/few.tsv, line 2"),
        ("correct @/broken.jsonl", 3, "a text with a line break in it, in @/broken.jsonl, line 1"),
        ("correct --rules @/rules.toml @/good.txt", 3, "not UTF-8, in @/rules.toml, line 1, byte 1"),
        ("correct -o @/none/x @/good.txt", 3, "in @/none/x: make its folder first"),
        ("correct -o @/none/ @/good.txt", 3, "no such folder, in @/none/: make it first"),
        ("eval @/few.tsv", 3, "in @/few.tsv, line 2, column 2"),
        ("eval --against-output @/lines @/few.tsv @/few.tsv", 2, "give one file of PAIRS"),
        ("learn --pairs @/few.tsv -o @/m", 3, "in @/few.tsv, line 2, column 2"),
        ("learn --pairs @/few.tsv -o @/none/m", 3, "in @/none/m: make its folder first"),
        ("learn --text @/dir -o @/m", 3, "a folder, not a file, in @/dir"),
        ("learn --known @/bad.txt -o @/m", 3, "not UTF-8, in @/bad.txt, line 2"),
        ("verify @/none.amend", 1, "damaged"),
    ];
    for (line, status, want) in cases {
        let (found, out, err) = amend(folder.path(), line, b"");
        assert_eq!(found, status, "{line}: {err}");
        assert_eq!(out, "", "{line}");
        assert!(err.starts_with("amend: error: ") && err.contains(want), "{line}: {err}\nlacks {want}");
        assert_eq!(err.lines().count(), 1, "{line}: {err}");
    }
}

#[test]
fn what_can_be_done_is_done() {
    let folder = folder(&[("a", b"tbe"), ("b", b"\xFF"), ("c", b"tbe\n")]);
    let (status, out, err) = amend(folder.path(), "correct @/a @/none @/b @/c", b"");
    assert_eq!((status, out.as_str()), (3, "thethe\n"));
    let lines: Vec<&str> = err.lines().collect();
    assert_eq!(lines.len(), 3, "{err}");
    assert_eq!(lines[2], "amend: 2 of 4 inputs failed, the rest is done");
}

#[test]
fn outputs_are_whole_and_originals_stay() {
    let folder = folder(&[
        ("a.txt", b"tbe\r\n"),
        ("b.txt", b"\xFF"),
        ("right.txt", b"right\n"),
        ("r.tsv", b"tbe\tx\n"),
    ]);
    let path = folder.path();
    let read = |name: &str| fs::read(path.join(name)).map(|b| String::from_utf8_lossy(&b).into_owned()).ok();
    fs::create_dir(path.join("out")).expect("a folder");

    assert_eq!(amend(path, "correct -o @/out @/a.txt @/b.txt", b"").0, 3);
    assert_eq!((read("out/a.txt").as_deref(), read("out/b.txt")), (Some("the\r\n"), None));
    assert_eq!(amend(path, "correct -o @/out/json --emit json @/a.txt", b"").0, 0);
    assert!(read("out/json").is_some_and(|text| text.starts_with("{\"text\":\"the\"")));

    assert_eq!(amend(path, "correct --in-place @/r.tsv", b"").0, 3);
    assert_eq!(read("r.tsv").as_deref(), Some("tbe\tx\n"));
    assert_eq!(amend(path, "correct --in-place=.old @/a.txt @/b.txt @/none", b"").0, 3);
    assert_eq!((read("a.txt").as_deref(), read("a.txt.old").as_deref()), (Some("the\r\n"), Some("tbe\r\n")));
    assert_eq!(fs::read(path.join("b.txt")).expect("as it was"), b"\xFF");
    assert_eq!(amend(path, "correct --in-place @/right.txt", b"").0, 0);
    assert_eq!(read("right.txt").as_deref(), Some("right\n"));
    let left = fs::read_dir(path).expect("a folder").count();
    assert_eq!(left, 6, "a.txt, a.txt.old, b.txt, right.txt, r.tsv, out");
}

#[test]
fn a_closed_pipe_is_no_failure_and_a_full_disk_is_one() {
    let folder = folder(&[("a", b"tbe")]);
    for line in ["correct @/a @/a", "--help", "--version", "inspect x", "rules list x", "verify @/a"] {
        let closed = amend_to(Box::new(Failing(io::ErrorKind::BrokenPipe)), folder.path(), line, b"");
        assert_eq!(closed, (0, String::new()), "{line}");
        let (status, err) = amend_to(Box::new(Failing(io::ErrorKind::StorageFull)), folder.path(), line, b"");
        assert_eq!((status, err.lines().count()), (3, 1), "{line}: {err}");
        assert!(err.contains("in standard output: make room"), "{err}");
    }
}

#[test]
fn eval_judges_each_file() {
    let folder = folder(&[
        ("p.tsv", b"tbe cat\tthe cat\td1\tline\nthe cot\tthe cat\td2\tname\n"),
        ("o.txt", b"the cat\nthe cat\n"),
        ("short.txt", b"the cat\n"),
    ]);
    let json = |line: &str| -> serde_json::Value {
        let (status, out, err) = amend(folder.path(), line, b"");
        assert_eq!((status, err.as_str()), (0, ""), "{line}");
        serde_json::from_str(&out).expect("one object")
    };
    let one = json("eval --json @/p.tsv");
    assert_eq!(
        (one["rows"].as_u64(), one["errors_before"].as_u64(), one["errors_after"].as_u64()),
        (Some(2), Some(2), Some(1))
    );
    assert!(one.get("file").is_none() && one.get("by").is_none() && one.get("against").is_none());
    // One edit, right, at half confidence; "cot" for "cat" is no word, and nobody proposed anything.
    assert_eq!(
        (one["ceiling"]["perfect_guard"].as_f64(), one["reliability"]["made"]["error_points"].as_f64()),
        (Some(-0.5), Some(50.0))
    );
    assert_eq!(
        (one["kinds"][0]["right"].as_u64(), one["errors"]["total"]["never_proposed"].as_u64()),
        (Some(1), Some(1))
    );
    let by = json("eval --json --by kind @/p.tsv");
    assert_eq!(
        (by["by"]["line"]["errors_after"].as_u64(), by["by"]["name"]["errors_after"].as_u64()),
        (Some(0), Some(1))
    );
    let still = json("eval --json --harm-limit 0 @/p.tsv");
    assert_eq!(still["errors_after"].as_u64(), Some(2), "nothing is changed");
    let two = json("eval --json --against-output @/o.txt @/p.tsv");
    assert_eq!(
        (two["first"]["errors_after"].as_u64(), two["second"]["errors_after"].as_u64()),
        (Some(1), Some(0))
    );
    assert!(two.get("ceiling").is_some() && two.get("against").is_none());
    let models = json("eval --json --against @/o.txt @/p.tsv");
    assert_eq!(models["against"]["ceiling"], models["ceiling"]);
    let (_, out, _) = amend(folder.path(), "eval --errors --against @/o.txt @/p.tsv", b"");
    assert_eq!(out.matches("\nerrors left ").count(), 2, "{out}");
    let (_, out, _) = amend(folder.path(), "eval @/p.tsv", b"");
    assert!(out.contains("\nperfect guard    -50.00 %") && !out.contains("errors left"), "{out}");
    let (status, _, err) = amend(folder.path(), "eval --against-output @/short.txt @/p.tsv", b"");
    assert_eq!(status, 3);
    assert!(err.contains("1 lines for 2 rows of pairs, in @/short.txt"), "{err}");
    let (status, out, err) = amend(folder.path(), "eval --by document @/p.tsv @/none @/p.tsv", b"");
    assert_eq!((status, err.lines().count()), (3, 2), "{err}");
    assert!(out.starts_with("@/p.tsv\n") && out.contains("\nd1\n"), "{out}");
}

#[test]
fn learn_writes_a_model_and_says_what_it_left_out() {
    let folder = folder(&[
        ("p.tsv", b"observed\tintended\ntbe\tthe\nx\t\n"),
        ("q.tsv", b"\xEF\xBB\xBFa\tb\r\n"),
        ("known", b"Kiko\n\n"),
        ("text", b"right text\n"),
    ]);
    let line = "learn --pairs @/p.tsv @/q.tsv --text @/text --known @/known --threads 2 --size 9MB \
                --screen-report @/report --output @/m.amend";
    let (status, out, err) = amend(folder.path(), line, b"");
    assert_eq!((status, out.as_str(), err.as_str()), (0, "learned\n", ""));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("a file");
    assert_eq!(read("m.amend"), "3 pairs");
    let report = read("report").replace(&folder.path().display().to_string(), "@");
    assert_eq!(report, "reason\tfile\tline\tobserved\tintended\tdocument\nempty side\t@/p.tsv\t3\tx\t\t\n");
}
