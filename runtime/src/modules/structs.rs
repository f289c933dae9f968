//! The `struct` module: values packed into bytes.
//!
//! A format is checked and measured once before anything is read or written. As on
//! boards, `pack` takes fewer or more values than the format says, and `unpack` a
//! buffer that is too long.

use core::cell::Cell;

use crate::error::{Res, VALUE_ERROR};
use crate::heap::frozen;
use crate::num::element::{Code, bad_typecode, code, load_code, store_code};
use crate::object::{Buffer, TUPLE};
use crate::value::Value;
use crate::vm::Vm;

module! {
    pub static STRUCT: "struct" {
        "calcsize" => f1!(calcsize),
        "pack" => fv!(1, usize::MAX, pack),
        "pack_into" => fv!(3, usize::MAX, pack_into),
        "unpack" => fv!(2, 3, unpack_from),
        "unpack_from" => fv!(2, 3, unpack_from),
    }
}

/// One entry of a format.
#[derive(Clone, Copy)]
enum Item {
    /// So many bytes of nothing.
    Padding(usize),
    /// So many bytes as one value.
    Bytes(usize),
    /// So many values.
    Values(Code, usize),
}

/// A format, entry by entry.
#[derive(Clone, Copy)]
struct Format {
    rest: &'static [u8],
    native: bool,
    big_endian: bool,
}

/// What a format describes, all in all.
struct Measure {
    size: usize,
    values: usize,
}

impl Format {
    fn new(vm: &Vm, format: Value) -> Res<Format> {
        let text = match vm.str_or_bytes(format) {
            Some(text) => text,
            None => vm.get_str(format)?,
        };
        let machine = cfg!(target_endian = "big");
        Ok(match text {
            [b'<', rest @ ..] => Format { rest, native: false, big_endian: false },
            [b'>' | b'!', rest @ ..] => Format { rest, native: false, big_endian: true },
            [b'=', rest @ ..] => Format { rest, native: false, big_endian: machine },
            [b'@', rest @ ..] | rest => Format { rest, native: true, big_endian: machine },
        })
    }

    /// The next entry. Errors: ValueError.
    fn next(&mut self, vm: &Vm) -> Res<Option<Item>> {
        let mut count: Option<usize> = None;
        while let [digit @ b'0'..=b'9', rest @ ..] = self.rest {
            let more = count.unwrap_or(0).checked_mul(10);
            count = more.and_then(|n| n.checked_add(usize::from(digit - b'0')));
            if count.is_none() {
                return bad_typecode(vm);
            }
            self.rest = rest;
        }
        let n = count.unwrap_or(1);
        let [letter, rest @ ..] = self.rest else {
            return if count.is_some() { bad_typecode(vm) } else { Ok(None) };
        };
        self.rest = rest;
        Ok(Some(match letter {
            b'x' => Item::Padding(n),
            b's' => Item::Bytes(n),
            _ => match code(*letter, self.native) {
                Some(code) => Item::Values(code, n),
                None => return bad_typecode(vm),
            },
        }))
    }

    /// Errors: ValueError for a bad format or one too large.
    fn measure(mut self, vm: &Vm) -> Res<Measure> {
        let (mut size, mut values) = (0usize, 0usize);
        while let Some(item) = self.next(vm)? {
            let (len, more) = match item {
                Item::Padding(n) => (Some(n), 0),
                Item::Bytes(n) => (Some(n), 1),
                Item::Values(_, 0) => (Some(0), 0),
                Item::Values(code, n) => {
                    size = size.next_multiple_of(code.align);
                    (code.size.checked_mul(n), n)
                }
            };
            let total = len.and_then(|len| size.checked_add(len));
            match (total.filter(|&n| n < isize::MAX as usize / 2), values.checked_add(more)) {
                (Some(total), Some(count)) => (size, values) = (total, count),
                _ => return bad_typecode(vm),
            }
        }
        Ok(Measure { size, values })
    }
}

fn calcsize(vm: &Vm, format: Value) -> Res {
    let measure = Format::new(vm, format)?.measure(vm)?;
    Ok(Value::small(measure.size as isize))
}

/// The cells from an offset on, which counts from the end if negative. Errors: ValueError.
fn cells_from(vm: &Vm, buffer: Buffer, offset: isize, size: usize) -> Res<&'static [Cell<u8>]> {
    let len = buffer.cells.len();
    let start = if offset < 0 {
        len.checked_sub(offset.unsigned_abs())
    } else {
        Some(offset.unsigned_abs())
    };
    let end = start.and_then(|start| start.checked_add(size));
    match start.zip(end).and_then(|(start, end)| buffer.cells.get(start..end)) {
        Some(cells) => Ok(cells),
        None => vm.raise(&VALUE_ERROR, "buffer too small"),
    }
}

fn unpack_from(vm: &Vm, args: &[Value]) -> Res {
    let [format, source, offset @ ..] = args else { return Ok(Value::NOT_IMPLEMENTED) };
    let mut format = Format::new(vm, *format)?;
    let measure = format.measure(vm)?;
    let offset = offset.first().map_or(Ok(0), |&v| vm.get_int(v))?;
    let source = cells_from(vm, vm.get_buffer(*source)?, offset, measure.size)?;
    let tuple = vm.new_tuple_of(&TUPLE, measure.values, |slots| {
        let mut slots = slots.iter();
        let mut put = |v: Value| {
            if let Some(slot) = slots.next() {
                slot.set(v);
            }
        };
        let mut at = 0;
        while let Some(item) = format.next(vm)? {
            match item {
                Item::Padding(n) => at += n,
                Item::Bytes(n) => {
                    let bytes = vm.alloc_cells(n)?;
                    for (to, from) in bytes.iter().zip(source.get(at..).unwrap_or_default()) {
                        to.set(from.get());
                    }
                    put(vm.bytes_from_static(frozen(bytes))?);
                    at += n;
                }
                Item::Values(_, 0) => {}
                Item::Values(code, n) => {
                    at = at.next_multiple_of(code.align);
                    for _ in 0..n {
                        let mut word = [0; 8];
                        let from = source.get(at..at + code.size).unwrap_or_default();
                        for (to, from) in word.iter_mut().zip(from) {
                            *to = from.get();
                        }
                        put(load_code(vm, code, format.big_endian, &word)?);
                        at += code.size;
                    }
                }
            }
        }
        Ok(())
    })?;
    Ok(tuple.into())
}

/// Packs values into zeroed or old bytes that are long enough.
fn pack_to(vm: &Vm, mut format: Format, out: &[Cell<u8>], values: &[Value]) -> Res<()> {
    let mut values = values.iter().copied();
    let mut at = 0;
    while let Some(item) = format.next(vm)? {
        match item {
            Item::Padding(n) => {
                let gap = out.get(at..at + n).unwrap_or_default();
                gap.iter().for_each(|cell| cell.set(0));
                at += n;
            }
            Item::Bytes(n) => {
                let Some(value) = values.next() else { return Ok(()) };
                let source = vm.get_buffer(value)?;
                let from = source.cells.iter().map(Cell::get).chain(core::iter::repeat(0));
                let field = out.get(at..at + n).unwrap_or_default();
                field.iter().zip(from).for_each(|(to, byte)| to.set(byte));
                at += n;
            }
            Item::Values(_, 0) => {}
            Item::Values(code, n) => {
                at = at.next_multiple_of(code.align);
                for _ in 0..n {
                    let Some(value) = values.next() else { return Ok(()) };
                    let field = out.get(at..).unwrap_or_default();
                    store_code(vm, code, format.big_endian, value, field)?;
                    at += code.size;
                }
            }
        }
    }
    Ok(())
}

fn pack(vm: &Vm, args: &[Value]) -> Res {
    let [format, values @ ..] = args else { return Ok(Value::NOT_IMPLEMENTED) };
    let format = Format::new(vm, *format)?;
    let cells = vm.alloc_cells(format.measure(vm)?.size)?;
    pack_to(vm, format, cells, values)?;
    vm.bytes_from_static(frozen(cells))
}

fn pack_into(vm: &Vm, args: &[Value]) -> Res {
    let [format, buffer, offset, values @ ..] = args else { return Ok(Value::NOT_IMPLEMENTED) };
    let format = Format::new(vm, *format)?;
    let size = format.measure(vm)?.size;
    let out = cells_from(vm, vm.get_buffer_mut(*buffer)?, vm.get_int(*offset)?, size)?;
    pack_to(vm, format, out, values)?;
    Ok(Value::NONE)
}
