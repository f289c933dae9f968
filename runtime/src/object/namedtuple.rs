//! `namedtuple`: tuples whose type knows a name for each position.
//!
//! The type is a heap object like a class. Its table of names holds, for each
//! field, the position as a small int.

use super::text::Text;
use super::tuple::{tuple_binary, tuple_iter, tuple_subscr, tuple_unary};
use super::{Args, Found, Object, Row, Slots, TUPLE, Type};
use crate::error::{ATTRIBUTE_ERROR, Res, TYPE_ERROR, VALUE_ERROR};
use crate::heap::{Elem, RawVec};
use crate::print::{Print, PrintKind};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

impl Elem for Qstr {
    const LEAF: bool = true;
}

static SLOTS: Slots = Slots {
    new: Some(new),
    print: Some(print),
    unary: Some(tuple_unary),
    binary: Some(tuple_binary),
    getattr: Some(getattr),
    setattr: Some(setattr),
    subscr: Some(tuple_subscr),
    iter: Some(tuple_iter),
    ..Slots::EMPTY
};

/// `namedtuple(name, fields)`: `fields` a sequence of names, or names in one string.
pub fn namedtuple(vm: &Vm, name: Value, fields: Value) -> Res {
    let name = vm.get_qstr(name)?;
    let fields = match Text::of(vm, fields) {
        Some(_) => super::text::split(vm, &[fields])?,
        None => fields,
    };
    let fields = vm.sequence(fields)?;
    let names = RawVec::with_capacity(vm, fields.len())?;
    for field in fields.iter() {
        names.push(vm, vm.get_qstr(field)?)?;
    }
    vm.named_tuple_type(name, names.slice())
}

/// Position of a field.
fn position(ty: &Type, name: Qstr) -> Option<usize> {
    ty.local(name)?.as_small().map(|i| i as usize)
}

/// The name of field `i`.
fn field(ty: &Type, i: usize) -> Option<Qstr> {
    let row = ty.locals.iter().find(|row| { row.value } == Value::small(i as isize))?;
    Some(row.name)
}

fn new(vm: &Vm, ty: &'static Type, args: &Args<'_>) -> Res {
    let n = ty.locals.len();
    let given = args.pos.len() + args.kw.len() / 2;
    if given != n {
        return vm.raise_fmt(
            &TYPE_ERROR,
            "%() takes % positional arguments but % were given",
            &[ty.into(), n.into(), given.into()],
        );
    }
    let tuple = vm.new_tuple_of(ty, n, |cells| {
        for (cell, v) in cells.iter().zip(args.pos) {
            cell.set(*v);
        }
        for (i, (key, value)) in args.keywords().enumerate() {
            let name = vm.get_qstr(key)?;
            let Some(at) = position(ty, name) else {
                let name = &[name.into()];
                return vm.raise_fmt(&TYPE_ERROR, "unexpected keyword argument '%'", name);
            };
            let twice = args.keywords().take(i).any(|(k, _)| vm.name_is(k, name));
            if at < args.pos.len() || twice {
                return vm.raise_fmt(
                    &TYPE_ERROR,
                    "function got multiple values for argument '%'",
                    &[name.into()],
                );
            }
            if let Some(cell) = cells.get(at) {
                cell.set(value);
            }
        }
        Ok(())
    })?;
    Ok(tuple.into())
}

fn print(vm: &Vm, this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    let this = vm.native_value(this);
    let ty = vm.type_of(this);
    p.write(vm.qstr_bytes(ty.name))?;
    vm.print_fields(p, this, |i| field(ty, i).unwrap_or(Qstr::EMPTY))
}

fn getattr(vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    let this = vm.native_value(this);
    let ty = vm.type_of(this);
    if name == q!("_asdict") {
        return Ok(Some(Found::Method(f1!(as_dict), this)));
    }
    let items = vm.tuple_items(this).unwrap_or_default();
    Ok(position(ty, name).and_then(|i| items.get(i)).map(|v| Found::Value(*v)))
}

fn setattr(vm: &Vm, _this: Value, _name: Qstr, _value: Option<Value>) -> Res<bool> {
    vm.raise(&ATTRIBUTE_ERROR, "can't set attribute")
}

fn as_dict(vm: &Vm, this: Value) -> Res {
    let this = vm.native_value(this);
    let ty = vm.type_of(this);
    let dict = super::dict::new_ordered(vm)?;
    for (i, v) in vm.tuple_items(this).unwrap_or_default().iter().enumerate() {
        if let Some(name) = field(ty, i) {
            vm.set_subscr(dict, Value::qstr(name), Some(*v))?;
        }
    }
    Ok(dict)
}

impl Vm {
    /// A new named tuple type. Errors: ValueError for a name that occurs twice.
    pub fn named_tuple_type(&self, name: Qstr, fields: &[Qstr]) -> Res {
        let table = RawVec::with_capacity(self, fields.len())?;
        for (i, q) in fields.iter().enumerate() {
            let at = table.iter().position(|row: Row| row.name >= *q).unwrap_or(i);
            if table.get(at).is_some_and(|row| row.name == *q) {
                let name = &[(*q).into()];
                return self.raise_fmt(&VALUE_ERROR, "encountered duplicate field name: '%'", name);
            }
            table.insert(self, at, Row::new(*q, Value::small(i as isize)))?;
        }
        let ty = Type { locals: table.slice(), ..Type::new(name, &SLOTS).with_flags(Type::FIELDS) };
        self.new_obj(Type { header: Type::HEADER, ..ty.with_base(&TUPLE).with_flags(Type::EQ_ANY) })
    }

    /// Prints `(name=item, …)` for the items of a tuple.
    pub fn print_fields(
        &self,
        p: &mut dyn Print,
        tuple: Value,
        name: impl Fn(usize) -> Qstr,
    ) -> Res<()> {
        p.str("(")?;
        for (i, v) in self.tuple_items(tuple).unwrap_or_default().iter().enumerate() {
            if i > 0 {
                p.str(", ")?;
            }
            p.write(self.qstr_bytes(name(i)))?;
            p.str("=")?;
            self.print_to(p, *v, PrintKind::Repr)?;
        }
        p.str(")")
    }
}
