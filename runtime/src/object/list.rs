//! The list type.

use core::cell::Cell;

use super::slice::Bounds;
use super::{Access, Args, Gc, Object, Param, Slice, text::not_step_one};
use crate::error::{INDEX_ERROR, Res, VALUE_ERROR};
use crate::heap::RawVec;
use crate::ops::{BinaryOp, UnaryOp};
use crate::print::{Print, PrintKind};
use crate::q;
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// A list.
    pub struct List: LIST { pub items: RawVec<Value>, }
}

py_type! {
    pub static LIST: "list" {
        new: list_new,
        print: list_print,
        unary: list_unary,
        binary: list_binary,
        subscr: list_subscr,
        iter: list_iter,
    }
    locals: {
        "append" => f2!(list_append),
        "clear" => f1!(list_clear),
        "copy" => f1!(list_copy),
        "count" => f2!(list_count),
        "extend" => f2!(list_extend),
        "index" => fv!(2, 4, list_index),
        "insert" => f3!(list_insert),
        "pop" => fv!(1, 2, list_pop),
        "remove" => f2!(list_remove),
        "reverse" => f1!(list_reverse),
        "sort" => fk!(1, 1, list_sort),
    }
}

fn list(vm: &Vm, v: Value) -> Res<Gc<List>> {
    vm.expect::<List>(v)
}

fn list_new(vm: &Vm, _ty: &'static super::Type, args: &Args<'_>) -> Res {
    args.check(vm, 0, 1)?;
    let list = vm.new_list(&[])?;
    if let Some(source) = args.get(0) {
        extend(vm, list, source)?;
    }
    Ok(list.into())
}

/// Appends what `source` yields.
fn extend(vm: &Vm, list: Gc<List>, source: Value) -> Res<()> {
    if let Some(items) = vm.plain_items(source) {
        return list.items.extend(vm, items);
    }
    if let Some(n) = vm.try_len(source)? {
        // The length is only a hint: a program may answer anything.
        list.items.reserve(vm, list.items.len().saturating_add(n.min(1 << 12)))?;
    }
    let it = vm.iter(source)?;
    while let Some(v) = vm.next(it)? {
        list.items.push(vm, v)?;
    }
    Ok(())
}

fn list_print(vm: &Vm, this: Value, p: &mut dyn Print, kind: PrintKind) -> Res<()> {
    let this = list(vm, this)?;
    let kind = if kind == PrintKind::Json { kind } else { PrintKind::Repr };
    p.write(b"[")?;
    let mut i = 0;
    while let Some(v) = this.items.get(i) {
        if i > 0 {
            p.str(", ")?;
        }
        vm.print_to(p, v, kind)?;
        i += 1;
    }
    p.write(b"]")
}

fn list_unary(vm: &Vm, op: UnaryOp, this: Value) -> Res {
    let this = list(vm, this)?;
    Ok(match op {
        UnaryOp::Bool => Value::bool(!this.items.is_empty()),
        UnaryOp::Len => Value::small(this.items.len() as isize),
        UnaryOp::SizeOf => {
            Value::small((size_of::<List>() + this.items.capacity() * size_of::<Value>()) as isize)
        }
        _ => Value::NOT_IMPLEMENTED,
    })
}

fn list_binary(vm: &Vm, op: BinaryOp, this: Value, other: Value) -> Res {
    let left = list(vm, this)?;
    match op {
        BinaryOp::Add => {
            let Some(right) = vm.native::<List>(other) else { return Ok(Value::NOT_IMPLEMENTED) };
            let n = left.items.len() + right.items.len();
            let sum = vm.new_list_with(n)?;
            sum.items.extend(vm, left.items.slice())?;
            sum.items.extend(vm, right.items.slice())?;
            Ok(sum.into())
        }
        BinaryOp::InAdd => {
            extend(vm, left, other)?;
            Ok(this)
        }
        BinaryOp::Mul | BinaryOp::RMul | BinaryOp::InMul => {
            let Some(n) = vm.try_int(other)? else { return Ok(Value::NOT_IMPLEMENTED) };
            let items = vm.repeated(left.items.slice(), n)?;
            if op == BinaryOp::InMul {
                left.items.replace_with(&items);
                return Ok(this);
            }
            vm.list_of(items)
        }
        BinaryOp::Equal
        | BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::More
        | BinaryOp::MoreEqual => match vm.native::<List>(other) {
            Some(right) => {
                let (a, b) = (|i| left.items.get(i), |i| right.items.get(i));
                vm.compare_items(op, a, b).map(Value::bool)
            }
            None => Ok(Value::NOT_IMPLEMENTED),
        },
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn list_subscr(vm: &Vm, this: Value, index: Value, access: Access) -> Res {
    let this = list(vm, this)?;
    if let Some(slice) = index.cast::<Slice>() {
        return sliced(vm, this, &slice, access);
    }
    let i = vm.get_index(&LIST, this.items.len(), index)?;
    match access {
        Access::Load => match this.items.get(i) {
            Some(v) => return Ok(v),
            None => return vm.raise(&INDEX_ERROR, "list index out of range"),
        },
        Access::Store(v) => {
            this.items.set(i, v);
        }
        Access::Delete => {
            this.items.remove(i);
        }
    }
    Ok(Value::NONE)
}

fn sliced(vm: &Vm, this: Gc<List>, slice: &Slice, access: Access) -> Res {
    let bounds = slice.bounds(vm, this.items.len())?;
    let source = match access {
        Access::Load => {
            let part = vm.new_list_with(bounds.count())?;
            for i in bounds.positions() {
                if let Some(v) = this.items.get(i) {
                    part.items.push(vm, v)?;
                }
            }
            return Ok(part.into());
        }
        Access::Store(v) => vm.sequence(v)?,
        Access::Delete => RawVec::new(),
    };
    let Some((from, to)) = bounds.range() else {
        return stepped(vm, &this.items, bounds, source, matches!(access, Access::Delete));
    };
    // The program may have shortened the list while it produced the source.
    let (from, to) = (from.min(this.items.len()), to.min(this.items.len()));
    let tail = RawVec::from_slice(vm, this.items.slice().get(to..).unwrap_or_default())?;
    this.items.reserve(vm, from + source.len() + tail.len())?;
    this.items.truncate(from);
    this.items.extend(vm, source.slice())?;
    this.items.extend(vm, tail.slice())?;
    Ok(Value::NONE)
}

/// Stores to every so many items, or deletes them.
fn stepped(
    vm: &Vm,
    items: &RawVec<Value>,
    bounds: Bounds,
    source: RawVec<Value>,
    delete: bool,
) -> Res {
    if !vm.beyond_stock() {
        return not_step_one(vm);
    }
    let n = bounds.count();
    if delete {
        let kept = RawVec::with_capacity(vm, items.len())?;
        for (i, v) in items.iter().enumerate() {
            if !bounds.contains(i) {
                kept.push(vm, v)?;
            }
        }
        items.replace_with(&kept);
    } else if source.len() == n {
        for (i, v) in bounds.positions().zip(source.iter()) {
            items.set(i, v);
        }
    } else {
        return vm.raise_fmt(
            &VALUE_ERROR,
            "attempt to assign sequence of size % to extended slice of size %",
            &[source.len().into(), n.into()],
        );
    }
    Ok(Value::NONE)
}

fn list_append(vm: &Vm, this: Value, v: Value) -> Res {
    list(vm, this)?.items.push(vm, v)?;
    Ok(Value::NONE)
}

fn list_clear(vm: &Vm, this: Value) -> Res {
    list(vm, this)?.items.clear();
    Ok(Value::NONE)
}

fn list_copy(vm: &Vm, this: Value) -> Res {
    Ok(vm.new_list(list(vm, this)?.items.slice())?.into())
}

fn list_count(vm: &Vm, this: Value, v: Value) -> Res {
    let this = list(vm, this)?;
    let (mut i, mut n) = (0, 0);
    while let Some(item) = this.items.get(i) {
        n += vm.eq(item, v)? as isize;
        i += 1;
    }
    Ok(Value::small(n))
}

fn list_extend(vm: &Vm, this: Value, source: Value) -> Res {
    extend(vm, list(vm, this)?, source)?;
    Ok(Value::NONE)
}

fn list_index(vm: &Vm, args: &[Value]) -> Res {
    let [this, v, range @ ..] = args else { return Ok(Value::NONE) };
    let this = list(vm, *this)?;
    vm.index_in(|i| this.items.get(i), this.items.len(), *v, range)
}

fn list_insert(vm: &Vm, this: Value, at: Value, v: Value) -> Res {
    let this = list(vm, this)?;
    let (at, len) = (vm.get_clamped(at)?, this.items.len());
    let at = if at < 0 { len.saturating_sub(at.unsigned_abs()) } else { at as usize };
    this.items.insert(vm, at, v)?;
    Ok(Value::NONE)
}

fn list_pop(vm: &Vm, args: &[Value]) -> Res {
    let (Some(&this), index) = (args.first(), args.get(1)) else { return Ok(Value::NONE) };
    let this = list(vm, this)?;
    if this.items.is_empty() {
        return vm.raise(&INDEX_ERROR, "pop from empty list");
    }
    let i = vm.get_index(&LIST, this.items.len(), index.copied().unwrap_or(Value::small(-1)))?;
    Ok(this.items.remove(i).unwrap_or(Value::NONE))
}

fn list_remove(vm: &Vm, this: Value, v: Value) -> Res {
    let this = list(vm, this)?;
    let i = vm.index_in(|i| this.items.get(i), this.items.len(), v, &[])?;
    this.items.remove(i.as_small().unwrap_or(0) as usize);
    Ok(Value::NONE)
}

fn list_reverse(vm: &Vm, this: Value) -> Res {
    let this = list(vm, this)?;
    reverse(&this);
    Ok(Value::NONE)
}

/// Turns the order of the items round.
pub fn reverse(list: &List) {
    let cells = list.items.cells();
    let (front, back) = cells.split_at(cells.len() / 2);
    for (a, b) in front.iter().zip(back.iter().rev()) {
        a.swap(b);
    }
}

/// `sort(*, key=None, reverse=False)`.
const SORT_PARAMS: [Param; 3] = [
    Param::required(q!("self")),
    Param::keyword(q!("key"), Value::NONE),
    Param::keyword(q!("reverse"), Value::FALSE),
];

fn list_sort(vm: &Vm, args: &Args<'_>) -> Res {
    let mut values = [Value::NONE; 3];
    args.parse(vm, &SORT_PARAMS, &mut values)?;
    let [this, key, reverse] = values;
    let this = list(vm, this)?;
    let sorted = vm.sorted(RawVec::from_slice(vm, this.items.slice())?, key, reverse)?;
    if sorted.len() != this.items.len() {
        return vm.raise(&VALUE_ERROR, "list modified during sort");
    }
    this.items.replace_with(&sorted);
    Ok(Value::NONE)
}

/// `sorted(iterable, *, key=None, reverse=False)`.
pub fn sorted(vm: &Vm, args: &Args<'_>) -> Res {
    let mut values = [Value::NONE; 3];
    args.parse(vm, &SORT_PARAMS, &mut values)?;
    let [source, key, reverse] = values;
    let items = vm.sorted(vm.sequence(source)?, key, reverse)?;
    vm.list_of(items)
}

object! {
    /// Iterator over a list.
    pub struct ListIter: LIST_ITER {
        list: Gc<List>,
        at: Cell<usize>,
    }
}

py_type! { pub static LIST_ITER: "iterator" { next: list_next, } flags: super::Type::ITERATOR, }

fn list_iter(vm: &Vm, this: Value) -> Res {
    let list = list(vm, this)?;
    vm.new_obj(ListIter::new(list))
}

impl ListIter {
    /// An iterator that is still to be put somewhere.
    pub(crate) fn new(list: Gc<List>) -> ListIter {
        ListIter { header: ListIter::HEADER, list, at: Cell::new(0) }
    }
}

fn list_next(_vm: &Vm, this: Value) -> Res<Option<Value>> {
    let Some(this) = this.cast::<ListIter>() else { return Ok(None) };
    let at = this.at.get();
    let item = this.list.items.get(at);
    // Once at the end it stays there, even if the list grows.
    this.at.set(if item.is_some() { at + 1 } else { usize::MAX });
    Ok(item)
}

impl Vm {
    /// A list of a copy of `items`.
    pub fn new_list(&self, items: &[Value]) -> Res<Gc<List>> {
        let items = RawVec::from_slice(self, items)?;
        self.alloc_obj(List { header: List::HEADER, items })
    }

    /// An empty list with room for `n` items.
    pub fn new_list_with(&self, n: usize) -> Res<Gc<List>> {
        let items = RawVec::with_capacity(self, n)?;
        self.alloc_obj(List { header: List::HEADER, items })
    }

    /// A list that takes `items` over.
    pub fn list_of(&self, items: RawVec<Value>) -> Res {
        self.new_obj(List { header: List::HEADER, items })
    }
}
