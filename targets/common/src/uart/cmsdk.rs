//! Arm's CMSDK APB UART (Cortex-M System Design Kit TRM, chapter 4.3).

use crate::Console;
use crate::reg::Reg;

pub struct Cmsdk(pub Reg);

const DATA: usize = 0x00;
const STATE: usize = 0x04;
const CTRL: usize = 0x08;
const BAUDDIV: usize = 0x10;

const TX_FULL: u32 = 1 << 0;
const RX_FULL: u32 = 1 << 1;

impl Cmsdk {
    pub fn start(&self, clock: u32, baud: u32) {
        self.0.at(BAUDDIV).write((clock / baud).max(16));
        self.0.at(CTRL).write(0b11);
    }
}

impl Console for Cmsdk {
    fn put(&self, byte: u8) {
        while self.0.at(STATE).read() & TX_FULL != 0 {}
        self.0.at(DATA).write(byte.into());
    }

    fn get(&self) -> Option<u8> {
        let ready = self.0.at(STATE).read() & RX_FULL != 0;
        ready.then(|| self.0.at(DATA).read() as u8)
    }
}
