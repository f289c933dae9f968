//! `property`.

use core::cell::Cell;

use super::{Args, Object, Param, Type};
use crate::error::Res;
use crate::q;
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// Functions to get, set and delete an attribute; None for those that are missing.
    pub struct Property: PROPERTY, if crate::level::DESCRIPTORS {
        get: Cell<Value>,
        set: Cell<Value>,
        delete: Cell<Value>,
    }
}

py_type! {
    pub static PROPERTY: "property" { new: property_new, }
    locals: {
        "getter" => f2!(with_getter),
        "setter" => f2!(with_setter),
        "deleter" => f2!(with_deleter),
    }
}

impl Property {
    pub(crate) fn get_function(&self) -> Value {
        self.get.get()
    }

    /// Stores or deletes through the property; false if it has no function for that.
    pub(crate) fn store(&self, vm: &Vm, this: Value, value: Option<Value>) -> Res<bool> {
        match value {
            Some(_) if self.set.get().is_none() => return Ok(false),
            None if self.delete.get().is_none() => return Ok(false),
            Some(v) => vm.call(self.set.get(), &[this, v])?,
            None => vm.call(self.delete.get(), &[this])?,
        };
        Ok(true)
    }
}

fn property_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    let none = Value::NONE;
    let mut out = [none; 4];
    let params = [
        Param::optional(q!("fget"), none),
        Param::optional(q!("fset"), none),
        Param::optional(q!("fdel"), none),
        Param::optional(q!("doc"), none),
    ];
    args.parse(vm, &params, &mut out)?;
    let [get, set, delete, _doc] = out.map(Cell::new);
    vm.new_obj(Property { header: Property::HEADER, get, set, delete })
}

fn copy(vm: &Vm, this: Value, change: impl FnOnce(&Property)) -> Res {
    let p = vm.expect::<Property>(this)?;
    let (get, set, delete) = (p.get.clone(), p.set.clone(), p.delete.clone());
    let copy = vm.alloc_obj(Property { header: Property::HEADER, get, set, delete })?;
    change(&copy);
    Ok(copy.into())
}

fn with_getter(vm: &Vm, this: Value, f: Value) -> Res {
    copy(vm, this, |p| p.get.set(f))
}

fn with_setter(vm: &Vm, this: Value, f: Value) -> Res {
    copy(vm, this, |p| p.set.set(f))
}

fn with_deleter(vm: &Vm, this: Value, f: Value) -> Res {
    copy(vm, this, |p| p.delete.set(f))
}
