//! Arm MPS2 with the Cortex-M7 image AN500.
#![no_std]
#![no_main]

use hognose_target::arch::cpu;
use hognose_target::reg::Reg;
use hognose_target::uart::Cmsdk;
use hognose_target::{Machine, clock_hz, firmware};

static CONSOLE: Cmsdk = Cmsdk(Reg(0x4000_4000));

static MACHINE: Machine = Machine {
    start: || {
        cpu::start_clock(clock_hz!());
        CONSOLE.start(clock_hz!(), 115_200);
    },
    console: &CONSOLE,
    micros: cpu::micros,
    idle: cpu::idle,
    reset: cpu::reset,
    exit: cpu::exit,
};

firmware!(MACHINE);
