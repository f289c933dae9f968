//! Abstract execution of one function: see the [module above](super).

use super::kind::Kind;
use super::memory::{BlockKind, Memory, NOWHERE};
use crate::error::{Error, ErrorKind};
use crate::instr::Instr;
use crate::table::opcode::{Flow, ITER_SLOTS, Opcode, UNWIND_POP_ITER};
use crate::table::operator::BinaryOp;

/// What a function's frame allows.
pub(super) struct Frame {
    /// Slots of the value stack.
    pub n_stack: u32,
    /// Blocks that may be open at once.
    pub n_blocks: u32,
    pub is_generator: bool,
}

pub(super) struct Machine<'c, 's> {
    code: &'c [u8],
    frame: Frame,
    memory: Memory<'s>,
    n_heads: u32,
    /// Lowest entry that instructions may take.
    floor: u32,
    /// Slots of the current stack beyond its entries.
    extra: u32,
    /// Offset of the instruction being executed.
    at: u32,
    /// Whether the instruction before was a `JUMP` that was reached.
    jumped: bool,
}

type Result<T = ()> = core::result::Result<T, ErrorKind>;

/// Executes all of `code` once, in the order of the offsets. `memory` holds the loop
/// heads. Error offsets count from the start of the code.
pub(super) fn run(
    code: &[u8],
    frame: Frame,
    memory: Memory<'_>,
) -> core::result::Result<(), Error> {
    let n_heads = memory.n_heads();
    let mut machine =
        Machine { code, frame, memory, n_heads, floor: 0, extra: 0, at: 0, jumped: false };
    let (mut at, mut next_head) = (0u32, 0);
    let mut live = true;
    while (at as usize) < code.len() {
        machine.at = at;
        live = machine.arrive(live, &mut next_head).map_err(|kind| Error { at, kind })?;
        let instr = Instr::read(code, at as usize)?;
        machine.jumped = live && instr.opcode == Opcode::Jump;
        if live {
            live = machine.step(&instr).map_err(|kind| Error { at, kind })?;
        }
        at = instr.next;
    }
    if live {
        return Err(Error { at, kind: ErrorKind::FallsOff });
    }
    match machine.memory.next_pending() {
        Some(target) => Err(Error { at: target, kind: ErrorKind::BadJump }),
        None => Ok(()),
    }
}

impl Machine<'_, '_> {
    /// Establishes the state at the current offset; false when nothing leads here.
    #[inline]
    fn arrive(&mut self, mut live: bool, next_head: &mut u32) -> Result<bool> {
        if let Some(target) = self.memory.next_pending()
            && target <= self.at
        {
            if target < self.at {
                return Err(ErrorKind::BadJump);
            }
            if live {
                self.memory.add_pending(target, self.memory.len, None, self.memory.block)?;
            }
            self.memory.take_pending();
            self.enter_state()?;
            live = true;
        }
        if *next_head < self.n_heads && self.memory.head(*next_head) <= self.at {
            if self.memory.head(*next_head) < self.at {
                return Err(ErrorKind::BadJump);
            }
            // Reached only from further down, the head of a loop has the stack of the
            // jump that passes over it. Behind anything else it is dead.
            if !live && self.jumped {
                self.enter_state()?;
                live = true;
            }
            if live {
                self.memory.record_head(*next_head)?;
            }
            *next_head += 1;
        }
        Ok(live)
    }

    /// Brings what depends on the state and on the offset up to date.
    fn enter_state(&mut self) -> Result {
        self.extra = self.memory.extra_slots();
        self.set_floor();
        self.check_room(0)
    }

    /// The innermost block whose handler can still be entered owns the stack from its
    /// base on; what lies below must stay as the handler expects it.
    fn set_floor(&mut self) {
        let mut reference = self.memory.block;
        self.floor = 0;
        while let Some(block) = self.memory.block(reference) {
            if self.at < block.handler {
                self.floor = block.base;
                break;
            }
            reference = block.outer;
        }
    }

    fn check_room(&self, more: u32) -> Result {
        if self.memory.len + self.extra + more > self.frame.n_stack {
            return Err(ErrorKind::StackOverflow);
        }
        Ok(())
    }

    #[inline]
    fn push(&mut self, kind: Kind) -> Result {
        self.extra += kind.extra_slots();
        self.check_room(1)?;
        self.memory.set_kind(self.memory.len, kind);
        self.memory.len += 1;
        Ok(())
    }

    #[inline]
    fn pop_any(&mut self) -> Result<Kind> {
        if self.memory.len <= self.floor {
            return Err(ErrorKind::StackUnderflow);
        }
        self.memory.len -= 1;
        let kind = self.memory.kind(self.memory.len);
        self.extra -= kind.extra_slots();
        Ok(kind)
    }

    #[inline]
    fn pop_objects(&mut self, n: u32) -> Result {
        for _ in 0..n {
            if !self.pop_any()?.is_object() {
                return Err(ErrorKind::BadStackShape);
            }
        }
        Ok(())
    }

    fn pop_word(&mut self) -> Result {
        if self.pop_any()?.is_word() { Ok(()) } else { Err(ErrorKind::BadStackShape) }
    }

    /// The kind `depth` entries below the top, wherever the floor is.
    fn peek(&self, depth: u32) -> Result<Kind> {
        let index = self.memory.len.checked_sub(depth + 1).ok_or(ErrorKind::StackUnderflow)?;
        Ok(self.memory.kind(index))
    }

    /// Executes one instruction. False when control does not go on to the next one.
    #[inline]
    fn step(&mut self, instr: &Instr) -> Result<bool> {
        match instr.opcode {
            Opcode::LoadConstNone => self.push(Kind::None)?,
            Opcode::LoadNull => self.load_null()?,
            Opcode::DupTop => self.dup_top()?,
            Opcode::DupTopTwo => {
                let (below, top) = (self.peek(1)?, self.peek(0)?);
                if !below.is_word() || !top.is_word() {
                    return Err(ErrorKind::BadStackShape);
                }
                self.push(below)?;
                self.push(top)?;
            }
            Opcode::PopTop => match self.pop_any()? {
                Kind::Iter0 | Kind::Iter1 | Kind::Iter2 | Kind::Iter3 => {}
                kind if kind.is_word() => {}
                _ => return Err(ErrorKind::BadStackShape),
            },
            Opcode::RotTwo => self.rotate(2)?,
            Opcode::RotThree => self.rot_three()?,
            Opcode::LoadMethod | Opcode::LoadSuperMethod => {
                self.pop_objects(instr.stack_effect().0)?;
                self.push(Kind::Value)?;
                self.push(Kind::MaybeNull)?;
            }
            Opcode::StoreSubscr => {
                self.pop_objects(2)?;
                self.pop_word()?;
            }
            Opcode::StoreAttr => {
                self.pop_objects(1)?;
                self.pop_word()?;
            }
            Opcode::MakeFunctionDefargs | Opcode::MakeClosureDefargs => {
                self.pop_objects(u32::from(instr.extra))?;
                self.pop_word()?;
                self.pop_word()?;
                self.push(Kind::Value)?;
            }
            Opcode::CallFunction => self.call(instr, false, false)?,
            Opcode::CallMethod => self.call(instr, true, false)?,
            Opcode::CallFunctionVarKw => self.call(instr, false, true)?,
            Opcode::CallMethodVarKw => self.call(instr, true, true)?,
            Opcode::StoreComp => self.store_comp(instr)?,
            Opcode::BinaryOpMulti => {
                self.pop_objects(1)?;
                let left = self.pop_any()?;
                if !left.is_object() {
                    return Err(ErrorKind::BadStackShape);
                }
                let is_test =
                    instr.arg == BinaryOp::ExceptionMatch as u32 && left == Kind::CauseTest;
                self.push(if is_test { Kind::CauseMatched } else { Kind::Value })?;
            }
            Opcode::PopJumpIfFalse if self.peek(0)? == Kind::CauseMatched => {
                self.pop_any()?;
                if self.peek(0)? != Kind::Cause {
                    return Err(ErrorKind::BadStackShape);
                }
                self.memory.set_kind(self.memory.len - 1, Kind::CauseTwo);
                self.jump(instr.arg)?;
                self.memory.set_kind(self.memory.len - 1, Kind::Exc);
                self.extra -= 1;
            }
            Opcode::JumpIfTrueOrPop | Opcode::JumpIfFalseOrPop => {
                if !self.peek(0)?.is_object() {
                    return Err(ErrorKind::BadStackShape);
                }
                self.jump(instr.arg)?;
                self.pop_any()?;
            }
            Opcode::GetIterStack => {
                self.pop_objects(1)?;
                for kind in [Kind::Iter0, Kind::Iter1, Kind::Iter2, Kind::Iter3] {
                    self.push(kind)?;
                }
            }
            Opcode::ForIter => {
                self.check_iter(self.memory.len)?;
                if self.memory.len - ITER_SLOTS < self.floor {
                    return Err(ErrorKind::StackUnderflow);
                }
                self.transfer(instr.arg, self.memory.len - ITER_SLOTS, self.memory.block)?;
                self.push(Kind::Value)?;
            }
            Opcode::SetupWith => {
                self.pop_objects(1)?;
                self.push(Kind::Exit0)?;
                self.push(Kind::Exit1)?;
                self.setup(BlockKind::With, instr.arg)?;
                self.push(Kind::Value)?;
            }
            Opcode::SetupExcept => self.setup(BlockKind::Except, instr.arg)?,
            Opcode::SetupFinally => {
                // Only the handler of an `async with` starts by looking at its cause.
                let is_async = self.code.get(instr.arg as usize) == Some(&(Opcode::DupTop as u8));
                let kind = if is_async { BlockKind::AsyncWith } else { BlockKind::Finally };
                // It takes the manager too, so that must belong to the code here.
                if is_async && (self.memory.len <= self.floor || !self.peek(0)?.is_object()) {
                    return Err(ErrorKind::BadStackShape);
                }
                self.setup(kind, instr.arg)?;
            }
            Opcode::WithCleanup => self.with_cleanup()?,
            Opcode::EndFinally => return self.end_finally(),
            Opcode::PopExceptJump => {
                let block = self.memory.block(self.memory.block).ok_or(ErrorKind::BadBlock)?;
                self.transfer(instr.arg, self.memory.len, block.outer)?;
                self.memory.block = block.outer;
                self.set_floor();
                return Ok(false);
            }
            Opcode::UnwindJump => {
                self.unwind(instr)?;
                return Ok(false);
            }
            Opcode::YieldValue | Opcode::YieldFrom if !self.frame.is_generator => {
                return Err(ErrorKind::NotGenerator);
            }
            // Everything else takes objects and leaves objects.
            opcode => {
                let (pops, pushes) = instr.stack_effect();
                if pops > 0 && pushes > 0 {
                    self.pop_objects(pops)?;
                    self.check_room(pushes)?;
                    for _ in 0..pushes {
                        self.push(Kind::Value)?;
                    }
                } else if pops > 0 {
                    self.pop_objects(pops)?;
                } else {
                    self.check_room(pushes)?;
                    for _ in 0..pushes {
                        self.push(Kind::Value)?;
                    }
                }
                match opcode.flow() {
                    Flow::Next | Flow::Setup => {}
                    Flow::Branch => self.jump(instr.arg)?,
                    Flow::Jump => {
                        self.jump(instr.arg)?;
                        return Ok(false);
                    }
                    Flow::Stop => return Ok(false),
                }
            }
        }
        Ok(true)
    }

    fn load_null(&mut self) -> Result {
        self.push(Kind::Null)?;
        // A generator expression makes its iterator by hand, of the object that it is
        // called with.
        let first = self.memory.len.saturating_sub(ITER_SLOTS);
        let is_iter = first >= self.floor
            && self.memory.len >= ITER_SLOTS
            && self.memory.kind(first) == Kind::Null
            && self.memory.kind(first + 1).is_object()
            && self.memory.kind(first + 2) == Kind::Null;
        if is_iter {
            for (i, kind) in (first..).zip([Kind::Iter0, Kind::Iter1, Kind::Iter2, Kind::Iter3]) {
                self.memory.set_kind(i, kind);
            }
        }
        Ok(())
    }

    fn dup_top(&mut self) -> Result {
        match self.peek(0)? {
            Kind::Cause => self.push(Kind::CauseTest),
            kind if kind.is_word() => self.push(kind),
            _ => Err(ErrorKind::BadStackShape),
        }
    }

    /// Moves the top entry below the `n - 1` under it. It may go below the floor, as
    /// long as a handler still finds there what it expects.
    fn rotate(&mut self, n: u32) -> Result {
        let first = self.memory.len.checked_sub(n).ok_or(ErrorKind::StackUnderflow)?;
        for i in first..self.memory.len {
            if !self.memory.kind(i).is_word() {
                return Err(ErrorKind::BadStackShape);
            }
        }
        let mut carried = self.peek(0)?;
        for i in first..self.memory.len {
            let old = self.memory.kind(i);
            if i < self.floor && carried.join(old) != Some(old) {
                return Err(ErrorKind::StackUnderflow);
            }
            self.memory.set_kind(i, carried);
            carried = old;
        }
        Ok(())
    }

    fn rot_three(&mut self) -> Result {
        let top = self.memory.len.saturating_sub(1);
        match self.peek(0)? {
            Kind::CauseTwo if top > self.floor && self.peek(1)?.is_object() => {
                self.memory.set_kind(top, Kind::CauseHalf);
                Ok(())
            }
            Kind::CauseHalf => {
                let carried = self.peek(1)?;
                self.memory.set_kind(top - 1, Kind::Cause);
                self.memory.set_kind(top, carried);
                Ok(())
            }
            _ => self.rotate(3),
        }
    }

    fn call(&mut self, instr: &Instr, method: bool, starred: bool) -> Result {
        let (positional, keywords) = (instr.arg & 0xff, instr.arg >> 8 & 0xff);
        if starred {
            self.pop_objects(1)?;
        }
        for _ in 0..keywords {
            self.pop_objects(1)?;
            // A null name marks a dictionary of keywords.
            if starred { self.pop_word()? } else { self.pop_objects(1)? }
        }
        self.pop_objects(positional)?;
        if method {
            self.pop_word()?;
        }
        self.pop_objects(1)?;
        self.push(Kind::Value)
    }

    fn store_comp(&mut self, instr: &Instr) -> Result {
        let depth = instr.arg >> 2;
        let (pops, _) = instr.stack_effect();
        for i in 0..=depth.min(self.memory.len) {
            if self.peek(i)?.extra_slots() != 0 {
                return Err(ErrorKind::BadStackShape);
            }
        }
        if depth < pops || !self.peek(depth)?.is_object() {
            return Err(ErrorKind::BadStackShape);
        }
        self.pop_objects(pops)
    }

    fn check_iter(&self, len: u32) -> Result {
        let first = len.checked_sub(ITER_SLOTS).ok_or(ErrorKind::StackUnderflow)?;
        let wanted = [Kind::Iter0, Kind::Iter1, Kind::Iter2, Kind::Iter3];
        if (first..len).zip(wanted).all(|(i, kind)| self.memory.kind(i) == kind) {
            Ok(())
        } else {
            Err(ErrorKind::BadStackShape)
        }
    }

    fn setup(&mut self, kind: BlockKind, handler: u32) -> Result {
        let block = self.memory.open_block(kind, handler)?;
        if block.nesting > self.frame.n_blocks {
            return Err(ErrorKind::BlockOverflow);
        }
        let (top, room) = match kind {
            BlockKind::Except => (Kind::Exc, 1),
            _ => (Kind::Cause, 2),
        };
        self.check_room(room)?;
        self.memory.add_pending(handler, block.base, Some(top), self.memory.block)?;
        self.floor = block.base;
        Ok(())
    }

    fn with_cleanup(&mut self) -> Result {
        let block = self.memory.block(self.memory.block).ok_or(ErrorKind::BadBlock)?;
        let top = self.peek(0)?;
        if block.kind != BlockKind::With
            || self.memory.len != block.base + 1
            || self.at < block.handler
        {
            return Err(ErrorKind::BadBlock);
        }
        // The base is at least 2: the exit function and its self.
        let exit = block.base - 2;
        if !top.is_cause()
            || self.memory.kind(exit) != Kind::Exit0
            || self.memory.kind(exit + 1) != Kind::Exit1
        {
            return Err(ErrorKind::BadStackShape);
        }
        // Above the pair the call takes three arguments.
        self.extra -= top.extra_slots();
        if block.base + self.extra + 3 > self.frame.n_stack {
            return Err(ErrorKind::StackOverflow);
        }
        self.memory.len = exit;
        self.push(if top == Kind::None { Kind::None } else { Kind::Cause })
    }

    fn end_finally(&mut self) -> Result<bool> {
        let block = self.memory.block(self.memory.block).ok_or(ErrorKind::BadBlock)?;
        let base = match block.kind {
            BlockKind::Except | BlockKind::Finally => block.base,
            BlockKind::With => block.base - 2,
            BlockKind::AsyncWith => block.base - 1,
        };
        if self.memory.len != base + 1 || self.at < block.handler {
            return Err(ErrorKind::BadBlock);
        }
        let cause = self.pop_any()?;
        if !cause.is_cause() {
            return Err(ErrorKind::BadStackShape);
        }
        self.memory.block = block.outer;
        self.set_floor();
        Ok(cause != Kind::Exc)
    }

    /// Follows a jump out of blocks, through the handlers that are not running yet.
    fn unwind(&mut self, instr: &Instr) -> Result {
        let mut len = self.memory.len;
        let mut reference = self.memory.block;
        for _ in 0..instr.extra & !UNWIND_POP_ITER {
            let block = self.memory.block(reference).ok_or(ErrorKind::BadBlock)?;
            let running = self.at >= block.handler;
            len = match block.kind {
                BlockKind::Except if len == block.base => len,
                BlockKind::Finally if !running && len == block.base => len,
                BlockKind::With if !running && len == block.base => len - 2,
                BlockKind::AsyncWith if !running && len == block.base => len - 1,
                BlockKind::Finally if running && len == block.base + 1 => {
                    if !self.memory.kind(block.base).is_cause() {
                        return Err(ErrorKind::BadStackShape);
                    }
                    block.base
                }
                _ => return Err(ErrorKind::BadBlock),
            };
            reference = block.outer;
        }
        if instr.extra & UNWIND_POP_ITER != 0 {
            self.check_iter(len)?;
            len -= ITER_SLOTS;
        }
        self.transfer(instr.arg, len, reference)
    }

    fn jump(&mut self, target: u32) -> Result {
        self.transfer(target, self.memory.len, self.memory.block)
    }

    /// Takes the lowest `len` entries and `block` to a target.
    #[inline]
    fn transfer(&mut self, target: u32, len: u32, block: u32) -> Result {
        if target > self.at {
            return self.memory.add_pending(target, len, None, block);
        }
        // Going back from a handler into its block would enter the block with a stack
        // that was not checked against the handler's.
        let mut reference = block;
        while let Some(around) = self.memory.block(reference) {
            if target < around.handler && around.handler <= self.at {
                return Err(ErrorKind::BadBlock);
            }
            reference = around.outer;
        }
        debug_assert!(reference == NOWHERE);
        self.memory.check_back(target, self.n_heads, len, block)
    }
}
