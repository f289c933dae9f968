//! Instances of classes that programs make: every operation is a special method.

use core::cell::Cell;

use super::Vm;
use super::class::Class;
#[cfg(feature = "cpython")]
use crate::error::KEY_ERROR;
use crate::error::{ATTRIBUTE_ERROR, Arg, Res, TYPE_ERROR};
use crate::level;
use crate::object::{
    self, Access, Args, Buffer, Dict, Found, Gc, Header, Map, Property, Slots, Type,
};
use crate::ops::{BinaryOp, UnaryOp};
use crate::print::{Print, PrintKind};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;

/// An instance. If its class derives from a built-in type, `native` follows.
#[repr(C)]
pub struct Instance {
    header: Header,
    pub(crate) members: Map,
}

// Machine code looks for attributes in the members itself.
const _: () = assert!(core::mem::offset_of!(Instance, members) == size_of::<usize>());

#[repr(C)]
struct NativeInstance {
    instance: Instance,
    native: Cell<Option<Value>>,
}

pub(super) static INSTANCE_SLOTS: Slots = Slots {
    new: Some(instance_new),
    call: Some(instance_call),
    print: Some(instance_print),
    unary: Some(instance_unary),
    binary: Some(instance_binary),
    getattr: Some(instance_getattr),
    setattr: Some(instance_setattr),
    subscr: Some(instance_subscr),
    iter: Some(instance_iter),
    next: Some(instance_next),
    buffer: Some(instance_buffer),
    stream: None,
};

fn class_of(v: Value) -> Option<Gc<Class>> {
    v.header().and_then(|h| Class::of(h.ty()))
}

/// Where an instance keeps its built-in object.
fn native_cell(v: Value) -> Option<&'static Cell<Option<Value>>> {
    let class = class_of(v)?;
    class.native?;
    // SAFETY: instances of such classes are made as `NativeInstance`.
    Some(&unsafe { v.cast_unchecked::<NativeInstance>() }.get().native)
}

impl Vm {
    /// The built-in object inside `v`, if `v` is an instance of a class derived from a
    /// built-in type; else `v`.
    #[inline]
    pub fn native_value(&self, v: Value) -> Value {
        match v.header() {
            Some(h) if h.ty().has(Type::CLASS) => native_cell(v).and_then(Cell::get).unwrap_or(v),
            _ => v,
        }
    }

    /// A blank instance of `class`.
    pub(crate) fn new_instance(&self, class: Gc<Class>) -> Res {
        let header = Header::of(&class.get().ty);
        let instance = Instance { header, members: Map::new() };
        let v = if class.native.is_some() {
            let p = self.alloc(size_of::<NativeInstance>(), false)?.cast();
            // SAFETY: fresh memory of that size.
            unsafe {
                p.write(NativeInstance { instance, native: Cell::new(None) });
                Value::from_ptr(p)
            }
        } else {
            let p = self.alloc(size_of::<Instance>(), false)?.cast();
            // SAFETY: fresh memory of that size.
            unsafe {
                p.write(instance);
                Value::from_ptr(p)
            }
        };
        if class.finalise.get() {
            self.add_finaliser(v)?;
        }
        Ok(v)
    }

    /// The special method `name` of an instance's class, ready to call.
    fn special(&self, this: Value, name: Qstr) -> Res<Option<Found>> {
        let Some(class) = class_of(this) else { return Ok(None) };
        let ty = &class.get().ty;
        match self.lookup(ty, name) {
            Some((_, owner)) if owner == &object::OBJECT => Ok(None),
            Some((member, owner)) if owner.has(Type::CLASS) => {
                self.member_value(ty, owner, this, member).map(Some)
            }
            // Built-in operations are reached through the slots.
            _ => Ok(None),
        }
    }

    fn call_special(&self, this: Value, name: Qstr, args: &[Value]) -> Res<Option<Value>> {
        match self.special(this, name)? {
            Some(found) => self.call_found(found, args).map(Some),
            None => Ok(None),
        }
    }

    /// What reading a class attribute through an instance gives: properties and
    /// descriptors are asked, functions bound.
    pub(crate) fn member_value(
        &self,
        ty: &'static Type,
        owner: &'static Type,
        this: Value,
        member: Value,
    ) -> Res<Found> {
        if !level::DESCRIPTORS {
            return Ok(self.bind_in_class(ty, owner, this, member));
        }
        if let Some(p) = member.cast::<Property>() {
            let get = p.get_function();
            if get.is_none() {
                return self.raise(&ATTRIBUTE_ERROR, "unreadable attribute");
            }
            return self.call(get, &[this]).map(Found::Value);
        }
        if member.header().is_some_and(|h| h.ty().has(Type::CLASS))
            && let Some(get) = self.try_getattr(member, q!("__get__"))?
        {
            return self.call(get, &[this, ty.value()]).map(Found::Value);
        }
        Ok(self.bind_in_class(ty, owner, this, member))
    }
}

/// `__init__` of a built-in base: makes the object inside the instance.
pub(crate) fn native_init(vm: &Vm, args: &Args<'_>) -> Res {
    let Some((&this, pos)) = args.pos.split_first() else { return Ok(Value::NONE) };
    if let (Some(class), Some(cell)) = (class_of(this), native_cell(this))
        && let Some(native) = class.native
        && let Some(new) = native.slots.new
    {
        cell.set(Some(new(vm, native, &Args { pos, kw: args.kw })?));
    }
    Ok(Value::NONE)
}

/// What `__new__` of a class is: the blank instance, or what the program says.
pub(crate) enum Fresh {
    Instance(Value),
    /// `__new__` gave something else, which is the result of the call.
    Other(Value),
}

/// The first half of making an object: `__new__`.
pub(crate) fn instance_fresh(vm: &Vm, class: Gc<Class>, args: &Args<'_>) -> Res<Fresh> {
    let ty = &class.get().ty;
    if let Some((member, owner)) = vm.lookup(ty, q!("__new__"))
        && owner.has(Type::CLASS)
    {
        let f = match vm.bind_member(ty, ty.value(), member) {
            Found::Value(f) | Found::Method(f, _) => f,
        };
        let v = vm.call_with_self(f, ty.value(), args)?;
        return Ok(if vm.type_of(v) == ty { Fresh::Instance(v) } else { Fresh::Other(v) });
    }
    vm.new_instance(class).map(Fresh::Instance)
}

fn instance_new(vm: &Vm, ty: &'static Type, args: &Args<'_>) -> Res {
    let Some(class) = Class::of(ty) else { return Ok(Value::NOT_IMPLEMENTED) };
    let this = match instance_fresh(vm, class, args)? {
        Fresh::Instance(v) => v,
        Fresh::Other(v) => return Ok(v),
    };
    if let Some((member, owner)) = vm.lookup(ty, q!("__init__"))
        && owner.has(Type::CLASS)
    {
        if crate::level::CPYTHON {
            prepare_native(vm, class, this)?;
        }
        let r = match vm.bind_in_class(ty, owner, this, member) {
            Found::Method(f, this) => vm.call_with_self(f, this, args),
            Found::Value(f) => vm.call_args(f, args),
        }?;
        if !r.is_none() {
            return vm.raise_fmt(
                &TYPE_ERROR,
                "__init__() should return None, not '%'",
                &[Arg::TypeOf(r)],
            );
        }
    }
    complete_native(vm, class, this, args)?;
    Ok(this)
}

/// Containers are there, and empty, before a program's `__init__` fills them.
fn prepare_native(vm: &Vm, class: Gc<Class>, this: Value) -> Res<()> {
    let containers = [&object::LIST, &object::DICT, &object::SET];
    match class.native {
        Some(native) if containers.contains(&native) => {
            complete_native(vm, class, this, &Args::positional(&[]))
        }
        _ => Ok(()),
    }
}

/// Makes the built-in object that `__init__` did not make.
pub(crate) fn complete_native(vm: &Vm, class: Gc<Class>, this: Value, args: &Args<'_>) -> Res<()> {
    if let (Some(native), Some(cell)) = (class.native, native_cell(this))
        && cell.get().is_none()
        && let Some(new) = native.slots.new
    {
        cell.set(Some(new(vm, native, args)?));
    }
    Ok(())
}

fn instance_call(vm: &Vm, this: Value, args: &Args<'_>) -> Res {
    match vm.special(this, q!("__call__"))? {
        Some(Found::Method(f, this)) => vm.call_with_self(f, this, args),
        Some(Found::Value(f)) => vm.call_args(f, args),
        None => {
            let native = vm.native_value(this);
            if native != this && vm.is_callable(native) {
                return vm.call_args(native, args);
            }
            vm.raise_fmt(&TYPE_ERROR, "'%' object isn't callable", &[Arg::TypeOf(this)])
        }
    }
}

fn instance_print(vm: &Vm, this: Value, p: &mut dyn Print, kind: PrintKind) -> Res<()> {
    let Some(class) = class_of(this) else { return Ok(()) };
    let mut result = None;
    if kind == PrintKind::Str || kind == PrintKind::Exception {
        result = vm.call_special(this, q!("__str__"), &[])?;
    }
    let native = vm.native_value(this);
    if result.is_none() {
        result = vm.call_special(this, q!("__repr__"), &[])?;
    }
    if kind == PrintKind::Exception && result.is_some() {
        p.write(vm.qstr_bytes(class.ty.name))?;
        p.str(": ")?;
    }
    if let Some(text) = result {
        let Some(text) = vm.str_bytes(text) else {
            return vm.raise_fmt(
                &TYPE_ERROR,
                "can't convert '%' object to str implicitly",
                &[Arg::TypeOf(text)],
            );
        };
        return p.write(text);
    }
    if native != this {
        if vm.exception_object(native).is_some() {
            return object::print_exception(vm, p, native, kind, class.ty.name);
        }
        return vm.print_to(p, native, kind);
    }
    p.str("<")?;
    p.write(vm.qstr_bytes(class.ty.name))?;
    p.str(" object at ")?;
    crate::print::print_uint(p, this.bits() as u64, 16)?;
    p.str(">")
}

fn unary_name(op: UnaryOp) -> Qstr {
    match op {
        UnaryOp::Pos => q!("__pos__"),
        UnaryOp::Neg => q!("__neg__"),
        UnaryOp::Invert => q!("__invert__"),
        UnaryOp::Not | UnaryOp::Bool => q!("__bool__"),
        UnaryOp::Len => q!("__len__"),
        UnaryOp::Hash => q!("__hash__"),
        UnaryOp::Abs => q!("__abs__"),
        UnaryOp::Int => q!("__int__"),
        UnaryOp::Float => q!("__float__"),
        UnaryOp::Complex => q!("__complex__"),
        UnaryOp::SizeOf => q!("__sizeof__"),
    }
}

fn instance_unary(vm: &Vm, op: UnaryOp, this: Value) -> Res {
    let native = vm.native_value(this);
    match vm.call_special(this, unary_name(op), &[])? {
        Some(v) => match op {
            UnaryOp::Hash => {
                // As `hash()` must: any int, cut down to a small one.
                let h = vm.get_int_wrapping(v)? << 1 >> 1;
                Ok(Value::small(h))
            }
            UnaryOp::Bool => Ok(Value::bool(vm.is_true(v)?)),
            UnaryOp::Int if v.as_small().is_none() && !vm.is_instance_of(v, &object::INT) => {
                vm.raise_type(&TYPE_ERROR)
            }
            _ => Ok(v),
        },
        None if native != this => vm.try_unary(op, native),
        None if op == UnaryOp::Hash => {
            // A class that defines `__eq__` alone is not hashable.
            let ty = vm.type_of(this);
            if vm.lookup(ty, q!("__eq__")).is_some_and(|(_, o)| o.has(Type::CLASS)) {
                return Ok(Value::NOT_IMPLEMENTED);
            }
            Ok(Value::small((this.bits() >> 3) as isize))
        }
        None if op == UnaryOp::SizeOf => {
            let members = super::class::instance_members(this);
            Ok(Value::small((size_of::<Instance>() + members.bytes()) as isize))
        }
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn instance_binary(vm: &Vm, op: BinaryOp, this: Value, other: Value) -> Res {
    let native = vm.native_value(this);
    let r = match vm.call_special(this, op.special(), &[other])? {
        Some(v) => v,
        None if native != this => {
            let other = vm.native_value(other);
            return match op {
                BinaryOp::Equal => vm.eq(native, other).map(Value::bool),
                _ => match vm.type_of(native).slots.binary {
                    Some(f) => f(vm, op, native, other),
                    None => Ok(Value::NOT_IMPLEMENTED),
                },
            };
        }
        None => return Ok(Value::NOT_IMPLEMENTED),
    };
    if op == BinaryOp::Contains { Ok(Value::bool(vm.is_true(r)?)) } else { Ok(r) }
}

fn instance_getattr(vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    let Some(class) = class_of(this) else { return Ok(None) };
    let members = super::class::instance_members(this);
    if let Some(v) = members.get_name(vm, name) {
        return Ok(Some(Found::Value(v)));
    }
    if name == q!("__dict__") {
        let copy = members.copy(vm)?;
        copy.set_fixed();
        let dict = vm.alloc_obj(Dict { header: <Dict as object::Object>::HEADER, map: copy })?;
        return Ok(Some(Found::Value(dict.into())));
    }
    let ty = &class.get().ty;
    if let Some((member, owner)) = vm.lookup(ty, name) {
        return vm.member_value(ty, owner, this, member).map(Some);
    }
    if let Some(native) = class.native {
        if name == q!("__init__") {
            return Ok(Some(Found::Method(fk!(1, usize::MAX, native_init), this)));
        }
        let inner = vm.native_value(this);
        if inner != this
            && let Some(getattr) = native.slots.getattr
            && let Some(found) = getattr(vm, inner, name)?
        {
            return Ok(Some(found));
        }
    }
    if name == q!("__class__") {
        return Ok(Some(Found::Value(ty.value())));
    }
    let internal = [
        q!("__getattr__"),
        q!("__get__"),
        q!("__set__"),
        q!("__delete__"),
        q!("__set_name__"),
        q!("__setattr__"),
        q!("__delattr__"),
    ];
    if !internal.contains(&name)
        && let Some(v) = vm.call_special(this, q!("__getattr__"), &[Value::qstr(name)])?
    {
        return Ok(Some(Found::Value(v)));
    }
    match vm.lookup(&object::OBJECT, name) {
        Some((member, owner)) => Ok(Some(vm.bind_in_class(ty, owner, this, member))),
        None => Ok(None),
    }
}

/// Stores or deletes a member, ignoring what the class says about it.
pub(crate) fn raw_setattr(vm: &Vm, this: Value, name: Qstr, value: Option<Value>) -> Res<bool> {
    let members = super::class::instance_members(this);
    match value {
        Some(v) => members.insert_name(vm, name, v).map(|()| true),
        None => Ok(members.remove(vm, Value::qstr(name))?.is_some()),
    }
}

fn instance_setattr(vm: &Vm, this: Value, name: Qstr, value: Option<Value>) -> Res<bool> {
    let Some(class) = class_of(this) else { return Ok(false) };
    if !level::DESCRIPTORS || !class.special.get() {
        return raw_setattr(vm, this, name, value);
    }
    if let Some((member, _)) = vm.lookup(&class.get().ty, name) {
        if let Some(p) = member.cast::<Property>() {
            return p.get().store(vm, this, value);
        }
        if member.header().is_some_and(|h| h.ty().has(Type::CLASS)) {
            let hook = if value.is_some() { q!("__set__") } else { q!("__delete__") };
            if let Some(f) = vm.try_getattr(member, hook)? {
                match value {
                    Some(v) => vm.call(f, &[this, v])?,
                    None => vm.call(f, &[this])?,
                };
                return Ok(true);
            }
        }
    }
    let done = match value {
        Some(v) => vm.call_special(this, q!("__setattr__"), &[Value::qstr(name), v])?,
        None => vm.call_special(this, q!("__delattr__"), &[Value::qstr(name)])?,
    };
    if done.is_some() { Ok(true) } else { raw_setattr(vm, this, name, value) }
}

fn instance_subscr(vm: &Vm, this: Value, index: Value, access: Access) -> Res {
    let done = match access {
        Access::Load => vm.call_special(this, q!("__getitem__"), &[index])?,
        Access::Store(v) => vm.call_special(this, q!("__setitem__"), &[index, v])?,
        Access::Delete => vm.call_special(this, q!("__delitem__"), &[index])?,
    };
    if let Some(v) = done {
        return Ok(if matches!(access, Access::Load) { v } else { Value::NONE });
    }
    let native = vm.native_value(this);
    match vm.type_of(native).slots.subscr {
        Some(f) if native != this => {
            let done = f(vm, native, index, access);
            #[cfg(feature = "cpython")]
            let done = if matches!(access, Access::Load) {
                or_missing(vm, this, index, done)
            } else {
                done
            };
            done
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// An item of a dict, or what `__missing__` of the class derived from it says.
#[cfg(feature = "cpython")]
pub(crate) fn or_missing(vm: &Vm, this: Value, key: Value, found: Res) -> Res {
    let Err(raised) = found else { return found };
    if !vm.raised_is(&raised, &KEY_ERROR) || object::dict::map_of(vm, this).is_none() {
        return Err(raised);
    }
    let error = vm.take_exception(raised);
    match vm.call_special(this, q!("__missing__"), &[key])? {
        Some(v) => Ok(v),
        None => Err(vm.set_exception(error)),
    }
}

fn instance_iter(vm: &Vm, this: Value) -> Res {
    if let Some(it) = vm.call_special(this, q!("__iter__"), &[])? {
        return Ok(it);
    }
    let native = vm.native_value(this);
    if native != this {
        return vm.iter(native);
    }
    if vm.special(this, q!("__getitem__"))?.is_some() {
        return vm.new_item_iterator(this);
    }
    // `await` iterates; stock's programs define `__iter__` for it.
    #[cfg(feature = "cpython")]
    if let Some(it) = vm.call_special(this, q!("__await__"), &[])? {
        return Ok(it);
    }
    Ok(Value::NOT_IMPLEMENTED)
}

fn instance_next(vm: &Vm, this: Value) -> Res<Option<Value>> {
    let Some(found) = vm.special(this, q!("__next__"))? else {
        let native = vm.native_value(this);
        if native != this {
            return vm.next(native);
        }
        return vm.raise_fmt(&TYPE_ERROR, "'%' object isn't an iterator", &[Arg::TypeOf(this)]);
    };
    match vm.call_found(found, &[]) {
        Ok(v) => Ok(Some(v)),
        Err(r) => Err(r),
    }
}

fn instance_buffer(vm: &Vm, this: Value) -> Res<Option<Buffer>> {
    let native = vm.native_value(this);
    if native == this { Ok(None) } else { vm.try_buffer(native) }
}

const _: () = assert!(core::mem::offset_of!(NativeInstance, instance) == 0);
