//! How much noise does learning forgive? Spoils the pairs in ways that happen, learns from them, and judges what comes
//! of it; prints two Markdown tables.
//!
//! ```text
//! cargo run --release --example poison -- --pairs TRAIN.tsv --text TEXT.txt [--seed N] DEV.tsv
//! ```
//!
//! Swapped: a share of the pairs has the intended side of another row, half of them of the next row of the same
//! document, half of any. Poisoned: a share of the pairs teaches that a right word is an error, by one user (one
//! document) or by many; at the same time as many teach a genuine misreading of another word, which should be learned.
//! Every row learns a model: with 9,562 pairs and 21 MB of text some two minutes each on two cores.

#![allow(clippy::print_stdout, reason = "an example shows what it finds")]

mod judging;
mod spoiling;

use amend::corpus::screen;
use amend::{Corrector, Learner, Model, Pair};
use judging::{Failure, Input, corrected, judged, per_mille, percent, right_text};
use spoiling::{Spoiled, poisoned, swapped};

/// Shares of the pairs that are swapped.
const SWAPPED: [f64; 2] = [0.1, 0.3];
/// Models that are poisoned, by one user and by many in turn, from 5 to 10 % of the pairs.
const POISONINGS: u64 = 20;

fn main() -> Result<(), Failure> {
    let Input { learner, dev, .. } = Input::of_arguments("poison")?;
    println!("| pairs | spoiled | refused | of the others | CER | kept of the clean change | harm |");
    println!("|--|--:|--:|--:|--:|--:|--:|");
    let clean = swapping(&learner, &dev, 0.0, None)?;
    for share in SWAPPED {
        swapping(&learner, &dev, share, Some(clean))?;
    }
    println!();
    println!(
        "| by | poison | pairs | refused | of the others | taught | genuine | mended | CER | harm | right text broken |"
    );
    println!("|--|--|--:|--:|--:|--:|--|--:|--:|--:|--:|");
    for number in 0..POISONINGS {
        poisoning(&learner, &dev, number)?;
    }
    Ok(())
}

/// One row of the first table; gives the relative change of CER.
fn swapping(learner: &Learner, dev: &[Pair], share: f64, clean: Option<f64>) -> Result<f64, Failure> {
    let spoiled = swapped(&learner.pairs, share, learner.seed);
    let (corrector, refused) = learned(learner, &spoiled)?;
    let found = judged(dev, &corrected(&corrector, dev));
    let change = found.relative_change.unwrap_or(0.0);
    println!(
        "| {:.0} % swapped | {} | {} | {} | {:+.1} % | {:.1} % | {:.2} % |",
        100.0 * share,
        spoiled.number(),
        refused.spoiled,
        refused.others,
        100.0 * change,
        100.0 * change / clean.unwrap_or(change),
        percent(found.harm),
    );
    Ok(change)
}

/// One row of the second table.
fn poisoning(learner: &Learner, dev: &[Pair], number: u64) -> Result<(), Failure> {
    let share = 0.05 + 0.01 * (number % 6) as f64;
    let loud = number.is_multiple_of(2);
    let seed = learner.seed.wrapping_add(number);
    let Some((spoiled, lesson)) = poisoned(&learner.pairs, share, loud, seed) else {
        return Err("no word is frequent enough to be poisoned".into());
    };
    let (corrector, refused) = learned(learner, &spoiled)?;
    let right = right_text(dev);
    let (output, left) = (corrected(&corrector, dev), corrected(&corrector, &right));
    let taught = lesson.taught(dev, &output) + lesson.taught(&right, &left);
    let misread = lesson.misread_all(dev);
    let (places, mended) = lesson.mended(&misread, &corrected(&corrector, &misread));
    let (dev, right) = (judged(dev, &output), judged(&right, &left));
    println!(
        "| {} | {} → {} | {} | {} | {} | {taught} | {} for {} | {mended} of {places} | {:+.1} % | {:.2} % | {:.2} ‰ |",
        if loud { "one" } else { "many" },
        lesson.right,
        lesson.wrong,
        spoiled.number(),
        refused.spoiled,
        refused.others,
        lesson.misreading,
        lesson.meant,
        percent(dev.relative_change),
        percent(dev.harm),
        per_mille(right.harm),
    );
    Ok(())
}

/// Pairs that were refused.
struct Refused {
    spoiled: usize,
    others: usize,
}

fn learned(learner: &Learner, spoiled: &Spoiled) -> Result<(Corrector, Refused), Failure> {
    let found = screen(&spoiled.pairs, &learner.texts, &learner.limits);
    let bad = found.refused.iter().filter(|(row, _)| spoiled.rows[*row]).count();
    let refused = Refused { spoiled: bad, others: found.refused.len() - bad };
    let (bytes, _) = Learner { pairs: spoiled.pairs.clone(), ..learner.clone() }.learn()?;
    Ok((Corrector::new(Model::from_bytes(bytes)?)?, refused))
}
