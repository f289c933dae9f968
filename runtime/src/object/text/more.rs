//! Methods of strings that CPython has and MicroPython does not. Letters are ASCII's, as
//! everywhere here.

use super::case::padded;
use super::format;
use super::view::Text;
use crate::error::{KEY_ERROR, LOOKUP_ERROR, Res, TYPE_ERROR, VALUE_ERROR};
use crate::print::{Print, StrBuf};
use crate::text::chars;
use crate::value::Value;
use crate::vm::Vm;

/// Each byte mapped, given the one before it.
fn mapped(vm: &Vm, this: Value, map: fn(u8, Option<u8>) -> u8) -> Res {
    let this = Text::this(vm, this)?;
    let mut out = StrBuf::with_capacity(vm, this.bytes.len())?;
    let mut before = None;
    for &b in this.bytes {
        out.push(map(b, before))?;
        before = Some(b);
    }
    this.finish(vm, out)
}

fn is_letter(b: Option<u8>) -> bool {
    b.is_some_and(|b| b.is_ascii_alphabetic())
}

fn flipped(b: u8) -> u8 {
    if b.is_ascii_alphabetic() { b ^ 0x20 } else { b }
}

/// `capitalize()`.
pub fn capitalize(vm: &Vm, this: Value) -> Res {
    mapped(vm, this, |b, before| match before {
        None => b.to_ascii_uppercase(),
        Some(_) => b.to_ascii_lowercase(),
    })
}

/// `title()`: a letter after anything but a letter is a capital.
pub fn title(vm: &Vm, this: Value) -> Res {
    mapped(vm, this, |b, before| {
        if is_letter(before) { b.to_ascii_lowercase() } else { b.to_ascii_uppercase() }
    })
}

/// `swapcase()`.
pub fn swapcase(vm: &Vm, this: Value) -> Res {
    mapped(vm, this, |b, _| flipped(b))
}

/// `istitle()`.
pub fn istitle(vm: &Vm, this: Value) -> Res {
    let this = Text::this(vm, this)?;
    let (mut before, mut any) = (None, false);
    for &b in this.bytes {
        if is_letter(Some(b)) {
            if b.is_ascii_uppercase() == is_letter(before) {
                return Ok(Value::FALSE);
            }
            any = true;
        }
        before = Some(b);
    }
    Ok(Value::bool(any))
}

/// `isalnum()`.
pub fn isalnum(vm: &Vm, this: Value) -> Res {
    let this = Text::this(vm, this)?;
    Ok(Value::bool(!this.is_empty() && this.bytes.iter().all(u8::is_ascii_alphanumeric)))
}

/// `isascii()`.
pub fn isascii(vm: &Vm, this: Value) -> Res {
    Ok(Value::bool(Text::this(vm, this)?.bytes.is_ascii()))
}

/// `isprintable()`: characters beyond ASCII are taken for printable.
pub fn isprintable(vm: &Vm, this: Value) -> Res {
    let this = Text::this(vm, this)?;
    Ok(Value::bool(!this.bytes.iter().any(u8::is_ascii_control)))
}

/// `isidentifier()`: characters beyond ASCII are taken for letters.
pub fn isidentifier(vm: &Vm, this: Value) -> Res {
    let this = Text::this(vm, this)?;
    let starts = this.bytes.first().is_some_and(|b| !b.is_ascii_digit());
    let inside = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || !b.is_ascii();
    Ok(Value::bool(starts && this.bytes.iter().all(inside)))
}

/// `ljust(width, fill)`.
pub fn ljust(vm: &Vm, args: &[Value]) -> Res {
    padded(vm, args, |_, _| 0)
}

/// `rjust(width, fill)`.
pub fn rjust(vm: &Vm, args: &[Value]) -> Res {
    padded(vm, args, |pad, _| pad)
}

/// `zfill(width)`: the zeros follow a sign.
pub fn zfill(vm: &Vm, this: Value, width: Value) -> Res {
    let this = Text::this(vm, this)?;
    let width = usize::try_from(vm.get_int(width)?).unwrap_or(0);
    let pad = width.saturating_sub(this.len());
    let sign = matches!(this.bytes.first(), Some(b'+' | b'-')) as usize;
    let (sign, digits) = this.bytes.split_at(sign);
    let mut out = StrBuf::with_capacity(vm, pad.saturating_add(this.bytes.len()))?;
    out.write(sign)?;
    for _ in 0..pad {
        out.push(b'0')?;
    }
    out.write(digits)?;
    this.finish(vm, out)
}

/// `expandtabs(size=8)`.
pub fn expandtabs(vm: &Vm, args: &[Value]) -> Res {
    let [this, size @ ..] = args else { return Ok(Value::NONE) };
    let this = Text::this(vm, *this)?;
    let size = size.first().map_or(Ok(8), |v| vm.get_int(*v))?;
    let size = usize::try_from(size).unwrap_or(0);
    let mut out = StrBuf::new(vm);
    let mut column = 0usize;
    for &b in this.bytes {
        match b {
            b'\t' if size == 0 => {}
            b'\t' => {
                for _ in column % size..size {
                    out.push(b' ')?;
                }
                column = 0;
            }
            b'\n' | b'\r' => {
                out.push(b)?;
                column = 0;
            }
            _ => {
                out.push(b)?;
                column += !(this.is_str() && chars::is_continuation(b)) as usize;
            }
        }
    }
    this.finish(vm, out)
}

/// `removeprefix(prefix)`.
pub fn removeprefix(vm: &Vm, this: Value, prefix: Value) -> Res {
    let this = Text::this(vm, this)?;
    let prefix = this.like(vm, prefix)?;
    let from = if this.bytes.starts_with(prefix) { prefix.len() } else { 0 };
    this.part(vm, from, this.bytes.len())
}

/// `removesuffix(suffix)`.
pub fn removesuffix(vm: &Vm, this: Value, suffix: Value) -> Res {
    let this = Text::this(vm, this)?;
    let suffix = this.like(vm, suffix)?;
    let gone = if this.bytes.ends_with(suffix) { suffix.len() } else { 0 };
    this.part(vm, 0, this.bytes.len() - gone)
}

/// `str.format_map(mapping)`.
pub fn format_map(vm: &Vm, this: Value, mapping: Value) -> Res {
    format::format_with(vm, this, mapping)
}

/// `translate(table)`: a mapping of code points to code points, strings or None for str, 256
/// bytes for bytes.
pub fn translate(vm: &Vm, this: Value, table: Value) -> Res {
    let this = Text::this(vm, this)?;
    let mut out = StrBuf::with_capacity(vm, this.bytes.len())?;
    if !this.is_str() {
        let table = vm.get_buffer(table)?.bytes();
        for &b in this.bytes {
            match table.get(usize::from(b)).filter(|_| table.len() == 256) {
                Some(b) => out.push(*b)?,
                None => {
                    return vm.raise(&VALUE_ERROR, "translation table must be 256 characters long");
                }
            }
        }
        return this.finish(vm, out);
    }
    let mut at = 0;
    while at < this.bytes.len() {
        let next = chars::next(this.bytes, at);
        let code = Value::small(chars::decode(this.bytes, at) as isize);
        match vm.subscr(table, code) {
            Ok(v) if v.is_none() => {}
            Ok(v) => match vm.str_bytes(v) {
                Some(text) => out.write(text)?,
                None => {
                    let code = u32::try_from(vm.get_int(v)?).ok().filter(|c| *c < 0x11_0000);
                    let Some(code) = code else {
                        return vm
                            .raise(&VALUE_ERROR, "character mapping must be in range(0x110000)");
                    };
                    let (bytes, n) = chars::encode(code);
                    out.write(bytes.get(..n).unwrap_or_default())?;
                }
            },
            Err(raised) if vm.raised_is(&raised, &LOOKUP_ERROR) => {
                vm.take_exception(raised);
                out.write(this.bytes.get(at..next).unwrap_or_default())?;
            }
            Err(raised) => return Err(raised),
        }
        at = next;
    }
    this.finish(vm, out)
}

/// `str.maketrans(dict)`, `str.maketrans(from, to)`, `str.maketrans(from, to, deleted)`.
pub fn maketrans(vm: &Vm, args: &[Value]) -> Res {
    let table = vm.new_dict(0)?;
    let code = |text: &[u8], at| Value::small(chars::decode(text, at) as isize);
    match *args {
        [from, to, ref deleted @ ..] => {
            let (from, to) = (vm.get_str(from)?, vm.get_str(to)?);
            if chars::count(from) != chars::count(to) {
                return vm.raise(
                    &VALUE_ERROR,
                    "the first two maketrans arguments must have equal length",
                );
            }
            let (mut a, mut b) = (0, 0);
            while a < from.len() {
                table.map.insert(vm, code(from, a), code(to, b))?;
                (a, b) = (chars::next(from, a), chars::next(to, b));
            }
            if let Some(deleted) = deleted.first() {
                let deleted = vm.get_str(*deleted)?;
                let mut at = 0;
                while at < deleted.len() {
                    table.map.insert(vm, code(deleted, at), Value::NONE)?;
                    at = chars::next(deleted, at);
                }
            }
        }
        [source] => {
            let Some(source) = crate::object::dict::map_of(vm, source) else {
                return vm.raise(
                    &TYPE_ERROR,
                    "if you give only one argument to maketrans it must be a dict",
                );
            };
            for (k, v) in source.iter() {
                let key = match vm.str_bytes(k) {
                    Some(text) if chars::count(text) == 1 => code(text, 0),
                    Some(_) => {
                        return vm.raise(
                            &VALUE_ERROR,
                            "string keys in translate table must be of length 1",
                        );
                    }
                    None => k,
                };
                table.map.insert(vm, key, v)?;
            }
        }
        [] => return vm.raise_type(&KEY_ERROR),
    }
    Ok(table.into())
}
