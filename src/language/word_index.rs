//! The bigram frequency index: which words follow which, how often, and what that costs.
//!
//! Section, little-endian: the head; 16 bytes a word and 16 for the start of a sentence, behind them (first
//! bigram u32, occurrences of the kept bigrams u32, occurrences u32, different words before it u32); 3 bytes
//! of case evidence a word; 6 bytes a bigram (the word after u24, occurrences u24), those of a word by rising
//! number.

use zerocopy::byteorder::little_endian::{U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::case::{Case, CaseProfile};
use super::{LanguageError, WordId};
use crate::cost::ln;

#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(super) struct Head {
    pub(super) words: U32,
    pub(super) bigrams: U32,
    /// Occurrences of all words.
    pub(super) tokens: U64,
    /// Sum of the words' different words before.
    pub(super) befores: U64,
    /// Words that have a word before.
    pub(super) continuing: U32,
    /// What is taken off each bigram's occurrences, in millionths.
    pub(super) discount: U32,
    /// What is taken off each word's different words before, in millionths.
    pub(super) before_discount: U32,
    pub(super) reserved: U32,
}

#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(super) struct Row {
    pub(super) first: U32,
    pub(super) kept: U32,
    pub(super) count: U32,
    pub(super) befores: U32,
}

#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(super) struct Follower {
    after: [u8; 3],
    count: [u8; 3],
}

const _: () = assert!(size_of::<Head>() == 40 && size_of::<Row>() == 16 && size_of::<Follower>() == 6);

/// Numbers and counts of bigrams are below this.
pub(super) const LIMIT_24: u32 = 1 << 24;

/// Bytes of an index of so many words and bigrams.
pub(super) fn section_len(words: usize, bigrams: usize) -> usize {
    size_of::<Head>() + (words + 1) * size_of::<Row>() + 3 * words + bigrams * size_of::<Follower>()
}

impl Follower {
    /// Of numbers below [`LIMIT_24`]; larger ones become the largest.
    pub(super) fn new(after: u32, count: u32) -> Self {
        let three = |n: u32| {
            let [a, b, c, _] = n.min(LIMIT_24 - 1).to_le_bytes();
            [a, b, c]
        };
        Self { after: three(after), count: three(count) }
    }

    fn after(self) -> u32 {
        wide(self.after)
    }

    pub(super) fn count(self) -> u32 {
        wide(self.count)
    }
}

fn wide([a, b, c]: [u8; 3]) -> u32 {
    u32::from_le_bytes([a, b, c, 0])
}

/// A view of the bigram frequency index. Costs are computed from the counts when they are asked for:
///
/// p(w | v) = max(c(vw) − D, 0) / c(v) + γ(v) · p(w), p(w) = max(N1+(•w) − D', 0) / N1+(••) + γ · p₀(w),
/// p₀(w) = (c(w) + ½) / (N + ½·words)
///
/// (interpolated Kneser–Ney with one discount an order; Chen & Goodman 1999, equation 21), where γ is what the
/// others leave. c(v) counts all occurrences of v, so what stands at a sentence's end, before unknown words
/// or in bigrams that were not kept is shared out by p(w): over the vocabulary, p(• | v) sums to one.
#[derive(Clone, Copy, Debug)]
pub struct WordIndex<'a> {
    head: &'a Head,
    rows: &'a [Row],
    cases: &'a [[u8; 3]],
    followers: &'a [Follower],
}

impl<'a> WordIndex<'a> {
    /// A view of a section's bytes, in constant time.
    ///
    /// # Errors
    /// [`LanguageError::Length`] if the bytes are not as many as their head says.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, LanguageError> {
        let have = bytes.len() as u64;
        let short = |want| LanguageError::Length { section: "word bigram", want, have };
        let (head, body) = Head::ref_from_prefix(bytes).map_err(|_| short(size_of::<Head>() as u64))?;
        let words = u64::from(head.words.get());
        let rows_len = (words + 1) * size_of::<Row>() as u64;
        let followers_len = u64::from(head.bigrams.get()) * size_of::<Follower>() as u64;
        let want = size_of::<Head>() as u64 + rows_len + 3 * words + followers_len;
        if want != have {
            return Err(short(want));
        }
        let cut = |bytes: &'a [u8], len: u64| {
            let len = usize::try_from(len).map_err(|_| short(want))?;
            bytes.split_at_checked(len).ok_or_else(|| short(want))
        };
        let (rows, rest) = cut(body, rows_len)?;
        let (cases, followers) = cut(rest, 3 * words)?;
        Ok(Self {
            head,
            rows: <[Row]>::ref_from_bytes(rows).map_err(|_| short(want))?,
            cases: <[[u8; 3]]>::ref_from_bytes(cases).map_err(|_| short(want))?,
            followers: <[Follower]>::ref_from_bytes(followers).map_err(|_| short(want))?,
        })
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.rows.len().saturating_sub(1)
    }

    /// Whether no word was counted.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bigrams are kept.
    pub fn bigrams(&self) -> usize {
        self.followers.len()
    }

    /// Occurrences of all words.
    pub fn tokens(&self) -> u64 {
        self.head.tokens.get()
    }

    /// Occurrences of the word; of [`WordId::START`], sentences.
    pub fn count(&self, id: WordId) -> u32 {
        self.row(id).map_or(0, |row| row.count.get())
    }

    /// In which case the word was seen.
    pub fn case_profile(&self, id: WordId) -> CaseProfile {
        CaseProfile::open(self.cases.get(id.0 as usize).copied().unwrap_or_default())
    }

    /// The share of the word's occurrences that are of a case: see [`CaseProfile::share`].
    pub fn case_share(&self, id: WordId, case: Case) -> f32 {
        self.case_profile(id).share(case)
    }

    /// The words kept behind `id` and how often each followed it, by rising number.
    pub fn successors(&self, id: WordId) -> impl ExactSizeIterator<Item = (WordId, u32)> + use<'a> {
        self.followers_of(id).iter().map(|f| (WordId(f.after()), f.count()))
    }

    /// How often `after` followed `before`; 0 where that is not kept.
    pub fn bigram_count(&self, before: WordId, after: WordId) -> u32 {
        count_of(self.followers_of(before), after)
    }

    /// The cost in nats of a word by its own occurrences.
    pub fn unigram_cost(&self, id: WordId) -> f32 {
        cost(self.by_occurrences(id))
    }

    /// The cost in nats of `word` after `before` ([`WordId::START`] at the start of a line or sentence); after an
    /// unknown word (`None`), the cost of the word in any company.
    pub fn cost(&self, before: Option<WordId>, word: WordId) -> f32 {
        let alone = self.in_any_company(word);
        let Some((before, row)) = before.and_then(|id| Some((id, self.row(id)?))) else {
            return cost(alone);
        };
        let followers = self.followers_of(before);
        let total = f64::from(row.count.get().max(row.kept.get()));
        if total == 0.0 {
            return cost(alone);
        }
        let discount = millionths(self.head.discount);
        let own = (f64::from(count_of(followers, word)) - discount).max(0.0);
        let left = total - f64::from(row.kept.get()) + discount * followers.len() as f64;
        cost(own / total + (left / total).clamp(0.0, 1.0) * alone)
    }

    fn in_any_company(&self, word: WordId) -> f64 {
        let own = self.by_occurrences(word);
        let all = self.head.befores.get() as f64;
        if all <= 0.0 {
            return own;
        }
        let discount = millionths(self.head.before_discount);
        let befores = self.word(word).map_or(0.0, |row| f64::from(row.befores.get()));
        let left = discount * f64::from(self.head.continuing.get()) / all;
        (befores - discount).max(0.0) / all + left.clamp(0.0, 1.0) * own
    }

    fn by_occurrences(&self, word: WordId) -> f64 {
        let count = self.word(word).map_or(0.0, |row| f64::from(row.count.get()));
        (count + 0.5) / (self.head.tokens.get() as f64 + 0.5 * self.len().max(1) as f64)
    }

    fn word(&self, id: WordId) -> Option<&'a Row> {
        self.rows.get(id.0 as usize).filter(|_| (id.0 as usize) < self.len())
    }

    fn row(&self, id: WordId) -> Option<&'a Row> {
        if id == WordId::START { self.rows.last() } else { self.word(id) }
    }

    fn followers_of(&self, id: WordId) -> &'a [Follower] {
        let at = if id == WordId::START { self.len() } else { id.0 as usize };
        let Some(row) = self.rows.get(at) else { return &[] };
        let end = self.rows.get(at + 1).map_or(self.followers.len(), |next| next.first.get() as usize);
        self.followers.get(row.first.get() as usize..end).unwrap_or_default()
    }
}

fn count_of(followers: &[Follower], word: WordId) -> u32 {
    let found = followers.binary_search_by(|f| f.after().cmp(&word.0));
    found.ok().and_then(|at| followers.get(at)).map_or(0, |f| f.count())
}

fn millionths(n: U32) -> f64 {
    f64::from(n.get().min(1_000_000)) / 1_000_000.0
}

fn cost(probability: f64) -> f32 {
    #[allow(clippy::cast_possible_truncation, reason = "at most 708 nats")]
    let nats = -ln(probability.clamp(f64::MIN_POSITIVE, 1.0)) as f32;
    // −ln 1 is −0.
    nats.max(0.0)
}
