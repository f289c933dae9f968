//! SiFive's UART (FE310-G002 Manual, chapter 18).

use crate::Console;
use crate::reg::Reg;

pub struct SiFive(pub Reg);

const TXDATA: usize = 0x00;
const RXDATA: usize = 0x04;
const TXCTRL: usize = 0x08;
const RXCTRL: usize = 0x0c;
const DIV: usize = 0x18;

/// In `TXDATA`: the queue is full; in `RXDATA`: it is empty.
const BUSY: u32 = 1 << 31;

impl SiFive {
    pub fn start(&self, clock: u32, baud: u32) {
        self.0.at(DIV).write(clock / baud - 1);
        self.0.at(TXCTRL).write(1);
        self.0.at(RXCTRL).write(1);
    }
}

impl Console for SiFive {
    fn put(&self, byte: u8) {
        while self.0.at(TXDATA).read() & BUSY != 0 {}
        self.0.at(TXDATA).write(byte.into());
    }

    fn flush(&self) {
        // No register tells when the shift register is empty, so wait for as long as
        // a full queue takes: a read takes at least a cycle, DIV + 1 cycles make a bit.
        const QUEUE_BITS: u32 = 9 * 10;
        for _ in 0..QUEUE_BITS * (self.0.at(DIV).read() + 1) {
            self.0.at(DIV).read();
        }
    }

    fn get(&self) -> Option<u8> {
        let data = self.0.at(RXDATA).read();
        (data & BUSY == 0).then_some(data as u8)
    }
}
