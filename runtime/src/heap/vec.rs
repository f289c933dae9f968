//! A growable row of plain values, the building block of containers.
//!
//! All methods take `&self`: the fields are cells. Growing may move the elements
//! to a new block and leaves the old one untouched for the collector, so a slice
//! taken before stays readable (it just no longer sees changes).

use core::cell::Cell;
use core::ptr::NonNull;

use crate::error::Res;
use crate::value::Value;
use crate::vm::Vm;

/// What a [`RawVec`] can hold. `LEAF` may be true only for types without references.
pub trait Elem: Copy + 'static {
    const LEAF: bool = false;
}

macro_rules! leaf_elems {
    ($($t:ty),*) => { $(impl Elem for $t { const LEAF: bool = true; })* };
}
leaf_elems!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, f32, f64);

impl Elem for Value {}
impl Elem for Option<Value> {}
impl Elem for &'static [u8] {}
impl<A: Elem, B: Elem> Elem for (A, B) {
    const LEAF: bool = A::LEAF && B::LEAF;
}

/// A reference that does not keep its object alive.
#[derive(Clone, Copy)]
pub(super) struct Weak(pub(super) Value);

impl Elem for Weak {
    const LEAF: bool = true;
}

/// `(capacity, length, pointer)`, laid out as native code expects it in lists.
#[repr(C)]
pub struct RawVec<T> {
    cap: Cell<usize>,
    len: Cell<usize>,
    ptr: Cell<NonNull<Cell<T>>>,
}

/// A row's memory, whatever its elements are; sizes in bytes.
struct Block {
    place: NonNull<u8>,
    cap: usize,
    used: usize,
}

impl Block {
    /// Room for `bytes`, with what is in use; where it is, and how much it is.
    #[inline(never)]
    fn grow(self, vm: &Vm, bytes: usize, leaf: bool) -> Res<(NonNull<u8>, usize)> {
        if bytes >= isize::MAX as usize {
            return vm.raise_memory();
        }
        let bytes = bytes.div_ceil(super::BLOCK) * super::BLOCK;
        let place = if self.cap > 0 && vm.heap.resize(self.place, self.cap, bytes) {
            self.place
        } else {
            let new = vm.alloc(bytes, leaf)?;
            // SAFETY: both hold what is in use and are different blocks.
            unsafe { new.copy_from_nonoverlapping(self.place, self.used) };
            new
        };
        if !leaf {
            // SAFETY: the unused end of the block; cleared so that it holds no stale references.
            unsafe { place.add(self.used).write_bytes(0, bytes - self.used) };
        }
        Ok((place, bytes))
    }
}

impl<T: Elem> Default for RawVec<T> {
    fn default() -> RawVec<T> {
        RawVec::new()
    }
}

impl<T: Elem> RawVec<T> {
    pub const fn new() -> RawVec<T> {
        RawVec { cap: Cell::new(0), len: Cell::new(0), ptr: Cell::new(NonNull::dangling()) }
    }

    /// A row over memory that someone else keeps. It grows elsewhere.
    ///
    /// # Safety
    /// `start` are `len` elements, which stay.
    pub(crate) unsafe fn borrowed(start: *mut T, len: usize) -> RawVec<T> {
        let ptr = NonNull::new(start.cast()).unwrap_or(NonNull::dangling());
        RawVec { cap: Cell::new(len), len: Cell::new(len), ptr: Cell::new(ptr) }
    }

    /// Room for `n` elements.
    pub fn with_capacity(vm: &Vm, n: usize) -> Res<RawVec<T>> {
        let v = RawVec::new();
        v.reserve(vm, n)?;
        Ok(v)
    }

    /// A copy of `items`.
    pub fn from_slice(vm: &Vm, items: &[T]) -> Res<RawVec<T>> {
        let v = RawVec::with_capacity(vm, items.len())?;
        v.extend_reserved(items);
        Ok(v)
    }

    /// Shows `items` that belong to someone else until the first [`RawVec::reserve`]
    /// copies them; the elements must not be set before that.
    pub(crate) fn shared(items: &'static [T]) -> RawVec<T> {
        let ptr = NonNull::from_ref(items).cast();
        RawVec { cap: Cell::new(0), len: Cell::new(items.len()), ptr: Cell::new(ptr) }
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.get()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn capacity(&self) -> usize {
        self.cap.get()
    }

    /// The elements, as they are now.
    #[inline(always)]
    pub fn cells(&self) -> &'static [Cell<T>] {
        // SAFETY: `len` initialised elements; the slice itself keeps the block alive.
        unsafe { core::slice::from_raw_parts(self.ptr.get().as_ptr(), self.len.get()) }
    }

    /// The elements as plain data. Keep it only while nothing can change them:
    /// not across a call that may run Python code.
    #[inline(always)]
    pub fn slice(&self) -> &'static [T] {
        // SAFETY: as `cells`; the caller's promise above.
        unsafe { core::slice::from_raw_parts(self.ptr.get().as_ptr() as *const T, self.len.get()) }
    }

    /// The elements to write to. Nobody else may use the row meanwhile.
    #[allow(clippy::mut_from_ref)]
    pub(crate) fn slice_mut(&self) -> &'static mut [T] {
        // SAFETY: as `cells`; the caller's promise.
        unsafe {
            core::slice::from_raw_parts_mut(self.ptr.get().as_ptr().cast::<T>(), self.len.get())
        }
    }

    #[inline(always)]
    pub fn get(&self, i: usize) -> Option<T> {
        self.cells().get(i).map(Cell::get)
    }

    /// Replaces element `i`; false if there is none.
    #[inline(always)]
    pub fn set(&self, i: usize, item: T) -> bool {
        match self.cells().get(i) {
            Some(cell) => {
                cell.set(item);
                true
            }
            None => false,
        }
    }

    pub fn last(&self) -> Option<T> {
        self.cells().last().map(Cell::get)
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = T> + ExactSizeIterator + use<T> {
        self.cells().iter().map(Cell::get)
    }

    /// Makes room for `n` elements in all.
    pub fn reserve(&self, vm: &Vm, n: usize) -> Res<()> {
        if n <= self.cap.get() { Ok(()) } else { self.grow(vm, n) }
    }

    fn grow(&self, vm: &Vm, n: usize) -> Res<()> {
        let size = size_of::<T>();
        let Some(bytes) = n.checked_mul(size) else { return vm.raise_memory() };
        let block = Block {
            place: self.ptr.get().cast(),
            cap: self.cap.get() * size,
            used: self.len.get() * size,
        };
        let (place, bytes) = block.grow(vm, bytes, T::LEAF)?;
        self.ptr.set(place.cast());
        self.cap.set(bytes / size.max(1));
        Ok(())
    }

    #[inline(always)]
    pub fn push(&self, vm: &Vm, item: T) -> Res<()> {
        let len = self.len.get();
        if len == self.cap.get() {
            self.grow(vm, len + len / 2 + 4)?;
        }
        self.push_reserved(item);
        Ok(())
    }

    /// Appends if there is room already.
    #[inline(always)]
    pub fn push_reserved(&self, item: T) -> bool {
        let len = self.len.get();
        if len >= self.cap.get() {
            return false;
        }
        // SAFETY: `len < cap`.
        unsafe { self.ptr.get().add(len).write(Cell::new(item)) };
        self.len.set(len + 1);
        true
    }

    fn extend_reserved(&self, items: &[T]) {
        for &item in items {
            self.push_reserved(item);
        }
    }

    /// Appends a copy of `items`, which may be our own.
    pub fn extend(&self, vm: &Vm, items: &[T]) -> Res<()> {
        let len = self.len.get();
        if len + items.len() > self.cap.get() {
            self.grow(vm, (len + items.len()).max(len + len / 2))?;
        }
        // SAFETY: room was made; the source lies before `len` or elsewhere.
        unsafe {
            self.ptr
                .get()
                .add(len)
                .cast::<T>()
                .copy_from(NonNull::from_ref(items).cast(), items.len());
        }
        self.len.set(len + items.len());
        Ok(())
    }

    pub fn pop(&self) -> Option<T> {
        let last = self.last()?;
        self.truncate(self.len.get() - 1);
        Some(last)
    }

    /// Keeps the first `n` elements.
    pub fn truncate(&self, n: usize) {
        let len = self.len.get();
        if n >= len {
            return;
        }
        if !T::LEAF {
            // SAFETY: elements `n..len`, cleared so that they keep nothing alive.
            unsafe {
                self.ptr.get().add(n).cast::<u8>().write_bytes(0, (len - n) * size_of::<T>())
            };
        }
        self.len.set(n);
    }

    /// Inserts before position `i` (at most the length).
    pub fn insert(&self, vm: &Vm, i: usize, item: T) -> Res<()> {
        let i = i.min(self.len());
        self.push(vm, item)?;
        self.cells().get(i..).unwrap_or_default().rotate_cells_right();
        Ok(())
    }

    /// Removes and returns element `i`.
    pub fn remove(&self, i: usize) -> Option<T> {
        let item = self.get(i)?;
        self.remove_range(i, i + 1);
        Some(item)
    }

    /// Removes elements `from..to`.
    pub fn remove_range(&self, from: usize, to: usize) {
        let cells = self.cells();
        let to = to.min(cells.len());
        if from >= to {
            return;
        }
        for i in 0..cells.len() - to {
            if let (Some(d), Some(s)) = (cells.get(from + i), cells.get(to + i)) {
                d.set(s.get());
            }
        }
        self.truncate(cells.len() - (to - from));
    }

    /// Starts over with `n` elements of `fill` in a fresh block.
    pub fn reset(&self, vm: &Vm, n: usize, fill: T) -> Res<()> {
        let fresh = RawVec::with_capacity(vm, n)?;
        for _ in 0..n {
            fresh.push_reserved(fill);
        }
        self.replace_with(&fresh);
        Ok(())
    }

    /// Takes over the elements of `other`.
    pub fn replace_with(&self, other: &RawVec<T>) {
        self.ptr.set(other.ptr.get());
        self.cap.set(other.cap.get());
        self.len.set(other.len.get());
    }

    pub fn clear(&self) {
        self.replace_with(&RawVec::new());
    }

    /// Gives unused room back.
    pub fn shrink(&self, vm: &Vm) {
        let size = size_of::<T>();
        let (old, new) = (self.cap.get() * size, self.len.get() * size);
        if new == 0 {
            self.clear();
        } else if super::blocks_for(new) < super::blocks_for(old)
            && vm.heap.resize(self.ptr.get().cast(), old, new)
        {
            self.cap.set(super::blocks_for(new) * super::BLOCK / size.max(1));
        }
    }
}

impl RawVec<u16> {
    /// Starts over with `n` zeros.
    pub fn reset_zeroed(&self, vm: &Vm, n: usize) -> Res<()> {
        self.reset(vm, n, 0)
    }
}

trait RotateCells {
    fn rotate_cells_right(&self);
}

impl<T: Copy> RotateCells for [Cell<T>] {
    /// Moves the last element to the front.
    fn rotate_cells_right(&self) {
        for i in (1..self.len()).rev() {
            if let (Some(a), Some(b)) = (self.get(i), self.get(i - 1)) {
                a.swap(b);
            }
        }
    }
}
