//! The error function and the gamma function.

use super::{bell, exp, floor, ln, sin_pi};
use core::f32::consts::{FRAC_2_SQRT_PI, PI};

/// Up to here `erf` is a series, from here on 1 less a small `erfc`.
const NEAR: f32 = 0.8;

/// `erf` of `0 <= x <= NEAR`: a series of positive terms.
fn near(x: f32) -> f32 {
    let (mut term, mut sum, mut n) = (x, x, 3.0);
    while term > sum * 1e-9 {
        term *= 2.0 * x * x / n;
        sum += term;
        n += 2.0;
    }
    FRAC_2_SQRT_PI * bell(x) * sum
}

/// `erfc` of larger numbers: a continued fraction, from its far end, which is the nearer
/// the larger `x` is.
fn far(x: f32) -> f32 {
    let mut rest = x;
    let mut n = floor(20.0 + 100.0 / (x * x));
    while n > 0.0 {
        rest = x + n / 2.0 / rest;
        n -= 1.0;
    }
    bell(x) / rest * (FRAC_2_SQRT_PI / 2.0)
}

pub fn erf(x: f32) -> f32 {
    let size = x.abs();
    let y = if size > NEAR { 1.0 - erfc(size) } else { near(size) };
    y.copysign(x)
}

pub fn erfc(x: f32) -> f32 {
    if x > 11.0 {
        0.0
    } else if x > 0.5 {
        far(x)
    } else {
        1.0 - erf(x)
    }
}

/// From 1 to 2 the logarithm of the gamma function is zero at both ends: it is
/// `t * (t - 1)` times a polynomial of `t`, the distance from 1.
static MIDDLE: [f32; 9] = [
    0.002_448_371_7,
    -0.013_767_965,
    0.036_374_464,
    -0.063_255_69,
    0.088_066_43,
    -0.114_416_19,
    0.155_368_3,
    -0.245_249_03,
    0.577_215_7,
];

/// The logarithm of the size of the gamma function.
pub fn lgamma(x: f32) -> f32 {
    /// From here on Stirling's series is accurate.
    const LARGE: f32 = 8.0;
    if x.is_nan() {
        return x;
    }
    if x.is_infinite() || x <= 0.0 && x == floor(x) {
        return f32::INFINITY;
    }
    if x < 0.0 {
        return ln(PI / (x * sin_pi(x)).abs()) - lgamma(-x);
    }
    if x >= LARGE {
        // Half the logarithm of 2π.
        const SCALE: f32 = 0.918_938_5;
        let rest = (1.0 / 12.0 - 1.0 / (360.0 * x * x)) / x;
        return (x - 0.5) * (ln(x) - 1.0) + (rest + (SCALE - 0.5));
    }
    let (mut t, mut product) = (x, x);
    if x >= 1.0 {
        (t, product) = (x - 1.0, 1.0);
        while t > 1.0 {
            product *= t;
            t -= 1.0;
        }
    }
    let scale = if x < 1.0 { -ln(product) } else { ln(product) };
    t * (t - 1.0) * MIDDLE.iter().fold(0.0, |sum, c| sum * t + c) + scale
}

/// Steps of the recurrence lead to the stretch from 1 to 2, the reflection formula to
/// positive arguments. NaN for negative integers, infinite at 0 and beyond the range.
pub fn tgamma(x: f32) -> f32 {
    /// The gamma function of this is beyond the largest float.
    const TOO_LARGE: f32 = 36.0;
    if x == 0.0 {
        return 1.0 / x;
    }
    if x < 0.0 && x == floor(x) {
        return f32::NAN;
    }
    if x < 0.5 {
        return PI / (sin_pi(x) * tgamma(1.0 - x));
    }
    if x >= TOO_LARGE {
        return f32::INFINITY;
    }
    let (mut y, mut product) = (x, 1.0);
    while y > 2.0 {
        y -= 1.0;
        product *= y;
    }
    if y < 1.0 {
        product /= y;
        y += 1.0;
    }
    product * exp(lgamma(y))
}
