use serde_json::Value;

use super::*;

/// Cases with the figures of an independent evaluator in Python, written on the same definitions
/// (`judged.json`): every figure agrees to the last digit.
#[test]
fn agrees_with_an_independent_evaluator() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("judged.json")).unwrap();
    assert!(cases.len() > 12);
    for case in &cases {
        let rows: Vec<[String; 4]> = serde_json::from_value(case["rows"].clone()).unwrap();
        let summary = serde_json::to_value(summarise(&borrow(&rows), &Options::default())).unwrap();
        for (figure, want) in case["expected"].as_object().unwrap() {
            let found = &summary[figure];
            assert!(same(found, want), "{figure} of {}: {found}, not {want}", case["name"]);
        }
    }
}

/// Fractions are written as strings: serde_json reads numbers only to the last digit but one.
fn same(found: &Value, want: &Value) -> bool {
    match (found, want) {
        (Value::Number(found), Value::String(want)) => found.as_f64() == want.parse().ok(),
        (Value::Array(found), Value::Array(want)) => {
            found.len() == want.len() && found.iter().zip(want).all(|(found, want)| same(found, want))
        }
        _ => found == want,
    }
}

fn borrow(rows: &[[String; 4]]) -> Vec<Row<'_>> {
    rows.iter()
        .map(|[observed, intended, output, document]| Row { observed, intended, output, document })
        .collect()
}

fn row<'a>(observed: &'a str, intended: &'a str, output: &'a str, document: &'a str) -> Row<'a> {
    Row { observed, intended, output, document }
}

/// 10, 5 and 0 errors in 100, 100 and 10 characters; 4, 6 and 1 after.
fn three_documents(texts: &[[String; 3]; 3]) -> [Row<'_>; 3] {
    std::array::from_fn(|k| row(&texts[k][0], &texts[k][1], &texts[k][2], ["a", "b", "c"][k]))
}

fn texts() -> [[String; 3]; 3] {
    [(100, 10, 4), (100, 5, 6), (10, 0, 1)].map(|(length, before, after)| {
        [before, 0, after].map(|errors| "#".repeat(errors) + &"x".repeat(length - errors))
    })
}

#[test]
fn figures_of_the_hand() {
    let texts = texts();
    let summary = summarise(&three_documents(&texts), &Options::default());
    assert_eq!((summary.errors_before, summary.errors_after, summary.characters), (15, 11, 210));
    assert_eq!(summary.relative_change, Some(-4.0 / 15.0));
    // Of the two rows with errors, one lost 60 % of them, the other gained 20 %.
    assert_eq!(summary.rows_with_errors, 2);
    assert!((summary.mean_row_reduction.unwrap() - 0.2).abs() < 1e-12);
    assert!((summary.median_row_reduction.unwrap() - 0.2).abs() < 1e-12);
    let worst = summary.worst_document.unwrap();
    assert_eq!((worst.document.as_str(), worst.errors_after, worst.cer_change), ("c", 1, 0.1));
    // 0 % and 5 % and 10 %: an upper end belongs to its band.
    let bands: Vec<_> =
        summary.bands.iter().map(|b| (b.above_percent, b.rows, b.errors_before, b.errors_after)).collect();
    assert_eq!(
        bands,
        [(0, 1, 0, 1), (2, 1, 5, 6), (5, 1, 10, 4), (10, 0, 0, 0), (20, 0, 0, 0), (30, 0, 0, 0)]
    );
    assert_eq!(summary.bands[2].relative_change, Some(-0.6));
}

#[test]
fn two_systems_are_compared_on_the_same_draws() {
    let texts = texts();
    let rows = three_documents(&texts);
    // The second system leaves everything alone: 15 errors.
    let observed: Vec<&str> = rows.iter().map(|row| row.observed).collect();
    let comparison = compare(&rows, &observed, &Options::default());
    assert_eq!(comparison.difference, Some(-4.0 / 15.0));
    assert_eq!(comparison.difference_interval, comparison.first.relative_change_interval);
    assert_eq!((comparison.rows_first_better, comparison.rows_second_better), (1, 2));
    // The third document has no errors before. Drawn alone it is left out where changes are relative to that, not here.
    assert_eq!(comparison.cer_difference, Some(-4.0 / 210.0));
    let alone = compare(&rows[1..], &observed[1..], &Options::default());
    assert_eq!((alone.difference, alone.cer_difference), (Some(2.0 / 5.0), Some(2.0 / 110.0)));
    assert_eq!(alone.difference_interval, Some([0.2, 0.4]));
    assert_eq!(alone.cer_difference_interval, Some([0.01, 0.1]));
    // One word was right; the first system broke it, the second left it. A draw without it tells nothing.
    assert_eq!(comparison.harm_difference, Some(1.0));
    assert_eq!(comparison.harm_difference_interval, Some([1.0, 1.0]));
    // Against itself there is no difference, in no draw.
    let own: Vec<&str> = rows.iter().map(|row| row.output).collect();
    let comparison = compare(&rows, &own, &Options::default());
    assert_eq!(comparison.difference_interval, Some([0.0, 0.0]));
    assert_eq!(comparison.first, comparison.second);
}

#[test]
fn harm_to_a_line_without_spaces_is_counted_by_characters() {
    let row = |observed, intended, output| Row { observed, intended, output, document: "" };
    // The first row has two words, neither of them right, and six units of which four are; one of these is broken.
    let rows = [row("ロゴを昆る tbe", "ロゴを見る the", "口ゴを見る tbe"), row("a b", "a b", "a b")];
    let found = summarise(&rows, &Options::default());
    assert_eq!((found.words, found.right_words, found.broken_words), (4, 2, 0));
    assert_eq!((found.units, found.right_units, found.broken_units), (8, 6, 1));
    let report = found.to_string();
    let line = "character harm   16.667 %   (1 of 6 broken, where each character of a script without spaces is a word)";
    assert!(report.lines().any(|l| l == line), "{report}");
    let spaced = summarise(&rows[1..], &Options::default());
    assert_eq!((spaced.units, spaced.unit_harm), (2, Some(0.0)));
    assert!(!spaced.to_string().contains("character harm"));
}

#[test]
fn a_report_says_what_happened() {
    let texts = texts();
    let rows = three_documents(&texts);
    let report = summarise(&rows, &Options::default()).to_string();
    for line in [
        "rows 3, documents 3, characters 210, words 3",
        "CER micro        7.143 % -> 5.238 %  (errors 15 -> 11)",
        "row reduction    mean 20.00 %, median 20.00 %   (the 2 rows that had errors)",
        "harm             100.000 %   (1 of 1 right words broken)",
        "rows changed     3, better 1, worse 2",
        "clean rows broken 1 of 1",
        "worst document   c: CER +10.00 % (errors 0 -> 1)",
        "row CER 5–10 %   -60.00 %   (1 rows, errors 10 -> 4)",
    ] {
        assert!(report.lines().any(|l| l == line), "no line {line:?} in\n{report}");
    }
    assert!(summarise(&[], &Options::default()).to_string().contains("CER micro        n/a -> n/a"));
    let own: Vec<&str> = rows.iter().map(|row| row.output).collect();
    let report = compare(&rows, &own, &Options::default()).to_string();
    assert!(
        report
            .contains("first − second   +0.00 % of the errors before   95 % by document: +0.00 % .. +0.00 %")
    );
}

#[test]
fn threads_change_nothing() {
    let texts: Vec<[String; 3]> = (0..40)
        .map(|k| [format!("row {k} as reod"), format!("row {k} as read"), format!("raw {k} as read")])
        .collect();
    let rows: Vec<Row> = texts.iter().map(|[o, i, c]| row(o, i, c, &o[..5])).collect();
    let summaries = [1, 2].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| summarise(&rows, &Options::default()))
    });
    assert_eq!(summaries[0], summaries[1]);
}
