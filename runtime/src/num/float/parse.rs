//! Decimal text to the nearest float.
//!
//! Nineteen digits fit a machine integer, and `digits * 10 ** power` is computed
//! exactly. Longer texts lie between that and the next 19-digit number; where those
//! two round differently, the digits of the midpoint between both floats are
//! generated and compared with the text: no text is too long.

use core::cmp::Ordering;

use super::{
    bits::{Binary, Magnitude, compose, magnitude},
    digits::{Generator, power_of_ten},
    exact::Exact,
};
use crate::num::big::{self, Limb, div};

/// An unsigned decimal number: `whole . fraction * 10 ** exponent`. The digits are
/// ASCII; underscores among them are passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal<'a> {
    pub whole: &'a [u8],
    pub fraction: &'a [u8],
    pub exponent: i32,
}

/// What [`scan`] found at the start of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scanned<'a> {
    pub number: Decimal<'a>,
    /// Bytes of the text that belong to the number.
    pub len: usize,
    /// A decimal point or an exponent was there.
    pub is_float: bool,
}

/// The most digits that a machine integer surely holds.
const DIGITS: usize = 19;

/// Splits off digits and underscores from the front; an underscore stands between
/// two digits.
fn scan_digits(text: &[u8]) -> (&[u8], &[u8]) {
    let mut len = 0;
    while let Some(&c) = text.get(len) {
        let digit_after = || text.get(len + 1).is_some_and(u8::is_ascii_digit);
        let is_inner = c == b'_' && len > 0 && digit_after();
        if !(c.is_ascii_digit() || is_inner) {
            break;
        }
        len += 1;
    }
    text.split_at(len)
}

/// Reads an unsigned decimal number at the start of a text; `None` when there is no
/// digit.
pub fn scan(text: &[u8]) -> Option<Scanned<'_>> {
    let (whole, mut rest) = scan_digits(text);
    let mut fraction: &[u8] = &[];
    let mut is_float = false;
    if let [b'.', after @ ..] = rest {
        (fraction, rest) = scan_digits(after);
        is_float = true;
    }
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut exponent = 0;
    if let [b'e' | b'E', after @ ..] = rest {
        let (negative, after) = match after {
            [b'-', after @ ..] => (true, after),
            [b'+', after @ ..] => (false, after),
            _ => (false, after),
        };
        let (digits, after) = scan_digits(after);
        if !digits.is_empty() {
            for &c in digits.iter().filter(|&&c| c != b'_') {
                exponent = (exponent * 10 + i32::from(c - b'0')).min(100_000_000);
            }
            if negative {
                exponent = -exponent;
            }
            rest = after;
            is_float = true;
        }
    }
    Some(Scanned {
        number: Decimal { whole, fraction, exponent },
        len: text.len() - rest.len(),
        is_float,
    })
}

impl<'a> Decimal<'a> {
    /// The digits from the first one that is not zero.
    fn significant(self) -> impl Iterator<Item = u8> + Clone + 'a {
        self.whole
            .iter()
            .chain(self.fraction)
            .filter(|&&c| c != b'_')
            .map(|c| c.wrapping_sub(b'0'))
            .skip_while(|&digit| digit == 0)
    }

    /// The nearest float; ties go to even.
    pub fn to_float<F: Binary>(self) -> F {
        let mut leading = 0u64;
        let mut more = false;
        let mut count = 0i64;
        for digit in self.significant() {
            if count < DIGITS as i64 {
                leading = leading * 10 + u64::from(digit);
            } else {
                more |= digit != 0;
            }
            count += 1;
        }
        if count == 0 {
            return F::from_bits(0);
        }
        let places = self.fraction.iter().filter(|&&c| c != b'_').count() as i64;
        // The power of ten of the last digit read into `leading`.
        let dropped = (count - DIGITS as i64).max(0);
        let power = i64::from(self.exponent) - places + dropped;
        let power = power.clamp(-100_000, 100_000) as i32;
        let below = scale::<F>(leading, power);
        if !more {
            return below;
        }
        let above = scale::<F>(leading + 1, power);
        if below.bits() == above.bits() {
            return below;
        }
        match self.compare_midpoint(below, power + DIGITS as i32) {
            Ordering::Less => below,
            Ordering::Greater => above,
            Ordering::Equal if below.bits() & 1 == 0 => below,
            Ordering::Equal => above,
        }
    }

    /// Compares the number, which is `0.ddd… * 10 ** exponent`, with the midpoint
    /// between a float and the next one.
    fn compare_midpoint<F: Binary>(self, below: F, exponent: i32) -> Ordering {
        let Magnitude::Finite { mantissa, exponent: twos } = magnitude(below) else {
            return Ordering::Greater;
        };
        let mut midpoint = Generator::new(mantissa * 2 + 1, twos - 1, false);
        let mut digits = self.significant();
        let mut order = exponent.cmp(&midpoint.exponent);
        while order == Ordering::Equal {
            let digit = digits.next();
            if midpoint.is_done() {
                let rest_is_zero = digit.into_iter().chain(digits).all(|d| d == 0);
                return if rest_is_zero { Ordering::Equal } else { Ordering::Greater };
            }
            order = digit.unwrap_or(0).cmp(&midpoint.next_digit());
        }
        order
    }
}

/// `n * 10 ** power`, rounded to the nearest float.
pub fn scale<F: Binary>(n: u64, power: i32) -> F {
    if n == 0 {
        return F::from_bits(0);
    }
    if n < 1 << F::PRECISION && power.unsigned_abs() <= F::EXACT_POWER {
        let (x, ten) = (F::from_natural(n), power_of_ten(power.unsigned_abs()));
        return if power >= 0 { x.times(ten) } else { x.over(ten) };
    }
    match power {
        // Beyond both formats, and beyond what `Exact` holds.
        310.. => F::from_bits(F::INFINITY_BITS),
        0.. => {
            let mut product = Exact::new(n);
            product.times_power_of_five(power as u32);
            round(product.limbs(), power, false)
        }
        -363..0 => quotient(n, power.unsigned_abs()),
        _ => F::from_bits(0),
    }
}

/// `n / 10 ** power`.
fn quotient<F: Binary>(n: u64, power: u32) -> F {
    let mut den = Exact::new(1);
    den.times_power_of_five(power);
    // As far left as gives a quotient of 65 bits or more.
    let mut num = Exact::new(n);
    let shift = den.bit_length() + 65 - num.bit_length();
    num.shift_left(shift);
    let mut result: [Limb; big::limbs_for_bits(66) + 2] = [0; big::limbs_for_bits(66) + 2];
    let den_len = big::trim(den.limbs()).len();
    let num_len = big::trim(num.limbs()).len() + 1;
    let result_len = (num_len - den_len).min(result.len());
    if let Some(result) = result.get_mut(..result_len) {
        div::divide(num.low_mut(num_len), den.low_mut(den_len), result, &|| true);
    }
    let inexact = !big::is_zero(num.limbs());
    round(&result, -(power as i32) - shift as i32, inexact)
}

/// The float nearest to `(n + d) * 2 ** exponent`, where `d` is 0 or, when `more`,
/// between 0 and 1 (then `n` has at least 64 bits).
fn round<F: Binary>(n: &[Limb], exponent: i32, more: bool) -> F {
    let (mantissa, shift, sticky) = big::convert::top_bits(n);
    compose(mantissa, exponent.saturating_add(shift as i32), sticky || more)
}
