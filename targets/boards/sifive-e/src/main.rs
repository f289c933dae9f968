//! SiFive HiFive1: FE310, USB serial on UART0 (GPIO 16 and 17).
#![no_std]
#![no_main]

use hognose_target::arch::cpu::{self, Timer};
use hognose_target::reg::Reg;
use hognose_target::uart::SiFive;
use hognose_target::{Machine, clock_hz, firmware};

static CONSOLE: SiFive = SiFive(Reg(0x1001_3000));
/// The real-time clock crystal drives `mtime`.
static TIMER: Timer = Timer { mtime: Reg(0x0200_bff8), hz: 32_768 };

const GPIO_IOF_EN: Reg = Reg(0x1001_2038);
const GPIO_IOF_SEL: Reg = Reg(0x1001_203c);

static MACHINE: Machine = Machine {
    start: || {
        GPIO_IOF_SEL.modify(0b11 << 16, 0);
        GPIO_IOF_EN.modify(0, 0b11 << 16);
        CONSOLE.start(clock_hz!(), 115_200);
    },
    console: &CONSOLE,
    micros: || TIMER.micros(),
    idle: cpu::idle,
    reset: cpu::restart,
    exit: cpu::exit,
};

firmware!(MACHINE);
