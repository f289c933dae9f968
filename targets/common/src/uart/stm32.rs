//! The USART of ST's STM32F2 and F4 series (reference manual RM0090, chapter 30).

use crate::Console;
use crate::reg::Reg;

pub struct Stm32(pub Reg);

const SR: usize = 0x00;
const DR: usize = 0x04;
const BRR: usize = 0x08;
const CR1: usize = 0x0c;

const RX_READY: u32 = 1 << 5;
const TX_EMPTY: u32 = 1 << 7;
const ENABLE: u32 = 1 << 13 | 1 << 3 | 1 << 2;

impl Stm32 {
    /// `clock` is that of the peripheral's bus.
    pub fn start(&self, clock: u32, baud: u32) {
        self.0.at(BRR).write((clock + baud / 2) / baud);
        self.0.at(CR1).write(ENABLE);
    }
}

impl Console for Stm32 {
    fn put(&self, byte: u8) {
        while self.0.at(SR).read() & TX_EMPTY == 0 {}
        self.0.at(DR).write(byte.into());
    }

    fn get(&self) -> Option<u8> {
        let ready = self.0.at(SR).read() & RX_READY != 0;
        ready.then(|| self.0.at(DR).read() as u8)
    }
}
