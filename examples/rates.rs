//! rates model set
use amend::guard::*;
use amend::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let m = Model::open(&a[1]).unwrap();
    let k = m.knowledge().unwrap();
    let mut sv = Surveyor::default();
    for (set, split) in a[2..].iter().map(|s| s.split_once('.').unwrap()) {
        let rows: Vec<Vec<String>> =
            std::fs::read_to_string(format!("/work/shared/data/pairs/{set}.{split}.tsv"))
                .unwrap()
                .lines()
                .take(2500)
                .map(|l| l.split('\t').map(str::to_string).collect())
                .collect();
        let groups = corpus::documents(rows.iter().map(|r| r[2].as_str()));
        let mut all = vec![];
        for g in &groups {
            let lines: Vec<Line> = g.iter().map(|&k| Line::new(&rows[k][0])).collect();
            let s = sv.survey(&k, &m.metadata().settings.beam, &lines);
            let mut n = [0f64; 6];
            for p in &s.proposals {
                if !p.remainder {
                    n[p.kind.index()] += 1.0;
                }
            }
            all.push((s.tokens as f64, n));
        }
        let tok: f64 = all.iter().map(|a| a.0).sum();
        print!("{set}.{split} docs {} tokens {tok} ", all.len());
        for k in Kind::ALL {
            let mean = all.iter().map(|a| a.1[k.index()]).sum::<f64>() / tok;
            let mut r: Vec<f64> = all.iter().filter(|a| a.0 >= 30.0).map(|a| a.1[k.index()] / a.0).collect();
            r.sort_by(f64::total_cmp);
            let q = |p: f64| r.get(((r.len() as f64 - 1.0) * p) as usize).copied().unwrap_or(0.0);
            print!("| {} {:.4} q05 {:.3} q50 {:.3} q95 {:.3} ", k.name(), mean, q(0.05), q(0.5), q(0.95));
        }
        println!();
    }
}
