//! How does each model do on each file of rows, those of other sources above all? Prints two Markdown tables: how CER
//! changes and, in brackets, the share of right words broken; then the words broken, of a thousand, where the right
//! sides are given as if they had been observed.
//!
//! ```text
//! cargo run --release --example matrix -- MODEL… -- ROWS.tsv…
//! ```

#![allow(clippy::print_stdout, reason = "an example shows what it finds")]

mod judging;

use std::path::Path;

use amend::evaluate::Summary;
use amend::{Corrector, Model, Pair};
use judging::{Failure, corrected, judged, per_mille, percent, read, right_text};

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut sides = arguments.split(|argument| argument == "--");
    let (models, files) = match (sides.next(), sides.next()) {
        (Some(models @ [_, ..]), Some(files @ [_, ..])) => (models, files),
        _ => return Err("usage: matrix MODEL… -- ROWS.tsv…".into()),
    };
    let open = |path: &String| -> Result<Corrector, Failure> { Ok(Corrector::new(Model::open(path)?)?) };
    let correctors = models.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    let sets = files.iter().map(read).collect::<Result<Vec<Vec<Pair>>, _>>()?;
    let right: Vec<Vec<Pair>> = sets.iter().map(|pairs| right_text(pairs)).collect();

    println!("Change of CER (right words broken):\n");
    table(models, files, &correctors, &sets, |s| {
        format!("{:+.1} % ({:.2} %)", percent(s.relative_change), percent(s.harm))
    });
    println!("\nWords of right text broken, of a thousand:\n");
    table(models, files, &correctors, &right, |s| format!("{:.2}", per_mille(s.harm)));
    Ok(())
}

/// A row a model, a column a file.
fn table(
    models: &[String],
    files: &[String],
    correctors: &[Corrector],
    sets: &[Vec<Pair>],
    cell: impl Fn(&Summary) -> String,
) {
    let names = |paths: &[String]| paths.iter().map(|path| name(path)).collect::<Vec<_>>();
    println!("| model | {} |\n|---|{}", names(files).join(" | "), "--:|".repeat(files.len()));
    for (model, corrector) in names(models).iter().zip(correctors) {
        let cells = sets.iter().map(|pairs| cell(&judged(pairs, &corrected(corrector, pairs))));
        println!("| {model} | {} |", cells.collect::<Vec<_>>().join(" | "));
    }
}

fn name(path: &str) -> String {
    let stem = Path::new(path).file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}
