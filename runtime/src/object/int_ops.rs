//! Operators of two ints.
//!
//! Small ints are calculated in machine words; what overflows, and everything else,
//! goes the general way over limbs. Either operand may be a bool.

use super::header_int::{Limbs, word};
use super::int::{Room, small_of};
use crate::error::{Res, TYPE_ERROR, VALUE_ERROR, ZERO_DIVISION_ERROR};
use crate::level::BIG_INTS;
use crate::num::big::{
    self, Limb, bit_length, is_zero, pow,
    signed::{self, Bitwise, Int},
};
use crate::ops::BinaryOp;
use crate::value::Value;
use crate::vm::Vm;

pub(super) fn int_binary(vm: &Vm, op: BinaryOp, this: Value, other: Value) -> Res {
    let op = op.plain();
    let (op, a, b) = match op.unreversed() {
        Some(op) => (op, other, this),
        None => (op, this, other),
    };
    if let (Some(x), Some(y)) = (small_of(a), small_of(b))
        && let Some(result) = small_binary(vm, op, x, y)
    {
        return result;
    }
    if !BIG_INTS {
        return without_big(vm, op, a, b);
    }
    let (mut left, mut right) = (Room::default(), Room::default());
    match (vm.int_value(a, &mut left), vm.int_value(b, &mut right)) {
        (Some(a), Some(b)) => big_binary(vm, op, a, b),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// What words cannot do, where there is nothing but words.
fn without_big(vm: &Vm, op: BinaryOp, a: Value, b: Value) -> Res {
    let (Some(x), Some(y)) = (small_of(a), small_of(b)) else { return Ok(Value::NOT_IMPLEMENTED) };
    match op {
        BinaryOp::FloorDiv | BinaryOp::Mod | BinaryOp::DivMod if y == 0 => zero_division(vm),
        BinaryOp::DivMod => {
            let (quotient, rest) = floor_divide(x, y);
            vm.new_tuple(&[vm.new_int(quotient as i64)?, Value::small(rest)])
        }
        BinaryOp::Shl | BinaryOp::Shr | BinaryOp::Pow if y < 0 => vm.raise_type(&VALUE_ERROR),
        BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Shl | BinaryOp::Pow => {
            vm.too_large()
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// Python's floor division and modulo; `y` is not zero.
fn floor_divide(x: isize, y: isize) -> (isize, isize) {
    let (quotient, rest) = (x.wrapping_div(y), x.wrapping_rem(y));
    if rest != 0 && (rest < 0) != (y < 0) { (quotient - 1, rest + y) } else { (quotient, rest) }
}

/// The operators on words; `None` if the result is not one or takes the general way.
fn small_binary(vm: &Vm, op: BinaryOp, x: isize, y: isize) -> Option<Res> {
    let result = match op {
        BinaryOp::Less => return Some(Ok(Value::bool(x < y))),
        BinaryOp::More => return Some(Ok(Value::bool(x > y))),
        BinaryOp::LessEqual => return Some(Ok(Value::bool(x <= y))),
        BinaryOp::MoreEqual => return Some(Ok(Value::bool(x >= y))),
        BinaryOp::Equal => return Some(Ok(Value::bool(x == y))),
        BinaryOp::Add => x.checked_add(y)?,
        BinaryOp::Sub => x.checked_sub(y)?,
        BinaryOp::Mul => x.checked_mul(y)?,
        BinaryOp::And => x & y,
        BinaryOp::Or => x | y,
        BinaryOp::Xor => x ^ y,
        BinaryOp::FloorDiv if y != 0 => floor_divide(x, y).0,
        BinaryOp::Mod if y != 0 => floor_divide(x, y).1,
        BinaryOp::Shr if y >= 0 => x >> y.min(isize::BITS as isize - 1),
        BinaryOp::Shl if (0..isize::BITS as isize - 1).contains(&y) => {
            let shifted = x << y;
            if shifted >> y != x {
                return None;
            }
            shifted
        }
        BinaryOp::Pow if y >= 0 => small_power(x, y)?,
        _ => return None,
    };
    Some(vm.new_int(result as i64))
}

fn small_power(x: isize, y: isize) -> Option<isize> {
    let (mut base, mut left, mut result) = (x, y, 1isize);
    loop {
        if left & 1 == 1 {
            result = result.checked_mul(base)?;
        }
        left >>= 1;
        if left == 0 {
            return Some(result);
        }
        base = base.checked_mul(base)?;
    }
}

#[cold]
pub(super) fn zero_division<T>(vm: &Vm) -> Res<T> {
    vm.raise(&ZERO_DIVISION_ERROR, "divide by zero")
}

/// The operators on any ints.
fn big_binary(vm: &Vm, op: BinaryOp, a: Int<'_>, b: Int<'_>) -> Res {
    let ordering =
        |wanted: fn(core::cmp::Ordering) -> bool| Ok(Value::bool(wanted(signed::compare(a, b))));
    match op {
        BinaryOp::Less => ordering(|order| order.is_lt()),
        BinaryOp::More => ordering(|order| order.is_gt()),
        BinaryOp::LessEqual => ordering(|order| order.is_le()),
        BinaryOp::MoreEqual => ordering(|order| order.is_ge()),
        BinaryOp::Equal => ordering(|order| order.is_eq()),
        BinaryOp::Add => sum(vm, a, b),
        BinaryOp::Sub => sum(vm, a, b.negated()),
        BinaryOp::Mul => {
            let mut limbs = vm.new_limbs(a.magnitude.len() + b.magnitude.len())?;
            big::mul(&mut limbs, a.magnitude, b.magnitude, &|| !vm.is_interrupted());
            vm.poll()?;
            Ok(limbs.finish(vm, a.negative != b.negative))
        }
        BinaryOp::And => bitwise(vm, Bitwise::And, a, b),
        BinaryOp::Or => bitwise(vm, Bitwise::Or, a, b),
        BinaryOp::Xor => bitwise(vm, Bitwise::Xor, a, b),
        BinaryOp::FloorDiv => Ok(divide(vm, a, b)?.0.finish(vm, a.negative != b.negative)),
        BinaryOp::Mod => Ok(divide(vm, a, b)?.1.finish(vm, b.negative)),
        BinaryOp::DivMod => {
            let (quotient, rest) = divide(vm, a, b)?;
            let quotient = quotient.finish(vm, a.negative != b.negative);
            vm.new_tuple(&[quotient, rest.finish(vm, b.negative)])
        }
        BinaryOp::TrueDiv if is_zero(b.magnitude) => zero_division(vm),
        BinaryOp::TrueDiv => vm.int_true_divide(a, b),
        BinaryOp::Shl | BinaryOp::Shr => shift(vm, op, a, b),
        BinaryOp::Pow if b.sign() < 0 => vm.int_negative_power(a, b),
        BinaryOp::Pow => power(vm, a, b),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn sum(vm: &Vm, a: Int<'_>, b: Int<'_>) -> Res {
    let mut limbs = vm.new_limbs(signed::sum_len(a, b))?;
    let negative = signed::sum(&mut limbs, a, b);
    Ok(limbs.finish(vm, negative))
}

fn bitwise(vm: &Vm, op: Bitwise, a: Int<'_>, b: Int<'_>) -> Res {
    let mut limbs = vm.new_limbs(signed::sum_len(a, b))?;
    let negative = signed::bitwise(&mut limbs, op, a, b);
    Ok(limbs.finish(vm, negative))
}

/// Magnitudes of the floored quotient and of the remainder, whose sign is `b`'s.
fn divide(vm: &Vm, a: Int<'_>, b: Int<'_>) -> Res<(Limbs, Limbs)> {
    if is_zero(b.magnitude) {
        return zero_division(vm);
    }
    let width = b.magnitude.len();
    let mut rest = vm.new_limbs(a.magnitude.len().max(width) + 1)?;
    if let Some(low) = rest.get_mut(..a.magnitude.len()) {
        low.copy_from_slice(a.magnitude);
    }
    let mut quotient = vm.new_limbs(rest.len() - width + 1)?;
    let differ = a.negative != b.negative;
    let mut few = [0; 16];
    match few.get_mut(..width) {
        Some(den) => floor_divide_by(vm, &mut rest, den, &mut quotient, b.magnitude, differ),
        None => {
            let mut den = vm.new_limbs(width)?;
            floor_divide_by(vm, &mut rest, &mut den, &mut quotient, b.magnitude, differ);
        }
    }
    vm.poll()?;
    Ok((quotient, rest))
}

fn floor_divide_by(
    vm: &Vm,
    rest: &mut [Limb],
    den: &mut [Limb],
    quotient: &mut [Limb],
    by: &[Limb],
    signs_differ: bool,
) {
    den.copy_from_slice(by);
    signed::floor_divide(rest, den, quotient, signs_differ, &|| !vm.is_interrupted());
}

fn shift(vm: &Vm, op: BinaryOp, a: Int<'_>, b: Int<'_>) -> Res {
    let Some(count) = word(b) else { return vm.too_large() };
    let Ok(count) = usize::try_from(count) else {
        return vm.raise(&VALUE_ERROR, "negative shift count");
    };
    if is_zero(a.magnitude) {
        return Ok(Value::small(0));
    }
    let limbs = if op == BinaryOp::Shl {
        let mut limbs = vm.new_limbs(signed::shift_left_len(a, count))?;
        signed::shift_left(&mut limbs, a, count);
        limbs
    } else {
        let mut limbs = vm.new_limbs(signed::shift_right_len(a, count))?;
        signed::shift_right(&mut limbs, a, count);
        limbs
    };
    Ok(limbs.finish(vm, a.negative))
}

fn power(vm: &Vm, a: Int<'_>, b: Int<'_>) -> Res {
    let odd = big::bit(b.magnitude, 0);
    if bit_length(a.magnitude) <= 1 {
        // 0, 1 and -1 to any power.
        return Ok(match a.sign() {
            _ if is_zero(b.magnitude) => Value::small(1),
            -1 if odd => Value::small(-1),
            0 => Value::small(0),
            _ => Value::small(1),
        });
    }
    let exponent = word(b).and_then(|n| usize::try_from(n).ok());
    let len = exponent.and_then(|n| Some((n, pow::power_len(a.magnitude, n)?)));
    let Some((exponent, len)) = len else { return vm.raise_memory() };
    let mut limbs = vm.new_limbs(len)?;
    let mut scratch = vm.new_limbs(len)?;
    let wanted = || !vm.is_interrupted();
    pow::power(&mut limbs, &mut scratch, a.magnitude, exponent, &wanted);
    vm.poll()?;
    Ok(limbs.finish(vm, a.negative && odd))
}

impl Vm {
    /// `pow(base, exponent, modulus)`. Errors: TypeError, ValueError.
    pub fn pow_mod(&self, base: Value, exponent: Value, modulus: Value) -> Res {
        let (mut r1, mut r2, mut r3) = (Room::default(), Room::default(), Room::default());
        let (Some(_), Some(exponent), Some(modulus)) = (
            self.int_value(base, &mut r1),
            self.int_value(exponent, &mut r2),
            self.int_value(modulus, &mut r3),
        ) else {
            return self.raise(&TYPE_ERROR, "pow() with 3 arguments requires integers");
        };
        if is_zero(modulus.magnitude) {
            return self.raise(&VALUE_ERROR, "divide by zero");
        }
        let size = self.new_integer(Int { negative: false, ..modulus })?;
        let base = if exponent.sign() < 0 {
            self.inverse(base, size)?
        } else {
            self.binary(BinaryOp::Mod, base, size)?
        };
        let Some(base) = self.int_value(base, &mut r1) else { return Ok(Value::NOT_IMPLEMENTED) };
        let width = modulus.magnitude.len();
        let mut limbs = self.new_limbs(width)?;
        let mut scratch = self.new_limbs(pow::power_mod_scratch(width))?;
        let mut by = self.new_limbs(width)?;
        by.copy_from_slice(modulus.magnitude);
        let (base, exponent) = (base.magnitude, exponent.magnitude);
        let wanted = || !self.is_interrupted();
        pow::power_mod(&mut limbs, &mut scratch, base, exponent, &mut by, &wanted);
        self.poll()?;
        if modulus.negative && !is_zero(&limbs) {
            // The result has the sign of the modulus: |result| = |modulus| - rest.
            big::sub(&mut by, &limbs);
            return Ok(by.finish(self, true));
        }
        Ok(limbs.finish(self, false))
    }

    /// The number that times `a` leaves 1 modulo `modulus`, by Euclid's algorithm.
    fn inverse(&self, a: Value, modulus: Value) -> Res {
        let mut r = (modulus, self.binary(BinaryOp::Mod, a, modulus)?);
        let mut s = (Value::small(0), Value::small(1));
        while r.1 != Value::small(0) {
            let quotient = self.binary(BinaryOp::FloorDiv, r.0, r.1)?;
            for pair in [&mut r, &mut s] {
                let product = self.binary(BinaryOp::Mul, quotient, pair.1)?;
                *pair = (pair.1, self.binary(BinaryOp::Sub, pair.0, product)?);
            }
        }
        if r.0 != Value::small(1) {
            return self.raise(&VALUE_ERROR, "base is not invertible for the given modulus");
        }
        self.binary(BinaryOp::Mod, s.0, modulus)
    }
}
