//! Machine instructions of Thumb and RISC-V: tables, encoder, disassembler and
//! the inline assemblers.
//!
//! ```text
//!            thumb, riscv: one table a CPU family
//!                 │ row: syntax, encoding, limits
//!     ┌───────────┼──────────────┐
//!   encode     decode         inline
//!  (codegen)  (text: dis)   (asm_thumb, asm_rv32)
//! ```
//!
//! A table's rows are numbered by the family's `Op`; an [`Op`](thumb::Op) and its
//! operands are all that the other parts exchange. Which rows a CPU has is a set
//! of features, [`Cpu::features`].
//!
//! What does not happen here: nothing in this module knows about Python values
//! or the native ABI, but for the entry and exit that assembler functions get.

use mpy_format::Arch;

/// Makes a table: the numbered names and the rows.
macro_rules! instructions {
    ($($op:ident: $names:literal, $mnemonic:literal, $template:literal, $pattern:literal, $needs:expr;)*) => {
        /// Numbers of the rows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(non_camel_case_types)]
        pub enum Op {
            $(#[doc = concat!("`", $mnemonic, " ", $template, "`")] $op,)*
        }

        /// The rows, by [`Op`].
        pub static ROWS: &[Row] = &[
            $(Row::new($names, $mnemonic, $template, $pattern, $needs),)*
        ];

        impl Op {
            /// The row of this number.
            pub fn row(self) -> &'static Row {
                &ROWS[self as usize]
            }
        }
    };
}

mod inline;
pub mod riscv;
pub mod row;
mod text;
pub mod thumb;

pub use inline::{Assembled, assemble};
pub use text::{Line, disassemble, listing};

/// A CPU: its family and what it has beyond the least of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cpu {
    pub family: Family,
    /// Bit set of [`thumb`]'s or [`riscv`]'s features.
    pub features: u16,
    /// Assembler functions are entered in Arm state (ARMv6 boards only).
    pub from_arm: bool,
}

/// CPUs that share an instruction table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Thumb,
    RiscV,
}

impl Cpu {
    /// The CPU of an architecture; `flags` are those of the `.mpy` header (for
    /// RISC-V: bit 0 Zba, bit 1 Zcmp). `None` for one without a table.
    pub fn new(arch: Arch, flags: u32) -> Option<Cpu> {
        use thumb::{DSP, FP, T1, V6M, V7M};
        let thumb = |features, from_arm| Cpu { family: Family::Thumb, features, from_arm };
        Some(match arch {
            Arch::ArmV6 => thumb(T1, true),
            Arch::ArmV6M => thumb(T1 | V6M, false),
            Arch::ArmV7M => thumb(T1 | V6M | V7M, false),
            Arch::ArmV7EM => thumb(T1 | V6M | V7M | DSP, false),
            Arch::ArmV7EMSP | Arch::ArmV7EMDP => thumb(T1 | V6M | V7M | DSP | FP, false),
            Arch::RV32IMC => {
                let zba = if flags & 1 != 0 { riscv::ZBA } else { 0 };
                let zcmp = if flags & 2 != 0 { riscv::ZCMP } else { 0 };
                let features = riscv::I | riscv::RV32 | zba | zcmp;
                Cpu { family: Family::RiscV, features, from_arm: false }
            }
            Arch::RV64IMC => {
                let features = riscv::I | riscv::RV64;
                Cpu { family: Family::RiscV, features, from_arm: false }
            }
            _ => return None,
        })
    }

    /// The instruction table.
    pub fn rows(self) -> &'static [row::Row] {
        match self.family {
            Family::Thumb => thumb::ROWS,
            Family::RiscV => riscv::ROWS,
        }
    }

    /// The architecture that a row needs and this CPU lacks.
    fn lacks(self, row: &row::Row) -> Option<&'static str> {
        let missing = row.needs & !self.features;
        if missing == 0 {
            return None;
        }
        Some(match self.family {
            Family::Thumb if missing & thumb::FP != 0 => "a floating point unit",
            Family::Thumb if missing & thumb::DSP != 0 => "the DSP extension (ARMv7E-M)",
            Family::Thumb if missing & thumb::V7M != 0 => "ARMv7-M",
            Family::Thumb => "ARMv6-M",
            Family::RiscV if missing & riscv::ZBA != 0 => "the Zba extension",
            Family::RiscV if missing & riscv::ZCMP != 0 => "the Zcmp extension",
            Family::RiscV if missing & riscv::RV32 != 0 => "words of 32 bits",
            Family::RiscV => "words of 64 bits",
        })
    }
}

/// Appends an encoded instruction as it lies in memory.
pub fn put(code: &mut Vec<u8>, family: Family, word: row::Word) {
    match (family, word.bytes) {
        (Family::Thumb, 4) => {
            code.extend(((word.bits >> 16) as u16).to_le_bytes());
            code.extend((word.bits as u16).to_le_bytes());
        }
        (_, 4) => code.extend(word.bits.to_le_bytes()),
        _ => code.extend((word.bits as u16).to_le_bytes()),
    }
}
