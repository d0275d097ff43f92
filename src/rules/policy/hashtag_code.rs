//! Hashtags, mentions and code are left alone: `#amend`, `@amend`, `snake_case`, `call()`, `a::b`, `9f3c2e1`; and `camelCase`, but
//! only with other code near by: a recogniser's stray capitals ("clrLaims", "andThe") look just the same.

use super::number_like::core;
use super::{Touched, is_address_kind};
use crate::text::{Span, tokens};

/// The reason to refuse any edit of a hashtag, a mention, or a piece of code.
pub(crate) fn refuses(text: &str, span: Span, replacement: &str, kind: Option<&str>) -> Option<&'static str> {
    // There what begins with @ is the end of an address, and words are joined by _ in it.
    if kind.is_some_and(is_address_kind) {
        return None;
    }
    let touched = Touched::new(text, span, replacement);
    let after: Vec<&str> = tokens(&touched.after).map(|t| bare(t.text)).collect();
    // What stands in the touched tokens as it did is not changed; punctuation around it does not matter.
    let changed = |token: &&str| !after.contains(token);
    tokens(touched.before).map(|t| bare(t.text)).filter(changed).find_map(|token| {
        let camel = || is_camel(token) && tokens(near(text, span)).any(|t| is_code(bare(t.text)));
        name(token).or_else(|| (is_code(token) || camel()).then_some("a piece of code"))
    })
}

/// The text around an edit, a few hundred bytes of it.
fn near(text: &str, span: Span) -> &str {
    const REACH: usize = 256;
    let far = (0..=span.start().saturating_sub(REACH)).rev().find(|&at| text.is_char_boundary(at));
    let to = (span.end() + REACH..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    text.get(far.unwrap_or(0)..to).unwrap_or("")
}

fn bare(token: &str) -> &str {
    let token = token.trim_end_matches(['.', ',', ';', ':', '!', '?', '"', '”', '’', '\'']);
    if token.ends_with("()") { token } else { core(token) }
}

/// What a token is that begins with the sign of a hashtag or a mention.
fn name(token: &str) -> Option<&'static str> {
    let mut chars = token.chars();
    let what = match chars.next()? {
        '#' | '＃' => "a hashtag",
        '@' | '＠' => "a mention",
        _ => return None,
    };
    let begins = chars.clone().next().is_some_and(|c| c.is_alphabetic() || c == '_');
    let fits = chars.clone().count() >= 2 && chars.all(|c| c.is_alphanumeric() || c == '_');
    (begins && fits).then_some(what)
}

fn is_code(token: &str) -> bool {
    const MARKS: [&str; 7] = ["::", "()", "->", "=>", "==", "&&", "</"];
    !token.contains('@') && is_snake(token)
        || is_hash(token)
        || MARKS.iter().any(|m| token.contains(m)) && token.chars().any(char::is_alphabetic)
}

/// Seven hexadecimal digits or more, small ones, that change from digits to letters and back: a commit's name.
fn is_hash(token: &str) -> bool {
    let hexadecimal = |b: &u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    let bytes = token.as_bytes();
    let turns = bytes.windows(2).filter(|two| two[0].is_ascii_digit() != two[1].is_ascii_digit()).count();
    bytes.len() >= 7 && turns >= 3 && bytes.iter().all(hexadecimal)
}

/// Letters or digits on both sides of an underscore.
fn is_snake(token: &str) -> bool {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    token.match_indices('_').any(|(at, _)| {
        word(token.get(..at).and_then(|s| s.chars().next_back()))
            && word(token.get(at + 1..).and_then(|s| s.trim_start_matches('_').chars().next()))
    })
}

/// Two small letters or more, then a capital and a small letter, nothing but letters and digits.
fn is_camel(token: &str) -> bool {
    let chars: Vec<char> = token.chars().collect();
    let small = chars.iter().take_while(|c| c.is_lowercase()).count();
    small >= 2
        && chars.iter().all(|c| c.is_alphanumeric())
        && chars.get(small).is_some_and(|c| c.is_uppercase())
        && chars.get(small + 1).is_some_and(|c| c.is_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::policy::check;

    #[test]
    fn code_is_left_alone() {
        check(
            refuses,
            &[
                ("#amende", "#amend", None),
                ("see #tbe.", "see #the.", None),
                ("@jonh says", "@john says", None),
                ("#amend", "# amend", None),
                ("max_lenght", "max_length", None),
                ("max_len", "max len", None),
                ("let x = getNane();", "let x = getName();", None),
                ("getNane of max_len", "getName of max_len", None),
                ("std::fmtt", "std::fmt", None),
                ("cal1()", "call()", None),
                ("a->nxet", "a->next", None),
                ("commit 9f3c2e1,", "commit 9321,", None),
            ],
            &[
                ("tbe #amend", "the #amend", None),
                ("andThe", "and The", None),
                ("clrLaims", "claims", None),
                ("a_b@midd1eton.net", "a_b@middleton.net", None),
                ("tbe max_len", "the max_len", None),
                ("wHich", "which", None),
                ("McDona1d", "McDonald", None),
                ("THe", "The", None),
                ("# 5", "#5", None),
                ("@ home", "at home", None),
                ("jo do @example.org", "jo.do@example.org", Some("e-mail")),
                ("kevin _do@example.org", "kevin_do@example.org", Some("email")),
                ("__", "—", None),
                ("#amend .", "#amend.", None),
                ("a_ b", "a b", None),
                ("1ead", "lead", None),
                ("c1eaned", "cleaned", None),
                ("0ccas1on", "occasion", None),
            ],
        );
    }
}
