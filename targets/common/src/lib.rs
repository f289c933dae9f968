//! What every board shares.
//!
//! A board crate is data: its console, its clock and how it stops. Everything
//! else is here, so that a new board is one small folder:
//!
//! ```text
//!   reset ─▶ cortex-m-rt / riscv-rt ─▶ main (firmware!) ─▶ start::run
//!            .data, .bss                                   │ heap = RAM that is left
//!                                                          │ image behind the base firmware
//!                                                          ▼
//!   fault / panic ─▶ fault::stop (registers, traceback) ─▶ Machine::exit(code)
//! ```
//!
//! Unsafe code is allowed in `targets/`: this is where registers are touched.
//! Each block says which contract it relies on.
#![cfg_attr(target_os = "none", no_std)]

#[cfg(target_os = "none")]
pub mod arch;
pub mod console;
#[cfg(target_os = "none")]
pub mod fault;
pub mod port;
pub mod reg;
#[cfg(target_os = "none")]
pub mod start;
pub mod uart;

pub use console::Console;

/// Everything the shared code must know about a board.
pub struct Machine {
    /// Brings up clocks, pins and the console. Runs once, before anything else.
    pub start: fn(),
    pub console: &'static (dyn Console + Sync),
    /// Microseconds since start; monotonic.
    pub micros: fn() -> u64,
    /// Waits for an interrupt, or not at all.
    pub idle: fn(),
    /// Starts the chip anew.
    pub reset: fn(),
    /// Ends the run. On an emulator or under a debugger the code reaches the
    /// host; on a board alone the CPU sleeps.
    pub exit: fn(code: u8) -> !,
}

impl Machine {
    /// Sends what is still queued, then ends the run.
    pub fn stop(&self, code: u8) -> ! {
        self.console.flush();
        (self.exit)(code)
    }
}

/// Exit codes beside those that the program itself chooses.
pub mod exit_code {
    /// The program ended with an uncaught exception.
    pub const EXCEPTION: u8 = 1;
    /// There is nothing to run: no image, or one that is not for this firmware.
    pub const NO_PROGRAM: u8 = 2;
    /// A bug in the firmware itself, as a shell reports SIGABRT.
    pub const PANIC: u8 = 134;
    /// The CPU stopped at a fault, as a shell reports SIGSEGV.
    pub const FAULT: u8 = 139;
}

/// Makes a binary out of a board: `firmware!(MACHINE);` with a
/// `static MACHINE: Machine`. Both start-up crates call the symbol `main`.
#[macro_export]
macro_rules! firmware {
    ($machine:path) => {
        #[unsafe(export_name = "main")]
        pub extern "C" fn hognose_main() -> ! {
            $crate::start::run(&$machine)
        }
    };
}

/// The CPU clock of `board.toml` in hertz, for a board's own tables.
#[macro_export]
macro_rules! clock_hz {
    () => {
        const { $crate::reg::decimal(env!("HOGNOSE_CLOCK")) }
    };
}
