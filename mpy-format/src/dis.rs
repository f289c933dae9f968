//! A module as text: what `hognose dis` prints and snapshot tests compare.
//!
//! ```text
//! module a.py: 51 bytes, small integers of 31 bits
//! const 0: int 1000000000000
//!
//! <module>: 17 bytes, 4 of prelude; state 3, locals 0
//!   line 1
//!      0  11 03      LOAD_NAME print
//! ```
//!
//! Jump targets are code offsets and carry `>` in front; nested functions follow the
//! function that makes them, with dotted names.

use crate::instr::{Instr, instrs};
use crate::lines;
use crate::module::{Body, Bytecode, Const, Module, RawCode};
use crate::prelude::{FLAG_DEFKWARGS, FLAG_GENERATOR, FLAG_VARARGS, FLAG_VARKEYWORDS, Prelude};
use crate::table::opcode::{Opcode, Operand, UNWIND_POP_ITER};
use crate::table::operator::{BinaryOp, UnaryOp};
use crate::{Arch, write};
use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write};

/// Disassembles machine code: each instruction's length in bytes and its text.
pub type NativeDis<'a> = &'a dyn Fn(Arch, &[u8]) -> Option<Vec<(usize, String)>>;

/// The whole module as text. Machine code goes through `native` and is shown as hex
/// where that gives nothing.
pub fn dis(module: &Module, native: NativeDis<'_>) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = Writer { module, native, out: &mut out }.module();
    out
}

struct Writer<'a, 'o> {
    module: &'a Module,
    native: NativeDis<'a>,
    out: &'o mut String,
}

impl<'a> Writer<'a, '_> {
    fn module(&mut self) -> fmt::Result {
        let module = self.module;
        let header = &module.header;
        let size = write(module).len();
        write!(self.out, "module {}: {size} bytes", self.qstr(0))?;
        if header.magic == crate::Magic::CircuitPython {
            write!(self.out, ", CircuitPython")?;
        }
        if header.arch != Arch::None {
            write!(self.out, ", {} code v6.{}", header.arch.name(), header.sub_version)?;
        }
        if header.arch_flags != 0 {
            write!(self.out, " flags {:#x}", header.arch_flags)?;
        }
        writeln!(self.out, ", small integers of {} bits", header.small_int_bits)?;
        for (i, constant) in module.consts.iter().enumerate() {
            writeln!(self.out, "const {i}: {}", const_text(constant))?;
        }
        self.raw_code(&module.root, "")
    }

    fn qstr(&self, index: u32) -> Cow<'a, str> {
        match self.module.qstrs.get(index as usize) {
            Some(text) => plain_or_quoted(text),
            None => Cow::Owned(format!("qstr {index}?")),
        }
    }

    fn raw_code(&mut self, raw: &RawCode, path: &str) -> fmt::Result {
        let name = self.name(raw);
        let path = if path.is_empty() || path == "<module>" {
            name.to_string()
        } else {
            format!("{path}.{name}")
        };
        write!(self.out, "\n{path}: ")?;
        match &raw.body {
            Body::Bytecode(code) => self.bytecode(code, raw)?,
            Body::Native { data, prelude_at } => {
                let split = (*prelude_at as usize).min(data.len());
                writeln!(self.out, "native, {} bytes", data.len())?;
                self.machine_code(&data[..split])?;
                if let Ok(prelude) = Prelude::read(data, split) {
                    let args: Vec<_> = prelude.arg_names().map(|n| self.qstr(n)).collect();
                    self.signature(&prelude.signature, &args)?;
                    self.out.push('\n');
                }
            }
            Body::Viper { text, flags, rodata, bss, relocs } => {
                let (rodata, relocs) =
                    (rodata.as_deref().unwrap_or_default(), relocs.as_deref().unwrap_or_default());
                writeln!(
                    self.out,
                    "viper, {} bytes, {} of data, {} zeroed, {} relocations, flags {flags:#x}",
                    text.len(),
                    rodata.len(),
                    bss.unwrap_or(0),
                    relocs.len()
                )?;
                self.machine_code(text)?;
            }
            Body::Asm { text, n_pos_args, type_sig, .. } => {
                writeln!(
                    self.out,
                    "assembler, {} bytes, {n_pos_args} parameters, types {type_sig:#x}",
                    text.len()
                )?;
                self.machine_code(text)?;
            }
        }
        raw.children.iter().try_for_each(|child| self.raw_code(child, &path))
    }

    fn name(&self, raw: &RawCode) -> Cow<'a, str> {
        match &raw.body {
            Body::Bytecode(code) => self.qstr(code.name),
            Body::Native { data, prelude_at } => match Prelude::read(data, *prelude_at as usize) {
                Ok(prelude) => self.qstr(prelude.name),
                Err(_) => Cow::Borrowed("<native>"),
            },
            Body::Viper { .. } => Cow::Borrowed("<viper>"),
            Body::Asm { .. } => Cow::Borrowed("<asm>"),
        }
    }

    fn machine_code(&mut self, text: &[u8]) -> fmt::Result {
        if let Some(listing) = (self.native)(self.module.header.arch, text) {
            let mut at = 0;
            for (len, instr) in listing {
                let end = (at + len).min(text.len());
                writeln!(self.out, "  {at:5}  {:16} {instr}", hex(&text[at..end]))?;
                at = end;
            }
            return Ok(());
        }
        for (i, row) in text.chunks(16).enumerate() {
            writeln!(self.out, "  {:5}  {}", i * 16, hex(row))?;
        }
        Ok(())
    }

    fn signature(&mut self, signature: &crate::Signature, args: &[Cow<'a, str>]) -> fmt::Result {
        write!(self.out, "  state {}, blocks {}", signature.n_state, signature.n_exc_stack)?;
        let flags = [
            (FLAG_GENERATOR, "generator"),
            (FLAG_VARARGS, "*args"),
            (FLAG_VARKEYWORDS, "**kwargs"),
            (FLAG_DEFKWARGS, "keyword defaults"),
        ];
        for (flag, text) in flags {
            if signature.flags & flag != 0 {
                write!(self.out, ", {text}")?;
            }
        }
        if !args.is_empty() {
            write!(self.out, ", parameters ({})", args.join(", "))?;
        }
        if signature.n_kwonly_args != 0 {
            write!(self.out, ", keyword-only {}", signature.n_kwonly_args)?;
        }
        if signature.n_def_pos_args != 0 {
            write!(self.out, ", defaults {}", signature.n_def_pos_args)?;
        }
        Ok(())
    }

    fn bytecode(&mut self, code: &Bytecode, raw: &RawCode) -> fmt::Result {
        let mut whole = Vec::new();
        code.push(&mut whole);
        writeln!(self.out, "{} bytes, {} of them code", whole.len(), code.code.len())?;
        let args: Vec<_> = code.arg_names.iter().map(|&n| self.qstr(n)).collect();
        self.signature(&code.signature, &args)?;
        if !code.cells.is_empty() {
            let cells: Vec<_> = code.cells.iter().map(u8::to_string).collect();
            write!(self.out, ", cells {}", cells.join(" "))?;
        }
        self.out.push('\n');
        let targets: BTreeSet<u32> = instrs(&code.code).filter_map(|i| i.ok()?.target()).collect();
        let mut line = None;
        for instr in instrs(&code.code) {
            let instr = match instr {
                Ok(instr) => instr,
                Err(error) => return writeln!(self.out, "  {error}"),
            };
            let here = lines::line_at(&code.lines, instr.at);
            if !code.lines.is_empty() && line != Some(here) {
                writeln!(self.out, "  line {here}")?;
                line = Some(here);
            }
            let mark = if targets.contains(&instr.at) { '>' } else { ' ' };
            let bytes = hex(&code.code[instr.at as usize..instr.next as usize]);
            let operand = self.operand(&instr, &code.code, raw);
            let text = format!("{} {operand}", instr.opcode.name().trim_end_matches("_MULTI"));
            writeln!(self.out, " {mark}{:5}  {bytes:11} {}", instr.at, text.trim_end())?;
        }
        Ok(())
    }

    fn operand(&self, instr: &Instr, code: &[u8], raw: &RawCode) -> Cow<'a, str> {
        let arg = instr.arg;
        let text = match instr.opcode.operand() {
            Operand::None => return Cow::Borrowed(""),
            Operand::Qstr if instr.opcode == Opcode::LoadConstString => {
                match self.module.qstrs.get(arg as usize) {
                    Some(text) => quoted(text),
                    None => format!("qstr {arg}?"),
                }
            }
            Operand::Qstr => return self.qstr(arg),
            Operand::Const => match self.module.consts.get(arg as usize) {
                Some(constant) => const_text(constant),
                None => format!("const {arg}?"),
            },
            Operand::SmallInt | Operand::SmallIntMulti => {
                instr.small_int(code).unwrap_or(0).to_string()
            }
            Operand::Child => self.child(arg, raw).into_owned(),
            Operand::ChildCells => format!("{} over {}", self.child(arg, raw), instr.extra),
            Operand::Jump | Operand::SignedJump => format!("> {arg}"),
            Operand::Unwind => {
                let pop =
                    if instr.extra & UNWIND_POP_ITER != 0 { " and drop the iterator" } else { "" };
                format!("> {arg} out of {}{pop}", instr.extra & !UNWIND_POP_ITER)
            }
            Operand::Call => format!("{} positional, {} keyword", arg & 0xff, arg >> 8),
            Operand::UnpackEx => format!("{} before, {} after", arg & 0xff, arg >> 8),
            Operand::Comp => {
                let kind = ["list", "dict", "set", "?"][(arg & 3) as usize];
                format!("{kind} {} down", arg >> 2)
            }
            Operand::UnaryMulti => {
                UnaryOp::from_number(arg as u8).map_or("?", UnaryOp::symbol).to_string()
            }
            Operand::BinaryMulti => {
                BinaryOp::from_number(arg as u8).map_or("?", BinaryOp::symbol).to_string()
            }
            Operand::Local
            | Operand::LocalMulti
            | Operand::Cell
            | Operand::Count
            | Operand::Hint
            | Operand::Slice => arg.to_string(),
        };
        Cow::Owned(text)
    }

    fn child(&self, index: u32, raw: &RawCode) -> Cow<'a, str> {
        match raw.children.get(index as usize) {
            Some(child) => self.name(child),
            None => Cow::Owned(format!("child {index}?")),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 3);
    for (i, byte) in bytes.iter().enumerate() {
        let _ = write!(out, "{}{byte:02x}", if i == 0 { "" } else { " " });
    }
    out
}

/// A name as it is, anything else as a quoted string.
fn plain_or_quoted(text: &[u8]) -> Cow<'_, str> {
    match core::str::from_utf8(text) {
        Ok(name) if !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic() && b != b'"') => {
            Cow::Borrowed(name)
        }
        _ => Cow::Owned(quoted(text)),
    }
}

fn quoted(text: &[u8]) -> String {
    match core::str::from_utf8(text) {
        Ok(text) => format!("{text:?}"),
        Err(_) => format!("\"{}\"", text.escape_ascii()),
    }
}

fn const_text(constant: &Const) -> String {
    match constant {
        Const::FunTable => "native table".to_string(),
        Const::None => "None".to_string(),
        Const::False => "False".to_string(),
        Const::True => "True".to_string(),
        Const::Ellipsis => "...".to_string(),
        Const::Str(text) => format!("str {}", quoted(text)),
        Const::Bytes(text) => format!("bytes b\"{}\"", text.escape_ascii()),
        Const::Int(text) => format!("int {text}"),
        Const::Float(text) => format!("float {text}"),
        Const::Complex(text) => format!("complex {text}"),
        Const::Tuple(items) => {
            let items: Vec<_> = items.iter().map(const_text).collect();
            format!("tuple ({})", items.join(", "))
        }
    }
}
