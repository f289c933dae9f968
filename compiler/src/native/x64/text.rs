//! Machine code as a list of instructions, which can be changed and written back.
//!
//! An instruction's address serves as its label: branches name the address of
//! their target, as decoded, and the encoder gives both their final places. It
//! also chooses the short form of a branch where the target is near.

use std::collections::HashMap;

use iced_x86::{
    BlockEncoder, BlockEncoderOptions, Code, Decoder, DecoderOptions, FlowControl, Instruction,
    InstructionBlock, InstructionInfoFactory, OpAccess, OpKind, Register,
};
use mpy_format::Helper;

use super::{Calls, routine};

/// A set of the sixteen general registers, by number.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Regs(u16);

impl Regs {
    /// The set of a register that is a general one, of any width; else none.
    pub fn of(register: Register) -> Self {
        let full = register.full_register();
        if full.is_gpr64() { Self(1 << full.number()) } else { Self(0) }
    }

    pub fn all(registers: &[Register]) -> Self {
        registers.iter().fold(Self(0), |set, &r| set.with(Self::of(r)))
    }

    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Registers that a call may change, that of the result first.
const CALLER_SAVED: &[Register] = &[
    Register::RAX,
    Register::RCX,
    Register::RDX,
    Register::RSI,
    Register::RDI,
    Register::R8,
    Register::R9,
    Register::R10,
    Register::R11,
];

/// Registers that arguments come in; no helper has more than four, and the table may come
/// behind them.
const ARGUMENTS: &[Register] =
    &[Register::RDI, Register::RSI, Register::RDX, Register::RCX, Register::R8];

/// Registers that a caller finds as they were, and the result.
const AT_RETURN: &[Register] = &[
    Register::RAX,
    Register::RBX,
    Register::RBP,
    Register::RSP,
    Register::R12,
    Register::R13,
    Register::R14,
    Register::R15,
];

/// What an instruction does to registers.
#[derive(Clone, Copy, Default)]
pub struct Effect {
    /// It depends on these.
    pub reads: Regs,
    /// It gives these a value that depends on no value they had.
    pub sets: Regs,
    /// It may change these, or parts of them.
    pub changes: Regs,
}

/// A function's instructions.
pub struct Text {
    pub insts: Vec<Instruction>,
    info: InstructionInfoFactory,
    fresh: u64,
    /// Constants that lie behind the code, and the address that it has for them.
    pool: Vec<u8>,
    pool_label: u64,
    /// What was added to the address of the helper table, in bytes.
    table_bias: u32,
}

/// Labels of instructions that were not decoded start here.
const FRESH: u64 = 1 << 32;

/// Where code is encoded: above all labels, so that no address is one.
const BASE: u64 = 1 << 46;

/// Labels of stubs start here.
pub const STUB: u64 = 1 << 40;

impl Text {
    /// No instructions yet; labels are above `fresh`.
    pub fn new(fresh: u64) -> Self {
        let info = InstructionInfoFactory::new();
        Self { insts: Vec::new(), info, fresh, pool: Vec::new(), pool_label: 0, table_bias: 0 }
    }

    /// A label that no instruction has.
    pub fn fresh(&mut self) -> u64 {
        self.fresh += 1;
        self.fresh
    }

    /// Decodes code and the constants behind it; labels are offsets. It reaches the
    /// helper table through a pointer that `table_bias` was added to, and calls routines
    /// where `calls` says. `None` where something is no instruction.
    pub fn decode(code: &[u8], table_bias: u32, calls: &Calls) -> Option<Self> {
        let mut text = Self { table_bias, ..Self::new(FRESH) };
        let mut end = code.len() as u64;
        let mut decoder = Decoder::with_ip(64, code, 0, DecoderOptions::NONE);
        while decoder.ip() < end {
            let mut inst = decoder.decode();
            if let Some(routine) = calls.get(&inst.ip()) {
                inst.set_near_branch64(routine::label(*routine));
            }
            if inst.is_ip_rel_memory_operand() {
                end = end.min(inst.memory_displacement64());
            }
            if inst.is_invalid() {
                return None;
            }
            text.insts.push(inst);
        }
        // What aligns the constants was read as well.
        while text.insts.last().is_some_and(Self::falls_through) {
            text.insts.pop();
        }
        text.pool_label = end;
        text.pool = code.get(end as usize..)?.to_vec();
        text.multipliers();
        Some(text)
    }

    /// Multiplications by a constant in memory get it as their own; the upper half of
    /// the product is not used by anything Cranelift makes of our operations.
    fn multipliers(&mut self) {
        for inst in &mut self.insts {
            if inst.code() != Code::Imul_rm64 || !inst.is_ip_rel_memory_operand() {
                continue;
            }
            let at = inst.memory_displacement64().wrapping_sub(self.pool_label) as usize;
            let constant = self
                .pool
                .get(at..at.saturating_add(8))
                .and_then(|bytes| bytes.try_into().ok())
                .map(i64::from_le_bytes);
            let Some(Ok(constant)) = constant.map(i32::try_from) else { continue };
            let code = match i8::try_from(constant) {
                Ok(_) => Code::Imul_r64_rm64_imm8,
                Err(_) => Code::Imul_r64_rm64_imm32,
            };
            let new = Instruction::with3(code, Register::RAX, Register::RAX, constant);
            if let Ok(mut new) = new {
                new.set_ip(inst.ip());
                *inst = new;
            }
        }
        if !self.insts.iter().any(|inst| inst.is_ip_rel_memory_operand()) {
            self.pool.clear();
        }
    }

    /// Puts another text's code behind this one's.
    pub fn append(&mut self, other: Text) {
        self.insts.extend(other.insts);
        self.pool = other.pool;
        self.pool_label = other.pool_label;
    }

    /// The code, position-independent.
    ///
    /// # Errors
    /// The encoder's message for an instruction that cannot be.
    pub fn encode(&mut self) -> Result<Vec<u8>, String> {
        let mut code = self.encoded()?;
        if !self.pool.is_empty() {
            // The addresses of constants do not change the length of the code.
            let at = code.len().next_multiple_of(8);
            for inst in &mut self.insts {
                if inst.is_ip_rel_memory_operand() {
                    let constant = inst.memory_displacement64().wrapping_sub(self.pool_label);
                    inst.set_memory_displacement64(BASE + at as u64 + constant);
                }
            }
            code = self.encoded()?;
            code.resize(at, 0);
            code.extend(&self.pool);
        }
        Ok(code)
    }

    fn encoded(&self) -> Result<Vec<u8>, String> {
        let block = InstructionBlock::new(&self.insts, BASE);
        BlockEncoder::encode(64, block, BlockEncoderOptions::NONE)
            .map(|done| done.code_buffer)
            .map_err(|error| error.to_string())
    }

    /// The target of a jump.
    pub fn target(inst: &Instruction) -> Option<u64> {
        (inst.is_jcc_short_or_near() || inst.is_jmp_short_or_near())
            .then(|| inst.near_branch_target())
    }

    /// The target of a call inside the function.
    pub fn routine(inst: &Instruction) -> Option<u64> {
        inst.is_call_near().then(|| inst.near_branch_target())
    }

    /// Whether the next instruction in memory can be reached from this one.
    pub fn falls_through(inst: &Instruction) -> bool {
        !matches!(
            inst.flow_control(),
            FlowControl::UnconditionalBranch
                | FlowControl::IndirectBranch
                | FlowControl::Return
                | FlowControl::Exception
        )
    }

    /// Places by label.
    pub fn places(&self) -> HashMap<u64, usize> {
        self.insts.iter().enumerate().map(|(at, inst)| (inst.ip(), at)).collect()
    }

    /// Which instructions jumps lead to.
    pub fn targets(&self) -> Vec<bool> {
        let places = self.places();
        let mut targets = vec![false; self.insts.len()];
        for inst in &self.insts {
            if let Some(&at) = Self::target(inst).and_then(|to| places.get(&to)) {
                targets[at] = true;
            }
        }
        targets
    }

    /// Takes instructions out; jumps to one of them lead to what follows it.
    pub fn remove(&mut self, gone: &[bool]) {
        let mut moved = HashMap::new();
        let mut next = 0;
        for (inst, &gone) in self.insts.iter().zip(gone).rev() {
            if gone {
                moved.insert(inst.ip(), next);
            } else {
                next = inst.ip();
            }
        }
        let mut gone = gone.iter();
        self.insts.retain(|_| !gone.next().is_some_and(|g| *g));
        for inst in &mut self.insts {
            if let Some(&to) = Self::target(inst).and_then(|to| moved.get(&to)) {
                inst.set_near_branch64(to);
            }
        }
    }

    /// How many arguments a call has at most.
    fn arguments(&self, call: &Instruction) -> usize {
        if call.op0_kind() != OpKind::Memory || call.memory_base() == Register::RSP {
            // Routines are given the helper table too.
            let called = Self::routine(call).and_then(routine::of_label);
            return called.map_or(ARGUMENTS.len(), |routine| routine.params() + 1);
        }
        let offset = call.memory_displacement64().wrapping_add(u64::from(self.table_bias));
        let helper = u32::try_from(offset / 8).ok().and_then(Helper::from_index);
        helper.map_or(ARGUMENTS.len(), |helper| helper.params().len().min(ARGUMENTS.len()))
    }

    /// What an instruction does to registers.
    pub fn effect(&mut self, inst: &Instruction) -> Effect {
        let mut effect = Effect::default();
        for used in self.info.info(inst).used_registers() {
            let register = Regs::of(used.register());
            let (reads, changes) = match used.access() {
                OpAccess::None | OpAccess::NoMemAccess => (false, false),
                OpAccess::Read | OpAccess::CondRead => (true, false),
                OpAccess::Write => (false, true),
                _ => (true, true),
            };
            if reads {
                effect.reads = effect.reads.with(register);
            }
            if changes {
                effect.changes = effect.changes.with(register);
            }
            // Setting the low half clears the high one; less leaves the rest as it was.
            if changes && !reads && used.register().size() >= 4 {
                effect.sets = effect.sets.with(register);
            }
        }
        match inst.flow_control() {
            FlowControl::IndirectCall | FlowControl::Call => {
                let count = self.arguments(inst);
                effect.reads = effect.reads.with(Regs::all(&ARGUMENTS[..count]));
                effect.sets = effect.sets.with(Regs::all(CALLER_SAVED));
                effect.changes = effect.changes.with(effect.sets);
            }
            FlowControl::Return => effect.reads = effect.reads.with(Regs::all(AT_RETURN)),
            _ => {}
        }
        effect
    }

    /// The registers whose values are still wanted behind each instruction.
    pub fn live(&mut self) -> Vec<Regs> {
        let places = self.places();
        let insts = self.insts.clone();
        let effects: Vec<Effect> = insts.iter().map(|inst| self.effect(inst)).collect();
        let falls: Vec<bool> = insts.iter().map(Self::falls_through).collect();
        let target = |inst| Self::target(inst).and_then(|to| places.get(&to).copied());
        let targets: Vec<Option<usize>> = insts.iter().map(target).collect();
        let mut sources = vec![Vec::new(); insts.len()];
        for (at, to) in targets.iter().enumerate() {
            if let Some(to) = to {
                sources[*to].push(at);
            }
        }
        // What a call leaves there is of no use, but for the result.
        let lost = Regs::all(&CALLER_SAVED[1..]);
        let is_call = |inst: &Instruction| {
            matches!(inst.flow_control(), FlowControl::IndirectCall | FlowControl::Call)
        };
        let mut before = vec![Regs::default(); insts.len()];
        let mut behind = before.clone();
        // From the end on; again where what comes next has changed.
        let mut work: Vec<usize> = (0..insts.len()).collect();
        let mut waits = vec![true; insts.len()];
        while let Some(at) = work.pop() {
            waits[at] = false;
            let mut wanted = Regs::default();
            if falls[at] {
                wanted = before.get(at + 1).copied().unwrap_or_default();
            }
            if let Some(to) = targets[at] {
                wanted = wanted.with(before[to]);
            }
            if is_call(&insts[at]) {
                wanted = wanted.without(lost);
            }
            behind[at] = wanted;
            let wanted = wanted.without(effects[at].sets).with(effects[at].reads);
            if wanted != before[at] {
                before[at] = wanted;
                let above = at.checked_sub(1).filter(|above| falls[*above]);
                for from in sources[at].iter().copied().chain(above) {
                    if !std::mem::replace(&mut waits[from], true) {
                        work.push(from);
                    }
                }
            }
        }
        behind
    }

    /// Which instructions are part of a loop: they can be reached from themselves.
    pub fn loops(&self) -> Vec<bool> {
        let places = self.places();
        let count = self.insts.len();
        let next = |at: usize, edge: usize| {
            let inst = &self.insts[at];
            match edge {
                0 => Self::target(inst).and_then(|to| places.get(&to).copied()),
                _ => (Self::falls_through(inst) && at + 1 < count).then_some(at + 1),
            }
        };
        // Tarjan's components. `low` is the earliest instruction that is known to be
        // reached; one that is done belongs to no open component any more.
        const DONE: usize = usize::MAX;
        let mut inside = vec![false; count];
        let mut order: Vec<Option<usize>> = vec![None; count];
        let mut low = vec![0; count];
        let (mut component, mut way) = (Vec::new(), Vec::new());
        let mut number = 0;
        for root in 0..count {
            if order[root].is_some() {
                continue;
            }
            way.push((root, 0));
            while let Some((at, edge)) = way.pop() {
                if edge == 0 {
                    order[at] = Some(number);
                    low[at] = number;
                    number += 1;
                    component.push(at);
                }
                if edge < 2 {
                    way.push((at, edge + 1));
                    match next(at, edge) {
                        Some(to) if order[to].is_none() => way.push((to, 0)),
                        Some(to) if low[to] != DONE => {
                            low[at] = low[at].min(order[to].unwrap_or(DONE));
                            inside[at] |= to == at;
                        }
                        _ => {}
                    }
                    continue;
                }
                if order[at] == Some(low[at]) {
                    let first = component.iter().rposition(|&c| c == at).unwrap_or(0);
                    let looped = component.len() - first > 1;
                    for place in component.drain(first..) {
                        inside[place] |= looped;
                        low[place] = DONE;
                    }
                }
                if let Some(&(outer, _)) = way.last()
                    && low[at] != DONE
                {
                    low[outer] = low[outer].min(low[at]);
                }
            }
        }
        inside
    }
}
