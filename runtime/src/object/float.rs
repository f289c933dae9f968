//! `float`: a boxed number of the runtime's width.

use core::cmp::Ordering;

use super::header_int::BigInt;
use super::int::{Room, small_of};
use super::int_ops::zero_division;
use super::{Args, Found, Type};
use crate::error::{Arg, OVERFLOW_ERROR, Res, TYPE_ERROR, VALUE_ERROR};
use crate::num::big::{
    self, Limb,
    convert::{from_float, from_float_len, to_float, top_bits},
    div, limbs_for_bits,
    signed::{self, Int},
};
use crate::num::float::bits::{Format, compose, with_sign};
use crate::num::float::digits::{MAX_DIGITS, Want, digits};
use crate::num::float::{hash, parse};
use crate::num::fmt::{Spec, number};
use crate::num::{Float, literal, maths};
use crate::ops::{BinaryOp, UnaryOp};
use crate::print::{Print, PrintKind};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// A float object.
    pub struct FloatObject: FLOAT, leaf { pub value: Float, }
}

impl FloatObject {
    /// For constants in flash.
    pub const fn new(value: Float) -> FloatObject {
        FloatObject { header: <FloatObject as super::Object>::HEADER, value }
    }
}

py_type! {
    pub static FLOAT: "float", export "hognose_type_float" {
        new: float_new, print: float_print, unary: float_unary, binary: float_binary,
        getattr: float_getattr,
    }
    flags: Type::EQ_ANY | Type::NOT_REFLEXIVE,
    locals: {
        #[cfg(feature = "cpython")]
        "conjugate" => f1!(conjugate),
        #[cfg(feature = "cpython")]
        "is_integer" => f1!(is_integer),
    }
}

// Machine code knows floats by what their type says of comparisons, and reads them.
const _: () = {
    assert!(FLOAT.flags == 0xc);
    assert!(core::mem::offset_of!(FloatObject, value) == size_of::<usize>());
};

/// The parts that a float has as a number.
fn float_getattr(vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    Ok(if !crate::level::CPYTHON {
        None
    } else if name == q!("real") {
        Some(Found::Value(this))
    } else if name == q!("imag") {
        Some(Found::Value(vm.new_float(0.0)?))
    } else {
        None
    })
}

#[cfg(feature = "cpython")]
fn conjugate(vm: &Vm, this: Value) -> Res {
    vm.unary(UnaryOp::Pos, this)
}

/// `is_integer()`.
#[cfg(feature = "cpython")]
fn is_integer(vm: &Vm, this: Value) -> Res {
    let x = vm.get_float(this)?;
    Ok(Value::bool(x.is_finite() && maths::trunc(x) == x))
}

impl Vm {
    /// A float object.
    #[inline]
    pub fn new_float(&self, x: Float) -> Res {
        self.new_obj(FloatObject::new(x))
    }

    /// Microseconds in seconds.
    pub(crate) fn new_seconds(&self, us: u64) -> Res {
        self.new_float(us as Float / 1_000_000 as Float)
    }

    /// Is it a float, or an instance of a class derived from it?
    pub fn is_float(&self, v: Value) -> bool {
        self.native::<FloatObject>(v).is_some()
    }

    /// The number that an int, bool or float is; `None` for other types.
    #[inline]
    pub fn real_value(&self, v: Value) -> Option<Float> {
        if let Some(i) = v.as_small() {
            return Some(i as Float);
        }
        match v.cast::<FloatObject>() {
            Some(float) => Some(float.value),
            None => self.real_value_slow(v),
        }
    }

    fn real_value_slow(&self, v: Value) -> Option<Float> {
        let v = self.native_value(v);
        if let Some(float) = v.cast::<FloatObject>() {
            return Some(float.value);
        }
        let mut room = Room::default();
        self.int_value(v, &mut room).map(to_float)
    }

    /// A number as a float, also by `__float__`. Errors: TypeError.
    pub fn get_float(&self, v: Value) -> Res<Float> {
        if let Some(x) = self.real_value(v) {
            return Ok(x);
        }
        let converted = self.try_unary(UnaryOp::Float, v)?;
        match converted.cast::<FloatObject>() {
            Some(float) => Ok(float.value),
            None => self.raise_fmt(&TYPE_ERROR, "can't convert % to float", &[Arg::TypeOf(v)]),
        }
    }

    /// An int or bool as a float object.
    pub(super) fn int_to_float(&self, v: Value) -> Res {
        self.new_float(self.real_value(v).unwrap_or_default())
    }

    /// The int next to a float towards zero. Errors: TypeError, OverflowError, ValueError.
    pub fn float_to_int(&self, v: Value) -> Res {
        let x = self.get_float(v)?;
        self.new_int_from_float(x)
    }

    /// An int for a float's whole part. Errors: OverflowError, ValueError.
    pub fn new_int_from_float(&self, x: Float) -> Res {
        const LIMIT: Float = (1u64 << 31) as Float;
        if x > -LIMIT && x < LIMIT {
            return self.new_int(x as i64);
        }
        let Some(len) = from_float_len(x) else {
            return match x.is_nan() {
                true => self.raise(&VALUE_ERROR, "can't convert NaN to int"),
                false => self.raise(&OVERFLOW_ERROR, "can't convert inf to int"),
            };
        };
        let mut limbs = self.new_limbs(len)?;
        let negative = from_float(x, &mut limbs);
        Ok(limbs.finish(self, negative))
    }

    /// The float that a text stands for. Errors: ValueError.
    pub fn parse_float(&self, text: &[u8]) -> Res<Float> {
        match parse_real(literal::strip(text)) {
            Some((x, [])) => Ok(x),
            _ => self.raise(&VALUE_ERROR, "invalid syntax for number"),
        }
    }

    /// `a / b` for ints, `b` not zero: the nearest float to the exact quotient.
    pub(super) fn int_true_divide(&self, a: Int<'_>, b: Int<'_>) -> Res {
        let (bits_a, bits_b) = (big::bit_length(a.magnitude), big::bit_length(b.magnitude));
        if bits_a.max(bits_b) <= Float::PRECISION as usize {
            return self.new_float(to_float::<Float>(a) / to_float::<Float>(b));
        }
        // Shift so that the quotient has 65 or 66 bits.
        let up = bits_b as isize + 65 - bits_a as isize;
        let (left, right) = (up.max(0) as usize, up.min(0).unsigned_abs());
        let mut rest = self.new_limbs(signed::shift_left_len(a, left) + 1)?;
        let mut den = self.new_limbs(signed::shift_left_len(b, right))?;
        big::shl(&mut rest, a.magnitude, left);
        big::shl(&mut den, b.magnitude, right);
        let width = big::trim(&den).len();
        let mut quotient = self.new_limbs(rest.len().saturating_sub(width) + 1)?;
        if rest.len() > width {
            div::divide(&mut rest, &mut den, &mut quotient, &|| !self.is_interrupted());
            self.poll()?;
        }
        let (mantissa, shift, sticky) = top_bits(&quotient);
        let exponent = i32::try_from(shift as isize - up).unwrap_or(i32::MAX);
        let size: Float = compose(mantissa, exponent, sticky || !big::is_zero(&rest));
        self.new_float(with_sign(size, a.negative != b.negative))
    }

    /// `round(number, places)` of a float; without places the nearest int. Errors:
    /// TypeError, OverflowError, ValueError.
    pub fn round_float(&self, v: Value, places: Option<isize>) -> Res {
        let x = self.get_float(v)?;
        match places {
            None => self.new_int_from_float(maths::nearest_even(x)),
            Some(_) if !x.is_finite() => self.new_float(x),
            Some(places) => self.new_float(round_places(x, places)),
        }
    }

    /// `a ** b` for a negative `b`.
    pub(super) fn int_negative_power(&self, a: Int<'_>, b: Int<'_>) -> Res {
        if big::is_zero(a.magnitude) {
            return zero_division(self);
        }
        self.new_float(maths::pow(to_float(a), to_float(b)))
    }
}

/// A float rounded to so many places after the point, exactly as its digits are.
fn round_places(x: Float, places: isize) -> Float {
    let mut buffer = [0; MAX_DIGITS];
    let found = digits(x, Want::Places(places), &mut buffer);
    let whole = buffer.get(..found.len).unwrap_or_default();
    let exponent = found.exponent - found.len as i32;
    with_sign(parse::Decimal { whole, fraction: b"", exponent }.to_float(), x.is_sign_negative())
}

/// Reads a number with its sign, `inf` and `nan` included; answers what follows it.
pub(super) fn parse_real(text: &[u8]) -> Option<(Float, &[u8])> {
    let (negative, rest) = literal::sign(text);
    let word = |name: &[u8]| {
        let (head, after) = rest.split_at_checked(name.len())?;
        head.eq_ignore_ascii_case(name).then_some(after)
    };
    let (x, after) = if let Some(after) = word(b"infinity").or_else(|| word(b"inf")) {
        (Float::INFINITY, after)
    } else if let Some(after) = word(b"nan") {
        (Float::NAN, after)
    } else {
        let scanned = parse::scan(rest)?;
        (scanned.number.to_float(), rest.get(scanned.len..)?)
    };
    Some((with_sign(x, negative), after))
}

fn float_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 0, 1)?;
    let Some(v) = args.get(0) else { return vm.new_float(0.0) };
    if v.is::<FloatObject>() {
        return Ok(v);
    }
    match vm.real_value(v) {
        Some(x) => vm.new_float(x),
        None => match vm.try_buffer(v)? {
            Some(buffer) => vm.new_float(vm.parse_float(buffer.bytes())?),
            None => vm.new_float(vm.get_float(v)?),
        },
    }
}

fn float_print(vm: &Vm, v: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    number::repr(&Spec::PLAIN, vm.real_value(v).unwrap_or_default(), true, p)
}

fn float_unary(vm: &Vm, op: UnaryOp, v: Value) -> Res {
    let Some(x) = vm.real_value(v) else { return Ok(Value::NOT_IMPLEMENTED) };
    match op {
        UnaryOp::Pos | UnaryOp::Float => Ok(v),
        UnaryOp::Neg => vm.new_float(-x),
        UnaryOp::Abs if x.is_sign_negative() => vm.new_float(-x),
        UnaryOp::Abs => Ok(v),
        UnaryOp::Bool => Ok(Value::bool(x != 0.0)),
        UnaryOp::Hash => Ok(Value::small(float_hash(x))),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// The hash of a float: that of the int it equals, if there is one.
pub fn float_hash(x: Float) -> isize {
    let whole = x as isize;
    match Value::try_small(whole) {
        Some(_) if whole as Float == x => whole,
        _ => hash::hash(x),
    }
}

pub(super) fn float_binary(vm: &Vm, op: BinaryOp, this: Value, other: Value) -> Res {
    let op = op.plain();
    let (op, a, b) = match op.unreversed() {
        Some(op) => (op, other, this),
        None => (op, this, other),
    };
    let (Some(x), Some(y)) = (vm.real_value(a), vm.real_value(b)) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let result = match op {
        BinaryOp::Add => x + y,
        BinaryOp::Sub => x - y,
        BinaryOp::Mul => x * y,
        BinaryOp::TrueDiv if y != 0.0 => x / y,
        BinaryOp::FloorDiv if y != 0.0 => maths::divmod(x, y).0,
        BinaryOp::Mod if y != 0.0 => maths::divmod(x, y).1,
        BinaryOp::DivMod if y != 0.0 => {
            let (quotient, rest) = maths::divmod(x, y);
            return vm.new_tuple(&[vm.new_float(quotient)?, vm.new_float(rest)?]);
        }
        BinaryOp::TrueDiv | BinaryOp::FloorDiv | BinaryOp::Mod | BinaryOp::DivMod => {
            return zero_division(vm);
        }
        BinaryOp::Pow if x == 0.0 && y < 0.0 && y.is_finite() => return zero_division(vm),
        BinaryOp::Pow if x < 0.0 && x.is_finite() && y.is_finite() && maths::floor(y) != y => {
            return super::complex::power(vm, (x, 0.0), (y, 0.0));
        }
        BinaryOp::Pow => maths::pow(x, y),
        _ => return Ok(compare(vm, op, a, b).map_or(Value::NOT_IMPLEMENTED, Value::bool)),
    };
    vm.new_float(result)
}

/// The commonest operators where a float object meets another or a small int; `None`
/// for all other cases. The general way gives the same results.
#[inline(always)]
pub(crate) fn float_fast(vm: &Vm, op: BinaryOp, a: Value, b: Value) -> Option<Res> {
    let small = |v: Value| {
        let i = v.as_small()?;
        (i.unsigned_abs() as u64 <= 1 << Float::PRECISION).then_some(i as Float)
    };
    let (x, y) = match (a.cast::<FloatObject>(), b.cast::<FloatObject>()) {
        (Some(x), Some(y)) => (x.value, y.value),
        (Some(x), None) => (x.value, small(b)?),
        (None, Some(y)) => (small(a)?, y.value),
        (None, None) => return None,
    };
    quick_operator(vm, op, x, y)
}

#[inline(never)]
fn quick_operator(vm: &Vm, op: BinaryOp, x: Float, y: Float) -> Option<Res> {
    let result = match op {
        BinaryOp::Add | BinaryOp::InAdd => x + y,
        BinaryOp::Sub | BinaryOp::InSub => x - y,
        BinaryOp::Mul | BinaryOp::InMul => x * y,
        BinaryOp::TrueDiv | BinaryOp::InTrueDiv if y != 0.0 => x / y,
        BinaryOp::Less => return Some(Ok(Value::bool(x < y))),
        BinaryOp::More => return Some(Ok(Value::bool(x > y))),
        BinaryOp::LessEqual => return Some(Ok(Value::bool(x <= y))),
        BinaryOp::MoreEqual => return Some(Ok(Value::bool(x >= y))),
        BinaryOp::Equal => return Some(Ok(Value::bool(x == y))),
        BinaryOp::NotEqual => return Some(Ok(Value::bool(x != y))),
        _ => return None,
    };
    Some(vm.new_float(result))
}

/// An ordering or equality of two numbers, at least one a float, exactly.
fn compare(vm: &Vm, op: BinaryOp, a: Value, b: Value) -> Option<bool> {
    let order = match (is_inexact_as_float(vm, a), is_inexact_as_float(vm, b)) {
        (true, _) => compare_int(vm, a, vm.real_value(b)?),
        (_, true) => compare_int(vm, b, vm.real_value(a)?).map(Ordering::reverse),
        _ => vm.real_value(a)?.partial_cmp(&vm.real_value(b)?),
    };
    let order_is = |wanted: fn(Ordering) -> bool| order.is_some_and(wanted);
    Some(match op {
        BinaryOp::Less => order_is(Ordering::is_lt),
        BinaryOp::More => order_is(Ordering::is_gt),
        BinaryOp::LessEqual => order_is(Ordering::is_le),
        BinaryOp::MoreEqual => order_is(Ordering::is_ge),
        BinaryOp::Equal => order_is(Ordering::is_eq),
        _ => return None,
    })
}

/// Is it an int that a float may not hold exactly?
fn is_inexact_as_float(vm: &Vm, v: Value) -> bool {
    match small_of(v) {
        Some(i) => i.unsigned_abs() as u64 >= 1 << Float::PRECISION,
        None => vm.native::<BigInt>(v).is_some(),
    }
}

/// Compares an int with a float; `None` for a NaN.
fn compare_int(vm: &Vm, a: Value, x: Float) -> Option<Ordering> {
    /// Limbs of the largest float.
    const LIMBS: usize = limbs_for_bits(1024) + big::convert::U64_LIMBS + 1;
    let mut room = Room::default();
    let int = vm.int_value(a, &mut room)?;
    if x.is_nan() {
        return None;
    }
    let mut limbs: [Limb; LIMBS] = [0; LIMBS];
    let Some(whole) = from_float_len(x).and_then(|len| limbs.get_mut(..len)) else {
        return Some(if x > 0.0 { Ordering::Less } else { Ordering::Greater });
    };
    let negative = from_float(x, whole);
    let fraction = 0.0.partial_cmp(&(x - maths::trunc(x)))?;
    Some(signed::compare(int, Int::new(negative, whole)).then(fraction))
}

/// Types of floats and complex numbers, and bytes of a float, for the image linker.
#[cfg(target_os = "none")]
pub(crate) const FLOAT_FACTS: ([*const (); 2], usize) = (
    [core::ptr::from_ref(&FLOAT).cast(), core::ptr::from_ref(&super::complex::COMPLEX).cast()],
    size_of::<Float>(),
);

impl Vm {
    /// The float or complex number that a `.mpy` file has as text.
    pub(crate) fn float_constant(&self, text: &[u8]) -> Res {
        self.call(FLOAT.value(), &[self.new_str(text)?])
    }

    pub(crate) fn complex_constant(&self, text: &[u8]) -> Res {
        self.call(super::complex::COMPLEX.value(), &[self.new_str(text)?])
    }
}
