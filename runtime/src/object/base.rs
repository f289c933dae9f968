//! `object`, the base of everything.

use super::{Args, Object, Type};
use crate::error::{Res, TYPE_ERROR};
use crate::value::Value;
use crate::vm::{Class, Vm, raw_setattr};

object! {
    /// What `object()` gives.
    pub struct PlainObject: OBJECT, leaf { }
}

py_type! {
    pub static OBJECT: "object" { new: object_new, }
    locals: {
        "__init__" => fv!(1, usize::MAX, object_init),
        "__new__" => static_method!(BUILTIN_NEW),
        #[cfg(feature = "core")]
        "__setattr__" => f3!(object_setattr),
        #[cfg(feature = "core")]
        "__delattr__" => f2!(object_delattr),
    }
}

/// `__new__` of built-in types.
pub(crate) const BUILTIN_NEW: Value = fk!(1, usize::MAX, builtin_new);

fn object_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 0, 0)?;
    vm.new_obj(PlainObject { header: PlainObject::HEADER })
}

fn object_init(_vm: &Vm, _args: &[Value]) -> Res {
    Ok(Value::NONE)
}

fn builtin_new(vm: &Vm, args: &Args<'_>) -> Res {
    match args.get(0).and_then(|v| vm.as_type(v)).and_then(Class::of) {
        Some(c) => vm.new_instance(c),
        None => vm.raise(&TYPE_ERROR, "arg must be user-type"),
    }
}

#[cfg(feature = "core")]
fn object_setattr(vm: &Vm, this: Value, name: Value, value: Value) -> Res {
    set(vm, this, name, Some(value))
}

#[cfg(feature = "core")]
fn object_delattr(vm: &Vm, this: Value, name: Value) -> Res {
    set(vm, this, name, None)
}

#[cfg(feature = "core")]
fn set(vm: &Vm, this: Value, name: Value, value: Option<Value>) -> Res {
    let name = vm.get_qstr(name)?;
    if Class::of(vm.type_of(this)).is_none() {
        return vm.raise(&TYPE_ERROR, "arg must be user-type");
    }
    if raw_setattr(vm, this, name, value)? { Ok(Value::NONE) } else { vm.no_attr(this, name) }
}
