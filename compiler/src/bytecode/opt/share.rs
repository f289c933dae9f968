//! Locals that are never alive at the same time share a slot, so that frames are smaller and more
//! locals are in reach of the short instructions.
//!
//! Only locals take part that are bound wherever they are loaded: what the slot holds before is never
//! seen. Slots of parameters are shared as well once the parameter is not needed any more.

use super::live::{Bits, Liveness};
use crate::bytecode::ir::{Code, Op};
use crate::hir::{Scope, VarId};

/// Renames locals to others whose slots they can use.
pub fn run(scope: &Scope, code: &mut Code) {
    let bits = Bits::new(scope);
    let mut uses = vec![0u32; scope.vars.len()];
    let mut unfit = 0;
    for &id in &code.order {
        for inst in code.body(id) {
            match inst.op {
                Op::LoadBound(var) | Op::StoreFast(var) => uses[var.index()] += 1,
                Op::LoadFast(var) | Op::DeleteFast(var) => unfit |= bits.of(var),
                _ => {}
            }
        }
    }
    let fit = |var: &usize| {
        let bit = bits.of(VarId::new(*var));
        bit != 0 && bit & unfit == 0
    };
    let mut others: Vec<usize> =
        (0..uses.len()).filter(fit).filter(|&i| uses[i] != 0 && !scope.vars[i].is_param).collect();
    if others.is_empty() {
        return;
    }
    let clash = clashes(code, &bits, scope.vars.len());
    // Each class: a slot's first owner and the bits of all its owners.
    let mut classes: Vec<(usize, u64)> = scope
        .params
        .iter()
        .map(|param| param.var.index())
        .filter(fit)
        .map(|i| (i, bits.of(VarId::new(i))))
        .collect();
    others.sort_by_key(|&i| (std::cmp::Reverse(uses[i]), i));
    let mut renamed: Vec<VarId> = (0..scope.vars.len()).map(VarId::new).collect();
    for i in others {
        let bit = bits.of(VarId::new(i));
        match classes.iter_mut().find(|(_, members)| members & clash[i] == 0) {
            Some((owner, members)) => {
                *members |= bit;
                renamed[i] = VarId::new(*owner);
            }
            None => classes.push((i, bit)),
        }
    }
    for inst in &mut code.insts {
        match &mut inst.op {
            Op::LoadBound(var) | Op::StoreFast(var) => *var = renamed[var.index()],
            _ => {}
        }
    }
}

/// For each variable, the bits of those that are alive where it is bound, or it where they are.
fn clashes(code: &Code, bits: &Bits, vars: usize) -> Vec<u64> {
    let live = Liveness::of(code, bits);
    let mut by_bit = [0u64; 64];
    let mut note = |bound: u64, live: u64| {
        if bound != 0 {
            by_bit[bound.trailing_zeros() as usize] |= live & !bound;
        }
    };
    for &id in &code.order {
        live.walk_back(code, bits, id, |op, after| {
            if let Op::StoreFast(var) = op {
                note(bits.of(var), after);
            }
        });
    }
    // What is alive at the entry is bound there.
    if let Some(entry) = code.order.first() {
        let alive = live.entry(*entry);
        (0..64).map(|i| 1 << i).filter(|bit| alive & bit != 0).for_each(|bit| note(bit, alive));
    }
    let mut both = by_bit;
    for (i, clash) in by_bit.iter().enumerate() {
        (0..64).filter(|j| clash >> j & 1 != 0).for_each(|j| both[j] |= 1 << i);
    }
    (0..vars)
        .map(|i| match bits.of(VarId::new(i)) {
            0 => u64::MAX,
            bit => both[bit.trailing_zeros() as usize],
        })
        .collect()
}
