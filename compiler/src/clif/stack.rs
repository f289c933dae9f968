//! The stack at one point of the code: which entries are values, which lie in
//! the state array.
//!
//! Within a block entries are values. At the end of a block they are handed on:
//! in functions without handlers through variables of the SSA builder, in the
//! others through the state array, where handlers and resumed generators find
//! them. Iterators always lie in the state array.

use std::collections::HashSet;

use cranelift_codegen::ir::{Function, InstBuilder, InstructionData, StackSlot, Value};
use mpy_format::Helper;

use super::viper::Ty;
use super::{CODE_STATE_WORDS, Lower, Shape};
use crate::bytecode::ir::{Block, BlockId, ITER_ENTRIES, Op, Term};

/// A stack entry.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The value; `None` where it lies in the state array.
    pub value: Option<Value>,
    pub ty: Ty,
    /// The integer that it is known to be.
    pub known: Option<i64>,
}

/// The stack slots whose address code takes.
pub fn named_slots(function: &Function) -> HashSet<StackSlot> {
    let insts = function.layout.blocks().flat_map(|block| function.layout.block_insts(block));
    insts
        .filter_map(|inst| match function.dfg.insts[inst] {
            InstructionData::StackAddr { stack_slot, .. } => Some(stack_slot),
            _ => None,
        })
        .collect()
}

impl Lower<'_> {
    /// Whether locals and stack are handed on through the state array.
    pub fn framed(&self) -> bool {
        matches!(self.shape, Shape::Framed | Shape::Generator)
    }

    pub fn push(&mut self, value: Value, ty: Ty) {
        self.stack.push(Entry { value: Some(value), ty, known: None });
    }

    pub fn push_object(&mut self, value: Value) {
        self.push(value, Ty::Object);
    }

    /// An entry that a helper has put into the state array.
    pub fn push_memory(&mut self) {
        self.stack.push(Entry { value: None, ty: Ty::Object, known: None });
    }

    pub fn pop(&mut self) -> Entry {
        // The stack code was verified: there is an entry.
        let place = self.stack.len().saturating_sub(1);
        let mut entry =
            self.stack.pop().unwrap_or(Entry { value: None, ty: Ty::Object, known: None });
        if entry.value.is_none() && !matches!(entry.ty, Ty::Cast(_)) {
            entry.value = Some(self.state_load(place));
        }
        entry
    }

    /// Forgets an entry, wherever it lies.
    pub fn drop_entry(&mut self) {
        self.stack.pop();
    }

    /// The value of an entry of any type.
    pub fn raw(&mut self, entry: Entry) -> Value {
        match entry.value {
            Some(value) => value,
            None => self.iconst(0),
        }
    }

    /// Pops an object, making one of a typed value.
    pub fn pop_object(&mut self) -> Value {
        let entry = self.pop();
        self.object(entry)
    }

    /// The object of an entry.
    pub fn object(&mut self, entry: Entry) -> Value {
        let value = self.raw(entry);
        match entry.ty {
            Ty::Object | Ty::Small(_) | Ty::Truth | Ty::Constant(_) => value,
            Ty::None => self.singleton(Helper::ConstNone),
            Ty::Int if entry.known.is_some_and(|v| self.is_small(v)) => {
                self.iconst(entry.known.unwrap_or(0) << 1 | 1)
            }
            Ty::Cast(_) => {
                self.fail(crate::diag::Code::Viper, "a viper type is no object");
                value
            }
            ty => self.boxed(value, ty),
        }
    }

    /// Whether an integer needs no heap on the target.
    pub fn is_small(&self, value: i64) -> bool {
        let bits = self.word.bits() - 1;
        let limit = 1i64 << (bits - 1);
        (-limit..limit).contains(&value)
    }

    pub fn state_addr(&mut self, place: usize) -> Value {
        let (word, offset) = (self.word, self.slot_offset(place));
        match self.base.slot {
            Some(slot) => self.b.ins().stack_addr(word, slot, offset),
            None => {
                let (state, offset) = self.state_word(place);
                match offset {
                    0 => state,
                    _ => self.b.ins().iadd_imm_s(state, i64::from(offset)),
                }
            }
        }
    }

    pub fn state_store(&mut self, place: usize, value: Value) {
        let (word, offset) = (self.word, self.slot_offset(place));
        match self.base.slot {
            Some(slot) => {
                self.b.ins().stack_store(word, value, slot, offset);
            }
            None => {
                let (state, offset) = self.state_word(place);
                self.b.ins().store(Self::flags(), value, state, offset);
            }
        }
    }

    pub fn state_load(&mut self, place: usize) -> Value {
        let (word, offset) = (self.word, self.slot_offset(place));
        match self.base.slot {
            Some(slot) => self.b.ins().stack_load(word, word, slot, offset),
            None => {
                let (state, offset) = self.state_word(place);
                self.b.ins().load(word, Self::flags(), state, offset)
            }
        }
    }

    /// A pointer, and how many bytes from it a word of the state array lies.
    fn state_word(&self, place: usize) -> (Value, i32) {
        (self.base.state, self.base.state_at + self.bytes(place as u32))
    }

    /// Where a word of the state array lies in the slot of the code state.
    fn slot_offset(&self, place: usize) -> i32 {
        self.bytes(CODE_STATE_WORDS + place as u32)
    }

    /// Puts the top `count` entries into the state array as objects and gives the
    /// address of the lowest.
    pub fn spill_top(&mut self, count: usize) -> Value {
        let base = self.stack.len().saturating_sub(count);
        for place in base..self.stack.len() {
            let mut entry = self.stack[place];
            // Words lie there as they are.
            if entry.value.is_none() && entry.ty.is_native() {
                entry.value = Some(self.state_load(place));
            }
            if entry.value.is_some() || entry.ty == Ty::None {
                let value = self.object(entry);
                self.state_store(place, value);
                self.stack[place] = Entry { value: None, ty: Ty::Object, known: None };
            }
        }
        self.state_addr(base)
    }

    /// Puts every entry into the state array, typed values as they are.
    pub fn spill_all(&mut self) {
        for place in 0..self.stack.len() {
            if let Some(value) = self.stack[place].value {
                self.state_store(place, value);
                self.stack[place].value = None;
            }
        }
    }

    /// Hands the lowest `depth` entries on to a block.
    pub fn hand_on(&mut self, to: BlockId, depth: usize) {
        let types: Vec<Ty> = self.stack[..depth].iter().map(|e| e.ty).collect();
        let expected = match &self.entered[to.index()] {
            Some(expected) => expected.clone(),
            None => {
                let types: Vec<Ty> = (0..)
                    .zip(&types)
                    .map(|(place, &ty)| self.types.merged.get(&(to, place)).copied().unwrap_or(ty))
                    .map(|ty| match ty {
                        Ty::Small(_) | Ty::Truth | Ty::Constant(_) => Ty::Object,
                        // `None` in viper is told apart only at once.
                        Ty::None => Ty::Object,
                        ty => ty,
                    })
                    .collect();
                self.entered[to.index()] = Some(types.clone());
                types
            }
        };
        for place in 0..depth {
            let mut entry = self.stack[place];
            if matches!(entry.ty, Ty::Cast(_)) {
                continue;
            }
            let want = expected.get(place).copied().unwrap_or(Ty::Object);
            let both = want.merged(entry.ty);
            if both != want {
                self.types.merged.insert((to, place), both);
                self.retyped = true;
            }
            if entry.value.is_none() && entry.ty != Ty::None {
                // Already in memory; a block that wants a value loads it.
                let in_memory = self.framed() || self.wants_memory(to, place);
                let as_it_is = entry.ty == want || !entry.ty.is_native() && !want.is_native();
                if in_memory && as_it_is {
                    continue;
                }
                entry.value = Some(self.state_load(place));
            }
            let value = self.convert(entry, want);
            if self.framed() || self.wants_memory(to, place) {
                self.state_store(place, value);
            } else {
                let variable = self.stack_vars[place];
                self.b.def_var(variable, value);
            }
        }
    }

    fn wants_memory(&self, block: BlockId, place: usize) -> bool {
        self.in_memory[block.index()].get(place).copied().unwrap_or(false)
    }

    /// The stack as a block finds it.
    pub fn enter_stack(&mut self, block: BlockId) {
        let depth = self.code.block(block).depth as usize;
        let types = self.entered[block.index()].clone().unwrap_or_default();
        self.stack.clear();
        for place in 0..depth {
            let ty = types.get(place).copied().unwrap_or(Ty::Object);
            let in_memory = self.framed() || self.wants_memory(block, place);
            let value = if in_memory || matches!(ty, Ty::Cast(_)) {
                None
            } else {
                let variable = self.stack_vars[place];
                Some(self.b.use_var(variable))
            };
            let small = ty == Ty::Object && self.kinds.stack(block, place).is_small();
            let ty = if small { Ty::Small(self.kinds.stack(block, place)) } else { ty };
            self.stack.push(Entry { value, ty, known: None });
        }
    }

    /// Finds the entries that must lie in memory: iterators, from where they come
    /// to be until their loop ends.
    pub fn find_memory(&mut self) {
        let code = self.code;
        let mut wanted: Vec<Vec<bool>> = code
            .blocks
            .iter()
            .map(|b| vec![false; if b.depth == Block::UNREACHED { 0 } else { b.depth as usize }])
            .collect();
        loop {
            let mut changed = false;
            for &id in code.order.iter().rev() {
                let block = code.block(id);
                if block.depth == Block::UNREACHED {
                    continue;
                }
                // Entries below this were not touched by the block.
                let mut low = block.depth;
                let mut depth = block.depth;
                for inst in code.body(id) {
                    let effect = inst.op.effect();
                    if !matches!(inst.op, Op::Dup | Op::DupTwo) {
                        low = low.min(depth.saturating_sub(effect.takes));
                    }
                    depth = effect.apply(depth).unwrap_or(0);
                }
                let mut want = vec![false; low as usize];
                if matches!(block.term, Term::ForIter { .. }) {
                    for place in depth.saturating_sub(ITER_ENTRIES)..depth {
                        if let Some(place) = want.get_mut(place as usize) {
                            *place = true;
                        }
                    }
                }
                for to in block.term.successors() {
                    for (place, want) in want.iter_mut().enumerate() {
                        *want |= wanted[to.index()].get(place).copied().unwrap_or(false);
                    }
                }
                for (place, want) in want.into_iter().enumerate() {
                    if want && !wanted[id.index()][place] {
                        wanted[id.index()][place] = true;
                        changed = true;
                    }
                }
            }
            if !changed {
                break;
            }
        }
        self.in_memory = wanted;
    }
}
