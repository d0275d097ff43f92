//! Plain text as the pairs are that the model was learned from: rows as long, documents of as many rows, signs as plain.

use super::make::Document;
use super::noise::Noise;
use super::random::Random;
use crate::corpus::Lines;

/// Typographic signs, each with the plain one that may stand for it.
const PLAIN: [(char, &str); 7] =
    [('—', "-"), ('–', "-"), ('…', "..."), ('’', "'"), ('‘', "'"), ('“', "\""), ('”', "\"")];
/// Rows of a document where the model does not say.
const ROWS: u32 = 20;

impl Document {
    /// The documents of a text as it stands, `name/1`, `name/2` …: a line a row, blank lines between documents.
    pub fn all_of(name: &str, text: &str) -> Vec<Self> {
        let mut documents: Vec<Self> = Vec::new();
        let mut parted = true;
        for line in Lines::new(text).map(|line| line.text) {
            if line.trim().is_empty() {
                parted = true;
                continue;
            }
            if std::mem::take(&mut parted) {
                documents.push(Self { id: format!("{name}/{}", documents.len() + 1), lines: Vec::new() });
            }
            if let Some(document) = documents.last_mut() {
                document.lines.push(line.to_owned());
            }
        }
        documents
    }
}

impl Noise {
    /// Cuts a text, one paragraph a line, into documents named `name/1`, `name/2` … Long paragraphs are parted, at the
    /// ends of sentences where the model's rows end there, else at spaces; a typographic sign that the model's intended
    /// texts do without is written as they write it.
    pub fn documents(&self, name: &str, text: &str, seed: u64) -> Vec<Document> {
        let mut random = Random::new(seed, name.as_bytes());
        let mut documents: Vec<Document> = Vec::new();
        let mut wanted = 0;
        for paragraph in text.lines() {
            let paragraph = self.plain(paragraph);
            let mut rest = paragraph.trim();
            while !rest.is_empty() {
                let at = self.row_end(rest, &mut random);
                let (row, after) = rest.split_at(at);
                if wanted == 0 {
                    documents
                        .push(Document { id: format!("{name}/{}", documents.len() + 1), lines: Vec::new() });
                    wanted = self.rows(&mut random);
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

    /// Rows of a document, as one of those learned from has them.
    fn rows(&self, random: &mut Random) -> u32 {
        let known = &self.falls.documents;
        known.get(random.index(known.len())).map_or(ROWS, |document| document.rows).max(1)
    }

    /// Where the first row of `text` ends, in bytes.
    fn row_end(&self, text: &str, random: &mut Random) -> usize {
        let lengths = &self.falls.layout.lengths;
        let Some(last) = lengths.len().checked_sub(2) else { return text.len() };
        // Between two deciles all lengths are as likely.
        let decile = random.index(last + 1);
        let (low, high) = (f64::from(lengths[decile]), f64::from(lengths[decile + 1]));
        let wanted = low + random.unit() * (high - low);
        let sentences = self.falls.layout.sentences > 0.5;
        let (mut best, mut apart) = (text.len(), f64::INFINITY);
        for (length, (at, c)) in text.char_indices().enumerate() {
            let ends = c == ' ' && (!sentences || ends_sentence(&text[..at], &text[at + 1..]));
            if ends && (length as f64 - wanted).abs() < apart {
                (best, apart) = (at, (length as f64 - wanted).abs());
            }
            if length as f64 > wanted + apart {
                return best;
            }
        }
        // What is left over is no row of its own where it would be much shorter than wanted.
        let left = text.get(best..).map_or(0, |rest| rest.chars().count());
        if (left as f64) < wanted / 2.0 { text.len() } else { best }
    }

    /// The text with plain signs where the model's intended texts have them.
    fn plain(&self, text: &str) -> String {
        let count = |sign: &str| {
            let symbol = self.alphabet.symbol(sign);
            self.falls.layout.marks.iter().find(|(mark, _)| *mark == symbol).map_or(0, |(_, n)| *n)
        };
        let folded: Vec<(char, &str)> = PLAIN
            .into_iter()
            .filter(|(sign, plain)| {
                let plain = count(&plain.chars().take(1).collect::<String>());
                plain > 0 && count(sign.encode_utf8(&mut [0; 4])).saturating_mul(99) < plain
            })
            .collect();
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match folded.iter().find(|(sign, _)| *sign == c) {
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
