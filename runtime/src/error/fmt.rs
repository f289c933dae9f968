//! The formatter of error messages: `%` takes the next argument.

use super::Res;
use crate::object::Type;
use crate::print::{Print, PrintKind, print_int};
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

/// An argument of an error message.
#[derive(Clone, Copy)]
pub enum Arg<'a> {
    Text(&'a [u8]),
    Name(Qstr),
    Int(isize),
    /// The name of the value's type.
    TypeOf(Value),
    /// `repr(value)`.
    Repr(Value),
    /// `str(value)`.
    Str(Value),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(s: &'a str) -> Arg<'a> {
        Arg::Text(s.as_bytes())
    }
}

impl<'a> From<&'a [u8]> for Arg<'a> {
    fn from(s: &'a [u8]) -> Arg<'a> {
        Arg::Text(s)
    }
}

impl From<Qstr> for Arg<'_> {
    fn from(q: Qstr) -> Self {
        Arg::Name(q)
    }
}

impl From<&Type> for Arg<'_> {
    fn from(ty: &Type) -> Self {
        Arg::Name(ty.name)
    }
}

impl From<usize> for Arg<'_> {
    fn from(n: usize) -> Self {
        Arg::Int(n as isize)
    }
}

impl From<isize> for Arg<'_> {
    fn from(n: isize) -> Self {
        Arg::Int(n)
    }
}

impl Arg<'_> {
    fn print(self, vm: &Vm, p: &mut dyn Print) -> Res<()> {
        match self {
            Arg::Text(s) => p.write(s),
            Arg::Name(q) => p.write(vm.qstr_bytes(q)),
            Arg::Int(n) => print_int(p, n as i64),
            Arg::TypeOf(v) => p.write(vm.qstr_bytes(vm.type_of(v).name)),
            Arg::Repr(v) => vm.print_to(p, v, PrintKind::Repr),
            Arg::Str(v) => vm.print_to(p, v, PrintKind::Str),
        }
    }
}

pub(super) fn format(vm: &Vm, p: &mut dyn Print, format: &str, args: &[Arg<'_>]) -> Res<()> {
    let mut args = args.iter();
    let mut pieces = format.split('%');
    if let Some(first) = pieces.next() {
        p.str(first)?;
    }
    while let Some(piece) = pieces.next() {
        // An empty piece between two signs is a literal percent sign.
        match (piece.is_empty(), args.len()) {
            (true, 0) => {
                p.write(b"%")?;
                if let Some(rest) = pieces.next() {
                    p.str(rest)?;
                }
            }
            _ => {
                if let Some(arg) = args.next() {
                    arg.print(vm, p)?;
                }
                p.str(piece)?;
            }
        }
    }
    Ok(())
}
