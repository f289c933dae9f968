//! Attributes.

use crate::error::{ATTRIBUTE_ERROR, Arg, Res};
use crate::object::{
    BoundMethod, BuiltinModule, ClassMethod, Found, Module, Object, StaticMethod, Type,
};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::{Class, Mro, Vm};

impl Vm {
    /// `v.name`. Errors: AttributeError.
    pub fn getattr(&self, v: Value, name: Qstr) -> Res {
        match self.find_attr(v, name)? {
            Some(found) => self.bind(found),
            None => self.no_attr(v, name),
        }
    }

    /// `v.name` if there is one, AttributeError counting as none.
    pub fn try_getattr(&self, v: Value, name: Qstr) -> Res<Option<Value>> {
        match self.find_attr(v, name) {
            Ok(Some(found)) => self.bind(found).map(Some),
            Ok(None) => Ok(None),
            Err(r) if self.raised_is(&r, &ATTRIBUTE_ERROR) => {
                self.take_exception(r);
                Ok(None)
            }
            Err(r) => Err(r),
        }
    }

    /// A function and the object to pass first, for `v.name(...)`; without the second
    /// the first is to be called as it is. Errors: AttributeError.
    pub fn load_method(&self, v: Value, name: Qstr) -> Res<Found> {
        match self.find_attr(v, name)? {
            Some(found) => Ok(found),
            None => self.no_attr(v, name),
        }
    }

    /// Makes a bound method of a function found on a type.
    pub fn bind(&self, found: Found) -> Res {
        match found {
            Found::Value(v) => Ok(v),
            Found::Method(fun, this) => {
                self.new_obj(BoundMethod { header: BoundMethod::HEADER, fun, this })
            }
        }
    }

    /// Looks `name` up on `v`: the type's `getattr` slot, then its method table.
    pub fn find_attr(&self, v: Value, name: Qstr) -> Res<Option<Found>> {
        let ty = self.type_of(v);
        if let Some(f) = ty.slots.getattr
            && let Some(found) = f(self, v, name)?
        {
            return Ok(Some(found));
        }
        if ty.has(Type::CLASS) {
            return Ok(None);
        }
        if let Some(member) = self.type_lookup(ty, name) {
            return Ok(Some(self.bind_member(ty, v, member)));
        }
        if name == q!("__class__") {
            return Ok(Some(Found::Value(self.class_of(v).value())));
        }
        if name == q!("__next__") && ty.slots.next.is_some() {
            return Ok(Some(Found::Method(crate::f1!(builtin_next), v)));
        }
        Ok(None)
    }

    /// What an attribute of a type becomes when it is read from the instance `this`.
    pub fn bind_member(&self, ty: &'static Type, this: Value, member: Value) -> Found {
        let Some(header) = member.header() else { return Found::Value(member) };
        if header.ty().has(Type::BINDS) {
            Found::Method(member, this)
        } else if let Some(m) = member.cast::<StaticMethod>() {
            Found::Value(m.fun)
        } else if let Some(m) = member.cast::<ClassMethod>() {
            Found::Method(m.fun, ty.value())
        } else {
            Found::Value(member)
        }
    }

    /// `v.name = value`, or `del v.name`. Errors: AttributeError.
    pub fn setattr(&self, v: Value, name: Qstr, value: Option<Value>) -> Res<()> {
        if let Some(f) = self.type_of(v).slots.setattr
            && f(self, v, name, value)?
        {
            return Ok(());
        }
        self.no_attr(v, name)
    }

    /// Calls `each` with the names that `v` has, as far as they are in tables.
    pub fn each_attr(&self, v: Value, each: &mut dyn FnMut(Qstr) -> Res<()>) -> Res<()> {
        if let Some(m) = v.cast::<BuiltinModule>() {
            return m.table.iter().try_for_each(|row| each(row.name));
        }
        if let Some(m) = v.cast::<Module>() {
            return m.globals.map.iter().filter_map(|(k, _)| k.as_qstr()).try_for_each(each);
        }
        let own = self.type_of(v);
        if own.has(Type::CLASS) {
            let names = crate::vm::instance_members(v).iter();
            names.filter_map(|(k, _)| k.as_qstr()).try_for_each(&mut *each)?;
        }
        for ty in Mro::new(self.as_type(v).unwrap_or(own)) {
            match Class::of(ty) {
                Some(c) => {
                    let names = c.dict.map.iter();
                    names.filter_map(|(k, _)| k.as_qstr()).try_for_each(&mut *each)?;
                }
                None => ty.locals.iter().try_for_each(|row| each(row.name))?,
            }
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn no_attr<T>(&self, v: Value, name: Qstr) -> Res<T> {
        match self.as_type(v) {
            Some(ty) => self.raise_fmt(
                &ATTRIBUTE_ERROR,
                "type object '%' has no attribute '%'",
                &[ty.into(), name.into()],
            ),
            None if crate::level::CPYTHON
                && (v.is::<crate::object::Module>() || v.is::<crate::object::BuiltinModule>()) =>
            {
                let module = Arg::Str(self.try_getattr(v, q!("__name__"))?.unwrap_or(v));
                self.raise_fmt(
                    &ATTRIBUTE_ERROR,
                    "module '%' has no attribute '%'",
                    &[module, name.into()],
                )
            }
            None => self.raise_fmt(
                &ATTRIBUTE_ERROR,
                "'%' object has no attribute '%'",
                &[Arg::TypeOf(v), name.into()],
            ),
        }
    }
}

/// `__next__` of any built-in iterator.
fn builtin_next(vm: &Vm, this: Value) -> Res {
    vm.stop_value.set(Value::NONE);
    match vm.next(this)? {
        Some(v) => Ok(v),
        None => vm.raise_stop(),
    }
}
