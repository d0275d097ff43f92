//! The file, byte by byte.
//!
//! ```text
//! header   32 bytes: magic, format, byte-order mark, section count, writer, checksum of header and table
//! table    32 bytes a section: kind, version, offset, length, checksum of its bytes
//! zeros    to the next multiple of 64
//! section  its bytes, then zeros to the next multiple of 64, then the next section; the file ends with
//!          the last byte of the last section
//! ```
//!
//! Numbers are little-endian. The header keeps its shape in every format to come, so that a program can name
//! the version of a file that it cannot read.

use std::fmt;
use std::fmt::Write as _;
use std::mem::offset_of;

use xxhash_rust::xxh3::Xxh3;
use zerocopy::little_endian::{U16, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// The newest format of the model file that this program reads, and the one that it writes.
pub const FORMAT: u16 = 1;

/// The first bytes of a finished file.
pub(crate) const MAGIC: [u8; 6] = *b"AMEND\0";
/// The first bytes of a file that is still being written.
pub(crate) const UNFINISHED: [u8; 6] = *b"UNDONE";
/// Reads as itself only where the bytes stand in the order in which they were written.
pub(crate) const BYTE_ORDER: u32 = 0x0A0B_0C0D;
/// Sections begin on multiples of this many bytes: a cache line.
pub(crate) const ALIGN: u64 = 64;

/// The head of the file.
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct Header {
    pub(crate) magic: [u8; 6],
    pub(crate) format: U16,
    pub(crate) byte_order: U32,
    pub(crate) sections: U32,
    /// The program that wrote the file: major, minor, patch.
    pub(crate) writer: [U16; 3],
    pub(crate) zero: U16,
    /// xxh3-64 of this header, with zeros here, and of the table.
    pub(crate) checksum: U64,
}

/// A row of the section table.
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct Entry {
    pub(crate) kind: U32,
    pub(crate) version: U32,
    pub(crate) offset: U64,
    pub(crate) length: U64,
    /// xxh3-64 of the section's bytes.
    pub(crate) checksum: U64,
}

pub(crate) const HEADER_BYTES: u64 = 32;
pub(crate) const ENTRY_BYTES: u64 = 32;

const _: () = assert!(size_of::<Header>() as u64 == HEADER_BYTES, "a header is 32 bytes");
const _: () = assert!(size_of::<Entry>() as u64 == ENTRY_BYTES, "a row of the table is 32 bytes");
const _: () = assert!(offset_of!(Header, magic) == 0, "the mark of a finished file comes first");
const _: () = assert!(offset_of!(Header, checksum) == 24 && offset_of!(Entry, checksum) == 24);

impl Header {
    /// The header of a finished file with this table, its checksum computed.
    pub(crate) fn new(table: &[Entry], writer: [u16; 3]) -> Self {
        let sections = u32::try_from(table.len()).expect("kinds are numbered by u32, each at most once");
        let mut header = Self {
            magic: MAGIC,
            format: FORMAT.into(),
            byte_order: BYTE_ORDER.into(),
            sections: sections.into(),
            writer: writer.map(U16::new),
            zero: 0.into(),
            checksum: 0.into(),
        };
        header.checksum = header.expected_checksum(table.as_bytes()).into();
        header
    }

    /// What the checksum of this header before this table has to be.
    pub(crate) fn expected_checksum(&self, table: &[u8]) -> u64 {
        let mut hash = Xxh3::new();
        hash.update(Self { checksum: 0.into(), ..*self }.as_bytes());
        hash.update(table);
        hash.digest()
    }
}

/// Where the next section begins when what stands before it ends at `end`; `None` beyond 2⁶⁴.
pub(crate) fn next_section(end: u64) -> Option<u64> {
    end.checked_next_multiple_of(ALIGN)
}

/// What a section holds. The numbers are part of the format: one that was released is never given again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
#[non_exhaustive]
pub enum SectionKind {
    /// Name, languages, licence and attribution, weights, thresholds, calibration: see [`super::metadata`].
    Metadata = 10,
    /// The numbered graphemes.
    Alphabet = 20,
    /// Words and their numbers.
    Vocabulary = 30,
    /// Word n-grams.
    WordNgrams = 40,
    /// Grapheme n-grams.
    GraphemeNgrams = 50,
    /// How things are misread.
    Channel = 60,
    /// Substitution patterns, mined.
    Rules = 70,
    /// Rules written by hand.
    HandRules = 71,
    /// Whole observed texts and what they were corrected to.
    PairMemory = 80,
    /// Texts that are known to exist.
    KnownEntries = 90,
    /// When a known entry is what was meant.
    EntriesJudge = 91,
    /// The classifier that decides edits.
    Guard = 100,
    /// Sorted hashes of the feedback events that the model learned from.
    Events = 110,
    /// Counts of those events, mergeable, and which of them were counted. Whoever changes what is counted, the alignment
    /// say, raises the version: a base of another one is counted anew.
    EventCounts = 111,
    /// What the observed texts learned from look like: what new text is compared with.
    Reference = 120,
}

/// Every kind, the newest version of it that this program reads (and writes), and its name.
const KINDS: [(SectionKind, u32, &str); 15] = [
    (SectionKind::Metadata, 2, "metadata"),
    (SectionKind::Alphabet, 1, "alphabet"),
    (SectionKind::Vocabulary, 1, "vocabulary"),
    (SectionKind::WordNgrams, 1, "word n-gram"),
    (SectionKind::GraphemeNgrams, 3, "grapheme n-gram"),
    (SectionKind::Channel, 3, "channel"),
    (SectionKind::Rules, 1, "rule"),
    (SectionKind::HandRules, 1, "hand-written rule"),
    (SectionKind::PairMemory, 1, "pair memory"),
    (SectionKind::KnownEntries, 1, "known entry"),
    (SectionKind::EntriesJudge, 2, "judge of entries"),
    (SectionKind::Guard, 9, "guard"),
    (SectionKind::Events, 1, "event"),
    (SectionKind::EventCounts, 2, "event count"),
    (SectionKind::Reference, 2, "reference"),
];

impl SectionKind {
    /// The number that stands in the file.
    pub const fn number(self) -> u32 {
        self as u32
    }

    /// The kind of this number, if this program knows it.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::all().find(|kind| kind.number() == number)
    }

    /// Every kind that this program knows, by rising number.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|&(kind, _, _)| kind)
    }

    /// The version of this section that this program writes, and the newest that it reads.
    pub fn version(self) -> u32 {
        KINDS.iter().find(|row| row.0 == self).map_or(0, |row| row.1)
    }

    /// The versions of this section that this program opens. Counts of another version are looked over, and made anew.
    pub(super) fn versions(self) -> std::ops::RangeInclusive<u32> {
        let oldest = if self == Self::EventCounts { 1 } else { self.version() };
        oldest..=self.version()
    }
}

impl fmt::Display for SectionKind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(KINDS.iter().find(|row| row.0 == *self).map_or("", |row| row.2))
    }
}

/// A row of a file's section table. Displays as the name of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// The kind's number, whether or not this program knows it.
    pub number: u32,
    /// The version of the section's own layout.
    pub version: u32,
    /// Where it begins, in bytes from the start of the file.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
    /// The xxh3-64 that its bytes should have.
    pub checksum: u64,
}

impl Section {
    /// The kind, if this program knows it.
    pub fn kind(&self) -> Option<SectionKind> {
        SectionKind::from_number(self.number)
    }

    /// The section's bytes in the file's; `None` where the file does not reach.
    pub(crate) fn of<'f>(&self, file: &'f [u8]) -> Option<&'f [u8]> {
        let start = usize::try_from(self.offset).ok()?;
        file.get(start..start.checked_add(usize::try_from(self.length).ok()?)?)
    }
}

impl From<&Entry> for Section {
    fn from(entry: &Entry) -> Self {
        Self {
            number: entry.kind.get(),
            version: entry.version.get(),
            offset: entry.offset.get(),
            length: entry.length.get(),
            checksum: entry.checksum.get(),
        }
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.kind() {
            Some(kind) => kind.fmt(f),
            None => f.pad(&format!("unknown (number {})", self.number)),
        }
    }
}

/// The layout as text, made from the constants: offset, bytes and name of each field, and the kinds.
pub fn describe_layout() -> String {
    let mut text = format!(
        "format {FORMAT}, little-endian\nfirst bytes {} when finished, {} before\nbyte-order mark {BYTE_ORDER:#010x}\nsections begin on multiples of {ALIGN}\n",
        MAGIC.escape_ascii(),
        UNFINISHED.escape_ascii(),
    );
    macro_rules! fields {
        ($what:literal, $of:ty, [$($field:ident),*]) => {
            let starts = [$((offset_of!($of, $field), stringify!($field))),*];
            let ends = starts.iter().skip(1).map(|s| s.0).chain([size_of::<$of>()]);
            text += concat!("\n", $what, "\noffset bytes field\n");
            for ((start, name), end) in starts.iter().zip(ends) {
                let _ = writeln!(text, "{start:>6} {:>5} {name}", end - start);
            }
        };
    }
    fields!("header", Header, [magic, format, byte_order, sections, writer, zero, checksum]);
    fields!("row of the section table", Entry, [kind, version, offset, length, checksum]);
    text += "\nsections\nnumber version kind\n";
    for kind in SectionKind::all() {
        let _ = writeln!(text, "{:>6} {:>7} {kind}", kind.number(), kind.version());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_listed_once_by_rising_number() {
        let numbers: Vec<_> = SectionKind::all().map(SectionKind::number).collect();
        assert!(numbers.windows(2).all(|w| w[0] < w[1]), "{numbers:?}");
        assert!(SectionKind::all().all(|k| SectionKind::from_number(k.number()) == Some(k)));
        assert!(SectionKind::all().all(|k| k.version() > 0 && !k.to_string().is_empty()));
        assert_eq!(SectionKind::from_number(11), None);
    }

    #[test]
    fn the_checksum_covers_every_field_and_the_table() {
        let entry = Entry {
            kind: 1.into(),
            version: 1.into(),
            offset: 64.into(),
            length: 0.into(),
            checksum: 0.into(),
        };
        let header = Header::new(&[entry], [1, 2, 3]);
        for at in 0..24 {
            let mut bytes = header.as_bytes().to_vec();
            bytes[at] ^= 1;
            let changed = Header::read_from_bytes(&bytes).expect("32 bytes");
            assert_ne!(changed.expected_checksum(entry.as_bytes()), header.checksum.get(), "byte {at}");
        }
        assert_ne!(header.expected_checksum(&[]), header.checksum.get());
    }
}
