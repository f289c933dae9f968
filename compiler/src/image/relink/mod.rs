//! Linking base firmware again, without the built-ins that a program cannot reach.
//!
//! What a program can name, it can reach: a built-in function, method or module is found by
//! its name in a table, in flash. So the rows of tables whose names the program does not
//! have go, and with them all code and data that nothing else refers to:
//!
//! ```text
//!   base ELF ─ parts ─▶ pieces ◀─links─▶ pieces
//!                         │ tables: rows that the program cannot name have no links
//!                         ▼
//!              layout: what is reached from the roots, moved together
//!                         │ patch: every link written anew
//!                         ▼
//!                       base ELF, smaller
//! ```
//!
//! A *piece* is a section of the firmware's object files: a function, a table, a constant.
//! Firmware that can be linked again has relocations and a symbol for each piece
//! ([`PIECE_SYMBOL`](mpy_format::image::PIECE_SYMBOL)); other firmware stays as it is.
//!
//! What must be true:
//!
//! 1. Only pieces of `.text` and `.rodata` go or come closer, in the order that they have.
//!    RAM stays as it is.
//! 2. Roots are all other sections (vectors, initialised variables, the facts) and the
//!    entry point.
//! 3. Tables of types and built-in modules are found by the facts: such an object's first
//!    word says what it is, and only its own words say where its table is and how long.
//!    A table that anything else points to keeps its length: rows that go are overwritten
//!    by their neighbours, which neither search nor iteration minds.
//! 4. A link of a kind that is not known, or that does not reach, is an error and no guess.

mod layout;
mod parts;
mod patch;
mod tables;
mod write;

use super::facts::Facts;
use super::{Base, ImageError};

/// How much RAM to take, from the board's first on: variables, heap and stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Bytes of RAM.
    pub ram: u32,
    /// Bytes of it, at its end, for the machine stack.
    pub stack: u32,
}

/// Firmware that has been linked again.
pub struct Relinked {
    /// The new ELF file.
    pub elf: Vec<u8>,
    /// Names that went: of modules, and `owner.name` of rows.
    pub dropped: Vec<String>,
    /// Bytes of flash that became free.
    pub freed: u32,
}

/// Why firmware that says it can be linked again cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelinkError {
    /// Pieces overlap, or do not lie in the section they name.
    Pieces,
    /// A section is of no known kind.
    Section,
    /// A relocation of a kind that is not known, at an address.
    Kind(u32, u32),
    /// A relocation that speaks of no symbol, or of a place that there is not.
    Place(u32),
    /// What a relocation speaks of is too far away for it.
    Far(u32),
    /// The image would lie in the firmware.
    Image(u32),
    /// So little RAM is not enough for variables, heap and stack.
    Memory(u32),
    /// More room than there are addresses.
    Size,
}

impl std::fmt::Display for RelinkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RelinkError::Pieces => f.write_str("its pieces overlap"),
            RelinkError::Section => f.write_str("a section is of no known kind"),
            RelinkError::Kind(kind, at) => write!(f, "relocation of kind {kind} at {at:#x}"),
            RelinkError::Place(at) => write!(f, "a relocation leads nowhere at {at:#x}"),
            RelinkError::Far(at) => write!(f, "a relocation does not reach at {at:#x}"),
            RelinkError::Image(at) => write!(f, "there is something where images go, {at:#x}"),
            RelinkError::Memory(ram) => {
                write!(f, "{ram} bytes of RAM are not there, or too few for heap and stack (2K)")
            }
            RelinkError::Size => f.write_str("it is too large"),
        }
    }
}

/// Links `base` without the built-ins whose names are not `wanted`, for so much `memory` if
/// that is told; `None` if it was not made to be linked again.
///
/// # Errors
/// `Elf`, `CutOff`, `Version`, `Relink` for a malformed base file.
pub fn relink(
    base: &Base<'_>,
    wanted: &dyn Fn(&[u8]) -> bool,
    memory: Option<Memory>,
) -> Result<Option<Relinked>, ImageError> {
    let Some(parts) = parts::Parts::read(base)? else { return Ok(None) };
    let facts = Facts::read(base)?;
    let tables = tables::Tables::find(&parts, &facts, wanted);
    let plan = layout::Plan::make(&parts, &tables, base, memory)?;
    let elf = write::write(base, &parts, &tables, &plan)?;
    let freed = base.image_at.saturating_sub(plan.image_at);
    Ok(Some(Relinked { elf, dropped: tables.dropped, freed }))
}
