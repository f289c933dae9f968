//! What the base firmware says about itself (see `mpy_format::image`).

use super::{Base, ImageError};
use mpy_format::image::{
    FACT_COUNT, FACTS_MAGIC, FACTS_SECTION, Fact, IDENTITY, LINKED_IDENTITY, VERSION, fingerprint,
    names_sum,
};
use object::read::elf::ElfFile32;
use object::{Object, ObjectSection};
use std::collections::HashMap;

/// No object of a runtime is larger, in bytes or words.
const LARGEST: u32 = 1024;

/// The facts, and the names that the firmware has.
#[derive(Clone)]
pub struct Facts {
    words: [u32; FACT_COUNT],
    names_sum: u32,
    /// Name ids by text.
    pub names: HashMap<Vec<u8>, u16>,
}

impl Facts {
    pub fn read(base: &Base<'_>) -> Result<Facts, ImageError> {
        let elf = ElfFile32::<object::LittleEndian>::parse(base.file)?;
        let section =
            elf.section_by_name(FACTS_SECTION).ok_or(ImageError::NoSymbol(FACTS_SECTION))?;
        let data = section.data()?;
        let mut words = [0; FACT_COUNT];
        for (i, word) in words.iter_mut().enumerate() {
            let bytes = data.get(i * 4..i * 4 + 4).and_then(|b| b.try_into().ok());
            *word = u32::from_le_bytes(bytes.ok_or(ImageError::CutOff)?);
        }
        let mut facts = Facts { words, names_sum: 0, names: HashMap::new() };
        if facts.get(Fact::Magic) != FACTS_MAGIC || facts.get(Fact::Version) != VERSION {
            return Err(ImageError::Version);
        }
        let sizes = [
            Fact::RawSize,
            Fact::MachineSize,
            Fact::ModuleBytes,
            Fact::HeaderWords,
            Fact::BlockWords,
        ];
        if sizes.iter().any(|size| facts.get(*size) > LARGEST) {
            return Err(ImageError::Version);
        }
        let (row, count) = (facts.get(Fact::Names), facts.get(Fact::NameCount));
        if count >= u16::MAX.into() {
            return Err(ImageError::CutOff);
        }
        let texts = row.wrapping_add(2 * (count + 1));
        for i in 0..count {
            let ends = base.bytes(row.wrapping_add(2 * i), 4).ok_or(ImageError::CutOff)?;
            let [from, to] = [0, 2].map(|n| u32::from(u16::from_le_bytes([ends[n], ends[n + 1]])));
            let text = base.bytes(texts.wrapping_add(from), to.saturating_sub(from));
            let text = text.ok_or(ImageError::CutOff)?;
            facts.names_sum = names_sum(facts.names_sum, text);
            facts.names.insert(text.to_vec(), i as u16);
        }
        Ok(facts)
    }

    pub fn get(&self, fact: Fact) -> u32 {
        self.words[fact as usize]
    }

    /// The same, but for one fact.
    pub fn with(mut self, fact: Fact, value: u32) -> Facts {
        self.words[fact as usize] = value;
        self
    }

    /// What tells an image that it was linked together with the firmware it was made for.
    pub fn linked_fingerprint(&self) -> u32 {
        let [a, b, c, d] = LINKED_IDENTITY.map(|fact| self.get(fact));
        fingerprint([a, b, c, d, self.names_sum])
    }

    /// What tells the image that it lies behind the firmware it was linked for.
    pub fn fingerprint(&self) -> u32 {
        fingerprint(IDENTITY.map(|fact| self.get(fact)))
    }
}
