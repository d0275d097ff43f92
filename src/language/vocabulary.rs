//! The words that a model knows, walked letter by letter.
//!
//! Section: words u32, bytes of the word list u32 (little-endian); the word list, an fst map from folded word
//! to number.

use zerocopy::byteorder::little_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::LanguageError;
use super::word_list::WordList;

/// A word's number: words that occurred more often have smaller ones, equal counts go by text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WordId(pub(super) u32);

impl WordId {
    /// The start of a line or sentence, as what stands before a word.
    pub const START: Self = Self(u32::MAX);

    /// The word's place in lists by falling frequency.
    pub fn index(self) -> u32 {
        self.0
    }
}

impl From<WordId> for u64 {
    fn from(id: WordId) -> Self {
        Self::from(id.0)
    }
}

#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(super) struct Head {
    pub(super) words: U32,
    pub(super) list: U32,
}

/// A place in the word list: the words that begin with what was read so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Prefix {
    node: u32,
    output: u32,
}

impl Prefix {
    /// The place as one number, for keys of recombination; the last bit is free.
    pub fn key(self) -> u64 {
        (u64::from(self.node) << 32) | (u64::from(self.output) << 1)
    }
}

/// A view of the vocabulary section. Damaged bytes read as fewer or other words.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary<'a> {
    words: u32,
    list: WordList<'a>,
}

impl<'a> Vocabulary<'a> {
    /// A view of a section's bytes, in constant time.
    ///
    /// # Errors
    /// [`LanguageError`] if the bytes are not as many as their head says, or the word list is of another kind.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, LanguageError> {
        const SECTION: &str = "vocabulary";
        let have = bytes.len() as u64;
        let short = |want| LanguageError::Length { section: SECTION, want, have };
        let (head, body) = Head::ref_from_prefix(bytes).map_err(|_| short(size_of::<Head>() as u64))?;
        let want = size_of::<Head>() as u64 + u64::from(head.list.get());
        if want != have {
            return Err(short(want));
        }
        let list = WordList::new(body).ok_or(LanguageError::WordList { section: SECTION })?;
        Ok(Self { words: head.words.get(), list })
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words as usize
    }

    /// Whether no word is known.
    pub fn is_empty(&self) -> bool {
        self.words == 0
    }

    /// The place where all words begin.
    pub fn root(&self) -> Prefix {
        Prefix { node: u32::try_from(self.list.root()).unwrap_or(0), output: 0 }
    }

    /// The place behind `folded`, a folded grapheme or any other piece of a word; `None` if no word goes on so.
    #[inline]
    pub fn advance(&self, from: Prefix, folded: &str) -> Option<Prefix> {
        folded.bytes().try_fold(from, |at, byte| {
            let found = self.list.transition(at.node as usize, byte)?;
            let output = at.output.checked_add(u32::try_from(found.output).ok()?)?;
            Some(Prefix { node: u32::try_from(found.to).ok()?, output })
        })
    }

    /// The word that ends here, if one does.
    #[inline]
    pub fn id_at(&self, at: Prefix) -> Option<WordId> {
        let end = u32::try_from(self.list.final_output(at.node as usize)?).ok()?;
        at.output.checked_add(end).map(WordId).filter(|&id| self.knows(id))
    }

    /// The most frequent word that begins with what was read so far (the first of all, at the root). The fst
    /// shares the least output of all words below a place on the way to it, so this costs nothing.
    #[inline]
    pub fn best(&self, at: Prefix) -> WordId {
        WordId(at.output)
    }

    /// The number of a folded word.
    pub fn id(&self, folded: &str) -> Option<WordId> {
        self.id_at(self.advance(self.root(), folded)?)
    }

    /// The word of a number. For listings: it searches all beginnings whose best word is no rarer.
    pub fn word(&self, id: WordId) -> Option<String> {
        if !self.knows(id) {
            return None;
        }
        // A damaged list could have more ways than any memory has bytes.
        let mut steps = self.list.bytes().len().saturating_mul(64);
        let mut word = Vec::new();
        self.search(self.root(), id, &mut word, &mut steps);
        String::from_utf8(word).ok().filter(|word| !word.is_empty())
    }

    /// Leaves in `word` the way from `at` to the end of `id`, if there is one.
    fn search(&self, at: Prefix, id: WordId, word: &mut Vec<u8>, steps: &mut usize) -> bool {
        if self.id_at(at) == Some(id) {
            return true;
        }
        for transition in self.list.transitions(at.node as usize) {
            let output = u32::try_from(transition.output).ok().and_then(|o| at.output.checked_add(o));
            let (Some(output), Ok(node)) = (output, u32::try_from(transition.to)) else { continue };
            if output > id.0 || word.len() >= LONGEST {
                continue;
            }
            match steps.checked_sub(1) {
                Some(left) => *steps = left,
                None => return false,
            }
            word.push(transition.byte);
            if self.search(Prefix { node, output }, id, word, steps) {
                return true;
            }
            word.pop();
        }
        false
    }

    fn knows(&self, id: WordId) -> bool {
        id.0 < self.words
    }
}

/// A vocabulary holds no word of more bytes.
pub(super) const LONGEST: usize = 200;
