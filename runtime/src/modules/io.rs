//! `io`: files and streams in memory.

use core::cell::Cell;

use crate::Res;
use crate::heap::RawVec;
use crate::modules::errno;
use crate::object::file::{FILE_IO, TEXT_FILE, open};
use crate::object::memio::{BYTES_IO, STRING_IO};
use crate::object::stream::{Request, Stream};
use crate::object::{Args, Object, Slots, Type};
use crate::q;
use crate::value::Value;
use crate::vm::Vm;

module! {
    pub static IO: "io" {
        #[cfg(feature = "cpython")]
        "BufferedWriter" => obj!(super::buffered::BUFFERED_WRITER),
        "BytesIO" => obj!(BYTES_IO),
        "FileIO" => obj!(FILE_IO),
        "IOBase" => obj!(IO_BASE),
        "StringIO" => obj!(STRING_IO),
        "TextIOWrapper" => obj!(TEXT_FILE),
        "open" => fk!(1, usize::MAX, open),
    }
}

object! {
    /// `IOBase`, to derive stream classes from: the protocol calls their methods
    /// `readinto`, `write` and `ioctl`.
    struct IoBase: IO_BASE, leaf { }
}

static IO_BASE: Type = Type::new(
    q!("IOBase"),
    &const {
        Slots {
            new: Some(base_new),
            stream: Some(
                &const { Stream { read: base_read, write: base_write, ioctl: base_ioctl, text: false } },
            ),
            ..Slots::EMPTY
        }
    },
);

fn base_new(vm: &Vm, _ty: &'static Type, _args: &Args<'_>) -> Res {
    vm.new_obj(IoBase { header: IoBase::HEADER })
}

/// What a stream method written in Python answered: a count, None for "would block",
/// a negative errno.
fn answer(vm: &Vm, v: Value, most: usize) -> Res<Option<usize>> {
    if v.is_none() {
        return Ok(None);
    }
    match vm.get_int(v)? {
        n if n < 0 => vm.raise_os(n.unsigned_abs() as i32),
        n if n as usize > most => vm.raise_os(errno::EIO),
        n => Ok(Some(n as usize)),
    }
}

fn base_read(vm: &Vm, v: Value, to: &[Cell<u8>]) -> Res<Option<usize>> {
    let raw = RawVec::new();
    raw.reset(vm, to.len(), 0)?;
    let buffer = vm.bytearray_from(raw)?;
    let n = vm.call_method(v, q!("readinto"), &[buffer])?;
    let n = answer(vm, n, to.len())?;
    // As it is now: the method may have made it longer or shorter.
    let cells = vm.get_buffer(buffer)?.cells;
    for (to, from) in to.iter().zip(cells).take(n.unwrap_or(0)) {
        to.set(from.get());
    }
    Ok(n)
}

fn base_write(vm: &Vm, v: Value, from: &[u8]) -> Res<Option<usize>> {
    let data = vm.new_bytearray(from)?;
    let n = vm.call_method(v, q!("write"), &[data])?;
    answer(vm, n, from.len())
}

fn base_ioctl(vm: &Vm, v: Value, request: Request) -> Res<isize> {
    let (number, argument) = request.numbers();
    let args = [Value::small(number), Value::small(argument)];
    let n = vm.call_method(v, q!("ioctl"), &args)?;
    match vm.get_int(n)? {
        n if n < 0 => vm.raise_os(n.unsigned_abs() as i32),
        n => Ok(n),
    }
}
