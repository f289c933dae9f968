//! `RingIO`: bytes on their way from one end of a program to the other.
//!
//! One byte of the buffer stays free, so that a full ring differs from an empty one.

use core::cell::Cell;

use super::stream::{Request, Stream};
use super::streams::{close, read, readinto, readline, write};
use super::{Args, Buffer, Object, Slots, Type};
use crate::error::{Res, VALUE_ERROR};
use crate::modules::errno;
use crate::print::{Print, PrintKind};
use crate::q;
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// `RingIO(size)` or `RingIO(buffer)`.
    pub struct RingIo: RING_IO {
        /// Whose memory the cells are.
        owner: Value,
        cells: &'static [Cell<u8>],
        /// Where the next byte is written and read.
        head: Cell<usize>,
        tail: Cell<usize>,
    }
}

pub static RING_IO: Type = Type::new(
    q!("RingIO"),
    &const {
        Slots {
            new: Some(new),
            print: Some(print),
            stream: Some(
                &const { Stream { read: ring_read, write: ring_write, ioctl, text: false } },
            ),
            ..Slots::EMPTY
        }
    },
)
.with_locals(table! {
    "any" => f1!(any),
    "close" => f1!(close),
    "read" => fv!(1, 2, read),
    "readinto" => fv!(2, 3, readinto),
    "readline" => fv!(1, 2, readline),
    "write" => fv!(2, 4, write),
});

/// Bytes in the largest buffer.
const MOST: usize = u16::MAX as usize;

fn new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 1, 1)?;
    let v = args.get(0).unwrap_or(Value::NONE);
    let (owner, cells) = match vm.try_buffer(v)?.filter(|b| b.writable) {
        Some(Buffer { cells, .. }) => (v, cells),
        None => match usize::try_from(vm.get_int(v)?) {
            Ok(n @ 1..MOST) => (Value::NONE, vm.alloc_cells(n + 1)?),
            _ => return vm.raise_type(&VALUE_ERROR),
        },
    };
    if !(2..=MOST).contains(&cells.len()) {
        return vm.raise_type(&VALUE_ERROR);
    }
    let (head, tail) = (Cell::new(0), Cell::new(0));
    vm.new_obj(RingIo { header: RingIo::HEADER, owner, cells, head, tail })
}

impl RingIo {
    /// Bytes to be read.
    fn len(&self) -> usize {
        let (head, tail) = (self.head.get(), self.tail.get());
        if head >= tail { head - tail } else { head + self.cells.len() - tail }
    }

    fn free(&self) -> usize {
        self.cells.len() - 1 - self.len()
    }

    /// The cell at a position, which moves on.
    fn step(&self, position: &Cell<usize>) -> Option<&'static Cell<u8>> {
        let at = position.get();
        position.set(if at + 1 == self.cells.len() { 0 } else { at + 1 });
        self.cells.get(at)
    }
}

fn print(_vm: &Vm, _v: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    p.str("<RingIO>")
}

fn any(vm: &Vm, v: Value) -> Res {
    Ok(Value::small(vm.expect::<RingIo>(v)?.len() as isize))
}

fn ring_read(vm: &Vm, v: Value, to: &[Cell<u8>]) -> Res<Option<usize>> {
    let ring = vm.expect::<RingIo>(v)?;
    let n = to.len().min(ring.len());
    for to in to.iter().take(n) {
        to.set(ring.step(&ring.tail).map_or(0, Cell::get));
    }
    Ok(Some(n))
}

fn ring_write(vm: &Vm, v: Value, from: &[u8]) -> Res<Option<usize>> {
    let ring = vm.expect::<RingIo>(v)?;
    let n = from.len().min(ring.free());
    for &byte in from.iter().take(n) {
        if let Some(cell) = ring.step(&ring.head) {
            cell.set(byte);
        }
    }
    Ok(Some(n))
}

fn ioctl(vm: &Vm, v: Value, request: Request) -> Res<isize> {
    const READABLE: usize = 1;
    const WRITABLE: usize = 4;
    let ring = vm.expect::<RingIo>(v)?;
    match request {
        Request::Poll(events) => {
            let readable = if ring.len() > 0 { READABLE } else { 0 };
            let writable = if ring.free() > 0 { WRITABLE } else { 0 };
            Ok((events & (readable | writable)) as isize)
        }
        Request::Close => Ok(0),
        _ => vm.raise_os(errno::EINVAL),
    }
}
