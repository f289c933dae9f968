//! `type` itself: calling classes, attributes of classes.

use super::{
    Args, Dict, Found, Gc, OBJECT, Object, OrderedDict, Row, Slots, StaticMethod, TYPE_NEW, Table,
    Type,
};
use crate::error::{Res, TYPE_ERROR};
use crate::print::{Print, PrintKind};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::{Class, Vm};

pub(super) static TYPE_SLOTS: Slots = Slots {
    new: Some(type_new),
    call: Some(type_call),
    print: Some(type_print),
    getattr: Some(type_getattr),
    setattr: Some(type_setattr),
    ..Slots::EMPTY
};

pub(super) const TYPE_LOCALS: Table = &[];

fn type_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 1, 3)?;
    match *args.pos {
        [v] => Ok(vm.class_of(v).value()),
        [name, bases, dict] => {
            let dict = match dict.cast::<OrderedDict>() {
                Some(d) => Some(vm.alloc_obj(Dict { header: Dict::HEADER, map: d.map.copy(vm)? })?),
                None => dict.cast::<Dict>(),
            };
            let (Some(items), Some(dict)) = (vm.tuple_items(bases), dict) else {
                return vm.raise_type(&TYPE_ERROR);
            };
            vm.new_class(vm.get_qstr(name)?, items, dict)
        }
        _ => vm.raise(&TYPE_ERROR, "type takes 1 or 3 arguments"),
    }
}

fn type_call(vm: &Vm, this: Value, args: &Args<'_>) -> Res {
    let Some(ty) = vm.as_type(this) else { return Ok(Value::NOT_IMPLEMENTED) };
    match ty.slots.new {
        Some(new) => new(vm, ty, args),
        None => vm.raise_fmt(&TYPE_ERROR, "can't create '%' instances", &[ty.into()]),
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
    if name == q!("__dict__") {
        return namespace(vm, ty).map(|d| Some(Found::Value(d.into())));
    }
    if name == q!("__bases__") {
        return bases(vm, ty).map(|v| Some(Found::Value(v)));
    }
    let Some((member, owner)) = vm.lookup(ty, name).or_else(|| vm.lookup(&OBJECT, name)) else {
        return Ok(native_special(ty, name));
    };
    if crate::level::CPYTHON
        && member.header().is_some_and(|h| h.ty().has(Type::CLASS))
        && let Some(get) = vm.try_getattr(member, q!("__get__"))?
    {
        return vm.call(get, &[Value::NONE, this]).map(|v| Some(Found::Value(v)));
    }
    let inherited = owner == &OBJECT && ty != &OBJECT;
    Ok(Some(if inherited && let Some(found) = native_special(ty, name) {
        found
    } else if let Some(m) = member.cast::<super::ClassMethod>() {
        Found::Method(m.fun, this)
    } else if let Some(m) = member.cast::<StaticMethod>() {
        Found::Value(m.fun)
    } else {
        Found::Value(member)
    }))
}

/// `__init__` of a built-in type that a class may derive from, read off the type.
fn native_special(ty: &'static Type, name: Qstr) -> Option<Found> {
    let native = crate::vm::Mro::new(ty).find(|t| !t.has(Type::CLASS) && *t != &OBJECT)?;
    native.slots.new?;
    if name == q!("__init__") {
        Some(Found::Value(fk!(1, usize::MAX, crate::vm::native_init)))
    } else if name == q!("__new__") && ty == native {
        Some(Found::Value(TYPE_NEW))
    } else {
        None
    }
}

/// A copy of the attributes of a type.
fn namespace(vm: &Vm, ty: &'static Type) -> Res<Gc<Dict>> {
    let map = match Class::of(ty) {
        Some(c) => c.dict.map.copy(vm)?,
        None => {
            let map = super::Map::with_capacity(vm, ty.locals.len())?;
            for &Row { name, value: v } in ty.locals {
                map.append(vm, name.into(), v)?;
            }
            map
        }
    };
    map.set_fixed();
    vm.alloc_obj(Dict { header: Dict::HEADER, map })
}

fn bases(vm: &Vm, ty: &'static Type) -> Res {
    if ty == &OBJECT {
        return vm.new_tuple(&[]);
    }
    match Class::of(ty) {
        Some(c) if vm.tuple_items(c.bases).is_some_and(|b| !b.is_empty()) => Ok(c.bases),
        _ => vm.new_tuple(&[ty.base.unwrap_or(&OBJECT).value()]),
    }
}

fn type_setattr(vm: &Vm, this: Value, name: Qstr, value: Option<Value>) -> Res<bool> {
    match vm.as_type(this).and_then(Class::of) {
        Some(c) => vm.class_setattr(c, name, value),
        None => Ok(false),
    }
}
