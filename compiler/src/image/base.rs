//! What the linker reads from a board's base firmware.

use super::facts::Facts;
use super::{Flash, ImageError};
use mpy_format::Arch;
use mpy_format::image::Fact;
use object::read::elf::ElfFile32;
use object::{Object, ObjectSymbol};
use std::collections::{HashMap, HashSet};

/// A base firmware ELF file, read.
pub struct Base<'a> {
    pub file: &'a [u8],
    /// Flash contents by address.
    pub flash: Flash,
    symbols: HashMap<&'a str, u32>,
    /// Where the image goes.
    pub image_at: u32,
    /// End of flash.
    pub flash_end: u32,
    /// RAM that the image and the heap share.
    pub heap: std::ops::Range<u32>,
}

impl<'a> Base<'a> {
    pub fn read(file: &'a [u8]) -> Result<Base<'a>, ImageError> {
        let elf = ElfFile32::<object::LittleEndian>::parse(file)?;
        let symbols: HashMap<&str, u32> = elf
            .symbols()
            .filter_map(|s| Some((s.name().ok()?, u32::try_from(s.address()).ok()?)))
            .collect();
        let need = |name| symbols.get(name).copied().ok_or(ImageError::NoSymbol(name));
        Ok(Base {
            file,
            flash: Flash::from_elf(file)?,
            image_at: need("__hognose_image")?,
            flash_end: need("__hognose_flash_end")?,
            heap: need("__hognose_heap_start")?..need("__hognose_heap_end")?,
            symbols,
        })
    }

    /// The address of a symbol of the firmware.
    pub fn symbol(&self, name: &str) -> Option<u32> {
        self.symbols.get(name).copied()
    }

    /// `length` bytes of flash at `address`.
    pub fn bytes(&self, address: u32, length: u32) -> Option<&[u8]> {
        // What is empty may have any address.
        if length == 0 {
            return Some(&[]);
        }
        self.flash.runs.iter().find_map(|(start, run)| {
            let offset = address.checked_sub(*start)? as usize;
            run.get(offset..)?.get(..length as usize)
        })
    }

    /// The little-endian word at `address`.
    pub fn word(&self, address: u32) -> Option<u32> {
        let bytes = self.bytes(address, 4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    }

    /// The names that the firmware has.
    pub fn names(&self) -> Result<HashSet<String>, ImageError> {
        let names = Facts::read(self)?.names.into_keys();
        Ok(names.map(|name| String::from_utf8_lossy(&name).into_owned()).collect())
    }

    /// The architecture whose machine code it runs.
    pub fn arch(&self) -> Result<Arch, ImageError> {
        let number = Facts::read(self)?.get(Fact::MachineArch);
        Ok(u8::try_from(number).ok().and_then(Arch::from_number).unwrap_or(Arch::None))
    }

    /// Bytes free for an image.
    pub fn free(&self) -> u32 {
        self.flash_end.saturating_sub(self.image_at)
    }
}
