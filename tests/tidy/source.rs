//! Just enough of Rust's syntax to find paths in code: comments and literals are blanked out, tests are left
//! out, and the first name behind `crate::` (or behind as many `super::` as lead there) is read.

/// A file's code.
pub(crate) struct Source {
    /// Without comments, strings and characters; lines stay where they are.
    pub(crate) code: String,
    /// Without `#[cfg(test)]` items, too.
    production: String,
    /// The names of the modules that are declared for tests only.
    pub(crate) test_modules: Vec<String>,
}

impl Source {
    pub(crate) fn new(text: &str) -> Self {
        let code = blank_literals(text);
        let (production, test_modules) = without_tests(&code);
        Self { code, production, test_modules }
    }

    /// The names at the crate's root that are used, each with its line; `depth` is how many modules lead from
    /// the root to this file.
    pub(crate) fn roots(&self, depth: usize) -> Vec<(usize, String)> {
        let code = &self.production;
        let mut found = Vec::new();
        for (at, word) in words(code) {
            let before = code[..at].trim_end();
            let rest = code[at + word.len()..].trim_start();
            let up = match word {
                "crate" if before.ends_with('(') && rest.starts_with(')') => continue, // pub(crate)
                "crate" => 0,
                "super" if before.ends_with("::") || rest.starts_with(')') => continue,
                "super" => depth.saturating_sub(1),
                _ => continue,
            };
            let line = code[..at].matches('\n').count() + 1;
            let mut names = Vec::new();
            match rest.strip_prefix("::") {
                Some(rest) => heads(rest, up, &mut names),
                None if word == "crate" => names.push("crate".to_owned()),
                None => {}
            }
            found.extend(names.into_iter().map(|name| (line, name)));
        }
        found
    }
}

/// Identifiers and keywords with their places.
pub(crate) fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + code[at..].find(part)?;
        let length = code[start..].find(|c| !part(c)).unwrap_or(code.len() - start);
        at = start + length;
        Some((start, &code[start..at]))
    })
}

/// The first names of the path or group that `rest` begins with, where `up` modules still lie between it and
/// the root; names below the root are not of interest.
fn heads(rest: &str, up: usize, names: &mut Vec<String>) {
    let rest = rest.trim_start();
    if let Some(group) = rest.strip_prefix('{') {
        let mut depth = 0_usize;
        let mut start = 0;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    let item = group[start..at].trim();
                    if !item.is_empty() {
                        heads(item, up, names);
                    }
                    start = at + 1;
                    if c == '}' {
                        return;
                    }
                }
                _ => {}
            }
        }
        return;
    }
    let name = words(rest).next().filter(|(at, _)| *at == 0).map_or("*", |(_, word)| word);
    match (name, rest[name.len().min(rest.len())..].trim_start().strip_prefix("::")) {
        ("super", Some(rest)) if up > 0 => heads(rest, up - 1, names),
        ("super", _) => {}
        _ if up == 0 => names.push(name.to_owned()),
        _ => {}
    }
}

/// The code without items under `#[cfg(test)]`, and the names of modules declared so.
fn without_tests(code: &str) -> (String, Vec<String>) {
    const TEST: &str = "#[cfg(test)]";
    let mut kept = String::new();
    let mut modules = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(TEST) {
        kept += &rest[..at];
        let item = &rest[at..];
        let end = item_end(item);
        let tokens: Vec<_> = words(&item[TEST.len()..end]).map(|(_, word)| word).collect();
        if let Some(at) = tokens.iter().position(|&word| word == "mod").filter(|_| item[..end].ends_with(';'))
        {
            modules.extend(tokens.get(at + 1).map(|name| (*name).to_owned()));
        }
        kept.extend(item[..end].chars().map(|c| if c == '\n' { c } else { ' ' }));
        rest = &item[end..];
    }
    (kept + rest, modules)
}

/// Behind the `;` or the closing brace of the item that the text begins with.
fn item_end(item: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in item.char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => {
                depth = depth.saturating_sub(1);
                if c == '}' && depth == 0 {
                    // The braces of `use a::{b};` do not end it.
                    let semicolon = item[at + 1..].starts_with(';');
                    return at + 1 + usize::from(semicolon);
                }
            }
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    item.len()
}

/// Blanks out comments, strings and characters, but for line ends.
fn blank_literals(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let in_word = code.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
        let skip = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => comment_end(rest),
            '"' => quoted_end(rest, '"'),
            '\'' => character_end(rest),
            'r' | 'b' | 'c' if !in_word => raw_end(rest),
            _ => 0,
        };
        let taken = if skip == 0 { first.len_utf8() } else { skip };
        let (head, tail) = rest.split_at(taken);
        if skip == 0 {
            code.push(first);
        } else {
            code.extend(head.chars().map(|c| if c == '\n' { c } else { ' ' }));
        }
        rest = tail;
    }
    code
}

fn comment_end(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let step = match &text[at..] {
            rest if rest.starts_with("/*") => {
                depth += 1;
                2
            }
            rest if rest.starts_with("*/") => {
                depth -= 1;
                2
            }
            rest => rest.chars().next().map_or(1, char::len_utf8),
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    at
}

/// Behind the closing quote of the literal that the text begins with.
fn quoted_end(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// The length of a character literal; 0 for a lifetime.
fn character_end(text: &str) -> usize {
    let mut chars = text.chars().skip(1);
    match (chars.next(), chars.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => quoted_end(text, '\''),
        _ => 0,
    }
}

/// The length of a raw string literal (`r"…"`, `br#"…"#`); 0 for anything else.
fn raw_end(text: &str) -> usize {
    let prefix = text.find('r').filter(|&at| at < 2).map_or("", |at| &text[..=at]);
    if !matches!(prefix, "r" | "br" | "cr") {
        return 0;
    }
    let rest = &text[prefix.len()..];
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    let Some(body) = rest[hashes..].strip_prefix('"') else { return 0 };
    let close = format!("\"{}", "#".repeat(hashes));
    let end = body.find(&close).map_or(body.len(), |at| at + close.len());
    prefix.len() + hashes + 1 + end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roots(text: &str, depth: usize) -> Vec<String> {
        Source::new(text).roots(depth).into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn paths_are_found_wherever_they_stand() {
        assert_eq!(roots("use crate::text::{Span, words};", 1), ["text"]);
        assert_eq!(
            roots("use crate::{cost::Cost, text::{self, Span}, counts};", 1),
            ["cost", "text", "counts"]
        );
        assert_eq!(roots("fn f(a: &crate::cost::Cost) -> crate :: text::Span {}", 1), ["cost", "text"]);
        assert_eq!(roots("use crate::*;\nuse crate as amend;", 1), ["*", "crate"]);
        assert_eq!(Source::new("\n\nuse crate::text;").roots(1), [(3, "text".to_owned())]);
    }

    #[test]
    fn supers_that_lead_out_of_the_room_are_found() {
        assert_eq!(roots("use super::layout::X; use super::super::text;", 2), ["text"]);
        assert_eq!(roots("use super::{layout::X, super::text::Y};", 2), ["text"]);
        assert_eq!(roots("use super::text;", 1), ["text"]);
        assert_eq!(roots("pub(super) fn f() { super::g() }", 3), [""; 0]);
    }

    #[test]
    fn comments_strings_and_tests_are_not_code() {
        let text = r####"
            //! [`crate::a`] /* // */
            /* use crate::b; /* crate::c */ crate::d */
            pub(crate) fn f<'a>(x: &'a str) -> char { let _ = "crate::e \" crate::f"; '"' }
            const S: &str = r#"crate::g " crate::h"#; const C: [char; 3] = ['\'', 'x', '{'];
            #[cfg(test)]
            mod tests { use crate::i; fn g() { let _ = '}'; crate::j(); } }
            #[cfg(test)]
            mod judge;
            #[cfg(test)]
            use crate::{k, l};
            use crate::m;
        "####;
        assert_eq!(roots(text, 1), ["m"]);
        assert_eq!(Source::new(text).test_modules, ["judge"]);
    }
}
