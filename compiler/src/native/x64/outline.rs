//! What a function says several times is said once.
//!
//! Most of a function's code are calls of helpers, and much of what prepares them is the
//! same at several places. Outside loops such sequences become routines behind the code:
//!
//! | a sequence that ends in | becomes | its routine ends in |
//! | --- | --- | --- |
//! | a call | a call of the routine | a jump to the callee: the stack is as it was |
//! | a jump or a return | a jump to another copy of it | |
//! | anything else | a call of the routine | a return |
//!
//! Sequences are weighed by the bytes that they save, the best first, and what is left is
//! looked through again, so that routines share their ends too.

use std::collections::{BinaryHeap, HashMap};

use iced_x86::{Code, Encoder, FlowControl, Instruction, OpKind, Register};

use super::text::{Regs, Text};

/// The most units of a sequence.
const LONGEST: usize = 14;

/// Bytes of a call of a routine, and of a jump, which may turn out shorter.
const CALL: i64 = 5;
const JUMP: i64 = 4;

/// Looks through the code so many times.
const ROUNDS: usize = 3;

/// Moves what is said several times into routines.
pub fn outline(text: &mut Text) {
    for _ in 0..ROUNDS {
        if !once(text) {
            break;
        }
    }
}

/// What can only be moved as a whole: one instruction, or a number's way over the stack.
#[derive(Clone, Copy)]
struct Unit {
    /// Its first instruction, and how many there are.
    at: usize,
    len: usize,
    bytes: i64,
    /// The same for units of the same instructions.
    key: u32,
    kind: Kind,
    /// Whether jumps lead here.
    joined: bool,
}

/// How a unit may be part of a sequence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Anywhere.
    Plain,
    /// Where the stack pointer is as it was: only in sequences that end by leaving.
    Stack,
    /// A call, as the last.
    Call,
    /// A jump or return, as the last.
    Leave,
    /// Nowhere.
    Fixed,
}

/// A sequence that occurs several times.
struct Candidate {
    /// The first units of its occurrences.
    sites: Vec<u32>,
    len: usize,
    bytes: i64,
    end: Kind,
}

impl Candidate {
    fn saving(&self) -> i64 {
        let count = self.sites.len() as i64;
        match self.end {
            Kind::Leave => (count - 1) * (self.bytes - JUMP),
            Kind::Call => count * (self.bytes - CALL) - self.bytes,
            _ => count * (self.bytes - CALL) - self.bytes - 1,
        }
    }

    /// Leaves the occurrences of which no unit is taken and which do not overlap.
    fn settle(&mut self, taken: &[bool]) {
        let len = self.len;
        let mut free = 0;
        self.sites.retain(|&site| {
            let site = site as usize;
            let good = site >= free && !taken[site..site + len].contains(&true);
            if good {
                free = site + len;
            }
            good
        });
    }
}

fn once(text: &mut Text) -> bool {
    let units = units(text);
    let mut candidates = candidates(&units);
    let mut taken = vec![false; units.len()];
    // By what they save at most; the same order in every run.
    let order = |index: usize, c: &Candidate| {
        let first = c.sites.first().copied().unwrap_or(0);
        (c.saving(), std::cmp::Reverse((first, c.len, index)))
    };
    let mut heap: BinaryHeap<_> =
        candidates.iter().enumerate().map(|(index, c)| order(index, c)).collect();
    let mut chosen = Vec::new();
    while let Some((saving, std::cmp::Reverse((_, _, index)))) = heap.pop() {
        let candidate = &mut candidates[index];
        candidate.settle(&taken);
        let now = candidate.saving();
        if candidate.sites.len() < 2 || now <= 0 {
            continue;
        }
        if now < saving {
            heap.push(order(index, candidate));
            continue;
        }
        for &site in &candidate.sites {
            taken[site as usize..site as usize + candidate.len].fill(true);
        }
        chosen.push(index);
    }
    let chosen: Vec<&Candidate> = chosen.iter().map(|&index| &candidates[index]).collect();
    rewrite(text, &units, &chosen);
    !chosen.is_empty()
}

/// Whether an instruction has to do with the stack pointer.
fn uses_stack(text: &mut Text, inst: &Instruction) -> bool {
    let effect = text.effect(inst);
    let stack = Regs::of(Register::RSP);
    effect.reads.meets(stack) || effect.changes.meets(stack) || inst.is_stack_instruction()
}

fn units(text: &mut Text) -> Vec<Unit> {
    let (targets, loops) = (text.targets(), text.loops());
    let insts = text.insts.clone();
    let mut encoder = Encoder::new(64);
    let mut keys: HashMap<Vec<u8>, u32> = HashMap::new();
    let mut units = Vec::new();
    let mut at = 0;
    while at < insts.len() {
        let inst = &insts[at];
        let number = inst.code() == Code::Pushq_imm8
            && insts.get(at + 1).is_some_and(|pop| {
                matches!(pop.code(), Code::Pop_r64 | Code::Pop_rm64)
                    && pop.memory_base() != Register::RSP
                    && !targets[at + 1]
            });
        let len = 1 + usize::from(number);
        let mut bytes = Vec::new();
        for inst in &insts[at..at + len] {
            // Where a jump leads tells more than its bytes.
            if let Some(to) = Text::target(inst).or_else(|| Text::routine(inst)) {
                bytes.extend((inst.code() as u32).to_le_bytes());
                bytes.extend(to.to_le_bytes());
            } else if encoder.encode(inst, 0).is_ok() {
                bytes.extend(encoder.take_buffer());
            }
        }
        let fixed = loops[at] || inst.is_ip_rel_memory_operand() || inst.ip() == 0;
        let memory_call = inst.op0_kind() == OpKind::Memory
            && inst.memory_base() != Register::RSP
            && inst.flow_control() == FlowControl::IndirectCall;
        let kind = match inst.flow_control() {
            _ if fixed => Kind::Fixed,
            FlowControl::Return | FlowControl::UnconditionalBranch => Kind::Leave,
            FlowControl::IndirectCall if memory_call => Kind::Call,
            FlowControl::Call if Text::routine(inst).is_some() => Kind::Call,
            FlowControl::Next if number => Kind::Plain,
            FlowControl::Next if uses_stack(text, inst) => Kind::Stack,
            FlowControl::Next => Kind::Plain,
            _ => Kind::Fixed,
        };
        let size = match kind {
            Kind::Leave if inst.flow_control() != FlowControl::Return => JUMP,
            Kind::Call if !memory_call => CALL,
            _ => bytes.len() as i64,
        };
        let next = keys.len() as u32;
        let key = *keys.entry(bytes).or_insert(next);
        units.push(Unit { at, len, bytes: size, key, kind, joined: targets[at] });
        at += len;
    }
    units
}

/// Sequences that occur several times.
fn candidates(units: &[Unit]) -> Vec<Candidate> {
    let mut found: HashMap<Vec<u32>, Candidate> = HashMap::new();
    for first in 0..units.len() {
        let (mut bytes, mut stack) = (0, false);
        let mut key = Vec::new();
        for (len, unit) in (1..=LONGEST).zip(&units[first..]) {
            if unit.kind == Kind::Fixed || len > 1 && unit.joined {
                break;
            }
            bytes += unit.bytes;
            key.push(unit.key);
            stack |= unit.kind == Kind::Stack;
            let worth = match unit.kind {
                Kind::Leave => bytes > JUMP,
                _ => bytes > CALL && !stack,
            };
            if worth {
                let candidate = found.entry(key.clone()).or_insert_with(|| Candidate {
                    sites: Vec::new(),
                    len,
                    bytes,
                    end: unit.kind,
                });
                candidate.sites.push(first as u32);
            }
            if matches!(unit.kind, Kind::Call | Kind::Leave) {
                break;
            }
        }
    }
    let mut all: Vec<Candidate> =
        found.into_values().filter(|c| c.sites.len() > 1 && c.saving() > 0).collect();
    all.sort_by_key(|c| (c.sites[0], c.len));
    all
}

/// What becomes of an instruction.
#[derive(Clone, Copy)]
enum Fate {
    Stays,
    Goes,
    /// A call of the routine with this label takes its place.
    Calls(u64),
    /// A jump there does.
    Jumps(u64),
}

fn rewrite(text: &mut Text, units: &[Unit], chosen: &[&Candidate]) {
    let mut fates = vec![Fate::Stays; text.insts.len()];
    let mut routines: Vec<Instruction> = Vec::new();
    for candidate in chosen {
        let range = |site: u32| {
            let (first, last) = (units[site as usize], units[site as usize + candidate.len - 1]);
            first.at..last.at + last.len
        };
        let original = range(candidate.sites[0]);
        let mut sites = &candidate.sites[..];
        let fate = if candidate.end == Kind::Leave {
            sites = &sites[1..];
            Fate::Jumps(text.insts[original.start].ip())
        } else {
            let label = text.fresh();
            let mut routine = text.insts[original].to_vec();
            for (place, inst) in routine.iter_mut().enumerate() {
                inst.set_ip(if place == 0 { label } else { text.fresh() });
            }
            if let Some(last) = routine.last_mut().filter(|_| candidate.end == Kind::Call) {
                last.set_code(match last.code() {
                    Code::Call_rel32_64 => Code::Jmp_rel32_64,
                    _ => Code::Jmp_rm64,
                });
            } else {
                let mut ret = Instruction::with(Code::Retnq);
                ret.set_ip(text.fresh());
                routine.push(ret);
            }
            routines.extend(routine);
            Fate::Calls(label)
        };
        for &site in sites {
            let range = range(site);
            fates[range.start] = fate;
            fates[range.start + 1..range.end].fill(Fate::Goes);
        }
    }
    let insts = std::mem::take(&mut text.insts);
    for (inst, fate) in insts.into_iter().zip(fates) {
        let (code, to) = match fate {
            Fate::Goes => continue,
            Fate::Stays => {
                text.insts.push(inst);
                continue;
            }
            Fate::Calls(to) => (Code::Call_rel32_64, to),
            Fate::Jumps(to) => (Code::Jmp_rel32_64, to),
        };
        if let Ok(mut new) = Instruction::with_branch(code, to) {
            new.set_ip(inst.ip());
            text.insts.push(new);
        }
    }
    text.insts.extend(routines);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::x64::Calls;

    fn outlined(code: &[u8]) -> Vec<u8> {
        let mut text = Text::decode(code, 0, &Calls::new()).expect("the code is valid");
        // The first instruction is what the stub enters.
        text.insts[0].set_ip(0);
        outline(&mut text);
        text.encode().expect("the code encodes")
    }

    /// nop, three times `movzx edi, word [r14+16]; call [rbx-72]`, ret: a routine that
    /// jumps to the helper.
    #[test]
    fn calls_share_what_leads_to_them() {
        let once = [0x41, 0x0f, 0xb7, 0x7e, 0x10, 0xff, 0x53, 0xb8];
        let code = [&[0x90][..], &once, &[0x90], &once, &[0x90], &once, &once, &[0xc3]].concat();
        let done = outlined(&code);
        assert!(done.len() < code.len(), "{done:02x?}");
        // jmp [rbx-72]
        assert_eq!(done[done.len() - 3..], [0xff, 0x63, 0xb8]);
    }

    /// In a loop everything stays where it is.
    #[test]
    fn loops_are_left_alone() {
        let once = [0x41, 0x0f, 0xb7, 0x7e, 0x10, 0xff, 0x53, 0xb8];
        let back = [0xeb, 0xde];
        let code = [&[0x90][..], &once, &once, &once, &once, &back, &[0xc3]].concat();
        assert_eq!(outlined(&code)[..35], code[..35]);
    }

    /// The stack pointer is another in a routine, so what uses it stays.
    #[test]
    fn the_stack_is_left_alone() {
        let once = [0x48, 0x8b, 0x7c, 0x24, 0x10, 0x48, 0x8b, 0x74, 0x24, 0x18, 0xff, 0x53, 0xb8];
        let code = [&[0x90][..], &once, &once, &once, &[0xc3]].concat();
        assert_eq!(outlined(&code), code);
    }
}
