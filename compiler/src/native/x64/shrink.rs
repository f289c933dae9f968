//! Shorter code for the same instructions.
//!
//! Cranelift emits in one go: branches have long displacements, the helper that a
//! call goes to is loaded into a register first, and what the frame holds is
//! addressed from its low end with a byte more than from `rbp`. Here its code is
//! read again and said in fewer bytes:
//!
//! | pass | from | to |
//! | --- | --- | --- |
//! | [`Shrink::frame`] | stores into the frame, `add rsp`, `mov rsp, rbp` | `push`, `pop`, `leave` |
//! | [`Shrink::calls`] | `mov r, [m]` … `call r` | `call [m]` |
//! | [`Shrink::conditions`] | `seto al`, `test al, al`, `jne` | `jo` |
//! | [`Shrink::copies`] | `mov a, b`, use of `a` | use of `b` |
//! | [`Shrink::results`] | `mov a, [m]`, `mov b, a` | `mov b, [m]` |
//! | [`Shrink::tests`] | `or a, b`, `test a, a` | `or a, b` |
//! | [`Shrink::rename`] | `r12` and `rbx` | the one that takes less where |
//! | [`Shrink::narrow`] | 64-bit forms, long immediates | 32-bit forms, bytes |
//! | [`Shrink::immediates`] | `mov r, small`, in no loop | `push small`, `pop r` |
//!
//! Before [`Shrink::rename`], [`reach`] moves pointers; at the end, [`outline`] finds what
//! is said several times.
//!
//! Every pass looks at single blocks and asks [`Text::live`] where it matters
//! whether a register's value is wanted later. Code that is not understood is left
//! alone.

use iced_x86::{
    Code, Encoder, FlowControl, Instruction, InstructionInfoFactory, MemoryOperand, Mnemonic,
    OpAccess, OpKind, Register,
};

use super::frame::{Frame, KEPT};
use super::text::{Regs, Text};
use super::{outline, reach};

/// The passes over one function.
pub struct Shrink {
    text: Text,
    info: InstructionInfoFactory,
    encoder: Encoder,
}

/// Makes a body shorter.
pub fn shrink(text: Text) -> Text {
    let mut shrink =
        Shrink { text, info: InstructionInfoFactory::new(), encoder: Encoder::new(64) };
    shrink.nops();
    shrink.calls();
    shrink.conditions();
    for _ in 0..2 {
        shrink.copies();
        shrink.results();
    }
    shrink.dead();
    shrink.tests();
    reach::reach(&mut shrink.text);
    shrink.rename();
    shrink.frame();
    shrink.narrow();
    shrink.immediates();
    outline::outline(&mut shrink.text);
    shrink.text
}

/// Whether an instruction copies a whole register to another.
fn is_copy(inst: &Instruction) -> bool {
    matches!(inst.code(), Code::Mov_r64_rm64 | Code::Mov_rm64_r64)
        && inst.op0_kind() == OpKind::Register
        && inst.op1_kind() == OpKind::Register
        && inst.op0_register() != Register::RBP
        && inst.op1_register() != Register::RSP
        && inst.op0_register() != Register::RSP
}

/// A register of the width of `like`, with the number of `full`.
fn sized(full: Register, like: Register) -> Option<Register> {
    let number = full.number() as u32;
    Some(match like.size() {
        8 => Register::RAX + number,
        4 => Register::EAX + number,
        2 => Register::AX + number,
        // Those of the second bytes, which Cranelift does not use, lie between.
        1 if number < 4 => Register::AL + number,
        1 => Register::SPL + (number - 4),
        _ => return None,
    })
}

/// `push` and `pop` that move a small number as an instruction does.
fn through_stack(inst: &Instruction) -> Option<[Instruction; 2]> {
    let value = match inst.code() {
        Code::Mov_r32_imm32 => i64::from(inst.immediate32()),
        // An address from the stack pointer is that of after the `pop`.
        Code::Mov_rm64_imm32 => inst.immediate32to64(),
        _ => return None,
    };
    let short = i32::from(i8::try_from(value).ok()?);
    let push = Instruction::with1(Code::Pushq_imm8, short).ok()?;
    let pop = match inst.op0_kind() {
        OpKind::Register => {
            Instruction::with1(Code::Pop_r64, Register::RAX + inst.op0_register().number() as u32)
        }
        _ => Instruction::with1(Code::Pop_rm64, memory(inst)),
    };
    Some([push, pop.ok()?])
}

/// The memory that an instruction names.
fn memory(inst: &Instruction) -> MemoryOperand {
    MemoryOperand::new(
        inst.memory_base(),
        inst.memory_index(),
        inst.memory_index_scale(),
        inst.memory_displacement64() as i64,
        u32::from(inst.memory_displacement64() != 0),
        false,
        Register::None,
    )
}

impl Shrink {
    fn len(&self) -> usize {
        self.text.insts.len()
    }

    fn nops(&mut self) {
        let gone: Vec<bool> =
            self.text.insts.iter().map(|i| i.mnemonic() == Mnemonic::Nop).collect();
        self.text.remove(&gone);
    }

    /// Saved registers by `push` and `pop`; the frame addressed from `rbp`.
    fn frame(&mut self) {
        let Some(frame) = Frame::find(&self.text.insts) else { return };
        let Some(ends) = self.ends(&frame) else { return };
        let mut gone = vec![false; self.len()];
        for end in ends {
            let new = frame.end();
            for (i, &place) in end.iter().enumerate() {
                match new.get(i) {
                    Some(&new) => self.replace(place, new),
                    None => gone[place] = true,
                }
            }
        }
        for (place, new) in frame.start().into_iter().enumerate() {
            // The start is never longer than it was, but for the padding.
            let place = place + 2;
            if place < frame.length {
                self.replace(place, new);
            } else {
                let mut new = new;
                new.set_ip(self.text.fresh());
                self.text.insts.insert(place, new);
                gone.insert(place, false);
            }
        }
        let written = 2 + frame.start().len();
        for gone in &mut gone[written.min(frame.length)..frame.length] {
            *gone = true;
        }
        for inst in &mut self.text.insts {
            let addresses = inst.op_kinds().any(|kind| kind == OpKind::Memory);
            let from_top = inst.memory_displacement64() as i64 - frame.size;
            let far = inst.memory_displacement64() > 127;
            // From either end 128 bytes are near; the upper one needs a byte less.
            if addresses && inst.memory_base() == Register::RSP && (from_top >= -128 || far) {
                inst.set_memory_base(Register::RBP);
                inst.set_memory_displacement64(from_top as u64);
                inst.set_memory_displ_size(1);
            }
        }
        self.text.remove(&gone);
    }

    /// The instructions before each `ret` that restore what the frame saved; `None`
    /// if one of them is otherwise.
    fn ends(&self, frame: &Frame) -> Option<Vec<Vec<usize>>> {
        let targets = self.text.targets();
        let mut ends = Vec::new();
        for (ret, inst) in self.text.insts.iter().enumerate() {
            if inst.flow_control() != FlowControl::Return {
                continue;
            }
            let count = 2 + usize::from(frame.size != 0) + frame.saved.len();
            let first = ret.checked_sub(count)?;
            if targets[first + 1..=ret].contains(&true) {
                return None;
            }
            for inst in &self.text.insts[first..ret] {
                let fits = match inst.code() {
                    Code::Pop_r64 => inst.op0_register() == Register::RBP,
                    Code::Mov_r64_rm64 | Code::Mov_rm64_r64 => {
                        inst.op0_register() == Register::RSP
                            || inst.memory_base() == Register::RSP
                                && frame.saved.iter().any(|s| {
                                    (s.at, s.register)
                                        == (
                                            inst.memory_displacement64() as i64,
                                            inst.op0_register(),
                                        )
                                })
                    }
                    Code::Add_rm64_imm8 | Code::Add_rm64_imm32 => {
                        inst.op0_register() == Register::RSP
                    }
                    _ => false,
                };
                if !fits {
                    return None;
                }
            }
            ends.push((first..ret).collect());
        }
        Some(ends)
    }

    /// Puts an instruction in the place of another, with its label.
    fn replace(&mut self, place: usize, mut new: Instruction) {
        new.set_ip(self.text.insts[place].ip());
        self.text.insts[place] = new;
    }

    /// Calls through memory.
    fn calls(&mut self) {
        let live = self.text.live();
        let targets = self.text.targets();
        let mut gone = vec![false; self.len()];
        for (call, live) in live.iter().enumerate() {
            let inst = self.text.insts[call];
            if inst.code() != Code::Call_rm64 || inst.op0_kind() != OpKind::Register {
                continue;
            }
            let callee = Regs::of(inst.op0_register());
            // A register that calls change holds something else behind this one.
            if KEPT.contains(&inst.op0_register()) && live.meets(callee) {
                continue;
            }
            let mut changed = Regs::default();
            let mut at = call;
            while at > 0 && !targets[at] {
                at -= 1;
                let load = self.text.insts[at];
                let effect = self.text.effect(&load);
                if effect.changes.meets(callee) {
                    let from = Regs::of(load.memory_base()).with(Regs::of(load.memory_index()));
                    let is_load = load.code() == Code::Mov_r64_rm64
                        && load.op1_kind() == OpKind::Memory
                        && !changed.meets(from);
                    if is_load
                        && let Ok(mut new) = Instruction::with1(Code::Call_rm64, memory(&load))
                    {
                        new.set_ip(inst.ip());
                        self.text.insts[call] = new;
                        gone[at] = true;
                    }
                    break;
                }
                let calls = load.flow_control() != FlowControl::Next;
                if effect.reads.meets(callee) || calls {
                    break;
                }
                changed = changed.with(effect.changes);
            }
        }
        self.text.remove(&gone);
    }

    /// Jumps on a flag that went through a register.
    fn conditions(&mut self) {
        let live = self.text.live();
        let targets = self.text.targets();
        let mut gone = vec![false; self.len()];
        for at in 0..self.len().saturating_sub(2) {
            let [set, test, jump] = [0, 1, 2].map(|i| self.text.insts[at + i]);
            let register = set.op0_register();
            let is_test = test.code() == Code::Test_rm8_r8
                && test.op0_register() == register
                && test.op1_register() == register;
            let sense = match jump.code() {
                Code::Jne_rel32_64 | Code::Jne_rel8_64 => true,
                Code::Je_rel32_64 | Code::Je_rel8_64 => false,
                _ => continue,
            };
            let joined = targets[at + 1] || targets[at + 2];
            let wanted = live[at + 2].meets(Regs::of(register));
            if let Some(code) = jump_on(set.code(), sense)
                && register != Register::None
                && is_test
                && !joined
                && !wanted
            {
                let mut new = jump;
                new.set_code(code);
                self.text.insts[at + 2] = new;
                gone[at] = true;
                gone[at + 1] = true;
            }
        }
        self.text.remove(&gone);
    }

    /// Uses of a copy become uses of what was copied.
    fn copies(&mut self) {
        let mut live = self.text.live();
        let targets = self.text.targets();
        let mut gone = vec![false; self.len()];
        for at in 0..self.len() {
            let copy = self.text.insts[at];
            if !is_copy(&copy) {
                continue;
            }
            let (to, from) = (copy.op0_register(), copy.op1_register());
            let (copied, source) = (Regs::of(to), Regs::of(from));
            if to == from {
                gone[at] = true;
                continue;
            }
            let mut uses = Vec::new();
            let mut source_changed = false;
            let mut ends = None;
            for next in at + 1..self.len() {
                if targets[next] {
                    break;
                }
                let inst = self.text.insts[next];
                if gone[next] {
                    continue;
                }
                let effect = self.text.effect(&inst);
                if effect.reads.meets(copied) {
                    let Some(new) = self.renamed(&inst, to, from) else { break };
                    if source_changed {
                        break;
                    }
                    uses.push((next, new));
                }
                if effect.sets.meets(copied) || !live[next].meets(copied) {
                    ends = Some(next);
                    break;
                }
                // A part of it changes, or control goes elsewhere.
                let goes_on =
                    matches!(inst.flow_control(), FlowControl::Next | FlowControl::IndirectCall);
                if effect.changes.meets(copied) || !goes_on {
                    break;
                }
                source_changed |= effect.changes.meets(source);
            }
            let Some(end) = ends else { continue };
            gone[at] = true;
            let last = uses.last().map_or(at, |u| u.0);
            for live in &mut live[at..end] {
                *live = live.without(copied);
            }
            for live in &mut live[at..last] {
                *live = live.with(source);
            }
            for (place, new) in uses {
                self.text.insts[place] = new;
            }
        }
        self.text.remove(&gone);
    }

    /// The instruction with another register read, if all its reads can be renamed.
    fn renamed(&mut self, inst: &Instruction, to: Register, from: Register) -> Option<Instruction> {
        if inst.flow_control() == FlowControl::Return {
            return None;
        }
        let copied = Regs::of(to);
        let mut new = *inst;
        for operand in 0..inst.op_count() {
            let access = self.info.info(inst).op_access(operand);
            match inst.op_kind(operand) {
                OpKind::Register if Regs::of(inst.op_register(operand)).meets(copied) => {
                    if access == OpAccess::Write {
                        continue;
                    }
                    if access != OpAccess::Read {
                        return None;
                    }
                    let register = sized(from, inst.op_register(operand))?;
                    new.set_op_register(operand, register);
                }
                OpKind::Memory => {
                    if inst.memory_base() == to {
                        new.set_memory_base(from);
                    }
                    if inst.memory_index() == to {
                        new.set_memory_index(from);
                    }
                }
                _ => {}
            }
        }
        // A read that no operand shows is left: an argument. Others must be of a certain
        // register: a shift's count.
        let encodes = self.encoder.encode(&new, 0).is_ok();
        drop(self.encoder.take_buffer());
        (encodes && !self.text.effect(&new).reads.meets(copied)).then_some(new)
    }

    /// What is loaded only to be copied is loaded into the place of the copy.
    fn results(&mut self) {
        let live = self.text.live();
        let targets = self.text.targets();
        let mut gone = vec![false; self.len()];
        for at in 1..self.len() {
            let copy = self.text.insts[at];
            if !is_copy(&copy) || targets[at] || gone[at - 1] {
                continue;
            }
            let (to, from) = (copy.op0_register(), copy.op1_register());
            let before = self.text.insts[at - 1];
            let loads = matches!(
                before.code(),
                Code::Mov_r64_rm64 | Code::Lea_r64_m | Code::Movzx_r64_rm16 | Code::Movzx_r64_rm8
            ) && before.op0_register() == from;
            if loads && to != from && !live[at].meets(Regs::of(from)) {
                self.text.insts[at - 1].set_op0_register(to);
                gone[at] = true;
            }
        }
        self.text.remove(&gone);
    }

    /// Tests of a result whose flags are set already.
    fn tests(&mut self) {
        let targets = self.text.targets();
        let insts = &self.text.insts;
        let to = |i: &Instruction| match i.op0_kind() {
            OpKind::Register => i.op0_register(),
            _ => Register::None,
        };
        let known = |at: usize| {
            let test = insts[at];
            let tested = to(&test);
            if test.code() != Code::Test_rm64_r64 || tested != test.op1_register() {
                return false;
            }
            // Moves to other registers leave flags alone.
            let full = tested.full_register();
            let other =
                |i: &Instruction| i.mnemonic() == Mnemonic::Mov && to(i).full_register() != full;
            let moves = (0..at).rev().take_while(|&i| other(&insts[i])).count();
            let Some(before) = (at - moves).checked_sub(1) else { return false };
            let sets = [Mnemonic::And, Mnemonic::Or, Mnemonic::Xor];
            sets.contains(&insts[before].mnemonic())
                && to(&insts[before]) == tested
                && !targets[before + 1..=at].contains(&true)
        };
        let gone: Vec<bool> = (0..self.len()).map(known).collect();
        self.text.remove(&gone);
    }

    /// Gives the registers that are kept over calls their names anew: as a base `r12`
    /// takes a byte more than the others, and `rbx` one less.
    fn rename(&mut self) {
        let mut costs: Vec<(i32, Register)> = KEPT.iter().map(|&r| (0, r)).collect();
        for inst in &self.text.insts {
            let mut count = |register: Register, cost: i32| {
                for entry in costs.iter_mut().filter(|c| c.1 == register.full_register()) {
                    entry.0 += cost;
                }
            };
            if inst.op_kinds().any(|kind| kind == OpKind::Memory) {
                // The other operand needs the prefix as well where it is 64 bits wide.
                let prefixed = !inst.is_call_near_indirect() && inst.mnemonic() != Mnemonic::Movzx;
                count(inst.memory_base(), if prefixed { 1 } else { 2 });
            } else if inst.op0_register().size() < 8 {
                count(inst.op0_register(), 1);
            }
        }
        costs.sort_by_key(|c| std::cmp::Reverse(c.0));
        let order = [Register::RBX, Register::R13, Register::R14, Register::R15, Register::R12];
        let names: Vec<(Register, Register)> = costs.iter().map(|c| c.1).zip(order).collect();
        for inst in &mut self.text.insts {
            for operand in 0..inst.op_count() {
                if inst.op_kind(operand) != OpKind::Register {
                    continue;
                }
                let register = inst.op_register(operand);
                let new = names.iter().find(|n| n.0 == register.full_register());
                if let Some(new) = new.and_then(|n| sized(n.1, register)) {
                    inst.set_op_register(operand, new);
                }
            }
            let (base, index) = (inst.memory_base(), inst.memory_index());
            for &(from, to) in &names {
                if base == from {
                    inst.set_memory_base(to);
                }
                if index == from {
                    inst.set_memory_index(to);
                }
            }
        }
    }

    /// Loads and copies whose result is not wanted.
    fn dead(&mut self) {
        let live = self.text.live();
        let gone: Vec<bool> = self
            .text
            .insts
            .iter()
            .zip(&live)
            .map(|(inst, live)| {
                let pure = matches!(
                    inst.code(),
                    Code::Mov_r64_rm64
                        | Code::Mov_r32_imm32
                        | Code::Lea_r64_m
                        | Code::Movzx_r64_rm16
                ) || is_copy(inst);
                pure && inst.op0_kind() == OpKind::Register
                    && inst.op0_register() != Register::RSP
                    && !live.meets(Regs::of(inst.op0_register()))
            })
            .collect();
        self.text.remove(&gone);
    }

    /// Small numbers through the stack, where an instruction more does not matter.
    fn immediates(&mut self) {
        let looped = self.text.loops();
        let insts = std::mem::take(&mut self.text.insts);
        for (inst, looped) in insts.into_iter().zip(looped) {
            match through_stack(&inst).filter(|_| !looped) {
                Some([mut push, mut pop]) => {
                    push.set_ip(inst.ip());
                    pop.set_ip(self.text.fresh());
                    self.text.insts.extend([push, pop]);
                }
                None => self.text.insts.push(inst),
            }
        }
    }

    /// Forms that take less.
    fn narrow(&mut self) {
        for inst in &mut self.text.insts {
            if let Some(mut new) = narrowed(inst) {
                new.set_ip(inst.ip());
                *inst = new;
            }
        }
    }
}

fn low(register: Register) -> Register {
    Register::EAX + register.number() as u32
}

/// A shorter form of an instruction.
fn narrowed(inst: &Instruction) -> Option<Instruction> {
    let register = inst.op0_register();
    let in_register = inst.op0_kind() == OpKind::Register;
    match inst.code() {
        // The high half of the result is zero either way.
        Code::Xor_rm64_r64 | Code::Xor_r64_rm64
            if in_register
                && inst.op1_kind() == OpKind::Register
                && register == inst.op1_register() =>
        {
            Instruction::with2(Code::Xor_r32_rm32, low(register), low(register)).ok()
        }
        Code::Movzx_r64_rm16 | Code::Movzx_r64_rm8 => {
            let mut new = *inst;
            new.set_code(if inst.code() == Code::Movzx_r64_rm16 {
                Code::Movzx_r32_rm16
            } else {
                Code::Movzx_r32_rm8
            });
            new.set_op0_register(low(register));
            Some(new)
        }
        Code::Test_rm64_imm32 | Code::Test_RAX_imm32 if in_register => {
            let value = inst.immediate(1);
            let byte = sized(register, Register::AL)?;
            (value < 0x80)
                .then(|| {
                    if register == Register::RAX {
                        Instruction::with2(Code::Test_AL_imm8, Register::AL, value as u32)
                    } else {
                        Instruction::with2(Code::Test_rm8_imm8, byte, value as u32)
                    }
                })?
                .ok()
        }
        Code::And_rm64_imm8 | Code::And_rm64_imm32 | Code::And_RAX_imm32
            if in_register && inst.immediate(1) < 0x80 =>
        {
            Instruction::with2(Code::And_rm32_imm8, low(register), inst.immediate(1) as i32).ok()
        }
        Code::Add_rm64_imm32 | Code::Sub_rm64_imm32 | Code::Cmp_rm64_imm32 => {
            let short = i8::try_from(inst.immediate32to64()).ok()?;
            let code = match inst.code() {
                Code::Add_rm64_imm32 => Code::Add_rm64_imm8,
                Code::Sub_rm64_imm32 => Code::Sub_rm64_imm8,
                _ => Code::Cmp_rm64_imm8,
            };
            if !in_register {
                return None;
            }
            Instruction::with2(code, register, i32::from(short)).ok()
        }
        Code::Lea_r64_m
            if inst.memory_displacement64() == 0 && inst.memory_index() == Register::None =>
        {
            Instruction::with2(Code::Mov_r64_rm64, register, inst.memory_base()).ok()
        }
        _ => None,
    }
}

/// The jump that is taken where a register that was set on a condition is not zero,
/// or, for a `sense` of false, is.
fn jump_on(set: Code, sense: bool) -> Option<Code> {
    const JUMPS: [(Code, Code); 16] = [
        (Code::Seto_rm8, Code::Jo_rel32_64),
        (Code::Setno_rm8, Code::Jno_rel32_64),
        (Code::Setb_rm8, Code::Jb_rel32_64),
        (Code::Setae_rm8, Code::Jae_rel32_64),
        (Code::Sete_rm8, Code::Je_rel32_64),
        (Code::Setne_rm8, Code::Jne_rel32_64),
        (Code::Setbe_rm8, Code::Jbe_rel32_64),
        (Code::Seta_rm8, Code::Ja_rel32_64),
        (Code::Sets_rm8, Code::Js_rel32_64),
        (Code::Setns_rm8, Code::Jns_rel32_64),
        (Code::Setp_rm8, Code::Jp_rel32_64),
        (Code::Setnp_rm8, Code::Jnp_rel32_64),
        (Code::Setl_rm8, Code::Jl_rel32_64),
        (Code::Setge_rm8, Code::Jge_rel32_64),
        (Code::Setle_rm8, Code::Jle_rel32_64),
        (Code::Setg_rm8, Code::Jg_rel32_64),
    ];
    let place = JUMPS.iter().position(|j| j.0 == set)?;
    // A condition and its opposite stand beside each other.
    Some(JUMPS[if sense { place } else { place ^ 1 }].1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::x64::Calls;

    fn shrunk(code: &[u8]) -> Vec<u8> {
        let text = Text::decode(code, 0, &Calls::new()).expect("the code is valid");
        shrink(text).encode().expect("the code encodes")
    }

    /// mov rax, [rbx+0x38]; mov rdi, rsi; call rax; ret: `load_global`
    #[test]
    fn calls_go_through_memory() {
        let code = [0x48, 0x8b, 0x43, 0x38, 0x48, 0x89, 0xf7, 0xff, 0xd0, 0xc3];
        // mov rdi, rsi; call [rbx+0x38]; ret
        assert_eq!(shrunk(&code), [0x48, 0x89, 0xf7, 0xff, 0x53, 0x38, 0xc3]);
    }

    /// add rdi, rsi; seto cl; test cl, cl; jne +3; mov rax, rdi; ret
    #[test]
    fn conditions_stay_in_the_flags() {
        let code = [
            0x48, 0x01, 0xf7, 0x0f, 0x90, 0xc1, 0x84, 0xc9, 0x0f, 0x85, 3, 0, 0, 0, 0x48, 0x89,
            0xf8, 0xc3,
        ];
        // add rdi, rsi; jo +3; mov rax, rdi; ret
        assert_eq!(shrunk(&code), [0x48, 0x01, 0xf7, 0x70, 0x03, 0x48, 0x89, 0xf8, 0xc3]);
    }

    /// A register that is wanted later is set all the same.
    #[test]
    fn what_is_wanted_stays() {
        // seto al; test al, al; jne +1; ret; ret: the result is al
        let code = [0x0f, 0x90, 0xc0, 0x84, 0xc0, 0x75, 0x01, 0xc3, 0xc3];
        assert_eq!(shrunk(&code), code);
        // mov rcx, 1 by its long form; shl rdi, cl: the count stays in cl
        let code = [0x48, 0x89, 0xf1, 0x48, 0xd3, 0xe7, 0x48, 0x89, 0xf8, 0xc3];
        assert_eq!(shrunk(&code), code);
    }

    /// A frame with two saved registers and one word in use.
    #[test]
    fn frames_are_pushed_and_popped() {
        let code = [
            0x55, 0x48, 0x89, 0xe5, // push rbp; mov rbp, rsp
            0x48, 0x83, 0xec, 0x20, // sub rsp, 32
            0x48, 0x89, 0x5c, 0x24, 0x10, // mov [rsp+16], rbx
            0x4c, 0x89, 0x64, 0x24, 0x18, // mov [rsp+24], r12
            0x48, 0x89, 0x3c, 0x24, // mov [rsp], rdi
            0x48, 0x8b, 0x5f, 0x08, // mov rbx, [rdi+8]
            0x4c, 0x8b, 0x67, 0x10, // mov r12, [rdi+16]
            0x49, 0x8d, 0x04, 0x1c, // lea rax, [r12+rbx]
            0x48, 0x8b, 0x5c, 0x24, 0x10, // mov rbx, [rsp+16]
            0x4c, 0x8b, 0x64, 0x24, 0x18, // mov r12, [rsp+24]
            0x48, 0x83, 0xc4, 0x20, // add rsp, 32
            0x48, 0x89, 0xec, 0x5d, 0xc3, // mov rsp, rbp; pop rbp; ret
        ];
        let done = shrunk(&code);
        assert!(done.len() < code.len() - 15, "{done:02x?}");
        // push rbp; mov rbp, rsp; push; push; sub rsp, 16
        assert_eq!(done[..4], code[..4]);
        // … pop; pop; pop rbp; ret
        assert_eq!(done[done.len() - 2..], [0x5d, 0xc3]);
    }
}
