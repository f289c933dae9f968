//! Short runs of instructions that shorter ones replace.

use crate::bytecode::ir::{Code, Inst, Op};

/// Rewrites every block.
pub fn run(code: &mut Code) {
    for i in 0..code.order.len() {
        let id = code.order[i];
        let block = *code.block(id);
        let mut end = block.start as usize;
        for at in block.range() {
            let inst = code.insts[at];
            code.insts[end] = inst;
            end += 1;
            end = reduce(&mut code.insts, block.start as usize, end);
        }
        code.block_mut(id).end = end as u32;
    }
}

/// Rewrites the last instructions of `insts[start..end]` as long as that helps; the new end.
fn reduce(insts: &mut [Inst], start: usize, mut end: usize) -> usize {
    loop {
        let before = end;
        end = match insts[start..end] {
            [.., a, Inst { op: Op::Pop, .. }] if a.op.is_pure_load() || a.op == Op::Dup => end - 2,
            [.., Inst { op: Op::Dup, .. }, b, Inst { op: Op::Pop, .. }] if is_store(b.op) => {
                insts[end - 3] = b;
                end - 2
            }
            [.., a, b] if loads_stored(a.op, b.op) => {
                insts[end - 1] = a;
                insts[end - 2] = Inst { op: Op::Dup, line: a.line };
                end
            }
            [.., Inst { op: Op::RotTwo, .. }, Inst { op: Op::RotTwo, .. }] => end - 2,
            [.., a, b, Inst { op: Op::RotTwo, .. }] if is_load(a.op) && is_load(b.op) => {
                // The line of the first stays at the first.
                insts[end - 3] = Inst { op: b.op, line: a.line };
                insts[end - 2] = Inst { op: a.op, line: b.line };
                end - 1
            }
            [.., a, b, c, Inst { op: Op::RotThree, .. }]
                if is_load(a.op) && is_load(b.op) && is_load(c.op) =>
            {
                insts[end - 4] = Inst { op: c.op, line: a.line };
                insts[end - 3] = Inst { op: a.op, line: a.line };
                insts[end - 2] = Inst { op: b.op, line: b.line };
                end - 1
            }
            [.., a, b] if a.op == b.op && is_long_load(a.op) => {
                insts[end - 1].op = Op::Dup;
                end
            }
            [.., a, Inst { op: Op::Dup, .. }, b] if a.op == b.op && is_long_load(a.op) => {
                insts[end - 1].op = Op::Dup;
                end
            }
            _ => end,
        };
        if end == before {
            return end;
        }
    }
}

fn is_store(op: Op) -> bool {
    matches!(op, Op::StoreFast(_) | Op::StoreDeref(_) | Op::StoreName(_) | Op::StoreGlobal(_))
}

/// Whether the second loads what the first has just stored, and takes more than a byte.
fn loads_stored(store: Op, load: Op) -> bool {
    match (store, load) {
        (Op::StoreDeref(a), Op::LoadDeref(b)) => a == b,
        (Op::StoreName(a), Op::LoadName(b)) | (Op::StoreGlobal(a), Op::LoadGlobal(b)) => a == b,
        _ => false,
    }
}

/// Loads that can change places: at worst both raise the same error.
fn is_load(op: Op) -> bool {
    op.is_pure_load() || matches!(op, Op::LoadFast(_) | Op::LoadDeref(_))
}

/// Loads that take more than a byte and give the same object when done again at once.
fn is_long_load(op: Op) -> bool {
    match op {
        Op::LoadStr(_)
        | Op::LoadQstr(_)
        | Op::LoadConst(_)
        | Op::LoadGlobal(_)
        | Op::LoadName(_)
        | Op::LoadDeref(_) => true,
        Op::LoadInt(value) => !(-16..48).contains(&value),
        _ => false,
    }
}
