//! What a token is when it is no word: number, money, date, time, phone, code, e-mail, URL. Hand-written scanners.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Class {
    /// `1,234.50`, `12`, `3½`, `7 %`, `4th`.
    Number,
    /// `£5`, `$1.20`, `10s.`, `20€`.
    Money,
    /// `12/03/1899`, `1899-03-12`.
    Date,
    /// `10:30`, `10:30pm`.
    Time,
    /// `+49-30-1234567`, `(030)1234567`.
    Phone,
    /// `AB-1234`, `B00X12`: capitals and digits.
    Code,
    /// `name@example.org`.
    Email,
    /// `https://example.org/a`, `www.example.org`.
    Url,
}

/// What a token (no white space in it) is, punctuation around it aside; `None` for a word, or for what is misread
/// beyond recognition.
pub fn class_of(token: &str) -> Option<Class> {
    if is_url(core(token)) {
        return Some(Class::Url);
    }
    if is_email(core(token)) {
        return Some(Class::Email);
    }
    let token = token.trim_matches(is_wrapping);
    if !token.chars().any(|c| digit(c).is_some()) {
        return None;
    }
    type Is = fn(&str) -> bool;
    const SCANNERS: [(Is, Class); 7] = [
        (|t| t.starts_with(['+', '(', '＋', '（']) && is_phone(t) || is_grouped_phone(t), Class::Phone),
        (is_money, Class::Money),
        (is_date, Class::Date),
        (is_time, Class::Time),
        (is_number, Class::Number),
        (is_phone, Class::Phone),
        (is_code, Class::Code),
    ];
    // Brackets may belong to a phone number, or stand around anything.
    let is_any = |token: &str| SCANNERS.iter().find(|(is, _)| is(token)).map(|&(_, class)| class);
    is_any(token).or_else(|| is_any(core(token)))
}

/// The value of a digit of the scripts whose digits stand in numbers as ours do; `None` for anything else.
pub(super) fn digit(c: char) -> Option<u32> {
    let zero = match c {
        '0'..='9' => '0',
        '０'..='９' => '０',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6F0}'..='\u{6F9}' => '\u{6F0}',
        _ => return None,
    };
    Some(u32::from(c) - u32::from(zero))
}

/// A token without the punctuation around it.
pub(crate) fn core(token: &str) -> &str {
    token.trim_matches(|c| is_wrapping(c) || matches!(c, '(' | ')'))
}

fn is_wrapping(c: char) -> bool {
    "[]{}<>\"'“”‘’«»,;.:!?".contains(c)
}

fn is_digit(c: char) -> bool {
    digit(c).is_some()
}

pub(super) const CURRENCY: [char; 7] = ['$', '£', '€', '¥', '￥', '¢', '₤'];
/// Old English money and its new fellows, and the marks of yen: what may follow a number and makes it money.
const COINS: [&str; 9] = ["s", "d", "p", "l", "c", "円", "銭", "kr", "fr"];
/// What may follow a number and leaves it a number.
const UNITS: [&str; 29] = [
    "st", "nd", "rd", "th", "%", "°", "lb", "lbs", "oz", "cwt", "ft", "in", "yd", "yds", "mm", "cm", "m",
    "km", "g", "kg", "mg", "ml", "mi", "hp", "cc", "am", "pm", "º", "ª",
];

/// Whether a token is digits and one of the things that are written right behind a number.
pub(super) fn is_measure(token: &str) -> bool {
    let number = token.trim_end_matches(|c: char| !is_digit(c));
    let unit = token.get(number.len()..).unwrap_or("").to_lowercase();
    is_number(number) && (UNITS.contains(&unit.as_str()) || COINS.contains(&unit.as_str()))
}

fn is_money(token: &str) -> bool {
    let bare = token.trim_matches(|c| CURRENCY.contains(&c) || matches!(c, '-' | '/'));
    if bare.len() < token.len() && token.contains(CURRENCY) {
        return is_number(bare);
    }
    let number = token.trim_end_matches(|c: char| !is_digit(c));
    let coin = token.get(number.len()..).unwrap_or("").to_lowercase();
    is_number(number) && COINS.contains(&coin.as_str())
}

/// Digits with single separators between them, maybe a sign before and a unit or fraction behind.
fn is_number(token: &str) -> bool {
    let token = token.trim_start_matches(['+', '-', '−', '±', '#', '№']);
    let number = token.trim_end_matches(['½', '¼', '¾', '⅓', '⅔', '⅛', '%', '‰', '°']);
    let number = number.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = token.get(number.len()..).unwrap_or("").trim_end_matches(['%', '°']).to_lowercase();
    let unit_ok = !unit.contains(|c: char| c.is_ascii_alphabetic()) || UNITS.contains(&unit.as_str());
    let mut before = None;
    let separated = number.chars().all(|c| {
        let fits = is_digit(c)
            || matches!(c, '.' | ',' | '/' | '·' | '\'' | '’' | '-' | '–' | '．' | '，')
                && before.is_some_and(is_digit);
        before = Some(c);
        fits
    });
    unit_ok && separated && before.is_some_and(is_digit)
}

/// Three groups of digits with the same `/`, `-` or `.` between them, one of them of four digits or all of at most two.
fn is_date(token: &str) -> bool {
    ['/', '-', '.', '–'].iter().any(|&mark| {
        let groups: Vec<usize> =
            token.split(mark).map(|g| if g.chars().all(is_digit) { g.chars().count() } else { 0 }).collect();
        let fits = |long: usize| {
            groups.iter().enumerate().all(|(i, &n)| if i == long { n == 4 } else { (1..=2).contains(&n) })
        };
        groups.len() == 3 && (fits(0) || fits(2) || fits(3))
    })
}

fn is_time(token: &str) -> bool {
    let lower = token.to_ascii_lowercase();
    let bare = lower.trim_end_matches("am").trim_end_matches("pm").trim_end_matches('h');
    let groups: Vec<&str> = bare.split(':').collect();
    (2..=3).contains(&groups.len())
        && groups.iter().all(|g| (1..=2).contains(&g.chars().count()) && g.chars().all(is_digit))
}

/// Three groups of digits or more, seven digits or more, that are no thousands: 601.575.3091.
fn is_grouped_phone(token: &str) -> bool {
    let groups: Vec<usize> = token.split(['.', '-', '/']).map(|g| g.chars().count()).collect();
    let thousands = groups.iter().skip(1).all(|&n| n == 3);
    groups.len() >= 3 && groups.iter().sum::<usize>() >= 7 && !thousands && !is_date(token) && is_phone(token)
}

fn is_phone(token: &str) -> bool {
    // An extension: x251.
    let extended = |t: &str| !t.is_empty() && t.chars().all(is_digit);
    let token = token.split_once(['x', 'X']).filter(|(_, e)| extended(e)).map_or(token, |(t, _)| t);
    let digits = token.chars().filter(|&c| is_digit(c)).count();
    let begins = token.starts_with(['+', '(', '＋', '（']) || token.starts_with(is_digit);
    (6..=15).contains(&digits)
        && begins
        && token.chars().all(|c| {
            is_digit(c)
                || matches!(c, '+' | '(' | ')' | '-' | '.' | '/' | '–' | '＋' | '（' | '）' | '－' | 'ー')
        })
}

/// Capitals and digits, with `-`, `/` or `.` between them: a postcode, a product, a sheet number.
fn is_code(token: &str) -> bool {
    let fits = |c: char| is_digit(c) || c.is_uppercase() || matches!(c, '-' | '/' | '.' | '_' | '#');
    token.chars().any(char::is_uppercase) && token.chars().all(fits)
}

pub(super) fn is_email(token: &str) -> bool {
    let Some((name, host)) = token.split_once('@') else { return false };
    let name_ok = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%');
    !name.is_empty() && name.chars().all(name_ok) && is_host(host)
}

pub(super) fn is_url(token: &str) -> bool {
    let lower = token.to_ascii_lowercase();
    let scheme = ["http://", "https://", "ftp://"].iter().find_map(|s| lower.strip_prefix(s));
    if let Some(rest) = scheme {
        return !rest.is_empty();
    }
    let host = lower.split(['/', '?', '#']).next().unwrap_or("");
    let rest_is_path = host.len() < lower.len();
    is_host(host) && (lower.starts_with("www.") || rest_is_path && known_ending(host))
}

/// Labels of letters, digits and hyphens with dots between them, the last of two letters or more.
fn is_host(host: &str) -> bool {
    let host = host.split_once(':').map_or(host, |(h, _)| h);
    let label = |l: &str| !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-');
    host.rsplit_once('.').is_some_and(|(rest, top)| {
        top.chars().count() >= 2 && top.chars().all(char::is_alphabetic) && rest.split('.').all(label)
    })
}

fn known_ending(host: &str) -> bool {
    const ENDINGS: [&str; 12] =
        ["com", "org", "net", "edu", "gov", "info", "io", "uk", "de", "fr", "jp", "pl"];
    host.rsplit('.').next().is_some_and(|top| ENDINGS.contains(&top))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_what_they_look_like() {
        use Class::{Code, Date, Email, Money, Number, Phone, Time, Url};
        for (token, want) in [
            ("12", Some(Number)),
            ("1,234.50", Some(Number)),
            ("(12)", Some(Number)),
            ("-3½", Some(Number)),
            ("7%", Some(Number)),
            ("4th,", Some(Number)),
            ("12lbs.", Some(Number)),
            ("１２", Some(Number)),
            ("1896-97", Some(Number)),
            ("£5", Some(Money)),
            ("$1.20,", Some(Money)),
            ("10s.", Some(Money)),
            ("20€", Some(Money)),
            ("500円", Some(Money)),
            ("12/03/1899", Some(Date)),
            ("1899-03-12", Some(Date)),
            ("12.3.99", Some(Date)),
            ("10:30", Some(Time)),
            ("10:30pm", Some(Time)),
            ("+49-30-1234567", Some(Phone)),
            ("(030)1234567", Some(Phone)),
            ("601.575.3091x251", Some(Phone)),
            ("030-123-4567", Some(Phone)),
            ("12.345.678", Some(Number)),
            ("AB-1234", Some(Code)),
            ("B00X12", Some(Code)),
            ("SW1A", Some(Code)),
            ("name@example.org,", Some(Email)),
            ("<a.b+c@sub.example.co.uk>", Some(Email)),
            ("https://example.org/a?b=1", Some(Url)),
            ("www.example.org.", Some(Url)),
            ("example.com/x", Some(Url)),
            ("word", None),
            ("w1th", None),
            ("end.The", None),
            ("and/or", None),
            ("Mr.", None),
            ("@", None),
            ("a@b", None),
            ("", None),
            ("...", None),
            ("ABC", None),
        ] {
            assert_eq!(class_of(token), want, "{token}");
        }
    }

    #[test]
    fn measures_are_numbers_with_a_unit() {
        for (token, want) in [
            ("1st", true),
            ("10s", true),
            ("5d", true),
            ("3ft", true),
            ("1t", false),
            ("0f", false),
            ("w1th", false),
        ] {
            assert_eq!(is_measure(token), want, "{token}");
        }
    }
}
