//! `weakref`: references that let the collector have their object.

use core::cell::Cell;

use crate::Res;
use crate::error::TYPE_ERROR;
use crate::heap::{RawVec, WeakCell};
use crate::object::{Args, Found, Gc, Object, Type};
use crate::ops::{BinaryOp, UnaryOp};
use crate::print::{Print, PrintKind, Stdout};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

module! {
    pub static WEAKREF: "weakref" {
        "finalize" => obj!(FINALIZE),
        "ref" => obj!(REF),
    }
}

object! {
    /// `ref(object[, callback])`.
    struct Ref: REF { referent: WeakCell, callback: Cell<Value>, }
}

py_type! {
    static REF: "ref" {
        new: ref_new, call: ref_call, print: ref_print, unary: ref_unary, binary: ref_binary,
    }
    locals: { "__del__" => f1!(ref_died), }
}

fn not_referable<T>(vm: &Vm) -> Res<T> {
    vm.raise(&TYPE_ERROR, "not a heap object")
}

fn ref_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 1, 2)?;
    let [referent, rest @ ..] = args.pos else { return Ok(Value::NONE) };
    let callback = Cell::new(rest.first().copied().unwrap_or(Value::NONE));
    let r = vm.alloc_obj(Ref { header: Ref::HEADER, referent: WeakCell::default(), callback })?;
    match vm.watch(&r.get().referent, *referent, false)? {
        true => Ok(r.into()),
        false => not_referable(vm),
    }
}

fn ref_call(vm: &Vm, this: Value, args: &Args<'_>) -> Res {
    args.check(vm, 0, 0)?;
    Ok(vm.expect::<Ref>(this)?.referent.get().unwrap_or(Value::NONE))
}

fn ref_print(_vm: &Vm, _this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    p.str("<ref>")
}

/// The hash of the referent, so that a dictionary finds it by another reference.
fn ref_unary(vm: &Vm, op: UnaryOp, this: Value) -> Res {
    match (op, vm.expect::<Ref>(this)?.referent.get()) {
        (UnaryOp::Hash, Some(referent)) => vm.unary(op, referent),
        (UnaryOp::Hash, None) => vm.raise(&TYPE_ERROR, "weak object has gone away"),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// References are equal when their objects are; without objects, when they are the same.
fn ref_binary(vm: &Vm, op: BinaryOp, this: Value, other: Value) -> Res {
    match (vm.native::<Ref>(this), vm.native::<Ref>(other)) {
        (Some(a), Some(b)) if op == BinaryOp::Equal => match (a.referent.get(), b.referent.get()) {
            (Some(a), Some(b)) => Ok(Value::bool(vm.eq(a, b)?)),
            _ => Ok(Value::bool(a == b)),
        },
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// Calls a function on behalf of the collector: what it raises is shown and forgotten.
fn notify(vm: &Vm, call: impl FnOnce() -> Res) {
    if let Err(r) = call() {
        let e = vm.take_exception(r);
        let shown = Stdout(vm)
            .str("Unhandled exception in weakref callback:\n")
            .and_then(|()| vm.print_traceback(&mut Stdout(vm), e));
        if let Err(r) = shown {
            vm.take_exception(r);
        }
    }
}

/// The collector emptied the reference.
fn ref_died(vm: &Vm, this: Value) -> Res {
    let r = vm.expect::<Ref>(this)?;
    if r.referent.get().is_none() {
        let callback = r.callback.replace(Value::NONE);
        if !callback.is_none() {
            notify(vm, || vm.call(callback, &[this]));
        }
    }
    Ok(Value::NONE)
}

object! {
    /// `finalize(object, function, *args, **kwargs)`.
    struct Finalize: FINALIZE {
        referent: WeakCell,
        /// None once it is dead.
        function: Cell<Value>,
        pos: RawVec<Value>,
        kw: RawVec<Value>,
    }
}

py_type! {
    static FINALIZE: "finalize" {
        new: finalize_new, call: finalize_call, print: finalize_print, getattr: finalize_getattr,
    }
    locals: {
        "__del__" => f1!(finalize_died),
        "detach" => f1!(detach),
        "peek" => f1!(peek),
    }
}

fn finalize_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    crate::object::check_count(vm, args.pos.len(), 2, usize::MAX)?;
    let [referent, function, pos @ ..] = args.pos else { return Ok(Value::NONE) };
    let f = vm.alloc_obj(Finalize {
        header: Finalize::HEADER,
        referent: WeakCell::default(),
        function: Cell::new(*function),
        pos: RawVec::new(),
        kw: RawVec::new(),
    })?;
    f.pos.extend(vm, pos)?;
    f.kw.extend(vm, args.kw)?;
    match vm.watch(&f.get().referent, *referent, true)? {
        true => Ok(f.into()),
        false => not_referable(vm),
    }
}

/// Ends its life; gives the function unless it was dead already.
fn end(f: Gc<Finalize>) -> Option<Value> {
    f.referent.clear();
    Some(f.function.replace(Value::NONE)).filter(|function| !function.is_none())
}

fn run(vm: &Vm, f: Gc<Finalize>) -> Res {
    match end(f) {
        Some(function) => vm.call_args(function, &Args { pos: f.pos.slice(), kw: f.kw.slice() }),
        None => Ok(Value::NONE),
    }
}

fn finalize_call(vm: &Vm, this: Value, _args: &Args<'_>) -> Res {
    run(vm, vm.expect::<Finalize>(this)?)
}

/// The object died first.
fn finalize_died(vm: &Vm, this: Value) -> Res {
    let f = vm.expect::<Finalize>(this)?;
    if f.referent.get().is_none() {
        notify(vm, || run(vm, f));
    }
    Ok(Value::NONE)
}

fn finalize_print(_vm: &Vm, _this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    p.str("<finalize>")
}

fn finalize_getattr(vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    if name != q!("alive") {
        return Ok(None);
    }
    let f = vm.expect::<Finalize>(this)?;
    Ok(Some(Found::Value(Value::bool(!f.function.get().is_none()))))
}

/// `(object, function, args, kwargs)`, or None if it is dead.
fn peek(vm: &Vm, this: Value) -> Res {
    let f = vm.expect::<Finalize>(this)?;
    let (Some(referent), function) = (f.referent.get(), f.function.get()) else {
        return Ok(Value::NONE);
    };
    let keywords = vm.new_dict(f.kw.len() / 2)?;
    for (k, v) in (Args { pos: &[], kw: f.kw.slice() }).keywords() {
        keywords.map.insert(vm, k, v)?;
    }
    let pos = vm.new_tuple(f.pos.slice())?;
    vm.new_tuple(&[referent, function, pos, keywords.into()])
}

fn detach(vm: &Vm, this: Value) -> Res {
    let parts = peek(vm, this)?;
    end(vm.expect::<Finalize>(this)?);
    Ok(parts)
}
