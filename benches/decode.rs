//! How long do I wait for a text to be corrected?
//!
//! One thread, one document: a page as Tesseract read it, and right text. The answer is asserted before it is
//! timed, and its quality is printed beside the speed. The do-nothing corrector, which copies its input, is the
//! floor. Sizes: beam width, and lines of the page.

#![allow(missing_docs, reason = "criterion_group makes a function")]
#![allow(clippy::print_stderr, reason = "what a speed was bought with belongs beside it")]

mod samples;

use std::hint::black_box;

use amend::model::{Beam, Settings};
use amend::{Correction, Corrector, Line, Model};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

fn corrector(width: usize) -> Corrector {
    let settings = Settings { beam: Beam { width, ..Beam::default() }, ..Settings::default() };
    let (bytes, _) = samples::learner(2, settings).learn().expect("the samples can be learned from");
    let model = Model::from_bytes(bytes).expect("a model just made");
    // Of so few rows one broken word is more than is taken of a page that is unlike most of them.
    Corrector::new(model).expect("with its guard").harm_limit(Some(0.02))
}

/// What is timed against: the same work without the search.
fn do_nothing(lines: &[Line<'_>]) -> Vec<Correction> {
    lines.iter().map(|line| Correction::apply(line.text, Vec::new())).collect()
}

fn texts(corrections: &[Correction]) -> Vec<String> {
    corrections.iter().map(|c| c.text().to_owned()).collect()
}

fn page(c: &mut Criterion) {
    let pairs = samples::column();
    let lines = samples::lines(&pairs);
    let before = samples::judge(&pairs, &texts(&do_nothing(&lines)));
    assert_eq!((before.errors_after, before.rows_changed), (before.errors_before, 0), "it does nothing");

    let mut group = c.benchmark_group("a page, by beam width");
    group.throughput(Throughput::Bytes(samples::bytes(&lines)));
    group.bench_function("do nothing", |b| b.iter(|| do_nothing(black_box(&lines))));
    for width in [16, 32, 64] {
        let corrector = corrector(width);
        let mut worker = corrector.worker();
        let after = samples::judge(&pairs, &texts(&worker.correct_document(&lines)));
        // The model was learned from this very page: it has to know it.
        assert!(after.errors_after * 2 < before.errors_before, "{after:?}");
        eprintln!(
            "width {width}: errors {} -> {}, right words broken {} of {}",
            after.errors_before, after.errors_after, after.broken_words, after.right_words
        );
        group.bench_function(BenchmarkId::from_parameter(width), |b| {
            b.iter(|| worker.correct_document(black_box(&lines)));
        });
    }
    group.finish();
}

fn length(c: &mut Criterion) {
    let pairs = samples::column();
    let lines = samples::lines(&pairs);
    let corrector = corrector(Beam::default().width);
    let mut worker = corrector.worker();
    let mut group = c.benchmark_group("a page, by lines");
    for count in [1, 8, 64] {
        // The first line is a heading.
        let part = lines.get(3..3 + count).expect("the page has more");
        assert_eq!(worker.correct_document(part).len(), count, "a line for a line");
        group.throughput(Throughput::Bytes(samples::bytes(part)));
        group.bench_function(BenchmarkId::from_parameter(count), |b| {
            b.iter(|| worker.correct_document(black_box(part)));
        });
    }
    group.finish();

    let clean: Vec<Line<'_>> = samples::CLEAN.lines().map(Line::new).collect();
    let changed: usize = worker.correct_document(&clean).iter().map(|c| c.edits().len()).sum();
    assert!(changed * 10 < clean.len(), "{changed} changes in {} lines of right text", clean.len());
    let mut group = c.benchmark_group("right text");
    group.throughput(Throughput::Bytes(samples::bytes(&clean)));
    group.bench_function("do nothing", |b| b.iter(|| do_nothing(black_box(&clean))));
    group.bench_function("correct", |b| b.iter(|| worker.correct_document(black_box(&clean))));
    group.finish();
}

criterion_group!(benches, page, length);
criterion_main!(benches);
