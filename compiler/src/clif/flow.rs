//! Blocks, their order and their ends.

use cranelift_codegen::ir::InstBuilder;
use mpy_format::Helper;

use super::routine::Routine;
use super::viper::Ty;
use super::{Lower, Shape, offset};
use crate::bytecode::ir::{Block, BlockId, Code, ITER_ENTRIES, Inst, Op, SetupKind, Term};

/// The blocks that control can reach, each after one that leads to it.
pub fn reverse_postorder(code: &Code) -> Vec<BlockId> {
    let mut order = Vec::new();
    let mut seen = vec![false; code.blocks.len()];
    let first = code.order[0];
    seen[first.index()] = true;
    let successors = |id: BlockId| code.block(id).term.successors().collect::<Vec<_>>();
    let mut walk = vec![(first, successors(first))];
    while let Some((id, rest)) = walk.last_mut() {
        match rest.pop() {
            Some(to) => {
                if !std::mem::replace(&mut seen[to.index()], true) {
                    walk.push((to, successors(to)));
                }
            }
            None => {
                order.push(*id);
                walk.pop();
            }
        }
    }
    order.reverse();
    order
}

/// Of how many loops a block is part, by [`BlockId`].
pub fn loop_depths(code: &Code) -> Vec<u32> {
    let order = &reverse_postorder(code);
    let count = code.blocks.len();
    let mut place = vec![0; count];
    let mut before = vec![Vec::new(); count];
    for (i, id) in order.iter().enumerate() {
        place[id.index()] = i;
        for to in code.block(*id).term.successors() {
            before[to.index()].push(*id);
        }
    }
    // From every jump back, what leads to it up to its target.
    let mut inside = vec![0; count];
    for &head in order {
        let back = |id: &&BlockId| place[id.index()] >= place[head.index()];
        let mut todo: Vec<BlockId> = before[head.index()].iter().filter(back).copied().collect();
        if todo.is_empty() {
            continue;
        }
        let mut seen = vec![false; count];
        seen[head.index()] = true;
        while let Some(id) = todo.pop() {
            if !std::mem::replace(&mut seen[id.index()], true) {
                todo.extend(&before[id.index()]);
            }
        }
        for (inside, seen) in inside.iter_mut().zip(seen) {
            *inside += u32::from(seen);
        }
    }
    inside
}

/// Which instructions made the entries that each takes, as far as this block has pushed
/// them and an instruction leaves one.
pub fn makers(body: &[Inst]) -> Vec<Vec<Option<usize>>> {
    let mut made: Vec<Option<usize>> = Vec::new();
    let mut makers = Vec::new();
    for (index, inst) in body.iter().enumerate() {
        let effect = inst.op.effect();
        makers.push(made.split_off(made.len().saturating_sub(effect.takes as usize)));
        let maker = (effect.leaves == 1).then_some(index);
        made.resize(made.len() + effect.leaves as usize, maker);
    }
    makers
}

/// Which instructions of a block make the result of a call an argument of a later
/// one: it goes to its place in the state array at once, and needs no register that
/// survives the calls between.
fn settled(body: &[Inst]) -> Vec<bool> {
    let mut settled = vec![false; body.len()];
    for (inst, taken) in body.iter().zip(makers(body)) {
        let arguments = match inst.op {
            Op::Call(args) => args.entries(),
            Op::CallMethod(args) => args.entries() + 2,
            Op::BuildTuple(n) | Op::BuildList(n) | Op::BuildSet(n) => n,
            Op::CallVar(_) | Op::CallMethodVar(_) => inst.op.effect().takes,
            _ => 0,
        };
        for &maker in taken.iter().rev().take(arguments as usize).flatten() {
            settled[maker] = calls(body[maker].op);
        }
    }
    settled
}

/// Whether an instruction with one result asks the runtime for it.
fn calls(op: Op) -> bool {
    matches!(
        op,
        Op::LoadGlobal(_)
            | Op::LoadName(_)
            | Op::LoadAttr(_)
            | Op::LoadSubscr
            | Op::Call(_)
            | Op::CallMethod(_)
            | Op::CallVar(_)
            | Op::CallMethodVar(_)
            | Op::BuildTuple(_)
            | Op::BuildList(_)
            | Op::BuildSet(_)
            | Op::BuildMap(_)
            | Op::Unary(_)
            | Op::Binary(_)
    )
}

impl Lower<'_> {
    pub fn block(&mut self, id: BlockId) {
        self.current = id;
        let block = *self.code.block(id);
        debug_assert!(block.depth != Block::UNREACHED);
        let clif = self.blocks[id.index()];
        self.b.switch_to_block(clif);
        self.enter_stack(id);
        self.small = self.kinds.slots(id).to_vec();
        self.sync_handler(id);
        let body = self.code.body(id);
        let fused = match (block.term, body.last().map(|i| i.op)) {
            (Term::Branch { .. }, Some(Op::Binary(op))) if self.fuses(op) => Some(op),
            _ => None,
        };
        let count = body.len() - usize::from(fused.is_some());
        let settled = settled(body);
        self.before = None;
        for (inst, settled) in body[..count].iter().zip(settled) {
            self.op(inst.op);
            self.before = Some(inst.op);
            if settled && !self.viper {
                self.spill_top(1);
            }
        }
        self.term(block.term, fused);
    }

    /// Hands the stack on and goes to a block.
    pub fn jump(&mut self, to: BlockId) {
        let depth = self.stack.len();
        self.hand_on(to, depth);
        let to = self.blocks[to.index()];
        self.b.ins().jump(to, &[]);
    }

    fn term(&mut self, term: Term, fused: Option<mpy_format::BinaryOp>) {
        match term {
            Term::Jump(to) | Term::PopExcept(to) => self.jump(to),
            Term::Branch { sense, taken, next } => {
                let (yes, no) = if sense { (taken, next) } else { (next, taken) };
                match fused {
                    Some(op) => self.compare_branch(op, yes, no),
                    None => self.branch(yes, no),
                }
            }
            Term::BranchOrPop { sense, taken, next } => {
                let entry = self.pop();
                self.stack.push(entry);
                let depth = self.stack.len();
                self.hand_on(taken, depth);
                self.hand_on(next, depth - 1);
                let truth = self.truth(entry);
                let (taken, next) = (self.blocks[taken.index()], self.blocks[next.index()]);
                let (yes, no) = if sense { (taken, next) } else { (next, taken) };
                self.b.ins().brif(truth, yes, &[], no, &[]);
            }
            Term::ForIter { body, exit } => {
                let depth = self.stack.len();
                if self.step_range(body, exit) {
                    return;
                }
                let item = self.step(depth - ITER_ENTRIES as usize);
                let item = item.unwrap_or_else(|| {
                    let iterator = self.spill_top(ITER_ENTRIES as usize);
                    self.routine_or_helper(Routine::Next, Helper::Iternext, &[iterator])
                });
                self.hand_on(exit, depth - ITER_ENTRIES as usize);
                self.push_object(item);
                self.hand_on(body, depth + 1);
                let (body, exit) = (self.blocks[body.index()], self.blocks[exit.index()]);
                self.b.ins().brif(item, body, &[], exit, &[]);
            }
            Term::Setup { kind, handler, next } => {
                if kind == SetupKind::With {
                    self.with_enter();
                }
                let depth = self.code.block(handler).depth as usize;
                // The exception lies on top when the handler starts.
                let mut types: Vec<Ty> =
                    self.stack.iter().take(depth.saturating_sub(1)).map(|e| e.ty).collect();
                types.push(Ty::Object);
                self.entered[handler.index()].get_or_insert(types);
                self.jump(next);
                self.define_handler(handler);
            }
            Term::Unwind { target, depth, .. } => self.unwind(target, depth),
            Term::EndFinally(next) => self.end_finally(Some(next)),
            Term::Reraise => self.end_finally(None),
            Term::Return => {
                let entry = self.pop();
                let value = self.return_value(entry);
                self.return_from(self.code.block(self.current).region, value);
            }
            Term::RaiseLast => self.raise_last(),
            Term::RaiseObj => {
                let value = self.pop_object();
                self.raise(value);
            }
            Term::RaiseFrom => {
                // Boards keep no cause.
                self.drop_entry();
                let value = self.pop_object();
                self.raise(value);
            }
        }
    }

    /// Pops; goes one way or the other.
    fn branch(&mut self, yes: BlockId, no: BlockId) {
        let entry = self.pop();
        let depth = self.stack.len();
        let truth = self.truth(entry);
        self.hand_on(yes, depth);
        self.hand_on(no, depth);
        let (yes, no) = (self.blocks[yes.index()], self.blocks[no.index()]);
        self.b.ins().brif(truth, yes, &[], no, &[]);
    }

    /// Leaves the compiled body with a value that is final.
    pub fn leave(&mut self, value: cranelift_codegen::ir::Value) {
        if self.shape == Shape::Generator {
            let code_state = self.base.code_state;
            self.state_store(0, value);
            let top = self.state_addr(0);
            self.store(top, code_state, offset::STATE_SP);
            let normal = self.iconst(0);
            self.exit(normal);
        } else {
            self.exit(value);
        }
    }
}
