//! The parts of an IEEE 754 binary float.

/// A binary interchange format.
pub trait Format: Copy {
    /// Bits of precision, with the hidden one.
    const PRECISION: u32;
    /// The exponent of the lowest bit of a subnormal number.
    const MIN_EXP: i32;
    /// The bits of infinity.
    const INFINITY_BITS: u64;

    /// The bits, sign included.
    fn bits(self) -> u64;
    /// The number of these bits.
    fn from_bits(bits: u64) -> Self;
}

/// A format that the machine calculates in.
pub trait Binary: Format {
    /// Powers of ten up to this one, and naturals up to `2 ** PRECISION`, are exact.
    const EXACT_POWER: u32;
    /// Every decimal of so many significant digits survives the way to a float
    /// and back.
    const EXACT_DIGITS: u32;

    /// The nearest float.
    fn from_natural(n: u64) -> Self;
    /// The natural number below, saturating.
    fn to_natural(self) -> u64;
    /// `self * other`, rounded once.
    fn times(self, other: Self) -> Self;
    /// `self / other`, rounded once.
    fn over(self, other: Self) -> Self;
}

macro_rules! binary {
    ($float:ty, $bits:ty, $precision:literal, $min:literal, $power:literal, $digits:literal) => {
        impl Format for $float {
            const PRECISION: u32 = $precision;
            const MIN_EXP: i32 = $min;
            const INFINITY_BITS: u64 = <$float>::INFINITY.to_bits() as u64;

            fn bits(self) -> u64 {
                u64::from(self.to_bits())
            }
            fn from_bits(bits: u64) -> Self {
                <$float>::from_bits(bits as $bits)
            }
        }

        impl Binary for $float {
            const EXACT_POWER: u32 = $power;
            const EXACT_DIGITS: u32 = $digits;

            fn from_natural(n: u64) -> Self {
                n as $float
            }
            fn to_natural(self) -> u64 {
                self as u64
            }
            fn times(self, other: Self) -> Self {
                self * other
            }
            fn over(self, other: Self) -> Self {
                self / other
            }
        }
    };
}
binary!(f32, u32, 24, -149, 10, 6);
binary!(f64, u64, 53, -1074, 22, 15);

/// A number of half precision, for storage only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Half(pub u16);

impl Format for Half {
    const PRECISION: u32 = 11;
    const MIN_EXP: i32 = -24;
    const INFINITY_BITS: u64 = 0x7c00;

    fn bits(self) -> u64 {
        u64::from(self.0)
    }
    fn from_bits(bits: u64) -> Self {
        Half(bits as u16)
    }
}

/// The nearest number in another format.
pub fn convert<F: Format, G: Format>(x: F) -> G {
    let size = match magnitude(x) {
        Magnitude::Finite { mantissa, exponent } => compose(mantissa, exponent, false),
        Magnitude::Infinite => G::from_bits(G::INFINITY_BITS),
        Magnitude::Nan => G::from_bits(G::INFINITY_BITS | 1 << (fraction_bits::<G>() - 1)),
    };
    with_sign(size, is_negative(x))
}

/// The absolute value of a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Magnitude {
    /// `mantissa * 2 ** exponent`; the mantissa is below `2 ** PRECISION`.
    Finite {
        mantissa: u64,
        exponent: i32,
    },
    Infinite,
    Nan,
}

const fn fraction_bits<F: Format>() -> u32 {
    F::PRECISION - 1
}

/// Is the sign bit set?
pub fn is_negative<F: Format>(x: F) -> bool {
    // The sign is the bit above those of infinity.
    x.bits() > F::INFINITY_BITS | ((1 << fraction_bits::<F>()) - 1)
}

/// Takes a float apart; the sign is left out.
pub fn magnitude<F: Format>(x: F) -> Magnitude {
    let fraction_mask = (1u64 << fraction_bits::<F>()) - 1;
    let bits = x.bits() & (F::INFINITY_BITS | fraction_mask);
    if bits >= F::INFINITY_BITS {
        return match bits == F::INFINITY_BITS {
            true => Magnitude::Infinite,
            false => Magnitude::Nan,
        };
    }
    let (biased, fraction) = ((bits >> fraction_bits::<F>()) as i32, bits & fraction_mask);
    match biased {
        0 => Magnitude::Finite { mantissa: fraction, exponent: F::MIN_EXP },
        _ => Magnitude::Finite {
            mantissa: fraction | (fraction_mask + 1),
            exponent: F::MIN_EXP + biased - 1,
        },
    }
}

/// The float nearest to `(mantissa + d) * 2 ** exponent`, where `d` is 0, or
/// something between 0 and 1 when `sticky`; ties go to even, too large is infinite.
/// With `sticky` the mantissa must have its top bit set.
pub fn compose<F: Format>(mantissa: u64, exponent: i32, sticky: bool) -> F {
    if mantissa == 0 {
        return F::from_bits(0);
    }
    let zeros = mantissa.leading_zeros();
    let mantissa = mantissa << zeros;
    let exponent = exponent.saturating_sub(zeros as i32);
    // How many low bits of the mantissa are below the float's lowest bit.
    let drop = (64 - F::PRECISION as i32).max(F::MIN_EXP.saturating_sub(exponent));
    if drop > 64 {
        return F::from_bits(0);
    }
    let kept = mantissa.checked_shr(drop as u32).unwrap_or(0);
    let half = 1u64 << (drop - 1);
    let dropped = mantissa & (half | (half - 1));
    let up = dropped > half || dropped == half && (sticky || kept & 1 == 1);
    let steps = exponent.saturating_add(drop).saturating_sub(F::MIN_EXP);
    if steps as u64 >= F::INFINITY_BITS >> fraction_bits::<F>() {
        return F::from_bits(F::INFINITY_BITS);
    }
    // The hidden bit counts as one step of the exponent, and so does a carry.
    let bits = ((steps as u64) << fraction_bits::<F>()) + kept + u64::from(up);
    F::from_bits(bits.min(F::INFINITY_BITS))
}

/// The number with its sign bit turned.
pub fn with_sign<F: Format>(x: F, negative: bool) -> F {
    let sign = (F::INFINITY_BITS | ((1 << fraction_bits::<F>()) - 1)) + 1;
    F::from_bits(if negative { x.bits() | sign } else { x.bits() & !sign })
}
