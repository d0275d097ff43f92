//! doubt dump
use amend::decode::*;
use amend::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let m = Model::open(&a[1]).unwrap();
    let k = m.knowledge().unwrap();
    for l in std::fs::read_to_string(&a[2]).unwrap().lines() {
        let f: Vec<&str> = l.split('\t').collect();
        let (o, i) = (f[0], f[1]);
        let mut ob = Observed::default();
        ob.read(o, k.alphabet);
        let oc: Vec<char> = o.chars().collect();
        let ic: Vec<char> = i.chars().collect();
        let d = amend::counts::differences(&oc, &ic, |c| *c == ' ');
        let mut st = k.graphemes.start();
        let mut costs = vec![];
        for &s in &ob.symbols {
            let (c, n) = k.graphemes.step(st, s);
            st = n;
            costs.push(c);
        }
        if costs.len() != oc.len() {
            continue;
        }
        let mut start = 0;
        let n = costs.len();
        for at in 0..n {
            if oc[at] == ' ' || at + 1 == n {
                let e = at + 1;
                let sum: f32 = costs[start..e].iter().sum();
                let mx = costs[start..e].iter().cloned().fold(0.0, f32::max);
                let nx: f32 = costs[e..n.min(e + 3)].iter().sum();
                let tok: String = oc[start..e].iter().collect();
                let known = amend::text::words(&tok)
                    .all(|w| k.vocabulary.id(&amend::text::fold_word(w.text)).is_some());
                let mincount = amend::text::words(&tok)
                    .map(|w| k.vocabulary.id(&amend::text::fold_word(w.text)).map_or(0, |i| k.words.count(i)))
                    .min()
                    .unwrap_or(0);
                let bad = d.iter().any(|d| {
                    d.observed.start < e && d.observed.end > start
                        || (d.observed.start == d.observed.end
                            && d.observed.start >= start
                            && d.observed.start < e)
                });
                let top2 = {
                    let mut v = costs[start..e].to_vec();
                    v.sort_by(|a, b| b.total_cmp(a));
                    v.iter().take(2).sum::<f32>()
                };
                println!(
                    "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
                    bad as u8,
                    sum,
                    mx,
                    top2,
                    nx,
                    e - start,
                    known as u8,
                    mincount,
                    tok.trim()
                );
                start = e;
            }
        }
    }
}
