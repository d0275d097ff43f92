//! probe model set width floor slope calm most wordweight
use amend::decode::*;
use amend::evaluate::Counts;
use amend::model::*;
use amend::*;
use rayon::prelude::*;
use std::time::Instant;
fn cpu() -> f64 {
    let s = std::fs::read_to_string("/proc/self/stat").unwrap();
    let f: Vec<&str> = s.rsplit(')').next().unwrap().split_whitespace().collect();
    (f[11].parse::<f64>().unwrap() + f[12].parse::<f64>().unwrap()) / 100.0
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let m = Model::open(&a[1]).unwrap();
    let mut k = m.knowledge().unwrap();
    let f = |i: usize| -> f32 { a[i].parse().unwrap() };
    let beam = Beam {
        width: f(3) as usize,
        doubt: Doubt { floor: f(4), slope: f(5), calm: f(6), most: f(7), ..Doubt::default() },
    };
    k.weights.word = f(8);
    if a.len() > 9 {
        k.weights.grapheme = f(9);
    }
    let n: usize = a.get(10).map_or(100000, |x| x.parse().unwrap());
    let dev: Vec<(String, String)> =
        std::fs::read_to_string(format!("/work/shared/data/pairs/{}.dev.tsv", a[2]))
            .unwrap()
            .lines()
            .take(n)
            .map(|l| {
                let mut f = l.split('\t');
                (f.next().unwrap().into(), f.next().unwrap().into())
            })
            .collect();
    for clean in [false, true] {
        let t = Instant::now();
        let c0 = cpu();
        let mut bytes = 0;
        let mut dec = Decoder::default();
        let mut ob = Observed::default();
        let mut nch = 0;
        let mut outs = vec![];
        for (o, i) in &dev {
            let x = if clean { i } else { o };
            bytes += x.len();
            ob.read(x, k.alphabet);
            let e = dec.decode(&k, &ob, &beam).to_vec();
            let c = changes(&ob, k.symbols, &e);
            nch += c.len();
            let ed: Vec<(usize, usize, String)> = c
                .iter()
                .map(|c| {
                    (
                        ob.at_byte[c.at.start],
                        ob.at_byte[c.at.end],
                        k.alphabet.decode(&c.intended(&ob.symbols)),
                    )
                })
                .collect();
            outs.push((x, i, ed));
        }
        let secs = cpu() - c0;
        let _ = t;
        let r: Vec<(u64, u64, u64)> = outs
            .par_iter()
            .map(|(x, i, ed)| {
                let ap = |es: &[&(usize, usize, String)]| {
                    let mut s = String::new();
                    let mut at = 0;
                    for e in es {
                        if e.0 < at {
                            continue;
                        }
                        s.push_str(&x[at..e.0]);
                        s.push_str(&e.2);
                        at = e.1;
                    }
                    s.push_str(&x[at..]);
                    s
                };
                let all: Vec<_> = ed.iter().collect();
                let c = Counts::of(x, i, &ap(&all));
                let good: Vec<_> = ed
                    .iter()
                    .filter(|e| {
                        let c2 = Counts::of(x, i, &ap(&[e]));
                        c2.errors_after < c2.errors_before
                    })
                    .collect();
                let g = Counts::of(x, i, &ap(&good));
                (c.errors_before, c.errors_after, g.errors_after.min(c.errors_before))
            })
            .collect();
        let s = r.iter().fold((0, 0, 0), |a, b| (a.0 + b.0, a.1 + b.1, a.2 + b.2));
        if clean {
            println!("  clean changes {nch} {:.0} KB/s", bytes as f64 / 1000.0 / secs);
        } else {
            print!(
                "{} unguarded {:+.1}% oracle {:+.1}% changes {nch} {:.0} KB/s",
                a[3..].join(" "),
                100.0 * (s.1 as f64 / s.0 as f64 - 1.0),
                100.0 * (s.2 as f64 / s.0 as f64 - 1.0),
                bytes as f64 / 1000.0 / secs
            );
        }
    }
}
