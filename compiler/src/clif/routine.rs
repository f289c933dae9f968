//! Operations that a function has several times, as routines at the end of it.
//!
//! The inline path of an addition is seven times as long as the call of a routine
//! that does the same. So where the back end has routines, an operation of which
//! a function has several calls one, and only a single one in a loop is inline.
//!
//! Other routines look into objects, as [`super::object`] tells, where otherwise the
//! runtime would be called: a function has one where what it saves, as often as the
//! function is taken to run, is worth its bytes.
//!
//! A routine is named in CLIF as an imported function; the back end writes it.

use std::collections::HashMap;

use cranelift_codegen::ir::{
    AbiParam, ExtFuncData, ExternalName, FuncRef, InstBuilder, Signature, UserExternalName, Value,
};
use cranelift_codegen::isa::CallConv;
use mpy_format::{BinaryOp, Helper};

use super::Lower;
use crate::bytecode::ir::{Block, Code, Op, Term};

/// A routine. The operations have the operands and the result of
/// [`Helper::BinaryOp`](mpy_format::Helper::BinaryOp) without the number; comparisons
/// give a truth instead: a word that is not zero where it holds. The others have those of
/// the helper that they stand for, but a method's call has the arguments' numbers in one
/// word, as the call of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Routine {
    Binary(BinaryOp),
    Compare(BinaryOp),
    /// `object[index]`
    LoadSubscr,
    /// `object[index] = value`
    StoreSubscr,
    LoadAttr,
    StoreAttr,
    LoadMethod,
    Call,
    CallMethod,
    /// The next item of an iterator
    Next,
    /// Where a function is entered: what the address of which this is takes the function,
    /// the numbers of positional and keyword arguments, and where they lie
    Entry,
    /// What gives the next item of an iterator, which lies at an address
    Stepper,
}

/// Those that there are; a routine's number is its place here.
const ALL: [Routine; 28] = [
    Routine::Binary(BinaryOp::Add),
    Routine::Binary(BinaryOp::Subtract),
    Routine::Binary(BinaryOp::Multiply),
    Routine::Binary(BinaryOp::And),
    Routine::Binary(BinaryOp::Or),
    Routine::Binary(BinaryOp::Xor),
    Routine::Binary(BinaryOp::InplaceAdd),
    Routine::Binary(BinaryOp::InplaceSubtract),
    Routine::Binary(BinaryOp::InplaceMultiply),
    Routine::Binary(BinaryOp::InplaceAnd),
    Routine::Binary(BinaryOp::InplaceOr),
    Routine::Binary(BinaryOp::InplaceXor),
    Routine::Compare(BinaryOp::Less),
    Routine::Compare(BinaryOp::More),
    Routine::Compare(BinaryOp::Equal),
    Routine::Compare(BinaryOp::LessEqual),
    Routine::Compare(BinaryOp::MoreEqual),
    Routine::Compare(BinaryOp::NotEqual),
    Routine::LoadSubscr,
    Routine::StoreSubscr,
    Routine::LoadAttr,
    Routine::StoreAttr,
    Routine::LoadMethod,
    Routine::Call,
    Routine::CallMethod,
    Routine::Next,
    Routine::Entry,
    Routine::Stepper,
];

impl Routine {
    /// The routine of a number.
    pub fn of_number(number: u32) -> Option<Routine> {
        ALL.get(number as usize).copied()
    }

    pub fn number(self) -> Option<u32> {
        ALL.iter().position(|r| *r == self).map(|i| i as u32)
    }

    /// Number of arguments.
    pub fn params(self) -> usize {
        match self {
            Routine::StoreSubscr | Routine::StoreAttr | Routine::LoadMethod | Routine::Call => 3,
            Routine::Next | Routine::Entry | Routine::Stepper => 1,
            _ => 2,
        }
    }

    /// The registers of arguments that are left free before those of the routine: what it
    /// gives on to the runtime has an argument more there.
    pub fn skips(self) -> usize {
        let skips = matches!(self, Routine::Binary(_) | Routine::Compare(_) | Routine::CallMethod);
        usize::from(skips)
    }

    /// Of one that looks into objects, about how many instructions it saves and how many
    /// bytes it takes. The others are shorter than what they replace.
    fn pays(self) -> Option<(f64, f64)> {
        match self {
            Routine::LoadAttr => Some((60.0, 48.0)),
            Routine::StoreAttr => Some((70.0, 58.0)),
            Routine::LoadMethod => Some((130.0, 110.0)),
            Routine::Call => Some((24.0, 40.0)),
            Routine::CallMethod => Some((24.0, 56.0)),
            Routine::Next => Some((22.0, 46.0)),
            Routine::Entry => Some((41.0, 60.0)),
            Routine::Stepper => Some((35.0, 46.0)),
            Routine::LoadSubscr => Some((85.0, 76.0)),
            Routine::StoreSubscr => Some((90.0, 72.0)),
            Routine::Binary(_) | Routine::Compare(_) => None,
        }
    }

    /// Bytes around a call of it, beyond those of what it replaces.
    fn around(self) -> f64 {
        if self == Routine::Stepper { 14.0 } else { 0.0 }
    }

    /// Whether it has a result.
    pub fn returns(self) -> bool {
        !matches!(self, Routine::StoreSubscr | Routine::StoreAttr | Routine::LoadMethod)
    }

    /// The routine for an instruction, as the first of what it may become.
    fn of(op: Op) -> Option<Routine> {
        let routine = match op {
            Op::Binary(op) if op.is_comparison() => Routine::Compare(op),
            Op::Binary(op) => Routine::Binary(op),
            Op::LoadSubscr => Routine::LoadSubscr,
            Op::StoreSubscr => Routine::StoreSubscr,
            Op::LoadAttr(_) => Routine::LoadAttr,
            Op::StoreAttr(_) => Routine::StoreAttr,
            Op::LoadMethod(_) => Routine::LoadMethod,
            Op::Call(_) => Routine::Call,
            Op::CallMethod(_) => Routine::CallMethod,
            _ => return None,
        };
        ALL.contains(&routine).then_some(routine)
    }
}

/// How often a loop is taken to run, and how deep loops are counted.
const LOOP: f64 = 10.0;
const DEEPEST: u32 = 3;

/// How often what is in so many loops is taken to run.
pub fn runs(depth: u32) -> f64 {
    LOOP.powi(depth.min(DEEPEST) as i32)
}

/// From how many instructions saved for each byte on, weighed by its heat, a function has a
/// routine that looks into objects.
const WORTH: f64 = 1.0;
/// The heat of a function where all are to be machine code: what is in a loop is worth a
/// routine, and what is there four times.
const WHOLE: f64 = 0.25;
/// The heat of a function of which machine code was asked for.
const ASKED: f64 = 0.5;

/// Instructions that an operation saves where it is inline, rather than the call of a
/// routine, and bytes that this takes.
const INLINE_SAVES: f64 = 7.0;
const INLINE: f64 = 34.0;

/// How often a function has an operation.
#[derive(Clone, Copy, Default)]
struct Count {
    all: u32,
    in_loops: u32,
    /// In a run.
    times: f64,
}

/// How often a function has each operation, and what it has declared.
#[derive(Default)]
pub struct Routines {
    counts: HashMap<Routine, Count>,
    declared: HashMap<u32, FuncRef>,
}

impl Routines {
    pub fn new(code: &Code, depths: &[u32]) -> Routines {
        let mut counts: HashMap<Routine, Count> = HashMap::new();
        for &id in &code.order {
            let block = code.block(id);
            if block.depth == Block::UNREACHED {
                continue;
            }
            let steps = matches!(block.term, Term::ForIter { .. });
            let next = steps.then_some([Routine::Next, Routine::Stepper]);
            let routines = code.body(id).iter().filter_map(|inst| Routine::of(inst.op));
            let depth = depths[id.index()];
            for routine in routines.chain(next.into_iter().flatten()) {
                let count = counts.entry(routine).or_default();
                count.all += 1;
                count.in_loops += u32::from(depth > 0);
                count.times += runs(depth);
            }
        }
        Routines { counts, declared: HashMap::new() }
    }

    /// Counts operations that are not instructions.
    pub fn count(&mut self, routine: Routine, sites: u32, times: f64) {
        let count = self.counts.entry(routine).or_default();
        count.all += sites;
        count.times += times;
    }

    /// Takes operations back that another routine serves.
    pub fn uncount(&mut self, routine: Routine, sites: u32, times: f64) {
        let count = self.counts.entry(routine).or_default();
        count.all = count.all.saturating_sub(sites);
        count.times -= times;
    }
}

impl Lower<'_> {
    /// Whether an operation is to call its routine rather than be inline or call
    /// the runtime.
    pub fn has_routine(&self, routine: Routine) -> bool {
        let count = self.routines.counts.get(&routine).copied().unwrap_or_default();
        let enough = match routine.pays() {
            None => count.in_loops > 0 && count.all > 1,
            Some((saved, bytes)) => {
                let bytes = bytes + (self.link() + routine.around()) * f64::from(count.all);
                self.worth(count.times, saved, bytes)
            }
        };
        // What is short in place is no shorter as a call with the helper table.
        let called = self.input.abi.table_register || routine.pays().is_some();
        self.input.abi.routines && called && enough && routine.number().is_some()
    }

    /// Whether instructions saved, so often in a run, are worth the bytes they take.
    pub fn worth(&self, times: f64, saved: f64, bytes: f64) -> bool {
        let otherwise = if self.scope.asked { ASKED } else { WHOLE };
        self.scope.heat.unwrap_or(otherwise) * times * saved / bytes >= WORTH
    }

    /// Whether an operation here is worth more than the call of its routine, in a function
    /// that was chosen or asked for.
    pub fn pays_inline(&self) -> bool {
        let times = runs(self.depths[self.current.index()]);
        let named = self.scope.asked || self.scope.heat.is_some();
        named && self.worth(times, INLINE_SAVES, INLINE)
    }

    /// Bytes that the call of a routine takes more than the call of a helper.
    fn link(&self) -> f64 {
        if self.input.abi.table_register { 0.0 } else { 5.0 }
    }

    /// Calls a routine; the helper table comes behind its arguments where no register
    /// keeps it.
    pub fn call_routine(&mut self, routine: Routine, args: &[Value]) -> Option<Value> {
        let number = routine.number().unwrap_or(0);
        let mut all = args.to_vec();
        if !self.input.abi.table_register {
            all.push(self.base.table);
        }
        let callee = match self.routines.declared.get(&number) {
            Some(callee) => *callee,
            None => {
                let word = self.word;
                let mut signature = Signature::new(CallConv::SystemV);
                signature.params = vec![AbiParam::new(word); all.len()];
                if routine.returns() {
                    signature.returns = vec![AbiParam::new(word)];
                }
                let signature = self.b.import_signature(signature);
                let name = UserExternalName { namespace: 0, index: number };
                let name = self.b.func.declare_imported_user_function(name);
                let callee = self.b.import_function(ExtFuncData {
                    name: ExternalName::user(name),
                    signature,
                    colocated: true,
                    patchable: false,
                });
                self.routines.declared.insert(number, callee);
                callee
            }
        };
        let inst = self.b.ins().call(callee, &all);
        self.b.inst_results(inst).first().copied()
    }

    /// The same for a routine with a result.
    pub fn routine_value(&mut self, routine: Routine, args: &[Value]) -> Value {
        match self.call_routine(routine, args) {
            Some(value) => value,
            None => self.iconst(0),
        }
    }

    /// What an operation gives, by its routine or by a helper with the same operands.
    pub fn routine_or_helper(&mut self, routine: Routine, helper: Helper, args: &[Value]) -> Value {
        if self.has_routine(routine) {
            self.routine_value(routine, args)
        } else {
            self.call_value(helper, args)
        }
    }
}
