//! The str and bytes objects: a pointer to bytes, which usually follow in the same block.
//!
//! # Contracts of the unsafe code
//! 1. `data` points at `len` bytes that never change and stay while the object does:
//!    behind the object itself, in another heap block, or in flash.
//! 2. Text of a `Str` is what the language makes of UTF-8 (surrogates may occur),
//!    so it is handled as bytes.
#![allow(unsafe_code)]

use core::cell::Cell;
use core::ptr::NonNull;

use super::{Gc, Header, Object, Type};
use crate::error::{Res, TYPE_ERROR};
use crate::qstr::{Qstr, hash_bytes};
use crate::value::Value;
use crate::vm::Vm;

use super::text::{BYTES, STR};

/// A string that is not interned.
#[repr(C)]
pub struct Str {
    pub header: Header,
    /// 0: not computed yet (never so in flash).
    hash: Cell<usize>,
    len: usize,
    data: NonNull<u8>,
}

/// A bytes object.
#[repr(transparent)]
pub struct Bytes(Str);

// SAFETY: `#[repr(C)]`, header first.
unsafe impl Object for Str {
    const TYPE: &'static Type = &STR;
    const LEAF: bool = false;
}

// SAFETY: as `Str`.
unsafe impl Object for Bytes {
    const TYPE: &'static Type = &BYTES;
    const LEAF: bool = false;
}

impl Str {
    /// The text, or the bytes of a bytes object.
    #[inline(always)]
    pub fn bytes(&self) -> &'static [u8] {
        // SAFETY: contract 1.
        unsafe { core::slice::from_raw_parts(self.data.as_ptr(), self.len) }
    }

    pub fn hash(&self) -> usize {
        match self.hash.get() {
            0 => {
                let h = hash_bytes(self.bytes()) as usize;
                self.hash.set(h);
                h
            }
            h => h,
        }
    }
}

impl Str {
    /// A str object that shares `text`, wherever the object itself is to live.
    pub(crate) fn over(text: &'static [u8]) -> Str {
        let data = NonNull::from_ref(text).cast();
        Str { header: Str::HEADER, hash: Cell::new(0), len: text.len(), data }
    }
}

impl core::ops::Deref for Bytes {
    type Target = Str;

    fn deref(&self) -> &Str {
        &self.0
    }
}

impl Vm {
    /// A str or bytes object (`ty`) with a copy of `text`.
    fn new_text(&self, ty: &'static Type, text: &[u8]) -> Res {
        let p = self.alloc(size_of::<Str>() + text.len(), true)?.cast::<Str>();
        // SAFETY: fresh memory of that size; contract 1. A leaf: the only heap pointer is into itself.
        unsafe {
            let data = p.add(1).cast::<u8>();
            data.copy_from_nonoverlapping(NonNull::from_ref(text).cast(), text.len());
            p.write(Str { header: Header::of(ty), hash: Cell::new(0), len: text.len(), data });
            Ok(Value::from_ptr(p))
        }
    }

    fn new_text_static(&self, ty: &'static Type, text: &'static [u8]) -> Res {
        let p = self.alloc(size_of::<Str>(), false)?.cast::<Str>();
        // SAFETY: fresh memory; contract 1 by the lifetime.
        unsafe {
            p.write(Str {
                header: Header::of(ty),
                hash: Cell::new(0),
                len: text.len(),
                data: NonNull::from_ref(text).cast(),
            });
            Ok(Value::from_ptr(p))
        }
    }

    /// A str of a copy of `text`.
    pub fn new_str(&self, text: &[u8]) -> Res {
        match text {
            [] => Ok(Value::qstr(Qstr::EMPTY)),
            _ => self.new_text(&STR, text),
        }
    }

    /// A str that shares `text`, which lives in flash or in the heap.
    pub fn str_from_static(&self, text: &'static [u8]) -> Res {
        match text {
            [] => Ok(Value::qstr(Qstr::EMPTY)),
            _ => self.new_text_static(&STR, text),
        }
    }

    /// A bytes object with a copy of `bytes`.
    pub fn new_bytes(&self, bytes: &[u8]) -> Res {
        self.new_text(&BYTES, bytes)
    }

    /// A bytes object that shares `bytes`, which live in flash or in the heap.
    pub fn bytes_from_static(&self, bytes: &'static [u8]) -> Res {
        self.new_text_static(&BYTES, bytes)
    }

    /// The text of a str, interned or not; `None` for other objects.
    #[inline]
    pub fn str_bytes(&self, v: Value) -> Option<&'static [u8]> {
        match v.as_qstr() {
            Some(q) => Some(self.qstr_bytes(q)),
            None => {
                let v = self.native_value(v);
                match v.as_qstr() {
                    Some(q) => Some(self.qstr_bytes(q)),
                    None => v.cast::<Str>().map(|s| s.bytes()),
                }
            }
        }
    }

    /// The contents of a str or bytes object.
    pub fn str_or_bytes(&self, v: Value) -> Option<&'static [u8]> {
        self.str_bytes(v).or_else(|| self.native_value(v).cast::<Bytes>().map(|s| s.bytes()))
    }

    /// The text of a str. Errors: TypeError.
    pub fn get_str(&self, v: Value) -> Res<&'static [u8]> {
        match self.str_bytes(v) {
            Some(s) => Ok(s),
            None => {
                let ty = crate::error::Arg::TypeOf(v);
                self.raise_fmt(&TYPE_ERROR, "can't convert '%' object to str implicitly", &[ty])
            }
        }
    }

    /// A str as an interned name. Errors: TypeError, MemoryError.
    pub fn get_qstr(&self, v: Value) -> Res<Qstr> {
        match v.as_qstr() {
            Some(q) => Ok(q),
            None => self.intern(self.get_str(v)?),
        }
    }

    /// Whether `v` is the string `name`.
    pub fn name_is(&self, v: Value, name: Qstr) -> bool {
        v == Value::qstr(name) || (!v.is_qstr() && self.str_bytes(v) == Some(self.qstr_bytes(name)))
    }

    /// The hash of a str or bytes object.
    pub(crate) fn text_hash(&self, v: Value) -> Option<usize> {
        match v.as_qstr() {
            Some(q) => Some(self.qstr_hash(q) as usize),
            None => {
                v.cast::<Str>().map(|s| s.hash()).or_else(|| v.cast::<Bytes>().map(|s| s.hash()))
            }
        }
    }
}

/// Plain bytes seen as cells that are only read.
pub(super) fn cells_of(bytes: &'static [u8]) -> &'static [Cell<u8>] {
    // SAFETY: same layout; `Buffer` refuses to write unless it is marked writable.
    unsafe { &*(core::ptr::from_ref(bytes) as *const [Cell<u8>]) }
}

/// Cells seen as plain bytes, for as long as nobody writes to them.
pub(super) fn bytes_of(cells: &'static [Cell<u8>]) -> &'static [u8] {
    // SAFETY: same layout; the caller of `Buffer::bytes` promises the rest.
    unsafe { &*(core::ptr::from_ref(cells) as *const [u8]) }
}

impl Gc<Str> {
    /// As [`Str::bytes`], for use in `map`.
    pub fn text(self) -> &'static [u8] {
        self.bytes()
    }
}
