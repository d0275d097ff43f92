//! How long does it take to learn from what was corrected?
//!
//! The whole flow, from pairs in memory to the bytes of a model, on all cores. Throughput is in bytes of pairs
//! (both sides) and text. Size: how many times over the samples are given.

#![allow(missing_docs, reason = "criterion_group makes a function")]

mod samples;

use amend::model::Settings;
use amend::{Learner, Model};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

fn bytes(learner: &Learner) -> u64 {
    let pairs = learner.pairs.iter().map(|p| p.observed.len() + p.intended.len()).sum::<usize>();
    (pairs + learner.texts.iter().map(String::len).sum::<usize>()) as u64
}

fn learn(c: &mut Criterion) {
    let mut group = c.benchmark_group("learn");
    group.sample_size(10);
    for times in [1, 2, 4] {
        let learner = samples::learner(times, Settings::default());
        let (model, report) = learner.learn().expect("the samples can be learned from");
        assert_eq!(model, learner.learn().expect("as before").0, "the same inputs, the same bytes");
        assert!(report.samples > 100, "the guard has something to learn from");
        let model = Model::from_bytes(model).expect("a model just made");
        let seen = model.readings("m").expect("sound");
        assert!(seen.iter().any(|reading| reading.text == "nn"), "what users corrected most");

        group.throughput(Throughput::Bytes(bytes(&learner)));
        group
            .bench_function(BenchmarkId::from_parameter(learner.pairs.len()), |b| b.iter(|| learner.learn()));
    }
    group.finish();
}

criterion_group!(benches, learn);
criterion_main!(benches);
