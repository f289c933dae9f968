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
const BUILTIN_NEW: Value = fk!(1, usize::MAX, builtin_new);

fn object_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 0, 0)?;
    vm.new_obj(PlainObject { header: PlainObject::HEADER })
}

fn object_init(_vm: &Vm, _args: &[Value]) -> Res {
    Ok(Value::NONE)
}

fn builtin_new(vm: &Vm, args: &Args<'_>) -> Res {
    match args.get(0).and_then(|v| vm.as_type(v)).and_then(Class::of) {
        Some(c) => {
            let this = vm.new_instance(c)?;
            #[cfg(feature = "cpython")]
            make_value(vm, c, this, args)?;
            Ok(this)
        }
        None => vm.raise(&TYPE_ERROR, "arg must be user-type"),
    }
}

/// `__new__` read off a built-in type: `int.__new__(int, 5)`.
#[cfg(feature = "cpython")]
pub(crate) const TYPE_NEW: Value = fk!(1, usize::MAX, type_new);
#[cfg(not(feature = "cpython"))]
pub(crate) const TYPE_NEW: Value = BUILTIN_NEW;

#[cfg(feature = "cpython")]
fn type_new(vm: &Vm, args: &Args<'_>) -> Res {
    match args.pos.split_first() {
        Some((&ty, pos)) if vm.as_type(ty).is_some_and(|ty| Class::of(ty).is_none()) => {
            vm.call_args(ty, &Args { pos, kw: args.kw })
        }
        _ => builtin_new(vm, args),
    }
}

/// What cannot change later is made of what `__new__` is given.
#[cfg(feature = "cpython")]
fn make_value(vm: &Vm, class: super::Gc<Class>, this: Value, args: &Args<'_>) -> Res<()> {
    use super::{BYTES, COMPLEX, FLOAT, FROZENSET, INT, STR, TUPLE};
    const VALUES: [&Type; 6] = [&BYTES, &COMPLEX, &FLOAT, &FROZENSET, &INT, &STR];
    match class.native {
        Some(native) if VALUES.contains(&native) || vm.is_subtype(native, &TUPLE) => {
            let pos = args.pos.get(1..).unwrap_or_default();
            crate::vm::complete_native(vm, class, this, &Args { pos, kw: args.kw })
        }
        _ => Ok(()),
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
