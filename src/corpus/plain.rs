//! Plain text: lines to correct, each with its own ending; paragraphs to learn from.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::error::{CorpusError, open};
use crate::text::is_unspaced;

/// How a line ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With LF.
    Lf,
    /// With CR and LF.
    CrLf,
    /// With the text.
    None,
}

impl Ending {
    /// The bytes it stands for.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
            Self::None => "",
        }
    }
}

/// A line and how it ended. A CR that no LF follows is part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlainLine<'a> {
    /// The line without its ending.
    pub text: &'a str,
    /// What followed it.
    pub ending: Ending,
}

/// The lines of a text. Put together again, mark, texts and endings give the text byte for byte.
///
/// ```
/// use amend::corpus::{Ending, Lines};
/// let lines: Vec<_> = Lines::new("one\r\ntwo").map(|l| (l.text, l.ending)).collect();
/// assert_eq!(lines, [("one", Ending::CrLf), ("two", Ending::None)]);
/// ```
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    mark: &'a str,
    rest: &'a str,
}

impl<'a> Lines<'a> {
    /// The lines of `text`; a byte order mark at its beginning belongs to none of them.
    pub fn new(text: &'a str) -> Self {
        let rest = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let (mark, rest) = text.split_at(text.len() - rest.len());
        Self { mark, rest }
    }

    /// The byte order mark before the first line, or nothing.
    pub fn mark(&self) -> &'a str {
        self.mark
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = PlainLine<'a>;

    fn next(&mut self) -> Option<PlainLine<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let Some((line, rest)) = self.rest.split_once('\n') else {
            let text = std::mem::take(&mut self.rest);
            return Some(PlainLine { text, ending: Ending::None });
        };
        self.rest = rest;
        Some(match line.strip_suffix('\r') {
            Some(text) => PlainLine { text, ending: Ending::CrLf },
            None => PlainLine { text: line, ending: Ending::Lf },
        })
    }
}

/// The whole text of the file at `path`. Memory: the file's size.
pub fn read_text(path: &Path) -> Result<String, CorpusError> {
    read_text_from(open(path)?, &path.display().to_string())
}

/// The whole text that `reader` gives; `file` is its name in errors.
pub fn read_text_from(mut reader: impl Read, file: &str) -> Result<String, CorpusError> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).map_err(|source| CorpusError::Io { file: file.to_owned(), source })?;
    String::from_utf8(bytes).map_err(|e| {
        let before = e.as_bytes().get(..e.utf8_error().valid_up_to()).unwrap_or(&[]);
        let line_start = before.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        CorpusError::NotUtf8 {
            file: file.to_owned(),
            line: before.iter().filter(|b| **b == b'\n').count() + 1,
            byte: before.len() - line_start + 1,
        }
    })
}

/// The text of the file at `path` with one paragraph a line, as [`paragraphs`] finds them. Memory: the result.
pub fn read_paragraphs(path: &Path) -> Result<String, CorpusError> {
    let file = open(path)?;
    let mut text = String::new();
    paragraphs(file, &path.display().to_string(), |paragraph| {
        text.push_str(paragraph);
        text.push('\n');
    })?;
    Ok(text)
}

/// A paragraph of wrapped lines is handed over when it has grown to this many bytes.
const LONGEST: usize = 1 << 16;
/// As much of the beginning decides how the text is laid out.
const HEAD: usize = 1 << 16;

/// Calls `each` with every paragraph of the text that `reader` gives, in order, never with an empty one.
///
/// Where a blank line stands in the first 64 KiB the text is taken as wrapped: blank lines part its
/// paragraphs, lines are joined with a space (without one between two characters of a script that writes
/// none), and a paragraph over 64 KiB is cut at a line's end. Otherwise every line is a paragraph. Memory:
/// the head, the longest line and the longest paragraph.
pub fn paragraphs(reader: impl Read, file: &str, mut each: impl FnMut(&str)) -> Result<(), CorpusError> {
    let fail = |source| CorpusError::Io { file: file.to_owned(), source };
    let mut reader = BufReader::with_capacity(HEAD, reader);
    let mut head = Vec::with_capacity(HEAD);
    reader.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(fail)?;
    let wrapped = has_blank_line(&head);
    let mut reader = head.as_slice().chain(reader);

    let (mut bytes, mut paragraph, mut line) = (Vec::new(), String::new(), 0);
    loop {
        bytes.clear();
        let read = reader.read_until(b'\n', &mut bytes).map_err(fail)?;
        line += 1;
        let text = std::str::from_utf8(&bytes).map_err(|e| CorpusError::NotUtf8 {
            file: file.to_owned(),
            line,
            byte: e.valid_up_to() + 1,
        })?;
        let text = if line == 1 { text.strip_prefix('\u{FEFF}').unwrap_or(text) } else { text }.trim();
        let ends = !wrapped || text.is_empty() || paragraph.len() + text.len() > LONGEST;
        if ends && !paragraph.is_empty() {
            each(&paragraph);
            paragraph.clear();
        }
        if read == 0 {
            return Ok(());
        }
        if !wrapped && !text.is_empty() {
            each(text);
        } else if wrapped {
            let parted = paragraph.chars().next_back().zip(text.chars().next());
            if parted.is_some_and(|(a, b)| !(is_unspaced(a) && is_unspaced(b))) {
                paragraph.push(' ');
            }
            paragraph.push_str(text);
        }
    }
}

fn has_blank_line(head: &[u8]) -> bool {
    let mut lines = head.split(|b| *b == b'\n').peekable();
    // The last piece is cut off, or what follows the last line end: no line.
    while let Some(line) = lines.next() {
        if lines.peek().is_some() && line.trim_ascii().is_empty() {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_line_keeps_its_own_ending() {
        let text = "\u{FEFF}a\nb\r\n\r\n\rc\r\0d";
        let lines = Lines::new(text);
        assert_eq!(lines.mark(), "\u{FEFF}");
        let found: Vec<_> = lines.map(|l| (l.text, l.ending)).collect();
        let want = [("a", Ending::Lf), ("b", Ending::CrLf), ("", Ending::CrLf), ("\rc\r\0d", Ending::None)];
        assert_eq!(found, want);
        assert_eq!(Lines::new("").count(), 0);
        assert_eq!(Lines::new("\n").count(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn lines_put_together_are_the_text(text in "[a\u{FEFF}\r\n\u{2028}]{0,12}") {
            let lines = Lines::new(&text);
            let mut again = lines.mark().to_owned();
            for line in lines {
                prop_assert!(!line.text.contains('\n'));
                again.push_str(line.text);
                again.push_str(line.ending.as_str());
            }
            prop_assert_eq!(again, text);
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_named() {
        let error = read_text_from(b"ab\ncd\xFF\n".as_slice(), "x.txt").expect_err("no text").to_string();
        assert!(error.starts_with("not UTF-8, in x.txt, line 2, byte 3"), "{error}");
        let error = paragraphs(b"ab\ncd\xFF\n".as_slice(), "x.txt", |_| ()).expect_err("no text");
        assert!(error.to_string().starts_with("not UTF-8, in x.txt, line 2, byte 3"), "{error}");
    }

    #[test]
    fn paragraphs_follow_the_layout() {
        let long = format!("{}\n", "x".repeat(LONGEST / 2 + 1)).repeat(3);
        let half = "x".repeat(LONGEST / 2 + 1);
        let cases: [(&str, &[&str]); 6] = [
            ("", &[]),
            ("one\r\ntwo", &["one", "two"]),
            ("one\ntwo\n", &["one", "two"]),
            ("\u{FEFF}one\ntwo\n \n\nthree\n日本\n語\n", &["one two", "three 日本語"]),
            ("\n", &[]),
            (&format!("\n{long}"), &[&half, &half, &half]),
        ];
        for (text, want) in cases {
            let mut found = Vec::new();
            paragraphs(text.as_bytes(), "x.txt", |p| found.push(p.to_owned())).expect("text");
            assert_eq!(found, want);
        }
    }

    #[test]
    fn paragraphs_cross_the_head() {
        let text = format!("{}\n", "wörd ".repeat(5).trim()).repeat(9_000);
        let mut count = 0;
        paragraphs(text.as_bytes(), "x.txt", |p| count += usize::from(p.ends_with("wörd"))).expect("text");
        assert_eq!(count, 9_000);
    }
}
