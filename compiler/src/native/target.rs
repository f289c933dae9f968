//! The code generators, and which architecture has which.

use cranelift_codegen::isa::{CallConv, OwnedTargetIsa, TargetFrontendConfig};
use mpy_format::Arch;

use super::mach::rv32::{self, Rv32};
use super::mach::thumb::{self, Thumb};
use super::x64;
use crate::asm::{Cpu, Family};
use crate::clif::{Abi, Lowered};

/// A code generator with the native interface of its architecture.
pub enum Target {
    X64 { isa: OwnedTargetIsa, abi: Abi },
    Thumb { isa: Box<Thumb>, abi: Abi },
    Rv32 { isa: Box<Rv32>, abi: Abi },
}

/// Words of an exception buffer on Arm, by the port that has most: two links, ten
/// registers, as many again for ports that save floating point registers, and the
/// stack pointer of ports with a separate Python stack.
const THUMB_NLR_WORDS: u32 = 19;

/// The same on RISC-V: two links, fourteen registers, the other stack pointer.
const RV32_NLR_WORDS: u32 = 17;

/// The native interface of a 32-bit CPU.
pub fn word32(nlr_words: u32) -> Abi {
    let frontend = TargetFrontendConfig {
        default_call_conv: CallConv::SystemV,
        pointer_width: target_lexicon::PointerWidth::U32,
        page_size_align_log2: 12,
    };
    Abi {
        bytes: 4,
        nlr_words,
        frontend,
        frame_bias: 0,
        table: None,
        table_register: false,
        state_at_once: false,
        routines: false,
    }
}

impl Target {
    /// The code generator of an architecture, where there is one.
    pub fn new(arch: Arch, cpu: Option<Cpu>) -> Option<Target> {
        match (arch, cpu) {
            (Arch::X64, _) => {
                let isa = x64::isa().ok()?;
                let abi = x64::abi(&isa);
                Some(Target::X64 { isa, abi })
            }
            // The oldest enters functions in Arm state.
            (_, Some(cpu)) if cpu.family == Family::Thumb && !cpu.from_arm => {
                let isa = Box::new(Thumb::new(cpu));
                let abi = word32(THUMB_NLR_WORDS);
                Some(Target::Thumb {
                    isa,
                    abi: Abi { table_register: true, routines: true, ..abi },
                })
            }
            (_, Some(cpu)) if cpu.family == Family::Rv32 => {
                let isa = Box::new(Rv32::new(cpu));
                let abi = word32(RV32_NLR_WORDS);
                Some(Target::Rv32 { isa, abi: Abi { table_register: true, routines: true, ..abi } })
            }
            _ => None,
        }
    }

    /// The native interface.
    pub fn abi(&self) -> &Abi {
        match self {
            Target::X64 { abi, .. } | Target::Thumb { abi, .. } | Target::Rv32 { abi, .. } => abi,
        }
    }

    /// Machine code of a function: its stub, then its body. `fun_table` is the
    /// index of the helper table among the constants.
    ///
    /// # Errors
    /// A message for what the machine cannot express.
    pub fn emit(&self, lowered: Lowered, fun_table: u32) -> Result<Vec<u8>, String> {
        match self {
            Target::X64 { isa, abi } => x64::emit(isa, lowered, abi, fun_table),
            Target::Thumb { isa, abi } => {
                thumb::function(isa, lowered, abi, fun_table).map_err(|e| e.to_string())
            }
            Target::Rv32 { isa, abi } => {
                rv32::function(isa, lowered, abi, fun_table).map_err(|e| e.to_string())
            }
        }
    }
}
