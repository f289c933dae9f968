//! x64: Cranelift's back end for bodies, stubs around them, and both made short.
//!
//! ```text
//!   CLIF ─ Cranelift ─▶ bytes ─ text ─▶ instructions ─ shrink ─┐
//!                                          stub, routines ─────┴─ encode ─▶ code
//! ```

mod frame;
mod outline;
mod reach;
mod routine;
mod shrink;
mod stub;
mod text;
mod write;

use std::collections::BTreeMap;

use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{ExternalName, types};
use cranelift_codegen::isa::{self, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_codegen::{Context, FinalizedRelocTarget, ir};

use crate::clif::{Abi, CODE_STATE_WORDS, FrameLayout, Lowered, Routine, Shape, named_slots};
use text::Text;

/// Words of an exception buffer: two links, ten registers (Windows keeps two more
/// than others), and the stack pointer of ports with a separate Python stack.
const NLR_WORDS: u32 = 13;

/// Added to the helper table's address, so that what code calls most is within a
/// byte's reach of it.
const TABLE_BIAS: u32 = 128;

/// Cranelift's back end with the settings that position-independent code without
/// relocations needs. Without its mid-end it makes constants and addresses anew at
/// every use: to keep them over the calls that our code consists of takes more, and
/// what it could simplify, the lowering does not write.
pub fn isa() -> Result<OwnedTargetIsa, String> {
    let mut flags = settings::builder();
    for (name, value) in [
        ("opt_level", "none"),
        ("regalloc_algorithm", "backtracking"),
        ("is_pic", "true"),
        ("enable_probestack", "false"),
        ("unwind_info", "false"),
        ("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" }),
    ] {
        flags.set(name, value).map_err(|e| e.to_string())?;
    }
    let builder = isa::lookup_by_name("x86_64").map_err(|e| e.to_string())?;
    builder.finish(settings::Flags::new(flags)).map_err(|e| e.to_string())
}

/// The native interface.
pub fn abi(isa: &OwnedTargetIsa) -> Abi {
    let mut abi = Abi {
        bytes: 8,
        nlr_words: NLR_WORDS,
        frontend: isa.frontend_config(),
        frame_bias: 0,
        table: Some(TABLE_BIAS),
        table_register: false,
        state_at_once: true,
        routines: true,
        float: Some(types::F64),
        thrift: 1.0,
    };
    // The state array, which is used most, lies upwards of it.
    abi.frame_bias = FrameLayout::new(&abi).code_state + CODE_STATE_WORDS;
    abi
}

/// Machine code of a function: its stub, then its body.
pub fn emit(
    isa: &OwnedTargetIsa,
    lowered: Lowered,
    abi: &Abi,
    fun_table: u32,
) -> Result<Vec<u8>, String> {
    let Lowered { function, shape, frame_words, .. } = lowered;
    let bias = if shape == Shape::Plain { 0 } else { TABLE_BIAS };
    let (code, calls) = body(isa, function)?;
    let body = Text::decode(&code, bias, &calls).ok_or("the code is not understood")?;
    let mut text = stub::stub(shape, abi, fun_table, frame_words)?;
    text.append(shrink::shrink(body));
    let routines = calls.into_values();
    text.insts.extend(routine::routines(routines, bias).map_err(|error| error.to_string())?);
    text.encode()
}

/// Calls of routines, by the offset of the instruction.
type Calls = BTreeMap<u64, Routine>;

/// Takes their bytes from stack slots that nothing names.
fn forget_slots(function: &mut ir::Function) {
    let named = named_slots(function);
    for (slot, data) in function.sized_stack_slots.iter_mut() {
        if !named.contains(&slot) {
            data.size = 0;
        }
    }
}

fn body(isa: &OwnedTargetIsa, function: ir::Function) -> Result<(Vec<u8>, Calls), String> {
    let mut context = Context::for_function(function);
    forget_slots(&mut context.func);
    context
        .compile(isa.as_ref(), &mut ControlPlane::default())
        .map_err(|e| format!("{:?}", e.inner))?;
    let names = context.func.params.user_named_funcs();
    let compiled = context.compiled_code().ok_or("no code")?;
    let mut calls = Calls::new();
    for reloc in compiled.buffer.relocs() {
        let routine = match (reloc.kind, &reloc.target) {
            (
                Reloc::X86CallPCRel4,
                FinalizedRelocTarget::ExternalName(ExternalName::User(name)),
            ) => Routine::of_number(names[*name].index),
            _ => None,
        };
        let routine = routine.ok_or("the code needs relocations")?;
        // In front of the displacement there is one byte.
        calls.insert(u64::from(reloc.offset) - 1, routine);
    }
    Ok((compiled.code_buffer().to_vec(), calls))
}
