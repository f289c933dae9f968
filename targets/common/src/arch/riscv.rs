//! RISC-V, machine mode: the platform timer, exceptions, ways out.
#![allow(unsafe_code)]

use crate::reg::Reg;
use crate::{exit_code, fault};
use riscv_rt::TrapFrame;

/// The 64-bit `mtime` counter at `address`, which counts at `hz` (at least 1 MHz,
/// or a divisor of it).
pub struct Timer {
    pub mtime: Reg,
    pub hz: u32,
}

impl Timer {
    pub fn micros(&self) -> u64 {
        let count = loop {
            let high = self.mtime.at(4).read();
            let low = self.mtime.read();
            if high == self.mtime.at(4).read() {
                break u64::from(high) << 32 | u64::from(low);
            }
        };
        match self.hz {
            1_000_000.. => count / u64::from(self.hz / 1_000_000),
            hz => count.wrapping_mul(1_000_000) / u64::from(hz),
        }
    }
}

/// Interrupts are off, so there is nothing to wait for.
pub fn idle() {}

/// Starts the firmware anew: what a chip without a reset register can do.
pub fn restart() {
    // SAFETY: the entry point of `riscv-rt`, which sets up everything from nothing.
    unsafe {
        core::arch::asm!("csrci mstatus, 8", "la t0, _start", "jr t0", options(noreturn));
    }
}

/// The test finisher as well: starts the machine anew, or ends QEMU with `-no-reboot`.
pub fn reset(finisher: Reg) {
    const RESET: u32 = 0x7777;
    finisher.write(RESET);
    sleep_for_ever()
}

/// SiFive's test finisher, which QEMU's `virt` machine has: writing ends the run.
pub fn finish(finisher: Reg, code: u8) -> ! {
    const PASS: u32 = 0x5555;
    const FAIL: u32 = 0x3333;
    finisher.write(if code == 0 { PASS } else { u32::from(code) << 16 | FAIL });
    sleep_for_ever()
}

/// Semihosting's `SYS_EXIT_EXTENDED` with RISC-V's three-instruction marker
/// (RISC-V semihosting specification 1.0). Without a debugger the breakpoint
/// traps, and the trap handler sleeps.
pub fn exit(code: u8) -> ! {
    const SYS_EXIT_EXTENDED: u32 = 0x20;
    const APPLICATION_EXIT: u32 = 0x20026;
    let block = [APPLICATION_EXIT, code.into()];
    // SAFETY: the call reads two words at a1 and changes a0 at most.
    unsafe {
        core::arch::asm!(
            ".balign 16",
            ".option push",
            ".option norvc",
            "slli x0, x0, 0x1f",
            "ebreak",
            "srai x0, x0, 7",
            ".option pop",
            inout("a0") SYS_EXIT_EXTENDED => _,
            in("a1") &block,
        );
    }
    sleep_for_ever()
}

fn sleep_for_ever() -> ! {
    loop {
        riscv::asm::wfi();
    }
}

#[unsafe(export_name = "ExceptionHandler")]
extern "C" fn exception(frame: &TrapFrame) -> ! {
    const BREAKPOINT: usize = 3;
    let cause = riscv::register::mcause::read().code();
    if cause == BREAKPOINT {
        sleep_for_ever();
    }
    fault::stop(
        "fault",
        &[
            ("pc", riscv::register::mepc::read() as u32),
            ("ra", frame.ra as u32),
            ("cause", cause as u32),
            ("tval", riscv::register::mtval::read() as u32),
            ("a0", frame.a0 as u32),
            ("a1", frame.a1 as u32),
            ("a2", frame.a2 as u32),
            ("a3", frame.a3 as u32),
            ("a4", frame.a4 as u32),
            ("a5", frame.a5 as u32),
            ("t0", frame.t0 as u32),
            ("t1", frame.t1 as u32),
        ],
        exit_code::FAULT,
    )
}
