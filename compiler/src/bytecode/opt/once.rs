//! Locals that are bound once, to a constant: their loads become the constant where that is shorter.

use crate::bytecode::ir::{Code, Op};
use crate::hir::{Emit, Scope, Storage, VarId};

/// What is known of a local.
#[derive(Clone, Copy, Default)]
struct Local {
    stores: u32,
    loads: u32,
    /// Loads that may find it unbound, and deletions.
    others: u32,
    /// Of the only store.
    value: Option<Op>,
}

/// Replaces the loads. The stores stay, to be found dead.
pub fn run(scope: &Scope, code: &mut Code) {
    let mut locals = vec![Local::default(); scope.vars.len()];
    for (local, var) in locals.iter_mut().zip(&scope.vars) {
        // A parameter is bound on entry.
        let elsewhere = var.is_param || !matches!(var.storage, Storage::Local(_));
        // Viper makes what is stored something else.
        let converts = scope.emit == Emit::Viper && var.annotation.is_some();
        local.others = u32::from(elsewhere || converts);
    }
    let mut worthwhile = false;
    for &id in &code.order {
        let body = code.body(id);
        for (i, inst) in body.iter().enumerate() {
            match inst.op {
                Op::StoreFast(var) => {
                    let local = &mut locals[var.index()];
                    local.stores += 1;
                    local.value =
                        i.checked_sub(1).map(|i| body[i].op).filter(|op| is_constant(*op));
                    worthwhile |= local.value.is_some();
                }
                Op::LoadBound(var) => locals[var.index()].loads += 1,
                Op::LoadFast(var) | Op::DeleteFast(var) => locals[var.index()].others += 1,
                _ => {}
            }
        }
    }
    if !worthwhile {
        return;
    }
    let constant = |var: VarId| {
        let local = locals[var.index()];
        let value = local.value.filter(|_| local.stores == 1 && local.others == 0)?;
        // With the store goes a byte, and with the first load of the constant its size.
        let size = size(value);
        (local.loads * size <= size + 1 + local.loads).then_some(value)
    };
    for i in 0..code.order.len() {
        let id = code.order[i];
        for at in code.block(id).range() {
            if let Op::LoadBound(var) = code.insts[at].op
                && let Some(value) = constant(var)
            {
                code.insts[at].op = value;
            }
        }
    }
}

fn is_constant(op: Op) -> bool {
    matches!(
        op,
        Op::LoadNone
            | Op::LoadFalse
            | Op::LoadTrue
            | Op::LoadInt(_)
            | Op::LoadStr(_)
            | Op::LoadConst(_)
    )
}

/// Bytes of a constant's load, about.
fn size(op: Op) -> u32 {
    match op {
        Op::LoadInt(value) if !(-16..48).contains(&value) => 3,
        Op::LoadStr(_) | Op::LoadConst(_) => 2,
        _ => 1,
    }
}
