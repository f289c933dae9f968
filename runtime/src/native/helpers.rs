//! Entries 0 to 48 of the table: what compiled Python calls.
//!
//! [`helpers!`] makes of each function the form that thunks call: up to three words
//! and the `Vm`, and a [`Wide`] back. The types of its parameters say how a word is
//! read ([`Abi`]); a test compares them with the rows of `mpy_format`.

use core::ptr;

#[cfg(test)]
use mpy_format::AbiType;

use super::{MachineCode, NativeFunction, RAISED, Wide, Word, current};
use crate::error::{Res, TYPE_ERROR};
use crate::object::list::ListIter;
use crate::object::tuple::TupleIter;
use crate::object::{
    Args, Dict, Gc, List, Module, Range, RangeIter, Slots, Tuple, Type, check_count,
};
use crate::ops::{BinaryOp, UnaryOp};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::frame::Slot;
use crate::vm::{RawCode, Vm};

/// In an iterator's place: a container that is stepped through. Machine code looks at the
/// flags of what is there, so it is a type.
const STEPPED: *const Type = {
    static TYPE: Type = Type::new(q!("iterator"), &Slots::EMPTY);
    &raw const TYPE
};

/// What a word is at the interface.
pub(super) trait Abi: Sized {
    #[cfg(test)]
    const TYPE: AbiType;

    /// # Safety
    /// The word is one of this type; contract 1 of the module above.
    unsafe fn read(word: Word) -> Self;

    fn word(self) -> Word;
}

macro_rules! abi {
    ($($type:ty, $abi:ident, |$word:ident| $read:expr, |$value:ident| $write:expr;)*) => { $(
        impl Abi for $type {
            #[cfg(test)]
            const TYPE: AbiType = AbiType::$abi;
            #[inline(always)]
            unsafe fn read($word: Word) -> $type {
                $read
            }
            #[inline(always)]
            fn word(self) -> Word {
                let $value = self;
                $write
            }
        }
    )* };
}

abi! {
    usize, Uint, |w| w.addr(), |v| ptr::without_provenance_mut(v);
    isize, Int, |w| w.addr() as isize, |v| ptr::without_provenance_mut(v as usize);
    u32, U32, |w| w.addr() as u32, |v| ptr::without_provenance_mut(v as usize);
    i32, CInt, |w| w.addr() as i32, |v| ptr::without_provenance_mut(v as usize);
    u8, Char, |w| w.addr() as u8, |v| ptr::without_provenance_mut(v as usize);
    // A byte; what is above it means nothing.
    bool, Bool, |w| w.addr() & 0xff != 0, |v| ptr::without_provenance_mut(v as usize);
    Qstr, Qstr, |w| Qstr::from_index(w.addr()), |v| ptr::without_provenance_mut(v.index());
    Word, Ptr, |w| w, |v| v;
    *mut Slot, Ptr, |w| w.cast(), |v| v.cast();
    (), Void, |_w| (), |_v| ptr::null_mut();
    // SAFETY: by contract a value.
    Value, Obj, |w| unsafe { Value::from_word(w) }.unwrap_or(Value::NONE), |v| v.word();
    // SAFETY: by contract a value or null.
    Option<Value>, Obj, |w| unsafe { Value::from_word(w) }, |v| v.map_or(ptr::null_mut(), Value::word);
}

/// Contract 4 of the module above.
#[inline(always)]
pub(super) fn wide<T: Abi>(vm: &Vm, result: Res<T>) -> Wide {
    match result {
        Ok(v) => v.word().expose_provenance() as Wide,
        Err(r) => vm.take_exception(r).word().expose_provenance() as Wide | RAISED,
    }
}

/// Reads a helper's arguments from the words that it got.
macro_rules! arguments {
    (($($word:ident)*)) => {};
    (($word:ident $($words:ident)*) $arg:ident: $type:ty, $($rest:tt)*) => {
        // SAFETY: by contract.
        let $arg = unsafe { <$type as Abi>::read($word) };
        $crate::native::helpers::arguments!(($($words)*) $($rest)*);
    };
}
pub(super) use arguments;

/// Declares helpers of up to three words, and a table of their types for the test.
macro_rules! helpers {
    ($($(#[$doc:meta])* fn $name:ident($vm:ident $(, $arg:ident: $type:ty)*) -> $result:ty $body:block)*) => {
        $(
            $(#[$doc])*
            ///
            /// # Safety
            /// Contract 1 of the module above.
            pub(super) unsafe extern "C" fn $name(a: Word, b: Word, c: Word, $vm: &Vm) -> Wide {
                let _ = (a, b, c);
                $crate::native::helpers::arguments!((a b c) $($arg: $type,)*);
                let body = || -> Res<$result> { $body };
                wide($vm, body())
            }
        )*

        #[cfg(test)]
        pub(super) const TYPES: &[(&str, &[mpy_format::AbiType], mpy_format::AbiType)] = &[$((
            stringify!($name),
            &[$(<$type as Abi>::TYPE),*],
            <$result as Abi>::TYPE,
        )),*];
    };
}
pub(super) use helpers;

/// MicroPython's marker for "load" in `obj_subscr`.
const SENTINEL: usize = 4;

/// Viper's types, as numbers of four bits.
mod native_type {
    pub const OBJECT: usize = 0;
    pub const BOOL: usize = 1;
    pub const INT: usize = 2;
    pub const UINT: usize = 3;
    pub const QSTR: usize = 8;
    pub const MASK: usize = 15;
}

/// `n` values from `first`.
///
/// # Safety
/// They are there.
unsafe fn row<'a>(first: *mut Slot, n: usize) -> &'a [Value] {
    // An empty row keeps its place: what follows it lies in a row with it.
    if first.is_null() {
        return &[];
    }
    // SAFETY: by contract; a slot with a value is a `Value`.
    unsafe { core::slice::from_raw_parts(first.cast(), n) }
}

/// `f(*args)` with positional arguments, then pairs of names and values.
unsafe fn call_row(vm: &Vm, f: Value, n_pos: usize, n_kw: usize, args: *mut Slot) -> Res {
    // SAFETY: the caller's arguments.
    let (pos, kw) = unsafe { (row(args, n_pos), row(args.wrapping_add(n_pos), 2 * n_kw)) };
    vm.poll()?;
    vm.call_args(f, &Args { pos, kw })
}

/// The word of viper's type for an object.
pub(super) fn to_native(vm: &Vm, v: Value, ty: usize) -> Res<Word> {
    let number = match ty & native_type::MASK {
        native_type::OBJECT => return Ok(v.word()),
        native_type::BOOL => vm.is_true(v)? as isize,
        native_type::INT | native_type::UINT => vm.get_int_wrapping(v)?,
        _ => match vm.try_buffer(v)? {
            Some(buffer) => return Ok(buffer.cells.as_ptr().cast_mut().cast()),
            // A number that is an address.
            None => {
                return Ok(ptr::with_exposed_provenance_mut(vm.get_int_wrapping(v)? as usize));
            }
        },
    };
    Ok(number.word())
}

/// The object for a word of viper's type.
pub(super) fn from_native(vm: &Vm, word: Word, ty: usize) -> Res {
    match ty & native_type::MASK {
        // SAFETY: contract 1: an object.
        native_type::OBJECT => Ok(unsafe { <Value as Abi>::read(word) }),
        native_type::BOOL => Ok(Value::bool(!word.is_null())),
        native_type::INT => vm.new_int(word.addr() as isize as i64),
        native_type::QSTR => Ok(Value::qstr(Qstr::from_index(word.addr()))),
        _ => vm.new_uint(word.addr() as u64),
    }
}

/// A word of memory that generated code gave.
///
/// # Safety
/// It may be written.
unsafe fn put<T: Abi>(to: *mut Slot, i: usize, v: T) {
    // SAFETY: by contract.
    unsafe { to.add(i).write(v.word()) }
}

helpers! {
    fn native_from_obj(vm, v: Value, ty: usize) -> Uint {
        to_native(vm, v, ty).map(Uint)
    }

    fn native_to_obj(vm, word: Uint, ty: usize) -> Value {
        from_native(vm, word.0, ty)
    }

    fn load_name(vm, name: Qstr) -> Value {
        vm.load_name(name)
    }

    fn load_global(vm, name: Qstr) -> Value {
        match vm.globals().and_then(|d| d.map.get_hinted(vm, name)) {
            Some(v) => Ok(v),
            None => vm.load_builtin(name),
        }
    }

    fn load_build_class(vm) -> Value {
        Ok(vm.build_class_function())
    }

    fn load_attr(vm, v: Value, name: Qstr) -> Value {
        vm.getattr(v, name)
    }

    fn load_method(vm, v: Value, name: Qstr, to: *mut Slot) -> () {
        // SAFETY: two free slots.
        unsafe { vm.load_method_to(v, name, to) }
    }

    fn load_super_method(vm, name: Qstr, at: *mut Slot) -> () {
        // SAFETY: three operands.
        unsafe { vm.load_super_method(name, at) }
    }

    fn store_name(vm, name: Qstr, v: Value) -> () {
        vm.locals_dict().map.insert_name(vm, name, v)
    }

    fn store_global(vm, name: Qstr, v: Value) -> () {
        globals(vm)?.map.insert_name(vm, name, v)
    }

    fn store_attr(vm, v: Value, name: Qstr, value: Option<Value>) -> () {
        vm.setattr(v, name, value)
    }

    fn obj_subscr(vm, v: Value, index: Value, value: Item) -> Value {
        let Item(value) = value;
        if value.addr() == SENTINEL {
            return vm.subscr(v, index);
        }
        // SAFETY: else a value or null.
        let value = unsafe { Value::from_word(value) };
        vm.set_subscr(v, index, value)?;
        Ok(Value::NONE)
    }

    fn obj_is_true(vm, v: Value) -> bool {
        vm.is_true(v)
    }

    fn unary_op(vm, op: u32, v: Value) -> Value {
        const OPS: [UnaryOp; 8] = [
            UnaryOp::Pos, UnaryOp::Neg, UnaryOp::Invert, UnaryOp::Not,
            UnaryOp::Bool, UnaryOp::Len, UnaryOp::Hash, UnaryOp::Abs,
        ];
        match OPS.get(op as usize) {
            Some(UnaryOp::Bool) => Ok(Value::bool(vm.is_true(v)?)),
            Some(&op) => vm.unary(op, v),
            None => vm.raise_type(&TYPE_ERROR),
        }
    }

    fn binary_op(vm, op: u32, left: Value, right: Value) -> Value {
        let op = BinaryOp::from_index(op as u8).unwrap_or(BinaryOp::Is);
        if left.both_small(right)
            && let Some(v) = vm.small_binary(op, left, right)
        {
            return Ok(v);
        }
        vm.binary(op, left, right)
    }

    fn new_tuple(vm, n: usize, items: *mut Slot) -> Value {
        if items.is_null() && n > 0 {
            // To be filled by the caller.
            return vm.new_tuple_of(&crate::object::TUPLE, n, |_| Ok(())).map(Value::from);
        }
        // SAFETY: the caller's items.
        vm.new_tuple(unsafe { row(items, n) })
    }

    fn new_list(vm, n: usize, items: *mut Slot) -> Value {
        if items.is_null() {
            let list = vm.new_list(&[])?;
            for _ in 0..n {
                list.items.push(vm, Value::NONE)?;
            }
            return Ok(list.into());
        }
        // SAFETY: the caller's items.
        vm.new_list(unsafe { row(items, n) }).map(Value::from)
    }

    fn new_dict(vm, n: usize) -> Value {
        vm.new_dict(n).map(Value::from)
    }

    fn new_set(vm, n: usize, items: *mut Slot) -> Value {
        // SAFETY: the caller's items.
        vm.new_set(unsafe { row(items, n) })
    }

    fn set_store(vm, set: Value, item: Value) -> () {
        vm.set_add(set, item)
    }

    fn list_append(vm, list: Value, item: Value) -> Value {
        vm.store_comp(list, item)?;
        Ok(Value::NONE)
    }

    fn dict_store(vm, dict: Value, key: Value, value: Value) -> Value {
        vm.store_map(dict, key, value)?;
        Ok(dict)
    }

    fn make_function_from_proto_fun(vm, code: Word, context: Word, defaults: *mut Slot) -> Value {
        // SAFETY: contract 1: the context of a module.
        let module: Gc<Module> = unsafe { gc(context) };
        if vm.is_on_stack(code) {
            // SAFETY: a native module puts together what it needs of raw code itself.
            return unsafe { vm.new_module_function(code, module) };
        }
        let (mut positional, mut keyword) = (None, None);
        if !defaults.is_null() {
            // SAFETY: two words, values or null.
            unsafe {
                positional = Value::from_word(*defaults);
                keyword = Value::from_word(*defaults.add(1));
            }
        }
        // SAFETY: contract 1: an entry of a child table.
        let code = unsafe { gc::<RawCode>(code) }.ptr();
        vm.new_function(code, module, positional, keyword)
    }

    fn call_function_n_kw(vm, f: Value, n: usize, args: *mut Slot) -> Value {
        // SAFETY: the caller's arguments.
        unsafe { call_row(vm, f, n & 0xff, n >> 8 & 0xff, args) }
    }

    fn call_method_n_kw(vm, n_pos: usize, n_kw: usize, at: *mut Slot) -> Value {
        // SAFETY: function, self or null, arguments.
        unsafe {
            let f = Value::from_word(*at).unwrap_or(Value::NONE);
            let this = usize::from(!(*at.add(1)).is_null());
            call_row(vm, f, n_pos + this, n_kw, at.add(2 - this))
        }
    }

    fn call_method_n_kw_var(vm, has_self: bool, n: usize, at: *mut Slot) -> Value {
        let (n_pos, n_kw) = (n & 0xff, n >> 8 & 0xff);
        // SAFETY: function, self or null if there is one, arguments, which are starred.
        unsafe {
            let f = Value::from_word(*at).unwrap_or(Value::NONE);
            let this = if has_self { Value::from_word(*at.add(1)) } else { None };
            let args = at.add(1 + usize::from(has_self));
            let stars = <Value as Abi>::read(*args.add(n_pos + 2 * n_kw));
            let stars = stars.as_small().unwrap_or(0) as usize;
            let (pos, kw) = vm.starred_arguments(args, n_pos, n_kw, stars)?;
            let args = Args { pos: pos.slice(), kw: kw.slice() };
            match this {
                Some(this) => vm.call_with_self(f, this, &args),
                None => vm.call_args(f, &args),
            }
        }
    }

    fn getiter(vm, v: Value, buffer: *mut Slot) -> Option<Value> {
        if buffer.is_null() {
            return vm.iter(v).map(Some);
        }
        // SAFETY: four words, in which these iterators find place.
        unsafe {
            if let Some(range) = v.cast::<Range>() {
                buffer.cast::<RangeIter>().write(range.iterator());
                return Ok(None);
            }
            if let Some(list) = v.cast::<List>() {
                buffer.cast::<ListIter>().write(ListIter::new(list));
                return Ok(None);
            }
            if v.is::<Tuple>() {
                buffer.cast::<TupleIter>().write(TupleIter::new(v));
                return Ok(None);
            }
        }
        // No type in the first word says that the second is the iterator; that of stepping,
        // that it is a container and the third a position in it.
        let stepped = vm.has_steps(v);
        let first = if stepped { STEPPED.cast_mut().cast() } else { ptr::null_mut() };
        let second = if stepped { v } else { vm.iter(v)? };
        // SAFETY: four words.
        unsafe {
            buffer.write(first);
            put(buffer, 1, second);
            put(buffer, 2, 0usize);
        }
        Ok(None)
    }

    fn iternext(vm, buffer: *mut Slot) -> Option<Value> {
        // SAFETY: as `getiter` left it, or an iterator made in place by C code.
        let it = unsafe {
            match *buffer {
                first if first.is_null() => <Value as Abi>::read(*buffer.add(1)),
                first if ptr::eq(first.cast_const().cast(), STEPPED) => {
                    let source = <Value as Abi>::read(*buffer.add(1));
                    return vm.step(source, &mut *buffer.add(2).cast::<usize>());
                }
                _ => <Value as Abi>::read(buffer.cast()),
            }
        };
        vm.next(it)
    }

    fn raise(vm, v: Option<Value>) -> () {
        match v {
            Some(v) if !v.is_none() => Err(vm.make_raise(v)),
            _ => Ok(()),
        }
    }

    fn import_name(vm, name: Qstr, names: Value, level: Value) -> Value {
        vm.import_name(name, names, level)
    }

    fn import_from(vm, module: Value, name: Qstr) -> Value {
        vm.import_from(module, name)
    }

    fn import_all(vm, module: Value) -> () {
        vm.import_star(module)
    }

    fn new_slice(vm, start: Value, stop: Value, step: Value) -> Value {
        vm.new_slice(start, stop, step)
    }

    fn unpack_sequence(vm, v: Value, n: usize, to: *mut Slot) -> () {
        // SAFETY: that many free slots.
        unsafe { vm.unpack_to(v, to, n) }
    }

    fn unpack_ex(vm, v: Value, n: usize, to: *mut Slot) -> () {
        // SAFETY: as many free slots as both numbers and one.
        unsafe { vm.unpack_star_to(v, to, n & 0xff, n >> 8 & 0xff) }
    }

    fn delete_name(vm, name: Qstr) -> () {
        vm.delete_name(vm.locals_dict(), name)
    }

    fn delete_global(vm, name: Qstr) -> () {
        vm.delete_name(globals(vm)?, name)
    }

    fn new_closure(vm, f: Value, n: usize, cells: *mut Slot) -> Value {
        // SAFETY: that many cells.
        vm.new_closure(f, unsafe { row(cells, n) })
    }

    fn arg_check_num_sig(vm, n: usize, n_kw: usize, signature: u32) -> () {
        // Least, most, and whether keywords are taken.
        let (min, max) = ((signature >> 17) as usize, (signature >> 1 & 0xffff) as usize);
        if n_kw > 0 && signature & 1 == 0 {
            return vm.raise(&TYPE_ERROR, "function doesn't take keyword arguments");
        }
        check_count(vm, n, min, if max == 0xffff { usize::MAX } else { max })
    }

    fn yield_from(vm, it: Value, send: Value, result: *mut Slot) -> bool {
        // SAFETY: the word holds what to throw, or null.
        let thrown = unsafe { Value::from_word(*result) };
        let next = match thrown {
            Some(e) => vm.throw_into(it, e)?,
            None => vm.send_value(it, send)?,
        };
        let v = next.unwrap_or_else(|| vm.stop_value.replace(Value::NONE));
        // SAFETY: as above.
        unsafe { put(result, 0, v) };
        match thrown {
            Some(e) if next.is_none() && vm.is_exit(e) => Err(vm.make_raise(e)),
            _ => Ok(next.is_some()),
        }
    }
}

/// A value, null or [`SENTINEL`].
pub(super) struct Item(Word);

impl Abi for Item {
    #[cfg(test)]
    const TYPE: AbiType = AbiType::Obj;

    unsafe fn read(word: Word) -> Item {
        Item(word)
    }

    fn word(self) -> Word {
        self.0
    }
}

/// A word that may be an object, a number or an address, with its provenance.
pub(super) struct Uint(Word);

impl Abi for Uint {
    #[cfg(test)]
    const TYPE: AbiType = AbiType::Uint;

    unsafe fn read(word: Word) -> Uint {
        Uint(word)
    }

    fn word(self) -> Word {
        self.0
    }
}

/// # Safety
/// The word is the address of a live `T`.
unsafe fn gc<T: 'static>(word: Word) -> Gc<T> {
    // SAFETY: by contract.
    unsafe { Gc::from_ptr(ptr::NonNull::new_unchecked(word.cast())) }
}

fn globals(vm: &Vm) -> Res<Gc<Dict>> {
    match vm.globals() {
        Some(d) => Ok(d),
        None => vm.new_dict(0),
    }
}

/// The start of a native Python function's state, which its code keeps.
#[repr(C)]
pub(super) struct CodeState {
    pub(super) function: Word,
    /// For generators where to go on.
    pub(super) ip: *const u8,
    /// The newest entry of the stack.
    pub(super) sp: *mut Slot,
    /// Words of the state array, in the lower half word.
    pub(super) n_state: usize,
    pub(super) old_globals: Word,
}

/// Fills a native frame from the arguments of a call: local 0 is the last word.
///
/// # Safety
/// Contract 1 of the module above.
pub(super) unsafe extern "C" fn setup_code_state(
    frame: *mut CodeState,
    n_pos: usize,
    n_kw: usize,
    args: *mut Slot,
) -> Wide {
    // SAFETY: by contract.
    unsafe {
        let vm = current();
        let args = Args { pos: row(args, n_pos), kw: row(args.wrapping_add(n_pos), 2 * n_kw) };
        let function: Gc<NativeFunction> = gc((*frame).function);
        wide(vm, vm.set_up_state(function, &mut *frame, &args))
    }
}

/// The namespace is switched where a function is entered, so there is nothing to do
/// and, says the null, nothing to restore.
pub(super) extern "C" fn swap_globals(_new: Word) -> Word {
    ptr::null_mut()
}

pub(super) extern "C" fn small_int_floor_divide(a: isize, b: isize) -> isize {
    let (q, r) = (a.wrapping_div(nonzero(b)), a.wrapping_rem(nonzero(b)));
    if r != 0 && (r < 0) != (b < 0) { q.wrapping_sub(1) } else { q }
}

pub(super) extern "C" fn small_int_modulo(a: isize, b: isize) -> isize {
    let r = a.wrapping_rem(nonzero(b));
    if r != 0 && (r < 0) != (b < 0) { r.wrapping_add(b) } else { r }
}

/// The divisor; code has checked that it is not 0.
fn nonzero(b: isize) -> isize {
    if b == 0 { 1 } else { b }
}

const _: () = {
    use core::mem::offset_of;
    const WORD: usize = size_of::<Word>();
    assert!(offset_of!(CodeState, function) == 0);
    assert!(offset_of!(CodeState, ip) == WORD);
    assert!(offset_of!(CodeState, sp) == 2 * WORD);
    assert!(offset_of!(CodeState, n_state) == 3 * WORD);
    assert!(size_of::<CodeState>() == 5 * WORD);
    assert!(core::mem::offset_of!(MachineCode, raw) == 0);
    // MicroPython's buffer of an iterator.
    assert!(size_of::<RangeIter>() <= 4 * WORD);
    assert!(size_of::<ListIter>() <= 4 * WORD);
    assert!(size_of::<TupleIter>() <= 4 * WORD);
};
