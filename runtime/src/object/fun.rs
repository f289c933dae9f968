//! Built-in functions: Rust functions as Python objects.

use super::{Args, Slots, Type, check_count};
use crate::error::{Res, TYPE_ERROR};
use crate::print::{Print, PrintKind};
use crate::q;
use crate::value::Value;
use crate::vm::Vm;

macro_rules! fixed {
    ($($(#[$m:meta])* $Name:ident $TY:ident $call:ident $n:literal ($($arg:ident),*);)*) => { $(
        object! {
            $(#[$m])*
            pub struct $Name: $TY, leaf { pub f: fn(&Vm $(, fixed!(@ $arg))*) -> Res, }
        }
        impl $Name {
            pub const fn new(f: fn(&Vm $(, fixed!(@ $arg))*) -> Res) -> $Name {
                $Name { header: <$Name as super::Object>::HEADER, f }
            }
        }
        pub(crate) static $TY: Type = fun_type(&const { Slots { call: Some($call), ..FUN_SLOTS } });
        fn $call(vm: &Vm, this: Value, args: &Args<'_>) -> Res {
            match (args.pos, this.cast::<$Name>()) {
                ([$($arg),*], Some(this)) if args.kw.is_empty() => (this.f)(vm $(, *$arg)*),
                _ => wrong(vm, args, $n, $n),
            }
        }
    )* };
    (@ $arg:ident) => { Value };
}

const FUN_SLOTS: Slots = Slots { print: Some(fun_print), ..Slots::EMPTY };

const fn fun_type(slots: &'static Slots) -> Type {
    Type::new(q!("function"), slots).with_flags(Type::BINDS | Type::BUILTIN_FUN)
}

fixed! {
    /// A function of no arguments.
    Fun0 FUN0 call0 0 ();
    Fun1 FUN1 call1 1 (a);
    Fun2 FUN2 call2 2 (a, b);
    Fun3 FUN3 call3 3 (a, b, c);
}

object! {
    /// A function of `min..=max` positional arguments.
    pub struct FunVar: FUN_VAR, leaf {
        pub min: u8,
        pub max: u8,
        pub f: fn(&Vm, &[Value]) -> Res,
    }
}

object! {
    /// A function of `min..=max` positional arguments and any keywords.
    pub struct FunKw: FUN_KW, leaf {
        pub min: u8,
        pub max: u8,
        pub f: fn(&Vm, &Args<'_>) -> Res,
    }
}

pub(crate) static FUN_VAR: Type = fun_type(&const { Slots { call: Some(call_var), ..FUN_SLOTS } });
pub(crate) static FUN_KW: Type = fun_type(&const { Slots { call: Some(call_kw), ..FUN_SLOTS } });

const fn limit(n: usize) -> u8 {
    if n > 254 { 255 } else { n as u8 }
}

fn max_args(max: u8) -> usize {
    if max == 255 { usize::MAX } else { max as usize }
}

impl FunVar {
    /// `max` above 254: any number.
    pub const fn new(min: usize, max: usize, f: fn(&Vm, &[Value]) -> Res) -> FunVar {
        FunVar { header: <FunVar as super::Object>::HEADER, min: limit(min), max: limit(max), f }
    }
}

impl FunKw {
    pub const fn new(min: usize, max: usize, f: fn(&Vm, &Args<'_>) -> Res) -> FunKw {
        FunKw { header: <FunKw as super::Object>::HEADER, min: limit(min), max: limit(max), f }
    }
}

fn call_var(vm: &Vm, this: Value, args: &Args<'_>) -> Res {
    let Some(this) = this.cast::<FunVar>() else { return wrong(vm, args, 0, 0) };
    args.check(vm, this.min as usize, max_args(this.max))?;
    (this.f)(vm, args.pos)
}

fn call_kw(vm: &Vm, this: Value, args: &Args<'_>) -> Res {
    let Some(this) = this.cast::<FunKw>() else { return wrong(vm, args, 0, 0) };
    check_count(vm, args.pos.len(), this.min as usize, max_args(this.max))?;
    (this.f)(vm, args)
}

#[cold]
fn wrong(vm: &Vm, args: &Args<'_>, min: usize, max: usize) -> Res {
    args.check(vm, min, max)?;
    vm.raise(&TYPE_ERROR, "function doesn't take keyword arguments")
}

fn fun_print(_vm: &Vm, this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    p.str("<function>")?;
    let _ = this;
    Ok(())
}
