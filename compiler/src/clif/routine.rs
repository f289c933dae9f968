//! Operations that a function has several times, as routines at the end of it.
//!
//! The inline path of an addition is seven times as long as the call of a routine
//! that does the same. So where the back end has routines, an operation of which
//! a function has several calls one, and only a single one in a loop is inline.
//! A routine is named in CLIF as an imported function; the back end writes it.

use std::collections::HashMap;

use cranelift_codegen::ir::{
    AbiParam, ExtFuncData, ExternalName, FuncRef, InstBuilder, Signature, UserExternalName, Value,
};
use cranelift_codegen::isa::CallConv;
use mpy_format::BinaryOp;

use super::Lower;
use super::flow::loops;
use crate::bytecode::ir::{Block, Code, Op};

/// A routine. All take objects. The operations have the operands and the result of
/// [`Helper::BinaryOp`](mpy_format::Helper::BinaryOp) without the number; comparisons
/// give a truth instead: a word that is not zero where it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Routine {
    Binary(BinaryOp),
    Compare(BinaryOp),
    /// `object[index]`
    LoadSubscr,
    /// `object[index] = value`
    StoreSubscr,
}

/// Those that there are; a routine's number is its place here.
const ALL: [Routine; 20] = [
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
];

impl Routine {
    /// The routine of a number.
    pub fn of_number(number: u32) -> Option<Routine> {
        ALL.get(number as usize).copied()
    }

    fn number(self) -> Option<u32> {
        ALL.iter().position(|r| *r == self).map(|i| i as u32)
    }

    /// Number of arguments.
    pub fn params(self) -> usize {
        if self == Routine::StoreSubscr { 3 } else { 2 }
    }

    /// The routine for an instruction, as the first of what it may become.
    fn of(op: Op) -> Option<Routine> {
        let routine = match op {
            Op::Binary(op) if op.is_comparison() => Routine::Compare(op),
            Op::Binary(op) => Routine::Binary(op),
            Op::LoadSubscr => Routine::LoadSubscr,
            Op::StoreSubscr => Routine::StoreSubscr,
            _ => return None,
        };
        ALL.contains(&routine).then_some(routine)
    }
}

/// How often a function has an operation.
#[derive(Clone, Copy, Default)]
struct Count {
    all: u32,
    in_loops: u32,
}

/// How often a function has each operation, and what it has declared.
#[derive(Default)]
pub struct Routines {
    counts: HashMap<Routine, Count>,
    declared: HashMap<u32, FuncRef>,
}

impl Routines {
    pub fn new(code: &Code) -> Routines {
        let loops = loops(code);
        let mut counts: HashMap<Routine, Count> = HashMap::new();
        for &id in &code.order {
            if code.block(id).depth != Block::UNREACHED {
                for routine in code.body(id).iter().filter_map(|inst| Routine::of(inst.op)) {
                    let count = counts.entry(routine).or_default();
                    count.all += 1;
                    count.in_loops += u32::from(loops[id.index()]);
                }
            }
        }
        Routines { counts, declared: HashMap::new() }
    }
}

impl Lower<'_> {
    /// Whether an operation is to call its routine rather than be inline or call
    /// the runtime.
    pub fn has_routine(&self, routine: Routine) -> bool {
        let count = self.routines.counts.get(&routine).copied().unwrap_or_default();
        let subscript = matches!(routine, Routine::LoadSubscr | Routine::StoreSubscr);
        // Subscripts have no inline path. Where nothing repeats, the runtime does it.
        let enough = count.in_loops > 0 && (subscript || count.all > 1);
        self.input.abi.routines && enough && routine.number().is_some()
    }

    pub fn call_routine(&mut self, routine: Routine, args: &[Value]) -> Option<Value> {
        let number = routine.number().unwrap_or(0);
        let callee = match self.routines.declared.get(&number) {
            Some(callee) => *callee,
            None => {
                let word = self.word;
                let mut signature = Signature::new(CallConv::SystemV);
                signature.params = vec![AbiParam::new(word); routine.params()];
                if routine != Routine::StoreSubscr {
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
        let inst = self.b.ins().call(callee, args);
        self.b.inst_results(inst).first().copied()
    }

    /// The same for a routine with a result.
    pub fn routine_value(&mut self, routine: Routine, args: &[Value]) -> Value {
        match self.call_routine(routine, args) {
            Some(value) => value,
            None => self.iconst(0),
        }
    }
}
