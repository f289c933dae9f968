//! Marking, sweeping, finalisers and statistics.
//!
//! The sweep works on whole map words. In a word, let `dead` be the start bits
//! without a mark and `tail` the used bits that are no start. Adding to `tail`
//! the bit behind each dead start carries through exactly the tail of that
//! object and clears it; what leaves the top of the word continues in the next.
//!
//! An object that finds the mark stack full is marked only, and the span of such objects is
//! noted: it is gone through again once the stack is empty. The next object of a long chain
//! is one such, and a span of one: without the span a chain would take time in proportion to
//! its length times the size of the heap.

use core::cell::Cell;

use super::{BLOCK, Heap, HeapInfo, spill};
use crate::value::Value;
use crate::vm::Vm;

/// Objects reached whose contents are not looked at yet.
pub(super) struct MarkStack {
    items: [Cell<u32>; Self::SIZE],
    len: Cell<usize>,
    /// The first and last object that found no room.
    missed: Cell<(u32, u32)>,
}

impl MarkStack {
    const SIZE: usize = if cfg!(feature = "cpython") { 4096 } else { 32 };
    const NONE_MISSED: (u32, u32) = (u32::MAX, 0);
}

impl Default for MarkStack {
    fn default() -> MarkStack {
        MarkStack {
            items: [const { Cell::new(0) }; Self::SIZE],
            len: Cell::new(0),
            missed: Cell::new(Self::NONE_MISSED),
        }
    }
}

impl Heap {
    /// Marks the object that `word` points into, if any.
    #[inline]
    fn mark_word(&self, word: usize) {
        let block = word.wrapping_sub(self.base.as_ptr().addr()) / BLOCK;
        if block >= self.blocks || !self.used.get(block) {
            return;
        }
        let Some(first) = self.start.last_set(block) else { return };
        if self.mark.get(first) {
            return;
        }
        self.mark.set(first);
        if self.leaf.get(first) {
            return;
        }
        match self.stack.items.get(self.stack.len.get()) {
            Some(item) => {
                item.set(first as u32);
                self.stack.len.set(self.stack.len.get() + 1);
            }
            None => {
                let (low, high) = self.stack.missed.get();
                self.stack.missed.set((low.min(first as u32), high.max(first as u32)));
            }
        }
    }

    /// Marks from every word in `from..to`.
    ///
    /// # Safety
    /// The range is readable memory.
    pub(crate) unsafe fn mark_range(&self, from: *const usize, to: *const usize) {
        let mut p = from;
        while p < to {
            // SAFETY: inside the range. Volatile, as the words may be of any type.
            self.mark_word(unsafe { p.read_volatile() });
            p = p.wrapping_add(1);
        }
        self.drain();
    }

    fn mark_contents(&self, block: usize) {
        let end = self.extent(block);
        let words = BLOCK / size_of::<usize>();
        let base = self.base.as_ptr() as *const usize;
        let mut p = base.wrapping_add(block * words);
        let to = base.wrapping_add(end * words);
        while p < to {
            // SAFETY: the words of a used object.
            self.mark_word(unsafe { p.read_volatile() });
            p = p.wrapping_add(1);
        }
    }

    fn drain(&self) {
        let (mut at, mut last) = (1, 0);
        loop {
            while let Some(top) = self.stack.len.get().checked_sub(1) {
                self.stack.len.set(top);
                if let Some(item) = self.stack.items.get(top) {
                    self.mark_contents(item.get() as usize);
                }
            }
            if at > last {
                let (low, high) = self.stack.missed.replace(MarkStack::NONE_MISSED);
                (at, last) = (low as usize, high as usize);
                if at > last {
                    return;
                }
            }
            at = self.mark.next_set(at, self.blocks);
            if at <= last && !self.leaf.get(at) {
                self.mark_contents(at);
            }
            at += 1;
        }
    }

    pub(super) fn mark_value(&self, v: Value) {
        self.mark_word(v.bits());
        self.drain();
    }

    pub(super) fn is_dead(&self, v: Value) -> bool {
        let block = self.block_of(v.as_ptr().cast());
        block < self.blocks && !self.mark.get(block)
    }

    fn sweep(&self) {
        let (mut carry, mut kept, mut objects) = (0, 0, 0);
        let maps = self.used.words().iter().zip(self.start.words());
        for ((used, start), (leaf, mark)) in
            maps.zip(self.leaf.words().iter().zip(self.mark.words()))
        {
            let (u, s, m) = (used.get(), start.get(), mark.get());
            if u == 0 {
                carry = 0;
                continue;
            }
            let dead = s & !m;
            let tail = u & !s;
            let (sum, out) = tail.overflowing_add((dead << 1 | carry) & tail);
            let live = u & !dead & !(tail & !sum);
            carry = out as usize | dead >> (usize::BITS - 1);
            used.set(live);
            start.set(s & m);
            leaf.set(leaf.get() & m);
            mark.set(0);
            kept += live.count_ones() as usize;
            objects += m.count_ones() as usize;
        }
        self.occupied.set(kept);
        self.survivors.set(objects);
        self.kept.set(kept);
        self.claimed.set(0);
        self.cur.set(0);
        self.end.set(0);
        self.scan.set(0);
    }

    fn count_new(&self) -> u64 {
        let objects: u32 = self.start.words().iter().map(|w| w.get().count_ones()).sum();
        (objects as u64).saturating_sub(self.survivors.get() as u64)
    }

    /// Blocks in use now that were not after the last collection.
    fn blocks_since(&self) -> u64 {
        let spare = self.end.get() - self.cur.get();
        (self.occupied.get() - spare).saturating_sub(self.kept.get()) as u64
    }

    pub(super) fn info(&self) -> HeapInfo {
        let spare = self.end.get() - self.cur.get();
        let used = (self.occupied.get() - spare) * BLOCK;
        let mut info = HeapInfo {
            total: self.blocks * BLOCK,
            used,
            free: self.blocks * BLOCK - used,
            max_free: spare,
            allocations: self.allocations.get() + self.count_new(),
            collections: self.collections.get(),
            peak: self.peak.get().max(used),
            allocated: (self.before.get() + self.blocks_since()) * BLOCK as u64,
            ..HeapInfo::default()
        };
        let mut at = 0;
        while let Some((first, end)) = self.find(at, 1, usize::MAX) {
            info.max_free = info.max_free.max(end - first);
            at = end;
        }
        at = self.start.next_set(0, self.blocks);
        while at < self.blocks {
            let n = self.extent(at) - at;
            info.objects += 1;
            info.one_block += (n == 1) as usize;
            info.two_block += (n == 2) as usize;
            info.max_block = info.max_block.max(n);
            at = self.start.next_set(at + 1, self.blocks);
        }
        info
    }
}

impl Vm {
    /// Frees every object that nothing refers to. Finalisers of dead objects are
    /// run by [`Vm::run_finalisers`] at the next safe point, not here.
    #[inline(never)]
    pub fn collect(&self) {
        let heap = &self.heap;
        if heap.collecting.replace(true) {
            return;
        }
        self.flush_methods();
        heap.release();
        heap.peak.set(heap.peak.get().max(heap.occupied.get() * BLOCK));
        heap.allocations.set(heap.allocations.get() + heap.count_new());
        heap.before.set(heap.before.get() + heap.blocks_since());
        heap.collections.set(heap.collections.get() + 1);
        let mut registers = [0usize; spill::REGISTERS];
        spill::spill(&mut registers);
        let here = registers.as_ptr();
        // SAFETY: from our own frame up to the frame that entered the Vm, and the Vm itself.
        unsafe {
            if !cfg!(miri) {
                heap.mark_range(here, self.stack_top.get() as *const usize);
            }
            let vm = core::ptr::from_ref(self).cast::<usize>();
            heap.mark_range(vm, vm.wrapping_add(size_of::<Vm>() / size_of::<usize>()));
        }
        self.mark_frames();
        #[cfg(feature = "cpython")]
        heap.mark_kept();
        #[cfg(feature = "cpython")]
        heap.clear_weak();
        // What refers to nothing may be what others need to be finalised, such as the code
        // of their `__del__`: those go first, with all that they reach.
        self.condemn(false);
        self.condemn(true);
        heap.sweep();
        heap.collecting.set(false);
    }

    /// Moves dead objects with a finaliser to the list of those to finalise; of those that
    /// refer to nothing only where `leaves`.
    fn condemn(&self, leaves: bool) {
        let heap = &self.heap;
        let mut kept = 0;
        for i in 0..heap.finalisers.len() {
            let Some(weak) = heap.finalisers.get(i) else { break };
            let v = weak.0;
            // Room for `condemned` was reserved when the object was registered.
            if heap.is_dead(v)
                && (leaves || !heap.leaf.get(heap.block_of(v.as_ptr().cast())))
                && heap.condemned.push_reserved(v)
            {
                continue;
            }
            heap.finalisers.set(kept, weak);
            kept += 1;
        }
        heap.finalisers.truncate(kept);
        for v in heap.condemned.iter() {
            heap.mark_value(v);
        }
        if !heap.condemned.is_empty() {
            self.finalisers_due();
        }
    }

    /// Registers `v`, whose `__del__` is to be called once it is unreachable.
    pub fn add_finaliser(&self, v: Value) -> crate::error::Res<()> {
        let heap = &self.heap;
        self.reserve_condemned()?;
        heap.finalisers.push(self, super::vec::Weak(v))
    }

    /// Room to queue everything that may be found dead, and one more: a collection cannot
    /// allocate.
    pub(super) fn reserve_condemned(&self) -> crate::error::Res<()> {
        let heap = &self.heap;
        #[cfg(feature = "cpython")]
        let watched = heap.watched.len();
        #[cfg(not(feature = "cpython"))]
        let watched = 0;
        heap.condemned.reserve(self, heap.condemned.len() + heap.finalisers.len() + watched + 1)
    }

    /// Takes one object that was found unreachable.
    pub(crate) fn next_condemned(&self) -> Option<Value> {
        self.heap.condemned.pop()
    }
}
