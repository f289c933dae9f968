//! Yasmarang, the random number generator by Ilya Levin (public domain): the one
//! that MicroPython boards use, so that a seed gives the same numbers here.

/// The state of a generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Random {
    pad: u32,
    n: u32,
    d: u32,
    byte: u8,
}

impl Random {
    /// The state that a seed stands for.
    pub const fn new(seed: u32) -> Self {
        Random { pad: seed, n: 69, d: 233, byte: 0 }
    }

    /// The next 32 bits.
    pub fn bits(&mut self) -> u32 {
        let sum = self.d.wrapping_mul(self.n).wrapping_add(self.byte.into());
        self.pad = self.pad.wrapping_add(sum).rotate_left(3);
        self.n = self.pad | 2;
        self.d ^= self.pad.rotate_right(1);
        self.byte ^= self.pad as u8 ^ (self.d >> 8) as u8 ^ 1;
        self.pad ^ self.d << 5 ^ self.pad >> 18 ^ u32::from(self.byte) << 1
    }

    /// A number below `limit`, every one equally likely; `limit` is not zero.
    pub fn below(&mut self, limit: u32) -> u32 {
        // As many low bits as the limit has, until they are below it.
        let mask = u32::MAX.checked_shr(limit.leading_zeros()).unwrap_or(0);
        loop {
            let bits = self.bits() & mask;
            if bits < limit {
                return bits;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    /// `random.seed(1)`, then `getrandbits(32)` on a board.
    #[test]
    fn sequence() {
        let mut random = Random::new(1);
        for expected in [2_002_244, 1_862_853_106, 2_677_483_614, 156_226_652] {
            assert_eq!(random.bits(), expected);
        }
    }

    /// `random.seed(5)`, then `randrange`.
    #[test]
    fn below() {
        let mut random = Random::new(5);
        let tens = [4, 1, 7, 7, 6, 3, 3, 5, 0, 2];
        let powers = [43, 25, 33, 11, 34, 38, 35, 3, 41, 1];
        let sevens = [4, 6, 6, 3, 6, 0, 6, 4, 1, 0];
        for (limit, expected) in [(10, tens), (64, powers), (7, sevens)] {
            assert_eq!(expected.map(|_| random.below(limit)), expected);
        }
    }

    #[test]
    fn in_range() {
        let mut random = Random::new(7);
        for limit in [1, 2, 3, 10, 1 << 31, u32::MAX] {
            for _ in 0..50 {
                assert!(random.below(limit) < limit);
            }
        }
    }
}
