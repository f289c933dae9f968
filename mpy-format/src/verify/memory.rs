//! The verifier's working memory: one slice of bytes that the caller lends.
//!
//! ```text
//! | stack kinds | loop heads | blocks and head states → …   ← pending states |
//! 0             heads        low                       high            len
//! ```
//!
//! The kinds of the current stack come first, then a sorted table of the backward
//! jumps' targets. Above it grow the blocks and the states at loop heads, which stay
//! until the end. From the other side grow the states at targets of forward jumps,
//! the nearest target lowest; they go as they are reached, so that code of any length
//! needs only as much as is open at once.

use super::kind::Kind;
use crate::error::ErrorKind;

/// No block, or no state: the null of references into the memory.
pub(super) const NOWHERE: u32 = u32::MAX;

const HEAD_BYTES: usize = 8;
const STATE_BYTES: usize = 12;
const BLOCK_BYTES: usize = 16;

/// What kind of block a `SETUP_…` opens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum BlockKind {
    Except,
    Finally,
    With,
    /// The `finally` of an `async with`, which takes the manager below it.
    AsyncWith,
}

/// An open block. It stands for the blocks around it too.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub kind: BlockKind,
    /// Where its handler starts.
    pub handler: u32,
    /// Stack entries below what the block's code owns.
    pub base: u32,
    /// The block around it, or [`NOWHERE`].
    pub outer: u32,
    /// How many blocks are open, with itself.
    pub nesting: u32,
}

pub(super) struct Memory<'s> {
    bytes: &'s mut [u8],
    heads: usize,
    low: usize,
    high: usize,
    pub len: u32,
    pub block: u32,
}

impl<'s> Memory<'s> {
    /// Sets room for `max_stack` kinds aside.
    pub(super) fn new(bytes: &'s mut [u8], max_stack: u32) -> Result<Memory<'s>, ErrorKind> {
        let (heads, high) = (max_stack as usize, bytes.len());
        if heads > high {
            return Err(ErrorKind::ScratchFull);
        }
        Ok(Memory { bytes, heads, low: heads, high, len: 0, block: NOWHERE })
    }

    fn get(&self, at: usize) -> u32 {
        match self.bytes.get(at..).and_then(|b| b.first_chunk()) {
            Some(bytes) => u32::from_le_bytes(*bytes),
            None => NOWHERE,
        }
    }

    fn set(&mut self, at: usize, value: u32) {
        if let Some(bytes) = self.bytes.get_mut(at..).and_then(|b| b.first_chunk_mut()) {
            *bytes = value.to_le_bytes();
        }
    }

    fn grow(&mut self, bytes: usize) -> Result<usize, ErrorKind> {
        let at = self.low;
        if self.high - at < bytes {
            return Err(ErrorKind::ScratchFull);
        }
        self.low += bytes;
        Ok(at)
    }

    /// The kind of an entry of the current stack, counted from the bottom.
    #[inline]
    pub(super) fn kind(&self, index: u32) -> Kind {
        Kind::from_byte(self.bytes.get(index as usize).copied().unwrap_or(0))
    }

    #[inline]
    pub(super) fn set_kind(&mut self, index: u32, kind: Kind) {
        debug_assert!((index as usize) < self.heads);
        if let Some(byte) = self.bytes.get_mut(index as usize) {
            *byte = kind as u8;
        }
    }

    /// Slots that the current stack takes beyond its entries.
    pub(super) fn extra_slots(&self) -> u32 {
        (0..self.len).map(|i| self.kind(i).extra_slots()).sum()
    }

    // Loop heads, while they are collected: before anything else grows.

    /// Adds a backward jump's target to the table.
    pub(super) fn add_head(&mut self, target: u32) -> Result<(), ErrorKind> {
        let mut at = self.low;
        while at > self.heads && self.get(at - HEAD_BYTES) >= target {
            if self.get(at - HEAD_BYTES) == target {
                return Ok(());
            }
            at -= HEAD_BYTES;
        }
        let end = self.grow(HEAD_BYTES)?;
        self.bytes.copy_within(at..end, at + HEAD_BYTES);
        self.set(at, target);
        self.set(at + 4, NOWHERE);
        Ok(())
    }

    /// Number of loop heads, once all are collected.
    pub(super) fn n_heads(&self) -> u32 {
        ((self.low - self.heads) / HEAD_BYTES) as u32
    }

    /// Target of a head, counted from 0.
    #[inline]
    pub(super) fn head(&self, index: u32) -> u32 {
        self.get(self.heads + index as usize * HEAD_BYTES)
    }

    /// Keeps the current state for a head.
    pub(super) fn record_head(&mut self, index: u32) -> Result<(), ErrorKind> {
        for i in 0..self.len {
            let kind = self.kind(i).at_loop_head();
            self.set_kind(i, kind);
        }
        let at = self.grow(STATE_BYTES + self.len as usize)?;
        self.store_state(at, self.head(index), self.len, self.block);
        self.set(self.heads + index as usize * HEAD_BYTES + 4, at as u32);
        Ok(())
    }

    /// Checks a jump back to a head with the lowest `len` entries and `block`.
    pub(super) fn check_back(
        &self,
        target: u32,
        n_heads: u32,
        len: u32,
        block: u32,
    ) -> Result<(), ErrorKind> {
        let (mut first, mut end) = (0, n_heads);
        while first < end {
            let middle = first + (end - first) / 2;
            if self.head(middle) < target {
                first = middle + 1;
            } else {
                end = middle;
            }
        }
        let state = self.get(self.heads + first as usize * HEAD_BYTES + 4);
        if first == n_heads || self.head(first) != target || state == NOWHERE {
            return Err(ErrorKind::BadJump);
        }
        let at = state as usize;
        if self.get(at + 4) != len || self.get(at + 8) != block {
            return Err(ErrorKind::StackMismatch);
        }
        for i in 0..len {
            let wanted = Kind::from_byte(self.bytes[at + STATE_BYTES + i as usize]);
            if self.kind(i).join(wanted) != Some(wanted) {
                return Err(ErrorKind::StackMismatch);
            }
        }
        Ok(())
    }

    // Blocks.

    /// Opens a block inside the current one and makes it current.
    pub(super) fn open_block(&mut self, kind: BlockKind, handler: u32) -> Result<Block, ErrorKind> {
        let nesting = self.block(self.block).map_or(0, |b| b.nesting) + 1;
        let block = Block { kind, handler, base: self.len, outer: self.block, nesting };
        let at = self.grow(BLOCK_BYTES)?;
        self.set(at, handler);
        self.set(at + 4, self.len << 2 | kind as u32);
        self.set(at + 8, self.block);
        self.set(at + 12, nesting);
        self.block = at as u32;
        Ok(block)
    }

    /// The block that a reference means.
    pub(super) fn block(&self, reference: u32) -> Option<Block> {
        if reference == NOWHERE {
            return Option::None;
        }
        let at = reference as usize;
        let packed = self.get(at + 4);
        let kind = match packed & 3 {
            0 => BlockKind::Except,
            1 => BlockKind::Finally,
            2 => BlockKind::With,
            _ => BlockKind::AsyncWith,
        };
        Some(Block {
            kind,
            handler: self.get(at),
            base: packed >> 2,
            outer: self.get(at + 8),
            nesting: self.get(at + 12),
        })
    }

    // States at targets of forward jumps.

    fn store_state(&mut self, at: usize, target: u32, len: u32, block: u32) {
        self.set(at, target);
        self.set(at + 4, len);
        self.set(at + 8, block);
        self.bytes.copy_within(..len as usize, at + STATE_BYTES);
    }

    /// The nearest target that a state waits at.
    #[inline]
    pub(super) fn next_pending(&self) -> Option<u32> {
        if self.high < self.bytes.len() { Some(self.get(self.high)) } else { Option::None }
    }

    /// Lets the lowest `len` entries, `top` above them if given, and `block` wait at a
    /// target; joins them with what waits there already.
    pub(super) fn add_pending(
        &mut self,
        target: u32,
        len: u32,
        top: Option<Kind>,
        block: u32,
    ) -> Result<(), ErrorKind> {
        let total = len + u32::from(top.is_some());
        let mut at = self.high;
        while at < self.bytes.len() && self.get(at) < target {
            at += STATE_BYTES + self.get(at + 4) as usize;
        }
        if at < self.bytes.len() && self.get(at) == target {
            if self.get(at + 4) != total || self.get(at + 8) != block {
                return Err(ErrorKind::StackMismatch);
            }
            for i in 0..total {
                let ours = if i < len { self.kind(i) } else { top.unwrap_or(Kind::Value) };
                let slot = at + STATE_BYTES + i as usize;
                let joined =
                    ours.join(Kind::from_byte(self.bytes[slot])).ok_or(ErrorKind::StackMismatch)?;
                self.bytes[slot] = joined as u8;
            }
            return Ok(());
        }
        let size = STATE_BYTES + total as usize;
        if self.high - self.low < size {
            return Err(ErrorKind::ScratchFull);
        }
        let start = self.high - size;
        self.bytes.copy_within(self.high..at, start);
        self.high = start;
        let at = at - size;
        self.store_state(at, target, len, block);
        self.set(at + 4, total);
        if let Some(top) = top {
            self.bytes[at + STATE_BYTES + len as usize] = top as u8;
        }
        Ok(())
    }

    /// Makes the nearest waiting state the current one.
    pub(super) fn take_pending(&mut self) {
        let at = self.high;
        self.len = self.get(at + 4);
        self.block = self.get(at + 8);
        let kinds = at + STATE_BYTES;
        self.high = kinds + self.len as usize;
        self.bytes.copy_within(kinds..self.high, 0);
    }
}
