//! The start of a function body: its frame, its names and its cells.
//!
//! ```text
//! signature   interleaved bits, see below
//! sizes       interleaved bits: bytes of names and lines, number of cells
//! name        varint, qstr index
//! arguments   a varint each, qstr index: positional ones, then keyword-only ones
//! lines       the line table, up to the size given
//! cells       a byte each: the local that becomes a cell on entry
//! code        the rest
//! ```
//!
//! The signature packs six numbers so that most functions need one or two bytes: the
//! first byte is `xSSSSEAA`, those after it `xFSSKAED`, low bits first; `x` means
//! "more". The sizes are packed as `xIIIIIIC`.
//!
//! A native function body has the same prelude behind its machine code.

use crate::error::{Error, ErrorKind};
use crate::varint;

/// The function is a generator.
pub const FLAG_GENERATOR: u8 = 1;
/// The function takes `**kwargs`.
pub const FLAG_VARKEYWORDS: u8 = 2;
/// The function takes `*args`.
pub const FLAG_VARARGS: u8 = 4;
/// Some keyword-only parameter has a default.
pub const FLAG_DEFKWARGS: u8 = 8;
const ALL_FLAGS: u32 = 15;

/// Shape of a function's frame and parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signature {
    /// Entries for locals and value stack together, at least 1.
    pub n_state: u32,
    /// Exception blocks that can be nested.
    pub n_exc_stack: u32,
    /// The `FLAG_…` bits.
    pub flags: u8,
    /// Positional parameters.
    pub n_pos_args: u32,
    /// Keyword-only parameters.
    pub n_kwonly_args: u32,
    /// Positional parameters with a default.
    pub n_def_pos_args: u32,
}

impl Signature {
    /// Decodes a signature at `*at` and moves `*at` behind it.
    ///
    /// # Errors
    /// `Truncated`; `BadPrelude` when a number does not fit 16 bits or an unknown
    /// flag is set.
    pub fn read(data: &[u8], at: &mut usize) -> Result<Signature, Error> {
        let start = *at;
        let mut next = || {
            let byte = data.get(*at).copied().ok_or(Error::new(*at, ErrorKind::Truncated));
            *at += 1;
            byte.map(u32::from)
        };
        let mut byte = next()?;
        let mut state = byte >> 3 & 15;
        let mut exc_stack = byte >> 2 & 1;
        let mut pos_args = byte & 3;
        let (mut flags, mut kwonly_args, mut def_pos_args) = (0, 0, 0);
        let mut n = 0;
        while byte & 0x80 != 0 {
            byte = next()?;
            if n > 13 {
                return Err(Error::new(start, ErrorKind::BadPrelude));
            }
            state |= (byte >> 4 & 3) << (4 + 2 * n);
            exc_stack |= (byte >> 1 & 1) << (1 + n);
            flags |= (byte >> 6 & 1) << n;
            pos_args |= (byte >> 2 & 1) << (2 + n);
            kwonly_args |= (byte >> 3 & 1) << n;
            def_pos_args |= (byte & 1) << n;
            n += 1;
        }
        if state > 0xfffe || flags > ALL_FLAGS {
            return Err(Error::new(start, ErrorKind::BadPrelude));
        }
        Ok(Signature {
            n_state: state + 1,
            n_exc_stack: exc_stack,
            flags: flags as u8,
            n_pos_args: pos_args,
            n_kwonly_args: kwonly_args,
            n_def_pos_args: def_pos_args,
        })
    }

    /// Encodes the signature, handing out the bytes one by one.
    pub fn encode(&self, mut out: impl FnMut(u8)) {
        let mut state = self.n_state.saturating_sub(1);
        let mut exc_stack = self.n_exc_stack;
        let mut flags = u32::from(self.flags);
        let mut pos_args = self.n_pos_args;
        let mut kwonly_args = self.n_kwonly_args;
        let mut def_pos_args = self.n_def_pos_args;
        let mut byte = (state & 15) << 3 | (exc_stack & 1) << 2 | pos_args & 3;
        state >>= 4;
        exc_stack >>= 1;
        pos_args >>= 2;
        while state | exc_stack | flags | pos_args | kwonly_args | def_pos_args != 0 {
            out(byte as u8 | 0x80);
            byte = (flags & 1) << 6
                | (state & 3) << 4
                | (kwonly_args & 1) << 3
                | (pos_args & 1) << 2
                | (exc_stack & 1) << 1
                | def_pos_args & 1;
            state >>= 2;
            exc_stack >>= 1;
            flags >>= 1;
            pos_args >>= 1;
            kwonly_args >>= 1;
            def_pos_args >>= 1;
        }
        out(byte as u8);
    }

    /// Parameters that have a name in the prelude.
    pub const fn named_args(&self) -> u32 {
        self.n_pos_args + self.n_kwonly_args
    }

    /// Locals that a call fills: named parameters, `*args` and `**kwargs`.
    pub const fn filled_locals(&self) -> u32 {
        let args = (self.flags & FLAG_VARARGS != 0) as u32;
        let kwargs = (self.flags & FLAG_VARKEYWORDS != 0) as u32;
        self.named_args() + args + kwargs
    }

    /// Whether calling it makes a generator.
    pub const fn is_generator(&self) -> bool {
        self.flags & FLAG_GENERATOR != 0
    }
}

/// Decodes the two sizes: bytes of names and lines, number of cells.
///
/// # Errors
/// `Truncated`, or `BadPrelude` over 28 bits of size or 9 of cells.
pub fn read_sizes(data: &[u8], at: &mut usize) -> Result<(u32, u32), Error> {
    let start = *at;
    let (mut info, mut cells) = (0u64, 0u64);
    for n in 0..9 {
        let byte = u64::from(*data.get(*at).ok_or(Error::new(*at, ErrorKind::Truncated))?);
        *at += 1;
        cells |= (byte & 1) << n;
        info |= (byte >> 1 & 0x3f) << (6 * n);
        if byte & 0x80 == 0 && info < 1 << 28 {
            return Ok((info as u32, cells as u32));
        } else if byte & 0x80 == 0 {
            break;
        }
    }
    Err(Error::new(start, ErrorKind::BadPrelude))
}

/// Encodes the two sizes.
pub fn encode_sizes(mut info: u32, mut cells: u32, mut out: impl FnMut(u8)) {
    loop {
        let byte = ((info & 0x3f) << 1 | cells & 1) as u8;
        info >>= 6;
        cells >>= 1;
        if info | cells == 0 {
            return out(byte);
        }
        out(byte | 0x80);
    }
}

/// A decoded prelude; its variable parts are borrowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Prelude<'a> {
    /// Frame and parameters.
    pub signature: Signature,
    /// Qstr index of the function's name.
    pub name: u32,
    /// The encoded qstr indices of the parameters' names.
    args: &'a [u8],
    /// The encoded line table, for [`crate::lines`].
    pub lines: &'a [u8],
    /// The locals that become cells on entry.
    pub cells: &'a [u8],
    /// Offset of the first byte behind the prelude.
    pub code_at: usize,
}

impl<'a> Prelude<'a> {
    /// Decodes the prelude at offset `at` of `data`.
    ///
    /// # Errors
    /// `Truncated`, `NumberTooBig`, `BadPrelude`.
    pub fn read(data: &'a [u8], mut at: usize) -> Result<Prelude<'a>, Error> {
        let start = at;
        let signature = Signature::read(data, &mut at)?;
        let (info, cells) = read_sizes(data, &mut at)?;
        let info_end = at + info as usize;
        let code_at = info_end + cells as usize;
        let (Some(info), Some(cells)) = (data.get(..info_end), data.get(info_end..code_at)) else {
            return Err(Error::new(start, ErrorKind::Truncated));
        };
        let name = varint::read_uint(info, &mut at)?;
        let args_at = at;
        for _ in 0..signature.named_args() {
            varint::read_uint(info, &mut at)?;
        }
        Ok(Prelude {
            signature,
            name,
            args: &info[args_at..at],
            lines: &info[at..],
            cells,
            code_at,
        })
    }

    /// Qstr indices of the parameters' names: positional, then keyword-only.
    pub fn arg_names(&self) -> impl Iterator<Item = u32> + 'a {
        let (args, mut at) = (self.args, 0);
        core::iter::from_fn(move || varint::read_uint(args, &mut at).ok())
    }
}

/// Appends an encoded prelude.
#[cfg(feature = "alloc")]
pub fn push(
    out: &mut alloc::vec::Vec<u8>,
    signature: &Signature,
    name: u32,
    arg_names: &[u32],
    lines: &[u8],
    cells: &[u8],
) {
    signature.encode(|byte| out.push(byte));
    let names =
        core::iter::once(&name).chain(arg_names).map(|&n| varint::uint_len(n)).sum::<usize>();
    encode_sizes((names + lines.len()) as u32, cells.len() as u32, |byte| out.push(byte));
    varint::push_uint(out, name);
    for &arg in arg_names {
        varint::push_uint(out, arg);
    }
    out.extend_from_slice(lines);
    out.extend_from_slice(cells);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn signatures_read_back() {
        let wide = Signature {
            n_state: 0xffff,
            n_exc_stack: 0x1fff,
            flags: 15,
            n_pos_args: 255,
            n_kwonly_args: 200,
            n_def_pos_args: 255,
        };
        let small = Signature {
            n_state: 1,
            n_exc_stack: 0,
            flags: 0,
            n_pos_args: 0,
            n_kwonly_args: 0,
            n_def_pos_args: 0,
        };
        for signature in [small, wide, Signature { n_kwonly_args: 1, ..small }] {
            let mut bytes = Vec::new();
            signature.encode(|b| bytes.push(b));
            let mut at = 0;
            assert_eq!(Signature::read(&bytes, &mut at), Ok(signature));
            assert_eq!(at, bytes.len());
        }
        // Three state entries, one exception block, two parameters: a single byte.
        let mut bytes = Vec::new();
        Signature { n_state: 3, n_exc_stack: 1, n_pos_args: 2, ..small }.encode(|b| bytes.push(b));
        assert_eq!(bytes, [0b0001_0110]);
    }

    #[test]
    fn sizes_read_back() {
        for (info, cells) in [(1, 0), (63, 1), (64, 0), (5, 2), (4000, 255)] {
            let mut bytes = Vec::new();
            encode_sizes(info, cells, |b| bytes.push(b));
            assert_eq!(read_sizes(&bytes, &mut 0), Ok((info, cells)));
        }
    }

    #[test]
    fn endless_numbers_are_errors() {
        assert_eq!(
            Signature::read(&[0xff; 40], &mut 0).map_err(|e| e.kind),
            Err(ErrorKind::BadPrelude)
        );
        assert_eq!(read_sizes(&[0xff; 40], &mut 0).map_err(|e| e.kind), Err(ErrorKind::BadPrelude));
        assert_eq!(Prelude::read(&[0, 0x7e], 0).map_err(|e| e.kind), Err(ErrorKind::Truncated));
    }
}
