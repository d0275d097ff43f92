//! Right text laid out like a sample: rows as long, documents of as many rows, signs as plain, and of all those documents
//! the ones that look most like the sample's.
//!
//! A model is careful in documents unlike those that it learned from, so pairs have to be made of text like what is to be
//! corrected: prose that is all talk teaches little about a newspaper's columns.

use super::looks::Looks;
use super::make::Document;
use super::random::Random;
use crate::corpus::{Pair, documents};

/// Typographic signs, each with the plain one that may stand for it.
const PLAIN: [(char, &str); 7] =
    [('—', "-"), ('–', "-"), ('…', "..."), ('’', "'"), ('‘', "'"), ('“', "\""), ('”', "\"")];
/// Marks that end a sentence, or follow what ends it.
const ENDS: [char; 7] = ['.', '!', '?', '"', '”', '’', '\''];
/// A share that hardly varies in the sample says no more than this.
const LEAST_DEVIATION: f64 = 0.01;

/// What text is to be like.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    documents: Vec<Sampled>,
    /// Lengths of rows, code points.
    lengths: Vec<usize>,
    /// Whether most rows end where a sentence does.
    sentences: bool,
    /// Signs that the sample does without, and what it writes for them.
    folded: Vec<(char, &'static str)>,
}

#[derive(Clone, Copy, Debug)]
struct Sampled {
    rows: usize,
    looks: [f64; Looks::COUNT],
}

impl Sample {
    /// The intended sides of pairs as a sample.
    pub fn of(pairs: &[Pair]) -> Self {
        let rows = || pairs.iter().map(|pair| pair.intended.as_str());
        let sampled = |own: Vec<usize>| Sampled {
            rows: own.len(),
            looks: Looks::of(own.iter().map(|&row| pairs[row].intended.as_str())).shares(),
        };
        let count = |sign: &str| rows().map(|row| row.matches(sign).count()).sum::<usize>();
        let rare = |(sign, plain): &(char, &str)| {
            let (signs, plains) = (count(sign.encode_utf8(&mut [0; 4])), count(plain));
            plains > 0 && signs * 99 < plains
        };
        Self {
            documents: documents(pairs.iter().map(|p| p.document.as_str()))
                .into_iter()
                .map(sampled)
                .collect(),
            lengths: rows().map(|row| row.chars().count()).collect(),
            sentences: 2 * rows().filter(|row| row.ends_with(ENDS)).count() > pairs.len(),
            folded: PLAIN.into_iter().filter(rare).collect(),
        }
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.lengths.len()
    }

    /// Cuts a text, one paragraph a line, into documents like the sample's, named `name/1`, `name/2` … Long paragraphs are
    /// parted, at the ends of sentences where the sample's rows end there, else at spaces.
    pub fn cut(&self, name: &str, text: &str, seed: u64) -> Vec<Document> {
        let mut random = Random::new(seed, name.as_bytes());
        let mut documents: Vec<Document> = Vec::new();
        let mut wanted = 0;
        for paragraph in text.lines() {
            let paragraph = self.plain(paragraph);
            let mut rest = paragraph.trim();
            while !rest.is_empty() {
                let (row, after) = rest.split_at(self.row_end(rest, &mut random));
                if wanted == 0 {
                    let id = format!("{name}/{}", documents.len() + 1);
                    documents.push(Document { id, lines: Vec::new() });
                    wanted = self.documents.get(random.index(self.documents.len())).map_or(1, |d| d.rows);
                }
                if let Some(document) = documents.last_mut() {
                    document.lines.push(row.trim_end().to_owned());
                    wanted -= 1;
                }
                rest = after.trim_start();
            }
        }
        documents
    }

    /// Of `documents` those that look most like the sample's, about `rows` rows of them, in their order: the nearest to one
    /// of the sample's, the nearest to another, and so on, each of the sample's as often. O(documents²).
    pub fn choose(&self, documents: Vec<Document>, rows: usize, seed: u64) -> Vec<Document> {
        let scale = self.deviations();
        let looks: Vec<[f64; Looks::COUNT]> =
            documents.iter().map(|d| Looks::of(d.lines.iter().map(String::as_str)).shares()).collect();
        let mut left: Vec<usize> = (0..documents.len()).collect();
        let mut taken = vec![false; documents.len()];
        let mut random = Random::new(seed, b"choose");
        let (mut found, mut turns) = (0, Vec::new());
        while found < rows && !self.documents.is_empty() {
            if turns.is_empty() {
                turns = (0..self.documents.len()).collect();
            }
            let model = self.documents[turns.swap_remove(random.index(turns.len()))].looks;
            let apart = |at: usize| {
                let parts = looks[at].iter().zip(model).zip(scale);
                parts.map(|((a, b), scale)| ((a - b) / scale) * ((a - b) / scale)).sum::<f64>()
            };
            let nearest = (0..left.len()).min_by(|&a, &b| apart(left[a]).total_cmp(&apart(left[b])));
            let Some(nearest) = nearest else { break };
            let at = left.remove(nearest);
            taken[at] = true;
            found += documents[at].lines.len();
        }
        documents.into_iter().zip(taken).filter(|(_, taken)| *taken).map(|(document, _)| document).collect()
    }

    fn deviations(&self) -> [f64; Looks::COUNT] {
        let n = self.documents.len().max(1) as f64;
        std::array::from_fn(|at| {
            let shares = || self.documents.iter().map(|d| d.looks[at]);
            let mean = shares().sum::<f64>() / n;
            let variance = shares().map(|share| (share - mean) * (share - mean)).sum::<f64>() / n;
            variance.sqrt().max(LEAST_DEVIATION)
        })
    }

    /// Where the first row of `text` ends, in bytes.
    fn row_end(&self, text: &str, random: &mut Random) -> usize {
        let Some(&wanted) = self.lengths.get(random.index(self.lengths.len())) else { return text.len() };
        let (mut best, mut apart) = (text.len(), usize::MAX);
        for (length, (at, c)) in text.char_indices().enumerate() {
            let ends = c == ' ' && (!self.sentences || ends_sentence(&text[..at], &text[at + 1..]));
            if ends && length.abs_diff(wanted) < apart {
                (best, apart) = (at, length.abs_diff(wanted));
            }
            if length > wanted.saturating_add(apart) {
                break;
            }
        }
        // What is left over is no row of its own where it would be much shorter than wanted.
        let left = text.get(best..).map_or(0, |rest| rest.chars().count());
        if 2 * left < wanted { text.len() } else { best }
    }

    /// The text with plain signs where the sample has them.
    fn plain(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match self.folded.iter().find(|(sign, _)| *sign == c) {
                Some((_, plain)) => out.push_str(plain),
                None if c.is_whitespace() => out.push(' '),
                None => out.push(c),
            }
        }
        out
    }
}

/// Whether a sentence ends between two pieces of text: after a mark, before a capital, and not after what looks like
/// `Mr.` or an initial.
fn ends_sentence(before: &str, after: &str) -> bool {
    let closing = ['"', '\'', '”', '’', ')', ']', '»'];
    let opening = ['"', '\'', '“', '‘', '(', '[', '«', '-', '—'];
    let next = after.trim_start_matches(opening).chars().next();
    let bare = before.trim_end_matches(closing);
    if !next.is_some_and(|c| c.is_uppercase() || c.is_numeric()) {
        return false;
    }
    if bare.ends_with(['!', '?', '…']) {
        return true;
    }
    let Some(sentence) = bare.strip_suffix('.') else { return false };
    let word = sentence.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    word.chars().count() > 3 || !word.chars().next().is_some_and(char::is_uppercase)
}
