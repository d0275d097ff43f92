//! The packed grapheme model against the slow judge, against itself, and against damage.

use proptest::prelude::*;

use super::levels::Levels;
use super::plain::{BackOff, Plain};
use super::{GraphemeIndex, GraphemeOptions, Priced, State, estimate_graphemes, kneser_ney, prune};
use crate::counts::{Alphabet, NgramCounts, Symbol, grapheme_counts};

const LINES: [&str; 9] = [
    "the cat sat on the mat",
    "the hat that the cat sat on",
    "at that the then heat",
    "on that mat the cats hated a mouse",
    "a mouse, a house; a horse",
    "no one sat there at noon",
    "then the horse shot home",
    "x",
    "the end",
];

impl BackOff for GraphemeIndex<'_> {
    fn cost(&self, context: &[Symbol], symbol: Symbol) -> f64 {
        let state = context.iter().fold(State::EMPTY, |state, &s| self.step(state, s).1);
        f64::from(self.step(state, symbol).0)
    }
}

fn alphabet() -> Alphabet {
    // What occurs once is unknown.
    Alphabet::from_counts(&grapheme_counts(&LINES), 2)
}

fn section(order: usize, size_limit: Option<usize>) -> Vec<u8> {
    let counts = NgramCounts::of_lines(order, &alphabet(), &LINES);
    estimate_graphemes(&counts, alphabet().len(), &GraphemeOptions { size_limit, part: None })
}

fn symbols(text: &str) -> Vec<Symbol> {
    let mut symbols = vec![Alphabet::BOUNDARY];
    alphabet().encode(text, &mut symbols);
    symbols
}

/// Costs that are the same are computed in another order.
const CLOSE: f64 = 1e-5;
/// Costs are rounded as they are written: distributions sum to one but for this.
const ROUNDED: f64 = 0.02;

fn contexts() -> impl Iterator<Item = Vec<Symbol>> {
    let lines = LINES.into_iter().chain(["quite another Zebra", "tht ct hatmat", ""]);
    lines.flat_map(|line| {
        let line = symbols(line);
        let starts = (0..line.len()).map(move |end| line[..=end].to_vec());
        starts.flat_map(|line| [line[1..].to_vec(), line])
    })
}

fn agree(judged: &impl BackOff, judge: &impl BackOff) {
    for context in contexts() {
        for symbol in 0..Symbol::try_from(alphabet().len()).unwrap() {
            let (found, want) = (judged.cost(&context, symbol), judge.cost(&context, symbol));
            assert!((found - want).abs() < CLOSE, "{context:?} {symbol}: {found}, not {want}");
        }
    }
}

fn sums_to_one(index: &impl BackOff, close: f64) {
    for context in contexts() {
        let all = 0..Symbol::try_from(alphabet().len()).unwrap();
        let sum: f64 = all.map(|s| crate::cost::exp(-index.cost(&context, s))).sum();
        assert!((sum - 1.0).abs() < close, "after {context:?}: {sum}");
    }
}

#[test]
fn packed_is_plain() {
    for order in [2, 3, 5, 8] {
        let section = section(order, None);
        let index = GraphemeIndex::parse(&section).unwrap();
        let plain = Plain::new(order, &alphabet(), &LINES);
        sums_to_one(&index, ROUNDED);
        sums_to_one(&plain, 1e-9);
        agree(&index, &plain.rounded());
        assert_eq!(index.order(), order);
    }
}

#[test]
fn more_symbols_than_a_byte_tells_apart() {
    let han = |at: u32| char::from_u32(0x4E00 + at * 7 % 331).unwrap();
    let lines: Vec<String> = (0..40).map(|row| (row * 9..row * 10 + 20).map(han).collect()).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let alphabet = Alphabet::from_counts(&grapheme_counts(&lines), 1);
    assert!(alphabet.len() > 255, "{}", alphabet.len());
    let counts = NgramCounts::of_lines(3, &alphabet, &lines);
    let section = estimate_graphemes(&counts, alphabet.len(), &GraphemeOptions::default());
    let index = GraphemeIndex::parse(&section).unwrap();
    let plain = Plain::new(3, &alphabet, &lines).rounded();
    let mut symbols = vec![Alphabet::BOUNDARY];
    alphabet.encode(lines[7], &mut symbols);
    for end in 1..symbols.len() {
        for symbol in [symbols[end], 0, 1, 2, 200, Symbol::try_from(alphabet.len() - 1).unwrap()] {
            let context = &symbols[end.saturating_sub(2)..end];
            let (found, want) = (index.cost(context, symbol), plain.cost(context, symbol));
            assert!((found - want).abs() < CLOSE, "{context:?} {symbol}: {found}, not {want}");
        }
    }
    let level = index.back_offs(index.start()).next().unwrap();
    assert!(level.symbols().all(|symbol| level.get(symbol).is_some()) && level.symbols().count() > 9);
}

#[test]
fn places_beyond_three_bytes() {
    const FAR: u32 = 1 << 24;
    let mut section = vec![0; 16 + (FAR as usize + 2) * 6];
    for (at, number) in [(0, 2), (4, 2), (8, 2), (12, FAR)] {
        section[at..at + 4].copy_from_slice(&u32::to_le_bytes(number));
    }
    // A suffix, what backing off costs, how many; symbols, costs, places.
    let root = [[0, 0, 0, 0].as_slice(), &[0, 2], &[0, 1], &[30, 60], &[0; 4], &FAR.to_le_bytes()].concat();
    section[16..16 + root.len()].copy_from_slice(&root);
    let node = [[0, 0, 0, 0].as_slice(), &[90, 1], &[1], &[120], &FAR.to_le_bytes()].concat();
    let len = section.len();
    section[len - node.len()..].copy_from_slice(&node);
    let index = GraphemeIndex::parse(&section).unwrap();
    let far = index.step(State::EMPTY, 1).1;
    assert_eq!(far.index(), FAR);
    for (state, symbol, root, next) in
        [(State::EMPTY, 1, 60 * 60, far), (far, 1, 120 * 120, far), (far, 0, 90 * 90 + 30 * 30, State::EMPTY)]
    {
        let found = index.step(state, symbol);
        assert!((found.0 - root as f32 / 3000.0).abs() < 1e-5 && found.1 == next, "{symbol}: {found:?}");
    }
}

#[test]
fn equal_futures_are_equal_states() {
    let section = section(8, None);
    let index = GraphemeIndex::parse(&section).unwrap();
    let after = |text| symbols(text).into_iter().fold(State::EMPTY, |state, s| index.step(state, s).1);
    assert_eq!(after(""), index.start());
    assert_eq!(after("zzqz the m"), after("ut the m"), "no counted n-gram tells what stands before");
    assert_ne!(after("the c"), after("the m"));
}

#[test]
fn pruning_keeps_to_the_limit_and_to_distributions() {
    let whole = section(6, None).len();
    let least = section(6, Some(0)).len();
    let bigrams = section(2, None).len();
    // Trigrams count which bigrams stand where, so only the sizes are the same.
    assert_eq!(least, bigrams);
    let mut last = f32::INFINITY;
    for per_cent in [30, 50, 80] {
        let limit = (whole * per_cent / 100).max(least);
        let section = section(6, Some(limit));
        assert!(section.len() <= limit && section.len() + 10 > limit, "{} of {limit}", section.len());
        let index = GraphemeIndex::parse(&section).unwrap();
        sums_to_one(&index, ROUNDED);
        let cost: f32 = LINES.iter().map(|line| index.line_cost(&symbols(line)[1..])).sum();
        assert!(cost < last, "{per_cent} %: {cost} on the training text, {last} with less");
        last = cost;
    }
    assert_eq!(section(6, Some(whole)), section(6, None));
}

/// The section of all lines, of which the last three by themselves have a share.
fn with_part(share: f64, size_limit: Option<usize>) -> Vec<u8> {
    let [all, part] = [&LINES[..], &LINES[6..]].map(|lines| NgramCounts::of_lines(6, &alphabet(), lines));
    let options = GraphemeOptions { size_limit, part: Some((&part, share)) };
    estimate_graphemes(&all, alphabet().len(), &options)
}

#[test]
fn a_part_of_the_text_has_its_share_of_each_probability() {
    let [all, part] = [&LINES[..], &LINES[6..]].map(|lines| Plain::new(6, &alphabet(), lines));
    let probability = |judge: &Plain, context: &[Symbol], s| crate::cost::exp(-judge.cost(context, s));
    let likelihood = |judge: &Plain, text: &[Symbol]| -> f64 {
        (0..text.len()).map(|at| probability(judge, &text[..at], text[at])).product()
    };
    for share in [0.25, 0.9] {
        let section = with_part(share, None);
        let index = GraphemeIndex::parse(&section).unwrap();
        sums_to_one(&index, ROUNDED);
        let (mut near, mut counted) = (0, 0);
        for line in LINES {
            let line = symbols(line);
            for end in 1..line.len() {
                let context = &line[end.saturating_sub(5)..end];
                let both = [&all, &part].map(|judge| probability(judge, context, line[end]));
                // By Bayes' rule, with the root of what the context tells.
                let told = likelihood(&part, context) / likelihood(&all, context);
                let odds = share / (1.0 - share) * told.sqrt();
                let want = -crate::cost::ln((both[0] + odds * both[1]) / (1.0 + odds));
                let found = index.cost(context, line[end]);
                // As far apart as two neighbouring squares; likelier where what backing off may not take was dealt out.
                assert!(found < want + 0.001 + (want / 3000.0).sqrt(), "{context:?}: {found}, not {want}");
                near += usize::from(found > want - 0.001 - (want / 3000.0).sqrt());
                counted += 1;
            }
        }
        assert!(10 * near > 9 * counted, "{near} of {counted}");
    }
    assert_eq!(with_part(0.0, None), section(6, None));
}

#[test]
fn a_part_keeps_its_share_where_the_size_is_limited() {
    let limit = section(6, None).len() / 2;
    let [less, more] = [0.0, 0.9].map(|share| with_part(share, Some(limit)));
    assert!(more.len() <= limit);
    let [less, more] = [&less, &more].map(|section| GraphemeIndex::parse(section).unwrap());
    sums_to_one(&more, ROUNDED);
    let cost = |index: &GraphemeIndex<'_>, line: &str| index.line_cost(&symbols(line)[1..]);
    assert!(cost(&more, LINES[6]) < cost(&less, LINES[6]));
    assert!(cost(&more, LINES[0]) > cost(&less, LINES[0]));
}

/// Before anything is rounded.
#[test]
fn what_is_estimated_sums_to_one_whatever_is_pruned() {
    let levels = Levels::new(&NgramCounts::of_lines(6, &alphabet(), &LINES), alphabet().len());
    let whole = section(6, None).len();
    for per_cent in [30, 50, 80] {
        let kept = prune::kept(&levels, whole * per_cent / 100).expect("some do not fit");
        let kept = |depth: usize, i: usize| kept[depth][i];
        let revised = prune::revised_counts(&levels, &kept);
        let revised: Vec<&[u32]> = revised.iter().map(|counts| &**counts).collect();
        let estimates = kneser_ney::estimate(&levels, &revised, &kept);
        let part = levels.of_part(&NgramCounts::of_lines(6, &alphabet(), &LINES[6..]));
        let revised = prune::revised_counts(&part, &kept);
        let revised: Vec<&[u32]> = revised.iter().map(|counts| &**counts).collect();
        let part = kneser_ney::estimate(&part, &revised, &kept);
        let mixed =
            kneser_ney::mixed(&levels, kneser_ney::estimate(&levels, &revised, &kept), &part, 0.4, &kept);
        for (depth, estimates) in
            (1..levels.all.len()).flat_map(|depth| [(depth, &estimates), (depth, &mixed)])
        {
            let level = &levels.all[depth];
            // What is kept in a context, and how likely the same is a symbol shorter.
            let mut sums = vec![(0.0, 0.0); levels.all[depth - 1].len()];
            for (i, &context) in level.context.iter().enumerate().filter(|&(i, _)| kept(depth, i)) {
                let (own, lower) = &mut sums[context as usize];
                *own += estimates[depth].probability[i];
                *lower += estimates[depth - 1].probability[kneser_ney::suffix(level, i)];
            }
            for (context, (own, lower)) in sums.into_iter().enumerate() {
                let sum = own + estimates[depth].back_off[context] * (1.0 - lower);
                assert!((sum - 1.0).abs() < 1e-9, "{per_cent} %, {depth} {context}: {sum}");
            }
        }
    }
}

#[test]
fn threads_change_no_byte() {
    let of = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| (section(7, None), section(7, Some(3600))))
    };
    assert_eq!(of(1), of(3));
}

#[test]
fn weights_change_counts_and_no_discount() {
    let counts = NgramCounts::of_lines(4, &alphabet(), &LINES);
    let of = |counts: &NgramCounts| estimate_graphemes(counts, alphabet().len(), &GraphemeOptions::default());
    let (once, much) = (of(&counts), of(&counts.clone().weighted(50)));
    let (once, much) = (GraphemeIndex::parse(&once).unwrap(), GraphemeIndex::parse(&much).unwrap());
    sums_to_one(&much, ROUNDED);
    let line = &symbols("the cat sat on the mat")[1..];
    assert!(much.line_cost(line) < once.line_cost(line));
}

#[test]
fn a_section_of_another_length_is_refused() {
    let section = section(3, None);
    for len in [0, 3, 15, 16, section.len() - 1] {
        assert!(GraphemeIndex::parse(&section[..len]).is_err(), "{len}");
    }
    let mut promising = section.clone();
    promising[8..16].fill(0xFF);
    assert!(GraphemeIndex::parse(&promising).is_err());
}

#[test]
fn nothing_counted_is_a_uniform_model() {
    let section = estimate_graphemes(&NgramCounts::new(5), 4, &GraphemeOptions::default());
    let index = GraphemeIndex::parse(&section).unwrap();
    let (cost, next) = index.step(index.start(), 3);
    assert!((f64::from(cost) - crate::cost::ln(4.0)).abs() < 0.022, "65 · 65 less 64 · 64, halved, / 3000");
    assert_eq!(next, State::EMPTY);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn pricing_all_is_stepping_with_each(text in "[a-z ]{0,9}", limit in 0_usize..5600) {
        let section = section(6, Some(limit));
        let index = GraphemeIndex::parse(&section).unwrap();
        let state = symbols(&text).into_iter().fold(State::EMPTY, |state, s| index.step(state, s).1);
        let mut row = vec![Priced::default(); index.symbols()];
        let mut longer: Vec<Symbol> = Vec::new();
        for level in index.back_offs(state) {
            index.price_all(level.state(), &mut row);
            for (symbol, &priced) in (0..).zip(&row).filter(|(s, _)| !longer.contains(s)) {
                prop_assert_eq!((level.nats(priced), priced.next), index.step(state, symbol));
            }
            longer.extend(level.symbols());
        }
    }

    #[test]
    fn a_limit_gives_up_only_what_is_over_it(text in "[a-z ]{0,9}", symbol in 0_u16..40, limit in -1.0_f32..20.0) {
        let section = section(6, Some(3600));
        let index = GraphemeIndex::parse(&section).unwrap();
        let state = symbols(&text).into_iter().fold(State::EMPTY, |state, s| index.step(state, s).1);
        let found = index.step(state, symbol);
        prop_assert_eq!(index.step_within(state, symbol, limit), Some(found).filter(|f| f.0 <= limit));
    }

    #[test]
    fn damage_is_harmless(flips in prop::collection::vec((0_usize..1 << 20, any::<u8>()), 1..40), text in "[a-z ]{1,20}") {
        let mut section = section(5, Some(3600));
        let len = section.len();
        for (at, byte) in flips {
            section[at % len] ^= byte;
        }
        if let Ok(index) = GraphemeIndex::parse(&section) {
            let mut row = vec![Priced::default(); index.symbols().min(300)];
            let mut state = index.start();
            for symbol in symbols(&text) {
                index.price_all(state, &mut row);
                for level in index.back_offs(state) {
                    prop_assert!(row.iter().all(|&priced| level.nats(priced).is_finite() && level.nats(priced) >= 0.0));
                }
                let (cost, next) = index.step(state, symbol);
                prop_assert!(cost.is_finite() && cost >= 0.0);
                state = next;
            }
        }
    }
}
