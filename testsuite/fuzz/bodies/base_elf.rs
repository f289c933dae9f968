//! A base firmware of nothing but what the linker looks at, for tests and fuzzing.

use mpy_format::image::{FACT_COUNT, FACTS_MAGIC, FACTS_SECTION, Fact, VERSION};

/// Where the image goes, where flash ends, and the heap.
pub const IMAGE_AT: u32 = 0x1000;
pub const FLASH_END: u32 = 0x4_0000;
pub const HEAP: (u32, u32) = (0x2000_0000, 0x2000_4000);

/// The names that it has.
pub const NAMES: [&str; 6] = ["", "print", "__init__", "append", "readblocks", "<module>"];

const CODE_AT: u32 = 0x100;
const SECTIONS: [&str; 6] = ["", ".text", FACTS_SECTION, ".symtab", ".strtab", ".shstrtab"];

fn words(list: &[u32]) -> Vec<u8> {
    list.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// The ELF file.
pub fn base_elf() -> Vec<u8> {
    // The names, then some bytes that a function covers only in part.
    let (mut text, mut at) = (vec![0u8; 2], 0);
    for name in NAMES {
        at += name.len() as u16;
        text.extend(at.to_le_bytes());
    }
    text.extend(NAMES.concat().into_bytes());
    text.resize(300, 0x5a);

    let mut facts = [0u32; FACT_COUNT];
    let mut set = |fact: Fact, value: u32| facts[fact as usize] = value;
    set(Fact::Magic, FACTS_MAGIC);
    set(Fact::Version, VERSION);
    set(Fact::NameCount, NAMES.len() as u32);
    set(Fact::Names, CODE_AT);
    set(Fact::FloatBytes, 4);
    set(Fact::HeaderWords, 6);
    set(Fact::BlockWords, 3);
    set(Fact::ModuleBytes, 16);
    for (i, fact) in [
        Fact::StrType,
        Fact::BytesType,
        Fact::TupleType,
        Fact::IntType,
        Fact::FloatType,
        Fact::ComplexType,
        Fact::FunctionType,
    ]
    .into_iter()
    .enumerate()
    {
        set(fact, CODE_AT + 200 + 8 * i as u32);
    }
    set(Fact::MachineArch, 4);
    set(Fact::MachineSize, 52);
    set(Fact::MachineKind, 36);
    set(Fact::MachineArgs, 37);
    set(Fact::MachineResult, 40);
    set(Fact::FunTable, CODE_AT + 260);
    set(Fact::RawSize, 36);
    let fields = [
        (Fact::RawCode, 0),
        (Fact::RawData, 4),
        (Fact::RawLen, 8),
        (Fact::RawChildren, 12),
        (Fact::RawFrame, 16),
        (Fact::RawStackAt, 18),
        (Fact::RawLocals, 20),
        (Fact::RawPos, 22),
        (Fact::RawKwonly, 24),
        (Fact::RawDefaults, 26),
        (Fact::RawName, 28),
        (Fact::RawFlags, 30),
    ];
    fields.into_iter().for_each(|(fact, offset)| set(fact, offset));

    let mut strings = vec![0u8];
    let mut symbols = vec![0u8; 16];
    for (name, value, size, section) in [
        ("__hognose_image", IMAGE_AT, 0, 0xfff1u32),
        ("__hognose_flash_end", FLASH_END, 0, 0xfff1),
        ("__hognose_heap_start", HEAP.0, 0, 0xfff1),
        ("__hognose_heap_end", HEAP.1, 0, 0xfff1),
        ("_ZN15hognose_runtime2vm3run17h0123456789abcdefE", CODE_AT + 1, 40, 1),
    ] {
        // Name, value, size; then binding and type (global, object), section.
        symbols.extend(words(&[strings.len() as u32, value, size, 0x11 | section << 16]));
        strings.extend(name.bytes().chain([0]));
    }
    let mut section_names = Vec::new();
    let mut name_at = Vec::new();
    for name in SECTIONS {
        name_at.push(section_names.len() as u32);
        section_names.extend(name.bytes().chain([0]));
    }

    let contents = [Vec::new(), text, words(&facts), symbols, strings, section_names];
    let mut out = vec![0u8; 52 + 32];
    let mut headers = Vec::new();
    for (i, content) in contents.iter().enumerate() {
        out.resize(out.len().next_multiple_of(4), 0);
        let offset = out.len() as u32;
        // Type, flags (to be loaded, code), address, link and info of symbols, entry size.
        let (kind, flags, address, link, entry) = match i {
            0 => (0, 0, 0, 0, 0),
            1 => (1, 6, CODE_AT, 0, 0),
            2 => (1, 0, 0, 0, 0),
            3 => (2, 0, 0, 4, 16),
            _ => (3, 0, 0, 0, 0),
        };
        let info = u32::from(i == 3);
        let size = content.len() as u32;
        let row = [name_at[i], kind, flags, address, offset, size, link, info, 4, entry];
        headers.extend(words(&row));
        out.extend(content);
    }
    out.resize(out.len().next_multiple_of(4), 0);
    let headers_at = out.len() as u32;
    out.extend(headers);

    // 32 bits, little-endian, version 1, executable, ARM.
    let mut head = vec![0x7f, b'E', b'L', b'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 40, 0];
    head.extend(words(&[1, CODE_AT | 1, 52, headers_at, 0x0500_0200]));
    for half in [52u16, 32, 1, 40, SECTIONS.len() as u16, 5] {
        head.extend(half.to_le_bytes());
    }
    // One segment: the section of code.
    let size = contents[1].len() as u32;
    head.extend(words(&[1, 84, CODE_AT, CODE_AT, size, size, 5, 4]));
    out[..head.len()].copy_from_slice(&head);
    out
}
