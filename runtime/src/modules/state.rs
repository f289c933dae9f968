//! What the modules of one `Vm` remember.

use core::cell::Cell;

use crate::error::Res;
use crate::object::{Gc, List};
use crate::value::Value;
use crate::vm::Vm;

/// The changeable attributes of `sys` and the state of `micropython`.
#[derive(Default)]
pub struct State {
    pub(super) argv: Cell<Option<Gc<List>>>,
    pub(super) ps1: Cell<Option<Value>>,
    pub(super) ps2: Cell<Option<Value>>,
    pub(super) traceback_limit: Cell<Option<Value>>,
    /// Called when the program ends.
    pub(super) at_exit: Cell<Option<Value>>,
    /// Optimisation level for source compiled at run time.
    pub opt_level: Cell<u8>,
}

impl Vm {
    /// `sys.argv`.
    pub fn sys_argv(&self) -> Res<Gc<List>> {
        match self.state.argv.get() {
            Some(list) => Ok(list),
            None => {
                let list = self.new_list(&[])?;
                self.state.argv.set(Some(list));
                Ok(list)
            }
        }
    }

    /// Takes what `sys.atexit` was given.
    pub fn take_at_exit(&self) -> Option<Value> {
        self.state.at_exit.take()
    }
}
