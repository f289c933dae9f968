//! Numbers of bounded size on the stack.

use core::cmp::Ordering;

use crate::num::big::{self, BITS, Limb};

/// Enough for the largest number that conversions build: 5^362 (the divisor for
/// the smallest 19-digit number, 841 bits) and 66 bits of quotient, or a subnormal
/// scaled for digits; and a spare limb for long division.
const LIMBS: usize = big::limbs_for_bits(960) + 1;

/// A natural number below `2 ** 960`.
#[derive(Clone)]
pub struct Exact {
    limbs: [Limb; LIMBS],
}

impl Exact {
    /// From a machine integer.
    pub fn new(n: u64) -> Self {
        let mut limbs = [0; LIMBS];
        big::convert::put_u64(&mut limbs, n);
        Exact { limbs }
    }

    /// All limbs.
    pub fn limbs(&self) -> &[Limb] {
        &self.limbs
    }

    /// All limbs, to change.
    pub fn limbs_mut(&mut self) -> &mut [Limb] {
        &mut self.limbs
    }

    /// The lowest `len` limbs.
    pub fn low(&self, len: usize) -> &[Limb] {
        self.limbs.get(..len).unwrap_or(&self.limbs)
    }

    /// The lowest `len` limbs, to change.
    pub fn low_mut(&mut self, len: usize) -> &mut [Limb] {
        match self.limbs.get_mut(..len) {
            Some(low) => low,
            None => &mut [],
        }
    }

    /// The number of bits up to the highest set one.
    pub fn bit_length(&self) -> usize {
        big::bit_length(&self.limbs)
    }

    /// `self *= 5 ** n`.
    pub fn times_power_of_five(&mut self, n: u32) {
        /// The largest power of five that fits a limb.
        const STEP: u32 = Limb::MAX.ilog(5);
        let mut left = n;
        let mut len = big::trim(&self.limbs).len();
        while left > 0 {
            let step = left.min(STEP);
            left -= step;
            let carry = big::mul_limb(self.low_mut(len), (5 as Limb).pow(step), 0);
            if let Some(top) = self.limbs.get_mut(len)
                && carry != 0
            {
                *top = carry;
                len += 1;
            }
        }
    }

    /// `self <<= shift`.
    pub fn shift_left(&mut self, shift: usize) {
        let whole = shift / BITS as usize;
        if whole > 0 {
            self.limbs.rotate_right(whole.min(LIMBS));
        }
        big::shl_small(&mut self.limbs, (shift % BITS as usize) as u32);
    }
}

/// Compares `a + (b << double)` with `c`; all have the same number of limbs.
pub fn compare_sum(a: &[Limb], b: &[Limb], double: bool, c: &[Limb]) -> Ordering {
    let mut order = Ordering::Equal;
    let mut carry: Limb = 0;
    let mut shifted_out: Limb = 0;
    for ((&a, &b), &c) in a.iter().zip(b).zip(c) {
        let addend = if double { b << 1 | shifted_out } else { b };
        shifted_out = b >> (BITS - 1);
        let (sum, over) = a.overflowing_add(addend);
        let (sum, over2) = sum.overflowing_add(carry);
        carry = Limb::from(over | over2);
        order = sum.cmp(&c).then(order);
    }
    match carry != 0 || double && shifted_out != 0 {
        true => Ordering::Greater,
        false => order,
    }
}
