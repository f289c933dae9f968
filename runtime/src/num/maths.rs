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
    asin asin asinf (x);
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
    tgamma tgamma tgammaf (x);
    trunc trunc truncf (x);
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
