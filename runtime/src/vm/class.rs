//! Classes made by programs, and lookup through their bases.
//!
//! A [`Class`] starts with a [`Type`] so that instances can point at it as at any
//! type. Method resolution order is CPython's (C3). It is stored only for a class
//! with several bases; that of any other class is the class followed by its base's.
//! A chain may end in one built-in type, whose object every instance then carries
//! (`Instance::native`).

use core::cell::Cell;
use core::ptr::NonNull;

use super::Vm;
use super::function::{Closure, Function};
use super::instance::INSTANCE_SLOTS;
use crate::error::{ATTRIBUTE_ERROR, Res, TYPE_ERROR};
use crate::heap::RawVec;
use crate::level;
use crate::object::{self, Args, Dict, Found, Gc, Map, StaticMethod, Type};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;

/// A class of a program.
#[repr(C)]
pub struct Class {
    pub(crate) ty: Type,
    pub(crate) dict: Gc<Dict>,
    /// A tuple.
    pub(crate) bases: Value,
    /// A tuple, if there is more than one base.
    mro: Option<Value>,
    /// The built-in type that instances contain an object of.
    pub(crate) native: Option<&'static Type>,
    /// Stores to instances must look at the class first: it has properties,
    /// descriptors or `__setattr__`.
    pub(crate) special: Cell<bool>,
    subclassed: Cell<bool>,
    /// Instances have a `__del__`.
    pub(crate) finalise: Cell<bool>,
}

impl Class {
    /// The class behind a type.
    #[inline(always)]
    pub(crate) fn of(ty: &'static Type) -> Option<Gc<Class>> {
        if ty.has(Type::CLASS) {
            // SAFETY: only `new_class` makes types with this flag.
            Some(unsafe { Gc::from_ptr(NonNull::from_ref(ty).cast()) })
        } else {
            None
        }
    }
}

/// Types in method resolution order.
pub(crate) struct Mro {
    next: Option<&'static Type>,
    rest: &'static [Value],
    stored: bool,
}

impl Mro {
    pub(crate) fn new(ty: &'static Type) -> Mro {
        Mro { next: Some(ty), rest: &[], stored: false }
    }

    fn advance(&mut self) {
        self.next = self.rest.first().and_then(|v| v.cast::<Type>()).map(Gc::get);
        self.rest = self.rest.get(1..).unwrap_or_default();
    }
}

impl Iterator for Mro {
    type Item = &'static Type;

    fn next(&mut self) -> Option<&'static Type> {
        let ty = self.next?;
        if level::MULTIPLE_BASES && self.stored {
            self.advance();
            return Some(ty);
        }
        let order = Class::of(ty)
            .filter(|_| level::MULTIPLE_BASES)
            .and_then(|c| c.mro)
            .and_then(|m| m.cast::<object::Tuple>())
            .and_then(|t| t.items().get(1..));
        match order {
            // A stored order is complete: from here on only it counts.
            Some(rest) => {
                self.rest = rest;
                self.stored = true;
                self.advance();
            }
            None => self.next = ty.base,
        }
        Some(ty)
    }
}

impl Vm {
    /// Attribute `name` of `ty` itself, no bases.
    #[inline]
    pub(crate) fn own_attr(&self, ty: &'static Type, name: Qstr) -> Option<Value> {
        match Class::of(ty) {
            Some(c) => c.dict.map.get_name(self, name),
            None if ty.has(Type::FIELDS) => None,
            None => ty.local(name),
        }
    }

    /// Attribute `name` of a type or its bases, unbound, and the type it is from.
    pub(crate) fn lookup(&self, ty: &'static Type, name: Qstr) -> Option<(Value, &'static Type)> {
        let mut types = Mro::new(ty);
        types.find_map(|t| self.own_attr(t, name).map(|v| (v, t)))
    }

    /// Attribute `name` of a type or its bases, unbound.
    pub fn type_lookup(&self, ty: &'static Type, name: Qstr) -> Option<Value> {
        self.lookup(ty, name).map(|(v, _)| v)
    }

    /// Whether `ty` is `base` or derived from it.
    pub fn is_subtype(&self, ty: &'static Type, base: &'static Type) -> bool {
        ty == base || base == &object::OBJECT || Mro::new(ty).any(|t| t == base)
    }

    /// A new class, as by `class name(*bases)` with the namespace `dict`.
    pub fn new_class(&self, name: Qstr, bases: &[Value], dict: Gc<Dict>) -> Res {
        if !level::MULTIPLE_BASES && bases.len() > 1 {
            return self.raise_type(&TYPE_ERROR);
        }
        let mut native: Option<&'static Type> = None;
        let mut special = false;
        let mut base = None;
        let mut finalise = dict.map.get_name(self, q!("__del__")).is_some();
        for (i, &b) in bases.iter().enumerate() {
            let Some(ty) = self.as_type(b) else { return self.raise_type(&TYPE_ERROR) };
            if i == 0 {
                base = Some(ty);
            }
            let of_base = match Class::of(ty) {
                Some(c) => {
                    c.subclassed.set(true);
                    special |= c.special.get();
                    finalise |= c.finalise.get();
                    c.native
                }
                None if ty == &object::OBJECT => None,
                None if ty.slots.new.is_none() || ty.has(Type::FINAL) => {
                    return self.raise_fmt(
                        &TYPE_ERROR,
                        "type '%' isn't an acceptable base type",
                        &[ty.into()],
                    );
                }
                None => Some(ty),
            };
            native = match (native, of_base) {
                (Some(a), Some(b)) if self.is_subtype(a, b) => Some(a),
                (Some(a), Some(b)) if self.is_subtype(b, a) => Some(b),
                (Some(_), Some(_)) => {
                    return self
                        .raise(&TYPE_ERROR, "multiple bases have instance lay-out conflict");
                }
                (one, other) => one.or(other),
            };
        }
        let bases_tuple = self.new_tuple(bases)?;
        for (k, v) in dict.map.iter() {
            special |= self.is_special(k, v);
        }
        if let Some(i) = dict.map.find_name(self, q!("__new__"))
            && let Some(e) = dict.map.entry(i)
            && (e.value.is::<Function>()
                || e.value.is::<Closure>()
                || crate::native::inner_function(e.value).is_some())
        {
            dict.map.set_value(i, self.new_obj(StaticMethod::new(e.value))?);
        }
        let ty = Type {
            flags: Type::CLASS | Type::EQ_ANY | Type::NOT_REFLEXIVE | Type::HAS_NE | Type::MEMBERS,
            base,
            ..Type::new(name, &INSTANCE_SLOTS)
        };
        let p = self.alloc(size_of::<Class>(), false)?.cast::<Class>();
        // SAFETY: fresh memory of that size.
        let class = unsafe {
            p.write(Class {
                ty,
                dict,
                bases: bases_tuple,
                mro: None,
                native,
                special: Cell::new(special),
                subclassed: Cell::new(false),
                finalise: Cell::new(finalise),
            });
            Gc::from_ptr(p)
        };
        let this = class.get().ty.value();
        if level::MULTIPLE_BASES && bases.len() > 1 {
            let mro = Some(self.linearise(this, bases)?);
            // SAFETY: nobody else knows the class yet.
            unsafe { (*p.as_ptr()).mro = mro };
        }
        if level::DESCRIPTORS {
            self.call_set_name(this, dict)?;
        }
        Ok(this)
    }

    /// C3: merges the orders of the bases and the list of the bases.
    fn linearise(&self, this: Value, bases: &[Value]) -> Res {
        let lists: RawVec<(Value, Value)> = RawVec::new();
        for &b in bases {
            let Some(ty) = self.as_type(b) else { continue };
            let order: RawVec<Value> = RawVec::new();
            for t in Mro::new(ty).filter(|&t| t != &object::OBJECT) {
                order.push(self, t.value())?;
            }
            let order = self.new_list(order.slice())?;
            lists.push(self, (order.into(), Value::NONE))?;
        }
        let own: RawVec<Value> = RawVec::new();
        for &b in bases.iter().filter(|&&b| b != object::OBJECT.value()) {
            own.push(self, b)?;
        }
        lists.push(self, (self.new_list(own.slice())?.into(), Value::NONE))?;
        let items = |v: (Value, Value)| v.0.cast::<object::List>();
        let result: RawVec<Value> = RawVec::new();
        result.push(self, this)?;
        loop {
            let mut open = false;
            let mut chosen = None;
            for list in lists.iter().filter_map(items) {
                let Some(head) = list.items.get(0) else { continue };
                open = true;
                let blocked = lists
                    .iter()
                    .filter_map(items)
                    .any(|l| l.items.iter().skip(1).any(|v| v == head));
                if !blocked {
                    chosen = Some(head);
                    break;
                }
            }
            let Some(head) = chosen else {
                if !open {
                    return self.new_tuple(result.slice());
                }
                return self.raise(
                    &TYPE_ERROR,
                    "cannot create a consistent method resolution order (MRO) for bases",
                );
            };
            result.push(self, head)?;
            for list in lists.iter().filter_map(items) {
                if list.items.get(0) == Some(head) {
                    list.items.remove(0);
                }
            }
        }
    }

    /// Whether a class attribute takes part in stores to instances.
    fn is_special(&self, key: Value, v: Value) -> bool {
        if !level::DESCRIPTORS {
            return false;
        }
        if self.name_is(key, q!("__setattr__")) || self.name_is(key, q!("__delattr__")) {
            return true;
        }
        if v.is::<object::Property>() {
            return true;
        }
        let Some(ty) = v.header().map(|h| h.ty()).filter(|t| t.has(Type::CLASS)) else {
            return false;
        };
        [q!("__get__"), q!("__set__"), q!("__delete__")]
            .iter()
            .any(|&n| self.type_lookup(ty, n).is_some())
    }

    fn call_set_name(&self, class: Value, dict: Gc<Dict>) -> Res<()> {
        let hooks: RawVec<(Value, Value)> = RawVec::new();
        for (k, v) in dict.map.iter() {
            if v.header().is_some_and(|h| h.ty().has(Type::CLASS))
                && let Some(f) = self.try_getattr(v, q!("__set_name__"))?
            {
                hooks.push(self, (f, k))?;
            }
        }
        for (f, k) in hooks.iter() {
            self.call(f, &[class, k])?;
        }
        Ok(())
    }

    /// Stores or deletes an attribute of a class.
    pub(crate) fn class_setattr(&self, c: Gc<Class>, name: Qstr, v: Option<Value>) -> Res<bool> {
        self.flush_methods();
        let Some(v) = v else {
            return Ok(c.dict.map.remove(self, Value::qstr(name))?.is_some());
        };
        if !c.special.get() && self.is_special(Value::qstr(name), v) {
            if c.subclassed.get() {
                return self.raise(
                    &ATTRIBUTE_ERROR,
                    "can't add special method to already-subclassed class",
                );
            }
            c.special.set(true);
        }
        c.dict.map.insert_name(self, name, v)?;
        Ok(true)
    }

    /// What attribute `member`, found on `owner` for `class`, is when read through
    /// `this`, an instance or the class itself.
    pub(crate) fn bind_in_class(
        &self,
        class: &'static Type,
        owner: &'static Type,
        this: Value,
        member: Value,
    ) -> Found {
        let this = if owner.has(Type::CLASS) {
            if member.header().is_some_and(|h| h.ty().has(Type::BUILTIN_FUN)) {
                return Found::Value(member);
            }
            this
        } else if owner == &object::OBJECT {
            this
        } else {
            self.native_value(this)
        };
        self.bind_member(class, this, member)
    }
}

/// `__build_class__(body, name, *bases, metaclass=…)`.
pub(crate) fn build_class(vm: &Vm, args: &Args<'_>) -> Res {
    let (Some(body), Some(name)) = (args.get(0), args.get(1)) else { return Ok(Value::NONE) };
    let bases = args.pos.get(2..).unwrap_or_default();
    let dict = vm.new_dict(0)?;
    let saved = vm.locals.replace(Some(dict));
    let cell = vm.call(body, &[]);
    vm.locals.set(saved);
    let cell = cell?;
    let meta =
        args.keyword(vm, q!("metaclass")).or_else(|| bases.first().map(|&b| vm.type_of(b).value()));
    let meta = meta.unwrap_or_else(|| object::TYPE.value());
    let class = if meta == object::TYPE.value() {
        let Some(name) = vm.str_bytes(name) else { return vm.raise_type(&TYPE_ERROR) };
        vm.new_class(vm.intern(name)?, bases, dict)?
    } else {
        let bases = vm.new_tuple(bases)?;
        vm.call(meta, &[name, bases, dict.into()])?
    };
    if let Some(cell) = cell.cast::<super::function::CellObj>() {
        cell.value.set(Some(class));
    }
    Ok(class)
}

/// The members of an instance of a program's class.
#[inline(always)]
pub(crate) fn instance_members(v: Value) -> &'static Map {
    // SAFETY: callers checked that the type of `v` is a class.
    &unsafe { v.cast_unchecked::<super::instance::Instance>() }.get().members
}
