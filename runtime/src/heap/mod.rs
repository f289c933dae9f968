//! The heap: one region, 16-byte blocks, mark and sweep, nothing moves.
//!
//! The region is cut into blocks followed by four bitmaps with one bit a block:
//!
//! * `used`  – the block belongs to an object or to the current run,
//! * `start` – the block is the first of an object,
//! * `leaf`  – (first blocks only) the object holds no references,
//! * `mark`  – (first blocks only, while collecting) the object was reached.
//!
//! An object is its start block and the used blocks behind it up to the next
//! start. Allocation bumps a cursor through the **current run**: a maximal row
//! of free blocks whose `used` bits were set when the run was claimed, so that
//! one object costs one `start` bit and two additions. `leaf` bits of free blocks
//! are always clear, thus only leaf objects touch that map.
//!
//! Everything unusual (heap locked, test modes, threshold reached) is made to
//! happen on the slow path by leaving the current run empty.
//!
//! Collection is conservative on the machine stack and on every non-leaf object:
//! any word that points into an object, also into its middle, keeps it. That is
//! what lets safe code hold `&T` across allocations. Nothing is freed but by the
//! sweep; a container that grows leaves its old buffer to the next collection.
//!
//! # Contracts of the unsafe code in this folder
//! 1. The region is exclusively ours from `Heap::new` until the `Vm` is gone.
//! 2. Bit numbers handed to the maps are below `blocks`.
//! 3. A block with its `used` bit set is never handed out again before a sweep
//!    found its object unmarked.
#![allow(unsafe_code)]

mod bits;
mod collect;
mod spill;
mod vec;
#[cfg(feature = "cpython")]
mod weak;

use core::cell::{Cell, UnsafeCell};
use core::ptr::NonNull;

use bits::Bits;
pub use vec::{Elem, RawVec};
#[cfg(feature = "cpython")]
pub use weak::WeakCell;

use crate::error::Res;
use crate::vm::Vm;

/// Bytes in a block: the granularity of allocation.
pub const BLOCK: usize = 16;
/// Rows of free blocks longer than this are not left for a smaller request.
const LARGE: usize = 8;

/// Longest run to claim at once, so that claiming takes no noticeable time.
const RUN: usize = 2048;

/// A test mode: which allocations fail, by their number from 0 on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Failing {
    #[default]
    Never,
    /// This one alone.
    Once(u64),
    /// This one and all that follow.
    From(u64),
}

/// What `gc` and `micropython.mem_info` report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeapInfo {
    /// Bytes that objects may occupy.
    pub total: usize,
    pub used: usize,
    pub free: usize,
    /// Largest row of free blocks, in blocks.
    pub max_free: usize,
    /// Objects of one and of two blocks, and blocks in the largest object.
    pub one_block: usize,
    pub two_block: usize,
    pub max_block: usize,
    /// Live objects.
    pub objects: usize,
    /// Bytes allocated since start.
    pub allocated: u64,
    /// Since start: objects allocated, collections, highest `used` seen.
    pub allocations: u64,
    pub collections: u32,
    pub peak: usize,
}

/// The heap of one `Vm`.
pub(crate) struct Heap {
    base: NonNull<u8>,
    blocks: usize,
    used: Bits,
    start: Bits,
    leaf: Bits,
    mark: Bits,
    /// The current run, in blocks.
    cur: Cell<usize>,
    end: Cell<usize>,
    /// Where to look for the next run.
    scan: Cell<usize>,
    /// Blocks in use outside the current run.
    occupied: Cell<usize>,
    /// Blocks claimed since the last collection, and how many may be.
    claimed: Cell<usize>,
    threshold: Cell<usize>,
    locks: Cell<u32>,
    pub(crate) enabled: Cell<bool>,
    collecting: Cell<bool>,
    /// Test modes: collect at every allocation; fail when it counts down to 0, and
    /// whether that is for once.
    stress: Cell<bool>,
    fail_in: Cell<u64>,
    fail_once: Cell<bool>,
    stack: collect::MarkStack,
    survivors: Cell<usize>,
    /// Blocks that survived the last collection; blocks allocated before it.
    kept: Cell<usize>,
    before: Cell<u64>,
    allocations: Cell<u64>,
    collections: Cell<u32>,
    peak: Cell<usize>,
    /// Objects whose finaliser must run, not kept alive by this list.
    finalisers: RawVec<vec::Weak>,
    /// Cells of weak references that are not empty.
    #[cfg(feature = "cpython")]
    watched: RawVec<weak::Watched>,
    /// Objects found dead whose finaliser has not run yet.
    condemned: RawVec<crate::value::Value>,
}

impl Heap {
    /// Takes over `region`, which holds zeros if `zeroed`. Too small a region gives a heap
    /// of no blocks.
    ///
    /// # Safety
    /// Contract 1: the region outlives the heap and nobody else touches it.
    pub(crate) unsafe fn new(region: NonNull<[u8]>, zeroed: bool) -> Heap {
        let word = size_of::<usize>();
        let whole = region.len();
        let first: NonNull<u8> = region.cast();
        let pad = first.as_ptr().align_offset(BLOCK).min(whole);
        let mut blocks = (whole - pad) / BLOCK;
        let words = |blocks: usize| blocks.div_ceil(usize::BITS as usize);
        while blocks > 0 && blocks * BLOCK + 4 * words(blocks) * word > whole - pad {
            let over = blocks * BLOCK + 4 * words(blocks) * word - (whole - pad);
            blocks -= over.div_ceil(BLOCK + word).clamp(1, blocks);
        }
        let n = words(blocks);
        // SAFETY: `pad` and the maps lie inside the region by the sums above.
        let (base, maps) = unsafe {
            let base = first.add(pad);
            let maps = base.add(blocks * BLOCK).cast::<Cell<usize>>();
            if !zeroed {
                maps.as_ptr().write_bytes(0, 4 * n);
            }
            (base, maps)
        };
        // SAFETY: the four maps are disjoint rows of `n` words.
        let map = |i: usize| unsafe { Bits::new(maps.add(i * n), n) };
        Heap {
            base,
            blocks,
            used: map(0),
            start: map(1),
            leaf: map(2),
            mark: map(3),
            cur: Cell::new(0),
            end: Cell::new(0),
            scan: Cell::new(0),
            occupied: Cell::new(0),
            claimed: Cell::new(0),
            threshold: Cell::new(usize::MAX),
            locks: Cell::new(0),
            enabled: Cell::new(true),
            collecting: Cell::new(false),
            stress: Cell::new(false),
            fail_in: Cell::new(u64::MAX),
            fail_once: Cell::new(false),
            stack: collect::MarkStack::default(),
            survivors: Cell::new(0),
            kept: Cell::new(0),
            before: Cell::new(0),
            allocations: Cell::new(0),
            collections: Cell::new(0),
            peak: Cell::new(0),
            finalisers: RawVec::new(),
            #[cfg(feature = "cpython")]
            watched: RawVec::new(),
            condemned: RawVec::new(),
        }
    }

    #[inline(always)]
    fn bump(&self, n: usize, leaf: bool) -> Option<NonNull<u8>> {
        let block = self.cur.get();
        if n > self.end.get() - block {
            return None;
        }
        self.cur.set(block + n);
        self.start.set(block);
        if leaf {
            self.leaf.set(block);
        }
        // SAFETY: `block < end <= blocks`.
        Some(unsafe { self.base.add(block * BLOCK) })
    }

    /// Gives the rest of the current run back.
    fn release(&self) {
        let (cur, end) = (self.cur.get(), self.end.get());
        self.used.clear_range(cur, end);
        self.occupied.set(self.occupied.get() - (end - cur));
        self.claimed.set(self.claimed.get().saturating_sub(end - cur));
        self.end.set(cur);
        self.scan.set(self.scan.get().min(cur));
    }

    fn claim(&self, from: usize, to: usize) {
        self.used.set_range(from, to);
        self.occupied.set(self.occupied.get() + (to - from));
        self.claimed.set(self.claimed.get() + (to - from));
    }

    /// A free row of at least `n` blocks at or after `from`; what is free beyond `most`
    /// blocks is not looked at.
    fn find(&self, mut from: usize, n: usize, most: usize) -> Option<(usize, usize)> {
        while from < self.blocks {
            let first = self.used.next_clear(from, self.blocks);
            let limit = first.saturating_add(most).min(self.blocks);
            let end = self.used.next_set(first, limit);
            if end - first >= n {
                return Some((first, end));
            }
            from = end;
        }
        None
    }

    /// Allocates outside the current run, claiming a new one if that is sensible.
    fn refill(&self, n: usize, leaf: bool) -> Option<NonNull<u8>> {
        let special = self.stress.get() || self.fail_in.get() != u64::MAX;
        if n > LARGE || special {
            let (first, _) = self.find(self.scan.get(), n, n).or_else(|| self.find(0, n, n))?;
            self.claim(first, first + n);
            self.start.set(first);
            if leaf {
                self.leaf.set(first);
            }
            // SAFETY: `first < blocks`.
            return Some(unsafe { self.base.add(first * BLOCK) });
        }
        let rest = self.end.get();
        self.release();
        let from = self.scan.get().max(rest);
        let (first, end) = self.find(from, n, RUN).or_else(|| self.find(0, n, RUN))?;
        self.claim(first, end);
        self.cur.set(first);
        self.end.set(end);
        self.scan.set(end);
        self.bump(n, leaf)
    }

    /// Blocks of the object that starts at `block`.
    fn extent(&self, block: usize) -> usize {
        let limit = if block < self.cur.get() { self.cur.get() } else { self.blocks };
        let next = self.start.next_set(block + 1, limit);
        self.used.next_clear(block + 1, next)
    }

    /// Bytes of the object that starts at `p`; 0 for memory that is not of the heap.
    pub(crate) fn size_of(&self, p: NonNull<u8>) -> usize {
        let block = self.block_of(p);
        if block >= self.blocks || !self.start.get(block) {
            return 0;
        }
        (self.extent(block) - block) * BLOCK
    }

    fn block_of(&self, p: NonNull<u8>) -> usize {
        p.as_ptr().addr().wrapping_sub(self.base.as_ptr().addr()) / BLOCK
    }

    /// Whether an address is in the heap.
    pub(crate) fn contains(&self, addr: usize) -> bool {
        addr.wrapping_sub(self.base.as_ptr().addr()) < self.blocks * BLOCK
    }

    /// Makes the object at `p` of `old` bytes `new` bytes long without moving it.
    pub(crate) fn resize(&self, p: NonNull<u8>, old: usize, new: usize) -> bool {
        let block = self.block_of(p);
        let (old, new) = (blocks_for(old), blocks_for(new));
        if block >= self.blocks || self.fail_in.get() != u64::MAX || self.locks.get() > 0 {
            return new <= old;
        }
        let (was, now) = (block + old, block + new);
        if new <= old {
            if was == self.cur.get() {
                self.cur.set(now);
            } else {
                self.used.clear_range(now, was);
                self.occupied.set(self.occupied.get() - (was - now));
            }
            true
        } else if was == self.cur.get() && now <= self.end.get() {
            self.cur.set(now);
            true
        } else if now <= self.blocks && self.used.next_set(was, now) == now {
            self.claim(was, now);
            true
        } else {
            false
        }
    }
}

fn blocks_for(bytes: usize) -> usize {
    bytes.div_ceil(BLOCK).max(1)
}

impl Vm {
    /// `bytes` of memory that the collector keeps while a word points into it.
    /// `leaf`: it will never hold references. Contents are undefined.
    #[inline(always)]
    pub(crate) fn alloc(&self, bytes: usize, leaf: bool) -> Res<NonNull<u8>> {
        let n = blocks_for(bytes);
        match self.heap.bump(n, leaf) {
            Some(p) => Ok(p),
            None => self.alloc_slow(n, leaf),
        }
    }

    #[cold]
    #[inline(never)]
    fn alloc_slow(&self, n: usize, leaf: bool) -> Res<NonNull<u8>> {
        let heap = &self.heap;
        if heap.locks.get() > 0 {
            return self.raise_heap_locked();
        }
        if heap.fail_in.get() != u64::MAX {
            let left = heap.fail_in.get();
            if left == 0 {
                if heap.fail_once.get() {
                    heap.fail_in.set(u64::MAX);
                }
                return self.raise_memory();
            }
            heap.fail_in.set(left - 1);
        }
        let due = heap.stress.get() || heap.claimed.get() >= heap.threshold.get();
        if due && heap.enabled.get() {
            self.collect();
        }
        if let Some(p) = heap.refill(n, leaf) {
            return Ok(p);
        }
        if heap.enabled.get() && n <= heap.blocks {
            self.collect();
            if let Some(p) = heap.refill(n, leaf) {
                return Ok(p);
            }
        }
        self.raise_memory_for(n * BLOCK)
    }

    /// Bytes that nobody else refers to; zeroed.
    pub fn alloc_cells(&self, n: usize) -> Res<&'static [Cell<u8>]> {
        let p = self.alloc(n, true)?;
        // SAFETY: fresh memory of at least `n` bytes; the slice keeps it alive.
        unsafe {
            p.write_bytes(0, n);
            Ok(core::slice::from_raw_parts(p.as_ptr().cast(), n))
        }
    }

    /// A copy of `text` in the heap.
    pub fn alloc_bytes(&self, text: &[u8]) -> Res<&'static [u8]> {
        let p = self.alloc(text.len(), true)?;
        // SAFETY: fresh memory of at least that many bytes.
        unsafe {
            p.copy_from_nonoverlapping(NonNull::from_ref(text).cast(), text.len());
            Ok(core::slice::from_raw_parts(p.as_ptr(), text.len()))
        }
    }

    /// `micropython.heap_lock`: allocation fails until the same number of unlocks.
    pub fn heap_lock(&self) {
        self.heap.release();
        self.heap.locks.set(self.heap.locks.get() + 1);
    }

    pub fn heap_unlock(&self) {
        self.heap.locks.set(self.heap.locks.get().saturating_sub(1));
    }

    pub fn heap_locks(&self) -> u32 {
        self.heap.locks.get()
    }

    /// `gc.enable` / `gc.disable`: whether a full heap is collected.
    pub fn gc_enable(&self, on: bool) {
        self.heap.enabled.set(on);
    }

    pub fn gc_enabled(&self) -> bool {
        self.heap.enabled.get()
    }

    /// `gc.threshold`: collect after so many allocated bytes; `None` = only when full.
    pub fn set_gc_threshold(&self, bytes: Option<usize>) {
        self.heap.threshold.set(bytes.map_or(usize::MAX, |b| b / BLOCK));
        self.heap.release();
    }

    pub fn gc_threshold(&self) -> Option<usize> {
        let t = self.heap.threshold.get();
        if t == usize::MAX { None } else { Some(t * BLOCK) }
    }

    /// Test modes: collect at every allocation; let allocations fail.
    pub fn set_heap_test(&self, stress: bool, failing: Failing) {
        let (fail_in, once) = match failing {
            Failing::Never => (u64::MAX, false),
            Failing::Once(n) => (n, true),
            Failing::From(n) => (n, false),
        };
        self.heap.release();
        self.heap.stress.set(stress);
        self.heap.fail_in.set(fail_in);
        self.heap.fail_once.set(once);
    }

    /// Bytes of heap that the object itself takes; nothing outside the heap.
    pub fn heap_size_of(&self, v: crate::value::Value) -> Option<usize> {
        let at = NonNull::from_ref(v.header()?);
        let block = self.heap.block_of(at.cast());
        (block < self.heap.blocks && self.heap.start.get(block))
            .then(|| (self.heap.extent(block) - block) * BLOCK)
    }

    /// Calls `row` with the number of the first block and what up to 64 blocks hold:
    /// `h` the head of an object, `=` its rest, `.` nothing.
    pub fn heap_rows(&self, row: &mut dyn FnMut(usize, &[u8]) -> Res<()>) -> Res<()> {
        const WIDTH: usize = 64;
        let heap = &self.heap;
        let mut first = 0;
        while first < heap.blocks {
            let mut cells = [b'.'; WIDTH];
            let n = WIDTH.min(heap.blocks - first);
            for (i, cell) in cells.iter_mut().enumerate().take(n) {
                let block = first + i;
                let free = block >= heap.cur.get() && block < heap.end.get();
                if heap.start.get(block) {
                    *cell = b'h';
                } else if heap.used.get(block) && !free {
                    *cell = b'=';
                }
            }
            row(first, cells.get(..n).unwrap_or_default())?;
            first += n;
        }
        Ok(())
    }

    /// Statistics; walks the whole heap.
    pub fn heap_info(&self) -> HeapInfo {
        self.heap.info()
    }
}

/// Views bytes as final: nothing writes to them any more.
pub(crate) fn frozen(cells: &'static [Cell<u8>]) -> &'static [u8] {
    // SAFETY: the caller was the only holder of the cells and stops writing.
    unsafe { &*(core::ptr::from_ref(cells) as *const [u8]) }
}

/// Memory for [`crate::vm::Vm::with`]: a region that may be shared mutably.
#[repr(C, align(16))]
pub struct Region<const N: usize>(UnsafeCell<[u8; N]>);

impl<const N: usize> Region<N> {
    pub const fn new() -> Region<N> {
        Region(UnsafeCell::new([0; N]))
    }

    pub fn get(&mut self) -> &mut [u8] {
        self.0.get_mut()
    }
}

impl<const N: usize> Default for Region<N> {
    fn default() -> Region<N> {
        Region::new()
    }
}
