//! Code objects: what `compile()` gives, and what functions have as `__code__`.
//!
//! One kind of object for both: text that was compiled is kept as its file and is loaded
//! when somebody looks inside; the code of a function is held as that function, whose
//! module has the names and constants that the code refers to.

use core::cell::Cell;
use core::ptr::NonNull;

use mpy_format::instr::{Instr, instrs};
use mpy_format::prelude::FLAG_DEFKWARGS;
use mpy_format::{Operand, lines};

use super::function::{Function, RawCode};
use crate::error::Res;
use crate::heap::RawVec;
use crate::object::{Args, Dict, Found, Gc, Object};
use crate::print::{Print, PrintKind, print_uint};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// Code that can be executed in any namespace.
    pub struct Code: CODE {
        file: &'static [u8],
        function: Cell<Option<Gc<Function>>>,
    }
}

py_type! {
    pub(crate) static CODE: "code" { print: print, getattr: getattr, }
    locals: { "co_lines" => f1!(co_lines), }
}

/// What a function's code refers to by number.
impl Gc<Function> {
    /// The name with index `i` of its module.
    pub(crate) fn qstr(self, i: u32) -> Qstr {
        // SAFETY: indices in verified code are inside the module's table.
        unsafe { *self.module.qstrs.get().add(i as usize) }
    }

    /// The constant with index `i` of its module.
    pub(crate) fn constant(self, i: u32) -> Value {
        // SAFETY: as for names.
        unsafe { *self.module.consts.get().add(i as usize) }
    }

    /// The code of the function `i` that it makes.
    pub(crate) fn child(self, i: u32) -> NonNull<RawCode> {
        // SAFETY: as for names.
        unsafe { *self.raw().children.add(i as usize) }
    }

    /// How many functions it refers to.
    pub(crate) fn children(self) -> u32 {
        self.instructions()
            .filter(|i| matches!(i.opcode.operand(), Operand::Child | Operand::ChildCells))
            .map(|i| i.arg + 1)
            .max()
            .unwrap_or(0)
    }

    /// Its instructions.
    pub(crate) fn instructions(self) -> impl Iterator<Item = Instr> {
        instrs(self.body()).filter_map(Result::ok)
    }

    /// The bytes of the instructions.
    pub(crate) fn body(self) -> &'static [u8] {
        let at = self.raw().prelude().map_or(0, |p| p.code_at);
        self.raw().bytes().get(at..).unwrap_or_default()
    }

    fn lines(self) -> &'static [u8] {
        self.raw().prelude().map_or(&[], |p| p.lines)
    }

    fn first_line(self) -> u32 {
        lines::first_line(self.lines()).unwrap_or(1)
    }
}

impl Vm {
    /// The code of a `.mpy` file.
    pub(crate) fn new_code(&self, file: &'static [u8]) -> Res {
        self.new_obj(Code { header: Code::HEADER, file, function: Cell::new(None) })
    }

    /// The code of a function.
    pub(crate) fn code_of(&self, f: Gc<Function>) -> Res {
        let function = Cell::new(Some(f));
        self.new_obj(Code { header: Code::HEADER, file: &[], function })
    }

    /// Executes code in a namespace; `eval` code gives its value.
    pub(crate) fn run_code(&self, code: Gc<Code>, globals: Gc<Dict>, locals: Gc<Dict>) -> Res {
        if !code.file.is_empty() {
            return self.run_mpy(code.file, globals, locals);
        }
        let f = self.rebind(code, globals)?;
        let saved = self.locals.replace(Some(locals));
        let r = self.call_args(f, &Args::NONE);
        self.locals.set(saved);
        r
    }

    /// The function that a code object stands for.
    pub(crate) fn loaded_code(&self, code: Gc<Code>) -> Res<Gc<Function>> {
        if let Some(f) = code.function.get() {
            return Ok(f);
        }
        let module = self.module_of(self.new_dict(0)?)?;
        let raw = self.load_mpy(code.file, module)?;
        let f = self.expect::<Function>(self.new_function(raw, module, None, None)?)?;
        code.function.set(Some(f));
        Ok(f)
    }

    /// The function made of `code` in the namespace `globals`, without its defaults.
    pub(crate) fn rebind(&self, code: Gc<Code>, globals: Gc<Dict>) -> Res {
        let f = self.loaded_code(code)?;
        let module = self.module_of(globals)?;
        module.qstrs.set(f.module.qstrs.get());
        module.consts.set(f.module.consts.get());
        let keywords = match f.raw().flags & FLAG_DEFKWARGS {
            0 => None,
            _ => Some(self.new_dict(0)?.into()),
        };
        self.new_function(f.code, module, None, keywords)
    }

    /// The code of a function's child `i`.
    pub(crate) fn child_code(&self, f: Gc<Function>, i: u32) -> Res<Option<Gc<Function>>> {
        let child = f.child(i);
        // SAFETY: the children of loaded code are loaded.
        if unsafe { child.as_ref() }.flags & mpy_format::image::MACHINE != 0 {
            return Ok(None);
        }
        Ok(self.new_function(child, f.module, None, None)?.cast::<Function>())
    }
}

/// `type(f)(code, globals)`.
pub(crate) fn function_new(vm: &Vm, _ty: &'static crate::object::Type, args: &Args<'_>) -> Res {
    args.check(vm, 2, 2)?;
    let [code, globals] = *args.pos else { return Ok(Value::NONE) };
    vm.rebind(vm.expect::<Code>(code)?, vm.expect::<Dict>(globals)?)
}

fn print(vm: &Vm, this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    let f = vm.loaded_code(vm.expect::<Code>(this)?)?;
    p.str("<code object ")?;
    p.write(vm.qstr_bytes(f.raw().name))?;
    p.str(" at 0x")?;
    print_uint(p, this.bits() as u64, 16)?;
    p.str(", file \"")?;
    p.write(vm.qstr_bytes(f.qstr(0)))?;
    p.str("\", line ")?;
    print_uint(p, f.first_line().into(), 10)?;
    p.str(">")
}

fn getattr(vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    const KNOWN: &[Qstr] = &[
        q!("co_code"),
        q!("co_consts"),
        q!("co_filename"),
        q!("co_firstlineno"),
        q!("co_lnotab"),
        q!("co_name"),
        q!("co_names"),
    ];
    if !KNOWN.contains(&name) {
        return Ok(None);
    }
    let f = vm.loaded_code(vm.expect::<Code>(this)?)?;
    let v = if name == q!("co_code") {
        vm.new_bytes(f.body())?
    } else if name == q!("co_consts") {
        co_consts(vm, f)?
    } else if name == q!("co_filename") {
        Value::qstr(f.qstr(0))
    } else if name == q!("co_firstlineno") {
        Value::small(f.first_line() as isize)
    } else if name == q!("co_lnotab") {
        co_lnotab(vm, f)?
    } else if name == q!("co_name") {
        Value::qstr(f.raw().name)
    } else {
        co_names(vm, f)?
    };
    Ok(Some(Found::Value(v)))
}

fn add_once(vm: &Vm, to: &RawVec<Value>, v: Value) -> Res<()> {
    if to.iter().any(|known| known == v) { Ok(()) } else { to.push(vm, v) }
}

/// The constants and functions that the code loads, then None.
fn co_consts(vm: &Vm, f: Gc<Function>) -> Res {
    let all = RawVec::new();
    for i in f.instructions().filter(|i| i.opcode.operand() == Operand::Const) {
        add_once(vm, &all, f.constant(i.arg))?;
    }
    for i in 0..f.children() {
        if let Some(child) = vm.child_code(f, i)? {
            all.push(vm, vm.code_of(child)?)?;
        }
    }
    all.push(vm, Value::NONE)?;
    vm.new_tuple(all.slice())
}

fn co_names(vm: &Vm, f: Gc<Function>) -> Res {
    let all = RawVec::new();
    for i in f.instructions().filter(|i| i.opcode.operand() == Operand::Qstr) {
        add_once(vm, &all, Value::qstr(f.qstr(i.arg)))?;
    }
    vm.new_tuple(all.slice())
}

/// Stretches of code that belong to one line: first byte, end, line.
fn stretches(f: Gc<Function>) -> impl Iterator<Item = (u32, u32, u32)> {
    let len = f.body().len() as u32;
    let mut steps = lines::steps(f.lines());
    // Code before the first line that is known counts as its.
    let (mut start, mut line, mut done) = (0, 1, false);
    let first = f.first_line();
    core::iter::from_fn(move || {
        let mut end = start;
        while !done {
            let Some(step) = steps.next() else {
                done = true;
                return (start < len).then_some((start, len, line.max(first)));
            };
            end += step.bytes;
            let stretch = (start, end, line.max(first));
            line += step.lines;
            if step.lines > 0 && end > start && line > first {
                start = end;
                return Some(stretch);
            }
        }
        None
    })
}

fn co_lines(vm: &Vm, this: Value) -> Res {
    let f = vm.loaded_code(vm.expect::<Code>(this)?)?;
    let all = RawVec::new();
    for (start, end, line) in stretches(f) {
        let of = |n: u32| Value::small(n as isize);
        all.push(vm, vm.new_tuple(&[of(start), of(end), of(line)])?)?;
    }
    vm.iter(vm.new_tuple(all.slice())?)
}

/// Pairs of bytes: how far the code and the line go on.
fn co_lnotab(vm: &Vm, f: Gc<Function>) -> Res {
    let table = RawVec::new();
    let (mut at, mut last) = (0, f.first_line());
    for (start, _, line) in stretches(f) {
        let (mut bytes, mut lines) = (start - at, line.saturating_sub(last));
        while bytes > 0 || lines > 0 {
            let (b, l) = (bytes.min(255), if bytes > 255 { 0 } else { lines.min(127) });
            table.push(vm, b as u8)?;
            table.push(vm, l as u8)?;
            bytes -= b;
            lines -= l;
        }
        (at, last) = (start, line.max(last));
    }
    vm.new_bytes(table.slice())
}
