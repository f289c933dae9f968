//! References that do not keep their object alive.
//!
//! A [`WeakCell`] is a field of some object, the holder. It hides the address of its
//! referent from the conservative collector by storing it inverted. The heap lists every
//! cell that refers to something, as a plain address:
//!
//! * a referent found unreachable empties the cell, and the holder's `__del__` is called at
//!   the next safe point, unless the holder died too;
//! * a holder found unreachable leaves the list, its cell emptied, as another object's
//!   finaliser may bring the holder back;
//! * a cell that is `kept` is a root until it is empty.

use core::cell::Cell;
use core::ptr::NonNull;

use super::vec::Elem;
use super::{BLOCK, Heap};
use crate::error::Res;
use crate::value::Value;
use crate::vm::Vm;

/// A field that refers to an object without keeping it alive; see [`Vm::watch`].
#[derive(Default)]
pub struct WeakCell(Cell<usize>);

impl WeakCell {
    /// The referent, while it lives.
    pub fn get(&self) -> Option<Value> {
        let word = match self.0.get() {
            0 => core::ptr::null_mut(),
            hidden => core::ptr::with_exposed_provenance_mut(!hidden),
        };
        // SAFETY: the cell is emptied when the object dies.
        unsafe { Value::from_word(word) }
    }

    /// Ends the reference; the collector forgets the cell.
    pub fn clear(&self) {
        self.0.set(0);
    }
}

/// A cell to look after.
#[derive(Clone, Copy)]
pub(super) struct Watched {
    cell: NonNull<WeakCell>,
    kept: bool,
}

impl Elem for Watched {
    // The list does not keep the holders alive.
    const LEAF: bool = true;
}

impl Vm {
    /// Makes `cell`, a field of an object of the heap, refer to `referent`; `keep`: the
    /// cell's object lives at least as long as the referent. False: the referent is no
    /// object of the heap. Errors: MemoryError.
    pub fn watch(&self, cell: &'static WeakCell, referent: Value, keep: bool) -> Res<bool> {
        let heap = &self.heap;
        if referent.header().is_none() || heap.size_of(referent.as_ptr().cast()) == 0 {
            return Ok(false);
        }
        heap.watched.reserve(self, heap.watched.len() + 1)?;
        self.reserve_condemned()?;
        // No collection from here on: an empty cell would leave the list.
        heap.watched.push_reserved(Watched { cell: NonNull::from_ref(cell), kept: keep });
        cell.0.set(!referent.as_ptr().as_ptr().expose_provenance());
        Ok(true)
    }
}

impl Heap {
    fn cell_of(&self, w: &Watched) -> &'static WeakCell {
        // SAFETY: entries leave the list at the collection that frees their holder.
        unsafe { w.cell.as_ref() }
    }

    /// The object whose field a cell is.
    fn holder(&self, w: &Watched) -> Option<Value> {
        let first = self.start.last_set(self.block_of(w.cell.cast()))?;
        // SAFETY: a used block, at which an object with a header starts.
        Some(unsafe { Value::from_ptr(self.base.add(first * BLOCK)) })
    }

    /// The holders that are roots.
    pub(super) fn mark_kept(&self) {
        for w in self.watched.iter().filter(|w| w.kept) {
            if self.cell_of(&w).get().is_some()
                && let Some(holder) = self.holder(&w)
            {
                self.mark_value(holder);
            }
        }
    }

    /// Empties the cells whose referents were not reached. Those kept are called last to
    /// first before the others, likewise: the queue is emptied from its end.
    pub(super) fn clear_weak(&self) {
        for kept in [false, true] {
            for w in self.watched.iter().filter(|w| w.kept == kept) {
                let cell = self.cell_of(&w);
                let (Some(referent), Some(holder)) = (cell.get(), self.holder(&w)) else {
                    continue;
                };
                if self.is_dead(holder) {
                    cell.clear();
                } else if self.is_dead(referent) {
                    cell.clear();
                    // Room was reserved when the cell was registered.
                    self.condemned.push_reserved(holder);
                }
            }
        }
        let mut n = 0;
        for i in 0..self.watched.len() {
            let Some(w) = self.watched.get(i) else { break };
            if self.cell_of(&w).get().is_some() {
                self.watched.set(n, w);
                n += 1;
            }
        }
        self.watched.truncate(n);
    }
}
