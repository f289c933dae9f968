//! `complex`.

use super::float::{float_hash, parse_real};
use super::int_ops::zero_division;
use super::{Args, Found, Type};
use crate::error::{Arg, Res, TYPE_ERROR, VALUE_ERROR, ZERO_DIVISION_ERROR};
use crate::num::fmt::{Sign, Spec, number};
use crate::num::{Float, literal, maths};
use crate::ops::{BinaryOp, UnaryOp};
use crate::print::{Print, PrintKind};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// A complex object.
    pub struct ComplexObject: COMPLEX, leaf { pub real: Float, pub imag: Float, }
}

py_type! {
    pub static COMPLEX: "complex", export "hognose_type_complex" {
        new: complex_new, print: complex_print, unary: complex_unary,
        binary: complex_binary, getattr: complex_getattr,
    }
    flags: Type::EQ_ANY | Type::NOT_REFLEXIVE,
}

/// Real and imaginary part.
pub type Parts = (Float, Float);

impl Vm {
    /// A complex object.
    pub fn new_complex(&self, (real, imag): Parts) -> Res {
        self.new_obj(ComplexObject { header: <ComplexObject as super::Object>::HEADER, real, imag })
    }

    /// The number that an int, bool, float or complex is.
    pub fn complex_value(&self, v: Value) -> Option<Parts> {
        match self.native::<ComplexObject>(v) {
            Some(z) => Some((z.real, z.imag)),
            None => self.real_value(v).map(|x| (x, 0.0)),
        }
    }

    /// A number as a complex, also by `__complex__` or `__float__`. Errors: TypeError.
    pub fn get_complex(&self, v: Value) -> Res<Parts> {
        if let Some(parts) = self.complex_value(v) {
            return Ok(parts);
        }
        if let Some(z) = self.try_unary(UnaryOp::Complex, v)?.cast::<ComplexObject>() {
            return Ok((z.real, z.imag));
        }
        if let Some(x) = self.try_unary(UnaryOp::Float, v)?.cast::<super::FloatObject>() {
            return Ok((x.value, 0.0));
        }
        self.raise_fmt(&TYPE_ERROR, "can't convert % to complex", &[Arg::TypeOf(v)])
    }
}

fn complex_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    let mut out = [Value::NONE; 2];
    let params = [
        super::Param::optional(q!("real"), Value::small(0)),
        super::Param::optional(q!("imag"), Value::small(0)),
    ];
    args.parse(vm, &params, &mut out)?;
    let [real, imag] = out;
    if args.pos.len() + args.kw.len() / 2 == 1 {
        if let Some(text) = vm.str_bytes(real) {
            return vm.new_complex(parse_complex(vm, text)?);
        }
        if real.is::<ComplexObject>() {
            return Ok(real);
        }
        let parts = vm.get_complex(real)?;
        return vm.new_complex((parts.0, parts.1 + vm.get_float(imag)?));
    }
    let part = |v: Value| match vm.native::<ComplexObject>(v) {
        Some(z) => Ok((z.real, z.imag)),
        None => vm.get_float(v).map(|x| (x, 0.0)),
    };
    let (a, b) = (part(real)?, part(imag)?);
    vm.new_complex((a.0 - b.1, a.1 + b.0))
}

/// Reads `1`, `2j`, `1+2j`, `j` and the like.
fn parse_complex(vm: &Vm, text: &[u8]) -> Res<Parts> {
    match parts_of(literal::strip(text)) {
        Some(parts) => Ok(parts),
        None => vm.raise(&VALUE_ERROR, "invalid syntax for number"),
    }
}

fn parts_of(text: &[u8]) -> Option<Parts> {
    let text = match text {
        [b'(', inner @ .., b')'] => literal::strip(inner),
        _ => text,
    };
    match parse_real(text) {
        Some((real, [])) => Some((real, 0.0)),
        Some((imag, [b'j' | b'J'])) => Some((0.0, imag)),
        Some((real, rest @ [b'+' | b'-', ..])) => Some((real, imaginary(rest)?)),
        Some(_) => None,
        None => Some((0.0, imaginary(text)?)),
    }
}

fn imaginary(text: &[u8]) -> Option<Float> {
    match parse_real(text) {
        Some((imag, [b'j' | b'J'])) => Some(imag),
        Some(_) => None,
        None => match literal::sign(text) {
            (negative, [b'j' | b'J']) => Some(if negative { -1.0 } else { 1.0 }),
            _ => None,
        },
    }
}

fn complex_print(vm: &Vm, v: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    let (real, imag) = vm.complex_value(v).unwrap_or_default();
    if real == 0.0 && real.is_sign_positive() {
        number::repr(&Spec::PLAIN, imag, false, p)?;
        return p.str("j");
    }
    p.str("(")?;
    number::repr(&Spec::PLAIN, real, false, p)?;
    number::repr(&Spec { sign: Sign::Plus, ..Spec::PLAIN }, imag, false, p)?;
    p.str("j)")
}

fn complex_unary(vm: &Vm, op: UnaryOp, v: Value) -> Res {
    let Some((real, imag)) = vm.complex_value(v) else { return Ok(Value::NOT_IMPLEMENTED) };
    match op {
        UnaryOp::Pos | UnaryOp::Complex => Ok(v),
        UnaryOp::Neg => vm.new_complex((-real, -imag)),
        UnaryOp::Abs => vm.new_float(maths::hypot(real, imag)),
        UnaryOp::Bool => Ok(Value::bool(real != 0.0 || imag != 0.0)),
        UnaryOp::Hash => {
            let hash = float_hash(real).wrapping_add(float_hash(imag).wrapping_mul(1_000_003));
            Ok(Value::small(hash))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn complex_getattr(vm: &Vm, v: Value, name: Qstr) -> Res<Option<Found>> {
    let (real, imag) = vm.complex_value(v).unwrap_or_default();
    let part = match name {
        _ if name == q!("real") => real,
        _ if name == q!("imag") => imag,
        _ => return Ok(None),
    };
    Ok(Some(Found::Value(vm.new_float(part)?)))
}

fn multiply(a: Parts, b: Parts) -> Parts {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// The quotient, scaled by the divisor's larger part so that nothing overflows on
/// the way (R. L. Smith, "Algorithm 116: Complex division", 1962).
fn divide(a: Parts, b: Parts) -> Parts {
    if b.0.abs() >= b.1.abs() {
        let ratio = b.1 / b.0;
        let scale = b.0 + b.1 * ratio;
        ((a.0 + a.1 * ratio) / scale, (a.1 - a.0 * ratio) / scale)
    } else {
        let ratio = b.0 / b.1;
        let scale = b.0 * ratio + b.1;
        ((a.0 * ratio + a.1) / scale, (a.1 * ratio - a.0) / scale)
    }
}

fn complex_binary(vm: &Vm, op: BinaryOp, this: Value, other: Value) -> Res {
    let op = op.plain();
    let (op, a, b) = match op.unreversed() {
        Some(op) => (op, other, this),
        None => (op, this, other),
    };
    let (Some(x), Some(y)) = (vm.complex_value(a), vm.complex_value(b)) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    match op {
        BinaryOp::Equal => Ok(Value::bool(x == y)),
        BinaryOp::Add => vm.new_complex((x.0 + y.0, x.1 + y.1)),
        BinaryOp::Sub => vm.new_complex((x.0 - y.0, x.1 - y.1)),
        BinaryOp::Mul => vm.new_complex(multiply(x, y)),
        BinaryOp::FloorDiv => vm.raise(&TYPE_ERROR, "can't truncate-divide a complex number"),
        BinaryOp::TrueDiv if y == (0.0, 0.0) => {
            vm.raise(&ZERO_DIVISION_ERROR, "complex divide by zero")
        }
        BinaryOp::TrueDiv => vm.new_complex(divide(x, y)),
        BinaryOp::Pow => power(vm, x, y),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `a ** b`: exactly by multiplication for small whole exponents, else
/// `exp(b * log(a))`.
pub(super) fn power(vm: &Vm, a: Parts, b: Parts) -> Res {
    if a == (0.0, 0.0) {
        return match b {
            (0.0, 0.0) => vm.new_complex((1.0, 0.0)),
            (real, 0.0) if real > 0.0 => vm.new_complex((0.0, 0.0)),
            _ => vm.raise(&ZERO_DIVISION_ERROR, "0.0 to a complex power"),
        };
    }
    let exponent = b.0 as i32;
    if b.1 == 0.0 && exponent as Float == b.0 && exponent.unsigned_abs() <= 100 {
        let size = whole_power(a, exponent.unsigned_abs());
        if exponent >= 0 {
            return vm.new_complex(size);
        }
        return match size == (0.0, 0.0) {
            true => zero_division(vm),
            false => vm.new_complex(divide((1.0, 0.0), size)),
        };
    }
    let (log, angle) = (maths::log(maths::hypot(a.0, a.1)), maths::atan2(a.1, a.0));
    let size = maths::exp(b.0 * log - b.1 * angle);
    let angle = b.1 * log + b.0 * angle;
    vm.new_complex((size * maths::cos(angle), size * maths::sin(angle)))
}

fn whole_power(mut base: Parts, mut left: u32) -> Parts {
    let mut result = (1.0, 0.0);
    while left > 0 {
        if left & 1 == 1 {
            result = multiply(result, base);
        }
        left >>= 1;
        if left > 0 {
            base = multiply(base, base);
        }
    }
    result
}
