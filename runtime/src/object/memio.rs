//! `StringIO` and `BytesIO`: streams in memory.

use core::cell::Cell;

use super::stream::{Request, Stream};
use super::streams::{self, STREAM_METHODS, closed, target};
use super::{Args, Bytes, Object, Row, Slots, Type, sort_table};
use crate::error::Res;
use crate::heap::RawVec;
use crate::print::{Print, PrintKind};
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;
use crate::{object::Table, q};

/// The contents of a stream in memory and the position in it.
pub struct Memory {
    bytes: RawVec<u8>,
    position: Cell<usize>,
    closed: Cell<bool>,
}

object! {
    /// `io.StringIO`.
    pub struct StringIo: STRING_IO { memory: Memory, }
}

object! {
    /// `io.BytesIO`.
    pub struct BytesIo: BYTES_IO { memory: Memory, }
}

const OWN: [Row; 1] = [Row::new(q!("getvalue"), f1!(getvalue))];

/// The methods of streams and our own, in one table.
const METHODS: Table = {
    const N: usize = 13 + OWN.len();
    &const {
        let mut all = [Row::new(Qstr::NULL, Value::NONE); N];
        let mut i = 0;
        while i < N - 1 {
            all[i] = STREAM_METHODS[i];
            i += 1;
        }
        all[i] = OWN[0];
        sort_table(all)
    }
};

const fn slots(stream: &'static Stream, new: NewFn) -> Slots {
    Slots {
        new: Some(new),
        print: Some(print),
        next: Some(streams::next),
        stream: Some(stream),
        ..Slots::EMPTY
    }
}

type NewFn = fn(&Vm, &'static Type, &Args<'_>) -> Res;

pub static STRING_IO: Type = Type::new(
    q!("StringIO"),
    &const { slots(&const { Stream { read, write, ioctl, text: true } }, string_new) },
)
.with_flags(Type::ITERATOR)
.with_locals(METHODS);

pub static BYTES_IO: Type = Type::new(
    q!("BytesIO"),
    &const { slots(&const { Stream { read, write, ioctl, text: false } }, bytes_new) },
)
.with_flags(Type::ITERATOR)
.with_locals(METHODS);

fn memory(vm: &Vm, v: Value) -> Res<&'static Memory> {
    Ok(match vm.native::<StringIo>(v) {
        Some(s) => &s.get().memory,
        None => &vm.expect::<BytesIo>(v)?.get().memory,
    })
}

/// The memory of a stream that is not closed. Errors: ValueError.
fn open(vm: &Vm, v: Value) -> Res<&'static Memory> {
    let memory = memory(vm, v)?;
    if memory.closed.get() { closed(vm) } else { Ok(memory) }
}

/// `StringIO(initial)` or `StringIO(size)`.
fn contents(vm: &Vm, args: &Args<'_>) -> Res<Memory> {
    args.check(vm, 0, 1)?;
    let bytes = RawVec::new();
    match args.get(0) {
        Some(v) if vm.is_int(v) => bytes.reserve(vm, vm.get_usize(v)?)?,
        Some(v) if v.is::<Bytes>() => {
            let shared = RawVec::shared(vm.get_buffer(v)?.bytes());
            return Ok(Memory { bytes: shared, position: Cell::new(0), closed: Cell::new(false) });
        }
        Some(v) if !v.is_none() => bytes.extend(vm, vm.get_buffer(v)?.bytes())?,
        _ => {}
    }
    Ok(Memory { bytes, position: Cell::new(0), closed: Cell::new(false) })
}

fn string_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    let memory = contents(vm, args)?;
    vm.new_obj(StringIo { header: StringIo::HEADER, memory })
}

fn bytes_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    let memory = contents(vm, args)?;
    vm.new_obj(BytesIo { header: BytesIo::HEADER, memory })
}

fn print(vm: &Vm, v: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    p.str(if vm.native::<StringIo>(v).is_some() { "<io.StringIO>" } else { "<io.BytesIO>" })
}

fn read(vm: &Vm, v: Value, to: &[Cell<u8>]) -> Res<Option<usize>> {
    let memory = open(vm, v)?;
    let at = memory.position.get();
    let from = memory.bytes.slice().get(at..).unwrap_or_default();
    for (to, from) in to.iter().zip(from) {
        to.set(*from);
    }
    let n = to.len().min(from.len());
    memory.position.set(at + n);
    Ok(Some(n))
}

fn write(vm: &Vm, v: Value, from: &[u8]) -> Res<Option<usize>> {
    let memory = open(vm, v)?;
    let at = memory.position.get();
    let end = at.saturating_add(from.len());
    memory.bytes.reserve(vm, end.max(memory.bytes.len()))?;
    while memory.bytes.len() < at {
        memory.bytes.push(vm, 0)?;
    }
    let inside = from.len().min(memory.bytes.len() - at);
    let (over, beyond) = from.split_at(inside);
    for (cell, b) in memory.bytes.cells().get(at..).unwrap_or_default().iter().zip(over) {
        cell.set(*b);
    }
    memory.bytes.extend(vm, beyond)?;
    memory.position.set(end);
    Ok(Some(from.len()))
}

fn ioctl(vm: &Vm, v: Value, request: Request) -> Res<isize> {
    match request {
        Request::Close => {
            let memory = memory(vm, v)?;
            memory.bytes.clear();
            memory.closed.set(true);
            Ok(0)
        }
        Request::Seek(offset, whence) => {
            let memory = open(vm, v)?;
            let to = target(vm, memory.position.get(), memory.bytes.len(), offset, whence)?;
            memory.position.set(to);
            Ok(to as isize)
        }
        Request::Flush => open(vm, v).map(|_| 0),
        _ => vm.raise_os(crate::modules::errno::EINVAL),
    }
}

fn getvalue(vm: &Vm, v: Value) -> Res {
    let bytes = open(vm, v)?.bytes.slice();
    if vm.native::<StringIo>(v).is_some() { vm.new_str(bytes) } else { vm.new_bytes(bytes) }
}
