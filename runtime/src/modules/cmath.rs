//! The `cmath` module.

use super::math::{E, PI};
use crate::error::{Res, VALUE_ERROR};
use crate::num::{Float, maths};
use crate::object::Parts;
use crate::value::Value;
use crate::vm::Vm;

module! {
    pub static CMATH: "cmath" fixed {
        "e" => obj!(E),
        "pi" => obj!(PI),
        "phase" => f1!(phase),
        "polar" => f1!(polar),
        "rect" => f2!(rect),
        "exp" => f1!(exp),
        "log" => f1!(log),
        "log10" => f1!(log10),
        "sqrt" => f1!(sqrt),
        "cos" => f1!(cos),
        "sin" => f1!(sin),
    }
}

fn angle(z: Parts) -> Float {
    maths::atan2(z.1, z.0)
}

fn size(z: Parts) -> Float {
    maths::hypot(z.0, z.1)
}

fn from_polar(size: Float, angle: Float) -> Parts {
    (size * maths::cos(angle), size * maths::sin(angle))
}

fn phase(vm: &Vm, z: Value) -> Res {
    vm.new_float(angle(vm.get_complex(z)?))
}

fn polar(vm: &Vm, z: Value) -> Res {
    let z = vm.get_complex(z)?;
    vm.new_tuple(&[vm.new_float(size(z))?, vm.new_float(angle(z))?])
}

fn rect(vm: &Vm, r: Value, phi: Value) -> Res {
    vm.new_complex(from_polar(vm.get_float(r)?, vm.get_float(phi)?))
}

fn exp(vm: &Vm, z: Value) -> Res {
    let z = vm.get_complex(z)?;
    vm.new_complex(from_polar(maths::exp(z.0), z.1))
}

fn log(vm: &Vm, z: Value) -> Res {
    let z = vm.get_complex(z)?;
    if size(z) == 0.0 {
        return vm.raise(&VALUE_ERROR, "math domain error");
    }
    vm.new_complex((maths::log(size(z)), angle(z)))
}

fn log10(vm: &Vm, z: Value) -> Res {
    let z = vm.get_complex(z)?;
    if size(z) == 0.0 {
        return vm.raise(&VALUE_ERROR, "math domain error");
    }
    // The angle is a natural logarithm's.
    let scale = maths::log10(maths::exp(1.0));
    vm.new_complex((maths::log10(size(z)), angle(z) * scale))
}

/// The root in the right half plane, from the root of the larger part so that nothing
/// cancels.
fn sqrt(vm: &Vm, z: Value) -> Res {
    let z = vm.get_complex(z)?;
    if z == (0.0, 0.0) {
        return vm.new_complex((0.0, z.1));
    }
    let large = maths::sqrt((size(z) + z.0.abs()) / 2.0);
    let small = z.1.abs() / (2.0 * large);
    let (real, imag) = if z.0 >= 0.0 { (large, small) } else { (small, large) };
    vm.new_complex((real, imag.copysign(z.1)))
}

fn cos(vm: &Vm, z: Value) -> Res {
    let z = vm.get_complex(z)?;
    let real = maths::cos(z.0) * maths::cosh(z.1);
    vm.new_complex((real, -(maths::sin(z.0) * maths::sinh(z.1))))
}

fn sin(vm: &Vm, z: Value) -> Res {
    let z = vm.get_complex(z)?;
    vm.new_complex((maths::sin(z.0) * maths::cosh(z.1), maths::cos(z.0) * maths::sinh(z.1)))
}
