//! Chance that is the same in every run, so that two measurements look at the same quantities.

pub struct Dice(u64);

impl Dice {
    pub const fn new() -> Self {
        Self(2017)
    }

    /// SplitMix64: well spread, and one line of state.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` to `most`, both included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        let span = (most - least + 1).max(1) as u64;
        least + (self.next() % span) as i64
    }

    pub fn one_in(&mut self, n: i64) -> bool {
        self.between(1, n) == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throws_stay_within_their_bounds_and_reach_them() {
        let mut dice = Dice::new();
        let thrown: Vec<i64> = (0..500).map(|_| dice.between(3, 7)).collect();
        assert_eq!((thrown.iter().min(), thrown.iter().max()), (Some(&3), Some(&7)));
        assert!((0..100).any(|_| dice.one_in(6)));
    }
}
