//! What instructions do to the stack.

use super::ir::{ITER_ENTRIES, Op, SetupKind, Term};

/// Entries that an instruction takes, then leaves, and how far above its result it writes meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Entries that must be there.
    pub takes: u32,
    /// Entries that replace them.
    pub leaves: u32,
    /// Entries above the higher of both that are written on the way.
    pub scratch: u32,
}

const fn effect(takes: u32, leaves: u32) -> Effect {
    Effect { takes, leaves, scratch: 0 }
}

impl Effect {
    /// The depth after it, from `depth` entries before; `None` where there are too few.
    pub fn apply(self, depth: u32) -> Option<u32> {
        Some(depth.checked_sub(self.takes)? + self.leaves)
    }

    /// The greatest depth on the way.
    pub fn peak(self, depth: u32) -> u32 {
        depth.max((depth + self.leaves).saturating_sub(self.takes)) + self.scratch
    }
}

impl Op {
    /// Its effect.
    pub fn effect(self) -> Effect {
        match self {
            Op::LoadNone
            | Op::LoadFalse
            | Op::LoadTrue
            | Op::LoadNull
            | Op::LoadInt(_)
            | Op::LoadStr(_)
            | Op::LoadQstr(_)
            | Op::LoadConst(_)
            | Op::LoadFast(_)
            | Op::LoadBound(_)
            | Op::LoadCell(_)
            | Op::LoadDeref(_)
            | Op::LoadName(_)
            | Op::LoadGlobal(_)
            | Op::LoadSource
            | Op::LoadBuildClass
            | Op::BuildMap(_) => effect(0, 1),
            Op::StoreFast(_)
            | Op::StoreDeref(_)
            | Op::StoreName(_)
            | Op::StoreGlobal(_)
            | Op::Pop
            | Op::ImportStar => effect(1, 0),
            Op::DeleteFast(_) | Op::DeleteDeref(_) | Op::DeleteName(_) | Op::DeleteGlobal(_) => {
                effect(0, 0)
            }
            Op::LoadAttr(_) | Op::Unary(_) | Op::GetIter | Op::YieldValue => effect(1, 1),
            Op::LoadMethod(_) | Op::Dup | Op::ImportFrom(_) => effect(1, 2),
            Op::LoadSuperMethod(_) => effect(3, 2),
            Op::StoreAttr(_) => effect(2, 0),
            Op::LoadSubscr | Op::Binary(_) | Op::YieldFrom | Op::ImportName(_) => effect(2, 1),
            Op::StoreSubscr => effect(3, 0),
            Op::DupTwo => effect(2, 4),
            Op::RotTwo | Op::RotUnwind => effect(2, 2),
            Op::RotThree => effect(3, 3),
            Op::BuildTuple(n) | Op::BuildList(n) | Op::BuildSet(n) => effect(n, 1),
            Op::BuildSlice(n) => effect(u32::from(n), 1),
            Op::StoreMap => effect(3, 1),
            Op::StoreComp(crate::hir::Collection::Dict, _) => effect(2, 0),
            Op::StoreComp(..) => effect(1, 0),
            Op::UnpackSequence(n) => effect(1, n),
            Op::UnpackEx(left, right) => effect(1, u32::from(left) + u32::from(right) + 1),
            Op::MakeFunction { defaults, .. } => effect(if defaults { 2 } else { 0 }, 1),
            Op::MakeClosure { defaults, cells, .. } => {
                effect(u32::from(cells) + if defaults { 2 } else { 0 }, 1)
            }
            Op::Call(args) => effect(args.entries() + 1, 1),
            Op::CallVar(args) | Op::CallMethod(args) => effect(args.entries() + 2, 1),
            Op::CallMethodVar(args) => effect(args.entries() + 3, 1),
            Op::GetIterStack => effect(1, ITER_ENTRIES),
            // `__exit__` and its context go; what is on top stays. `__exit__` is called with three
            // arguments above.
            Op::WithCleanup => Effect { takes: 3, leaves: 1, scratch: 2 },
        }
    }

    /// Whether it can raise anything, running out of memory included. A local's load is taken to.
    pub fn may_raise(self) -> bool {
        !matches!(
            self,
            Op::LoadNone
                | Op::LoadFalse
                | Op::LoadTrue
                | Op::LoadNull
                | Op::LoadInt(_)
                | Op::LoadStr(_)
                | Op::LoadQstr(_)
                | Op::LoadConst(_)
                | Op::LoadBound(_)
                | Op::LoadCell(_)
                | Op::LoadSource
                | Op::StoreFast(_)
                | Op::StoreDeref(_)
                | Op::Dup
                | Op::DupTwo
                | Op::Pop
                | Op::RotTwo
                | Op::RotThree
                | Op::RotUnwind
        )
    }

    /// Whether it only pushes a value, without any other effect and without raising.
    pub fn is_pure_load(self) -> bool {
        matches!(
            self,
            Op::LoadNone
                | Op::LoadFalse
                | Op::LoadTrue
                | Op::LoadNull
                | Op::LoadInt(_)
                | Op::LoadStr(_)
                | Op::LoadQstr(_)
                | Op::LoadConst(_)
                | Op::LoadBound(_)
                | Op::LoadCell(_)
                | Op::LoadSource
        )
    }
}

impl Term {
    /// The depths after it, along each of [`Term::successors`], from `depth` entries before.
    /// `None` where there are too few.
    pub fn depths(self, depth: u32) -> Option<[u32; 2]> {
        Some(match self {
            Term::Jump(_) | Term::PopExcept(_) => [depth; 2],
            Term::Unwind { drops, pop_iter, .. } => {
                let iter = if pop_iter { ITER_ENTRIES } else { 0 };
                [depth.checked_sub(u32::from(drops) + iter)?; 2]
            }
            Term::Branch { .. } => [depth.checked_sub(1)?; 2],
            Term::BranchOrPop { .. } => [depth.checked_sub(1)?, depth],
            Term::ForIter { .. } => [depth + 1, depth.checked_sub(ITER_ENTRIES)?],
            // A handler is entered with the exception on top of the stack as it was.
            Term::Setup { kind: SetupKind::With, .. } => {
                depth.checked_sub(1)?;
                [depth + 2, depth + 2]
            }
            Term::Setup { .. } => [depth, depth + 1],
            Term::EndFinally(_) => [depth.checked_sub(1)?; 2],
            Term::Reraise | Term::Return | Term::RaiseObj => {
                depth.checked_sub(1)?;
                [0; 2]
            }
            Term::RaiseFrom => {
                depth.checked_sub(2)?;
                [0; 2]
            }
            Term::RaiseLast => [0; 2],
        })
    }

    /// Entries written above the stack on the way.
    pub fn scratch(self) -> u32 {
        match self {
            // Destination and count of the unwinding.
            Term::Unwind { .. } => 2,
            // `__exit__` of the context replaces it, then `__enter__` and its receiver.
            Term::Setup { kind: SetupKind::With, .. } => 3,
            // A `finally` handler may be entered with the result and a marker.
            Term::Return => 1,
            _ => 0,
        }
    }

    /// Whether it can raise, run `finally` code or hold the program up for pending events.
    pub fn may_raise(self) -> bool {
        !matches!(self, Term::Jump(_) | Term::PopExcept(_) | Term::Return)
    }
}
