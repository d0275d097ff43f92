//! Looking into a model: the same tables that the search reads, in words.

use super::{Model, ModelError};
use crate::cost::Cost;
use crate::language::WordId;
use crate::text::{fold_word, graphemes, words};

/// A piece of text with what a table of the model holds about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Priced {
    /// The piece.
    pub text: String,
    /// How often it was counted just there; 0 where the cost comes from shorter contexts.
    pub count: u32,
    /// Its probability there, 0–1.
    pub probability: f64,
    /// The same in nats.
    pub cost: f32,
}

impl Priced {
    fn new(text: String, count: u32, cost: f32) -> Self {
        Self { text, count, probability: Cost::new(cost).probability(), cost }
    }
}

impl Model {
    /// The words that follow `word`, the likeliest first (equal ones: the commoner, then the earlier in the
    /// vocabulary); `None` for a word that the model does not know. This is the bigram frequency index that the
    /// search reads.
    ///
    /// # Errors
    /// [`ModelError`] where the model's file is damaged.
    pub fn successors(&self, word: &str) -> Result<Option<Vec<Priced>>, ModelError> {
        let knowledge = self.knowledge()?;
        let Some(id) = knowledge.vocabulary.id(&fold_word(word)) else { return Ok(None) };
        let mut found: Vec<(f32, u32, WordId)> = knowledge
            .words
            .successors(id)
            .map(|(after, count)| (knowledge.words.cost(Some(id), after), count, after))
            .collect();
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2)));
        let priced = |(cost, count, after)| {
            Priced::new(knowledge.vocabulary.word(after).unwrap_or_default(), count, cost)
        };
        Ok(Some(found.into_iter().map(priced).collect()))
    }

    /// Every word of `text` after the one before it, as at the start of a line; count is how often just these
    /// two stood together. A word that the model does not know costs ∞ here: the search prices it by its
    /// graphemes.
    ///
    /// # Errors
    /// [`ModelError`] where the model's file is damaged.
    pub fn price_words(&self, text: &str) -> Result<Vec<Priced>, ModelError> {
        let knowledge = self.knowledge()?;
        let mut before = Some(WordId::START);
        let mut priced = Vec::new();
        for word in words(text) {
            let id = knowledge.vocabulary.id(&fold_word(word.text));
            let count = before.zip(id).map_or(0, |(before, id)| knowledge.words.bigram_count(before, id));
            let cost = id.map_or(f32::INFINITY, |id| knowledge.words.cost(before, id));
            priced.push(Priced::new(word.text.to_owned(), count, cost));
            before = id;
        }
        Ok(priced)
    }

    /// Every grapheme of `text` after those before it, as at the start of a line. Their counts are not kept.
    ///
    /// # Errors
    /// [`ModelError`] where the model's file is damaged.
    pub fn price_graphemes(&self, text: &str) -> Result<Vec<Priced>, ModelError> {
        let knowledge = self.knowledge()?;
        let (mut state, mut gap) = (knowledge.graphemes.start(), true);
        let mut priced = Vec::new();
        for (_, grapheme) in graphemes(text) {
            let symbol = knowledge.alphabet.symbol(grapheme);
            let (cost, next) = knowledge.graphemes.step(state, knowledge.symbols.counted(symbol, gap));
            priced.push(Priced::new(grapheme.to_owned(), 0, cost + knowledge.symbols.told_apart(symbol)));
            (state, gap) = (next, knowledge.symbols.is_space(symbol));
        }
        Ok(priced)
    }

    /// What an observed segment of a few graphemes stands for, by falling count: cost and probability are
    /// p(observed | intended). The first one is the segment itself, rightly read, where it is one grapheme.
    ///
    /// # Errors
    /// [`ModelError`] where the model's file is damaged.
    pub fn readings(&self, observed: &str) -> Result<Vec<Priced>, ModelError> {
        let knowledge = self.knowledge()?;
        let mut symbols = Vec::new();
        knowledge.alphabet.encode(observed, &mut symbols);
        let kept = match symbols.as_slice() {
            [symbol] => Some(Priced::new(observed.to_owned(), 0, knowledge.channel.keep(*symbol))),
            _ => None,
        };
        let readings = knowledge.channel.readings(&symbols).map(|reading| {
            Priced::new(knowledge.alphabet.decode(reading.intended.symbols()), reading.count, reading.cost)
        });
        Ok(kept.into_iter().chain(readings).collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Learner, Model, Pair};

    fn model() -> Model {
        let pair = |n: usize| Pair {
            observed: format!("the rnan saw the dog and the rnan ran {n}"),
            intended: format!("the man saw the dog and the man ran {n}"),
            document: format!("d{}", n % 7),
            ..Pair::default()
        };
        let learner = Learner { pairs: (0..60).map(pair).collect(), ..Learner::default() };
        Model::from_bytes(learner.learn().expect("enough to learn from").0).expect("a model")
    }

    #[test]
    fn the_tables_of_a_small_model_are_as_it_was_taught() {
        let model = model();
        let after = model.successors("The").expect("sound").expect("a known word");
        let found: Vec<(&str, u32)> = after.iter().map(|p| (p.text.as_str(), p.count)).collect();
        assert_eq!(found, [("man", 120), ("dog", 60)], "man follows the twice in each of 60 lines, dog once");
        assert!(after.iter().all(|p| (crate::cost::ln(p.probability) + f64::from(p.cost)).abs() < 1e-5));
        assert!(after.iter().map(|p| p.probability).sum::<f64>() <= 1.0 + 1e-9);
        assert_eq!(model.successors("xyzzy").expect("sound"), None);

        let priced = model.price_words("the man xyzzy").expect("sound");
        assert_eq!(priced.iter().map(|p| p.count).collect::<Vec<_>>(), [60, 120, 0]);
        assert_eq!(priced[1].cost, after[0].cost, "one table, not two");
        assert_eq!(model.price_graphemes("the").expect("sound").len(), 3);

        let read = model.readings("rn").expect("sound");
        assert_eq!((read[0].text.as_str(), read[0].count), ("m", 120));
        assert_eq!(model.readings("m").expect("sound")[0].text, "m");
    }
}
