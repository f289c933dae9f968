//! `bool`: the two immediates, which act as the ints 0 and 1.

use super::int::{int_getattr, int_unary};
use super::int_ops::int_binary;
use super::singletons::print_immediate;
use super::{Args, Type};
use crate::error::Res;
use crate::ops::BinaryOp;
use crate::value::Value;
use crate::vm::Vm;

py_type! {
    pub static BOOL: "bool" {
        new: bool_new, print: print_immediate, unary: int_unary, binary: bool_binary,
        getattr: int_getattr,
    }
    flags: Type::EQ_ANY | Type::FINAL,
    base: super::INT,
}

fn bool_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 0, 1)?;
    match args.get(0) {
        Some(v) => Ok(Value::bool(vm.is_true(v)?)),
        None => Ok(Value::FALSE),
    }
}

/// As for ints, but `&`, `|` and `^` of two bools give a bool.
fn bool_binary(vm: &Vm, op: BinaryOp, this: Value, other: Value) -> Res {
    if let (Some(x), Some(y)) = (this.as_bool(), other.as_bool()) {
        match op.plain() {
            BinaryOp::And => return Ok(Value::bool(x & y)),
            BinaryOp::Or => return Ok(Value::bool(x | y)),
            BinaryOp::Xor => return Ok(Value::bool(x ^ y)),
            _ => {}
        }
    }
    int_binary(vm, op, this, other)
}
