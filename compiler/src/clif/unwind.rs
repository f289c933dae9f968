//! Handlers: which is active where, and how `finally` parts learn why they run.
//!
//! The stub's frame names the handler that is active by its number; a block whose
//! predecessors have another one stores its own first. A raise makes the stub
//! call the body again, whose first block goes to the handler's *landing*, which
//! puts the exception where the handler expects it: on top of the stack, in the
//! state array.
//!
//! A `finally` part ends by looking at that entry. It is `None` when the part was
//! fallen into, an exception, or a small integer: the number of a [`Pending`] in
//! the list of that part, for a `return` or jump that has to run it first.

use std::collections::HashMap;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder, TrapCode, Value};
use mpy_format::Helper;

use super::viper::Ty;
use super::{Lower, Shape};
use crate::bytecode::ir::{Block, BlockId, Code, RegionId, SetupKind, Term};
use crate::hir::Symbol;

/// What a `finally` part holds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pending {
    /// The value lies in the part's word of the state array.
    Return,
    /// `left` further handlers are to be left.
    Jump { target: BlockId, left: u8 },
}

/// The end of a `finally` part, to be written once all is known that it may hold
/// up.
struct End {
    /// Reached with the number of what is pending.
    block: ir::Block,
    number: Value,
    handler: BlockId,
    at: BlockId,
}

/// Handlers of a function.
pub struct Unwinding {
    /// The handler of a region that waits for exceptions.
    handlers: HashMap<RegionId, BlockId>,
    /// The handler whose code an active region is.
    active: HashMap<RegionId, BlockId>,
    numbers: HashMap<BlockId, u32>,
    predecessors: Vec<Vec<BlockId>>,
    pending: HashMap<BlockId, Vec<Pending>>,
    ends: Vec<End>,
    /// Greatest depth of a region.
    depth: u32,
    /// Raises its parameter, which may be any object.
    raise: Option<ir::Block>,
}

impl Unwinding {
    pub fn new(code: &Code) -> Self {
        let mut unwinding = Self {
            handlers: HashMap::new(),
            active: HashMap::new(),
            numbers: HashMap::new(),
            predecessors: vec![Vec::new(); code.blocks.len()],
            pending: HashMap::new(),
            ends: Vec::new(),
            depth: code.regions.iter().map(|r| r.depth).max().unwrap_or(0),
            raise: None,
        };
        for &id in &code.order {
            let block = code.block(id);
            if block.depth == Block::UNREACHED {
                continue;
            }
            for to in block.term.successors() {
                unwinding.predecessors[to.index()].push(id);
            }
            if let Term::Setup { handler, next, .. } = block.term {
                unwinding.handlers.insert(code.block(next).region, handler);
                unwinding.active.insert(code.block(handler).region, handler);
            }
        }
        unwinding
    }

    /// Words of the state array: what a `finally` part returns and what an
    /// `except` clause handles, by the region's depth.
    pub fn words(&self) -> u32 {
        if self.depth == 0 { 0 } else { 2 * (self.depth + 1) }
    }
}

impl Lower<'_> {
    /// The number of the handler that is active in a region, 0 for none.
    fn handler_number(&self, region: RegionId) -> u32 {
        let mut at = region;
        while at != RegionId::TOP {
            let Some(&handler) = self.unwinding.handlers.get(&at) else {
                at = self.code.regions[at.index()].parent;
                continue;
            };
            return self.unwinding.numbers.get(&handler).copied().unwrap_or(0);
        }
        0
    }

    fn set_handler(&mut self, region: RegionId) {
        let number = self.handler_number(region);
        let number = self.iconst(i64::from(number));
        self.frame_store(number, self.layout.handler);
    }

    /// Stores the handler of a block where control may come from under another.
    pub fn sync_handler(&mut self, id: BlockId) {
        if !self.framed() {
            return;
        }
        let region = self.code.block(id).region;
        let number = self.handler_number(region);
        let landed = self.unwinding.numbers.contains_key(&id);
        // A `finally` part hands on to blocks that none of its own blocks names.
        let jumped_to = self.code.order.iter().any(
            |&b| matches!(self.code.block(b).term, Term::Unwind { target, .. } if target == id),
        );
        let differs = self.unwinding.predecessors[id.index()]
            .iter()
            .any(|&from| self.handler_number(self.code.block(from).region) != number);
        if landed || differs || jumped_to {
            self.set_handler(region);
        }
    }

    /// Stores the handler that is active at this point, after a generator resumed.
    pub fn reopen_handler(&mut self) {
        let region = self.code.block(self.current).region;
        if self.handler_number(region) != 0 {
            self.set_handler(region);
        }
    }

    /// Gives a handler its number and its landing. The current block must have ended.
    pub fn define_handler(&mut self, handler: BlockId) {
        if self.unwinding.numbers.contains_key(&handler) {
            return;
        }
        let number = self.next_resume;
        self.next_resume += 1;
        self.unwinding.numbers.insert(handler, number);
        let landing = self.b.create_block();
        self.b.set_cold_block(landing);
        self.b.switch_to_block(landing);
        let exception = self.frame_load(self.layout.nlr + 1);
        let place = self.code.block(handler).depth as usize - 1;
        self.state_store(place, exception);
        let region = self.code.block(handler).region;
        if self.code.regions[region.index()].kind == SetupKind::Except {
            let place = self.handled_place(region);
            self.state_store(place, exception);
        }
        let to = self.blocks[handler.index()];
        self.b.ins().jump(to, &[]);
        self.resume.push((number, landing));
    }

    fn pending_place(&self, region: RegionId) -> usize {
        (self.pending + self.code.regions[region.index()].depth) as usize
    }

    fn handled_place(&self, region: RegionId) -> usize {
        self.pending_place(region) + self.unwinding.depth as usize + 1
    }

    /// Numbers what a `finally` part is to hold up.
    fn pend(&mut self, handler: BlockId, what: Pending) -> i64 {
        let list = self.unwinding.pending.entry(handler).or_default();
        let index = list.iter().position(|p| *p == what).unwrap_or_else(|| {
            list.push(what);
            list.len() - 1
        });
        index as i64
    }

    /// Runs a `finally` part with something pending.
    fn enter_finally(&mut self, handler: BlockId, number: i64) {
        let place = self.code.block(handler).depth as usize - 1;
        let number = self.iconst(number << 1 | 1);
        self.state_store(place, number);
        let to = self.blocks[handler.index()];
        self.b.ins().jump(to, &[]);
    }

    /// The `finally` part that leaving a region runs.
    fn finally_of(&self, region: RegionId) -> Option<BlockId> {
        let kind = self.code.regions[region.index()].kind;
        let handler = self.unwinding.handlers.get(&region).copied();
        handler.filter(|_| kind != SetupKind::Except)
    }

    /// Returns from inside a region.
    pub fn return_from(&mut self, region: RegionId, value: Value) {
        let mut at = region;
        while at != RegionId::TOP {
            if let Some(handler) = self.finally_of(at) {
                let place = self.pending_place(at);
                self.state_store(place, value);
                let number = self.pend(handler, Pending::Return);
                return self.enter_finally(handler, number);
            }
            at = self.code.regions[at.index()].parent;
        }
        self.leave(value);
    }

    /// Jumps out of `left` regions; gives false where the target is reached at once.
    fn jump_from(&mut self, region: RegionId, target: BlockId, left: u8) -> bool {
        let mut at = region;
        for left in (0..left).rev() {
            if let Some(handler) = self.finally_of(at) {
                let number = self.pend(handler, Pending::Jump { target, left });
                self.enter_finally(handler, number);
                return true;
            }
            at = self.code.regions[at.index()].parent;
        }
        false
    }

    pub fn unwind(&mut self, target: BlockId, left: u8) {
        let region = self.code.block(self.current).region;
        let depth = self.code.block(target).depth as usize;
        if self.framed() {
            // Entries that the target finds lie in memory already.
            let types: Vec<Ty> = self.stack.iter().take(depth).map(|e| e.ty).collect();
            self.entered[target.index()].get_or_insert(types);
        }
        if !self.jump_from(region, target, left) {
            self.hand_on(target, depth);
            let to = self.blocks[target.index()];
            self.b.ins().jump(to, &[]);
        }
    }

    /// The end of a `finally` part, or of `except` clauses of which none matched.
    pub fn end_finally(&mut self, next: Option<BlockId>) {
        let region = self.code.block(self.current).region;
        let state = self.pop();
        let value = self.object(state);
        let (test, pending, raise) =
            (self.b.create_block(), self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(raise);
        match next {
            Some(next) => {
                let depth = self.stack.len();
                self.hand_on(next, depth);
                let none = self.singleton(Helper::ConstNone);
                let is_none = self.b.ins().icmp(IntCC::Equal, value, none);
                let to = self.blocks[next.index()];
                self.b.ins().brif(is_none, to, &[], test, &[]);
            }
            None => {
                self.b.ins().jump(test, &[]);
            }
        }
        self.b.switch_to_block(test);
        let number = self.b.ins().band_imm_s(value, 1);
        self.b.ins().brif(number, pending, &[], raise, &[]);
        self.b.switch_to_block(raise);
        self.raise_exception(value);
        match self.unwinding.active.get(&region).copied() {
            Some(handler) => {
                let at = self.current;
                self.unwinding.ends.push(End { block: pending, number: value, handler, at });
            }
            None => {
                self.b.switch_to_block(pending);
                self.trap();
            }
        }
    }

    /// Writes the ends of `finally` parts, the inner ones first: they may add to
    /// what the outer ones hold up.
    pub fn finish_pending(&mut self) {
        let mut ends = std::mem::take(&mut self.unwinding.ends);
        ends.sort_by_key(|end| std::cmp::Reverse(self.code.region(end.handler).depth));
        for end in ends {
            self.current = end.at;
            self.b.switch_to_block(end.block);
            let list = self.unwinding.pending.get(&end.handler).cloned().unwrap_or_default();
            let region = self.code.block(end.handler).region;
            let parent = self.code.regions[region.index()].parent;
            for (number, what) in list.into_iter().enumerate() {
                let (here, other) = (self.b.create_block(), self.b.create_block());
                let matches =
                    self.b.ins().icmp_imm_s(IntCC::Equal, end.number, (number << 1 | 1) as i64);
                self.b.ins().brif(matches, here, &[], other, &[]);
                self.b.switch_to_block(here);
                match what {
                    Pending::Return => {
                        let place = self.pending_place(region);
                        let value = self.state_load(place);
                        self.return_from(parent, value);
                    }
                    Pending::Jump { target, left } => {
                        if !self.jump_from(parent, target, left) {
                            let to = self.blocks[target.index()];
                            self.b.ins().jump(to, &[]);
                        }
                    }
                }
                self.b.switch_to_block(other);
            }
            self.trap();
        }
    }

    /// Control cannot come here.
    fn trap(&mut self) {
        let code = TrapCode::user(1).unwrap_or(TrapCode::HEAP_OUT_OF_BOUNDS);
        self.b.ins().trap(code);
    }

    /// Raises an object and ends the block.
    pub fn raise(&mut self, value: Value) {
        let block = match self.unwinding.raise {
            Some(block) => block,
            None => {
                let block = self.b.create_block();
                self.b.set_cold_block(block);
                let word = self.word;
                self.b.append_block_param(block, word);
                self.unwinding.raise = Some(block);
                block
            }
        };
        self.b.ins().jump(block, &[value.into()]);
    }

    /// Writes the block that raises what may be any object.
    pub fn finish_raise(&mut self) {
        if let Some(block) = self.unwinding.raise {
            self.b.switch_to_block(block);
            let value = self.b.block_params(block)[0];
            self.call(Helper::Raise, &[value]);
            // Only `None` comes back; it cannot be raised, no more than a number can.
            let number = self.iconst(1);
            self.raise_exception(number);
        }
    }

    /// Raises what is not `None` and ends the block.
    fn raise_exception(&mut self, value: Value) {
        self.call(Helper::Raise, &[value]);
        self.trap();
    }

    /// `raise` alone.
    pub fn raise_last(&mut self) {
        let mut at = self.code.block(self.current).region;
        while at != RegionId::TOP {
            let region = self.code.regions[at.index()];
            if let Some(&handler) = self.unwinding.active.get(&at) {
                if region.kind == SetupKind::Except {
                    let place = self.handled_place(at);
                    let value = self.state_load(place);
                    return self.raise_exception(value);
                }
                let place = self.code.block(handler).depth as usize - 1;
                let value = self.state_load(place);
                let none = self.singleton(Helper::ConstNone);
                let is_none = self.b.ins().icmp(IntCC::Equal, value, none);
                let tag = self.b.ins().band_imm_s(value, 1);
                let is_none = self.word_of(is_none);
                let other = self.b.ins().bor(is_none, tag);
                let (next, raise) = (self.b.create_block(), self.b.create_block());
                self.b.ins().brif(other, next, &[], raise, &[]);
                self.b.switch_to_block(raise);
                self.raise_exception(value);
                self.b.switch_to_block(next);
            }
            at = region.parent;
        }
        let (name, text) = (self.input.names.runtime_error, self.input.names.no_exception);
        self.raise_new(name, text);
    }

    /// Raises a new exception of a built-in type, and ends the block.
    pub fn raise_new(&mut self, name: Symbol, text: Symbol) {
        let name = self.qstr(name);
        let class = self.call_value(Helper::LoadGlobal, &[name]);
        let text = self.string(text);
        let place = (self.pending + self.unwinding.words()) as usize;
        self.state_store(place, text);
        let arguments = self.state_addr(place);
        let one = self.iconst(1);
        let exception = self.call_value(Helper::CallFunctionNKw, &[class, one, arguments]);
        self.raise_exception(exception);
    }

    /// The block that raises because a local is unbound.
    pub fn unbound(&mut self) -> ir::Block {
        match self.unbound {
            Some(block) => block,
            None => {
                let block = self.b.create_block();
                self.b.set_cold_block(block);
                self.unbound = Some(block);
                block
            }
        }
    }

    pub fn finish_unbound(&mut self) {
        if let Some(block) = self.unbound {
            self.b.switch_to_block(block);
            let (name, text) = (self.input.names.name_error, self.input.names.unbound);
            self.raise_new(name, text);
        }
    }

    /// Starts `with`: its `__exit__` and the result of its `__enter__` replace the
    /// context manager.
    pub fn with_enter(&mut self) {
        let manager = self.pop_object();
        let place = self.stack.len();
        let exit = self.qstr(self.input.names.exit);
        let to = self.state_addr(place);
        self.call(Helper::LoadMethod, &[manager, exit, to]);
        let enter = self.qstr(self.input.names.enter);
        let to = self.state_addr(place + 2);
        self.call(Helper::LoadMethod, &[manager, enter, to]);
        let zero = self.iconst(0);
        let to = self.state_addr(place + 2);
        let value = self.call_value(Helper::CallMethodNKw, &[zero, zero, to]);
        self.push_memory();
        self.push_memory();
        self.push_object(value);
    }

    /// Calls `__exit__`; `None` replaces an exception that it swallows.
    pub fn with_cleanup(&mut self) {
        let state = self.pop_object();
        let base = self.stack.len() - 2;
        self.drop_entry();
        self.drop_entry();
        let none = self.singleton(Helper::ConstNone);
        let (plain, other, raised, call) = (
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
        );
        let word = self.word;
        let class = self.b.append_block_param(call, word);
        let value = self.b.append_block_param(call, word);
        let is_none = self.b.ins().icmp(IntCC::Equal, state, none);
        self.b.ins().brif(is_none, plain, &[], other, &[]);
        self.b.switch_to_block(other);
        let tag = self.b.ins().band_imm_s(state, 1);
        self.b.ins().brif(tag, plain, &[], raised, &[]);
        self.b.switch_to_block(plain);
        self.b.ins().jump(call, &[none.into(), none.into()]);
        self.b.switch_to_block(raised);
        let ty = self.load(state, 0);
        self.b.ins().jump(call, &[ty.into(), state.into()]);
        self.b.switch_to_block(call);
        self.state_store(base + 2, class);
        self.state_store(base + 3, value);
        self.state_store(base + 4, none);
        let three = self.iconst(3);
        let zero = self.iconst(0);
        let method = self.state_addr(base);
        let result = self.call_value(Helper::CallMethodNKw, &[three, zero, method]);
        // Only a true result for an exception changes anything.
        let (check, done) = (self.b.create_block(), self.b.create_block());
        let after = self.b.append_block_param(done, word);
        let was_raised = self.b.ins().icmp(IntCC::NotEqual, value, none);
        self.b.ins().brif(was_raised, check, &[], done, &[state.into()]);
        self.b.switch_to_block(check);
        let truth = self.call_value(Helper::ObjIsTrue, &[result]);
        let kept = self.b.ins().select(truth, none, state);
        self.b.ins().jump(done, &[kept.into()]);
        self.b.switch_to_block(done);
        self.push_object(after);
    }

    /// Whether this is a generator.
    pub fn is_generator(&self) -> bool {
        self.shape == Shape::Generator
    }
}
