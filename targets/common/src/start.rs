//! From `main` to the program's end.
#![allow(unsafe_code)]

use crate::port::BoardPort;
use crate::{Machine, exit_code};
use core::sync::atomic::{AtomicPtr, Ordering};
use hognose_runtime::{Options, Vm};

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
    let port = BoardPort::new(machine);
    // SAFETY: `run` is entered once, and the linker script leaves this RAM to us.
    let region = unsafe { heap_region() };
    let options = Options { stack: stack_size() };
    let code = Vm::with(&port, region, options, |vm| {
        let _ = vm.intern(b"hello");
        exit_code::NO_PROGRAM
    });
    machine.stop(code)
}

unsafe extern "C" {
    static mut __hognose_heap_start: u8;
    static mut __hognose_heap_end: u8;
}

/// Bytes of stack that interrupt handlers and the fault handler may need.
const STACK_RESERVE: usize = 384;

/// RAM between the firmware's variables and the machine stack.
///
/// # Safety
/// To be called once.
unsafe fn heap_region() -> &'static mut [u8] {
    let start = &raw mut __hognose_heap_start;
    let end = &raw mut __hognose_heap_end;
    // SAFETY: both symbols bound one free range of RAM (`hognose.x`).
    unsafe { core::slice::from_raw_parts_mut(start, end.addr() - start.addr()) }
}

/// Machine stack that the `Vm` may use: all below this frame but the reserve.
fn stack_size() -> usize {
    let mark = 0u8;
    let end = (&raw const __hognose_heap_end).addr();
    (core::ptr::from_ref(&mark).addr() - end).saturating_sub(STACK_RESERVE)
}
