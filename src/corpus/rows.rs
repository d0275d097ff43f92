//! Rows: TSV, UTF-8, no quoting, one pair a row:
//! `observed  intended  document  kind  evidence`, the last three optional.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use super::error::{CorpusError, open};
use super::pair::Pair;
use crate::text::tokens;

/// The columns by their names in a header; "confidence" is another name of the last.
const NAMES: [&str; 5] = ["observed", "intended", "document", "kind", "evidence"];

/// A pair with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The line it stands on, counted from 1, a header included.
    pub line: usize,
    /// What stands there. An empty document, kind or evidence is an unknown one.
    pub pair: Pair,
}

/// The rows of a file, one after another; only one is held at a time.
///
/// A byte order mark is passed over, a row may end in CRLF. A NUL is a character like any other. A first row
/// that begins `observed`, `intended` is a header: columns are then found by their names, unknown ones are
/// ignored, and every row has as many as the header. After an error the reader is at its end.
///
/// ```
/// let rows = amend::corpus::Rows::new("tbe\tthe\tpage-1\n".as_bytes(), "example");
/// let pairs: Vec<_> = rows.map(|r| r.map(|r| r.pair)).collect::<Result<_, _>>()?;
/// assert_eq!((pairs[0].observed.as_str(), pairs[0].document.as_str()), ("tbe", "page-1"));
/// # Ok::<(), amend::corpus::CorpusError>(())
/// ```
#[derive(Debug)]
pub struct Rows<R> {
    reader: R,
    file: String,
    line: usize,
    buffer: Vec<u8>,
    header: Option<Header>,
    failed: bool,
}

/// Where a header puts each column of [`NAMES`].
#[derive(Debug)]
struct Header {
    at: [Option<usize>; 5],
    columns: usize,
}

impl Rows<BufReader<File>> {
    /// The rows of the file at `path`.
    pub fn open(path: &Path) -> Result<Self, CorpusError> {
        Ok(Self::new(BufReader::with_capacity(1 << 16, open(path)?), &path.display().to_string()))
    }
}

impl<R: BufRead> Rows<R> {
    /// The rows that `reader` gives; `file` is its name in errors.
    pub fn new(reader: R, file: &str) -> Self {
        Self { reader, file: file.to_owned(), line: 0, buffer: Vec::new(), header: None, failed: false }
    }

    fn read(&mut self) -> Result<Option<Row>, CorpusError> {
        loop {
            self.buffer.clear();
            let read = self.reader.read_until(b'\n', &mut self.buffer);
            if read.map_err(|source| CorpusError::Io { file: self.file.clone(), source })? == 0 {
                return Ok(None);
            }
            self.line += 1;
            let mut bytes = self.buffer.as_slice();
            bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
            bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
            let mut skipped = 0;
            if self.line == 1 {
                if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
                    (bytes, skipped) = (rest, 3);
                }
                // A file of nothing but a byte order mark has no rows.
                if bytes.is_empty() && skipped > 0 && !self.buffer.ends_with(b"\n") {
                    return Ok(None);
                }
            }
            let text = std::str::from_utf8(bytes).map_err(|e| CorpusError::NotUtf8 {
                file: self.file.clone(),
                line: self.line,
                byte: skipped + e.valid_up_to() + 1,
            })?;
            let fields: Vec<&str> = text.split('\t').collect();
            if self.line == 1 && fields.starts_with(&["observed", "intended"]) {
                self.header = Some(Header::new(&fields));
                continue;
            }
            return self.row(&fields).map(Some);
        }
    }

    fn row(&self, fields: &[&str]) -> Result<Row, CorpusError> {
        let (least, most) = self.header.as_ref().map_or((2, NAMES.len()), |h| (h.columns, h.columns));
        if fields.len() < least || fields.len() > most {
            return Err(CorpusError::Columns {
                file: self.file.clone(),
                line: self.line,
                column: fields.len().min(most) + 1,
                found: fields.len(),
                expected: if least == most { most.to_string() } else { format!("{least} to {most}") },
            });
        }
        let column = |which: usize| self.header.as_ref().map_or(Some(which), |h| h.at[which]);
        let field = |which| column(which).and_then(|c| fields.get(c)).copied().unwrap_or("");
        let observed = field(0);
        Ok(Row {
            line: self.line,
            pair: Pair {
                observed: observed.to_owned(),
                intended: field(1).to_owned(),
                document: field(2).to_owned(),
                kind: Some(field(3)).filter(|k| !k.is_empty()).map(str::to_owned),
                evidence: self.evidence(field(4), observed, column(4).map_or(0, |c| c + 1))?,
                source: 0,
            },
        })
    }

    fn evidence(&self, list: &str, observed: &str, column: usize) -> Result<Option<Vec<f32>>, CorpusError> {
        if list.is_empty() {
            return Ok(None);
        }
        let numbers = list.split(',').map(|found| match found.trim().parse::<f32>() {
            Ok(number) if (0.0..=100.0).contains(&number) => Ok(number),
            _ => Err(CorpusError::EvidenceNumber {
                file: self.file.clone(),
                line: self.line,
                column,
                found: found.to_owned(),
            }),
        });
        let numbers = numbers.collect::<Result<Vec<_>, _>>()?;
        let words = tokens(observed).count();
        if numbers.len() != words {
            return Err(CorpusError::EvidenceCount {
                file: self.file.clone(),
                line: self.line,
                column,
                found: numbers.len(),
                words,
            });
        }
        Ok(Some(numbers))
    }
}

impl<R: BufRead> Iterator for Rows<R> {
    type Item = Result<Row, CorpusError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let row = self.read();
        self.failed = row.is_err();
        row.transpose()
    }
}

impl Header {
    fn new(fields: &[&str]) -> Self {
        let at = NAMES
            .map(|name| fields.iter().position(|f| *f == name || (name == "evidence" && *f == "confidence")));
        Self { at, columns: fields.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<Pair>, String> {
        Rows::new(bytes, "x.tsv").map(|r| r.map(|r| r.pair).map_err(|e| e.to_string())).collect()
    }

    fn pair(observed: &str, intended: &str, document: &str) -> Pair {
        let [observed, intended, document] = [observed, intended, document].map(str::to_owned);
        Pair { observed, intended, document, ..Pair::default() }
    }

    #[test]
    fn rows_are_read_as_they_stand() {
        let cases: [(&[u8], &[Pair]); 9] = [
            (b"", &[]),
            (b"\xEF\xBB\xBF", &[]),
            (b"a\tb\n", &[pair("a", "b", "")]),
            (b"a\tb\td", &[pair("a", "b", "d")]),
            (b"\xEF\xBB\xBFa\tb\r\nc\td\r\n", &[pair("a", "b", ""), pair("c", "d", "")]),
            (b"\tb\td\n", &[pair("", "b", "d")]),
            (b" a\0\x0B \t \"b\t\n", &[pair(" a\0\x0B ", " \"b", "")]),
            (b"observed\tintended\tx\tdocument\na\tb\tc\td\n", &[pair("a", "b", "d")]),
            (b"observed\tintended", &[]),
        ];
        for (bytes, want) in cases {
            assert_eq!(read(bytes).as_deref(), Ok(want), "{:?}", String::from_utf8_lossy(bytes));
        }
        let full = read("tbe cat\tthe cat\td\tline\t30.5, 99\n".as_bytes()).expect("five columns");
        assert_eq!(full[0].kind.as_deref(), Some("line"));
        assert_eq!(full[0].evidence.as_deref(), Some([30.5, 99.0].as_slice()));
        let named = read(b"observed\tintended\tconfidence\na\tb\t7\n").expect("a header");
        assert_eq!(named[0].evidence.as_deref(), Some([7.0].as_slice()));
    }

    #[test]
    fn an_error_names_its_place() {
        let cases: [(&[u8], &str); 10] = [
            (b"a\tb\nab\n", "1 column found, 2 to 5 expected, in x.tsv, line 2, column 2"),
            (b"a\tb\n\n", "1 column found, 2 to 5 expected, in x.tsv, line 2, column 2"),
            (b"a\tb\tc\td\t1\tf\n", "6 columns found, 2 to 5 expected, in x.tsv, line 1, column 6"),
            (b"observed\tintended\na\tb\tc", "3 columns found, 2 expected, in x.tsv, line 2, column 3"),
            (b"a\tb\xFFc\n", "not UTF-8, in x.tsv, line 1, byte 4"),
            (b"\xEF\xBB\xBFa\xC3\tb", "not UTF-8, in x.tsv, line 1, byte 5"),
            (b"a\tb\td\tk\thigh", "\"high\" is no number from 0 to 100, in x.tsv, line 1, column 5"),
            (b"a b\tb\td\tk\t1,101", "\"101\" is no number"),
            (b"a\tb\td\tk\tNaN", "\"NaN\" is no number"),
            (b"a b\tb\td\tk\t1", "evidence has 1 numbers, observed has 2 words, in x.tsv, line 1, column 5"),
        ];
        for (bytes, want) in cases {
            let error = read(bytes).expect_err("a bad row");
            assert!(error.contains(want), "{error}\nlacks {want}");
            assert!(!error.contains('\n'), "{error} is more than a line");
        }
    }

    #[test]
    fn after_an_error_there_is_nothing() {
        let mut rows = Rows::new(b"a\nb\tc\n".as_slice(), "x.tsv");
        assert!(rows.next().is_some_and(|r| r.is_err()));
        assert!(rows.next().is_none());
    }
}
