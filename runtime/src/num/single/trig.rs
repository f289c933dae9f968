//! Sine and its kin, the arc tangent and its kin.

use super::{MANTISSA, split, sqrt};
use core::f32::consts::{FRAC_PI_2, FRAC_PI_4, PI};

/// What π/2 has beyond its float.
const PI_2_REST: f32 = -4.371_139e-8;

/// The bits of 2/π, behind a word of zeros.
static TWO_BY_PI: [u32; 8] =
    [0, 0xA2F9_836E, 0x4E44_1529, 0xFC27_57D1, 0xF534_DDC0, 0xDB62_9599, 0x3C43_9041, 0xFE51_63AB];

/// An angle in radians: the number of its quadrant, counted from the one around zero,
/// and what is left, in two parts, of at most π/4.
struct Angle {
    quadrant: u32,
    rest: f32,
    more: f32,
}

/// `|x|`, which is finite.
fn angle(x: f32) -> Angle {
    let x = x.abs();
    if x < FRAC_PI_4 {
        return Angle { quadrant: 0, rest: x, more: 0.0 };
    }
    let (m, e) = split(x);
    // A product with a bit of 2/π that counts whole turns need not be made: of the bits,
    // those from `first` on are taken, which gives the product modulo 4.
    let first = (e - 2 + 32) as u32;
    let word = |k: u32| {
        let (at, shift) = (((first >> 5) + k) as usize, first & 31);
        let of = |i: usize| u64::from(TWO_BY_PI.get(i).copied().unwrap_or(0));
        ((of(at) << 32 | of(at + 1)) << shift) >> 32
    };
    let m = u64::from(m);
    let turn = ((m * word(0)) << 32).wrapping_add(m * word(1)).wrapping_add((m * word(2)) >> 32);
    // Two bits are before the point.
    let quadrant = (turn.wrapping_add(1 << 61) >> 62) as u32;
    let fraction = turn.wrapping_sub(u64::from(quadrant) << 62) as i64;
    let size = fraction.unsigned_abs().max(1);
    let up = size.leading_zeros();
    // π/2 with 31 bits behind the point.
    let radians = ((((size << (up & 63)) >> 32) * 0xC90F_DAA2) >> 32) as u32;
    let scale = f32::from_bits((98 - up) << MANTISSA);
    let scale = if fraction < 0 { -scale } else { scale };
    let rest = (radians & !0xFF) as f32 * scale;
    let more = (radians & 0xFF) as f32 * scale;
    Angle { quadrant, rest, more }
}

impl Angle {
    fn sin(&self) -> f32 {
        let z = self.rest * self.rest;
        let p = -0.166_666_67 + z * (0.008_333_332 + z * (-0.000_198_400_64 + z * 2.724_690_6e-6));
        self.rest + (self.more + self.rest * z * p)
    }

    fn cos(&self) -> f32 {
        let z = self.rest * self.rest;
        let p = 0.041_666_664 + z * (-0.001_388_829_2 + z * 2.454_546_8e-5);
        let half = 0.5 * z;
        let whole = 1.0 - half;
        whole + ((1.0 - whole - half) + (z * z * p - self.rest * self.more))
    }

    /// The sine of so many quadrants more.
    fn wave(&self, more: u32) -> f32 {
        let turns = self.quadrant + more;
        let y = if turns & 1 == 0 { self.sin() } else { self.cos() };
        if turns & 2 == 0 { y } else { -y }
    }
}

pub fn sin(x: f32) -> f32 {
    if !x.is_finite() {
        return f32::NAN;
    }
    let y = angle(x).wave(0);
    if x.is_sign_negative() { -y } else { y }
}

pub fn cos(x: f32) -> f32 {
    if x.is_finite() { angle(x).wave(1) } else { f32::NAN }
}

pub fn tan(x: f32) -> f32 {
    sin(x) / cos(x)
}

pub fn atan(x: f32) -> f32 {
    /// tan(π/8) and tan(3π/8).
    const LOW: f32 = 0.414_213_57;
    const HIGH: f32 = 2.414_213_7;
    let size = x.abs();
    let (quarters, t) = if size > HIGH {
        (2.0, -1.0 / size)
    } else if size > LOW {
        (1.0, (size - 1.0) / (size + 1.0))
    } else {
        (0.0, size)
    };
    let z = t * t;
    let p = 0.107_458_35 + z * -0.064_578_34;
    let p = -0.333_333_3 + z * (0.199_995_49 + z * (-0.142_641_9 + z * p));
    let y = quarters * FRAC_PI_4 + (t + (t * z * p + quarters * (PI_2_REST / 2.0)));
    y.copysign(x)
}

pub fn atan2(y: f32, x: f32) -> f32 {
    if x.is_nan() || y.is_nan() {
        return f32::NAN;
    }
    let angle = if y == 0.0 {
        0.0
    } else if x.is_infinite() && y.is_infinite() {
        FRAC_PI_4
    } else {
        atan((y / x).abs())
    };
    let angle = if x.is_sign_negative() { PI - (angle - 2.0 * PI_2_REST) } else { angle };
    angle.copysign(y)
}

/// The other side of the triangle with this one and hypotenuse 1.
fn side(x: f32) -> f32 {
    sqrt((1.0 - x) * (1.0 + x))
}

/// The arc tangent has no trouble near 1.
pub fn asin(x: f32) -> f32 {
    atan2(x, side(x))
}

pub fn acos(x: f32) -> f32 {
    atan2(side(x), x)
}

/// `sin(π x)`, for the reflection of the gamma function.
pub(super) fn sin_pi(x: f32) -> f32 {
    let turn = x - 2.0 * super::floor(x / 2.0);
    let (turn, sign) = if turn > 1.0 { (turn - 1.0, -1.0) } else { (turn, 1.0) };
    let turn = if turn > 0.5 { 1.0 - turn } else { turn };
    sign * sin(FRAC_PI_2 * (turn + turn))
}
