//! A slice object outside the heap.
//!
//! # Contracts of the unsafe code
//! 1. Whoever gets the value of a [`SpareSlice`] uses it up before the next one is made,
//!    and runs no code of the program meanwhile: no reference to the old parts is left.
#![allow(unsafe_code)]

use core::cell::UnsafeCell;
use core::mem::MaybeUninit;
use core::ptr::NonNull;

use super::{Object, Slice};
use crate::value::Value;

/// Memory for the slice that the running instruction takes apart.
pub(crate) struct SpareSlice(UnsafeCell<MaybeUninit<Slice>>);

impl Default for SpareSlice {
    fn default() -> SpareSlice {
        SpareSlice(UnsafeCell::new(MaybeUninit::uninit()))
    }
}

impl SpareSlice {
    /// The slice of these parts; see contract 1 for how long it is one.
    pub(crate) fn set(&self, start: Value, stop: Value, step: Value) -> Value {
        let p = NonNull::from_ref(&self.0).cast::<Slice>();
        // SAFETY: our own memory, to which no reference exists by contract 1.
        unsafe {
            p.write(Slice { header: Slice::HEADER, start, stop, step });
            Value::from_ptr(p)
        }
    }
}
