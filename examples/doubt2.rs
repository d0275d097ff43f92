//! per doc
use amend::decode::*;
use amend::*;
use std::collections::BTreeMap;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let m = Model::open(&a[1]).unwrap();
    let k = m.knowledge().unwrap();
    let mut docs: BTreeMap<String, Vec<[f32; 2]>> = BTreeMap::new();
    let mut cer: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut hard: BTreeMap<String, [(u32, u32); 2]> = BTreeMap::new();
    for l in std::fs::read_to_string(&a[2]).unwrap().lines() {
        let f: Vec<&str> = l.split('\t').collect();
        let c = amend::evaluate::Counts::of(f[0], f[1], f[0]);
        let e = cer.entry(f[2].into()).or_default();
        e.0 += c.errors_before;
        e.1 += c.characters;
        for (w, t) in [f[0], f[1]].iter().enumerate() {
            let mut ob = Observed::default();
            ob.read(t, k.alphabet);
            let mut st = k.graphemes.start();
            let mut costs = vec![];
            for &s in &ob.symbols {
                let (c, n) = k.graphemes.step(st, s);
                st = n;
                costs.push(c);
            }
            let n = costs.len();
            let s: f32 = costs.iter().sum();
            docs.entry(f[2].into()).or_default().push(if w == 0 {
                [s / n.max(1) as f32, 0.0]
            } else {
                [0.0, s / n.max(1) as f32]
            });
            let mut start = 0;
            for at in 0..n {
                if k.symbols.is_space(ob.symbols[at]) || at + 1 == n {
                    let d: f32 = costs[start..n.min(at + 4)].iter().sum();
                    let h = &mut hard.entry(f[2].into()).or_default()[w];
                    h.1 += 1;
                    if d > 20.0 {
                        h.0 += 1;
                    }
                    start = at + 1;
                }
            }
        }
    }
    for (d, h) in &hard {
        let (e, c) = cer[d];
        let v = &docs[d];
        let s = v.iter().fold([0.0f32, 0.0], |a, b| [a[0] + b[0], a[1] + b[1]]);
        println!(
            "{d} cer {:.3} noisy>20 {:.3} clean>20 {:.3} cost/char noisy {:.2} clean {:.2}",
            100.0 * e as f64 / c as f64,
            h[0].0 as f32 / h[0].1 as f32,
            h[1].0 as f32 / h[1].1 as f32,
            2.0 * s[0] / v.len() as f32,
            2.0 * s[1] / v.len() as f32
        );
    }
}
