//! Quotes: what a straight one stands for, and which style one is of.
//!
//! Whether a text writes ' or ’ is a habit of the document, not of the language; which way a curly quote points is
//! language. So the language model [counts](super::as_counted) curly quotes only, a straight one read as the curly one
//! that would stand there, and the habit is weighed apart.

/// A way of writing quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuoteStyle {
    /// '
    StraightSingle,
    /// ’ ‘
    CurlySingle,
    /// "
    StraightDouble,
    /// “ ”
    CurlyDouble,
}

impl QuoteStyle {
    /// How many styles there are.
    pub const COUNT: usize = 4;

    /// The style of a grapheme that is a quote.
    pub fn of(grapheme: &str) -> Option<Self> {
        Some(match grapheme {
            "'" => Self::StraightSingle,
            "’" | "‘" => Self::CurlySingle,
            "\"" => Self::StraightDouble,
            "“" | "”" => Self::CurlyDouble,
            _ => return None,
        })
    }

    /// Its number.
    pub fn index(self) -> usize {
        self as usize
    }

    /// The other way of writing the same.
    pub fn other(self) -> Self {
        match self {
            Self::StraightSingle => Self::CurlySingle,
            Self::CurlySingle => Self::StraightSingle,
            Self::StraightDouble => Self::CurlyDouble,
            Self::CurlyDouble => Self::StraightDouble,
        }
    }
}

/// The curly quote for a straight one, opening if it stands at a text's beginning or after white space; `None` for any
/// other grapheme.
pub fn curly(grapheme: &str, after_gap: bool) -> Option<&'static str> {
    match (grapheme, after_gap) {
        ("'", true) => Some("‘"),
        ("'", false) => Some("’"),
        ("\"", true) => Some("“"),
        ("\"", false) => Some("”"),
        _ => None,
    }
}
