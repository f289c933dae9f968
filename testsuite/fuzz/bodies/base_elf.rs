//! A base firmware of nothing but what the linker looks at, for tests and fuzzing.

use mpy_format::image::{FACT_COUNT, FACTS_MAGIC, FACTS_SECTION, Fact, PIECE_SYMBOL, VERSION};

/// Where the image goes, where flash ends, and the heap.
pub const IMAGE_AT: u32 = 0x1000;
pub const FLASH_END: u32 = 0x4_0000;
pub const HEAP: (u32, u32) = (0x2000_0000, 0x2000_4000);

/// The names that it has.
pub const NAMES: [&str; 6] = ["", "print", "__init__", "append", "readblocks", "<module>"];

const CODE_AT: u32 = 0x100;
const SECTIONS: [&str; 8] =
    ["", ".text", FACTS_SECTION, ".symtab", ".strtab", ".shstrtab", ".rel.text", ".rel.facts"];

/// Pieces behind the names and types: start in the section, bytes, alignment. A type with a
/// table of two rows, a module with one of one, another module, the list of modules, and
/// functions, of which `first` calls `shared`.
const PIECES: [(u32, u32, u32); 10] = [
    (TYPE, 24, 4),
    (TYPE_TABLE, 16, 4),
    (MODULE, 24, 4),
    (MODULE_TABLE, 8, 4),
    (MODULES, 8, 4),
    (FIRST, 8, 4),
    (SECOND, 2, 2),
    (SHARED, 2, 2),
    (MODULE_TYPE, 4, 4),
    (OTHER, 24, 4),
];
const TYPE: u32 = 300;
const TYPE_TABLE: u32 = 324;
const MODULE: u32 = 340;
const MODULE_TABLE: u32 = 364;
const MODULES: u32 = 372;
const FIRST: u32 = 380;
const SECOND: u32 = 388;
const SHARED: u32 = 390;
const MODULE_TYPE: u32 = 392;
const OTHER: u32 = 396;
const END: u32 = 420;

fn words(list: &[u32]) -> Vec<u8> {
    list.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// The ELF file.
pub fn base_elf() -> Vec<u8> {
    elf(false)
}

/// One that can be linked again, with a type `<module>` that has `print` and `append`, and
/// modules `append`, which has `append`, and `print`.
#[allow(dead_code)]
pub fn linkable_elf() -> Vec<u8> {
    elf(true)
}

fn elf(linkable: bool) -> Vec<u8> {
    // The names, then some bytes that a function covers only in part.
    let (mut text, mut at) = (vec![0u8; 2], 0);
    for name in NAMES {
        at += name.len() as u16;
        text.extend(at.to_le_bytes());
    }
    text.extend(NAMES.concat().into_bytes());
    text.resize(300, 0x5a);
    if linkable {
        text.resize(END as usize, 0);
        let mut put = |at: u32, bytes: &[u8]| {
            text[at as usize..][..bytes.len()].copy_from_slice(bytes);
        };
        // Header, name 5 ("<module>"), slots, base, table; rows of "print" and "append".
        put(TYPE, &words(&[CODE_AT + TYPE, 5, 0, 0, CODE_AT + TYPE_TABLE, 2]));
        put(TYPE_TABLE, &words(&[1, CODE_AT + FIRST, 3, CODE_AT + SECOND]));
        put(MODULE, &words(&[CODE_AT + MODULE_TYPE, 3, CODE_AT + MODULE_TABLE, 1, 0, 0]));
        put(OTHER, &words(&[CODE_AT + MODULE_TYPE, 1, 4, 0, 0, 0]));
        put(MODULE_TABLE, &words(&[3, (CODE_AT + SHARED) | 1]));
        put(MODULES, &words(&[CODE_AT + MODULE, CODE_AT + OTHER]));
        // bl shared; bx lr; nop. Others: bx lr.
        put(FIRST, &[0x00, 0xf0, 0x03, 0xf8, 0x70, 0x47, 0xc0, 0x46]);
        put(SECOND, &[0x70, 0x47, 0x70, 0x47]);
    }

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

    if linkable {
        for (fact, value) in [
            (Fact::TypeType, CODE_AT + TYPE),
            (Fact::ModuleType, CODE_AT + MODULE_TYPE),
            (Fact::TypeName, 4),
            (Fact::TypeTable, 16),
            (Fact::ModuleName, 4),
            (Fact::ModuleTable, 8),
            (Fact::RowBytes, 8),
            (Fact::RowName, 0),
            (Fact::RowValue, 4),
            (Fact::Modules, CODE_AT + MODULES),
            (Fact::ModuleCount, 2),
        ] {
            facts[fact as usize] = value;
        }
    }

    let mut strings = vec![0u8];
    let mut symbols = vec![0u8; 16];
    for (name, value, size, section) in [
        ("__hognose_image", IMAGE_AT, 0, 0xfff1u32),
        ("__hognose_flash_end", FLASH_END, 0, 0xfff1),
        ("__hognose_ram_start", HEAP.0, 0, 0xfff1),
        ("__hognose_stack_end", HEAP.1 + 0x400, 0, 0xfff1),
        ("__hognose_heap_start", HEAP.0, 0, 0xfff1),
        ("__hognose_heap_end", HEAP.1, 0, 0xfff1),
        ("_ZN15hognose_runtime2vm3run17h0123456789abcdefE", CODE_AT + 1, 40, 1),
    ] {
        // Name, value, size; then binding and type (global, object), section.
        symbols.extend(words(&[strings.len() as u32, value, size, 0x11 | section << 16]));
        strings.extend(name.bytes().chain([0]));
    }
    let (mut relocations, mut of_facts) = (Vec::new(), Vec::new());
    if linkable {
        let first = symbols.len() as u32 / 16;
        for (start, size, align) in PIECES {
            // Local, of no type.
            symbols.extend(words(&[strings.len() as u32, CODE_AT + start, size, 1 << 16]));
            strings.extend(format!("{PIECE_SYMBOL}{align}").bytes().chain([0]));
        }
        let piece = |at: u32| {
            first + PIECES.iter().position(|(start, ..)| *start == at).expect("a piece") as u32
        };
        const WORD: u32 = 2;
        const CALL: u32 = 10;
        for (place, to, kind) in [
            (TYPE, TYPE, WORD),
            (TYPE + 16, TYPE_TABLE, WORD),
            (TYPE_TABLE + 4, FIRST, WORD),
            (TYPE_TABLE + 12, SECOND, WORD),
            (MODULE, MODULE_TYPE, WORD),
            (MODULE + 8, MODULE_TABLE, WORD),
            (MODULE_TABLE + 4, SHARED, WORD),
            (MODULES, MODULE, WORD),
            (MODULES + 4, OTHER, WORD),
            (OTHER, MODULE_TYPE, WORD),
            (FIRST, SHARED, CALL),
            // Where the CPU starts refers to the type, and to the list of modules.
            (204, TYPE, WORD),
            (208, MODULES, WORD),
        ] {
            relocations.extend(words(&[CODE_AT + place, piece(to) << 8 | kind]));
        }
        for (fact, to) in
            [(Fact::TypeType, TYPE), (Fact::ModuleType, MODULE_TYPE), (Fact::Modules, MODULES)]
        {
            of_facts.extend(words(&[4 * fact as u32, piece(to) << 8 | WORD]));
        }
        text[204..208].copy_from_slice(&words(&[CODE_AT + TYPE]));
        text[208..212].copy_from_slice(&words(&[CODE_AT + MODULES]));
    }
    let mut section_names = Vec::new();
    let mut name_at = Vec::new();
    for name in SECTIONS {
        name_at.push(section_names.len() as u32);
        section_names.extend(name.bytes().chain([0]));
    }

    let contents =
        [Vec::new(), text, words(&facts), symbols, strings, section_names, relocations, of_facts];
    let count = if linkable { SECTIONS.len() } else { SECTIONS.len() - 2 };
    let mut out = vec![0u8; 52 + 32];
    let mut headers = Vec::new();
    for (i, content) in contents.iter().enumerate().take(count) {
        out.resize(out.len().next_multiple_of(4), 0);
        let offset = out.len() as u32;
        // Type, flags (to be loaded, code), address, link and info of symbols, entry size.
        let (kind, flags, address, link, entry) = match i {
            0 => (0, 0, 0, 0, 0),
            1 => (1, 6, CODE_AT, 0, 0),
            2 => (1, 0, 0, 0, 0),
            3 => (2, 0, 0, 4, 16),
            6 | 7 => (9, 0, 0, 3, 8),
            _ => (3, 0, 0, 0, 0),
        };
        let info = match i {
            3 | 6 => 1,
            7 => 2,
            _ => 0,
        };
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
    for half in [52u16, 32, 1, 40, count as u16, 5] {
        head.extend(half.to_le_bytes());
    }
    // One segment: the section of code.
    let size = contents[1].len() as u32;
    head.extend(words(&[1, 84, CODE_AT, CODE_AT, size, size, 5, 4]));
    out[..head.len()].copy_from_slice(&head);
    out
}
