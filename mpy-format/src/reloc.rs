//! Relocations of native code: where the loader adds an address to a word.
//!
//! ```text
//! byte     bit 0: a place follows; bits 1–7: destination and repetition
//! varint   place: bit 0 section (text, rodata), above it the index of the word
//! varint   number of words, when the destination says so
//! 0xff     ends the list
//! ```
//!
//! Destinations 0–5 are text, rodata and bss, each without and with a number of
//! words; 6 is the qstr table, 7 the constant table, 8 the native table itself, and
//! from 9 on its entries. Without a place the next word is meant.

use crate::error::{Error, ErrorKind};
use crate::table::helper::Helper;
use crate::varint;

const END: u8 = 0xff;

/// A section that holds words to relocate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Section {
    /// The machine code.
    Text,
    /// Its read-only data.
    Rodata,
}

/// The address that is added.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RelocDest {
    /// Start of the machine code.
    Text,
    /// Start of the read-only data.
    Rodata,
    /// Start of the zeroed data.
    Bss,
    /// The module's qstr table.
    QstrTable,
    /// The module's constant table.
    ConstTable,
    /// The native table.
    HelperTable,
    /// What an entry of the native table holds.
    Helper(Helper),
}

/// One relocation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reloc {
    /// Section and index of the word; `None` for the one after the last.
    pub place: Option<(Section, u32)>,
    /// What is added.
    pub dest: RelocDest,
    /// How many words in a row; 1 except for text, rodata and bss.
    pub count: u32,
}

impl Reloc {
    /// Decodes a relocation and moves `*at` behind it; `None` at the end of the list.
    ///
    /// # Errors
    /// `Truncated`, `NumberTooBig`; `BadReloc` for an unknown destination.
    pub fn read(data: &[u8], at: &mut usize) -> Result<Option<Reloc>, Error> {
        let start = *at;
        // The end of the file ends the list too: boards read it as the mark.
        let Some(&byte) = data.get(start) else { return Ok(None) };
        *at += 1;
        if byte == END {
            return Ok(None);
        }
        let place = match byte & 1 {
            0 => None,
            _ => {
                let place = varint::read_uint(data, at)?;
                let section = if place & 1 == 0 { Section::Text } else { Section::Rodata };
                Some((section, place >> 1))
            }
        };
        let code = byte >> 1;
        let mut count = 1;
        let dest = match code {
            0..=5 => {
                if code & 1 != 0 {
                    count = varint::read_uint(data, at)?;
                }
                [RelocDest::Text, RelocDest::Rodata, RelocDest::Bss][usize::from(code >> 1)]
            }
            6 => RelocDest::QstrTable,
            7 => RelocDest::ConstTable,
            8 => RelocDest::HelperTable,
            _ => {
                let helper = Helper::from_index(u32::from(code) - 9);
                RelocDest::Helper(helper.ok_or(Error::new(start, ErrorKind::BadReloc))?)
            }
        };
        Ok(Some(Reloc { place, dest, count }))
    }

    /// Appends the relocation.
    #[cfg(feature = "alloc")]
    pub fn push(&self, out: &mut alloc::vec::Vec<u8>) {
        let many = self.count != 1;
        let code = match self.dest {
            RelocDest::Text => u8::from(many),
            RelocDest::Rodata => 2 | u8::from(many),
            RelocDest::Bss => 4 | u8::from(many),
            RelocDest::QstrTable => 6,
            RelocDest::ConstTable => 7,
            RelocDest::HelperTable => 8,
            RelocDest::Helper(helper) => 9 + helper as u8,
        };
        out.push(code << 1 | u8::from(self.place.is_some()));
        if let Some((section, index)) = self.place {
            varint::push_uint(out, index << 1 | u32::from(section == Section::Rodata));
        }
        if many && code < 6 {
            varint::push_uint(out, self.count);
        }
    }
}

/// Appends a list of relocations and its end.
#[cfg(feature = "alloc")]
pub fn push_list(out: &mut alloc::vec::Vec<u8>, relocs: &[Reloc]) {
    for reloc in relocs {
        reloc.push(out);
    }
    out.push(END);
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn lists_read_back() {
        let list = [
            Reloc { place: Some((Section::Text, 12)), dest: RelocDest::Rodata, count: 1 },
            Reloc { place: None, dest: RelocDest::Bss, count: 300 },
            Reloc { place: Some((Section::Rodata, 0)), dest: RelocDest::QstrTable, count: 1 },
            Reloc { place: None, dest: RelocDest::ConstTable, count: 1 },
            Reloc { place: None, dest: RelocDest::HelperTable, count: 1 },
            Reloc { place: None, dest: RelocDest::Helper(Helper::StreamWriteObj), count: 1 },
        ];
        let mut bytes = Vec::new();
        push_list(&mut bytes, &list);
        let mut at = 0;
        for reloc in list {
            assert_eq!(Reloc::read(&bytes, &mut at), Ok(Some(reloc)));
        }
        assert_eq!(Reloc::read(&bytes, &mut at), Ok(None));
        assert_eq!(at, bytes.len());
        let bad = Reloc::read(&[0xfe], &mut 0).map_err(|e| e.kind);
        assert_eq!(bad, Err(ErrorKind::BadReloc));
    }
}
