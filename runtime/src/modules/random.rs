//! The `random` module.

use crate::error::{INDEX_ERROR, Res, VALUE_ERROR};
use crate::num::random::Random;
use crate::value::Value;
use crate::vm::Vm;

module! {
    pub static RANDOM: "random" {
        "getrandbits" => f1!(getrandbits),
        "seed" => fv!(0, 1, seed),
        "randrange" => fv!(1, 3, randrange),
        "randint" => f2!(randint),
        "choice" => f1!(choice),
        #[cfg(any(feature = "f32", feature = "f64"))]
        "random" => f0!(random),
        #[cfg(any(feature = "f32", feature = "f64"))]
        "uniform" => f2!(uniform),
    }
}

/// The generator, which the port seeds unless the program did.
fn state(vm: &Vm) -> Random {
    vm.random.get().unwrap_or_else(|| {
        let seed = vm.port().entropy();
        Random::new((seed ^ seed >> 32) as u32)
    })
}

/// The next 32 bits.
#[inline(never)]
fn bits(vm: &Vm) -> u32 {
    let mut state = state(vm);
    let bits = state.bits();
    vm.random.set(Some(state));
    bits
}

/// A number below `limit`, which is not zero.
#[inline(never)]
fn below(vm: &Vm, limit: u32) -> u32 {
    let mut state = state(vm);
    let number = state.below(limit);
    vm.random.set(Some(state));
    number
}

fn getrandbits(vm: &Vm, count: Value) -> Res {
    match vm.get_int(count)? {
        0 => Ok(Value::small(0)),
        n @ 1..=32 => vm.new_uint(u64::from(bits(vm) >> (32 - n))),
        _ => vm.raise(&VALUE_ERROR, "bits must be 32 or less"),
    }
}

fn seed(vm: &Vm, args: &[Value]) -> Res {
    let seed = match args.first() {
        Some(&v) if !v.is_none() => Some(Random::new(vm.get_int_wrapping(v)? as u32)),
        _ => None,
    };
    vm.random.set(seed);
    Ok(Value::NONE)
}

/// `start + step * n` for an `n` below `count`. Errors: ValueError unless it is positive.
#[inline(never)]
fn pick(vm: &Vm, start: isize, step: isize, count: Option<isize>) -> Res {
    match count.map(|count| count as u32) {
        Some(limit) if limit > 0 && count > Some(0) => {
            let n = i64::from(below(vm, limit));
            vm.new_int((start as i64).wrapping_add((step as i64).wrapping_mul(n)))
        }
        _ => vm.raise_type(&VALUE_ERROR),
    }
}

fn randrange(vm: &Vm, args: &[Value]) -> Res {
    match *args {
        [stop] => pick(vm, 0, 1, Some(vm.get_int(stop)?)),
        [start, stop] => {
            let (start, stop) = (vm.get_int(start)?, vm.get_int(stop)?);
            pick(vm, start, 1, stop.checked_sub(start))
        }
        [start, stop, step, ..] => {
            let (start, stop) = (vm.get_int(start)?, vm.get_int(stop)?);
            let step = vm.get_int(step)?;
            let last = stop.checked_sub(start).and_then(|n| n.checked_add(step - step.signum()));
            pick(vm, start, step, last.and_then(|last| last.checked_div(step)))
        }
        _ => vm.raise_type(&VALUE_ERROR),
    }
}

fn randint(vm: &Vm, a: Value, b: Value) -> Res {
    let (a, b) = (vm.get_int(a)?, vm.get_int(b)?);
    pick(vm, a, 1, b.checked_sub(a).and_then(|n| n.checked_add(1)))
}

fn choice(vm: &Vm, items: Value) -> Res {
    match vm.len(items)? {
        0 => vm.raise_type(&INDEX_ERROR),
        len => {
            let i = below(vm, u32::try_from(len).unwrap_or(u32::MAX));
            vm.subscr(items, Value::small(i as isize))
        }
    }
}

/// A number in `0 ≤ x < 1`: random bits below a one.
#[cfg(any(feature = "f32", feature = "f64"))]
fn fraction(vm: &Vm) -> crate::num::Float {
    #[cfg(feature = "f64")]
    let one_and_more = {
        let fraction = u64::from(bits(vm)) << 32 | u64::from(bits(vm));
        f64::from_bits(1.0f64.to_bits() | fraction & ((1 << 52) - 1))
    };
    #[cfg(not(feature = "f64"))]
    let one_and_more = f32::from_bits(1.0f32.to_bits() | bits(vm) & ((1 << 23) - 1));
    one_and_more - 1.0
}

#[cfg(any(feature = "f32", feature = "f64"))]
fn random(vm: &Vm) -> Res {
    vm.new_float(fraction(vm))
}

#[cfg(any(feature = "f32", feature = "f64"))]
fn uniform(vm: &Vm, a: Value, b: Value) -> Res {
    let (a, b) = (vm.get_float(a)?, vm.get_float(b)?);
    vm.new_float(a + (b - a) * fraction(vm))
}
