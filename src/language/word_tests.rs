//! Vocabulary and bigram frequency index: by hand, against the counts, and against damage.

use proptest::prelude::*;

use super::{Case, CaseProfile, Vocabulary, WordId, WordIndex, WordOptions, WordSections, build_words};
use crate::counts::WordCounts;

const LINES: [&str; 6] = [
    "the cat sat on the mat",
    "the hat that the cat sat on. The cat!",
    "on that mat the cats hated a Mouse",
    "an apple a day, an Apple, an APPLE",
    "Then the theatre of the Thebans then",
    "été étage 1984 2001",
];

fn sections(options: &WordOptions) -> WordSections {
    build_words(&WordCounts::of_lines(&LINES), options)
}

fn all(index: &WordIndex<'_>) -> impl Iterator<Item = WordId> + use<> {
    (0..).take(index.len()).map(WordId)
}

#[test]
fn words_are_numbered_by_frequency_then_text() {
    let sections = sections(&WordOptions::default());
    let (words, index) =
        (Vocabulary::parse(&sections.vocabulary).unwrap(), WordIndex::parse(&sections.index).unwrap());
    let first: Vec<_> = (0..6).filter_map(|id| words.word(WordId(id))).collect();
    assert_eq!(first, ["the", "an", "apple", "cat", "on", "0000"]);
    assert_eq!(words.len(), index.len());
    let counts = WordCounts::of_lines(&LINES);
    for (word, seen) in counts.words().filter(|(word, _)| !word.is_empty()) {
        let id = words.id(word).unwrap();
        assert_eq!(words.word(id).as_deref(), Some(word));
        assert_eq!(u64::from(index.count(id)), seen.count);
    }
    assert_eq!(words.id("them"), None);
    assert_eq!(words.id(""), None);
    assert_eq!(words.word(WordId::START), None);
    assert_eq!(words.word(WordId(999)), None);
}

#[test]
fn the_best_of_a_prefix_is_its_most_frequent_word() {
    let sections = sections(&WordOptions::default());
    let words = Vocabulary::parse(&sections.vocabulary).unwrap();
    let counts = WordCounts::of_lines(&LINES);
    let known: Vec<&str> = counts.words().map(|(word, _)| word).filter(|word| !word.is_empty()).collect();
    for word in &known {
        for end in (0..=word.len()).filter(|&end| word.is_char_boundary(end)) {
            let prefix = &word[..end];
            let at = words.advance(words.root(), prefix).unwrap();
            let begun = known.iter().filter(|word| word.starts_with(prefix));
            assert_eq!(Some(words.best(at)), begun.filter_map(|word| words.id(word)).min(), "{prefix}");
            assert_eq!(words.id_at(at), words.id(prefix), "{prefix}");
        }
        assert_eq!(words.advance(words.root(), &format!("{word}q")), None);
    }
}

#[test]
fn case_is_remembered() {
    let sections = sections(&WordOptions::default());
    let (words, index) =
        (Vocabulary::parse(&sections.vocabulary).unwrap(), WordIndex::parse(&sections.index).unwrap());
    let case = |word| index.case_profile(words.id(word).unwrap());
    assert_eq!(case("apple"), CaseProfile { lower: 1, capitalised: 1, upper: 1 });
    assert_eq!(case("thebans"), CaseProfile { lower: 0, capitalised: 1, upper: 0 });
    assert_eq!(case("the").capitalised, 0);
    assert_eq!(index.case_profile(WordId(999)), CaseProfile::default());
}

#[test]
fn the_index_lists_what_was_counted() {
    let sections = sections(&WordOptions::default());
    let (words, index) =
        (Vocabulary::parse(&sections.vocabulary).unwrap(), WordIndex::parse(&sections.index).unwrap());
    let id = |word| words.id(word).unwrap();
    let after_the: Vec<_> = index.successors(id("the")).map(|(w, n)| (words.word(w).unwrap(), n)).collect();
    let want = [("cat", 3), ("mat", 1), ("cats", 1), ("hat", 1), ("theatre", 1), ("thebans", 1)];
    assert_eq!(after_the, want.map(|(w, n)| (w.to_string(), n)));
    assert_eq!(index.bigram_count(id("an"), id("apple")), 3);
    assert_eq!(index.bigram_count(id("apple"), id("the")), 0);
    assert_eq!(index.count(WordId::START), 7);
    let starts: u32 = index.successors(WordId::START).map(|(_, n)| n).sum();
    assert_eq!(starts, 7);
}

#[test]
fn a_cost_by_hand() {
    let counts = WordCounts::of_lines(&["b a", "b a", "b c"]);
    let sections = build_words(&counts, &WordOptions::default());
    let (words, index) =
        (Vocabulary::parse(&sections.vocabulary).unwrap(), WordIndex::parse(&sections.index).unwrap());
    let id = |word| words.id(word).unwrap();
    // Bigrams: start b 3, b a 2, b c 1: D = 1 / (1 + 2) = ⅓. Words before: one for each of a, b, c; none has
    // two, so D' = ¾. p₀(a) = 2.5 / 7.5 = ⅓, p(a) = (1 − ¾) / 3 + ¾ · 3 / 3 · ⅓ = ⅓.
    // p(a | b) = (2 − ⅓) / 3 + (3 − 3 + ⅓ · 2) / 3 · ⅓ = 5/9 + 2/27 = 17/27.
    let close = |cost: f32, p: f64| assert!((f64::from(cost) + crate::cost::ln(p)).abs() < 1e-5, "{cost}");
    close(index.unigram_cost(id("a")), 1.0 / 3.0);
    close(index.cost(None, id("a")), 1.0 / 3.0);
    close(index.cost(Some(id("b")), id("a")), 17.0 / 27.0);
    // One more "b a" is seen in the listing and in the cost.
    let more = build_words(&counts.merge(WordCounts::of_lines(&["b a"])), &WordOptions::default());
    let more = WordIndex::parse(&more.index).unwrap();
    assert!(more.bigram_count(WordId(0), WordId(1)) > index.bigram_count(id("b"), id("a")));
    assert!(more.cost(Some(WordId(0)), WordId(1)) < index.cost(Some(id("b")), id("a")));
}

fn sums_to_one(index: &WordIndex<'_>) {
    for before in all(index).map(Some).chain([None, Some(WordId::START), Some(WordId(9999))]) {
        let sum: f64 = all(index).map(|w| crate::cost::exp(-f64::from(index.cost(before, w)))).sum();
        assert!((sum - 1.0).abs() < 1e-4, "after {before:?}: {sum}");
    }
    let sum: f64 = all(index).map(|w| crate::cost::exp(-f64::from(index.unigram_cost(w)))).sum();
    assert!((sum - 1.0).abs() < 1e-4, "alone: {sum}");
}

#[test]
fn every_context_is_a_distribution() {
    for options in [
        WordOptions::default(),
        WordOptions { bigram_at_least: 2, ..WordOptions::default() },
        WordOptions { at_least: 2, ..WordOptions::default() },
        WordOptions { size_limit: Some(900), ..WordOptions::default() },
    ] {
        sums_to_one(&WordIndex::parse(&sections(&options).index).unwrap());
    }
}

#[test]
fn a_limit_keeps_what_tells_most() {
    let counts = WordCounts::of_lines(&LINES);
    let whole = sections(&WordOptions::default());
    let whole_size = whole.vocabulary.len() + whole.index.len();
    for limit in [300, 700, 1000, whole_size] {
        let small = build_words(&counts, &WordOptions { size_limit: Some(limit), ..WordOptions::default() });
        let size = small.vocabulary.len() + small.index.len();
        assert!(size <= limit, "{size} of {limit}");
        let (words, index) =
            (Vocabulary::parse(&small.vocabulary).unwrap(), WordIndex::parse(&small.index).unwrap());
        assert_eq!(words.id("the"), Some(WordId(0)), "{limit}");
        if limit >= 700 {
            let (the, cat) = (WordId(0), words.id("cat").unwrap());
            assert_eq!(index.bigram_count(the, cat), 3, "{limit}");
        }
    }
    let none = build_words(&counts, &WordOptions { size_limit: Some(0), ..WordOptions::default() });
    assert_eq!(Vocabulary::parse(&none.vocabulary).unwrap().len(), 0);
}

#[test]
fn nothing_counted_knows_nothing() {
    let sections = build_words(&WordCounts::default(), &WordOptions::default());
    let (words, index) =
        (Vocabulary::parse(&sections.vocabulary).unwrap(), WordIndex::parse(&sections.index).unwrap());
    assert_eq!(words.id("a"), None);
    assert!(index.cost(Some(WordId::START), WordId(3)).is_finite());
    assert_eq!(index.successors(WordId::START).len(), 0);
}

#[test]
fn sections_of_another_length_are_refused() {
    let whole = sections(&WordOptions::default());
    for len in 0..whole.vocabulary.len() {
        assert!(Vocabulary::parse(&whole.vocabulary[..len]).is_err());
    }
    for len in 0..whole.index.len() {
        assert!(WordIndex::parse(&whole.index[..len]).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn damage_is_harmless(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..30)) {
        let mut whole = sections(&WordOptions::default());
        for (at, byte) in &flips {
            *at.get_mut(&mut whole.vocabulary) ^= byte;
            *at.get_mut(&mut whole.index) ^= byte;
        }
        if let Ok(words) = Vocabulary::parse(&whole.vocabulary) {
            for line in LINES {
                for word in line.split(' ') {
                    let mut at = words.root();
                    for letter in word.split_inclusive(|_: char| true) {
                        let _ = (words.id_at(at), words.best(at));
                        match words.advance(at, letter) {
                            Some(next) => at = next,
                            None => break,
                        }
                    }
                }
            }
            for id in (0..12).map(WordId) {
                let _ = words.word(id);
            }
        }
        if let Ok(index) = WordIndex::parse(&whole.index) {
            for before in all(&index).map(Some).chain([None, Some(WordId::START), Some(WordId(1 << 30))]) {
                for word in all(&index) {
                    let cost = index.cost(before, word);
                    prop_assert!(cost.is_finite() && cost >= 0.0);
                }
                let before = before.unwrap_or(WordId(5));
                prop_assert!(index.successors(before).len() <= index.bigrams());
                prop_assert!(index.unigram_cost(before).is_finite());
                prop_assert!(index.case_share(before, Case::Lower) <= 1.0);
            }
        }
    }
}
