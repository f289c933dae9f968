//! Built-in modules.

pub mod builtins;
pub mod errno;

use crate::object::BuiltinModule;
use crate::qstr::Qstr;

/// All built-in modules that are linked.
pub static MODULES: &[&BuiltinModule] = &[&builtins::BUILTINS, &errno::ERRNO];

/// The built-in module `name`.
pub fn find(name: Qstr) -> Option<&'static BuiltinModule> {
    MODULES.iter().find(|m| m.name == name).copied()
}
