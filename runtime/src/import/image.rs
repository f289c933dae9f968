//! Frozen images: modules that lie in flash ready to use.
//!
//! `mpy_format::image` describes the bytes; the host-side linker makes them for one
//! firmware and one address. Nothing is copied: names, constants, raw code, bytecode
//! and function objects are used where they lie. What a module needs in RAM is its
//! module object, whose address the linker chose (function objects in flash point
//! at it), and its namespace, made when it is imported.
//!
//! # Contracts of the unsafe code
//! 1. An image whose magic number and fingerprint fit was made by the linker for this
//!    firmware and lies at the address it was made for, whole and for good: every
//!    pointer in it is right, and its code is verified.
//! 2. The image's RAM is the first block of the heap, kept by `Vm::image_ram`.
#![allow(unsafe_code)]

use core::cell::Cell;
use core::ptr::NonNull;

use mpy_format::image::{
    Header, LINES_ELSEWHERE, MAGIC, ModuleEntry, NO_MAIN, PACKAGE, fingerprint,
};

use crate::error::{IMPORT_ERROR, Res};
use crate::object::{Args, Gc, Module, Object, STR, TUPLE};
use crate::q;
use crate::qstr::{Qstr, STATIC_COUNT};
use crate::value::Value;
use crate::vm::{Function, RawCode, Vm};

/// A pointer in an image.
type Pointer = *const ();
type Entry = ModuleEntry<Pointer>;

/// An image in flash.
pub struct Image(Header<Pointer>);

impl Image {
    /// The image at `address`, if there is one for this firmware.
    ///
    /// # Safety
    /// `address` is that of readable memory of at least a header's size that never
    /// changes; contract 1.
    pub unsafe fn at(address: *const ()) -> Option<&'static Image> {
        // SAFETY: by contract.
        let image = unsafe { &*address.cast::<Image>() };
        let fits = image.0.magic == MAGIC && image.0.firmware == identity();
        fits.then_some(image)
    }

    /// The image that the firmware was linked with, at its symbol `hognose_image`.
    ///
    /// # Safety
    /// As [`Image::at`]; what `hognose freeze` made was linked with this runtime and the
    /// heap begins at its symbol `hognose_heap`.
    #[cfg(target_os = "none")]
    pub unsafe fn linked(address: *const ()) -> Option<&'static Image> {
        // SAFETY: by contract.
        let image = unsafe { &*address.cast::<Image>() };
        let fits = image.0.magic == MAGIC && image.0.firmware == const { facts::linked_identity() };
        fits.then_some(image)
    }

    fn entries(&self) -> &'static [Entry] {
        // SAFETY: contract 1.
        unsafe { core::slice::from_raw_parts(self.0.modules.cast(), self.0.module_count as usize) }
    }

    fn find(&self, name: Qstr) -> Option<&'static Entry> {
        let entries = self.entries();
        let at = entries.binary_search_by_key(&name.index(), |e| e.name as usize).ok()?;
        entries.get(at)
    }

    /// How far behind the start of the image a place in it is, if that is how places are
    /// told.
    pub(crate) fn distance(&self, place: *const u8) -> Option<u32> {
        let distance = place.addr().wrapping_sub(core::ptr::from_ref(self).addr());
        let told = self.0.flags & LINES_ELSEWHERE != 0 && distance < self.0.size as usize;
        told.then_some(distance as u32)
    }

    /// The file system in it; empty if there is none.
    pub fn files(&self) -> &'static [u8] {
        if self.0.files_len == 0 {
            return &[];
        }
        // SAFETY: contract 1.
        unsafe { core::slice::from_raw_parts(self.0.files.cast(), self.0.files_len as usize) }
    }

    /// Whether an address is in the image.
    pub(crate) fn contains(&self, addr: usize) -> bool {
        addr.wrapping_sub(core::ptr::from_ref(self).addr()) < self.0.size as usize
    }

    /// Whether there is a program to run.
    pub fn has_main(&self) -> bool {
        self.0.main != NO_MAIN
    }
}

/// A text in flash.
#[repr(C)]
#[derive(Clone, Copy)]
struct Text {
    data: *const u8,
    len: u32,
}

/// The names that an image adds to those of the firmware.
#[derive(Clone, Copy, Default)]
pub(crate) struct FrozenNames {
    texts: &'static [Text],
    hashes: &'static [u16],
    /// Positions in the order of the texts.
    order: &'static [u16],
}

impl FrozenNames {
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    fn text(&self, i: usize) -> Option<&'static [u8]> {
        let text = self.texts.get(i)?;
        // SAFETY: contract 1.
        Some(unsafe { core::slice::from_raw_parts(text.data, text.len as usize) })
    }

    /// Text and hash of name `i`.
    pub(crate) fn get(&self, i: usize) -> Option<(&'static [u8], u16)> {
        Some((self.text(i)?, *self.hashes.get(i)?))
    }

    /// The position of a text.
    pub(crate) fn find(&self, text: &[u8]) -> Option<usize> {
        let key = |&i: &u16| self.text(i as usize).unwrap_or_default();
        let at = self.order.binary_search_by(|i| key(i).cmp(text)).ok()?;
        self.order.get(at).map(|&i| i as usize)
    }
}

/// What tells this firmware from another; see `mpy_format::image::IDENTITY`.
fn identity() -> u32 {
    let address = |ty: &'static crate::object::Type| core::ptr::from_ref(ty).addr() as u32;
    fingerprint([
        mpy_format::image::VERSION,
        STATIC_COUNT as u32,
        address(&STR),
        address(&TUPLE),
        address(Function::TYPE),
    ])
}

impl Vm {
    /// Makes the modules of `image` importable. To be called first of all.
    /// Errors: MemoryError; ImportError if the heap does not begin where the image
    /// wants its RAM.
    pub fn mount_image(&self, image: &'static Image) -> Res<()> {
        let header = &image.0;
        let ram = self.alloc((header.ram as usize).max(1), false)?;
        // SAFETY: fresh memory of that size.
        unsafe { ram.write_bytes(0, header.ram as usize) };
        let start = ram.as_ptr().addr();
        let inside = |e: &Entry| {
            let offset = e.module.addr().wrapping_sub(start);
            offset + size_of::<Module>() <= header.ram as usize
        };
        if !image.entries().iter().all(inside) {
            return self.raise(&IMPORT_ERROR, "image is for another memory map");
        }
        self.image_ram.set(ram.as_ptr());
        // SAFETY: contract 1.
        let names = unsafe {
            let n = header.name_count as usize;
            FrozenNames {
                texts: core::slice::from_raw_parts(header.names.cast(), n),
                hashes: core::slice::from_raw_parts(header.name_hashes.cast(), n),
                order: core::slice::from_raw_parts(header.name_order.cast(), n),
            }
        };
        self.qstrs.set_frozen(names);
        self.image.set(Some(image));
        if header.module_count > 0 {
            let path = Value::qstr(q!(".frozen"));
            self.sys_path()?.items.push(self, path)?;
        }
        Ok(())
    }

    /// Runs the image's program as `__main__`.
    pub fn run_image_main(&self) -> Res<()> {
        let Some(image) = self.image.get() else { return Ok(()) };
        let Some(entry) = image.entries().get(image.0.main as usize) else { return Ok(()) };
        // SAFETY: contract 1: a tuple object.
        let argv = unsafe { Value::from_word(image.0.argv.cast_mut()) };
        for &arg in argv.and_then(|v| self.tuple_items(v)).unwrap_or_default() {
            self.sys_argv()?.items.push(self, arg)?;
        }
        self.run_frozen(entry, q!("__main__")).map(|_| ())
    }

    /// The frozen module `name`, run on its first import.
    pub(crate) fn import_frozen(&self, name: Qstr) -> Res<Option<Value>> {
        match self.image.get().and_then(|image| image.find(name)) {
            Some(entry) => self.run_frozen(entry, name),
            None => Ok(None),
        }
    }

    fn run_frozen(&self, entry: &'static Entry, name: Qstr) -> Res<Option<Value>> {
        let globals = self.new_dict(0)?;
        // SAFETY: contract 2; checked to be inside when the image was mounted.
        let module = unsafe {
            let place = NonNull::new_unchecked(self.image_ram.get())
                .with_addr(NonNull::new_unchecked(entry.module.cast_mut()).addr())
                .cast::<Module>();
            place.write(Module {
                header: Module::HEADER,
                globals,
                qstrs: Cell::new(entry.names.cast()),
                consts: Cell::new(entry.constants.cast()),
            });
            Gc::from_ptr(place)
        };
        let map = &globals.map;
        map.insert_name(self, q!("__name__"), Value::qstr(name))?;
        let file = Qstr::from_index(entry.file as usize);
        map.insert_name(self, q!("__file__"), Value::qstr(file))?;
        if entry.flags & PACKAGE != 0 {
            map.insert_name(self, q!("__path__"), Value::qstr(q!(".frozen")))?;
        }
        self.modules()?.map.insert_name(self, name, module.into())?;
        // SAFETY: contract 1.
        let code = unsafe { NonNull::new_unchecked(entry.code.cast::<RawCode>().cast_mut()) };
        let f = self.new_function(code, module, None, None)?;
        let saved = self.locals.replace(Some(globals));
        let result = self.call_args(f, &Args::NONE);
        self.locals.set(saved);
        match result {
            Ok(_) => Ok(self.modules()?.map.get_name(self, name).or(Some(module.into()))),
            Err(r) => {
                let e = self.take_exception(r);
                self.modules()?.map.remove(self, Value::qstr(name))?;
                self.raise_value(e)
            }
        }
    }
}

/// The facts for the linker, in a section that is not loaded.
#[cfg(target_os = "none")]
mod facts {
    use super::*;
    use crate::object::{BuiltinModule, Row, Type};
    use crate::vm::{BLOCK_WORDS, HEADER_WORDS};
    use core::mem::offset_of;
    use core::ptr::{from_ref, without_provenance};
    use mpy_format::image::{FACT_COUNT, FACTS_MAGIC, Fact, VERSION, names_sum};

    /// Only the host looks at them.
    #[allow(dead_code)]
    struct Facts([Pointer; FACT_COUNT]);

    // SAFETY: addresses that nobody follows at run time.
    unsafe impl Sync for Facts {}

    #[used]
    #[unsafe(link_section = ".hognose.link")]
    static FACTS: Facts = Facts(facts());

    /// See `mpy_format::image::LINKED_IDENTITY`.
    pub(super) const fn linked_identity() -> u32 {
        let (names, _) = crate::qstr::static_texts();
        let (mut sum, mut i) = (0, 0);
        while i < names.len() {
            sum = names_sum(sum, names[i].as_bytes());
            i += 1;
        }
        fingerprint([
            VERSION,
            STATIC_COUNT as u32,
            size_of::<RawCode>() as u32,
            crate::object::FLOAT_FACTS.1 as u32,
            sum,
        ])
    }

    const fn facts() -> [Pointer; FACT_COUNT] {
        let mut facts = [core::ptr::null(); FACT_COUNT];
        let (machine, fun_table) = crate::native::LINK_FACTS;
        let numbers = [
            (Fact::Magic, FACTS_MAGIC as usize),
            (Fact::Version, VERSION as usize),
            (Fact::NameCount, STATIC_COUNT),
            (Fact::FloatBytes, crate::object::FLOAT_FACTS.1),
            (Fact::HeaderWords, HEADER_WORDS),
            (Fact::BlockWords, BLOCK_WORDS),
            (Fact::ModuleBytes, size_of::<Module>()),
            (Fact::RawSize, size_of::<RawCode>()),
            (Fact::RawCode, offset_of!(RawCode, code)),
            (Fact::RawData, offset_of!(RawCode, data)),
            (Fact::RawLen, offset_of!(RawCode, len)),
            (Fact::RawFrame, offset_of!(RawCode, frame)),
            (Fact::RawStackAt, offset_of!(RawCode, stack_at)),
            (Fact::RawLocals, offset_of!(RawCode, n_locals)),
            (Fact::RawPos, offset_of!(RawCode, n_pos)),
            (Fact::RawKwonly, offset_of!(RawCode, n_kwonly)),
            (Fact::RawDefaults, offset_of!(RawCode, n_def)),
            (Fact::RawFlags, offset_of!(RawCode, flags)),
            (Fact::RawName, offset_of!(RawCode, name)),
            (Fact::RawChildren, offset_of!(RawCode, children)),
            (Fact::MachineArch, crate::native::ARCH as usize),
            (Fact::MachineSize, machine[0]),
            (Fact::MachineKind, machine[1]),
            (Fact::MachineArgs, machine[2]),
            (Fact::MachineResult, machine[3]),
            (Fact::TypeName, offset_of!(Type, name)),
            (Fact::TypeTable, offset_of!(Type, locals)),
            (Fact::ModuleName, offset_of!(BuiltinModule, name)),
            (Fact::ModuleTable, offset_of!(BuiltinModule, table)),
            (Fact::RowBytes, size_of::<Row>()),
            (Fact::RowName, offset_of!(Row, name)),
            (Fact::RowValue, offset_of!(Row, value)),
            (Fact::ModuleCount, crate::modules::MODULES.len()),
        ];
        let mut i = 0;
        while i < numbers.len() {
            facts[numbers[i].0 as usize] = without_provenance(numbers[i].1);
            i += 1;
        }
        facts[Fact::Names as usize] = crate::qstr::static_texts().1.cast();
        facts[Fact::StrType as usize] = from_ref(&STR).cast();
        facts[Fact::BytesType as usize] = from_ref(&crate::object::BYTES).cast();
        facts[Fact::TupleType as usize] = from_ref(&TUPLE).cast();
        facts[Fact::IntType as usize] = from_ref(&crate::object::INT).cast();
        facts[Fact::FunTable as usize] = fun_table;
        facts[Fact::FunctionType as usize] = from_ref(Function::TYPE).cast();
        let ([float, complex], _) = crate::object::FLOAT_FACTS;
        facts[Fact::TypeType as usize] = from_ref(Type::TYPE).cast();
        facts[Fact::ModuleType as usize] = from_ref(BuiltinModule::TYPE).cast();
        facts[Fact::Modules as usize] = crate::modules::MODULES.as_ptr().cast();
        facts[Fact::FloatType as usize] = float;
        facts[Fact::ComplexType as usize] = complex;
        facts
    }
}
