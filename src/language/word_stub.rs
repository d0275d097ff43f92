//! stub
#![allow(missing_docs)]
pub type WordId = u32;
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prefix(u64);
impl Prefix {
    pub fn key(self) -> u64 {
        self.0
    }
}
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary<'a>(&'a [u8]);
impl<'a> Vocabulary<'a> {
    pub fn parse(b: &'a [u8]) -> Result<Self, super::LanguageError> {
        Ok(Self(b))
    }
    pub fn root(&self) -> Prefix {
        Prefix(0)
    }
    pub fn advance(&self, _p: Prefix, _l: &str) -> Option<Prefix> {
        None
    }
    pub fn id_at(&self, _p: Prefix) -> Option<WordId> {
        None
    }
    pub fn best(&self, _p: Prefix) -> WordId {
        0
    }
    pub fn id(&self, _w: &str) -> Option<WordId> {
        None
    }
}
#[derive(Clone, Copy, Debug)]
pub struct WordIndex<'a>(&'a [u8]);
impl<'a> WordIndex<'a> {
    pub fn parse(b: &'a [u8]) -> Result<Self, super::LanguageError> {
        Ok(Self(b))
    }
    pub fn cost(&self, _b: Option<WordId>, _w: WordId) -> f32 {
        0.0
    }
    pub fn unigram_cost(&self, _w: WordId) -> f32 {
        0.0
    }
    pub fn count(&self, _w: WordId) -> u32 {
        0
    }
    pub fn case_share(&self, _w: WordId, _c: Case) -> f32 {
        0.0
    }
}
#[derive(Clone, Copy, Debug)]
pub enum Case {
    Lower,
}
impl Case {
    pub fn of(_w: &str) -> Self {
        Self::Lower
    }
}
