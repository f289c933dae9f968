//! `tank`: a module of one's own. It has a function, a type and a constant, lies in flash
//! and needs no code to begin with; the same crate serves boards and this computer.
#![no_std]

use core::cell::Cell;

use hognose_runtime::error::VALUE_ERROR;
use hognose_runtime::object::{Args, Found, Object, Param, Type};
use hognose_runtime::print::{Print, PrintKind};
use hognose_runtime::qstr::Qstr;
use hognose_runtime::{Extension, Res, Value, Vm};
use hognose_runtime::{f1, f2, fk, module, names, obj, object, py_type, q};

names! { "LITRES", "Tank", "capacity", "drain", "fill", "gallons", "level", "tank" }

/// What a `Vm` is told of this crate.
pub static EXTENSION: Extension = Extension { names: NAMES, modules: &[&TANK_MODULE] };

module! {
    static TANK_MODULE: "tank" {
        "LITRES" => Value::small(1000),
        "Tank" => obj!(TANK),
        "gallons" => f1!(gallons),
    }
}

/// `gallons(litres)`: whole gallons.
fn gallons(vm: &Vm, litres: Value) -> Res {
    Ok(Value::small(vm.get_int(litres)? * 1000 / 3785))
}

object! {
    /// `Tank(capacity)`: something that can be filled and drained.
    struct Tank: TANK, leaf {
        capacity: isize,
        level: Cell<isize>,
    }
}

py_type! {
    static TANK: "Tank" { new: tank_new, print: tank_print, getattr: tank_getattr, }
    locals: { "drain" => fk!(1, 2, drain), "fill" => f2!(fill), }
}

fn tank_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 1, 1)?;
    let capacity = vm.get_int(args.pos.first().copied().unwrap_or(Value::NONE))?;
    vm.new_obj(Tank { header: Tank::HEADER, capacity, level: Cell::new(0) })
}

fn tank_print(vm: &Vm, this: Value, p: &mut dyn Print, _: PrintKind) -> Res<()> {
    let tank = vm.expect::<Tank>(this)?;
    p.str("<tank with ")?;
    vm.print_to(p, Value::small(tank.level.get()), PrintKind::Str)?;
    p.str(" litres>")
}

fn tank_getattr(vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    let tank = vm.expect::<Tank>(this)?;
    let value = if name == q!("level") {
        tank.level.get()
    } else if name == q!("capacity") {
        tank.capacity
    } else {
        return Ok(None);
    };
    Ok(Some(Found::Value(Value::small(value))))
}

/// `tank.fill(litres)`. Errors: ValueError where it would overflow.
fn fill(vm: &Vm, this: Value, litres: Value) -> Res {
    let tank = vm.expect::<Tank>(this)?;
    let level = tank.level.get().saturating_add(vm.get_int(litres)?);
    if !(0..=tank.capacity).contains(&level) {
        return vm.raise(&VALUE_ERROR, "the tank does not hold that");
    }
    tank.level.set(level);
    Ok(Value::small(level))
}

/// `tank.drain(level=0)`: how many litres run out until that level is reached.
fn drain(vm: &Vm, args: &Args<'_>) -> Res {
    let mut out = [Value::NONE; 2];
    let params = [Param::required(q!("self")), Param::optional(q!("level"), Value::small(0))];
    args.parse(vm, &params, &mut out)?;
    let tank = vm.expect::<Tank>(out[0])?;
    let level = vm.get_int(out[1])?.clamp(0, tank.level.get());
    Ok(Value::small(tank.level.replace(level) - level))
}
