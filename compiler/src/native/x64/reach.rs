//! Pointers moved so that more of what they point to is within a byte's reach.
//!
//! An instruction addresses 128 bytes either way of a register with one byte and more
//! with four. A generator's locals lie upwards of its state, up to hundreds of bytes. So a
//! register that is set once and then only serves as a base is moved up by 128 where that
//! saves more than it costs.

use iced_x86::{Code, FlowControl, Instruction, MemoryOperand, OpKind, Register};

use super::frame::{Frame, KEPT};
use super::text::{Regs, Text};

/// By how much.
const MOVE: i64 = 128;
/// Bytes of the instruction that moves, and what a copy takes more.
const COST: i64 = 4;
const COPY: i64 = 1;

/// Moves what is worth it.
pub fn reach(text: &mut Text) {
    let Some(frame) = Frame::find(&text.insts) else { return };
    for register in KEPT {
        if let Some(set) = worth(text, &frame, register) {
            apply(text, &frame, register, set);
        }
    }
}

/// Whether an instruction saves or restores what the register held for the caller.
fn keeps(frame: &Frame, inst: &Instruction, register: Register) -> bool {
    inst.memory_base() == Register::RSP
        && frame
            .saved
            .iter()
            .any(|s| s.register == register && s.at == inst.memory_displacement64() as i64)
}

fn displacement_bytes(at: i64) -> i64 {
    match at {
        0 => 0,
        _ if i8::try_from(at).is_ok() => 1,
        _ => 4,
    }
}

/// The instruction that sets the register, if it is the only one and moving saves.
fn worth(text: &mut Text, frame: &Frame, register: Register) -> Option<usize> {
    let mine = Regs::of(register);
    let insts = text.insts.clone();
    let (mut set, mut saving) = (None, -COST);
    for (place, inst) in insts.iter().enumerate() {
        let effect = text.effect(inst);
        if keeps(frame, inst, register) {
            continue;
        }
        if effect.changes.meets(mine) {
            if set.is_some() || effect.reads.meets(mine) || !effect.sets.meets(mine) {
                return None;
            }
            set = Some(place);
        } else if inst.flow_control() == FlowControl::Return {
            continue;
        } else if effect.reads.meets(mine) {
            if inst.memory_index() == register {
                return None;
            }
            if is_copy_of(inst, register) {
                saving -= COPY;
                continue;
            }
            let elsewhere = (0..inst.op_count()).any(|operand| {
                inst.op_kind(operand) == OpKind::Register
                    && Regs::of(inst.op_register(operand)).meets(mine)
            });
            if elsewhere || inst.memory_base() != register {
                return None;
            }
            let at = inst.memory_displacement64() as i64;
            saving += displacement_bytes(at) - displacement_bytes(at - MOVE);
        }
    }
    set.filter(|&set| saving > 0 && flags_are_free(&insts[set + 1..]))
}

fn is_copy_of(inst: &Instruction, register: Register) -> bool {
    matches!(inst.code(), Code::Mov_r64_rm64 | Code::Mov_rm64_r64)
        && inst.op0_kind() == OpKind::Register
        && inst.op1_kind() == OpKind::Register
        && inst.op1_register() == register
}

/// Whether no instruction wants flags that were set before these.
fn flags_are_free(insts: &[Instruction]) -> bool {
    for inst in insts {
        if inst.rflags_read() != 0 {
            return false;
        }
        if inst.rflags_modified() != 0 || inst.flow_control() != FlowControl::Next {
            return inst.flow_control() != FlowControl::ConditionalBranch;
        }
    }
    false
}

fn apply(text: &mut Text, frame: &Frame, register: Register, set: usize) {
    for (place, inst) in text.insts.iter_mut().enumerate() {
        if place == set || keeps(frame, inst, register) {
            continue;
        }
        if is_copy_of(inst, register) {
            let from = MemoryOperand::with_base_displ(register, -MOVE);
            if let Ok(mut new) = Instruction::with2(Code::Lea_r64_m, inst.op0_register(), from) {
                new.set_ip(inst.ip());
                *inst = new;
            }
        } else if inst.memory_base() == register {
            let at = inst.memory_displacement64() as i64 - MOVE;
            inst.set_memory_displacement64(at as u64);
            inst.set_memory_displ_size(u32::from(at != 0));
        }
    }
    if let Ok(mut new) = Instruction::with2(Code::Sub_rm64_imm8, register, -MOVE as i32) {
        new.set_ip(text.fresh());
        text.insts.insert(set + 1, new);
    }
}
