//! Built-in modules.

pub mod array;
pub mod builtins;
#[cfg(all(feature = "core", any(feature = "f32", feature = "f64")))]
pub mod cmath;
pub mod collections;
pub mod errno;
pub mod functions;
#[cfg(all(feature = "core", any(feature = "f32", feature = "f64")))]
pub mod math;
pub mod numeric;
pub mod program;
#[cfg(feature = "core")]
pub mod random;
pub mod string;
#[cfg(feature = "core")]
pub mod structs;

use crate::object::BuiltinModule;
use crate::qstr::Qstr;

/// All built-in modules that are linked.
pub static MODULES: &[&BuiltinModule] = &[
    &array::MODULE,
    &builtins::BUILTINS,
    #[cfg(all(feature = "core", any(feature = "f32", feature = "f64")))]
    &cmath::CMATH,
    &collections::COLLECTIONS,
    &errno::ERRNO,
    #[cfg(all(feature = "core", any(feature = "f32", feature = "f64")))]
    &math::MATH,
    #[cfg(feature = "core")]
    &random::RANDOM,
    &string::STRING,
    &string::TEMPLATELIB,
    #[cfg(feature = "core")]
    &structs::STRUCT,
];

/// The built-in module `name`.
pub fn find(name: Qstr) -> Option<&'static BuiltinModule> {
    MODULES.iter().find(|m| m.name == name).copied()
}
