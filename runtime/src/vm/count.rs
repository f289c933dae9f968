//! Entering the dispatch loop, and counting the instructions it executes.
//!
//! Counting takes a second copy of the loop, so that the first pays nothing. Only builds with
//! the feature `stats` have it.

use super::Vm;
use super::frame::{Slot, function};
use super::function::Function;
use super::regs::{Outcome, Regs};
use crate::error::{Raised, Res};
use crate::object::Gc;

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Counting {
    /// Nothing.
    #[default]
    Off,
    /// Instructions.
    Sum,
    /// Instructions; and the port hears of each ([`crate::port::Port::executed`]).
    Functions,
}

/// The function whose instruction is about to be executed, as a profiler sees it.
#[derive(Clone, Copy)]
pub struct Executing<'v> {
    vm: &'v Vm,
    function: Gc<Function>,
}

impl Executing<'_> {
    /// Tells functions of different code apart, as long as both are loaded.
    pub fn id(&self) -> usize {
        core::ptr::from_ref(self.function.raw()).addr()
    }

    /// The source file as tracebacks show it.
    pub fn file(&self) -> &[u8] {
        // SAFETY: a verified file has at least the name of its source.
        let file = unsafe { *self.function.module.qstrs.get() };
        self.vm.qstr_bytes(file)
    }

    pub fn name(&self) -> &[u8] {
        self.vm.qstr_bytes(self.function.raw().name)
    }

    /// A line of the function, from 1; 0 if none is known.
    pub fn line(&self) -> u32 {
        let prelude = self.function.raw().prelude();
        prelude.and_then(|p| mpy_format::lines::first_line(p.lines)).unwrap_or(0)
    }
}

impl Vm {
    /// Runs from `regs` until the entry frame is left. `pending` is raised first.
    ///
    /// # Safety
    /// `regs` describes a frame of verified code, which is marked `K_ENTRY`.
    pub(crate) unsafe fn run(&self, regs: Regs, pending: Option<Raised>) -> Res<Outcome> {
        // SAFETY: by contract.
        unsafe {
            if cfg!(feature = "stats") && self.counting.get() != Counting::Off {
                self.run_loop::<true>(regs, pending)
            } else {
                self.run_loop::<false>(regs, pending)
            }
        }
    }

    /// # Safety
    /// `hdr` belongs to the running frame.
    pub(super) unsafe fn count_instruction(&self, hdr: *mut Slot) {
        self.executed.set(self.executed.get().wrapping_add(1));
        if self.counting.get() == Counting::Functions {
            // SAFETY: by contract.
            let function = unsafe { function(hdr) };
            self.port().executed(Executing { vm: self, function });
        }
    }

    /// Begins or stops to count instructions of bytecode; needs the feature `stats`. Frames that
    /// are running already go on as they began.
    pub fn count_instructions(&self, what: Counting) {
        self.counting.set(what);
    }

    /// Instructions of bytecode counted so far.
    pub fn executed(&self) -> u64 {
        self.executed.get()
    }
}
