//! Rules: what users changed often, what a user decrees, and what is never touched.
//!
//! In: the changes that users made ([`Miner`], then [`Counting`]); a TOML file of hand-written rules ([`RuleSet`]); or
//! one edit that somebody proposes. Out: [`Rules`], the mined patterns with support and precision, which name an edit
//! ("m → nn after a") and back it; a [`RuleSet`], whose `always`, `never` and `protect` rules beat everything; and
//! the policies ([`policy::refuses`]), which keep hands off numbers, addresses and code whatever the models say.
//!
//! Invariants: a mined rule's support is at most its occurrences; hand-written rules neither undo nor feed each other,
//! so that what they have made they do not change again; every refusal says why.
//!
//! Knows texts and changes; neither the channel nor the language, nor how edits are found.
//!
//! Sources: context is kept where it raises the precision significantly (score interval, Wilson 1927), in the spirit of
//! Brill's transformation rules (1995); bounded counting after Manku and Motwani (2002).

mod conflict;
mod diff;
mod error;
mod glob;
mod list;
mod mine;
mod mined;
mod parse;
pub mod policy;
mod rule;
mod set;

pub(crate) use diff::{Step, steps};
pub use error::{At, RuleError};
pub use list::listing;
pub use mine::{Change, Counting, Miner, Mining, Tally};
pub use mined::Rules;
pub use rule::{CERTAIN, Pattern, Rule, Side, wilson};
pub use set::{Forced, RuleSet};
