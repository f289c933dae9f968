//! The serial console.

/// A byte stream both ways. Implementations wait for room when writing and never
/// wait when reading.
pub trait Console {
    fn put(&self, byte: u8);

    /// The next received byte, if one has arrived.
    fn get(&self) -> Option<u8>;

    /// Waits until everything written has left the chip's queue.
    fn flush(&self) {}

    fn write(&self, bytes: &[u8]) {
        for &byte in bytes {
            self.put(byte);
        }
    }

    /// Eight hexadecimal digits.
    fn hex(&self, value: u32) {
        for shift in (0..8).rev() {
            let digit = (value >> (shift * 4)) as u8 & 15;
            self.put(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 });
        }
    }
}
