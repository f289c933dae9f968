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
        "BufferedWriter" => obj!(BUFFERED_WRITER),
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

object! {
    /// `BufferedWriter(stream, size)`: writes to the stream in blocks of `size`.
    struct BufferedWriter: BUFFERED_WRITER {
        stream: Value,
        pending: RawVec<u8>,
        size: usize,
    }
}

static BUFFERED_WRITER: Type = Type::new(
    q!("BufferedWriter"),
    &const {
        Slots {
            new: Some(writer_new),
            stream: Some(
                &const {
                    Stream {
                        read: writer_read,
                        write: writer_write,
                        ioctl: writer_ioctl,
                        text: false,
                    }
                },
            ),
            ..Slots::EMPTY
        }
    },
)
.with_locals(crate::object::streams::STREAM_METHODS);

fn writer_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 2, 2)?;
    let [stream, size] = args.pos else { return Ok(Value::NONE) };
    let size = vm.get_usize(*size)?;
    let pending = RawVec::with_capacity(vm, size)?;
    let header = BufferedWriter::HEADER;
    vm.new_obj(BufferedWriter { header, stream: *stream, pending, size })
}

fn writer_read(vm: &Vm, _v: Value, _to: &[Cell<u8>]) -> Res<Option<usize>> {
    vm.raise(&crate::error::OS_ERROR, "stream operation not supported")
}

/// Sends what is pending to the stream.
fn drain(vm: &Vm, writer: &BufferedWriter) -> Res<()> {
    while !writer.pending.is_empty() {
        // A copy: what the stream runs may write more.
        let bytes = vm.alloc_bytes(writer.pending.slice())?;
        match vm.stream_write(writer.stream, bytes)? {
            Some(n) if n > 0 => writer.pending.remove_range(0, n),
            _ => return vm.raise_os(errno::EAGAIN),
        }
    }
    Ok(())
}

fn writer_write(vm: &Vm, v: Value, from: &[u8]) -> Res<Option<usize>> {
    let writer = vm.expect::<BufferedWriter>(v)?;
    let mut rest = from;
    while !rest.is_empty() {
        let room = writer.size.saturating_sub(writer.pending.len()).max(1);
        let (now, later) = rest.split_at(room.min(rest.len()));
        writer.pending.extend(vm, now)?;
        rest = later;
        if writer.pending.len() >= writer.size {
            drain(vm, &writer)?;
        }
    }
    Ok(Some(from.len()))
}

fn writer_ioctl(vm: &Vm, v: Value, request: Request) -> Res<isize> {
    match request {
        Request::Flush | Request::Close => {
            let writer = vm.expect::<BufferedWriter>(v)?;
            drain(vm, &writer)?;
            Ok(0)
        }
        _ => vm.raise_os(errno::EINVAL),
    }
}
