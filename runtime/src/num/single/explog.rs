//! Logarithms and powers.
//!
//! Both cores are for base 2. [`log`] is accurate relatively, also next to 1, where it
//! is nearly zero: it is an integer and a power of two as a float is, but of 31 bits.
//! [`exp`] takes its argument as such a thing times a float, so that `x ** y` has all
//! bits of `y * log2(x)` that matter.

use super::{MANTISSA, float, normal, split, sqrt, trunc};

/// A positive or negative number: `±m * 2 ** e`.
#[derive(Clone, Copy)]
struct Long {
    negative: bool,
    /// At most 40 bits.
    m: u64,
    e: i32,
}

/// 1, log2(e) and log10(e) with 31 bits behind the point.
const ONE: u32 = 0x8000_0000;
const LOG2_E: u32 = 0xB8AA_3B29;
const LOG10_E: u32 = 0x3796_F62A;

/// 1, ln(2) and log10(2) with `FINE` bits behind the point.
const FINE: u32 = 48;
const WHOLE: u64 = 1 << FINE;
const LN_2: u64 = 0xB172_17F7_D1CF;
const LOG10_2: u64 = 0x4D10_4D42_7DE8;

/// The logarithm of `x > 0`, finite: `octave` is that of 2, `natural` that of e, with
/// `FINE` and with 31 bits behind the point.
fn log(x: f32, octave: u64, natural: u32) -> Long {
    /// The root of 2 as a float's integer.
    const ROOT_2: u32 = 0xB5_04F3;
    let (m, e) = split(x);
    let mut octaves = e + MANTISSA as i32;
    let mut one = 1 << MANTISSA;
    if m > ROOT_2 {
        octaves += 1;
        one <<= 1;
    }
    // ln(v) = 2 * (s + s**3/3 + s**5/5 + …) for s = (v - 1) / (v + 1) = n / d.
    let (n, d) = (m.abs_diff(one), m + one);
    let negative = m < one;
    let mut small = Long { negative, m: 0, e: 0 };
    if n != 0 {
        let up = n.leading_zeros();
        let s = (u64::from(n << (up & 31)) << 32) / u64::from(d);
        let square = {
            let s = (s >> (up & 63)) as u32;
            ((u64::from(s) * u64::from(s)) >> 32) as u32
        };
        let mut series = 0u32;
        for k in [11, 9, 7, 5, 3] {
            let sum = u32::MAX / k + series;
            series = ((u64::from(sum) * u64::from(square)) >> 32) as u32;
        }
        let (s, higher) = normal(s);
        let s = s >> 33;
        let sum = s + ((s * u64::from(series)) >> 32);
        let product = (sum * u64::from(natural)) >> 31;
        // s has 32 + up bits behind the point, and is doubled.
        small = Long { negative, m: product, e: 33 - higher - 31 - up as i32 };
    }
    if octaves == 0 {
        return small;
    }
    // Together they are at least a third of `octave`: nothing is lost.
    let fine = small.e + FINE as i32;
    let small = if fine < 0 { small.m >> (-fine).min(63) } else { small.m << (fine & 63) };
    let small = if negative { -(small as i64) } else { small as i64 };
    let sum = i64::from(octaves) * octave as i64 + small;
    let (m, up) = normal(sum.unsigned_abs());
    Long { negative: sum < 0, m: m >> 24, e: 24 - up - FINE as i32 }
}

fn log_of(x: f32, octave: u64, natural: u32) -> f32 {
    if x == 0.0 {
        return f32::NEG_INFINITY;
    }
    if x.is_nan() || x < 0.0 {
        return f32::NAN;
    }
    if x == f32::INFINITY {
        return x;
    }
    let Long { negative, m, e } = log(x, octave, natural);
    let y = float(m, e);
    if negative { -y } else { y }
}

pub fn ln(x: f32) -> f32 {
    log_of(x, LN_2, ONE)
}

pub fn log2(x: f32) -> f32 {
    log_of(x, WHOLE, LOG2_E)
}

pub fn log10(x: f32) -> f32 {
    log_of(x, LOG10_2, LOG10_E)
}

/// `2 ** (x * l + more)`; `x` is finite and not zero, and `l` neither.
fn exp2(x: f32, l: Long, more: i32) -> f32 {
    /// Bits behind the point of the exponent, and of the power.
    const POINT: i32 = 40;
    const ONE: i64 = 1 << 30;
    /// ln(2) with 32 bits behind the point.
    const LN_2: i64 = 0xB172_17F8;
    let (m, e) = split(x);
    let negative = l.negative != x.is_sign_negative();
    let (product, up) = normal(u64::from(m) * l.m);
    // So many bits are before the point.
    let whole = e + l.e - up + 64;
    if whole > 9 {
        return if negative { 0.0 } else { f32::INFINITY };
    }
    let size = (product >> (64 - POINT - whole).min(63)) as i64;
    let exponent = if negative { -size } else { size };
    let n = (exponent + (1 << (POINT - 1))) >> POINT;
    let x = (((exponent - (n << POINT)) >> (POINT - 32)) * LN_2) >> 34;
    let mut sum = ONE;
    for k in (1..=7).rev() {
        sum = ONE + i64::from(((x * sum) >> 30) as i32 / k);
    }
    float(sum as u64, n as i32 + more - 30)
}

pub fn exp(x: f32) -> f32 {
    scaled_exp(x, 0)
}

/// `exp(x) * 2 ** more`, finite if that is.
fn scaled_exp(x: f32, more: i32) -> f32 {
    /// Beyond this the result is infinite or zero.
    const FAR: f32 = 200.0;
    if x == 0.0 || x.is_nan() {
        return super::ldexp(x + 1.0, more);
    }
    exp2(x.clamp(-FAR, FAR), Long { negative: false, m: 0xB8_AA3B_295C, e: -39 }, more)
}

pub fn pow(x: f32, y: f32) -> f32 {
    if y == 0.0 || x == 1.0 {
        return 1.0;
    }
    if x.is_nan() || y.is_nan() {
        return f32::NAN;
    }
    let size = x.abs();
    let is_whole = trunc(y) == y;
    let is_odd = is_whole && trunc(y / 2.0) * 2.0 != y;
    let power = if size == 1.0 {
        1.0
    } else if y.abs() == f32::INFINITY || size == f32::INFINITY || size == 0.0 {
        if (size > 1.0) == (y > 0.0) { f32::INFINITY } else { 0.0 }
    } else {
        exp2(y, log(size, WHOLE, LOG2_E), 0)
    };
    if x.is_sign_positive() || (size == f32::INFINITY || x == 0.0) && !is_odd {
        return power;
    }
    match (is_odd, is_whole) {
        (true, _) => -power,
        (_, true) => power,
        _ if y.abs() == f32::INFINITY => power,
        _ => f32::NAN,
    }
}

/// Below this, differences of powers cancel, and a series is taken.
const SMALL: f32 = 1.0;

pub fn sinh(x: f32) -> f32 {
    let square = x * x;
    if x.abs() < SMALL {
        let mut sum = 1.0;
        for k in [110.0, 72.0, 42.0, 20.0, 6.0] {
            sum = 1.0 + square / k * sum;
        }
        return x * sum;
    }
    let half = scaled_exp(x.abs(), -1);
    (half - 0.25 / half).copysign(x)
}

pub fn cosh(x: f32) -> f32 {
    let half = scaled_exp(x.abs(), -1);
    half + 0.25 / half
}

pub fn tanh(x: f32) -> f32 {
    /// From here on the result is 1.
    const LARGE: f32 = 10.0;
    if x.abs() > LARGE { 1f32.copysign(x) } else { sinh(x) / cosh(x) }
}

pub fn expm1(x: f32) -> f32 {
    /// From here on down the result is -1.
    const LEAST: f32 = -20.0;
    if x < LEAST {
        return -1.0;
    }
    if x.abs() >= SMALL {
        return exp(x) - 1.0;
    }
    2.0 * sinh(x / 2.0) * exp(x / 2.0)
}

/// `ln(1 + x)`: what is lost as 1 is added is lost in both factors of the quotient.
fn log1p(x: f32) -> f32 {
    let sum = 1.0 + x;
    if sum == 1.0 || sum == f32::INFINITY { x } else { ln(sum) * (x / (sum - 1.0)) }
}

pub fn asinh(x: f32) -> f32 {
    let size = x.abs();
    let y = if size > 1e9 {
        ln(size) + core::f32::consts::LN_2
    } else {
        let square = size * size;
        log1p(size + square / (1.0 + sqrt(square + 1.0)))
    };
    y.copysign(x)
}

pub fn acosh(x: f32) -> f32 {
    if x < 1.0 {
        return f32::NAN;
    }
    if x > 1e9 {
        return ln(x) + core::f32::consts::LN_2;
    }
    let beyond = x - 1.0;
    log1p(beyond + sqrt(beyond * (x + 1.0)))
}

pub fn atanh(x: f32) -> f32 {
    let size = x.abs();
    (0.5 * log1p(2.0 * size / (1.0 - size))).copysign(x)
}

/// `exp(-x * x)`, the square's rounding not showing in the power.
pub(super) fn bell(x: f32) -> f32 {
    let head = f32::from_bits(x.to_bits() & !0xFFF);
    exp(-head * head) * exp(-(x - head) * (x + head))
}
