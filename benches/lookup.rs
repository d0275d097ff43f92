//! How long does a question to the language model take: what a grapheme costs after graphemes, and a word
//! after a word?

#![allow(missing_docs, reason = "criterion_group makes a function")]

use std::hint::black_box;

use amend::counts::{Alphabet, Gap, NgramCounts, Symbol, WordCounts, grapheme_counts};
use amend::language::{
    GraphemeIndex, GraphemeOptions, Vocabulary, WordId, WordIndex, WordOptions, build_words,
    estimate_graphemes,
};
use amend::text::{fold_word, words};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const TEXT: &str = include_str!("../data/samples/clean.txt");
/// The likeliest readings of a place that a search has to choose from.
const READINGS: usize = 12;
/// What the language may ask for one of them, nats.
const ROOM: f32 = 8.0;

fn lines() -> Vec<&'static str> {
    TEXT.lines().collect()
}

fn graphemes(c: &mut Criterion) {
    let lines = lines();
    let alphabet = Alphabet::from_counts(&grapheme_counts(&lines), 1);
    let encoded: Vec<Vec<Symbol>> = lines
        .iter()
        .map(|line| {
            let mut symbols = Vec::new();
            alphabet.encode(line, &mut symbols);
            symbols
        })
        .collect();
    let wanted: Vec<Symbol> = (2..).take(READINGS).collect();
    for order in [5, 7] {
        let counts = NgramCounts::of_lines(order, &alphabet, &lines);
        let section = estimate_graphemes(&counts, alphabet.len(), &GraphemeOptions::default());
        let index = GraphemeIndex::parse(&section).expect("a section just written");
        answers(&index, &encoded, &wanted);

        let mut group = c.benchmark_group(format!("grapheme order {order}"));
        group.throughput(Throughput::Bytes(TEXT.len() as u64));
        group.bench_function("step", |b| {
            b.iter(|| encoded.iter().map(|line| index.line_cost(black_box(line))).sum::<f32>());
        });
        group.bench_function("12 readings within 8 nats, then step", |b| {
            b.iter(|| {
                let mut least = f32::INFINITY;
                for line in &encoded {
                    let mut state = index.start();
                    for &symbol in line {
                        let found = |&symbol: &Symbol| index.step_within(state, symbol, ROOM);
                        let costs = black_box(&wanted).iter().filter_map(found);
                        least = costs.fold(least, |least, found| least.min(found.0));
                        state = index.step(state, symbol).1;
                    }
                }
                least
            });
        });
        group.finish();
    }
}

/// The text costs less than the text backwards, and a limit changes no cost.
fn answers(index: &GraphemeIndex<'_>, encoded: &[Vec<Symbol>], wanted: &[Symbol]) {
    let cost = |lines: &[Vec<Symbol>]| lines.iter().map(|line| index.line_cost(line)).sum::<f32>();
    let backwards: Vec<Vec<Symbol>> =
        encoded.iter().map(|line| line.iter().rev().copied().collect()).collect();
    assert!(cost(encoded) * 2.0 < cost(&backwards));
    let found = |&s: &Symbol| index.step_within(index.start(), s, ROOM).map(|found| (s, found));
    assert!(wanted.iter().filter_map(found).all(|(s, found)| found == index.step(index.start(), s)));
}

fn word_bigrams(c: &mut Criterion) {
    let sections = build_words(&WordCounts::of_lines(&lines()), &WordOptions::default());
    let vocabulary = Vocabulary::parse(&sections.vocabulary).expect("a section just written");
    let index = WordIndex::parse(&sections.index).expect("a section just written");
    let mut bigrams = Vec::new();
    for line in lines() {
        let (mut before, mut end) = (WordId::START, 0);
        for word in words(line) {
            if Gap::default().then(&line[end..word.at]) == Gap::Ended {
                before = WordId::START;
            }
            let id = vocabulary.id(&fold_word(word.text)).expect("a word of the text");
            bigrams.push((before, id));
            (before, end) = (id, word.at + word.text.len());
        }
    }
    let cost = |of: &dyn Fn(WordId, WordId) -> f32| bigrams.iter().map(|&(v, w)| of(v, w)).sum::<f32>();
    assert!(cost(&|v, w| index.cost(Some(v), w)) < cost(&|_, w| index.unigram_cost(w)));
    assert!(bigrams.iter().all(|&(v, w)| index.bigram_count(v, w) > 0));

    let mut group = c.benchmark_group("word");
    group.throughput(Throughput::Bytes(TEXT.len() as u64));
    group.bench_function("bigram cost", |b| {
        b.iter(|| black_box(&bigrams).iter().map(|&(v, w)| index.cost(Some(v), w)).sum::<f32>());
    });
    let folded: Vec<_> = words(TEXT).map(|word| fold_word(word.text)).collect();
    group.bench_function("vocabulary", |b| {
        b.iter(|| black_box(&folded).iter().filter(|word| vocabulary.id(word).is_some()).count());
    });
    group.finish();
}

criterion_group!(benches, graphemes, word_bigrams);
criterion_main!(benches);
