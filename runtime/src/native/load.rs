//! Machine code from a file to memory that the CPU executes.
//!
//! All code of a file lies in one [`CodeSpace`]: memory that the port maps, or, where
//! it has none to offer because RAM is executable, the heap. A board runs code that
//! needs no relocation where it lies in flash. Native modules have data besides, in
//! the heap: zeroed words, then what the file holds. Relocations add addresses to
//! words of code and data; the verifier has checked that the words exist.
//!
//! Code that a port maps is given back when nothing refers to it any more: the object
//! that stands for it has a finaliser.

use core::cell::Cell;
use core::ptr::{self, NonNull};

use mpy_format::image::{MACHINE, MACHINE_ASM, MACHINE_PYTHON, MACHINE_VIPER};
use mpy_format::reader::{RawCodeRef, RawKind, Reader};
use mpy_format::{Arch, Header, RelocDest, Section};

use super::MachineCode;
use super::{ARCH, Word, cpu, fun_table};
use crate::error::{MEMORY_ERROR, Res, VALUE_ERROR};
use crate::object::{Gc, Module, Object};
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::{RawCode, Vm};

/// Alignment of a function's code.
const ALIGN: usize = 16;
const WORD: usize = size_of::<Word>();

object! {
    /// Memory of a port that holds code.
    pub struct MappedCode: MAPPED_CODE, leaf {
        start: Cell<Option<NonNull<u8>>>,
        len: usize,
    }
}

py_type! {
    static MAPPED_CODE: "" { }
    locals: { "__del__" => f1!(unmap), }
}

object! {
    /// Code that was relocated. Objects that a module of C makes hold plain addresses of its
    /// code and data, which the collector cannot follow: what they may need stays.
    pub struct Relocated: RELOCATED {
        machine: NonNull<MachineCode>,
        module: Gc<Module>,
        next: Option<Value>,
    }
}

py_type! { static RELOCATED: "" { } }

fn unmap(vm: &Vm, this: Value) -> Res {
    if let Some(code) = this.cast::<MappedCode>()
        && let (Some(start), Some(memory)) = (code.start.take(), vm.port().code_memory())
    {
        memory.unmap(start, code.len);
    }
    Ok(Value::NONE)
}

/// Where the code of a file goes while it is loaded.
pub(crate) struct CodeSpace {
    start: *mut u8,
    len: usize,
    used: usize,
    /// Keeps the memory: a [`MappedCode`].
    owner: Option<Value>,
    in_place: bool,
}

impl CodeSpace {
    /// For files without machine code.
    pub(crate) const NONE: CodeSpace =
        CodeSpace { start: ptr::null_mut(), len: 0, used: 0, owner: None, in_place: false };

    /// Puts code here; gives where. Relocations may write to it until `seal`.
    fn place(&mut self, code: &'static [u8]) -> Option<*mut u8> {
        let at = self.used;
        let end = at.checked_add(code.len()).filter(|&end| end <= self.len)?;
        self.used = end.next_multiple_of(ALIGN);
        // SAFETY: inside the space, which nobody else uses.
        unsafe {
            let to = self.start.add(at);
            to.copy_from_nonoverlapping(code.as_ptr(), code.len());
            Some(to)
        }
    }
}

/// Whether code can stay where it lies in the file.
fn stays(r: &RawCodeRef<'_>) -> bool {
    cfg!(target_os = "none") && !r.has_relocs && r.data.as_ptr().addr().is_multiple_of(WORD)
}

impl Vm {
    /// Checks that code for a file's CPU runs here. Errors: ValueError.
    pub(crate) fn check_arch(&self, header: &Header) -> Res<()> {
        if header.arch == Arch::None {
            return Ok(());
        }
        if header.sub_version != mpy_format::header::SUB_VERSION {
            return self.raise(&VALUE_ERROR, "incompatible .mpy file");
        }
        if !header.arch.runs_on(ARCH) {
            return self.raise(&VALUE_ERROR, "incompatible .mpy arch");
        }
        // No CPU here has an optional extension.
        if header.arch_flags != 0 {
            return self.raise(&VALUE_ERROR, "incompatible .mpy file");
        }
        Ok(())
    }

    /// Memory for all machine code from `file`'s first function on.
    pub(crate) fn code_space(&self, file: &Reader<'static>) -> Res<CodeSpace> {
        if file.header().arch == Arch::None {
            return Ok(CodeSpace::NONE);
        }
        let len = self.code_bytes(&mut file.clone())?;
        if len == 0 {
            return Ok(CodeSpace { in_place: cfg!(target_os = "none"), ..CodeSpace::NONE });
        }
        let Some(memory) = self.port().code_memory() else {
            if !cfg!(target_os = "none") {
                return self.raise(&VALUE_ERROR, "native code in .mpy unsupported");
            }
            let start = self.alloc(len, true)?.as_ptr();
            return Ok(CodeSpace { start, len, used: 0, owner: None, in_place: true });
        };
        let owner =
            self.alloc_obj(MappedCode { header: MappedCode::HEADER, start: Cell::new(None), len })?;
        self.add_finaliser(owner.into())?;
        let Some(start) = memory.map(len) else { return self.raise_memory_for(len) };
        owner.start.set(Some(start));
        let start = start.as_ptr();
        Ok(CodeSpace { start, len, used: 0, owner: Some(owner.into()), in_place: false })
    }

    /// Bytes of code of the next function and those in it that has to be copied.
    fn code_bytes(&self, file: &mut Reader<'static>) -> Res<usize> {
        self.check_stack()?;
        let r = self.format_result(file.raw_code())?;
        let mut sum = match r.kind {
            RawKind::Bytecode => 0,
            _ if stays(&r) => 0,
            _ => r.data.len().next_multiple_of(ALIGN),
        };
        for _ in 0..r.n_children {
            sum += self.code_bytes(file)?;
        }
        while r.has_relocs && self.format_result(file.reloc())?.is_some() {}
        Ok(sum)
    }

    /// Ends loading: from now on the code may run, and nobody writes to it.
    pub(crate) fn seal(&self, space: &CodeSpace) -> Res<()> {
        if let Some(start) = NonNull::new(space.start)
            && let Some(memory) = self.port().code_memory()
            && !memory.seal(start, space.len)
        {
            return self.raise_memory_for(space.len);
        }
        cpu::synchronise();
        Ok(())
    }

    /// Machine code of one function; its children are still to be loaded.
    pub(crate) fn load_machine(
        &self,
        r: &RawCodeRef<'static>,
        module: Gc<Module>,
        space: &mut CodeSpace,
    ) -> Res<NonNull<MachineCode>> {
        let p = self.alloc(size_of::<MachineCode>(), false)?.cast::<MachineCode>();
        let code = if space.in_place && stays(r) {
            r.data.as_ptr()
        } else {
            match space.place(r.data) {
                Some(p) => p,
                None => return self.raise_memory_for(r.data.len()),
            }
        };
        let mut raw = RawCode::EMPTY;
        raw.code = code;
        raw.flags = MACHINE;
        let mut machine = MachineCode {
            raw,
            kind: MACHINE_PYTHON,
            n_args: 0,
            result: 0,
            memory: space.owner,
            data: ptr::null(),
        };
        match r.kind {
            RawKind::Bytecode => {}
            RawKind::Native { prelude_at } => {
                self.decode_native(r, prelude_at, module, &mut machine)?
            }
            RawKind::Viper { rodata, bss, .. } => {
                machine.kind = MACHINE_VIPER;
                if rodata.is_some() || bss.is_some() {
                    machine.data = self.module_data(rodata.unwrap_or_default(), bss)?;
                }
            }
            RawKind::Asm { n_pos_args, type_sig, .. } => {
                machine.kind = MACHINE_ASM;
                machine.n_args = n_pos_args as u8;
                machine.result = type_sig as usize;
            }
        }
        // SAFETY: fresh memory of that size.
        unsafe { p.write(machine) };
        Ok(p)
    }

    fn decode_native(
        &self,
        r: &RawCodeRef<'static>,
        prelude_at: u32,
        module: Gc<Module>,
        machine: &mut MachineCode,
    ) -> Res<()> {
        let Some(prelude) = self.format_result(r.prelude())? else { return Ok(()) };
        let data = r.data.get(prelude_at as usize..).unwrap_or_default();
        // In front of the code are one word, or two of a generator.
        let words = 1 + usize::from(prelude.signature.is_generator());
        if (prelude_at as usize) < words * WORD {
            return self.raise(&VALUE_ERROR, "incompatible .mpy file");
        }
        let s = prelude.signature;
        let limit = |n: u32| match u16::try_from(n) {
            Ok(n) => Ok(n),
            Err(_) => self.raise(&MEMORY_ERROR, "function too large"),
        };
        let raw = &mut machine.raw;
        raw.data = data.as_ptr();
        raw.len = data.len() as u32;
        raw.frame = limit(s.n_state)?;
        raw.n_locals = limit(s.filled_locals())?;
        raw.n_pos = limit(s.n_pos_args)?;
        raw.n_kwonly = limit(s.n_kwonly_args)?;
        raw.n_def = limit(s.n_def_pos_args)?;
        raw.flags |= s.flags;
        // SAFETY: a verified name is an index of the table, which is filled.
        raw.name = unsafe { *module.qstrs.get().add(prelude.name as usize) };
        Ok(())
    }

    /// A native module's data: zeroed words, then its constants. The address is that of
    /// the whole; the constants start behind the rounded size of the first part.
    fn module_data(&self, rodata: &[u8], bss: Option<u32>) -> Res<*const u8> {
        let zeros = bss_bytes(bss);
        let Some(bytes) = zeros.checked_add(rodata.len()).filter(|&n| n < isize::MAX as usize)
        else {
            return self.raise_memory();
        };
        let p = self.alloc(bytes.max(1), false)?.as_ptr();
        // SAFETY: fresh memory of that size.
        unsafe {
            p.write_bytes(0, zeros);
            p.add(zeros).copy_from_nonoverlapping(rodata.as_ptr(), rodata.len());
        }
        Ok(p)
    }

    /// Reads the relocations behind a function and its children, and applies them.
    pub(crate) fn relocate(
        &self,
        file: &mut Reader<'static>,
        r: &RawCodeRef<'static>,
        machine: NonNull<MachineCode>,
        module: Gc<Module>,
    ) -> Res<()> {
        if !r.has_relocs {
            return Ok(());
        }
        let next = self.state.relocated.get();
        let kept = Relocated { header: Relocated::HEADER, machine, module, next };
        self.state.relocated.set(Some(self.new_obj(kept)?));
        // SAFETY: loaded just now.
        let (text, bss) =
            unsafe { (machine.as_ref().raw.code.cast_mut(), machine.as_ref().data.cast_mut()) };
        let (zeros, rodata_len) = match r.kind {
            RawKind::Viper { bss, rodata, .. } => (bss_bytes(bss), rodata.map_or(0, <[u8]>::len)),
            _ => (0, 0),
        };
        let rodata = bss.wrapping_add(zeros);
        let mut at = (text, r.data.len(), 0);
        while let Some(reloc) = self.format_result(file.reloc())? {
            match reloc.place {
                Some((Section::Text, i)) => at = (text, r.data.len(), i as usize),
                Some((Section::Rodata, i)) => at = (rodata, rodata_len, i as usize),
                None => {}
            }
            let base = match reloc.dest {
                RelocDest::Text => text.addr(),
                RelocDest::Rodata => rodata.addr(),
                RelocDest::Bss => bss.addr(),
                RelocDest::QstrTable => module.qstrs.get().addr(),
                RelocDest::ConstTable => module.consts.get().addr(),
                RelocDest::HelperTable => ptr::from_ref(fun_table()).addr(),
                RelocDest::Helper(helper) => fun_table().word(helper).addr(),
            };
            for _ in 0..reloc.count {
                let (section, len, i) = at;
                if (i + 1).saturating_mul(WORD) > len {
                    return self.raise(&VALUE_ERROR, "incompatible .mpy file");
                }
                // SAFETY: inside the section, which is still written to.
                unsafe {
                    let p = section.cast::<usize>().add(i);
                    p.write_unaligned(p.read_unaligned().wrapping_add(base));
                }
                at.2 = i + 1;
            }
        }
        Ok(())
    }

    /// What a file's constant "the native table" is.
    pub(crate) fn table_constant(&self, arch: Arch) -> Value {
        let table = ptr::from_ref(fun_table()).cast_mut().cast();
        match arch {
            // Bytecode could take it for an object.
            Arch::None => Value::NONE,
            // SAFETY: only machine code gets it, and knows what it is.
            _ => unsafe { Value::from_word(table) }.unwrap_or(Value::NONE),
        }
    }
}

/// Bytes of zeroed data, rounded to words.
fn bss_bytes(bss: Option<u32>) -> usize {
    (bss.unwrap_or(0) as usize).next_multiple_of(WORD)
}

impl RawCode {
    /// Of machine code, before it is known.
    const EMPTY: RawCode = RawCode {
        code: ptr::null(),
        data: ptr::null(),
        len: 0,
        frame: 0,
        stack_at: 0,
        n_locals: 0,
        n_pos: 0,
        n_kwonly: 0,
        n_def: 0,
        flags: 0,
        name: Qstr::NULL,
        children: ptr::null(),
    };
}
