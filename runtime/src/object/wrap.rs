//! Bound methods, static methods, class methods.

use super::{Args, Found, Object, Slots, Type};
use crate::error::Res;
use crate::ops::{BinaryOp, UnaryOp};
use crate::print::{Print, PrintKind};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// A function with its first argument.
    pub struct BoundMethod: BOUND_METHOD { pub fun: Value, pub this: Value, }
}

pub(crate) static BOUND_METHOD: Type = Type::new(
    q!("bound_method"),
    &const {
        Slots {
            call: Some(bound_call),
            print: Some(bound_print),
            getattr: Some(bound_getattr),
            unary: Some(bound_unary),
            binary: Some(bound_binary),
            ..Slots::EMPTY
        }
    },
);

fn bound_call(vm: &Vm, this: Value, args: &Args<'_>) -> Res {
    match this.cast::<BoundMethod>() {
        Some(m) => vm.call_with_self(m.fun, m.this, args),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// A bound method has the attributes of its function.
fn bound_getattr(vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    match this.cast::<BoundMethod>() {
        Some(m) if name != q!("__class__") => vm.find_attr(m.fun, name),
        _ => Ok(None),
    }
}

fn bound_unary(_vm: &Vm, op: UnaryOp, this: Value) -> Res {
    match this.cast::<BoundMethod>() {
        Some(m) if op == UnaryOp::Hash => {
            let h = (m.this.bits() ^ m.fun.bits()) >> 3;
            Ok(Value::small(h as isize))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// Methods are equal when they are the same function of the same object.
fn bound_binary(_vm: &Vm, op: BinaryOp, this: Value, other: Value) -> Res {
    match (this.cast::<BoundMethod>(), other.cast::<BoundMethod>()) {
        (Some(a), Some(b)) if op == BinaryOp::Equal => {
            Ok(Value::bool(a.fun == b.fun && a.this == b.this))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn bound_print(vm: &Vm, this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    let Some(m) = this.cast::<BoundMethod>() else { return Ok(()) };
    p.str("<bound_method ")?;
    vm.print_to(p, m.this, PrintKind::Repr)?;
    p.str(".")?;
    vm.print_to(p, m.fun, PrintKind::Repr)?;
    p.str(">")
}

object! {
    /// A function that gets the class as its first argument.
    pub struct ClassMethod: CLASS_METHOD { pub fun: Value, }
}

object! {
    /// A function that is not bound.
    pub struct StaticMethod: STATIC_METHOD { pub fun: Value, }
}

impl ClassMethod {
    pub const fn new(fun: Value) -> ClassMethod {
        ClassMethod { header: ClassMethod::HEADER, fun }
    }
}

impl StaticMethod {
    pub const fn new(fun: Value) -> StaticMethod {
        StaticMethod { header: StaticMethod::HEADER, fun }
    }
}

pub(crate) static CLASS_METHOD: Type =
    Type::new(q!("classmethod"), &const { Slots { new: Some(class_method_new), ..Slots::EMPTY } });
pub(crate) static STATIC_METHOD: Type = Type::new(
    q!("staticmethod"),
    &const { Slots { new: Some(static_method_new), ..Slots::EMPTY } },
);

fn class_method_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 1, 1)?;
    vm.new_obj(ClassMethod::new(args.get(0).unwrap_or(Value::NONE)))
}

fn static_method_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 1, 1)?;
    vm.new_obj(StaticMethod::new(args.get(0).unwrap_or(Value::NONE)))
}
