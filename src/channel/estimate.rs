//! From confusion counts to the table.

use std::collections::BTreeMap;

use super::table::{Row, write};
use super::unseen::Unseen;
use crate::cost::ln;
use crate::counts::{Alphabet, ConfusionCounts, Segment, Symbol};

/// How the channel is estimated.
#[derive(Clone, Debug)]
pub struct ChannelOptions {
    /// Taken off each count: what was seen once is mostly luck.
    pub discount: f64,
    /// Added to each number of occurrences.
    pub prior: f64,
    /// At most this many intended segments for an observed one.
    pub readings: usize,
    /// So many of the most frequent symbols may have been read as what they were never seen to be read as,
    pub unseen: usize,
    /// and so many of scripts without spaces.
    pub unseen_unspaced: usize,
}

impl Default for ChannelOptions {
    fn default() -> Self {
        Self { discount: 0.4, prior: 5.0, readings: 24, unseen: 70, unseen_unspaced: 2_000 }
    }
}

/// Estimates p(observed | intended) = (count − discount) / (occurrences + prior) and writes the section.
pub fn estimate(counts: &ConfusionCounts, alphabet: &Alphabet, options: &ChannelOptions) -> Vec<u8> {
    let mut rows: BTreeMap<Segment, Vec<Row>> = BTreeMap::new();
    for (&(observed, intended), &count) in &counts.confusions {
        // A symbol that the alphabet does not know cannot be written.
        if intended.symbols().contains(&Alphabet::UNKNOWN) || observed.symbols().contains(&Alphabet::UNKNOWN)
        {
            continue;
        }
        let occurrences = counts.occurrences.get(&intended).copied().unwrap_or(0).max(count);
        let p = (f64::from(count) - options.discount) / (f64::from(occurrences) + options.prior);
        rows.entry(observed).or_default().push(Row { intended, cost: -ln(p.min(0.95)), count });
    }
    for row in rows.values_mut() {
        row.sort_by(|a, b| b.count.cmp(&a.count).then(a.intended.cmp(&b.intended)));
        row.truncate(options.readings);
    }
    let kept: Vec<f64> =
        (0..alphabet.len()).map(|s| keeping(counts, Symbol::try_from(s).unwrap_or(0))).collect();
    write(&kept, &rows, &Unseen::of(counts, alphabet, options))
}

/// −ln of the share of a symbol's occurrences that were read rightly.
fn keeping(counts: &ConfusionCounts, symbol: Symbol) -> f64 {
    let segment = Segment::new(&[symbol]).unwrap_or_default();
    let occurrences = f64::from(counts.occurrences.get(&segment).copied().unwrap_or(0));
    let kept = f64::from(counts.kept.get(&symbol).copied().unwrap_or(0));
    // 40 : 1 that a symbol never seen is read rightly.
    -ln((kept + 40.0) / (occurrences + 41.0))
}
