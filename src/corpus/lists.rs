//! Lists: known entries, and words with their counts.

use std::path::Path;

use super::error::CorpusError;
use super::plain::{Lines, read_text};

/// The entries of the file at `path`, one a line; white space around them and empty lines are left out.
pub fn read_entries(path: &Path) -> Result<Vec<String>, CorpusError> {
    let text = read_text(path)?;
    let entries = Lines::new(&text).map(|line| line.text.trim()).filter(|entry| !entry.is_empty());
    Ok(entries.map(str::to_owned).collect())
}

/// The words of the file at `path` with how often each was counted elsewhere: a word, a tab and a whole number
/// a line. Empty lines are left out.
pub fn read_counts(path: &Path) -> Result<Vec<(String, u64)>, CorpusError> {
    counts(&read_text(path)?, &path.display().to_string())
}

fn counts(text: &str, file: &str) -> Result<Vec<(String, u64)>, CorpusError> {
    let lines = (1..).zip(Lines::new(text)).filter(|(_, line)| !line.text.is_empty());
    lines
        .map(|(at, line)| {
            let fields = line.text.split_once('\t');
            let read = fields.and_then(|(word, count)| Some((word.to_owned(), count.parse().ok()?)));
            read.ok_or_else(|| CorpusError::Count {
                file: file.to_owned(),
                line: at,
                column: if fields.is_some() { 2 } else { 1 },
                found: line.text.to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_a_word_a_tab_and_a_number() {
        let found = counts("\u{FEFF}the\t12\r\n\nof\t7", "x").expect("two counts");
        assert_eq!(found, [("the".to_owned(), 12), ("of".to_owned(), 7)]);
        for (text, want) in [
            ("a\t1\nthe 12\n", "in x, line 2, column 1"),
            ("the\t-1", "in x, line 1, column 2"),
            ("the\t1\t2", "in x, line 1, column 2"),
        ] {
            let error = counts(text, "x").expect_err("no counts").to_string();
            assert!(error.contains(want), "{error}\nlacks {want}");
        }
    }
}
