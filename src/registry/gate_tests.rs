//! Verdicts on outputs whose errors can be counted by eye.

use super::gate::Made;
use super::*;
use crate::corpus::Pair;
use crate::model::{ModelFile, ModelId, ModelWriter, SectionKind};

/// A word a sign: `.` is right, `x` has one wrong letter.
fn text(signs: &str) -> String {
    signs.chars().map(|sign| if sign == '.' { "word" } else { "wxrd" }).collect::<Vec<_>>().join(" ")
}

fn id(name: &str) -> ModelId {
    let bytes = ModelWriter::new().section(SectionKind::Rules, name).to_bytes();
    ModelFile::from_bytes(bytes).expect("a model").id()
}

/// Rows of observed, current, candidate, a document each, so often.
type Rows<'a> = &'a [(usize, [&'a str; 3])];

fn verdict(files: &[Rows<'_>], first: bool) -> Result<Verdict, RegistryError> {
    let mut made = Made { new: Vec::new(), old: (!first).then(Vec::new) };
    let mut held_out = Vec::new();
    for (number, rows) in files.iter().enumerate() {
        let each = || rows.iter().flat_map(|(times, row)| std::iter::repeat_n(*row, *times));
        let pair = |(at, [observed, ..]): (usize, [&str; 3])| Pair {
            observed: text(observed),
            intended: text(&observed.replace('x', ".")),
            document: format!("page {at}"),
            ..Pair::default()
        };
        held_out
            .push(HeldOut { name: format!("file {number}"), pairs: each().enumerate().map(pair).collect() });
        made.new.push(each().map(|[.., new]| text(new)).collect());
        if let Some(old) = &mut made.old {
            old.push(each().map(|[_, old, _]| text(old)).collect());
        }
    }
    let current = (!first).then(|| id("current"));
    Gate::default().compare(id("candidate"), current, 0.02, &held_out, &made)
}

/// The faults of the whole and of each file, by name.
fn faults(files: &[Rows<'_>], first: bool) -> String {
    let name = |fault: &Fault| match fault {
        Fault::MoreErrors { .. } => "errors",
        Fault::Unsure { .. } => "unsure",
        Fault::WorseHere { .. } => "worse",
        Fault::OverLimit { .. } => "limit",
        Fault::MoreHarm { .. } => "harm",
    };
    let verdict = verdict(files, first).expect("there is something to judge by");
    let each = [&verdict.whole].into_iter().chain(&verdict.files);
    let each: Vec<String> = each.map(|a| a.faults.iter().map(name).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(verdict.passes(), each.iter().all(String::is_empty));
    each.join("|")
}

/// Nothing to mend and nothing broken; two errors that stay, are mended, or only by one of the two.
const RIGHT: [&str; 3] = ["..........", "..........", ".........."];
const NEITHER: [&str; 3] = ["xx........", "xx........", "xx........"];
const CURRENT: [&str; 3] = ["xx........", "..........", "xx........"];
const CANDIDATE: [&str; 3] = ["xx........", "xx........", ".........."];
/// A right word broken by one of the two, beside two errors that the candidate mends and the current one does not.
const BREAKS: [&str; 3] = ["xx........", "xx........", "..x......."];
/// A right word broken by the candidate, nothing gained.
const HARMS: [&str; 3] = ["..........", "..........", "x........."];

#[test]
fn verdicts_by_hand() {
    let cases: [(&str, &[Rows<'_>], &str); 14] = [
        ("the same outputs", &[&[(10, RIGHT), (10, NEITHER)]], ""),
        ("better everywhere", &[&[(10, RIGHT), (10, CANDIDATE)]], ""),
        ("worse everywhere", &[&[(10, RIGHT), (10, CURRENT)]], "errors"),
        ("a little worse", &[&[(99, NEITHER), (1, CURRENT)]], "errors"),
        ("as often better as worse", &[&[(10, CURRENT), (10, CANDIDATE)]], "unsure"),
        ("one in three worse: it could be chance", &[&[(5, CURRENT), (10, CANDIDATE)]], "unsure"),
        ("one in ten worse", &[&[(4, CURRENT), (36, CANDIDATE)]], ""),
        // 20 of 400 words, or 5 %, are over the limit of 2 %, however many are mended.
        ("mends, and breaks too much", &[&[(20, BREAKS), (20, RIGHT)]], "limit"),
        // 6 of 388 are within it; errors are surely fewer.
        ("mends, and breaks within the limit", &[&[(6, BREAKS), (34, NEITHER)]], ""),
        // One document of 40: the interval of harm begins at 0.
        ("breaks once, which may be chance", &[&[(1, BREAKS), (39, NEITHER)]], ""),
        // As many errors as before in all, 7 words broken, 7 mended.
        (
            "breaks as much as it mends",
            &[&[(7, ["x.........", "x.........", ".x........"]), (60, NEITHER)]],
            "harm",
        ),
        ("one file worse, the other makes up for it", &[&[(40, CANDIDATE)], &[(8, CURRENT)]], "|| worse"),
        (
            "one row worse in a small file is no proof",
            &[&[(40, CANDIDATE)], &[(1, CURRENT), (3, RIGHT)]],
            "||",
        ),
        // 4 of 20 words of right text: surely over 2 %, though 4 of 340 are not.
        (
            "right text broken",
            &[&[(40, CANDIDATE)], &[(2, ["..........", "..........", "xx........"])]],
            "|| worse limit",
        ),
    ];
    for (what, files, want) in cases {
        assert_eq!(faults(files, false), want.replace("| ", "|"), "{what}");
    }
}

#[test]
fn a_limit_is_what_was_written() {
    assert_eq!(
        (super::gate::decimal(0.005), super::gate::decimal(0.3), super::gate::decimal(0.0)),
        (0.005, 0.3, 0.0)
    );
}

#[test]
fn the_first_is_compared_with_uncorrected_text() {
    let cases: [(&str, &[Rows<'_>], &str); 5] = [
        ("mends", &[&[(10, RIGHT), (10, CANDIDATE)]], ""),
        ("does nothing", &[&[(10, RIGHT), (10, NEITHER)]], ""),
        ("mends, and breaks within the limit", &[&[(6, BREAKS), (34, NEITHER)]], ""),
        ("breaks only", &[&[(10, NEITHER), (1, HARMS)]], "errors"),
        ("breaks more than it mends", &[&[(1, CANDIDATE), (20, HARMS)]], "errors limit"),
    ];
    for (what, files, want) in cases {
        assert_eq!(faults(files, true), want, "{what}");
    }
    let verdict = verdict(&[&[(10, RIGHT), (10, CANDIDATE)]], true).expect("there are errors");
    let whole = &verdict.whole;
    assert_eq!((whole.cer_current, whole.harm_current, whole.repair_current), (None, None, None));
    // 20 errors in 20 rows of 49 letters; all of them mended.
    assert_eq!((whole.cer_before, whole.cer_candidate), (Some(20.0 / 980.0), Some(0.0)));
    assert_eq!(whole.cer_change, Some(-20.0 / 980.0));
}

#[test]
fn what_cannot_tell_better_from_worse_is_no_gate() {
    let cases: [(&[Rows<'_>], &str); 4] = [
        (&[], "no pairs"),
        (&[&[]], "no pairs"),
        (&[&[(10, RIGHT)]], "their observed side has no errors"),
        (&[&[(1, CANDIDATE)]], "there is one row only"),
    ];
    for (files, want) in cases {
        let error = verdict(files, false).expect_err(want).to_string();
        assert!(error.contains(want), "{error}\nlacks {want}");
    }
}

#[test]
fn the_table_has_every_figure_and_reason() {
    let verdict = verdict(&[&[(40, CANDIDATE)], &[(8, CURRENT)]], false).expect("there are errors");
    let table = verdict.to_string();
    let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    let joined: Vec<String> = lines.iter().map(|line| line.join(" ")).collect();
    for want in [
        "file 1: rows 8, documents 8",
        "CER 4.082 % 0.000 % 4.082 % +4.082 % +4.082 % .. +4.082 % no: it surely leaves more errors here \
         (CER +4.082 %; +0.082 % is tolerated)",
        "all: rows 48, documents 48",
        "harm 0.000 % 0.000 % 0.000 % +0.000 % +0.000 % .. +0.000 % yes: within the limit of 2.00 %",
        "repair 0.00 % 16.67 % 83.33 % +66.67 % rows better 40, worse 8",
    ] {
        assert!(joined.iter().any(|line| line == want), "no line {want:?} in\n{table}");
    }
    assert!(joined.iter().any(|line| line.starts_with("CER 4.082 % 3.401 % 0.680 % -2.721 %")), "{table}");
    assert_eq!(verdict.reasons().len(), 1);
    assert!(verdict.reasons()[0].starts_with("file 1: it surely leaves more errors here"));
}

#[test]
fn a_shadow_is_judged_on_what_people_kept() {
    let row = |[observed, shown, shadow]: [&'static str; 3], kept, document| {
        let [observed, shown, shadow, kept] = [observed, shown, shadow, kept].map(text);
        [observed, shown, shadow, kept, document]
    };
    let judged = |rows: &[[String; 5]]| {
        let rows = rows.iter().map(|[observed, shown, shadow, kept, document]| Kept {
            observed,
            shown,
            shadow,
            kept,
            document,
        });
        shadow(rows, &Gate::default())
    };
    let rows: Vec<[String; 5]> = (0..20)
        .map(|at| row(if at < 2 { CURRENT } else { CANDIDATE }, "..........", format!("card {at}")))
        .collect();
    let found = judged(&rows).expect("people mended something");
    assert_eq!((found.rows_better, found.rows_worse, found.faults.len()), (18, 2, 0));
    assert_eq!((found.repair_current, found.repair_candidate), (Some(0.1), Some(0.9)));
    assert_eq!(found.cer_change, Some((4.0 - 36.0) / 980.0));
    // People kept what only the shadow would have changed: that is its harm.
    let rows: Vec<[String; 5]> = (0..20)
        .map(|at| row(CANDIDATE, if at < 10 { "xx........" } else { ".........." }, format!("card {at}")))
        .collect();
    let found = judged(&rows).expect("people mended something");
    assert_eq!((found.broken_words, found.right_words), (20, 180));
    assert!(found.faults.iter().any(|fault| matches!(fault, Fault::OverLimit { .. })), "{found:?}");
    for rows in [&rows[..1], &rows[..5]] {
        assert!(matches!(judged(rows), Err(RegistryError::NothingToJudge { .. })));
    }
}
