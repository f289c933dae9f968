//! Puts blocks together while the tree is walked.
//!
//! The builder knows at every moment which block is being filled, how deep the stack is, which
//! handlers are set up and which source line is at hand. While no block is being filled, control
//! cannot come here, and instructions are dropped.

use super::ir::{Block, BlockId, Code, Inst, Op, Region, RegionId, SetupKind, Term};
use crate::diag::{LineCursor, LineTable};

/// Fills a [`Code`].
pub struct Builder<'m> {
    code: Code,
    current: Option<BlockId>,
    depth: u32,
    line: u32,
    region: RegionId,
    lines: Option<LineCursor<'m>>,
}

/// What is put where nothing is known yet; never left in a block that is placed.
const OPEN: Term = Term::RaiseLast;

impl<'m> Builder<'m> {
    /// A builder at the entry of a function. Without `lines` all code counts as of one line.
    pub fn new(lines: Option<&'m LineTable>) -> Self {
        let top = Region {
            parent: RegionId::TOP,
            kind: SetupKind::Except,
            active: false,
            depth: 0,
            held: 0,
        };
        let mut builder = Self {
            code: Code { regions: vec![top], ..Code::default() },
            current: None,
            depth: 0,
            line: 1,
            region: RegionId::TOP,
            lines: lines.map(LineCursor::new),
        };
        let entry = builder.label();
        builder.place_at(entry, 0);
        builder
    }

    /// The code, once everything is placed. Control must not be able to run off its end.
    pub fn finish(self) -> Code {
        debug_assert!(self.current.is_none());
        self.code
    }

    /// Whether control comes here.
    pub fn reachable(&self) -> bool {
        self.current.is_some()
    }

    /// Stack entries at this point.
    pub fn depth(&self) -> u32 {
        self.depth
    }

    /// What follows belongs to the line that holds the byte at `offset`.
    pub fn at(&mut self, offset: u32) {
        if let Some(lines) = &mut self.lines {
            self.line = lines.line(offset);
        }
    }

    /// Appends an instruction.
    pub fn op(&mut self, op: Op) {
        let Some(current) = self.current else { return };
        self.depth = op.effect().apply(self.depth).unwrap_or_else(|| {
            debug_assert!(false, "stack underflow at {op:?}");
            0
        });
        self.code.insts.push(Inst { op, line: self.line });
        self.code.block_mut(current).end = self.code.insts.len() as u32;
    }

    /// A block to be placed later.
    pub fn label(&mut self) -> BlockId {
        let id = BlockId(self.code.blocks.len() as u32);
        self.code.blocks.push(Block {
            start: 0,
            end: 0,
            term: OPEN,
            line: 0,
            region: RegionId::TOP,
            depth: Block::UNREACHED,
        });
        id
    }

    /// Places a block here. Control falls into it, if it comes here.
    pub fn place(&mut self, label: BlockId) {
        self.jump(label);
        let depth = self.code.block(label).depth;
        if depth != Block::UNREACHED {
            self.place_at(label, depth);
        }
    }

    /// Places a block that code behind it leads to with `depth` stack entries.
    pub fn place_at(&mut self, label: BlockId, depth: u32) {
        self.jump(label);
        let at = self.code.insts.len() as u32;
        let (line, region) = (self.line, self.region);
        let block = self.code.block_mut(label);
        debug_assert!(block.depth == Block::UNREACHED || block.depth == depth);
        *block = Block { start: at, end: at, term: OPEN, line, region, depth };
        self.code.order.push(label);
        self.current = Some(label);
        self.depth = depth;
    }

    /// Ends the block. What follows is unreachable until a block is placed.
    pub fn end(&mut self, term: Term) {
        let Some(current) = self.current.take() else { return };
        let depths = term.depths(self.depth).unwrap_or_else(|| {
            debug_assert!(false, "stack underflow at {term:?}");
            [0; 2]
        });
        for (to, depth) in term.successors().zip(depths) {
            let block = self.code.block_mut(to);
            debug_assert!(
                block.depth == Block::UNREACHED || block.depth == depth,
                "{to:?} is reached with {depth} entries and with {}",
                block.depth
            );
            block.depth = depth;
        }
        let line = self.line;
        let block = self.code.block_mut(current);
        block.term = term;
        block.line = line;
    }

    /// Goes on at a block.
    pub fn jump(&mut self, to: BlockId) {
        self.end(Term::Jump(to));
    }

    /// Pops; goes to `taken` if the truth is `sense`, else on.
    pub fn branch(&mut self, sense: bool, taken: BlockId) {
        let next = self.label();
        self.end(Term::Branch { sense, taken, next });
        self.place(next);
    }

    /// Goes to `taken` if the truth of the top is `sense`, else pops it and goes on.
    pub fn branch_or_pop(&mut self, sense: bool, taken: BlockId) {
        let next = self.label();
        self.end(Term::BranchOrPop { sense, taken, next });
        self.place(next);
    }

    /// Sets up a handler for what follows.
    pub fn setup(&mut self, kind: SetupKind, handler: BlockId) {
        self.setup_over(kind, handler, 0);
    }

    /// As [`Self::setup`], for a handler whose code takes `held` entries below off the stack.
    pub fn setup_over(&mut self, kind: SetupKind, handler: BlockId, held: u16) {
        let next = self.label();
        self.end(Term::Setup { kind, handler, next });
        self.region = self.enter(kind, false, self.region, held);
        self.place(next);
    }

    /// Places the handler of the region that was set up last; control may fall into it.
    pub fn place_handler(&mut self, handler: BlockId) {
        let Region { parent, kind, .. } = self.code.regions[self.region.index()];
        self.jump(handler);
        self.region = self.enter(kind, true, parent, 0);
        self.place(handler);
    }

    /// The handler's code is over: what follows stands outside.
    pub fn leave_region(&mut self) {
        self.region = self.code.regions[self.region.index()].parent;
    }

    /// Where we are among the handlers.
    pub fn region(&self) -> RegionId {
        self.region
    }

    /// How many handlers are set up.
    pub fn handlers(&self, region: RegionId) -> u32 {
        self.code.regions[region.index()].depth
    }

    /// How many handlers are set up here and not around `outer`, and how many stack entries belong
    /// to them.
    pub fn handlers_since(&self, outer: RegionId) -> (u32, u16) {
        let count = self.handlers(self.region) - self.handlers(outer);
        let entries = self
            .code
            .enclosing(self.region)
            .take(count as usize)
            .map(|region| match (region.kind, region.active) {
                (SetupKind::With, false) => 2,
                (SetupKind::Finally, true) => 1,
                _ => region.held,
            })
            .fold(0, u16::saturating_add);
        (count, entries)
    }

    fn enter(&mut self, kind: SetupKind, active: bool, parent: RegionId, held: u16) -> RegionId {
        let id = RegionId(self.code.regions.len() as u32);
        let depth = self.handlers(parent) + 1;
        self.code.regions.push(Region { parent, kind, active, depth, held });
        id
    }
}
