//! Known lines, numbered in order, with an index that finds the ones like a given line.
//!
//! A line's *grams* are its characters and its pairs of neighbours, the ends marked. A gram weighs
//! ln(lines / lines that hold it) (inverse document frequency, Spärck Jones 1972; a single character half of
//! that), and likeness is Tversky's (1977): shared weight against what either side has alone. Characters,
//! not graphemes: whole lines are replaced, so that no grapheme can be cut.

use fst::{Map, MapBuilder};
use std::collections::BTreeMap;
use zerocopy::little_endian::{F32, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::frame::{array, frame, parts};
use crate::cost::Cost;

/// A gram's key and the end of its postings (they begin where those of the gram before end).
#[derive(Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Gram {
    key: U64,
    end: U32,
}

const _: () = assert!(size_of::<Gram>() == 12, "a gram is 12 bytes without padding");

/// Of longer lines only the beginning is indexed.
const LONGEST: usize = 64;
/// The other half of a gram that is a single character.
const ALONE: u64 = 0x1F_FFFF;
/// Beyond the ends.
const EDGE: u64 = 0;

/// How alike a line is to the query.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Near {
    /// The line.
    pub(super) id: u32,
    /// Shared weight as a share of the query's.
    pub(super) of_query: f32,
    /// Shared weight as a share of the line's.
    pub(super) of_line: f32,
}

impl Near {
    /// Tversky's index: what the query has alone counts more, since lines lose their ends more often than
    /// they gain some.
    fn likeness(self) -> f32 {
        let surplus = |share: f32| if share > 0.0 { 1.0 / share - 1.0 } else { 1e9 };
        1.0 / (1.0 + 0.7 * surplus(self.of_query) + 0.3 * surplus(self.of_line))
    }
}

/// Memory for [`Lexicon::near`], reused from query to query.
#[derive(Debug, Default)]
pub(super) struct NearScratch {
    keys: Vec<u64>,
    lists: Vec<(usize, usize, f32)>,
    /// How many lines hold each of the last query's grams.
    pub(super) holders: Vec<u32>,
    shared: Vec<f32>,
    touched: Vec<u32>,
    ranked: Vec<Near>,
    /// Shares of the last query's characters, and of its pairs, that no line holds.
    pub(super) unknown: (f32, f32),
}

/// A section's bytes, read where they lie.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexicon<'a> {
    ids: Option<Map<&'a [u8]>>,
    ends: &'a [U32],
    texts: &'a [u8],
    weights: &'a [F32],
    grams: &'a [Gram],
    postings: &'a [U32],
}

impl<'a> Lexicon<'a> {
    /// The bytes of the lexicon of `lines`, which are sorted and different.
    pub(super) fn to_bytes(lines: &[&str]) -> Vec<u8> {
        debug_assert!(lines.windows(2).all(|w| w[0] < w[1]), "lines are sorted and different");
        let mut ids = MapBuilder::memory();
        let (mut ends, mut texts) = (Vec::new(), Vec::new());
        let mut holders: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
        let mut keys = Vec::new();
        for (id, line) in (0..u32::MAX).zip(lines) {
            // Cannot fail: sorted, different, and memory takes all.
            let _ = ids.insert(line, u64::from(id));
            texts.extend_from_slice(line.as_bytes());
            ends.push(U32::new(u32::try_from(texts.len()).unwrap_or(u32::MAX)));
            gram_keys(line.chars(), &mut keys);
            for &key in &keys {
                holders.entry(key).or_default().push(id);
            }
        }
        let mut weights = vec![0.0_f32; lines.len()];
        let (mut grams, mut postings) = (Vec::new(), Vec::new());
        for (&key, held_by) in &holders {
            let weight = weight(key, lines.len(), held_by.len());
            for &id in held_by {
                if let Some(sum) = weights.get_mut(id as usize) {
                    *sum += weight;
                }
                postings.push(U32::new(id));
            }
            grams.push(Gram {
                key: U64::new(key),
                end: U32::new(u32::try_from(postings.len()).unwrap_or(u32::MAX)),
            });
        }
        let weights: Vec<F32> = weights.into_iter().map(F32::new).collect();
        let ids = ids.into_inner().unwrap_or_default();
        frame(&[&ids, ends.as_bytes(), &texts, weights.as_bytes(), grams.as_bytes(), postings.as_bytes()])
    }

    /// Reads what [`Lexicon::to_bytes`] wrote; what is damaged reads as a lexicon that knows less.
    pub(super) fn parse(bytes: &'a [u8]) -> Self {
        let Some([ids, ends, texts, weights, grams, postings]) = parts(bytes) else { return Self::default() };
        // The transducer's nodes are followed without a check of their own, so its checksum is one here.
        let ids = Map::new(ids).ok().filter(|map| map.as_fst().verify().is_ok());
        let (ends, weights) = (array(ends), array(weights));
        if ends.len() != weights.len() {
            return Self::default();
        }
        Self { ids, ends, texts, weights, grams: array(grams), postings: array(postings) }
    }

    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The number of a line.
    pub(super) fn id(&self, line: &str) -> Option<u32> {
        let id = u32::try_from(self.ids.as_ref()?.get(line)?).ok()?;
        (self.text(id) == Some(line)).then_some(id)
    }

    /// The line of a number.
    pub(super) fn text(&self, id: u32) -> Option<&'a str> {
        let at = id as usize;
        let start = if at == 0 { 0 } else { self.ends.get(at - 1)?.get() as usize };
        let text = self.texts.get(start..self.ends.get(at)?.get() as usize)?;
        std::str::from_utf8(text).ok()
    }

    /// The `most` lines most alike to `query`, the likest first (ties: the smaller number), behind what
    /// `found` holds. Rare grams are followed first, and no more than `postings` of them in all.
    pub(super) fn near(
        &self,
        query: &[char],
        most: usize,
        postings: usize,
        scratch: &mut NearScratch,
        found: &mut Vec<Near>,
    ) {
        gram_keys(query.iter().copied(), &mut scratch.keys);
        let mut whole = self.look_up(scratch);
        scratch.lists.sort_unstable_by_key(|&(start, end, _)| (end - start, start));
        if scratch.shared.len() < self.len() {
            scratch.shared.resize(self.len(), 0.0);
        }
        let mut left = postings;
        for &(start, end, weight) in &scratch.lists {
            let Some(rest) = left.checked_sub(end - start) else { break };
            left = rest;
            for id in self.postings.get(start..end).unwrap_or(&[]) {
                let Some(sum) = scratch.shared.get_mut(id.get() as usize) else { continue };
                if *sum == 0.0 {
                    scratch.touched.push(id.get());
                }
                *sum += weight;
            }
        }
        whole = whole.max(f32::MIN_POSITIVE);
        scratch.ranked.clear();
        for &id in &scratch.touched {
            let shared = std::mem::take(&mut scratch.shared[id as usize]);
            let line = self.weights.get(id as usize).map_or(0.0, |w| w.get()).max(f32::MIN_POSITIVE);
            scratch.ranked.push(Near { id, of_query: shared / whole, of_line: shared / line });
        }
        scratch.touched.clear();
        let order = |a: &Near, b: &Near| b.likeness().total_cmp(&a.likeness()).then(a.id.cmp(&b.id));
        if scratch.ranked.len() > most {
            scratch.ranked.select_nth_unstable_by(most, order);
            scratch.ranked.truncate(most);
        }
        scratch.ranked.sort_unstable_by(order);
        found.extend_from_slice(&scratch.ranked);
    }

    /// Finds the postings of the query's grams; gives the query's whole weight.
    fn look_up(&self, scratch: &mut NearScratch) -> f32 {
        scratch.lists.clear();
        scratch.holders.clear();
        let (mut whole, mut unknown, mut all) = (0.0, [0.0_f32; 2], [0.0_f32; 2]);
        for &key in &scratch.keys {
            let is_pair = usize::from(key & ALONE != ALONE);
            let (start, end) = self.postings_of(key);
            let weight = weight(key, self.len(), end - start);
            whole += weight;
            scratch.holders.push(u32::try_from(end - start).unwrap_or(u32::MAX));
            all[is_pair] += 1.0;
            if start < end {
                scratch.lists.push((start, end, weight));
            } else {
                unknown[is_pair] += 1.0;
            }
        }
        scratch.unknown = (unknown[0] / all[0].max(1.0), unknown[1] / all[1].max(1.0));
        whole
    }

    /// Where the lines that hold a gram stand among the postings; an empty range if none does.
    fn postings_of(&self, key: u64) -> (usize, usize) {
        let Ok(at) = self.grams.binary_search_by_key(&key, |g| g.key.get()) else { return (0, 0) };
        let end = |at: usize| self.grams.get(at).map_or(0, |g| g.end.get() as usize);
        let start = if at == 0 { 0 } else { end(at - 1) };
        (start, end(at).clamp(start, self.postings.len().max(start)))
    }
}

/// The different grams of a line, sorted.
fn gram_keys(line: impl Iterator<Item = char>, keys: &mut Vec<u64>) {
    keys.clear();
    let mut before = EDGE;
    for c in line.take(LONGEST) {
        let c = u64::from(u32::from(c));
        keys.push(c << 21 | ALONE);
        keys.push(before << 21 | c);
        before = c;
    }
    keys.push(before << 21 | EDGE);
    keys.sort_unstable();
    keys.dedup();
}

fn weight(key: u64, lines: usize, holders: usize) -> f32 {
    let all = Cost::of_probability(holders.max(1) as f64 / (lines + 1) as f64).nats().max(0.01);
    if key & ALONE == ALONE { 0.5 * all } else { all }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest(lines: &[&str], query: &str) -> Vec<String> {
        let bytes = Lexicon::to_bytes(lines);
        let lexicon = Lexicon::parse(&bytes);
        let (mut scratch, mut found) = (NearScratch::default(), Vec::new());
        let query: Vec<char> = query.chars().collect();
        lexicon.near(&query, 2, 10_000, &mut scratch, &mut found);
        assert!(scratch.shared.iter().all(|&s| s == 0.0), "the scratch is left clean");
        found.iter().filter_map(|n| lexicon.text(n.id)).map(String::from).collect()
    }

    #[test]
    fn the_likest_line_comes_first() {
        let lines = ["abc trading", "abd trading", "north mills", "south mills", "zulu"];
        for (query, want) in [
            ("abc tradin", "abc trading"),
            ("orth mills", "north mills"),
            ("outh mils", "south mills"),
            ("lu", "zulu"),
        ] {
            assert_eq!(nearest(&lines, query)[0], want, "{query}");
        }
        assert!(nearest(&lines, "###").is_empty());
        assert!(nearest(&[], "abc").is_empty());
    }

    #[test]
    fn every_line_has_its_number() {
        let lines = ["", "a", "ab", "株式会社"];
        let bytes = Lexicon::to_bytes(&lines);
        let lexicon = Lexicon::parse(&bytes);
        for (id, line) in (0..).zip(lines) {
            assert_eq!(lexicon.id(line), Some(id));
            assert_eq!(lexicon.text(id), Some(line));
        }
        assert_eq!(lexicon.id("b"), None);
        assert_eq!(lexicon.text(4), None);
    }
}
