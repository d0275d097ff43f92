//! `amend` corrects recognised or typed text with statistics learned from what its users corrected.
//!
//! Given an observed line x, it looks for the text y that was most likely meant:
//!
//! ```text
//! ŷ = argmin_y  λc·−ln p(x | y)  +  λg·−ln p_grapheme(y)  +  λw·−ln p_word(y)  +  λe·(edits in y)
//!               how x is misread    what text looks like     which words follow   a price for each edit
//! ```
//!
//! and then asks of each change, one token at a time, whether making it is more likely right than leaving the text
//! as it stands. What is not sure enough stays, byte for byte.
//!
//! # The flow
//!
//! ```text
//! learn     pairs → screen → align → count → estimate → tune → calibrate ─┐
//!                                                                     model file
//! correct   text ──→ doubt → beam → changes → guard → correction ←────────┘
//!                                    + rules, memory, known entries
//! loop      correction → the user accepts, edits, rejects → feedback store → pairs
//! ```
//!
//! # The rooms
//!
//! A folder is a room, and the rooms stand in the order of the flow. None uses one that stands below it.
//!
//! | room | |
//! |---|---|
//! | [`cost`] | nats; the only caller of ln and exp |
//! | [`text`] | graphemes, words, spans |
//! | [`classify`] | boosted trees with calibrated output |
//! | [`corpus`] | pairs and plain text as read; what is too strange to learn from |
//! | [`counts`] | alignment; counts of n-grams, words and confusions |
//! | [`language`] | p(y): graphemes after graphemes, words after words |
//! | [`channel`] | p(x given y): how things are misread |
//! | [`rules`] | mined patterns, hand-written rules, what is never touched |
//! | [`entries`] | short fields that repeat: pair memory and known entries |
//! | [`model`] | one file, mapped, that holds all of these |
//! | [`decode`] | the search for ŷ |
//! | [`guard`] | the decision, change by change |
//! | [`mod@correct`] | [`Corrector`], [`Worker`], [`Correction`] |
//! | [`evaluate`] | what was mended, what was broken |
//! | [`learn`] | [`Learner`]: from pairs to a model file |
//! | `feedback` | `FeedbackStore`: what users made of it, kept (feature `feedback`, on by default) |
//! | [`registry`] | which model is current; a gate that candidates have to pass |
//! | [`monitor`] | whether new text is still what was learned from; what people make of the proposals |
//! | `cli` | the command line (feature `cli`, on by default) |
//!
//! # In use
//!
//! Learn from what was corrected, and correct:
//!
//! ```
//! use amend::{Corrector, Learner, Model, Pair};
//!
//! // What users corrected. A real set has thousands of rows; here eight documents are made of a few sentences.
//! let meant = ["the lamp by the river", "the man saw the harbour", "the summer at the market", "the dog ran home"];
//! let pair = |n: usize| {
//!     let intended = format!("{} and {}", meant[n % 4], meant[(n / 4 + n) % 4]);
//!     let observed = if n % 3 == 0 { intended.clone() } else { intended.replacen('m', "rn", 1 + n % 2) };
//!     Pair { observed, intended, document: format!("page {}", n % 8), ..Pair::default() }
//! };
//! let learner = Learner { pairs: (0..160).map(pair).collect(), ..Learner::default() };
//! let (bytes, report) = learner.learn()?;
//! assert_eq!(report.screened.total(), 0);
//!
//! let corrector = Corrector::new(Model::from_bytes(bytes)?)?; // one for all threads
//! let mut worker = corrector.worker(); // one a thread
//! let correction = worker.correct("the rnan saw the larnp");
//! assert_eq!(correction.text(), "the man saw the lamp");
//! let edit = &correction.edits()[0];
//! assert_eq!((edit.span.start(), edit.intended.as_str()), (4, "man"));
//! assert!(edit.confidence > 0.5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A model file is opened with [`Model::open`]; whole documents, whose lines share noise and vocabulary, go through
//! [`Worker::correct_document`], many of them, on all cores, through [`Corrector::correct_all`].
//!
//! Costs are negative natural logarithms of probabilities (nats), smaller is better; spans are bytes of the observed
//! text. The same inputs give the same bytes, on every run, machine and number of threads.

pub mod augment;
pub mod channel;
pub mod classify;
#[cfg(feature = "cli")]
pub mod cli;
pub mod corpus;
pub mod correct;
pub mod cost;
pub mod counts;
pub mod decode;
pub mod entries;
pub mod evaluate;
#[cfg(feature = "feedback")]
pub mod feedback;
pub mod guard;
pub mod language;
pub mod learn;
pub mod model;
pub mod monitor;
pub mod registry;
pub mod rules;
pub mod text;

pub use corpus::{Line, Pair};
pub use correct::{Alternative, By, Correction, Corrector, Edit, Standing, Worker};
#[cfg(feature = "feedback")]
pub use feedback::{Event, FeedbackStore};
pub use learn::{LearnReport, Learner};
pub use model::{Model, ModelError};
