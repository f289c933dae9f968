//! The `.mpy` contract shared by compiler and runtime.
//!
//! A `.mpy` file is one module: a header, a table of interned strings, a table of
//! constants and a tree of function bodies.
//!
//! ```text
//! header     magic, version, features, small-int bits [, architecture flags]
//! counts     number of qstrs, number of constants
//! qstrs      each a static number, or length and text
//! constants  each a kind byte and its value
//! raw code   length, kind and has-children; body; [children]
//! ```
//!
//! A body is bytecode (prelude, then instructions) or machine code of one of three
//! kinds. Everything that counts or indexes is a [varint](varint).
//!
//! The crate holds each fact of that format once:
//!
//! * [`table`]: instructions, operators, static qstrs, native helpers;
//! * [`header`], [`varint`], [`prelude`], [`lines`], [`instr`], [`reloc`]: the
//!   parts, each with its decoder and encoder side by side;
//! * [`reader`]: the whole file, borrowed and without allocation;
//! * [`verify`](mod@verify): what must hold before code may run unchecked;
//! * [`module`] (feature `alloc`): the owned tree, with the writer beside it;
//! * [`dis`](mod@dis): the owned tree as text.
//!
//! Nothing here panics on any input, and nothing is unsafe.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(test)]
extern crate std;

#[cfg(feature = "alloc")]
pub mod dis;
pub mod error;
pub mod frame;
pub mod header;
pub mod image;
pub mod instr;
pub mod lines;
#[cfg(feature = "alloc")]
pub mod module;
#[cfg(feature = "alloc")]
mod parse;
pub mod prelude;
pub mod reader;
pub mod reloc;
pub mod romfs;
pub mod table;
pub mod varint;
pub mod verify;
#[cfg(feature = "alloc")]
pub mod write;

#[cfg(feature = "alloc")]
pub use dis::dis;
pub use error::{Error, ErrorKind};
pub use header::{Arch, Header, Magic};
pub use instr::Instr;
#[cfg(feature = "alloc")]
pub use module::{Body, Bytecode, Const, Module, RawCode};
pub use prelude::{Prelude, Signature};
pub use reader::{ConstRef, QstrRef, RawCodeRef, RawKind, Reader};
pub use reloc::{Reloc, RelocDest, Section};
pub use table::helper::{AbiType, Helper};
pub use table::opcode::{Flow, ITER_SLOTS, Opcode, Operand, op};
pub use table::operator::{BinaryOp, UnaryOp};
pub use table::qstr::{STATIC_QSTRS, find_static_qstr, static_qstr};
pub use verify::verify;
#[cfg(feature = "alloc")]
pub use write::write;
