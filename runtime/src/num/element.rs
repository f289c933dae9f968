//! Numbers in memory: the typecodes of `struct`, `array` and `memoryview`.
//!
//! An object reference (`O`) is stored as its word. Only words that are not
//! pointers are read back, since bytes that claim to be a pointer prove nothing.

use core::cell::Cell;

use super::Float;
use super::big::convert::from_u64;
use super::big::signed::Int;
use crate::error::{Res, VALUE_ERROR};
use crate::object::{Room, store_bytes};
use crate::value::Value;
use crate::vm::Vm;

/// What a typecode holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Signed,
    Unsigned,
    Half,
    Single,
    Double,
    Object,
    /// Where a C string is, which nothing proves: it can be stored only.
    Address,
}

/// A typecode's meaning.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Code {
    kind: Kind,
    /// Bytes it takes.
    pub size: usize,
    /// What its offset is a multiple of.
    pub align: usize,
}

/// The size that C gives `long` next to pointers of this machine.
const LONG: usize = size_of::<usize>();

/// The meaning of a typecode: with the machine's sizes and alignment if `native`, else
/// with standard sizes and none.
pub fn code(letter: u8, native: bool) -> Option<Code> {
    let (kind, size) = match letter {
        b'b' => (Kind::Signed, 1),
        b'B' | b'x' => (Kind::Unsigned, 1),
        b'h' => (Kind::Signed, 2),
        b'H' => (Kind::Unsigned, 2),
        b'i' => (Kind::Signed, 4),
        b'I' => (Kind::Unsigned, 4),
        b'l' => (Kind::Signed, if native { LONG } else { 4 }),
        b'L' => (Kind::Unsigned, if native { LONG } else { 4 }),
        b'q' => (Kind::Signed, 8),
        b'Q' => (Kind::Unsigned, 8),
        b'P' => (Kind::Unsigned, size_of::<usize>()),
        b'O' => (Kind::Object, size_of::<usize>()),
        b'S' => (Kind::Address, size_of::<usize>()),
        b'e' => (Kind::Half, 2),
        b'f' => (Kind::Single, 4),
        b'd' => (Kind::Double, 8),
        _ => return None,
    };
    let align = match (native, size) {
        (false, _) => 1,
        (true, 8) => align_of::<u64>(),
        (true, _) => size,
    };
    Some(Code { kind, size, align })
}

/// Bytes of an array's element.
pub fn size(letter: u8) -> Option<usize> {
    code(letter, true).map(|code| code.size)
}

/// Reads an array's element. Errors: ValueError for a typecode or contents that are
/// not known, MemoryError.
pub fn load(vm: &Vm, letter: u8, bytes: &[u8]) -> Res {
    match code(letter, true) {
        Some(code) => load_code(vm, code, cfg!(target_endian = "big"), bytes),
        None => bad_typecode(vm),
    }
}

/// Writes an array's element; an int that is too large loses its high bits. Errors:
/// ValueError, TypeError.
pub fn store(vm: &Vm, letter: u8, value: Value, out: &[Cell<u8>]) -> Res<()> {
    match code(letter, true) {
        Some(code) => store_code(vm, code, cfg!(target_endian = "big"), value, out),
        None => bad_typecode(vm),
    }
}

/// Raises ValueError "bad typecode".
#[cold]
pub fn bad_typecode<T>(vm: &Vm) -> Res<T> {
    vm.raise(&VALUE_ERROR, "bad typecode")
}

/// The first `code.size` bytes as a value.
pub fn load_code(vm: &Vm, code: Code, big_endian: bool, bytes: &[u8]) -> Res {
    let mut word = [0; 8];
    let source = bytes.get(..code.size).unwrap_or(bytes);
    for (i, &byte) in source.iter().enumerate() {
        let at = if big_endian { source.len() - 1 - i } else { i };
        if let Some(slot) = word.get_mut(at) {
            *slot = byte;
        }
    }
    let bits = u64::from_le_bytes(word);
    match code.kind {
        Kind::Unsigned => vm.new_uint(bits),
        Kind::Signed => {
            let unused = 64 - 8 * code.size.min(8) as u32;
            vm.new_int((bits << unused) as i64 >> unused)
        }
        Kind::Address => bad_typecode(vm),
        Kind::Object => match Value::from_tagged(bits as usize) {
            Some(v) => Ok(v),
            None => bad_typecode(vm),
        },
        _ => load_float(vm, code.kind, bits),
    }
}

/// Writes a value to the first `code.size` bytes.
pub fn store_code(
    vm: &Vm,
    code: Code,
    big_endian: bool,
    value: Value,
    out: &[Cell<u8>],
) -> Res<()> {
    let out = out.get(..code.size).unwrap_or(out);
    let bits = match code.kind {
        Kind::Signed | Kind::Unsigned | Kind::Address => {
            let mut room = Room::default();
            if let Some(int) = vm.int_value(value, &mut room) {
                store_bytes(int, big_endian, out);
                return Ok(());
            }
            let i = vm.get_int(value)?;
            store_bytes(Int::new(i < 0, &from_u64(i.unsigned_abs() as u64)), big_endian, out);
            return Ok(());
        }
        Kind::Object => value.bits() as u64,
        _ => float_bits(code.kind, vm.get_float(value)?),
    };
    store_bytes(Int::new(false, &from_u64(bits)), big_endian, out);
    Ok(())
}

#[cfg(any(feature = "f32", feature = "f64"))]
fn load_float(vm: &Vm, kind: Kind, bits: u64) -> Res {
    use super::float::bits::{Half, convert};
    vm.new_float(match kind {
        Kind::Half => convert(Half(bits as u16)),
        Kind::Single => f32::from_bits(bits as u32) as Float,
        _ => f64::from_bits(bits) as Float,
    })
}

#[cfg(any(feature = "f32", feature = "f64"))]
fn float_bits(kind: Kind, x: Float) -> u64 {
    use super::float::bits::{Format, Half, convert};
    match kind {
        Kind::Half => convert::<Float, Half>(x).bits(),
        Kind::Single => u64::from((x as f32).to_bits()),
        _ => convert::<Float, f64>(x).bits(),
    }
}

#[cfg(not(any(feature = "f32", feature = "f64")))]
fn load_float(vm: &Vm, _kind: Kind, _bits: u64) -> Res {
    bad_typecode(vm)
}

#[cfg(not(any(feature = "f32", feature = "f64")))]
fn float_bits(_kind: Kind, _x: Float) -> u64 {
    0
}
