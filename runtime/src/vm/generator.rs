//! Generators and coroutines: a frame in a heap object that can be left and resumed.

use core::cell::Cell;
use core::ptr;

use mpy_format::op;

use super::Vm;
use super::frame::*;
use super::function::Function;
use super::regs::{Outcome, Regs};
use crate::error::{
    GENERATOR_EXIT, RUNTIME_ERROR, Raised, Res, STOP_ITERATION, TYPE_ERROR, VALUE_ERROR,
};
use crate::object::{Found, Gc, Header, Object, Slots, Type};
use crate::print::{Print, PrintKind};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;

/// Generators inside each other use no stack; their number is limited by this share.
const WORDS_PER_GENERATOR: usize = 64;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    Fresh,
    Suspended,
    Running,
    Done,
    /// Of machine code, fresh or suspended: which, its own state tells.
    Machine,
}

/// A generator; its frame follows.
#[repr(C)]
pub struct Generator {
    header: Header,
    pub(crate) ip: Cell<*const u8>,
    pub(crate) sp: Cell<*mut Slot>,
    pub(crate) state: Cell<State>,
    /// Raised at the next resumption.
    pub(crate) pending: Cell<Option<Value>>,
    pub(crate) function: Gc<Function>,
}

// SAFETY: `#[repr(C)]`, header first.
unsafe impl Object for Generator {
    const TYPE: &'static Type = &GENERATOR;
    const LEAF: bool = false;
}

pub(crate) static GENERATOR: Type = Type::new(
    q!("generator"),
    &const {
        Slots {
            print: Some(generator_print),
            getattr: Some(generator_getattr),
            next: Some(generator_next),
            ..Slots::EMPTY
        }
    },
)
.with_flags(Type::ITERATOR)
.with_locals(table! {
    "send" => f2!(generator_send),
    "throw" => fv!(2, 4, generator_throw),
    "close" => f1!(generator_close),
    #[cfg(feature = "core")]
    "pend_throw" => f2!(generator_pend_throw),
});

impl Generator {
    /// A generator of machine code; `function` tells its name.
    ///
    /// # Safety
    /// `at` is fresh memory.
    pub(crate) unsafe fn for_machine(
        at: ptr::NonNull<Generator>,
        function: Gc<Function>,
    ) -> Gc<Generator> {
        // SAFETY: by contract.
        unsafe {
            at.write(Generator {
                header: Generator::HEADER,
                ip: Cell::new(ptr::null()),
                sp: Cell::new(ptr::null_mut()),
                state: Cell::new(State::Machine),
                pending: Cell::new(None),
                function,
            });
            Gc::from_ptr(at)
        }
    }

    /// Its machine code begins to run.
    pub(crate) fn start_machine(&self) {
        self.state.set(State::Running);
    }

    /// Its machine code has returned, for good if it is done.
    pub(crate) fn stop_machine(&self, done: bool) {
        self.state.set(if done { State::Done } else { State::Machine });
    }

    /// Whether it can be resumed with `send` by changing registers only.
    #[inline(always)]
    pub(crate) fn is_resumable(&self, send: Value) -> bool {
        let ok = match self.state.get() {
            State::Suspended => true,
            State::Fresh => send.is_none(),
            _ => false,
        };
        ok && self.pending.get().is_none()
    }
}

fn generator_print(vm: &Vm, this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    let Some(g) = this.cast::<Generator>() else { return Ok(()) };
    p.str("<generator object '")?;
    p.write(vm.qstr_bytes(g.function.raw().name))?;
    p.str("' at 0x")?;
    crate::print::print_uint(p, this.bits() as u64, 16)?;
    p.str(">")
}

fn generator_getattr(_vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    match this.cast::<Generator>() {
        Some(g) if name == q!("__name__") => {
            Ok(Some(Found::Value(Value::qstr(g.function.raw().name))))
        }
        _ => Ok(None),
    }
}

fn generator_next(vm: &Vm, this: Value) -> Res<Option<Value>> {
    vm.resume_generator(vm.expect(this)?, Value::NONE, None)
}

fn generator_send(vm: &Vm, this: Value, v: Value) -> Res {
    match vm.resume_generator(vm.expect(this)?, v, None)? {
        Some(v) => Ok(v),
        None => vm.raise_stop(),
    }
}

fn generator_throw(vm: &Vm, args: &[Value]) -> Res {
    let (Some(&this), Some(&ty)) = (args.first(), args.get(1)) else { return Ok(Value::NONE) };
    // throw(type, value): the value if there is one.
    let e = match args.get(2) {
        Some(&v) if crate::level::CPYTHON && !v.is_none() && vm.exception_object(v).is_none() => {
            vm.call(ty, &[v])?
        }
        Some(&v) if !v.is_none() => v,
        _ => ty,
    };
    match vm.resume_generator(vm.expect(this)?, Value::NONE, Some(e))? {
        Some(v) => Ok(v),
        None => vm.raise_stop(),
    }
}

fn generator_close(vm: &Vm, this: Value) -> Res {
    let g = vm.expect::<Generator>(this)?;
    let exit = vm.call(GENERATOR_EXIT.value(), &[])?;
    match vm.resume_generator(g, Value::NONE, Some(exit)) {
        Ok(None) => Ok(Value::NONE),
        Ok(Some(_)) => vm.raise(&RUNTIME_ERROR, "generator ignored GeneratorExit"),
        Err(r) if vm.raised_is(&r, &GENERATOR_EXIT) || vm.raised_is(&r, &STOP_ITERATION) => {
            vm.take_exception(r);
            Ok(Value::NONE)
        }
        Err(r) => Err(r),
    }
}

#[cfg(feature = "core")]
fn generator_pend_throw(vm: &Vm, this: Value, e: Value) -> Res {
    let g = vm.expect::<Generator>(this)?;
    if g.state.get() == State::Running {
        return vm.raise(&VALUE_ERROR, "generator already executing");
    }
    let old = g.pending.replace(if e.is_none() { None } else { Some(e) });
    Ok(old.unwrap_or(Value::NONE))
}

impl Vm {
    /// A generator for a call of `fun`; its frame still needs its locals.
    pub(crate) fn new_generator(&self, fun: Gc<Function>) -> Res<(Gc<Generator>, *mut Slot)> {
        let raw = fun.raw();
        let words = raw.frame as usize;
        let bytes = size_of::<Generator>() + words * size_of::<Slot>();
        let p = self.alloc(bytes, false)?.cast::<Generator>();
        // SAFETY: fresh memory of that size.
        unsafe {
            let fp = p.add(1).cast::<Slot>().as_ptr();
            fp.write_bytes(0, words);
            let hdr = fp.add(raw.n_locals as usize);
            *hdr.add(H_FUN) = fun.ptr().as_ptr().cast();
            p.write(Generator {
                header: Generator::HEADER,
                ip: Cell::new(raw.code),
                sp: Cell::new(hdr.add(raw.stack_at as usize)),
                state: Cell::new(State::Fresh),
                pending: Cell::new(None),
                function: fun,
            });
            Ok((Gc::from_ptr(p), fp))
        }
    }

    /// Registers to resume `g`, whose caller is at `from`.
    ///
    /// # Safety
    /// `g` is fresh or suspended.
    pub(crate) unsafe fn resume(
        &self,
        g: Gc<Generator>,
        send: Value,
        from: Regs,
        kind: usize,
        extra: Slot,
    ) -> Res<Regs> {
        let depth = self.generators.get();
        if depth > self.stack_words_max.get() / WORDS_PER_GENERATOR {
            return self.raise(&RUNTIME_ERROR, "maximum recursion depth exceeded");
        }
        self.generators.set(depth + 1);
        // SAFETY: the frame follows the object.
        unsafe {
            let fp = g.ptr().add(1).cast::<Slot>().as_ptr();
            let hdr = fp.add(g.function.raw().n_locals as usize);
            *hdr.add(H_FP) = from.fp.cast();
            *hdr.add(H_HDR) = from.hdr.cast();
            *hdr.add(H_IP) = from.ip.cast_mut().cast();
            *hdr.add(H_SP) = from.sp.cast();
            *hdr.add(H_TOP) = self.top.get().cast();
            *hdr.add(H_KIND) = small(kind | K_GENERATOR);
            *hdr.add(H_EXTRA) = extra;
            let mut sp = g.sp.get();
            if g.state.replace(State::Running) == State::Suspended {
                *sp = send.word();
                sp = sp.add(1);
            }
            self.module.set(Some(g.function.module));
            Ok(Regs { ip: g.ip.get(), sp, fp, hdr })
        }
    }

    /// Resumes `g` from Rust: what it yields, or `None` when it returned (the result is
    /// in `vm.stop_value`).
    pub(crate) fn resume_generator(
        &self,
        g: Gc<Generator>,
        send: Value,
        throw: Option<Value>,
    ) -> Res<Option<Value>> {
        let throw = throw.or_else(|| g.pending.take());
        match g.state.get() {
            State::Running => return self.raise(&VALUE_ERROR, "generator already executing"),
            State::Done => {
                self.stop_value.set(Value::NONE);
                return match throw {
                    Some(e) => Err(self.make_raise(e)),
                    None => Ok(None),
                };
            }
            State::Machine => return self.resume_machine(g, send, throw),
            State::Fresh if !send.is_none() => {
                return self
                    .raise(&TYPE_ERROR, "can't send non-None value to a just-started generator");
            }
            _ => {}
        }
        self.check_stack()?;
        let mut pending: Option<Raised> = None;
        let mut send = send;
        if let Some(e) = throw {
            match self.throw_into_delegate(g, e) {
                Ok(Delegated::No) => pending = Some(self.make_raise(e)),
                Ok(Delegated::Yielded(v)) => return Ok(Some(v)),
                Ok(Delegated::Returned(v)) => send = v,
                Err(r) => pending = Some(r),
            }
        }
        let saved = self.module.get();
        let none = Regs {
            ip: ptr::null(),
            sp: ptr::null_mut(),
            fp: ptr::null_mut(),
            hdr: ptr::null_mut(),
        };
        // SAFETY: the state was checked.
        let outcome = unsafe {
            match self.resume(g, send, none, K_ENTRY, ptr::null_mut()) {
                Ok(regs) => self.run(regs, pending),
                Err(r) => Err(r),
            }
        };
        self.module.set(saved);
        match outcome? {
            Outcome::Yielded(v) => Ok(Some(v)),
            Outcome::Returned(v) => {
                self.stop_value.set(v);
                Ok(None)
            }
        }
    }

    /// If `g` waits in `yield from`, throws `e` into what it delegates to. When that
    /// returns, `g` goes on behind the `yield from`.
    fn throw_into_delegate(&self, g: Gc<Generator>, e: Value) -> Res<Delegated> {
        // SAFETY: a suspended generator's `ip` and `sp` are in its code and frame.
        let delegate = unsafe {
            if g.state.get() != State::Suspended || *g.ip.get() != op::YIELD_FROM {
                return Ok(Delegated::No);
            }
            value(*g.sp.get().sub(1))
        };
        g.state.set(State::Running);
        let result = self.throw_into(delegate, e);
        g.state.set(State::Suspended);
        match result {
            Ok(Some(v)) => Ok(Delegated::Yielded(v)),
            Ok(None) if self.is_exit(e) => {
                // The one who delegates gets it in any case.
                g.ip.set(g.ip.get().wrapping_add(1));
                Err(self.make_raise(e))
            }
            Ok(None) => {
                // Behind the instruction, with the result in place of the iterator.
                g.ip.set(g.ip.get().wrapping_add(1));
                g.sp.set(g.sp.get().wrapping_sub(1));
                Ok(Delegated::Returned(self.stop_value.replace(Value::NONE)))
            }
            Err(r) => {
                g.ip.set(g.ip.get().wrapping_add(1));
                Err(r)
            }
        }
    }

    pub(crate) fn is_exit(&self, e: Value) -> bool {
        let class = self.as_type(e).unwrap_or_else(|| self.type_of(e));
        self.is_subtype(class, &GENERATOR_EXIT)
    }

    /// `it.throw(e)`, or its close and then `e`: `None` when it returned.
    pub(crate) fn throw_into(&self, it: Value, e: Value) -> Res<Option<Value>> {
        if let Some(g) = it.cast::<Generator>() {
            return self.resume_generator(g, Value::NONE, Some(e));
        }
        if self.is_exit(e) {
            if let Some(close) = self.try_getattr(it, q!("close"))? {
                self.call(close, &[])?;
            }
        } else if let Some(throw) = self.try_getattr(it, q!("throw"))? {
            return self.catch_stop(self.call(throw, &[e]));
        }
        Err(self.make_raise(e))
    }

    /// `it.send(v)`, or the next item if `v` is None: `None` at the end.
    pub(crate) fn send_value(&self, it: Value, v: Value) -> Res<Option<Value>> {
        if let Some(g) = it.cast::<Generator>() {
            return self.resume_generator(g, v, None);
        }
        self.stop_value.set(Value::NONE);
        let ty = self.type_of(it);
        if v.is_none() && ty.slots.next.is_some() && !ty.has(Type::CLASS) {
            return self.next(it);
        }
        let sent = if v.is_none() {
            self.call_method(it, q!("__next__"), &[])
        } else {
            self.call_method(it, q!("send"), &[v])
        };
        self.catch_stop(sent)
    }

    /// Turns a StopIteration into `None` and its value into `stop_value`.
    pub(crate) fn catch_stop<T>(&self, result: Res<T>) -> Res<Option<T>> {
        match result {
            Ok(v) => Ok(Some(v)),
            Err(r) if self.raised_is(&r, &STOP_ITERATION) => {
                let e = self.take_exception(r);
                let v =
                    self.exception_object(e).and_then(|e| self.exception_args(&e).first().copied());
                self.stop_value.set(v.unwrap_or(Value::NONE));
                Ok(None)
            }
            Err(r) => Err(r),
        }
    }
}

enum Delegated {
    No,
    Yielded(Value),
    Returned(Value),
}
