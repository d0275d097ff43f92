//! Models that must not become current: id, tab, reason, a line each, by rising id.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::error::RegistryError;
use crate::model::ModelId;

pub(super) type Marks = BTreeMap<ModelId, String>;

pub(super) fn to_text(marks: &Marks) -> String {
    let mut text = String::new();
    for (id, reason) in marks {
        let _ = writeln!(text, "{id}\t{}", one_line(reason));
    }
    text
}

/// A reason as it is kept: on one line.
pub(super) fn one_line(reason: &str) -> String {
    reason
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

pub(super) fn parse(bytes: &[u8], path: &Path) -> Result<Marks, RegistryError> {
    let text = String::from_utf8_lossy(bytes);
    let line = |(at, line): (usize, &str)| {
        let (id, reason) = line.split_once('\t').unwrap_or((line, ""));
        match id.parse() {
            Ok(id) => Ok((id, reason.to_owned())),
            Err(_) => {
                let what = "it does not begin with the id of a model";
                Err(RegistryError::Damaged { path: path.to_owned(), line: at + 1, what })
            }
        }
    };
    text.lines().enumerate().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_kept_on_a_line() {
        let id: ModelId = "a".repeat(32).parse().expect("an id");
        let marks = Marks::from([(id, "event 7\twas\r\nforgotten ".to_owned())]);
        let text = to_text(&marks);
        assert_eq!(text, format!("{id}\tevent 7 was forgotten\n"));
        let path = Path::new("marks");
        assert_eq!(parse(text.as_bytes(), path).expect("as written")[&id], "event 7 was forgotten");
        assert!(parse(format!("{id}\n").as_bytes(), path).is_ok(), "a mark without a reason is one");
        let error = parse(b"\n", path).expect_err("no id").to_string();
        assert!(error.contains("line 1"), "{error}");
    }
}
