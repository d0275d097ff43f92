//! A verdict as people read it.

use std::fmt::{self, Display, Formatter};

use super::assess::{Assessment, Fault};
use super::gate::Verdict;

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let limit = format!("within the limit of {}", percent(Some(self.harm_limit), 2));
        for file in &self.files {
            table(f, file, "not surely worse", &limit)?;
            writeln!(f)?;
        }
        table(f, &self.whole, "not worse", &limit)?;
        if let Some(shadow) = &self.shadow {
            writeln!(f)?;
            table(f, shadow, "not worse", &limit)?;
        }
        Ok(())
    }
}

/// A row a figure: before, current, candidate, their difference with its interval, and what is to be said about it.
fn table(f: &mut Formatter<'_>, a: &Assessment, worse: &str, limit: &str) -> fmt::Result {
    let beside = a.beside;
    writeln!(f, "{}: rows {}, documents {}", a.name, a.rows, a.documents)?;
    let unit = format!("95 % by {}", a.unit);
    writeln!(
        f,
        "        {:>11} {:>9} {:>9} {:>10}   {unit:<22}   verdict",
        "uncorrected", "current", "candidate", "difference"
    )?;
    let harm = |fault: &Fault| matches!(fault, Fault::OverLimit { .. } | Fault::MoreHarm { .. });
    let verdict = |of_harm: bool, good: &str| {
        let faults: Vec<String> =
            a.faults.iter().filter(|fault| harm(fault) == of_harm).map(Fault::to_string).collect();
        if faults.is_empty() { format!("yes: {good}") } else { format!("no: {}", faults.join("; ")) }
    };
    let errors = match a.cer_change_interval {
        Some([_, upper]) if upper < 0.0 => format!("surely better than {beside}"),
        _ => format!("{worse} than {beside}"),
    };
    let zero = |rate: Option<f64>| rate.map(|_| 0.0);
    let rates = [a.cer_before, a.cer_current, a.cer_candidate];
    line(f, "CER", 3, rates, (a.cer_change, a.cer_change_interval), &verdict(false, &errors))?;
    let rates = [zero(a.harm_candidate), a.harm_current, a.harm_candidate];
    line(f, "harm", 3, rates, (a.harm_change, a.harm_change_interval), &verdict(true, limit))?;
    let rates = [zero(a.repair_candidate), a.repair_current, a.repair_candidate];
    let change = a.repair_candidate.map(|new| new - a.repair_current.unwrap_or(0.0));
    let rows = format!("rows better {}, worse {}", a.rows_better, a.rows_worse);
    line(f, "repair", 2, rates, (change, None), &rows)
}

fn line(
    f: &mut Formatter<'_>,
    name: &str,
    digits: usize,
    [before, current, candidate]: [Option<f64>; 3],
    (change, interval): (Option<f64>, Option<[f64; 2]>),
    remark: &str,
) -> fmt::Result {
    let range = interval
        .map(|[low, high]| format!("{} .. {}", signed(Some(low), digits), signed(Some(high), digits)));
    let [before, current, candidate] = [before, current, candidate].map(|rate| percent(rate, digits));
    let change = signed(change, digits);
    let range = range.unwrap_or_default();
    writeln!(f, "{name:<7} {before:>11} {current:>9} {candidate:>9} {change:>10}   {range:<22}   {remark}")
}

fn percent(share: Option<f64>, digits: usize) -> String {
    share.map_or("–".to_owned(), |share| format!("{:.digits$} %", 100.0 * share))
}

fn signed(share: Option<f64>, digits: usize) -> String {
    share.map_or("–".to_owned(), |share| format!("{:+.digits$} %", 100.0 * share))
}
