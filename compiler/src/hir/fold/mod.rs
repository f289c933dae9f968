//! Constant folding: operators on constants, with the results that a board computes.
//!
//! Folding never raises and never grows a program: what would raise, what depends on how a board
//! was built (complex numbers, identity of numbers and strings, arithmetic on `bool`), and what is
//! much longer than its operands is left alone.

mod number;
mod text;

use num_bigint::BigInt;
use num_traits::Zero;

use super::{BinOp, CmpOp, Const, Pools, Symbols, UnaryOp};
use number::Number;

/// Whether a condition on this constant holds; `None` if that is not known.
pub fn truth(pools: &Pools, symbols: &Symbols, value: Const) -> Option<bool> {
    Some(match value {
        Const::None | Const::False => false,
        Const::True | Const::Ellipsis | Const::Big(_) => true,
        Const::Int(value) => value != 0,
        Const::Float(value) => value != 0.0,
        Const::Complex(id) => pools[id] != (0.0, 0.0),
        Const::Str(text) => !symbols.get(text).is_empty(),
        Const::Bytes(id) => !pools[id].is_empty(),
        Const::Tuple(members) => !members.is_empty(),
    })
}

/// `op value`
pub fn unary(pools: &mut Pools, symbols: &Symbols, op: UnaryOp, value: Const) -> Option<Const> {
    if op == UnaryOp::Not {
        return truth(pools, symbols, value).map(|holds| Const::bool(!holds));
    }
    let number = Number::of(pools, value)?;
    number::unary(op, number).map(|result| result.into_const(pools))
}

/// `left op right`
pub fn binary(
    pools: &mut Pools,
    symbols: &mut Symbols,
    op: BinOp,
    left: Const,
    right: Const,
) -> Option<Const> {
    if let (Some(a), Some(b)) = (Number::of(pools, left), Number::of(pools, right)) {
        return number::binary(op, a, b).map(|result| result.into_const(pools));
    }
    text::binary(pools, symbols, op, left, right)
}

/// `left op right`
pub fn compare(
    pools: &Pools,
    symbols: &Symbols,
    op: CmpOp,
    left: Const,
    right: Const,
) -> Option<bool> {
    match op {
        CmpOp::Is | CmpOp::IsNot => {
            let same = identity(left)? == identity(right)?;
            Some(same == (op == CmpOp::Is))
        }
        CmpOp::In | CmpOp::NotIn => {
            let found = text::contains(pools, symbols, right, left)?;
            Some(found == (op == CmpOp::In))
        }
        _ => {
            if let (Some(a), Some(b)) = (Number::of(pools, left), Number::of(pools, right)) {
                return number::compare(op, &a, &b);
            }
            text::compare(pools, symbols, op, left, right)
        }
    }
}

/// `object[index]`
pub fn subscript(
    pools: &Pools,
    symbols: &mut Symbols,
    object: Const,
    index: Const,
) -> Option<Const> {
    text::subscript(pools, symbols, object, index)
}

/// Which of the objects that exist once it is.
fn identity(value: Const) -> Option<u8> {
    match value {
        Const::None => Some(0),
        Const::False => Some(1),
        Const::True => Some(2),
        Const::Ellipsis => Some(3),
        _ => None,
    }
}

/// Whether it is an integer, and its value.
fn integer(pools: &Pools, value: Const) -> Option<BigInt> {
    match value {
        Const::Int(value) => Some(value.into()),
        Const::Big(id) => Some(pools[id].clone()),
        _ => None,
    }
}

/// Whether an integer is zero.
fn is_zero(value: &BigInt) -> bool {
    value.is_zero()
}

#[cfg(test)]
mod tests;
