//! run: learn set text out | eval
use amend::evaluate::*;
use amend::*;
use std::time::Instant;
fn pairs(p: &str) -> Vec<Pair> {
    std::fs::read_to_string(p)
        .unwrap()
        .lines()
        .map(|l| {
            let f: Vec<&str> = l.split('\t').collect();
            Pair {
                observed: f[0].into(),
                intended: f[1].into(),
                document: f[2].into(),
                kind: f.get(3).map(|s| s.to_string()),
                evidence: f.get(4).map(|s| s.split(',').map(|x| x.parse().unwrap()).collect()),
            }
        })
        .collect()
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    if a[1] == "learn" {
        let t = Instant::now();
        let mut l = Learner::default();
        for s in a[2].split(',') {
            l.pairs.extend(pairs(&format!("/work/shared/data/pairs/{s}.train.tsv")));
        }
        if a[3] != "-" {
            for s in a[3].split(',') {
                l.texts.push(std::fs::read_to_string(format!("/work/shared/data/text/{s}.txt")).unwrap());
            }
        }
        let (b, r) = l.learn().unwrap();
        println!("{r}\nlearned in {:?}", t.elapsed());
        std::fs::write(&a[4], b).unwrap();
    } else {
        let m = Model::open(&a[2]).unwrap();
        let c = Corrector::new(m).unwrap();
        let lim: Option<f32> = a.get(5).map(|x| x.parse().unwrap());
        let c = if lim.is_some() { c.harm_limit(lim) } else { c };
        let mut ps = vec![];
        for s in a[3].split(',') {
            ps.extend(pairs(&format!("/work/shared/data/pairs/{s}.dev.tsv")));
        }
        let clean = a[4] == "clean";
        if clean {
            for p in &mut ps {
                p.observed = p.intended.clone();
                p.evidence = None;
            }
        }
        let groups = corpus::documents(ps.iter().map(|p| p.document.as_str()));
        let docs: Vec<Vec<Line>> =
            groups.iter().map(|g| g.iter().map(|&k| Line::from(&ps[k])).collect()).collect();
        let t = Instant::now();
        let mut w = c.worker();
        let out: Vec<_> = docs.iter().map(|d| w.correct_document(d)).collect();
        let secs = t.elapsed().as_secs_f64();
        let mut o = vec![String::new(); ps.len()];
        for (g, c) in groups.iter().zip(&out) {
            for (&k, c) in g.iter().zip(c) {
                o[k] = c.text().to_string();
            }
        }
        let rows: Vec<Row> = ps
            .iter()
            .zip(&o)
            .map(|(p, o)| Row {
                observed: &p.observed,
                intended: &p.intended,
                output: o,
                document: &p.document,
            })
            .collect();
        let s = summarise(&rows, &evaluate::Options::default());
        let bytes: usize = ps.iter().map(|p| p.observed.len()).sum();
        if clean {
            println!(
                "clean harm {:.3}/1000  ({} of {})",
                1000.0 * s.harm.unwrap(),
                s.broken_words,
                s.right_words
            );
        } else {
            println!(
                "{} change {:+.2}% harm {:.3}% repair {:.1}% exact {}->{} clean broken {}/{}",
                a[3],
                100.0 * s.relative_change.unwrap(),
                100.0 * s.harm.unwrap(),
                100.0 * s.repair.unwrap(),
                s.exact_rows_before,
                s.exact_rows_after,
                s.clean_rows_broken,
                s.clean_rows
            );
        }
        println!("{:.0} KB/s", bytes as f64 / 1000.0 / secs);
        if std::env::var("SHOW").is_ok() {
            for (d, cs) in docs.iter().zip(&out) {
                for (l, c) in d.iter().zip(cs) {
                    for e in c.edits() {
                        println!("{:?} -> {:?} {:.2} {}", e.span.of(l.text), e.intended, e.confidence, e.by);
                    }
                }
            }
        }
    }
}
