//! The tuple object: its items follow the header in the same block.
//!
//! # Contracts of the unsafe code
//! 1. A `Tuple` is only ever made by `new_tuple_of` or lies at the start of a
//!    `StaticTuple`, so `len` initialised values follow it.
#![allow(unsafe_code)]

use core::cell::Cell;
use core::ptr::NonNull;

use super::{Gc, Header, Object, TUPLE, Type};
use crate::error::Res;
use crate::value::Value;
use crate::vm::Vm;

/// A tuple; `items` gives what is in it.
#[repr(C)]
pub struct Tuple {
    header: Header,
    len: usize,
}

// SAFETY: `#[repr(C)]`, header first.
unsafe impl Object for Tuple {
    const TYPE: &'static Type = &TUPLE;
    const LEAF: bool = false;
}

impl Tuple {
    #[inline(always)]
    pub fn items(&'static self) -> &'static [Value] {
        // SAFETY: contract 1.
        unsafe {
            let first = NonNull::from_ref(self).add(1).cast::<Value>();
            core::slice::from_raw_parts(first.as_ptr(), self.len)
        }
    }
}

impl Gc<Tuple> {
    #[inline(always)]
    pub fn items(self) -> &'static [Value] {
        let p = self.ptr();
        // SAFETY: contract 1; the pointer covers the whole block.
        unsafe { core::slice::from_raw_parts(p.add(1).cast::<Value>().as_ptr(), p.as_ref().len) }
    }
}

/// A tuple in flash: `static T: StaticTuple<2> = StaticTuple::new([a, b]);`
#[repr(C)]
pub struct StaticTuple<const N: usize> {
    tuple: Tuple,
    items: [Value; N],
}

// SAFETY: starts with a tuple.
unsafe impl<const N: usize> Object for StaticTuple<N> {
    const TYPE: &'static Type = &TUPLE;
    const LEAF: bool = false;
}

impl<const N: usize> StaticTuple<N> {
    pub const fn new(items: [Value; N]) -> StaticTuple<N> {
        StaticTuple::with_type(&TUPLE, items)
    }

    /// A tuple of a type derived from TUPLE.
    pub const fn with_type(ty: &'static Type, items: [Value; N]) -> StaticTuple<N> {
        StaticTuple { tuple: Tuple { header: Header::of(ty), len: N }, items }
    }
}

/// The tuple of no items.
pub static EMPTY_TUPLE: StaticTuple<0> = StaticTuple::new([]);

impl Vm {
    /// A tuple of type `ty` (TUPLE, or a type with the same layout as a named tuple)
    /// whose items are written by `fill`; they start as None.
    pub fn new_tuple_of(
        &self,
        ty: &'static Type,
        len: usize,
        fill: impl FnOnce(&[Cell<Value>]) -> Res<()>,
    ) -> Res<Gc<Tuple>> {
        let Some(bytes) =
            len.checked_mul(size_of::<Value>()).filter(|&b| b < isize::MAX as usize / 2)
        else {
            return self.raise_memory();
        };
        let p = self.alloc(size_of::<Tuple>() + bytes, false)?.cast::<Tuple>();
        // SAFETY: fresh memory of that size.
        unsafe {
            p.write(Tuple { header: Header::of(ty), len });
            let first = p.add(1).cast::<Value>();
            for i in 0..len {
                first.add(i).write(Value::NONE);
            }
            fill(core::slice::from_raw_parts(first.cast::<Cell<Value>>().as_ptr(), len))?;
            Ok(Gc::from_ptr(p))
        }
    }

    /// A tuple of `items`.
    pub fn new_tuple(&self, items: &[Value]) -> Res {
        if items.is_empty() {
            return Ok(Value::from_static(&EMPTY_TUPLE));
        }
        let t = self.new_tuple_of(&TUPLE, items.len(), |cells| {
            for (cell, &v) in cells.iter().zip(items) {
                cell.set(v);
            }
            Ok(())
        })?;
        Ok(t.into())
    }

    /// The items of a tuple or of an object with the layout of one.
    pub fn tuple_items(&self, v: Value) -> Option<&'static [Value]> {
        let v = self.native_value(v);
        let ty = self.type_of(v);
        if ty == &TUPLE || self.is_subtype(ty, &TUPLE) {
            // SAFETY: types derived from TUPLE have its layout.
            Some(unsafe { v.cast_unchecked::<Tuple>() }.items())
        } else {
            None
        }
    }
}
