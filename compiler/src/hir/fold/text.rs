//! Folding of strings, bytes and tuples.

use super::number::ordered;
use crate::hir::{BinOp, CmpOp, Const, Pools, Symbols};

/// The longest string or bytes object that repetition makes, in bytes: a longer one takes more
/// room than the code that makes it.
const MAX_REPEATED: usize = 32;
/// The longest result of concatenation, in bytes or members.
const MAX_JOINED: usize = 4096;

pub(super) fn binary(
    pools: &mut Pools,
    symbols: &mut Symbols,
    op: BinOp,
    left: Const,
    right: Const,
) -> Option<Const> {
    match (op, left, right) {
        (BinOp::Add, Const::Str(a), Const::Str(b)) => {
            let text = joined(symbols.get(a), symbols.get(b))?;
            Some(Const::Str(symbols.intern(&text)))
        }
        (BinOp::Add, Const::Bytes(a), Const::Bytes(b)) => {
            let bytes = joined(&pools[a], &pools[b])?;
            Some(Const::Bytes(pools.add_bytes(bytes.into_boxed_slice())))
        }
        (BinOp::Add, Const::Tuple(a), Const::Tuple(b)) => {
            let members = joined(&pools[a], &pools[b])?;
            Some(Const::Tuple(pools.list(&members)))
        }
        (BinOp::Mul, Const::Str(text), Const::Int(count))
        | (BinOp::Mul, Const::Int(count), Const::Str(text)) => {
            let text = repeated(symbols.get(text), count)?;
            Some(Const::Str(symbols.intern(&text)))
        }
        (BinOp::Mul, Const::Bytes(bytes), Const::Int(count))
        | (BinOp::Mul, Const::Int(count), Const::Bytes(bytes)) => {
            let bytes = repeated(&pools[bytes], count)?;
            Some(Const::Bytes(pools.add_bytes(bytes.into_boxed_slice())))
        }
        (BinOp::Mod, Const::Str(format), value) => {
            let one = [value];
            let values = match value {
                Const::Tuple(members) => &pools[members],
                _ => &one[..],
            };
            let text = formatted(symbols, symbols.get(format), values)?;
            Some(Const::Str(symbols.intern(&text)))
        }
        _ => None,
    }
}

fn joined<T: Copy>(a: &[T], b: &[T]) -> Option<Vec<T>> {
    (a.len() + b.len() <= MAX_JOINED).then(|| [a, b].concat())
}

fn repeated(text: &[u8], count: i64) -> Option<Vec<u8>> {
    let count = usize::try_from(count.max(0)).ok()?;
    let len = text.len().checked_mul(count)?;
    (len <= MAX_REPEATED).then(|| text.repeat(count))
}

/// `format % values` where that is only `%s` of strings and integers, `%d` of integers, and `%%`.
fn formatted(symbols: &Symbols, format: &[u8], values: &[Const]) -> Option<Vec<u8>> {
    let mut values = values.iter();
    let mut out = Vec::new();
    let mut bytes = format.iter();
    while let Some(&byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        match bytes.next()? {
            b'%' => out.push(b'%'),
            letter @ (b's' | b'd') => match (letter, values.next()?) {
                (_, Const::Int(value)) => out.extend_from_slice(value.to_string().as_bytes()),
                (b's', Const::Str(text)) => out.extend_from_slice(symbols.get(*text)),
                _ => return None,
            },
            _ => return None,
        }
    }
    (values.next().is_none() && out.len() <= MAX_JOINED).then_some(out)
}

pub(super) fn compare(
    pools: &Pools,
    symbols: &Symbols,
    op: CmpOp,
    left: Const,
    right: Const,
) -> Option<bool> {
    let order = match (left, right) {
        (Const::Str(a), Const::Str(b)) => symbols.get(a).cmp(symbols.get(b)),
        (Const::Bytes(a), Const::Bytes(b)) => pools[a].cmp(&pools[b]),
        _ => return None,
    };
    ordered(op, order)
}

/// Whether `item in container`.
pub(super) fn contains(
    pools: &Pools,
    symbols: &Symbols,
    container: Const,
    item: Const,
) -> Option<bool> {
    match (container, item) {
        (Const::Str(text), Const::Str(part)) => {
            let (text, part) = (symbols.get(text), symbols.get(part));
            Some(part.is_empty() || text.windows(part.len()).any(|window| window == part))
        }
        (Const::Tuple(members), item) => {
            for &member in &pools[members] {
                if super::compare(pools, symbols, CmpOp::Eq, member, item)? {
                    return Some(true);
                }
            }
            Some(false)
        }
        _ => None,
    }
}

pub(super) fn subscript(
    pools: &Pools,
    symbols: &mut Symbols,
    object: Const,
    index: Const,
) -> Option<Const> {
    let Const::Int(index) = index else {
        return None;
    };
    match object {
        Const::Str(text) => {
            // Whether a board counts characters or bytes is its own choice.
            let text = symbols.get(text);
            let byte = *text.get(place(text.len(), index)?)?;
            text.is_ascii().then(|| Const::Str(symbols.intern(&[byte])))
        }
        Const::Bytes(bytes) => {
            let bytes = &pools[bytes];
            bytes.get(place(bytes.len(), index)?).map(|&byte| Const::Int(byte.into()))
        }
        Const::Tuple(members) => {
            let members = &pools[members];
            members.get(place(members.len(), index)?).copied()
        }
        _ => None,
    }
}

/// The place that an index, perhaps negative, means.
fn place(len: usize, index: i64) -> Option<usize> {
    let index = if index < 0 { index.checked_add(i64::try_from(len).ok()?)? } else { index };
    usize::try_from(index).ok()
}
