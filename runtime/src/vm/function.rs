//! Code, functions, closures and cells.
//!
//! A [`RawCode`] is what the loader makes of one function body. A [`Function`] ties
//! it to its module and to the defaults of its parameters:
//!
//! ```text
//! Function { header, code, module, defaults…, keyword-defaults dict? }
//! Closure  { header, function, n, cells… }
//! ```

use core::cell::Cell;
use core::ptr::NonNull;

use mpy_format::image::{HAS_FUNCTION, MACHINE};
use mpy_format::prelude::{FLAG_DEFKWARGS, FLAG_GENERATOR, Prelude};

use crate::error::Res;
use crate::object::{Args, Found, Gc, Header, Module, Object, Slots, Type};
use crate::print::{Print, PrintKind};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

/// The frame of simple functions can be set up from the arguments as they lie.
pub(crate) const SIMPLE: u8 = 0x80;

/// One function body, decoded as far as calls need it.
#[repr(C)]
pub struct RawCode {
    /// First instruction.
    pub(crate) code: *const u8,
    /// Prelude and code.
    pub(crate) data: *const u8,
    pub(crate) len: u32,
    /// Words of a frame: locals, frame header, blocks, value stack.
    pub(crate) frame: u16,
    /// Words from the frame header to the value stack.
    pub(crate) stack_at: u16,
    pub(crate) n_locals: u16,
    pub(crate) n_pos: u16,
    pub(crate) n_kwonly: u16,
    pub(crate) n_def: u16,
    /// `FLAG_…` of the prelude, and `SIMPLE`.
    pub(crate) flags: u8,
    pub(crate) name: Qstr,
    /// Functions made by this one.
    pub(crate) children: *const NonNull<RawCode>,
}

impl RawCode {
    /// Prelude and code.
    pub(crate) fn bytes(&self) -> &'static [u8] {
        // SAFETY: the loader's promise; the file stays while the code does.
        unsafe { core::slice::from_raw_parts(self.data, self.len as usize) }
    }

    pub(crate) fn prelude(&self) -> Option<Prelude<'static>> {
        Prelude::read(self.bytes(), 0).ok()
    }

    pub(crate) fn is_generator(&self) -> bool {
        self.flags & FLAG_GENERATOR != 0
    }
}

/// A function of bytecode; defaults follow.
#[repr(C)]
pub struct Function {
    pub(crate) header: Header,
    pub(crate) code: NonNull<RawCode>,
    pub(crate) module: Gc<Module>,
}

// SAFETY: `#[repr(C)]`, header first.
unsafe impl Object for Function {
    const TYPE: &'static Type = &FUNCTION;
    const LEAF: bool = false;
}

impl Gc<Function> {
    #[inline(always)]
    pub(crate) fn raw(self) -> &'static RawCode {
        // SAFETY: code is alive while a function refers to it.
        unsafe { self.code.as_ref() }
    }

    /// Default `i` of the positional parameters that have one, or the dict of keyword
    /// defaults behind them.
    ///
    /// # Safety
    /// `i` is below the number the function was made with.
    pub(crate) unsafe fn default(self, i: usize) -> Value {
        // SAFETY: they follow the object.
        unsafe { self.ptr().add(1).cast::<Value>().add(i).read() }
    }
}

/// A function with the cells of the variables it closes over; they follow.
#[repr(C)]
pub struct Closure {
    header: Header,
    pub(crate) function: Value,
    pub(crate) n: usize,
}

// SAFETY: `#[repr(C)]`, header first.
unsafe impl Object for Closure {
    const TYPE: &'static Type = &CLOSURE;
    const LEAF: bool = false;
}

impl Gc<Closure> {
    pub(crate) fn cells(self) -> &'static [Value] {
        // SAFETY: `n` values follow the object.
        unsafe { core::slice::from_raw_parts(self.ptr().add(1).cast::<Value>().as_ptr(), self.n) }
    }
}

object! {
    /// A variable shared by functions.
    pub struct CellObj: CELL { pub value: Cell<Option<Value>>, }
}

pub(crate) static CELL: Type = Type::new(q!(""), &Slots::EMPTY);

const SLOTS: Slots = Slots {
    #[cfg(feature = "cpython")]
    new: Some(super::code::function_new),
    call: Some(function_call),
    print: Some(function_print),
    getattr: Some(function_slot),
    ..Slots::EMPTY
};

// What images that are linked with a firmware call it.
#[cfg_attr(target_os = "none", unsafe(export_name = "hognose_type_function"))]
pub(crate) static FUNCTION: Type =
    Type::new(q!("function"), &SLOTS).with_flags(Type::BINDS | Type::FINAL);

/// What programs are told that functions are which make generators.
#[cfg(feature = "full")]
pub(crate) static GENERATOR_FUNCTION: Type =
    Type::new(q!("function"), &SLOTS).with_flags(Type::BINDS | Type::FINAL);

pub(crate) static CLOSURE: Type = Type::new(
    q!("closure"),
    &const {
        Slots {
            call: Some(closure_call),
            print: Some(function_print),
            getattr: Some(function_slot),
            ..Slots::EMPTY
        }
    },
)
.with_flags(Type::BINDS);

fn function_call(vm: &Vm, this: Value, args: &Args<'_>) -> Res {
    vm.call_function(this, &[], args)
}

fn closure_call(vm: &Vm, this: Value, args: &Args<'_>) -> Res {
    match this.cast::<Closure>() {
        Some(c) if c.function.is::<Function>() => vm.call_function(c.function, c.cells(), args),
        Some(c) => {
            const ROOM: usize = 8;
            let (cells, n) = (c.cells(), c.n + args.pos.len());
            let mut few = [Value::NONE; ROOM];
            if let Some((of_cells, of_args)) = few.get_mut(..n).map(|f| f.split_at_mut(c.n)) {
                of_cells.copy_from_slice(cells);
                of_args.copy_from_slice(args.pos);
                let pos = few.get(..n).unwrap_or_default();
                return vm.call_args(c.function, &Args { pos, kw: args.kw });
            }
            let all = crate::heap::RawVec::from_slice(vm, cells)?;
            all.extend(vm, args.pos)?;
            vm.call_args(c.function, &Args { pos: all.slice(), kw: args.kw })
        }
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn underlying(this: Value) -> Option<Gc<Function>> {
    let f = this.cast::<Closure>().map_or(this, |c| c.function);
    f.cast::<Function>().or_else(|| crate::native::inner_function(f))
}

fn function_print(vm: &Vm, this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    match underlying(this) {
        Some(f) => print_function(vm, this, f, p),
        None => p.str("<closure>"),
    }
}

/// Prints `this`, which is `f` or a closure of it.
pub(crate) fn print_function(vm: &Vm, this: Value, f: Gc<Function>, p: &mut dyn Print) -> Res<()> {
    let closure = this.is::<Closure>();
    p.str(if closure {
        "<closure "
    } else if f.raw().is_generator() {
        "<generator "
    } else {
        "<function "
    })?;
    p.write(vm.qstr_bytes(f.raw().name))?;
    p.str(" at 0x")?;
    crate::print::print_uint(p, this.bits() as u64, 16)?;
    p.str(">")
}

fn function_slot(vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    let Some(f) = underlying(this) else { return Ok(None) };
    #[cfg(feature = "cpython")]
    if name == q!("__code__") && f.raw().flags & MACHINE == 0 {
        return vm.code_of(f).map(|code| Some(Found::Value(code)));
    }
    let _ = vm;
    Ok(function_getattr(f, name))
}

/// An attribute of a function.
pub(crate) fn function_getattr(f: Gc<Function>, name: Qstr) -> Option<Found> {
    if name == q!("__name__") {
        Some(Found::Value(Value::qstr(f.raw().name)))
    } else if name == q!("__globals__") {
        Some(Found::Value(f.module.globals.into()))
    } else {
        None
    }
}

impl Vm {
    /// A function of `code` in `module`. `defaults` is a tuple, `kw_defaults` a dict.
    pub(crate) fn new_function(
        &self,
        code: NonNull<RawCode>,
        module: Gc<Module>,
        defaults: Option<Value>,
        kw_defaults: Option<Value>,
    ) -> Res {
        // SAFETY: the caller passes live code.
        let raw = unsafe { code.as_ref() };
        if raw.flags & HAS_FUNCTION != 0 && defaults.is_none() && kw_defaults.is_none() {
            // SAFETY: what the flag says: the function lies behind its code in flash.
            return Ok(unsafe { Value::from_ptr(code.add(1).cast::<Function>()) });
        }
        let items = defaults.and_then(|d| self.tuple_items(d)).unwrap_or_default();
        let n_def = raw.n_def as usize;
        let has_kw = raw.flags & FLAG_DEFKWARGS != 0;
        let extra = (n_def + has_kw as usize) * size_of::<Value>();
        let (v, p) = if raw.flags & MACHINE != 0 {
            self.new_native_function(code, module, extra)?
        } else {
            let p = self.alloc(size_of::<Function>() + extra, false)?.cast::<Function>();
            // SAFETY: fresh memory of that size.
            unsafe {
                p.write(Function { header: Function::HEADER, code, module });
                (Value::from_ptr(p), p)
            }
        };
        // SAFETY: room for them was made behind the function.
        unsafe {
            let values = p.add(1).cast::<Value>();
            for i in 0..n_def {
                values.add(i).write(items.get(i).copied().unwrap_or(Value::NONE));
            }
            if has_kw {
                values.add(n_def).write(kw_defaults.unwrap_or(Value::NONE));
            }
        }
        Ok(v)
    }

    pub(crate) fn new_closure(&self, function: Value, cells: &[Value]) -> Res {
        let bytes = size_of::<Closure>() + core::mem::size_of_val(cells);
        let p = self.alloc(bytes, false)?.cast::<Closure>();
        // SAFETY: fresh memory of that size.
        unsafe {
            p.write(Closure { header: Closure::HEADER, function, n: cells.len() });
            let to = p.add(1).cast::<Value>();
            to.copy_from_nonoverlapping(NonNull::from_ref(cells).cast(), cells.len());
            Ok(Value::from_ptr(p))
        }
    }
}
