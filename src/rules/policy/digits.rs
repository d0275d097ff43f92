//! Digits are never changed into other digits, never put in, never taken out. A letter becomes the digit that it looks
//! like only in a token that looks like a number; a digit becomes a letter only in a token that looks like a word.

use super::super::diff::{Step, steps};
use super::super::mined::token_around;
use super::number_like::{CURRENCY, Class, class_of, core, digit, is_measure};
use super::{Touched, is_kind};
use crate::text::{Span, is_unspaced, units};

/// The reason to refuse `replacement` for the sake of the digits that the edit touches.
pub(crate) fn refuses(text: &str, span: Span, replacement: &str, kind: Option<&str>) -> Option<&'static str> {
    let old = span.of(text);
    let has_digit = |s: &str| s.chars().any(|c| digit(c).is_some());
    // What stands right beside the edit decides whether digits are joined or parted, and whether there is a sum.
    let beside = [text.get(..span.start()), text.get(span.end()..)];
    let near = |s: Option<&str>| s.is_some_and(|s| s.starts_with(is_digit) || s.ends_with(is_digit));
    let sum = old.contains(CURRENCY) || replacement.contains(CURRENCY);
    if !sum && !has_digit(old) && !has_digit(replacement) && !beside.iter().all(|&s| near(s)) {
        return None;
    }
    let Some(steps) = steps(old, replacement) else {
        return Some("a long edit with digits or money in it");
    };
    let look = Look { text, span, replacement, numeric: kind.is_some_and(|kind| is_kind(kind, &NUMERIC)) };
    steps
        .iter()
        .find_map(|step| look.refuses(step))
        .or_else(|| look.regroups(&steps))
        .or_else(|| look.loses_sum(&steps))
}

fn is_digit(c: char) -> bool {
    digit(c).is_some()
}

/// Kinds of fields that hold numbers.
const NUMERIC: [&str; 13] = [
    "phone", "fax", "tel", "mobile", "zip", "postcode", "number", "amount", "price", "total", "date", "time",
    "year",
];

struct Look<'a> {
    text: &'a str,
    span: Span,
    replacement: &'a str,
    numeric: bool,
}

impl Look<'_> {
    fn refuses(&self, step: &Step) -> Option<&'static str> {
        let from = self.span.of(self.text).get(step.observed.clone()).unwrap_or("");
        let to = self.replacement.get(step.intended.clone()).unwrap_or("");
        let value = |s: &str| s.chars().next().and_then(digit);
        match (value(from), value(to)) {
            (None, None) => None,
            (Some(a), Some(b)) if a == b => None,
            (Some(_), Some(_)) => Some("a digit would become another digit"),
            (Some(a), None) => {
                let fits = || self.is_alone(step) || self.completes(step, POSTCODE);
                let word = is_word_like(self.token(step)) || looks_like(to, a) && fits();
                (self.numeric || !word).then_some("a digit of a number would be taken away")
            }
            (None, Some(_)) if from.is_empty() => Some("a digit would be put in"),
            (None, Some(b)) if !looks_like(from, b) => {
                Some("what would become a digit does not look like it")
            }
            (None, Some(_)) => {
                let fits = || self.completes(step, POSTCODE) || self.completes(step, SUM);
                (!self.numeric && !is_number_like(self.unit(step)) && !fits())
                    .then_some("a letter would become a digit outside of a number")
            }
        }
    }

    /// Whether the separators between digits change: 12 15 is not 1215, and 1.5 is not 1,5. Only a phone number's marks
    /// may be exchanged, and where nothing but numbers stand its blanks as well.
    fn regroups(&self, steps: &[Step]) -> Option<&'static str> {
        let old = self.span.of(self.text);
        let touched = Touched::new(self.text, self.span, self.replacement);
        let phone = units(&touched.after).any(|unit| class_of(unit.text) == Some(Class::Phone));
        let groups = |text: &str| {
            text.split(|c| !is_digit(c)).filter(|g| !g.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        if phone && self.numeric && groups(touched.before) == groups(&touched.after) {
            return None;
        }
        steps.iter().find_map(|step| {
            let from = old.get(step.observed.clone()).unwrap_or("");
            let to = self.replacement.get(step.intended.clone()).unwrap_or("");
            let mark = |s: &str| {
                s.is_empty()
                    || s.chars().all(|c| c.is_whitespace() || matches!(c, '.' | ',' | '/' | ':' | '-' | '·'))
            };
            let at = self.span.start();
            let before = self.text.get(..at + step.observed.start).is_some_and(|s| s.ends_with(is_digit));
            let after = self.text.get(at + step.observed.end..).is_some_and(|s| s.starts_with(is_digit));
            let exchanged = phone && [from, to].iter().all(|s| s.contains(['.', ',', '-', '/', ':']));
            let blank = |s: &str| s.is_empty() || s.chars().all(char::is_whitespace);
            // Spaces around a mark that stays are no matter; between two digits they are.
            (!exchanged
                && mark(from)
                && mark(to)
                && before
                && after
                && !(blank(from) && blank(to) && from.is_empty() == to.is_empty()))
            .then_some("digits would be joined, parted, or grouped another way")
        })
    }

    /// Whether the token is a single digit among words: "and 1 said" may be "and I said".
    fn is_alone(&self, step: &Step) -> bool {
        let at = self.span.start();
        let (from, to) = token_around(self.text, at + step.observed.start, at + step.observed.end);
        let before = self.text.get(..from).and_then(|s| s.split_whitespace().next_back());
        let after = self.text.get(to..).and_then(|s| s.split_whitespace().next());
        let word = |t: &str| t.contains(char::is_alphabetic) && !t.contains(is_digit);
        let single = core(self.text.get(from..to).unwrap_or("")).chars().count() == 1;
        single && (before.is_some() || after.is_some()) && before.is_none_or(word) && after.is_none_or(word)
    }

    /// Whether the step makes one part of a pair whole, and the other stands beside it: M6 SWP may be M6 5WP, G7 62W may
    /// be G7 6ZW, and ls. 6d. may be 1s. 6d.
    fn completes(&self, step: &Step, [first, second]: [Part; 2]) -> bool {
        let (start, end) = (self.span.start() + step.observed.start, self.span.start() + step.observed.end);
        let (from, to) = token_around(self.text, start, end);
        let Some((head, tail)) = self.text.get(..from).zip(self.text.get(to..)) else { return false };
        let is = |token: Option<&str>, part: Part| token.is_some_and(|t| part(core(t)));
        is(head.split_whitespace().next_back(), first) && self.adds(second) > 0
            || is(tail.split_whitespace().next(), second) && self.adds(first) > 0
    }

    /// How many more such tokens there would be.
    fn adds(&self, part: Part) -> isize {
        let touched = Touched::new(self.text, self.span, self.replacement);
        let count = |text: &str| text.split_whitespace().filter(|t| part(core(t))).count().cast_signed();
        count(&touched.after) - count(touched.before)
    }

    /// Whether a sum of money is none any more: £47 is not E47 and 3s. 6d. is not 35.6, but £1 6AN may be E1 6AN.
    fn loses_sum(&self, steps: &[Step]) -> Option<&'static str> {
        let priced = |token: &str| token.contains(CURRENCY) && is_sum(token);
        let lost = self.adds(priced) < 0 && !steps.iter().any(|step| self.completes(step, POSTCODE));
        let touched = Touched::new(self.text, self.span, self.replacement);
        let coins = |text: &str| {
            let sums: Vec<bool> = text.split_whitespace().map(|token| is_sum(core(token))).collect();
            sums.windows(2).filter(|pair| **pair == [true, true]).count()
        };
        (lost || coins(&touched.after) < coins(touched.before)).then_some("a sum of money would be none")
    }

    /// The token, as far as no symbol of a script without spaces parts it: 12 of 第12号.
    fn unit(&self, step: &Step) -> &str {
        let at = self.span.start();
        let token = self.token(step);
        let (from, to) = (at + step.observed.start, at + step.observed.end);
        let (start, _) = token_around(self.text, from, to);
        let head = token.get(..from - start).unwrap_or("");
        let tail = token.get(to - start..).unwrap_or("");
        let first =
            head.rfind(is_unspaced).map_or(0, |p| p + head[p..].chars().next().map_or(0, char::len_utf8));
        let last = token.len() - tail.len() + tail.find(is_unspaced).unwrap_or(tail.len());
        token.get(first..last).unwrap_or(token)
    }

    fn token(&self, step: &Step) -> &str {
        let at = self.span.start();
        let (from, to) = token_around(self.text, at + step.observed.start, at + step.observed.end);
        self.text.get(from..to).unwrap_or("")
    }
}

/// Letters that are read for a digit.
fn looks_like(letter: &str, value: u32) -> bool {
    let alike = match value {
        0 => "OoDQUC@°〇○",
        1 => "lIi|!LJ[]/丨",
        2 => "Zz",
        3 => "EB",
        4 => "A",
        5 => "Ss",
        6 => "bG",
        7 => "TY?",
        8 => "B&S",
        _ => "gq",
    };
    letter.chars().next().is_some_and(|c| alike.contains(c))
}

/// Tells a token that is a part of something.
type Part = fn(&str) -> bool;

/// The halves of a British postcode.
const POSTCODE: [Part; 2] = [is_outward, is_inward];
/// Pounds and shillings, or shillings and pence.
const SUM: [Part; 2] = [is_sum, is_sum];

fn is_sum(token: &str) -> bool {
    class_of(token) == Some(Class::Money)
}

/// The first half of a British postcode: a letter or two, a digit, and perhaps a digit or a letter.
fn is_outward(half: &str) -> bool {
    let bytes = half.as_bytes();
    let letters = bytes.iter().take_while(|b| b.is_ascii_uppercase()).count();
    let rest = bytes.get(letters..).unwrap_or_default();
    (1..=2).contains(&letters)
        && rest.first().is_some_and(u8::is_ascii_digit)
        && match rest.get(1..) {
            Some([]) => true,
            Some([last]) => last.is_ascii_digit() || last.is_ascii_uppercase(),
            _ => false,
        }
}

/// The second half: a digit and two letters.
fn is_inward(half: &str) -> bool {
    matches!(half.as_bytes(), [d, a, b] if d.is_ascii_digit() && a.is_ascii_uppercase() && b.is_ascii_uppercase())
}

/// A token that may be a number with letters in it that are digits misread: 1O0, l2,5OO.
fn is_number_like(token: &str) -> bool {
    let token = core(token);
    if class_of(token).is_some_and(|c| matches!(c, Class::Email | Class::Url)) {
        return false;
    }
    // Capitals with digits among them: LDI2 may be LD12.
    if class_of(token) == Some(Class::Code) {
        return true;
    }
    let digits = token.chars().filter(|&c| is_digit(c)).count();
    let unit = token.trim_start_matches(|c: char| !is_ascii_unit(c));
    let bare = if is_measure(token) { token.strip_suffix(unit).unwrap_or(token) } else { token };
    let mut others =
        bare.chars().filter(|c| c.is_alphabetic() || matches!(c, '|' | '!' | '?' | '&' | '[' | ']'));
    let count = others.clone().count();
    let alike = others.all(|c| (0..=9).any(|v| looks_like(c.encode_utf8(&mut [0; 4]), v)));
    let money = bare.contains(CURRENCY);
    alike && if money { count <= 2 * digits.max(1) } else { digits > 0 && count <= 2 * digits }
}

fn is_ascii_unit(c: char) -> bool {
    c.is_ascii_lowercase()
}

/// A token that may be a word with digits in it that are letters misread: w1th, 0f; no measure, no code.
fn is_word_like(token: &str) -> bool {
    let token = core(token);
    let letters = token.chars().filter(|c| c.is_alphabetic()).count();
    let digits = token.chars().filter(|&c| is_digit(c)).count();
    let capitals = token.chars().filter(|c| c.is_uppercase()).count();
    // A code is short, or ends in its digits: H2O, MP3, COVID19.
    let code = capitals == letters
        && (letters < 3 && token.chars().count() > 1 && !token.starts_with(is_digit)
            || token.ends_with(is_digit));
    let class = class_of(token);
    letters > 0
        && letters >= digits
        && !code
        && !is_measure(token)
        && !matches!(
            class,
            Some(
                Class::Number
                    | Class::Money
                    | Class::Time
                    | Class::Date
                    | Class::Phone
                    | Class::Email
                    | Class::Url
            )
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::policy::check;

    #[test]
    fn numbers_stay_what_they_are() {
        check(
            refuses,
            &[
                ("in 1815 he", "in 1813 he", None),
                ("15", "18", None),
                ("5.40", "9.40", None),
                ("on the 5th", "on the 6th", None),
                ("page 12", "page 1", None),
                ("page 12", "page 112", None),
                ("page 7 of", "page of", None),
                ("a 1 2", "a l 2", None),
                ("and 5 more", "and x more", None),
                ("1", "I", None),
                ("12 15", "1215", None),
                ("1215", "12 15", None),
                ("1.500", "1,500", None),
                ("1,500", "1500", None),
                ("the oil", "the 011", None),
                ("Orion", "0rion", None),
                ("第二Orion号", "第二0rion号", None),
                ("AN OLD", "AN 0LD", None),
                ("M6 SWP", "M6 SW9", None),
                ("TO OLD", "T0 OLD", None),
                ("TO OLD", "T0 0LD", None),
                ("SO 12 NYC", "S0 12 NYC", None),
                ("G7 62W", "G7 6XW", None),
                ("page 62W", "page 6ZW", None),
                ("cost 1s", "cost is", None),
                ("for £47 a year", "for E47 a year", None),
                ("at 3s. 6d. each", "at 35.6 each", None),
                ("4s. 6d", "45.6", None),
                ("$5.", "S5.", None),
                ("ls. a day", "1s. a day", None),
                ("lo and 5s.", "10 and 5s.", None),
                ("os. 6d.", "0s. 7d.", None),
                ("the 1st", "the Ist", None),
                ("10d.", "lod.", None),
                ("£10", "£lo", None),
                ("MP3", "MPE", None),
                ("H2O", "HZO", None),
                ("A1", "Al", None),
                ("a1b@example.org", "alb@example.org", None),
                ("lO", "10", None),
                ("1X0", "180", None),
                ("0ne", "one", Some("phone")),
                ("100 000", "100-000", None),
                ("922 309 5648", "9223095648", Some("phone")),
            ],
            &[
                ("w1th", "with", None),
                ("then 1 said", "then I said", None),
                ("1 can do it", "I can do it", None),
                ("1'll go", "I'll go", None),
                ("LDI2 SAW", "LD12 SAW", None),
                ("DE0N SEX", "DE0N 5EX", None),
                ("London £1 6AN", "London E1 6AN", None),
                ("ls. 6d.", "1s. 6d.", None),
                ("£3 los. each", "£3 10s. each", None),
                ("£47,", "£47.", None),
                ("3s. 6d, each", "3s. 6d. each", None),
                ("2s. 6s.", "2s. 6d.", None),
                ("Moray RG62 oBR", "Moray RG62 0BR", None),
                ("GOT 5PZ", "G0T 5PZ", None),
                ("Perth, SO 4NY.", "Perth, S0 4NY.", None),
                ("G7 62W", "G7 6ZW", None),
                ("601,575.3091", "601.575.3091", None),
                ("(880)223.4797x12", "(880)223-4797x12", None),
                ("0f", "of", None),
                ("1ife", "life", None),
                ("W0rId", "World", None),
                ("stop1", "stop!", None),
                ("W1TH", "WITH", None),
                ("1O0", "100", None),
                ("l2,5OO", "12,500", None),
                ("渡辺ビル2O1号", "渡辺ビル201号", None),
                ("電話：03.5263.0564", "電話：03-5263-0564", None),
                ("18S4", "1854", None),
                ("£1O", "£10", None),
                ("£S a year", "£5 a year", None),
                ("O3O", "030", Some("phone")),
                ("+44(@)116", "+44(0)116", Some("phone")),
                ("001-922 309 5648x957", "001-922-309-5648x957", Some("phone")),
                ("571.787:8499", "571.787.8499", None),
                ("lO", "10", Some("total price")),
                ("１２", "12", None),
                ("in 1815 hc", "in 1815 he", None),
                ("in1815", "in 1815", None),
                ("1815.He", "1815. He", None),
                ("12 , 15", "12, 15", None),
                ("12.", "12", None),
                ("tbe", "the", None),
            ],
        );
    }

    #[test]
    fn a_look_alike_is_a_letter_that_looks_so() {
        assert!(looks_like("O", 0) && looks_like("l", 1) && looks_like("S", 5));
        assert!(!looks_like("x", 0) && !looks_like("", 1) && !looks_like("O", 1));
    }
}
