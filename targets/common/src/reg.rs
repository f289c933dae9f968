//! A memory-mapped register.
#![allow(unsafe_code)]

/// A 32-bit register at a fixed address.
///
/// Contract 1: whoever writes `Reg(address)` in a board's table states that a
/// readable and writable 32-bit device register lies there.
#[derive(Clone, Copy)]
pub struct Reg(pub usize);

impl Reg {
    /// The register `offset` bytes further on.
    pub const fn at(self, offset: usize) -> Reg {
        Reg(self.0 + offset)
    }

    #[inline]
    pub fn read(self) -> u32 {
        // SAFETY: contract 1.
        unsafe { (self.0 as *const u32).read_volatile() }
    }

    #[inline]
    pub fn write(self, value: u32) {
        // SAFETY: contract 1.
        unsafe { (self.0 as *mut u32).write_volatile(value) }
    }

    /// Clears the bits of `clear`, then sets those of `set`.
    #[inline]
    pub fn modify(self, clear: u32, set: u32) {
        self.write(self.read() & !clear | set);
    }

    /// An 8-bit register of the same address, for devices with byte-wide registers.
    #[inline]
    pub fn read_byte(self) -> u8 {
        // SAFETY: contract 1, byte-wide.
        unsafe { (self.0 as *const u8).read_volatile() }
    }

    #[inline]
    pub fn write_byte(self, value: u8) {
        // SAFETY: contract 1, byte-wide.
        unsafe { (self.0 as *mut u8).write_volatile(value) }
    }
}

/// Reads a number of 8, 16 or 32 bits, or writes it, wherever a program says.
///
/// Contract 2: what the address does is the program's own affair, as with `mem32` on
/// any board; at worst it ends in the fault handler. The heap is not protected from it.
pub fn access(address: usize, bits: u32, write: Option<u32>) -> u32 {
    macro_rules! as_type {
        ($t:ty) => {{
            let place = core::ptr::with_exposed_provenance_mut::<$t>(address);
            // SAFETY: contract 2.
            match write {
                Some(n) => unsafe { place.write_volatile(n as $t) },
                None => return unsafe { place.read_volatile() }.into(),
            }
        }};
    }
    match bits {
        8 => as_type!(u8),
        16 => as_type!(u16),
        _ => as_type!(u32),
    }
    0
}

/// Decimal digits as a number, at compile time.
pub const fn decimal(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let (mut i, mut value) = (0, 0);
    while i < bytes.len() {
        assert!(bytes[i].is_ascii_digit());
        value = value * 10 + (bytes[i] - b'0') as u32;
        i += 1;
    }
    value
}
