//! Where misreadings fall: between which neighbours oftener, between which more rarely.

use std::collections::BTreeMap;
use std::f64::consts::LN_2;

use serde::{Deserialize, Serialize};

use super::shape::{Form, SIDES, Shapes, Sides};
use crate::cost::{exp, ln};
use crate::counts::Segment;

/// How much oftener than on average something happens between neighbours of each pair of shapes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lean(
    /// Of each [`Sides`] b: 2^((b − 128) / 16) times.
    Vec<u8>,
);

const EVEN: f64 = 128.0;
const STEPS: f64 = 16.0;

impl Lean {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte first")]
    fn new(factors: &[f64; SIDES]) -> Self {
        let byte = |&factor: &f64| (EVEN + STEPS * ln(factor) / LN_2).round().clamp(0.0, 255.0) as u8;
        Self(factors.iter().map(byte).collect())
    }

    /// The factors; 1 where nothing is known.
    pub(crate) fn factors(&self) -> [f64; SIDES] {
        std::array::from_fn(|at| self.0.get(at).map_or(1.0, |&b| exp((f64::from(b) - EVEN) / STEPS * LN_2)))
    }
}

/// Counts of sides: of everything that could be misread, and of everything that was. Segments of one symbol or none.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    stood: BTreeMap<(Segment, Sides), u32>,
    misread: BTreeMap<(Segment, Segment), BTreeMap<Sides, u32>>,
}

/// What leans: misreadings by the forms of both sides (observed, intended), and frequent ones each by itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Leans {
    pub(super) forms: Vec<(Form, Form, Lean)>,
    pub(super) own: Vec<(Segment, Segment, Lean)>,
}

/// Forms seen less often than this, and misreadings, tell nothing of where they fall.
const LEAST_OF_FORM: f64 = 8.0;
const LEAST_OWN: f64 = 24.0;
/// Misreadings counted beforehand as they fall anyway.
const AS_IF: f64 = 4.0;

impl Places {
    pub(super) fn stood(&mut self, what: Segment, sides: Sides) {
        *self.stood.entry((what, sides)).or_default() += 1;
    }

    pub(super) fn misread(&mut self, observed: Segment, intended: Segment, sides: Sides) {
        *self.misread.entry((observed, intended)).or_default().entry(sides).or_default() += 1;
    }

    pub(super) fn add(&mut self, other: Self) {
        for (key, n) in other.stood {
            *self.stood.entry(key).or_default() += n;
        }
        for (key, sides) in other.misread {
            let own = self.misread.entry(key).or_default();
            for (sides, n) in sides {
                *own.entry(sides).or_default() += n;
            }
        }
    }

    /// What was misread where, beside where that stood.
    pub(super) fn leans(&self, shapes: &Shapes) -> Leans {
        let mut usual: BTreeMap<Segment, [f64; SIDES]> = BTreeMap::new();
        for (&(what, sides), &n) in &self.stood {
            usual.entry(what).or_insert([0.0; SIDES])[usize::from(sides)] += f64::from(n);
        }
        for shares in usual.values_mut() {
            let sum: f64 = shares.iter().sum();
            shares.iter_mut().for_each(|share| *share /= sum);
        }
        let form = |observed, intended| (shapes.form(observed), shapes.form(intended));
        // Of each form what was found, and what would be found if each symbol were misread where it stands.
        let mut sums: BTreeMap<(Form, Form), [[f64; SIDES]; 2]> = BTreeMap::new();
        for (&(observed, intended), sides) in &self.misread {
            let Some(usual) = usual.get(&intended) else { continue };
            let found = dense(sides);
            let n: f64 = found.iter().sum();
            let sums = sums.entry(form(observed, intended)).or_insert([[0.0; SIDES]; 2]);
            for at in 0..SIDES {
                sums[0][at] += found[at];
                sums[1][at] += n * usual[at];
            }
        }
        let mut of_form: BTreeMap<(Form, Form), [f64; SIDES]> = BTreeMap::new();
        for (form, [found, expected]) in sums {
            let n: f64 = found.iter().sum();
            if n >= LEAST_OF_FORM {
                of_form.insert(form, lean(&found, &expected.map(|e| e / n), &[1.0; SIDES]));
            }
        }
        let own = self.misread.iter().filter_map(|(&(observed, intended), sides)| {
            let found = dense(sides);
            let before = of_form.get(&form(observed, intended))?;
            let usual = usual.get(&intended).filter(|_| found.iter().sum::<f64>() >= LEAST_OWN)?;
            Some((observed, intended, Lean::new(&lean(&found, usual, before))))
        });
        let own = own.collect();
        let forms = of_form.iter().map(|(form, factors)| (form.0, form.1, Lean::new(factors))).collect();
        Leans { forms, own }
    }
}

fn dense(sides: &BTreeMap<Sides, u32>) -> [f64; SIDES] {
    let mut found = [0.0; SIDES];
    sides.iter().for_each(|(&at, &n)| found[usize::from(at)] += f64::from(n));
    found
}

/// Factors from what was found at each sides, where `usual` is the share of each, and before it was `before`. Their
/// mean, weighed by the usual shares, stays what it was.
fn lean(found: &[f64; SIDES], usual: &[f64; SIDES], before: &[f64; SIDES]) -> [f64; SIDES] {
    let all: f64 = found.iter().sum();
    std::array::from_fn(|at| {
        let beside = if usual[at] > 0.0 { found[at] / usual[at] } else { all };
        (beside + AS_IF * before[at]) / (all + AS_IF)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counts::Alphabet;

    #[test]
    fn what_falls_between_letters_only_leans_there() {
        let seen = "ab ".chars().map(|c| (c.to_string().into_boxed_str(), 1)).collect();
        let alphabet = Alphabet::from_counts(&seen, 1);
        let shapes = Shapes::new(&alphabet);
        let line = ["a", "b", " ", "a"].map(|g| alphabet.symbol(g));
        let nothing = Segment::default();
        let space = Segment::new(&[alphabet.symbol(" ")]).unwrap();
        let [inside, before] = [1, 2].map(|at| shapes.sides(&line, at, at));
        let mut places = Places::default();
        (0..30).for_each(|_| places.stood(nothing, inside));
        (0..10).for_each(|_| places.stood(nothing, before));
        (0..28).for_each(|_| places.misread(space, nothing, inside));
        let leans = places.leans(&shapes);
        // 28 of 28 where 3/4 stand, 4 as usual: (28 · 4/3 + 4) / 32; then again from there.
        let form = [(28.0 * 4.0 / 3.0 + 4.0) / 32.0, 4.0 / 32.0];
        let own = [(28.0 * 4.0 / 3.0 + 4.0 * form[0]) / 32.0, 4.0 * form[1] / 32.0];
        let near = |lean: &Lean, want: [f64; 2]| {
            let factors = lean.factors();
            for (sides, want) in [inside, before].into_iter().zip(want) {
                let factor = factors[usize::from(sides)];
                // A step is 4.4 %.
                assert!((factor / want - 1.0).abs() < 0.023, "{factor} for {want}");
            }
        };
        near(&leans.forms[0].2, form);
        near(&leans.own[0].2, own);
        assert_eq!((leans.forms.len(), leans.own.len()), (1, 1));
        assert!((0.75 * own[0] + 0.25 * own[1] - 1.0).abs() < 1e-9, "the mean is 1");
        assert_eq!(Lean::default().factors(), [1.0; SIDES]);
    }
}
