//! What a loop would ask of an object again and again is asked before it: how an
//! iterator steps, and where a function that a local holds is entered.
//!
//! An object keeps its type, so the answers stay right as long as the local or the
//! iterator is the same. They are values of the SSA builder, which does not bring them to
//! handlers or resumed generators: functions that have those ask each time.

use std::collections::BTreeMap;

use cranelift_codegen::ir::{AbiParam, InstBuilder, Signature, Value};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::Variable;

use super::Lower;
use super::routine::{Routine, runs};
use crate::bytecode::ir::{Args, Block, Code, Op};
use crate::hir::VarId;

/// Instructions that a call saves where its function's entry is known, and that it takes to
/// find it.
const SAVED: f64 = 17.0;
const ASKING: f64 = 20.0;

/// What was asked.
#[derive(Default)]
pub struct Hoisted {
    /// Where the function in a local is entered, by slot.
    callees: BTreeMap<usize, Variable>,
    /// Of the iterator at a place of the stack, what to step it with, and on what.
    steppers: BTreeMap<usize, (Variable, Variable)>,
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
        // Which locals the entries are that this block has pushed.
        let mut made: Vec<Option<usize>> = Vec::new();
        for inst in code.body(id) {
            let effect = inst.op.effect();
            let taken = made.split_off(made.len().saturating_sub(effect.takes as usize));
            let mut loaded = None;
            match inst.op {
                Op::LoadFast(var) | Op::LoadBound(var) => loaded = Some(slots(var)),
                Op::StoreFast(var) => uses.entry(slots(var)).or_default().stores += times,
                Op::Call(args) if taken.len() > args.entries() as usize => {
                    if let Some(slot) = taken[taken.len() - 1 - args.entries() as usize] {
                        let used = uses.entry(slot).or_default();
                        used.calls += times;
                        used.sites += 1;
                    }
                }
                _ => {}
            }
            made.resize(made.len() + effect.leaves as usize, loaded);
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
            let variable = self.b.declare_var(self.word);
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

    /// Asks how the iterator at a place of the stack steps, which the runtime has just
    /// put there.
    pub fn ask_stepper(&mut self, place: usize, buffer: Value) {
        if self.framed() || !self.has_routine(Routine::Stepper) {
            return;
        }
        // It is there, or its object is in the second word.
        let first = self.state_load(place);
        let object = self.state_load(place + 1);
        let tag = self.b.ins().band_imm_u(object, 3);
        let here = self.b.ins().bor(first, tag);
        let iterator = self.b.ins().select(here, buffer, object);
        let stepper = self.routine_value(Routine::Stepper, &[iterator]);
        let word = self.word;
        let (to_step, to_call) = match self.hoisted.steppers.get(&place) {
            Some(variables) => *variables,
            None => {
                let variables = (self.b.declare_var(word), self.b.declare_var(word));
                self.hoisted.steppers.insert(place, variables);
                variables
            }
        };
        self.b.def_var(to_step, iterator);
        self.b.def_var(to_call, stepper);
    }

    /// The next item of the iterator at a place of the stack, where that was asked.
    pub fn step(&mut self, place: usize) -> Option<Value> {
        let (to_step, to_call) = *self.hoisted.steppers.get(&place)?;
        let iterator = self.b.use_var(to_step);
        let stepper = self.b.use_var(to_call);
        Some(self.call_entry(stepper, &[iterator]))
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
