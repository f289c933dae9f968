//! Checks what [`super::ir`] promises.

use super::ir::{Block, BlockId, Code, RegionId, Term};

/// What is wrong, for the developer.
pub type Fault = String;

/// Checks a function's code.
///
/// # Errors
/// The first fault found.
pub fn verify(code: &Code) -> Result<(), Fault> {
    let mut place = vec![usize::MAX; code.blocks.len()];
    for (i, &id) in code.order.iter().enumerate() {
        if place[id.index()] != usize::MAX {
            return Err(format!("{id:?} is placed twice"));
        }
        place[id.index()] = i;
    }
    let mut starts = vec![usize::MAX; code.regions.len()];
    for &id in &code.order {
        let block = code.block(id);
        if let Term::Setup { handler, .. } = block.term {
            let inside = code.block(handler).region;
            starts[inside.index()] = place[handler.index()];
        }
    }
    for &id in &code.order {
        block(code, id, &place).map_err(|fault| format!("{id:?}: {fault}"))?;
        for region in regions(code, code.block(id).region) {
            let r = &code.regions[region.index()];
            if r.active
                && starts[region.index()] != usize::MAX
                && place[id.index()] < starts[region.index()]
            {
                return Err(format!("{id:?} stands before its handler starts"));
            }
        }
    }
    Ok(())
}

fn regions(code: &Code, region: RegionId) -> impl Iterator<Item = RegionId> {
    let mut at = region;
    std::iter::from_fn(move || {
        let this = at;
        at = code.regions[at.index()].parent;
        (this != RegionId::TOP).then_some(this)
    })
}

fn block(code: &Code, id: BlockId, place: &[usize]) -> Result<(), Fault> {
    let block = code.block(id);
    if block.depth == Block::UNREACHED {
        return Err("is placed but not reached".into());
    }
    let mut depth = block.depth;
    for inst in code.body(id) {
        depth = inst
            .op
            .effect()
            .apply(depth)
            .ok_or_else(|| format!("{:?} finds {depth} entries", inst.op))?;
    }
    let depths = block
        .term
        .depths(depth)
        .ok_or_else(|| format!("{:?} finds {depth} entries", block.term))?;
    for (to, depth) in block.term.successors().zip(depths) {
        let target = code.block(to);
        if place[to.index()] == usize::MAX {
            return Err(format!("leads to {to:?}, which is not placed"));
        }
        if target.depth != depth {
            return Err(format!("leads to {to:?} with {depth} entries, not {}", target.depth));
        }
    }
    let forward: Option<BlockId> = match block.term {
        Term::BranchOrPop { taken: to, .. }
        | Term::ForIter { exit: to, .. }
        | Term::Setup { handler: to, .. }
        | Term::PopExcept(to) => Some(to),
        _ => None,
    };
    if let Some(to) = forward
        && place[to.index()] <= place[id.index()]
    {
        return Err(format!("cannot jump back to {to:?}"));
    }
    let level = |id: BlockId| code.region(id).depth;
    let here = level(id);
    let expected = match block.term {
        Term::Jump(to) => Some((to, here)),
        Term::PopExcept(to) | Term::EndFinally(to) => Some((to, here.wrapping_sub(1))),
        Term::Unwind { target, depth, .. } => Some((target, here.wrapping_sub(u32::from(depth)))),
        Term::Setup { next, .. } => Some((next, here + 1)),
        Term::Branch { next, .. } | Term::BranchOrPop { next, .. } => Some((next, here)),
        Term::ForIter { exit, .. } => Some((exit, here)),
        _ => None,
    };
    if let Some((to, depth)) = expected
        && level(to) != depth
    {
        return Err(format!("leads to {to:?} under {} handlers, not {depth}", level(to)));
    }
    Ok(())
}
