//! A small deterministic source of random numbers and mutations.

/// xorshift64*: fast, and good enough to shuffle bytes.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Rng {
        Rng(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number under `n`, which is not 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() >> 16) as usize % n
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// Changes a few bytes of `data`: flips, replaces, copies, cuts, repeats.
    pub fn mutate(&mut self, data: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            if data.is_empty() {
                data.push(self.next() as u8);
            }
            let (at, from) = (self.below(data.len()), self.below(data.len()));
            match self.below(8) {
                0 => data[at] ^= 1 << self.below(8),
                1 => data[at] = self.next() as u8,
                2 => data[at] = data[from],
                3 => data[at] = data[at].wrapping_add(1),
                4 => data[at] = data[at].wrapping_sub(1),
                5 => {
                    data.remove(at);
                }
                6 => data.insert(at, data[from]),
                _ => {
                    let end = (from + self.below(8)).min(data.len());
                    let piece = data[from..end].to_vec();
                    let until = (at + piece.len()).min(data.len());
                    data.splice(at..until, piece);
                }
            }
        }
    }
}
