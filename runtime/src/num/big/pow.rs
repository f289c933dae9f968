//! Powers of magnitudes, by squaring, in scratch space that the caller supplies.

use super::{Limb, Wanted, bit, bit_length, div, mul, trim};

/// How many limbs the result of [`power`] needs, or `None` when that overflows.
pub fn power_len(base: &[Limb], exponent: usize) -> Option<usize> {
    let bits = bit_length(base).checked_mul(exponent)?;
    Some(super::limbs_for_bits(bits) + 1)
}

/// Writes `base ** exponent` to `out` ([`power_len`] limbs), using a scratch slice
/// of the same length. Answers the number of limbs of the result.
pub fn power(
    out: &mut [Limb],
    scratch: &mut [Limb],
    base: &[Limb],
    exponent: usize,
    wanted: Wanted<'_>,
) -> usize {
    let base = trim(base);
    let Some(first) = out.first_mut() else {
        return 0;
    };
    *first = 1;
    let mut len = 1;
    for i in (0..usize::BITS - exponent.leading_zeros()).rev() {
        if !wanted() {
            break;
        }
        len = square(out, scratch, len, wanted);
        if exponent >> i & 1 == 1 {
            len = multiply(out, scratch, len, base, wanted);
        }
    }
    len
}

fn square(out: &mut [Limb], scratch: &mut [Limb], len: usize, wanted: Wanted<'_>) -> usize {
    let width = (2 * len).min(scratch.len());
    if let (Some(to), Some(from)) = (scratch.get_mut(..width), out.get(..len)) {
        mul(to, from, from, wanted);
    }
    take_back(out, scratch, width)
}

fn multiply(
    out: &mut [Limb],
    scratch: &mut [Limb],
    len: usize,
    by: &[Limb],
    wanted: Wanted<'_>,
) -> usize {
    let width = (len + by.len()).min(scratch.len());
    if let (Some(to), Some(from)) = (scratch.get_mut(..width), out.get(..len)) {
        mul(to, from, by, wanted);
    }
    take_back(out, scratch, width)
}

fn take_back(out: &mut [Limb], scratch: &[Limb], width: usize) -> usize {
    let result = trim(scratch.get(..width).unwrap_or(&[]));
    for (to, &from) in out.iter_mut().zip(result) {
        *to = from;
    }
    result.len()
}

/// How many limbs of scratch space [`power_mod`] needs for a modulus of `len` limbs.
pub fn power_mod_scratch(len: usize) -> usize {
    4 * len + 4
}

/// `out = base ** exponent % modulus` for `base` below the (non-zero) modulus.
/// `out` is as long as `modulus`, which is trimmed and comes back unchanged.
pub fn power_mod(
    out: &mut [Limb],
    scratch: &mut [Limb],
    base: &[Limb],
    exponent: &[Limb],
    modulus: &mut [Limb],
    wanted: Wanted<'_>,
) {
    let width = modulus.len();
    let (product, quotient) = scratch.split_at_mut((2 * width + 1).min(scratch.len()));
    out.fill(0);
    if let Some(low) = out.first_mut() {
        *low = 1;
    }
    for i in (0..bit_length(exponent)).rev() {
        if !wanted() {
            return;
        }
        mul(product, out, out, wanted);
        reduce(out, product, quotient, modulus, wanted);
        if bit(exponent, i) {
            mul(product, out, base, wanted);
            reduce(out, product, quotient, modulus, wanted);
        }
    }
    if bit_length(exponent) == 0 {
        product.fill(0);
        if let Some(low) = product.first_mut() {
            *low = 1;
        }
        reduce(out, product, quotient, modulus, wanted);
    }
}

fn reduce(
    out: &mut [Limb],
    product: &mut [Limb],
    quotient: &mut [Limb],
    modulus: &mut [Limb],
    wanted: Wanted<'_>,
) {
    div::divide(product, modulus, quotient, wanted);
    for (to, &from) in out.iter_mut().zip(product.iter()) {
        *to = from;
    }
}
