//! The frame of a function: which variable lies in which slot, and how deep the stack gets.

use super::ir::{Block, Code, Op, SetupKind};
use crate::diag::{self, Diagnostic};
use crate::hir::{Scope, Storage, VarId};

/// The slots of a function's locals.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// By [`VarId`].
    slots: Vec<Option<u32>>,
    /// How many slots there are.
    pub len: u32,
    /// Slots that become cells on entry.
    pub cells: Vec<u8>,
}

impl Frame {
    /// Gives out slots. Callers fill the first ones, which are fixed; the others go to the
    /// variables that are used, the most used first, since the first sixteen take short
    /// instructions.
    ///
    /// # Errors
    /// `Limit` where a cell's slot does not fit a byte.
    pub fn new(scope: &Scope, code: &Code) -> Result<Self, Diagnostic> {
        let mut uses = vec![0u32; scope.vars.len()];
        for &id in &code.order {
            for inst in code.body(id) {
                match inst.op {
                    Op::LoadFast(var)
                    | Op::LoadBound(var)
                    | Op::StoreFast(var)
                    | Op::LoadCell(var) => {
                        uses[var.index()] += 2;
                    }
                    // These have no short form, but the variable needs a slot.
                    Op::DeleteFast(var)
                    | Op::LoadDeref(var)
                    | Op::StoreDeref(var)
                    | Op::DeleteDeref(var) => uses[var.index()] |= 1,
                    _ => {}
                }
            }
        }
        let mut slots = vec![None; scope.vars.len()];
        let mut len = 0;
        let mut fix = |var: VarId, slots: &mut Vec<Option<u32>>| {
            slots[var.index()] = Some(len);
            len += 1;
        };
        for free in &scope.free {
            fix(free.var, &mut slots);
        }
        for param in &scope.params {
            fix(param.var, &mut slots);
        }
        let mut others: Vec<usize> =
            (0..slots.len()).filter(|&i| slots[i].is_none() && uses[i] != 0).collect();
        others.sort_by_key(|&i| (std::cmp::Reverse(uses[i] >> 1), i));
        for i in others {
            slots[i] = Some(len);
            len += 1;
        }

        let mut cells = Vec::new();
        for (i, var) in scope.vars.iter().enumerate() {
            if let (Storage::Cell(_), Some(slot)) = (var.storage, slots[i])
                && uses[i] != 0
            {
                cells.push(u8::try_from(slot).map_err(|_| {
                    Diagnostic::new(
                        diag::Code::Limit,
                        scope.span,
                        "a function with more than 256 locals captures one of the last",
                    )
                })?);
            }
        }
        Ok(Self { slots, len, cells })
    }

    /// The slot of a comprehension's argument.
    pub fn source(&self, scope: &Scope) -> u32 {
        scope.params.first().map_or(0, |param| self.slot(param.var))
    }

    /// The slot of a variable, if it has one.
    pub fn get(&self, var: VarId) -> Option<u32> {
        self.slots.get(var.index()).copied().flatten()
    }

    /// The slot of a variable that code names.
    pub fn slot(&self, var: VarId) -> u32 {
        self.slots[var.index()].unwrap_or_else(|| {
            debug_assert!(false, "{var} has no slot");
            0
        })
    }
}

/// The greatest number of stack entries that the code can need.
pub fn max_depth(code: &Code) -> u32 {
    let mut max = 0;
    for &id in &code.order {
        let block = code.block(id);
        if block.depth == Block::UNREACHED {
            continue;
        }
        // A `finally` part that runs because of a `return` or a jump has two words where an
        // exception takes one.
        let pending = code
            .enclosing(block.region)
            .filter(|region| region.active && region.kind == SetupKind::Finally)
            .count() as u32;
        let mut depth = block.depth;
        let mut peak = depth;
        for inst in code.body(id) {
            let effect = inst.op.effect();
            peak = peak.max(effect.peak(depth));
            depth = effect.apply(depth).unwrap_or(0);
        }
        peak = peak.max(depth + block.term.scratch());
        if let Some(depths) = block.term.depths(depth) {
            peak = peak.max(depths[0]).max(depths[1]);
        }
        max = max.max(peak + pending);
    }
    max
}

/// How many handlers can be set up at once.
pub fn max_handlers(code: &Code) -> u32 {
    code.order.iter().map(|&id| code.region(id).depth).max().unwrap_or(0)
}
