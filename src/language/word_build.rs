//! Writes the vocabulary and the bigram frequency index.

use zerocopy::IntoBytes;
use zerocopy::byteorder::little_endian::{U32, U64};

use super::WordId;
use super::case::case_bytes;
use super::vocabulary::{self, LONGEST};
use super::word_index::{self, Follower, LIMIT_24, Row};
use crate::counts::{Seen, WordCounts};

/// Which words and bigrams a model keeps.
#[derive(Clone, Debug)]
pub struct WordOptions {
    /// Words that occurred less often are unknown.
    pub at_least: u64,
    /// Bigrams that occurred less often are not kept; their mass is shared out by backing off.
    pub bigram_at_least: u32,
    /// Both sections together take at most this many bytes: the rarest words are left out until words take
    /// half of it, then the bigrams that tell least.
    pub size_limit: Option<usize>,
}

impl Default for WordOptions {
    fn default() -> Self {
        Self { at_least: 1, bigram_at_least: 1, size_limit: None }
    }
}

/// The bytes of the two sections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordSections {
    /// For [`Vocabulary`](super::Vocabulary).
    pub vocabulary: Vec<u8>,
    /// For [`WordIndex`](super::WordIndex).
    pub index: Vec<u8>,
}

/// A word that is kept: its place in the counts, and what was seen of it.
#[derive(Clone, Copy)]
struct Kept {
    place: usize,
    count: u32,
    seen: Seen,
}

/// A bigram that may be kept, by numbers; the start of a sentence has the number behind the last word's.
#[derive(Clone, Copy)]
struct Candidate {
    before: u32,
    after: u32,
    count: u32,
}

/// Builds both sections from `counts`: the same bytes on any number of threads.
pub fn build_words(counts: &WordCounts, options: &WordOptions) -> WordSections {
    let texts: Vec<&str> = counts.words().map(|(word, _)| word).collect();
    let mut words = by_frequency(counts, options.at_least);
    let mut vocabulary = write_vocabulary(&texts, &words);
    if let Some(limit) = options.size_limit {
        let half = limit / 2;
        loop {
            let size = vocabulary.len() + word_index::section_len(words.len(), 0);
            if size <= half || words.is_empty() {
                break;
            }
            // In proportion, and a little more: the rest is shorter or longer than the whole.
            words.truncate((words.len() * 99 / 100).min(words.len().saturating_mul(half) / size));
            vocabulary = write_vocabulary(&texts, &words);
        }
    }
    let room = options.size_limit.map(|limit| {
        let left = limit.saturating_sub(vocabulary.len() + word_index::section_len(words.len(), 0));
        left / size_of::<Follower>()
    });
    WordSections { vocabulary, index: write_index(counts, &words, options.bigram_at_least, room) }
}

/// Words by falling count, then by text.
fn by_frequency(counts: &WordCounts, at_least: u64) -> Vec<Kept> {
    let mut words: Vec<Kept> = counts
        .words()
        .enumerate()
        .filter(|(_, (word, seen))| {
            !word.is_empty() && word.len() <= LONGEST && seen.count >= at_least.max(1)
        })
        .map(|(place, (_, seen))| Kept { place, count: u32::try_from(seen.count).unwrap_or(u32::MAX), seen })
        .collect();
    words.sort_by(|a, b| b.count.cmp(&a.count).then(a.place.cmp(&b.place)));
    words.truncate(LIMIT_24 as usize - 1);
    words
}

fn write_vocabulary(texts: &[&str], words: &[Kept]) -> Vec<u8> {
    let mut sorted: Vec<(&str, u64)> =
        (0..).zip(words).filter_map(|(id, word)| Some((*texts.get(word.place)?, id))).collect();
    sorted.sort_unstable();
    let mut builder = fst::MapBuilder::memory();
    for (text, id) in sorted {
        // Sorted and unique texts into memory: neither order nor writing can fail.
        builder.insert(text, id).expect("words are sorted, unique, and written into memory");
    }
    let list = builder.into_inner().expect("an fst is finished in memory");
    let head = vocabulary::Head { words: U32::new(narrow(words.len())), list: U32::new(narrow(list.len())) };
    let mut bytes = head.as_bytes().to_vec();
    bytes.extend(list);
    bytes
}

fn write_index(counts: &WordCounts, words: &[Kept], at_least: u32, room: Option<usize>) -> Vec<u8> {
    let start = narrow(words.len());
    // From places in the counts to numbers; the start's place is that of the empty word.
    let mut numbers = vec![u32::MAX; counts.len()];
    for (id, word) in (0..).zip(words) {
        numbers[word.place] = id;
    }
    let mut rows: Vec<Row> =
        words.iter().map(|word| Row { count: U32::new(word.count), ..Row::default() }).collect();
    rows.push(Row::default());
    if let Some((_, seen)) = counts.words().next().filter(|(word, _)| word.is_empty()) {
        numbers[0] = start;
        rows[words.len()].count = U32::new(u32::try_from(seen.count).unwrap_or(u32::MAX));
    }

    let mut befores = vec![0_u32; words.len()];
    let mut candidates = Vec::new();
    for bigram in counts.bigrams() {
        let (before, after) = (numbers[bigram.before as usize], numbers[bigram.after as usize]);
        let Some(befores) = befores.get_mut(after as usize) else { continue };
        *befores += 1;
        if before != u32::MAX && bigram.count >= at_least.max(1) {
            candidates.push(Candidate { before, after, count: bigram.count.min(LIMIT_24 - 1) });
        }
    }
    for (row, &n) in rows.iter_mut().zip(&befores) {
        row.befores = U32::new(n);
    }
    let head = word_index::Head {
        words: U32::new(start),
        bigrams: U32::ZERO,
        tokens: U64::new(words.iter().map(|word| u64::from(word.count)).sum()),
        befores: U64::new(befores.iter().map(|&n| u64::from(n)).sum()),
        continuing: U32::new(narrow(befores.iter().filter(|&&n| n > 0).count())),
        discount: discount(counts.bigrams().iter().map(|b| b.count)),
        before_discount: discount(befores.into_iter()),
        reserved: U32::ZERO,
    };
    candidates.sort_unstable_by_key(|c| (c.before, c.after));
    let cases: Vec<[u8; 3]> = words.iter().map(|word| case_bytes(word.seen)).collect();
    if let Some(room) = room.filter(|&room| room < candidates.len()) {
        keep_telling(&mut candidates, &head, &rows, &cases, room);
    }
    assemble(head, rows, &cases, &candidates)
}

fn assemble(
    mut head: word_index::Head,
    mut rows: Vec<Row>,
    cases: &[[u8; 3]],
    kept: &[Candidate],
) -> Vec<u8> {
    head.bigrams = U32::new(narrow(kept.len()));
    let mut at = 0;
    for (id, row) in (0..).zip(&mut rows) {
        row.first = U32::new(narrow(at));
        let mut sum = 0_u32;
        while let Some(c) = kept.get(at).filter(|c| c.before == id) {
            sum = sum.saturating_add(c.count);
            at += 1;
        }
        row.kept = U32::new(sum);
    }
    let mut bytes = head.as_bytes().to_vec();
    bytes.extend_from_slice(rows.as_bytes());
    bytes.extend_from_slice(cases.as_bytes());
    for c in kept {
        bytes.extend_from_slice(Follower::new(c.after, c.count).as_bytes());
    }
    bytes
}

/// Keeps the `room` bigrams without which the text would cost most: occurrences × ln (p with / p without),
/// ties by number.
fn keep_telling(
    candidates: &mut Vec<Candidate>,
    head: &word_index::Head,
    rows: &[Row],
    cases: &[[u8; 3]],
    room: usize,
) {
    let full = assemble(*head, rows.to_vec(), cases, candidates);
    let Ok(index) = super::WordIndex::parse(&full) else { return };
    let start = narrow(rows.len()).saturating_sub(1);
    let mut worth: Vec<(f64, usize)> = candidates
        .iter()
        .enumerate()
        .map(|(i, c)| {
            let before = if c.before == start { WordId::START } else { WordId(c.before) };
            let saved = index.cost(None, WordId(c.after)) - index.cost(Some(before), WordId(c.after));
            (f64::from(c.count) * f64::from(saved), i)
        })
        .collect();
    worth.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    worth.truncate(room);
    worth.sort_by_key(|&(_, i)| i);
    *candidates = worth.into_iter().filter_map(|(_, i)| candidates.get(i).copied()).collect();
}

/// The absolute discount n1 / (n1 + 2·n2) (Ney, Essen & Kneser 1994), in millionths; ¾ where nothing tells.
fn discount(counts: impl Iterator<Item = u32>) -> U32 {
    let (mut once, mut twice) = (0_u64, 0_u64);
    for count in counts {
        once += u64::from(count == 1);
        twice += u64::from(count == 2);
    }
    if once == 0 || twice == 0 {
        return U32::new(750_000);
    }
    U32::new(u32::try_from(once * 1_000_000 / (once + 2 * twice)).unwrap_or(750_000))
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
