//! Entries 50 to 86 of the table: what native modules written in C call besides.
//!
//! Structures that C code fills or reads lie here as C lays them out.

use core::cell::Cell;
use core::ptr::{self, NonNull};

use super::helpers::{Abi, helpers, wide};
use super::{RAISED, Wide, Word, current, text};
use crate::error::{Res, TYPE_ERROR};
use crate::object::stream::Request;
use crate::object::{Args, Found, Type};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;
use crate::vm::frame::Slot;

/// `mp_buffer_info_t`.
#[repr(C)]
struct BufferInfo {
    start: *const u8,
    len: usize,
    typecode: i32,
}

const BUFFER_WRITE: usize = 2;
const BUFFER_RAISE: usize = 4;

/// `mp_arg_t`: a parameter.
#[repr(C)]
pub(super) struct Parameter {
    name: u16,
    flags: u16,
    default: Word,
}

const PARAM_BOOL: u16 = 1;
const PARAM_INT: u16 = 2;
const PARAM_KIND: u16 = 0xff;
const PARAM_REQUIRED: u16 = 0x100;
const PARAM_KEYWORD: u16 = 0x200;

/// `mp_map_t` over a row of pairs.
#[repr(C)]
pub(super) struct Pairs {
    /// Three flags, then the number of pairs.
    pub(super) used: usize,
    pub(super) alloc: usize,
    pub(super) table: *mut Slot,
}

/// The flags of a map that is in order and not to be changed.
pub(super) const PAIRS_FIXED: usize = 6;
const PAIRS_SHIFT: u32 = 3;

impl Pairs {
    pub(super) fn new(pairs: &[Value]) -> Pairs {
        let n = pairs.len() / 2;
        let table = pairs.as_ptr().cast_mut().cast();
        Pairs { used: n << PAIRS_SHIFT | PAIRS_FIXED, alloc: n, table }
    }

    /// Names and values, flat.
    ///
    /// # Safety
    /// The map is whole.
    pub(super) unsafe fn flat<'a>(&self) -> &'a [Value] {
        match self.used >> PAIRS_SHIFT {
            0 => &[],
            // SAFETY: by contract.
            n => unsafe { core::slice::from_raw_parts(self.table.cast(), 2 * n) },
        }
    }
}

/// C's standard text of a zero-terminated string.
///
/// # Safety
/// There is a zero.
pub(super) unsafe fn c_text<'a>(start: *const u8) -> &'a [u8] {
    if start.is_null() {
        return &[];
    }
    // SAFETY: by contract.
    unsafe { core::ffi::CStr::from_ptr(start.cast()).to_bytes() }
}

/// `len` bytes.
///
/// # Safety
/// They are there.
unsafe fn bytes<'a>(start: Word, len: usize) -> &'a [u8] {
    if len == 0 || start.is_null() {
        return &[];
    }
    // SAFETY: by contract.
    unsafe { core::slice::from_raw_parts(start.cast(), len) }
}

helpers! {
    fn raise_msg(vm, ty: Word, text: Word) -> () {
        // SAFETY: an exception's class and a C string.
        unsafe {
            let class = Value::from_word(ty).unwrap_or(TYPE_ERROR.value());
            let text = c_text(text.cast());
            let args = [vm.new_str(text)?];
            let e = vm.call(class, if text.is_empty() { &[] } else { &args })?;
            Err(vm.make_raise(e))
        }
    }

    fn obj_new_str(vm, start: Word, len: usize) -> Value {
        // SAFETY: the caller's text.
        vm.new_str(unsafe { bytes(start, len) })
    }

    fn obj_new_bytes(vm, start: Word, len: usize) -> Value {
        // SAFETY: the caller's bytes.
        vm.new_bytes(unsafe { bytes(start, len) })
    }

    fn obj_new_bytearray_by_ref(vm, len: usize, start: Word) -> Value {
        // SAFETY: the caller keeps the memory.
        let raw = unsafe { crate::heap::RawVec::borrowed(start.cast(), len) };
        vm.bytearray_from(raw)
    }

    fn load_method_maybe(vm, v: Value, name: Qstr, to: *mut Slot) -> () {
        let (f, this) = match vm.find_attr(v, name)? {
            None => (ptr::null_mut(), ptr::null_mut()),
            Some(Found::Value(f)) => (f.word(), ptr::null_mut()),
            Some(Found::Method(f, this)) => (f.word(), this.word()),
        };
        // SAFETY: two free words.
        unsafe {
            to.write(f);
            to.add(1).write(this);
        }
        Ok(())
    }

    fn get_buffer(vm, v: Value, to: Word, flags: usize) -> bool {
        let buffer = match vm.try_buffer(v)? {
            Some(b) if b.writable || flags & BUFFER_WRITE == 0 => b,
            _ if flags & BUFFER_RAISE != 0 => {
                return vm.raise(&TYPE_ERROR, "object with buffer protocol required");
            }
            _ => return Ok(false),
        };
        let info = BufferInfo {
            start: buffer.cells.as_ptr().cast(),
            len: buffer.cells.len(),
            typecode: buffer.typecode as i32,
        };
        // SAFETY: the caller's structure.
        unsafe { to.cast::<BufferInfo>().write(info) };
        Ok(true)
    }

    fn get_stream_raise(vm, v: Value, _flags: i32) -> Word {
        vm.stream(v)?;
        Ok(ptr::from_ref(&STREAM).cast_mut().cast())
    }

    fn binary_get_size(vm, order: u8, letter: u8, align: Word) -> usize {
        let native = order == b'@';
        let Some(code) = crate::num::element::code(letter, native) else {
            return crate::num::element::bad_typecode(vm);
        };
        if !align.is_null() {
            // SAFETY: the caller's word.
            unsafe { align.cast::<usize>().write(code.align) };
        }
        Ok(code.size)
    }

    fn binary_get_val_array(vm, letter: u8, row: Word, i: usize) -> Value {
        let size = crate::num::element::size(letter).unwrap_or(1);
        // SAFETY: the caller's array has such an element.
        let element = unsafe { bytes(row.byte_add(i.wrapping_mul(size)), size) };
        crate::num::element::load(vm, letter, element)
    }

    fn obj_get_float_to_f(vm, v: Value, to: Word) -> () {
        // SAFETY: the thunk's memory.
        unsafe { to.cast::<f32>().write(number(vm, v)? as f32) };
        Ok(())
    }

    fn obj_get_float_to_d(vm, v: Value, to: Word) -> () {
        // SAFETY: the thunk's memory.
        unsafe { to.cast::<f64>().write(number(vm, v)?) };
        Ok(())
    }

    fn vprintf(vm, printer: Word, format: Word, args: Word) -> i32 {
        // SAFETY: C's arguments.
        unsafe {
            let mut args = super::cpu::VaList::passed(args);
            text::print(vm, printer.cast(), c_text(format.cast()), &mut args)
        }
    }
}

/// A number as a float.
fn number(vm: &Vm, v: Value) -> Res<f64> {
    text::number(vm, v)
}

/// New float from single precision.
///
/// # Safety
/// Called from machine code.
pub(super) unsafe extern "C" fn obj_new_float_from_f(x: f32) -> Wide {
    // SAFETY: by contract.
    let vm = unsafe { current() };
    wide(vm, text::new_number(vm, f64::from(x)))
}

/// New float from double precision.
///
/// # Safety
/// Called from machine code.
pub(super) unsafe extern "C" fn obj_new_float_from_d(x: f64) -> Wide {
    // SAFETY: by contract.
    let vm = unsafe { current() };
    wide(vm, text::new_number(vm, x))
}

/// Sets an item of an array with a type code.
///
/// # Safety
/// Called from machine code; there is such an item.
pub(super) unsafe extern "C" fn binary_set_val_array(
    letter: u8,
    row: Word,
    i: usize,
    v: Word,
) -> Wide {
    // SAFETY: by contract.
    unsafe {
        let vm = current();
        let size = crate::num::element::size(letter).unwrap_or(1);
        let start = row.byte_add(i.wrapping_mul(size)).cast::<Cell<u8>>();
        let cells = core::slice::from_raw_parts(start, size);
        let v = Value::from_word(v).unwrap_or(Value::NONE);
        wide(vm, crate::num::element::store(vm, letter, v, cells))
    }
}

/// Matches arguments to parameters; keywords are a map.
///
/// # Safety
/// Called from machine code with what C's declaration says.
pub(super) unsafe extern "C" fn arg_parse_all(
    n_pos: usize,
    pos: *mut Slot,
    kw: *const Pairs,
    n: usize,
    params: *const Parameter,
    out: *mut Slot,
) -> Wide {
    // SAFETY: by contract.
    unsafe {
        let vm = current();
        let pos = if n_pos == 0 { &[] } else { core::slice::from_raw_parts(pos.cast(), n_pos) };
        let kw = if kw.is_null() { &[] } else { (*kw).flat() };
        wide(vm, match_arguments(vm, &Args { pos, kw }, n, params, out))
    }
}

/// The same with keywords behind the positional arguments.
///
/// # Safety
/// As [`arg_parse_all`].
pub(super) unsafe extern "C" fn arg_parse_all_kw_array(
    n_pos: usize,
    n_kw: usize,
    args: *mut Slot,
    n: usize,
    params: *const Parameter,
    out: *mut Slot,
) -> Wide {
    // SAFETY: by contract.
    unsafe {
        let vm = current();
        let all = if n_pos + n_kw == 0 {
            &[]
        } else {
            core::slice::from_raw_parts(args.cast(), n_pos + 2 * n_kw)
        };
        let (pos, kw) = all.split_at_checked(n_pos).unwrap_or_default();
        wide(vm, match_arguments(vm, &Args { pos, kw }, n, params, out))
    }
}

unsafe fn match_arguments(
    vm: &Vm,
    args: &Args<'_>,
    n: usize,
    params: *const Parameter,
    out: *mut Slot,
) -> Res<()> {
    let (mut given, mut keywords) = (0, 0);
    for i in 0..n {
        // SAFETY: `n` parameters, and as many results.
        let (p, to) = unsafe { (&*params.add(i), out.add(i)) };
        let name = Qstr::from_index(p.name as usize);
        let positional = if p.flags & PARAM_KEYWORD == 0 { args.get(i) } else { None };
        given += usize::from(positional.is_some());
        let v = match positional {
            Some(v) => Some(v),
            None => {
                let v = args.keyword(vm, name);
                keywords += usize::from(v.is_some());
                v
            }
        };
        let word = match v {
            Some(v) => match p.flags & PARAM_KIND {
                PARAM_BOOL => usize::from(vm.is_true(v)?) as *mut (),
                PARAM_INT => ptr::without_provenance_mut(vm.get_int(v)? as usize),
                _ => v.word(),
            },
            None if p.flags & PARAM_REQUIRED != 0 => {
                return vm.raise_fmt(&TYPE_ERROR, "'%' argument required", &[name.into()]);
            }
            None => p.default,
        };
        // SAFETY: as above.
        unsafe { to.write(word) };
    }
    if args.pos.len() > given {
        return vm.raise(&TYPE_ERROR, "extra positional arguments given");
    }
    if args.kw.len() / 2 > keywords {
        return vm.raise(&TYPE_ERROR, "extra keyword arguments given");
    }
    Ok(())
}

/// C's `memset`.
///
/// # Safety
/// As in C.
pub(super) unsafe extern "C" fn memset(to: *mut u8, byte: i32, n: usize) -> *mut u8 {
    // SAFETY: by contract.
    unsafe { to.write_bytes(byte as u8, n) };
    to
}

/// C's `memmove`.
///
/// # Safety
/// As in C.
pub(super) unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, n: usize) -> *mut u8 {
    // SAFETY: by contract.
    unsafe { to.copy_from(from, n) };
    to
}

/// Resizes a heap block; null where there is no memory.
///
/// # Safety
/// Called from machine code with a block of the heap or null.
pub(super) unsafe extern "C" fn realloc(block: *mut u8, n: usize, may_move: bool) -> *mut u8 {
    // SAFETY: by contract.
    let vm = unsafe { current() };
    if n == 0 {
        // The collector frees it.
        return ptr::null_mut();
    }
    let old = NonNull::new(block).map(|p| (p, vm.heap.size_of(p)));
    if let Some((p, size)) = old
        && size > 0
        && vm.heap.resize(p, size, n)
    {
        return block;
    }
    if old.is_some() && !may_move {
        return ptr::null_mut();
    }
    let fresh = match vm.alloc(n, false) {
        Ok(p) => p,
        Err(r) => {
            vm.take_exception(r);
            return ptr::null_mut();
        }
    };
    // SAFETY: a fresh block of `n` bytes; what is not copied holds no stale references.
    unsafe {
        let kept = old.map_or(0, |(p, size)| {
            let kept = size.min(n);
            fresh.copy_from_nonoverlapping(p, kept);
            kept
        });
        fresh.add(kept).write_bytes(0, n - kept);
    }
    fresh.as_ptr()
}

/// Type of an object.
///
/// # Safety
/// Called from machine code with an object.
pub(super) unsafe extern "C" fn obj_get_type(v: Word) -> *const Type {
    // SAFETY: by contract.
    unsafe { ptr::from_ref(current().type_of(Value::from_word(v).unwrap_or(Value::NONE))) }
}

/// `mp_stream_p_t`: functions that serve any stream of ours.
#[repr(C)]
struct StreamTable {
    read: *const (),
    write: *const (),
    ioctl: *const (),
    flags: usize,
}

// SAFETY: addresses of functions.
unsafe impl Sync for StreamTable {}

static STREAM: StreamTable = StreamTable {
    read: stream_read_thunk as *const (),
    write: stream_write_thunk as *const (),
    ioctl: stream_ioctl_thunk as *const (),
    flags: 0,
};

super::cpu::thunk_args!(stream_read_thunk, self::stream_read);
super::cpu::thunk_args!(stream_write_thunk, self::stream_write);
super::cpu::thunk_args!(stream_ioctl_thunk, self::stream_ioctl);

/// C's answer for an error, whose number is stored.
const STREAM_ERROR: usize = usize::MAX;
const WOULD_BLOCK: i32 = 11;

/// An answer of a stream: OSErrors become numbers, other exceptions are raised.
unsafe fn stream_answer(vm: &Vm, result: Res<Option<usize>>, error: *mut i32) -> Wide {
    let number = match result {
        Ok(Some(n)) => return n as Wide,
        Ok(None) => WOULD_BLOCK,
        Err(r) => {
            let e = vm.take_exception(r);
            let first = vm.exception_object(e).and_then(|e| vm.exception_args(&e).first().copied());
            let is_os = vm.is_instance_of(e, &crate::error::OS_ERROR);
            match first.and_then(Value::as_small).filter(|_| is_os) {
                Some(n) => n as i32,
                None => return e.word().expose_provenance() as Wide | RAISED,
            }
        }
    };
    // SAFETY: the caller's int.
    unsafe { error.write(number) };
    STREAM_ERROR as Wide
}

unsafe extern "C" fn stream_read(v: Word, to: Word, n: usize, error: *mut i32) -> Wide {
    // SAFETY: called by C code with its buffer.
    unsafe {
        let vm = current();
        let v = Value::from_word(v).unwrap_or(Value::NONE);
        let cells: &[Cell<u8>] = core::slice::from_raw_parts(to.cast(), n);
        let result = vm.stream(v).and_then(|s| (s.read)(vm, v, cells));
        stream_answer(vm, result, error)
    }
}

unsafe extern "C" fn stream_write(v: Word, from: Word, n: usize, error: *mut i32) -> Wide {
    // SAFETY: called by C code with its bytes.
    unsafe {
        let vm = current();
        let v = Value::from_word(v).unwrap_or(Value::NONE);
        let result = vm.stream(v).and_then(|s| (s.write)(vm, v, bytes(from, n)));
        stream_answer(vm, result, error)
    }
}

unsafe extern "C" fn stream_ioctl(v: Word, request: usize, arg: usize, error: *mut i32) -> Wide {
    // SAFETY: called by C code.
    unsafe {
        let vm = current();
        let v = Value::from_word(v).unwrap_or(Value::NONE);
        let request = match request {
            1 => Request::Flush,
            3 => Request::Poll(arg),
            4 => Request::Close,
            _ => Request::Other(request, arg),
        };
        let result = vm.stream(v).and_then(|s| (s.ioctl)(vm, v, request));
        stream_answer(vm, result.map(|n| Some(n as usize)), error)
    }
}

/// A method of streams, for a module's own stream classes.
pub(super) const fn stream_method(name: Qstr) -> Value {
    match crate::object::table_find(crate::object::streams::STREAM_METHODS, name) {
        Some(v) => v,
        None => panic!("no such method of streams"),
    }
}

pub(super) const READ: Value = stream_method(q!("read"));
pub(super) const READINTO: Value = stream_method(q!("readinto"));
pub(super) const READLINE: Value = stream_method(q!("readline"));
pub(super) const WRITE: Value = stream_method(q!("write"));
