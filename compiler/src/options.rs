//! What a caller chooses about a compilation.

use std::collections::BTreeMap;

use mpy_format::Arch;

use crate::diag::Span;
use crate::hir::Emit;

/// The choices. Two equal sources with equal options give equal bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The file's name as tracebacks shall show it. Stored in the output.
    pub source_name: String,
    /// What the source is.
    pub input: Input,
    /// `-O` level, 0 to 3: from 1 on `assert` is dropped and `__debug__` false; at 3 there is no
    /// line table.
    pub opt_level: u8,
    /// Whether to do as MicroPython does where its tests pin what CPython does not: in a pair of
    /// a dictionary the value is evaluated first, `() = x` and `del ()` are refused.
    pub as_stock: bool,
    /// Whether to optimise: fold, propagate, drop dead code. Semantics are the same without.
    pub optimise: bool,
    /// How functions without a decorator are compiled.
    pub emit: Emit,
    /// Functions without a decorator that are compiled to machine code whatever `emit` says.
    pub hot: Vec<Hot>,
    /// The machine to make code for; [`Arch::None`] where machine code is refused.
    pub arch: Arch,
    /// Extensions of it that code may use, as the header holds them.
    pub arch_flags: u32,
    /// Bits of an integer that needs no heap on the target: 31 (boards), 47, or 63 (desktop).
    pub small_int_bits: u8,
    /// Whether to store which line each instruction comes from.
    pub line_info: bool,
    /// Whether machine code is to be described for debuggers as well.
    pub debug_info: bool,
    /// The longest string, in bytes, that is interned because it is a name only by its looks.
    pub max_interned: usize,
    /// Definitions that are left out, by their places: what a program never uses.
    pub left_out: Vec<Span>,
    /// What names stand for that the module imports with `from`: constants of other
    /// modules of the program.
    pub imported: BTreeMap<String, Constant>,
}

/// A constant that another module defines.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// `None`
    None,
    /// `False`, `True`
    Bool(bool),
    /// An integer of 64 bits.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string in UTF-8.
    Str(String),
}

/// A function, by what a profile knows of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hot {
    /// Its plain name.
    pub name: String,
    /// A line of it, from 1; 0 for every function of this name.
    pub line: u32,
}

impl Options {
    /// Whether the output tells source lines.
    pub fn keeps_lines(&self) -> bool {
        self.line_info && self.opt_level < 3
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            source_name: String::from("<stdin>"),
            input: Input::Exec,
            opt_level: 0,
            as_stock: false,
            optimise: true,
            emit: Emit::Bytecode,
            hot: Vec::new(),
            arch: Arch::None,
            arch_flags: 0,
            small_int_bits: 31,
            line_info: true,
            debug_info: false,
            max_interned: 10,
            left_out: Vec::new(),
            imported: BTreeMap::new(),
        }
    }
}

/// What kind of source it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Input {
    /// A file, or statements for `exec`.
    #[default]
    Exec,
    /// One expression; the module scope returns its value.
    Eval,
    /// Interactive input: expression statements are shown.
    Single,
}
