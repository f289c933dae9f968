//! A board to start from: a serial port, a clock, a way out. See docs/porting.md.
#![no_std]
#![no_main]

use hognose_target::arch::cpu;
use hognose_target::reg::Reg;
use hognose_target::{Console, Machine, clock_hz, firmware};

/// The chip's serial port, polled. Ports that other boards have are in
/// `hognose_target::uart`.
struct Serial(Reg);

const DATA: usize = 0x00;
const STATE: usize = 0x04;
const CONTROL: usize = 0x08;
const DIVIDER: usize = 0x10;
const SENDING: u32 = 1 << 0;
const RECEIVED: u32 = 1 << 1;

impl Serial {
    fn start(&self, clock: u32, baud: u32) {
        self.0.at(DIVIDER).write(clock / baud);
        self.0.at(CONTROL).write(0b11);
    }
}

impl Console for Serial {
    fn put(&self, byte: u8) {
        while self.0.at(STATE).read() & SENDING != 0 {}
        self.0.at(DATA).write(byte.into());
    }

    fn get(&self) -> Option<u8> {
        let waiting = self.0.at(STATE).read() & RECEIVED != 0;
        waiting.then(|| self.0.at(DATA).read() as u8)
    }
}

static CONSOLE: Serial = Serial(Reg(0x4000_4000));

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
