//! Where there is one file system, the port's.

use crate::error::Res;
use crate::port::PathKind;
use crate::value::Value;
use crate::vm::Vm;

/// Nothing is ever mounted.
#[derive(Default)]
pub struct Mounts;

/// There is no such path.
pub struct Mounted {
    pub system: Value,
    pub path: Value,
}

impl Vm {
    #[inline(always)]
    pub fn mounted(&self, _path: &[u8]) -> Res<Option<Mounted>> {
        Ok(None)
    }

    #[inline(always)]
    pub fn path_kind(&self, path: &[u8]) -> PathKind {
        self.port().stat(path)
    }

    #[inline(always)]
    pub fn file_contents(&self, path: &[u8]) -> Res<&'static [u8]> {
        self.os_result(self.port().map_file(path))
    }
}
