//! C's formatted output, as native modules use it, and C's numbers.
//!
//! `%d %i %u %x %X %p %c %s %q %f %e %g %%` with flags, width, precision and the
//! lengths `h l ll z`; `%q` is the text of an interned string.

use core::ffi::c_void;
use core::ptr;

use super::cpu::VaList;
use super::current;
use super::library::c_text;
use crate::error::Res;
use crate::print::{Print, StrBuf, print_uint};
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

/// `mp_print_t`.
#[repr(C)]
pub(super) struct Printer {
    pub(super) data: *mut c_void,
    pub(super) write: *const (),
}

// SAFETY: constant.
unsafe impl Sync for Printer {}

/// Standard output.
pub(super) static STDOUT: Printer =
    Printer { data: ptr::null_mut(), write: write_stdout as *const () };

unsafe extern "C" fn write_stdout(_data: *mut c_void, text: *const u8, n: usize) {
    // SAFETY: called from machine code with its text.
    unsafe { current().port().stdout(core::slice::from_raw_parts(text, n)) }
}

/// Formats and writes to a printer; gives the number of bytes.
///
/// # Safety
/// The arguments are what the format says.
pub(super) unsafe fn print(
    vm: &Vm,
    printer: *const Printer,
    format: &[u8],
    args: &mut VaList,
) -> Res<i32> {
    let mut out = StrBuf::new(vm);
    let mut rest = format;
    while let Some((&c, after)) = rest.split_first() {
        rest = after;
        if c != b'%' {
            out.write(&[c])?;
            continue;
        }
        // SAFETY: by contract.
        rest = unsafe { conversion(vm, &mut out, rest, args)? };
    }
    let text = out.bytes();
    // SAFETY: a printer of ours or of the module.
    unsafe {
        let Printer { data, write } = *printer;
        if write == STDOUT.write {
            vm.port().stdout(text);
        } else {
            let args = [
                data.cast(),
                text.as_ptr().cast_mut().cast(),
                ptr::without_provenance_mut(text.len()),
                ptr::null_mut(),
            ];
            vm.enter_machine(write.cast(), args)?;
        }
    }
    Ok(text.len() as i32)
}

#[derive(Default)]
struct Spec {
    left: bool,
    zero: bool,
    plus: bool,
    width: usize,
    precision: Option<usize>,
    longs: u8,
}

unsafe fn conversion<'f>(
    vm: &Vm,
    out: &mut StrBuf<'_>,
    mut rest: &'f [u8],
    args: &mut VaList,
) -> Res<&'f [u8]> {
    let mut spec = Spec::default();
    let mut after_point = false;
    loop {
        let Some((&c, after)) = rest.split_first() else { return Ok(rest) };
        rest = after;
        match c {
            b'-' => spec.left = true,
            b'+' => spec.plus = true,
            b'0' if spec.width == 0 && !after_point => spec.zero = true,
            b'0'..=b'9' if after_point => {
                let digits = spec.precision.unwrap_or(0) * 10;
                spec.precision = Some(digits + usize::from(c - b'0'));
            }
            b'0'..=b'9' => spec.width = (spec.width * 10 + usize::from(c - b'0')).min(256),
            b'.' => {
                after_point = true;
                spec.precision = Some(0);
            }
            // SAFETY: by contract.
            b'*' if after_point => spec.precision = Some(unsafe { args.word() } as u32 as usize),
            // SAFETY: by contract.
            b'*' => spec.width = (unsafe { args.word() } as u32 as usize).min(256),
            b'h' => {}
            b'l' => spec.longs += 1,
            b'z' => spec.longs = 1,
            b'%' => {
                out.write(b"%")?;
                return Ok(rest);
            }
            // SAFETY: by contract.
            _ => return unsafe { convert(vm, out, c, &spec, args) }.map(|()| rest),
        }
    }
}

unsafe fn convert(
    vm: &Vm,
    out: &mut StrBuf<'_>,
    letter: u8,
    spec: &Spec,
    args: &mut VaList,
) -> Res<()> {
    let mut field = StrBuf::new(vm);
    // SAFETY: by contract of `print`.
    unsafe {
        match letter {
            b'd' | b'i' => {
                let n = integer(spec, args);
                let n = if spec.longs == 0 { n as i32 as i64 } else { n as i64 };
                if n < 0 {
                    field.write(b"-")?;
                } else if spec.plus {
                    field.write(b"+")?;
                }
                print_uint(&mut field, n.unsigned_abs(), 10)?;
            }
            b'u' => print_uint(&mut field, integer(spec, args), 10)?,
            b'x' => print_uint(&mut field, integer(spec, args), 16)?,
            b'p' => print_uint(&mut field, args.word() as u64, 16)?,
            b'X' => {
                let mut lower = StrBuf::new(vm);
                print_uint(&mut lower, integer(spec, args), 16)?;
                for c in lower.bytes() {
                    field.write(&[c.to_ascii_uppercase()])?;
                }
            }
            b'c' => field.write(&[args.word() as u8])?,
            b's' => {
                let start = ptr::with_exposed_provenance::<u8>(args.word());
                match spec.precision {
                    // It need not end with a zero.
                    Some(most) => {
                        let len = (0..most).take_while(|&i| *start.add(i) != 0).count();
                        field.write(core::slice::from_raw_parts(start, len))?;
                    }
                    None => field.write(c_text(start))?,
                }
            }
            b'q' => field.write(vm.qstr_bytes(Qstr::from_index(args.word())))?,
            b'e' | b'f' | b'g' => {
                let x = new_number(vm, args.float())?;
                vm.print_to(&mut field, x, crate::print::PrintKind::Str)?;
            }
            _ => field.write(&[b'%', letter])?,
        }
    }
    let text = field.bytes();
    let missing = spec.width.saturating_sub(text.len());
    let fill = if spec.zero && !spec.left { b"0" } else { b" " };
    if spec.left {
        out.write(text)?;
    }
    for _ in 0..missing {
        out.write(fill)?;
    }
    if spec.left { Ok(()) } else { out.write(text) }
}

/// An integer of the length given; without one its upper half means nothing.
unsafe fn integer(spec: &Spec, args: &mut VaList) -> u64 {
    // SAFETY: by contract of `print`.
    unsafe {
        match spec.longs {
            0 => u64::from(args.word() as u32),
            1 => args.word() as u64,
            _ => args.long(),
        }
    }
}

/// A number as C's `double`.
#[cfg(any(feature = "f32", feature = "f64"))]
pub(super) fn number(vm: &Vm, v: Value) -> Res<f64> {
    #[allow(clippy::useless_conversion)]
    vm.get_float(v).map(f64::from)
}

/// A float object.
#[cfg(any(feature = "f32", feature = "f64"))]
pub(super) fn new_number(vm: &Vm, x: f64) -> Res {
    vm.new_float(x as crate::num::Float)
}

#[cfg(not(any(feature = "f32", feature = "f64")))]
pub(super) fn number(vm: &Vm, _v: Value) -> Res<f64> {
    vm.raise(&crate::error::RUNTIME_ERROR, "float unsupported")
}

#[cfg(not(any(feature = "f32", feature = "f64")))]
pub(super) fn new_number(vm: &Vm, _x: f64) -> Res {
    vm.raise(&crate::error::RUNTIME_ERROR, "float unsupported")
}
