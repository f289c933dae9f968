//! Functions of C as Python objects: a header and an address, made by a module's
//! own data.

use super::Word;
use super::library::Pairs;
use crate::error::{Res, TYPE_ERROR};
use crate::heap::RawVec;
use crate::object::{Args, Header, Object, Slots, Type, check_count};
use crate::q;
use crate::value::Value;
use crate::vm::Vm;
use crate::vm::frame::small as small_slot;

/// What the types of a module's own classes say that their type is.
pub(super) static FOREIGN_TYPE: Type = Type::new(q!("type"), &Slots::EMPTY);

macro_rules! fixed {
    ($($Name:ident $TYPE:ident $call:ident $n:literal;)*) => { $(
        /// `mp_obj_fun_builtin_fixed_t`.
        #[repr(C)]
        struct $Name {
            header: Header,
            code: *const u8,
        }

        // SAFETY: `#[repr(C)]`, header first.
        unsafe impl Object for $Name {
            const TYPE: &'static Type = &$TYPE;
            const LEAF: bool = false;
        }

        pub(super) static $TYPE: Type = Type::new(
            q!("function"),
            &const { Slots { call: Some($call), ..Slots::EMPTY } },
        )
        .with_flags(Type::BINDS | Type::BUILTIN_FUN);

        fn $call(vm: &Vm, this: Value, args: &Args<'_>) -> Res {
            args.check(vm, $n, $n)?;
            let Some(f) = this.cast::<$Name>() else { return Ok(Value::NOT_IMPLEMENTED) };
            let mut words: [Word; 4] = [core::ptr::null_mut(); 4];
            for (word, v) in words.iter_mut().zip(args.pos) {
                *word = v.word();
            }
            // SAFETY: a C function of that many objects.
            unsafe { result(vm, f.code, words) }
        }
    )* };
}

fixed! {
    Fun0 FUN_0 call_0 0;
    Fun1 FUN_1 call_1 1;
    Fun2 FUN_2 call_2 2;
    Fun3 FUN_3 call_3 3;
}

/// `mp_obj_fun_builtin_var_t`.
#[repr(C)]
struct FunVar {
    header: Header,
    /// Least, most, keywords: see `arg_check_num_sig`.
    signature: u32,
    code: *const u8,
}

// SAFETY: `#[repr(C)]`, header first.
unsafe impl Object for FunVar {
    const TYPE: &'static Type = &FUN_VAR;
    const LEAF: bool = false;
}

pub(super) static FUN_VAR: Type =
    Type::new(q!("function"), &const { Slots { call: Some(call_var), ..Slots::EMPTY } })
        .with_flags(Type::BINDS | Type::BUILTIN_FUN);

fn call_var(vm: &Vm, this: Value, args: &Args<'_>) -> Res {
    let Some(f) = this.cast::<FunVar>() else { return Ok(Value::NOT_IMPLEMENTED) };
    let (min, max) = ((f.signature >> 17) as usize, (f.signature >> 1 & 0xffff) as usize);
    let keywords = f.signature & 1 != 0;
    if !keywords && !args.kw.is_empty() {
        return vm.raise(&TYPE_ERROR, "function doesn't take keyword arguments");
    }
    check_count(vm, args.pos.len(), min, if max == 0xffff { usize::MAX } else { max })?;
    let pairs = Pairs::new(args.kw);
    let words = [
        small_slot(args.pos.len()),
        args.pos.as_ptr().cast_mut().cast(),
        if keywords {
            core::ptr::from_ref(&pairs).cast_mut().cast()
        } else {
            core::ptr::null_mut()
        },
        core::ptr::null_mut(),
    ];
    // SAFETY: a C function of a number, a row of objects and a map.
    unsafe { result(vm, f.code, words) }
}

/// Calls a C function that gives an object.
///
/// # Safety
/// It takes these words.
pub(super) unsafe fn result(vm: &Vm, code: *const u8, words: [Word; 4]) -> Res {
    // SAFETY: by contract.
    let word = unsafe { vm.enter_machine(code, words)? };
    // SAFETY: an object or null.
    Ok(unsafe { Value::from_word(word) }.unwrap_or(Value::NONE))
}

/// The arguments of a call in one row: positional ones, then names and values.
pub(super) fn in_a_row(vm: &Vm, args: &Args<'_>, room: &RawVec<Value>) -> Res<*const Value> {
    let first = args.pos.as_ptr();
    let behind = first.wrapping_add(args.pos.len());
    if args.kw.is_empty() || core::ptr::eq(behind, args.kw.as_ptr()) {
        return Ok(first);
    }
    room.extend(vm, args.pos)?;
    room.extend(vm, args.kw)?;
    Ok(room.slice().as_ptr())
}
