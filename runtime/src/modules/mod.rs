//! Built-in modules.

pub mod array;
pub mod builtins;
pub mod collections;
pub mod errno;
pub mod functions;
pub mod string;

use crate::object::BuiltinModule;
use crate::qstr::Qstr;

/// All built-in modules that are linked.
pub static MODULES: &[&BuiltinModule] = &[
    &array::MODULE,
    &builtins::BUILTINS,
    &collections::COLLECTIONS,
    &errno::ERRNO,
    &string::STRING,
    &string::TEMPLATELIB,
];

/// The built-in module `name`.
pub fn find(name: Qstr) -> Option<&'static BuiltinModule> {
    MODULES.iter().find(|m| m.name == name).copied()
}
