//! The assembly for one instruction set. Each file gives
//!
//! * `ARCH`: the architecture's number in files;
//! * `state`: the address of the [`State`](super::State);
//! * `enter`, `nlr_push`, `nlr_pop`: see the module above;
//! * `thunk!`: a thunk for a helper of up to three words, which gets the `Vm` as the
//!   fourth; `thunk_args!`: for one of up to six words of any type; `thunk_float!`:
//!   for one that returns a number, which it writes where the second word points;
//!   `printf`: collects its arguments and calls `vprintf`;
//! * `callable`, `synchronise`: an address to call, and code made visible to the CPU.
//!
//! A buffer holds, in words: the previous buffer, the exception, the address to
//! return to and the registers that a callee keeps, in MicroPython's order: code keeps
//! values of its own in the places of registers that a raise is to load.

#[cfg(target_pointer_width = "32")]
mod list32;
#[cfg(target_arch = "riscv32")]
mod riscv32;
#[cfg(target_arch = "arm")]
mod thumb;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_pointer_width = "32")]
pub(super) use list32::VaList;
#[cfg(target_arch = "riscv32")]
pub(super) use riscv32::*;
#[cfg(target_arch = "arm")]
pub(super) use thumb::*;
#[cfg(target_arch = "x86_64")]
pub(super) use x86_64::*;
