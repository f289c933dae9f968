//! The stack code of one function: basic blocks over typed instructions.
//!
//! Instructions still name variables, texts and scopes by their HIR indices; slots, table indices
//! and jump distances are given out by the assembler. All instructions of a function lie in one
//! vector and a block owns a range of it, so that passes shrink blocks in place.
//!
//! What holds from lowering to assembly ([`super::verify`] checks it):
//!
//! 1. Every block that control can reach has one stack depth at its entry, the same on every way in.
//! 2. The code of a `try` body stands before its handler in `order`, the handler's after that
//!    point: boards tell an active handler from a waiting one by comparing addresses.
//! 3. Jumps that boards can only take forward go forward in `order`.

use std::fmt;

use mpy_format::{BinaryOp, UnaryOp};

use crate::hir::{Collection, ScopeId, Symbol, VarId};

/// A basic block of a function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockId(pub u32);

impl BlockId {
    /// Place in [`Code::blocks`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Debug for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b{}", self.0)
    }
}

/// A stretch of code with one list of exception handlers around it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct RegionId(pub u32);

impl RegionId {
    /// The region without handlers.
    pub const TOP: Self = Self(0);

    /// Place in [`Code::regions`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A constant of the module that is neither a name nor a small word.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct KonstId(pub u32);

/// A region: the handler that was set up last, on top of those of `parent`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// The region outside; that of [`RegionId::TOP`] is itself.
    pub parent: RegionId,
    /// What the handler is for.
    pub kind: SetupKind,
    /// Whether the handler runs already.
    pub active: bool,
    /// How many handlers are set up here.
    pub depth: u32,
    /// Stack entries below what the handler is given that its code takes off the stack as well.
    pub held: u16,
}

/// What a handler is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetupKind {
    /// `with`: calls `__enter__` now and leaves `__exit__` on the stack.
    With,
    /// `except`: entered by exceptions only.
    Except,
    /// `finally`: entered by exceptions, `return`, unwinding jumps, and by falling into it.
    Finally,
}

/// An instruction and the source line it belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inst {
    /// What it does.
    pub op: Op,
    /// Source line, from 1.
    pub line: u32,
}

/// Numbers of arguments of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Args {
    /// By position.
    pub positional: u8,
    /// By keyword; each takes two stack entries.
    pub keyword: u8,
}

impl Args {
    /// Stack entries they take.
    pub fn entries(self) -> u32 {
        u32::from(self.positional) + 2 * u32::from(self.keyword)
    }

    /// The operand of the opcode.
    pub fn operand(self) -> u32 {
        u32::from(self.keyword) << 8 | u32::from(self.positional)
    }
}

/// What an instruction does. Control passes to the next one, or to a handler.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    LoadNone,
    LoadFalse,
    LoadTrue,
    /// The word that means 'nothing here'.
    LoadNull,
    LoadInt(i32),
    LoadStr(Symbol),
    /// A string that must be interned, such as an argument's name.
    LoadQstr(Symbol),
    LoadConst(KonstId),
    /// A local's value; raises where it is unbound.
    LoadFast(VarId),
    /// The same where it is known to be bound.
    LoadBound(VarId),
    /// The cell of a captured variable.
    LoadCell(VarId),
    LoadDeref(VarId),
    LoadName(Symbol),
    LoadGlobal(Symbol),
    /// The argument of a comprehension's function.
    LoadSource,
    StoreFast(VarId),
    StoreDeref(VarId),
    StoreName(Symbol),
    StoreGlobal(Symbol),
    DeleteFast(VarId),
    DeleteDeref(VarId),
    DeleteName(Symbol),
    DeleteGlobal(Symbol),
    LoadAttr(Symbol),
    LoadMethod(Symbol),
    LoadSuperMethod(Symbol),
    /// Value below, object above.
    StoreAttr(Symbol),
    LoadSubscr,
    /// Value, object, index from below.
    StoreSubscr,
    LoadBuildClass,
    Dup,
    DupTwo,
    Pop,
    RotTwo,
    /// The top goes below the two under it.
    RotThree,
    /// The entry under a pending unwinding (two words that count as one entry) goes above it.
    RotUnwind,
    Unary(UnaryOp),
    Binary(BinaryOp),
    BuildTuple(u32),
    BuildList(u32),
    BuildMap(u32),
    BuildSet(u32),
    /// With two or three operands.
    BuildSlice(u8),
    StoreMap,
    /// Adds to a collection `index` entries below the top.
    StoreComp(Collection, u16),
    UnpackSequence(u32),
    UnpackEx(u8, u8),
    /// `defaults`: a tuple and a dictionary lie below.
    MakeFunction {
        defaults: bool,
        scope: ScopeId,
    },
    /// Takes `cells` cells as well.
    MakeClosure {
        defaults: bool,
        cells: u8,
        scope: ScopeId,
    },
    Call(Args),
    /// Call with star arguments; a bitmap lies on top.
    CallVar(Args),
    CallMethod(Args),
    CallMethodVar(Args),
    GetIter,
    /// Spreads the iterator over four entries.
    GetIterStack,
    WithCleanup,
    YieldValue,
    YieldFrom,
    ImportName(Symbol),
    ImportFrom(Symbol),
    ImportStar,
}

/// Stack entries of an iterator in a `for` loop.
pub const ITER_ENTRIES: u32 = 4;

/// How a block ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Term {
    /// Go on at a block.
    Jump(BlockId),
    /// Pop; go to `taken` if its truth is `sense`, else to `next`.
    Branch {
        sense: bool,
        taken: BlockId,
        next: BlockId,
    },
    /// Go to `taken` if the truth of the top is `sense`, else pop it and go to `next`.
    BranchOrPop {
        sense: bool,
        taken: BlockId,
        next: BlockId,
    },
    /// Push the next value and go to `body`, or pop the iterator and go to `exit`.
    ForIter {
        body: BlockId,
        exit: BlockId,
    },
    /// Leave `depth` handlers, running `finally` code, then pop the iterator if `pop_iter`.
    /// `drops` entries are lost with the handlers: those of `with`, and what is pending in
    /// `finally` parts that run.
    Unwind {
        target: BlockId,
        depth: u8,
        drops: u16,
        pop_iter: bool,
    },
    /// Drop the handler and go on.
    PopExcept(BlockId),
    /// Set up a handler for the region of `next`.
    Setup {
        kind: SetupKind,
        handler: BlockId,
        next: BlockId,
    },
    /// Drop the handler; go on, raise, return or unwind as the top of the stack says.
    EndFinally(BlockId),
    /// The same where the top is always an exception.
    Reraise,
    /// Return the top, whatever lies below.
    Return,
    RaiseLast,
    RaiseObj,
    RaiseFrom,
}

impl Term {
    /// The blocks that follow without an exception.
    pub fn successors(self) -> impl Iterator<Item = BlockId> {
        let (a, b) = match self {
            Self::Jump(to) | Self::PopExcept(to) | Self::EndFinally(to) => (Some(to), None),
            Self::Unwind { target, .. } => (Some(target), None),
            Self::Branch { taken, next, .. } | Self::BranchOrPop { taken, next, .. } => {
                (Some(next), Some(taken))
            }
            Self::ForIter { body, exit } => (Some(body), Some(exit)),
            Self::Setup { handler, next, .. } => (Some(next), Some(handler)),
            Self::Reraise | Self::Return | Self::RaiseLast | Self::RaiseObj | Self::RaiseFrom => {
                (None, None)
            }
        };
        a.into_iter().chain(b)
    }

    /// Replaces every successor.
    pub fn map_successors(&mut self, mut map: impl FnMut(BlockId) -> BlockId) {
        match self {
            Self::Jump(to) | Self::PopExcept(to) | Self::EndFinally(to) => *to = map(*to),
            Self::Unwind { target, .. } => *target = map(*target),
            Self::Branch { taken, next, .. } | Self::BranchOrPop { taken, next, .. } => {
                *taken = map(*taken);
                *next = map(*next);
            }
            Self::ForIter { body, exit } => {
                *body = map(*body);
                *exit = map(*exit);
            }
            Self::Setup { handler, next, .. } => {
                *handler = map(*handler);
                *next = map(*next);
            }
            Self::Reraise | Self::Return | Self::RaiseLast | Self::RaiseObj | Self::RaiseFrom => {}
        }
    }
}

/// A basic block.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// First instruction in [`Code::insts`].
    pub start: u32,
    /// After the last one.
    pub end: u32,
    /// How it ends.
    pub term: Term,
    /// Source line of `term`.
    pub line: u32,
    /// The handlers around it.
    pub region: RegionId,
    /// Stack entries at its start; [`Block::UNREACHED`] where control never comes.
    pub depth: u32,
}

impl Block {
    /// The depth of a block that nothing leads to.
    pub const UNREACHED: u32 = u32::MAX;

    /// Its instructions' places.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether it holds no instructions but its end.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }
}

/// The code of a function.
#[derive(Clone, Debug, Default)]
pub struct Code {
    /// The blocks, by [`BlockId`].
    pub blocks: Vec<Block>,
    /// Order of the blocks in memory; the first is the entry.
    pub order: Vec<BlockId>,
    /// The instructions of all blocks.
    pub insts: Vec<Inst>,
    /// The regions, by [`RegionId`].
    pub regions: Vec<Region>,
}

impl Code {
    /// A block.
    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.index()]
    }

    /// A block, to change.
    pub fn block_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.index()]
    }

    /// The instructions of a block.
    pub fn body(&self, id: BlockId) -> &[Inst] {
        &self.insts[self.block(id).range()]
    }

    /// The region of a block.
    pub fn region(&self, id: BlockId) -> &Region {
        &self.regions[self.block(id).region.index()]
    }

    /// The regions around `region`, itself first, without [`RegionId::TOP`].
    pub fn enclosing(&self, region: RegionId) -> impl Iterator<Item = &Region> {
        let mut at = region;
        std::iter::from_fn(move || {
            if at == RegionId::TOP {
                return None;
            }
            let region = &self.regions[at.index()];
            at = region.parent;
            Some(region)
        })
    }

    /// Adds a block that nothing leads to, with instructions of its own.
    pub fn add_block(&mut self, body: &[Inst], term: Term, line: u32, region: RegionId) -> BlockId {
        let start = self.insts.len() as u32;
        self.insts.extend_from_slice(body);
        let id = BlockId(self.blocks.len() as u32);
        self.blocks.push(Block {
            start,
            end: self.insts.len() as u32,
            term,
            line,
            region,
            depth: Block::UNREACHED,
        });
        id
    }
}
