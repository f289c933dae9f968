//! Firmware images: frozen modules linked behind a board's base firmware.
//!
//! ```text
//!   base ELF ─ base::Base ──┐  addresses of types, names the firmware has
//!   .mpy modules ───────────┴▶ layout ─▶ bytes for one address, symbols
//!                                          │
//!   base ELF + bytes ─ elf::append ─▶ ELF ─┴ flash::Flash ─▶ BIN, HEX, UF2
//! ```
//!
//! No other linker takes part: the image is laid out for the address where the
//! base firmware ends, and every pointer in it is final.

mod base;
mod elf;
mod facts;
mod flash;
mod freeze;
mod lift;
mod map;
pub mod named;
mod names;
mod object_file;
pub mod program;
pub mod relink;
pub mod size;
mod space;
pub mod treemap;

pub use base::Base;
pub use elf::{ImageSymbol, SECTION, append};
pub use flash::Flash;
pub use freeze::{FrozenModule, Image, ImageOptions, Lines, freeze};
pub use map::{Map, MapError};
pub use object_file::{Machine, object_file};

use std::fmt;

/// Why an image cannot be made.
#[derive(Debug)]
pub enum ImageError {
    /// The base firmware is not the ELF file it should be.
    Elf(object::Error),
    /// A segment reaches beyond the end of the ELF file.
    CutOff,
    /// Two segments share addresses.
    Overlap,
    /// Segments are too far apart for a raw binary.
    Scattered,
    /// The base firmware lacks a symbol that the linker needs.
    NoSymbol(&'static str),
    /// The base firmware is of another version of Hognose.
    Version,
    /// More names than there are numbers.
    TooManyNames,
    /// The module holds machine code that cannot be frozen, and why.
    NativeCode(String, &'static str),
    /// The module has a float constant and the firmware no floats.
    NoFloats(String),
    /// A constant that cannot be read.
    BadConstant(String),
    /// The base firmware cannot be linked again.
    Relink(relink::RelinkError),
    /// The object file cannot be written.
    Object(String),
    /// The image needs more flash than there is: bytes needed, bytes free.
    NoRoom { needed: u32, free: u32 },
}

impl std::error::Error for ImageError {}

impl From<object::Error> for ImageError {
    fn from(error: object::Error) -> ImageError {
        ImageError::Elf(error)
    }
}

impl From<relink::RelinkError> for ImageError {
    fn from(error: relink::RelinkError) -> ImageError {
        ImageError::Relink(error)
    }
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImageError::Elf(error) => write!(f, "base firmware: {error}"),
            ImageError::CutOff => f.write_str("base firmware: a segment is cut off"),
            ImageError::Overlap => f.write_str("base firmware: segments overlap"),
            ImageError::Scattered => {
                f.write_str("the parts lie too far apart for a raw binary; write ELF or HEX")
            }
            ImageError::NoSymbol(name) => write!(f, "base firmware: no symbol '{name}'"),
            ImageError::Version => f.write_str("base firmware: made by another version of Hognose"),
            ImageError::TooManyNames => f.write_str("more than 65,535 names"),
            ImageError::NativeCode(module, why) => {
                write!(f, "module '{module}' holds machine code that cannot be frozen: {why}")
            }
            ImageError::NoFloats(module) => write!(
                f,
                "module '{module}' has a float constant; this level of firmware has no floats"
            ),
            ImageError::BadConstant(text) => write!(f, "constant {text} cannot be read"),
            ImageError::Relink(why) => write!(f, "base firmware cannot be linked again: {why}"),
            ImageError::Object(why) => write!(f, "object file: {why}"),
            ImageError::NoRoom { needed, free } => {
                write!(f, "the image needs {needed} bytes of flash and {free} are free")
            }
        }
    }
}
