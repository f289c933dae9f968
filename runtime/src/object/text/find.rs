//! Methods that look for a text in a text.

use super::view::{Kind, Text};
use crate::error::{Res, VALUE_ERROR};
use crate::object::Tuple;
use crate::print::{Print, StrBuf};
use crate::text::{chars, search};
use crate::value::Value;
use crate::vm::Vm;

/// Position of `args[1]` in the range of `args[0]`, as a character index.
fn locate(vm: &Vm, args: &[Value], last: bool) -> Res<Option<usize>> {
    let [this, sub, range @ ..] = args else { return Ok(None) };
    let this = Text::this(vm, *this)?;
    let byte;
    let needle = match sub.as_small() {
        Some(b) if !this.is_str() => {
            byte = [super::make::byte_value(vm, b)?];
            &byte[..]
        }
        _ => this.like(vm, *sub)?,
    };
    let (from, to) = this.range(vm, range)?;
    let Some(hay) = this.bytes.get(from..to) else { return Ok(None) };
    let found = if last { search::rfind(hay, needle) } else { search::find(hay, needle) };
    Ok(found.map(|at| this.index_of(from + at)))
}

fn or_minus_one(found: Option<usize>) -> Res {
    Ok(Value::small(found.map_or(-1, |at| at as isize)))
}

fn or_error(vm: &Vm, found: Option<usize>) -> Res {
    match found {
        Some(at) => Ok(Value::small(at as isize)),
        None => vm.raise(&VALUE_ERROR, "substring not found"),
    }
}

pub fn find(vm: &Vm, args: &[Value]) -> Res {
    or_minus_one(locate(vm, args, false)?)
}

pub fn rfind(vm: &Vm, args: &[Value]) -> Res {
    or_minus_one(locate(vm, args, true)?)
}

pub fn index(vm: &Vm, args: &[Value]) -> Res {
    or_error(vm, locate(vm, args, false)?)
}

pub fn rindex(vm: &Vm, args: &[Value]) -> Res {
    or_error(vm, locate(vm, args, true)?)
}

pub fn count(vm: &Vm, args: &[Value]) -> Res {
    let [this, sub, range @ ..] = args else { return Ok(Value::NONE) };
    let this = Text::this(vm, *this)?;
    let needle = this.like(vm, *sub)?;
    let (from, to) = this.range(vm, range)?;
    let n = match this.bytes.get(from..to) {
        None => 0,
        Some(hay) if needle.is_empty() => {
            1 + if this.is_wide() { chars::count(hay) } else { hay.len() }
        }
        Some(hay) => search::count(hay, needle),
    };
    Ok(Value::small(n as isize))
}

fn affix(vm: &Vm, args: &[Value], matches: fn(&[u8], &[u8]) -> bool) -> Res {
    let [this, sub, range @ ..] = args else { return Ok(Value::NONE) };
    let this = Text::this(vm, *this)?;
    let (from, to) = this.range(vm, range)?;
    let Some(hay) = this.bytes.get(from..to) else { return Ok(Value::FALSE) };
    if let Some(choices) = sub.cast::<Tuple>() {
        for choice in choices.get().items() {
            if matches(hay, this.like(vm, *choice)?) {
                return Ok(Value::TRUE);
            }
        }
        return Ok(Value::FALSE);
    }
    Ok(matches(hay, this.like(vm, *sub)?).into())
}

pub fn startswith(vm: &Vm, args: &[Value]) -> Res {
    affix(vm, args, |hay, sub| hay.starts_with(sub))
}

pub fn endswith(vm: &Vm, args: &[Value]) -> Res {
    affix(vm, args, |hay, sub| hay.ends_with(sub))
}

/// `sub in this`.
pub fn contains(vm: &Vm, this: &Text, sub: Value) -> Res<bool> {
    if let (Some(b), false) = (sub.as_small(), this.is_str()) {
        let byte = super::make::byte_value(vm, b)?;
        return Ok(this.bytes.contains(&byte));
    }
    let needle = match vm.try_buffer(sub)? {
        Some(buffer) if !this.is_str() && !Text::of(vm, sub).is_some_and(|t| t.is_str()) => {
            buffer.bytes()
        }
        _ => this.like(vm, sub)?,
    };
    Ok(search::find(this.bytes, needle).is_some())
}

pub fn replace(vm: &Vm, args: &[Value]) -> Res {
    let [this, old, new, rest @ ..] = args else { return Ok(Value::NONE) };
    let this = Text::this(vm, *this)?;
    let (old, new) = (this.like(vm, *old)?, this.like(vm, *new)?);
    let mut left = match rest.first() {
        Some(n) => usize::try_from(vm.get_int(*n)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let mut out = StrBuf::new(vm);
    let (mut done, mut at) = (0, 0);
    let end = this.bytes.len();
    while left > 0 && at <= end {
        let tail = this.bytes.get(at..).unwrap_or_default();
        let Some(found) = search::find(tail, old) else { break };
        let hit = at + found;
        out.write(this.bytes.get(done..hit).unwrap_or_default())?;
        out.write(new)?;
        done = hit + old.len();
        // An empty text is found before every character and at the end.
        at = if old.is_empty() { this.next_char(hit) } else { done };
        left -= 1;
    }
    if done == 0 && out.is_empty() && this.kind != Kind::ByteArray {
        return this.part(vm, 0, end);
    }
    out.write(this.bytes.get(done..).unwrap_or_default())?;
    this.finish(vm, out)
}

impl Text {
    /// Byte offset of the character after the one at `at`.
    pub fn next_char(&self, at: usize) -> usize {
        if self.is_wide() { chars::next(self.bytes, at) } else { at + 1 }
    }
}

fn cut(vm: &Vm, this: Value, sep: Value, last: bool) -> Res {
    let text = Text::this(vm, this)?;
    let sep_bytes = text.like(vm, sep)?;
    if sep_bytes.is_empty() {
        return vm.raise(&VALUE_ERROR, "empty separator");
    }
    let end = text.bytes.len();
    let found = if last {
        search::rfind(text.bytes, sep_bytes)
    } else {
        search::find(text.bytes, sep_bytes)
    };
    let parts = match found {
        Some(at) => [
            text.part(vm, 0, at)?,
            text.part(vm, at, at + sep_bytes.len())?,
            text.part(vm, at + sep_bytes.len(), end)?,
        ],
        None if last => [text.empty(vm)?, text.empty(vm)?, text.part(vm, 0, end)?],
        None => [text.part(vm, 0, end)?, text.empty(vm)?, text.empty(vm)?],
    };
    vm.new_tuple(&parts)
}

pub fn partition(vm: &Vm, this: Value, sep: Value) -> Res {
    cut(vm, this, sep, false)
}

pub fn rpartition(vm: &Vm, this: Value, sep: Value) -> Res {
    cut(vm, this, sep, true)
}

fn trimmed(vm: &Vm, args: &[Value], left: bool, right: bool) -> Res {
    let [this, rest @ ..] = args else { return Ok(Value::NONE) };
    let this = Text::this(vm, *this)?;
    let (from, to) = match rest.first() {
        Some(set) if !set.is_none() => {
            let set = this.like(vm, *set)?;
            if this.is_wide() || (this.is_str() && !set.is_ascii()) {
                trim_chars(this.bytes, set, left, right)
            } else {
                search::trim(this.bytes, left, right, |b| set.contains(&b))
            }
        }
        _ => search::trim(this.bytes, left, right, chars::is_space),
    };
    this.part(vm, from, to)
}

/// `trim` for a set of characters rather than bytes.
fn trim_chars(text: &[u8], set: &[u8], left: bool, right: bool) -> (usize, usize) {
    let strip = |from: usize, to: usize| {
        let c = text.get(from..to).unwrap_or_default();
        search::find(set, c).is_some()
    };
    let (mut start, mut end) = (0, text.len());
    while left && start < end {
        let next = chars::next(text, start);
        if !strip(start, next) {
            break;
        }
        start = next;
    }
    while let Some(previous) = chars::previous(text, end).filter(|&p| right && p >= start) {
        if !strip(previous, end) {
            break;
        }
        end = previous;
    }
    (start, end)
}

pub fn strip(vm: &Vm, args: &[Value]) -> Res {
    trimmed(vm, args, true, true)
}

pub fn lstrip(vm: &Vm, args: &[Value]) -> Res {
    trimmed(vm, args, true, false)
}

pub fn rstrip(vm: &Vm, args: &[Value]) -> Res {
    trimmed(vm, args, false, true)
}
