//! SiFive's UART (FE310-G002 Manual, chapter 18).

use crate::Console;
use crate::reg::Reg;

pub struct SiFive(pub Reg);

const TXDATA: usize = 0x00;
const RXDATA: usize = 0x04;
const TXCTRL: usize = 0x08;
const RXCTRL: usize = 0x0c;
const IP: usize = 0x14;
const DIV: usize = 0x18;

/// In `TXCTRL`: send, and call a queue of less than one byte low.
const TX_ENABLE: u32 = 1 << 16 | 1;
/// In `IP`: the queue is low.
const TX_LOW: u32 = 1;

/// In `TXDATA`: the queue is full; in `RXDATA`: it is empty.
const BUSY: u32 = 1 << 31;

impl SiFive {
    pub fn start(&self, clock: u32, baud: u32) {
        self.0.at(DIV).write(clock / baud - 1);
        self.0.at(TXCTRL).write(TX_ENABLE);
        self.0.at(RXCTRL).write(1);
    }
}

impl Console for SiFive {
    fn put(&self, byte: u8) {
        while self.0.at(TXDATA).read() & BUSY != 0 {}
        self.0.at(TXDATA).write(byte.into());
    }

    fn flush(&self) {
        while self.0.at(IP).read() & TX_LOW == 0 {}
        // No register tells when the shift register is empty, nor QEMU whether its host
        // has fetched the queue. Wait for as long as 64 bytes take: a read takes at
        // least a cycle, DIV + 1 cycles make a bit.
        const BITS: u32 = 64 * 10;
        for _ in 0..BITS * (self.0.at(DIV).read() + 1) {
            self.0.at(DIV).read();
        }
    }

    fn get(&self) -> Option<u8> {
        let data = self.0.at(RXDATA).read();
        (data & BUSY == 0).then_some(data as u8)
    }
}
