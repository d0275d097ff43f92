//! Chance: a stream of numbers for everything that is drawn by itself.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::cost::exp;

/// SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators").
#[derive(Clone, Debug)]
pub(super) struct Random {
    state: u64,
}

impl Random {
    /// The stream that belongs to `what` under `seed`.
    pub(super) fn new(seed: u64, what: &[u8]) -> Self {
        Self { state: xxh3_64_with_seed(what, seed) }
    }

    pub(super) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed(self.state)
    }

    /// A number from 0 to 1, without 1.
    pub(super) fn unit(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.next() >> 11) as f64 * STEP
    }

    /// A number of `0..below`; 0 where there is none.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and a length")]
    pub(super) fn index(&mut self, below: usize) -> usize {
        (self.unit() * below as f64) as usize
    }

    /// A factor of mean 1 and this variance, log-normal: what many small causes make together.
    pub(super) fn factor(&mut self, variance: f64) -> f64 {
        let square = crate::cost::ln(1.0 + variance);
        // The sum of twelve is normal but for tails that no line has.
        let normal: f64 = (0..12).map(|_| self.unit()).sum::<f64>() - 6.0;
        exp(square.sqrt() * normal - square / 2.0)
    }

    /// How often, at least once, something happens that happens `mean` times on average and does not remember
    /// (geometric).
    pub(super) fn times(&mut self, mean: f64, most: usize) -> usize {
        let again = 1.0 - 1.0 / mean.max(1.0);
        1 + (1..most).take_while(|_| self.unit() < again).count()
    }
}

/// The finaliser of SplitMix64: every bit depends on every bit.
pub(super) fn mixed(bits: u64) -> u64 {
    let bits = (bits ^ bits >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let bits = (bits ^ bits >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ bits >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_what_the_paper_draws() {
        // The first numbers of the reference implementation from state 1234567.
        let mut random = Random { state: 1_234_567 };
        let drawn: Vec<u64> = (0..3).map(|_| random.next()).collect();
        assert_eq!(drawn, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn means_are_what_they_should_be() {
        let mut random = Random::new(1, b"");
        let mean = |mut draw: Box<dyn FnMut() -> f64>| (0..20_000).map(|_| draw()).sum::<f64>() / 20_000.0;
        let mut other = random.clone();
        assert!((mean(Box::new(move || random.factor(0.5))) - 1.0).abs() < 0.03);
        assert!((mean(Box::new(move || other.times(3.0, 100) as f64)) - 3.0).abs() < 0.1);
    }
}
