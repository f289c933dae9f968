//! A module as an owned tree, for compilers and tools.
//!
//! The compiler fills one and hands it to [`write`](crate::write()); reading a file
//! into one and writing it gives the same bytes again.

use crate::header::Header;
use crate::prelude::{self, Signature};
use crate::reloc::Reloc;
use alloc::string::String;
use alloc::vec::Vec;

/// A whole `.mpy` file.
#[derive(Clone, PartialEq, Debug)]
pub struct Module {
    /// Version, architecture, small-integer size.
    pub header: Header,
    /// Interned strings that the code names by index. The first is the name of the
    /// source file. The writer replaces those that are static by their number.
    pub qstrs: Vec<Vec<u8>>,
    /// Constants that the code names by index.
    pub consts: Vec<Const>,
    /// The module's own code.
    pub root: RawCode,
}

/// A constant. Numbers are kept as Python writes them, since the reader's word and
/// float sizes are not the writer's.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Const {
    /// The native table, which native code fetches from here.
    FunTable,
    /// `None`.
    None,
    /// `False`.
    False,
    /// `True`.
    True,
    /// `...`
    Ellipsis,
    /// A string that is not a qstr, in UTF-8 (surrogates in three bytes).
    Str(Vec<u8>),
    /// A bytes object.
    Bytes(Vec<u8>),
    /// An integer that is not a small one, in decimal.
    Int(String),
    /// A float as `repr` writes it, or `inf` or `nan`.
    Float(String),
    /// A complex number as `repr` writes it.
    Complex(String),
    /// A tuple of constants.
    Tuple(Vec<Const>),
}

/// A function body and the functions that it makes.
#[derive(Clone, PartialEq, Debug)]
pub struct RawCode {
    /// The code.
    pub body: Body,
    /// What `MAKE_FUNCTION` and `MAKE_CLOSURE` name by index.
    pub children: Vec<RawCode>,
}

/// The code of one function.
#[derive(Clone, PartialEq, Debug)]
pub enum Body {
    /// Bytecode.
    Bytecode(Bytecode),
    /// Machine code with the calling convention of Python functions. The prelude
    /// lies in `data` behind the machine code.
    Native {
        /// Machine code, then a [prelude](crate::prelude).
        data: Vec<u8>,
        /// Where in `data` the prelude starts.
        prelude_at: u32,
    },
    /// Machine code with a C calling convention, or a native module.
    Viper {
        /// Machine code.
        text: Vec<u8>,
        /// Scope flags without those that the other fields imply.
        flags: u32,
        /// Read-only data.
        rodata: Option<Vec<u8>>,
        /// Size of zeroed data.
        bss: Option<u32>,
        /// Words to relocate, unless the code is position-independent.
        relocs: Option<Vec<Reloc>>,
    },
    /// Inline assembler.
    Asm {
        /// Machine code.
        text: Vec<u8>,
        /// Scope flags without the one that `relocs` implies.
        flags: u32,
        /// Parameters, at most 4.
        n_pos_args: u32,
        /// Native types, four bits each: the result, then the parameters.
        type_sig: u32,
        /// Words to relocate, unless the code is position-independent.
        relocs: Option<Vec<Reloc>>,
    },
}

/// A bytecode function.
#[derive(Clone, PartialEq, Debug)]
pub struct Bytecode {
    /// Frame and parameters.
    pub signature: Signature,
    /// Qstr index of the function's name.
    pub name: u32,
    /// Qstr indices of the parameters' names: positional, then keyword-only.
    pub arg_names: Vec<u32>,
    /// The encoded line table; see [`crate::lines::LineEncoder`].
    pub lines: Vec<u8>,
    /// Locals that become cells on entry.
    pub cells: Vec<u8>,
    /// The instructions.
    pub code: Vec<u8>,
}

impl Bytecode {
    /// Appends prelude and code.
    pub fn push(&self, out: &mut Vec<u8>) {
        prelude::push(out, &self.signature, self.name, &self.arg_names, &self.lines, &self.cells);
        out.extend_from_slice(&self.code);
    }
}

impl RawCode {
    /// The number in the body's kind bits.
    pub const fn kind_number(&self) -> u32 {
        match self.body {
            Body::Bytecode(_) => 0,
            Body::Native { .. } => 1,
            Body::Viper { .. } => 2,
            Body::Asm { .. } => 3,
        }
    }
}
