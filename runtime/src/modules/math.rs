//! The `math` module.

use crate::error::{Res, VALUE_ERROR, ZERO_DIVISION_ERROR};
use crate::num::big;
use crate::num::{Float, maths};
use crate::object::{Args, FloatObject, Param};
use crate::q;
use crate::value::Value;
use crate::vm::Vm;

#[cfg(feature = "f64")]
use core::f64::consts;

#[cfg(not(feature = "f64"))]
use core::f32::consts;

pub(super) static E: FloatObject = FloatObject::new(consts::E);
pub(super) static PI: FloatObject = FloatObject::new(consts::PI);
static TAU: FloatObject = FloatObject::new(consts::TAU);
static INF: FloatObject = FloatObject::new(Float::INFINITY);
static NAN: FloatObject = FloatObject::new(Float::NAN);
static REL_TOL: FloatObject = FloatObject::new(1e-9);

module! {
    pub static MATH: "math" fixed {
        "e" => obj!(E),
        "pi" => obj!(PI),
        "sqrt" => f1!(sqrt),
        "pow" => f2!(pow),
        "exp" => f1!(exp),
        "log" => fv!(1, 2, log),
        "cos" => f1!(cos),
        "sin" => f1!(sin),
        "tan" => f1!(tan),
        "acos" => f1!(acos),
        "asin" => f1!(asin),
        "atan" => f1!(atan),
        "atan2" => f2!(atan2),
        "ceil" => f1!(ceil),
        "copysign" => f2!(copysign),
        "fabs" => f1!(fabs),
        "floor" => f1!(floor),
        "fmod" => f2!(fmod),
        "frexp" => f1!(frexp),
        "ldexp" => f2!(ldexp),
        "modf" => f1!(modf),
        "isfinite" => f1!(isfinite),
        "isinf" => f1!(isinf),
        "isnan" => f1!(isnan),
        "trunc" => f1!(trunc),
        "radians" => f1!(radians),
        "degrees" => f1!(degrees),
        "tau" => obj!(TAU),
        "inf" => obj!(INF),
        "nan" => obj!(NAN),
        "expm1" => f1!(expm1),
        "log2" => f1!(log2),
        "log10" => f1!(log10),
        "cosh" => f1!(cosh),
        "sinh" => f1!(sinh),
        "tanh" => f1!(tanh),
        "acosh" => f1!(acosh),
        "asinh" => f1!(asinh),
        "atanh" => f1!(atanh),
        "erf" => f1!(erf),
        "erfc" => f1!(erfc),
        "gamma" => f1!(gamma),
        "lgamma" => f1!(lgamma),
        "isclose" => fk!(2, 2, isclose),
        "factorial" => f1!(factorial),
    }
}

#[cold]
fn domain_error<T>(vm: &Vm) -> Res<T> {
    vm.raise(&VALUE_ERROR, "math domain error")
}

/// A function of one number, which raises where it makes infinity or NaN of a number
/// that is neither.
#[inline(never)]
fn one(vm: &Vm, x: Value, f: fn(Float) -> Float) -> Res {
    let x = vm.get_float(x)?;
    let y = f(x);
    if (y.is_nan() && !x.is_nan()) || (y.is_infinite() && !x.is_infinite()) {
        return domain_error(vm);
    }
    vm.new_float(y)
}

/// As [`one`], of two numbers.
#[inline(never)]
fn two(vm: &Vm, x: Value, y: Value, f: fn(Float, Float) -> Float) -> Res {
    let (x, y) = (vm.get_float(x)?, vm.get_float(y)?);
    let z = f(x, y);
    if (z.is_nan() && !x.is_nan() && !y.is_nan())
        || (z.is_infinite() && x.is_finite() && y.is_finite())
    {
        return domain_error(vm);
    }
    vm.new_float(z)
}

macro_rules! real {
    (one { $($one:ident $f:expr;)* } two { $($two:ident $g:expr;)* }) => {
        $(fn $one(vm: &Vm, x: Value) -> Res { one(vm, x, $f) })*
        $(fn $two(vm: &Vm, x: Value, y: Value) -> Res { two(vm, x, y, $g) })*
    };
}

real! {
    one {
        sqrt maths::sqrt;
        exp maths::exp;
        cos maths::cos;
        sin maths::sin;
        tan maths::tan;
        acos maths::acos;
        asin maths::asin;
        atan maths::atan;
        fabs Float::abs;
        radians Float::to_radians;
        degrees Float::to_degrees;
    }
    two {
        pow maths::pow;
        atan2 maths::atan2;
        copysign Float::copysign;
        fmod maths::fmod;
    }
}

real! {
    one {
        expm1 maths::expm1;
        log2 maths::log2;
        log10 maths::log10;
        cosh maths::cosh;
        sinh maths::sinh;
        tanh maths::tanh;
        acosh maths::acosh;
        asinh maths::asinh;
        atanh maths::atanh;
        erf maths::erf;
        erfc maths::erfc;
        gamma maths::tgamma;
        lgamma maths::lgamma;
    }
    two {
    }
}

fn log(vm: &Vm, args: &[Value]) -> Res {
    let mut logs = [0.0; 2];
    for (&v, log) in args.iter().zip(&mut logs) {
        let x = vm.get_float(v)?;
        if x <= 0.0 {
            return domain_error(vm);
        }
        *log = maths::log(x);
    }
    let [log, base] = logs;
    match args {
        [_] => vm.new_float(log),
        _ if base == 0.0 => vm.raise(&ZERO_DIVISION_ERROR, "divide by zero"),
        _ => vm.new_float(log / base),
    }
}

fn ceil(vm: &Vm, x: Value) -> Res {
    vm.new_int_from_float(maths::ceil(vm.get_float(x)?))
}

fn floor(vm: &Vm, x: Value) -> Res {
    vm.new_int_from_float(maths::floor(vm.get_float(x)?))
}

fn trunc(vm: &Vm, x: Value) -> Res {
    vm.new_int_from_float(vm.get_float(x)?)
}

fn isfinite(vm: &Vm, x: Value) -> Res {
    Ok(Value::bool(vm.get_float(x)?.is_finite()))
}

fn isinf(vm: &Vm, x: Value) -> Res {
    Ok(Value::bool(vm.get_float(x)?.is_infinite()))
}

fn isnan(vm: &Vm, x: Value) -> Res {
    Ok(Value::bool(vm.get_float(x)?.is_nan()))
}

fn frexp(vm: &Vm, x: Value) -> Res {
    let (fraction, exponent) = maths::frexp(vm.get_float(x)?);
    vm.new_tuple(&[vm.new_float(fraction)?, Value::small(exponent as isize)])
}

fn ldexp(vm: &Vm, x: Value, n: Value) -> Res {
    // Beyond these every number is zero or infinite.
    let n = vm.get_int_clamped(n)?.clamp(-10_000, 10_000) as i32;
    vm.new_float(maths::ldexp(vm.get_float(x)?, n))
}

fn modf(vm: &Vm, x: Value) -> Res {
    let x = vm.get_float(x)?;
    let whole = maths::trunc(x);
    let fraction = if x.is_infinite() { 0.0 } else { x - whole };
    vm.new_tuple(&[vm.new_float(fraction.copysign(x))?, vm.new_float(whole)?])
}

fn isclose(vm: &Vm, args: &Args<'_>) -> Res {
    let params = [
        Param::keyword(q!("rel_tol"), obj!(REL_TOL)),
        Param::keyword(q!("abs_tol"), Value::small(0)),
    ];
    let mut limits = [Value::NONE; 2];
    Args { pos: &[], kw: args.kw }.parse(vm, &params, &mut limits)?;
    let mut numbers = [0.0; 4];
    for (x, &v) in numbers.iter_mut().zip(args.pos.iter().chain(&limits)) {
        *x = vm.get_float(v)?;
    }
    let [a, b, relative, absolute] = numbers;
    if relative < 0.0 || absolute < 0.0 {
        return domain_error(vm);
    }
    let distance = (a - b).abs();
    let close = distance <= absolute
        || distance <= (relative * a).abs()
        || distance <= (relative * b).abs();
    Ok(Value::bool(a == b || (distance.is_finite() && close)))
}

/// The product of the numbers up to `n`, in one big number that grows in place.
fn factorial(vm: &Vm, n: Value) -> Res {
    let Ok(n) = usize::try_from(vm.get_int(n)?) else {
        return vm.raise(&VALUE_ERROR, "negative factorial");
    };
    let bits = (usize::BITS - n.leading_zeros()) as usize;
    let Some(room) = bits.checked_mul(n) else { return vm.raise_memory() };
    let mut limbs = vm.new_limbs(big::limbs_for_bits(room) + 1)?;
    let mut used = 1;
    if let Some(first) = limbs.first_mut() {
        *first = 1;
    }
    for factor in 2..=n {
        let Some(number) = limbs.get_mut(..used) else { break };
        let carry = big::mul_limb(number, factor as big::Limb, 0);
        if carry != 0 {
            if let Some(next) = limbs.get_mut(used) {
                *next = carry;
            }
            used += 1;
        }
    }
    Ok(limbs.finish(vm, false))
}
