//! Frames and the value stack.
//!
//! A frame is a row of words:
//!
//! ```text
//! fp ─▶ locals (the arguments in front, where the caller put them)
//! hdr ▶ frame header: `H_…`
//!       blocks, three words each: handler, stack position | tag, exception
//!       guard word
//! sp ─▶ value stack, growing up; `sp` is the next free word
//! ```
//!
//! Frames of calls lie on the value stack, the callee's first local being the first
//! argument on its caller's stack, so arguments are not copied. The frame of a
//! generator lies in the generator object. The value stack is a chain of segments
//! from the heap; `vm.top` is the first word behind the newest frame, where Rust code
//! that calls back puts its arguments.
//!
//! The collector scans segments up to `vm.top`, whole frames included: words above a
//! frame's `sp` may be stale, which can only keep something alive for longer.

use core::ptr::{self, NonNull};

use super::Vm;
use super::function::Function;
use crate::error::{RUNTIME_ERROR, Res};
use crate::object::Gc;
use crate::value::Value;

/// A word of a frame: a value, or an address.
pub(crate) type Slot = *mut ();

/// Words of the frame header.
pub(crate) const H_FUN: usize = 0;
/// The caller's registers.
pub(crate) const H_FP: usize = 1;
pub(crate) const H_HDR: usize = 2;
pub(crate) const H_IP: usize = 3;
/// The caller's `sp` without the call's operands: where the result goes.
pub(crate) const H_SP: usize = 4;
/// `vm.top` before the call.
pub(crate) const H_TOP: usize = 5;
/// Number of open blocks.
pub(crate) const H_BLOCKS: usize = 6;
/// `K_…`.
pub(crate) const H_KIND: usize = 7;
/// For `K_INIT` the instance; for `K_FOR` where to go at the end; for generators the object.
pub(crate) const H_EXTRA: usize = 8;
pub(crate) const HEADER_WORDS: usize = 9;
/// Words of a block.
pub(crate) const BLOCK_WORDS: usize = 3;

/// Entered from Rust: leaving it leaves the loop.
pub(crate) const K_ENTRY: usize = 1;
/// `__init__` called for a new object.
pub(crate) const K_INIT: usize = 2;
/// A generator's frame.
pub(crate) const K_GENERATOR: usize = 4;
/// Resumed by `FOR_ITER`.
pub(crate) const K_FOR: usize = 8;
/// Resumed by `YIELD_FROM`.
pub(crate) const K_FROM: usize = 16;
/// The frame is the first of a segment.
pub(crate) const K_SEGMENT: usize = 32;

/// First words of a segment: the previous one, its end and `top` when this began.
const SEGMENT_HEADER: usize = 3;
const FIRST_SEGMENT: usize = if cfg!(feature = "full") { 160 } else { 72 };

/// The bounds of the current segment of the value stack.
#[derive(Clone, Copy)]
pub(crate) struct Segment {
    pub(crate) start: *mut Slot,
    pub(crate) end: *mut Slot,
}

impl Segment {
    pub(crate) const NONE: Segment = Segment { start: ptr::null_mut(), end: ptr::null_mut() };

    fn words(self) -> usize {
        (self.end.addr() - self.start.addr()) / size_of::<Slot>()
    }

    /// Whether all from `from` to `to` is in the segment. Operands on the stack of a
    /// generator are not, though what would follow them may be.
    #[inline(always)]
    pub(crate) fn holds(self, from: *mut Slot, to: *mut Slot) -> bool {
        from.addr() >= self.start.addr() && to.addr() <= self.end.addr()
    }
}

impl Vm {
    /// Room for `words` behind `vm.top`; gives where. A new segment is begun if the
    /// current one is too small, and the second result is then true.
    pub(crate) fn reserve_frame(&self, words: usize) -> Res<(*mut Slot, bool)> {
        let seg = self.segment.get();
        let top = self.top.get();
        if words <= (seg.end.addr() - top.addr()) / size_of::<Slot>() {
            return Ok((top, false));
        }
        let size = (seg.words() * 2).max(words + SEGMENT_HEADER).max(FIRST_SEGMENT);
        if self.stack_words.get() + size > self.stack_words_max.get() {
            return self.raise(&RUNTIME_ERROR, "maximum recursion depth exceeded");
        }
        if self.heap_locks() > 0 {
            // What is there is all the depth that code under the lock can get.
            return self.raise(&RUNTIME_ERROR, "maximum recursion depth exceeded");
        }
        let p = self.alloc(size * size_of::<Slot>(), true)?.cast::<Slot>().as_ptr();
        // SAFETY: fresh memory of `size` words.
        unsafe {
            p.write(seg.start.cast());
            p.add(1).write(seg.end.cast());
            p.add(2).write(top.cast());
            self.stack_words.set(self.stack_words.get() + size);
            self.segment.set(Segment { start: p, end: p.add(size) });
            self.top.set(p.add(SEGMENT_HEADER));
        }
        Ok((self.top.get(), true))
    }

    /// Goes back to the previous segment.
    ///
    /// # Safety
    /// No frame of the current segment is in use.
    pub(crate) unsafe fn drop_segment(&self) {
        let seg = self.segment.get();
        self.stack_words.set(self.stack_words.get() - seg.words());
        // SAFETY: written by `reserve_frame`.
        unsafe {
            self.segment.set(Segment {
                start: seg.start.read().cast(),
                end: seg.start.add(1).read().cast(),
            });
            self.top.set(seg.start.add(2).read().cast());
        }
    }

    /// Marks what frames on the value stack refer to.
    pub(crate) fn mark_frames(&self) {
        let mut seg = self.segment.get().start;
        let mut top = self.top.get();
        while !seg.is_null() {
            // SAFETY: words of a segment up to the top are initialised.
            unsafe {
                self.heap.mark_range(seg.cast(), top.cast());
                top = seg.add(2).read().cast();
                seg = seg.read().cast();
            }
        }
    }

    /// The running module.
    ///
    /// # Safety
    /// Code is running.
    #[inline(always)]
    pub(crate) unsafe fn current(&self) -> Gc<crate::object::Module> {
        // SAFETY: by contract.
        unsafe { self.module.get().unwrap_unchecked() }
    }

    /// `globals()`: of the running function; `None` when no code runs.
    pub fn globals(&self) -> Option<Gc<crate::object::Dict>> {
        self.module.get().map(|m| m.globals)
    }

    /// `locals()`: the namespace of the class body or module being executed.
    pub fn locals(&self) -> Option<Gc<crate::object::Dict>> {
        self.locals.get().or_else(|| self.globals())
    }
}

/// Reads the header of a frame.
///
/// # Safety
/// `hdr` is the header of a live frame.
#[inline(always)]
pub(crate) unsafe fn header(hdr: *mut Slot, word: usize) -> Slot {
    // SAFETY: within the frame.
    unsafe { hdr.add(word).read() }
}

#[inline(always)]
pub(crate) unsafe fn kind(hdr: *mut Slot) -> usize {
    // SAFETY: as `header`.
    unsafe { header(hdr, H_KIND).addr() }
}

/// The function of a frame.
#[inline(always)]
pub(crate) unsafe fn function(hdr: *mut Slot) -> Gc<Function> {
    // SAFETY: as `header`; the word was written from a function.
    unsafe { Gc::from_ptr(NonNull::new_unchecked(header(hdr, H_FUN).cast())) }
}

/// The value in a slot.
///
/// # Safety
/// The slot holds a value, not null.
#[inline(always)]
pub(crate) unsafe fn value(slot: Slot) -> Value {
    // SAFETY: by contract.
    unsafe { core::mem::transmute::<Slot, Value>(slot) }
}

/// The value in a slot that may be null.
///
/// # Safety
/// The slot holds a value or null.
#[inline(always)]
pub(crate) unsafe fn maybe(slot: Slot) -> Option<Value> {
    // SAFETY: by contract.
    unsafe { core::mem::transmute::<Slot, Option<Value>>(slot) }
}

/// Values in consecutive slots.
///
/// # Safety
/// `n` slots hold values.
#[inline(always)]
pub(crate) unsafe fn values<'a>(first: *mut Slot, n: usize) -> &'a [Value] {
    // SAFETY: by contract; a `Value` is a word.
    unsafe { core::slice::from_raw_parts(first.cast(), n) }
}

pub(crate) fn small(n: usize) -> Slot {
    ptr::without_provenance_mut(n)
}

/// Words of a frame, and of it from the frame header to the value stack.
pub(crate) fn frame_size(n_locals: u32, n_state: u32, n_blocks: u32) -> (u32, u32) {
    let stack_at = HEADER_WORDS as u32 + BLOCK_WORDS as u32 * n_blocks + 1;
    (n_locals.max(n_state) + stack_at, stack_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_that_begins_before_a_segment_is_not_in_it() {
        let at = |n: usize| ptr::without_provenance_mut::<Slot>(n);
        let segment = Segment { start: at(0x1000), end: at(0x1100) };
        assert!(segment.holds(at(0x1000), at(0x1100)));
        assert!(!segment.holds(at(0x10f0), at(0x1108)));
        assert!(!segment.holds(at(0xff0), at(0x1040)));
    }
}
