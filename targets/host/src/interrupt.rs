//! Ctrl-C: SIGINT becomes KeyboardInterrupt in the program that runs.
//!
//! The handler sets a flag of the running world and returns; what the program waits for
//! (input, sleep) then ends early. A second Ctrl-C before the first was noticed ends the
//! process, and so does one while nothing runs.
//!
//! # Contracts of the unsafe code
//! 1. [`RUNNING`] is null or points to the flags of a world that lives: [`Attached`]
//!    borrows them and takes them back. Signals come to the thread that runs the world
//!    (see `entry`), so no handler is between load and store when they are taken back.
//! 2. The handler does what is allowed in one: loads, stores, `_exit`.
#![allow(unsafe_code)]

use std::marker::PhantomData;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use hognose_runtime::vm::Signals;

static RUNNING: AtomicPtr<Signals> = AtomicPtr::new(ptr::null_mut());

/// What a shell shows for a program that SIGINT ended.
const INTERRUPTED: i32 = 130;

extern "C" fn on_interrupt(_: libc::c_int) {
    // SAFETY: contracts 1 and 2.
    unsafe {
        match RUNNING.load(Ordering::Relaxed).as_ref() {
            Some(signals) if !signals.is_interrupted() => signals.interrupt(),
            _ => libc::_exit(INTERRUPTED),
        }
    }
}

/// Ctrl-C interrupts a world as long as this is kept.
pub struct Attached<'v> {
    ours: bool,
    world: PhantomData<&'v Signals>,
}

impl<'v> Attached<'v> {
    /// The first of several worlds that run at once gets the signals.
    pub fn new(signals: &'v Signals) -> Attached<'v> {
        let new = ptr::from_ref(signals).cast_mut();
        let old = ptr::null_mut();
        let ours = RUNNING.compare_exchange(old, new, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if ours {
            handle(on_interrupt as *const () as libc::sighandler_t);
        }
        Attached { ours, world: PhantomData }
    }
}

impl Drop for Attached<'_> {
    fn drop(&mut self) {
        if self.ours {
            handle(libc::SIG_DFL);
            RUNNING.store(ptr::null_mut(), Ordering::Relaxed);
        }
    }
}

/// System calls that wait are to end with EINTR, so not `signal`.
fn handle(action: libc::sighandler_t) {
    // SAFETY: an action of zeros has no flags and an empty mask.
    unsafe {
        let mut how: libc::sigaction = std::mem::zeroed();
        how.sa_sigaction = action;
        libc::sigaction(libc::SIGINT, &how, ptr::null_mut());
    }
}

/// Whether the running program is about to be interrupted.
pub fn pending() -> bool {
    // SAFETY: contract 1.
    unsafe { RUNNING.load(Ordering::Relaxed).as_ref() }.is_some_and(Signals::is_interrupted)
}

/// Sleeps, until interrupted.
pub fn sleep(us: u64) {
    let seconds = libc::time_t::try_from(us / 1_000_000).unwrap_or(libc::time_t::MAX);
    let nanos = (us % 1_000_000 * 1000) as libc::c_long;
    let mut left = libc::timespec { tv_sec: seconds, tv_nsec: nanos };
    // SAFETY: both point to a timespec.
    while unsafe { libc::nanosleep(&left, &mut left) } != 0 && !pending() {
        if std::io::Error::last_os_error().kind() != std::io::ErrorKind::Interrupted {
            return;
        }
    }
}
