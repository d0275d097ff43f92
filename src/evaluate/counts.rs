//! The counts of one row, from which every figure is made.

use hashbrown::HashMap;

use super::levenshtein::{Alignment, align, distance};
use crate::text::{is_unspaced, units};

/// What happened to one row, or, added up, to many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Code points of the intended text.
    pub characters: u64,
    /// Levenshtein distance over code points from the observed text to the intended one.
    pub errors_before: u64,
    /// The same from the output.
    pub errors_after: u64,
    /// White-space separated words of the intended text.
    pub words: u64,
    /// Levenshtein distance over words from the observed text to the intended one.
    pub word_errors_before: u64,
    /// The same from the output.
    pub word_errors_after: u64,
    /// Intended words that the observed text has right (aligned as equal).
    pub right: u64,
    /// Of those, the ones that the output lacks: harm.
    pub broken: u64,
    /// Intended words that the observed text has not.
    pub wrong: u64,
    /// Of those, the ones that the output has: repair.
    pub mended: u64,
    /// Intended words where each grapheme of a script without spaces is one: harm to a line of Japanese is not harm to one
    /// word.
    pub units: u64,
    /// Of those, the ones that the observed text has right,
    pub right_units: u64,
    /// and of those the ones that the output lacks.
    pub broken_units: u64,
    /// Words of the observed text that no intended word stands against.
    pub surplus_before: u64,
    /// The same of the output.
    pub surplus_after: u64,
    /// Rows observed as intended.
    pub exact_before: u64,
    /// Rows put out as intended.
    pub exact_after: u64,
    /// Rows with more errors than before.
    pub worse: u64,
    /// Rows with fewer.
    pub better: u64,
    /// Rows observed as intended that were put out otherwise.
    pub clean_broken: u64,
    /// Rows put out other than observed.
    pub changed: u64,
}

impl Counts {
    /// The counts of one row.
    ///
    /// ```
    /// use amend::evaluate::Counts;
    /// let counts = Counts::of("tbe cat sat", "the cat sat", "the cot sat");
    /// assert_eq!((counts.mended, counts.broken, counts.right), (1, 1, 2));
    /// ```
    pub fn of(observed: &str, intended: &str, output: &str) -> Self {
        let own = Self::by(whole, observed, intended, output);
        if ![observed, intended, output].iter().any(|text| text.contains(is_unspaced)) {
            return own;
        }
        let Self { units, right_units, broken_units, .. } = Self::by_units(observed, intended, output);
        Self { units, right_units, broken_units, ..own }
    }

    /// The same where a grapheme of a script without spaces counts as a word.
    pub(crate) fn by_units(observed: &str, intended: &str, output: &str) -> Self {
        Self::by(|text| units(text).map(|unit| unit.text).collect(), observed, intended, output)
    }

    fn by(words: fn(&str) -> Vec<&str>, observed: &str, intended: &str, output: &str) -> Self {
        let changed = output != observed;
        let (o, i) = (code_points(observed), code_points(intended));
        let errors_before = distance(&o, &i);
        let errors_after = if changed { distance(&code_points(output), &i) } else { errors_before };

        let mut numbers = HashMap::new();
        let [o, i, c] = [observed, intended, output].map(|text| numbered(words(text), &mut numbers));
        let before = align(&o, &i);
        let after = if c == o { before.clone() } else { align(&c, &i) };
        let right = held(&before, i.len());
        let kept = held(&after, i.len());
        let both = |was: bool, is: bool| {
            count(right.iter().zip(&kept).filter(|(r, k)| **r == was && **k == is).count())
        };
        // Distance = substituted + surplus + missing; intended − equal = substituted + missing.
        let surplus = |alignment: &Alignment| count(alignment.distance + alignment.equal.len() - i.len());
        let broken = both(true, false);
        let all_right = both(true, true) + broken;
        Self {
            characters: count(intended.chars().count()),
            errors_before: count(errors_before),
            errors_after: count(errors_after),
            words: count(i.len()),
            word_errors_before: count(before.distance),
            word_errors_after: count(after.distance),
            right: all_right,
            broken,
            wrong: both(false, true) + both(false, false),
            mended: both(false, true),
            units: count(i.len()),
            right_units: all_right,
            broken_units: broken,
            surplus_before: surplus(&before),
            surplus_after: surplus(&after),
            exact_before: u64::from(observed == intended),
            exact_after: u64::from(output == intended),
            worse: u64::from(errors_after > errors_before),
            better: u64::from(errors_after < errors_before),
            clean_broken: u64::from(observed == intended && output != intended),
            changed: u64::from(changed),
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.characters += other.characters;
        self.errors_before += other.errors_before;
        self.errors_after += other.errors_after;
        self.words += other.words;
        self.word_errors_before += other.word_errors_before;
        self.word_errors_after += other.word_errors_after;
        self.right += other.right;
        self.broken += other.broken;
        self.wrong += other.wrong;
        self.mended += other.mended;
        self.units += other.units;
        self.right_units += other.right_units;
        self.broken_units += other.broken_units;
        self.surplus_before += other.surplus_before;
        self.surplus_after += other.surplus_after;
        self.exact_before += other.exact_before;
        self.exact_after += other.exact_after;
        self.worse += other.worse;
        self.better += other.better;
        self.clean_broken += other.clean_broken;
        self.changed += other.changed;
    }
}

/// Levenshtein distance over code points.
pub(crate) fn errors(observed: &str, intended: &str) -> u64 {
    count(distance(&code_points(observed), &code_points(intended)))
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn code_points(text: &str) -> Vec<u32> {
    text.chars().map(u32::from).collect()
}

/// The words of a text.
fn whole(text: &str) -> Vec<&str> {
    text.split(is_space).filter(|word| !word.is_empty()).collect()
}

/// Words as numbers, equal for equal words.
fn numbered<'a>(words: Vec<&'a str>, numbers: &mut HashMap<&'a str, u32>) -> Vec<u32> {
    let mut number = |word| {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        *numbers.entry(word).or_insert(next)
    };
    words.into_iter().map(&mut number).collect()
}

/// What `str.split` of Python takes for white space: Unicode's, and the four separators of ASCII.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// For each intended word, whether the text has it.
fn held(alignment: &Alignment, words: usize) -> Vec<bool> {
    let mut held = vec![false; words];
    alignment.equal.iter().for_each(|(_, j)| held[*j] = true);
    held
}
