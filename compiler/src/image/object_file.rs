//! An image as an ELF object file, for firmware whose own linker places it.
//!
//! The image is laid out twice, each time for other addresses of itself, of the heap and
//! of the firmware's types. Where the two differ a pointer lies, and the difference says
//! to what: that is the relocation. So there is one layout, in [`super::freeze`], and no
//! book-keeping in it that only this file needs.

use super::facts::Facts;
use super::freeze::freeze_at;
use super::{Base, FrozenModule, ImageError, ImageOptions};
use mpy_format::image::Fact;
use object::write::{Object, Relocation, StandardSection, Symbol, SymbolSection};
use object::{
    Architecture, BinaryFormat, Endianness, FileFlags, RelocationFlags, SectionKind, SymbolFlags,
    SymbolKind, SymbolScope, elf,
};

/// Whose object files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Machine {
    Arm,
    Riscv32,
}

/// The image's symbol.
const IMAGE: &str = "hognose_image";
/// The heap's, which the image's RAM is the start of.
const HEAP: &str = "hognose_heap";
/// Symbols of the firmware's types and of its native table, in the order of their facts.
const TYPES: [(Fact, &str); 8] = [
    (Fact::StrType, "hognose_type_str"),
    (Fact::BytesType, "hognose_type_bytes"),
    (Fact::TupleType, "hognose_type_tuple"),
    (Fact::IntType, "hognose_type_int"),
    (Fact::FloatType, "hognose_type_float"),
    (Fact::ComplexType, "hognose_type_complex"),
    (Fact::FunctionType, "hognose_type_function"),
    (Fact::FunTable, "hognose_fun_table"),
];

/// Addresses of a layout; those of another differ by what [`pointee`] knows.
const IMAGE_AT: u32 = 0x1000_0000;
const HEAP_AT: u32 = 0x2000_0000;
const TYPES_AT: u32 = 0x3000_0000;
const IMAGE_MOVES: u32 = 0x0100_0000;
const HEAP_MOVES: u32 = 0x0300_0000;
const TYPE_MOVES: u32 = 0x1000;
/// Alignment of image and heap.
const ALIGN: u64 = 16;
/// Position of the fingerprint among the header's words.
const FIRMWARE_WORD: usize = 1;

/// What a pointer points at, and how far into it.
fn pointee(word: u32, moved: u32) -> Option<(&'static str, u32)> {
    match moved.wrapping_sub(word) {
        IMAGE_MOVES => Some((IMAGE, word.wrapping_sub(IMAGE_AT))),
        HEAP_MOVES => Some((HEAP, word.wrapping_sub(HEAP_AT))),
        moves if moves % TYPE_MOVES == 0 => {
            let index = (moves / TYPE_MOVES).checked_sub(1)?;
            TYPES.get(index as usize).map(|(_, name)| (*name, 0))
        }
        _ => None,
    }
}

/// The object file: an image of `modules`, and room of `heap` bytes for the heap.
///
/// `base` is any firmware of the level that the image is for; its facts are the same, but
/// for addresses, in all firmware of that level.
///
/// # Errors
/// As [`super::freeze`].
pub fn object_file(
    base: &Base<'_>,
    modules: &[FrozenModule],
    options: &ImageOptions,
    machine: Machine,
    heap: u32,
) -> Result<Vec<u8>, ImageError> {
    let facts = Facts::read(base)?;
    let types = |step: u32| {
        let place = |facts: Facts, (i, (fact, _)): (usize, &(Fact, &str))| match facts.get(*fact) {
            // A type that the firmware lacks.
            0 => facts,
            _ => facts.with(*fact, TYPES_AT + (i as u32 + 1) * step),
        };
        TYPES.iter().enumerate().fold(facts.clone(), place)
    };
    let first = freeze_at(types(0x10_0000), IMAGE_AT, HEAP_AT, modules, options)?;
    let moved_image = IMAGE_AT + IMAGE_MOVES;
    let moved_types = types(0x10_0000 + TYPE_MOVES);
    let second = freeze_at(moved_types, moved_image, HEAP_AT + HEAP_MOVES, modules, options)?;
    let mut bytes = first.bytes;
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    let word = |bytes: &[u8], i: usize| {
        let word = bytes.get(i * 4..i * 4 + 4).and_then(|b| b.try_into().ok());
        word.map_or(0, u32::from_le_bytes)
    };
    let mut pointers = Vec::new();
    for i in 0..bytes.len() / 4 {
        let (a, b) = (word(&bytes, i), word(&second.bytes, i));
        let last = i * 4 + 4 > second.bytes.len();
        if a == b || last || i == FIRMWARE_WORD {
            continue;
        }
        let wrong = || ImageError::Object(format!("word {i} is no pointer: {a:#x} and {b:#x}"));
        pointers.push((i, pointee(a, b).ok_or_else(wrong)?));
    }
    let fingerprint = facts.linked_fingerprint();
    for (i, value) in pointers.iter().map(|(i, _)| (*i, 0)).chain([(FIRMWARE_WORD, fingerprint)]) {
        if let Some(field) = bytes.get_mut(i * 4..i * 4 + 4) {
            field.copy_from_slice(&value.to_le_bytes());
        }
    }
    write(&bytes, &pointers, machine, heap.max(first.ram))
}

fn write(
    bytes: &[u8],
    pointers: &[(usize, (&'static str, u32))],
    machine: Machine,
    heap: u32,
) -> Result<Vec<u8>, ImageError> {
    let (architecture, kind, flags) = match machine {
        // The fifth version of the ABI.
        Machine::Arm => (Architecture::Arm, elf::R_ARM_ABS32, 0x0500_0000),
        // Compressed instructions may occur; floats are passed as integers.
        Machine::Riscv32 => (Architecture::Riscv32, elf::R_RISCV_32, 1),
    };
    let failed = |e: object::write::Error| ImageError::Object(e.to_string());
    let mut file = Object::new(BinaryFormat::Elf, architecture, Endianness::Little);
    file.flags = FileFlags::Elf {
        os_abi: elf::ELFOSABI_NONE,
        abi_version: 0,
        e_flags: elf::FileFlags(flags),
    };
    let symbol = |name: &str, size: u64, section| Symbol {
        name: name.as_bytes().to_vec(),
        value: 0,
        size,
        kind: SymbolKind::Data,
        scope: SymbolScope::Linkage,
        weak: false,
        section,
        flags: SymbolFlags::None,
    };
    let image_section =
        file.add_section(Vec::new(), b".rodata.hognose_image".to_vec(), SectionKind::ReadOnlyData);
    file.append_section_data(image_section, bytes, ALIGN);
    let heap_section = file.section_id(StandardSection::UninitializedData);
    file.append_section_bss(heap_section, heap.into(), ALIGN);
    let in_image = SymbolSection::Section(image_section);
    let image = file.add_symbol(symbol(IMAGE, bytes.len() as u64, in_image));
    let in_bss = SymbolSection::Section(heap_section);
    let heap = file.add_symbol(symbol(HEAP, heap.into(), in_bss));
    for (i, (name, addend)) in pointers {
        let target = match *name {
            IMAGE => image,
            HEAP => heap,
            name => match file.symbol_id(name.as_bytes()) {
                Some(known) => known,
                None => file.add_symbol(symbol(name, 0, SymbolSection::Undefined)),
            },
        };
        let relocation = Relocation {
            offset: *i as u64 * 4,
            symbol: target,
            addend: i64::from(*addend),
            flags: RelocationFlags::Elf { r_type: kind },
        };
        file.add_relocation(image_section, relocation).map_err(failed)?;
    }
    file.write().map_err(failed)
}
