//! Files of the port: `FileIO` (bytes) and `TextIOWrapper` (text), and the standard streams.

use core::cell::Cell;

use super::stream::{Request, Stream};
use super::streams::{self, STREAM_METHODS, closed};
use super::{Args, Object, Slots, Type};
use crate::error::{Res, VALUE_ERROR};
use crate::modules::errno;
use crate::port::{Files, OpenMode};
use crate::print::{Print, PrintKind, print_int};
use crate::q;
use crate::value::Value;
use crate::vm::Vm;

/// A handle of the port; the first three are the standard streams.
type Handle = u32;

const STDIN: Handle = 0;
const STDOUT: Handle = 1;
const STDERR: Handle = 2;

object! {
    /// A file of bytes.
    pub struct FileIo: FILE_IO, leaf { handle: Cell<Option<Handle>>, }
}

object! {
    /// A file of text.
    pub struct TextFile: TEXT_FILE, leaf { handle: Cell<Option<Handle>>, }
}

object! {
    /// A standard stream, in flash.
    pub struct StdFile: STD_FILE, leaf { handle: Handle, }
}

pub static SYS_STDIN: StdFile = StdFile { header: StdFile::HEADER, handle: STDIN };
pub static SYS_STDOUT: StdFile = StdFile { header: StdFile::HEADER, handle: STDOUT };
pub static SYS_STDERR: StdFile = StdFile { header: StdFile::HEADER, handle: STDERR };

const fn slots(stream: &'static Stream) -> Slots {
    Slots {
        new: Some(file_new),
        print: Some(print),
        next: Some(streams::next),
        stream: Some(stream),
        ..Slots::EMPTY
    }
}

const fn stream(text: bool) -> Stream {
    Stream { read, write, ioctl, text }
}

pub static FILE_IO: Type = Type::new(q!("FileIO"), &const { slots(&const { stream(false) }) })
    .with_flags(Type::ITERATOR)
    .with_locals(STREAM_METHODS);

pub static TEXT_FILE: Type =
    Type::new(q!("TextIOWrapper"), &const { slots(&const { stream(true) }) })
        .with_flags(Type::ITERATOR)
        .with_locals(STREAM_METHODS);

static STD_FILE: Type = Type::new(
    q!("TextIOWrapper"),
    &const { Slots { new: None, getattr: Some(std_getattr), ..slots(&const { stream(true) }) } },
)
.with_flags(Type::ITERATOR)
.with_locals(STREAM_METHODS);

/// `sys.stdout.buffer` is the same stream seen as bytes.
fn std_getattr(vm: &Vm, v: Value, name: crate::qstr::Qstr) -> Res<Option<super::Found>> {
    if name != q!("buffer") {
        return Ok(None);
    }
    let handle = Cell::new(handle_of(vm, v)?);
    let buffer = vm.new_obj(FileIo { header: FileIo::HEADER, handle })?;
    Ok(Some(super::Found::Value(buffer)))
}

fn handle_of(vm: &Vm, v: Value) -> Res<Option<Handle>> {
    if let Some(f) = vm.native::<TextFile>(v) {
        return Ok(f.handle.get());
    }
    if let Some(f) = vm.native::<FileIo>(v) {
        return Ok(f.handle.get());
    }
    Ok(Some(vm.expect::<StdFile>(v)?.handle))
}

fn open_handle(vm: &Vm, v: Value) -> Res<Handle> {
    match handle_of(vm, v)? {
        Some(h) => Ok(h),
        None => closed(vm),
    }
}

fn print(vm: &Vm, v: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    p.str("<io.")?;
    p.write(vm.qstr_bytes(vm.type_of(vm.native_value(v)).name))?;
    p.str(" ")?;
    print_int(p, handle_of(vm, v)?.map_or(-1, i64::from))?;
    p.str(">")
}

impl Vm {
    /// The port's file system. Errors: OSError(ENODEV) if it has none.
    pub fn files(&self) -> Res<&dyn Files> {
        match self.port().files() {
            Some(f) => Ok(f),
            None => self.raise_os(errno::ENODEV),
        }
    }

    /// The result of a port operation, its errno raised as OSError.
    pub fn os_result<T>(&self, result: Result<T, i32>) -> Res<T> {
        match result {
            Ok(v) => Ok(v),
            Err(e) => {
                // What waited may have been interrupted for a reason.
                self.poll()?;
                self.raise_os(e)
            }
        }
    }
}

fn read(vm: &Vm, v: Value, to: &[Cell<u8>]) -> Res<Option<usize>> {
    let handle = open_handle(vm, v)?;
    let mut done = 0;
    let mut piece = [0; 128];
    // The port writes to plain bytes, which `to` is not.
    while let Some(rest) = to.get(done..).filter(|r| !r.is_empty()) {
        let n = rest.len().min(piece.len());
        let room = piece.get_mut(..n).unwrap_or_default();
        let got = match handle {
            STDIN => {
                let got = vm.port().stdin(room);
                vm.poll()?;
                got
            }
            _ => vm.os_result(vm.files()?.read(handle, room))?,
        };
        for (to, from) in rest.iter().zip(piece.iter().take(got)) {
            to.set(*from);
        }
        done += got;
        if got < n {
            break;
        }
    }
    Ok(Some(done))
}

fn write(vm: &Vm, v: Value, from: &[u8]) -> Res<Option<usize>> {
    match open_handle(vm, v)? {
        STDOUT => vm.write_stdout(from)?,
        STDERR => vm.port().stderr(from),
        handle => return vm.os_result(vm.files()?.write(handle, from)).map(Some),
    }
    Ok(Some(from.len()))
}

fn ioctl(vm: &Vm, v: Value, request: Request) -> Res<isize> {
    match request {
        Request::Close => {
            if let (Some(handle), Some(cell)) = (handle_of(vm, v)?, handle_cell(vm, v)) {
                cell.set(None);
                if handle > STDERR {
                    vm.os_result(vm.files()?.close(handle))?;
                }
            }
            Ok(0)
        }
        Request::Seek(offset, whence) => {
            let handle = open_handle(vm, v)?;
            let at = vm.files()?.seek(handle, offset as i64, whence);
            Ok(vm.os_result(at)? as isize)
        }
        Request::Flush => open_handle(vm, v).map(|_| 0),
        Request::FileNo => Ok(open_handle(vm, v)? as isize),
        _ => vm.raise_os(errno::EINVAL),
    }
}

fn handle_cell(vm: &Vm, v: Value) -> Option<&'static Cell<Option<Handle>>> {
    match vm.native::<TextFile>(v) {
        Some(f) => Some(&f.get().handle),
        None => vm.native::<FileIo>(v).map(|f| &f.get().handle),
    }
}

/// `open(path, mode="r")`. Further arguments (buffering, encoding) are accepted.
pub fn open(vm: &Vm, args: &Args<'_>) -> Res {
    let [path, rest @ ..] = args.pos else { return Ok(Value::NONE) };
    let mode = match rest.first().copied().or_else(|| args.keyword(vm, q!("mode"))) {
        Some(m) => vm.get_str(m)?,
        None => b"r",
    };
    let mut how = OpenMode::default();
    let mut binary = false;
    for c in mode {
        match c {
            b'r' => how.read = true,
            b'w' => (how.write, how.create, how.truncate) = (true, true, true),
            b'a' => (how.write, how.create, how.append) = (true, true, true),
            b'x' => (how.write, how.create, how.exclusive) = (true, true, true),
            b'+' => (how.read, how.write) = (true, true),
            b'b' => binary = true,
            b't' => binary = false,
            _ => return vm.raise(&VALUE_ERROR, "invalid mode"),
        }
    }
    let handle = match vm.try_int(*path)? {
        Some(fd) if fd >= 0 => fd as Handle,
        Some(_) => return vm.raise_os(errno::EBADF),
        None => {
            let text = vm.get_str(*path)?;
            if let Some(found) = vm.mounted(text)? {
                let mode = rest.first().copied().or_else(|| args.keyword(vm, q!("mode")));
                let mode = mode.unwrap_or(Value::qstr(q!("r")));
                return vm.call_method(found.system, q!("open"), &[found.path, mode]);
            }
            let path = text;
            vm.os_result(vm.files()?.open(path, how))?
        }
    };
    let handle = Cell::new(Some(handle));
    let file = if binary {
        vm.new_obj(FileIo { header: FileIo::HEADER, handle })
    } else {
        vm.new_obj(TextFile { header: TextFile::HEADER, handle })
    }?;
    vm.add_finaliser(file)?;
    Ok(file)
}

fn file_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    super::check_count(vm, args.pos.len(), 1, usize::MAX)?;
    open(vm, args)
}
