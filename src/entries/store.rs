//! The two sections: known entries, and the memory of what was corrected to what.

use std::collections::BTreeMap;
use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::candidate::digits_agree;
use super::frame::{array, frame, parts};
use super::lexicon::Lexicon;
use super::misread::Misread;

/// One pair as the store takes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fact<'a> {
    pub(super) observed: &'a str,
    pub(super) intended: &'a str,
    /// Number of its kind, [`NO_KIND`] where there is none.
    pub(super) kind: u32,
}

/// An entry of no kind, or of several.
pub(super) const NO_KIND: u32 = u32::MAX;

/// What is known of an entry beside its text.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
struct Entry {
    count: U32,
    kept: U32,
    kind: U32,
}

/// An entry that a memorised line was corrected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct LinkBytes {
    entry: U32,
    count: U32,
}

/// An entry that a memorised line was corrected to, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) entry: u32,
    pub(super) count: u32,
}

/// The bytes of the sections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct StoreBytes {
    pub(super) memory: Vec<u8>,
    pub(super) entries: Vec<u8>,
}

/// Both sections, read where they lie.
#[derive(Clone, Debug, Default)]
pub(super) struct Store<'a> {
    pub(super) entries: Lexicon<'a>,
    pub(super) misread: Misread<'a>,
    records: &'a [Entry],
    /// Observed lines that were changed at least once.
    pub(super) changed: Lexicon<'a>,
    link_ends: &'a [U32],
    links: &'a [LinkBytes],
}

impl<'a> Store<'a> {
    /// The sections of these pairs, and of entries known without a pair.
    pub(super) fn to_bytes(facts: &[Fact<'_>], known: &[String]) -> StoreBytes {
        let mut entries: BTreeMap<&str, Entry> = BTreeMap::new();
        let mut changed: BTreeMap<&str, BTreeMap<&str, u32>> = BTreeMap::new();
        for fact in facts.iter().filter(|f| !f.intended.is_empty()) {
            let entry = entries
                .entry(fact.intended)
                .or_insert(Entry { kind: U32::new(fact.kind), ..Entry::default() });
            entry.count += 1;
            if entry.kind.get() != fact.kind {
                entry.kind = U32::new(NO_KIND);
            }
            if fact.observed == fact.intended {
                entry.kept += 1;
            } else if !fact.observed.is_empty() {
                *changed.entry(fact.observed).or_default().entry(fact.intended).or_default() += 1;
            }
        }
        for line in known.iter().filter(|k| !k.is_empty()) {
            entries.entry(line).or_insert(Entry { kind: U32::new(NO_KIND), ..Entry::default() });
        }
        let numbers: BTreeMap<&str, u32> = entries.keys().copied().zip(0..).collect();
        let (mut link_ends, mut links) = (Vec::new(), Vec::new());
        for intended in changed.values() {
            let mut by_count: Vec<(&str, u32)> =
                intended.iter().map(|(line, &count)| (*line, count)).collect();
            // The most frequent first; equal counts stay in the order of their texts.
            by_count.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
            for (line, count) in by_count {
                let entry = numbers.get(line).copied().unwrap_or(u32::MAX);
                links.push(LinkBytes { entry: U32::new(entry), count: U32::new(count) });
            }
            link_ends.push(U32::new(u32::try_from(links.len()).unwrap_or(u32::MAX)));
        }
        let lines: Vec<&str> = entries.keys().copied().collect();
        let records: Vec<Entry> = entries.values().copied().collect();
        let pairs: Vec<(&str, &str)> = facts.iter().map(|f| (f.observed, f.intended)).collect();
        let observed: Vec<&str> = changed.keys().copied().collect();
        StoreBytes {
            memory: frame(&[&Lexicon::to_bytes(&observed), link_ends.as_bytes(), links.as_bytes()]),
            entries: frame(&[&Lexicon::to_bytes(&lines), records.as_bytes(), &Misread::to_bytes(&pairs)]),
        }
    }

    /// Reads the sections; what is damaged is not known.
    pub(super) fn parse(memory: &'a [u8], entries: &'a [u8]) -> Self {
        let mut store = Self::default();
        if let Some([lexicon, records, misread]) = parts(entries) {
            store.entries = Lexicon::parse(lexicon);
            store.records = array(records);
            store.misread = Misread::parse(misread);
        }
        if let Some([lexicon, link_ends, links]) = parts(memory) {
            store.changed = Lexicon::parse(lexicon);
            (store.link_ends, store.links) = (array(link_ends), array(links));
        }
        store
    }

    /// How often an entry was intended.
    pub(super) fn count(&self, entry: u32) -> u32 {
        self.records.get(entry as usize).map_or(0, |r| r.count.get())
    }

    /// How often an entry was observed and left as it was.
    pub(super) fn kept(&self, entry: u32) -> u32 {
        self.records.get(entry as usize).map_or(0, |r| r.kept.get())
    }

    /// The kind of all pairs of an entry, if they have one.
    pub(super) fn kind(&self, entry: u32) -> Option<u32> {
        self.records.get(entry as usize).map(|r| r.kind.get()).filter(|&k| k != NO_KIND)
    }

    /// What a changed line was corrected to, the most frequent first.
    pub(super) fn links(&self, changed: u32) -> impl Iterator<Item = Link> + use<'a> {
        let end = |at: usize| self.link_ends.get(at).map_or(0, |e| e.get() as usize);
        let at = changed as usize;
        let start = if at == 0 { 0 } else { end(at - 1) };
        let links = self.links.get(start..end(at)).unwrap_or(&[]);
        links.iter().map(|l| Link { entry: l.entry.get(), count: l.count.get() })
    }

    /// Whether policy lets an entry stand for `observed`: users made that very change, or no digit becomes another.
    pub(super) fn may_stand_for(&self, observed: &str, entry: u32, remembered: u32) -> bool {
        self.entries.text(entry).is_some_and(|text| remembered > 0 || digits_agree(observed, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_come_back() {
        let fact = |observed, intended, kind| Fact { observed, intended, kind };
        let facts = [
            fact("a", "a", 1),
            fact("b", "a", 1),
            fact("b", "c", 2),
            fact("b", "c", 1),
            fact("c", "c", 2),
            fact("", "a", 1),
            fact("x", "", 1),
        ];
        let bytes = Store::to_bytes(&facts, &["d".to_string(), "a".to_string(), String::new()]);
        let store = Store::parse(&bytes.memory, &bytes.entries);
        let of = |line: &str| {
            let id = store.entries.id(line)?;
            Some((store.count(id), store.kept(id), store.kind(id)))
        };
        assert_eq!(of("a"), Some((3, 1, Some(1))));
        assert_eq!(of("c"), Some((3, 1, None)), "intended in fields of two kinds");
        assert_eq!(of("d"), Some((0, 0, None)), "known without a pair");
        assert_eq!((of("b"), of("")), (None, None));
        let links = |line: &str| -> Vec<(Option<&str>, u32)> {
            let ids = store.changed.id(line).into_iter();
            ids.flat_map(|id| store.links(id)).map(|l| (store.entries.text(l.entry), l.count)).collect()
        };
        assert_eq!(links("b"), [(Some("c"), 2), (Some("a"), 1)]);
        assert_eq!((links("a"), links("")), (vec![], vec![]));
        assert!(store.may_stand_for("b1", 0, 0) && !store.may_stand_for("b", 9, 1));
    }
}
