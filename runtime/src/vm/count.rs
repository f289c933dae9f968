//! Entering the dispatch loop, and counting the instructions it executes.
//!
//! Counting takes a second copy of the loop, so that the first pays nothing. Only builds with
//! the feature `stats` have it.

use super::Vm;
use super::regs::{Outcome, Regs};
use crate::error::{Raised, Res};

impl Vm {
    /// Runs from `regs` until the entry frame is left. `pending` is raised first.
    ///
    /// # Safety
    /// `regs` describes a frame of verified code, which is marked `K_ENTRY`.
    pub(crate) unsafe fn run(&self, regs: Regs, pending: Option<Raised>) -> Res<Outcome> {
        // SAFETY: by contract.
        unsafe {
            if cfg!(feature = "stats") && self.executed.get().is_some() {
                self.run_loop::<true>(regs, pending)
            } else {
                self.run_loop::<false>(regs, pending)
            }
        }
    }

    pub(super) fn count_instruction(&self) {
        self.executed.set(self.executed.get().map(|n| n.wrapping_add(1)));
    }

    /// Counts the instructions of bytecode from here on; needs the feature `stats`.
    pub fn count_instructions(&self) {
        self.executed.set(Some(0));
    }

    /// Instructions of bytecode since [`Vm::count_instructions`]; none if that was not called.
    pub fn executed(&self) -> Option<u64> {
        self.executed.get()
    }
}
