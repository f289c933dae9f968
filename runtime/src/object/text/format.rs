//! `str.format`: replacement fields, and one value laid out as its specification says.

use super::view::Text;
use crate::error::{
    INDEX_ERROR, KEY_ERROR, NOT_IMPLEMENTED_ERROR, OVERFLOW_ERROR, Res, VALUE_ERROR,
};
use crate::level;
use crate::num::fmt::{Align, Sign, Spec, number, parse};
use crate::object::Args;
use crate::print::{Print, PrintKind, StrBuf};
use crate::text::chars;
use crate::value::Value;
use crate::vm::Vm;

/// Which of automatic and manual numbering the fields seen so far use.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbering {
    Automatic(usize),
    Manual,
}

struct Fields<'a> {
    vm: &'a Vm,
    args: &'a Args<'a>,
    /// Where names are looked up instead of among the keywords.
    names: Option<Value>,
    numbering: Numbering,
}

/// `str.format(…)`.
pub fn format(vm: &Vm, args: &Args<'_>) -> Res {
    let [this, values @ ..] = args.pos else { return Ok(Value::NONE) };
    let this = Text::this(vm, *this)?;
    let args = Args { pos: values, kw: args.kw };
    expanded(vm, this, &args, None)
}

/// `str.format_map(names)`.
#[cfg(feature = "cpython")]
pub fn format_with(vm: &Vm, this: Value, names: Value) -> Res {
    expanded(vm, Text::this(vm, this)?, &Args::positional(&[]), Some(names))
}

fn expanded(vm: &Vm, this: Text, args: &Args<'_>, names: Option<Value>) -> Res {
    let mut fields = Fields { vm, args, names, numbering: Numbering::Automatic(0) };
    let mut out = StrBuf::new(vm);
    fields.expand(this.bytes, &mut out)?;
    this.finish(vm, out)
}

impl Fields<'_> {
    fn error<T>(&self, text: &'static str) -> Res<T> {
        self.vm.raise(&VALUE_ERROR, text)
    }

    /// Copies `text` to `out`, replacement fields replaced.
    fn expand(&mut self, mut text: &[u8], out: &mut StrBuf<'_>) -> Res<()> {
        loop {
            let plain = text.iter().position(|b| matches!(b, b'{' | b'}')).unwrap_or(text.len());
            let (head, tail) = text.split_at(plain);
            out.write(head)?;
            text = match tail {
                [] => return Ok(()),
                [b'}', b'}', rest @ ..] | [b'{', b'{', rest @ ..] => {
                    out.write(tail.get(..1).unwrap_or_default())?;
                    rest
                }
                [b'}', ..] => return self.error("single '}' encountered in format string"),
                [_, rest @ ..] => self.field(rest, out)?,
            };
        }
    }

    /// One field, `text` being what follows the brace; gives what follows the field.
    fn field<'t>(&mut self, text: &'t [u8], out: &mut StrBuf<'_>) -> Res<&'t [u8]> {
        let name_end = text.iter().position(|b| matches!(b, b'}' | b'!' | b':'));
        let (name, mut rest) = text.split_at(name_end.unwrap_or(text.len()));
        let mut conversion = None;
        if let [b'!', after @ ..] = rest {
            conversion = match after {
                [b'r', ..] => Some(PrintKind::Repr),
                [b's', ..] => Some(PrintKind::Str),
                [] => {
                    return self.error("end of format while looking for conversion specifier");
                }
                [c, ..] => {
                    let c = crate::error::Arg::from(core::slice::from_ref(c));
                    return self.vm.raise_fmt(&VALUE_ERROR, "unknown conversion specifier %", &[c]);
                }
            };
            rest = after.get(1..).unwrap_or_default();
        }
        let mut spec = None;
        if let [b':', after @ ..] = rest {
            let end = spec_end(after);
            let (inside, after) = after.split_at(end.unwrap_or(after.len()));
            // `{:}` is `{}`, which prints True as True where `{:d}` prints 1.
            spec = Some(inside).filter(|s| !s.is_empty());
            rest = after;
        }
        let after = match rest {
            [] => return self.error("unmatched '{' in format"),
            [b'}', after @ ..] => after,
            _ => return self.error("expected ':' after format specifier"),
        };
        let mut value = self.lookup(name)?;
        if spec.is_none() && conversion.is_none() {
            self.vm.print_to(out, value, PrintKind::Str)?;
            return Ok(after);
        }
        if let Some(kind) = conversion {
            value = self.vm.to_str(value, kind)?;
        }
        self.layout(value, spec.unwrap_or_default(), out)?;
        Ok(after)
    }

    /// Writes `value` as the specification says, whose own fields are expanded first.
    fn layout(&mut self, value: Value, spec: &[u8], out: &mut StrBuf<'_>) -> Res<()> {
        let vm = self.vm;
        if !spec.contains(&b'{') && !spec.contains(&b'}') {
            return format_value(vm, value, spec, out);
        }
        vm.check_stack()?;
        let mut expanded = StrBuf::new(vm);
        self.expand(spec, &mut expanded)?;
        format_value(vm, value, expanded.bytes(), out)
    }

    fn lookup(&mut self, name: &[u8]) -> Res {
        let vm = self.vm;
        let end = name.iter().position(|b| matches!(b, b'.' | b'['));
        let (name, path) = name.split_at(end.unwrap_or(name.len()));
        let value = self.argument(name)?;
        if path.is_empty() {
            return Ok(value);
        }
        if !vm.beyond_stock() {
            return vm.raise(&NOT_IMPLEMENTED_ERROR, "attributes not supported");
        }
        self.follow(value, path)
    }

    /// What `.attribute` and `[item]` one after another lead to.
    fn follow(&self, mut value: Value, mut path: &[u8]) -> Res {
        let vm = self.vm;
        loop {
            let end = |path: &[u8]| {
                path.iter().position(|b| matches!(b, b'.' | b'[')).unwrap_or(path.len())
            };
            let (step, rest) = match path {
                [] => return Ok(value),
                [b'.', after @ ..] => after.split_at(end(after)),
                [b'[', after @ ..] => match after.iter().position(|b| *b == b']') {
                    Some(end) => after.split_at(end),
                    None => return self.error("expected '}' before end of string"),
                },
                _ => return self.error("only '.' or '[' may follow ']' in format field specifier"),
            };
            if step.is_empty() {
                return self.error("empty attribute in format string");
            }
            if path.first() == Some(&b'.') {
                value = vm.getattr(value, vm.intern(step)?)?;
                path = rest;
            } else {
                let index = match parse::index(step) {
                    Some(i) => Value::small(i as isize),
                    None => vm.new_str(step)?,
                };
                value = vm.subscr(value, index)?;
                path = rest.get(1..).unwrap_or_default();
            }
        }
    }

    /// The argument with a number or a name, the next one without.
    fn argument(&mut self, name: &[u8]) -> Res {
        let vm = self.vm;
        let index = match (name.first(), self.numbering) {
            (None, Numbering::Manual) => {
                return self.error(
                    "can't switch from manual field specification to automatic field numbering",
                );
            }
            (None, Numbering::Automatic(n)) => {
                self.numbering = Numbering::Automatic(n + 1);
                n
            }
            (Some(b'0'..=b'9'), Numbering::Automatic(n)) if n > 0 => {
                return self.error(
                    "can't switch from automatic field numbering to manual field specification",
                );
            }
            (Some(b'0'..=b'9'), _) => {
                self.numbering = Numbering::Manual;
                match parse::index(name) {
                    Some(n) => n,
                    None => return self.error("invalid format specifier"),
                }
            }
            (Some(_), _) => {
                let key = vm.new_str(name)?;
                if let Some(names) = self.names.filter(|_| level::CPYTHON) {
                    return vm.subscr(names, key);
                }
                let text = vm.get_str(key)?;
                for (k, v) in self.args.keywords() {
                    if vm.str_bytes(k) == Some(text) {
                        return Ok(v);
                    }
                }
                return vm.raise_arg(&KEY_ERROR, key);
            }
        };
        match self.args.get(index) {
            Some(v) => Ok(v),
            None => vm.raise(&INDEX_ERROR, "tuple index out of range"),
        }
    }
}

/// Length of a specification: up to the brace that closes its field.
fn spec_end(text: &[u8]) -> Option<usize> {
    let mut depth = 0;
    text.iter().position(|b| match b {
        b'{' => {
            depth += 1;
            false
        }
        b'}' if depth == 0 => true,
        b'}' => {
            depth -= 1;
            false
        }
        _ => false,
    })
}

/// Writes `value` laid out as `spec` says: `format(value, spec)`.
pub fn format_value(vm: &Vm, value: Value, spec: &[u8], out: &mut dyn Print) -> Res<()> {
    let Some(mut spec) = parse::format_spec(spec) else {
        return vm.raise(&VALUE_ERROR, "invalid format specifier");
    };
    let kind = spec.kind.unwrap_or(0);
    if spec.sign != Sign::Nothing {
        if kind == b's' {
            return vm.raise(&VALUE_ERROR, "sign not allowed in string format specifier");
        }
        if kind == b'c' {
            return vm.raise(&VALUE_ERROR, "sign not allowed with integer format specifier 'c'");
        }
    }
    let is_int = vm.is_int(value) || value.as_bool().is_some();
    if is_int && matches!(kind, 0 | b'b' | b'd' | b'n' | b'o' | b'x' | b'X') {
        return write_int(vm, &spec, value, out);
    }
    if is_int && kind == b'c' {
        return write_char(vm, &spec, value, out);
    }
    if (is_int || vm.is_float(value))
        && matches!(kind, 0 | b'n' | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%')
    {
        if kind == b'n' || kind == 0 {
            spec.kind = Some(b'g');
        }
        return write_float(vm, &spec, value, out);
    }
    if is_int || vm.is_float(value) {
        return bad_kind(vm, kind, value);
    }
    if spec.align == Some(Align::AfterSign) {
        return vm.raise(&VALUE_ERROR, "'=' alignment not allowed in string format specifier");
    }
    if !matches!(kind, 0 | b's') {
        return bad_kind(vm, kind, value);
    }
    let text = vm.get_str(value)?;
    spec.text(out, text, cfg!(feature = "unicode"))
}

#[cold]
fn bad_kind(vm: &Vm, kind: u8, value: Value) -> Res<()> {
    let kind = [kind];
    vm.raise_fmt(
        &VALUE_ERROR,
        "unknown format code '%' for object of type '%'",
        &[kind.as_slice().into(), crate::error::Arg::TypeOf(value)],
    )
}

/// An integer of any size.
pub fn write_int(vm: &Vm, spec: &Spec, value: Value, out: &mut dyn Print) -> Res<()> {
    let kind = spec.kind.unwrap_or(b'd');
    let base = number::base(kind);
    let small = value.as_small().or_else(|| value.as_bool().map(isize::from));
    match small {
        Some(i) => {
            let mut digits = [0; 64];
            let digits = small_digits(i.unsigned_abs(), base, kind == b'X', &mut digits);
            number::integer(spec, i < 0, digits, out)
        }
        None => {
            let (negative, digits) = vm.int_digits(value, base, kind == b'X')?;
            number::integer(spec, negative, digits, out)
        }
    }
}

/// The digits of `n` at the end of `buffer`.
fn small_digits(mut n: usize, base: u32, upper: bool, buffer: &mut [u8; 64]) -> &[u8] {
    let mut start = buffer.len();
    for slot in buffer.iter_mut().rev() {
        let d = (n % base as usize) as u8;
        *slot = match d {
            0..10 => b'0' + d,
            _ if upper => b'A' + d - 10,
            _ => b'a' + d - 10,
        };
        start -= 1;
        n /= base as usize;
        if n == 0 {
            break;
        }
    }
    buffer.get(start..).unwrap_or_default()
}

/// A float, or an integer as one.
pub fn write_float(vm: &Vm, spec: &Spec, value: Value, out: &mut dyn Print) -> Res<()> {
    let x = vm.get_float(value)?;
    number::float(spec, x, out)
}

/// The character with the code point `value`.
pub fn write_char(vm: &Vm, spec: &Spec, value: Value, out: &mut dyn Print) -> Res<()> {
    let c = match u32::try_from(vm.get_int(value)?) {
        Ok(c) if c < 0x11_0000 => c,
        _ => return vm.raise(&OVERFLOW_ERROR, "char not in range(0x110000)"),
    };
    let (bytes, n) = chars::encode(c);
    let spec = Spec { align: spec.align.or(Some(Align::Right)), precision: None, ..*spec };
    spec.text(out, bytes.get(..n).unwrap_or_default(), cfg!(feature = "unicode"))
}
