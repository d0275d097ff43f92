//! The pseudo-random numbers of Python's `random.Random`: MT19937 (Matsumoto & Nishimura 1998).

const SIZE: usize = 624;
const SHIFT: usize = 397;

pub(super) struct Twister {
    state: [u32; SIZE],
    at: usize,
}

impl Twister {
    /// The generator that Python makes of a non-negative integer (their `init_by_array`).
    pub(super) fn new(seed: u64) -> Self {
        let (low, high) = (seed & u64::from(u32::MAX), seed >> 32);
        let key: Vec<u32> = [low, high].into_iter().filter_map(|part| u32::try_from(part).ok()).collect();
        let key = if high == 0 { &key[..1] } else { &key[..] };
        let mut state = [0_u32; SIZE];
        state[0] = 19_650_218;
        for k in 1..SIZE {
            let step = mixed(state[k - 1]).wrapping_mul(1_812_433_253);
            state[k] = step.wrapping_add(number(k));
        }
        let mut k = 1;
        let wrap = |state: &mut [u32; SIZE], k: usize| {
            if k < SIZE {
                return k;
            }
            state[0] = state[SIZE - 1];
            1
        };
        for round in 0..SIZE.max(key.len()) {
            let part = round % key.len();
            let step = state[k] ^ mixed(state[k - 1]).wrapping_mul(1_664_525);
            state[k] = step.wrapping_add(key[part]).wrapping_add(number(part));
            k = wrap(&mut state, k + 1);
        }
        for _ in 1..SIZE {
            let step = state[k] ^ mixed(state[k - 1]).wrapping_mul(1_566_083_941);
            state[k] = step.wrapping_sub(number(k));
            k = wrap(&mut state, k + 1);
        }
        state[0] = 1 << 31;
        Self { state, at: SIZE }
    }

    /// A number from `0..below`, as `random.choices` draws it: the floor of a product, not quite even.
    pub(super) fn index(&mut self, below: usize) -> usize {
        let high = f64::from(self.next() >> 5);
        let low = f64::from(self.next() >> 6);
        let unit = (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0;
        floor(unit * below as f64)
    }

    fn next(&mut self) -> u32 {
        if self.at == SIZE {
            for k in 0..SIZE {
                let bits = (self.state[k] & 1 << 31) | (self.state[(k + 1) % SIZE] & !(1 << 31));
                let odd = if bits & 1 == 1 { 0x9908_b0df } else { 0 };
                self.state[k] = self.state[(k + SHIFT) % SIZE] ^ bits >> 1 ^ odd;
            }
            self.at = 0;
        }
        let mut bits = self.state[self.at];
        self.at += 1;
        bits ^= bits >> 11;
        bits ^= bits << 7 & 0x9d2c_5680;
        bits ^= bits << 15 & 0xefc6_0000;
        bits ^ bits >> 18
    }
}

fn mixed(bits: u32) -> u32 {
    bits ^ bits >> 30
}

#[allow(clippy::cast_possible_truncation, reason = "below 624")]
fn number(k: usize) -> u32 {
    k as u32
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and a length")]
pub(super) fn floor(value: f64) -> usize {
    value as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_what_python_draws() {
        // random.Random(seed).choices(range(n), k=8)
        let cases: [(u64, usize, [usize; 8]); 4] = [
            (0, 10, [8, 7, 4, 2, 5, 4, 7, 3]),
            (1, 1000, [134, 847, 763, 255, 495, 449, 651, 788]),
            (42, 7, [4, 0, 1, 1, 5, 4, 6, 0]),
            (1099511640121, 1000000, [310362, 114893, 533599, 204036, 811340, 986316, 88241, 286476]),
        ];
        for (seed, below, want) in cases {
            let mut twister = Twister::new(seed);
            let drawn: Vec<usize> = (0..8).map(|_| twister.index(below)).collect();
            assert_eq!(drawn, want, "seed {seed}");
        }
        // The 2000th draw: past the first filling of the state.
        let mut twister = Twister::new(1);
        assert_eq!((0..2000).map(|_| twister.index(1000)).last(), Some(449));
    }
}
