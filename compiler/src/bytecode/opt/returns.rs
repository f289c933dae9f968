//! `return` of a value that costs nothing to load: the commonest end of blocks.
//!
//! What lies below the returned value does not matter, so nothing need be popped before; a jump to
//! such code is no shorter than a copy of it; and branches may share one copy.

use std::collections::HashMap;

use super::flow;
use crate::bytecode::ir::{BlockId, Code, Inst, Op, Region, RegionId, SetupKind, Term};
use crate::hir::{Scope, ScopeKind};

/// The value's load, if the block only returns it.
fn simple(code: &Code, id: BlockId) -> Option<Op> {
    match code.body(id) {
        [inst] if code.block(id).term == Term::Return && inst.op.is_pure_load() => Some(inst.op),
        _ => None,
    }
}

/// Replaces jumps to such blocks by copies, where a jump would have to be written.
pub fn copy(code: &mut Code) {
    for i in 0..code.order.len() {
        let id = code.order[i];
        let block = *code.block(id);
        let Term::Jump(to) = block.term else { continue };
        if code.order.get(i + 1) == Some(&to) || code.block(to).region != block.region {
            continue;
        }
        let Some(op) = simple(code, to) else { continue };
        if matches!(op, Op::LoadInt(value) if !(-16..48).contains(&value))
            || matches!(op, Op::LoadStr(_) | Op::LoadQstr(_) | Op::LoadConst(_))
        {
            continue;
        }
        append(code, id, op);
        code.block_mut(id).term = Term::Return;
    }
}

/// Appends an instruction to a block, whose others move.
fn append(code: &mut Code, id: BlockId, op: Op) {
    let range = code.block(id).range();
    let start = code.insts.len() as u32;
    let line = code.block(id).line;
    code.insts.extend_from_within(range);
    code.insts.push(Inst { op, line });
    let end = code.insts.len() as u32;
    let block = code.block_mut(id);
    (block.start, block.end) = (start, end);
}

/// Lets branches to equal blocks share one of them.
pub fn share(code: &mut Code) {
    let places = flow::places(code);
    // Blocks that only branches lead to could go.
    let mut by_branch = vec![true; code.blocks.len()];
    for &id in &code.order {
        let term = code.block(id).term;
        if !matches!(term, Term::Branch { .. }) {
            term.successors().for_each(|to| by_branch[to.index()] = false);
        }
    }
    let mut groups: HashMap<(u8, u32, u32, RegionId), Vec<BlockId>> = HashMap::new();
    for &id in &code.order {
        if let Some(op) = simple(code, id) {
            let block = code.block(id);
            let (kind, operand) = key(op);
            let key = (kind, operand, block.depth, block.region);
            groups.entry(key).or_default().push(id);
        }
    }
    let mut instead: HashMap<BlockId, BlockId> = HashMap::new();
    for group in groups.values().filter(|group| group.len() > 1) {
        let mut anchors: Vec<BlockId> =
            group.iter().copied().filter(|id| !by_branch[id.index()]).collect();
        if anchors.is_empty() {
            anchors.push(group[group.len() / 2]);
        }
        let mut nearest = 0;
        for &id in group {
            let place = places[id.index()];
            let away = |anchor: BlockId| places[anchor.index()].abs_diff(place);
            while nearest + 1 < anchors.len() && away(anchors[nearest + 1]) < away(anchors[nearest])
            {
                nearest += 1;
            }
            if anchors[nearest] != id && by_branch[id.index()] {
                instead.insert(id, anchors[nearest]);
            }
        }
    }
    if instead.is_empty() {
        return;
    }
    for i in 0..code.order.len() {
        let id = code.order[i];
        if let Term::Branch { .. } = code.block(id).term {
            code.block_mut(id).term.map_successors(|to| *instead.get(&to).unwrap_or(&to));
        }
    }
    flow::drop_unreachable(code);
}

fn key(op: Op) -> (u8, u32) {
    match op {
        Op::LoadNone => (0, 0),
        Op::LoadFalse => (1, 0),
        Op::LoadTrue => (2, 0),
        Op::LoadInt(value) => (3, value as u32),
        Op::LoadStr(symbol) => (4, symbol.index() as u32),
        Op::LoadConst(konst) => (5, konst.0),
        Op::LoadCell(var) | Op::LoadBound(var) => (6, var.index() as u32),
        _ => (7, 0),
    }
}

/// Lets a test whose value is not wanted leave it on the stack, where all other ways to the same
/// `return` would have to pop one.
pub fn leave_tested(scope: &Scope, code: &mut Code) {
    let places = flow::places(code);
    // By target: the blocks that lead there, and whether all of them could leave a value.
    let mut from: Vec<(Vec<BlockId>, bool)> = vec![(Vec::new(), true); code.blocks.len()];
    for (place, &id) in code.order.iter().enumerate() {
        let block = code.block(id);
        for to in block.term.successors() {
            let (sources, fit) = &mut from[to.index()];
            sources.push(id);
            *fit &= match block.term {
                Term::Jump(_) => code.body(id).last().is_some_and(|inst| inst.op == Op::Pop),
                Term::Branch { taken, next, .. } => {
                    let follows = code.order.get(place + 1);
                    let other = if taken == to { next } else { taken };
                    places[to.index()] > place && follows == Some(&other) && other != to
                }
                _ => false,
            };
        }
    }
    for i in 0..code.order.len() {
        let id = code.order[i];
        let (sources, fit) = &from[id.index()];
        let jumps = |&&id: &&BlockId| matches!(code.block(id).term, Term::Jump(_));
        let bound = |region: &Region| region.active && region.kind != SetupKind::Except;
        if !fit
            || simple(code, id).is_none()
            || sources.iter().filter(jumps).count() == 0
            || code.enclosing(code.block(id).region).any(bound)
        {
            continue;
        }
        for &source in sources {
            let block = code.block_mut(source);
            match block.term {
                Term::Branch { sense, taken, next } if taken == id => {
                    block.term = Term::BranchOrPop { sense, taken, next };
                }
                Term::Branch { sense, taken, next } => {
                    block.term = Term::BranchOrPop { sense: !sense, taken: next, next: taken };
                }
                _ => block.end -= 1,
            }
        }
        let any_value = scope.kind == ScopeKind::Module && simple(code, id) == Some(Op::LoadNone);
        let block = code.block_mut(id);
        block.depth += 1;
        if any_value {
            block.end = block.start;
        }
    }
}

/// Drops pops before a `return`. Not in a `finally` part that runs: there boards look below the
/// value for what is pending.
pub fn leave_stack(scope: &Scope, code: &mut Code) {
    for i in 0..code.order.len() {
        let id = code.order[i];
        let block = *code.block(id);
        let bound = |region: &Region| region.active && region.kind != SetupKind::Except;
        if block.term != Term::Return || code.enclosing(block.region).any(bound) {
            continue;
        }
        before_load(scope, code, id);
    }
}

/// Drops the pops right before the load of the value.
fn before_load(scope: &Scope, code: &mut Code, id: BlockId) {
    let block = *code.block(id);
    let [.., load] = code.body(id) else { return };
    let load = *load;
    if !load.op.is_pure_load() && !matches!(load.op, Op::LoadFast(_) | Op::LoadDeref(_)) {
        return;
    }
    let pops = code.body(id).iter().rev().skip(1).take_while(|inst| inst.op == Op::Pop).count();
    if pops == 0 {
        return;
    }
    let mut end = block.end as usize - pops;
    code.insts[end - 1] = load;
    // Nobody asks for what a module returns.
    if scope.kind == ScopeKind::Module && load.op == Op::LoadNone {
        end -= 1;
    }
    code.block_mut(id).end = end as u32;
}
