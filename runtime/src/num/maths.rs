//! Elementary functions of the runtime's float, whichever width that is.

use super::Float;
#[cfg(not(feature = "f64"))]
use super::single;

macro_rules! functions {
    ($($name:ident $double:ident $single:ident ($($x:ident),*);)*) => { $(
        #[cfg(feature = "f64")]
        #[inline]
        pub fn $name($($x: Float),*) -> Float {
            libm::$double($($x),*)
        }
        #[cfg(not(feature = "f64"))]
        pub use single::$single as $name;
    )* };
}

functions! {
    acos acos acos (x);
    acosh acosh acosh (x);
    asin asin asin (x);
    asinh asinh asinh (x);
    atan atan atan (x);
    atan2 atan2 atan2 (y, x);
    atanh atanh atanh (x);
    ceil ceil ceil (x);
    cos cos cos (x);
    cosh cosh cosh (x);
    erf erf erf (x);
    erfc erfc erfc (x);
    exp exp exp (x);
    expm1 expm1 expm1 (x);
    floor floor floor (x);
    fmod fmod fmod (x, y);
    hypot hypot hypot (x, y);
    lgamma lgamma lgamma (x);
    log log ln (x);
    log10 log10 log10 (x);
    log2 log2 log2 (x);
    nearest_even rint nearest_even (x);
    pow pow pow (x, y);
    sin sin sin (x);
    sinh sinh sinh (x);
    sqrt sqrt sqrt (x);
    tan tan tan (x);
    tanh tanh tanh (x);
    tgamma tgamma tgamma (x);
    trunc trunc trunc (x);
}

/// `x * 2 ** n`.
#[inline]
pub fn ldexp(x: Float, n: i32) -> Float {
    #[cfg(feature = "f64")]
    let result = libm::ldexp(x, n);
    #[cfg(not(feature = "f64"))]
    let result = single::ldexp(x, n);
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
    let result = single::frexp(x);
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
