//! `int`: small ints in the value word, [`BigInt`]s beyond. The operators of two
//! operands are in `int_ops`.

use core::cell::Cell;

use super::header_int::{BigInt, small, word};
use super::int_ops::int_binary;
use super::{Args, Found, Param, Type};
use crate::error::{Arg, OVERFLOW_ERROR, Res, TYPE_ERROR, VALUE_ERROR};
use crate::heap::frozen;
use crate::level::BIG_INTS;
use crate::num::big::{
    self, Limb, add_limb, bytes,
    convert::{U64_LIMBS, from_u64, hash, put_u64, wrapping_u64},
    signed::Int,
    sub_limb, text,
};
use crate::num::literal;
use crate::ops::UnaryOp;
use crate::print::{Print, PrintKind, print_int};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

py_type! {
    pub static INT: "int", export "hognose_type_int" {
        new: int_new, print: int_print, unary: int_unary, binary: int_binary,
        getattr: int_getattr,
    }
    flags: Type::EQ_ANY,
    locals: {
        #[cfg(feature = "core")]
        "bit_length" => f1!(bit_length),
        #[cfg(feature = "cpython")]
        "as_integer_ratio" => f1!(as_integer_ratio),
        #[cfg(feature = "cpython")]
        "bit_count" => f1!(bit_count),
        #[cfg(feature = "cpython")]
        "conjugate" => f1!(conjugate),
        #[cfg(feature = "core")]
        "from_bytes" => class_method!(fk!(2, 4, from_bytes)),
        #[cfg(feature = "core")]
        "to_bytes" => fk!(1, 3, to_bytes),
    }
}

/// The parts that an int has as a number: none below the highest level.
#[cfg(not(feature = "cpython"))]
pub fn int_getattr(_vm: &Vm, _this: Value, _name: Qstr) -> Res<Option<Found>> {
    Ok(None)
}

/// The parts that an int has as a number.
#[cfg(feature = "cpython")]
pub fn int_getattr(_vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    let this = this.as_bool().map_or(this, |b| Value::small(b.into()));
    Ok(if name == q!("real") || name == q!("numerator") {
        Some(Found::Value(this))
    } else if name == q!("imag") {
        Some(Found::Value(Value::small(0)))
    } else if name == q!("denominator") {
        Some(Found::Value(Value::small(1)))
    } else {
        None
    })
}

/// `bit_count()`: ones of the absolute value.
#[cfg(feature = "cpython")]
fn bit_count(vm: &Vm, this: Value) -> Res {
    let mut room = Room::default();
    let ones = vm
        .int_value(this, &mut room)
        .map_or(0, |int| int.magnitude.iter().map(|limb| limb.count_ones() as isize).sum());
    Ok(Value::small(ones))
}

#[cfg(feature = "cpython")]
fn conjugate(vm: &Vm, this: Value) -> Res {
    vm.unary(UnaryOp::Pos, this)
}

#[cfg(feature = "cpython")]
fn as_integer_ratio(vm: &Vm, this: Value) -> Res {
    vm.new_tuple(&[vm.unary(UnaryOp::Pos, this)?, Value::small(1)])
}

/// Room for the limbs of a small int.
pub type Room = [Limb; U64_LIMBS];

/// The limbs of a machine word as an int.
pub fn int_of_word(i: isize, room: &mut Room) -> Int<'_> {
    put_u64(room, i.unsigned_abs() as u64);
    Int::new(i < 0, room)
}

/// The word of a small int or bool.
#[inline]
pub fn small_of(v: Value) -> Option<isize> {
    v.as_small().or_else(|| v.as_bool().map(isize::from))
}

impl Vm {
    /// The number that an int or bool is; `None` for other types.
    pub fn int_value<'a>(&self, v: Value, room: &'a mut Room) -> Option<Int<'a>> {
        let v = self.native_value(v);
        match small_of(v) {
            Some(i) => Some(int_of_word(i, room)),
            None => v.cast::<BigInt>().map(|big| big.int()),
        }
    }

    /// An int, of any size; a bool is not one.
    pub fn is_int(&self, v: Value) -> bool {
        let v = self.native_value(v);
        v.is_small() || v.is::<BigInt>()
    }

    /// An int for this number.
    pub fn new_integer(&self, int: Int<'_>) -> Res {
        if let Some(small) = small(int) {
            return Ok(small);
        }
        let mut limbs = self.new_limbs(int.magnitude.len())?;
        limbs.copy_from_slice(int.magnitude);
        Ok(limbs.finish(self, int.negative))
    }

    /// An int beyond the small ones.
    #[cold]
    pub(crate) fn new_big(&self, negative: bool, size: u64) -> Res {
        if !BIG_INTS {
            return self.too_large();
        }
        self.new_integer(Int::new(negative, &from_u64(size)))
    }

    /// The machine word of an int or bool, or of what `__int__` gives; `None` for other
    /// types. Errors: OverflowError.
    pub fn try_int(&self, v: Value) -> Res<Option<isize>> {
        if let Some(i) = small_of(v) {
            return Ok(Some(i));
        }
        let number = self.try_unary(UnaryOp::Int, v)?;
        match small_of(number) {
            Some(i) => Ok(Some(i)),
            None => match number.cast::<BigInt>() {
                Some(big) => match word(big.int()) {
                    Some(i) => Ok(Some(i)),
                    None => self.too_large(),
                },
                None => Ok(None),
            },
        }
    }

    #[cold]
    pub(super) fn too_large<T>(&self) -> Res<T> {
        self.raise(&OVERFLOW_ERROR, "overflow converting long int to machine word")
    }

    /// As `get_int`, but a number beyond a machine word becomes the largest or smallest.
    pub fn get_int_clamped(&self, v: Value) -> Res<isize> {
        match self.native_value(v).cast::<BigInt>() {
            Some(big) => {
                let int = big.int();
                let limit = if int.negative { isize::MIN } else { isize::MAX };
                Ok(word(int).unwrap_or(limit))
            }
            None => self.get_int(v),
        }
    }

    /// The low bits of an int as a machine word. Errors: TypeError.
    pub fn get_int_wrapping(&self, v: Value) -> Res<isize> {
        match self.native_value(v).cast::<BigInt>() {
            Some(big) => Ok(wrapping_u64(big.int()) as isize),
            None => self.get_int(v),
        }
    }

    /// The digits of an int or bool, or of what `__int__` gives, and whether it is
    /// negative. Errors: TypeError.
    pub fn int_digits(&self, v: Value, base: u32, upper: bool) -> Res<(bool, &'static [u8])> {
        if !BIG_INTS {
            return self.small_digits(v, base, upper);
        }
        let (mut room, mut other) = (Room::default(), Room::default());
        let int = match self.int_value(v, &mut room) {
            Some(int) => int,
            None => {
                let converted = self.try_unary(UnaryOp::Int, v)?;
                match self.int_value(converted, &mut other) {
                    Some(int) => int,
                    None => {
                        let ty = Arg::TypeOf(v);
                        return self.raise_fmt(&TYPE_ERROR, "can't convert % to int", &[ty]);
                    }
                }
            }
        };
        let cells = self.alloc_cells(text::text_len(int.magnitude, base))?;
        let mut few = [0; 4];
        let at = match few.get_mut(..int.magnitude.len()) {
            Some(copy) => write_digits(self, copy, int, base, upper, cells),
            None => write_digits(
                self,
                &mut self.new_limbs(int.magnitude.len())?,
                int,
                base,
                upper,
                cells,
            ),
        };
        Ok((int.negative, frozen(cells).get(at..).unwrap_or_default()))
    }

    /// The int that a text stands for; base 0 takes whatever its prefix says. Errors:
    /// ValueError.
    pub fn parse_int(&self, text: &[u8], base: isize) -> Res {
        let Some(radix) = u32::try_from(base).ok().filter(|b| matches!(b, 0 | 2..=36)) else {
            return self.raise(&VALUE_ERROR, "int() arg 2 must be >= 2 and <= 36");
        };
        let Some(found) = literal::integer(text, radix) else {
            return self.bad_integer(text, base);
        };
        if let Some(i) = found.to_i64() {
            return self.new_int(i);
        }
        if !BIG_INTS {
            return self.too_large();
        }
        let mut limbs = self.new_limbs(text::limbs_for_text(found.digits.len(), found.base))?;
        text::from_text(found.digits, found.base, &mut limbs);
        Ok(limbs.finish(self, found.negative))
    }
}

impl Vm {
    #[cfg(not(feature = "cpython"))]
    fn bad_integer(&self, _text: &[u8], base: isize) -> Res {
        self.raise_fmt(&VALUE_ERROR, "invalid syntax for integer with base %", &[base.into()])
    }

    /// What follows white space and sign is shown.
    #[cfg(feature = "cpython")]
    fn bad_integer(&self, text: &[u8], base: isize) -> Res {
        let text = text.trim_ascii_start();
        let text = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
        let mut shown = crate::print::StrBuf::new(self);
        super::text::make::print_quoted(&mut shown, text, false)?;
        let shown = shown.into_str()?;
        self.raise_fmt(
            &VALUE_ERROR,
            "invalid syntax for integer with base %: %",
            &[base.into(), Arg::Str(shown)],
        )
    }
}

impl Vm {
    /// [`Vm::int_digits`] where all ints are small.
    fn small_digits(&self, v: Value, base: u32, upper: bool) -> Res<(bool, &'static [u8])> {
        let number = small_of(self.try_unary(UnaryOp::Int, v)?).unwrap_or(0);
        let mut left = number.unsigned_abs();
        let cells = self.alloc_cells(usize::BITS as usize)?;
        let mut at = cells.len();
        loop {
            let digit = char::from_digit((left % base as usize) as u32, base).unwrap_or('0') as u8;
            at = at.saturating_sub(1);
            if let Some(cell) = cells.get(at) {
                cell.set(if upper { digit.to_ascii_uppercase() } else { digit });
            }
            left /= base as usize;
            if left == 0 {
                break;
            }
        }
        Ok((number < 0, frozen(cells).get(at..).unwrap_or_default()))
    }
}

fn write_digits(
    vm: &Vm,
    copy: &mut [Limb],
    int: Int<'_>,
    base: u32,
    upper: bool,
    out: &[Cell<u8>],
) -> usize {
    copy.copy_from_slice(int.magnitude);
    text::to_text(copy, base, upper, out, &|| !vm.is_interrupted())
}

fn int_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 0, 2)?;
    match *args.pos {
        [] => Ok(Value::small(0)),
        [v] => {
            let number = vm.try_unary(UnaryOp::Int, v)?;
            if number != Value::NOT_IMPLEMENTED {
                Ok(number)
            } else if let Some(buffer) = vm.try_buffer(v)? {
                vm.parse_int(buffer.bytes(), 10)
            } else if vm.is_float(v) {
                vm.float_to_int(v)
            } else {
                vm.raise_fmt(&TYPE_ERROR, "can't convert % to int", &[Arg::TypeOf(v)])
            }
        }
        [v, base, ..] => {
            let text = match vm.str_or_bytes(v) {
                Some(text) => text,
                None => vm.get_str(v)?,
            };
            vm.parse_int(text, vm.get_int(base)?)
        }
    }
}

fn int_print(vm: &Vm, v: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    if let Some(i) = v.as_small() {
        return print_int(p, i as i64);
    }
    let (negative, digits) = vm.int_digits(v, 10, false)?;
    if negative {
        p.write(b"-")?;
    }
    p.write(digits)
}

pub(super) fn int_unary(vm: &Vm, op: UnaryOp, v: Value) -> Res {
    if let Some(i) = small_of(v) {
        return match op {
            UnaryOp::Pos | UnaryOp::Int | UnaryOp::Hash => Ok(Value::small(i)),
            UnaryOp::Neg => vm.new_int(-(i as i64)),
            UnaryOp::Abs => vm.new_int((i as i64).abs()),
            UnaryOp::Invert => Ok(Value::small(!i)),
            UnaryOp::Bool => Ok(Value::bool(i != 0)),
            UnaryOp::Float => vm.int_to_float(v),
            _ => Ok(Value::NOT_IMPLEMENTED),
        };
    }
    let Some(big) = v.cast::<BigInt>() else { return Ok(Value::NOT_IMPLEMENTED) };
    let int = big.int();
    match op {
        UnaryOp::Pos | UnaryOp::Int => Ok(v),
        UnaryOp::Neg => vm.new_integer(int.negated()),
        UnaryOp::Abs => vm.new_integer(Int { negative: false, ..int }),
        UnaryOp::Invert => {
            // -(n + 1)
            let mut limbs = vm.new_limbs(int.magnitude.len() + 1)?;
            if let Some(low) = limbs.get_mut(..int.magnitude.len()) {
                low.copy_from_slice(int.magnitude);
            }
            if int.negative {
                sub_limb(&mut limbs, 1);
            } else {
                add_limb(&mut limbs, 1);
            }
            Ok(limbs.finish(vm, !int.negative))
        }
        UnaryOp::Bool => Ok(Value::TRUE),
        UnaryOp::Hash => Ok(Value::small(hash(int))),
        UnaryOp::Float => vm.int_to_float(v),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn bit_length(vm: &Vm, v: Value) -> Res {
    let mut room = Room::default();
    let int = vm.int_value(v, &mut room);
    Ok(Value::small(int.map_or(0, |int| big::bit_length(int.magnitude)) as isize))
}

fn is_big_endian(vm: &Vm, order: Value) -> bool {
    !vm.name_is(order, q!("little"))
}

/// `int.from_bytes(bytes, byteorder='big', signed=False)`.
fn from_bytes(vm: &Vm, args: &Args<'_>) -> Res {
    let mut out = [Value::NONE; 3];
    let params = [
        Param::required(q!("bytes")),
        Param::optional(q!("byteorder"), Value::qstr(q!("big"))),
        Param::optional(q!("signed"), Value::FALSE),
    ];
    let rest = args.pos.get(1..).unwrap_or_default();
    Args { pos: rest, kw: args.kw }.parse(vm, &params, &mut out)?;
    let [source, order, signed] = out;
    let source = vm.get_buffer(source)?.bytes();
    let signed = vm.is_true(signed)?;
    let big_endian = is_big_endian(vm, order);
    // Leading zeros say only that the number is not negative: one is enough.
    let zeros = match big_endian {
        true => source.iter().take_while(|&&b| b == 0).count(),
        false => source.iter().rev().take_while(|&&b| b == 0).count(),
    };
    let drop = zeros.saturating_sub(1);
    let source = match big_endian {
        true => source.get(drop..),
        false => source.get(..source.len() - drop),
    };
    let source = source.unwrap_or_default();
    let mut few = [0; U64_LIMBS + 1];
    if let Some(room) = few.get_mut(..bytes::limbs_for_bytes(source.len())) {
        // No memory is needed for a small int.
        let negative = bytes::from_bytes(source, big_endian, signed, room);
        return vm.new_integer(Int::new(negative, room));
    }
    let mut limbs = vm.new_limbs(bytes::limbs_for_bytes(source.len()))?;
    let negative = bytes::from_bytes(source, big_endian, signed, &mut limbs);
    Ok(limbs.finish(vm, negative))
}

/// `int.to_bytes(length=1, byteorder='big', *, signed=False)`.
fn to_bytes(vm: &Vm, args: &Args<'_>) -> Res {
    let mut out = [Value::NONE; 4];
    let params = [
        Param::required(q!("self")),
        Param::optional(q!("length"), Value::small(1)),
        Param::optional(q!("byteorder"), Value::qstr(q!("big"))),
        Param::keyword(q!("signed"), Value::FALSE),
    ];
    args.parse(vm, &params, &mut out)?;
    let [this, len, order, signed] = out;
    let Ok(len) = usize::try_from(vm.get_int(len)?) else {
        return vm.raise_type(&VALUE_ERROR);
    };
    let signed = vm.is_true(signed)?;
    let mut room = Room::default();
    let Some(int) = vm.int_value(this, &mut room) else {
        return vm.raise_fmt(&TYPE_ERROR, "can't convert % to int", &[Arg::TypeOf(this)]);
    };
    if int.sign() < 0 && !signed {
        return vm.raise(&OVERFLOW_ERROR, "can't convert negative int to unsigned");
    }
    if !bytes::fits(int, len, signed) {
        return vm.raise_fmt(
            &OVERFLOW_ERROR,
            "value would overflow a % byte buffer",
            &[len.into()],
        );
    }
    let cells = vm.alloc_cells(len)?;
    store_bytes(int, is_big_endian(vm, order), cells);
    vm.bytes_from_static(frozen(cells))
}

/// Writes the low bytes of a number in two's complement.
pub fn store_bytes(int: Int<'_>, big_endian: bool, out: &[Cell<u8>]) {
    let mut source = bytes::low_bytes(int);
    for i in 0..out.len() {
        let at = if big_endian { out.len() - 1 - i } else { i };
        if let (Some(to), Some(byte)) = (out.get(at), source.next()) {
            to.set(byte);
        }
    }
}
