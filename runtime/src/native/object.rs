//! Functions and generators of machine code.
//!
//! ```text
//! NativeFunction { header, module, children, code, inner: Function { … }, defaults… }
//! Generator      { …, function ─▶ inner } CodeState { … } state array…
//! ```
//!
//! The first four words are MicroPython's and code reads them. Behind them lies a
//! [`Function`] as bytecode has it, so that everything that asks for a function's
//! name, parameters and defaults need not know what kind of code it has.

use core::cell::Cell;
use core::mem::offset_of;
use core::ptr::{self, NonNull};

use mpy_format::image::{MACHINE_ASM, MACHINE_PYTHON};

use super::helpers::{self, CodeState};
use super::{Word, cpu, foreign};
use crate::error::{Res, TYPE_ERROR, VALUE_ERROR};
use crate::heap::RawVec;
use crate::object::{Args, Found, Gc, Header, List, Module, Object, Slots, Type};
use crate::print::{Print, PrintKind};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::frame::{Slot, small as small_slot};
use crate::vm::function::{function_getattr, print_function};
use crate::vm::{Function, Generator, RawCode, Vm};

/// A function body of machine code.
#[repr(C)]
pub(crate) struct MachineCode {
    /// `code` is what the file has; `data` the prelude; `frame` words of state.
    pub(crate) raw: RawCode,
    /// `MACHINE_…` of the image format.
    pub(crate) kind: u8,
    /// Of assembler code: parameters, and the type of the result.
    pub(crate) n_args: u8,
    pub(crate) result: usize,
    /// Keep the code's memory and its data alive.
    pub(crate) memory: Option<Value>,
    pub(crate) data: *const u8,
}

/// A function of machine code; defaults follow.
#[repr(C)]
pub struct NativeFunction {
    header: Header,
    module: Gc<Module>,
    children: *const NonNull<RawCode>,
    code: *const u8,
    inner: Function,
}

// SAFETY: `#[repr(C)]`, header first.
unsafe impl Object for NativeFunction {
    const TYPE: &'static Type = &NATIVE_FUNCTION;
    const LEAF: bool = false;
}

static NATIVE_FUNCTION: Type = Type::new(
    q!("function"),
    &const {
        Slots {
            call: Some(native_call),
            print: Some(native_print),
            getattr: Some(native_getattr),
            ..Slots::EMPTY
        }
    },
)
.with_flags(Type::BINDS);

const WORD: usize = size_of::<Word>();

// What code reads of functions, modules, cells and sequences.
const _: () = {
    assert!(offset_of!(NativeFunction, module) == WORD);
    assert!(offset_of!(NativeFunction, children) == 2 * WORD);
    assert!(offset_of!(NativeFunction, code) == 3 * WORD);
    assert!(offset_of!(Module, globals) == WORD);
    assert!(offset_of!(Module, qstrs) == 2 * WORD);
    assert!(offset_of!(Module, consts) == 3 * WORD);
    assert!(offset_of!(crate::vm::CellObj, value) == WORD);
    // Our compiler makes cells of slices.
    assert!(offset_of!(crate::object::Slice, start) == WORD);
    assert!(offset_of!(List, items) == WORD);
    // Defaults lie behind the inner function as behind any.
    assert!(
        offset_of!(NativeFunction, inner) + size_of::<Function>() == size_of::<NativeFunction>()
    );
};

impl NativeFunction {
    fn machine(&self) -> &'static MachineCode {
        // SAFETY: the flag `MACHINE` of its raw code; alive while the function is.
        unsafe { self.inner.code.cast::<MachineCode>().as_ref() }
    }
}

impl Gc<NativeFunction> {
    /// The part that a function of bytecode has too.
    pub(crate) fn inner(self) -> Gc<Function> {
        // SAFETY: a field; an interior pointer keeps the object alive.
        unsafe {
            Gc::from_ptr(self.ptr().byte_add(offset_of!(NativeFunction, inner)).cast::<Function>())
        }
    }
}

fn native_print(vm: &Vm, this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    match this.cast::<NativeFunction>() {
        Some(f) if f.machine().kind == MACHINE_PYTHON => print_function(vm, this, f.inner(), p),
        _ => p.str("<function>"),
    }
}

fn native_getattr(_vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    match this.cast::<NativeFunction>() {
        Some(f) if f.machine().kind == MACHINE_PYTHON => Ok(function_getattr(f.inner(), name)),
        _ => Ok(None),
    }
}

fn native_call(vm: &Vm, this: Value, args: &Args<'_>) -> Res {
    let Some(f) = this.cast::<NativeFunction>() else { return Ok(Value::NOT_IMPLEMENTED) };
    let machine = f.machine();
    if machine.kind == MACHINE_ASM {
        return vm.call_assembler(machine, args);
    }
    if machine.raw.is_generator() {
        return vm.new_native_generator(f, args);
    }
    let room = RawVec::new();
    let row = foreign::in_a_row(vm, args, &room)?;
    // The first word of a Python function's code tells where its prelude is.
    let start = if machine.kind == MACHINE_PYTHON { WORD } else { 0 };
    let words = [
        this.word(),
        small_slot(args.pos.len()),
        small_slot(args.kw.len() / 2),
        row.cast_mut().cast::<()>(),
    ];
    let saved = vm.module.replace(Some(f.module));
    let outer = vm.native_function.replace(Some(f));
    // SAFETY: the code is what its kind says; see contract 1.
    let result = unsafe { vm.enter_machine(f.code.wrapping_add(start), words) };
    vm.native_function.set(outer);
    vm.module.set(saved);
    // SAFETY: Python code and viper's give an object.
    result.map(|w| unsafe { Value::from_word(w) }.unwrap_or(Value::NONE))
}

impl Vm {
    /// A function for raw code that starts a [`MachineCode`], with `extra` bytes behind
    /// it for defaults; and where they are: behind its inner function.
    pub(crate) fn new_native_function(
        &self,
        code: NonNull<RawCode>,
        module: Gc<Module>,
        extra: usize,
    ) -> Res<(Value, NonNull<Function>)> {
        let p = self.make_native_function(code, module, extra)?;
        Ok((p.into(), p.inner().ptr()))
    }

    fn make_native_function(
        &self,
        code: NonNull<RawCode>,
        module: Gc<Module>,
        extra: usize,
    ) -> Res<Gc<NativeFunction>> {
        let bytes = size_of::<NativeFunction>() + extra;
        let p = self.alloc(bytes, false)?.cast::<NativeFunction>();
        // SAFETY: fresh memory of that size; live code.
        unsafe {
            let raw = code.as_ref();
            p.write(NativeFunction {
                header: NativeFunction::HEADER,
                module,
                children: raw.children,
                code: raw.code,
                inner: Function { header: Function::HEADER, code, module },
            });
            Ok(Gc::from_ptr(p))
        }
    }

    /// A function of a native module: its code lies somewhere in the module's.
    ///
    /// # Safety
    /// `raw` is MicroPython's short raw code: a word of marks, then the address.
    pub(crate) unsafe fn new_module_function(&self, raw: Word, module: Gc<Module>) -> Res {
        let Some(running) = self.native_function.get() else {
            return self.raise_type(&VALUE_ERROR);
        };
        let f = self.make_native_function(running.inner.code, module, 0)?;
        // SAFETY: by contract; the object is new.
        unsafe { (*f.ptr().as_ptr()).code = raw.cast::<*const u8>().add(1).read() };
        Ok(f.into())
    }

    /// Whether an address lies on the machine stack.
    pub(crate) fn is_on_stack(&self, address: Word) -> bool {
        let here = ptr::from_ref(&address).addr();
        address.addr() >= here && address.addr() < self.stack_top.get()
    }

    fn call_assembler(&self, code: &'static MachineCode, args: &Args<'_>) -> Res {
        let n = code.n_args as usize;
        args.check(self, n, n)?;
        let mut words = [ptr::null_mut(); 4];
        for (word, &v) in words.iter_mut().zip(args.pos) {
            *word = self.assembler_argument(v)?;
        }
        // SAFETY: contract 1.
        let result = unsafe { self.enter_machine(code.raw.code, words)? };
        helpers::from_native(self, result, code.result)
    }

    /// What an assembler function gets for an object: a number, or where its data is.
    fn assembler_argument(&self, v: Value) -> Res<Word> {
        let number = |n: isize| ptr::without_provenance_mut(n as usize);
        if let Some(n) = v.as_small() {
            return Ok(number(n));
        }
        if let Some(b) = v.as_bool() {
            return Ok(number(b as isize));
        }
        if v.is_none() {
            return Ok(number(0));
        }
        if self.is_int(v) {
            return self.get_int_wrapping(v).map(number);
        }
        if self.is_float(v) {
            let n = self.float_to_int(v)?;
            return self.get_int_wrapping(n).map(number);
        }
        let items = self.tuple_items(v).or_else(|| v.cast::<List>().map(|l| l.items.slice()));
        if let Some(items) = items {
            return Ok(items.as_ptr().cast_mut().cast());
        }
        Ok(match self.try_buffer(v)? {
            Some(buffer) => buffer.cells.as_ptr().cast_mut().cast(),
            None => v.word(),
        })
    }

    /// Sorts the arguments of a call into the state of a native frame.
    ///
    /// # Safety
    /// As many words of state as `frame` says follow it.
    pub(super) unsafe fn set_up_state(
        &self,
        f: Gc<NativeFunction>,
        frame: &mut CodeState,
        args: &Args<'_>,
    ) -> Res<()> {
        // SAFETY: by contract; a verified prelude names no more locals than words.
        unsafe {
            let state = ptr::from_mut(frame).add(1).cast::<Slot>();
            let n = (frame.n_state & 0xffff).max(f.inner.code.as_ref().frame as usize);
            frame.ip = f.machine().raw.data;
            frame.sp = state.sub(1);
            state.write_bytes(0, n);
            self.fill_state(f.inner(), args, state)?;
            core::slice::from_raw_parts_mut(state, n).reverse();
        }
        Ok(())
    }

    fn new_native_generator(&self, f: Gc<NativeFunction>, args: &Args<'_>) -> Res {
        let raw = &f.machine().raw;
        let n_state = raw.frame as usize;
        let bytes = size_of::<Generator>() + size_of::<CodeState>() + n_state * size_of::<Slot>();
        let p = self.alloc(bytes, false)?.cast::<Generator>();
        // SAFETY: fresh memory of that size.
        unsafe {
            let g = Generator::for_machine(p, f.inner());
            let frame = p.add(1).cast::<CodeState>().as_ptr();
            frame.cast::<u8>().write_bytes(0, bytes - size_of::<Generator>());
            (*frame).function = f.ptr().as_ptr().cast();
            (*frame).n_state = n_state;
            self.set_up_state(f, &mut *frame, args)?;
            // The second word says where the code starts.
            let start = f.code.cast::<usize>().add(1).read_unaligned();
            (*frame).ip = cpu::callable(f.code.wrapping_add(start));
            Ok(g.into())
        }
    }

    /// Resumes a generator of machine code; as `resume_generator`.
    pub(crate) fn resume_machine(
        &self,
        g: Gc<Generator>,
        send: Value,
        throw: Option<Value>,
    ) -> Res<Option<Value>> {
        const RETURNED: usize = 0;
        const YIELDED: usize = 1;
        self.check_stack()?;
        // SAFETY: made by `new_native_generator`; its code keeps to the interface.
        unsafe {
            let frame = g.ptr().add(1).cast::<CodeState>().as_ptr();
            let state = frame.add(1).cast::<Slot>();
            if (*frame).sp < state {
                if !send.is_none() {
                    return self.raise(
                        &TYPE_ERROR,
                        "can't send non-None value to a just-started generator",
                    );
                }
            } else {
                *(*frame).sp = send.word();
            }
            g.start_machine();
            let saved = self.module.replace(Some(g.function.module));
            let f: Gc<NativeFunction> =
                Gc::from_ptr(NonNull::new_unchecked((*frame).function.cast()));
            let outer = self.native_function.replace(Some(f));
            let thrown = throw.map_or(ptr::null_mut(), Value::word);
            let null = ptr::null_mut();
            let resume = f.code.wrapping_add(2 * WORD);
            let outcome = self.enter_machine(resume, [frame.cast(), thrown, null, null]);
            self.native_function.set(outer);
            self.module.set(saved);
            let outcome = match outcome {
                Ok(word) => word.addr() & 0xff,
                Err(r) => {
                    g.stop_machine(true);
                    return Err(r);
                }
            };
            g.stop_machine(outcome != YIELDED);
            if outcome != YIELDED && outcome != RETURNED {
                let e = Value::from_word(*state).unwrap_or(Value::NONE);
                let r = self.set_exception(e);
                return Err(self.no_stop_iteration(r));
            }
            let v = Value::from_word(*(*frame).sp).unwrap_or(Value::NONE);
            if outcome == YIELDED {
                *(*frame).sp = Value::NONE.word();
                return Ok(Some(v));
            }
            self.stop_value.set(v);
            Ok(None)
        }
    }
}

/// A place of a `Vm` for the function whose machine code runs.
pub(crate) type Running = Cell<Option<Gc<NativeFunction>>>;

/// The part of a function of machine code that functions of bytecode have too.
pub(crate) fn inner_function(v: Value) -> Option<Gc<Function>> {
    v.cast::<NativeFunction>().map(Gc::<NativeFunction>::inner)
}
