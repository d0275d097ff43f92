//! How often does the search miss a reading that scores better?
//!
//! `cargo run --release --example search_error -- MODEL ROWS` reads the first column of ROWS (TSV) with the model's own
//! beam and with a much wider one, and prints the share of lines for which the wide one finds a reading of less
//! cost. Beams between the two say where the misses come from. Each line is searched as one of a rough document is; in clean
//! ones less is.

#![allow(clippy::print_stdout, reason = "an example prints its result")]

use std::error::Error;

use amend::Model;
use amend::decode::{Change, Decoder, Observed, Rescorer};
use amend::model::{Beam, Doubt};
use rayon::prelude::*;

/// Costs are sums of many numbers: less than this is no difference, nats.
const EPSILON: f32 = 0.01;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: search_error MODEL ROWS";
    let model = Model::open(arguments.next().ok_or(usage)?)?;
    let rows = std::fs::read_to_string(arguments.next().ok_or(usage)?)?;
    let lines: Vec<&str> = rows.lines().filter_map(|row| row.split('\t').next()).collect();

    let own = model.metadata().settings.beam;
    let doubt = own.doubt;
    let wide = Beam { width: 512, doubt: Doubt { most: 24.0, calm: 0.0, ..doubt }, ..own };
    let beams = [
        ("its own", own),
        ("width 512", Beam { width: 512, ..own }),
        (
            "and thresholds 4 nats greater",
            Beam { width: 512, doubt: Doubt { floor: doubt.floor + 4.0, ..doubt }, ..own },
        ),
        ("and nothing calm", Beam { width: 512, doubt: Doubt { calm: 0.0, ..doubt }, ..own }),
        ("width 512, most 24, nothing calm", wide),
    ];
    let best = costs(&model, &lines, &wide)?;
    println!("{} lines; against width 512, threshold at most 24, nothing calm:", lines.len());
    for (name, beam) in beams {
        let found = costs(&model, &lines, &beam)?;
        let missed = |(own, best): &(&f32, &f32)| **own > **best + EPSILON;
        let count = found.iter().zip(&best).filter(missed).count();
        let better = found.iter().zip(&best).filter(|(own, best)| missed(&(*best, *own))).count();
        println!(
            "{name:<36} {:5.1} % of lines miss a better reading ({count}), {better} find one",
            100.0 * count as f64 / lines.len().max(1) as f64
        );
    }
    Ok(())
}

/// What the best reading of each line costs, as a beam finds it, nats.
fn costs(model: &Model, lines: &[&str], beam: &Beam) -> Result<Vec<f32>, Box<dyn Error>> {
    let knowledge = model.knowledge()?;
    let memory = || (Decoder::default(), Rescorer::default(), Observed::default());
    let cost = |(decoder, rescorer, observed): &mut (Decoder, Rescorer, Observed), line: &&str| {
        observed.read(line, knowledge.alphabet);
        let steps = decoder.decode(&knowledge, observed, beam).to_vec();
        // The whole line as one change, so that it is priced from its start to its end.
        let whole = [Change { at: 0..observed.symbols.len(), steps }];
        rescorer.read(&knowledge, observed, &whole);
        rescorer.price(&knowledge, observed, 0, &whole[0]).total
    };
    Ok(lines.par_iter().map_init(memory, cost).collect())
}
