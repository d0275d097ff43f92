//! What everything is estimated from: counts of the plain text, and of pairs that are not searched, once; counts of the other
//! pairs fold by fold.

use rayon::prelude::*;

use super::conventions::Conventions;
use super::flow::LearnError;
use super::mining::mined;
use super::size::Size;
use super::unlabelled::Unlabelled;
use crate::channel::{ChannelOptions, estimate};
use crate::corpus::Pair;
use crate::counts::{
    Alphabet, ConfusionCounts, NgramCounts, PairCounts, StretchCounts, SymbolPair, WordCounts,
    grapheme_counts,
};
use crate::language::{GraphemeIndex, GraphemeOptions, WordOptions, build_words, estimate_graphemes};
use crate::model::{Metadata, Model, ModelWriter, SectionKind, metadata};
use crate::text::{as_counted, digit_class};

/// Weights that are tried, rising until one is no better than the one before.
const WEIGHTS: [u32; 5] = [1, 2, 4, 8, 16];
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
        let texts: Vec<String> = texts.iter().map(|t| conventions.fold(t)).collect();
        let lines: Vec<&str> =
            texts.iter().flat_map(|t| t.lines()).filter(|l| !l.trim().is_empty()).collect();
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
        for block in blocks(&lines) {
            text_graphemes = text_graphemes.merge(NgramCounts::of_lines(order, &alphabet, block));
            text_words = text_words.merge(WordCounts::of_lines(block));
        }
        text_words = text_words.merge(WordCounts::of_list(words.iter().map(|(w, n)| (w.as_str(), *n))));
        let symbols =
            pairs.par_iter().map(|p| SymbolPair::new(&alphabet, &p.observed, &p.intended)).collect();
        let characters = lines.iter().map(|l| l.len() as u64).sum();
        let rest = Counted {
            graphemes: rest.ngrams_in(&alphabet),
            words: rest.words().clone(),
            stretches: rest.stretches_in(&alphabet),
        };
        Self { pairs, alphabet, order, weight: 1, text_graphemes, text_words, symbols, rest, characters }
    }

    /// Chooses how much what users left standing counts beside the text: as much as makes the intended sides of each
    /// part likeliest under a model of the other pairs. `part` names a pair's part, if it is in one; where there are
    /// several sources each is a part, or the model would be at home in them alone. O(text) for each weight and part.
    pub(super) fn weigh(&mut self, parts: usize, part: impl Fn(usize) -> Option<usize>) {
        let mut best = f64::INFINITY;
        for weight in WEIGHTS {
            let cost = (0..parts).map(|held| self.held_cost(weight, |k| part(k) == Some(held), None)).sum();
            if cost >= best {
                break;
            }
            (best, self.weight) = (cost, weight);
        }
    }

    /// Whether what was read by a model of the other pairs makes the intended sides of those held out likelier.
    pub(super) fn helps(&self, heard: &Counted, held: impl Fn(usize) -> bool + Copy) -> bool {
        self.held_cost(self.weight, held, Some(heard)) < self.held_cost(self.weight, held, None)
    }

    /// What the intended sides of the pairs held out cost a model of the others, nats a symbol.
    fn held_cost(&self, weight: u32, held: impl Fn(usize) -> bool, heard: Option<&Counted>) -> f64 {
        let (own, others): (Vec<usize>, Vec<usize>) = (0..self.pairs.len()).partition(|&k| held(k));
        let others = self.intended(&others);
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        let step = own.len().div_ceil(HELD).max(1);
        let own = self.intended(&own.into_iter().step_by(step).collect::<Vec<_>>());
        let section = self.graphemes(&others, weight, Size::default(), heard);
        let Ok(index) = GraphemeIndex::parse(&section) else { return f64::INFINITY };
        let (mut symbols, mut cost) = (Vec::new(), 0.0);
        for line in &own {
            self.alphabet.encode(line, &mut symbols);
        }
        for line in symbols.chunks(MEASURED) {
            cost += f64::from(index.line_cost(line));
        }
        cost / symbols.len().max(1) as f64
    }

    /// How much what users left standing counts beside the text.
    pub(super) fn weight(&self) -> u32 {
        self.weight
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

    fn graphemes(&self, intended: &[&str], weight: u32, size: Size, heard: Option<&Counted>) -> Vec<u8> {
        let own = NgramCounts::of_lines(self.order, &self.alphabet, intended);
        let own = own.merge(self.rest.graphemes.clone()).weighted(weight);
        let mut counts = self.text_graphemes.clone().merge(own);
        if let Some(heard) = heard {
            counts = counts.merge(heard.graphemes.clone());
        }
        let options = GraphemeOptions { size_limit: size.graphemes };
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
            .owned_section(SectionKind::GraphemeNgrams, self.graphemes(&intended, self.weight, size, heard))
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
