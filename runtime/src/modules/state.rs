//! What the modules of one `Vm` remember.

use core::cell::Cell;

use crate::value::Value;

/// Changeable attributes of `sys`, and settings of `micropython`.
#[derive(Default)]
pub struct State {
    pub(super) ps1: Cell<Option<Value>>,
    pub(super) ps2: Cell<Option<Value>>,
    pub(crate) traceback_limit: Cell<Option<Value>>,
    /// Optimisation level for source compiled at run time.
    pub opt_level: Cell<u8>,
    /// Refuse what stock refuses, whatever CPython does: for tests that count on it.
    pub as_stock: Cell<bool>,
    #[cfg(feature = "full")]
    pub(super) mounts: super::vfs::Mounts,
    /// Machine code that stays until the end.
    #[cfg(feature = "native")]
    pub(crate) relocated: Cell<Option<Value>>,
    /// The exception that an `except` block handles.
    pub(crate) handled: Cell<Option<Value>>,
}
