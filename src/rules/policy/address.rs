//! E-mail addresses and URLs: no space is put in, no case is changed, no mark is lost, and what was one stays one. A misread
//! one may become one, but no space is put in. Only in names of hosts, that know no case (RFC 4343), a capital among small
//! letters may become small: `example.cO.jp`.

use super::number_like::{core, is_email, is_url};
use super::{Touched, is_kind};
use crate::text::{Span, is_unspaced};

/// Whether a field of this kind holds an e-mail address or a URL.
pub(crate) fn is_address_kind(kind: &str) -> bool {
    is_kind(kind, &["email", "mail", "url", "web", "website"])
}

/// The reason to refuse `replacement` for the sake of an address that the edit touches.
pub(crate) fn refuses(
    text: &str,
    span: Span,
    replacement: &str,
    _kind: Option<&str>,
) -> Option<&'static str> {
    let touched = Touched::new(text, span, replacement);
    if !touched.before.contains(['@', '/', '.']) {
        return None;
    }
    // What is behind "www." is the rest of it.
    let apart = touched.before.contains("www. ");
    let joined_up = |text: &str| if apart { text.replace("www. ", "www.") } else { text.to_owned() };
    let parts = |text: &str, is: fn(&str) -> bool| -> Vec<String> {
        let text = joined_up(text);
        let parts = text.split(|c: char| c.is_whitespace() || is_unspaced(c));
        parts.map(core).filter(|part| is(part)).map(str::to_owned).collect()
    };
    let addresses = |text: &str| parts(text, |part| is_email(part) || is_url(part));
    let (before, after) = (addresses(touched.before), addresses(&touched.after));
    let blanks = |s: &str| s.chars().filter(|c| c.is_whitespace()).count();
    let (was, is) = (blanks(touched.before), blanks(&touched.after));
    let (joined, parted) = (is < was, is > was);
    if before.is_empty() {
        let misread = !parts(touched.before, is_misread_url).is_empty();
        return (parted && misread).then_some("a space would be put into an address");
    }
    if after.len() < before.len() {
        // www. and example.org are two, and one in truth.
        let whole = |all: &[String]| all.concat().replace('.', "");
        let one = joined && after.len() == 1 && whole(&after) == whole(&before);
        return (!one).then_some("an address would be none any more");
    }
    let part = |(old, new): (&String, &String)| {
        old != new && (old.starts_with(new.as_str()) || old.ends_with(new.as_str()))
    };
    if parted && before.iter().zip(&after).any(part) {
        return Some("a space would be put into an address");
    }
    before.iter().zip(&after).find_map(|(old, new)| changed(old, new, joined))
}

/// Whether a token that is no URL has the skeleton of one: `hmtps://example.org`, `example.org/work`.
fn is_misread_url(token: &str) -> bool {
    let inner = |mark: char, of: fn(char) -> bool| {
        let parts: Vec<&str> = token.split(mark).collect();
        parts.windows(2).any(|sides| sides[0].ends_with(of) && sides[1].starts_with(of))
    };
    inner('.', char::is_lowercase) && (token.contains("://") || inner('/', char::is_alphanumeric))
}

fn changed(old: &str, new: &str, joined: bool) -> Option<&'static str> {
    if old == new {
        return None;
    }
    if old.to_lowercase() == new.to_lowercase() {
        return (!is_smaller_host(old, new)).then_some("the case of an address would change");
    }
    // Which of . _ - stands in a name is often misread; that there is one is not, and @ : / are the skeleton.
    let marks = |s: &str| s.chars().filter(|c| !c.is_alphanumeric()).count();
    let skeleton =
        |s: &str| s.chars().filter(|c| matches!(c, '@' | ':' | '/' | '?' | '#')).collect::<String>();
    // What is joined to it brings its own.
    let (of_new, of_old) = (skeleton(new), skeleton(old));
    let same = of_new == of_old || joined && (of_new.starts_with(&of_old) || of_new.ends_with(&of_old));
    if marks(new) < marks(old) || !same {
        return Some("an address would lose its marks");
    }
    let foreign = |s: &str| s.chars().filter(|c| !c.is_ascii()).count();
    (foreign(new) > foreign(old)).then_some("a letter that addresses do not have would be put in")
}

/// Whether two addresses that differ in case alone differ in capitals that became small, within the host's name and not at
/// its beginning (whoever writes `Example.org` means it), and most of the name was small before.
fn is_smaller_host(old: &str, new: &str) -> bool {
    let from = old.find("://").map(|at| at + 3).or_else(|| old.find('@').map(|at| at + 1)).unwrap_or(0);
    let rest = old.get(from..).unwrap_or("");
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or("");
    let many = |is: fn(&char) -> bool| host.chars().filter(is).count();
    let inside = from + 1..from + host.len();
    let smaller = |((at, old), new): ((usize, char), char)| {
        old == new || inside.contains(&at) && old.is_uppercase() && !new.is_uppercase()
    };
    many(|c| c.is_lowercase()) > many(|c| c.is_uppercase())
        && old.char_indices().zip(new.chars()).all(smaller)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::policy::check;

    #[test]
    fn addresses_stay_whole() {
        check(
            refuses,
            &[
                ("to jo.doe@example.org now", "to jo. doe@example.org now", None),
                ("jo@example.org", "Jo@example.org", None),
                ("jo@example.org", "jo@example,org", None),
                ("jo_d@example.org", "jod@example.org", None),
                ("www.example.org/a/b", "www.example.org/a-b", None),
                ("jo@example.org", "jo example.org", None),
                ("jo@example.org www.example.com", "jo@example.orgwww.example.org", None),
                ("jo@example.org", "jö@example.org", None),
                ("jo@example.org", "jo＠example.org", None),
                ("mail：jo@example.org", "mail：jo example.org", None),
                ("https://example.org", "https://example.org/", None),
                ("see www.example.org/a", "see www. example.org/a", None),
                ("https://example.org/tbe", "https://example.org/ tbe", None),
                ("https://Example.org", "https://example.org", None),
                ("jo@EXAMPLE.ORG", "jo@Example.org", None),
                ("Jo@example.org", "jo@example.org", None),
                ("www.example.org/A", "www.example.org/a", None),
                ("www.example.org", "www.exaMple.org", None),
                ("Jo@example.cO.jp", "jo@example.co.jp", None),
                ("www.example.org", "www.exampleorg", None),
                ("www. example.org contact", "www.example org contact", None),
                ("hmtps://example.org/work", "https://example org work", None),
                ("hrrps/example.orgMdemo", "Mrs example org Memo", None),
            ],
            &[
                ("jo@exarnple.org", "jo@example.org", None),
                ("mail jo@example.org tbe", "mail jo@example.org the", None),
                ("jo_d@example.org", "jo-d@example.org", None),
                ("jo@example.cO.jP", "jo@example.co.jp", None),
                ("https://www.two-Hills.Co.jp/A", "https://www.two-hills.co.jp/A", None),
                ("www.example.oRG", "www.example.org", None),
                ("jo d@example.org", "jo.d@example.org", None),
                ("jo @example.org", "jo@example.org", None),
                ("https://www. example.org/a", "https://www.example.org/a", None),
                ("hittp:/ example.org/a", "http://example.org/a", None),
                ("https://example.co. org/", "https://example.co.org/", None),
                ("mail : jo@example.org", "mail：jo@example.org", None),
                ("住所tbe jo@example.org", "住所the jo@example.org", None),
                ("(jo@example.org", "(jo@example.org)", None),
                ("the end.The", "the end. The", None),
                ("and/or", "and / or", None),
                ("and/or.The", "and/or. The", None),
                ("hmtps://exarnple.org/work", "https://example.org/work", None),
                ("hrrps/example.org", "https://example.org", None),
                ("www. exarnple.org", "www. example.org", None),
                ("tbe", "the", None),
            ],
        );
    }
}
