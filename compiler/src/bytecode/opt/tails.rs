//! Equal ends of blocks that go on at the same place: one copy, before that place.

use std::collections::HashMap;

use super::flow;
use crate::bytecode::ir::{BlockId, Code, Inst, Op, RegionId, Term};

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
        // The one that falls into the meeting point keeps the copy, if there is one.
        let falls =
            |&&(_, from): &&(BlockId, BlockId)| places[from.index()] + 1 == places[to.index()];
        let Some(&(_, keeper)) = group.iter().find(falls).or(group.last()) else { continue };
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
        split(code, keeper, Term::Jump(to), cuts, &places, &mut inserted);
    }
    insert(code, inserted);
}

/// Lets blocks that leave the function in the same way share their ends, where a jump is shorter.
pub fn merge_ends(code: &mut Code) {
    let places = flow::places(code);
    let mut groups: HashMap<(u8, RegionId, u32), Vec<BlockId>> = HashMap::new();
    for &id in &code.order {
        let block = code.block(id);
        let kind = match block.term {
            Term::Return => 0,
            Term::RaiseObj => 1,
            Term::RaiseFrom => 2,
            _ => continue,
        };
        let key = (kind, block.region, depth_at(code, id, block.end));
        groups.entry(key).or_default().push(id);
    }
    let mut groups: Vec<Vec<BlockId>> =
        groups.into_values().filter(|group| group.len() > 1).collect();
    groups.sort();
    let mut inserted: Vec<(usize, BlockId)> = Vec::new();
    for group in groups {
        // Of blocks with the same last two instructions the first is shared.
        let mut shared: HashMap<[Fingerprint; 2], BlockId> = HashMap::new();
        let mut cuts: Vec<(BlockId, Vec<(u32, BlockId)>)> = Vec::new();
        for id in group {
            let [.., a, b] = code.body(id) else { continue };
            let keeper = *shared.entry([fingerprint(a), fingerprint(b)]).or_insert(id);
            if keeper == id {
                cuts.push((id, Vec::new()));
                continue;
            }
            let raises = code.block(id).term.may_raise();
            if raises && code.block(keeper).line != code.block(id).line {
                continue;
            }
            let body = code.body(id);
            let same = common(code.body(keeper), body);
            let size: u32 = body[body.len() - same..].iter().map(|inst| size(inst.op)).sum();
            // The last instruction goes as well; a jump takes two bytes, or three.
            if size < JUMP {
                continue;
            }
            code.block_mut(id).end -= same as u32;
            if let Some((_, cuts)) = cuts.iter_mut().find(|(of, _)| *of == keeper) {
                cuts.push((same as u32, id));
            }
        }
        for (keeper, cuts) in cuts {
            let term = code.block(keeper).term;
            split(code, keeper, term, cuts, &places, &mut inserted);
        }
    }
    insert(code, inserted);
}

/// Bytes of a jump at most.
const JUMP: u32 = 3;

/// Something that equal instructions have in common.
type Fingerprint = (std::mem::Discriminant<Op>, u32);

fn fingerprint(inst: &Inst) -> Fingerprint {
    (std::mem::discriminant(&inst.op), if inst.op.may_raise() { inst.line } else { 0 })
}

/// Bytes of an instruction at least.
fn size(op: Op) -> u32 {
    match op {
        Op::LoadNone
        | Op::LoadFalse
        | Op::LoadTrue
        | Op::LoadNull
        | Op::LoadInt(_)
        | Op::LoadFast(_)
        | Op::LoadBound(_)
        | Op::LoadCell(_)
        | Op::LoadSource
        | Op::StoreFast(_)
        | Op::LoadSubscr
        | Op::StoreSubscr
        | Op::Dup
        | Op::DupTwo
        | Op::Pop
        | Op::RotTwo
        | Op::RotThree
        | Op::Unary(_)
        | Op::Binary(_)
        | Op::StoreMap
        | Op::GetIter
        | Op::YieldValue
        | Op::YieldFrom => 1,
        _ => 2,
    }
}

/// Puts new blocks behind their keepers, the later parts last.
fn insert(code: &mut Code, mut inserted: Vec<(usize, BlockId)>) {
    if inserted.is_empty() {
        return;
    }
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
    term: Term,
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
        let (line, region) = (block.line, block.region);
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
