//! Interned texts.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::Symbol;

/// Every identifier and string constant of a module, each once.
#[derive(Debug, Default)]
pub struct Symbols {
    texts: Vec<Box<[u8]>>,
    /// From a text's hash to the symbols that have it.
    index: HashMap<u64, Slot, BuildHasherDefault<Identity>>,
}

/// The first symbol of a hash, and the others.
#[derive(Debug)]
struct Slot {
    first: Symbol,
    others: Vec<Symbol>,
}

impl Symbols {
    /// The symbol of `text`.
    pub fn intern(&mut self, text: &[u8]) -> Symbol {
        let hash = hash(text);
        let next = Symbol::new(self.texts.len());
        match self.index.entry(hash) {
            std::collections::hash_map::Entry::Occupied(entry) => {
                let slot = entry.into_mut();
                if &*self.texts[slot.first.index()] == text {
                    return slot.first;
                }
                let same = slot.others.iter().find(|s| &*self.texts[s.index()] == text);
                if let Some(&symbol) = same {
                    return symbol;
                }
                slot.others.push(next);
            }
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(Slot { first: next, others: Vec::new() });
            }
        }
        self.texts.push(text.into());
        next
    }

    /// The symbol of `text`, if it was interned.
    pub fn find(&self, text: &[u8]) -> Option<Symbol> {
        let slot = self.index.get(&hash(text))?;
        std::iter::once(&slot.first)
            .chain(&slot.others)
            .find(|s| &*self.texts[s.index()] == text)
            .copied()
    }

    /// The text of a symbol.
    pub fn get(&self, symbol: Symbol) -> &[u8] {
        &self.texts[symbol.index()]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

/// Eight bytes a step; good enough for identifiers, and equal on every machine.
fn hash(text: &[u8]) -> u64 {
    const K: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hash = text.len() as u64;
    let (words, rest) = text.as_chunks::<8>();
    for word in words {
        hash = (hash.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(K);
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    hash = (hash.rotate_left(5) ^ u64::from_le_bytes(last)).wrapping_mul(K);
    hash ^ (hash >> 29)
}

/// Hashes of the index are hashes already.
#[derive(Default)]
struct Identity(u64);

impl Hasher for Identity {
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_symbol() {
        let mut symbols = Symbols::default();
        let texts: Vec<String> = (0..1000).map(|i| format!("name_{i}")).collect();
        let first: Vec<Symbol> = texts.iter().map(|t| symbols.intern(t.as_bytes())).collect();
        let again: Vec<Symbol> = texts.iter().map(|t| symbols.intern(t.as_bytes())).collect();
        assert_eq!(first, again);
        assert_eq!(symbols.len(), 1000);
        assert_eq!(symbols.get(first[7]), b"name_7");
        assert_eq!(symbols.find(b"name_999"), Some(first[999]));
        assert_eq!(symbols.find(b"other"), None);
    }
}
