//! QEMU's RISC-V `virt` machine.
#![no_std]
#![no_main]

use hognose_target::arch::cpu::{self, Timer};
use hognose_target::reg::Reg;
use hognose_target::uart::Ns16550;
use hognose_target::{Machine, clock_hz, firmware};

static CONSOLE: Ns16550 = Ns16550(Reg(0x1000_0000));
static TIMER: Timer = Timer { mtime: Reg(0x0200_bff8), hz: clock_hz!() };
const FINISHER: Reg = Reg(0x0010_0000);

static MACHINE: Machine = Machine {
    start: || {},
    console: &CONSOLE,
    micros: || TIMER.micros(),
    idle: cpu::idle,
    reset: || cpu::reset(FINISHER),
    exit: |code| cpu::finish(FINISHER, code),
};

firmware!(MACHINE);
