//! Folding of numbers. Integers are exact; floats are IEEE doubles, as in the file format.

use num_bigint::{BigInt, Sign};
use num_traits::{Signed, ToPrimitive};

use super::{integer, is_zero};
use crate::hir::{BinOp, CmpOp, Const, Pools, UnaryOp};

/// The largest integer that folding makes, in bits.
const MAX_BITS: u64 = 4096;
/// Up to here every integer is a double exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A constant that takes part in arithmetic. Booleans do not: what their bitwise operators give
/// depends on the board.
pub(super) enum Number {
    Small(i64),
    Big(BigInt),
    Float(f64),
}

impl Number {
    pub fn of(pools: &Pools, value: Const) -> Option<Self> {
        match value {
            Const::Int(value) => Some(Self::Small(value)),
            Const::Float(value) => Some(Self::Float(value)),
            Const::Big(_) => integer(pools, value).map(Self::Big),
            _ => None,
        }
    }

    pub fn into_const(self, pools: &mut Pools) -> Const {
        match self {
            Self::Small(value) => Const::Int(value),
            Self::Big(value) => pools.int(value),
            Self::Float(value) => Const::Float(value),
        }
    }

    fn into_big(self) -> Option<BigInt> {
        match self {
            Self::Small(value) => Some(value.into()),
            Self::Big(value) => Some(value),
            Self::Float(_) => None,
        }
    }

    /// The number as a double, if it is one exactly.
    fn as_float(&self) -> Option<f64> {
        let value = match self {
            Self::Small(value) => *value as f64,
            Self::Big(_) => return None,
            Self::Float(value) => return Some(*value),
        };
        (value.abs() <= EXACT).then_some(value)
    }
}

pub(super) fn unary(op: UnaryOp, value: Number) -> Option<Number> {
    Some(match (op, value) {
        (UnaryOp::Pos, value) => value,
        (UnaryOp::Neg, Number::Float(value)) => Number::Float(-value),
        (UnaryOp::Neg, value) => Number::Big(-value.into_big()?),
        (UnaryOp::Invert, Number::Small(value)) => Number::Small(!value),
        (UnaryOp::Invert, Number::Big(value)) => Number::Big(-value - 1),
        (UnaryOp::Invert, Number::Float(_)) | (UnaryOp::Not, _) => return None,
    })
}

pub(super) fn binary(op: BinOp, left: Number, right: Number) -> Option<Number> {
    if let (Number::Small(a), Number::Small(b)) = (&left, &right)
        && let Some(result) = small(op, *a, *b)
    {
        return Some(Number::Small(result));
    }
    let float = matches!(left, Number::Float(_)) || matches!(right, Number::Float(_));
    if float || op == BinOp::TrueDiv {
        return floats(op, left.as_float()?, right.as_float()?).map(Number::Float);
    }
    if op == BinOp::Pow && matches!(right, Number::Small(i64::MIN..0)) {
        let (base, exponent) = (left.as_float()?, right.as_float()?);
        return (base != 0.0).then(|| Number::Float(base.powf(exponent)));
    }
    integers(op, &left.into_big()?, &right.into_big()?).map(Number::Big)
}

/// The common case, where nothing overflows.
fn small(op: BinOp, a: i64, b: i64) -> Option<i64> {
    match op {
        BinOp::Add => a.checked_add(b),
        BinOp::Sub => a.checked_sub(b),
        BinOp::Mul => a.checked_mul(b),
        BinOp::Or => Some(a | b),
        BinOp::Xor => Some(a ^ b),
        BinOp::And => Some(a & b),
        BinOp::Shr => (b >= 0).then(|| a >> b.min(63)),
        BinOp::FloorDiv => {
            let quotient = a.checked_div(b)?;
            Some(if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
        }
        BinOp::Mod => {
            let rest = a.checked_rem(b)?;
            Some(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
        }
        BinOp::Shl | BinOp::Pow | BinOp::TrueDiv | BinOp::MatMul => None,
    }
}

fn integers(op: BinOp, a: &BigInt, b: &BigInt) -> Option<BigInt> {
    let result = match op {
        BinOp::Add => a + b,
        BinOp::Sub => a - b,
        BinOp::Mul => a * b,
        BinOp::Or => a | b,
        BinOp::Xor => a ^ b,
        BinOp::And => a & b,
        BinOp::Shl => {
            let count = b.to_u64().filter(|&count| count + a.bits() <= MAX_BITS)?;
            a << count
        }
        BinOp::Shr => {
            let count = b.to_u64()?.min(MAX_BITS * 2);
            a >> count
        }
        BinOp::FloorDiv => floor_div(a, b)?.0,
        BinOp::Mod => floor_div(a, b)?.1,
        BinOp::Pow => {
            let exponent = b.to_u32()?;
            if a.bits().saturating_mul(exponent.into()) > MAX_BITS {
                return None;
            }
            a.pow(exponent)
        }
        BinOp::TrueDiv | BinOp::MatMul => return None,
    };
    (result.bits() <= MAX_BITS).then_some(result)
}

/// Quotient towards minus infinity, and the rest that goes with it.
fn floor_div(a: &BigInt, b: &BigInt) -> Option<(BigInt, BigInt)> {
    if is_zero(b) {
        return None;
    }
    let (quotient, rest) = (a / b, a % b);
    if !is_zero(&rest) && (rest.sign() == Sign::Minus) != b.is_negative() {
        Some((quotient - 1, rest + b))
    } else {
        Some((quotient, rest))
    }
}

fn floats(op: BinOp, a: f64, b: f64) -> Option<f64> {
    match op {
        BinOp::Add => Some(a + b),
        BinOp::Sub => Some(a - b),
        BinOp::Mul => Some(a * b),
        BinOp::TrueDiv => (b != 0.0).then(|| a / b),
        BinOp::FloorDiv => (b != 0.0).then(|| float_div(a, b).0),
        BinOp::Mod => (b != 0.0).then(|| float_div(a, b).1),
        BinOp::Pow => {
            let defined = a > 0.0 || (a == 0.0 && b >= 0.0) || b.fract() == 0.0;
            (defined && !(a == 0.0 && b < 0.0)).then(|| a.powf(b)).filter(|r| r.is_finite())
        }
        _ => None,
    }
}

/// Floor division of floats, by the rule that Python documents for `divmod`.
fn float_div(a: f64, b: f64) -> (f64, f64) {
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        rest = 0.0f64.copysign(b);
    } else if (rest < 0.0) != (b < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        quotient = 0.0f64.copysign(a / b);
    } else {
        let floor = quotient.floor();
        quotient = if quotient - floor > 0.5 { floor + 1.0 } else { floor };
    }
    (quotient, rest)
}

pub(super) fn compare(op: CmpOp, a: &Number, b: &Number) -> Option<bool> {
    let order = match (a, b) {
        (Number::Small(a), Number::Small(b)) => a.cmp(b),
        (Number::Big(a), Number::Big(b)) => a.cmp(b),
        (Number::Small(a), Number::Big(b)) => BigInt::from(*a).cmp(b),
        (Number::Big(a), Number::Small(b)) => a.cmp(&BigInt::from(*b)),
        _ => a.as_float()?.partial_cmp(&b.as_float()?)?,
    };
    ordered(op, order)
}

/// What a comparison operator says about an order.
pub(super) fn ordered(op: CmpOp, order: std::cmp::Ordering) -> Option<bool> {
    Some(match op {
        CmpOp::Lt => order.is_lt(),
        CmpOp::Gt => order.is_gt(),
        CmpOp::Eq => order.is_eq(),
        CmpOp::Le => order.is_le(),
        CmpOp::Ge => order.is_ge(),
        CmpOp::Ne => order.is_ne(),
        CmpOp::In | CmpOp::NotIn | CmpOp::Is | CmpOp::IsNot => return None,
    })
}
