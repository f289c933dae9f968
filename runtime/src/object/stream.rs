//! The stream protocol of files, sockets and their like.

use core::cell::Cell;

use crate::error::Res;
use crate::value::Value;
use crate::vm::Vm;

/// Operations of a stream type. `Ok(None)` from `read` and `write` means that the
/// operation would block.
pub struct Stream {
    /// Reads into the cells; 0 at the end of the stream.
    pub read: fn(&Vm, Value, &[Cell<u8>]) -> Res<Option<usize>>,
    pub write: fn(&Vm, Value, &[u8]) -> Res<Option<usize>>,
    pub ioctl: fn(&Vm, Value, Request) -> Res<isize>,
    /// Reads give str rather than bytes.
    pub text: bool,
}

/// Requests to `ioctl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    Flush,
    /// Offset and whence; gives the new position.
    Seek(isize, u8),
    /// Which of the events are ready.
    Poll(usize),
    Close,
    FileNo,
    Other(usize, usize),
}

impl Request {
    /// The numbers by which MicroPython passes a request to a stream class: the request
    /// and its argument.
    pub fn numbers(self) -> (isize, isize) {
        match self {
            Request::Flush => (1, 0),
            Request::Seek(offset, _) => (2, offset),
            Request::Poll(events) => (3, events as isize),
            Request::Close => (4, 0),
            Request::FileNo => (10, 0),
            Request::Other(request, argument) => (request as isize, argument as isize),
        }
    }
}
