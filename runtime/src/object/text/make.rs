//! Making strings from other things: constructors, encodings, hexadecimal.

use super::view::{Kind, Text};
use crate::error::{
    LOOKUP_ERROR, NOT_IMPLEMENTED_ERROR, Res, TYPE_ERROR, UNICODE_ERROR, VALUE_ERROR,
};
use crate::heap::RawVec;
use crate::object::{Args, Bytes, Type};
use crate::print::{Print, PrintKind, StrBuf};
use crate::q;
use crate::qstr::Qstr;
use crate::text::{chars, quote};
use crate::value::Value;
use crate::vm::Vm;

/// `i` as a byte. Errors: ValueError.
pub fn byte_value(vm: &Vm, i: isize) -> Res<u8> {
    match u8::try_from(i) {
        Ok(b) => Ok(b),
        Err(_) => vm.raise(&VALUE_ERROR, "bytes value out of range"),
    }
}

fn no_keywords(vm: &Vm, args: &Args<'_>) -> Res<()> {
    if args.kw.is_empty() {
        return Ok(());
    }
    vm.raise(
        &NOT_IMPLEMENTED_ERROR,
        "keyword argument(s) not implemented - use normal args instead",
    )
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Ascii,
}

fn encoding(vm: &Vm, name: Value) -> Res<Encoding> {
    let name = vm.get_qstr(name)?;
    if name == q!("utf-8") || name == q!("utf8") {
        Ok(Encoding::Utf8)
    } else if name == q!("ascii") {
        Ok(Encoding::Ascii)
    } else {
        vm.raise_fmt(&LOOKUP_ERROR, "unknown encoding: %", &[name.into()])
    }
}

fn is_valid(encoding: Encoding, bytes: &[u8]) -> bool {
    match encoding {
        Encoding::Ascii => bytes.is_ascii(),
        Encoding::Utf8 => !cfg!(feature = "unicode") || chars::is_utf8(bytes),
    }
}

/// Decodes bytes that are not valid, each offence left out or replaced by U+FFFD.
fn repair(vm: &Vm, encoding: Encoding, bytes: &[u8], replace: bool) -> Res {
    let mut out = StrBuf::with_capacity(vm, bytes.len())?;
    let mut at = 0;
    while let Some(&lead) = bytes.get(at) {
        let end = if encoding == Encoding::Utf8 && lead >= 0xC0 {
            // At most as many continuation bytes as the lead byte asks for.
            let most = at + chars::length(lead).max(1);
            chars::next(bytes, at).min(most)
        } else {
            at + 1
        };
        let c = bytes.get(at..end).unwrap_or_default();
        if is_valid(encoding, c) {
            out.write(c)?;
        } else if replace {
            out.write("\u{FFFD}".as_bytes())?;
        }
        at = end;
    }
    out.into_str()
}

/// `str(object)`, `str(bytes, encoding, errors)`.
pub fn str_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    no_keywords(vm, args)?;
    args.check(vm, 0, 3)?;
    match *args.pos {
        [] => Ok(Value::qstr(Qstr::EMPTY)),
        [v] => vm.to_str(v, PrintKind::Str),
        [v, ref how @ ..] => decoded(vm, v, how),
    }
}

fn decoded(vm: &Vm, v: Value, how: &[Value]) -> Res {
    let bytes = vm.get_buffer(v)?.bytes();
    let name = how.first().copied().unwrap_or(Value::qstr(q!("utf-8")));
    let encoding = encoding(vm, name)?;
    if !is_valid(encoding, bytes) {
        return match how.get(1) {
            Some(&e) if vm.name_is(e, q!("ignore")) => repair(vm, encoding, bytes, false),
            Some(&e) if vm.name_is(e, q!("replace")) => repair(vm, encoding, bytes, true),
            _ => vm.raise_type(&UNICODE_ERROR),
        };
    }
    match vm.find_qstr(bytes) {
        Some(q) => Ok(Value::qstr(q)),
        // The contents of bytes objects never change, so both may use them.
        None if v.is::<Bytes>() => vm.str_from_static(bytes),
        None => vm.new_str(bytes),
    }
}

/// `bytes.decode(encoding, errors)`.
pub fn decode(vm: &Vm, args: &[Value]) -> Res {
    let [this, how @ ..] = args else { return Ok(Value::NONE) };
    decoded(vm, *this, how)
}

/// `str.encode(encoding, errors)`.
pub fn encode(vm: &Vm, args: &[Value]) -> Res {
    let [this, how @ ..] = args else { return Ok(Value::NONE) };
    let text = vm.get_str(*this)?;
    encoded(vm, text, how)?;
    vm.bytes_from_static(text)
}

/// Checks that `text` can be encoded as the arguments say.
fn encoded(vm: &Vm, text: &[u8], how: &[Value]) -> Res<()> {
    let name = how.first().copied().unwrap_or(Value::qstr(q!("utf-8")));
    if encoding(vm, name)? == Encoding::Ascii && !text.is_ascii() {
        return vm.raise_type(&UNICODE_ERROR);
    }
    Ok(())
}

/// The contents that `bytes(…)` and `bytearray(…)` describe, in a new buffer.
pub fn collect(vm: &Vm, args: &Args<'_>) -> Res<RawVec<u8>> {
    args.check(vm, 0, 3)?;
    let out = RawVec::new();
    let [v, how @ ..] = args.pos else { return Ok(out) };
    if let Some(text) = vm.str_bytes(*v) {
        if how.is_empty() {
            return vm.raise(&TYPE_ERROR, "string argument without an encoding");
        }
        encoded(vm, text, how)?;
        out.extend(vm, text)?;
        return Ok(out);
    }
    if !how.is_empty() {
        return vm.raise(&TYPE_ERROR, "wrong number of arguments");
    }
    if vm.is_int(*v) {
        return match usize::try_from(vm.get_int(*v)?) {
            Ok(n) => {
                out.reset(vm, n, 0)?;
                Ok(out)
            }
            Err(_) => vm.raise_type(&VALUE_ERROR),
        };
    }
    if let Some(buffer) = vm.try_buffer(*v)? {
        out.extend(vm, buffer.bytes())?;
        return Ok(out);
    }
    if let Some(n) = vm.try_len(*v)?.filter(|n| *n < 1 << 16) {
        out.reserve(vm, n)?;
    }
    let it = vm.iter(*v)?;
    while let Some(item) = vm.next(it)? {
        out.push(vm, byte_value(vm, vm.get_int(item)?)?)?;
    }
    Ok(out)
}

/// `bytes(…)`.
pub fn bytes_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    no_keywords(vm, args)?;
    if let [v] = args.pos
        && v.is::<Bytes>()
    {
        return Ok(*v);
    }
    if let [v, how @ ..] = args.pos
        && let Some(text) = vm.str_bytes(*v)
        && !how.is_empty()
    {
        args.check(vm, 0, 3)?;
        encoded(vm, text, how)?;
        return vm.bytes_from_static(text);
    }
    let contents = collect(vm, args)?;
    contents.shrink(vm);
    vm.bytes_from_static(contents.slice())
}

/// `bytes.hex(sep)`.
pub fn hex(vm: &Vm, args: &[Value]) -> Res {
    let [this, rest @ ..] = args else { return Ok(Value::NONE) };
    let bytes = vm.get_buffer(*this)?.bytes();
    let sep = match rest.first() {
        Some(sep) => vm.get_str(*sep)?.first().copied(),
        None => None,
    };
    let mut out = StrBuf::with_capacity(vm, bytes.len().saturating_mul(3))?;
    for (i, b) in bytes.iter().enumerate() {
        if let Some(sep) = sep.filter(|_| i > 0) {
            out.push(sep)?;
        }
        out.push(quote::hex_digit(b >> 4))?;
        out.push(quote::hex_digit(b & 15))?;
    }
    out.into_str()
}

/// The bytes that hexadecimal text spells, white space between the pairs allowed.
fn from_hex(vm: &Vm, text: Value) -> Res<RawVec<u8>> {
    let text = vm.get_buffer(text)?.bytes();
    let out = RawVec::with_capacity(vm, text.len() / 2)?;
    let mut digits = text.iter();
    while let Some(&high) = digits.next() {
        if chars::is_space(high) {
            continue;
        }
        let low = digits.next().and_then(|&d| quote::hex_value(d));
        match (quote::hex_value(high), low) {
            (Some(high), Some(low)) => out.push(vm, high << 4 | low)?,
            _ => return vm.raise(&VALUE_ERROR, "non-hex digit"),
        }
    }
    Ok(out)
}

/// `bytes.fromhex(text)`, a class method.
pub fn bytes_fromhex(vm: &Vm, _class: Value, text: Value) -> Res {
    let bytes = from_hex(vm, text)?;
    bytes.shrink(vm);
    vm.bytes_from_static(bytes.slice())
}

/// `bytearray.fromhex(text)`, a class method.
pub fn bytearray_fromhex(vm: &Vm, _class: Value, text: Value) -> Res {
    vm.bytearray_from(from_hex(vm, text)?)
}

/// Prints a string: plain, in quotes, or as JSON.
pub fn print(vm: &Vm, this: Value, p: &mut dyn Print, kind: PrintKind) -> Res<()> {
    let Some(text) = Text::of(vm, this) else { return Ok(()) };
    if kind == PrintKind::Json {
        return print_json(p, text.bytes);
    }
    if text.kind == Kind::Str && kind != PrintKind::Repr {
        return p.write(text.bytes);
    }
    if text.kind != Kind::Str {
        p.write(b"b")?;
    }
    if text.is_str() && text.is_wide() {
        return print_wide(p, text.bytes);
    }
    print_quoted(p, text.bytes, !text.is_str())
}

pub fn print_quoted(p: &mut dyn Print, text: &[u8], is_bytes: bool) -> Res<()> {
    quote::quoted(text, is_bytes, &mut |piece| p.write(piece))
}

/// As `print_quoted`, but surrogates and what is beyond Unicode are escaped.
fn print_wide(p: &mut dyn Print, text: &[u8]) -> Res<()> {
    let strange = |at: usize| matches!(chars::decode(text, at), 0xD800..0xE000 | 0x11_0000..);
    let mut starts = (0..text.len()).filter(|&i| text.get(i).is_some_and(|b| *b >= 0xE0));
    if !starts.clone().any(strange) {
        return print_quoted(p, text, false);
    }
    let quote: &[u8] = if text.contains(&b'\'') && !text.contains(&b'"') { b"\"" } else { b"'" };
    p.write(quote)?;
    let mut plain = 0;
    let inside = |p: &mut dyn Print, part: &[u8]| {
        quote::escaped(part, quote[0], false, &mut |piece| p.write(piece))
    };
    while let Some(at) = starts.find(|&i| strange(i)) {
        inside(p, text.get(plain..at).unwrap_or_default())?;
        let c = chars::decode(text, at);
        let digits = if c < 0x1_0000 { 4 } else { 8 };
        p.write(if digits == 4 { b"\\u" } else { b"\\U" })?;
        for i in (0..digits).rev() {
            p.write(&[quote::hex_digit((c >> (4 * i) & 15) as u8)])?;
        }
        plain = chars::next(text, at);
    }
    inside(p, text.get(plain..).unwrap_or_default())?;
    p.write(quote)
}

fn print_json(p: &mut dyn Print, text: &[u8]) -> Res<()> {
    p.write(b"\"")?;
    for &b in text {
        match b {
            b'"' | b'\\' => p.write(&[b'\\', b])?,
            b'\n' => p.write(b"\\n")?,
            b'\r' => p.write(b"\\r")?,
            b'\t' => p.write(b"\\t")?,
            0..0x20 => {
                let (high, low) = (quote::hex_digit(b >> 4), quote::hex_digit(b & 15));
                p.write(&[b'\\', b'u', b'0', b'0', high, low])?;
            }
            _ => p.write(&[b])?,
        }
    }
    p.write(b"\"")
}
