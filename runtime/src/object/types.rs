//! `type` itself.

use super::{Args, Found, Slots, Table};
use crate::error::{Res, TYPE_ERROR};
use crate::print::{Print, PrintKind};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

pub(super) static TYPE_SLOTS: Slots = Slots {
    new: None,
    call: Some(type_call),
    print: Some(type_print),
    getattr: Some(type_getattr),
    ..Slots::EMPTY
};

pub(super) const TYPE_LOCALS: Table = &[];

fn type_call(vm: &Vm, this: Value, args: &Args<'_>) -> Res {
    let Some(ty) = vm.as_type(this) else { return Ok(Value::NOT_IMPLEMENTED) };
    match ty.slots.new {
        Some(new) => new(vm, ty, args),
        None => vm.raise_fmt(&TYPE_ERROR, "cannot create '%' instances", &[ty.into()]),
    }
}

fn type_print(vm: &Vm, this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    let Some(ty) = vm.as_type(this) else { return Ok(()) };
    p.str("<class '")?;
    p.write(vm.qstr_bytes(ty.name))?;
    p.str("'>")
}

fn type_getattr(vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    let Some(ty) = vm.as_type(this) else { return Ok(None) };
    if name == q!("__name__") {
        return Ok(Some(Found::Value(Value::qstr(ty.name))));
    }
    Ok(vm.type_lookup(ty, name).map(Found::Value))
}
