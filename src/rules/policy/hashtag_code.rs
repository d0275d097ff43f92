//! Hashtags, mentions and code are left alone: `#amend`, `@amend`, `snake_case`, `camelCase`, `call()`, `a::b`.

use super::Touched;
use super::number_like::core;
use crate::text::{Span, tokens};

/// The reason to refuse any edit of a hashtag, a mention, or a piece of code.
pub(crate) fn refuses(
    text: &str,
    span: Span,
    replacement: &str,
    _kind: Option<&str>,
) -> Option<&'static str> {
    let touched = Touched::new(text, span, replacement);
    let after: Vec<&str> = tokens(&touched.after).map(|t| t.text).collect();
    for token in tokens(touched.before) {
        let Some(reason) = reason(token.text) else { continue };
        // What stands in the touched tokens as it did is not changed; punctuation around it does not matter.
        let stays = |t: &&str| bare(t) == bare(token.text);
        if after.iter().any(stays) {
            continue;
        }
        let hump = is_camel(bare(token.text))
            && is_parted_at_hump(text, span, replacement, touched.start + token.at);
        if !hump {
            return Some(reason);
        }
    }
    None
}

fn bare(token: &str) -> &str {
    let token = token
        .trim_end_matches(|c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '"' | '”' | '’' | '\''));
    if token.ends_with("()") { token } else { core(token) }
}

fn reason(token: &str) -> Option<&'static str> {
    let token = bare(token);
    let named = |sign: char| {
        token.strip_prefix(sign).is_some_and(|name| {
            let mut chars = name.chars();
            chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
                && name.chars().count() >= 2
                && chars.all(|c| c.is_alphanumeric() || c == '_')
        })
    };
    if named('#') || named('＃') {
        return Some("a hashtag");
    }
    if named('@') || named('＠') {
        return Some("a mention");
    }
    (is_snake(token) || is_camel(token) || is_marked(token)).then_some("a piece of code")
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

fn is_marked(token: &str) -> bool {
    const MARKS: [&str; 7] = ["::", "()", "->", "=>", "==", "&&", "</"];
    MARKS.iter().any(|m| token.contains(m)) && token.chars().any(char::is_alphabetic)
}

/// Whether all that happens is a space put before the one capital in the word that begins at `word`: two words that
/// were run together look just like camelCase.
fn is_parted_at_hump(text: &str, span: Span, replacement: &str, word: usize) -> bool {
    let old = span.of(text);
    let (front, back) = super::super::diff::shared_ends(old, replacement);
    let put_in = replacement.get(front..replacement.len() - back).unwrap_or("");
    let at = span.start() + front;
    let capital = text.get(at..).and_then(|s| s.chars().next()).is_some_and(char::is_uppercase);
    let capitals = text
        .get(word..)
        .unwrap_or("")
        .split(char::is_whitespace)
        .next()
        .unwrap_or("")
        .chars()
        .filter(|c| c.is_uppercase());
    front + back == old.len() && put_in == " " && capital && at > word && capitals.count() == 1
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
                ("getNane", "getName", None),
                ("getNameOf", "get NameOf", None),
                ("std::fmtt", "std::fmt", None),
                ("cal1()", "call()", None),
                ("a->nxet", "a->next", None),
            ],
            &[
                ("tbe #amend", "the #amend", None),
                ("andThe", "and The", None),
                ("wHich", "which", None),
                ("McDona1d", "McDonald", None),
                ("THe", "The", None),
                ("# 5", "#5", None),
                ("@ home", "at home", None),
                ("__", "—", None),
                ("#amend .", "#amend.", None),
                ("a_ b", "a b", None),
            ],
        );
    }
}
