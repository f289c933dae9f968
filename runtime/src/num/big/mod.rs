//! Multi-precision natural numbers on slices of limbs.
//!
//! The problem: Python's integers have no bound, the runtime has no allocator of
//! its own, and a microcontroller has a few hundred bytes of stack. So nothing
//! here owns memory. A *magnitude* is `&[Limb]`, least significant limb first;
//! results go into slices that the caller supplies, whose sizes the functions
//! state. Leading zero limbs are allowed everywhere unless a function says
//! "trimmed"; [`trim`] removes them.
//!
//! ```text
//!   mod      limbs: compare, add, subtract, multiply, shift
//!   div      division by a limb and by a magnitude
//!   signed   sign-magnitude: +, -, &, |, ^, floor division, shifts
//!   pow      powers, and powers modulo a number
//!   text     digits in any base, both ways
//!   bytes    two's-complement bytes, both ways
//!   convert  machine integers, floats, hashes
//! ```
//!
//! A limb is as wide as a machine word: the inner loops then do the least work on
//! a 64-bit host and on a 32-bit controller alike. `--cfg limb32` selects the
//! narrow limb on a host, so that both widths are tested there.

pub mod bytes;
pub mod convert;
pub mod div;
pub mod pow;
pub mod signed;
pub mod text;

#[cfg(test)]
mod tests;

use core::cmp::Ordering;

/// One digit of a magnitude.
#[cfg(all(target_pointer_width = "64", not(limb32)))]
pub type Limb = u64;
/// Twice as wide as a limb: holds a product plus two limbs.
#[cfg(all(target_pointer_width = "64", not(limb32)))]
pub type Wide = u128;

/// One digit of a magnitude.
#[cfg(any(not(target_pointer_width = "64"), limb32))]
pub type Limb = u32;
/// Twice as wide as a limb: holds a product plus two limbs.
#[cfg(any(not(target_pointer_width = "64"), limb32))]
pub type Wide = u64;

/// Bits in a limb.
pub const BITS: u32 = Limb::BITS;
/// Bytes in a limb.
pub const LIMB_BYTES: usize = (BITS / 8) as usize;

/// How many limbs `bits` bits need.
pub const fn limbs_for_bits(bits: usize) -> usize {
    bits.div_ceil(BITS as usize)
}

/// The magnitude without its leading zero limbs.
#[inline]
pub fn trim(a: &[Limb]) -> &[Limb] {
    let mut rest = a;
    while let [head @ .., 0] = rest {
        rest = head;
    }
    rest
}

/// Is the magnitude zero?
pub fn is_zero(a: &[Limb]) -> bool {
    a.iter().all(|&limb| limb == 0)
}

/// The number of bits up to the highest set one; 0 for zero.
pub fn bit_length(a: &[Limb]) -> usize {
    let a = trim(a);
    match a.last() {
        Some(top) => a.len() * BITS as usize - top.leading_zeros() as usize,
        None => 0,
    }
}

/// Bit `index`, counted from the least significant one.
pub fn bit(a: &[Limb], index: usize) -> bool {
    match a.get(index / BITS as usize) {
        Some(limb) => limb >> (index % BITS as usize) & 1 == 1,
        None => false,
    }
}

/// The number of zero bits below the lowest set one; 0 for zero.
pub fn trailing_zeros(a: &[Limb]) -> usize {
    match a.iter().position(|&limb| limb != 0) {
        Some(i) => i * BITS as usize + a.get(i).map_or(0, |limb| limb.trailing_zeros() as usize),
        None => 0,
    }
}

/// Compares two magnitudes.
pub fn cmp(a: &[Limb], b: &[Limb]) -> Ordering {
    let (a, b) = (trim(a), trim(b));
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

/// `acc += carry`; answers the carry out.
pub fn add_limb(acc: &mut [Limb], mut carry: Limb) -> Limb {
    for limb in acc {
        if carry == 0 {
            break;
        }
        let (sum, over) = limb.overflowing_add(carry);
        *limb = sum;
        carry = Limb::from(over);
    }
    carry
}

/// `acc += b`, for `acc` at least as long as `b`; answers the carry out.
pub fn add(acc: &mut [Limb], b: &[Limb]) -> Limb {
    let (low, high) = acc.split_at_mut(b.len().min(acc.len()));
    let mut carry = false;
    for (x, &y) in low.iter_mut().zip(b) {
        let (sum, over) = x.overflowing_add(y);
        let (sum, over2) = sum.overflowing_add(Limb::from(carry));
        *x = sum;
        carry = over | over2;
    }
    add_limb(high, Limb::from(carry))
}

/// `acc -= borrow`; answers the borrow out.
pub fn sub_limb(acc: &mut [Limb], mut borrow: Limb) -> Limb {
    for limb in acc {
        if borrow == 0 {
            break;
        }
        let (diff, under) = limb.overflowing_sub(borrow);
        *limb = diff;
        borrow = Limb::from(under);
    }
    borrow
}

/// `acc -= b`, for `acc` at least as long as `b`; answers the borrow out (1 when
/// the true difference is negative and `acc` holds it modulo its width).
pub fn sub(acc: &mut [Limb], b: &[Limb]) -> Limb {
    let (low, high) = acc.split_at_mut(b.len().min(acc.len()));
    let mut borrow = false;
    for (x, &y) in low.iter_mut().zip(b) {
        let (diff, under) = x.overflowing_sub(y);
        let (diff, under2) = diff.overflowing_sub(Limb::from(borrow));
        *x = diff;
        borrow = under | under2;
    }
    sub_limb(high, Limb::from(borrow))
}

/// Replaces `acc` by its two's complement; answers whether it was zero.
pub fn negate(acc: &mut [Limb]) -> bool {
    let mut carry = true;
    for limb in acc {
        let (x, over) = (!*limb).overflowing_add(Limb::from(carry));
        *limb = x;
        carry = over;
    }
    carry
}

/// `acc = acc * factor + carry`; answers the limb that overflows.
pub fn mul_limb(acc: &mut [Limb], factor: Limb, mut carry: Limb) -> Limb {
    for limb in acc {
        let product = Wide::from(*limb) * Wide::from(factor) + Wide::from(carry);
        *limb = product as Limb;
        carry = (product >> BITS) as Limb;
    }
    carry
}

/// `acc += b * factor` over the length of `b`; answers the limb that overflows.
#[inline]
fn add_mul(acc: &mut [Limb], b: &[Limb], factor: Limb) -> Limb {
    let mut carry = 0;
    for (x, &y) in acc.iter_mut().zip(b) {
        let sum = Wide::from(y) * Wide::from(factor) + Wide::from(*x) + Wide::from(carry);
        *x = sum as Limb;
        carry = (sum >> BITS) as Limb;
    }
    carry
}

/// `acc -= b * factor` over the length of `b`; answers the limb still owed.
#[inline]
pub fn sub_mul(acc: &mut [Limb], b: &[Limb], factor: Limb) -> Limb {
    let mut owed: Limb = 0;
    for (x, &y) in acc.iter_mut().zip(b) {
        let product = Wide::from(y) * Wide::from(factor) + Wide::from(owed);
        let (diff, under) = x.overflowing_sub(product as Limb);
        *x = diff;
        owed = (product >> BITS) as Limb + Limb::from(under);
    }
    owed
}

/// Whether a result is still wanted: asked now and then by what may take minutes, which
/// stops with any result once it is not.
pub type Wanted<'a> = &'a dyn Fn() -> bool;

/// Rows of limbs between two questions.
const ROWS: usize = 32;

/// Whether to go on with row `i`.
fn goes_on(i: usize, wanted: Wanted<'_>) -> bool {
    i % ROWS != ROWS - 1 || wanted()
}

/// `out = a * b`; `out` is as long as both together and need not be cleared.
pub fn mul(out: &mut [Limb], a: &[Limb], b: &[Limb], wanted: Wanted<'_>) {
    out.fill(0);
    let (a, b) = (trim(a), trim(b));
    for (i, &factor) in a.iter().enumerate() {
        if !goes_on(i, wanted) {
            return;
        }
        let Some(window) = out.get_mut(i..) else {
            return;
        };
        let carry = add_mul(window, b, factor);
        if let Some(top) = window.get_mut(b.len()) {
            *top = carry;
        }
    }
}

/// `out = a << shift`; `out` holds the result and need not be cleared.
pub fn shl(out: &mut [Limb], a: &[Limb], shift: usize) {
    let (whole, part) = (shift / BITS as usize, (shift % BITS as usize) as u32);
    out.fill(0);
    let Some(window) = out.get_mut(whole..) else {
        return;
    };
    let mut carry = 0;
    for (i, slot) in window.iter_mut().enumerate() {
        let limb = a.get(i).copied().unwrap_or(0);
        *slot = limb << part | carry;
        carry = if part == 0 { 0 } else { limb >> (BITS - part) };
    }
}

/// `acc <<= shift` for a shift below the width of a limb; answers the bits that
/// fall out.
pub fn shl_small(acc: &mut [Limb], shift: u32) -> Limb {
    if shift == 0 {
        return 0;
    }
    let mut carry = 0;
    for limb in acc {
        let x = *limb;
        *limb = x << shift | carry;
        carry = x >> (BITS - shift);
    }
    carry
}

/// `acc >>= shift` for a shift below the width of a limb.
pub fn shr_small(acc: &mut [Limb], shift: u32) {
    if shift == 0 {
        return;
    }
    let mut carry = 0;
    for limb in acc.iter_mut().rev() {
        let x = *limb;
        *limb = x >> shift | carry;
        carry = x << (BITS - shift);
    }
}

/// `out = a >> shift` (towards zero); answers whether a set bit was dropped.
/// `out` takes as many low limbs of the result as it is long.
pub fn shr(out: &mut [Limb], a: &[Limb], shift: usize) -> bool {
    let (whole, part) = (shift / BITS as usize, (shift % BITS as usize) as u32);
    let (low, high) = a.split_at(whole.min(a.len()));
    let dropped = !is_zero(low) || high.first().is_some_and(|x| x & ((1 << part) - 1) != 0);
    for (i, slot) in out.iter_mut().enumerate() {
        let limb = high.get(i).copied().unwrap_or(0);
        let next = high.get(i + 1).copied().unwrap_or(0);
        *slot = if part == 0 { limb } else { limb >> part | next << (BITS - part) };
    }
    dropped
}
