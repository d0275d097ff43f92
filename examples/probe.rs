//! probe
use amend::channel::*;
use amend::counts::*;
use amend::decode::*;
use amend::language::*;
use amend::model::*;
use amend::*;
use std::time::Instant;
fn read(p: &str) -> Vec<(String, String)> {
    std::fs::read_to_string(p)
        .unwrap()
        .lines()
        .map(|l| {
            let mut f = l.split('\t');
            (f.next().unwrap().into(), f.next().unwrap().into())
        })
        .collect()
}
fn lev(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut d = row[0];
        row[0] = i + 1;
        for j in 0..b.len() {
            let t = row[j + 1];
            row[j + 1] = (d + (a[i] != b[j]) as usize).min(row[j] + 1).min(t + 1);
            d = t;
        }
    }
    row[b.len()]
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let set = &a[1];
    let text = &a[2];
    let order: usize = a[3].parse().unwrap();
    let width: usize = a[4].parse().unwrap();
    let doubt = Doubt {
        floor: a[5].parse().unwrap(),
        slope: a[6].parse().unwrap(),
        calm: a[7].parse().unwrap(),
        most: a[8].parse().unwrap(),
    };
    let train = read(&format!("/work/shared/data/pairs/{set}.train.tsv"));
    let dev = read(&format!("/work/shared/data/pairs/{set}.dev.tsv"));
    let t = Instant::now();
    let txt = if text == "-" {
        String::new()
    } else {
        std::fs::read_to_string(format!("/work/shared/data/text/{text}.txt")).unwrap()
    };
    let txt = txt.replace('’', "'").replace('‘', "'").replace('“', "\"").replace('”', "\"").replace('—', "-");
    let lines: Vec<&str> = txt.lines().chain(train.iter().map(|p| p.1.as_str())).collect();
    let all: Vec<&str> = lines.iter().copied().chain(train.iter().map(|p| p.0.as_str())).collect();
    let alphabet = Alphabet::from_counts(&grapheme_counts(&all), 1);
    let counts = NgramCounts::of_lines(order, &alphabet, &lines);
    eprintln!("counted {:?} {}", t.elapsed(), counts.len());
    let g = estimate_graphemes(&counts, alphabet.len(), &GraphemeOptions::default());
    eprintln!("estimated {:?} {} MB", t.elapsed(), g.len() / 1000000);
    let pairs: Vec<_> = train.iter().map(|(o, i)| SymbolPair::new(&alphabet, o, i)).collect();
    let cc = ConfusionCounts::count(&alphabet, &pairs);
    let ch = estimate(&cc, &alphabet, &ChannelOptions::default());
    eprintln!("channel {:?} {} left out {}", t.elapsed(), cc.confusions.len(), cc.left_out);
    let symbols = SymbolTable::new(&alphabet);
    let k = Knowledge {
        alphabet: &alphabet,
        symbols: &symbols,
        graphemes: GraphemeIndex::parse(&g).unwrap(),
        vocabulary: Vocabulary::parse(&[]).unwrap(),
        words: WordIndex::parse(&[]).unwrap(),
        channel: Channel::parse(&ch).unwrap(),
        weights: Weights { word: 0.0, ..Weights::default() },
    };
    for clean in [false, true] {
        let t = Instant::now();
        let mut bytes = 0;
        let (mut before, mut after, mut oracle, mut chars) = (0, 0, 0, 0);
        let mut dec = Decoder::default();
        let mut ob = Observed::default();
        let mut nch = 0;
        let mut outs = vec![];
        for (o, i) in &dev {
            let x = if clean { i } else { o };
            bytes += x.len();
            ob.read(x, &alphabet);
            let e = dec.decode(&k, &ob, &Beam { width, doubt }).to_vec();
            let c = changes(&ob, &symbols, &e);
            nch += c.len();
            let mut edits: Vec<(usize, usize, String)> = vec![];
            for c in &c {
                edits.push((
                    ob.at_byte[c.at.start],
                    ob.at_byte[c.at.end],
                    alphabet.decode(&c.intended(&ob.symbols)),
                ));
            }
            outs.push((x.clone(), i.clone(), edits));
        }
        let secs = t.elapsed().as_secs_f64();
        for (x, i, edits) in &outs {
            let iv: Vec<char> = i.chars().collect();
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
                s.chars().collect::<Vec<char>>()
            };
            let b = lev(&x.chars().collect::<Vec<_>>(), &iv);
            let allr: Vec<_> = edits.iter().collect();
            let outv = ap(&allr);
            let af = lev(&outv, &iv);
            before += b;
            after += af;
            chars += iv.len();
            let good: Vec<_> = edits.iter().filter(|e| lev(&ap(&[e]), &iv) < b).collect();
            oracle += lev(&ap(&good), &iv).min(b);
            if !clean && std::env::var("SHOW").is_ok() && outs.len() > 0 {
                println!("< {x}\n> {}\n= {i}\n", outv.iter().collect::<String>());
            }
        }
        eprintln!(
            "clean {clean} CER {:.3} -> {:.3} oracle {:.3} ({:+.1}% / {:+.1}%) changes {nch} {:.0} KB/s",
            100.0 * before as f64 / chars as f64,
            100.0 * after as f64 / chars as f64,
            100.0 * oracle as f64 / chars as f64,
            100.0 * (after as f64 - before as f64) / before.max(1) as f64,
            100.0 * (oracle as f64 - before as f64) / before.max(1) as f64,
            bytes as f64 / 1000.0 / secs
        );
    }
}
