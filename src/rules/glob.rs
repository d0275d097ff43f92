//! The patterns of `protect`: `*` any text, `?` one character, `[a-z0-9]` one of these, `[!a-z]` none of these,
//! `\` takes the next character as it is.
//!
//! A glob and not a regular expression: it is tried on single tokens, people who correct texts can read it, it needs no
//! engine in the library, and it cannot take exponential time (a `*` is only ever tried again from the last one on).

/// A compiled pattern.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Glob(Vec<Piece>);

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Many,
    One,
    Char(char),
    Class { not: bool, ranges: Vec<(char, char)> },
}

impl Glob {
    /// Compiles a pattern, or says what is wrong with it.
    pub(crate) fn parse(pattern: &str) -> Result<Self, &'static str> {
        let mut pieces = Vec::new();
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            pieces.push(match c {
                '*' if pieces.last() == Some(&Piece::Many) => continue,
                '*' => Piece::Many,
                '?' => Piece::One,
                '\\' => {
                    Piece::Char(chars.next().ok_or("a backslash at the end stands for nothing: double it")?)
                }
                '[' => class(&mut chars)?,
                c => Piece::Char(c),
            });
        }
        if pieces.iter().all(|p| *p == Piece::Many) {
            return Err("the pattern fits everything, so nothing would be corrected: name what to protect");
        }
        Ok(Self(pieces))
    }

    /// Whether the whole of `text` fits.
    pub(crate) fn fits(&self, text: &str) -> bool {
        let mut rest = text;
        let mut at = 0;
        // Where to go on when the text since the last `*` does not fit: one character later.
        let mut retry: Option<(usize, &str)> = None;
        loop {
            let mut next = rest.chars();
            match (self.0.get(at), next.next()) {
                (None, None) => return true,
                (Some(Piece::Many), _) => {
                    at += 1;
                    retry = Some((at, rest));
                    continue;
                }
                (Some(piece), Some(c)) if piece.takes(c) => {
                    at += 1;
                    rest = next.as_str();
                    continue;
                }
                _ => {}
            }
            let Some((star, from)) = retry else { return false };
            let mut later = from.chars();
            if later.next().is_none() {
                return false;
            }
            (at, rest) = (star, later.as_str());
            retry = Some((star, rest));
        }
    }
}

impl Piece {
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Many => false,
            Self::One => true,
            Self::Char(own) => *own == c,
            Self::Class { not, ranges } => ranges.iter().any(|&(a, b)| a <= c && c <= b) != *not,
        }
    }
}

fn class(chars: &mut std::str::Chars<'_>) -> Result<Piece, &'static str> {
    const OPEN: &str = "a [ without its ]: close the class, or write \\[ for the bracket itself";
    let mut not = false;
    let mut ranges: Vec<(char, char)> = Vec::new();
    let mut first = true;
    loop {
        let c = match chars.next().ok_or(OPEN)? {
            '!' | '^' if first && !not => {
                not = true;
                continue;
            }
            ']' if !first => return Ok(Piece::Class { not, ranges }),
            ']' => return Err("a class [] with nothing in it fits nothing: write what it may hold"),
            '\\' => chars.next().ok_or(OPEN)?,
            c => c,
        };
        first = false;
        let mut ahead = chars.clone();
        let to = match (ahead.next(), ahead.next()) {
            (Some('-'), Some(to)) if to != ']' => {
                *chars = ahead;
                to
            }
            _ => c,
        };
        if to < c {
            return Err("a range that runs backwards fits nothing: write the lower character first");
        }
        ranges.push((c, to));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_what_they_should() {
        for (pattern, text, want) in [
            ("AB-[0-9][0-9]", "AB-12", true),
            ("AB-[0-9][0-9]", "AB-1x", false),
            ("AB-*", "AB-", true),
            ("*.rs", "main.rs", true),
            ("*.rs", "main.rs.bak", false),
            ("a*b*c", "axxbxbyc", true),
            ("a*b*c", "axxbxby", false),
            ("?", "é", true),
            ("?", "", false),
            ("[!a-z]x", "Ax", true),
            ("[!a-z]x", "ax", false),
            ("\\*x", "*x", true),
            ("\\*x", "ax", false),
            ("[a-]", "-", true),
            ("[\\]]", "]", true),
            ("名*", "名古屋", true),
        ] {
            assert_eq!(Glob::parse(pattern).unwrap().fits(text), want, "{pattern} on {text}");
        }
    }

    #[test]
    fn wrong_patterns_say_so() {
        for pattern in ["*", "", "[a", "[]", "x\\", "[z-a]"] {
            assert!(Glob::parse(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        let glob = Glob::parse(&"a*".repeat(40)).unwrap();
        assert!(!glob.fits(&format!("{}b", "a".repeat(30))));
    }
}
