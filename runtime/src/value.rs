//! The tagged word that every Python object is handled by.
//!
//! The tagging is the one native `.mpy` code is compiled for:
//!
//! | low bits | meaning                                  |
//! |----------|------------------------------------------|
//! | `…1`     | small int, `i << 1 \| 1`                  |
//! | `…010`   | interned string, `qstr << 3 \| 2`         |
//! | `…110`   | immediate object, `n << 3 \| 6`           |
//! | `…00`    | pointer to an object with a [`Header`]    |
//!
//! A `Value` holds a pointer rather than an integer so that constant data in
//! flash may contain `Value`s that point at other constant data. It is never
//! the zero word, so `Option<Value>` and `Res<Value>` are one word too.
//!
//! # Contracts of the unsafe code
//! 1. No constructor makes the zero word.
//! 2. A word whose low two bits are `00` was made from a pointer to a live
//!    object that starts with a `Header`.
//! 3. `Sync`: static tables hold values that point at immutable data only; heap
//!    objects are reached only through a `Vm`, which is not `Sync`.
#![allow(unsafe_code)]

use core::ptr::{self, NonNull};

use crate::object::Header;
use crate::qstr::Qstr;

/// A Python object reference; see the module's table for the encoding.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Value(NonNull<()>);

// SAFETY: contract 3.
unsafe impl Sync for Value {}

impl Value {
    pub const NONE: Value = Value::immediate(0);
    pub const FALSE: Value = Value::immediate(1);
    pub const TRUE: Value = Value::immediate(3);
    pub const ELLIPSIS: Value = Value::immediate(5);
    /// Also what an operator slot returns for operands it does not know.
    pub const NOT_IMPLEMENTED: Value = Value::immediate(7);
    /// Largest and smallest small int.
    pub const SMALL_MAX: isize = isize::MAX >> 1;
    pub const SMALL_MIN: isize = isize::MIN >> 1;

    const fn from_bits(bits: usize) -> Value {
        // SAFETY: contract 1, every caller sets a tag bit.
        Value(unsafe { NonNull::new_unchecked(ptr::without_provenance_mut(bits)) })
    }

    const fn immediate(n: usize) -> Value {
        Value::from_bits((n << 3) | 6)
    }

    /// The small int `i`, truncated to the range of a small int.
    #[inline(always)]
    pub const fn small(i: isize) -> Value {
        Value::from_bits(((i << 1) | 1) as usize)
    }

    /// The small int `i` if it is in range.
    #[inline(always)]
    pub const fn try_small(i: isize) -> Option<Value> {
        if (i << 1) >> 1 == i { Some(Value::small(i)) } else { None }
    }

    #[inline(always)]
    pub const fn qstr(q: Qstr) -> Value {
        Value::from_bits(((q.0 as usize) << 3) | 2)
    }

    #[inline(always)]
    pub const fn bool(b: bool) -> Value {
        if b { Value::TRUE } else { Value::FALSE }
    }

    /// A value for an object in constant data.
    pub const fn from_static<T: crate::object::Object>(object: &'static T) -> Value {
        Value(NonNull::from_ref(object).cast())
    }

    /// The value of a machine word, unless it is a pointer.
    pub const fn from_tagged(bits: usize) -> Option<Value> {
        // A word like `…110` or `…010` is looked at by its bits only.
        if bits & 3 == 0 { None } else { Some(Value::from_bits(bits)) }
    }

    /// Rebuilds a value from a machine word.
    ///
    /// # Safety
    /// `bits` came from [`Value::bits`] of a value that is still alive, or is a
    /// tagged word other than a pointer.
    pub const unsafe fn from_word(word: *mut ()) -> Option<Value> {
        match NonNull::new(word) {
            Some(p) => Some(Value(p)),
            None => None,
        }
    }

    /// # Safety
    /// `p` points to a live object that starts with a `Header` (contract 2).
    #[inline(always)]
    pub(crate) const unsafe fn from_ptr<T>(p: NonNull<T>) -> Value {
        Value(p.cast())
    }

    #[inline(always)]
    pub(crate) fn as_ptr(self) -> NonNull<()> {
        self.0
    }

    /// The machine word, with provenance for pointers.
    #[inline(always)]
    pub const fn word(self) -> *mut () {
        self.0.as_ptr()
    }

    /// The machine word as a number: identity, `id()`.
    #[inline(always)]
    pub fn bits(self) -> usize {
        self.0.as_ptr().addr()
    }

    #[inline(always)]
    pub fn is_small(self) -> bool {
        self.bits() & 1 != 0
    }

    #[inline(always)]
    pub fn as_small(self) -> Option<isize> {
        if self.is_small() { Some(self.bits() as isize >> 1) } else { None }
    }

    /// Whether both are small ints: one test for the arithmetic fast paths.
    #[inline(always)]
    pub fn both_small(self, other: Value) -> bool {
        self.bits() & other.bits() & 1 != 0
    }

    #[inline(always)]
    pub fn as_qstr(self) -> Option<Qstr> {
        if self.bits() & 7 == 2 { Some(Qstr((self.bits() >> 3) as u16)) } else { None }
    }

    #[inline(always)]
    pub fn is_qstr(self) -> bool {
        self.bits() & 7 == 2
    }

    #[inline(always)]
    pub fn is_immediate(self) -> bool {
        self.bits() & 7 == 6
    }

    #[inline(always)]
    pub fn is_none(self) -> bool {
        self == Value::NONE
    }

    #[inline(always)]
    pub fn is_object(self) -> bool {
        self.bits() & 3 == 0
    }

    /// `Some(bool)` for the two bool objects only.
    pub fn as_bool(self) -> Option<bool> {
        if self == Value::TRUE {
            Some(true)
        } else if self == Value::FALSE {
            Some(false)
        } else {
            None
        }
    }

    /// The object's header, if it is a pointer.
    #[inline(always)]
    pub fn header(self) -> Option<&'static Header> {
        if self.is_object() {
            // SAFETY: contract 2.
            Some(unsafe { self.0.cast::<Header>().as_ref() })
        } else {
            None
        }
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Value {
        Value::bool(b)
    }
}

impl From<Qstr> for Value {
    fn from(q: Qstr) -> Value {
        Value::qstr(q)
    }
}
