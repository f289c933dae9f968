//! Leaving frames and blocks: returns through `finally`, exceptions, tracebacks.
//!
//! A block remembers the handler, the stack at its start (tagged if the handler is a
//! `finally` or a `with`, which every way out runs) and, once the handler runs, the
//! exception it handles. A handler runs when execution is behind its start; `ip`
//! being behind the instruction that raised, one that starts at `ip` does not yet.
//!
//! On the way to a `return` or a jump out of blocks, a `finally` is run like a
//! coroutine: the pending result or destination lies on the stack and above it a
//! small int that says how to go on, -1 for a return, else the blocks left to unwind.

use super::Vm;
use super::frame::*;
use super::function::RawCode;
use super::generator::{Generator, State};
use super::regs::{Left, Outcome, Regs, pop_block};
use crate::error::{BASE_EXCEPTION, RUNTIME_ERROR, Raised, Res, STOP_ITERATION, TYPE_ERROR};
use crate::object::{Gc, TraceEntry};
use crate::q;
use crate::value::Value;

/// Bit in the count of `UNWIND_JUMP`: drop a `for` iterator on arrival.
const POP_ITER: usize = mpy_format::table::opcode::UNWIND_POP_ITER as usize;

struct Block {
    handler: *const u8,
    sp: *mut Slot,
    always: bool,
    at: *mut Slot,
}

/// The innermost block of a frame.
unsafe fn block(hdr: *mut Slot) -> Option<Block> {
    // SAFETY: the header says how many there are.
    unsafe {
        let n = header(hdr, H_BLOCKS).addr().checked_sub(1)?;
        let at = hdr.add(HEADER_WORDS + BLOCK_WORDS * n);
        let sp: *mut Slot = at.add(1).read().cast();
        Some(Block {
            handler: at.read().cast_const().cast(),
            sp: sp.map_addr(|a| a & !1),
            always: sp.addr() & 1 != 0,
            at,
        })
    }
}

/// Drops the saved cause of a `finally` that runs, keeping the top entry.
unsafe fn cancel_finally(sp: &mut *mut Slot) {
    // SAFETY: verified code has the cause below the top.
    unsafe {
        let top = *sp.sub(1);
        let below = *sp.sub(2);
        let drop = if below.addr() & 1 != 0 { 2 } else { 1 };
        *sp = sp.sub(drop);
        *sp.sub(1) = top;
    }
}

impl Vm {
    /// Returns from a frame that has blocks open or is of a special kind. The result
    /// is on top of the stack.
    pub(crate) unsafe fn leave(&self, mut r: Regs) -> Left {
        // SAFETY: verified code.
        unsafe {
            while let Some(b) = block(r.hdr) {
                if b.always {
                    if b.handler >= r.ip {
                        *b.sp = *r.sp.sub(1);
                        *b.sp.add(1) = Value::small(-1).word();
                        r.sp = b.sp.add(2);
                        r.ip = b.handler;
                        return Left::Go(r);
                    }
                    cancel_finally(&mut r.sp);
                }
                pop_block(r.hdr);
            }
            let result = value(*r.sp.sub(1));
            self.finish(r, result)
        }
    }

    /// Goes from a frame to its caller with a result.
    unsafe fn finish(&self, r: Regs, result: Value) -> Left {
        // SAFETY: live frames.
        unsafe {
            let hdr = r.hdr;
            let kind = kind(hdr);
            if kind & K_GENERATOR != 0 {
                generator_of(r.fp).state.set(State::Done);
            }
            let mut result = result;
            let wrong = kind & K_INIT != 0 && !result.is_none();
            if kind & K_INIT != 0 && !wrong {
                result = value(header(hdr, H_EXTRA));
            }
            if kind & K_ENTRY != 0 {
                self.close_frame(hdr);
                return Left::Exit(Outcome::Returned(result));
            }
            let mut caller = self.close_frame(hdr);
            if wrong {
                let e = self.raise::<()>(&TYPE_ERROR, "__init__() should return None");
                return Left::Raise(caller, e.err().unwrap_or_else(|| self.unbound_local()));
            }
            if kind & K_FOR != 0 {
                caller.sp = caller.sp.sub(4);
                caller.ip = header(hdr, H_EXTRA).cast_const().cast();
            } else if kind & K_FROM != 0 {
                *caller.sp.sub(1) = result.word();
            } else {
                *caller.sp = result.word();
                caller.sp = caller.sp.add(1);
            }
            Left::Go(caller)
        }
    }

    /// Takes a frame off the value stack; gives the caller's registers, which mean
    /// something unless it was an entry frame.
    unsafe fn close_frame(&self, hdr: *mut Slot) -> Regs {
        // SAFETY: a live frame.
        unsafe {
            let kind = kind(hdr);
            if kind & K_GENERATOR != 0 {
                self.generators.set(self.generators.get().saturating_sub(1));
            }
            if kind & K_SEGMENT != 0 {
                self.drop_segment();
            } else {
                self.top.set(header(hdr, H_TOP).cast());
            }
            let caller = Regs {
                ip: header(hdr, H_IP).cast_const().cast(),
                sp: header(hdr, H_SP).cast(),
                fp: header(hdr, H_FP).cast(),
                hdr: header(hdr, H_HDR).cast(),
            };
            if kind & K_ENTRY == 0 {
                self.module.set(Some(function(caller.hdr).module));
            }
            caller
        }
    }

    /// `yield`: saves the generator's frame and goes to whoever resumed it.
    pub(crate) unsafe fn yield_value(&self, mut r: Regs, v: Value) -> Left {
        // SAFETY: only generators yield (verified), so the frame lies in one.
        unsafe {
            loop {
                let kind = kind(r.hdr);
                let g = generator_of(r.fp);
                g.ip.set(r.ip);
                g.sp.set(r.sp);
                g.state.set(State::Suspended);
                let mut caller = self.close_frame(r.hdr);
                if kind & K_ENTRY != 0 {
                    return Left::Exit(Outcome::Yielded(v));
                }
                if kind & K_FROM == 0 {
                    *caller.sp = v.word();
                    caller.sp = caller.sp.add(1);
                    return Left::Go(caller);
                }
                // The delegating generator yields the same, and asks again when resumed.
                caller.ip = caller.ip.sub(1);
                r = caller;
            }
        }
    }

    /// Leaves `n` blocks, then jumps to the address on top of the stack.
    pub(crate) unsafe fn unwind_jump(&self, mut r: Regs, mut n: usize) -> Regs {
        // SAFETY: verified code.
        unsafe {
            while n & !POP_ITER > 0 {
                n -= 1;
                if let Some(b) = block(r.hdr)
                    && b.always
                {
                    if b.handler >= r.ip {
                        *r.sp = Value::small(n as isize).word();
                        r.sp = r.sp.add(1);
                        r.ip = b.handler;
                        return r;
                    }
                    cancel_finally(&mut r.sp);
                }
                pop_block(r.hdr);
            }
            r.sp = r.sp.sub(1);
            r.ip = (*r.sp).cast_const().cast();
            if n != 0 {
                r.sp = r.sp.sub(4);
            }
            r
        }
    }

    /// Finds the handler of the pending exception: the registers to go on with, or
    /// `Err` when it leaves the entry frame.
    pub(crate) unsafe fn unwind(&self, mut r: Regs, mut raised: Raised) -> Result<Regs, Raised> {
        // SAFETY: live frames of verified code.
        unsafe {
            loop {
                let mut e = self.exception.get().unwrap_or(Value::NONE);
                if !self.reraised.replace(false) {
                    self.add_trace(e, r);
                }
                while let Some(b) = block(r.hdr) {
                    if b.handler >= r.ip {
                        *b.at.add(2) = e.word();
                        *b.sp = e.word();
                        r.sp = b.sp.add(1);
                        r.ip = b.handler;
                        self.take_exception(raised);
                        self.state.handled.set(Some(e));
                        return Ok(r);
                    }
                    pop_block(r.hdr);
                }
                let kind = kind(r.hdr);
                if kind & K_GENERATOR != 0 {
                    generator_of(r.fp).state.set(State::Done);
                    if self.raised_is(&raised, &STOP_ITERATION) {
                        raised = self.no_stop_iteration(raised);
                        e = self.exception.get().unwrap_or(e);
                        self.add_trace(e, r);
                    }
                }
                let caller = self.close_frame(r.hdr);
                if kind & K_ENTRY != 0 {
                    return Err(raised);
                }
                r = caller;
            }
        }
    }

    /// What leaves a generator: a StopIteration becomes a RuntimeError.
    pub(crate) fn no_stop_iteration(&self, raised: Raised) -> Raised {
        if !self.raised_is(&raised, &STOP_ITERATION) {
            return raised;
        }
        self.take_exception(raised);
        let replaced: Res<()> = self.raise(&RUNTIME_ERROR, "generator raised StopIteration");
        replaced.err().unwrap_or_else(|| self.unbound_local())
    }

    /// Notes in the exception's traceback where it passes. Without memory it does not.
    unsafe fn add_trace(&self, e: Value, r: Regs) {
        let Some(exc) = self.exception_object(e) else { return };
        // SAFETY: a live frame.
        let fun = unsafe { function(r.hdr) };
        let raw = fun.raw();
        let line = self.line_at(raw, r.ip);
        // SAFETY: a verified file has at least the name of its source.
        let file = unsafe { *fun.module.qstrs.get() };
        if exc.trace.push(self, TraceEntry { file, block: raw.name, line }).is_err() {
            self.exception.set(Some(e));
        }
    }

    /// The line of the instruction that ends at `ip`.
    pub(crate) fn line_at(&self, raw: &RawCode, ip: *const u8) -> u32 {
        raw.prelude().map_or(1, |p| {
            let at = ip.addr().wrapping_sub(raw.code.addr()).saturating_sub(1);
            let elsewhere = self.image.get().filter(|_| p.lines.is_empty());
            match elsewhere.and_then(|image| image.distance(raw.code.wrapping_add(at))) {
                Some(distance) => distance,
                None => mpy_format::lines::line_at(p.lines, at as u32),
            }
        })
    }

    /// Raises `v` again without a new line in its traceback.
    pub(crate) fn reraise(&self, v: Value) -> Raised {
        self.reraised.set(true);
        self.set_exception(v)
    }

    /// Bare `raise`.
    pub(crate) unsafe fn raise_last(&self, hdr: *mut Slot) -> Raised {
        // SAFETY: a live frame.
        unsafe {
            for n in (0..header(hdr, H_BLOCKS).addr()).rev() {
                if let Some(e) = maybe(*hdr.add(HEADER_WORDS + BLOCK_WORDS * n + 2)) {
                    return self.reraise(e);
                }
            }
        }
        let r: Res<()> = self.raise(&RUNTIME_ERROR, "no active exception to reraise");
        r.err().unwrap_or_else(|| self.unbound_local())
    }

    /// `raise v`: makes an exception of a class.
    pub(crate) fn make_raise(&self, v: Value) -> Raised {
        match self.exception_from(v) {
            Ok(e) => self.set_exception(e),
            Err(r) => r,
        }
    }

    /// An exception object from what `raise` or `throw` got.
    pub fn exception_from(&self, v: Value) -> Res {
        let e = match self.as_type(v) {
            Some(ty) if self.is_subtype(ty, &BASE_EXCEPTION) => self.call(v, &[])?,
            _ => v,
        };
        // An instance whose `__init__` is not done has no exception in it yet.
        if self.exception_object(e).is_some() {
            return Ok(e);
        }
        self.raise(&TYPE_ERROR, "exceptions must derive from BaseException")
    }

    /// Enters a `with`: the manager on top becomes exit function and self; gives what
    /// `__enter__` returned.
    pub(crate) unsafe fn enter_with(&self, sp: *mut Slot) -> Res {
        // SAFETY: verified code has a manager on top and room above.
        unsafe {
            let manager = value(*sp.sub(1));
            self.load_method_to(manager, q!("__exit__"), sp.sub(1))?;
            let enter = self.load_method(manager, q!("__enter__"))?;
            self.call_found(enter, &[])
        }
    }

    /// Calls the exit function of a `with` and removes it; gives the new `sp`.
    pub(crate) unsafe fn with_cleanup(&self, sp: *mut Slot) -> Res<*mut Slot> {
        // SAFETY: verified code: (exit, self, [data,] cause).
        unsafe {
            let cause = value(*sp.sub(1));
            let unwinding = cause.is_small();
            let at = sp.sub(if unwinding { 4 } else { 3 });
            let mut args = [Value::NONE; 3];
            let is_exception = !unwinding && !cause.is_none();
            if is_exception {
                args = [self.type_of(cause).value(), cause, Value::NONE];
            }
            let exit = value(*at);
            let result = match maybe(*at.add(1)) {
                Some(this) => {
                    self.call_with_self(exit, this, &crate::object::Args::positional(&args))
                }
                None => self.call(exit, &args),
            }?;
            if unwinding {
                *at = *sp.sub(2);
                *at.add(1) = cause.word();
                return Ok(at.add(2));
            }
            let swallowed = !is_exception || self.is_true(result)?;
            *at = if swallowed { Value::NONE } else { cause }.word();
            Ok(at.add(1))
        }
    }
}

/// The generator that a frame lies in.
///
/// # Safety
/// The frame is of the kind `K_GENERATOR`.
unsafe fn generator_of(fp: *mut Slot) -> Gc<Generator> {
    // SAFETY: the frame follows the object.
    unsafe { Gc::from_ptr(core::ptr::NonNull::new_unchecked(fp.cast::<Generator>().sub(1))) }
}
