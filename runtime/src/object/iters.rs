//! Iterators made of iterators: `enumerate`, `filter`, `map`, `reversed`, `zip`.

use core::cell::Cell;

use super::{Args, Found, Object, Param, Tuple, Type};
use crate::error::{Res, TYPE_ERROR, VALUE_ERROR};
use crate::heap::RawVec;
use crate::q;
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// `enumerate(iterable, start=0)`.
    pub struct Enumerate: ENUMERATE {
        it: Value,
        next: Cell<Value>,
    }
}

py_type! {
    pub static ENUMERATE: "enumerate" { new: enumerate_new, next: enumerate_next, }
    flags: Type::ITERATOR,
}

fn enumerate_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    const PARAMS: [Param; 2] =
        [Param::required(q!("iterable")), Param::optional(q!("start"), Value::small(0))];
    let mut values = [Value::NONE; 2];
    args.parse(vm, &PARAMS, &mut values)?;
    let [source, start] = values;
    let it = vm.iter(source)?;
    let start = Value::small(vm.get_int(start)?);
    vm.new_obj(Enumerate { header: Enumerate::HEADER, it, next: Cell::new(start) })
}

fn enumerate_next(vm: &Vm, this: Value) -> Res<Option<Value>> {
    let this = vm.expect::<Enumerate>(this)?;
    let Some(item) = vm.next(this.it)? else { return Ok(None) };
    let n = this.next.get();
    this.next.set(vm.new_int(n.as_small().unwrap_or(0) as i64 + 1)?);
    vm.new_tuple(&[n, item]).map(Some)
}

object! {
    /// `filter(function, iterable)`.
    pub struct Filter: FILTER {
        fun: Value,
        it: Value,
    }
}

py_type! {
    pub static FILTER: "filter" { new: filter_new, next: filter_next, }
    flags: Type::ITERATOR,
}

fn filter_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 2, 2)?;
    let [fun, source] = args.pos else { return Ok(Value::NONE) };
    let it = vm.iter(*source)?;
    vm.new_obj(Filter { header: Filter::HEADER, fun: *fun, it })
}

fn filter_next(vm: &Vm, this: Value) -> Res<Option<Value>> {
    let this = vm.expect::<Filter>(this)?;
    while let Some(item) = vm.next(this.it)? {
        let keep = if this.fun.is_none() { item } else { vm.call(this.fun, &[item])? };
        if vm.is_true(keep)? {
            return Ok(Some(item));
        }
    }
    Ok(None)
}

object! {
    /// `map(function, *iterables)`.
    pub struct Mapped: MAP {
        fun: Value,
        its: Value,
    }
}

py_type! {
    pub static MAP: "map" { new: map_new, next: map_next, }
    flags: Type::ITERATOR,
}

/// A tuple of iterators over `sources`.
fn iterators(vm: &Vm, sources: &[Value]) -> Res {
    let its = RawVec::with_capacity(vm, sources.len())?;
    for source in sources {
        its.push(vm, vm.iter(*source)?)?;
    }
    vm.new_tuple(its.slice())
}

/// The next item of each iterator, or nothing if one of them is at its end.
fn next_of_each(vm: &Vm, its: Value) -> Res<Option<RawVec<Value>>> {
    let its = its.cast::<Tuple>().map_or(&[][..], |t| t.items());
    let items = RawVec::with_capacity(vm, its.len())?;
    for it in its {
        match vm.next(*it)? {
            Some(item) => items.push(vm, item)?,
            None => return Ok(None),
        }
    }
    Ok(Some(items))
}

fn map_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 2, usize::MAX)?;
    let [fun, sources @ ..] = args.pos else { return Ok(Value::NONE) };
    let its = iterators(vm, sources)?;
    vm.new_obj(Mapped { header: Mapped::HEADER, fun: *fun, its })
}

fn map_next(vm: &Vm, this: Value) -> Res<Option<Value>> {
    let this = vm.expect::<Mapped>(this)?;
    match next_of_each(vm, this.its)? {
        Some(items) => vm.call(this.fun, items.slice()).map(Some),
        None => Ok(None),
    }
}

object! {
    /// `zip(*iterables)`.
    pub struct Zip: ZIP {
        its: Value,
        strict: bool,
    }
}

py_type! {
    pub static ZIP: "zip" { new: zip_new, next: zip_next, }
    flags: Type::ITERATOR,
}

fn zip_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    let strict = match args.keyword(vm, q!("strict")) {
        Some(v) if args.kw.len() == 2 => vm.is_true(v)?,
        None if args.kw.is_empty() => false,
        _ => return vm.raise(&TYPE_ERROR, "function doesn't take keyword arguments"),
    };
    let its = iterators(vm, args.pos)?;
    vm.new_obj(Zip { header: Zip::HEADER, its, strict })
}

fn zip_next(vm: &Vm, this: Value) -> Res<Option<Value>> {
    let this = vm.expect::<Zip>(this)?;
    let its = this.its.cast::<Tuple>().map_or(&[][..], |t| t.items());
    let items = RawVec::with_capacity(vm, its.len())?;
    for it in its {
        let Some(item) = vm.next(*it)? else { break };
        items.push(vm, item)?;
    }
    if items.len() == its.len() && !its.is_empty() {
        return vm.new_tuple(items.slice()).map(Some);
    }
    if this.strict {
        // At the end of the first one all others must be at theirs.
        let uneven = !items.is_empty() || {
            let mut more = false;
            for other in its.iter().skip(1) {
                more = more || vm.next(*other)?.is_some();
            }
            more
        };
        if uneven {
            return vm.raise(&VALUE_ERROR, "zip() arguments have different lengths");
        }
    }
    Ok(None)
}

object! {
    /// `reversed(sequence)`: item `left - 1` is next.
    pub struct Reversed: REVERSED {
        sequence: Value,
        left: Cell<usize>,
    }
}

py_type! {
    pub static REVERSED: "reversed" { new: reversed_new, next: reversed_next, }
    flags: Type::ITERATOR,
}

fn reversed_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 1, 1)?;
    let sequence = args.get(0).unwrap_or(Value::NONE);
    if let Some(found) = vm.find_attr(sequence, q!("__reversed__"))? {
        return match found {
            Found::Value(f) => vm.call(f, &[]),
            Found::Method(f, this) => vm.call(f, &[this]),
        };
    }
    let left = vm.len(sequence)?;
    vm.new_obj(Reversed { header: Reversed::HEADER, sequence, left: Cell::new(left) })
}

fn reversed_next(vm: &Vm, this: Value) -> Res<Option<Value>> {
    let this = vm.expect::<Reversed>(this)?;
    let Some(at) = this.left.get().checked_sub(1) else { return Ok(None) };
    this.left.set(at);
    vm.subscr(this.sequence, Value::small(at as isize)).map(Some)
}
