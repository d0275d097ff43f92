//! What a card says twice: the domain of an address is its web site's too, and its company's name in small letters; what
//! stands before the @ is made of its bearer's.
//!
//! So a piece of an address that no other line says, but for a letter or two, is likely misread there.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::corpus::Line;
use crate::counts::{Alphabet, Segment};
use crate::decode::{Change, Observed, RawEdit};
use crate::rules::policy::is_address_kind;
use crate::rules::{Step, steps};
use crate::text::units;

/// Lines, so far from an address its card's other lines are looked for.
const REACH: usize = 16;
/// Characters of the shortest piece that says anything.
const SHORTEST: usize = 4;
/// Words of a line that an address may be made of.
const WORDS: usize = 4;
/// A piece may be misread in one character of so many.
const MISREAD: usize = 3;
/// Bytes of the longest line that is listened to: fields are short, and each change of a line reads it anew.
const LONGEST: usize = 512;
/// Lines beyond which one more that says the same tells no more.
const ENOUGH: usize = 3;

/// What the lines of a document around its addresses say. Empty where it has none.
#[derive(Clone, Debug, Default)]
pub struct Echoes {
    lines: BTreeMap<usize, Said>,
}

/// What a line says, as it was observed and as it was read.
#[derive(Clone, Debug, Default)]
struct Said {
    is_address: bool,
    /// Each few words of it, in small letters and without anything between.
    sayings: BTreeSet<String>,
    /// Of an address its pieces, in small letters.
    pieces: BTreeSet<String>,
}

impl Echoes {
    /// Of a document, as it was observed and as `reading` has each of its lines. O(length) around its addresses.
    pub fn of(lines: &[Line<'_>], reading: impl Fn(usize) -> String) -> Self {
        let mut found: BTreeMap<usize, Said> = BTreeMap::new();
        for at in (0..lines.len()).filter(|&at| lines.get(at).is_some_and(is_address)) {
            let short = |near: &usize| lines.get(*near).is_some_and(|line| line.text.len() <= LONGEST);
            for near in around(at).take_while(|&near| near < lines.len()).filter(short) {
                found.entry(near).or_default();
            }
            found.entry(at).or_default().is_address = true;
        }
        for (&at, said) in &mut found {
            let Some(line) = lines.get(at) else { continue };
            let reading = reading(at);
            for text in [line.text, &reading] {
                said.sayings.extend(sayings(text));
                if said.is_address {
                    said.pieces.extend(pieces(text).map(|(_, piece)| piece));
                }
            }
        }
        Self { lines: found }
    }

    /// Whether it is known what other lines say to the line `at`.
    pub(super) fn reaches(&self, at: usize) -> bool {
        self.lines.contains_key(&at)
    }

    /// The lines that are addresses.
    pub(super) fn addresses(&self) -> impl Iterator<Item = usize> + use<'_> {
        self.lines.iter().filter(|(_, said)| said.is_address).map(|(&at, _)| at)
    }

    /// How often other lines agree with the line `at` of the document, if it were `text`: those that say the pieces of an
    /// address, and the addresses that say any other line. NaN where none of it is told, there being no address near.
    pub fn agreement(&self, at: usize, text: &str) -> f32 {
        let Some(own) = self.lines.get(&at) else { return f32::NAN };
        let agree =
            |says: &dyn Fn(&Said) -> bool| self.others(at).filter(|said| says(said)).count().min(ENOUGH);
        let sum: usize = if own.is_address {
            pieces(text).map(|(_, piece)| agree(&|said| said.sayings.contains(&piece))).sum()
        } else {
            sayings(text).iter().map(|saying| agree(&|said| said.pieces.contains(saying))).sum()
        };
        sum as f32
    }

    /// What `text`, of the address on line `at`, would be if its pieces were what other lines say; `None` if nothing else.
    /// Words that are `known` do not become others that are not. `heard` is what [`Echoes::heard`] tells of that line.
    pub(super) fn mended(
        heard: &BTreeSet<(bool, &str)>,
        text: &str,
        known: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let mend = |(piece, own): (Range<usize>, String)| {
            let most = own.chars().count() / MISREAD;
            let apart = |saying: &str| {
                let longer = saying.chars().count().abs_diff(own.chars().count());
                if longer > most { None } else { steps(&own, saying).map(|steps| steps.len()) }
            };
            let far = heard.iter().filter_map(|&(again, saying)| Some((apart(saying)?, again, saying)));
            let (apart, _, said) = far.min()?;
            (0 < apart && apart <= most && (known(said) || !known(&own))).then_some((piece, said))
        };
        let mended: Vec<(Range<usize>, &str)> = pieces(text).filter_map(mend).collect();
        let mut out = text.to_owned();
        for (piece, said) in mended.iter().rev() {
            out.replace_range(piece.clone(), said);
        }
        (!mended.is_empty()).then_some(out)
    }

    /// What the lines near the line `at` say, and whether an address says it: a company says it better than another address,
    /// that may be misread as well.
    pub(super) fn heard(&self, at: usize) -> BTreeSet<(bool, &str)> {
        let each = self.others(at).flat_map(|said| said.sayings.iter().map(move |saying| (said, saying)));
        each.map(|(said, saying)| (said.is_address, saying.as_str())).collect()
    }

    /// What the lines near the line `at` say.
    fn others(&self, at: usize) -> impl Iterator<Item = &Said> {
        self.lines.range(around(at)).filter(move |&(&line, _)| line != at).map(|(_, said)| said)
    }
}

/// The change of the observed symbols `at` into `intended`, letter by letter; `None` where that is no change, or the
/// alphabet lacks a letter.
pub(super) fn change(
    alphabet: &Alphabet,
    text: &str,
    observed: &Observed,
    at: Range<usize>,
    intended: &str,
) -> Option<Change> {
    let byte = |at: usize| observed.at_byte.get(at).copied();
    let start = byte(at.start)?;
    let symbol = |byte: usize| observed.at_byte.partition_point(|&own| own < start + byte);
    let edit = |step: Step| {
        let mut symbols = Vec::new();
        alphabet.encode(intended.get(step.intended)?, &mut symbols);
        let known = !symbols.contains(&Alphabet::UNKNOWN);
        let at = symbol(step.observed.start)..symbol(step.observed.end);
        Some(RawEdit { at, intended: Segment::new(&symbols).filter(|_| known)? })
    };
    let steps = steps(text.get(start..byte(at.end)?)?, intended)?;
    let steps = steps.into_iter().map(edit).collect::<Option<Vec<_>>>()?;
    (!steps.is_empty()).then_some(Change { at, steps })
}

/// The lines near a line, itself among them.
fn around(at: usize) -> Range<usize> {
    at.saturating_sub(REACH)..at + REACH + 1
}

/// Whether a line is, or holds, an e-mail address or a URL, as far as one can see.
fn is_address(line: &Line<'_>) -> bool {
    let mail = |token: &str| {
        token.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
    };
    let looks = |token: &str| mail(token) || token.starts_with("www.") || token.contains("://");
    line.text.len() <= LONGEST
        && (line.kind.is_some_and(is_address_kind) || units(line.text).any(|unit| looks(unit.text)))
}

/// The runs of letters and digits of a text that are long enough to say anything: where, and in small letters.
fn pieces(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    runs(text).filter(|(_, run)| run.chars().count() >= SHORTEST)
}

/// The runs of letters and digits of a text: where, and in small letters.
fn runs(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text.get(at..)?.find(char::is_alphanumeric)?;
        let rest = text.get(start..)?;
        let run = rest.get(..rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len()))?;
        at = start + run.len();
        Some((start..at, run.to_lowercase()))
    })
}

/// What a text says to an address: each few words of it in one, the first perhaps by its initial alone.
fn sayings(text: &str) -> BTreeSet<String> {
    let words: Vec<String> = runs(text).map(|(_, word)| word).collect();
    let mut all = BTreeSet::new();
    for (from, first) in words.iter().enumerate() {
        let mut whole = first.clone();
        let mut initial: String = first.chars().take(1).collect();
        all.insert(whole.clone());
        for word in words.iter().skip(from + 1).take(WORDS - 1) {
            whole.push_str(word);
            initial.push_str(word);
            all.extend([whole.clone(), initial.clone()]);
        }
    }
    all.retain(|saying| saying.chars().count() >= SHORTEST);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: [&str; 5] = [
        "Northern & Hale Consulting Ltd.",
        "Sara T. Howard",
        "sara.howard@northernhaleconsulting.example",
        "https://www.northernhaleconsu1ting.example/en",
        "12 Mill Lane",
    ];

    fn echoes(texts: &[&str]) -> Echoes {
        let lines: Vec<Line<'_>> = texts.iter().map(|text| Line::new(text)).collect();
        Echoes::of(&lines, |at| texts[at].to_owned())
    }

    #[test]
    fn addresses_are_seen_or_told_by_their_kind() {
        let cases = [
            ("E: jo@firm.example", None, true),
            ("www.firm.example", None, true),
            ("see http://firm", None, true),
            ("jo firm example", Some("e-mail"), true),
            ("jo firm example", Some("name"), false),
            ("sold 12 @ 5s. 6d.", None, false),
            ("@jo said", None, false),
        ];
        for (text, kind, want) in cases {
            assert_eq!(is_address(&Line { kind, ..Line::new(text) }), want, "{text}");
        }
    }

    #[test]
    fn few_words_in_one_say_something() {
        let said = |text: &str| sayings(text).into_iter().collect::<Vec<_>>();
        assert_eq!(said("Jo B. Lee"), ["blee", "jblee", "joblee"].map(String::from));
        assert_eq!(
            said("Ann Lee-Ray"),
            ["alee", "aleeray", "annlee", "annleeray", "leeray", "lray"].map(String::from)
        );
        assert_eq!(said("a b"), [""; 0].map(String::from));
        assert!(!said("one two three four five").contains(&"onetwothreefourfive".to_owned()));
    }

    #[test]
    fn a_piece_that_nobody_says_becomes_what_somebody_does() {
        let card = echoes(&CARD);
        let cases = [
            (2, "sara.howard@northernhaleconsulting.example", None),
            (
                2,
                "Sara.Hovvard@northemhaleconsulting.example",
                Some("Sara.howard@northernhaleconsulting.example"),
            ),
            (2, "info@firm.example", None),
            (3, "www.northernhaleconsu1ting.example", Some("www.northernhaleconsulting.example")),
            (3, "", None),
        ];
        for (at, text, want) in cases {
            assert_eq!(Echoes::mended(&card.heard(at), text, |_| false).as_deref(), want, "{text}");
        }
        let mended = |known: &str| Echoes::mended(&card.heard(2), "sarah@firm.example", |word| word == known);
        assert_eq!(mended("sara").as_deref(), Some("sara@firm.example"));
        assert_eq!(mended("sarah"), None, "a word stays one");
    }

    #[test]
    fn lines_agree_where_they_say_the_same() {
        let card = echoes(&CARD);
        assert_eq!(card.agreement(2, CARD[2]), 4.0, "sara, howard, the firm on its own line, and example");
        assert_eq!(card.agreement(3, CARD[3]), 1.0, "example");
        assert_eq!(card.agreement(3, &CARD[3].replace('1', "l")), 3.0);
        assert_eq!(card.agreement(0, CARD[0]), 1.0);
        assert_eq!(card.agreement(0, "Northern & Hall Consulting Ltd."), 0.0);
        assert_eq!(card.agreement(4, CARD[4]), 0.0);
        assert!(echoes(&["no address", "here"]).agreement(0, "no address").is_nan());
        let far: Vec<&str> = CARD.iter().copied().chain(vec!["and so on"; REACH]).collect();
        let far = echoes(&far);
        assert_eq!(far.addresses().collect::<Vec<_>>(), [2, 3]);
        assert!(far.agreement(3 + REACH, "x").is_finite() && far.agreement(4 + REACH, "x").is_nan());
    }

    #[test]
    fn a_change_is_made_letter_by_letter() {
        let text = "E: jo@nortbern.example";
        let alphabet = crate::counts::Alphabet::from_graphemes(
            "E: jo@nrtbehxampl.".chars().map(|c| c.to_string().into()),
        );
        let mut observed = Observed::default();
        observed.read(text, &alphabet);
        let made = |intended| change(&alphabet, text, &observed, 3..22, intended);
        let found = made("jo@northern.example").unwrap();
        assert_eq!((found.steps.len(), found.steps[0].at.clone()), (1, 10..11));
        assert_eq!(alphabet.decode(&found.intended(&observed.symbols)), "jo@northern.example");
        assert_eq!(made("jo@nortbern.example"), None, "nothing changes");
        assert_eq!(made("jo@nortzern.example"), None, "nobody knows z");
    }
}
