//! In place of `native` where there is no machine code: files with some are refused.

use core::ptr::NonNull;

use mpy_format::reader::{RawCodeRef, Reader};
use mpy_format::{Arch, Header};

use crate::error::{Res, VALUE_ERROR};
use crate::object::{Gc, Module};
use crate::value::Value;
use crate::vm::{Function, Generator, RawCode, Vm};

/// No architecture.
pub(crate) const ARCH: Arch = Arch::None;

/// Nothing to tell the linker of images.
#[cfg(target_os = "none")]
pub(crate) const LINK_FACTS: ([usize; 4], *const ()) = ([0; 4], core::ptr::null());

/// Nothing to remember.
pub(crate) type Running = ();

pub(crate) struct CodeSpace;

pub(crate) fn inner_function(_v: Value) -> Option<Gc<Function>> {
    None
}

impl Vm {
    pub(crate) fn check_arch(&self, header: &Header) -> Res<()> {
        match header.arch {
            Arch::None => Ok(()),
            _ => self.no_native(),
        }
    }

    fn no_native<T>(&self) -> Res<T> {
        self.raise(&VALUE_ERROR, "native code in .mpy unsupported")
    }

    pub(crate) fn code_space(&self, _file: &Reader<'static>) -> Res<CodeSpace> {
        Ok(CodeSpace)
    }

    pub(crate) fn seal(&self, _space: &CodeSpace) -> Res<()> {
        Ok(())
    }

    pub(crate) fn load_machine(
        &self,
        _r: &RawCodeRef<'static>,
        _module: Gc<Module>,
        _space: &mut CodeSpace,
    ) -> Res<NonNull<RawCode>> {
        self.no_native()
    }

    pub(crate) fn relocate(
        &self,
        _file: &mut Reader<'static>,
        _r: &RawCodeRef<'static>,
        _machine: NonNull<RawCode>,
        _module: Gc<Module>,
    ) -> Res<()> {
        Ok(())
    }

    pub(crate) fn table_constant(&self, _arch: Arch) -> Value {
        Value::NONE
    }

    pub(crate) fn new_native_function(
        &self,
        _code: NonNull<RawCode>,
        _module: Gc<Module>,
        _extra: usize,
    ) -> Res<(Value, NonNull<Function>)> {
        self.no_native()
    }

    pub(crate) fn resume_machine(
        &self,
        _g: Gc<Generator>,
        _send: Value,
        _throw: Option<Value>,
    ) -> Res<Option<Value>> {
        Ok(None)
    }
}
