//! Where the process begins.
//!
//! A program on a PC pays for what happens before its first line: the standard library
//! reads the map of the process to word the message of a stack overflow, and whoever asks
//! how much stack the first thread has left reads it again, which is more than an empty
//! script executes altogether. [`entry!`](crate::entry) makes the C library's `main` a
//! program's own, where that is known to work, and runs the program on a thread whose
//! stack has a known size. Of the standard library's preparations the one is made that
//! programs notice: writing to a closed pipe is an error, not the end of the process.
//!
//! # Contracts of the unsafe code
//! 1. `main` is made once, by a binary, and called by the C library only.
//! 2. Signals are looked after before there is a second thread, but for the mask of the
//!    first thread, which is its own.

/// Makes `$start`, a `fn() -> u8`, the program; it gives the exit code. The crate says
/// `#![cfg_attr(all(target_os = "linux", target_env = "gnu", not(test)), no_main)]`.
#[macro_export]
macro_rules! entry {
    ($start:path) => {
        // SAFETY: contract 1 of `entry`.
        #[cfg(all(target_os = "linux", target_env = "gnu", not(test)))]
        #[allow(unsafe_code)]
        #[unsafe(no_mangle)]
        extern "C" fn main() -> core::ffi::c_int {
            $crate::enter($start)
        }

        #[cfg(not(all(target_os = "linux", target_env = "gnu", not(test))))]
        fn main() {
            $crate::enter($start)
        }
    };
}

/// The program's stack.
const STACK: usize = 8 << 20;

/// Runs `start` and ends the process with its exit code.
#[doc(hidden)]
pub fn enter(start: fn() -> u8) -> ! {
    ignore_closed_pipes();
    let program = std::thread::Builder::new().stack_size(STACK).spawn(start);
    leave_signals_to_others();
    let code = program.map_or_else(|_| start(), |thread| thread.join().unwrap_or(PANICKED));
    // Writes out what is buffered, which returning would not.
    std::process::exit(code.into())
}

/// What the standard library exits with.
const PANICKED: u8 = 101;

/// Writing to a closed pipe gives EPIPE.
fn ignore_closed_pipes() {
    // SAFETY: contract 2.
    #[allow(unsafe_code)]
    unsafe {
        libc::signal(libc::SIGPIPE, libc::SIG_IGN);
    }
}

/// Signals interrupt what the program waits for, so they must come to its thread.
fn leave_signals_to_others() {
    // SAFETY: contract 2; the set is filled before it is read.
    #[allow(unsafe_code)]
    unsafe {
        let mut all = core::mem::zeroed();
        libc::sigfillset(&mut all);
        libc::pthread_sigmask(libc::SIG_BLOCK, &all, core::ptr::null_mut());
    }
}
