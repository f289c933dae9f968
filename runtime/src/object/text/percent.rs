//! The `%` operator of strings.

use super::format::{write_char, write_float, write_int};
use super::view::{Kind, Text};
use crate::error::{Arg, RUNTIME_ERROR, Res, TYPE_ERROR, VALUE_ERROR};
use crate::num::fmt::parse::{self, Count, Incomplete};
use crate::object::Dict;
use crate::print::{Print, PrintKind, StrBuf};
use crate::text::chars::count as chars_in;
use crate::text::quote::hex_digit;
use crate::value::Value;
use crate::vm::Vm;

/// The values on the right of the operator, taken one after the other.
struct Values<'a> {
    vm: &'a Vm,
    items: &'a [Value],
    mapping: Option<Value>,
    used: usize,
}

impl Values<'_> {
    fn take(&mut self) -> Res {
        match self.items.get(self.used) {
            Some(v) => {
                self.used += 1;
                Ok(*v)
            }
            None => self.vm.raise(&TYPE_ERROR, "format string needs more arguments"),
        }
    }
}

/// Bytes of a key that stock can look for.
const LONGEST_NAME: usize = 255;

/// `pattern % right`.
pub fn modulo(vm: &Vm, pattern: Text, right: Value) -> Res {
    let single = [right];
    let items = vm.tuple_items(right);
    let mapping = right.is::<Dict>().then_some(right);
    let mut values = Values { vm, items: items.unwrap_or(&single), mapping, used: 0 };
    let mut out = StrBuf::new(vm);
    let mut rest = pattern.bytes;
    while !rest.is_empty() {
        let plain = rest.iter().position(|b| *b == b'%').unwrap_or(rest.len());
        let (head, tail) = rest.split_at(plain);
        out.write(head)?;
        rest = match tail {
            [] => break,
            [_, b'%', after @ ..] => {
                out.push(b'%')?;
                after
            }
            [_, after @ ..] => {
                let n = convert(&mut values, &pattern, after, &mut out)?;
                after.get(n..).unwrap_or_default()
            }
        };
    }
    if mapping.is_none() && values.used != values.items.len() {
        return vm.raise(&TYPE_ERROR, "format string didn't convert all arguments");
    }
    if pattern.is_str() { out.into_str() } else { out.into_bytes() }
}

/// One conversion; gives its length.
fn convert(
    values: &mut Values<'_>,
    pattern: &Text,
    text: &[u8],
    out: &mut StrBuf<'_>,
) -> Res<usize> {
    let vm = values.vm;
    let mut c = match parse::conversion(text) {
        Ok(c) => c,
        Err(Incomplete::Key) if values.mapping.is_some() => {
            return vm.raise(&VALUE_ERROR, "incomplete format key");
        }
        Err(Incomplete::Key) => return vm.raise(&TYPE_ERROR, "format needs a dict"),
        Err(Incomplete::Format) => return vm.raise(&VALUE_ERROR, "incomplete format"),
    };
    let mut value = None;
    if let Some(key) = c.key {
        let Some(mapping) = values.mapping else {
            return vm.raise(&TYPE_ERROR, "format needs a dict");
        };
        if crate::level::CPYTHON && !vm.beyond_stock() && key.len() > LONGEST_NAME {
            return vm.raise(&RUNTIME_ERROR, "name too long");
        }
        value = Some(vm.subscr(mapping, vm.new_str(key)?)?);
        values.used = 1;
    }
    if c.width == Count::Argument {
        c.set_width(vm.get_int(values.take()?)?);
    }
    if c.precision == Count::Argument {
        c.set_precision(vm.get_int(values.take()?)?);
    }
    let value = match value {
        Some(v) => v,
        None => values.take()?,
    };
    let is_int = vm.is_int(value) || value.as_bool().is_some();
    match c.letter {
        b'c' => match vm.str_bytes(value) {
            Some(s) if chars_in(s) == 1 => write_text(&c, s, out)?,
            Some(_) => return vm.raise(&TYPE_ERROR, "%c needs int or char"),
            None if is_int => write_char(vm, &c.textual(), value, out)?,
            None => return vm.raise(&TYPE_ERROR, "integer needed"),
        },
        b'd' | b'i' | b'u' => {
            let mut spec = c.numeric();
            spec.kind = Some(b'd');
            spec.alternate = false;
            let whole = if vm.is_float(value) { vm.float_to_int(value)? } else { value };
            if !(vm.is_int(whole) || whole.as_bool().is_some()) {
                vm.get_int(whole)?;
            }
            write_int(vm, &spec, whole, out)?;
        }
        b'o' | b'x' | b'X' => {
            if !is_int {
                vm.get_int(value)?;
            }
            write_int(vm, &c.numeric(), value, out)?;
        }
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => write_float(vm, &c.numeric(), value, out)?,
        b'r' => {
            let shown = vm.to_str(value, PrintKind::Repr)?;
            write_text(&c, vm.get_str(shown)?, out)?;
        }
        b's' => match Text::of(vm, value) {
            // b"%s" % b"1" prints the bytes as they are.
            Some(t) if t.kind == Kind::Bytes && !pattern.is_str() => write_text(&c, t.bytes, out)?,
            _ => {
                let shown = vm.to_str(value, PrintKind::Str)?;
                write_text(&c, vm.get_str(shown)?, out)?;
            }
        },
        letter => {
            let at = pattern.bytes.len() - (text.len() - c.len) - 1;
            let hex = [hex_digit(letter >> 4), hex_digit(letter & 15)];
            return vm.raise_fmt(
                &VALUE_ERROR,
                "unsupported format character '%' (0x%) at index %",
                &[
                    Arg::Text(&[letter]),
                    Arg::Text(hex.strip_prefix(b"0").unwrap_or(&hex)),
                    Arg::Int(at as isize),
                ],
            );
        }
    }
    Ok(c.len)
}

fn write_text(c: &parse::Conversion<'_>, text: &[u8], out: &mut StrBuf<'_>) -> Res<()> {
    c.textual().text(out, text, cfg!(feature = "unicode"))
}
