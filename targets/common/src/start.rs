//! From `main` to the program's end.
#![allow(unsafe_code)]

use crate::{Machine, exit_code};
use core::sync::atomic::{AtomicPtr, Ordering};

static MACHINE: AtomicPtr<Machine> = AtomicPtr::new(core::ptr::null_mut());

/// The machine that runs, once [`run`] has begun: for fault handlers, which get
/// no arguments.
pub fn machine() -> Option<&'static Machine> {
    // SAFETY: the pointer is null or comes from the `&'static Machine` of `run`.
    unsafe { MACHINE.load(Ordering::Relaxed).as_ref() }
}

/// Runs the board; called by `firmware!`.
pub fn run(machine: &'static Machine) -> ! {
    MACHINE.store(core::ptr::from_ref(machine).cast_mut(), Ordering::Relaxed);
    (machine.start)();
    machine.console.write(b"hello\r\n");
    machine.stop(exit_code::NO_PROGRAM)
}
