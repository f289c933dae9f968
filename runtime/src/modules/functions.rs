//! The functions of `builtins` that need no knowledge of frames or files.

use crate::error::{ATTRIBUTE_ERROR, EOF_ERROR, Res, TYPE_ERROR, VALUE_ERROR};
use crate::num::fmt::Spec;
use crate::object::{Args, Found, Type, text};
use crate::ops::{BinaryOp, UnaryOp};
use crate::print::{Print, StrBuf};
use crate::q;
use crate::qstr::Qstr;
use crate::text::chars;
use crate::value::Value;
use crate::vm::Vm;

pub fn abs(vm: &Vm, v: Value) -> Res {
    vm.unary(UnaryOp::Abs, v)
}

/// Whether the truth of some item is `wanted`.
fn some(vm: &Vm, source: Value, wanted: bool) -> Res<bool> {
    let mut it = vm.walk(source)?;
    while let Some(item) = it.next(vm)? {
        if vm.is_true(item)? == wanted {
            return Ok(true);
        }
    }
    Ok(false)
}

pub fn all(vm: &Vm, source: Value) -> Res {
    Ok(Value::bool(!some(vm, source, false)?))
}

pub fn any(vm: &Vm, source: Value) -> Res {
    Ok(Value::bool(some(vm, source, true)?))
}

/// An integer with a prefix, in the base of a format letter.
fn in_base(vm: &Vm, v: Value, letter: u8) -> Res {
    if !vm.is_int(v) && v.as_bool().is_none() {
        vm.get_int(v)?;
    }
    let mut out = StrBuf::new(vm);
    let spec = Spec { alternate: true, kind: Some(letter), ..Spec::PLAIN };
    text::format::write_int(vm, &spec, v, &mut out)?;
    out.into_str()
}

pub fn bin(vm: &Vm, v: Value) -> Res {
    in_base(vm, v, b'b')
}

pub fn oct(vm: &Vm, v: Value) -> Res {
    in_base(vm, v, b'o')
}

pub fn hex(vm: &Vm, v: Value) -> Res {
    in_base(vm, v, b'x')
}

pub fn callable(vm: &Vm, v: Value) -> Res {
    // Every instance has the slot; only a class with `__call__` fills it.
    let callable = match vm.type_of(v).has(Type::CLASS) {
        true => vm.type_lookup(vm.type_of(v), q!("__call__")).is_some(),
        false => vm.is_callable(v),
    };
    Ok(Value::bool(callable))
}

pub fn chr(vm: &Vm, v: Value) -> Res {
    let c = vm.get_int(v)?;
    if !cfg!(feature = "unicode") {
        return match u8::try_from(c) {
            Ok(b) => vm.intern_char(&[b]),
            Err(_) => vm.raise(&VALUE_ERROR, "chr() arg not in range(256)"),
        };
    }
    match u32::try_from(c) {
        Ok(c) if c < 0x11_0000 => {
            let (bytes, n) = chars::encode(c);
            vm.intern_char(bytes.get(..n).unwrap_or_default())
        }
        _ => vm.raise(&VALUE_ERROR, "char not in range(0x110000)"),
    }
}

pub fn ord(vm: &Vm, v: Value) -> Res {
    let Some(text) = text::Text::of(vm, v) else {
        vm.get_str(v)?;
        return Ok(Value::NONE);
    };
    match (text.len(), text.bytes.first()) {
        (1, Some(_)) if text.is_wide() => Ok(Value::small(chars::decode(text.bytes, 0) as isize)),
        (1, Some(b)) => Ok(Value::small(*b as isize)),
        (n, _) => vm.raise_fmt(
            &TYPE_ERROR,
            "ord() expected a character, but string of length % found",
            &[n.into()],
        ),
    }
}

pub fn divmod(vm: &Vm, a: Value, b: Value) -> Res {
    vm.binary(BinaryOp::DivMod, a, b)
}

pub fn hash(vm: &Vm, v: Value) -> Res {
    Ok(Value::small(vm.hash(v)? as isize))
}

pub fn id(vm: &Vm, v: Value) -> Res {
    vm.new_uint(v.bits() as u64)
}

pub fn iter(vm: &Vm, v: Value) -> Res {
    vm.iter(v)
}

/// `next(iterator, default)`.
pub fn next(vm: &Vm, args: &[Value]) -> Res {
    let [it, rest @ ..] = args else { return Ok(Value::NONE) };
    vm.stop_value.set(Value::NONE);
    match (vm.next(*it)?, rest.first()) {
        (Some(v), _) => Ok(v),
        (None, Some(default)) => {
            vm.stop_value.set(Value::NONE);
            Ok(*default)
        }
        (None, None) => vm.raise_stop(),
    }
}

/// `min` and `max`: the item that `op` prefers to the others.
fn best(vm: &Vm, args: &Args<'_>, op: BinaryOp) -> Res {
    let (mut key, mut default) = (None, None);
    for (name, value) in args.keywords() {
        if vm.name_is(name, q!("key")) {
            key = Some(value).filter(|v| !v.is_none());
        } else if vm.name_is(name, q!("default")) {
            default = Some(value);
        } else {
            return vm.raise(&TYPE_ERROR, "extra keyword arguments given");
        }
    }
    let mut best: Option<(Value, Value)> = None;
    let mut take = |item: Value| -> Res<()> {
        let k = match key {
            Some(f) => vm.call(f, &[item])?,
            None => item,
        };
        let better = match best {
            Some((_, best_key)) => vm.compare(op, k, best_key)?,
            None => true,
        };
        if better {
            best = Some((item, k));
        }
        Ok(())
    };
    match args.pos {
        [source] => {
            let mut it = vm.walk(*source)?;
            while let Some(item) = it.next(vm)? {
                take(item)?;
            }
        }
        items => {
            for item in items {
                take(*item)?;
            }
        }
    }
    match best.map(|b| b.0).or(default) {
        Some(v) => Ok(v),
        None => vm.raise(&VALUE_ERROR, "arg is an empty sequence"),
    }
}

pub fn max(vm: &Vm, args: &Args<'_>) -> Res {
    best(vm, args, BinaryOp::More)
}

pub fn min(vm: &Vm, args: &Args<'_>) -> Res {
    best(vm, args, BinaryOp::Less)
}

/// `sum(iterable, start)`.
pub fn sum(vm: &Vm, args: &[Value]) -> Res {
    let [source, rest @ ..] = args else { return Ok(Value::NONE) };
    let mut total = rest.first().copied().unwrap_or(Value::small(0));
    let mut it = vm.walk(*source)?;
    while let Some(item) = it.next(vm)? {
        total = vm.binary(BinaryOp::Add, total, item)?;
    }
    Ok(total)
}

/// `getattr(object, name, default)`.
pub fn getattr(vm: &Vm, args: &[Value]) -> Res {
    let [v, name, rest @ ..] = args else { return Ok(Value::NONE) };
    let name = vm.get_qstr(*name)?;
    match rest.first() {
        None => vm.getattr(*v, name),
        Some(default) => Ok(attr_or_none(vm, *v, name)?.unwrap_or(*default)),
    }
}

/// The attribute; nothing also if looking for it raises AttributeError.
fn attr_or_none(vm: &Vm, v: Value, name: Qstr) -> Res<Option<Value>> {
    match vm.try_getattr(v, name) {
        Err(r) if vm.raised_is(&r, &ATTRIBUTE_ERROR) => {
            vm.take_exception(r);
            Ok(None)
        }
        found => found,
    }
}

pub fn hasattr(vm: &Vm, v: Value, name: Value) -> Res {
    let name = vm.get_qstr(name)?;
    Ok(Value::bool(attr_or_none(vm, v, name)?.is_some()))
}

pub fn setattr(vm: &Vm, v: Value, name: Value, value: Value) -> Res {
    vm.setattr(v, vm.get_qstr(name)?, Some(value))?;
    Ok(Value::NONE)
}

pub fn delattr(vm: &Vm, v: Value, name: Value) -> Res {
    vm.setattr(v, vm.get_qstr(name)?, None)?;
    Ok(Value::NONE)
}

/// Names on which `v` has an attribute, by trying all there are.
pub fn dir_of(vm: &Vm, v: Value) -> Res {
    if let Some(Found::Method(f, this)) = vm.find_attr(v, q!("__dir__"))? {
        return vm.call(f, &[this]);
    }
    let names = vm.new_list_with(0)?;
    for i in (1..vm.qstr_count()).chain(vm.qstrs.added().numbers()) {
        let name = Qstr::from_index(i);
        if attr_or_none(vm, v, name)?.is_some() {
            names.items.push(vm, Value::qstr(name))?;
        }
    }
    Ok(names.into())
}

/// `format(value, spec)`.
pub fn format(vm: &Vm, args: &[Value]) -> Res {
    let [v, rest @ ..] = args else { return Ok(Value::NONE) };
    let spec = match rest.first() {
        Some(s) => vm.get_str(*s)?,
        None => b"",
    };
    if spec.is_empty() { vm.str(*v) } else { vm.format(*v, spec) }
}

/// `__repl_print__(value)`: what an interactive statement shows.
pub fn repl_print(vm: &Vm, v: Value) -> Res {
    if !v.is_none() {
        let mut out = crate::print::Stdout(vm);
        vm.print_to(&mut out, v, crate::print::PrintKind::Repr)?;
        out.write(b"\n")?;
    }
    Ok(Value::NONE)
}

/// `input(prompt)`: a line of standard input without its end. Errors: EOFError.
pub fn input(vm: &Vm, args: &[Value]) -> Res {
    if let Some(prompt) = args.first() {
        vm.print_to(&mut crate::print::Stdout(vm), *prompt, crate::print::PrintKind::Str)?;
    }
    let mut line = StrBuf::new(vm);
    let mut byte = [0];
    let mut any = false;
    while vm.port().stdin(&mut byte) > 0 {
        any = true;
        match byte {
            [b'\n'] => break,
            [b'\r'] => {}
            [b] => line.push(b)?,
        }
    }
    // A key that interrupts ends the line as well.
    vm.poll()?;
    if any { line.into_str() } else { vm.raise_type(&EOF_ERROR) }
}
