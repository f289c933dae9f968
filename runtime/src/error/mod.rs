//! Raising exceptions.
//!
//! A function that can raise returns [`Res`]. `Err(Raised)` is a zero-sized proof
//! that the exception object waits in the `Vm`; to handle it, take it with
//! [`Vm::take_exception`]. `vm.raise…` functions are generic over the success type
//! so that `return vm.raise(&VALUE_ERROR, "text")` works everywhere.

mod fmt;
mod types;

pub use fmt::Arg;
pub use types::*;

use crate::heap::RawVec;
use crate::level;
use crate::object::{Exception, Object, Type};
use crate::print::StrBuf;
use crate::value::Value;
use crate::vm::Vm;

/// An exception is pending in the `Vm`.
#[must_use]
#[derive(Debug)]
pub struct Raised(());

/// The result of everything that can raise.
pub type Res<T = Value> = Result<T, Raised>;

impl Vm {
    #[cold]
    #[inline(never)]
    fn set_message(&self, ty: &'static Type, text: Option<&'static str>) -> Raised {
        let arg = match text {
            Some(text) => match self.str_from_static(text.as_bytes()) {
                Ok(v) => Some(v),
                Err(r) => {
                    self.take_exception(r);
                    Some(self.spare_str(text.as_bytes()))
                }
            },
            None => None,
        };
        self.set_args(ty, arg.as_slice())
    }

    #[cold]
    #[inline(never)]
    fn set_args(&self, ty: &'static Type, args: &[Value]) -> Raised {
        match self.new_exception(ty, args) {
            Ok(v) => self.set_exception(v),
            Err(r) => r,
        }
    }

    #[cold]
    #[inline(never)]
    fn set_formatted(&self, ty: &'static Type, format: &str, args: &[Arg<'_>]) -> Raised {
        let mut text = StrBuf::new(self);
        let text = match fmt::format(self, &mut text, format, args) {
            Ok(()) => text.into_str(),
            Err(r) => Err(r),
        };
        match text {
            Ok(v) => self.set_args(ty, &[v]),
            Err(r) if self.raised_is(&r, &MEMORY_ERROR) => {
                self.take_exception(r);
                let text = self.spare_text(|p| fmt::format(self, p, format, args));
                self.set_args(ty, text.as_slice())
            }
            Err(r) => r,
        }
    }

    /// Raises `ty(text)`.
    #[inline(always)]
    pub fn raise<T>(&self, ty: &'static Type, text: &'static str) -> Res<T> {
        Err(self.set_message(ty, if level::MESSAGES { Some(text) } else { None }))
    }

    /// Raises `ty()`.
    #[inline]
    pub fn raise_type<T>(&self, ty: &'static Type) -> Res<T> {
        Err(self.set_message(ty, None))
    }

    /// Raises `ty(text)`, each `%` of `format` replaced by the next of `args`
    /// (`%%` is a percent sign, once all arguments are used).
    #[inline(always)]
    pub fn raise_fmt<T>(&self, ty: &'static Type, format: &str, args: &[Arg<'_>]) -> Res<T> {
        if !level::MESSAGES {
            return self.raise_type(ty);
        }
        Err(self.set_formatted(ty, format, args))
    }

    /// Raises `ty(value)`, e.g. KeyError(key).
    #[inline]
    pub fn raise_arg<T>(&self, ty: &'static Type, value: Value) -> Res<T> {
        Err(self.set_args(ty, &[value]))
    }

    /// Raises `OSError(errno)`.
    #[inline]
    pub fn raise_os<T>(&self, errno: i32) -> Res<T> {
        self.raise_arg(&OS_ERROR, Value::small(errno as isize))
    }

    /// Raises the MemoryError that needs no memory.
    #[inline]
    pub fn raise_memory<T>(&self) -> Res<T> {
        Err(self.set_memory_error())
    }

    #[cold]
    #[inline(never)]
    fn set_memory_error(&self) -> Raised {
        let e = &self.memory_error;
        self.emergency.set(None);
        e.args.set(None);
        e.trace.clear();
        self.set_exception(self.memory_error_value())
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn raise_memory_for<T>(&self, bytes: usize) -> Res<T> {
        self.emergency_error(b"memory allocation failed, allocating ", Some(bytes), b" bytes")
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn raise_heap_locked<T>(&self) -> Res<T> {
        self.emergency_error(b"memory allocation failed, heap is locked", None, b"")
    }

    /// Raises an exception object or class, as `raise` does.
    pub fn raise_value<T>(&self, v: Value) -> Res<T> {
        Err(self.set_exception(v))
    }

    /// Makes `v` the pending exception.
    pub(crate) fn set_exception(&self, v: Value) -> Raised {
        self.exception.set(Some(v));
        Raised(())
    }

    /// Takes the pending exception, which is thereby handled.
    pub fn take_exception(&self, _: Raised) -> Value {
        self.exception.take().unwrap_or_else(|| self.memory_error_value())
    }

    /// Whether the pending exception is a `ty`.
    pub fn raised_is(&self, _: &Raised, ty: &'static Type) -> bool {
        self.exception.get().is_some_and(|v| self.is_instance_of(v, ty))
    }

    /// A new exception object.
    pub fn new_exception(&self, ty: &'static Type, args: &[Value]) -> Res {
        let args = self.exception_tuple(args);
        let header = crate::object::Header::of(ty);
        let trace = RawVec::new();
        self.alloc_exception(Exception::new(header, args, trace))
    }

    /// The arguments of an exception object.
    pub fn exception_args(&self, e: &Exception) -> &'static [Value] {
        e.args.get().and_then(|v| self.tuple_items(v)).unwrap_or_default()
    }
}

/// The type of an object declared with `object!`.
pub fn type_of_object<T: Object>() -> &'static Type {
    T::TYPE
}
