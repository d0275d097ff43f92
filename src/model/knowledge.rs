//! What the search reads: views of a model's parts and the weights.

use crate::channel::Channel;
use crate::counts::{Alphabet, Symbol};
use crate::language::{GraphemeIndex, State, Vocabulary, WordIndex};
use crate::rules::Rules;
use crate::text::{QuoteStyle, curly, digit_class, fold_word, is_unspaced, is_word_grapheme};

use super::Weights;

/// What the search asks of a symbol, looked up once a model.
#[derive(Clone, Debug, Default)]
pub struct SymbolTable {
    folded: Vec<Option<Box<str>>>,
    space: Vec<bool>,
    unspaced: Vec<bool>,
    /// What the language model counts a symbol as, inside a word and after a gap.
    counted: Vec<[Symbol; 2]>,
    /// What tells a symbol from the others that are counted as the same, nats.
    told_apart: Vec<f32>,
    quotes: Vec<Option<QuoteStyle>>,
}

impl SymbolTable {
    /// The table of an alphabet.
    pub fn new(alphabet: &Alphabet) -> Self {
        let all = (0..alphabet.len()).map(|s| alphabet.grapheme(Symbol::try_from(s).unwrap_or(0)));
        let folded = |g: &str| is_word_grapheme(g).then(|| fold_word(g).into_owned().into_boxed_str());
        Self {
            folded: all.clone().map(folded).collect(),
            space: all.clone().map(|g| !g.is_empty() && g.chars().all(char::is_whitespace)).collect(),
            unspaced: all.clone().map(|g| g.starts_with(is_unspaced)).collect(),
            quotes: all.clone().map(QuoteStyle::of).collect(),
            told_apart: all.clone().map(|g| if digit(g).is_some() { TEN_DIGITS } else { 0.0 }).collect(),
            counted: (0..)
                .zip(all)
                .map(|(s, g)| [false, true].map(|gap| counted(alphabet, s, g, gap)))
                .collect(),
        }
    }

    /// The folded form of a symbol that belongs to words; `None` for one that ends them.
    pub fn folded(&self, symbol: Symbol) -> Option<&str> {
        self.folded.get(usize::from(symbol)).and_then(Option::as_deref)
    }

    /// The symbol that the language model counts this one as: a digit as zero, a straight quote as the curly one that
    /// would stand there (after a gap: white space, or the line's beginning).
    #[inline]
    pub fn counted(&self, symbol: Symbol, after_gap: bool) -> Symbol {
        self.counted.get(usize::from(symbol)).map_or(symbol, |pair| pair[usize::from(after_gap)])
    }

    /// What tells a symbol from the others that are counted as the same, nats: digits are all alike.
    #[inline]
    pub fn told_apart(&self, symbol: Symbol) -> f32 {
        self.told_apart.get(usize::from(symbol)).copied().unwrap_or(0.0)
    }

    /// The style of a symbol that is a quote.
    #[inline]
    pub fn quote(&self, symbol: Symbol) -> Option<QuoteStyle> {
        self.quotes.get(usize::from(symbol)).copied().flatten()
    }

    /// Whether the symbol is white space.
    pub fn is_space(&self, symbol: Symbol) -> bool {
        self.space.get(usize::from(symbol)).copied().unwrap_or(false)
    }

    /// Whether the symbol is of a script that writes no spaces.
    pub fn is_unspaced(&self, symbol: Symbol) -> bool {
        self.unspaced.get(usize::from(symbol)).copied().unwrap_or(false)
    }
}

fn counted(alphabet: &Alphabet, symbol: Symbol, grapheme: &str, after_gap: bool) -> Symbol {
    let class = match digit(grapheme) {
        Some(class) => alphabet.symbol(class.encode_utf8(&mut [0; 4])),
        None => curly(grapheme, after_gap).map_or(Alphabet::UNKNOWN, |quote| alphabet.symbol(quote)),
    };
    if class == Alphabet::UNKNOWN { symbol } else { class }
}

/// The digit that a grapheme is counted as, if it is one.
fn digit(grapheme: &str) -> Option<char> {
    let mut chars = grapheme.chars();
    chars.next().and_then(digit_class).filter(|_| chars.next().is_none())
}

/// What a digit costs among the ten, nats.
const TEN_DIGITS: f32 = std::f32::consts::LN_10;

/// How the document at hand writes what can be written in several ways: costs in nats, 0 where it gives no evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Habits {
    /// Of writing a quote in each style.
    pub quotes: [f32; QuoteStyle::COUNT],
}

/// The views that the search reads, all of one model, and the habits of the document at hand.
#[derive(Clone, Copy, Debug)]
pub struct Knowledge<'m> {
    /// A number that no other model of this process has, for those who remember answers.
    pub model: u64,
    /// Graphemes as numbers.
    pub alphabet: &'m Alphabet,
    /// Facts about symbols.
    pub symbols: &'m SymbolTable,
    /// p_grapheme.
    pub graphemes: GraphemeIndex<'m>,
    /// Word → number, by prefixes.
    pub vocabulary: Vocabulary<'m>,
    /// p_word.
    pub words: WordIndex<'m>,
    /// p(observed | intended).
    pub channel: Channel<'m>,
    /// Mined rules.
    pub rules: Rules<&'m [u8]>,
    /// λ.
    pub weights: Weights,
    /// The document's.
    pub habits: Habits,
}

/// What a letter or digit costs by itself that the model's own text hardly ever holds, nats. Of a script of thousands of
/// letters most do.
const SELDOM: f32 = 8.0;

impl Knowledge<'_> {
    /// Whether a grapheme is a letter or digit that the model's own text does not hold, or hardly ever, as novels in
    /// Japanese do Latin ones.
    pub fn is_foreign(&self, grapheme: &str) -> bool {
        let symbol = self.alphabet.symbol(grapheme);
        let counted = self.symbols.counted(symbol, false);
        let cost = || self.graphemes.step(State::EMPTY, counted).0 + self.symbols.told_apart(symbol);
        let seldom = || cost() > SELDOM;
        grapheme.starts_with(char::is_alphanumeric)
            && !self.symbols.is_unspaced(symbol)
            && (symbol == Alphabet::UNKNOWN || seldom())
    }
}
