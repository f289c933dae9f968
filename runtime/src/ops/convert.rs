//! Types of values, conversion to Rust values, and text of values.

use crate::error::{Arg, OVERFLOW_ERROR, Res, TYPE_ERROR};
#[cfg(feature = "full")]
use crate::object::BuiltinModule;
use crate::object::{self, Gc, Object, Type};
use crate::print::{Print, PrintKind, StrBuf};
use crate::value::Value;
use crate::vm::Vm;
#[cfg(feature = "full")]
use crate::vm::{FUNCTION, Function, GENERATOR_FUNCTION};

impl Vm {
    /// The type of any value.
    #[inline(always)]
    pub fn type_of(&self, v: Value) -> &'static Type {
        match v.header() {
            Some(h) => h.ty(),
            None => self.type_of_tagged(v),
        }
    }

    /// The type of a value as programs are told: all modules have the same, and so do all
    /// functions but those that make generators, by which libraries know these.
    #[cfg(feature = "full")]
    pub fn class_of(&self, v: Value) -> &'static Type {
        if v.cast::<BuiltinModule>().is_some() {
            return &object::MODULE;
        }
        match v.cast::<Function>().or_else(|| crate::native::inner_function(v)) {
            Some(f) if f.raw().is_generator() => &GENERATOR_FUNCTION,
            Some(_) => &FUNCTION,
            None => self.type_of(v),
        }
    }

    #[cfg(not(feature = "full"))]
    pub fn class_of(&self, v: Value) -> &'static Type {
        self.type_of(v)
    }

    fn type_of_tagged(&self, v: Value) -> &'static Type {
        if v.is_small() {
            return &object::INT;
        }
        if v.is_qstr() {
            &object::STR
        } else if v.is_none() {
            &object::NONE_TYPE
        } else if v.as_bool().is_some() {
            &object::BOOL
        } else if v == Value::ELLIPSIS {
            &object::ELLIPSIS
        } else {
            &object::NOT_IMPLEMENTED
        }
    }

    /// `v` as a type, if it is one.
    pub fn as_type(&self, v: Value) -> Option<&'static Type> {
        v.cast::<Type>().map(Gc::get)
    }

    /// `isinstance(v, ty)`.
    pub fn is_instance_of(&self, v: Value, ty: &'static Type) -> bool {
        self.is_subtype(self.type_of(v), ty)
    }

    /// `v` as a `T`, also from an instance of a derived class.
    pub fn native<T: Object>(&self, v: Value) -> Option<Gc<T>> {
        v.cast::<T>().or_else(|| self.native_value(v).cast::<T>())
    }

    /// As [`Vm::native`]. Errors: TypeError.
    pub fn expect<T: Object>(&self, v: Value) -> Res<Gc<T>> {
        match self.native(v) {
            Some(gc) => Ok(gc),
            None => self.raise_fmt(
                &TYPE_ERROR,
                "can't convert % to %",
                &[Arg::TypeOf(v), T::TYPE.into()],
            ),
        }
    }

    /// An int that fits a machine word. Errors: TypeError, OverflowError.
    #[inline]
    pub fn get_int(&self, v: Value) -> Res<isize> {
        match v.as_small() {
            Some(i) => Ok(i),
            None => match self.try_int(v)? {
                Some(i) => Ok(i),
                None => self.raise_fmt(&TYPE_ERROR, "can't convert % to int", &[Arg::TypeOf(v)]),
            },
        }
    }

    /// A non-negative int, e.g. a size. Errors: as `get_int`.
    pub fn get_usize(&self, v: Value) -> Res<usize> {
        match self.get_int(v)? {
            i if i >= 0 => Ok(i as usize),
            _ => self.raise(&OVERFLOW_ERROR, "can't convert negative int to unsigned"),
        }
    }

    /// `str(v)`.
    pub fn str(&self, v: Value) -> Res {
        if self.type_of(v) == &object::STR {
            return Ok(v);
        }
        let mut buf = StrBuf::new(self);
        self.print_to(&mut buf, v, PrintKind::Str)?;
        buf.into_str()
    }

    /// `repr(v)`.
    pub fn repr(&self, v: Value) -> Res {
        let mut buf = StrBuf::new(self);
        self.print_to(&mut buf, v, PrintKind::Repr)?;
        buf.into_str()
    }

    /// Prints `v`. Objects without an own form are shown as `<type>`.
    pub fn print_to(&self, p: &mut dyn Print, v: Value, kind: PrintKind) -> Res<()> {
        let ty = self.type_of(v);
        match ty.slots.print {
            Some(f) => {
                self.check_stack()?;
                f(self, v, p, kind)
            }
            None => {
                p.str("<")?;
                p.write(self.qstr_bytes(ty.name))?;
                p.str(">")
            }
        }
    }

    /// An int object for `i`.
    pub fn new_int(&self, i: i64) -> Res {
        match isize::try_from(i).ok().and_then(Value::try_small) {
            Some(v) => Ok(v),
            None => self.new_big(i < 0, i.unsigned_abs()),
        }
    }

    pub fn new_uint(&self, u: u64) -> Res {
        match isize::try_from(u).ok().and_then(Value::try_small) {
            Some(v) => Ok(v),
            None => self.new_big(false, u),
        }
    }
}
