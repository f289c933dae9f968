//! Threads jumps, resolves tests, drops unreachable blocks, joins blocks.

use mpy_format::UnaryOp;

use crate::bytecode::ir::{Block, BlockId, Code, Op, Term};

/// Position of every block in the order; `usize::MAX` where a block is not placed.
pub fn places(code: &Code) -> Vec<usize> {
    let mut places = vec![usize::MAX; code.blocks.len()];
    for (i, id) in code.order.iter().enumerate() {
        places[id.index()] = i;
    }
    places
}

/// How many edges lead to every block, handlers' included; the entry has one more.
pub fn incoming(code: &Code) -> Vec<u32> {
    let mut incoming = vec![0; code.blocks.len()];
    if let Some(entry) = code.order.first() {
        incoming[entry.index()] = 1;
    }
    for &id in &code.order {
        for to in code.block(id).term.successors() {
            incoming[to.index()] += 1;
        }
    }
    incoming
}

/// Which blocks only code behind them leads to: the tops of loops whose test stands at the end.
/// Loaders find the stack of such a block by the jump before it, which must stay.
pub fn tops(code: &Code) -> Vec<bool> {
    let places = places(code);
    let mut tops = vec![true; code.blocks.len()];
    if let Some(entry) = code.order.first() {
        tops[entry.index()] = false;
    }
    for (i, &id) in code.order.iter().enumerate() {
        for to in code.block(id).term.successors() {
            if places[to.index()] > i {
                tops[to.index()] = false;
            }
        }
    }
    tops
}

/// Straightens the flow of control.
pub fn simplify(code: &mut Code) {
    resolve_tests(code);
    thread(code);
    drop_unreachable(code);
    join(code);
}

/// A branch on `not x` is one on `x` the other way; one on a constant is a jump.
fn resolve_tests(code: &mut Code) {
    for i in 0..code.order.len() {
        let id = code.order[i];
        loop {
            let last = code.body(id).last().map(|inst| inst.op);
            let block = code.block_mut(id);
            let Term::Branch { sense, taken, next } = block.term else { break };
            let known = match last {
                Some(Op::Unary(UnaryOp::Not)) => {
                    block.term = Term::Branch { sense: !sense, taken, next };
                    block.end -= 1;
                    continue;
                }
                Some(Op::LoadNone | Op::LoadFalse) => false,
                Some(Op::LoadTrue) => true,
                Some(Op::LoadInt(value)) => value != 0,
                _ => break,
            };
            block.term = Term::Jump(if known == sense { taken } else { next });
            block.end -= 1;
        }
    }
}

/// Lets every edge skip blocks that only jump on.
fn thread(code: &mut Code) {
    let places = places(code);
    let tops = tops(code);
    let stays: Vec<bool> = (0..code.blocks.len())
        .map(|i| {
            let next = places[i].checked_add(1).and_then(|place| code.order.get(place));
            next.is_some_and(|next| tops[next.index()])
        })
        .collect();
    for i in 0..code.order.len() {
        let id = code.order[i];
        let mut term = code.block(id).term;
        let forward_only = !matches!(
            term,
            Term::Jump(_) | Term::Branch { .. } | Term::Unwind { .. } | Term::EndFinally(_)
        );
        term.map_successors(|to| skip(code, to, &places, &stays, forward_only.then_some(i)));
        term = through_tests(code, term, &places, i);
        code.block_mut(id).term = term;
    }
}

/// The first block from `to` on that does something. With `after`, one behind that place.
fn skip(
    code: &Code,
    mut to: BlockId,
    places: &[usize],
    stays: &[bool],
    after: Option<usize>,
) -> BlockId {
    // A loop of empty blocks is left after so many steps.
    for _ in 0..32 {
        let block = code.block(to);
        let Term::Jump(next) = block.term else { break };
        let behind = after.is_none_or(|after| places[next.index()] > after);
        if !block.is_empty()
            || stays[to.index()]
            || next == to
            || !behind
            || code.block(next).region != block.region
        {
            break;
        }
        to = next;
    }
    to
}

/// A value that was just tested need not be tested again where the jump leads.
fn through_tests(code: &Code, term: Term, places: &[usize], at: usize) -> Term {
    let mut term = term;
    for _ in 0..32 {
        let Term::BranchOrPop { sense, taken, next } = term else { break };
        let target = code.block(taken);
        if !target.is_empty() {
            break;
        }
        term = match target.term {
            Term::Branch { sense: other, taken: yes, next: no } => {
                Term::Branch { sense, taken: if sense == other { yes } else { no }, next }
            }
            Term::BranchOrPop { sense: other, taken: yes, next: no } => {
                if sense != other {
                    Term::Branch { sense, taken: no, next }
                } else if places[yes.index()] > at && yes != taken {
                    Term::BranchOrPop { sense, taken: yes, next }
                } else {
                    break;
                }
            }
            _ => break,
        };
    }
    term
}

/// Drops blocks that control cannot reach.
pub fn drop_unreachable(code: &mut Code) {
    let Some(&entry) = code.order.first() else { return };
    let mut reached = vec![false; code.blocks.len()];
    let mut todo = vec![entry];
    reached[entry.index()] = true;
    while let Some(id) = todo.pop() {
        for to in code.block(id).term.successors() {
            if !std::mem::replace(&mut reached[to.index()], true) {
                todo.push(to);
            }
        }
    }
    code.order.retain(|id| reached[id.index()]);
}

/// Joins a block to the only one that leads to it, where they lie side by side.
fn join(code: &mut Code) {
    let incoming = incoming(code);
    let mut kept: Vec<BlockId> = Vec::with_capacity(code.order.len());
    for i in 0..code.order.len() {
        let id = code.order[i];
        let block = *code.block(id);
        if let Some(&last) = kept.last() {
            let before = *code.block(last);
            if before.term == Term::Jump(id)
                && incoming[id.index()] == 1
                && before.region == block.region
                && (before.end == block.start || before.is_empty() || block.is_empty())
            {
                let joined = code.block_mut(last);
                if before.is_empty() {
                    (joined.start, joined.end) = (block.start, block.end);
                } else if !block.is_empty() {
                    joined.end = block.end;
                }
                joined.term = block.term;
                joined.line = block.line;
                code.block_mut(id).depth = Block::UNREACHED;
                continue;
            }
        }
        kept.push(id);
    }
    code.order = kept;
}
