//! What can be wrong with hand-written rules.

use std::fmt;

use super::set::Place;

/// Why hand-written rules were refused. Every message names file, line, what is wrong, and what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// The text is not TOML, or holds something that is no rule.
    #[error("{at}: {what}: rules are [[always]], [[never]] and [[protect]] tables with quoted values")]
    Syntax {
        /// Where.
        at: At,
        /// What the reader of TOML says.
        what: String,
    },
    /// A rule that cannot mean anything.
    #[error("{at}: {what}")]
    Meaning {
        /// Where.
        at: At,
        /// What is wrong, and what to do.
        what: String,
    },
    /// Two rules that change a text back and forth.
    #[error(
        "{second_at}: {second} undoes {first} ({first_at}): remove one, or give them contexts that cannot meet"
    )]
    Undo {
        /// One rule, by name.
        first: String,
        /// Where it is written.
        first_at: At,
        /// The other rule.
        second: String,
        /// Where it is written.
        second_at: At,
    },
    /// A rule that changes what another, or itself, has left behind.
    #[error(
        "{second_at}: {second} goes on with what {first} ({first_at}) leaves, so that a text would change each time: \
         write the end result in the first, or give the second a context that does not meet it"
    )]
    Feed {
        /// The rule that acts first.
        first: String,
        /// Where it is written.
        first_at: At,
        /// The rule that goes on.
        second: String,
        /// Where it is written.
        second_at: At,
    },
    /// Two rules that ask for opposite things.
    #[error("{second_at}: {second} contradicts {first} ({first_at}): remove one")]
    Contradiction {
        /// One rule, by name.
        first: String,
        /// Where it is written.
        first_at: At,
        /// The other rule.
        second: String,
        /// Where it is written.
        second_at: At,
    },
}

/// A line of a file, lines counted from 1; line 0: the rule came out of a model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct At {
    /// The file, as it was named to [`RuleSet::parse`](super::RuleSet::parse).
    pub file: String,
    /// The line.
    pub line: usize,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str("in the model"),
            line => write!(f, "{}:{line}", self.file),
        }
    }
}

impl From<&Place> for At {
    fn from(place: &Place) -> Self {
        Self { file: place.file.clone(), line: place.line }
    }
}
