//! What `str`, `bytes` and `bytearray` have in common: bytes, and a kind.

use crate::error::{Res, TYPE_ERROR};
use crate::level;
use crate::object::{ByteArray, Bytes, Str};
use crate::print::StrBuf;
use crate::q;
use crate::text::chars;
use crate::value::Value;
use crate::vm::Vm;

/// Which of the string types a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Str,
    Bytes,
    ByteArray,
}

/// The contents of a string object. They stay valid while this is on the stack.
#[derive(Clone, Copy)]
pub struct Text {
    pub value: Value,
    pub bytes: &'static [u8],
    pub kind: Kind,
}

impl Text {
    /// `v` as a string of any of the three types, or of a class derived from one.
    pub fn of(vm: &Vm, v: Value) -> Option<Text> {
        if let Some(q) = v.as_qstr() {
            return Some(Text { value: v, bytes: vm.qstr_bytes(q), kind: Kind::Str });
        }
        let value = vm.native_value(v);
        if let Some(q) = value.as_qstr() {
            Some(Text { value: v, bytes: vm.qstr_bytes(q), kind: Kind::Str })
        } else if let Some(s) = value.cast::<Str>() {
            Some(Text { value: v, bytes: s.get().bytes(), kind: Kind::Str })
        } else if let Some(b) = value.cast::<Bytes>() {
            Some(Text { value: v, bytes: b.get().bytes(), kind: Kind::Bytes })
        } else {
            let array = value.cast::<ByteArray>()?.get();
            Some(Text { value: v, bytes: array.raw().slice(), kind: Kind::ByteArray })
        }
    }

    /// The receiver of a method. Errors: TypeError when called through the type
    /// on something else.
    pub fn this(vm: &Vm, v: Value) -> Res<Text> {
        match Text::of(vm, v) {
            Some(t) => Ok(t),
            None => vm.raise(&TYPE_ERROR, "argument has wrong type"),
        }
    }

    /// The bytes of `arg`, which must be of a like kind: str with str, bytes and
    /// bytearray with each other. Errors: TypeError.
    pub fn like(&self, vm: &Vm, arg: Value) -> Res<&'static [u8]> {
        match Text::of(vm, arg) {
            Some(t) if t.is_str() == self.is_str() => Ok(t.bytes),
            _ => bad_implicit_conversion(vm, arg),
        }
    }

    pub fn is_str(&self) -> bool {
        self.kind == Kind::Str
    }

    /// Whether characters and bytes are different things.
    pub fn is_wide(&self) -> bool {
        cfg!(feature = "unicode") && self.is_str() && !self.bytes.is_ascii()
    }

    /// Length as Python counts it.
    pub fn len(&self) -> usize {
        if self.is_wide() { chars::count(self.bytes) } else { self.bytes.len() }
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Byte offset of character `index`, clamped to the end.
    pub fn offset(&self, index: usize) -> usize {
        let end = self.bytes.len();
        if self.is_wide() {
            chars::offset(self.bytes, index).unwrap_or(end)
        } else {
            index.min(end)
        }
    }

    /// Character index of byte `offset`.
    pub fn index_of(&self, offset: usize) -> usize {
        match self.bytes.get(..offset) {
            Some(head) if self.is_wide() => chars::count(head),
            _ => offset,
        }
    }

    /// A new string of the same kind with these contents.
    pub fn make(&self, vm: &Vm, bytes: &[u8]) -> Res {
        match self.kind {
            Kind::Str => vm.new_str(bytes),
            Kind::Bytes => vm.new_bytes(bytes),
            Kind::ByteArray if level::ARRAYS => vm.new_bytearray(bytes),
            Kind::ByteArray => Ok(self.value),
        }
    }

    /// A new string of the same kind that is a part of this one. Shares the
    /// memory where that saves more than the rest costs.
    pub fn part(&self, vm: &Vm, from: usize, to: usize) -> Res {
        let part = self.bytes.get(from..to).unwrap_or_default();
        if part.len() == self.bytes.len() && self.kind != Kind::ByteArray && self.is_exact() {
            return Ok(self.value);
        }
        self.make(vm, part)
    }

    /// A new string of the same kind from a finished buffer.
    pub fn finish(&self, vm: &Vm, buf: StrBuf<'_>) -> Res {
        match self.kind {
            Kind::Str => buf.into_str(),
            Kind::Bytes => buf.into_bytes(),
            Kind::ByteArray if level::ARRAYS => vm.new_bytearray(buf.bytes()),
            Kind::ByteArray => Ok(self.value),
        }
    }

    pub fn empty(&self, vm: &Vm) -> Res {
        self.make(vm, b"")
    }

    fn is_exact(&self) -> bool {
        self.value.is_qstr() || self.value.is::<Str>() || self.value.is::<Bytes>()
    }

    /// The byte range that optional `start` and `end` arguments select. Like a
    /// slice: negative counts from the end, out of range is clamped.
    pub fn range(&self, vm: &Vm, args: &[Value]) -> Res<(usize, usize)> {
        let len = self.len();
        let mut bounds = [0, len];
        for (bound, arg) in bounds.iter_mut().zip(args) {
            if !arg.is_none() {
                let i = vm.get_clamped(*arg)?;
                *bound =
                    if i < 0 { len.saturating_sub(i.unsigned_abs()) } else { len.min(i as usize) };
            }
        }
        let [from, to] = bounds;
        Ok((self.offset(from), self.offset(to)))
    }
}

#[cold]
pub fn bad_implicit_conversion<T>(vm: &Vm, arg: Value) -> Res<T> {
    let from = vm.type_of(arg).name;
    let to = if from == q!("str") { q!("bytes") } else { q!("str") };
    vm.raise_fmt(&TYPE_ERROR, "can't convert '%' object to % implicitly", &[from.into(), to.into()])
}
