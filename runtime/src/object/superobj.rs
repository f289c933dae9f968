//! `super`: attributes from behind a class in the order of an object's type.

#[cfg(feature = "cpython")]
use super::DICT;
use super::{Args, Found, OBJECT, Object, Type};
use crate::error::{Res, TYPE_ERROR};
use crate::print::{Print, PrintKind};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// What `super(class, this)` gives.
    pub struct Super: SUPER { class: Value, this: Value, }
}

py_type! {
    pub static SUPER: "super" { new: super_new, print: super_print, getattr: super_getattr, }
}

fn super_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 2, 2)?;
    let (class, this) = (args.get(0).unwrap_or(Value::NONE), args.get(1).unwrap_or(Value::NONE));
    let ty = vm.as_type(this).unwrap_or_else(|| vm.type_of(this));
    if !vm.as_type(class).is_some_and(|c| vm.is_subtype(ty, c)) {
        return vm.raise_type(&TYPE_ERROR);
    }
    vm.new_obj(Super { header: Super::HEADER, class, this })
}

fn super_print(vm: &Vm, this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    let Some(s) = this.cast::<Super>() else { return Ok(()) };
    p.str("<super: ")?;
    vm.print_to(p, s.class, PrintKind::Str)?;
    p.str(", ")?;
    vm.print_to(p, s.this, PrintKind::Str)?;
    p.str(">")
}

fn super_getattr(vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    match this.cast::<Super>() {
        Some(s) => vm.super_attr(s.class, s.this, name),
        None => Ok(None),
    }
}

impl Vm {
    /// `super(class, this).name`.
    pub(crate) fn super_attr(&self, class: Value, this: Value, name: Qstr) -> Res<Option<Found>> {
        let Some(class) = self.as_type(class) else { return Ok(None) };
        let ty = self.as_type(this).unwrap_or_else(|| self.type_of(this));
        let mut behind = crate::vm::Mro::new(ty).skip_while(|&t| t != class).skip(1);
        for t in &mut behind {
            if t == &OBJECT {
                continue;
            }
            if !t.has(Type::CLASS) && name == q!("__init__") {
                return Ok(Some(Found::Method(fk!(1, usize::MAX, crate::vm::native_init), this)));
            }
            #[cfg(feature = "cpython")]
            if t == &DICT && name == q!("__getitem__") {
                // It is to know the class, which may have a `__missing__`.
                return Ok(Some(Found::Method(f2!(super::dict::dict_getitem), this)));
            }
            if let Some(member) = self.own_attr(t, name) {
                return self.member_value(ty, t, this, member).map(Some);
            }
            if !t.has(Type::CLASS)
                && let Some(getattr) = t.slots.getattr
                && let Some(found) = getattr(self, self.native_value(this), name)?
            {
                return Ok(Some(found));
            }
            #[cfg(feature = "cpython")]
            if !t.has(Type::CLASS)
                && let Some(f) = self.inner_special(this, name)
            {
                return Ok(Some(Found::Method(f, this)));
            }
        }
        match self.own_attr(&OBJECT, name) {
            Some(member) => Ok(Some(self.bind_in_class(ty, &OBJECT, this, member))),
            None => Ok(None),
        }
    }
}
