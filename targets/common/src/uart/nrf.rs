//! Nordic's UART of the nRF51 series (nRF51 Reference Manual, chapter 29).

use crate::Console;
use crate::reg::Reg;

pub struct Nrf(pub Reg);

const STARTRX: usize = 0x000;
const STARTTX: usize = 0x008;
const RXDRDY: usize = 0x108;
const TXDRDY: usize = 0x11c;
const ENABLE: usize = 0x500;
const PSELTXD: usize = 0x50c;
const PSELRXD: usize = 0x514;
const RXD: usize = 0x518;
const TXD: usize = 0x51c;
const BAUDRATE: usize = 0x524;

/// The manual's value for 115,200 baud.
const BAUD_115200: u32 = 0x01d7_e000;

impl Nrf {
    /// 115,200 baud on the pins `tx` and `rx`.
    pub fn start(&self, tx: u32, rx: u32) {
        self.0.at(PSELTXD).write(tx);
        self.0.at(PSELRXD).write(rx);
        self.0.at(BAUDRATE).write(BAUD_115200);
        self.0.at(ENABLE).write(4);
        self.0.at(STARTTX).write(1);
        self.0.at(STARTRX).write(1);
    }
}

impl Console for Nrf {
    fn put(&self, byte: u8) {
        self.0.at(TXDRDY).write(0);
        self.0.at(TXD).write(byte.into());
        while self.0.at(TXDRDY).read() == 0 {}
    }

    fn get(&self) -> Option<u8> {
        if self.0.at(RXDRDY).read() == 0 {
            return None;
        }
        self.0.at(RXDRDY).write(0);
        Some(self.0.at(RXD).read() as u8)
    }
}
