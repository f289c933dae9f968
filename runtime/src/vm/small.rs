//! Arithmetic of two small ints on their tagged words, for the dispatch loop and for
//! machine code.
//!
//! A word is twice the number plus one, so that most operators need no shifts. `None`
//! means that the general operator has to do it: overflow, a negative shift count, a
//! divisor below 1.

use super::frame::{Slot, small, value};
use crate::ops::BinaryOp;
use crate::value::Value;

#[inline(always)]
fn word(v: Value) -> isize {
    v.bits() as isize
}

#[inline(always)]
fn number(v: Value) -> isize {
    word(v) >> 1
}

#[inline(always)]
fn tagged(word: isize) -> Value {
    let slot: Slot = small(word as usize);
    // SAFETY: the word of a small int has its lowest bit set and refers to nothing.
    unsafe { value(slot) }
}

/// (2a + 1) + (2b + 1) - 1 = 2(a + b) + 1.
#[inline(always)]
pub(super) fn add(a: Value, b: Value) -> Option<Value> {
    (word(a) - 1).checked_add(word(b)).map(tagged)
}

/// (2a + 1) - 2b = 2(a - b) + 1.
#[inline(always)]
pub(super) fn subtract(a: Value, b: Value) -> Option<Value> {
    word(a).checked_sub(word(b) - 1).map(tagged)
}

/// a · 2b + 1.
#[inline(always)]
pub(super) fn multiply(a: Value, b: Value) -> Option<Value> {
    number(a).checked_mul(word(b) - 1).map(|product| tagged(product + 1))
}

#[inline(always)]
pub(super) fn or(a: Value, b: Value) -> Option<Value> {
    Some(tagged(word(a) | word(b)))
}

#[inline(always)]
pub(super) fn xor(a: Value, b: Value) -> Option<Value> {
    Some(tagged(word(a) ^ word(b) | 1))
}

#[inline(always)]
pub(super) fn and(a: Value, b: Value) -> Option<Value> {
    Some(tagged(word(a) & word(b)))
}

#[inline(always)]
pub(super) fn shift_right(a: Value, b: Value) -> Option<Value> {
    match number(b) {
        n @ 0.. => Some(Value::small(number(a) >> n.min(isize::BITS as isize - 1))),
        _ => None,
    }
}

#[inline(always)]
pub(super) fn shift_left(a: Value, b: Value) -> Option<Value> {
    match (number(a), number(b)) {
        (x, n @ 0..) if n < isize::BITS as isize - 2 => {
            let shifted = x << n;
            if shifted >> n == x { Value::try_small(shifted) } else { None }
        }
        _ => None,
    }
}

#[inline(always)]
pub(super) fn floor_divide(a: Value, b: Value) -> Option<Value> {
    match number(b) {
        n @ 1.. => Some(Value::small(number(a).div_euclid(n))),
        _ => None,
    }
}

#[inline(always)]
pub(super) fn modulo(a: Value, b: Value) -> Option<Value> {
    match number(b) {
        n @ 1.. => Some(Value::small(number(a).rem_euclid(n))),
        _ => None,
    }
}

impl super::Vm {
    /// `a op b` of two small ints where that is simple.
    #[inline]
    pub(crate) fn small_binary(&self, op: BinaryOp, a: Value, b: Value) -> Option<Value> {
        let truth = |b: bool| Some(Value::bool(b));
        match op {
            BinaryOp::Less => truth(word(a) < word(b)),
            BinaryOp::More => truth(word(a) > word(b)),
            BinaryOp::Equal => truth(a == b),
            BinaryOp::LessEqual => truth(word(a) <= word(b)),
            BinaryOp::MoreEqual => truth(word(a) >= word(b)),
            BinaryOp::NotEqual => truth(a != b),
            BinaryOp::Add | BinaryOp::InAdd => add(a, b),
            BinaryOp::Sub | BinaryOp::InSub => subtract(a, b),
            BinaryOp::Mul | BinaryOp::InMul => multiply(a, b),
            BinaryOp::Or | BinaryOp::InOr => or(a, b),
            BinaryOp::Xor | BinaryOp::InXor => xor(a, b),
            BinaryOp::And | BinaryOp::InAnd => and(a, b),
            BinaryOp::Shr | BinaryOp::InShr => shift_right(a, b),
            BinaryOp::Shl | BinaryOp::InShl => shift_left(a, b),
            BinaryOp::FloorDiv | BinaryOp::InFloorDiv => floor_divide(a, b),
            BinaryOp::Mod | BinaryOp::InMod => modulo(a, b),
            _ => None,
        }
    }
}
