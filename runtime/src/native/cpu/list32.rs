//! Arguments of functions in C that take any number, on CPUs of 32 bits.

use super::super::Word;

/// `va_list`: the address of the next argument. Those of 64 bits are aligned.
pub(in crate::native) struct VaList(*const u32);

impl VaList {
    /// The list that a C function passed.
    ///
    /// # Safety
    /// It did.
    pub unsafe fn passed(list: Word) -> VaList {
        VaList(list.cast())
    }

    /// The next word.
    ///
    /// # Safety
    /// There is one.
    pub unsafe fn word(&mut self) -> usize {
        // SAFETY: by contract.
        unsafe {
            let word = self.0.read();
            self.0 = self.0.add(1);
            word as usize
        }
    }

    /// The next integer of 64 bits.
    ///
    /// # Safety
    /// As [`VaList::word`].
    pub unsafe fn long(&mut self) -> u64 {
        // SAFETY: by contract.
        unsafe {
            self.0 = self.0.wrapping_byte_add(self.0.addr() & 4);
            let low = self.word() as u64;
            low | (self.word() as u64) << 32
        }
    }

    /// The next float.
    ///
    /// # Safety
    /// As [`VaList::word`].
    pub unsafe fn float(&mut self) -> f64 {
        // SAFETY: by contract.
        f64::from_bits(unsafe { self.long() })
    }
}
