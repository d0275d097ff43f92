//! How long does it take until a model can be used?
//!
//! Opening checks header, table and bounds, and reads alphabet and metadata; the bulk stays on disk until it is
//! needed, so that the time hardly depends on the file's size. Verifying reads every byte. Sizes: how much was
//! learned from.

#![allow(missing_docs, reason = "criterion_group makes a function")]

mod samples;

use std::hint::black_box;

use amend::model::Settings;
use amend::{Corrector, Model};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const LINE: &str = "Refore Mr. Alderian Thorne and Captain";

fn open(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder for models");
    let mut group = c.benchmark_group("a model");
    for times in [1, 4] {
        let (bytes, _) =
            samples::learner(times, Settings::default()).learn().expect("the samples can be learned from");
        let path = folder.path().join(format!("{times}.amend"));
        std::fs::write(&path, &bytes).expect("room for a model");
        let model = Model::open(&path).expect("a model just made");
        model.verify().expect("sound");
        let corrector = Corrector::new(model.clone()).expect("with its guard");
        let line = corrector.worker().correct(LINE);
        assert!(line.text().ends_with(" Thorne and Captain"), "{}", line.text());

        let size = format!("{} kB", bytes.len() / 1000);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(BenchmarkId::new("open", &size), |b| b.iter(|| Model::open(black_box(&path))));
        group.bench_function(BenchmarkId::new("open and correct a line", &size), |b| {
            b.iter(|| {
                let model = Model::open(black_box(&path)).expect("a model");
                Corrector::new(model).expect("with its guard").worker().correct(LINE)
            });
        });
        group.bench_function(BenchmarkId::new("verify", &size), |b| b.iter(|| model.verify()));
    }
    group.finish();
}

criterion_group!(benches, open);
criterion_main!(benches);
