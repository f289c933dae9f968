//! Text output: the `Print` trait and the sinks that implement it.

use crate::error::Res;
use crate::heap::RawVec;
use crate::value::Value;
use crate::vm::Vm;

/// How an object is to be printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PrintKind {
    Str,
    Repr,
    /// As in a traceback's last line: `ValueError: text`.
    Exception,
    Json,
}

/// Something text can be written to.
pub trait Print {
    fn write(&mut self, text: &[u8]) -> Res<()>;

    fn str(&mut self, text: &str) -> Res<()> {
        self.write(text.as_bytes())
    }
}

/// Standard output of the port.
pub struct Stdout<'v>(pub &'v Vm);

impl Print for Stdout<'_> {
    fn write(&mut self, text: &[u8]) -> Res<()> {
        self.0.write_stdout(text)
    }
}

/// Standard error of the port.
pub struct Stderr<'v>(pub &'v Vm);

impl Print for Stderr<'_> {
    fn write(&mut self, text: &[u8]) -> Res<()> {
        self.0.port().stderr(text);
        Ok(())
    }
}

/// Collects text for a new str or bytes object.
pub struct StrBuf<'v> {
    vm: &'v Vm,
    buf: RawVec<u8>,
}

impl<'v> StrBuf<'v> {
    pub fn new(vm: &'v Vm) -> StrBuf<'v> {
        StrBuf { vm, buf: RawVec::new() }
    }

    pub fn with_capacity(vm: &'v Vm, n: usize) -> Res<StrBuf<'v>> {
        Ok(StrBuf { vm, buf: RawVec::with_capacity(vm, n)? })
    }

    pub fn push(&mut self, byte: u8) -> Res<()> {
        self.buf.push(self.vm, byte)
    }

    pub fn len(&self) -> usize {
        self.buf.len()
    }

    pub fn is_empty(&self) -> bool {
        self.buf.is_empty()
    }

    pub fn bytes(&self) -> &[u8] {
        self.buf.slice()
    }

    pub fn buffer(&self) -> &RawVec<u8> {
        &self.buf
    }

    /// The text as a str object, which takes the buffer over.
    pub fn into_str(self) -> Res {
        self.buf.shrink(self.vm);
        self.vm.str_from_static(self.buf.slice())
    }

    /// The text as a bytes object, which takes the buffer over.
    pub fn into_bytes(self) -> Res {
        self.buf.shrink(self.vm);
        self.vm.bytes_from_static(self.buf.slice())
    }
}

impl Print for StrBuf<'_> {
    fn write(&mut self, text: &[u8]) -> Res<()> {
        self.buf.extend(self.vm, text)
    }
}

/// Text of a fixed maximum length that needs no heap; what does not fit is dropped.
pub struct FixedBuf<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> FixedBuf<N> {
    pub const fn new() -> FixedBuf<N> {
        FixedBuf { bytes: [0; N], len: 0 }
    }

    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

impl<const N: usize> Default for FixedBuf<N> {
    fn default() -> FixedBuf<N> {
        FixedBuf::new()
    }
}

impl<const N: usize> Print for FixedBuf<N> {
    fn write(&mut self, text: &[u8]) -> Res<()> {
        for (to, &from) in self.bytes.iter_mut().skip(self.len).zip(text) {
            *to = from;
            self.len += 1;
        }
        Ok(())
    }
}

/// Writes `n` in decimal.
pub fn print_int(p: &mut dyn Print, n: i64) -> Res<()> {
    if n < 0 {
        p.write(b"-")?;
    }
    print_uint(p, n.unsigned_abs(), 10)
}

/// What numbers are printed as: without big ints none is wider than a word, and dividing
/// wider ones takes a routine of its own on small CPUs.
#[cfg(feature = "core")]
type Wide = u64;
#[cfg(not(feature = "core"))]
type Wide = usize;

/// Writes `n` in a base of 2 to 16, lower case.
pub fn print_uint(p: &mut dyn Print, n: u64, base: u32) -> Res<()> {
    let (mut n, base) = (n as Wide, base as Wide);
    let mut digits = [0u8; 64];
    let mut start = digits.len();
    for slot in digits.iter_mut().rev() {
        let d = (n % base) as u8;
        *slot = if d < 10 { b'0' + d } else { b'a' + d - 10 };
        start -= 1;
        n /= base;
        if n == 0 {
            break;
        }
    }
    p.write(digits.get(start..).unwrap_or_default())
}

impl Vm {
    /// Prints `v` to standard output.
    pub fn print(&self, v: Value, kind: PrintKind) -> Res<()> {
        self.print_to(&mut Stdout(self), v, kind)
    }
}
