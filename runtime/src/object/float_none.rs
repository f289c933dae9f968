//! What there is of floats in a build without them.

use crate::error::{Arg, Res, TYPE_ERROR, VALUE_ERROR};
use crate::num::Float;
use crate::num::big::signed::Int;
use crate::ops::BinaryOp;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// There are none.
    pub fn is_float(&self, _v: Value) -> bool {
        false
    }

    /// Microseconds in whole seconds.
    pub(crate) fn new_seconds(&self, us: u64) -> Res {
        self.new_uint(us / 1_000_000)
    }

    /// Errors: always TypeError.
    pub fn get_float(&self, v: Value) -> Res<Float> {
        self.raise_fmt(&TYPE_ERROR, "can't convert % to float", &[Arg::TypeOf(v)])
    }

    pub(super) fn int_to_float(&self, _v: Value) -> Res {
        Ok(Value::NOT_IMPLEMENTED)
    }

    /// Errors: always TypeError.
    pub fn float_to_int(&self, v: Value) -> Res {
        self.raise_fmt(&TYPE_ERROR, "can't convert % to int", &[Arg::TypeOf(v)])
    }

    pub(super) fn int_true_divide(&self, _a: Int<'_>, _b: Int<'_>) -> Res {
        Ok(Value::NOT_IMPLEMENTED)
    }

    pub(super) fn int_negative_power(&self, _a: Int<'_>, _b: Int<'_>) -> Res {
        self.raise(&VALUE_ERROR, "negative power with no float support")
    }

    /// Errors: always TypeError.
    pub fn round_float(&self, v: Value, _places: Option<isize>) -> Res {
        self.float_to_int(v)
    }
}

/// Never the case.
#[inline(always)]
pub(crate) fn float_fast(_vm: &Vm, _op: BinaryOp, _a: Value, _b: Value) -> Option<Res> {
    None
}

/// Types of floats and complex numbers, and bytes of a float, for the image linker.
#[cfg(target_os = "none")]
pub(crate) const FLOAT_FACTS: ([*const (); 2], usize) = ([core::ptr::null(); 2], 0);

impl Vm {
    /// Errors: always ValueError.
    pub(crate) fn float_constant(&self, _text: &[u8]) -> Res {
        self.raise(&VALUE_ERROR, "float constant with no float support")
    }

    /// Errors: always ValueError.
    pub(crate) fn complex_constant(&self, text: &[u8]) -> Res {
        self.float_constant(text)
    }
}
