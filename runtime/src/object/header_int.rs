//! The memory of ints that do not fit a small int.
//!
//! A [`BigInt`] is a header, a word with the number of limbs and the sign, and the
//! limbs, least significant first, without leading zeros. It never changes: a
//! calculation writes to [`Limbs`], memory that nobody else can see yet, and turns
//! that into an int at the end.
//!
//! # Contracts of the unsafe code
//! 1. `count` limbs follow a `BigInt` in the same block, or in flash.
//! 2. A `Limbs` is the only way to its block until it is finished; the block has
//!    room for `len` limbs, all initialised.
#![allow(unsafe_code)]

use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;

use super::{Gc, Header, INT, Object, Type};
use crate::error::Res;
use crate::num::big::{self, LIMB_BYTES, Limb, signed::Int};
use crate::value::Value;
use crate::vm::Vm;

/// An int beyond the range of small ints. Limbs need no more than a word's alignment,
/// so they begin right behind.
#[repr(C)]
pub struct BigInt {
    pub header: Header,
    /// Number of limbs `<< 1`, plus 1 if negative.
    size: usize,
}

// SAFETY: `#[repr(C)]`, header first.
unsafe impl Object for BigInt {
    const TYPE: &'static Type = &INT;
    const LEAF: bool = true;
    const PRESENT: bool = crate::level::BIG_INTS;
}

impl Gc<BigInt> {
    /// The number.
    #[inline]
    pub fn int(self) -> Int<'static> {
        let p = self.ptr();
        // SAFETY: contract 1; the pointer covers the whole block.
        unsafe {
            let size = p.as_ref().size;
            let magnitude = core::slice::from_raw_parts(limbs_of(p), size >> 1);
            Int { negative: size & 1 == 1, magnitude }
        }
    }
}

/// Where the limbs of an object begin.
fn limbs_of(object: NonNull<BigInt>) -> *mut Limb {
    // SAFETY: contract 1: they follow the object in its block.
    unsafe { object.add(1).cast::<Limb>().as_ptr() }
}

/// The limbs of an int that is being calculated.
pub struct Limbs {
    object: NonNull<BigInt>,
    len: usize,
}

impl Deref for Limbs {
    type Target = [Limb];

    #[inline]
    fn deref(&self) -> &[Limb] {
        // SAFETY: contract 2.
        unsafe { core::slice::from_raw_parts(limbs_of(self.object), self.len) }
    }
}

impl DerefMut for Limbs {
    #[inline]
    fn deref_mut(&mut self) -> &mut [Limb] {
        // SAFETY: contract 2.
        unsafe { core::slice::from_raw_parts_mut(limbs_of(self.object), self.len) }
    }
}

impl Vm {
    /// Memory for `len` limbs, all zero. Errors: MemoryError.
    pub fn new_limbs(&self, len: usize) -> Res<Limbs> {
        let Some(bytes) = len.checked_mul(LIMB_BYTES).filter(|&b| b < isize::MAX as usize / 2)
        else {
            return self.raise_memory();
        };
        let object = self.alloc(size_of::<BigInt>() + bytes, true)?.cast::<BigInt>();
        // SAFETY: fresh memory of that size.
        unsafe {
            object.write(BigInt { header: BigInt::HEADER, size: 0 });
            limbs_of(object).write_bytes(0, len);
        }
        Ok(Limbs { object, len })
    }
}

impl Limbs {
    /// The limbs as an int, a small one if it fits; memory not needed is given back.
    pub fn finish(self, vm: &Vm, negative: bool) -> Value {
        let int = Int::new(negative, &self);
        if let Some(small) = small(int) {
            return small;
        }
        let used = int.magnitude.len();
        let bytes = |limbs: usize| size_of::<BigInt>() + limbs * LIMB_BYTES;
        vm.heap.resize(self.object.cast(), bytes(self.len), bytes(used));
        // SAFETY: contract 2; from here on the object is constant.
        unsafe {
            (*self.object.as_ptr()).size = used << 1 | usize::from(negative);
            Value::from_ptr(self.object)
        }
    }
}

/// The small int of this value, if there is one.
pub fn small(int: Int<'_>) -> Option<Value> {
    let limb = match *big::trim(int.magnitude) {
        [] => 0,
        [limb] => limb,
        _ => return word(int).and_then(Value::try_small),
    };
    let size = isize::try_from(limb).ok()?;
    Value::try_small(if int.negative { -size } else { size })
}

/// The machine word of this value, if it fits.
pub fn word(int: Int<'_>) -> Option<isize> {
    isize::try_from(big::convert::to_i64(int)?).ok()
}
