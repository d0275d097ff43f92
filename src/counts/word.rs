//! Words and their successors counted.

use hashbrown::HashMap;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::ngram::pieces;
use crate::text::{fold_word, words};

/// What stands between two words, read grapheme by grapheme: whether a sentence ends in it (a full stop,
/// exclamation or question mark, and white space behind it). The word after such a gap has no word before it
/// but the start of a sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gap {
    /// No sign of an end yet.
    #[default]
    Inside,
    /// A mark that ends a sentence if white space follows.
    Marked,
    /// A sentence has ended.
    Ended,
}

impl Gap {
    /// The gap with `text` behind it.
    pub fn then(self, text: &str) -> Self {
        text.chars().fold(self, |gap, c| match (gap, c) {
            (Self::Ended, _) => Self::Ended,
            (_, '。' | '！' | '？') => Self::Ended,
            (_, '.' | '!' | '?' | '…') => Self::Marked,
            (Self::Marked, c) if c.is_whitespace() => Self::Ended,
            (gap, _) => gap,
        })
    }
}

/// How often a folded word occurred, and in which case where its place does not ask for a capital.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Occurrences.
    pub count: u64,
    /// Of them, without any capital.
    pub lower: u64,
    /// Of them, with only the first letter a capital, and not at the start of a sentence.
    pub capitalised: u64,
    /// Of them, of two and more letters, all capitals.
    pub upper: u64,
}

impl Seen {
    fn add(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.lower = self.lower.saturating_add(other.lower);
        self.capitalised = self.capitalised.saturating_add(other.capitalised);
        self.upper = self.upper.saturating_add(other.upper);
    }

    fn less(self, other: Self) -> Self {
        Self {
            count: self.count.saturating_sub(other.count),
            lower: self.lower.saturating_sub(other.lower),
            capitalised: self.capitalised.saturating_sub(other.capitalised),
            upper: self.upper.saturating_sub(other.upper),
        }
    }

    fn times(self, n: u64) -> Self {
        Self {
            count: self.count.saturating_mul(n),
            lower: self.lower.saturating_mul(n),
            capitalised: self.capitalised.saturating_mul(n),
            upper: self.upper.saturating_mul(n),
        }
    }

    /// One occurrence of `word`, written as it is.
    pub(crate) fn once(word: &str, at_start: bool) -> Self {
        let (mut capitals, mut small) = (0, 0);
        for c in word.chars() {
            capitals += u64::from(c.is_uppercase());
            small += u64::from(c.is_lowercase());
        }
        let first = word.chars().next().is_some_and(char::is_uppercase);
        Self {
            count: 1,
            lower: u64::from(capitals == 0 && small > 0),
            capitalised: u64::from(capitals == 1 && first && small > 0 && !at_start),
            upper: u64::from(capitals > 1 && small == 0),
        }
    }
}

/// How often a word followed another: places in the word list, and occurrences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Bigram {
    pub(crate) before: u32,
    pub(crate) after: u32,
    pub(crate) count: u32,
}

/// Counts of folded words (lower case, digits as `0`) and of which followed which. The empty word stands for
/// the start of a line or sentence. Counts saturate. Merging in any grouping and order gives the same counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordCounts {
    /// Ascending, unique.
    words: Vec<Box<str>>,
    seen: Vec<Seen>,
    /// Ascending by (before, after), unique.
    bigrams: Vec<Bigram>,
}

impl WordCounts {
    /// Counts `lines` on all threads of the current rayon pool.
    pub fn of_lines(lines: &[&str]) -> Self {
        pieces(lines).into_par_iter().map(Self::of_piece).reduce(Self::default, Self::merge)
    }

    fn of_piece(lines: &[&str]) -> Self {
        let mut ids: HashMap<Box<str>, u32> = HashMap::new();
        let mut found: Vec<(Box<str>, Seen)> = Vec::new();
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        let mut id_of = |word: &str, seen: Seen| {
            let id = match ids.get(word) {
                Some(&id) => id,
                None => {
                    let id = u32::try_from(found.len()).unwrap_or(u32::MAX);
                    ids.insert(Box::from(word), id);
                    found.push((Box::from(word), Seen::default()));
                    id
                }
            };
            if let Some((_, all)) = found.get_mut(id as usize) {
                all.add(seen);
            }
            id
        };
        for line in lines {
            let mut end = 0;
            let mut before = None;
            for word in words(line) {
                let gap = Gap::default().then(line.get(end..word.at).unwrap_or(""));
                let at_start = before.is_none() || gap == Gap::Ended;
                let context = match before {
                    Some(before) if !at_start => before,
                    _ => id_of("", Seen { count: 1, ..Seen::default() }),
                };
                let id = id_of(&fold_word(word.text), Seen::once(word.text, at_start));
                pairs.push((context, id));
                before = Some(id);
                end = word.at + word.text.len();
            }
        }
        Self::of_found(found, pairs)
    }

    /// Sorts words that are numbered as they were found.
    fn of_found(mut found: Vec<(Box<str>, Seen)>, mut pairs: Vec<(u32, u32)>) -> Self {
        let mut order: Vec<usize> = (0..found.len()).collect();
        order.sort_unstable_by(|&a, &b| found[a].0.cmp(&found[b].0));
        let mut place = vec![0; found.len()];
        for (new, &old) in (0_u32..).zip(&order) {
            place[old] = new;
        }
        for (before, after) in &mut pairs {
            (*before, *after) = (place[*before as usize], place[*after as usize]);
        }
        pairs.sort_unstable();
        let bigrams = pairs
            .chunk_by(|a, b| a == b)
            .map(|same| {
                let count = u32::try_from(same.len()).unwrap_or(u32::MAX);
                Bigram { before: same[0].0, after: same[0].1, count }
            })
            .collect();
        found.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let (words, seen) = found.into_iter().unzip();
        Self { words, seen, bigrams }
    }

    /// Counts of single words from elsewhere: how often each was seen, as it is written.
    pub fn of_list<'a>(list: impl IntoIterator<Item = (&'a str, u64)>) -> Self {
        let mut found: Vec<(Box<str>, Seen)> = list
            .into_iter()
            .filter(|(word, _)| !word.is_empty())
            .map(|(word, n)| (Box::from(&*fold_word(word)), Seen::once(word, false).times(n)))
            .collect();
        found.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        found.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1.add(next.1);
            }
            same
        });
        Self::of_found(found, Vec::new())
    }

    /// The counts of both texts.
    pub fn merge(self, other: Self) -> Self {
        let mut merged = Self::default();
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        let mut left = self.words.into_iter().zip(self.seen).peekable();
        let mut right = other.words.into_iter().zip(other.seen).peekable();
        loop {
            let order = match (left.peek(), right.peek()) {
                (Some(a), Some(b)) => a.0.cmp(&b.0),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (None, None) => break,
            };
            let place = u32::try_from(merged.words.len()).unwrap_or(u32::MAX);
            let mut both = Seen::default();
            let mut word = Box::default();
            if order.is_le() {
                ours.push(place);
                if let Some((text, seen)) = left.next() {
                    both.add(seen);
                    word = text;
                }
            }
            if order.is_ge() {
                theirs.push(place);
                if let Some((text, seen)) = right.next() {
                    both.add(seen);
                    word = text;
                }
            }
            merged.words.push(word);
            merged.seen.push(both);
        }
        // Places keep their order, so the renumbered bigrams stay sorted.
        let moved = |bigrams: Vec<Bigram>, to: Vec<u32>| {
            let at = move |place: u32| to.get(place as usize).copied().unwrap_or(0);
            bigrams.into_iter().map(move |b| Bigram { before: at(b.before), after: at(b.after), ..b })
        };
        let mut bigrams: Vec<Bigram> =
            moved(self.bigrams, ours).chain(moved(other.bigrams, theirs)).collect();
        // Two sorted runs: the stable sort merges them.
        bigrams.sort();
        bigrams.dedup_by(|next, kept| {
            let same = (next.before, next.after) == (kept.before, kept.after);
            if same {
                kept.count = kept.count.saturating_add(next.count);
            }
            same
        });
        merged.bigrams = bigrams;
        merged
    }

    /// The counts of the text that was merged into these beside `other`; exact as long as no count saturated.
    #[must_use]
    pub fn without(self, other: &Self) -> Self {
        if other.is_empty() {
            return self;
        }
        let mut rest = Self::default();
        // Where each word of ours stands in the rest, if it does, and where each of theirs stands among ours.
        let (mut places, mut theirs) = (Vec::with_capacity(self.len()), vec![u32::MAX; other.len()]);
        let mut at = 0;
        for (own, (word, seen)) in (0_u32..).zip(self.words.into_iter().zip(self.seen)) {
            while other.words.get(at).is_some_and(|w| **w < *word) {
                at += 1;
            }
            let mut left = seen;
            if other.words.get(at).is_some_and(|w| *w == word) {
                theirs[at] = own;
                left = seen.less(other.seen.get(at).copied().unwrap_or_default());
            }
            places.push((left.count > 0).then_some(u32::try_from(rest.words.len()).unwrap_or(u32::MAX)));
            if left.count > 0 {
                rest.words.push(word);
                rest.seen.push(left);
            }
        }
        let ours = |b: &Bigram| {
            let place = |place: u32| theirs.get(place as usize).copied().unwrap_or(u32::MAX);
            (place(b.before), place(b.after), b.count)
        };
        let mut taken = other.bigrams.iter().map(ours).peekable();
        for b in self.bigrams {
            let key = (b.before, b.after);
            while taken.next_if(|t| (t.0, t.1) < key).is_some() {}
            let less = taken.next_if(|t| (t.0, t.1) == key).map_or(0, |t| t.2);
            let place = |place: u32| places.get(place as usize).copied().flatten();
            if let (true, Some((before, after))) = (b.count > less, place(b.before).zip(place(b.after))) {
                rest.bigrams.push(Bigram { before, after, count: b.count - less });
            }
        }
        rest
    }

    /// The same words and successors, each counted `weight` times as much.
    pub fn weighted(mut self, weight: u32) -> Self {
        let weight = weight.max(1);
        for seen in &mut self.seen {
            *seen = seen.times(u64::from(weight));
        }
        for bigram in &mut self.bigrams {
            bigram.count = bigram.count.saturating_mul(weight);
        }
        self
    }

    /// How many different words were seen, the start of a sentence among them.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The folded words, ascending, with what was seen of each; the empty word is the start of a sentence.
    pub fn words(&self) -> impl Iterator<Item = (&str, Seen)> {
        self.words.iter().zip(&self.seen).map(|(word, &seen)| (&**word, seen))
    }

    /// What was seen of a folded word.
    pub fn seen(&self, folded: &str) -> Seen {
        let found = self.words.binary_search_by(|word| (**word).cmp(folded));
        found.ok().and_then(|at| self.seen.get(at)).copied().unwrap_or_default()
    }

    /// Who followed whom, as places in the word list, ascending.
    pub(crate) fn bigrams(&self) -> &[Bigram] {
        &self.bigrams
    }

    pub(crate) fn parts(&self) -> (&[Box<str>], &[Seen], &[Bigram]) {
        (&self.words, &self.seen, &self.bigrams)
    }

    /// Counts out of the parts of a shard, or `None` if they break an invariant.
    pub(crate) fn from_parts(words: Vec<Box<str>>, seen: Vec<Seen>, bigrams: Vec<Bigram>) -> Option<Self> {
        let inside = |place: u32| (place as usize) < words.len();
        let fits = words.len() == seen.len()
            && words.is_sorted_by(|a, b| a < b)
            && bigrams.is_sorted_by(|a, b| (a.before, a.after) < (b.before, b.after))
            && bigrams.iter().all(|b| inside(b.before) && inside(b.after));
        fits.then_some(Self { words, seen, bigrams })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bigrams(counts: &WordCounts) -> Vec<(&str, &str, u32)> {
        let word = |place: u32| &*counts.words[place as usize];
        counts.bigrams.iter().map(|b| (word(b.before), word(b.after), b.count)).collect()
    }

    #[test]
    fn words_and_successors_by_hand() {
        let counts = WordCounts::of_lines(&["The cat saw the cat. The end", "the cat 42 U.S."]);
        let want = [
            ("", "the", 3),
            ("00", "u", 1),
            ("cat", "00", 1),
            ("cat", "saw", 1),
            ("saw", "the", 1),
            ("the", "cat", 3),
            ("the", "end", 1),
            ("u", "s", 1),
        ];
        assert_eq!(bigrams(&counts), want);
        assert_eq!(counts.seen(""), Seen { count: 3, ..Seen::default() });
        let the = Seen { count: 4, lower: 2, capitalised: 0, upper: 0 };
        assert_eq!(counts.seen("the"), the, "a capital at the start says nothing");
    }

    #[test]
    fn case_is_seen_inside_sentences() {
        let counts = WordCounts::of_lines(&["a Smith, SMITH, smith and McSmith A"]);
        assert_eq!(counts.seen("smith"), Seen { count: 3, lower: 1, capitalised: 1, upper: 1 });
        assert_eq!(counts.seen("mcsmith"), Seen { count: 1, ..Seen::default() });
        assert_eq!(counts.seen("a"), Seen { count: 2, lower: 1, ..Seen::default() });
    }

    #[test]
    fn gaps() {
        let cases = [
            (" ", Gap::Inside),
            (", ", Gap::Inside),
            (".", Gap::Marked),
            (".” ", Gap::Ended),
            ("。", Gap::Ended),
            ("?! (", Gap::Ended),
        ];
        for (gap, want) in cases {
            assert_eq!(Gap::default().then(gap), want, "{gap}");
        }
    }

    #[test]
    fn a_list_adds_to_single_words() {
        let counts = WordCounts::of_list([("Zürich", 5), ("zürich", 2), ("", 9)]);
        assert_eq!(counts.seen("zürich"), Seen { count: 7, lower: 2, capitalised: 5, upper: 0 });
        assert_eq!(counts.len(), 1);
        let both = counts.merge(WordCounts::of_lines(&["in Zürich"]));
        assert_eq!(both.seen("zürich").count, 8);
        assert_eq!(bigrams(&both), [("", "in", 1), ("in", "zürich", 1)]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn any_grouping_merges_to_the_same(
            lines in prop::collection::vec("([abC]{1,2}[ .]{1,2}){0,6}", 3..9), cut in 0_usize..100,
        ) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let whole = WordCounts::of_lines(&lines);
            let (left, rest) = lines.split_at(cut % lines.len());
            let (middle, right) = rest.split_at(rest.len() / 2);
            let of = WordCounts::of_lines;
            prop_assert_eq!(&of(left).merge(of(middle)).merge(of(right)), &whole);
            prop_assert_eq!(&of(right).merge(of(left).merge(of(middle))), &whole);
            prop_assert_eq!(of(left).weighted(2).merge(of(left)), of(left).weighted(3));
            prop_assert_eq!(of(left).merge(of(rest)).without(&of(rest)), of(left));
        }
    }
}
