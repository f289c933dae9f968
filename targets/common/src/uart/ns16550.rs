//! The 16550 with byte-wide registers (National Semiconductor PC16550D data sheet).

use crate::Console;
use crate::reg::Reg;

pub struct Ns16550(pub Reg);

const DATA: usize = 0;
const LINE_STATUS: usize = 5;

const DATA_READY: u8 = 1 << 0;
const TX_EMPTY: u8 = 1 << 5;

impl Console for Ns16550 {
    fn put(&self, byte: u8) {
        while self.0.at(LINE_STATUS).read_byte() & TX_EMPTY == 0 {}
        self.0.at(DATA).write_byte(byte);
    }

    fn get(&self) -> Option<u8> {
        let ready = self.0.at(LINE_STATUS).read_byte() & DATA_READY != 0;
        ready.then(|| self.0.at(DATA).read_byte())
    }
}
