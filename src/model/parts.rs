//! A model: the file's sections as views that fit together.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use super::{Habits, Knowledge, ModelError, ModelFile, ModelId, SectionKind, Settings, SymbolTable};
use crate::channel::Channel;
use crate::counts::Alphabet;
use crate::entries::{Entries, EntriesJudge};
use crate::language::{GraphemeIndex, Vocabulary, WordIndex};
use crate::rules::{RuleSet, Rules};

/// How many models this process has opened.
static OPENED: AtomicU64 = AtomicU64::new(0);

/// What a model says about itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Metadata {
    /// What it is called.
    pub name: String,
    /// Where the texts and pairs came from, and what their licences ask for.
    pub attribution: String,
    /// Pairs it was learned from, after screening.
    pub pairs: u64,
    /// Characters of intended text and plain text it was learned from.
    pub characters: u64,
    /// Weights and width of the search.
    pub settings: Settings,
}

/// An open model: read-only, shared by all threads, cheap to clone.
///
/// Opening reads the header, the section table, the alphabet, the metadata; the bulk stays where it is and is
/// read as it is needed.
#[derive(Clone, Debug)]
pub struct Model {
    /// A number that no other model of this process has; the same for clones.
    number: u64,
    file: ModelFile,
    metadata: Metadata,
    alphabet: Alphabet,
    symbols: SymbolTable,
    hand: RuleSet,
    judge: Option<EntriesJudge>,
}

impl Model {
    /// Opens the model at `path`, memory-mapped. A model in use is replaced by rename, never written over.
    ///
    /// # Errors
    /// See [`ModelError`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ModelError> {
        Self::from_file(ModelFile::open(path)?)
    }

    /// The model in `bytes`.
    ///
    /// # Errors
    /// See [`ModelError`].
    pub fn from_bytes(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Result<Self, ModelError> {
        Self::from_file(ModelFile::from_bytes(bytes)?)
    }

    /// The model of an open file.
    ///
    /// # Errors
    /// [`ModelError`] where a part is missing or its section is no such part.
    pub fn from_file(file: ModelFile) -> Result<Self, ModelError> {
        let metadata = file.decode(SectionKind::Metadata)?;
        let alphabet = Alphabet::from_bytes(file.section(SectionKind::Alphabet).unwrap_or_default());
        let symbols = SymbolTable::new(&alphabet);
        let mut hand = RuleSet::default();
        if let Some(bytes) = file.section(SectionKind::HandRules) {
            hand = RuleSet::from_bytes(bytes);
        }
        let judge = match file.section(SectionKind::EntriesJudge) {
            Some(_) => Some(file.decode(SectionKind::EntriesJudge)?),
            None => None,
        };
        let number = OPENED.fetch_add(1, Ordering::Relaxed);
        let model = Self { number, file, metadata, alphabet, symbols, hand, judge };
        model.knowledge()?;
        Ok(model)
    }

    /// The views that the search reads. O(1).
    ///
    /// # Errors
    /// [`ModelError`] where a section does not hold what its header promises.
    pub fn knowledge(&self) -> Result<Knowledge<'_>, ModelError> {
        let bytes = |kind| self.file.section(kind).unwrap_or_default();
        let damaged = |kind, error: Box<dyn std::error::Error + Send + Sync>| self.file.damaged(kind, error);
        Ok(Knowledge {
            model: self.number,
            alphabet: &self.alphabet,
            symbols: &self.symbols,
            graphemes: GraphemeIndex::parse(bytes(SectionKind::GraphemeNgrams))
                .map_err(|e| damaged(SectionKind::GraphemeNgrams, e.into()))?,
            vocabulary: Vocabulary::parse(bytes(SectionKind::Vocabulary))
                .map_err(|e| damaged(SectionKind::Vocabulary, e.into()))?,
            words: WordIndex::parse(bytes(SectionKind::WordNgrams))
                .map_err(|e| damaged(SectionKind::WordNgrams, e.into()))?,
            channel: Channel::parse(bytes(SectionKind::Channel))
                .map_err(|e| damaged(SectionKind::Channel, e.into()))?,
            rules: self.rules(),
            weights: self.metadata.settings.weights,
            habits: Habits::default(),
        })
    }

    /// The same model with other weights and width.
    pub(crate) fn set(&mut self, settings: Settings) {
        self.metadata.settings = settings;
    }

    /// What the model says about itself.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The graphemes that the model knows.
    pub fn alphabet(&self) -> &Alphabet {
        &self.alphabet
    }

    /// Pair memory and known entries, at a limit of harm (share of right fields that may be broken, 0–1); `None`
    /// where they did not pay.
    pub fn entries(&self, harm_limit: f32) -> Option<Entries<'_>> {
        let bytes = |kind| self.file.section(kind).unwrap_or_default();
        let (memory, entries) = (bytes(SectionKind::PairMemory), bytes(SectionKind::KnownEntries));
        self.judge.as_ref().map(|judge| Entries::parse(memory, entries, judge, harm_limit))
    }

    /// The mined rules.
    pub fn rules(&self) -> Rules<&[u8]> {
        Rules::new(self.file.section(SectionKind::Rules).unwrap_or_default())
    }

    /// The hand-written rules that the model was learned with.
    pub fn hand_rules(&self) -> &RuleSet {
        &self.hand
    }

    /// The hashes of the feedback events that the model learned from, ascending. O(1).
    pub fn events(&self) -> &[[u8; 16]] {
        self.file.section(SectionKind::Events).unwrap_or_default().as_chunks().0
    }

    /// What the model is called by its content, the same for the same bytes: see [`ModelId`]. O(1).
    pub fn id(&self) -> ModelId {
        self.file.id()
    }

    /// The file behind the model.
    pub fn file(&self) -> &ModelFile {
        &self.file
    }

    /// Reads every byte: checksums, padding, and whether channel and rules are in the order that searching them needs.
    ///
    /// # Errors
    /// The first damage, in the order of the file.
    pub fn verify(&self) -> Result<(), ModelError> {
        self.file.verify()?;
        if !self.knowledge()?.channel.is_sound() {
            return Err(self.file.damaged(SectionKind::Channel, "its segments are not in order"));
        }
        if !self.rules().is_sound() {
            return Err(self.file.damaged(SectionKind::Rules, "its rules are not in order"));
        }
        Ok(())
    }
}
