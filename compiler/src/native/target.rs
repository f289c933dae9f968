//! The code generators, and which architecture has which.

use cranelift_codegen::ir::types;
use cranelift_codegen::isa::{CallConv, OwnedTargetIsa, TargetFrontendConfig};
use mpy_format::Arch;

use super::mach::riscv::{self, RiscV};
use super::mach::thumb::{self, Thumb};
use super::x64;
use crate::asm::{Cpu, Family};
use crate::clif::{Abi, Lowered};

/// A code generator with the native interface of its architecture.
pub enum Target {
    X64 { isa: OwnedTargetIsa, abi: Abi },
    Thumb { isa: Box<Thumb>, abi: Abi },
    RiscV { isa: Box<RiscV>, abi: Abi },
}

/// Words of an exception buffer on Arm, by the port that has most: two links, ten
/// registers, as many again for ports that save floating point registers, and the
/// stack pointer of ports with a separate Python stack.
const THUMB_NLR_WORDS: u32 = 19;

/// The same on RISC-V: two links, fourteen registers, the other stack pointer.
const RISCV_NLR_WORDS: u32 = 17;

/// RISC-V code takes a quarter more than Thumb's, MicroPython's too.
const RISCV_THRIFT: f64 = 0.4;

/// The native interface of a CPU with words of so many bytes that has a code generator in
/// [`mach`](super::mach).
pub fn interface(bytes: u32, nlr_words: u32) -> Abi {
    let frontend = TargetFrontendConfig {
        default_call_conv: CallConv::SystemV,
        pointer_width: match bytes {
            8 => target_lexicon::PointerWidth::U64,
            _ => target_lexicon::PointerWidth::U32,
        },
        page_size_align_log2: 12,
    };
    Abi {
        bytes,
        nlr_words,
        frontend,
        frame_bias: 0,
        table: None,
        table_register: true,
        state_at_once: false,
        routines: true,
        float: None,
        thrift: 1.0,
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
                let float = (arch == Arch::ArmV7EMSP).then_some(types::F32);
                let abi = Abi { float, ..interface(4, THUMB_NLR_WORDS) };
                Some(Target::Thumb { isa, abi })
            }
            (_, Some(cpu)) if cpu.family == Family::RiscV => {
                let isa = Box::new(RiscV::new(cpu));
                let abi = interface(isa.word(), RISCV_NLR_WORDS);
                let abi = Abi { thrift: RISCV_THRIFT, ..abi };
                Some(Target::RiscV { isa, abi })
            }
            _ => None,
        }
    }

    /// The native interface.
    pub fn abi(&self) -> &Abi {
        match self {
            Target::X64 { abi, .. } | Target::Thumb { abi, .. } | Target::RiscV { abi, .. } => abi,
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
            Target::RiscV { isa, abi } => {
                riscv::function(isa, lowered, abi, fun_table).map_err(|e| e.to_string())
            }
        }
    }
}
