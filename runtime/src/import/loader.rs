//! From the bytes of a `.mpy` file to code that can run.
//!
//! The file is verified first, so that the machine may trust it. Bytecode stays where
//! it is, in flash or in the heap; what is made per function is a `RawCode`, per file
//! the tables of names and constants.
#![allow(unsafe_code)]

use core::ptr::NonNull;

use mpy_format::instr::instrs;
use mpy_format::prelude::{FLAG_GENERATOR, FLAG_VARARGS, FLAG_VARKEYWORDS};
use mpy_format::reader::{ConstRef, QstrRef, RawCodeRef, RawKind, Reader};
use mpy_format::verify::{SCRATCH_BYTES, verify};
use mpy_format::{Error, ErrorKind, Operand};

use crate::error::{Arg, MEMORY_ERROR, Raised, Res, VALUE_ERROR};
use crate::heap::RawVec;
use crate::level;
use crate::native::CodeSpace;
use crate::object::{Gc, Module};
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::{RawCode, Vm};

/// Bits of a small int here.
const SMALL_INT_BITS: u8 = usize::BITS as u8 - 1;

impl Vm {
    /// Loads a file into `module` and gives the code of its body.
    /// Errors: ValueError for a file that cannot run here, MemoryError.
    pub(crate) fn load_mpy(
        &self,
        data: &'static [u8],
        module: Gc<Module>,
    ) -> Res<NonNull<RawCode>> {
        self.verify_mpy(data)?;
        let mut file = self.format_result(Reader::new(data))?;
        let header = *file.header();
        if header.small_int_bits > SMALL_INT_BITS {
            return self.raise(&VALUE_ERROR, "incompatible .mpy file");
        }
        self.check_arch(&header)?;
        let qstrs: RawVec<u16> = RawVec::with_capacity(self, file.n_qstrs() as usize)?;
        module.qstrs.set(qstrs.slice().as_ptr().cast());
        for _ in 0..file.n_qstrs() {
            let q = match self.format_result(file.qstr())? {
                QstrRef::Static(n) => Qstr::from_index(n as usize),
                QstrRef::Text(text) => self.intern_static(text)?,
            };
            qstrs.push_reserved(q.index() as u16);
        }
        let consts: RawVec<Value> = RawVec::with_capacity(self, file.n_consts() as usize)?;
        module.consts.set(consts.slice().as_ptr());
        for _ in 0..file.n_consts() {
            let v = self.load_const(&mut file)?;
            consts.push_reserved(v);
        }
        let mut space = self.code_space(&file)?;
        let code = self.load_code(&mut file, module, &mut space)?;
        self.seal(&space)?;
        Ok(code)
    }

    pub(crate) fn format_result<T>(&self, r: Result<T, Error>) -> Res<T> {
        r.map_err(|e| self.format_error(e))
    }

    #[cold]
    #[inline(never)]
    fn format_error(&self, e: Error) -> Raised {
        let raised = match e.kind {
            ErrorKind::BadMagic | ErrorKind::BadVersion | ErrorKind::Truncated if e.at < 4 => {
                self.raise(&VALUE_ERROR, "incompatible .mpy file")
            }
            ErrorKind::BadArch => self.raise(&VALUE_ERROR, "incompatible .mpy arch"),
            // What is wrong with a file `hognose dis` tells, in words that take a kilobyte.
            _ if !level::CPYTHON => self.raise(&VALUE_ERROR, "incompatible .mpy file"),
            kind => self.raise_fmt(
                &VALUE_ERROR,
                "bad .mpy file: % at %",
                &[kind.text().into(), Arg::Int(e.at as isize)],
            ),
        };
        match raised {
            Err(raised) => raised,
            Ok(never) => never,
        }
    }

    fn verify_mpy(&self, data: &[u8]) -> Res<()> {
        let mut scratch = [0u8; SCRATCH_BYTES];
        let mut result = verify(data, &mut scratch);
        let mut size = SCRATCH_BYTES;
        while let Err(Error { kind: ErrorKind::ScratchFull, .. }) = result {
            size *= 4;
            let room = RawVec::<u8>::new();
            room.reset(self, size, 0)?;
            result = verify(data, room.slice_mut());
        }
        self.format_result(result)
    }

    fn load_const(&self, file: &mut Reader<'static>) -> Res {
        Ok(match self.format_result(file.constant())? {
            ConstRef::FunTable => self.table_constant(file.header().arch),
            ConstRef::None => Value::NONE,
            ConstRef::False => Value::FALSE,
            ConstRef::True => Value::TRUE,
            ConstRef::Ellipsis => Value::ELLIPSIS,
            // Machine code finds names among the constants.
            ConstRef::Str(text) => match self.find_qstr(text) {
                Some(q) => Value::qstr(q),
                None => self.str_from_static(text)?,
            },
            ConstRef::Bytes(bytes) => self.bytes_from_static(bytes)?,
            ConstRef::Int(text) => self.parse_int(text.as_bytes(), 10)?,
            ConstRef::Float(text) => self.float_constant(text.as_bytes())?,
            ConstRef::Complex(text) => self.complex_constant(text.as_bytes())?,
            ConstRef::Tuple(n) => {
                self.check_stack()?;
                let items = RawVec::with_capacity(self, n as usize)?;
                for _ in 0..n {
                    items.push(self, self.load_const(file)?)?;
                }
                self.new_tuple(items.slice())?
            }
        })
    }

    fn load_code(
        &self,
        file: &mut Reader<'static>,
        module: Gc<Module>,
        space: &mut CodeSpace,
    ) -> Res<NonNull<RawCode>> {
        self.check_stack()?;
        let r = self.format_result(file.raw_code())?;
        if r.kind != RawKind::Bytecode {
            let machine = self.load_machine(&r, module, space)?;
            self.load_children(file, module, space, machine.cast(), r.n_children as usize)?;
            self.relocate(file, &r, machine, module)?;
            return Ok(machine.cast());
        }
        let p = self.alloc(size_of::<RawCode>(), false)?.cast::<RawCode>();
        let raw = self.decode(&r, module)?;
        // SAFETY: fresh memory of that size.
        unsafe { p.write(raw) };
        self.load_children(file, module, space, p, r.n_children as usize)?;
        Ok(p)
    }

    fn load_children(
        &self,
        file: &mut Reader<'static>,
        module: Gc<Module>,
        space: &mut CodeSpace,
        p: NonNull<RawCode>,
        n: usize,
    ) -> Res<()> {
        if n > 0 {
            let bytes = n * size_of::<usize>();
            let first = self.alloc(bytes, false)?.cast::<NonNull<RawCode>>();
            // SAFETY: fresh memory; filled before any code can run.
            unsafe {
                first.cast::<u8>().write_bytes(0, bytes);
                (*p.as_ptr()).children = first.as_ptr();
                for i in 0..n {
                    first.add(i).write(self.load_code(file, module, space)?);
                }
            }
        }
        Ok(())
    }

    /// What calls need of a verified prelude.
    fn decode(&self, r: &RawCodeRef<'static>, module: Gc<Module>) -> Res<RawCode> {
        let Some(prelude) = self.format_result(r.prelude())? else {
            return self.raise(&VALUE_ERROR, "native code in .mpy unsupported");
        };
        let s = prelude.signature;
        let code = r.data.get(prelude.code_at..).unwrap_or_default();
        let used = instrs(code).filter_map(Result::ok).filter_map(|i| match i.opcode.operand() {
            Operand::Local | Operand::LocalMulti | Operand::Cell => Some(i.arg + 1),
            _ => None,
        });
        let cells = prelude.cells.iter().map(|&c| c as u32 + 1);
        let n_locals = used.chain(cells).max().unwrap_or(0).max(s.filled_locals());
        let limit = |n: u32| match u16::try_from(n) {
            Ok(n) => Ok(n),
            Err(_) => self.raise(&MEMORY_ERROR, "function too large"),
        };
        let (frame, stack_at) = crate::vm::frame_size(n_locals, s.n_state, s.n_exc_stack);
        let special = FLAG_GENERATOR | FLAG_VARARGS | FLAG_VARKEYWORDS;
        let simple = s.flags & special == 0 && s.n_kwonly_args == 0 && prelude.cells.is_empty();
        // SAFETY: a verified name is an index of the table, which is filled.
        let name = unsafe { *module.qstrs.get().add(prelude.name as usize) };
        Ok(RawCode {
            code: code.as_ptr(),
            data: r.data.as_ptr(),
            len: r.data.len() as u32,
            frame: limit(frame)?,
            stack_at: limit(stack_at)?,
            n_locals: limit(n_locals)?,
            n_pos: limit(s.n_pos_args)?,
            n_kwonly: limit(s.n_kwonly_args)?,
            n_def: limit(s.n_def_pos_args)?,
            flags: s.flags | if simple { crate::vm::SIMPLE } else { 0 },
            name,
            children: core::ptr::null(),
        })
    }
}
