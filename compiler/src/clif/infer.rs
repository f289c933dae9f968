//! Which locals and stack entries are small integers, wherever control comes from.
//!
//! A value is *small* here if no overflow can have made it anything else: constants,
//! counters of `range` loops, and what operations that cannot overflow make of
//! those. Tags of such values need no test.
//!
//! # Why a counter does not overflow
//! On machines with 64-bit words a small value starts below 2³¹ and is moved by at
//! most [`STEP`] at a time, so that it would take centuries to leave the 63 bits of
//! small integers. With 32-bit words a counter must have been compared: one that
//! was less than another small integer has room for one more step upwards
//! ([`Kind::Below`]), and likewise downwards ([`Kind::Above`]).
//!
//! Functions with handlers are left out: where their `finally` parts go on is known
//! only to the code that lowers them.

use mpy_format::{BinaryOp, UnaryOp};

use crate::bytecode::Frame;
use crate::bytecode::ir::{Block, BlockId, Code, Inst, Op, Term};

/// The longest step of a counter on a machine with 64-bit words.
const STEP: i64 = 256;

/// What is known of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Kind {
    /// Nothing.
    #[default]
    Any,
    /// It is a small integer.
    Small,
    /// It is one, and less than the greatest.
    Below,
    /// It is one, and greater than the least.
    Above,
}

impl Kind {
    pub fn is_small(self) -> bool {
        self != Kind::Any
    }

    fn join(self, other: Kind) -> Kind {
        match (self, other) {
            (Kind::Any, _) | (_, Kind::Any) => Kind::Any,
            (a, b) if a == b => a,
            _ => Kind::Small,
        }
    }
}

/// An operand of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Operand {
    pub kind: Kind,
    /// The integer that it is.
    pub known: Option<i64>,
}

/// Whether an operation on small integers makes a small integer of them, whatever
/// they are. `bits` is the width of a word.
pub fn stays_small(bits: u32, op: BinaryOp, left: Operand, right: Operand) -> bool {
    if !left.kind.is_small() || !right.kind.is_small() {
        return false;
    }
    let step = |moved: Operand, by: i64| match (bits, by) {
        (64, by) => by.abs() <= STEP,
        (_, 0) => true,
        (_, 1) => moved.kind == Kind::Below,
        (_, -1) => moved.kind == Kind::Above,
        _ => false,
    };
    match op.plain() {
        BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => true,
        BinaryOp::Add => match (left.known, right.known) {
            (_, Some(by)) => step(left, by),
            (Some(by), _) => step(right, by),
            _ => false,
        },
        BinaryOp::Subtract => right.known.is_some_and(|by| step(left, -by)),
        BinaryOp::Modulo | BinaryOp::FloorDivide => right.known.is_some_and(|n| n > 0),
        BinaryOp::Rshift => right.known.is_some_and(|n| (0..16).contains(&n)),
        _ => false,
    }
}

/// A stack entry.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
struct Item {
    kind: Kind,
    known: Option<i64>,
    /// The entry that it is a copy of.
    copy: Option<usize>,
}

/// What is known at one point.
#[derive(Clone, Debug, PartialEq, Default)]
struct State {
    stack: Vec<Item>,
    slots: Vec<Kind>,
}

/// What is known at the blocks' starts.
#[derive(Default)]
pub struct Kinds {
    entries: Vec<Option<State>>,
}

impl Kinds {
    /// Follows a function's code.
    pub fn new(code: &Code, frame: &Frame, bits: u32) -> Self {
        let reached = |id: &&BlockId| code.block(**id).depth != Block::UNREACHED;
        let handles = |id: &BlockId| matches!(code.block(*id).term, Term::Setup { .. });
        let order: Vec<BlockId> = code.order.iter().filter(reached).copied().collect();
        if order.iter().any(handles) {
            return Self::default();
        }
        let mut entries = vec![None; code.blocks.len()];
        let slots = vec![Kind::Any; frame.len as usize];
        entries[order[0].index()] = Some(State { stack: Vec::new(), slots });
        let mut flow = Flow { code, frame, bits, entries };
        let mut changed = true;
        while changed {
            changed = false;
            for &id in &order {
                changed |= flow.block(id);
            }
        }
        Self { entries: flow.entries }
    }

    fn entry(&self, block: BlockId) -> Option<&State> {
        self.entries.get(block.index()).and_then(Option::as_ref)
    }

    /// The kind of a stack entry at the start of a block.
    pub fn stack(&self, block: BlockId, place: usize) -> Kind {
        let item = self.entry(block).and_then(|state| state.stack.get(place));
        item.map_or(Kind::Any, |item| item.kind)
    }

    /// The kinds of the locals at the start of a block, by slot.
    pub fn slots(&self, block: BlockId) -> &[Kind] {
        self.entry(block).map_or(&[], |state| &state.slots)
    }
}

struct Flow<'a> {
    code: &'a Code,
    frame: &'a Frame,
    bits: u32,
    entries: Vec<Option<State>>,
}

/// A comparison that a branch decides on.
struct Compared {
    op: BinaryOp,
    left: Item,
    right: Item,
}

impl Flow<'_> {
    /// Follows a block; gives whether anything new is known of another.
    fn block(&mut self, id: BlockId) -> bool {
        let Some(mut state) = self.entries[id.index()].clone() else { return false };
        let mut compared = None;
        for Inst { op, .. } in self.code.body(id) {
            compared = self.op(&mut state, *op);
        }
        let term = self.code.block(id).term;
        let mut changed = false;
        for to in term.successors() {
            let mut state = state.clone();
            if let (Term::Branch { sense, taken, next }, Some(compared)) = (term, &compared)
                && taken != next
                && (to == taken) == sense
            {
                refine(&mut state, compared);
            }
            changed |= self.hand_on(state, to);
        }
        changed
    }

    fn hand_on(&mut self, mut state: State, to: BlockId) -> bool {
        state.stack.resize(self.code.block(to).depth as usize, Item::default());
        for item in &mut state.stack {
            *item = Item { kind: item.kind, ..Item::default() };
        }
        let entry = &mut self.entries[to.index()];
        let Some(old) = entry else {
            *entry = Some(state);
            return true;
        };
        let join = |old: &mut Kind, new: Kind| *old = old.join(new);
        let before = old.clone();
        for (old, new) in old.stack.iter_mut().zip(&state.stack) {
            join(&mut old.kind, new.kind);
        }
        for (old, &new) in old.slots.iter_mut().zip(&state.slots) {
            join(old, new);
        }
        *old != before
    }

    fn op(&self, state: &mut State, op: Op) -> Option<Compared> {
        let stack = &mut state.stack;
        let slot = |var| self.frame.get(var).map(|slot| slot as usize);
        let kind = |kind| Item { kind, ..Item::default() };
        match op {
            Op::LoadInt(number) => {
                stack.push(Item { known: Some(i64::from(number)), ..kind(Kind::Small) });
            }
            Op::LoadFast(var) | Op::LoadBound(var) => {
                let known = slot(var).and_then(|slot| state.slots.get(slot));
                stack.push(kind(known.copied().unwrap_or_default()));
            }
            Op::StoreFast(var) => {
                let item = stack.pop().unwrap_or_default();
                if let Some(slot) = slot(var).and_then(|slot| state.slots.get_mut(slot)) {
                    *slot = item.kind;
                }
            }
            Op::DeleteFast(var) => {
                if let Some(slot) = slot(var).and_then(|slot| state.slots.get_mut(slot)) {
                    *slot = Kind::Any;
                }
            }
            Op::Dup => copy(stack, 1),
            Op::DupTwo => copy(stack, 2),
            Op::RotTwo | Op::RotThree => {
                let count = if op == Op::RotTwo { 2 } else { 3 };
                let from = stack.len().saturating_sub(count);
                stack[from..].rotate_right(1);
                // Copies name places.
                stack.iter_mut().for_each(|item| item.copy = None);
            }
            Op::Unary(UnaryOp::Invert) => {
                let item = stack.pop().unwrap_or_default();
                stack.push(kind(item.kind.join(Kind::Small)));
            }
            Op::Binary(op) => {
                let right = stack.pop().unwrap_or_default();
                let left = stack.pop().unwrap_or_default();
                let operand = |item: Item| Operand { kind: item.kind, known: item.known };
                let small = stays_small(self.bits, op, operand(left), operand(right));
                stack.push(kind(if small { Kind::Small } else { Kind::Any }));
                return Some(Compared { op, left, right });
            }
            op => {
                let effect = op.effect();
                stack.truncate(stack.len().saturating_sub(effect.takes as usize));
                let depth = stack.len() + effect.leaves as usize;
                stack.resize(depth, Item::default());
            }
        }
        None
    }
}

/// Pushes copies of the top entries.
fn copy(stack: &mut Vec<Item>, count: usize) {
    let from = stack.len().saturating_sub(count);
    for place in from..from + count {
        let item = stack.get(place).copied().unwrap_or_default();
        stack.push(Item { copy: Some(place), ..item });
    }
}

/// Takes note that a comparison of small integers holds.
fn refine(state: &mut State, compared: &Compared) {
    let (less, more) = match compared.op {
        BinaryOp::Less => (compared.left, compared.right),
        BinaryOp::More => (compared.right, compared.left),
        _ => return,
    };
    if !less.kind.is_small() || !more.kind.is_small() {
        return;
    }
    for (item, kind) in [(less, Kind::Below), (more, Kind::Above)] {
        if let Some(entry) = item.copy.and_then(|place| state.stack.get_mut(place)) {
            entry.kind = kind;
        }
    }
}
