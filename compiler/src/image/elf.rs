//! The linked ELF file: the base firmware's, with one more segment, one more
//! section and more symbols.
//!
//! Nothing of the base file moves. What must grow (program headers, section
//! headers, symbols, strings) is written anew at the end of the file, and the
//! file header points there.

use super::{Base, ImageError};
use object::elf::{self, FileHeader32, ProgramHeader32, SectionHeader32, Sym32};
use object::pod::bytes_of;
use object::read::elf::{FileHeader, SectionHeader};
use object::{LittleEndian, U16, U32};

type Le = LittleEndian;
const LE: Le = LittleEndian;

/// A named piece of the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageSymbol {
    pub name: String,
    pub address: u32,
    pub size: u32,
}

/// The section that holds the image.
pub const SECTION: &str = ".hognose.image";

fn word(value: usize) -> U32<Le> {
    U32::new(LE, value as u32)
}

/// Appends `bytes` aligned to 4 and returns their offset.
fn put(out: &mut Vec<u8>, bytes: &[u8]) -> usize {
    out.resize(out.len().next_multiple_of(4), 0);
    let at = out.len();
    out.extend_from_slice(bytes);
    at
}

/// The base firmware with `image` at `base.image_at`.
///
/// # Errors
/// `Elf` for a base file that is no 32-bit little-endian executable with symbols;
/// `NoRoom`.
pub fn append(
    base: &Base<'_>,
    image: &[u8],
    symbols: &[ImageSymbol],
) -> Result<Vec<u8>, ImageError> {
    let needed = u32::try_from(image.len()).unwrap_or(u32::MAX);
    if needed > base.free() {
        return Err(ImageError::NoRoom { needed, free: base.free() });
    }
    let file = base.file;
    let header = FileHeader32::<Le>::parse(file)?;
    let mut segments = header.program_headers(LE, file)?.to_vec();
    let mut sections = header.section_headers(LE, file)?.to_vec();
    let names_index = usize::from(header.e_shstrndx.get(LE).0);
    let contents = |index: usize| -> Result<Vec<u8>, ImageError> {
        let section = sections.get(index).ok_or(ImageError::CutOff)?;
        Ok(section.data(LE, file)?.to_vec())
    };
    let is_symbols = |s: &SectionHeader32<Le>| s.sh_type.get(LE) == elf::SHT_SYMTAB;
    let symbols_index =
        sections.iter().position(is_symbols).ok_or(ImageError::NoSymbol(".symtab"))?;
    let strings_index = sections[symbols_index].sh_link.get(LE) as usize;
    let mut names = contents(names_index)?;
    let mut table = contents(symbols_index)?;
    let mut strings = contents(strings_index)?;

    let section_name = names.len();
    names.extend_from_slice(SECTION.as_bytes());
    names.push(0);
    let section_index = sections.len() as u16;
    for symbol in symbols {
        let entry = Sym32::<Le> {
            st_name: word(strings.len()),
            st_value: U32::new(LE, symbol.address),
            st_size: U32::new(LE, symbol.size),
            st_info: elf::SymbolInfo::new(elf::STB_GLOBAL, elf::STT_OBJECT),
            st_other: Default::default(),
            st_shndx: U16::new(LE, elf::SymbolSection(section_index)),
        };
        table.extend_from_slice(bytes_of(&entry));
        strings.extend_from_slice(symbol.name.as_bytes());
        strings.push(0);
    }

    let mut out = file.to_vec();
    out.resize(out.len().next_multiple_of(16), 0);
    let image_offset = out.len();
    out.extend_from_slice(image);
    for (index, data) in [(names_index, &names), (symbols_index, &table), (strings_index, &strings)]
    {
        let offset = put(&mut out, data);
        if let Some(section) = sections.get_mut(index) {
            section.sh_offset = word(offset);
            section.sh_size = word(data.len());
        }
    }
    sections.push(SectionHeader32 {
        sh_name: word(section_name),
        sh_type: U32::new(LE, elf::SHT_PROGBITS),
        sh_flags: U32::new_u64_truncate(LE, elf::SHF_ALLOC),
        sh_addr: U32::new(LE, base.image_at),
        sh_offset: word(image_offset),
        sh_size: word(image.len()),
        sh_link: word(0),
        sh_info: word(0),
        sh_addralign: word(16),
        sh_entsize: word(0),
    });
    segments.push(ProgramHeader32 {
        p_type: U32::new(LE, elf::PT_LOAD),
        p_offset: word(image_offset),
        p_vaddr: U32::new(LE, base.image_at),
        p_paddr: U32::new(LE, base.image_at),
        p_filesz: word(image.len()),
        p_memsz: word(image.len()),
        p_flags: U32::new(LE, elf::PF_R),
        p_align: word(16),
    });
    let segment_bytes: Vec<u8> = segments.iter().flat_map(|s| bytes_of(s).to_vec()).collect();
    let section_bytes: Vec<u8> = sections.iter().flat_map(|s| bytes_of(s).to_vec()).collect();
    let segments_at = put(&mut out, &segment_bytes);
    let sections_at = put(&mut out, &section_bytes);
    let mut new_header = *header;
    new_header.e_phoff = word(segments_at);
    new_header.e_phnum = U16::new(LE, segments.len() as u16);
    new_header.e_shoff = word(sections_at);
    new_header.e_shnum = U16::new(LE, sections.len() as u16);
    out[..size_of::<FileHeader32<Le>>()].copy_from_slice(bytes_of(&new_header));
    Ok(out)
}
