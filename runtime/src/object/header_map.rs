//! The hash map behind dicts, sets, instances, classes and modules.
//!
//! Entries lie in one row in the order of insertion; a deleted entry keeps its
//! place with no key. Up to [`LINEAR`] entries there is no index and a lookup
//! compares one after the other. A larger map has, behind the entries in the same
//! block, an open-addressing index: slots of 1, 2 or 4 bytes that hold entry
//! number + 1, or 0.
//!
//! While all keys are interned names (`all_names`) a lookup of a name compares
//! words only, and any other string that is not interned is known to be absent.
//!
//! # Contracts of the unsafe code
//! 1. `entries` points at `cap` entries, the first `len` initialised, followed by
//!    the index if `cap > LINEAR`.
//! 2. Growing makes a new block; readers of the old one see the old contents.
#![allow(unsafe_code)]

use core::cell::Cell;
use core::ptr::NonNull;

use super::Str;
use crate::error::Res;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

/// Largest capacity without an index.
const LINEAR: usize = 8;

/// A key and its value; without a key, deleted.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Entry {
    pub key: Option<Value>,
    pub value: Value,
}

/// An insertion-ordered hash map from values to values. Machine code finds the number of
/// entries one word from the start, and the entries behind it: in instances it looks for
/// attributes itself.
#[repr(C)]
pub struct Map {
    cap: Cell<u32>,
    #[cfg(target_pointer_width = "64")]
    state: Cell<u32>,
    len: Cell<usize>,
    entries: Cell<NonNull<Entry>>,
    #[cfg(not(target_pointer_width = "64"))]
    state: Cell<u32>,
}

const _: () = {
    assert!(core::mem::offset_of!(Map, len) == size_of::<usize>());
    assert!(core::mem::offset_of!(Map, entries) == 2 * size_of::<usize>());
};

/// In a map's state: a key is no interned name; programs may not change it; above, the
/// number of deleted entries.
const MIXED: u32 = 1;
const FIXED: u32 = 2;
const DEAD_SHIFT: u32 = 2;

impl Default for Map {
    fn default() -> Map {
        Map::new()
    }
}

fn slot_width(cap: usize) -> usize {
    match cap {
        0..=254 => 1,
        255..=65534 => 2,
        _ => 4,
    }
}

fn slot_count(cap: usize) -> usize {
    if cap <= LINEAR { 0 } else { (cap + cap / 2).next_power_of_two() }
}

fn spread(hash: usize) -> usize {
    hash ^ (hash >> 7)
}

impl Map {
    pub const fn new() -> Map {
        Map {
            cap: Cell::new(0),
            state: Cell::new(0),
            len: Cell::new(0),
            entries: Cell::new(NonNull::dangling()),
        }
    }

    /// Number of deleted entries.
    #[inline(always)]
    fn dead(&self) -> usize {
        (self.state.get() >> DEAD_SHIFT) as usize
    }

    fn set_dead(&self, n: usize) {
        self.state.set(self.state.get() & (MIXED | FIXED) | (n as u32) << DEAD_SHIFT);
    }

    #[inline(always)]
    fn all_names(&self) -> bool {
        self.state.get() & MIXED == 0
    }

    /// Room for `n` entries.
    pub fn with_capacity(vm: &Vm, n: usize) -> Res<Map> {
        let m = Map::new();
        if n > 0 {
            m.rebuild(vm, n)?;
        }
        Ok(m)
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.len.get() - self.dead()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of entries including deleted ones: the limit of `entry`.
    #[inline(always)]
    pub fn slots(&self) -> usize {
        self.len.get()
    }

    #[inline(always)]
    fn cells(&self) -> &'static [Cell<Entry>] {
        // SAFETY: contract 1.
        unsafe {
            let p = self.entries.get().cast::<Cell<Entry>>();
            core::slice::from_raw_parts(p.as_ptr(), self.len.get())
        }
    }

    /// Entry number `i` as it is now.
    #[inline(always)]
    pub fn entry(&self, i: usize) -> Option<Entry> {
        self.cells().get(i).map(Cell::get)
    }

    /// The first entry with a key at or after `*at`, which moves behind it.
    pub fn next(&self, at: &mut usize) -> Option<(Value, Value)> {
        loop {
            let e = self.entry(*at)?;
            *at += 1;
            if let Some(k) = e.key {
                return Some((k, e.value));
            }
        }
    }

    /// All pairs. Entries added meanwhile may be left out.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Value, Value)> + use<> {
        self.cells().iter().filter_map(|c| {
            let e = c.get();
            e.key.map(|k| (k, e.value))
        })
    }

    /// Replaces the value of entry `i`.
    #[inline(always)]
    pub fn set_value(&self, i: usize, value: Value) {
        if let Some(c) = self.cells().get(i) {
            c.set(Entry { value, ..c.get() });
        }
    }

    /// Whether `cap` says that there is an index.
    fn index(&self) -> Option<NonNull<u8>> {
        let cap = self.cap.get() as usize;
        // SAFETY: contract 1.
        if cap > LINEAR { Some(unsafe { self.entries.get().add(cap) }.cast()) } else { None }
    }

    fn slot(index: NonNull<u8>, width: usize, i: usize) -> usize {
        // SAFETY: callers keep `i` below the number of slots; blocks are aligned.
        unsafe {
            match width {
                1 => index.add(i).read() as usize,
                2 => index.cast::<u16>().add(i).read() as usize,
                _ => index.cast::<u32>().add(i).read() as usize,
            }
        }
    }

    fn put_slot(&self, hash: usize, n: usize) {
        let Some(index) = self.index() else { return };
        let cap = self.cap.get() as usize;
        let (width, mask) = (slot_width(cap), slot_count(cap) - 1);
        let mut i = spread(hash) & mask;
        while Map::slot(index, width, i) != 0 {
            i = (i + 1) & mask;
        }
        // SAFETY: as `slot`.
        unsafe {
            match width {
                1 => index.add(i).write(n as u8 + 1),
                2 => index.cast::<u16>().add(i).write(n as u16 + 1),
                _ => index.cast::<u32>().add(i).write(n as u32 + 1),
            }
        }
    }

    /// The entry of the name `q`; only names are looked at.
    #[inline]
    pub fn find_name(&self, vm: &Vm, q: Qstr) -> Option<usize> {
        let key = Some(Value::qstr(q));
        match self.index() {
            None => self.cells().iter().position(|c| c.get().key == key),
            Some(index) => {
                let cap = self.cap.get() as usize;
                let (width, mask) = (slot_width(cap), slot_count(cap) - 1);
                let mut i = spread(vm.qstr_hash(q) as usize) & mask;
                loop {
                    let n = Map::slot(index, width, i).checked_sub(1)?;
                    if self.entry(n)?.key == key {
                        return Some(n);
                    }
                    i = (i + 1) & mask;
                }
            }
        }
    }

    /// The value of the name `q` in a map whose keys are all names (namespaces).
    #[inline]
    pub fn get_name(&self, vm: &Vm, q: Qstr) -> Option<Value> {
        self.entry(self.find_name(vm, q)?).map(|e| e.value)
    }

    /// The number of the entry of `key`. Errors: what `__hash__` and `__eq__` raise.
    pub fn find(&self, vm: &Vm, key: Value) -> Res<Option<usize>> {
        if self.all_names() {
            if let Some(q) = key.as_qstr() {
                return Ok(self.find_name(vm, q));
            }
            if let Some(s) = key.cast::<Str>() {
                return Ok(vm.find_qstr(s.bytes()).and_then(|q| self.find_name(vm, q)));
            }
        }
        let Some(index) = self.index() else {
            if !key.is_small() && !key.is_qstr() && self.slots() > 0 {
                vm.hash(key)?;
            }
            let mut i = 0;
            while let Some(e) = self.entry(i) {
                if let Some(k) = e.key
                    && (k == key || vm.keys_equal(k, key)?)
                {
                    return Ok(Some(i));
                }
                i += 1;
            }
            return Ok(None);
        };
        let hash = vm.hash(key)?;
        let cap = self.cap.get() as usize;
        let (width, mask) = (slot_width(cap), slot_count(cap) - 1);
        let mut i = spread(hash) & mask;
        loop {
            let Some(n) = Map::slot(index, width, i).checked_sub(1) else { return Ok(None) };
            let Some(e) = self.entry(n) else { return Ok(None) };
            if let Some(k) = e.key
                && (k == key || vm.keys_equal(k, key)?)
            {
                return Ok(Some(n));
            }
            i = (i + 1) & mask;
        }
    }

    pub fn get(&self, vm: &Vm, key: Value) -> Res<Option<Value>> {
        Ok(self.find(vm, key)?.and_then(|i| self.entry(i)).map(|e| e.value))
    }

    /// Stores `value` under `key`.
    pub fn insert(&self, vm: &Vm, key: Value, value: Value) -> Res<()> {
        match self.find(vm, key)? {
            Some(i) => {
                self.set_value(i, value);
                Ok(())
            }
            None => {
                if self.slots() == 0 {
                    vm.hash(key)?;
                }
                self.append(vm, key, value)
            }
        }
    }

    /// Stores `value` under the name `q`.
    pub fn insert_name(&self, vm: &Vm, q: Qstr, value: Value) -> Res<()> {
        if self.all_names() {
            match self.find_name(vm, q) {
                Some(i) => {
                    self.set_value(i, value);
                    Ok(())
                }
                None => self.append(vm, Value::qstr(q), value),
            }
        } else {
            self.insert(vm, Value::qstr(q), value)
        }
    }

    /// Adds a key that is known to be absent.
    pub fn append(&self, vm: &Vm, key: Value, value: Value) -> Res<()> {
        let hash = if self.cap.get() as usize > LINEAR || self.len.get() >= LINEAR {
            vm.hash(key)?
        } else {
            0
        };
        if self.len.get() == self.cap.get() as usize && !self.close_gaps() {
            let live = self.len();
            let room = match live {
                0 => 1,
                1 => 2,
                2 | 3 => 4,
                _ => live + live / 2 + 2,
            };
            self.rebuild(vm, room)?;
        }
        let n = self.len.get();
        // SAFETY: `len < cap` now.
        unsafe { self.entries.get().add(n).write(Entry { key: Some(key), value }) };
        self.len.set(n + 1);
        if !key.is_qstr() {
            self.state.set(self.state.get() | MIXED);
        }
        self.put_slot(hash, n);
        Ok(())
    }

    /// Moves the live entries of a map without index to its front; whether that made room.
    fn close_gaps(&self) -> bool {
        if self.dead() == 0 || self.index().is_some() {
            return false;
        }
        let cells = self.cells();
        let mut n = 0;
        for from in cells {
            if from.get().key.is_some()
                && let Some(to) = cells.get(n)
            {
                to.set(from.get());
                n += 1;
            }
        }
        self.len.set(n);
        self.set_dead(0);
        true
    }

    /// Moves the live entries to a new block with room for `cap`.
    fn rebuild(&self, vm: &Vm, cap: usize) -> Res<()> {
        let cap = if cap > LINEAR { cap } else { cap.next_power_of_two() };
        let index = slot_count(cap) * slot_width(cap);
        let size = size_of::<Entry>();
        let Some(bytes) = cap.checked_mul(size).and_then(|b| b.checked_add(index)) else {
            return vm.raise_memory();
        };
        if cap >= u32::MAX as usize / 4 || bytes > isize::MAX as usize / 2 {
            return vm.raise_memory();
        }
        let p = vm.alloc(bytes, false)?;
        // SAFETY: fresh memory of that size.
        unsafe { p.write_bytes(0, bytes) };
        let old = self.cells();
        let fresh = Map::new();
        fresh.entries.set(p.cast());
        fresh.cap.set(cap as u32);
        for c in old {
            let e = c.get();
            let Some(key) = e.key else { continue };
            // Keys hashed before, so this runs no code of the program that could fail
            // half way without leaving `self` as it was.
            let hash = if cap > LINEAR { vm.hash(key)? } else { 0 };
            let n = fresh.len.get();
            // SAFETY: live entries fit into `cap`.
            unsafe { fresh.entries.get().add(n).write(e) };
            fresh.len.set(n + 1);
            fresh.put_slot(hash, n);
        }
        self.entries.set(fresh.entries.get());
        self.len.set(fresh.len.get());
        self.cap.set(cap as u32);
        self.set_dead(0);
        Ok(())
    }

    /// Removes entry `i` and returns its value.
    pub fn remove_at(&self, i: usize) -> Option<Value> {
        let cell = self.cells().get(i)?;
        let e = cell.get();
        e.key?;
        cell.set(Entry { key: None, value: Value::NONE });
        self.set_dead(self.dead() + 1);
        if self.is_empty() {
            self.clear();
        }
        Some(e.value)
    }

    pub fn remove(&self, vm: &Vm, key: Value) -> Res<Option<Value>> {
        Ok(self.find(vm, key)?.and_then(|i| self.remove_at(i)))
    }

    pub fn clear(&self) {
        self.entries.set(NonNull::dangling());
        self.len.set(0);
        self.cap.set(0);
        self.state.set(self.state.get() & FIXED);
    }

    /// Bytes of heap behind the map.
    pub fn bytes(&self) -> usize {
        let cap = self.cap.get() as usize;
        cap * size_of::<Entry>() + slot_count(cap) * slot_width(cap)
    }

    /// A copy with its own entries.
    pub fn copy(&self, vm: &Vm) -> Res<Map> {
        let m = Map::new();
        m.replace_with(self);
        if m.slots() > 0 {
            m.rebuild(vm, self.len().max(1))?;
        }
        Ok(m)
    }

    /// Takes over the entries of `other`.
    pub fn replace_with(&self, other: &Map) {
        self.entries.set(other.entries.get());
        self.len.set(other.len.get());
        self.cap.set(other.cap.get());
        self.state.set(self.state.get() & FIXED | other.state.get() & !FIXED);
    }

    pub fn is_fixed(&self) -> bool {
        self.state.get() & FIXED != 0
    }

    /// Programs may not change it from now on.
    pub fn set_fixed(&self) {
        self.state.set(self.state.get() | FIXED);
    }

    /// As `get_name`, trying first where the name was found last time in any map.
    #[inline(always)]
    pub(crate) fn get_hinted(&self, vm: &Vm, q: Qstr) -> Option<Value> {
        let hint = vm.hint(q);
        if let Some(e) = self.entry(hint.get() as usize)
            && e.key == Some(Value::qstr(q))
        {
            return Some(e.value);
        }
        self.get_unhinted(vm, q, hint)
    }

    #[inline(never)]
    fn get_unhinted(&self, vm: &Vm, q: Qstr, hint: &Cell<u8>) -> Option<Value> {
        let i = self.find_name(vm, q)?;
        hint.set(i as u8);
        self.entry(i).map(|e| e.value)
    }

    /// Replaces the value of the name `q`; false if it is not there.
    #[inline(always)]
    pub(crate) fn set_hinted(&self, vm: &Vm, q: Qstr, value: Value) -> bool {
        let hint = vm.hint(q);
        if let Some(c) = self.cells().get(hint.get() as usize)
            && c.get().key == Some(Value::qstr(q))
        {
            c.set(Entry { value, ..c.get() });
            return true;
        }
        match self.find_name(vm, q) {
            Some(i) => {
                hint.set(i as u8);
                self.set_value(i, value);
                true
            }
            None => false,
        }
    }
}
