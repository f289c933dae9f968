//! A file read in place: nothing is copied and nothing is allocated.
//!
//! The format has no index: whoever wants a function must have passed everything
//! before it. So the reader is a cursor that goes over the file once, in the order in
//! which a loader needs things:
//!
//! ```text
//! let mut file = Reader::new(data)?;         // header and counts
//! for _ in 0..file.n_qstrs()  { file.qstr()?; }
//! for _ in 0..file.n_consts() { file.constant()?; }
//! let root = file.raw_code()?;               // then, for each function:
//! for _ in 0..root.n_children { … file.raw_code()? … }
//! if root.has_relocs { while let Some(r) = file.reloc()? { … } }
//! file.finish()?;
//! ```
//!
//! A tuple constant announces how many constants follow it, a function how many
//! children. Nesting is bounded by [`MAX_DEPTH`], so a loader may recurse.

use crate::error::{Error, ErrorKind};
use crate::header::{Arch, Header};
use crate::prelude::Prelude;
use crate::reloc::Reloc;
use crate::table::qstr::static_qstr;
use crate::varint;

/// How deeply tuples, and functions, may be nested.
pub const MAX_DEPTH: u32 = 64;

/// Kind byte of each constant in a file.
#[allow(missing_docs)]
pub mod kind {
    pub const FUN_TABLE: u8 = 0;
    pub const NONE: u8 = 1;
    pub const FALSE: u8 = 2;
    pub const TRUE: u8 = 3;
    pub const ELLIPSIS: u8 = 4;
    pub const STR: u8 = 5;
    pub const BYTES: u8 = 6;
    pub const INT: u8 = 7;
    pub const FLOAT: u8 = 8;
    pub const COMPLEX: u8 = 9;
    pub const TUPLE: u8 = 10;
}

/// Scope flag of viper and assembler code: relocations follow.
pub const FLAG_RELOCS: u32 = 0x10;
/// Scope flag of viper code: the size of read-only data follows.
pub const FLAG_RODATA: u32 = 0x20;
/// Scope flag of viper code: the size of zeroed data follows.
pub const FLAG_BSS: u32 = 0x40;

/// An entry of the qstr table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum QstrRef<'a> {
    /// A static qstr, by number.
    Static(u16),
    /// Text that the file holds.
    Text(&'a [u8]),
}

impl<'a> QstrRef<'a> {
    /// The text in either case.
    pub fn text(self) -> &'a [u8] {
        match self {
            QstrRef::Static(number) => static_qstr(number.into()).unwrap_or_default().as_bytes(),
            QstrRef::Text(text) => text,
        }
    }
}

/// A constant. The text of numbers is checked to be what a numeric literal may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConstRef<'a> {
    /// The native table.
    FunTable,
    /// `None`.
    None,
    /// `False`.
    False,
    /// `True`.
    True,
    /// `...`
    Ellipsis,
    /// A string.
    Str(&'a [u8]),
    /// A bytes object.
    Bytes(&'a [u8]),
    /// An integer in decimal.
    Int(&'a str),
    /// A float.
    Float(&'a str),
    /// A complex number.
    Complex(&'a str),
    /// A tuple; that many constants follow.
    Tuple(u32),
}

/// A function body, and what follows it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct RawCodeRef<'a> {
    /// Offset of `data` in the file.
    pub data_at: u32,
    /// Prelude and code, or machine code.
    pub data: &'a [u8],
    /// Which of the kinds it is, with what only that kind has.
    pub kind: RawKind<'a>,
    /// Functions that follow.
    pub n_children: u32,
    /// Whether a relocation list follows the children.
    pub has_relocs: bool,
}

/// What kind of code a function has.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum RawKind<'a> {
    /// Bytecode: `data` is a prelude and instructions.
    Bytecode,
    /// Machine code of a Python function.
    Native {
        /// Where in `data` the prelude is.
        prelude_at: u32,
    },
    /// Machine code with native types, or a native module.
    Viper {
        /// All scope flags.
        flags: u32,
        /// Read-only data.
        rodata: Option<&'a [u8]>,
        /// Size of zeroed data.
        bss: Option<u32>,
    },
    /// Inline assembler.
    Asm {
        /// All scope flags.
        flags: u32,
        /// Parameters.
        n_pos_args: u32,
        /// Native types, four bits each: the result, then the parameters.
        type_sig: u32,
    },
}

impl<'a> RawCodeRef<'a> {
    /// The prelude, of a bytecode or native Python function.
    ///
    /// # Errors
    /// As [`Prelude::read`]; offsets count from the start of `data`.
    pub fn prelude(&self) -> Result<Option<Prelude<'a>>, Error> {
        match self.kind {
            RawKind::Bytecode => Prelude::read(self.data, 0).map(Some),
            RawKind::Native { prelude_at } => {
                Prelude::read(self.data, prelude_at as usize).map(Some)
            }
            RawKind::Viper { .. } | RawKind::Asm { .. } => Ok(None),
        }
    }
}

/// A cursor over a file.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    data: &'a [u8],
    at: usize,
    header: Header,
    n_qstrs: u32,
    n_consts: u32,
}

impl<'a> Reader<'a> {
    /// Reads header and counts. The cursor is then at the first qstr.
    ///
    /// # Errors
    /// What [`Header::read`] says; `TooLong` over 2 GiB; `Truncated` when the counts
    /// are more than the file could hold.
    pub fn new(data: &'a [u8]) -> Result<Reader<'a>, Error> {
        if data.len() > i32::MAX as usize {
            return Err(Error::new(0, ErrorKind::TooLong));
        }
        let mut at = 0;
        let header = Header::read(data, &mut at)?;
        let counts_at = at;
        let n_qstrs = varint::read_uint(data, &mut at)?;
        let n_consts = varint::read_uint(data, &mut at)?;
        if u64::from(n_qstrs) + u64::from(n_consts) > data.len() as u64 {
            return Err(Error::new(counts_at, ErrorKind::Truncated));
        }
        Ok(Reader { data, at, header, n_qstrs, n_consts })
    }

    /// The file's header.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// Number of qstrs.
    pub const fn n_qstrs(&self) -> u32 {
        self.n_qstrs
    }

    /// Number of constants; items of tuples are not counted.
    pub const fn n_consts(&self) -> u32 {
        self.n_consts
    }

    /// Offset of the cursor in the file.
    pub const fn position(&self) -> usize {
        self.at
    }

    fn byte(&mut self) -> Result<u8, Error> {
        let byte = *self.data.get(self.at).ok_or(Error::new(self.at, ErrorKind::Truncated))?;
        self.at += 1;
        Ok(byte)
    }

    #[inline]
    fn uint(&mut self) -> Result<u32, Error> {
        varint::read_uint(self.data, &mut self.at)
    }

    #[inline]
    fn bytes(&mut self, len: u32) -> Result<&'a [u8], Error> {
        // No overflow: the file is under 2 GiB, so the sum is under 6 GiB and on
        // machines with 32-bit addresses it saturates.
        let end = self.at.saturating_add(len as usize);
        let bytes = self.data.get(self.at..end).ok_or(Error::new(self.at, ErrorKind::Truncated))?;
        self.at = end;
        Ok(bytes)
    }

    #[inline]
    fn text(&mut self, len: u32) -> Result<&'a [u8], Error> {
        let text = self.bytes(len)?;
        let at = self.at;
        match self.byte()? {
            0 => Ok(text),
            _ => Err(Error::new(at, ErrorKind::MissingNul)),
        }
    }

    /// The next qstr.
    ///
    /// # Errors
    /// `Truncated`, `NumberTooBig`, `BadStaticQstr`, `MissingNul`.
    #[inline]
    pub fn qstr(&mut self) -> Result<QstrRef<'a>, Error> {
        let start = self.at;
        let head = self.uint()?;
        if head & 1 == 0 {
            return self.text(head >> 1).map(QstrRef::Text);
        }
        match static_qstr(head >> 1) {
            Some(_) => Ok(QstrRef::Static((head >> 1) as u16)),
            None => Err(Error::new(start, ErrorKind::BadStaticQstr)),
        }
    }

    /// The next constant; the items of a tuple come after it.
    ///
    /// # Errors
    /// `Truncated`, `NumberTooBig`, `BadConst`, `BadNumber`, `MissingNul`.
    pub fn constant(&mut self) -> Result<ConstRef<'a>, Error> {
        let start = self.at;
        let constant = match self.byte()? {
            kind::FUN_TABLE => ConstRef::FunTable,
            kind::NONE => ConstRef::None,
            kind::FALSE => ConstRef::False,
            kind::TRUE => ConstRef::True,
            kind::ELLIPSIS => ConstRef::Ellipsis,
            kind::STR => {
                let len = self.uint()?;
                ConstRef::Str(self.text(len)?)
            }
            kind::BYTES => {
                let len = self.uint()?;
                ConstRef::Bytes(self.text(len)?)
            }
            kind::INT => ConstRef::Int(self.number(is_int)?),
            kind::FLOAT => ConstRef::Float(self.number(is_float)?),
            kind::COMPLEX => ConstRef::Complex(self.number(is_float)?),
            kind::TUPLE => {
                let len = self.uint()?;
                if len as usize > self.data.len() - self.at {
                    return Err(Error::new(start, ErrorKind::Truncated));
                }
                ConstRef::Tuple(len)
            }
            _ => return Err(Error::new(start, ErrorKind::BadConst)),
        };
        Ok(constant)
    }

    fn number(&mut self, check: fn(&str) -> bool) -> Result<&'a str, Error> {
        let start = self.at;
        let len = self.uint()?;
        let text = self.bytes(len)?;
        match core::str::from_utf8(text) {
            Ok(text) if check(text) => Ok(text),
            _ => Err(Error::new(start, ErrorKind::BadNumber)),
        }
    }

    /// Passes a constant with everything in it.
    ///
    /// # Errors
    /// As [`Reader::constant`], and `TooDeep`.
    pub fn skip_constant(&mut self) -> Result<(), Error> {
        self.skip_constant_below(MAX_DEPTH)
    }

    fn skip_constant_below(&mut self, depth: u32) -> Result<(), Error> {
        let start = self.at;
        if let ConstRef::Tuple(len) = self.constant()? {
            let depth = depth.checked_sub(1).ok_or(Error::new(start, ErrorKind::TooDeep))?;
            for _ in 0..len {
                self.skip_constant_below(depth)?;
            }
        }
        Ok(())
    }

    /// The next function body. Its children follow, then its relocations.
    ///
    /// # Errors
    /// `Truncated`, `NumberTooBig`, `NativeWithoutArch`, `BadPrelude`, `BadSignature`.
    pub fn raw_code(&mut self) -> Result<RawCodeRef<'a>, Error> {
        let start = self.at;
        let head = self.uint()?;
        let (number, has_children, len) = (head & 3, head & 4 != 0, head >> 3);
        let data_at = self.at as u32;
        let data = self.bytes(len)?;
        if number != 0 && self.header.arch == Arch::None {
            return Err(Error::new(start, ErrorKind::NativeWithoutArch));
        }
        let mut has_relocs = false;
        let kind = match number {
            0 => RawKind::Bytecode,
            1 => {
                let prelude_at = self.uint()?;
                if prelude_at >= len {
                    return Err(Error::new(start, ErrorKind::BadPrelude));
                }
                RawKind::Native { prelude_at }
            }
            2 => {
                let flags = self.uint()?;
                let rodata_len = if flags & FLAG_RODATA != 0 { Some(self.uint()?) } else { None };
                let bss = if flags & FLAG_BSS != 0 { Some(self.uint()?) } else { None };
                let rodata = rodata_len.map(|len| self.bytes(len)).transpose()?;
                has_relocs = flags & FLAG_RELOCS != 0;
                RawKind::Viper { flags, rodata, bss }
            }
            _ => {
                let flags = self.uint()?;
                let n_pos_args = self.uint()?;
                let type_sig = self.uint()?;
                if n_pos_args > 4 {
                    return Err(Error::new(start, ErrorKind::BadSignature));
                }
                has_relocs = flags & FLAG_RELOCS != 0;
                RawKind::Asm { flags, n_pos_args, type_sig }
            }
        };
        let n_children = if has_children { self.uint()? } else { 0 };
        if n_children as usize > self.data.len() - self.at {
            return Err(Error::new(start, ErrorKind::Truncated));
        }
        Ok(RawCodeRef { data_at, data, kind, n_children, has_relocs })
    }

    /// The next relocation; `None` at the end of the list.
    ///
    /// # Errors
    /// As [`Reloc::read`].
    pub fn reloc(&mut self) -> Result<Option<Reloc>, Error> {
        Reloc::read(self.data, &mut self.at)
    }

    /// Ends reading.
    ///
    /// # Errors
    /// `TrailingBytes` when the file goes on.
    pub fn finish(self) -> Result<(), Error> {
        if self.at == self.data.len() {
            Ok(())
        } else {
            Err(Error::new(self.at, ErrorKind::TrailingBytes))
        }
    }
}

/// An optional minus sign and decimal digits.
fn is_int(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Only characters that the `repr` of a float or complex number has.
fn is_float(text: &str) -> bool {
    !text.is_empty()
        && text.len() < 128
        && text.bytes().all(|b| b.is_ascii_digit() || b"+-.eEjJinfa()".contains(&b))
}
