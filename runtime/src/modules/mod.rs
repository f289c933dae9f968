//! Built-in modules.

pub mod array;
#[cfg(feature = "cpython")]
pub mod buffered;
pub mod builtins;
#[cfg(all(feature = "core", any(feature = "f32", feature = "f64")))]
pub mod cmath;
pub mod collections;
pub mod errno;
pub mod functions;
pub mod gc;
#[cfg(feature = "core")]
pub mod help;
pub mod io;
#[cfg(all(feature = "core", target_os = "none"))]
pub mod machine;
#[cfg(feature = "cpython")]
pub mod marshal;
#[cfg(all(feature = "core", any(feature = "f32", feature = "f64")))]
pub mod math;
pub mod micropython;
pub mod numeric;
#[cfg(feature = "core")]
pub mod os;
pub mod program;
#[cfg(feature = "core")]
pub mod random;
pub mod state;
#[cfg(feature = "cpython")]
pub mod string;
#[cfg(feature = "core")]
pub mod structs;
pub mod sys;
#[cfg(feature = "core")]
pub mod time;
#[cfg(feature = "full")]
pub mod vfs;
#[cfg(not(feature = "full"))]
#[path = "vfs_none.rs"]
pub mod vfs;
#[cfg(feature = "cpython")]
pub mod weakref;

use crate::object::BuiltinModule;
use crate::qstr::Qstr;
use crate::vm::Vm;

/// All modules of the runtime that are linked.
pub(crate) static MODULES: &[&BuiltinModule] = &[
    #[cfg(feature = "core")]
    &array::MODULE,
    &builtins::BUILTINS,
    #[cfg(all(feature = "core", any(feature = "f32", feature = "f64")))]
    &cmath::CMATH,
    #[cfg(feature = "core")]
    &collections::COLLECTIONS,
    #[cfg(feature = "core")]
    &errno::ERRNO,
    #[cfg(feature = "core")]
    &gc::GC,
    #[cfg(feature = "core")]
    &io::IO,
    #[cfg(all(feature = "core", target_os = "none"))]
    &machine::MACHINE,
    #[cfg(all(feature = "core", any(feature = "f32", feature = "f64")))]
    &math::MATH,
    #[cfg(feature = "cpython")]
    &marshal::MARSHAL,
    &micropython::MICROPYTHON,
    #[cfg(feature = "core")]
    &os::OS,
    #[cfg(feature = "core")]
    &random::RANDOM,
    #[cfg(feature = "cpython")]
    &string::STRING,
    #[cfg(feature = "cpython")]
    &string::TEMPLATELIB,
    #[cfg(feature = "core")]
    &structs::STRUCT,
    &sys::SYS,
    #[cfg(feature = "core")]
    &time::TIME,
    #[cfg(feature = "full")]
    &vfs::VFS,
    #[cfg(feature = "cpython")]
    &weakref::WEAKREF,
];

/// The modules that need no file: the runtime's and those of other crates.
pub fn all(vm: &Vm) -> impl Iterator<Item = &'static BuiltinModule> {
    MODULES.iter().chain(vm.extension.modules).copied()
}

/// The module `name` that needs no file.
pub fn find(vm: &Vm, name: Qstr) -> Option<&'static BuiltinModule> {
    all(vm).find(|m| m.name == name)
}
