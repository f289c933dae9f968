//! Elementary functions of the runtime's float, whichever width that is.

use super::Float;

macro_rules! functions {
    ($($name:ident $double:ident $single:ident ($($x:ident),*);)*) => { $(
        #[cfg(feature = "f64")]
        #[inline]
        pub fn $name($($x: Float),*) -> Float {
            libm::$double($($x),*)
        }
        #[cfg(not(feature = "f64"))]
        #[inline]
        pub fn $name($($x: Float),*) -> Float {
            libm::$single($($x),*)
        }
    )* };
}

functions! {
    acos acos acosf (x);
    acosh acosh acoshf (x);
    asinh asinh asinhf (x);
    atan atan atanf (x);
    atan2 atan2 atan2f (y, x);
    atanh atanh atanhf (x);
    ceil ceil ceilf (x);
    cos cos cosf (x);
    cosh cosh coshf (x);
    erf erf erff (x);
    erfc erfc erfcf (x);
    exp exp expf (x);
    expm1 expm1 expm1f (x);
    floor floor floorf (x);
    fmod fmod fmodf (x, y);
    hypot hypot hypotf (x, y);
    lgamma lgamma lgammaf (x);
    log log logf (x);
    log10 log10 log10f (x);
    log2 log2 log2f (x);
    nearest_even rint rintf (x);
    pow pow powf (x, y);
    sin sin sinf (x);
    sinh sinh sinhf (x);
    sqrt sqrt sqrtf (x);
    tan tan tanf (x);
    tanh tanh tanhf (x);
    trunc trunc truncf (x);
}

#[cfg(feature = "f64")]
pub use libm::{asin, tgamma};

// In single precision these two of `libm` calculate in doubles, which few chips have
// hardware for: 5 KB of flash that nothing else asks for.

/// By way of the arc tangent, which has no trouble near 1.
#[cfg(not(feature = "f64"))]
pub fn asin(x: Float) -> Float {
    atan2(x, sqrt((1.0 - x) * (1.0 + x)))
}

/// Steps of the recurrence lead to the stretch from 1 to 2, the reflection formula to
/// positive arguments. NaN for negative integers, infinite at 0 and beyond the range.
#[cfg(not(feature = "f64"))]
pub fn tgamma(x: Float) -> Float {
    /// The gamma function of this is beyond the largest float.
    const TOO_LARGE: Float = 36.0;
    if x == 0.0 {
        return 1.0 / x;
    }
    if x < 0.0 && x == floor(x) {
        return Float::NAN;
    }
    if x < 0.5 {
        let turn = x - 2.0 * floor(x / 2.0);
        let pi = core::f32::consts::PI;
        return pi / (sin(pi * turn) * tgamma(1.0 - x));
    }
    if x >= TOO_LARGE {
        return Float::INFINITY;
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

/// `x * 2 ** n`.
#[inline]
pub fn ldexp(x: Float, n: i32) -> Float {
    #[cfg(feature = "f64")]
    let result = libm::ldexp(x, n);
    #[cfg(not(feature = "f64"))]
    let result = libm::ldexpf(x, n);
    result
}

/// A fraction of at least a half and below one, and the power of two it is times.
pub fn frexp(x: Float) -> (Float, i32) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    #[cfg(feature = "f64")]
    let result = libm::frexp(x);
    #[cfg(not(feature = "f64"))]
    let result = libm::frexpf(x);
    result
}

/// Python's floor division and modulo: the remainder has the divisor's sign, and
/// both fit together. The divisor is not zero.
pub fn divmod(x: Float, y: Float) -> (Float, Float) {
    let rest = fmod(x, y);
    let mut quotient = (x - rest) / y;
    let rest = if rest == 0.0 {
        Float::copysign(0.0, y)
    } else if (rest < 0.0) != (y < 0.0) {
        quotient -= 1.0;
        rest + y
    } else {
        rest
    };
    let whole = if quotient == 0.0 {
        Float::copysign(0.0, x / y)
    } else {
        // The quotient is nearly whole; make it so.
        let below = floor(quotient);
        if quotient - below > 0.5 { below + 1.0 } else { below }
    };
    (whole, rest)
}
