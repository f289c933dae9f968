//! Cortex-M: SysTick as the clock, semihosting as the way out, HardFault.
#![allow(unsafe_code)]

use crate::{exit_code, fault};
use core::sync::atomic::{AtomicU32, Ordering};
use cortex_m::peripheral::{SCB, SYST, syst::SystClkSource};
use cortex_m_rt::{ExceptionFrame, exception};

/// Handlers of peripherals: none. The start-up crate wants one entry at least.
#[cfg(feature = "no-interrupts")]
#[used]
#[unsafe(link_section = ".vector_table.interrupts")]
#[unsafe(export_name = "__INTERRUPTS")]
static INTERRUPTS: [unsafe extern "C" fn(); 1] = [no_interrupt];

#[cfg(feature = "no-interrupts")]
unsafe extern "C" fn no_interrupt() {
    fault::stop("interrupt", &[], exit_code::FAULT)
}

/// Milliseconds since [`start_clock`], counted by SysTick.
static MILLIS: AtomicU32 = AtomicU32::new(0);
/// How often [`MILLIS`] has wrapped.
static WRAPS: AtomicU32 = AtomicU32::new(0);
/// SysTick counts in a microsecond.
static PER_MICRO: AtomicU32 = AtomicU32::new(1);

/// Starts the millisecond tick; `hz` is the CPU clock, at least 1 MHz.
pub fn start_clock(hz: u32) {
    PER_MICRO.store(hz / 1_000_000, Ordering::Relaxed);
    // SAFETY: SysTick is used here only, and before its interrupt is enabled.
    let mut timer = unsafe { cortex_m::Peripherals::steal() }.SYST;
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(hz / 1000 - 1);
    timer.clear_current();
    timer.enable_counter();
    timer.enable_interrupt();
}

#[exception]
fn SysTick() {
    // An interrupt of one priority: nobody else writes, so load and store suffice
    // (Cortex-M0 has no atomic read-modify-write).
    let next = MILLIS.load(Ordering::Relaxed).wrapping_add(1);
    MILLIS.store(next, Ordering::Relaxed);
    if next == 0 {
        WRAPS.store(WRAPS.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
    }
    crate::start::tick();
}

/// Microseconds since [`start_clock`].
pub fn micros() -> u64 {
    loop {
        let (wraps, millis) = (WRAPS.load(Ordering::Relaxed), MILLIS.load(Ordering::Relaxed));
        let mut left = SYST::get_current();
        // The counter may have begun anew before its interrupt is taken.
        let pending = SCB::is_pendst_pending();
        if pending {
            left = SYST::get_current();
        }
        if millis == MILLIS.load(Ordering::Relaxed) {
            let per_micro = PER_MICRO.load(Ordering::Relaxed).max(1);
            let passed = (SYST::get_reload() - left) / per_micro;
            let all_millis = (u64::from(wraps) << 32 | u64::from(millis)) + u64::from(pending);
            return all_millis * 1000 + u64::from(passed);
        }
    }
}

/// Sleeps until the next interrupt, at most a millisecond.
pub fn idle() {
    cortex_m::asm::wfi();
}

/// Starts the chip anew.
pub fn reset() {
    SCB::sys_reset()
}

/// `SYS_EXIT_EXTENDED` (Arm semihosting specification 3.0): the debugger or
/// emulator ends the run with `code`. Without one the breakpoint faults, and the
/// fault handler recognises it.
pub fn exit(code: u8) -> ! {
    const SYS_EXIT_EXTENDED: u32 = 0x20;
    const APPLICATION_EXIT: u32 = 0x20026;
    let block = [APPLICATION_EXIT, code.into()];
    // SAFETY: the call reads two words at r1 and returns, if at all, with r0 changed.
    unsafe {
        core::arch::asm!("bkpt #0xab", inout("r0") SYS_EXIT_EXTENDED => _, in("r1") &block);
    }
    sleep_for_ever()
}

fn sleep_for_ever() -> ! {
    cortex_m::interrupt::disable();
    loop {
        cortex_m::asm::wfi();
    }
}

#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    const SEMIHOSTING_BREAKPOINT: u16 = 0xbeab;
    // SAFETY: the program counter of a fault taken at an instruction points at it.
    let at = frame.pc() as *const u16;
    if (at as usize).is_multiple_of(2) && unsafe { at.read_volatile() } == SEMIHOSTING_BREAKPOINT {
        sleep_for_ever();
    }
    fault::stop(
        "fault",
        &[
            ("pc", frame.pc()),
            ("lr", frame.lr()),
            ("sp", core::ptr::from_ref(frame) as u32 + 32),
            ("psr", frame.xpsr()),
            ("r0", frame.r0()),
            ("r1", frame.r1()),
            ("r2", frame.r2()),
            ("r3", frame.r3()),
            ("r12", frame.r12()),
            ("cfsr", CFSR.read()),
            ("bfar", BFAR.read()),
        ],
        exit_code::FAULT,
    )
}

/// Why the fault was taken and at which address. Both read as zero on ARMv6-M.
const CFSR: crate::reg::Reg = crate::reg::Reg(0xe000_ed28);
const BFAR: crate::reg::Reg = crate::reg::Reg(0xe000_ed38);
