//! Exception objects.
//!
//! # Contracts of the unsafe code
//! 1. Exactly the built-in types flagged `EXCEPTION` have objects laid out as
//!    [`Exception`]; they are declared in `error/types.rs` only.
#![allow(unsafe_code)]

use core::cell::{Cell, UnsafeCell};
use core::mem::MaybeUninit;
use core::ptr::NonNull;

use super::{Args, Found, Gc, Header, Slots, StaticTuple, Str, Type};
use crate::error::{OS_ERROR, Res};
use crate::heap::RawVec;
use crate::print::{Print, PrintKind};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

/// An exception of any built-in class. Its type word is the class.
#[repr(C)]
pub struct Exception {
    pub header: Header,
    /// A tuple, or `None` for no arguments.
    pub args: Cell<Option<Value>>,
    /// Where it passed through, innermost first.
    pub trace: RawVec<TraceEntry>,
    /// What programs stored, and the cause.
    #[cfg(feature = "cpython")]
    pub members: super::Map,
}

impl Exception {
    pub(crate) fn new(header: Header, args: Option<Value>, trace: RawVec<TraceEntry>) -> Exception {
        Exception {
            header,
            args: Cell::new(args),
            trace,
            #[cfg(feature = "cpython")]
            members: super::Map::new(),
        }
    }
}

/// One line of a traceback.
#[derive(Clone, Copy)]
pub struct TraceEntry {
    pub file: Qstr,
    pub block: Qstr,
    pub line: u32,
}

impl crate::heap::Elem for TraceEntry {
    const LEAF: bool = true;
}

/// Memory for one exception with one argument, for when the heap is full or locked;
/// room for its text and its traceback is set aside on demand.
#[repr(C)]
pub(crate) struct SpareException {
    exception: UnsafeCell<MaybeUninit<Exception>>,
    args: UnsafeCell<MaybeUninit<StaticTuple<1>>>,
    text: UnsafeCell<MaybeUninit<Str>>,
    room: Cell<&'static [Cell<u8>]>,
    trace: RawVec<TraceEntry>,
}

/// Writes as much as there is room for, in whole characters.
struct Truncated {
    room: &'static [Cell<u8>],
    len: usize,
    full: bool,
}

impl Print for Truncated {
    fn write(&mut self, text: &[u8]) -> Res<()> {
        let free = self.room.get(self.len..).unwrap_or_default();
        let mut n = text.len().min(free.len());
        while n < text.len() && n > 0 && text.get(n).is_some_and(|b| b & 0xc0 == 0x80) {
            n -= 1;
        }
        if self.full {
            return Ok(());
        }
        self.full = n < text.len();
        for (to, from) in free.iter().zip(text).take(n) {
            to.set(*from);
        }
        self.len += n;
        Ok(())
    }
}

impl Default for SpareException {
    fn default() -> SpareException {
        SpareException {
            exception: UnsafeCell::new(MaybeUninit::uninit()),
            args: UnsafeCell::new(MaybeUninit::uninit()),
            text: UnsafeCell::new(MaybeUninit::uninit()),
            room: Cell::new(&[]),
            trace: RawVec::new(),
        }
    }
}

/// What all exception classes do.
pub static EXCEPTION_SLOTS: Slots = Slots {
    new: Some(exception_new),
    print: Some(exception_print),
    getattr: Some(exception_getattr),
    setattr: Some(exception_setattr),
    ..Slots::EMPTY
};

fn exception_new(vm: &Vm, ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 0, usize::MAX)?;
    vm.new_exception(ty, args.pos)
}

fn exception_print(vm: &Vm, this: Value, p: &mut dyn Print, kind: PrintKind) -> Res<()> {
    match vm.exception_object(this) {
        Some(e) => print_exception(vm, p, this, kind, e.header.ty().name),
        None => Ok(()),
    }
}

/// Prints an exception whose class is called `name`.
pub(crate) fn print_exception(
    vm: &Vm,
    p: &mut dyn Print,
    this: Value,
    kind: PrintKind,
    name: Qstr,
) -> Res<()> {
    let Some(e) = vm.exception_object(this) else { return Ok(()) };
    let args = vm.exception_args(&e);
    if kind != PrintKind::Str {
        p.write(vm.qstr_bytes(name))?;
    }
    if kind == PrintKind::Exception {
        p.str(": ")?;
    }
    if kind == PrintKind::Str || kind == PrintKind::Exception {
        if args.is_empty() {
            return vm.print_emergency(p, &e);
        }
        if e.header.ty() == &OS_ERROR
            && args.len() < 3
            && let Some(n) = args.first().and_then(|v| v.as_small())
            && let Some(text) = vm.errno_name(n)
        {
            p.str("[Errno ")?;
            crate::print::print_int(p, n as i64)?;
            p.str("] ")?;
            p.str(text)?;
            if let Some(&file) = args.get(1) {
                p.str(": ")?;
                vm.print_to(p, file, PrintKind::Str)?;
            }
            return Ok(());
        }
        if let [v] = args {
            return vm.print_to(p, *v, PrintKind::Str);
        }
    }
    let tuple = e.args.get().map_or_else(|| vm.new_tuple(&[]), Ok)?;
    vm.print_to(p, tuple, kind)
}

fn exception_getattr(vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    let Some(e) = vm.exception_object(this) else { return Ok(None) };
    let args = vm.exception_args(&e);
    #[cfg(feature = "cpython")]
    {
        if let Some(v) = e.members.get_name(vm, name) {
            return Ok(Some(Found::Value(v)));
        }
        if name == q!("__cause__") || name == q!("__context__") {
            return Ok(Some(Found::Value(Value::NONE)));
        }
        if name == q!("__dict__") {
            let copy = e.members.copy(vm)?;
            copy.set_fixed();
            let header = <super::Dict as super::Object>::HEADER;
            let dict = vm.alloc_obj(super::Dict { header, map: copy })?;
            return Ok(Some(Found::Value(dict.into())));
        }
    }
    // `value` of StopIteration and `errno` of OSError, and of all others for simplicity.
    let first = args.first().copied().unwrap_or(Value::NONE);
    Ok(if name == q!("args") {
        Some(Found::Value(e.args.get().map_or_else(|| vm.new_tuple(&[]), Ok)?))
    } else if name == q!("value") || name == q!("errno") {
        Some(Found::Value(first))
    } else {
        None
    })
}

/// `e.__traceback__ = None` forgets where it was raised; only at the level of CPython
/// anything else can be stored.
fn exception_setattr(vm: &Vm, this: Value, name: Qstr, value: Option<Value>) -> Res<bool> {
    match vm.exception_object(this) {
        Some(e) if name == q!("__traceback__") && value.is_some_and(Value::is_none) => {
            e.trace.truncate(0);
            Ok(true)
        }
        #[cfg(feature = "cpython")]
        Some(e) if vm.beyond_stock() => match value {
            Some(v) if name == q!("args") => {
                e.args.set(Some(vm.new_tuple(vm.sequence(v)?.slice())?));
                Ok(true)
            }
            Some(v) => e.members.insert_name(vm, name, v).map(|()| true),
            None => Ok(e.members.remove(vm, Value::qstr(name))?.is_some()),
        },
        _ => Ok(false),
    }
}

impl Vm {
    pub(crate) fn alloc_exception(&self, e: Exception) -> Res<Value> {
        let p = match self.alloc(size_of::<Exception>(), false) {
            Ok(p) => p.cast::<Exception>(),
            Err(r) => {
                self.take_exception(r);
                self.spare.trace.truncate(0);
                e.trace.replace_with(&self.spare.trace);
                NonNull::from_ref(&self.spare.exception).cast()
            }
        };
        // SAFETY: fresh memory, or that of the spare exception, whose last use ends here;
        // contract 1 by the callers, who pass exception classes.
        unsafe {
            p.write(e);
            Ok(Value::from_ptr(p))
        }
    }

    /// The arguments of a new exception: a tuple, the spare one if memory is out.
    pub(crate) fn exception_tuple(&self, args: &[Value]) -> Option<Value> {
        let [first, rest @ ..] = args else { return None };
        match self.new_tuple(args) {
            Ok(v) => Some(v),
            Err(r) => {
                self.take_exception(r);
                if !rest.is_empty() {
                    return None;
                }
                let p = NonNull::from_ref(&self.spare.args).cast::<StaticTuple<1>>();
                // SAFETY: memory of the spare arguments, whose last use ends here.
                unsafe {
                    p.write(StaticTuple::new([*first]));
                    Some(Value::from_ptr(p))
                }
            }
        }
    }

    /// Sets `size` bytes aside for the text and the traceback of the spare exception.
    pub(crate) fn reserve_for_exceptions(&self, size: usize) -> Res<()> {
        let entries = size / 4 / size_of::<TraceEntry>();
        let trace = RawVec::with_capacity(self, entries)?;
        self.spare.trace.replace_with(&trace);
        let text = size - entries * size_of::<TraceEntry>();
        self.spare.room.set(if text == 0 { &[] } else { self.alloc_cells(text)? });
        Ok(())
    }

    /// The spare text, made of what `write` writes, or of as much as there is room for.
    pub(crate) fn spare_text(
        &self,
        write: impl FnOnce(&mut dyn Print) -> Res<()>,
    ) -> Option<Value> {
        let mut out = Truncated { room: self.spare.room.get(), len: 0, full: false };
        if let Err(r) = write(&mut out) {
            self.take_exception(r);
        }
        let text = out.room.get(..out.len).filter(|t| !t.is_empty())?;
        Some(self.spare_str(crate::heap::frozen(text)))
    }

    /// The spare text, which shares `text`.
    pub(crate) fn spare_str(&self, text: &'static [u8]) -> Value {
        let p = NonNull::from_ref(&self.spare.text).cast::<Str>();
        // SAFETY: memory of the spare text, whose last use ends here.
        unsafe {
            p.write(Str::over(text));
            Value::from_ptr(p)
        }
    }

    /// The exception object of `v`, which may be an instance of a derived class.
    pub fn exception_object(&self, v: Value) -> Option<Gc<Exception>> {
        let v = self.native_value(v);
        let ty = v.header()?.ty();
        if ty.has(Type::EXCEPTION) && !ty.has(Type::CLASS) {
            // SAFETY: contract 1.
            Some(unsafe { v.cast_unchecked() })
        } else {
            None
        }
    }

    /// The text of a MemoryError that was made without memory.
    fn print_emergency(&self, p: &mut dyn Print, e: &Exception) -> Res<()> {
        if core::ptr::eq(e, &self.memory_error)
            && let Some((before, n, after)) = self.emergency.get()
        {
            p.write(before)?;
            if let Some(n) = n {
                crate::print::print_uint(p, n as u64, 10)?;
            }
            p.write(after)?;
        }
        Ok(())
    }

    /// Prints an exception as at the end of a program: traceback, class and text.
    pub fn print_traceback(&self, p: &mut dyn Print, v: Value) -> Res<()> {
        if let Some(e) = self.exception_object(v)
            && let entries = e.trace.len().min(self.traceback_limit())
            && entries > 0
        {
            p.str("Traceback (most recent call last):\n")?;
            for entry in e.trace.iter().rev().take(entries) {
                p.str("  File \"")?;
                p.write(self.qstr_bytes(entry.file))?;
                p.str("\", line ")?;
                crate::print::print_uint(p, entry.line as u64, 10)?;
                if entry.block != Qstr::NULL {
                    p.str(", in ")?;
                    p.write(self.qstr_bytes(entry.block))?;
                }
                p.str("\n")?;
            }
        }
        self.print_to(p, v, PrintKind::Exception)?;
        p.str("\n")
    }

    /// `sys.tracebacklimit`: so many lines are shown, outermost first.
    fn traceback_limit(&self) -> usize {
        match self.state.traceback_limit.get().and_then(Value::as_small) {
            Some(n) => usize::try_from(n).unwrap_or(0),
            None => usize::MAX,
        }
    }

    pub(crate) fn memory_error_value(&self) -> Value {
        // SAFETY: the field starts with a header and lives as long as the `Vm`.
        unsafe { Value::from_ptr(core::ptr::NonNull::from_ref(&self.memory_error)) }
    }

    /// MemoryError with a text, made without the heap if need be.
    #[cold]
    pub(crate) fn emergency_error<T>(
        &self,
        before: &'static [u8],
        n: Option<usize>,
        after: &'static [u8],
    ) -> Res<T> {
        self.emergency.set(Some((before, n, after)));
        self.memory_error.args.set(None);
        self.memory_error.trace.clear();
        Err(self.set_exception(self.memory_error_value()))
    }
}
