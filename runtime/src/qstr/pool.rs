//! Names made while programs run: an append-only list with a hash index.

use core::cell::Cell;

use super::{HASHES, Qstr, STATIC_COUNT, find, hash_bytes, static_text};
use crate::error::{RUNTIME_ERROR, Res};
use crate::extension::Names;
use crate::heap::RawVec;
use crate::import::FrozenNames;
use crate::level;
use crate::vm::Vm;

/// A name in the heap: its text and the hash of it.
#[derive(Clone, Copy)]
struct Name {
    text: &'static [u8],
    hash: u16,
}

impl crate::heap::Elem for Name {}

/// Bytes in the longest name, as on every MicroPython board.
const LONGEST: usize = 255;

/// Texts are packed into chunks of at least this size.
const CHUNK: usize = 96;

/// The dynamic pool of one `Vm`.
pub(crate) struct Pool {
    names: RawVec<Name>,
    /// Open addressing over `names`: 0 is empty, else position + 1. A power of two.
    index: RawVec<u16>,
    chunk: Cell<&'static [Cell<u8>]>,
    frozen: Cell<FrozenNames>,
    /// What other crates add, numbered from the top down.
    added: &'static Names,
}

impl Pool {
    pub(crate) fn new(added: &'static Names) -> Pool {
        Pool {
            names: RawVec::new(),
            index: RawVec::new(),
            chunk: Cell::new(&[]),
            frozen: Cell::default(),
            added,
        }
    }

    /// The names of other crates.
    pub(crate) fn added(&self) -> &'static Names {
        self.added
    }

    /// The number of the first name in the heap.
    fn base(&self) -> usize {
        STATIC_COUNT + self.frozen.get().len()
    }

    /// Adds the names of an image. To be called before a name is made.
    pub(crate) fn set_frozen(&self, names: FrozenNames) {
        self.frozen.set(names);
    }

    /// Text and hash of a name that is not in the static pool.
    fn get(&self, q: Qstr) -> Option<(&'static [u8], u16)> {
        let i = q.index().checked_sub(STATIC_COUNT)?;
        let frozen = self.frozen.get();
        match i.checked_sub(frozen.len()) {
            Some(i) => match self.names.get(i) {
                Some(n) => Some((n.text, n.hash)),
                None => self.added.text(q).map(|text| (text, hash_bytes(text))),
            },
            None => frozen.get(i),
        }
    }

    fn probe(&self, text: &[u8], hash: u16) -> Option<Qstr> {
        let mask = self.index.len().wrapping_sub(1);
        let mut slot = hash as usize & mask;
        while let Some(n @ 1..) = self.index.get(slot) {
            let name = self.names.get(n as usize - 1)?;
            if name.hash == hash && name.text == text {
                return Some(Qstr((self.base() + n as usize - 1) as u16));
            }
            slot = (slot + 1) & mask;
        }
        None
    }

    fn insert_index(&self, hash: u16, n: u16) {
        let mask = self.index.len().wrapping_sub(1);
        let mut slot = hash as usize & mask;
        while let Some(1..) = self.index.get(slot) {
            slot = (slot + 1) & mask;
        }
        self.index.set(slot, n);
    }

    fn add(&self, vm: &Vm, text: &'static [u8], hash: u16) -> Res<Qstr> {
        let n = self.names.len();
        if self.base() + n >= self.added.numbers().start {
            return vm.raise_memory();
        }
        if (n + 1) * 4 > self.index.len() * 3 {
            let size = (self.index.len() * 2).max(16);
            self.index.reset_zeroed(vm, size)?;
            for (i, name) in self.names.iter().enumerate() {
                self.insert_index(name.hash, i as u16 + 1);
            }
        }
        self.names.push(vm, Name { text, hash })?;
        self.insert_index(hash, n as u16 + 1);
        Ok(Qstr((self.base() + n) as u16))
    }

    fn copy_text(&self, vm: &Vm, text: &[u8]) -> Res<&'static [u8]> {
        let room = self.chunk.get();
        let room =
            if room.len() >= text.len() { room } else { vm.alloc_cells(text.len().max(CHUNK))? };
        let (mine, rest) = room.split_at(text.len());
        self.chunk.set(rest);
        for (to, &from) in mine.iter().zip(text) {
            to.set(from);
        }
        Ok(crate::heap::frozen(mine))
    }
}

impl Vm {
    /// The interned form of `text`, if it is interned already.
    pub fn find_qstr(&self, text: &[u8]) -> Option<Qstr> {
        if let Some(q) = find(text).or_else(|| self.qstrs.added.find(text)) {
            return Some(q);
        }
        match self.qstrs.frozen.get().find(text) {
            Some(i) => Some(Qstr((STATIC_COUNT + i) as u16)),
            None => self.qstrs.probe(text, hash_bytes(text)),
        }
    }

    /// Interns `text`, copying it if it is new. Errors: MemoryError.
    pub fn intern(&self, text: &[u8]) -> Res<Qstr> {
        if let Some(q) = self.find_qstr(text) {
            return Ok(q);
        }
        if text.len() > LONGEST {
            return self.raise(&RUNTIME_ERROR, "name too long");
        }
        let copy = self.qstrs.copy_text(self, text)?;
        self.qstrs.add(self, copy, hash_bytes(text))
    }

    /// Interns `text`, which lives as long as the `Vm` (flash, a loaded file).
    pub fn intern_static(&self, text: &'static [u8]) -> Res<Qstr> {
        match self.find_qstr(text) {
            Some(q) => Ok(q),
            None => self.qstrs.add(self, text, hash_bytes(text)),
        }
    }

    /// The text of a name.
    pub fn qstr_bytes(&self, q: Qstr) -> &'static [u8] {
        match static_text(q.index()) {
            Some(text) => text,
            None => self.qstrs.get(q).map_or(b"", |n| n.0),
        }
    }

    /// The text's hash, see [`hash_bytes`].
    pub fn qstr_hash(&self, q: Qstr) -> u16 {
        if !level::FAST_PATHS {
            return hash_bytes(self.qstr_bytes(q));
        }
        match HASHES.get(q.index()) {
            Some(&h) => h,
            None => self.qstrs.get(q).map_or(1, |n| n.1),
        }
    }

    /// How many names there are but those of other crates: all numbers below are names.
    pub fn qstr_count(&self) -> usize {
        self.qstrs.base() + self.qstrs.names.len()
    }

    /// Number of names in the heap, and the bytes of their texts.
    pub fn qstr_usage(&self) -> (usize, usize) {
        let names = &self.qstrs.names;
        (names.len(), names.iter().map(|n| n.text.len()).sum())
    }
}
