//! A bitmap over the region's blocks, read and changed a word at a time.

use core::cell::Cell;
use core::ptr::NonNull;

const BITS: usize = usize::BITS as usize;

pub(super) struct Bits {
    words: NonNull<Cell<usize>>,
    len: usize,
}

impl Bits {
    /// # Safety
    /// `words` points to `len` initialised words used by nobody else.
    pub(super) unsafe fn new(words: NonNull<Cell<usize>>, len: usize) -> Bits {
        Bits { words, len }
    }

    /// All words, in the order of the blocks.
    pub(super) fn words(&self) -> &[Cell<usize>] {
        // SAFETY: by the contract of `new`.
        unsafe { core::slice::from_raw_parts(self.words.as_ptr(), self.len) }
    }

    #[inline(always)]
    fn word(&self, bit: usize) -> &Cell<usize> {
        debug_assert!(bit / BITS < self.len);
        // SAFETY: the caller's bit is below the number of blocks (contract 2 of the heap).
        unsafe { self.words.add(bit / BITS).as_ref() }
    }

    #[inline(always)]
    pub(super) fn set(&self, bit: usize) {
        let w = self.word(bit);
        w.set(w.get() | 1 << (bit % BITS));
    }

    #[inline(always)]
    pub(super) fn get(&self, bit: usize) -> bool {
        self.word(bit).get() >> (bit % BITS) & 1 != 0
    }

    fn apply(&self, from: usize, to: usize, f: impl Fn(usize, usize) -> usize) {
        let mut at = from;
        while at < to {
            let w = self.word(at);
            let n = (BITS - at % BITS).min(to - at);
            let mask = (usize::MAX >> (BITS - n)) << (at % BITS);
            w.set(f(w.get(), mask));
            at += n;
        }
    }

    pub(super) fn set_range(&self, from: usize, to: usize) {
        self.apply(from, to, |w, mask| w | mask);
    }

    pub(super) fn clear_range(&self, from: usize, to: usize) {
        self.apply(from, to, |w, mask| w & !mask);
    }

    fn next(&self, from: usize, limit: usize, flip: usize) -> usize {
        let mut at = from;
        while at < limit {
            let w = (self.word(at).get() ^ flip) >> (at % BITS);
            if w != 0 {
                return (at + w.trailing_zeros() as usize).min(limit);
            }
            at += BITS - at % BITS;
        }
        limit
    }

    /// First set bit in `from..limit`, or `limit`.
    pub(super) fn next_set(&self, from: usize, limit: usize) -> usize {
        self.next(from, limit, 0)
    }

    /// First clear bit in `from..limit`, or `limit`.
    pub(super) fn next_clear(&self, from: usize, limit: usize) -> usize {
        self.next(from, limit, usize::MAX)
    }

    /// Last set bit at or before `bit`.
    pub(super) fn last_set(&self, bit: usize) -> Option<usize> {
        let mut at = bit;
        loop {
            let w = self.word(at).get() << (BITS - 1 - at % BITS);
            if w != 0 {
                return Some(at - w.leading_zeros() as usize);
            }
            at = (at - at % BITS).checked_sub(1)?;
        }
    }
}
