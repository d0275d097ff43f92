//! After how much text is a new recogniser noticed, and how often is an alarm false? Learns from some pairs, then watches the
//! observed sides of others.
//!
//! ```text
//! cargo run --release --example drift -- change TRAIN.tsv OTHER.tsv…     # windows that grow, in 40 orders
//! cargo run --release --example drift -- splits ROWS.tsv…               # 200 parts of one set
//! ```
//!
//! `change` learns from half of the documents of TRAIN and watches the others, as the second recogniser read them and, to
//! compare, as the first did. It looks at 5 documents, at 10, at 20 …; since it looks ten times at most, each look may give a
//! tenth of the false alarms. `splits` learns from one half of the documents, ten times another, and looks at twenty random parts of the
//! other half each time: from 1 document to all.

#![allow(clippy::print_stdout, reason = "an example shows what it finds")]

mod judging;

use std::collections::{BTreeMap, BTreeSet};

use amend::corpus::{documents, folds};
use amend::cost::{exp, ln};
use amend::learn::{Portrait, Reference};
use amend::monitor::{Drift, Options, compare, watch};
use amend::{Learner, Line, Model, Pair};
use judging::{Failure, read};

const FIRST_LOOK: usize = 5;
const LOOKS: usize = 10;
const ORDERS: u64 = 40;
const HALVES: u64 = 10;
const PARTS: u64 = 20;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().unwrap_or_default();
    let sets = arguments.map(read).collect::<Result<Vec<_>, _>>()?;
    match (what.as_str(), sets.split_first()) {
        ("change", Some((train, others))) if !others.is_empty() => change(train, &others.concat()),
        ("splits", Some(_)) => splits(&sets.concat()),
        _ => Err("usage: drift change TRAIN.tsv OTHER.tsv… | splits ROWS.tsv…".into()),
    }
}

/// A model's reference, and what it sees in sets of other rows, document by document, with the documents' numbers of rows.
fn seen<const N: usize>(
    train: Vec<Pair>,
    sets: [Vec<Pair>; N],
) -> Result<(Reference, [Watched; N]), Failure> {
    let (bytes, _) = Learner { pairs: train, seed: 1, ..Learner::default() }.learn()?;
    let model = Model::from_bytes(bytes)?;
    let mut all = [const { Watched { portraits: Vec::new(), sizes: Vec::new() } }; N];
    for (watched, rows) in all.iter_mut().zip(&sets) {
        let groups = documents(rows.iter().map(|p| p.document.as_str()));
        let lines: Vec<Vec<Line<'_>>> =
            groups.iter().map(|group| group.iter().map(|&k| Line::from(&rows[k])).collect()).collect();
        watched.portraits = watch(&model, &lines)?.into_iter().map(|seen| seen.portrait).collect();
        watched.sizes = groups.iter().map(Vec::len).collect();
    }
    Ok((Reference::in_model(&model)?.ok_or("the model keeps no reference")?, all))
}

struct Watched {
    portraits: Vec<Portrait>,
    sizes: Vec<usize>,
}

fn change(train: &[Pair], rows: &[Pair]) -> Result<(), Failure> {
    let halves = train.iter().zip(folds(train, 2, 1));
    let own: BTreeSet<&str> =
        halves.filter(|(_, half)| *half == 0).map(|(p, _)| p.document.as_str()).collect();
    let (learned, same): (Vec<Pair>, Vec<Pair>) =
        train.iter().cloned().partition(|pair| own.contains(pair.document.as_str()));
    let other: Vec<Pair> =
        rows.iter().filter(|pair| !own.contains(pair.document.as_str())).cloned().collect();
    let (reference, [same, other]) = seen(learned, [same, other])?;
    println!("the second recogniser");
    until_alarm(&reference, &other);
    println!("\nthe first recogniser");
    until_alarm(&reference, &same);
    Ok(())
}

fn until_alarm(reference: &Reference, watched: &Watched) {
    let Watched { portraits: all, sizes } = watched;
    let options = Options { level: Options::default().level / LOOKS as f64, ..Options::default() };
    let mut noticed: Vec<(usize, usize)> = Vec::new();
    let mut changed: BTreeMap<String, usize> = BTreeMap::new();
    for order in 0..ORDERS {
        let order = shuffled(all.len(), order);
        let looks = (0..LOOKS).map(|k| FIRST_LOOK << k).take_while(|n| *n < 2 * all.len());
        for size in looks.map(|n| n.min(all.len())) {
            let window: Vec<Portrait> = order[..size].iter().map(|&k| all[k].clone()).collect();
            if let Some(drift) = compare(reference, &window, &options).filter(|drift| drift.alarm) {
                if noticed.len() < 3 {
                    println!("after {size} documents: {}", drift.sentence);
                }
                *changed
                    .entry(drift.changed.map_or_else(String::new, |what| format!("{what:?}")))
                    .or_default() += 1;
                noticed.push((size, order[..size].iter().map(|&k| sizes[k]).sum()));
                break;
            }
        }
    }
    noticed.sort_unstable();
    println!(
        "alarm in {} of {ORDERS} orders of {} documents; documents (rows) until then:",
        noticed.len(),
        all.len()
    );
    for (name, at) in [("least", 0), ("median", noticed.len() / 2), ("most", noticed.len().saturating_sub(1))]
    {
        if let Some((documents, rows)) = noticed.get(at) {
            println!("{name:8}{documents:6} ({rows})");
        }
    }
    println!("told first: {changed:?}");
    if let Some(drift) = compare(reference, all, &Options::default()) {
        println!("all: chance {:.4}, {}", drift.chance, drift.sentence);
        show(&drift);
    }
}

fn splits(rows: &[Pair]) -> Result<(), Failure> {
    let mut alarms: Vec<Drift> = Vec::new();
    let (mut looks, mut chances) = (0, Vec::new());
    for half in 0..HALVES {
        let fold = folds(rows, 2, half + 1);
        let of = |side: usize| -> Vec<Pair> {
            rows.iter().zip(&fold).filter(|(_, fold)| **fold == side).map(|(pair, _)| pair.clone()).collect()
        };
        let (reference, [Watched { portraits: all, .. }]) = seen(of(0), [of(1)])?;
        for part in 0..PARTS {
            let order = shuffled(all.len(), 1_000 * half + part);
            // Sizes from one document to all, each as likely on a scale of logarithms.
            let size = exp(ln(all.len() as f64) * (part as f64 + 0.5) / PARTS as f64).round().max(1.0);
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a number of documents"
            )]
            let window: Vec<Portrait> = order[..size as usize].iter().map(|&k| all[k].clone()).collect();
            if let Some(drift) = compare(&reference, &window, &Options::default()) {
                looks += 1;
                chances.push(drift.chance);
                if drift.alarm {
                    println!("half {half}, {size} documents, chance {:.4}: {}", drift.chance, drift.sentence);
                    alarms.push(drift);
                }
            }
        }
    }
    chances.sort_by(f64::total_cmp);
    let quantile = |q: usize| chances.get(chances.len() * q / 100).copied().unwrap_or(1.0);
    println!(
        "{} alarms in {looks} parts; chances at 5, 10, 25, 50 %: {:.3} {:.3} {:.3} {:.3}",
        alarms.len(),
        quantile(5),
        quantile(10),
        quantile(25),
        quantile(50)
    );
    Ok(())
}

fn show(drift: &Drift) {
    for m in &drift.measures {
        let changed = if m.changed { "*" } else { "" };
        println!("{:28}{:10.3}{:10.3}{:+8.1} {changed}", m.name, m.reference, m.here, m.deviations);
    }
}

/// The numbers below `n` in an order of chance (Fisher & Yates, SplitMix64).
fn shuffled(n: usize, seed: u64) -> Vec<usize> {
    let mut state = seed.wrapping_mul(0x2545_F491_4F6C_DD1D).wrapping_add(1);
    let mut next = |below: usize| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = (state ^ state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((bits ^ bits >> 31) % below.max(1) as u64).unwrap_or(0)
    };
    let mut order: Vec<usize> = (0..n).collect();
    for at in (1..n).rev() {
        order.swap(at, next(at + 1));
    }
    order
}
