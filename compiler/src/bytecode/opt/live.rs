//! Which locals may still be read, and stores into those that are not.
//!
//! A bit for each of a function's first 64 locals says whether its value may still be read. What a
//! handler reads counts as read everywhere in the code that it guards, since an exception may come
//! at any instruction.
//!
//! A store of None that nobody reads stays where the variable may hold something: programs let go
//! of their buffers that way.

use crate::bytecode::ir::{BlockId, Code, Inst, Op, Term};
use crate::hir::{Scope, Storage, VarId};

/// The bit of each local.
pub struct Bits {
    /// By [`VarId`].
    of: Vec<u64>,
    count: u32,
}

impl Bits {
    /// Numbers the locals of a scope.
    pub fn new(scope: &Scope) -> Self {
        let mut count = 0;
        let of = scope
            .vars
            .iter()
            .map(|var| match var.storage {
                Storage::Local(_) if count < 64 => {
                    count += 1;
                    1 << (count - 1)
                }
                _ => 0,
            })
            .collect();
        Self { of, count }
    }

    /// The bit of a variable; 0 where it has none.
    pub fn of(&self, var: VarId) -> u64 {
        self.of[var.index()]
    }
}

/// The locals alive at the start of every block, and at any place of every region.
pub struct Liveness {
    entry: Vec<u64>,
    guard: Vec<u64>,
    /// What is alive where jumps through `finally` parts lead.
    unwound: u64,
}

impl Liveness {
    /// Looks at a function.
    pub fn of(code: &Code, bits: &Bits) -> Self {
        let mut live = Self { entry: vec![0; code.blocks.len()], guard: Vec::new(), unwound: 0 };
        // Backwards over the code; loops and handlers need another round each time they nest.
        loop {
            live.guard = guards(code, &live.entry);
            live.unwound = unwound(code, &live.entry);
            let mut changed = false;
            for &id in code.order.iter().rev() {
                let alive = live.walk_back(code, bits, id, |_, _| {});
                if alive != live.entry[id.index()] {
                    live.entry[id.index()] = alive;
                    changed = true;
                }
            }
            if !changed {
                return live;
            }
        }
    }

    /// What is alive at the start of a block.
    pub fn entry(&self, id: BlockId) -> u64 {
        self.entry[id.index()]
    }

    fn guarded(&self, code: &Code, id: BlockId) -> u64 {
        self.guard[code.block(id).region.index()]
    }

    fn at_end(&self, code: &Code, id: BlockId) -> u64 {
        let term = code.block(id).term;
        let mut next = term.successors().fold(0, |live, to| live | self.entry(to));
        if let Term::EndFinally(_) = term {
            // A pending jump goes on from here.
            next |= self.unwound;
        }
        next | self.guarded(code, id)
    }

    /// Calls `f` with each instruction of a block and what is alive after it, the last first; gives
    /// what is alive at the start.
    pub fn walk_back(
        &self,
        code: &Code,
        bits: &Bits,
        id: BlockId,
        mut f: impl FnMut(Op, u64),
    ) -> u64 {
        let guarded = self.guarded(code, id);
        let mut live = self.at_end(code, id);
        for inst in code.body(id).iter().rev() {
            f(inst.op, live);
            live = before(inst.op, live, bits) | guarded;
        }
        live
    }
}

/// What is live before an instruction, given what is after it.
fn before(op: Op, after: u64, bits: &Bits) -> u64 {
    match op {
        Op::LoadFast(var) | Op::LoadBound(var) | Op::DeleteFast(var) => after | bits.of(var),
        Op::StoreFast(var) => after & !bits.of(var),
        _ => after,
    }
}

/// What is alive at the targets of unwinding jumps.
fn unwound(code: &Code, entry: &[u64]) -> u64 {
    code.order.iter().fold(0, |live, &id| match code.block(id).term {
        Term::Unwind { target, .. } => live | entry[target.index()],
        _ => live,
    })
}

/// By region: what its handlers read.
fn guards(code: &Code, entry: &[u64]) -> Vec<u64> {
    let mut guard = vec![0; code.regions.len()];
    for &id in &code.order {
        if let Term::Setup { handler, next, .. } = code.block(id).term {
            guard[code.block(next).region.index()] |= entry[handler.index()];
        }
    }
    // A region comes after the one around it.
    for i in 1..guard.len() {
        guard[i] |= guard[code.regions[i].parent.index()];
    }
    guard
}

/// Removes dead stores, and with them loads.
pub fn run(scope: &Scope, code: &mut Code) {
    let bits = Bits::new(scope);
    if bits.count == 0 {
        return;
    }
    let live = Liveness::of(code, &bits);
    let held = held(scope, code, &bits);
    for i in 0..code.order.len() {
        let id = code.order[i];
        rewrite(code, id, &bits, &live, held);
    }
}

/// Whether the instruction at `at` stores None.
fn stores_none(body: &[Inst], at: usize) -> bool {
    at.checked_sub(1).and_then(|i| body.get(i)).is_some_and(|inst| inst.op == Op::LoadNone)
}

/// The locals that ever hold anything but None.
fn held(scope: &Scope, code: &Code, bits: &Bits) -> u64 {
    let params = scope.vars.iter().zip(&bits.of).filter(|(var, _)| var.is_param);
    let mut held = params.fold(0, |held, (_, bit)| held | bit);
    for &id in &code.order {
        let body = code.body(id);
        for (at, inst) in body.iter().enumerate() {
            if let Op::StoreFast(var) = inst.op
                && !stores_none(body, at)
            {
                held |= bits.of(var);
            }
        }
    }
    held
}

fn rewrite(code: &mut Code, id: BlockId, bits: &Bits, liveness: &Liveness, held: u64) {
    let block = *code.block(id);
    let start = block.start as usize;
    let guarded = liveness.guarded(code, id);
    let mut live = liveness.at_end(code, id);
    // From the back to the back of the block's range; then the rest is moved to its front.
    let mut out = block.end as usize;
    let mut at = block.end as usize;
    while at > start {
        at -= 1;
        let mut inst = code.insts[at];
        let after = live;
        live = before(inst.op, live, bits) | guarded;
        if let Op::StoreFast(var) = inst.op
            && bits.of(var) != 0
            && after & bits.of(var) == 0
            && !(held & bits.of(var) != 0 && stores_none(&code.insts[start..at], at - start))
        {
            inst.op = Op::Pop;
        }
        if let Op::LoadFast(var) | Op::LoadBound(var) = inst.op
            && bits.of(var) != 0
            && after & bits.of(var) == 0
        {
            let stored = |inst: Option<&Inst>| inst.is_some_and(|i| i.op == Op::StoreFast(var));
            let body = &code.insts[start..at];
            // `x = value` and at once the last use of x: the value stays on the stack.
            if stored(body.last()) {
                at -= 1;
                live = after;
                continue;
            }
            // The same with one other load between: they change places.
            if let Some(other) = body.last().copied()
                && only_loads(other.op)
                && stored(body.split_last().and_then(|(_, body)| body.last()))
            {
                at -= 2;
                if matches!(other.op, Op::LoadFast(same) | Op::LoadBound(same) if same == var) {
                    // Both loads are of x itself.
                    out -= 1;
                    code.insts[out] = Inst { op: Op::Dup, line: inst.line };
                    live = after;
                    continue;
                }
                out -= 2;
                code.insts[out] = other;
                code.insts[out + 1] = Inst { op: Op::RotTwo, line: inst.line };
                live = before(other.op, after, bits) | guarded;
                continue;
            }
        }
        out -= 1;
        code.insts[out] = inst;
    }
    code.insts.copy_within(out..block.end as usize, start);
    code.block_mut(id).end = block.start + (block.end as usize - out) as u32;
}

/// Whether it pushes a value without looking at the stack.
fn only_loads(op: Op) -> bool {
    op.is_pure_load()
        || matches!(op, Op::LoadFast(_) | Op::LoadDeref(_) | Op::LoadName(_) | Op::LoadGlobal(_))
}
