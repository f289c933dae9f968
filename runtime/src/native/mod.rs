//! Machine code: `.mpy` files with native, viper and assembler functions.
//!
//! The interface is MicroPython's, so that code made by its tools runs here. It is
//! C's calling convention and one table of functions and objects (the rows are in
//! `mpy_format::table::helper`); a raised exception leaves a C function by a jump to
//! the innermost *exception buffer*. Rust has no such jumps:
//!
//! ```text
//!  Rust            enter ──────▶ machine code ──────▶ thunk ──────▶ helper   (Rust)
//!  Result          owns a buffer,   may push its      calls the      returns value
//!  Err(Raised) ◀── saves registers  own buffers       helper    ◀──  and status
//!                       ▲                │              │
//!                       └──── raise ─────┴──────────────┘  status 1: to the top buffer
//! ```
//!
//! * `enter` (assembly) puts a buffer on the stack, then calls the code. So there is
//!   a buffer for every stretch of machine code, and a raise never leaves it.
//! * A *thunk* (assembly, one for each helper that can raise) calls the Rust function
//!   and looks at the status that came back. By then no Rust frame lies between it
//!   and the top buffer; only then does it jump.
//! * What came to `enter`'s buffer is an `Err` for its Rust caller.
//!
//! | file | subject |
//! | --- | --- |
//! | `cpu` | `enter`, thunks, buffers: one file for an instruction set |
//! | `helpers` | entries 0 to 48: what compiled Python calls |
//! | `library` | entries 50 to 86: what modules written in C call besides |
//! | `foreign` | functions of C as objects |
//! | `text` | C's formatted output for those |
//! | `table` | the table, made from the rows of `mpy_format` |
//! | `object` | function objects and generators |
//! | `load` | from a file's bytes to code that can run |
//!
//! # Contracts of the unsafe code
//! 1. Machine code is trusted as C code is: it keeps to the calling convention and
//!    passes to helpers what their rows say. (Nothing can verify it. A file is
//!    refused if it is for another CPU or if its tables do not fit together.)
//! 2. [`State`] is the one global, one for each thread where there are threads. While
//!    machine code runs, its `vm` is the world that entered it.
//! 3. Buffers form a chain through `State::top`, the newest first, all of them on the
//!    machine stack above the stack pointer. `enter` leaves the chain as it found it.
//! 4. A helper never unwinds: it returns a [`Wide`] whose upper half is 0 with a
//!    result, or 1 with the exception that the thunk is to raise.
//! 5. The collector finds what machine code holds: its frames and buffers lie on the
//!    machine stack, and registers that a callee keeps are spilled by `heap::spill`.
#![allow(unsafe_code)]

mod cpu;
mod foreign;
mod helpers;
mod library;
mod load;
mod object;
mod table;
#[cfg(test)]
mod tests;
mod text;

use core::cell::Cell;

/// The architecture whose code runs here.
pub(crate) const ARCH: mpy_format::Arch = cpu::ARCH;
pub(crate) use load::CodeSpace;
use object::{MachineCode, NativeFunction};
pub(crate) use object::{Running, inner_function};
pub(crate) use table::fun_table;

use crate::error::Res;
use crate::value::Value;
use crate::vm::Vm;

/// What the linker of images is told: of [`MachineCode`] the size and where the kind,
/// the number of arguments and the type of the result are, and the table.
#[cfg(target_os = "none")]
pub(crate) const LINK_FACTS: ([usize; 4], *const ()) = {
    use core::mem::offset_of;
    let layout = [
        size_of::<MachineCode>(),
        offset_of!(MachineCode, kind),
        offset_of!(MachineCode, n_args),
        offset_of!(MachineCode, result),
    ];
    (layout, table::ADDRESS)
};

/// A machine word as code passes it.
type Word = *mut ();

/// Two words: what a helper returns, and its status above.
#[cfg(target_pointer_width = "64")]
type Wide = u128;
#[cfg(target_pointer_width = "32")]
type Wide = u64;

/// Contract 4: the upper word.
const RAISED: Wide = 1 << usize::BITS;

/// What machine code and the helpers share, at fixed places for the assembly.
#[repr(C)]
struct State {
    /// The innermost exception buffer.
    top: Cell<Word>,
    /// The running world.
    vm: Cell<*const Vm>,
}

/// The first words of an exception buffer; the registers follow.
#[repr(C)]
struct Buffer {
    previous: Word,
    /// What was raised.
    value: Word,
}

const _: () = {
    use core::mem::offset_of;
    assert!(offset_of!(State, top) == 0);
    assert!(offset_of!(State, vm) == size_of::<Word>());
    assert!(offset_of!(Buffer, previous) == 0);
    assert!(offset_of!(Buffer, value) == size_of::<Word>());
};

fn state() -> &'static State {
    // SAFETY: contract 2: a global of this thread.
    unsafe { &*cpu::state() }
}

/// The world that entered the running machine code.
///
/// # Safety
/// Called from machine code.
unsafe fn current<'a>() -> &'a Vm {
    // SAFETY: contract 2.
    unsafe { &*state().vm.get() }
}

impl Vm {
    /// Calls machine code with four words.
    ///
    /// # Safety
    /// `code` is the address of a function that takes them; contract 1.
    unsafe fn enter_machine(&self, code: *const u8, args: [Word; 4]) -> Res<Word> {
        let state = state();
        let outer = state.vm.replace(self);
        let [a, b, c, d] = args;
        // SAFETY: by contract.
        let wide = unsafe { cpu::enter(a, b, c, d, cpu::callable(code)) };
        state.vm.set(outer);
        let word = core::ptr::with_exposed_provenance_mut(wide as usize);
        if wide & RAISED == 0 {
            return Ok(word);
        }
        // SAFETY: contract 4: the exception.
        let exception = unsafe { Value::from_word(word) };
        Err(self.set_exception(exception.unwrap_or_else(|| self.memory_error_value())))
    }
}
