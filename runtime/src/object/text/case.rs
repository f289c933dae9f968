//! Letter case and character classes (ASCII's), and centring.

use super::view::Text;
use crate::error::{Res, TYPE_ERROR};
use crate::print::{Print, StrBuf};
use crate::text::chars;
use crate::value::Value;
use crate::vm::Vm;

fn mapped(vm: &Vm, this: Value, map: fn(&u8) -> u8) -> Res {
    let this = Text::this(vm, this)?;
    if this.bytes.iter().all(|b| map(b) == *b) {
        return this.part(vm, 0, this.bytes.len());
    }
    let mut out = StrBuf::with_capacity(vm, this.bytes.len())?;
    for b in this.bytes {
        out.push(map(b))?;
    }
    this.finish(vm, out)
}

pub fn lower(vm: &Vm, this: Value) -> Res {
    mapped(vm, this, u8::to_ascii_lowercase)
}

pub fn upper(vm: &Vm, this: Value) -> Res {
    mapped(vm, this, u8::to_ascii_uppercase)
}

fn all(vm: &Vm, this: Value, class: fn(&u8) -> bool) -> Res {
    let this = Text::this(vm, this)?;
    Ok((!this.bytes.is_empty() && this.bytes.iter().all(class)).into())
}

pub fn isspace(vm: &Vm, this: Value) -> Res {
    all(vm, this, |b| chars::is_space(*b))
}

pub fn isalpha(vm: &Vm, this: Value) -> Res {
    all(vm, this, u8::is_ascii_alphabetic)
}

pub fn isdigit(vm: &Vm, this: Value) -> Res {
    all(vm, this, u8::is_ascii_digit)
}

/// At least one letter is `yes`, and none is `no`.
fn cased(vm: &Vm, this: Value, yes: fn(&u8) -> bool, no: fn(&u8) -> bool) -> Res {
    let this = Text::this(vm, this)?;
    Ok((this.bytes.iter().any(yes) && !this.bytes.iter().any(no)).into())
}

pub fn isupper(vm: &Vm, this: Value) -> Res {
    cased(vm, this, u8::is_ascii_uppercase, u8::is_ascii_lowercase)
}

pub fn islower(vm: &Vm, this: Value) -> Res {
    cased(vm, this, u8::is_ascii_lowercase, u8::is_ascii_uppercase)
}

/// `center(width)`, and at the level of CPython `center(width, fill)`.
pub fn center(vm: &Vm, args: &[Value]) -> Res {
    padded(vm, args, |pad, width| {
        // The odd space goes where CPython puts it.
        pad / 2 + (pad & width & 1)
    })
}

/// A text of some width: `[this, width, fill]`, where `left` tells how much of the padding
/// comes first, of how much for which width.
pub fn padded(vm: &Vm, args: &[Value], left: fn(usize, usize) -> usize) -> Res {
    let [this, width, fill @ ..] = args else { return Ok(Value::NONE) };
    let this = Text::this(vm, *this)?;
    let fill = match fill.first() {
        Some(v) => this.like(vm, *v)?,
        None => b" ",
    };
    if fill.is_empty() || chars::next(fill, 0) != fill.len() {
        return vm.raise(&TYPE_ERROR, "fill character must be exactly one character long");
    }
    let width = usize::try_from(vm.get_int(*width)?).unwrap_or(0);
    let Some(pad) = width.checked_sub(this.len()).filter(|&n| n > 0) else {
        return this.part(vm, 0, this.bytes.len());
    };
    let left = left(pad, width);
    let room = pad.saturating_mul(fill.len()).saturating_add(this.bytes.len());
    let mut out = StrBuf::with_capacity(vm, room)?;
    for _ in 0..left {
        out.write(fill)?;
    }
    out.write(this.bytes)?;
    for _ in left..pad {
        out.write(fill)?;
    }
    this.finish(vm, out)
}
