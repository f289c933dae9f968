//! Taking strings apart and putting them together.

use super::view::Text;
use crate::error::{NOT_IMPLEMENTED_ERROR, Res, TYPE_ERROR, VALUE_ERROR};
use crate::object::{Args, Param};
use crate::print::{Print, StrBuf};
use crate::q;
use crate::text::{chars, search};
use crate::value::Value;
use crate::vm::Vm;

/// The separator and the number of splits from `[this, sep, maxsplit]`.
fn plan(vm: &Vm, this: &Text, args: &[Value]) -> Res<(Option<&'static [u8]>, usize)> {
    let sep = match args.get(1) {
        Some(v) if !v.is_none() => Some(this.like(vm, *v)?),
        _ => None,
    };
    if sep.is_some_and(|s| s.is_empty()) {
        return vm.raise(&VALUE_ERROR, "empty separator");
    }
    let most = match args.get(2) {
        Some(n) => usize::try_from(vm.get_int(*n)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    Ok((sep, most))
}

pub fn split(vm: &Vm, args: &[Value]) -> Res {
    let this = Text::this(vm, args.first().copied().unwrap_or(Value::NONE))?;
    let (sep, mut left) = plan(vm, &this, args)?;
    let out = vm.new_list_with(0)?;
    let end = this.bytes.len();
    let rest = |at: usize| this.bytes.get(at..).unwrap_or_default();
    let skip = |at: usize| at + rest(at).iter().take_while(|b| chars::is_space(**b)).count();
    let mut at = if sep.is_none() { skip(0) } else { 0 };
    loop {
        let hit = match sep {
            _ if left == 0 => None,
            Some(sep) => search::find(rest(at), sep),
            None => rest(at).iter().position(|b| chars::is_space(*b)),
        };
        let Some(hit) = hit else { break };
        out.items.push(vm, this.part(vm, at, at + hit)?)?;
        at = match sep {
            Some(sep) => at + hit + sep.len(),
            None => skip(at + hit),
        };
        left -= 1;
    }
    if sep.is_some() || at < end {
        out.items.push(vm, this.part(vm, at, end)?)?;
    }
    Ok(out.into())
}

pub fn rsplit(vm: &Vm, args: &[Value]) -> Res {
    if args.len() < 3 {
        return split(vm, args);
    }
    let this = Text::this(vm, args.first().copied().unwrap_or(Value::NONE))?;
    let (sep, mut left) = plan(vm, &this, args)?;
    if left == usize::MAX {
        return split(vm, args.get(..2).unwrap_or_default());
    }
    // Found from the end: collected backwards, then turned round.
    let out = vm.new_list_with(0)?;
    let mut end = this.bytes.len();
    let Some(sep) = sep else {
        if !vm.beyond_stock() {
            return vm.raise(&NOT_IMPLEMENTED_ERROR, "rsplit(None,n)");
        }
        let head = |end: usize| this.bytes.get(..end).unwrap_or_default();
        let before = |end: usize, space: bool| {
            let last = head(end).iter().rposition(|b| chars::is_space(*b) != space);
            last.map_or(0, |i| i + 1)
        };
        end = before(end, true);
        while end > 0 {
            let start = if left == 0 { 0 } else { before(end, false) };
            out.items.push(vm, this.part(vm, start, end)?)?;
            end = before(start, true);
            left = left.saturating_sub(1);
        }
        super::super::list::reverse(&out);
        return Ok(out.into());
    };
    while left > 0 {
        let Some(hit) = search::rfind(this.bytes.get(..end).unwrap_or_default(), sep) else {
            break;
        };
        out.items.push(vm, this.part(vm, hit + sep.len(), end)?)?;
        end = hit;
        left -= 1;
    }
    out.items.push(vm, this.part(vm, 0, end)?)?;
    super::super::list::reverse(&out);
    Ok(out.into())
}

pub fn splitlines(vm: &Vm, args: &Args<'_>) -> Res {
    const PARAMS: [Param; 2] =
        [Param::required(q!("self")), Param::optional(q!("keepends"), Value::FALSE)];
    let mut values = [Value::NONE; 2];
    args.parse(vm, &PARAMS, &mut values)?;
    let [this, keep] = values;
    let this = Text::this(vm, this)?;
    let keep = vm.is_true(keep)?;
    let out = vm.new_list_with(0)?;
    let mut at = 0;
    while at < this.bytes.len() {
        let line = this.bytes.get(at..).unwrap_or_default();
        let len = line.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(line.len());
        let newline = match line.get(len..) {
            Some([b'\r', b'\n', ..]) => 2,
            Some([_, ..]) => 1,
            _ => 0,
        };
        let shown = if keep { len + newline } else { len };
        out.items.push(vm, this.part(vm, at, at + shown)?)?;
        at += len + newline;
    }
    Ok(out.into())
}

pub fn join(vm: &Vm, this: Value, items: Value) -> Res {
    let this = Text::this(vm, this)?;
    let items = vm.sequence(items)?;
    let items = items.slice();
    // One pass to learn the length, one to copy: the result is allocated once.
    let mut len = this.bytes.len() * items.len().saturating_sub(1);
    for item in items {
        match Text::of(vm, *item) {
            Some(t) if t.is_str() == this.is_str() => len += t.bytes.len(),
            _ => {
                return vm.raise(
                    &TYPE_ERROR,
                    "join expects a list of str/bytes objects consistent with self object",
                );
            }
        }
    }
    let mut out = StrBuf::with_capacity(vm, len)?;
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.write(this.bytes)?;
        }
        if let Some(t) = Text::of(vm, *item) {
            out.write(t.bytes)?;
        }
    }
    this.finish(vm, out)
}
