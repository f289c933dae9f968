//! The buffer protocol: raw access to an object's bytes.

use core::cell::Cell;

use crate::error::{Res, TYPE_ERROR};
use crate::value::Value;
use crate::vm::Vm;

/// The memory of a bytes-like object. It stays valid while the `Buffer` is on the
/// stack, even if the object grows meanwhile (it then shows the old contents).
#[derive(Clone, Copy)]
pub struct Buffer {
    pub cells: &'static [Cell<u8>],
    pub writable: bool,
    /// Element type as in `array`, e.g. `b'B'`.
    pub typecode: u8,
}

impl Buffer {
    pub fn read_only(bytes: &'static [u8]) -> Buffer {
        Buffer { cells: super::header_str::cells_of(bytes), writable: false, typecode: b'B' }
    }

    /// The contents as plain bytes. Keep them only while nothing can write: not
    /// across a call that may run Python code.
    pub fn bytes(&self) -> &'static [u8] {
        super::header_str::bytes_of(self.cells)
    }

    /// Copies `from` to offset `at`; false if it does not fit or is read-only.
    pub fn write(&self, at: usize, from: &[u8]) -> bool {
        let room = self.cells.get(at..).unwrap_or_default();
        if !self.writable || room.len() < from.len() {
            return false;
        }
        for (to, &b) in room.iter().zip(from) {
            to.set(b);
        }
        true
    }
}

impl Vm {
    /// The bytes of a bytes-like object. Errors: TypeError "object with buffer protocol required".
    pub fn get_buffer(&self, v: Value) -> Res<Buffer> {
        match self.try_buffer(v)? {
            Some(b) => Ok(b),
            None => self.raise(&TYPE_ERROR, "object with buffer protocol required"),
        }
    }

    /// As [`Vm::get_buffer`], but one that can be written.
    pub fn get_buffer_mut(&self, v: Value) -> Res<Buffer> {
        match self.try_buffer(v)? {
            Some(b) if b.writable => Ok(b),
            _ => self.raise(&TYPE_ERROR, "object with buffer protocol required"),
        }
    }

    pub fn try_buffer(&self, v: Value) -> Res<Option<Buffer>> {
        if let Some(q) = v.as_qstr() {
            return Ok(Some(Buffer::read_only(self.qstr_bytes(q))));
        }
        let v = self.native_value(v);
        match self.type_of(v).slots.buffer {
            Some(f) => f(self, v),
            None => Ok(None),
        }
    }
}
