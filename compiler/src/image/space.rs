//! Flash being filled: pieces get their final address as they are placed.
//!
//! Whatever a piece points at is placed before it, so there is nothing to relocate
//! afterwards. Equal immutable pieces share one place.

use super::ImageSymbol;
use super::size::{Kind, symbol_name};
use std::collections::HashMap;

/// A row of bytes for a fixed address.
pub struct Space {
    base: u32,
    bytes: Vec<u8>,
    shared: HashMap<(u32, Vec<u8>), u32>,
    symbols: Vec<ImageSymbol>,
}

/// Whom the bytes belong to, for size reports.
#[derive(Clone, Copy)]
pub struct Owner<'a> {
    pub module: &'a str,
    pub function: &'a str,
}

impl Space {
    /// Starts at `base` with `reserved` bytes to be filled in at the end.
    pub fn new(base: u32, reserved: u32) -> Space {
        let bytes = vec![0; reserved as usize];
        Space { base, bytes, shared: HashMap::new(), symbols: Vec::new() }
    }

    fn end(&self) -> u32 {
        self.base.wrapping_add(self.bytes.len() as u32)
    }

    fn align(&mut self, align: u32) {
        let over = self.end() % align;
        if over != 0 {
            self.bytes.resize(self.bytes.len() + (align - over) as usize, 0);
        }
    }

    /// Places a piece of its own.
    pub fn put(&mut self, align: u32, piece: &[u8], kind: Kind, owner: Owner<'_>) -> u32 {
        self.align(align);
        let address = self.end();
        self.bytes.extend_from_slice(piece);
        if !piece.is_empty() {
            let name = symbol_name(owner.module, owner.function, kind);
            self.symbols.push(ImageSymbol { name, address, size: piece.len() as u32 });
        }
        address
    }

    /// Places an immutable piece, or finds an equal one.
    pub fn share(&mut self, align: u32, piece: &[u8], kind: Kind, owner: Owner<'_>) -> u32 {
        let key = (align, piece.to_vec());
        if let Some(&address) = self.shared.get(&key) {
            return address;
        }
        let address = self.put(align, piece, kind, owner);
        self.shared.insert(key, address);
        address
    }

    /// Fills in the reserved bytes at the start.
    pub fn set_start(&mut self, start: &[u8], kind: Kind, owner: Owner<'_>) {
        self.bytes[..start.len()].copy_from_slice(start);
        let name = symbol_name(owner.module, owner.function, kind);
        let symbol = ImageSymbol { name, address: self.base, size: start.len() as u32 };
        self.symbols.insert(0, symbol);
    }

    /// The bytes and what is where.
    pub fn finish(self) -> (Vec<u8>, Vec<ImageSymbol>) {
        (self.bytes, self.symbols)
    }

    /// Bytes so far.
    pub fn len(&self) -> u32 {
        self.bytes.len() as u32
    }
}

/// Words as bytes.
pub fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|w| w.to_le_bytes()).collect()
}

/// Half words as bytes.
pub fn halves(halves: &[u16]) -> Vec<u8> {
    halves.iter().flat_map(|h| h.to_le_bytes()).collect()
}
