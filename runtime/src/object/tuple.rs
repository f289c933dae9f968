//! The tuple type.

use core::cell::Cell;

use super::{Access, Args, Object, Slice, Tuple, text::not_step_one};
use crate::error::{INDEX_ERROR, Res};
use crate::ops::{BinaryOp, UnaryOp};
use crate::print::{Print, PrintKind};
use crate::value::Value;
use crate::vm::Vm;

py_type! {
    pub static TUPLE: "tuple", export "hognose_type_tuple" {
        new: tuple_new,
        print: tuple_print,
        unary: tuple_unary,
        binary: tuple_binary,
        subscr: tuple_subscr,
        iter: tuple_iter,
    }
    locals: {
        "count" => f2!(tuple_count),
        "index" => fv!(2, 4, tuple_index),
    }
}

fn tuple_new(vm: &Vm, _ty: &'static super::Type, args: &Args<'_>) -> Res {
    args.check(vm, 0, 1)?;
    match args.get(0) {
        None => vm.new_tuple(&[]),
        Some(v) if v.is::<Tuple>() => Ok(v),
        Some(v) => vm.new_tuple(vm.sequence(v)?.slice()),
    }
}

fn items(vm: &Vm, this: Value) -> &'static [Value] {
    vm.tuple_items(this).unwrap_or_default()
}

pub fn tuple_print(vm: &Vm, this: Value, p: &mut dyn Print, kind: PrintKind) -> Res<()> {
    let items = items(vm, this);
    let json = kind == PrintKind::Json;
    let (kind, open, close) = if json { (kind, "[", "]") } else { (PrintKind::Repr, "(", ")") };
    p.str(open)?;
    for (i, &v) in items.iter().enumerate() {
        if i > 0 {
            p.str(", ")?;
        }
        vm.print_to(p, v, kind)?;
    }
    if items.len() == 1 && !json {
        p.str(",")?;
    }
    p.str(close)
}

pub fn tuple_unary(vm: &Vm, op: UnaryOp, this: Value) -> Res {
    let items = items(vm, this);
    Ok(match op {
        UnaryOp::Bool => Value::bool(!items.is_empty()),
        UnaryOp::Len => Value::small(items.len() as isize),
        UnaryOp::Hash => {
            let mut h = 1_000_003usize ^ items.len();
            for v in items {
                h = h.wrapping_mul(1_000_003).wrapping_add(vm.hash(*v)?);
            }
            Value::small(h as isize)
        }
        _ => Value::NOT_IMPLEMENTED,
    })
}

pub fn tuple_binary(vm: &Vm, op: BinaryOp, this: Value, other: Value) -> Res {
    let left = items(vm, this);
    match op {
        BinaryOp::Add => match vm.tuple_items(other) {
            Some([]) => Ok(this),
            Some(right) => {
                let n = left.len() + right.len();
                let sum = vm.new_tuple_of(&TUPLE, n, |cells| {
                    for (cell, v) in cells.iter().zip(left.iter().chain(right)) {
                        cell.set(*v);
                    }
                    Ok(())
                })?;
                Ok(sum.into())
            }
            None => Ok(Value::NOT_IMPLEMENTED),
        },
        BinaryOp::Mul | BinaryOp::RMul => match vm.try_int(other)? {
            Some(n) => vm.new_tuple(vm.repeated(left, n)?.slice()),
            None => Ok(Value::NOT_IMPLEMENTED),
        },
        BinaryOp::Equal
        | BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::More
        | BinaryOp::MoreEqual => match vm.tuple_items(other) {
            Some(right) => {
                let (a, b) = (|i: usize| left.get(i).copied(), |i: usize| right.get(i).copied());
                vm.compare_items(op, a, b).map(Value::bool)
            }
            None => Ok(Value::NOT_IMPLEMENTED),
        },
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

pub fn tuple_subscr(vm: &Vm, this: Value, index: Value, access: Access) -> Res {
    if !matches!(access, Access::Load) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let items = items(vm, this);
    if let Some(slice) = index.cast::<Slice>() {
        let bounds = slice.bounds(vm, items.len())?;
        return match bounds.range() {
            Some((from, to)) => vm.new_tuple(items.get(from..to).unwrap_or_default()),
            None if vm.beyond_stock() => {
                let part = vm.new_tuple_of(&TUPLE, bounds.count(), |cells| {
                    for (cell, i) in cells.iter().zip(bounds.positions()) {
                        cell.set(items.get(i).copied().unwrap_or(Value::NONE));
                    }
                    Ok(())
                });
                part.map(Into::into)
            }
            None => not_step_one(vm),
        };
    }
    let i = vm.get_index(&TUPLE, items.len(), index)?;
    match items.get(i) {
        Some(v) => Ok(*v),
        None => vm.raise(&INDEX_ERROR, "tuple index out of range"),
    }
}

fn tuple_count(vm: &Vm, this: Value, v: Value) -> Res {
    let mut n = 0;
    for item in items(vm, this) {
        n += vm.same_or_equal(*item, v)? as isize;
    }
    Ok(Value::small(n))
}

fn tuple_index(vm: &Vm, args: &[Value]) -> Res {
    let [this, v, range @ ..] = args else { return Ok(Value::NONE) };
    let items = items(vm, *this);
    vm.index_in(|i| items.get(i).copied(), items.len(), *v, range)
}

object! {
    /// Iterator over a tuple.
    pub struct TupleIter: TUPLE_ITER {
        tuple: Value,
        at: Cell<usize>,
    }
}

py_type! { pub static TUPLE_ITER: "iterator" { next: tuple_next, } flags: super::Type::ITERATOR, }

pub fn tuple_iter(vm: &Vm, this: Value) -> Res {
    vm.new_obj(TupleIter::new(this))
}

impl TupleIter {
    /// An iterator that is still to be put somewhere.
    pub(crate) fn new(tuple: Value) -> TupleIter {
        TupleIter { header: TupleIter::HEADER, tuple, at: Cell::new(0) }
    }
}

fn tuple_next(vm: &Vm, this: Value) -> Res<Option<Value>> {
    let Some(this) = this.cast::<TupleIter>() else { return Ok(None) };
    let at = this.at.get();
    let item = items(vm, this.tuple).get(at).copied();
    this.at.set(at + item.is_some() as usize);
    Ok(item)
}
