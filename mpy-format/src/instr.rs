//! One instruction at a time: decoding, and the encoders that it mirrors.

use crate::error::{Error, ErrorKind};
use crate::table::opcode::{Opcode, Operand};
use crate::varint;

/// A decoded instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Instr {
    /// What it does.
    pub opcode: Opcode,
    /// The last byte of `UNWIND_JUMP` or of `MAKE_CLOSURE…`; else 0.
    pub extra: u8,
    /// The operand; for jumps the target as an offset in the code; for a row of
    /// several opcode bytes the distance from the first. `LOAD_CONST_SMALL_INT` has 0
    /// here: see [`Instr::small_int`].
    pub arg: u32,
    /// Offset of the instruction.
    pub at: u32,
    /// Offset of the next instruction.
    pub next: u32,
}

impl Instr {
    /// Decodes the instruction at offset `at` of `code`.
    ///
    /// # Errors
    /// `Truncated` at the end of the code, `BadOpcode`, `NumberTooBig`; `BadJump` for
    /// a target before the code or far behind it (a target within 32 KiB behind the
    /// end is for the caller to judge).
    #[inline(never)]
    pub fn read(code: &[u8], at: usize) -> Result<Instr, Error> {
        let byte = *code.get(at).ok_or(Error::new(at, ErrorKind::Truncated))?;
        let opcode = Opcode::from_byte(byte).ok_or(Error::new(at, ErrorKind::BadOpcode))?;
        let mut next = at + 1;
        let (mut arg, mut extra) = (0, 0);
        match opcode.operand() {
            Operand::None => {}
            Operand::SmallIntMulti
            | Operand::LocalMulti
            | Operand::UnaryMulti
            | Operand::BinaryMulti => {
                arg = u32::from(byte - opcode as u8);
            }
            Operand::Qstr
            | Operand::Const
            | Operand::Local
            | Operand::Cell
            | Operand::Count
            | Operand::Hint
            | Operand::Comp
            | Operand::UnpackEx
            | Operand::Call
            | Operand::Child => arg = varint::read_uint(code, &mut next)?,
            Operand::SmallInt => {
                varint::read_int(code, &mut next)?;
            }
            Operand::Slice => arg = u32::from(read_byte(code, &mut next)?),
            Operand::ChildCells => {
                arg = varint::read_uint(code, &mut next)?;
                extra = read_byte(code, &mut next)?;
            }
            Operand::Jump => arg = read_offset(code, &mut next, 0, 0)?,
            Operand::SignedJump => arg = read_offset(code, &mut next, 0x40, 0x4000)?,
            Operand::Unwind => {
                arg = read_offset(code, &mut next, 0x40, 0x4000)?;
                extra = read_byte(code, &mut next)?;
            }
        }
        Ok(Instr { opcode, extra, arg, at: at as u32, next: next as u32 })
    }

    /// The value of a `LOAD_CONST_SMALL_INT…` read from this code; `None` for any
    /// other instruction.
    pub fn small_int(&self, code: &[u8]) -> Option<i64> {
        match self.opcode {
            Opcode::LoadConstSmallInt => varint::read_int(code, &mut (self.at as usize + 1)).ok(),
            Opcode::LoadConstSmallIntMulti => {
                Some(i64::from(self.arg) + i64::from(crate::table::opcode::SMALL_INT_MULTI_MIN))
            }
            _ => None,
        }
    }

    /// The number that the stack effects depend on.
    #[inline]
    pub fn effect_arg(&self) -> u32 {
        match self.opcode {
            Opcode::MakeClosure | Opcode::MakeClosureDefargs => u32::from(self.extra),
            _ => self.arg,
        }
    }

    /// `(pops, pushes)` when control falls through.
    #[inline]
    pub fn stack_effect(&self) -> (u32, u32) {
        self.opcode.stack_effect(self.effect_arg())
    }

    /// The jump target, of an instruction that has one.
    #[inline]
    pub fn target(&self) -> Option<u32> {
        match self.opcode.operand() {
            Operand::Jump | Operand::SignedJump | Operand::Unwind => Some(self.arg),
            _ => None,
        }
    }
}

/// The instructions of `code`, ending with the first error.
pub fn instrs(code: &[u8]) -> impl Iterator<Item = Result<Instr, Error>> + '_ {
    let mut at = 0;
    core::iter::from_fn(move || {
        if at >= code.len() {
            return None;
        }
        let instr = Instr::read(code, at);
        at = match &instr {
            Ok(instr) => instr.next as usize,
            Err(_) => code.len(),
        };
        Some(instr)
    })
}

fn read_byte(code: &[u8], at: &mut usize) -> Result<u8, Error> {
    let byte = *code.get(*at).ok_or(Error::new(*at, ErrorKind::Truncated))?;
    *at += 1;
    Ok(byte)
}

/// Decodes a jump offset of one or two bytes, biased, into a target.
fn read_offset(code: &[u8], at: &mut usize, short_bias: i32, long_bias: i32) -> Result<u32, Error> {
    let start = *at;
    let first = i32::from(read_byte(code, at)?);
    let offset = if first < 0x80 {
        first - short_bias
    } else {
        let second = i32::from(read_byte(code, at)?);
        (first & 0x7f | second << 7) - long_bias
    };
    u32::try_from(*at as i64 + i64::from(offset)).map_err(|_| Error::new(start, ErrorKind::BadJump))
}

/// Encoders of instructions with an operand of one or two bytes that is a jump.
#[cfg(feature = "alloc")]
pub mod encode {
    use crate::table::opcode::{
        FAST_MULTI_LOCALS, Opcode, Operand, SMALL_INT_MULTI_MAX, SMALL_INT_MULTI_MIN,
    };
    use crate::varint;
    use alloc::vec::Vec;

    /// Appends an instruction whose only operand is a varint.
    #[inline]
    pub fn uint(out: &mut Vec<u8>, opcode: Opcode, arg: u32) {
        out.push(opcode as u8);
        varint::push_uint(out, arg);
    }

    /// Appends the shortest instruction that pushes a small integer.
    pub fn small_int(out: &mut Vec<u8>, value: i64) {
        if (i64::from(SMALL_INT_MULTI_MIN)..=i64::from(SMALL_INT_MULTI_MAX)).contains(&value) {
            let distance = (value - i64::from(SMALL_INT_MULTI_MIN)) as u8;
            out.push(Opcode::LoadConstSmallIntMulti as u8 + distance);
        } else {
            out.push(Opcode::LoadConstSmallInt as u8);
            varint::push_int(out, value);
        }
    }

    /// Appends the shortest instruction that pushes a local.
    pub fn load_fast(out: &mut Vec<u8>, local: u32) {
        fast(out, Opcode::LoadFastMulti, Opcode::LoadFastN, local);
    }

    /// Appends the shortest instruction that binds a local.
    pub fn store_fast(out: &mut Vec<u8>, local: u32) {
        fast(out, Opcode::StoreFastMulti, Opcode::StoreFastN, local);
    }

    fn fast(out: &mut Vec<u8>, short: Opcode, long: Opcode, local: u32) {
        if local < FAST_MULTI_LOCALS {
            out.push(short as u8 + local as u8);
        } else {
            uint(out, long, local);
        }
    }

    /// Bytes that a jump takes whose target is `distance` bytes from the end of its
    /// offset: opcode and offset, without the last byte of `UNWIND_JUMP`. `None` when
    /// it is out of reach.
    pub fn jump_len(opcode: Opcode, distance: i64) -> Option<usize> {
        let (short, long) = match opcode.operand() {
            Operand::Jump => (0..0x80, 0..0x8000),
            _ => (-0x40..0x40, -0x4000..0x4000),
        };
        if short.contains(&distance) {
            Some(2)
        } else if long.contains(&distance) {
            Some(3)
        } else {
            None
        }
    }

    /// Appends opcode and offset of a jump in `len` bytes, a length of at least what
    /// [`jump_len`] says; `distance` counts from the end of the offset.
    pub fn jump(out: &mut Vec<u8>, opcode: Opcode, distance: i64, len: usize) {
        let signed = opcode.operand() != Operand::Jump;
        out.push(opcode as u8);
        if len == 2 {
            out.push((distance + if signed { 0x40 } else { 0 }) as u8 & 0x7f);
        } else {
            let biased = distance + if signed { 0x4000 } else { 0 };
            out.push(0x80 | (biased & 0x7f) as u8);
            out.push((biased >> 7) as u8);
        }
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn jumps_read_back() {
        for (opcode, distance) in [
            (Opcode::Jump, -64i64),
            (Opcode::Jump, 63),
            (Opcode::Jump, 64),
            (Opcode::Jump, -0x4000),
            (Opcode::ForIter, 127),
            (Opcode::ForIter, 128),
            (Opcode::ForIter, 0x7fff),
            (Opcode::UnwindJump, 200),
        ] {
            let mut code = std::vec![0u8; 0x5000];
            let at = code.len();
            let len = encode::jump_len(opcode, distance).expect("in reach");
            encode::jump(&mut code, opcode, distance, len);
            if opcode == Opcode::UnwindJump {
                code.push(3);
            }
            let instr = Instr::read(&code, at).expect("valid");
            assert_eq!(instr.opcode, opcode);
            assert_eq!(instr.target(), Some(((at + len) as i64 + distance) as u32));
            assert_eq!(instr.next as usize, code.len());
        }
        assert_eq!(encode::jump_len(Opcode::Jump, 0x4000), None);
        assert_eq!(encode::jump_len(Opcode::ForIter, -1), None);
    }

    #[test]
    fn small_operands_use_short_forms() {
        let mut code = Vec::new();
        for value in [-16, 47, -17, 48] {
            encode::small_int(&mut code, value);
        }
        encode::load_fast(&mut code, 15);
        encode::load_fast(&mut code, 16);
        assert_eq!(code, [0x70, 0xaf, 0x22, 0x6f, 0x22, 0x30, 0xbf, 0x24, 0x10]);
        let values: Vec<_> =
            instrs(&code).map(|i| i.expect("valid").small_int(&code)).take(4).collect();
        assert_eq!(values, [Some(-16), Some(47), Some(-17), Some(48)]);
    }

    #[test]
    fn every_opcode_byte_decodes_or_is_reserved() {
        for byte in 0..=255u8 {
            let code = [byte, 0x10, 0, 0, 0];
            match Instr::read(&code, 0) {
                Ok(instr) => assert_eq!(Opcode::from_byte(byte), Some(instr.opcode)),
                Err(error) if Opcode::from_byte(byte).is_some() => {
                    assert_eq!(error.kind, ErrorKind::BadJump, "{byte:#x}")
                }
                Err(error) => assert_eq!(error.kind, ErrorKind::BadOpcode),
            }
        }
    }
}
