//! The walk of selection: what every instruction set does alike.

use std::collections::{HashMap, HashSet};

use cranelift_codegen::entity::SecondaryMap;
use cranelift_codegen::ir::{self, Function, InstructionData, Opcode, Value, ValueDef};
use regalloc2::{Block, RegClass, VReg};

use super::prepare::{Node, Prepared, calls, target};
use super::vcode::{MachBlock, MachInst, Opd, VCode, What};
use super::{Arg, Error, HELPER_ARGS, HelperCall, Helping, Isa, Reg};
use crate::clif::{Routine, named_slots};

/// An instruction with its operands, before it is placed.
type Draft<K> = (What<K>, Vec<Opd>);

/// Where a load or store goes.
#[derive(Clone, Copy, Debug)]
pub enum Address {
    /// Bytes from the start of CLIF's stack slots.
    Slot(u32),
    /// A constant from the helper table.
    Table(i32),
    /// A register and a constant.
    Base(Value, i32),
}

/// Selection under way; what instruction sets lower with.
pub struct Select<'a, I: Isa> {
    isa: &'a I,
    function: &'a Function,
    /// Registers of the values that were asked for.
    asked: SecondaryMap<Value, Option<VReg>>,
    uses: SecondaryMap<Value, u32>,
    /// Values that are arguments of blocks.
    passed: HashSet<Value>,
    /// Instructions that a consumer has absorbed though they have results.
    absorbed: HashSet<ir::Inst>,
    slots: SecondaryMap<ir::StackSlot, u32>,
    slot_bytes: u32,
    /// The parameter that is the helper table.
    table: Option<Value>,
    block: ir::Block,
    /// What the current instruction becomes, in order.
    drafts: Vec<Draft<I::Kind>>,
    vregs: usize,
    outgoing: u32,
}

impl<'a, I: Isa> Select<'a, I> {
    fn new(isa: &'a I, function: &'a Function, block: ir::Block) -> Self {
        let mut uses: SecondaryMap<Value, u32> = SecondaryMap::new();
        let named = named_slots(function);
        let mut passed = HashSet::new();
        for block in function.layout.blocks() {
            for call in calls(function, block) {
                passed.extend(call.args(&function.dfg.value_lists).filter_map(|a| a.as_value()));
            }
            for inst in function.layout.block_insts(block) {
                for value in function.dfg.inst_values(inst) {
                    uses[value] += 1;
                }
            }
        }
        let mut slots = SecondaryMap::new();
        let mut slot_bytes: u32 = 0;
        for (slot, data) in &function.sized_stack_slots {
            if !named.contains(&slot) {
                continue;
            }
            slots[slot] = slot_bytes;
            slot_bytes += data.size.next_multiple_of(isa.convention().word);
        }
        let table = function.special_param(ir::ArgumentPurpose::VMContext);
        Select {
            isa,
            function,
            table,
            asked: SecondaryMap::new(),
            uses,
            passed,
            absorbed: HashSet::new(),
            slots,
            slot_bytes,
            block,
            drafts: Vec::new(),
            vregs: 0,
            outgoing: 0,
        }
    }

    /// A new register.
    pub fn temp(&mut self) -> VReg {
        self.vregs += 1;
        VReg::new(self.vregs - 1, RegClass::Int)
    }

    /// The register of a value, which asks for the value. Constants are made anew.
    pub fn reg(&mut self, value: Value) -> VReg {
        let value = self.peel(value);
        if let Some(constant) = self.constant(value) {
            let to = self.temp();
            self.isa.constant(self, to, constant);
            return to;
        }
        self.ask(value)
    }

    fn ask(&mut self, value: Value) -> VReg {
        match self.asked[value] {
            Some(reg) => reg,
            None => {
                let reg = self.temp();
                self.asked[value] = Some(reg);
                reg
            }
        }
    }

    /// The value behind conversions that change nothing in a register.
    pub fn peel(&self, value: Value) -> Value {
        match self.data(value) {
            Some(InstructionData::Unary { opcode: Opcode::Uextend, arg })
            | Some(InstructionData::LoadNoOffset { opcode: Opcode::Bitcast, arg, .. }) => {
                self.peel(*arg)
            }
            _ => value,
        }
    }

    /// The register for an instruction's result, asked for or not.
    pub fn result(&mut self, inst: ir::Inst, index: usize) -> VReg {
        let value = self.function.dfg.inst_results(inst)[index];
        self.ask(value)
    }

    /// Whether anybody has asked for a result.
    pub fn wants(&self, inst: ir::Inst, index: usize) -> bool {
        let results = self.function.dfg.inst_results(inst);
        results.get(index).is_some_and(|v| self.asked[*v].is_some())
    }

    /// What an instruction is.
    pub fn inst(&self, inst: ir::Inst) -> &'a InstructionData {
        &self.function.dfg.insts[inst]
    }

    /// The instruction whose second result a value is.
    pub fn flag(&self, value: Value) -> Option<ir::Inst> {
        match self.function.dfg.value_def(value) {
            ValueDef::Result(inst, 1) => Some(inst),
            _ => None,
        }
    }

    /// The instruction whose first result a value is.
    pub fn definition(&self, value: Value) -> Option<ir::Inst> {
        match self.function.dfg.value_def(value) {
            ValueDef::Result(inst, 0) => Some(inst),
            _ => None,
        }
    }

    /// The same, as its data.
    pub fn data(&self, value: Value) -> Option<&'a InstructionData> {
        self.definition(value).map(|inst| self.inst(inst))
    }

    /// The type of a value, in bits.
    pub fn bits(&self, value: Value) -> u32 {
        self.function.dfg.value_type(value).bits()
    }

    /// The type of a first result, in bits.
    pub fn result_bits(&self, inst: ir::Inst) -> u32 {
        self.function.dfg.inst_results(inst).first().map_or(0, |v| self.bits(*v))
    }

    /// The constant that a value is, as its register holds it, if it is one that 32 bits
    /// and their sign tell.
    pub fn constant(&self, value: Value) -> Option<i32> {
        let inst = self.definition(self.peel(value))?;
        i32::try_from(self.iconst(inst)?).ok()
    }

    /// The constant of an `iconst`, as its register holds it, extended by sign.
    pub fn iconst(&self, inst: ir::Inst) -> Option<i64> {
        match self.inst(inst) {
            InstructionData::UnaryImm { opcode: Opcode::Iconst, imm } => {
                let unused = |bits: u32| 64 - bits.min(64);
                let (narrow, word) = (unused(self.result_bits(inst)), unused(self.word_bits()));
                let held = (imm.bits() as u64) << narrow >> narrow;
                Some((held << word) as i64 >> word)
            }
            _ => None,
        }
    }

    /// Bits of a word.
    pub fn word_bits(&self) -> u32 {
        8 * self.isa.convention().word
    }

    /// The value of an instruction that has one.
    pub fn first_result(&self, inst: ir::Inst) -> Value {
        self.function.dfg.first_result(inst)
    }

    /// Whether a value has one use in the whole function.
    pub fn sole(&self, value: Value) -> bool {
        self.uses[value] == 1
    }

    /// Both operands, a constant being the second.
    pub fn constant_last(&self, args: [Value; 2]) -> [Value; 2] {
        match self.constant(args[0]) {
            Some(_) => [args[1], args[0]],
            None => args,
        }
    }

    /// The instruction of which a branch at this block's end tests the second
    /// result, if the branch can do both: it is one of `opcodes`, and its first
    /// result is not needed before.
    pub fn absorb_overflow(&mut self, condition: Value, opcodes: &[Opcode]) -> Option<ir::Inst> {
        let dfg = &self.function.dfg;
        let ValueDef::Result(inst, 1) = dfg.value_def(condition) else { return None };
        if !opcodes.contains(&self.inst(inst).opcode())
            || self.function.layout.inst_block(inst) != Some(self.block)
            || !self.sole(condition)
        {
            return None;
        }
        let value = dfg.inst_results(inst)[0];
        let mut insts = self.function.layout.block_insts(self.block);
        if insts.any(|i| dfg.inst_args(i).contains(&value)) {
            return None;
        }
        self.absorbed.insert(inst);
        Some(inst)
    }

    /// Where `base + offset` points, seen through what computes it.
    pub fn address(&self, base: Value, offset: i32) -> Address {
        match self.data(base) {
            Some(InstructionData::StackAddr { stack_slot, offset: inner, .. }) => {
                let inner: i32 = (*inner).into();
                let at = self.slots[*stack_slot] as i32 + inner + offset;
                Address::Slot(at as u32)
            }
            Some(InstructionData::Binary { opcode: Opcode::Iadd, args }) => {
                let [left, right] = self.constant_last(*args);
                match self.constant(right) {
                    Some(more) => match offset.checked_add(more) {
                        Some(sum) => self.address(left, sum),
                        None => Address::Base(base, offset),
                    },
                    None => Address::Base(base, offset),
                }
            }
            _ if Some(base) == self.table => Address::Table(offset),
            _ => Address::Base(base, offset),
        }
    }

    /// Where in the helper table a value comes from.
    fn helper(&self, callee: Value) -> Option<i32> {
        match self.data(callee)? {
            InstructionData::Load { opcode: Opcode::Load, arg, offset, .. } => {
                match self.address(*arg, (*offset).into()) {
                    Address::Table(offset) => Some(offset),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The routine that an imported function is.
    fn routine(&self, callee: ir::FuncRef) -> Option<Routine> {
        match &self.function.dfg.ext_funcs[callee].name {
            ir::ExternalName::User(name) => {
                Routine::of_number(self.function.params.user_named_funcs()[*name].index)
            }
            _ => None,
        }
    }

    /// What a helper's argument is made of, if that is part of its call; the operands
    /// get what it reads.
    fn argument(&mut self, value: Value, operands: &mut Vec<Opd>) -> Arg {
        let constant = match self.bits(value) {
            // C has 32 bits extended by sign, whatever their type.
            32 => self.definition(value).and_then(|inst| self.iconst(inst)).map(|c| c as i32),
            _ => self.constant(value),
        };
        if let Some(constant) = constant {
            return Arg::Const(constant);
        }
        match self.data(value) {
            Some(InstructionData::StackAddr { .. }) => match self.address(value, 0) {
                Address::Slot(at) => Arg::Slot(at),
                _ => Arg::Ready,
            },
            Some(InstructionData::Load { opcode: Opcode::Uload16, arg, flags, offset })
                if self.function.dfg.mem_flags[*flags].readonly() =>
            {
                let base = self.reg(*arg);
                let offset: i32 = (*offset).into();
                let same = |o: &Opd| o.0.vreg() == base && !o.is_read();
                let operand = operands.iter().position(same).unwrap_or_else(|| {
                    operands.push(self.isa.name_base(base));
                    operands.len() - 1
                });
                Arg::Name { operand: operand as u8, offset: offset as u32 }
            }
            _ => Arg::Ready,
        }
    }

    /// The operand for a value in a certain register.
    fn placed(&mut self, value: Value, place: Reg) -> Opd {
        let reg = self.reg(value);
        let here = self.definition(self.peel(value)).is_some();
        if here && self.sole(self.peel(value)) {
            return Opd::read_in(reg, place);
        }
        // Where a value lives on, or comes from several places, it would be kept from its
        // register by this use, and by others.
        let copy = self.temp();
        self.drafts.push((What::Copy, vec![Opd::write(copy), Opd::read(reg)]));
        Opd::read_in(copy, place)
    }

    /// The operand for a call's result, and what brings it to a register of its own where it
    /// goes on to another block with values from elsewhere.
    fn given(&mut self, inst: ir::Inst, place: Reg) -> (Opd, Option<Draft<I::Kind>>) {
        let to = self.result(inst, 0);
        if !self.passed.contains(&self.first_result(inst)) {
            return (Opd::write_in(to, place), None);
        }
        let made = self.temp();
        let copy = (What::Copy, vec![Opd::write(to), Opd::read(made)]);
        (Opd::write_in(made, place), Some(copy))
    }

    fn call_helper(&mut self, inst: ir::Inst, callee: Helping, args: &[Value], returns: bool) {
        let result = self.isa.convention().result;
        let mut operands = Vec::new();
        let mut made = [Arg::Ready; HELPER_ARGS];
        for (made, &arg) in made.iter_mut().zip(args) {
            *made = self.argument(arg, &mut operands);
        }
        let call = HelperCall { callee, args: made, count: args.len() as u8 };
        for (i, &arg) in args.iter().enumerate() {
            if self.function.dfg.value_type(arg).is_float() {
                let float = self.reg(arg);
                self.isa.float_argument(self, float);
            }
            if made.get(i).is_none_or(|a| *a == Arg::Ready) {
                let place = self.isa.argument(&call, i);
                operands.push(self.placed(arg, place));
            }
        }
        let result = (returns && self.wants(inst, 0)).then(|| self.given(inst, result));
        operands.extend(result.iter().map(|(operand, _)| *operand));
        self.drafts.push((What::Helper(call), operands));
        self.drafts.extend(result.and_then(|(_, copy)| copy));
    }

    /// Adds an instruction behind those added for the same CLIF instruction.
    pub fn push(&mut self, kind: I::Kind, operands: &[Opd]) {
        self.drafts.push((What::Plain(kind), operands.to_vec()));
    }

    /// Ends the block.
    pub fn push_branch(&mut self, kind: I::Kind, operands: &[Opd]) {
        self.drafts.push((What::Branch(kind), operands.to_vec()));
    }

    fn call(&mut self, inst: ir::Inst, signature: ir::SigRef, args: &[Value]) {
        let convention = self.isa.convention();
        let (in_regs, result) = (convention.args, convention.result);
        let (callee, args) = (args[0], &args[1..]);
        let returns = !self.function.dfg.signatures[signature].returns.is_empty();
        if let Some(offset) = self.helper(callee)
            && args.len() <= in_regs.len().min(HELPER_ARGS)
        {
            return self.call_helper(inst, Helping::Table(offset), args, returns);
        }
        let mut operands = Vec::new();
        for (i, &arg) in args.iter().enumerate() {
            let reg = self.reg(arg);
            match in_regs.get(i) {
                Some(&place) => operands.push(Opd::read_in(reg, place)),
                None => {
                    let word = convention.word;
                    let offset = word * (i - in_regs.len()) as u32;
                    self.outgoing = self.outgoing.max(offset + word);
                    self.isa.outgoing(self, reg, offset);
                }
            }
        }
        let called = self.isa.call(callee, self);
        // The kind's own operands come first.
        let mut all = called.uses;
        all.append(&mut operands);
        let result = (returns && self.wants(inst, 0)).then(|| self.given(inst, result));
        all.extend(result.iter().map(|(operand, _)| *operand));
        self.drafts.push((What::Call(called.kind), all));
        self.drafts.extend(result.and_then(|(_, copy)| copy));
    }

    fn lower(&mut self, inst: ir::Inst) -> Result<(), Error> {
        let isa = self.isa;
        match self.inst(inst) {
            InstructionData::CallIndirect { sig_ref, args, .. } => {
                let args = args.as_slice(&self.function.dfg.value_lists).to_vec();
                self.call(inst, *sig_ref, &args);
            }
            InstructionData::Call { func_ref, args, .. } => {
                let args = args.as_slice(&self.function.dfg.value_lists).to_vec();
                let routine = self.routine(*func_ref).ok_or_else(|| unknown(self, inst))?;
                self.call_helper(inst, Helping::Routine(routine), &args, routine.returns());
            }
            // Control does not come to traps: they mark what follows a raise.
            InstructionData::Trap { .. } => self.drafts.push((What::Stop, Vec::new())),
            InstructionData::CondTrap { .. } => {}
            InstructionData::Jump { .. } => self.drafts.push((What::Jump, Vec::new())),
            InstructionData::Brif { arg, .. } => isa.branch(self, *arg)?,
            InstructionData::MultiAry { opcode: Opcode::Return, args } => {
                let args = args.as_slice(&self.function.dfg.value_lists);
                let result = isa.convention().result;
                let operands = match args {
                    [value] => vec![self.placed(*value, result)],
                    _ => Vec::new(),
                };
                self.drafts.push((What::Return, operands));
            }
            _ => isa.lower(self, inst)?,
        }
        Ok(())
    }

    /// Registers for the arguments of a target.
    fn arguments(&mut self, call: &ir::BlockCall) -> Vec<VReg> {
        let pool = &self.function.dfg.value_lists;
        let values: Vec<Value> = call.args(pool).filter_map(|a| a.as_value()).collect();
        values.into_iter().map(|v| self.reg(v)).collect()
    }
}

/// The error for an instruction that selection does not know.
pub fn unknown<I: Isa>(select: &Select<'_, I>, inst: ir::Inst) -> Error {
    Error::Instruction(select.function.dfg.display_inst(inst).to_string())
}

/// A block's instructions and the arguments of its targets.
struct Selected<K> {
    /// In reverse order.
    drafts: Vec<Draft<K>>,
    args: Vec<Vec<VReg>>,
}

/// Makes machine instructions of a function.
pub fn select<I: Isa>(isa: &I, prepared: &Prepared) -> Result<VCode<I>, Error> {
    let function = &prepared.function;
    let Some(&entry) = prepared.order.first() else {
        return Err(Error::Middle("no code".into()));
    };
    let mut select = Select::new(isa, function, entry);
    let mut selected: HashMap<Node, Selected<I::Kind>> = HashMap::new();
    for &block in prepared.order.iter().rev() {
        select.block = block;
        let targets = calls(function, block);
        let mut args = Vec::new();
        let mut before_end = Vec::new();
        for (index, call) in targets.iter().enumerate() {
            let values = select.arguments(call);
            let made = std::mem::take(&mut select.drafts);
            if prepared.split.contains(&(block, index)) {
                let mut drafts = made;
                drafts.push((What::Jump, Vec::new()));
                drafts.reverse();
                let node = Node::Edge(block, index);
                selected.insert(node, Selected { drafts, args: vec![values] });
                args.push(Vec::new());
            } else {
                before_end.extend(made);
                args.push(values);
            }
        }
        let mut drafts: Vec<Draft<I::Kind>> = Vec::new();
        for inst in function.layout.block_insts(block).rev() {
            let results = function.dfg.inst_results(inst);
            let wanted = results.iter().any(|v| select.asked[*v].is_some());
            let effect = function.dfg.insts[inst].opcode();
            let effect = effect.is_terminator()
                || effect.is_call()
                || effect.can_store()
                || effect.other_side_effects();
            if (wanted || effect) && !select.absorbed.contains(&inst) {
                select.lower(inst)?;
                drafts.extend(select.drafts.drain(..).rev());
            }
            if Some(inst) == function.layout.last_inst(block) {
                drafts.extend(before_end.drain(..).rev());
            }
        }
        if block == entry {
            drafts.push(params(&mut select, block));
        }
        selected.insert(Node::Clif(block), Selected { drafts, args });
    }
    Ok(assemble(select, prepared, selected))
}

/// The instruction that defines the parameters.
fn params<I: Isa>(select: &mut Select<'_, I>, entry: ir::Block) -> Draft<I::Kind> {
    let places = select.isa.convention().args;
    let values = select.function.dfg.block_params(entry).to_vec();
    let mut operands = Vec::new();
    for (value, &place) in values.into_iter().zip(places) {
        if select.asked[value].is_some() {
            operands.push(Opd::write_in(select.ask(value), place));
        }
    }
    (What::Params, operands)
}

fn assemble<I: Isa>(
    mut select: Select<'_, I>,
    prepared: &Prepared,
    mut selected: HashMap<Node, Selected<I::Kind>>,
) -> VCode<I> {
    let function = &prepared.function;
    let numbers: HashMap<Node, Block> =
        prepared.nodes.iter().enumerate().map(|(i, n)| (*n, Block::new(i))).collect();
    let mut vcode = VCode {
        insts: Vec::new(),
        operands: Vec::new(),
        blocks: Vec::new(),
        order: prepared.emission.iter().map(|node| numbers[node].index()).collect(),
        vregs: 0,
        clobbers: select.isa.convention().clobbers,
        outgoing: select.outgoing,
        slots: select.slot_bytes,
        pins: Vec::new(),
    };
    for (number, node) in prepared.nodes.iter().enumerate() {
        let mut block = MachBlock::default();
        let start = vcode.insts.len() as u32;
        if let Some(Selected { drafts, args }) = selected.remove(node) {
            block.args = args;
            for (what, operands) in drafts.into_iter().rev() {
                let first = vcode.operands.len() as u32;
                vcode.operands.extend(operands.iter().map(|o| o.0));
                let operands = first..vcode.operands.len() as u32;
                vcode.insts.push(MachInst { what, operands });
            }
        }
        block.insts = start..vcode.insts.len() as u32;
        match *node {
            Node::Clif(clif) => {
                for (index, call) in calls(function, clif).iter().enumerate() {
                    let to = match prepared.split.contains(&(clif, index)) {
                        true => Node::Edge(clif, index),
                        false => Node::Clif(target(function, call)),
                    };
                    block.succs.push(numbers[&to]);
                }
                if number > 0 {
                    let params = function.dfg.block_params(clif);
                    block.params = params.iter().map(|v| select.ask(*v)).collect();
                }
            }
            Node::Edge(from, index) => {
                let to = target(function, &calls(function, from)[index]);
                block.succs.push(numbers[&Node::Clif(to)]);
            }
        }
        vcode.blocks.push(block);
    }
    for from in 0..vcode.blocks.len() {
        for to in vcode.blocks[from].succs.clone() {
            vcode.blocks[to.index()].preds.push(Block::new(from));
        }
    }
    vcode.vregs = select.vregs;
    vcode.pin(select.isa);
    vcode
}
