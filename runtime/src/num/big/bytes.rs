//! Two's-complement bytes.

use super::{LIMB_BYTES, Limb, add_limb, limbs_for_bits, negate, signed::Int};

/// How many limbs `len` bytes need.
pub fn limbs_for_bytes(len: usize) -> usize {
    limbs_for_bits(len.saturating_mul(8)) + 1
}

/// Byte `i` of the bytes counted from the least significant one.
fn position(len: usize, i: usize, big_endian: bool) -> usize {
    if big_endian { len.wrapping_sub(1).wrapping_sub(i) } else { i }
}

/// Reads an integer into `out` ([`limbs_for_bytes`] limbs); answers whether it is
/// negative.
pub fn from_bytes(bytes: &[u8], big_endian: bool, signed: bool, out: &mut [Limb]) -> bool {
    let len = bytes.len();
    let top = bytes.get(position(len, len.wrapping_sub(1), big_endian));
    let negative = signed && top.is_some_and(|b| b >> 7 == 1);
    let fill = if negative { 0xff } else { 0 };
    for (i, slot) in out.iter_mut().enumerate() {
        let mut limb = [fill; LIMB_BYTES];
        for (j, byte) in limb.iter_mut().enumerate() {
            let at = i * LIMB_BYTES + j;
            if at < len {
                *byte = bytes.get(position(len, at, big_endian)).copied().unwrap_or(fill);
            }
        }
        *slot = Limb::from_le_bytes(limb);
    }
    if negative {
        negate(out);
    }
    negative
}

/// The bytes of an integer in two's complement, the lowest first, without end.
pub struct LowBytes<'a> {
    limbs: core::slice::Iter<'a, Limb>,
    negative: bool,
    carry: bool,
    limb: Limb,
    left: usize,
}

impl Iterator for LowBytes<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        if self.left == 0 {
            let mut limb = [self.limbs.next().copied().unwrap_or(0)];
            if self.negative {
                limb[0] = !limb[0];
                self.carry = self.carry && add_limb(&mut limb, 1) == 1;
            }
            (self.limb, self.left) = (limb[0], LIMB_BYTES);
        }
        let byte = self.limb as u8;
        self.limb >>= 8;
        self.left -= 1;
        Some(byte)
    }
}

/// The bytes of an integer in two's complement, the lowest first, without end.
pub fn low_bytes(a: Int<'_>) -> LowBytes<'_> {
    let limbs = a.magnitude.iter();
    LowBytes { limbs, negative: a.negative, carry: true, limb: 0, left: 0 }
}

/// Does the integer fit `len` bytes of two's complement (`signed`) or of a natural
/// number?
pub fn fits(a: Int<'_>, len: usize, signed: bool) -> bool {
    let bits = super::bit_length(a.magnitude);
    let room = len.saturating_mul(8);
    match (signed, a.negative && bits > 0) {
        (false, negative) => !negative && bits <= room,
        (true, false) => bits < room || bits == 0,
        // -2 ** (room - 1) is the one magnitude that needs the sign bit itself.
        (true, true) => bits < room || bits == room && is_power_of_two(a.magnitude),
    }
}

fn is_power_of_two(a: &[Limb]) -> bool {
    a.iter().map(|limb| limb.count_ones()).sum::<u32>() == 1
}
