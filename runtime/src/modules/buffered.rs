//! `io.BufferedWriter`.

use core::cell::Cell;

use crate::Res;
use crate::heap::RawVec;
use crate::modules::errno;
use crate::object::stream::{Request, Stream};
use crate::object::{Args, Object, Slots, Type};
use crate::q;
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// `BufferedWriter(stream, size)`: writes to the stream in blocks of `size`.
    struct BufferedWriter: BUFFERED_WRITER {
        stream: Value,
        pending: RawVec<u8>,
        size: usize,
    }
}

pub(super) static BUFFERED_WRITER: Type = Type::new(
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
