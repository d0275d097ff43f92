//! What is wrong with a line that should hold an object of JSON.

/// What to say of a line that `error` was found in, and the column, counted from 1.
pub(crate) fn json_fault(line: &str, error: &serde_json::Error) -> (String, usize) {
    // Its own place is always in line 1.
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or(&said);
    let what = match line.trim_start().chars().next() {
        None => "an empty line",
        Some('{') => said,
        Some(_) => "no object",
    };
    (what.to_owned(), error.column().max(1))
}
