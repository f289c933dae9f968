//! Equal ends of blocks that go on at the same place: one copy, before that place.

use super::flow;
use crate::bytecode::ir::{BlockId, Code, Inst, Term};

/// Moves equal last instructions of blocks that meet into one block.
pub fn merge(code: &mut Code) {
    // For each block, the blocks that jump to it.
    let mut jumpers: Vec<(BlockId, BlockId)> = code
        .order
        .iter()
        .filter_map(|&id| match code.block(id).term {
            Term::Jump(to) if !code.block(id).is_empty() => Some((to, id)),
            _ => None,
        })
        .collect();
    let places = flow::places(code);
    let tops = flow::tops(code);
    jumpers.sort_by_key(|&(to, from)| (to, places[from.index()]));
    let mut inserted: Vec<(usize, BlockId)> = Vec::new();
    for group in jumpers.chunk_by(|a, b| a.0 == b.0) {
        let to = group[0].0;
        // The one that falls into the meeting point keeps the copy.
        let Some(&(_, keeper)) =
            group.iter().find(|(_, from)| places[from.index()] + 1 == places[to.index()])
        else {
            continue;
        };
        let region = code.block(keeper).region;
        let mut cuts: Vec<(u32, BlockId)> = Vec::new();
        for &(_, from) in group {
            let next = code.order.get(places[from.index()] + 1);
            if from == keeper
                || code.block(from).region != region
                || next.is_some_and(|next| tops[next.index()])
            {
                continue;
            }
            let same = common(code.body(keeper), code.body(from));
            if same > 0 {
                code.block_mut(from).end -= same as u32;
                cuts.push((same as u32, from));
            }
        }
        split(code, keeper, to, cuts, &places, &mut inserted);
    }
    if inserted.is_empty() {
        return;
    }
    // New blocks stand behind their keepers, the later parts last.
    let mut order = Vec::with_capacity(code.order.len() + inserted.len());
    inserted.sort_by_key(|&(place, _)| place);
    let mut rest = inserted.into_iter().peekable();
    for (i, &id) in code.order.iter().enumerate() {
        order.push(id);
        while let Some((_, new)) = rest.next_if(|&(place, _)| place == i) {
            order.push(new);
        }
    }
    code.order = order;
}

/// Cuts the end of `keeper` into blocks, one for each length in `cuts`.
fn split(
    code: &mut Code,
    keeper: BlockId,
    to: BlockId,
    mut cuts: Vec<(u32, BlockId)>,
    places: &[usize],
    inserted: &mut Vec<(usize, BlockId)>,
) {
    if cuts.is_empty() {
        return;
    }
    cuts.sort_by_key(|&(same, _)| std::cmp::Reverse(same));
    let mut before = keeper;
    let end = code.block(keeper).end;
    for group in cuts.chunk_by(|a, b| a.0 == b.0) {
        let start = end - group[0].0;
        let block = *code.block(before);
        let (term, line, region) = (Term::Jump(to), block.line, block.region);
        let depth = depth_at(code, before, start);
        let part = code.add_block(&[], term, line, region);
        let new = code.block_mut(part);
        (new.start, new.end, new.depth) = (start, end, depth);
        code.block_mut(before).end = start;
        code.block_mut(before).term = Term::Jump(part);
        for &(_, from) in group {
            code.block_mut(from).term = Term::Jump(part);
        }
        inserted.push((places[keeper.index()], part));
        before = part;
    }
}

fn depth_at(code: &Code, id: BlockId, place: u32) -> u32 {
    let block = code.block(id);
    code.insts[block.start as usize..place as usize]
        .iter()
        .fold(block.depth, |depth, inst| inst.op.effect().apply(depth).unwrap_or(0))
}

/// How many last instructions are the same, tracebacks included.
fn common(a: &[Inst], b: &[Inst]) -> usize {
    a.iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(a, b)| a.op == b.op && (a.line == b.line || !a.op.may_raise()))
        .count()
}
