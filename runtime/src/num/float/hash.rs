//! Hashes of numbers: equal numbers of every kind have equal hashes.
//!
//! A number's hash is its residue modulo the prime `2 ** HASH_BITS - 1`, as the
//! fields of CPython's documentation "Hashing of numeric types" describe it:
//! multiplication by two is then a rotation, and a float needs no big number.

use super::bits::{Format, Magnitude, is_negative, magnitude};
use crate::num::big::convert::{HASH_BITS, reduce, rotate};

/// The hash of a float; an infinity's is a constant, and so is that of a NaN.
pub fn hash<F: Format>(x: F) -> isize {
    let residue = match magnitude(x) {
        Magnitude::Finite { mantissa, exponent } => {
            rotate(reduce(mantissa), exponent.rem_euclid(HASH_BITS as i32) as u32) as isize
        }
        Magnitude::Infinite => 314_159,
        Magnitude::Nan => 0,
    };
    if is_negative(x) { -residue } else { residue }
}
