//! The types `dict` and `OrderedDict`. Both keep the order of insertion; they differ in
//! how they print and compare.

use core::cell::Cell;

use super::{Access, Args, Gc, Map, Object, Type};
use crate::error::{KEY_ERROR, Res, TYPE_ERROR, VALUE_ERROR};
use crate::ops::{BinaryOp, UnaryOp};
use crate::print::{Print, PrintKind};
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// A dict.
    pub struct Dict: DICT { pub map: Map, }
}

object! {
    /// An `OrderedDict`.
    pub struct OrderedDict: ORDERED_DICT, if crate::level::ORDERED_DICTS { pub map: Map, }
}

macro_rules! dict_type {
    ($NAME:ident: $name:literal, $new:expr $(, base: $base:path)?) => {
        py_type! {
            pub static $NAME: $name {
                new: $new,
                print: dict_print,
                unary: dict_unary,
                binary: dict_binary,
                subscr: dict_subscr,
                iter: dict_iter,
            }
            $(base: $base,)?
            locals: {
                "clear" => f1!(dict_clear),
                "copy" => f1!(dict_copy),
                #[cfg(feature = "core")]
                "fromkeys" => class_method!(fv!(2, 3, dict_fromkeys)),
                "get" => fv!(2, 3, dict_get),
                "items" => f1!(dict_items),
                "keys" => f1!(dict_keys),
                "pop" => fv!(2, 3, dict_pop),
                "popitem" => f1!(dict_popitem),
                "setdefault" => fv!(2, 3, dict_setdefault),
                "update" => fk!(1, 2, dict_update),
                "values" => f1!(dict_values),
                "__getitem__" => f2!(dict_getitem),
                "__setitem__" => f3!(dict_setitem),
                "__delitem__" => f2!(dict_delitem),
            }
        }
    };
}

dict_type!(DICT: "dict", dict_new);
dict_type!(ORDERED_DICT: "OrderedDict", ordered_new, base: DICT);

/// The map of a dict, an OrderedDict or an instance of a class derived from one.
pub fn map_of(vm: &Vm, v: Value) -> Option<&'static Map> {
    let v = vm.native_value(v);
    match v.cast::<Dict>() {
        Some(d) => Some(&d.get().map),
        None => v.cast::<OrderedDict>().map(|d| &d.get().map),
    }
}

fn this(vm: &Vm, v: Value) -> Res<&'static Map> {
    match map_of(vm, v) {
        Some(map) => Ok(map),
        None => vm.raise(&TYPE_ERROR, "argument has wrong type"),
    }
}

/// The map of a dict that the program may change.
fn changeable(vm: &Vm, v: Value) -> Res<&'static Map> {
    let map = this(vm, v)?;
    if map.is_fixed() { vm.raise_type(&TYPE_ERROR) } else { Ok(map) }
}

fn dict_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    super::check_count(vm, args.pos.len(), 0, 1)?;
    let d = vm.new_dict(0)?;
    update(vm, &d.get().map, args)?;
    Ok(d.into())
}

fn ordered_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    super::check_count(vm, args.pos.len(), 0, 1)?;
    let d = new_ordered(vm)?;
    update(vm, this(vm, d)?, args)?;
    Ok(d)
}

/// An empty OrderedDict.
pub fn new_ordered(vm: &Vm) -> Res {
    vm.new_obj(OrderedDict { header: OrderedDict::HEADER, map: Map::new() })
}

fn dict_print(vm: &Vm, v: Value, p: &mut dyn Print, kind: PrintKind) -> Res<()> {
    let map = this(vm, v)?;
    let json = kind == PrintKind::Json;
    let kind = if json { kind } else { PrintKind::Repr };
    let ordered = v.is::<OrderedDict>() && !json;
    if ordered {
        p.str("OrderedDict(")?;
    }
    p.write(b"{")?;
    let (mut at, mut sep) = (0, "");
    while let Some((k, v)) = map.next(&mut at) {
        p.str(sep)?;
        // The keys of a JSON object are strings.
        let quote = json && vm.str_or_bytes(k).is_none();
        if quote {
            p.str("\"")?;
        }
        vm.print_to(p, k, kind)?;
        p.str(if quote { "\": " } else { ": " })?;
        vm.print_to(p, v, kind)?;
        sep = ", ";
    }
    p.str(if ordered { "})" } else { "}" })
}

fn dict_unary(vm: &Vm, op: UnaryOp, v: Value) -> Res {
    let map = this(vm, v)?;
    Ok(match op {
        UnaryOp::Bool => Value::bool(!map.is_empty()),
        UnaryOp::Len => Value::small(map.len() as isize),
        UnaryOp::SizeOf => Value::small((size_of::<Dict>() + map.bytes()) as isize),
        _ => Value::NOT_IMPLEMENTED,
    })
}

fn dict_binary(vm: &Vm, op: BinaryOp, left: Value, right: Value) -> Res {
    let map = this(vm, left)?;
    if op == BinaryOp::Contains {
        return Ok(Value::bool(map.find(vm, right)?.is_some()));
    }
    let Some(other) = map_of(vm, right) else { return Ok(Value::NOT_IMPLEMENTED) };
    match op {
        BinaryOp::Equal => {
            let in_order = left.is::<OrderedDict>() && right.is::<OrderedDict>();
            equal(vm, map, other, in_order).map(Value::bool)
        }
        BinaryOp::Or => {
            let union = dict_copy(vm, left)?;
            merge(vm, this(vm, union)?, other)?;
            Ok(union)
        }
        BinaryOp::InOr => {
            merge(vm, changeable(vm, left)?, other)?;
            Ok(left)
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn equal(vm: &Vm, a: &Map, b: &Map, in_order: bool) -> Res<bool> {
    if a.len() != b.len() {
        return Ok(false);
    }
    vm.check_stack()?;
    let (mut at, mut at_b) = (0, 0);
    while let Some((k, v)) = a.next(&mut at) {
        let other = if in_order {
            match b.next(&mut at_b) {
                Some((k2, v2)) if vm.same_or_equal(k, k2)? => Some(v2),
                _ => None,
            }
        } else {
            b.get(vm, k)?
        };
        match other {
            Some(other) if vm.same_or_equal(v, other)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// Stores all pairs of `from` in `to`.
fn merge(vm: &Vm, to: &Map, from: &Map) -> Res<()> {
    if core::ptr::eq(to, from) {
        return Ok(());
    }
    let mut at = 0;
    while let Some((k, v)) = from.next(&mut at) {
        to.insert(vm, k, v)?;
    }
    Ok(())
}

/// `dict.update`: a mapping or pairs, then keywords.
fn update(vm: &Vm, to: &Map, args: &Args<'_>) -> Res<()> {
    if let Some(source) = args.get(0) {
        if let Some(from) = map_of(vm, source) {
            merge(vm, to, from)?;
        } else {
            let it = vm.iter(source)?;
            while let Some(pair) = vm.next(it)? {
                let pair = vm.sequence(pair)?;
                match *pair.slice() {
                    [k, v] => to.insert(vm, k, v)?,
                    _ => {
                        return vm.raise(&VALUE_ERROR, "dict update sequence has wrong length");
                    }
                }
            }
        }
    }
    for (k, v) in args.keywords() {
        to.insert(vm, k, v)?;
    }
    Ok(())
}

fn dict_subscr(vm: &Vm, v: Value, key: Value, access: Access) -> Res {
    match access {
        Access::Load => match this(vm, v)?.get(vm, key)? {
            Some(found) => Ok(found),
            None => vm.raise_arg(&KEY_ERROR, key),
        },
        Access::Store(value) => {
            changeable(vm, v)?.insert(vm, key, value)?;
            Ok(Value::NONE)
        }
        Access::Delete => match changeable(vm, v)?.remove(vm, key)? {
            Some(_) => Ok(Value::NONE),
            None => vm.raise_arg(&KEY_ERROR, key),
        },
    }
}

pub fn dict_getitem(vm: &Vm, v: Value, key: Value) -> Res {
    let found = dict_subscr(vm, v, key, Access::Load);
    #[cfg(feature = "cpython")]
    let found = crate::vm::or_missing(vm, v, key, found);
    found
}

fn dict_setitem(vm: &Vm, v: Value, key: Value, value: Value) -> Res {
    dict_subscr(vm, v, key, Access::Store(value))
}

fn dict_delitem(vm: &Vm, v: Value, key: Value) -> Res {
    dict_subscr(vm, v, key, Access::Delete)
}

fn dict_clear(vm: &Vm, v: Value) -> Res {
    changeable(vm, v)?.clear();
    Ok(Value::NONE)
}

fn dict_copy(vm: &Vm, v: Value) -> Res {
    let map = this(vm, v)?.copy(vm)?;
    if vm.native_value(v).is::<OrderedDict>() {
        vm.new_obj(OrderedDict { header: OrderedDict::HEADER, map })
    } else {
        vm.new_obj(Dict { header: Dict::HEADER, map })
    }
}

/// `fromkeys(iterable, value=None)`, a class method.
fn dict_fromkeys(vm: &Vm, args: &[Value]) -> Res {
    let [class, keys, rest @ ..] = args else { return Ok(Value::NONE) };
    let value = rest.first().copied().unwrap_or(Value::NONE);
    let d = vm.call(*class, &[])?;
    let it = vm.iter(*keys)?;
    while let Some(k) = vm.next(it)? {
        vm.set_subscr(d, k, Some(value))?;
    }
    Ok(d)
}

fn dict_get(vm: &Vm, args: &[Value]) -> Res {
    let [v, key, rest @ ..] = args else { return Ok(Value::NONE) };
    let found = this(vm, *v)?.get(vm, *key)?;
    Ok(found.or(rest.first().copied()).unwrap_or(Value::NONE))
}

fn dict_pop(vm: &Vm, args: &[Value]) -> Res {
    let [v, key, rest @ ..] = args else { return Ok(Value::NONE) };
    match changeable(vm, *v)?.remove(vm, *key)?.or(rest.first().copied()) {
        Some(found) => Ok(found),
        None => vm.raise_arg(&KEY_ERROR, *key),
    }
}

fn dict_setdefault(vm: &Vm, args: &[Value]) -> Res {
    let [v, key, rest @ ..] = args else { return Ok(Value::NONE) };
    let map = changeable(vm, *v)?;
    if let Some(found) = map.get(vm, *key)? {
        return Ok(found);
    }
    let value = rest.first().copied().unwrap_or(Value::NONE);
    map.insert(vm, *key, value)?;
    Ok(value)
}

fn dict_popitem(vm: &Vm, v: Value) -> Res {
    let map = changeable(vm, v)?;
    for i in (0..map.slots()).rev() {
        if let Some(key) = map.entry(i).and_then(|e| e.key) {
            let value = map.remove_at(i).unwrap_or(Value::NONE);
            return vm.new_tuple(&[key, value]);
        }
    }
    vm.raise(&KEY_ERROR, "popitem(): dictionary is empty")
}

fn dict_update(vm: &Vm, args: &Args<'_>) -> Res {
    let [v, rest @ ..] = args.pos else { return Ok(Value::NONE) };
    update(vm, changeable(vm, *v)?, &Args { pos: rest, kw: args.kw })?;
    Ok(Value::NONE)
}

/// Which part of the entries a view or iterator shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Items,
    Keys,
    Values,
}

object! {
    /// What `items`, `keys` and `values` give.
    struct DictView: DICT_VIEW {
        dict: Value,
        part: Part,
    }
}

object! {
    /// Iterator over a dict's entries.
    pub struct DictIter: DICT_ITER {
        dict: Value,
        at: Cell<usize>,
        part: Part,
    }
}

py_type! {
    static DICT_VIEW: "dict_view" {
        print: view_print,
        unary: view_unary,
        binary: view_binary,
        iter: view_iter,
    }
    flags: if crate::level::CPYTHON { Type::EQ_ANY } else { 0 },
}

py_type! { static DICT_ITER: "iterator" { next: dict_next, } flags: Type::ITERATOR, }

fn view(vm: &Vm, dict: Value, part: Part) -> Res {
    this(vm, dict)?;
    vm.new_obj(DictView { header: DictView::HEADER, dict, part })
}

fn dict_items(vm: &Vm, v: Value) -> Res {
    view(vm, v, Part::Items)
}

fn dict_keys(vm: &Vm, v: Value) -> Res {
    view(vm, v, Part::Keys)
}

fn dict_values(vm: &Vm, v: Value) -> Res {
    view(vm, v, Part::Values)
}

fn iterator(vm: &Vm, dict: Value, part: Part) -> Res {
    vm.new_obj(DictIter { header: DictIter::HEADER, dict, at: Cell::new(0), part })
}

fn dict_iter(vm: &Vm, v: Value) -> Res {
    iterator(vm, v, Part::Keys)
}

fn dict_next(vm: &Vm, v: Value) -> Res<Option<Value>> {
    let Some(it) = v.cast::<DictIter>() else { return Ok(None) };
    let map = this(vm, it.dict)?;
    let mut at = it.at.get();
    let Some((k, v)) = map.next(&mut at) else { return Ok(None) };
    it.at.set(at);
    Ok(Some(match it.part {
        Part::Items => vm.new_tuple(&[k, v])?,
        Part::Keys => k,
        Part::Values => v,
    }))
}

fn view_iter(vm: &Vm, v: Value) -> Res {
    let view = vm.expect::<DictView>(v)?;
    iterator(vm, view.dict, view.part)
}

fn view_print(vm: &Vm, v: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    let view = vm.expect::<DictView>(v)?;
    p.str(match view.part {
        Part::Items => "dict_items([",
        Part::Keys => "dict_keys([",
        Part::Values => "dict_values([",
    })?;
    let it = view_iter(vm, v)?;
    let mut sep = "";
    while let Some(item) = dict_next(vm, it)? {
        p.str(sep)?;
        vm.print_to(p, item, PrintKind::Repr)?;
        sep = ", ";
    }
    p.str("])")
}

fn view_unary(vm: &Vm, op: UnaryOp, v: Value) -> Res {
    let view = vm.expect::<DictView>(v)?;
    if op == UnaryOp::Hash {
        // Only a view of the values is hashable, by identity.
        return Ok(match view.part {
            Part::Values => Value::small((v.bits() >> 3) as isize),
            _ => Value::NOT_IMPLEMENTED,
        });
    }
    dict_unary(vm, op, view.dict)
}

fn view_binary(vm: &Vm, op: BinaryOp, v: Value, other: Value) -> Res {
    let view = vm.expect::<DictView>(v)?;
    match (op, view.part) {
        (BinaryOp::Contains, Part::Keys) => dict_binary(vm, op, view.dict, other),
        (_, Part::Keys | Part::Items) if crate::level::CPYTHON => view_as_set(vm, op, v, other),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// The operators of sets, on a copy of the view.
fn view_as_set(vm: &Vm, op: BinaryOp, v: Value, other: Value) -> Res {
    let as_set = |v: Value| vm.new_set(vm.sequence(v)?.slice());
    let slot = |op, a: Value, b: Value| match super::SET.slots.binary {
        Some(f) => f(vm, op, a, b),
        None => Ok(Value::NOT_IMPLEMENTED),
    };
    if op == BinaryOp::Contains {
        return slot(op, as_set(v)?, other);
    }
    let other_is_set = other.is::<DictView>() || super::set::set_map(other).is_some();
    match op.unreversed() {
        Some(plain) if other_is_set => slot(plain, as_set(other)?, as_set(v)?),
        None if other_is_set => slot(op, as_set(v)?, as_set(other)?),
        None if matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Sub | BinaryOp::Xor) => {
            slot(op, as_set(v)?, as_set(other)?)
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

impl Vm {
    /// An empty dict with room for `n` entries.
    pub fn new_dict(&self, n: usize) -> Res<Gc<Dict>> {
        let map = Map::with_capacity(self, n)?;
        self.alloc_obj(Dict { header: <Dict as Object>::HEADER, map })
    }
}
