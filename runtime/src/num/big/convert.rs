//! Magnitudes to and from machine numbers.

use super::{BITS, Limb, bit_length, shr, signed::Int, trim};
use crate::num::float::bits::{Format, Magnitude, compose, is_negative, magnitude, with_sign};

/// Limbs of a machine integer of 64 bits.
pub const U64_LIMBS: usize = (64 / BITS) as usize;

/// Writes a machine integer to the lowest limbs, leaving those above.
pub fn put_u64(out: &mut [Limb], n: u64) {
    let mut rest = u128::from(n);
    for slot in out.iter_mut().take(U64_LIMBS) {
        *slot = rest as Limb;
        rest >>= BITS;
    }
}

/// A machine integer as limbs.
pub fn from_u64(n: u64) -> [Limb; U64_LIMBS] {
    let mut limbs = [0; U64_LIMBS];
    put_u64(&mut limbs, n);
    limbs
}

/// The lowest 64 bits.
pub fn low_u64(a: &[Limb]) -> u64 {
    let mut n = 0u128;
    for (i, &limb) in a.iter().take(U64_LIMBS).enumerate() {
        n |= u128::from(limb) << (i as u32 * BITS);
    }
    n as u64
}

/// The magnitude, if it fits.
pub fn to_u64(a: &[Limb]) -> Option<u64> {
    (trim(a).len() <= U64_LIMBS).then(|| low_u64(a))
}

/// The integer, if it fits.
pub fn to_i64(a: Int<'_>) -> Option<i64> {
    let n = to_u64(a.magnitude)?;
    if a.negative { 0i64.checked_sub_unsigned(n) } else { i64::try_from(n).ok() }
}

/// The lowest 64 bits of the integer in two's complement.
pub fn wrapping_u64(a: Int<'_>) -> u64 {
    let n = low_u64(a.magnitude);
    if a.negative { n.wrapping_neg() } else { n }
}

/// The highest 64 bits, by how many bits they were moved down, and whether any bit
/// below was set. A shorter magnitude is given as it is.
pub fn top_bits(a: &[Limb]) -> (u64, usize, bool) {
    let shift = bit_length(a).saturating_sub(64);
    let mut top = [0; U64_LIMBS];
    let dropped = shr(&mut top, a, shift);
    (low_u64(&top), shift, dropped)
}

/// The nearest float; infinite when the integer is too large.
pub fn to_float<F: Format>(a: Int<'_>) -> F {
    let (mantissa, shift, sticky) = top_bits(a.magnitude);
    let shift = i32::try_from(shift).unwrap_or(i32::MAX);
    with_sign(compose(mantissa, shift, sticky), a.negative)
}

/// How many limbs [`from_float`] needs; `None` for infinities and NaNs.
pub fn from_float_len<F: Format>(x: F) -> Option<usize> {
    match magnitude(x) {
        Magnitude::Finite { exponent, .. } => {
            Some(U64_LIMBS + exponent.max(0) as usize / BITS as usize + 1)
        }
        _ => None,
    }
}

/// Writes a finite float, truncated towards zero, to `out` ([`from_float_len`]
/// limbs); answers whether it is negative.
pub fn from_float<F: Format>(x: F, out: &mut [Limb]) -> bool {
    if let Magnitude::Finite { mantissa, exponent } = magnitude(x) {
        let down = exponent.min(0).unsigned_abs();
        let whole = from_u64(mantissa.checked_shr(down).unwrap_or(0));
        super::shl(out, &whole, exponent.max(0) as usize);
    }
    is_negative(x)
}

/// Bits of the prime `2 ** HASH_BITS - 1` that hashes are residues of.
pub const HASH_BITS: u32 = if usize::BITS == 64 { 61 } else { 31 };

/// The residue of a machine integer.
pub fn reduce(n: u64) -> u64 {
    let prime = (1u64 << HASH_BITS) - 1;
    let mut rest = n;
    while rest > prime {
        rest = (rest & prime) + (rest >> HASH_BITS);
    }
    if rest == prime { 0 } else { rest }
}

/// The residue times `2 ** by`, for `by` below [`HASH_BITS`].
pub fn rotate(residue: u64, by: u32) -> u64 {
    let prime = (1u64 << HASH_BITS) - 1;
    (residue << by | residue >> (HASH_BITS - by)) & prime
}

/// The hash of an integer: its residue, with its sign.
pub fn hash(a: Int<'_>) -> isize {
    let residue = a.magnitude.iter().rev().fold(0, |residue, &limb| {
        reduce(rotate(residue, BITS % HASH_BITS) + reduce(low_u64(&[limb])))
    }) as isize;
    if a.negative { -residue } else { residue }
}
