//! What everything is estimated from: counts of the plain text, and of pairs that are not searched, once; counts of the other
//! pairs fold by fold.

use rayon::prelude::*;

use super::conventions::Conventions;
use super::flow::LearnError;
use super::mining::mined;
use super::pages::{Pages, runs};
use super::size::Size;
use super::unlabelled::Unlabelled;
use crate::channel::{ChannelOptions, estimate};
use crate::corpus::Pair;
use crate::cost::{exp, ln};
use crate::counts::{
    Alphabet, ConfusionCounts, NgramCounts, PairCounts, StretchCounts, Symbol, SymbolPair, WordCounts,
    grapheme_counts,
};
use crate::language::{
    GraphemeIndex, GraphemeOptions, WordOptions, build_words, estimate_graphemes, share_after,
};
use crate::model::{Metadata, Model, ModelWriter, SectionKind, metadata};
use crate::text::{as_counted, digit_class};

/// Weights that are tried, rising until one is no better than the one before.
const WEIGHTS: [u32; 5] = [1, 2, 4, 8, 16];
/// Shares of a model of users' text alone that are tried beside each, in so many parts.
const SHARES: std::ops::Range<u32> = 0..20;
/// Symbols that are measured at a time.
const MEASURED: usize = 256;
/// Held rows whose likelihood is measured.
const HELD: usize = 1_000;
/// Bytes of text counted at once: bounds the memory of unmerged counts.
const BLOCK: usize = 8 << 20;

pub(super) struct Material<'p> {
    pairs: &'p [Pair],
    alphabet: Alphabet,
    order: usize,
    text_graphemes: NgramCounts,
    /// How much more than the text's the graphemes of what users left standing count.
    weight: u32,
    /// Share (0–1) of a model of those alone.
    share: f64,
    /// What is kept back of the text.
    pages: Option<Pages>,
    text_words: WordCounts,
    symbols: Vec<SymbolPair>,
    /// Counts of pairs that are in every model, since none of them is searched.
    rest: Counted,
    pub(super) characters: u64,
}

/// Counts of pairs, or of readings, in the alphabet of the model.
pub(super) struct Counted {
    graphemes: NgramCounts,
    words: WordCounts,
    stretches: StretchCounts,
}

/// Rows held out, and counts of the others.
struct Held {
    /// Each behind the last.
    symbols: Vec<Symbol>,
    others: NgramCounts,
}

impl Held {
    /// What each symbol costs a model, nats.
    fn costs(&self, section: &[u8]) -> Vec<f64> {
        let Ok(index) = GraphemeIndex::parse(section) else { return vec![f64::INFINITY; self.symbols.len()] };
        let of_chunk = |chunk: &[Symbol]| {
            let mut state = index.start();
            let cost = |&symbol: &Symbol| {
                let (cost, next) = index.step(state, symbol);
                state = next;
                f64::from(cost)
            };
            chunk.iter().chain([&Alphabet::BOUNDARY]).map(cost).collect::<Vec<f64>>()
        };
        self.symbols.chunks(MEASURED).flat_map(of_chunk).collect()
    }
}

/// What symbols cost a mixture of two models, of which the second has this share, nats a symbol; `history` is how many symbols
/// before one it may be known by.
fn mixed_cost(one: &[f64], other: &[f64], share: f64, history: usize) -> f64 {
    let chunks = one.chunks(MEASURED + 1).zip(other.chunks(MEASURED + 1));
    let of_chunk = |(one, other): (&[f64], &[f64])| {
        let cost = |at: usize| {
            let told = (at.saturating_sub(history)..at).map(|k| one[k] - other[k]).sum();
            let share = share_after(share, told);
            -ln((1.0 - share) * exp(-one[at]) + share * exp(-other[at]))
        };
        (0..one.len()).map(cost).sum::<f64>()
    };
    chunks.map(of_chunk).sum::<f64>() / one.len().max(1) as f64
}

impl<'p> Material<'p> {
    pub(super) fn count(
        pairs: &'p [Pair],
        rest: &PairCounts,
        texts: &[String],
        words: &[(String, u64)],
        unlabelled: &Unlabelled<'_>,
    ) -> Self {
        let order = rest.order();
        let conventions = Conventions::of(pairs);
        let raw: Vec<&str> = texts.iter().flat_map(|t| t.lines()).filter(|l| !l.trim().is_empty()).collect();
        let lines: Vec<String> = raw.par_iter().map(|l| conventions.fold(l)).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        // Graphemes of the pairs count however rare; of the text only those that are no accident.
        let mut seen = grapheme_counts(&lines);
        for (grapheme, n) in grapheme_counts(&unlabelled.lines().collect::<Vec<_>>()) {
            *seen.entry(grapheme).or_default() += n;
        }
        seen.retain(|_, n| *n >= 3);
        let sides: Vec<&str> =
            pairs.iter().flat_map(|p| [p.observed.as_str(), p.intended.as_str()]).collect();
        for (grapheme, n) in grapheme_counts(&sides) {
            *seen.entry(grapheme).or_default() += n;
        }
        for (grapheme, n) in rest.graphemes() {
            *seen.entry(grapheme.clone()).or_default() += n;
        }
        // Text holds one digit for all, and one side of a quote for both.
        let digits = ('0'..='9').map(String::from);
        let classes = seen.keys().filter_map(|g| digit_class(g.chars().next()?)).map(String::from);
        let quotes = ["’", "‘", "“", "”", "'", "\""].map(String::from);
        for grapheme in digits.chain(classes).chain(quotes).collect::<Vec<_>>() {
            seen.entry(grapheme.into()).or_insert(1);
        }
        let alphabet = Alphabet::from_counts(&seen, 1);
        let mut text_graphemes = NgramCounts::new(order);
        let mut text_words = WordCounts::default();
        // Where there are several sources each tells what comes of what is unlike the others.
        let alone = pairs.first().is_some_and(|first| pairs.iter().all(|p| p.source == first.source));
        let runs = if alone { runs(&raw) } else { Vec::new() };
        let mut of_pages = Vec::new();
        let mut others = Vec::new();
        let mut start = 0;
        for run in &runs {
            others.extend_from_slice(&lines[start..run.start]);
            of_pages.extend_from_slice(&lines[run.clone()]);
            start = run.end;
        }
        others.extend_from_slice(&lines[start..]);
        for block in blocks(&others) {
            text_graphemes = text_graphemes.merge(NgramCounts::of_lines(order, &alphabet, block));
            text_words = text_words.merge(WordCounts::of_lines(block));
        }
        let count_pages = || {
            let graphemes = NgramCounts::of_lines(order, &alphabet, &of_pages);
            Pages::of(&raw, &runs, graphemes, WordCounts::of_lines(&of_pages))
        };
        let pages = (!runs.is_empty()).then(count_pages);
        text_words = text_words.merge(WordCounts::of_list(words.iter().map(|(w, n)| (w.as_str(), *n))));
        let symbols =
            pairs.par_iter().map(|p| SymbolPair::new(&alphabet, &p.observed, &p.intended)).collect();
        let characters = lines.iter().map(|l| l.len() as u64).sum();
        let rest = Counted {
            graphemes: rest.ngrams_in(&alphabet),
            words: rest.words().clone(),
            stretches: rest.stretches_in(&alphabet),
        };
        Self {
            pairs,
            alphabet,
            order,
            weight: 1,
            share: 0.0,
            pages,
            text_graphemes,
            text_words,
            symbols,
            rest,
            characters,
        }
    }

    /// Chooses how much what users left standing counts beside the text, and the share of a model of that alone: those that make
    /// the intended sides of each part likeliest under a model of the other pairs. `part` names a pair's part, if it is
    /// in one; where there are several sources each is a part, or the model would be at home in them alone, and what they have in
    /// common has no share. O(text) for each weight and part.
    pub(super) fn weigh(&mut self, parts: usize, part: impl Fn(usize) -> Option<usize>) {
        if self.text_graphemes.is_empty() {
            return;
        }
        let held: Vec<Held> = (0..parts).map(|held| self.held(|k| part(k) == Some(held))).collect();
        let alone: Vec<Vec<f64>> = held.iter().map(|held| held.costs(&self.whole(&held.others))).collect();
        let mut best = f64::INFINITY;
        for weight in WEIGHTS {
            let beside = |held: &Held| {
                let counts = self.text_graphemes.clone().merge(held.others.clone().weighted(weight));
                held.costs(&self.whole(&counts))
            };
            let beside: Vec<Vec<f64>> = held.iter().map(beside).collect();
            let cost = |share: f64| {
                beside
                    .iter()
                    .zip(&alone)
                    .map(|(one, other)| mixed_cost(one, other, share, self.order - 1))
                    .sum()
            };
            let shares = if parts > 1 { 0..1 } else { SHARES };
            let shares = shares.map(|k| f64::from(k) / f64::from(SHARES.end));
            let costs = shares.map(|share| (cost(share), share));
            let Some((cost, share)) = costs.min_by(|a: &(f64, f64), b| a.0.total_cmp(&b.0)) else { break };
            if cost >= best {
                break;
            }
            (best, self.weight, self.share) = (cost, weight, share);
        }
    }

    /// Whether what was read by a model of the other pairs makes the intended sides of those held out likelier.
    pub(super) fn helps(&self, heard: &Counted, held: impl Fn(usize) -> bool + Copy) -> bool {
        let held = self.held(held);
        let cost = |heard| {
            let section = self.graphemes(held.others.clone(), Size::default(), heard);
            held.costs(&section).iter().sum::<f64>()
        };
        cost(Some(heard)) < cost(None)
    }

    /// Some intended sides of the pairs held out, and counts of the others.
    fn held(&self, held: impl Fn(usize) -> bool) -> Held {
        let (own, others): (Vec<usize>, Vec<usize>) = (0..self.pairs.len()).partition(|&k| held(k));
        let step = own.len().div_ceil(HELD).max(1);
        let mut symbols = Vec::new();
        for line in self.intended(&own.into_iter().step_by(step).collect::<Vec<_>>()) {
            self.alphabet.encode(&line, &mut symbols);
        }
        Held { symbols, others: self.own(&self.intended(&others)) }
    }

    /// How much what users left standing counts beside the text, and the share of a model of that alone.
    pub(super) fn weight(&self) -> (u32, f64) {
        (self.weight, self.share)
    }

    /// What is kept back of the text.
    pub(super) fn pages(&self) -> Option<&Pages> {
        self.pages.as_ref()
    }

    /// Counts what was kept back.
    pub(super) fn give_back(&mut self) {
        if let Some(pages) = self.pages.take() {
            let graphemes = std::mem::replace(&mut self.text_graphemes, NgramCounts::new(self.order));
            self.text_graphemes = graphemes.merge(pages.graphemes);
            self.text_words = std::mem::take(&mut self.text_words).merge(pages.words);
        }
    }

    /// Intended sides as the language model counts them.
    fn intended(&self, chosen: &[usize]) -> Vec<String> {
        chosen.iter().map(|&k| as_counted(&self.pairs[k].intended)).collect()
    }

    /// Counts what was read. Readings weigh as text does, once: more brought nothing clear.
    pub(super) fn heard(&self, readings: &[Pair]) -> Counted {
        let intended: Vec<String> = readings.iter().map(|p| as_counted(&p.intended)).collect();
        let intended: Vec<&str> = intended.iter().map(String::as_str).collect();
        let symbol_pair = |p: &Pair| SymbolPair::new(&self.alphabet, &p.observed, &p.intended);
        let symbols: Vec<SymbolPair> = readings.par_iter().map(symbol_pair).collect();
        Counted {
            graphemes: NgramCounts::of_lines(self.order, &self.alphabet, &intended),
            words: WordCounts::of_lines(&intended),
            stretches: StretchCounts::count(&self.alphabet, &symbols),
        }
    }

    /// Counts of what users left standing: these lines, and the pairs that are in every model.
    fn own(&self, intended: &[String]) -> NgramCounts {
        let lines: Vec<&str> = intended.iter().map(String::as_str).collect();
        NgramCounts::of_lines(self.order, &self.alphabet, &lines).merge(self.rest.graphemes.clone())
    }

    fn whole(&self, counts: &NgramCounts) -> Vec<u8> {
        estimate_graphemes(counts, self.alphabet.len(), &GraphemeOptions::default())
    }

    /// The section of what users left standing beside the text.
    fn graphemes(&self, own: NgramCounts, size: Size, heard: Option<&Counted>) -> Vec<u8> {
        let mut counts = self.text_graphemes.clone().merge(own.clone().weighted(self.weight));
        if let Some(heard) = heard {
            counts = counts.merge(heard.graphemes.clone());
        }
        let options = GraphemeOptions { size_limit: size.graphemes, part: Some((&own, self.share)) };
        estimate_graphemes(&counts, self.alphabet.len(), &options)
    }

    /// The model of all text, of the pairs that `which` chooses and of what was heard beside, without a guard.
    pub(super) fn model(
        &self,
        which: impl Fn(usize) -> bool,
        size: Size,
        about: &Metadata,
        heard: Option<&Counted>,
    ) -> Result<Model, LearnError> {
        let writer = self.sections(which, size, about, heard, &[])?;
        Ok(Model::from_bytes(writer.to_bytes())?)
    }

    /// The same as sections, ready for more. `turned_down`: see [`mined`].
    pub(super) fn sections(
        &self,
        which: impl Fn(usize) -> bool,
        size: Size,
        about: &Metadata,
        heard: Option<&Counted>,
        turned_down: &[(&str, &str)],
    ) -> Result<ModelWriter<'static>, LearnError> {
        let chosen: Vec<usize> = (0..self.pairs.len()).filter(|&k| which(k)).collect();
        let intended = self.intended(&chosen);
        let graphemes = self.graphemes(self.own(&intended), size, heard);
        let intended: Vec<&str> = intended.iter().map(String::as_str).collect();
        let words = self.text_words.clone().merge(self.rest.words.clone());
        let mut words = words.merge(WordCounts::of_lines(&intended));
        let symbols: Vec<SymbolPair> = chosen.iter().map(|&k| self.symbols[k].clone()).collect();
        let mut stretches = StretchCounts::count(&self.alphabet, &symbols).merge(self.rest.stretches.clone());
        if let Some(heard) = heard {
            words = words.merge(heard.words.clone());
            stretches = stretches.merge(heard.stretches.clone());
        }
        let confusions = ConfusionCounts::segmented(stretches);
        let words = build_words(&words, &WordOptions { size_limit: size.words, ..WordOptions::default() });
        Ok(ModelWriter::new()
            .owned_section(SectionKind::Metadata, metadata::to_bytes(about)?)
            .owned_section(SectionKind::Alphabet, self.alphabet.to_bytes())
            .owned_section(SectionKind::Vocabulary, words.vocabulary)
            .owned_section(SectionKind::WordNgrams, words.index)
            .owned_section(SectionKind::GraphemeNgrams, graphemes)
            .owned_section(
                SectionKind::Channel,
                estimate(&confusions, &self.alphabet, &ChannelOptions::default()),
            )
            .owned_section(SectionKind::Rules, mined(chosen.iter().map(|&k| &self.pairs[k]), turned_down)))
    }
}

/// Runs of lines of about [`BLOCK`] bytes.
fn blocks<'l>(lines: &'l [&'l str]) -> Vec<&'l [&'l str]> {
    let mut found = Vec::new();
    let (mut start, mut size) = (0, 0);
    for (at, line) in lines.iter().enumerate() {
        size += line.len();
        if size >= BLOCK || at + 1 == lines.len() {
            found.push(&lines[start..=at]);
            (start, size) = (at + 1, 0);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mixture_costs_what_its_probabilities_say() {
        let [half, quarter] = [0.5, 0.25].map(|p: f64| -ln(p));
        // ln(.6 · ½ + .4 · ¼) = ln .4, and once more the other way round: ln .35.
        let cost = |history| mixed_cost(&[half, quarter], &[quarter, half], 0.4, history);
        assert!((cost(0) + (ln(0.4) + ln(0.35)) / 2.0).abs() < 1e-12, "{}", cost(0));
        // The first was half as likely in the second: its share is .4 · √½ / (.4 · √½ + .6).
        let share = 0.4 * 0.5_f64.sqrt() / (0.4 * 0.5_f64.sqrt() + 0.6);
        let second = ln((1.0 - share) * 0.25 + share * 0.5);
        assert!((cost(1) + (ln(0.4) + second) / 2.0).abs() < 1e-12, "{}", cost(1));
    }

    #[test]
    fn pages_of_the_text_are_counted_when_they_are_given_back() {
        // A page a line; of each twenty the eleventh is kept back.
        let line =
            |at: usize| if at % 20 == 10 { "kept back ".repeat(401) } else { "all others ".repeat(401) };
        let text: String = (0..400).map(|at| line(at) + "\n").collect();
        let pair =
            |source| Pair { observed: "all".into(), intended: "all".into(), source, ..Pair::default() };
        let seen = |pairs: &[Pair], given_back: bool| {
            let (rest, unlabelled) = (PairCounts::new(2), Unlabelled::default());
            let mut material = Material::count(pairs, &rest, std::slice::from_ref(&text), &[], &unlabelled);
            if given_back {
                material.give_back();
            }
            let total = |word| material.text_words.seen(word).count;
            (total("kept"), total("others"))
        };
        let [whole, less] = [(20 * 401, 380 * 401), (0, 380 * 401)];
        assert_eq!([false, true].map(|given_back| seen(&[pair(0)], given_back)), [less, whole]);
        let of_several = [pair(0), pair(1)];
        assert_eq!([false, true].map(|given_back| seen(&of_several, given_back)), [whole, whole]);
        assert_eq!(seen(&[], false), whole);
    }

    /// Words of three syllables out of eight.
    fn lines(syllables: [&str; 8], seed: u32, many: u32) -> Vec<String> {
        // Knuth's multiplicative hash of the place: the high bits choose.
        let syllable = |at: u32| syllables[((at ^ seed).wrapping_mul(2_654_435_761) >> 29) as usize];
        let word = |at: u32| (0..3).map(|k| syllable(3 * at + k)).collect::<String>();
        (0..many).map(|line| (0..6).map(|k| word(6 * line + k)).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn what_users_left_standing_has_a_share_where_the_text_is_of_another_kind() {
        let own = ["ba", "do", "ki", "lu", "me", "no", "ra", "su"];
        let other = ["ab", "od", "ik", "ul", "em", "on", "ar", "us"];
        let pair = |(k, line): (usize, String)| Pair {
            intended: line.clone(),
            observed: line,
            document: format!("d{k}"),
            ..Pair::default()
        };
        let pairs: Vec<Pair> = lines(own, 0x5EED, 60).into_iter().enumerate().map(pair).collect();
        let share = |texts: Vec<String>| {
            let text = texts.join("\n");
            let (rest, unlabelled) = (PairCounts::new(7), Unlabelled::default());
            let mut material = Material::count(&pairs, &rest, &[text], &[], &unlabelled);
            material.weigh(1, |k| (k % 4 == 0).then_some(0));
            material.weight().1
        };
        let [strange, alike] = [other, own].map(|syllables| share(lines(syllables, 0xACE, 2000)));
        assert!(strange > alike, "{strange} and {alike}");
        assert_eq!(share(Vec::new()), 0.0);
    }
}
