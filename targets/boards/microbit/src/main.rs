//! BBC micro:bit v1: nRF51822, USB serial on P0.24 and P0.25.
#![no_std]
#![no_main]

use hognose_target::arch::cpu;
use hognose_target::reg::Reg;
use hognose_target::uart::Nrf;
use hognose_target::{Machine, clock_hz, firmware};

static CONSOLE: Nrf = Nrf(Reg(0x4000_2000));

static MACHINE: Machine = Machine {
    start: || {
        cpu::start_clock(clock_hz!());
        CONSOLE.start(24, 25);
    },
    console: &CONSOLE,
    micros: cpu::micros,
    idle: cpu::idle,
    reset: cpu::reset,
    exit: cpu::exit,
};

firmware!(MACHINE);
