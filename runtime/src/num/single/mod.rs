//! Elementary functions in single precision, in little flash.
//!
//! Chips without a unit for floats calculate them in routines of integers, and those
//! with one have it for single precision only. Functions that go by way of doubles, or
//! each have a method of their own, are therefore large: three times as large as these.
//! Here a few cores in fixed point, which keep 31 bits or more where a float has 24, do
//! the work of all:
//!
//! ```text
//!   mod      a float as integer and power of two; rounding, remainder, root
//!   explog   one logarithm to base 2, one power of 2: exp, log*, pow, sinh, atanh, …
//!   trig     one reduction to a quadrant: sin, cos, tan; one arc tangent: asin, atan2, …
//!   special  erf, erfc, gamma, lgamma
//! ```
//!
//! Results of the cores are off by less than one unit in the last place, those that are
//! made of several by some more; `tests` says by how much each.

mod explog;
mod special;
#[cfg(test)]
mod tests;
mod trig;

pub use explog::*;
pub use special::*;
pub use trig::*;

const MANTISSA: u32 = 23;
/// The exponent of the smallest float, 1 being its integer.
const LEAST: i32 = -149;

/// `x` as an integer of 24 bits, the highest of them set, times a power of two. `x` is
/// finite and not zero; its sign is dropped.
fn split(x: f32) -> (u32, i32) {
    let bits = x.abs().to_bits();
    let (fraction, exponent) = (bits & ((1 << MANTISSA) - 1), bits >> MANTISSA);
    if exponent == 0 {
        let up = fraction.leading_zeros() - (31 - MANTISSA);
        return (fraction << (up & 31), LEAST - up as i32);
    }
    (fraction | 1 << MANTISSA, LEAST - 1 + exponent as i32)
}

/// The highest bit of `m` moved to the top, and by how much. `m` is not zero.
fn normal(m: u64) -> (u64, i32) {
    let up = m.leading_zeros() & 63;
    (m << up, up as i32)
}

/// `m * 2 ** e` as a float: rounded once from the 32 highest bits.
fn float(m: u64, e: i32) -> f32 {
    if m == 0 {
        return 0.0;
    }
    let (m, up) = normal(m);
    ldexp((m >> 32) as u32 as f32, e + 32 - up)
}

/// `x * 2 ** n`.
pub fn ldexp(mut x: f32, mut n: i32) -> f32 {
    const UP: i32 = 127;
    // So few that the product is a normal number if the last step's is.
    const DOWN: i32 = -102;
    let power = |n: i32| f32::from_bits(((n + 127) as u32) << MANTISSA);
    for _ in 0..3 {
        let step = n.clamp(DOWN, UP);
        x *= power(step);
        n -= step;
    }
    x
}

/// A fraction of at least a half and below one, and the power of two it is times. `x` is
/// finite and not zero.
pub fn frexp(x: f32) -> (f32, i32) {
    let (m, e) = split(x);
    let below_one = f32::from_bits((m & ((1 << MANTISSA) - 1)) | 126 << MANTISSA);
    (below_one.copysign(x), e + MANTISSA as i32 + 1)
}

pub fn trunc(x: f32) -> f32 {
    let bits = x.to_bits();
    match (bits >> MANTISSA) & 0xff {
        0..127 => 0f32.copysign(x),
        exponent @ 127..150 => f32::from_bits(bits & u32::MAX << (150 - exponent)),
        _ => x,
    }
}

pub fn floor(x: f32) -> f32 {
    let whole = trunc(x);
    if whole > x { whole - 1.0 } else { whole }
}

pub fn ceil(x: f32) -> f32 {
    -floor(-x)
}

/// The nearest whole number, of two the even one.
pub fn nearest_even(x: f32) -> f32 {
    /// From here on every float is whole.
    const WHOLE: f32 = 8_388_608.0;
    if x.abs() < WHOLE { ((x.abs() + WHOLE) - WHOLE).copysign(x) } else { x }
}

/// The remainder with the sign of `x`, exactly; NaN where there is none.
pub fn fmod(x: f32, y: f32) -> f32 {
    if !x.is_finite() || y == 0.0 || y.is_nan() {
        return f32::NAN;
    }
    if x.abs() < y.abs() {
        return x;
    }
    let ((mut m, mut e), (divisor, smallest)) = (split(x), split(y));
    loop {
        if m >= divisor {
            m -= divisor;
        }
        if e == smallest || m == 0 {
            return float(m.into(), e).copysign(x);
        }
        m <<= 1;
        e -= 1;
    }
}

/// Digit by digit, rounded exactly.
pub fn sqrt(x: f32) -> f32 {
    if x == 0.0 || x.is_nan() || x == f32::INFINITY {
        return x;
    }
    if x < 0.0 {
        return f32::NAN;
    }
    let (m, e) = split(x);
    // A digit or two more than a float has, to round by: a tie is impossible.
    let odd = e & 1;
    let mut rest = u64::from(m) << (26 + odd as u32);
    let (mut root, mut bit) = (0u64, 1u64 << 50);
    while bit != 0 {
        if rest >= root + bit {
            rest -= root + bit;
            root += bit << 1;
        }
        root >>= 1;
        bit >>= 2;
    }
    float(root << 1 | u64::from(rest != 0), (e - odd - 26) / 2 - 1)
}

/// The root of the sum of squares, without overflow on the way.
pub fn hypot(x: f32, y: f32) -> f32 {
    let (x, y) = (x.abs(), y.abs());
    if x == f32::INFINITY || y == f32::INFINITY {
        return f32::INFINITY;
    }
    let large = if x > y { x } else { y };
    if large == 0.0 || x.is_nan() || y.is_nan() {
        return x + y;
    }
    let (_, up) = frexp(large);
    let (x, y) = (ldexp(x, -up), ldexp(y, -up));
    ldexp(sqrt(x * x + y * y), up)
}
