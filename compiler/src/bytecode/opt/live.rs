//! Stores into locals that nothing reads again.
//!
//! A bit for each of a function's first 64 locals says whether its value may still be read. What a
//! handler reads counts as read everywhere in the code that it guards, since an exception may come
//! at any instruction.

use crate::bytecode::ir::{BlockId, Code, Op, Term};
use crate::hir::{Scope, Storage, VarId};

/// Removes dead stores.
pub fn run(scope: &Scope, code: &mut Code) {
    let bits = Bits::new(scope);
    if bits.count == 0 {
        return;
    }
    let entry = solve(code, &bits);
    let guard = guards(code, &entry);
    for i in 0..code.order.len() {
        let id = code.order[i];
        rewrite(code, id, &bits, &entry, guard[code.block(id).region.index()]);
    }
}

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

/// What is live before an instruction, given what is after it.
fn before(op: Op, after: u64, bits: &Bits) -> u64 {
    match op {
        Op::LoadFast(var) | Op::LoadBound(var) | Op::DeleteFast(var) => after | bits.of(var),
        Op::StoreFast(var) => after & !bits.of(var),
        _ => after,
    }
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

fn at_end(code: &Code, id: BlockId, entry: &[u64]) -> u64 {
    code.block(id).term.successors().fold(0, |live, to| live | entry[to.index()])
}

/// What is live at the start of every block.
fn solve(code: &Code, bits: &Bits) -> Vec<u64> {
    let mut entry = vec![0; code.blocks.len()];
    // Backwards over the code; loops and handlers need another round each time they nest.
    loop {
        let guard = guards(code, &entry);
        let mut changed = false;
        for &id in code.order.iter().rev() {
            let guarded = guard[code.block(id).region.index()];
            let mut live = at_end(code, id, &entry) | guarded;
            for inst in code.body(id).iter().rev() {
                live = before(inst.op, live, bits) | guarded;
            }
            if live != entry[id.index()] {
                entry[id.index()] = live;
                changed = true;
            }
        }
        if !changed {
            return entry;
        }
    }
}

fn rewrite(code: &mut Code, id: BlockId, bits: &Bits, entry: &[u64], guarded: u64) {
    let block = *code.block(id);
    let mut live = at_end(code, id, entry) | guarded;
    // From the back to the back of the block's range; then the rest is moved to its front.
    let mut out = block.end as usize;
    let mut at = block.end as usize;
    while at > block.start as usize {
        at -= 1;
        let mut inst = code.insts[at];
        let after = live;
        live = before(inst.op, live, bits) | guarded;
        if let Op::StoreFast(var) = inst.op
            && bits.of(var) != 0
            && after & bits.of(var) == 0
        {
            inst.op = Op::Pop;
        }
        // `x = value` and at once the last use of x: the value stays on the stack.
        if let Op::LoadFast(var) | Op::LoadBound(var) = inst.op
            && at > block.start as usize
            && code.insts[at - 1].op == Op::StoreFast(var)
            && bits.of(var) != 0
            && after & bits.of(var) == 0
        {
            at -= 1;
            live = after;
            continue;
        }
        out -= 1;
        code.insts[out] = inst;
    }
    code.insts.copy_within(out..block.end as usize, block.start as usize);
    code.block_mut(id).end = block.start + (block.end as usize - out) as u32;
}
