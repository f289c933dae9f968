//! The types `set` and `frozenset`: maps whose values are None.

use core::cell::Cell;

use super::{Args, Map, Object, Type};
use crate::error::{KEY_ERROR, Res, TYPE_ERROR};
use crate::ops::{BinaryOp, UnaryOp};
use crate::print::{Print, PrintKind};
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// A set.
    pub struct Set: SET, if crate::level::SETS { map: Map, }
}

object! {
    /// A frozenset.
    pub struct FrozenSet: FROZENSET, if crate::level::SETS { map: Map, }
}

py_type! {
    pub static SET: "set" {
        new: set_new,
        print: set_print,
        unary: set_unary,
        binary: set_binary,
        iter: set_iter,
    }
    locals: {
        "add" => f2!(set_add),
        "clear" => f1!(set_clear),
        "copy" => f1!(set_copy),
        "discard" => f2!(set_discard),
        "difference" => fv!(1, usize::MAX, set_difference),
        "difference_update" => fv!(1, usize::MAX, set_difference_update),
        "intersection" => f2!(set_intersection),
        "intersection_update" => f2!(set_intersection_update),
        "isdisjoint" => f2!(set_isdisjoint),
        "issubset" => f2!(set_issubset),
        "issuperset" => f2!(set_issuperset),
        "pop" => f1!(set_pop),
        "remove" => f2!(set_remove),
        "symmetric_difference" => f2!(set_symmetric_difference),
        "symmetric_difference_update" => f2!(set_symmetric_difference_update),
        "union" => f2!(set_union),
        "update" => fv!(1, usize::MAX, set_update),
        "__contains__" => f2!(set_contains),
    }
}

py_type! {
    pub static FROZENSET: "frozenset" {
        new: frozenset_new,
        print: set_print,
        unary: set_unary,
        binary: set_binary,
        iter: set_iter,
    }
    flags: Type::EQ_ANY,
    locals: {
        "copy" => f1!(set_copy),
        "difference" => fv!(1, usize::MAX, set_difference),
        "intersection" => f2!(set_intersection),
        "isdisjoint" => f2!(set_isdisjoint),
        "issubset" => f2!(set_issubset),
        "issuperset" => f2!(set_issuperset),
        "symmetric_difference" => f2!(set_symmetric_difference),
        "union" => f2!(set_union),
        "__contains__" => f2!(set_contains),
    }
}

/// The map of a set or frozenset.
fn map_of(vm: &Vm, v: Value) -> Option<&'static Map> {
    let v = vm.native_value(v);
    match v.cast::<Set>() {
        Some(s) => Some(&s.get().map),
        None => v.cast::<FrozenSet>().map(|s| &s.get().map),
    }
}

fn this(vm: &Vm, v: Value) -> Res<&'static Map> {
    match map_of(vm, v) {
        Some(map) => Ok(map),
        None => vm.raise(&TYPE_ERROR, "argument has wrong type"),
    }
}

fn add(vm: &Vm, map: &Map, item: Value) -> Res<()> {
    map.insert(vm, item, Value::NONE)
}

/// Adds what `source` yields.
fn add_all(vm: &Vm, map: &Map, source: Value) -> Res<()> {
    if let Some(from) = map_of(vm, source) {
        let mut at = 0;
        while let Some((item, _)) = from.next(&mut at) {
            add(vm, map, item)?;
        }
        return Ok(());
    }
    let it = vm.iter(source)?;
    while let Some(item) = vm.next(it)? {
        add(vm, map, item)?;
    }
    Ok(())
}

/// A new set with the items of `source`.
fn collect(vm: &Vm, source: Value) -> Res<Map> {
    match map_of(vm, source) {
        Some(map) => map.copy(vm),
        None => {
            let map = Map::new();
            add_all(vm, &map, source)?;
            Ok(map)
        }
    }
}

fn set_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 0, 1)?;
    let map = args.get(0).map_or_else(|| Ok(Map::new()), |source| collect(vm, source))?;
    vm.set_of(map)
}

fn frozenset_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 0, 1)?;
    if let Some(source) = args.get(0).filter(|s| s.is::<FrozenSet>()) {
        return Ok(source);
    }
    let map = args.get(0).map_or_else(|| Ok(Map::new()), |source| collect(vm, source))?;
    frozen(vm, map)
}

fn frozen(vm: &Vm, map: Map) -> Res {
    vm.new_obj(FrozenSet { header: FrozenSet::HEADER, map })
}

/// A new set of the same kind as `like`.
fn same_kind(vm: &Vm, like: Value, map: Map) -> Res {
    if vm.native_value(like).is::<FrozenSet>() { frozen(vm, map) } else { vm.set_of(map) }
}

fn set_print(vm: &Vm, v: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    let map = this(vm, v)?;
    let is_frozen = vm.native_value(v).is::<FrozenSet>();
    if map.is_empty() {
        return p.str(if is_frozen { "frozenset()" } else { "set()" });
    }
    p.str(if is_frozen { "frozenset({" } else { "{" })?;
    let (mut at, mut sep) = (0, "");
    while let Some((item, _)) = map.next(&mut at) {
        p.str(sep)?;
        vm.print_to(p, item, PrintKind::Repr)?;
        sep = ", ";
    }
    p.str(if is_frozen { "})" } else { "}" })
}

fn set_unary(vm: &Vm, op: UnaryOp, v: Value) -> Res {
    let map = this(vm, v)?;
    Ok(match op {
        UnaryOp::Bool => Value::bool(!map.is_empty()),
        UnaryOp::Len => Value::small(map.len() as isize),
        UnaryOp::Hash if vm.native_value(v).is::<FrozenSet>() => {
            // Equal sets may hold their items in different order.
            let (mut at, mut sum) = (0, 0x00F5_7A3Busize);
            while let Some((item, _)) = map.next(&mut at) {
                let h = vm.hash(item)?;
                sum = sum.wrapping_add((h ^ (h >> 5)).wrapping_mul(0x9E37_79B1));
            }
            Value::small(sum as isize)
        }
        _ => Value::NOT_IMPLEMENTED,
    })
}

/// Whether all items of `a` are in `b`.
fn is_subset(vm: &Vm, a: &Map, b: &Map) -> Res<bool> {
    if a.len() > b.len() {
        return Ok(false);
    }
    let mut at = 0;
    while let Some((item, _)) = a.next(&mut at) {
        if b.find(vm, item)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn set_binary(vm: &Vm, op: BinaryOp, left: Value, right: Value) -> Res {
    let a = this(vm, left)?;
    if op == BinaryOp::Contains {
        return Ok(Value::bool(a.find(vm, right)?.is_some()));
    }
    let Some(b) = map_of(vm, right) else { return Ok(Value::NOT_IMPLEMENTED) };
    let answer = match op {
        BinaryOp::Equal => a.len() == b.len() && is_subset(vm, a, b)?,
        BinaryOp::Less => a.len() < b.len() && is_subset(vm, a, b)?,
        BinaryOp::LessEqual => is_subset(vm, a, b)?,
        BinaryOp::More => a.len() > b.len() && is_subset(vm, b, a)?,
        BinaryOp::MoreEqual => is_subset(vm, b, a)?,
        _ => {
            let map = match op.plain() {
                BinaryOp::Or => {
                    let map = a.copy(vm)?;
                    add_all(vm, &map, right)?;
                    map
                }
                BinaryOp::And => filtered(vm, a, b, true)?,
                BinaryOp::Sub => filtered(vm, a, b, false)?,
                BinaryOp::Xor => symmetric(vm, a, b)?,
                _ => return Ok(Value::NOT_IMPLEMENTED),
            };
            if op.is_in_place()
                && let Some(set) = vm.native::<Set>(left)
            {
                set.get().map.replace_with(&map);
                return Ok(left);
            }
            return same_kind(vm, left, map);
        }
    };
    Ok(Value::bool(answer))
}

/// The items of `a` that are (`keep`), or are not, in `b`.
fn filtered(vm: &Vm, a: &Map, b: &Map, keep: bool) -> Res<Map> {
    let map = Map::new();
    let mut at = 0;
    while let Some((item, _)) = a.next(&mut at) {
        if b.find(vm, item)?.is_some() == keep {
            add(vm, &map, item)?;
        }
    }
    Ok(map)
}

fn symmetric(vm: &Vm, a: &Map, b: &Map) -> Res<Map> {
    let map = filtered(vm, a, b, false)?;
    let mut at = 0;
    while let Some((item, _)) = b.next(&mut at) {
        if a.find(vm, item)?.is_none() {
            add(vm, &map, item)?;
        }
    }
    Ok(map)
}

fn set_contains(vm: &Vm, v: Value, item: Value) -> Res {
    Ok(Value::bool(this(vm, v)?.find(vm, item)?.is_some()))
}

fn set_add(vm: &Vm, v: Value, item: Value) -> Res {
    add(vm, this(vm, v)?, item)?;
    Ok(Value::NONE)
}

fn set_clear(vm: &Vm, v: Value) -> Res {
    this(vm, v)?.clear();
    Ok(Value::NONE)
}

fn set_copy(vm: &Vm, v: Value) -> Res {
    same_kind(vm, v, this(vm, v)?.copy(vm)?)
}

fn set_discard(vm: &Vm, v: Value, item: Value) -> Res {
    this(vm, v)?.remove(vm, item)?;
    Ok(Value::NONE)
}

fn set_remove(vm: &Vm, v: Value, item: Value) -> Res {
    match this(vm, v)?.remove(vm, item)? {
        Some(_) => Ok(Value::NONE),
        None => vm.raise_arg(&KEY_ERROR, item),
    }
}

fn set_pop(vm: &Vm, v: Value) -> Res {
    let map = this(vm, v)?;
    for i in 0..map.slots() {
        if let Some(key) = map.entry(i).and_then(|e| e.key) {
            map.remove_at(i);
            return Ok(key);
        }
    }
    vm.raise(&KEY_ERROR, "pop from an empty set")
}

fn set_difference(vm: &Vm, args: &[Value]) -> Res {
    let [v, others @ ..] = args else { return Ok(Value::NONE) };
    let map = this(vm, *v)?.copy(vm)?;
    remove_all(vm, &map, others)?;
    same_kind(vm, *v, map)
}

fn set_difference_update(vm: &Vm, args: &[Value]) -> Res {
    let [v, others @ ..] = args else { return Ok(Value::NONE) };
    remove_all(vm, this(vm, *v)?, others)?;
    Ok(Value::NONE)
}

fn remove_all(vm: &Vm, map: &Map, others: &[Value]) -> Res<()> {
    for other in others {
        // The other one may be the set itself.
        let items = vm.sequence(*other)?;
        for item in items.iter() {
            map.remove(vm, item)?;
        }
    }
    Ok(())
}

fn set_intersection(vm: &Vm, v: Value, other: Value) -> Res {
    let map = filtered(vm, this(vm, v)?, &collect(vm, other)?, true)?;
    same_kind(vm, v, map)
}

fn set_intersection_update(vm: &Vm, v: Value, other: Value) -> Res {
    let map = this(vm, v)?;
    map.replace_with(&filtered(vm, map, &collect(vm, other)?, true)?);
    Ok(Value::NONE)
}

fn set_isdisjoint(vm: &Vm, v: Value, other: Value) -> Res {
    let map = this(vm, v)?;
    let it = vm.iter(other)?;
    while let Some(item) = vm.next(it)? {
        if map.find(vm, item)?.is_some() {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

fn set_issubset(vm: &Vm, v: Value, other: Value) -> Res {
    is_subset(vm, this(vm, v)?, &collect(vm, other)?).map(Value::bool)
}

fn set_issuperset(vm: &Vm, v: Value, other: Value) -> Res {
    is_subset(vm, &collect(vm, other)?, this(vm, v)?).map(Value::bool)
}

fn set_symmetric_difference(vm: &Vm, v: Value, other: Value) -> Res {
    let map = symmetric(vm, this(vm, v)?, &collect(vm, other)?)?;
    same_kind(vm, v, map)
}

fn set_symmetric_difference_update(vm: &Vm, v: Value, other: Value) -> Res {
    let map = this(vm, v)?;
    map.replace_with(&symmetric(vm, map, &collect(vm, other)?)?);
    Ok(Value::NONE)
}

fn set_union(vm: &Vm, v: Value, other: Value) -> Res {
    let map = this(vm, v)?.copy(vm)?;
    add_all(vm, &map, other)?;
    same_kind(vm, v, map)
}

fn set_update(vm: &Vm, args: &[Value]) -> Res {
    let [v, others @ ..] = args else { return Ok(Value::NONE) };
    let map = this(vm, *v)?;
    for other in others {
        add_all(vm, map, *other)?;
    }
    Ok(Value::NONE)
}

object! {
    /// Iterator over a set.
    struct SetIter: SET_ITER {
        set: Value,
        at: Cell<usize>,
    }
}

py_type! { static SET_ITER: "iterator" { next: set_next, } flags: Type::ITERATOR, }

/// The items of an exact set or frozenset.
pub fn set_map(v: Value) -> Option<&'static Map> {
    match v.cast::<Set>() {
        Some(set) => Some(&set.get().map),
        None => v.cast::<FrozenSet>().map(|set| &set.get().map),
    }
}

fn set_iter(vm: &Vm, v: Value) -> Res {
    vm.new_obj(SetIter { header: SetIter::HEADER, set: v, at: Cell::new(0) })
}

fn set_next(vm: &Vm, v: Value) -> Res<Option<Value>> {
    let Some(it) = v.cast::<SetIter>() else { return Ok(None) };
    let mut at = it.at.get();
    let item = this(vm, it.set)?.next(&mut at);
    it.at.set(at);
    Ok(item.map(|(k, _)| k))
}

impl Vm {
    /// A set that takes `map` over.
    fn set_of(&self, map: Map) -> Res {
        self.new_obj(Set { header: Set::HEADER, map })
    }

    /// A set of `items`. Errors: TypeError for unhashable ones.
    pub fn new_set(&self, items: &[Value]) -> Res {
        if !crate::level::SETS {
            return self.raise_type(&crate::error::NOT_IMPLEMENTED_ERROR);
        }
        let map = Map::with_capacity(self, items.len())?;
        for item in items {
            add(self, &map, *item)?;
        }
        self.set_of(map)
    }

    /// Adds to a set, as a comprehension does.
    pub fn set_add(&self, set: Value, item: Value) -> Res<()> {
        add(self, this(self, set)?, item)
    }
}
