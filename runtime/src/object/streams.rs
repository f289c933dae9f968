//! The methods of streams (files, `StringIO`, …) on top of the stream protocol.

use core::cell::Cell;

use super::stream::{Request, Stream};
use super::text::Text;
use crate::error::{OS_ERROR, Res, UNICODE_ERROR, VALUE_ERROR};
use crate::modules::errno;
use crate::object::Table;
use crate::print::{Print, StrBuf};
use crate::text::chars;
use crate::value::Value;
use crate::vm::Vm;

/// The methods every stream has.
pub static STREAM_METHODS: Table = table! {
    "read" => fv!(1, 2, read),
    "readinto" => fv!(2, 3, readinto),
    "readline" => fv!(1, 2, readline),
    "readlines" => f1!(readlines),
    "write" => fv!(2, 4, write),
    "flush" => f1!(flush),
    "close" => f1!(close),
    "seek" => fv!(2, 3, seek),
    "tell" => f1!(tell),
    "fileno" => f1!(fileno),
    "__enter__" => f1!(enter),
    "__exit__" => fv!(4, 4, exit),
    "__del__" => f1!(close),
};

/// Bytes read at a time when the length is not known.
const CHUNK: usize = 256;

impl Vm {
    /// The stream protocol of `v`. Errors: OSError.
    pub fn stream(&self, v: Value) -> Res<&'static Stream> {
        let mut ty = Some(self.type_of(self.native_value(v)));
        while let Some(t) = ty {
            if let Some(s) = t.slots.stream {
                return Ok(s);
            }
            ty = t.base;
        }
        self.raise(&OS_ERROR, "stream operation not supported")
    }

    /// Writes all of `bytes`. `None`: it would block and nothing was written.
    pub fn stream_write(&self, v: Value, mut bytes: &[u8]) -> Res<Option<usize>> {
        let (stream, mut done) = (self.stream(v)?, 0);
        while !bytes.is_empty() {
            match (stream.write)(self, v, bytes)? {
                None if done == 0 => return Ok(None),
                None | Some(0) => break,
                Some(n) => {
                    done += n;
                    bytes = bytes.get(n..).unwrap_or_default();
                }
            }
        }
        Ok(Some(done))
    }

    /// Fills `cells` as far as the stream goes. `None`: it would block and nothing was read.
    fn stream_read(&self, v: Value, cells: &[Cell<u8>]) -> Res<Option<usize>> {
        let (stream, mut done) = (self.stream(v)?, 0);
        while let Some(rest) = cells.get(done..).filter(|r| !r.is_empty()) {
            match (stream.read)(self, v, rest)? {
                None if done == 0 => return Ok(None),
                None | Some(0) => break,
                Some(n) => done += n,
            }
        }
        Ok(Some(done))
    }

    /// All that is left in a stream, which is closed whatever happens.
    #[cfg(feature = "full")]
    pub(crate) fn stream_contents(&self, v: Value) -> Res<&'static [u8]> {
        let mut buf = StrBuf::new(self);
        let read = loop {
            match append(self, v, &mut buf, CHUNK) {
                Ok(Some(n)) if n > 0 => {}
                Ok(_) => break Ok(()),
                Err(r) => break Err(self.take_exception(r)),
            }
        };
        self.stream_ioctl(v, Request::Close)?;
        match read {
            Ok(()) => self.alloc_bytes(buf.bytes()),
            Err(e) => self.raise_value(e),
        }
    }

    fn stream_ioctl(&self, v: Value, request: Request) -> Res<isize> {
        (self.stream(v)?.ioctl)(self, v, request)
    }
}

/// A printer that writes to a stream.
pub struct StreamPrint<'v> {
    pub vm: &'v Vm,
    pub stream: Value,
}

impl Print for StreamPrint<'_> {
    fn write(&mut self, text: &[u8]) -> Res<()> {
        self.vm.stream_write(self.stream, text).map(|_| ())
    }
}

/// Reads up to `n` more bytes onto the end of `buf`.
fn append(vm: &Vm, v: Value, buf: &mut StrBuf<'_>, n: usize) -> Res<Option<usize>> {
    let cells = vm.alloc_cells(n)?;
    let got = vm.stream_read(v, cells)?;
    for cell in cells.iter().take(got.unwrap_or(0)) {
        buf.push(cell.get())?;
    }
    Ok(got)
}

fn finish(vm: &Vm, v: Value, buf: StrBuf<'_>) -> Res {
    if !vm.stream(v)?.text {
        return buf.into_bytes();
    }
    if cfg!(feature = "unicode") && !chars::is_utf8(buf.bytes()) {
        return vm.raise_type(&UNICODE_ERROR);
    }
    buf.into_str()
}

/// `read(n)`: bytes, or characters of a text stream; without a number, all.
pub fn read(vm: &Vm, args: &[Value]) -> Res {
    let [v, rest @ ..] = args else { return Ok(Value::NONE) };
    let limit = match rest.first() {
        Some(n) if !n.is_none() => usize::try_from(vm.get_int(*n)?).ok(),
        _ => None,
    };
    let is_text = vm.stream(*v)?.text && cfg!(feature = "unicode");
    let mut buf = StrBuf::new(vm);
    loop {
        let want = match limit {
            None => CHUNK,
            Some(n) if is_text => {
                // As many bytes as characters are missing never read too far.
                let text = buf.bytes();
                let missing = n.saturating_sub(chars::count(text));
                missing + incomplete(text)
            }
            Some(n) => n.saturating_sub(buf.len()),
        };
        if want == 0 {
            break;
        }
        match append(vm, *v, &mut buf, want)? {
            None if buf.is_empty() => return Ok(Value::NONE),
            None | Some(0) => break,
            Some(_) => {}
        }
    }
    finish(vm, *v, buf)
}

/// Bytes that the last character still lacks.
fn incomplete(text: &[u8]) -> usize {
    let Some(start) = chars::previous(text, text.len()) else { return 0 };
    let lead = text.get(start).copied().unwrap_or(0);
    chars::length(lead).saturating_sub(text.len() - start)
}

pub fn readinto(vm: &Vm, args: &[Value]) -> Res {
    let [v, buffer, rest @ ..] = args else { return Ok(Value::NONE) };
    let cells = vm.get_buffer_mut(*buffer)?.cells;
    let most = match rest.first() {
        Some(n) => vm.get_usize(*n)?.min(cells.len()),
        None => cells.len(),
    };
    count(vm.stream_read(*v, cells.get(..most).unwrap_or_default())?)
}

fn count(n: Option<usize>) -> Res {
    Ok(n.map_or(Value::NONE, |n| Value::small(n as isize)))
}

/// One line with its newline, of at most `limit` bytes; `None`: it would block.
fn line<'v>(vm: &'v Vm, v: Value, limit: Option<usize>) -> Res<Option<StrBuf<'v>>> {
    let stream = vm.stream(v)?;
    let mut buf = StrBuf::new(vm);
    let byte = [Cell::new(0)];
    while limit.is_none_or(|n| buf.len() < n) {
        match (stream.read)(vm, v, &byte)? {
            None if buf.is_empty() => return Ok(None),
            None | Some(0) => break,
            Some(_) => buf.push(byte[0].get())?,
        }
        if byte[0].get() == b'\n' {
            break;
        }
    }
    Ok(Some(buf))
}

pub fn readline(vm: &Vm, args: &[Value]) -> Res {
    let [v, rest @ ..] = args else { return Ok(Value::NONE) };
    let limit = match rest.first() {
        Some(n) => usize::try_from(vm.get_int(*n)?).ok(),
        None => None,
    };
    match line(vm, *v, limit)? {
        Some(buf) => finish(vm, *v, buf),
        None => Ok(Value::NONE),
    }
}

fn readlines(vm: &Vm, v: Value) -> Res {
    let lines = vm.new_list_with(0)?;
    while let Some(line) = next(vm, v)? {
        lines.items.push(vm, line)?;
    }
    Ok(lines.into())
}

/// Iterating over a stream gives its lines.
pub fn next(vm: &Vm, v: Value) -> Res<Option<Value>> {
    match line(vm, v, None)? {
        Some(buf) if !buf.is_empty() => finish(vm, v, buf).map(Some),
        _ => Ok(None),
    }
}

/// `write(data, [offset,] length)`.
pub fn write(vm: &Vm, args: &[Value]) -> Res {
    let [v, data, rest @ ..] = args else { return Ok(Value::NONE) };
    let bytes = match Text::of(vm, *data) {
        Some(t) => t.bytes,
        None => vm.get_buffer(*data)?.bytes(),
    };
    let (from, len) = match *rest {
        [len] => (0, vm.get_usize(len)?),
        [from, len] => (vm.get_usize(from)?.min(bytes.len()), vm.get_usize(len)?),
        _ => (0, bytes.len()),
    };
    let to = from.saturating_add(len).min(bytes.len());
    count(vm.stream_write(*v, bytes.get(from..to).unwrap_or_default())?)
}

fn flush(vm: &Vm, v: Value) -> Res {
    vm.stream_ioctl(v, Request::Flush)?;
    Ok(Value::NONE)
}

pub fn close(vm: &Vm, v: Value) -> Res {
    vm.stream_ioctl(v, Request::Close)?;
    Ok(Value::NONE)
}

fn enter(_vm: &Vm, v: Value) -> Res {
    Ok(v)
}

fn exit(vm: &Vm, args: &[Value]) -> Res {
    close(vm, args.first().copied().unwrap_or(Value::NONE))
}

fn seek(vm: &Vm, args: &[Value]) -> Res {
    let [v, offset, rest @ ..] = args else { return Ok(Value::NONE) };
    let offset = vm.get_int(*offset)?;
    let whence = match rest.first() {
        Some(w) => vm.get_int(*w)?,
        None => 0,
    };
    let Some(whence) = u8::try_from(whence).ok().filter(|w| *w <= 2) else {
        return vm.raise_os(errno::EINVAL);
    };
    if whence == 0 && offset < 0 {
        return vm.raise_os(errno::EINVAL);
    }
    Ok(Value::small(vm.stream_ioctl(*v, Request::Seek(offset, whence))?))
}

fn tell(vm: &Vm, v: Value) -> Res {
    Ok(Value::small(vm.stream_ioctl(v, Request::Seek(0, 1))?))
}

fn fileno(vm: &Vm, v: Value) -> Res {
    Ok(Value::small(vm.stream_ioctl(v, Request::FileNo)?))
}

/// Where a seek from `position` in `len` bytes leads. Errors: OSError before the start.
pub fn target(vm: &Vm, position: usize, len: usize, offset: isize, whence: u8) -> Res<usize> {
    let from = match whence {
        0 => 0,
        1 => position,
        _ => len,
    };
    match from.checked_add_signed(offset) {
        Some(to) => Ok(to),
        None if whence == 0 => vm.raise_os(errno::EINVAL),
        None => Ok(0),
    }
}

#[cold]
pub fn closed<T>(vm: &Vm) -> Res<T> {
    vm.raise(&VALUE_ERROR, "I/O operation on closed file")
}
