//! harm model set: edits that hurt, by text
use amend::evaluate::Counts;
use amend::*;
use std::collections::BTreeMap;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let c = Corrector::new(Model::open(&a[1]).unwrap()).unwrap();
    let mut w = c.worker();
    let clean = a.get(3).is_some_and(|x| x == "clean");
    let rows: Vec<Vec<String>> = std::fs::read_to_string(format!("/work/shared/data/pairs/{}.dev.tsv", a[2]))
        .unwrap()
        .lines()
        .map(|l| l.split('\t').map(str::to_string).collect())
        .collect();
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|mut r| {
            if clean {
                r[0] = r[1].clone();
            }
            r
        })
        .collect();
    let groups = corpus::documents(rows.iter().map(|r| r[2].as_str()));
    let mut tally: BTreeMap<String, (usize, usize, i64)> = BTreeMap::new();
    let mut bad: BTreeMap<String, usize> = BTreeMap::new();
    let mut good: BTreeMap<String, usize> = BTreeMap::new();
    for g in &groups {
        let lines: Vec<Line> = g
            .iter()
            .map(|&k| Line { text: &rows[k][0], kind: rows[k].get(3).map(|s| s.as_str()), evidence: None })
            .collect();
        for (l, (cor, &k)) in lines.iter().zip(w.correct_document(&lines).iter().zip(g.iter())) {
            for e in cor.edits() {
                let mut o = l.text.to_string();
                o.replace_range(e.span.range(), &e.intended);
                let n = Counts::of(l.text, &rows[k][1], &o);
                let gain = n.errors_before as i64 - n.errors_after as i64;
                let ob = e.span.of(l.text);
                let f = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
                let sp = |t: &str| t.chars().filter(|c| c.is_whitespace()).count();
                let class = if f(ob) == f(&e.intended) {
                    if sp(ob) != sp(&e.intended) { "space" } else { "marks" }
                } else if f(ob).to_lowercase() == f(&e.intended).to_lowercase() {
                    "case"
                } else if ob.contains("- ") && sp(ob) > sp(&e.intended) {
                    "hyphen+letters"
                } else if sp(ob) != sp(&e.intended) {
                    "letters+space"
                } else if ob
                    .chars()
                    .filter(|c| !c.is_alphanumeric())
                    .ne(e.intended.chars().filter(|c| !c.is_alphanumeric()))
                {
                    "letters+marks"
                } else {
                    "letters"
                };
                let class = if f(ob) == f(&e.intended) && ob.contains("- ") { "join" } else { class };
                let t = tally.entry(class.to_string()).or_default();
                if gain > 0 {
                    t.0 += 1;
                }
                if n.broken > 0 || gain < 0 {
                    t.1 += 1;
                }
                t.2 += gain;
                let key = format!("{class}: {ob} -> {}", e.intended);
                if gain < 0 {
                    *bad.entry(key).or_default() += 1;
                } else if gain > 0 {
                    *good.entry(key).or_default() += 1;
                }
            }
        }
    }
    for (c, t) in &tally {
        println!("{c}: good {} bad {} net gain {}", t.0, t.1, t.2);
    }
    let mut b: Vec<_> = bad.into_iter().collect();
    b.sort_by(|x, y| y.1.cmp(&x.1));
    for (k, n) in b.iter().take(a.get(4).map_or(40, |x| x.parse().unwrap())) {
        println!("  {n} {k}");
    }
}
