//! The frozen image: what linker and runtime agree on.
//!
//! An image lies in flash behind the base firmware and is used where it lies:
//! objects, names and bytecode are at their final addresses. Words are 32 bits,
//! little-endian.
//!
//! ```text
//! Header ─┬─▶ names: text pointers, hashes, order      (ids behind the firmware's own)
//!         ├─▶ files (ROMFS)
//!         └─▶ modules ─┬─▶ raw code ─▶ bytecode, children
//!                      ├─▶ name ids, constants
//!                      └─▶ lifted globals: entries, slots
//! ```
//!
//! *Lifted globals* are names that a module's body binds to constants in straight-line
//! code. Their entries stand in the order of binding; running the binding instruction
//! only counts it as done, so that such a name costs no memory but in flash.
//!
//! The firmware tells the linker what it must know by its [`Fact`]s, a row of words
//! in a section of the ELF file that is never loaded.

/// First word of an image.
pub const MAGIC: u32 = 0x4947_4e48;
/// First fact of a firmware.
pub const FACTS_MAGIC: u32 = 0x4647_4e48;
/// Both sides must have the same.
pub const VERSION: u32 = 5;
/// The section of the facts.
pub const FACTS_SECTION: &str = ".hognose.link";

/// Firmware that can be linked again has a symbol of this name, and of the alignment behind
/// it, for every piece of it that may be left out or moved. It has relocations, and those
/// that speak of a piece name its symbol.
pub const PIECE_SYMBOL: &str = "hognose.piece.";

/// [`Header::flags`]: line tables are on the host. A place without one is told by its
/// distance from the image's start, in bytes.
pub const LINES_ELSEWHERE: u32 = 1;

/// [`ModuleEntry::flags`]: the module is a package.
pub const PACKAGE: u16 = 1;
/// No module is to be run.
pub const NO_MAIN: u32 = u32::MAX;
/// In the flags of raw code: it is machine code.
pub const MACHINE: u8 = 0x20;
/// The kinds of machine code: with the calling convention of Python functions, with
/// viper's types, of the inline assembler.
pub const MACHINE_PYTHON: u8 = 1;
pub const MACHINE_VIPER: u8 = 2;
pub const MACHINE_ASM: u8 = 3;
/// In the flags of raw code: a function object without defaults lies right behind it.
pub const HAS_FUNCTION: u8 = 0x40;

/// The words at the start of an image. `P` is a pointer: `u32` for the linker.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Header<P> {
    pub magic: u32,
    /// [`fingerprint`] of the firmware that it is linked for.
    pub firmware: u32,
    /// Bytes of the image.
    pub size: u32,
    /// Bytes of RAM that it wants at the start of the heap.
    pub ram: u32,
    /// Rows over the names: pointer and length each; hashes (u16); positions in the
    /// order of the texts (u16).
    pub name_count: u32,
    pub names: P,
    pub name_hashes: P,
    pub name_order: P,
    /// [`ModuleEntry`]s in the order of their name ids.
    pub module_count: u32,
    pub modules: P,
    /// The module to run as `__main__`, or [`NO_MAIN`].
    pub main: u32,
    /// `sys.argv`: a tuple object.
    pub argv: P,
    /// [`LINES_ELSEWHERE`].
    pub flags: u32,
    /// A file system ([`crate::romfs`]) and its length, or 0.
    pub files: P,
    pub files_len: u32,
}

/// A module of an image.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ModuleEntry<P> {
    /// Name id of the dotted name.
    pub name: u16,
    pub flags: u16,
    /// Name id of the file name.
    pub file: u16,
    pub lifted_count: u16,
    /// Where in RAM its module object is to be made.
    pub module: P,
    /// Its raw code, as the firmware's facts describe it.
    pub code: P,
    /// Name ids (u16) and constants that the code names by index.
    pub names: P,
    pub constants: P,
    /// Lifted globals: key and value each, then hash slots.
    pub lifted: P,
    /// A byte a slot: position in `lifted` + 1, or 0. A power of two of them.
    pub slots: P,
    pub slot_mask: u32,
}

/// Most globals that a module can have lifted: a slot is a byte.
pub const MAX_LIFTED: usize = 254;

/// Slots for `n` lifted globals.
pub const fn slot_count(n: usize) -> usize {
    if n == 0 { 0 } else { (n + n / 2).next_power_of_two() }
}

/// The hash of every string and bytes object; never 0.
pub const fn hash(bytes: &[u8]) -> u16 {
    let mut h: u32 = 5381;
    let mut i = 0;
    while i < bytes.len() {
        h = (h ^ bytes[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    let h = (h ^ (h >> 16)) as u16;
    if h == 0 { 1 } else { h }
}

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What a firmware tells the linker; the position is the word's.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(usize)]
        pub enum Fact { $($(#[$doc])* $name,)* }

        impl Fact {
            /// All facts in order.
            pub const ALL: &[Fact] = &[$(Fact::$name,)*];
        }
    };
}

facts! {
    /// [`FACTS_MAGIC`].
    Magic,
    /// [`VERSION`].
    Version,
    /// Number of names in the firmware, and where they are: the positions of their texts,
    /// 16 bits each and one more, then the texts.
    NameCount,
    Names,
    /// Bytes of a float; 0 without floats.
    FloatBytes,
    /// Words of a frame's header and of a block.
    HeaderWords,
    BlockWords,
    /// Bytes of a module object.
    ModuleBytes,
    /// Addresses of types.
    StrType,
    BytesType,
    TupleType,
    IntType,
    FloatType,
    ComplexType,
    FunctionType,
    /// Bytes of raw code, and where its fields are.
    RawSize,
    RawCode,
    RawData,
    RawLen,
    RawFrame,
    RawStackAt,
    RawLocals,
    RawPos,
    RawKwonly,
    RawDefaults,
    RawFlags,
    RawName,
    RawChildren,
    /// Number of the architecture whose machine code runs, [`crate::Arch`]; 0 without.
    MachineArch,
    /// Bytes of the raw code of machine code, which raw code is the start of, and where
    /// its own fields are.
    MachineSize,
    MachineKind,
    MachineArgs,
    MachineResult,
    /// The native table.
    FunTable,
    /// The types of types and of built-in modules: what the first word of such an object
    /// tells it by.
    TypeType,
    ModuleType,
    /// Where types and built-in modules have their names and, as address and length, their
    /// tables of names.
    TypeName,
    TypeTable,
    ModuleName,
    ModuleTable,
    /// Bytes of a row of a table of names, and where it has name and value.
    RowBytes,
    RowName,
    RowValue,
    /// Addresses of built-in modules, and how many.
    Modules,
    ModuleCount,
}

/// Names of attributes that the runtime itself asks objects for, beside those that begin
/// and end with two underscores.
pub const ASKED: &[&str] = &[
    "add",
    "chdir",
    "close",
    "getcwd",
    "ilistdir",
    "ioctl",
    "keys",
    "mkdir",
    "mount",
    "open",
    "read",
    "readblocks",
    "readinto",
    "readline",
    "remove",
    "rename",
    "rmdir",
    "send",
    "stat",
    "statvfs",
    "throw",
    "umount",
    "write",
    "writeblocks",
];

/// Number of facts.
pub const FACT_COUNT: usize = Fact::ALL.len();

/// The facts that tell one firmware from another at run time.
pub const IDENTITY: [Fact; 5] =
    [Fact::Version, Fact::NameCount, Fact::StrType, Fact::TupleType, Fact::FunctionType];

/// What an image must share with the firmware whose own linker puts it in place, as
/// `hognose freeze` makes them: there are no addresses to compare. The last is the sum of
/// all names, see [`names_sum`].
pub const LINKED_IDENTITY: [Fact; 4] =
    [Fact::Version, Fact::NameCount, Fact::RawSize, Fact::FloatBytes];

/// A number from all names of a firmware in their order: FNV-1a over texts and ends.
pub const fn names_sum(mut sum: u32, name: &[u8]) -> u32 {
    let mut i = 0;
    while i < name.len() {
        sum = (sum ^ name[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    (sum ^ 0xff).wrapping_mul(0x0100_0193)
}

/// [`Header::firmware`] from the words of [`IDENTITY`] or [`LINKED_IDENTITY`]: FNV-1a.
pub const fn fingerprint(words: [u32; IDENTITY.len()]) -> u32 {
    let mut sum: u32 = 0x811c_9dc5;
    let mut i = 0;
    while i < words.len() {
        let bytes = words[i].to_le_bytes();
        let mut at = 0;
        while at < bytes.len() {
            sum = (sum ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
            at += 1;
        }
        i += 1;
    }
    sum
}
