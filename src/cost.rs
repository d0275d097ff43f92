//! Costs in nats, and the one door to `ln` and `exp`.
//!
//! The standard library's transcendental functions may differ by platform; a model learned here must be the
//! same bytes everywhere, so all of them go through `libm`, and only through this file.

use std::cmp::Ordering;
use std::ops::{Add, AddAssign};

/// A negative natural logarithm of a probability: nats, smaller is better, never NaN, totally ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost(f32);

impl Cost {
    /// Certainty: no cost.
    pub const ZERO: Self = Self(0.0);
    /// Impossibility.
    pub const INFINITE: Self = Self(f32::INFINITY);

    /// A cost of `nats`. NaN reads as impossible: a damaged number must not win a ranking.
    pub const fn new(nats: f32) -> Self {
        if nats.is_nan() { Self::INFINITE } else { Self(nats) }
    }

    /// The cost of an event of probability `p`, −ln p.
    pub fn of_probability(p: f64) -> Self {
        Self::new(narrow(-ln(p)))
    }

    /// The cost in nats.
    pub const fn nats(self) -> f32 {
        self.0
    }

    /// exp(−cost).
    pub fn probability(self) -> f64 {
        exp(-f64::from(self.0))
    }
}

impl Eq for Cost {}

impl Ord for Cost {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Cost {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Add for Cost {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.0 + other.0)
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// The nearest `f32`: quantities are computed in `f64` and kept in `f32`.
#[allow(clippy::cast_possible_truncation, reason = "this is the place where precision is given up")]
pub fn narrow(x: f64) -> f32 {
    x as f32
}

/// Natural logarithm, the same bits on every platform.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Natural exponential, the same bits on every platform.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// The logistic function 1 / (1 + exp(−x)).
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_number_loses_every_ranking() {
        assert_eq!(Cost::new(f32::NAN), Cost::INFINITE);
        assert!(Cost::new(3.0) < Cost::new(f32::NAN));
    }

    #[test]
    fn a_half_costs_ln_two() {
        assert!((Cost::of_probability(0.5).nats() - std::f32::consts::LN_2).abs() < 1e-6);
        assert!((Cost::of_probability(0.25).probability() - 0.25).abs() < 1e-6);
    }
}
