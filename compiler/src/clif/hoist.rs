//! What a loop would ask of an object again and again is asked before it: how an
//! iterator steps, whether it counts through a range, and where a function that a local
//! holds is entered.
//!
//! An object keeps its type, so the answers stay right as long as the local or the
//! iterator is the same. They are values of the SSA builder, which does not bring them to
//! handlers or resumed generators: functions that have those ask each time.

use std::collections::BTreeMap;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{AbiParam, InstBuilder, Signature, Value};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::Variable;

use super::flow::makers;
use super::routine::{Routine, runs};
use super::{Lower, object};
use crate::bytecode::ir::{Args, Block, BlockId, Code, ITER_ENTRIES, Op};
use crate::hir::VarId;

/// Instructions that a call saves where its function's entry is known, and that it takes to
/// find it.
const SAVED: f64 = 17.0;
const ASKING: f64 = 20.0;

/// Instructions of a step that a loop over a range saves where it counts itself, and bytes
/// that this takes.
const COUNTING: f64 = 15.0;
const COUNTER: f64 = 75.0;

/// What was asked.
#[derive(Default)]
pub struct Hoisted {
    /// Where the function in a local is entered, by slot.
    callees: BTreeMap<usize, Variable>,
    /// Of the iterator at a place of the stack.
    steppers: BTreeMap<usize, Stepper>,
}

/// How a loop goes on.
#[derive(Clone, Copy)]
struct Stepper {
    iterator: Variable,
    /// What gives its next item.
    step: Variable,
    counter: Option<Counter>,
}

/// Small integers as objects: what comes behind `last` is the next item as long as it is
/// less than `stop`.
#[derive(Clone, Copy)]
struct Counter {
    last: Variable,
    stop: Variable,
}

/// How often a local is called and stored, in a run.
#[derive(Clone, Copy, Default)]
struct Use {
    calls: f64,
    stores: f64,
    sites: u32,
}

/// The locals whose functions are called where they were loaded.
fn uses(code: &Code, depths: &[u32], slots: impl Fn(VarId) -> usize) -> BTreeMap<usize, Use> {
    let mut uses: BTreeMap<usize, Use> = BTreeMap::new();
    for &id in &code.order {
        let block = code.block(id);
        if block.depth == Block::UNREACHED {
            continue;
        }
        let times = runs(depths[id.index()]);
        let body = code.body(id);
        for (inst, taken) in body.iter().zip(makers(body)) {
            match inst.op {
                Op::StoreFast(var) => uses.entry(slots(var)).or_default().stores += times,
                Op::Call(args) if taken.len() > args.entries() as usize => {
                    let function = taken[taken.len() - 1 - args.entries() as usize];
                    if let Some(Op::LoadFast(var) | Op::LoadBound(var)) =
                        function.map(|maker| body[maker].op)
                    {
                        let used = uses.entry(slots(var)).or_default();
                        used.calls += times;
                        used.sites += 1;
                    }
                }
                _ => {}
            }
        }
    }
    uses
}

impl Lower<'_> {
    /// Chooses what is asked beforehand.
    pub fn hoist(&mut self) {
        if self.framed() || self.viper {
            return;
        }
        let frame = self.input.frame;
        let params = super::entry::positional(self.input);
        let mut called = uses(self.code, &self.depths, |var| frame.slot(var) as usize);
        called.retain(|slot, used| {
            let given = if *slot < params { 1.0 } else { 0.0 };
            used.calls * SAVED > (used.stores + given) * ASKING
        });
        for used in called.values() {
            self.routines.count(Routine::Entry, used.sites, used.calls);
        }
        if !self.has_routine(Routine::Entry) {
            return;
        }
        for (slot, used) in called {
            self.routines.uncount(Routine::Call, used.sites, used.calls);
            let variable = self.word_var();
            self.hoisted.callees.insert(slot, variable);
            if slot < params {
                let value = self.load_slot(slot);
                self.ask_entry(slot, value);
            }
        }
    }

    /// Asks where the function that a local is given is entered.
    pub fn ask_entry(&mut self, slot: usize, value: Value) {
        if let Some(&variable) = self.hoisted.callees.get(&slot) {
            let entry = self.routine_value(Routine::Entry, &[value]);
            self.b.def_var(variable, entry);
        }
    }

    /// Where a function is entered that a local still holds.
    pub fn entry_of(&mut self, function: Value) -> Option<Value> {
        let (_, variable) = self.hoisted.callees.clone().into_iter().find(|&(slot, _)| {
            let value = self.load_slot(slot);
            let dfg = &self.b.func.dfg;
            dfg.resolve_aliases(value) == dfg.resolve_aliases(function)
        })?;
        Some(self.b.use_var(variable))
    }

    /// Calls a function where it is entered.
    pub fn enter_function(
        &mut self,
        entry: Value,
        function: Value,
        args: Args,
        items: Value,
    ) -> Value {
        let positional = self.iconst(i64::from(args.positional));
        let keyword = self.iconst(i64::from(args.keyword));
        // What is no function of its own is called by a part of the routine.
        let mut all = vec![function, positional, keyword, items];
        if !self.input.abi.table_register {
            all.push(self.base.table);
        }
        self.call_entry(entry, &all)
    }

    /// Asks how the iterator of an object steps, which the runtime has just put to a
    /// place of the stack.
    pub fn ask_stepper(&mut self, place: usize, object: Value, buffer: Value) {
        if self.framed() || !self.has_routine(Routine::Stepper) {
            return;
        }
        // It is there, or its object is in the second word.
        let first = self.state_load(place);
        let second = self.state_load(place + 1);
        let tag = self.b.ins().band_imm_u(second, 3);
        let here = self.b.ins().bor(first, tag);
        let iterator = self.b.ins().select(here, buffer, second);
        let step = self.routine_value(Routine::Stepper, &[iterator]);
        let stepper = match self.hoisted.steppers.get(&place) {
            Some(stepper) => *stepper,
            None => {
                let (iterator, step) = (self.word_var(), self.word_var());
                let times = runs(self.depths[self.current.index()] + 1);
                let local = matches!(self.before, Some(Op::LoadFast(_) | Op::LoadBound(_)));
                let counts = local && self.worth(times, COUNTING, COUNTER);
                let counter =
                    counts.then(|| Counter { last: self.word_var(), stop: self.word_var() });
                let stepper = Stepper { iterator, step, counter };
                self.hoisted.steppers.insert(place, stepper);
                stepper
            }
        };
        self.b.def_var(stepper.iterator, iterator);
        self.b.def_var(stepper.step, step);
        if let Some(counter) = stepper.counter {
            self.ask_range(place, object, counter);
        }
    }

    fn word_var(&mut self) -> Variable {
        self.b.declare_var(self.word)
    }

    /// Asks whether an object, whose iterator is at a place of the stack, is a range of
    /// small integers with a step of one. If so, its iterator is left at its end.
    fn ask_range(&mut self, place: usize, object: Value, counter: Counter) {
        let word = self.word;
        let [heap, range, done] = std::array::from_fn(|_| self.b.create_block());
        self.b.append_block_param(done, word);
        self.b.append_block_param(done, word);
        let none = self.iconst(0).into();
        let tag = self.b.ins().band_imm_u(object, 3);
        self.b.ins().brif(tag, done, &[none, none], heap, &[]);

        self.b.switch_to_block(heap);
        let kind = self.load(object, 0);
        // The flags of its type, and above them the name.
        let kind = self.load_u32(Self::flags(), kind, self.bytes(1));
        let [next, stop, step] = [object::RANGE_AT, object::RANGE_STOP, object::RANGE_STEP]
            .map(|words| self.state_load(place + words as usize));
        let wrong = [(kind, object::RANGE), (step, 1)]
            .map(|(value, wanted)| self.b.ins().bxor_imm_u(value, i64::from(wanted)));
        let twice = [next, stop].map(|value| self.b.ins().iadd(value, value));
        let lost = [(next, twice[0]), (stop, twice[1])]
            .map(|(value, twice)| self.b.ins().bxor(value, twice));
        let lost = self.b.ins().bor(lost[0], lost[1]);
        let lost = self.b.ins().sshr_imm_s(lost, i64::from(word.bits()) - 1);
        let wrong = self.b.ins().bor(wrong[0], wrong[1]);
        let wrong = self.b.ins().bor(wrong, lost);
        self.b.ins().brif(wrong, done, &[none, none], range, &[]);

        self.b.switch_to_block(range);
        self.state_store(place + object::RANGE_AT as usize, stop);
        let last = self.b.ins().iadd_imm_s(twice[0], -1);
        let stop = self.b.ins().iadd_imm_s(twice[1], 1);
        self.b.ins().jump(done, &[last.into(), stop.into()]);

        self.b.switch_to_block(done);
        let &[last, stop] = self.b.block_params(done) else { return };
        self.b.def_var(counter.last, last);
        self.b.def_var(counter.stop, stop);
    }

    /// The next item of the iterator at a place of the stack, where that was asked.
    pub fn step(&mut self, place: usize) -> Option<Value> {
        let Stepper { iterator, step, .. } = *self.hoisted.steppers.get(&place)?;
        let iterator = self.b.use_var(iterator);
        let step = self.b.use_var(step);
        Some(self.call_entry(step, &[iterator]))
    }

    /// Ends a block with the next item of the iterator on top of the stack, where a range
    /// was asked for.
    pub fn step_range(&mut self, body: BlockId, exit: BlockId) -> bool {
        let place = self.stack.len() - ITER_ENTRIES as usize;
        let Some(counter) = self.hoisted.steppers.get(&place).and_then(|s| s.counter) else {
            return false;
        };
        self.hand_on(exit, place);
        let [counts, asks, found] = std::array::from_fn(|_| self.b.create_block());
        let word = self.word;
        let item = self.b.append_block_param(found, word);
        let (last, stop) = (self.b.use_var(counter.last), self.b.use_var(counter.stop));
        let next = self.b.ins().iadd_imm_s(last, 2);
        let less = self.b.ins().icmp(IntCC::SignedLessThan, next, stop);
        self.b.ins().brif(less, counts, &[], asks, &[]);

        self.b.switch_to_block(counts);
        self.b.def_var(counter.last, next);
        self.b.ins().jump(found, &[next.into()]);

        self.b.switch_to_block(asks);
        let asked = self.step(place).unwrap_or(next);
        let exit = self.blocks[exit.index()];
        self.b.ins().brif(asked, found, &[asked.into()], exit, &[]);

        self.b.switch_to_block(found);
        self.push_object(item);
        self.jump(body);
        true
    }

    /// Calls code that gives a word.
    fn call_entry(&mut self, entry: Value, args: &[Value]) -> Value {
        let word = self.word;
        let mut signature = Signature::new(CallConv::SystemV);
        signature.params = vec![AbiParam::new(word); args.len()];
        signature.returns = vec![AbiParam::new(word)];
        let signature = self.b.import_signature(signature);
        let inst = self.b.ins().call_indirect(signature, entry, args);
        self.b.inst_results(inst)[0]
    }
}
