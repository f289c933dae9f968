//! The built-in functions `pow` and `round`.

use crate::error::Res;
use crate::level::BIG_INTS;
use crate::ops::BinaryOp;
use crate::value::Value;
use crate::vm::Vm;

/// `pow(base, exponent[, modulus])`.
pub fn pow(vm: &Vm, args: &[Value]) -> Res {
    match *args {
        [base, exponent, modulus] if BIG_INTS && !modulus.is_none() => {
            vm.pow_mod(base, exponent, modulus)
        }
        [base, exponent, ..] => vm.binary(BinaryOp::Pow, base, exponent),
        _ => Ok(Value::NONE),
    }
}

/// `round(number[, digits])`: halves go to the even neighbour.
pub fn round(vm: &Vm, args: &[Value]) -> Res {
    let [number, digits @ ..] = args else { return Ok(Value::NONE) };
    let whole = vm.is_int(*number) || number.as_bool().is_some();
    match digits.first() {
        None if whole => vm.unary(crate::ops::UnaryOp::Int, *number),
        None => vm.round_float(*number, None),
        Some(&digits) => {
            let digits = vm.get_int(digits)?;
            if !whole {
                vm.round_float(*number, Some(digits))
            } else if !BIG_INTS || digits >= 0 {
                vm.unary(crate::ops::UnaryOp::Int, *number)
            } else {
                round_int(vm, *number, digits.unsigned_abs())
            }
        }
    }
}

/// An int to a multiple of a power of ten.
fn round_int(vm: &Vm, number: Value, zeros: usize) -> Res {
    let unit = vm.binary(BinaryOp::Pow, Value::small(10), Value::small(zeros as isize))?;
    let half = vm.binary(BinaryOp::FloorDiv, unit, Value::small(2))?;
    let sum = vm.binary(BinaryOp::Add, number, half)?;
    let quotient = vm.binary(BinaryOp::FloorDiv, sum, unit)?;
    let rounded = vm.binary(BinaryOp::Mul, quotient, unit)?;
    // Halfway the sum is a multiple itself; then the quotient is to be even.
    let tie = vm.eq(sum, rounded)?;
    let odd = vm.binary(BinaryOp::And, quotient, Value::small(1))? == Value::small(1);
    if tie && odd { vm.binary(BinaryOp::Sub, rounded, unit) } else { Ok(rounded) }
}
