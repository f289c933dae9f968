//! Locals that are certainly bound where they are loaded, so that loading them cannot raise.
//!
//! What is bound at a block's start is what is bound on every way to it. A handler can count on what
//! was bound when it was set up. A name that the function deletes anywhere counts as never bound.

use super::live::Bits;
use crate::bytecode::ir::{Code, Op};
use crate::hir::Scope;

/// Marks the loads.
pub fn run(scope: &Scope, code: &mut Code) {
    let bits = Bits::new(scope);
    let mut deleted = 0;
    for &id in &code.order {
        for inst in code.body(id) {
            if let Op::DeleteFast(var) = inst.op {
                deleted |= bits.of(var);
            }
        }
    }
    let params = scope.params.iter().fold(0, |set, param| set | bits.of(param.var));
    let Some(&first) = code.order.first() else { return };
    let mut entry = vec![u64::MAX; code.blocks.len()];
    entry[first.index()] = params & !deleted;
    loop {
        let mut changed = false;
        for &id in &code.order {
            let mut bound = entry[id.index()];
            for inst in code.body(id) {
                if let Op::StoreFast(var) = inst.op {
                    bound |= bits.of(var) & !deleted;
                }
            }
            let term = code.block(id).term;
            // `finally` parts may bind on the way to the target; what is bound here stays bound.
            for to in term.successors() {
                let met = entry[to.index()] & bound;
                if met != entry[to.index()] {
                    entry[to.index()] = met;
                    changed = true;
                }
            }
        }
        if !changed {
            break;
        }
    }
    for i in 0..code.order.len() {
        let id = code.order[i];
        let mut bound = entry[id.index()];
        for at in code.block(id).range() {
            match code.insts[at].op {
                Op::StoreFast(var) => bound |= bits.of(var) & !deleted,
                Op::LoadFast(var) if bound & bits.of(var) != 0 => {
                    code.insts[at].op = Op::LoadBound(var);
                }
                _ => {}
            }
        }
    }
}
